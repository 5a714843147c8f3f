"""git, called here and nowhere else: with an environment of our own, without questions, and not for ever."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
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


_READING_VARIABLES = {"GIT_OPTIONAL_LOCKS": "0", "GIT_CONFIG_NOSYSTEM": "1"}
_READING = ("--literal-pathspecs", "--no-replace-objects", "-c", "safe.bareRepository=explicit")
_CHUNK = 1 << 16  # bytes


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

    @classmethod
    def to_read(cls, folder: Path) -> Git:
        """Git that reads what is committed, and names paths as they are, without patterns."""
        git = cls(folder)
        git._command += _READING
        git._variables = {**git._variables, **_READING_VARIABLES}
        return git

    def __call__(self, *words: str, given: bytes = b"") -> bytes:
        """What git answers on its standard output.

        Raises:
            GitFailed: there is no git, it refused, or it took too long.
        """
        with TemporaryFile() as out, TemporaryFile() as said:  # pipes would be waited for, whatever holds them
            try:
                code = subprocess.run(
                    [*self._command, *words],
                    input=given,
                    stdout=out,
                    stderr=said,
                    env=self._environment(),
                    timeout=self._patience,
                    check=False,
                ).returncode
            except FileNotFoundError:
                raise _missing() from None
            except subprocess.TimeoutExpired:
                raise GitFailed(f"it was not done within {self._patience} seconds", "See what its hooks do.") from None
            answer, words_of_error = (_content(file) for file in (out, said))
        if code:
            raise GitFailed(_reason(words_of_error) or _reason(answer) or f"exit code {code}")
        return answer

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _is_kept(name)}
        return {**kept, **self._variables}

    @contextmanager
    def running(self, *words: str, asked: bool = False) -> Iterator[subprocess.Popen[bytes]]:
        """Git at work: its answer comes by a pipe while it is made, and where it is `asked`, questions go in by one.

        Raises:
            GitFailed: there is no git, or it refused, which is known at the end.
        """
        given = subprocess.PIPE if asked else subprocess.DEVNULL
        with TemporaryFile() as said:
            try:
                process = subprocess.Popen(
                    [*self._command, *words], stdin=given, stdout=subprocess.PIPE, stderr=said, env=self._environment()
                )
            except FileNotFoundError:
                raise _missing() from None
            try:
                yield process
            except BaseException:  # nobody reads on: git may go
                process.kill()
                raise
            finally:
                for pipe in (process.stdin, process.stdout):
                    if pipe:
                        pipe.close()
                code = _ended(process)
            if code:
                raise GitFailed(_reason(_content(said)) or f"exit code {code}")

    def parts(self, *words: str) -> Iterator[bytes]:
        """The parts of an answer that ends each with a NUL, one by one as git finds them.

        Raises:
            GitFailed: there is no git, or it refused.
        """
        with self.running(*words) as process:
            assert process.stdout is not None
            rest = b""
            while chunk := os.read(process.stdout.fileno(), _CHUNK):
                *whole, rest = (rest + chunk).split(b"\0")
                yield from whole
            if rest:
                yield rest


def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a git that has nothing more to say."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _missing() -> GitFailed:
    return GitFailed("it is not installed", "Install git, or do without it.")


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
