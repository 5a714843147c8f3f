"""Every command that writes, killed or failing at every system call by which it reaches the vault or its journal, and
the merge driver at every one by which it reaches git's three files.

    python benchmarks/crash.py                      at each call a kill, and one error, another at each
    python benchmarks/crash.py --all                at each call a kill and each error
    python benchmarks/crash.py set rename -o FILE   only these, and the table into a file

It takes strace (Linux). After each run every file has to be old or new, whole; where the command failed, all have to be
old; the next command has to find all of them old or all new, the journal with the command or without it, accordingly,
and nothing left but hidden files that the next write removes. The driver has to leave ours or the whole result, and
says that all is well only with the latter.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from plaincrm.changes.carry_out import carry_out
from plaincrm.changes.leftovers import TEMPORARY

ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES")
FAULTS = ("kill", *ERRORS)
CALLS = "openat,write,fsync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,fchmod,fchown,flock,mkdir,mkdirat"

NOTES = {
    "customers/acme.md": """\
---
name: Acme Oy
type: company
stage: customer
tags: [a]
next: 2026-12-01
---

## Log
- 2026-11-20 call in, Ann: x
  - [ ] Send the quote 📅 2026-11-25
""",
    "customers/bea.md": '---\nname: Bea\ntype: company\nreferred_by: "[[acme]]"\nnext: 1.12.2026\n---\n',
    "daily/2026-11-20.md": "Rang [[acme]], see [there](../customers/acme.md).\n",
    "board.canvas": '{"nodes":[{"file":"customers/acme.md"}]}',
    "plaincrm.toml": '[notes]\n"Customers.md" = "list"\n',
}
MADE = (".gitkeep", ".gitignore")  # hidden files that `init` makes
GIVEN = {  # files outside of the vault that commands read
    "people.csv": "Name,Type,Town\nAcme Oy,company,Turku\nDee Oy,company,Oulu\n",
    "letters/acme.md": "Dear Acme\n",
    "letters/bea.md": "Dear Bea\n",
}


class Command(NamedTuple):
    """A command line, and those that are typed before it; {given} is the folder of GIVEN."""

    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()


COMMANDS = {
    "set": Command(("set", "acme", "next=friday", "tags+=b")),
    "set --all": Command(("set", "type:company", "verified=today", "--all", "--yes")),
    "log": Command(("log", "acme", "call in, Ann: y", "--next", "friday", "Ask")),
    "done": Command(("done", "acme", "send")),
    "next": Command(("next", "acme", "+2w", "Ask")),
    "snooze": Command(("snooze", "acme", "+1w")),
    "new": Command(("new", "Cee Oy")),
    "merge": Command(("merge", "acme", "cee-oy", "--yes"), (("new", "Cee Oy", "tags=b"),)),
    "duplicates": Command(("duplicates", "--not-same", "acme", "bea")),
    "init": Command(("init",)),
    "notes": Command(("notes",)),
    "rename": Command(("rename", "acme", "Bolt Oy")),
    "archive": Command(("archive", "acme")),
    "import": Command(("import", "{given}/people.csv", "--map", "Town=city", "--apply")),
    "letters": Command(("letters", "spring.md", "-o", "{given}/letters", "--log")),
    "fix": Command(("fix",)),
    "undo": Command(("undo",), (("set", "acme", "next=friday"),)),
    "undo of new": Command(("undo",), (("new", "Cee Oy"),)),
    "undo of rename": Command(("undo",), (("rename", "acme", "Bolt Oy"),)),
}


BASE = """\
---
name: Acme
next: 2026-12-01
---

