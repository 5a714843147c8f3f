"""Opening a note where it can be written: in the user's own editor, or in Obsidian."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from plaincrm.render.escape import terminal
from plaincrm.render.terminal import write

Program = Literal["editor", "obsidian"]
# How editors that do not know `+LINE FILE` are told the line; the names are those of their commands.
_GOTO = frozenset(("code", "code-insiders", "codium", "cursor"))  # --goto FILE:LINE
_COLON = frozenset(("hx", "helix", "subl", "zed"))  # FILE:LINE
_OPTION = frozenset(("kate", "kwrite"))  # --line LINE FILE


def command_for(program: Program, path: Path, line: int, environ: Mapping[str, str], platform: str) -> list[str]:
    """The command that opens a note at a line; in Obsidian, which knows no lines, the note."""
    if program == "obsidian":
        return ["open" if platform == "darwin" else "xdg-open", obsidian_uri(path)]
    editor = shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "vi")
    name = Path(editor[0]).name if editor else ""
    if name in _GOTO:
        return [*editor, "--goto", f"{path}:{line}"]
    if name in _OPTION:
        return [*editor, "--line", str(line), str(path)]
    return [*editor, f"{path}:{line}"] if name in _COLON else [*editor, f"+{line}", str(path)]


def obsidian_uri(path: Path) -> str:
    """The address by which Obsidian opens a note, by its whole path (help.obsidian.md, Obsidian URI)."""
    return f"obsidian://open?path={quote(os.fsencode(path), safe='')}"


def open_note(
    program: Program,
    path: Path,
    line: int,
    *,
    is_terminal: bool,
    environ: Mapping[str, str] = os.environ,
    start: Callable[[Sequence[str]], object] = subprocess.run,
) -> None:
    """Open a note; where there is no terminal or no such program, print what would open it.

    Of Obsidian that is the address, of an editor the command.
    """
    command = command_for(program, path, line, environ, sys.platform)
    if is_terminal and command and shutil.which(command[0], path=environ.get("PATH")):
        start(command)
    else:
        shown = command[-1] if program == "obsidian" else shlex.join(command)
        write(f"{terminal(shown)}\n", sys.stdout)
