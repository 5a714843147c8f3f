"""git, called here and nowhere else: with an environment of our own, without questions, and not for ever."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from plaincrm.errors import PlaincrmError

PATIENCE = 60  # seconds
HOOKS_PATIENCE = 600  # the same where git runs the user's own hooks, and may ask for the key of a signature
# Of the user's own variables those stay that say who commits and where the user's settings are. All others (GIT_DIR,
# GIT_INDEX_FILE, …), which hooks and editors set, would lead to another repository.
_KEPT = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_OURS = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C.UTF-8"}
_ALWAYS = {"core.quotePath": "false", "i18n.commitEncoding": "UTF-8"}
_TAME_VARIABLES = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_REPLACE_OBJECTS": "1"}
_TAME = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "commit.gpgSign": "false",
    "log.showSignature": "false",
    "diff.ignoreSubmodules": "all",
    "maintenance.auto": "false",
}


class GitFailed(PlaincrmError):
    """git did not do what it was asked; `why` is what it said."""

    exit_code = 1

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(f"git: {why}", remedy)
        self.why = why


class Git:
    """git in one folder. It runs no program of the repository's (hooks, signing, file system monitor) unless trusted.

    Filters cannot be switched off: without trust one has to see that the repository names none.
    """

    def __init__(self, folder: Path, *, trusted: bool = False) -> None:
        settings = _ALWAYS if trusted else {**_ALWAYS, **_TAME}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._command = ["git", "-C", str(folder), "--no-pager", *words]
        self._patience = HOOKS_PATIENCE if trusted else PATIENCE
        self._variables = _OURS if trusted else {**_OURS, **_TAME_VARIABLES}

    def __call__(self, *words: str, given: bytes = b"") -> bytes:
        """What git answers on its standard output.

        Raises:
            GitFailed: there is no git, it refused, or it took too long.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _is_kept(name)}
        with TemporaryFile() as out, TemporaryFile() as said:  # pipes would be waited for, whatever holds them
            try:
                code = subprocess.run(
                    [*self._command, *words],
                    input=given,
                    stdout=out,
                    stderr=said,
                    env={**kept, **self._variables},
                    timeout=self._patience,
                    check=False,
                ).returncode
            except FileNotFoundError:
                raise GitFailed("it is not installed", "Install git, or do without commits.") from None
            except subprocess.TimeoutExpired:
                raise GitFailed(f"it was not done within {self._patience} seconds", "See what its hooks do.") from None
            answer, words_of_error = (_content(file) for file in (out, said))
        if code:
            raise GitFailed(_reason(words_of_error) or _reason(answer) or f"exit code {code}")
        return answer


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _is_kept(name: str) -> bool:
    return name.startswith(_KEPT)


def _reason(said: bytes) -> str:
    """What git calls an error, or the last line that it or a hook said."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines()]
    told = [line for line in lines if line and not line.startswith("hint:")]
    errors = [line.partition(": ")[2] for line in told if line.startswith(("fatal: ", "error: "))]
    return (errors or told[-1:] or [""])[0]