## Log
- 2026-11-20 call in: x
"""
OURS = BASE.replace("## Log\n", "## Log\n- 2026-11-21 call: ours\n")
THEIRS = BASE.replace("## Log\n", "## Log\n- 2026-11-21 call: theirs\n")
MERGES = {  # git's %O, %A, %B, and how the driver ends
    "merge-driver": (BASE, OURS, THEIRS, 0),
    "merge-driver, a conflict": (BASE, OURS.replace("12-01", "12-05"), THEIRS.replace("12-01", "12-07"), 1),
    "merge-driver, as text": (BASE, OURS.replace("name: ", "name: ["), THEIRS, 1),
}


class Point(NamedTuple):
    """A system call, and which of its kind it is in the run, from 1."""

    call: str
    number: int


class Wrong(Exception):
    """Something that must not be."""


class Trial:
    """One command with a vault and a state folder of its own, which every run begins with anew."""

    def __init__(self, folder: Path, command: Command) -> None:
        self.folder, given = folder, folder / "given"
        self.words = tuple(word.format(given=given) for word in command.words)
        self.vault, self.state = folder / "now/vault", folder / "now/state"
        shutil.rmtree(folder, ignore_errors=True)
        for root, files in ((self.vault, NOTES), (given, GIVEN)):
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
        self.state.mkdir()
        for words in command.before:
            done = self._plaincrm(words)
            if done.returncode:
                raise Wrong(f"{words}: {done.stderr}")
        shutil.copytree(folder / "now", folder / "before")
        self.before, self.entries = self.files(), self.journal()
        code, log = self.run()
        if code:
            raise Wrong(f"{self.words} fails without any fault: {log}")
        self.after = self.files()
        self.points = list(_points(log, f"{folder / 'now'}/", begun=False))

    def files(self) -> dict[str, bytes]:
        """Every file of the vault; of hidden ones those that a command makes."""
        found = (
            path for path in self.vault.rglob("*") if path.is_file() and (path.name[0] != "." or path.name in MADE)
        )
        return {path.relative_to(self.vault).as_posix(): path.read_bytes() for path in found}

    def journal(self) -> list[str]:
        """The files of the journal."""
        return sorted(path.name for path in self.state.rglob("*.*") if path.is_file())

    def run(self, *inject: str) -> tuple[int, str]:
        """The exit code of the command on the vault as it was before, and its system calls."""
        shutil.rmtree(self.folder / "now", ignore_errors=True)
        shutil.copytree(self.folder / "before", self.folder / "now")
        log = self.folder / "log"
        done = self._plaincrm(self.words, "strace", "-f", "-y", "-o", str(log), f"-etrace={CALLS}", *inject)
        return done.returncode, log.read_text(encoding="utf-8", errors="replace")

    def see(self, point: Point, fault: str) -> str:
        """What becomes of the command with one fault: `old`, `new`, or `back` where the next command takes it back.

        Raises:
            Wrong: something must not be so.
        """
        code, _log = self.run(_injection(point, fault))
        here, left = f"{' '.join(self.words)}: {fault} at {point.call} {point.number}", self.files()
        halves = {name for name in left if left[name] not in (self.before.get(name), self.after.get(name))}
        lost = {name for name in (*self.before, *self.after) if name not in left} - (
            self.before.keys() ^ self.after.keys()
        )
        if halves or lost:
            raise Wrong(f"{here}: neither old nor new: {sorted(halves | lost)}")
        if fault != "kill" and left != (self.before if code else self.after):
            raise Wrong(f"{here}: exit code {code}, but the files are another way")
        hidden = (path for path in self.vault.rglob(".*") if path.is_file() and path.name not in MADE)
        odd = [path for path in hidden if not TEMPORARY.fullmatch(path.name)]
        if odd:
            raise Wrong(f"{here}: left behind: {odd}")
        told = self._recover()
        now, entries = self.files(), self.journal()
        if now not in (self.before, self.after):
            raise Wrong(f"{here}: half done even after the next command")
        if bool(told) != (left not in (self.before, self.after)):
            raise Wrong(f"{here}: told {told!r}")
        if len(entries) - len(self.entries) != (now == self.after) or any("pending" in name for name in entries):
            raise Wrong(f"{here}: the journal has {entries}")
        return "back" if told else "new" if now == self.after else "old"

    def _recover(self) -> list[str]:
        """What the next command that writes says; it has nothing to write itself."""
        os.environ["XDG_STATE_HOME"] = str(self.state)  # each trial has a process of its own
        told = list(carry_out(self.vault, lambda _read: ()).notices)
        for pending in self.state.rglob("*.pending"):
            if not _is_whole(pending):  # and so nothing was written after it
                pending.unlink()
        return told

    def _plaincrm(self, words: Sequence[str], *tracer: str) -> subprocess.CompletedProcess[str]:
        vault = ["--vault", str(self.vault), "--today", "2026-11-21", "--no-cache"]
        return run_traced(["-m", "plaincrm", *vault, *words], *tracer, XDG_STATE_HOME=str(self.state))


class Merge:
    """The merge driver with three files in a folder, which every run begins with anew."""

    def __init__(self, folder: Path, versions: tuple[str, str, str], code: int) -> None:
        self.folder = folder
        self.files = dict(zip("oab", versions, strict=True))
        ended, log = self.run()
        if ended != code:
            raise Wrong(f"the driver ends with {ended} without any fault: {log}")
        self.merged, self.is_clean = (folder / "a").read_text(encoding="utf-8"), not code
        self.points = list(_points(log, str(folder), begun=True))

    def run(self, *inject: str) -> tuple[int, str]:
        """The driver's exit code, and its system calls."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name, text in self.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        log = self.folder.with_suffix(".log")
        files = [str(self.folder / name) for name in self.files]
        words = ["merge-driver", "--", *files, "7", str(self.folder / "customers/acme.md")]
        tracer = ("strace", "-f", "-y", "-o", str(log), f"-etrace={CALLS},read", *inject)
        done = run_traced(["-m", "plaincrm", *words], *tracer)
        return done.returncode, log.read_text(encoding="utf-8", errors="replace")

    def see(self, point: Point, fault: str) -> str:
        """What the driver leaves with one fault: `old`, ours, or `new`, all that it makes of the three.

        Raises:
            Wrong: something else, or less than it says.
        """
        code, _log = self.run(_injection(point, fault))
        here, left = f"{self.folder.name}: {fault} at {point.call} {point.number}", self.folder / "a"
        now = left.read_text(encoding="utf-8")
        if now not in (self.files["a"], self.merged):
            raise Wrong(f"{here}: neither ours nor the result")
        if code == 0 and not (self.is_clean and now == self.merged):
            raise Wrong(f"{here}: it says that all is well")
        if any((self.folder / name).read_text(encoding="utf-8") != self.files[name] for name in "ob"):
            raise Wrong(f"{here}: the base or theirs is another one")
        if fault != "kill" and len(list(self.folder.iterdir())) > len(self.files) and point.call != "unlink":
            raise Wrong(f"{here}: something is left behind")
        return "new" if now == self.merged else "old"


