"""Setting up git for a vault: the merge driver, the attributes that name it, hooks; all of it can be taken away."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import UsageError
from plaincrm.history.git import Git, GitFailed
from plaincrm.history.put import put

State = Literal["there", "missing", "other"]  # other: something else stands there

# What `git diff` shows behind @@: a heading, a log entry that is a list item, a field whose values stand below it.
HUNK_HEADER = (
    r"^(#{1,6}[[:space:]].*"
    r"|[-*+][[:space:]]+(\*\*|\[\[)?([0-9]{4}-[0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}).*"
    r"|[^-[:space:]#:][^:]*:[[:space:]]*)$"
)
_ATTRIBUTES = "merge=plaincrm diff=plaincrm"
_MADE = "# made by plaincrm git-setup --hooks"
_PRE_COMMIT = ".pre-commit-config.yaml"
_ASKED = {  # hook -> what it runs, with the program in the place of {}
    "pre-commit": "git ls-files --stage -z | {} git-hook pre-commit",
    "prepare-commit-msg": 'git ls-files --stage -z | {} git-hook prepare-commit-msg "$@"',
    "post-merge": "{} git-hook post-merge",
}


class Told(NamedTuple):
    """What was found or done: of what, and in a few words."""

    name: str
    state: State
    words: str


class Part(Protocol):
    """One thing that is set up."""

    @property
    def name(self) -> str:
        """What it is called where it stands."""

    def state(self) -> State:
        """Whether it is there."""

    def make(self) -> str:
        """Set it up; what was done."""

    def remove(self) -> str:
        """Take it away; what was done."""


class Place(NamedTuple):
    """Where git is set up: git itself, the vault, what its records are called, the program that git is to call."""

    git: Git
    root: Path
    records: tuple[str, ...]
    program: tuple[str, ...]


def parts(place: Place, *, hooks: bool, textconv: bool) -> list[Part]:
    """What belongs to a vault's git, in the order in which it has to be made.

    Raises:
        UsageError: there is no git, or the vault is in no repository.
    """
    try:
        place.git("rev-parse", "--is-inside-work-tree")
    except GitFailed as failure:
        if "not a git repository" not in failure.why:
            raise
        raise UsageError(f"{place.root} is in no git repository.", "Make one with git init, then try again.") from None
    program = shlex.join(place.program)
    settings = {"merge.plaincrm.driver": f"{program} merge-driver -- %O %A %B %L %P"}  # first: a name alone stops git
    settings["merge.plaincrm.name"] = "notes by their fields and log entries"
    settings["diff.plaincrm.xfuncname"] = HUNK_HEADER
    if textconv:
        settings["diff.plaincrm.textconv"] = f"{program} textconv --"
    found: list[Part] = [_Setting(place.git, key, value) for key, value in settings.items()]
    found.append(_Attributes(place.git, place.root / ".gitattributes", place.records))
    return [*found, *(_hooks(place, program) if hooks else ())]


def setup(chosen: Sequence[Part]) -> list[Told]:
    """Make what is not there, and say so."""
    return [Told(part.name, "there", "is there" if part.state() == "there" else part.make()) for part in chosen]


def missing(chosen: Sequence[Part]) -> list[Told]:
    """What there is of it, and what there is not."""
    words: dict[State, str] = {"there": "is there", "missing": "is missing", "other": "is another one"}
    return [Told(part.name, state, words[state]) for part in chosen for state in [part.state()]]


def removed(chosen: Sequence[Part]) -> list[Told]:
    """Take away what `setup` made, and nothing else."""
    return [Told(part.name, "missing", part.remove()) for part in reversed(chosen)]


@dataclass(frozen=True, slots=True)
class _Setting:
    """A setting of the repository."""

    git: Git
    name: str
    value: str

    def state(self) -> State:
        try:
            found = self.git("config", "--local", "-z", "--get", self.name).decode("utf-8", "surrogateescape")
        except GitFailed:
            return "missing"
        return "there" if found.rstrip("\0") == self.value else "other"

    def make(self) -> str:
        before = self.state()
        self.git("config", "--local", "--replace-all", self.name, self.value)
        return "is set" if before == "missing" else "is set anew"

    def remove(self) -> str:
        if self.state() == "missing":
            return "was not there"
        self.git("config", "--local", "--unset-all", self.name)
        return "is taken away"


@dataclass(frozen=True, slots=True)
class _Attributes:
    """The lines of the vault's own .gitattributes that name the driver."""

    git: Git
    file: Path
    records: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(map(_attribute_line, self.records))

    def state(self) -> State:
        there = self._text().splitlines()
        if any(line not in there for line in self.lines):
            return "missing"
        notes = [glob.replace("**/", "x/").replace("*", "x") for glob in self.records]
        drivers = self.git("check-attr", "-z", "merge", "--", *notes).split(b"\0")[2::3]
        return "there" if set(drivers) == {b"plaincrm"} else "other"  # of two lines the last counts

    def make(self) -> str:
        text = self._text()
        end = "\r\n" if "\r\n" in text else "\n"
        new = [line for line in self.lines if line not in text.splitlines()]
        if not new:
            return "has our lines, and another one, or .git/info/attributes, says otherwise"
        gap = end if text and not text.endswith("\n") else ""
        self._write(text + gap + "".join(f"{line}{end}" for line in new))
        return f"has a line for {', '.join(line.removesuffix(f' {_ATTRIBUTES}') for line in new)}"

    def remove(self) -> str:
        text = self._text()
        left = "".join(line for line in text.splitlines(keepends=True) if not line.rstrip().endswith(f" {_ATTRIBUTES}"))
        if left == text:
            return "has no line of ours"
        if left:
            self._write(left)
            return "has lost our lines"
        self.file.unlink()
        return "is taken away"

    def _text(self) -> str:
        if self.file.is_symlink():
            raise UsageError(f"{self.file} is a link, which git does not follow.", "Make it a file.")
        try:
            return read_bytes(self.file).decode("utf-8", "surrogateescape") if self.file.exists() else ""
        except Unreadable:
            raise UsageError(f"{self.file} cannot be read.", "See to its rights.") from None

    def _write(self, text: str) -> None:
        put(self.file, text.encode("utf-8", "surrogateescape"))


