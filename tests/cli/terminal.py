"""A shell at a terminal of its own, in which lines are typed and completed."""

from __future__ import annotations

import os
import pty
import re
import select
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(plaincrm completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -U compinit; compinit -u -D; eval "$(plaincrm completion zsh)"'),
    "fish": (["fish", "--no-config", "-i"], "plaincrm completion fish | source"),
}
_PATIENCE = 30  # seconds
_TAB, _HOME, _END = "\t", "\x01", "\x05"


def completed(shell: str, lines: Iterable[str], folder: Path, around: Mapping[str, str]) -> list[str]:
    """What each line becomes after Tab: it is put behind an `echo` and run, so that the shell itself tells."""
    command, setup = SHELLS[shell]
    process, terminal = pty.fork()
    if not process:
        os.chdir(folder)
        os.execvpe(command[0], command, {**around, "TERM": "dumb"})
    try:
        os.write(terminal, f"{setup}; echo RE''ADY\n".encode())
        _read(terminal, rb"READY\r?\n")
        found = []
        for line in lines:
            os.write(terminal, f"{line}{_TAB}{_HOME}echo '<<'{_END} '>>'\n".encode())
            found.append(_read(terminal, rb"\n<<(.*?) *>>\r?\n"))
        return found
    finally:
        os.write(terminal, b"exit\n")
        os.close(terminal)
        os.waitpid(process, 0)


def _read(terminal: int, pattern: bytes) -> str:
    """What the shell writes where it matches."""
    seen, over = b"", time.monotonic() + _PATIENCE
    while time.monotonic() < over:
        if match := re.search(pattern, seen):
            return match[match.re.groups].decode()
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536)
    raise AssertionError(seen)