def _injection(point: Point, fault: str) -> str:
    how = "signal=SIGKILL" if fault == "kill" else f"error={fault}"
    return f"-einject={point.call}:{how}:when={point.number}"


def _points(log: str, folder: str, *, begun: bool) -> Iterator[Point]:
    """The calls that reach a folder; unless it is `begun`, from the first that writes there."""
    counts: Counter[str] = Counter()
    for line in log.splitlines():
        found = re.match(r"(?:[0-9]+ +)?([a-z0-9]+)\(", line)
        if found is None:
            continue
        counts[found[1]] += 1
        ours = folder in line
        begun = begun or (ours and "O_CREAT" in line) or (ours and found[1].startswith(("mkdir", "rename")))
        if begun and ours:
            yield Point(found[1], counts[found[1]])


def run_traced(words: Sequence[str], *tracer: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Python with some words, under the tracer if there is one."""
    command = [*tracer, sys.executable, "-B", *words]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(sys.path), **more}
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
    )


def _is_whole(pending: Path) -> bool:
    try:
        return bool(gzip.decompress(pending.read_bytes()))
    except (OSError, EOFError):
        return False


def faults_at(at: int, *, every: bool) -> tuple[str, ...]:
    """What happens at a point: a kill and one error, another at each, or all of them."""
    return FAULTS if every else ("kill", ERRORS[at % len(ERRORS)])


def trial_of(folder: Path, name: str) -> Trial | Merge:
    """What is to be tried under a name, in a folder of its own."""
    own = folder / re.sub(r"\W+", "-", name)
    return Merge(own, MERGES[name][:3], MERGES[name][3]) if name in MERGES else Trial(own, COMMANDS[name])


def outcomes(folder: Path, name: str, *, every: bool) -> tuple[str, int, Counter[str]]:
    """A command at all its points: how many there are, and what became of it how often."""
    trial = trial_of(folder, name)
    found: Counter[str] = Counter()
    for at, point in enumerate(trial.points):
        for fault in faults_at(at, every=every):
            found[trial.see(point, fault)] += 1
    return name, len(trial.points), found


def main() -> int:
    """Run the commands named, or all, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("commands", nargs="*", help="names of COMMANDS and MERGES")
    parser.add_argument("--all", action="store_true", help="each error at each call")
    parser.add_argument("-o", "--output", type=Path, help="write the table to a file, too")
    options = parser.parse_args()
    names = options.commands or [*COMMANDS, *MERGES]
    lines = ["| command | calls | runs | old | new | taken back by the next command |", "|---|--:|--:|--:|--:|--:|"]
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, calls, found in pool.map(partial(outcomes, Path(folder), every=options.all), names):
            runs = found.total()
            lines.append(f"| `{name}` | {calls} | {runs} | {found['old']} | {found['new']} | {found['back']} |")
            print(lines[-1], flush=True)
    table = "\n".join(lines) + "\n"
    if options.output:
        options.output.write_text(table, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