def _attribute_line(glob: str) -> str:
    """The line for a pattern of the settings: git takes one without a slash for any depth, and ends it at a blank."""
    pattern = glob if "/" in glob else f"/{glob}"
    if re.search(r'[\s"\\]', pattern):
        escaped = pattern.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        pattern = f'"{escaped}"'
    return f"{pattern} {_ATTRIBUTES}"


def _hooks(place: Place, program: str) -> list[Part]:
    folder = place.root / place.git("rev-parse", "--git-path", "hooks").decode("utf-8", "surrogateescape").rstrip("\n")
    try:
        foreign = bool(place.git("config", "--get", "core.hooksPath").strip())
    except GitFailed:
        foreign = False
    prefix = place.git("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").rstrip("\n")
    calling = f"{program} --vault {shlex.quote(f'./{prefix}')}"  # hooks run at the repository's root
    hooks: dict[str, Part] = {
        name: _Hook(folder / name, command.format(calling), foreign) for name, command in _ASKED.items()
    }
    top = Path(place.git("rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))
    if _runs_our_check(top / _PRE_COMMIT):
        hooks["pre-commit"] = _RunByPreCommit(folder / "pre-commit")
    return list(hooks.values())


def _runs_our_check(config: Path) -> bool:
    """Whether the settings of pre-commit (https://pre-commit.com) name our check."""
    try:
        text = read_bytes(config).decode("utf-8", "replace") if config.exists() else ""
    except Unreadable:
        return False
    return re.search(r"^[^#\n]*\bplaincrm[ -]check\b", text, re.MULTILINE) is not None


@dataclass(frozen=True, slots=True)
class _Hook:
    """A program that git runs; `foreign`: the folder belongs to somebody else's way of having hooks."""

    file: Path
    command: str
    foreign: bool

    @property
    def name(self) -> str:
        return f"hook {self.file.name}"

    @property
    def _text(self) -> bytes:
        return f"#!/bin/sh\n{_MADE}\n{self.command}\n".encode("utf-8", "surrogateescape")

    def state(self) -> State:
        there = self._there()
        if there is None:
            return "missing"
        command = self.command.encode("utf-8", "surrogateescape")
        return "there" if command in there.split(b"\n") else "other"

    def make(self) -> str:
        if self.foreign or not self._is_ours(self._there()):
            return f"is yours and stays as it is; let it run: {self.command}"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        put(self.file, self._text, 0o755)
        return "is written"

    def remove(self) -> str:
        there = self._there()
        if there is None:
            return "was not there"
        if not self._is_ours(there):
            return "is yours and stays as it is"
        self.file.unlink()
        return "is taken away"

    def _there(self) -> bytes | None:
        try:
            return read_bytes(self.file) if self.file.exists() or self.file.is_symlink() else None
        except Unreadable:
            return b""

    @staticmethod
    def _is_ours(there: bytes | None) -> bool:
        return there is None or _MADE.encode() in there.split(b"\n")


@dataclass(frozen=True, slots=True)
class _RunByPreCommit:
    """The hook that pre-commit runs for us: one of our own besides would do the same twice."""

    file: Path

    @property
    def name(self) -> str:
        return f"hook {self.file.name} (plaincrm-check of {_PRE_COMMIT})"

    def state(self) -> State:
        return "other" if self._ours() else "there"

    def make(self) -> str:
        self.remove()
        return "is enough: the one that git-setup wrote is taken away"

    def remove(self) -> str:
        for file in (ours := self._ours()):
            file.unlink()
        return "stays; the one that git-setup wrote is taken away" if ours else "is yours and stays as it is"

    def _ours(self) -> list[Path]:
        """Our own, also where `pre-commit install` has put it aside, to run it first."""
        both = (self.file, self.file.with_name(f"{self.file.name}.legacy"))
        return [file for file in both if file.is_file() and _MADE.encode() in read_bytes(file).split(b"\n")]
