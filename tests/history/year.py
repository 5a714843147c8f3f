"""A year of three people's work on the example vault, played into a real repository, with a record of what was done.

Liisa, Matti and Noora each work on a branch of their own for a month; then the branches are merged, one after the
other. On the way there are a rebase, a cherry-pick, a revert, renames and a note that was made twice. The script keeps
its own record, so that what git and plaincrm tell of the year can be held against it.
"""

from __future__ import annotations

import os
import random
import re
import shlex
import shutil
import socketserver
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, partial
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import plaincrm
from plaincrm.changes.customer import CustomerChange
from plaincrm.changes.entry import Promise
from plaincrm.changes.parts import reading
from plaincrm.history.driver import drive
from plaincrm.records.schema import Schema
from tests.making import EXAMPLE

PEOPLE = {"liisa": "Liisa Savi", "matti": "Matti Savi", "noora": "Noora Lehto"}
FIRST = (2026, 12)  # the month after the vault's own story
SALO = "customers/companies/salo-consulting.md"
MERI = "customers/housing/kiinteisto-meri.md"
AURINKO = "customers/companies/kahvila-aurinko.md"
BERG = "customers/people/berg-johan.md"
LAAKSO = "customers/people/laakso-perhe.md"
SATAMA = "customers/companies/hotelli-satama.md"
PEUKALOINEN = "customers/companies/paivakoti-peukaloinen.md"
BUSY = (MERI, AURINKO, BERG, LAAKSO, PEUKALOINEN, "customers/housing/asunto-oy-linnankoski.md")
TALKS = ("call in", "call out", "email in", "email out", "visit", "meeting")
MATTERS = ("the stairs", "the windows", "the price", "the colour", "next spring", "the neighbours", "the invoice")


# The merge driver as `plaincrm git-setup` sets it up.
DRIVER = f"{shlex.quote(sys.executable)} -P -m plaincrm merge-driver -- %O %A %B %L %P"
# What git runs instead, where the driver is at hand: it hands over its folder and its words, and ends as it is told.
_ASK = """\
import os, socket, sys
with socket.socket(socket.AF_UNIX) as driver:
    driver.connect(sys.argv[1])
    driver.sendall(os.fsencode("\\0".join([os.getcwd(), *sys.argv[2:]])))
    driver.shutdown(socket.SHUT_WR)
    sys.exit(int(driver.recv(1)))
"""


class _Asked(socketserver.BaseRequestHandler):
    """One merge, in the folder of whoever asks."""

    def handle(self) -> None:
        folder, *words, size, path = os.fsdecode(b"".join(iter(lambda: self.request.recv(1 << 12), b""))).split("\0")
        base, ours, theirs, at = (Path(folder, word) for word in (*words, path))
        self.request.sendall(b"0" if drive(base, ours, theirs, int(size), at) else b"1")


@contextmanager
def driver_at_hand(folder: Path) -> Iterator[str]:
    """The command of a merge driver that is loaded once and not for each of some hundred merges."""
    with socketserver.UnixStreamServer(str(folder / "driver"), _Asked) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield shlex.join([sys.executable, "-I", "-S", "-c", _ASK, str(folder / "driver")]) + " %O %A %B %L %P"
        server.shutdown()


class Done(NamedTuple):
    """One thing that somebody did: `commit` begins the commit's first line; `old` and `new` are a field's texts, an
    entry's first line behind its date, a promise's text, or paths.
    """

    commit: str
    day: date
    who: str
    path: str
    what: str  # entry, field, promised, kept, text, renamed, new, removed
    field: str
    old: str
    new: str


class Met(NamedTuple):
    """A conflict that somebody met: where, and what the two sides said, without the lines of markers."""

    path: str
    ours: str
    theirs: str


@dataclass
class Year:
    """The repository of a year, and what was done in it. `lines` are those that must be somewhere in the end."""

    root: Path
    seed: int
    done: list[Done] = field(default_factory=list)
    met: list[Met] = field(default_factory=list)
    lines: set[str] = field(default_factory=set)
    day: date = date(2026, 11, 30)
    who: str = "liisa"
    number: int = 0
    has_other_files: bool = True  # than git knows

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    # --- git

    def git(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run git as the one who works, at nine in the morning of the day."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PLAINCRM_"))}
        when = f"{self.day}T09:00:{self.number % 60:02} +0200"
        who = {"NAME": PEOPLE[self.who], "EMAIL": f"{self.who}@savy.example", "DATE": when}
        named = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
        plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true", "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            ["git", "-c", "core.quotePath=false", *words],
            cwd=self.root,
            env={**kept, **named, **plain},
            check=check,
            capture_output=True,
            text=True,
            errors="surrogateescape",
        )

    def commit(self, words: str, paths: Sequence[str] = ()) -> str:
        """Commit everything; the first line begins with a number by which the record finds it again."""
        self.number += 1
        name = f"y{self.number:03}"
        trailers = "".join(f"Customer: {Path(path).stem}\n" for path in paths)
        if self.has_other_files:
            self.git("add", "--all")
            self.has_other_files = False
        self.git("commit", "--quiet", "--all", "--message", f"{name} {words}\n\n{trailers}")
        return name

    def merge(self, branch: str, wins: Callable[[str], str] = lambda _path: "theirs") -> None:
        """Merge a branch; where git gives up, do what a person would: keep both, and of one field's values `wins`."""
        self.finish(self.git("merge", "--no-ff", "--quiet", "-m", f"Merge {branch}", branch, check=False), wins)
        if (self.root / ".git/MERGE_HEAD").exists():
            self.git("commit", "--quiet", "--no-edit")

    def finish(self, done: subprocess.CompletedProcess[str], wins: Callable[[str], str]) -> None:
        """Resolve what a merge, a rebase or a cherry-pick has left."""
        if done.returncode == 0:
            return
        for path in self.git("diff", "--name-only", "--diff-filter=U", "-z").stdout.split("\0")[:-1]:
            file = self.root / path
            text = file.read_text(encoding="utf-8")
            assert "<<<<<<< " in text, (path, done.stdout, done.stderr)
            file.write_text(HUNK.sub(partial(self._resolved, path, wins), text), encoding="utf-8")
            self.git("add", "--", path)

    def _resolved(self, path: str, wins: Callable[[str], str], hunk: re.Match[str]) -> str:
        self.met.append(Met(path, hunk["ours"], hunk["theirs"]))
        texts = hunk["ours"], hunk["base"] or "", hunk["theirs"]
        ours, base, theirs = (text.splitlines(keepends=True) for text in texts)
        if all(re.match(r"[\w-]+: ", line) for line in (*ours, *base, *theirs)):
            return _by_key(ours, base, theirs, wins(path) == "theirs")
        kept = [line for line in ours if line not in base or line in theirs]
        return "".join(kept + [line for line in theirs if line not in base and line not in ours])

    # --- work

    @cached_property
    def schema(self) -> Schema:
        return plaincrm.open_vault(self.root, cache=False).config.schema

    def on(self, day: date, who: str) -> None:
        self.day, self.who = day, who

    def record(self, path: str, what: str, field_: str = "", old: str = "", new: str = "") -> None:
        """Remember one thing that the commit to come holds."""
        self.has_other_files |= what in ("new", "renamed")
        self.done.append(Done(f"y{self.number + 1:03}", self.day, self.who, path, what, field_, old, new))

    def changed(self, path: str, edit: Callable[[CustomerChange], None]) -> None:
        """Edit a note as plaincrm does; what makes a write safe takes time, and is tested elsewhere."""
        change = CustomerChange(path, (self.root / path).read_bytes(), self.schema)
        edit(change)
        assert change.step is not None
        assert change.step.change.new is not None
        (self.root / path).write_bytes(change.step.change.new)

    def entry(self, path: str, *, promise: str = "") -> None:
        """Log a talk that is like no other one, with a promise perhaps."""
        talk, matter = self.random.choice(TALKS), self.random.choice(MATTERS)
        said = f"{matter}, talk {self.number + 1} of the year"
        promises = [Promise(promise, self.day + timedelta(days=14))] if promise else []
        self.changed(path, lambda change: change.log(self.day, f"{talk}: {said}", promises=promises))
        self.record(path, "entry", new=f"{talk}: {said}")
        self.lines |= {said, promise} - {""}
        if promise:
            self.record(path, "promised", new=promise)

    def set(self, path: str, key: str, value: str) -> None:
        values = reading(path, (self.root / path).read_bytes(), self.schema).record.customer.fields.get(key)
        old = values[0].text if values else ""
        if old == value:
            return
        self.changed(path, lambda change: change.set_field(key, [value]))
        self.record(path, "field", key, old, value)

    def add(self, path: str, key: str, value: str) -> None:
        self.changed(path, lambda change: change.add(key, value))
        self.record(path, "field", key, "", value)
        self.lines.add(value)

    def keep(self, path: str, promise: str) -> None:
        self.changed(path, lambda change: change.done(promise, self.day))
        self.record(path, "kept", old=promise)

    def rewrite(self, path: str, old: str, new: str, what: str = "text") -> None:
        """Edit by hand, in an editor."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.record(path, what, old=old, new=new)


HUNK = re.compile(
    r"^<{7} .*\n(?P<ours>(?:.*\n)*?)(?:\|{7}.*\n(?P<base>(?:.*\n)*?))?={7}\n(?P<theirs>(?:.*\n)*?)>{7} .*\n",
    re.MULTILINE,
)


def _by_key(ours: list[str], base: list[str], theirs: list[str], theirs_win: bool) -> str:
    """Lines of fields: each as the side has it that changed it; `theirs_win` where both did."""
    mine, was, yours = ({line.partition(":")[0]: line for line in lines} for lines in (ours, base, theirs))
    kept = []
    for key in dict.fromkeys((*mine, *yours)):
        if "[" in mine.get(key, "") and "[" in yours.get(key, ""):
            kept.append(_both_lists(mine[key], yours[key]))
        elif mine.get(key) == was.get(key) or (yours.get(key) != was.get(key) and theirs_win):
            kept.append(yours.get(key, ""))
        else:
            kept.append(mine.get(key, ""))
    return "".join(kept)


def _both_lists(mine: str, yours: str) -> str:
    """A list in brackets with what the other side has besides."""
    items = [part.strip() for part in mine[mine.index("[") + 1 : mine.rindex("]")].split(",")]
    other = [part.strip() for part in yours[yours.index("[") + 1 : yours.rindex("]")].split(",")]
    return f"{mine[: mine.index('[')]}[{', '.join(dict.fromkeys((*items, *other)))}]\n"


def make_year(folder: Path, driver: str, seed: int = 1) -> Year:
    """Play the year into `folder`, which is made. `driver` is the command of the merge driver."""
    shutil.copytree(EXAMPLE, folder)
    year = Year(folder, seed)
    year.git("init", "--quiet", "--initial-branch=main")
    for setting in ("core.fsync=none", "gc.auto=0", "maintenance.auto=false", "core.hooksPath=/dev/null"):
        year.git("config", *setting.split("="))
    year.git("config", "merge.conflictStyle", "merge")
    year.git("config", "merge.plaincrm.driver", driver)
    (folder / ".gitattributes").write_text("customers/**/*.md merge=plaincrm\n", encoding="utf-8")
    year.on(date(2026, 11, 30), "liisa")
    year.commit("the vault as it was")
    for month in range(12):
        _month(year, month)
    return year


def _month(year: Year, month: int) -> None:
    """Branches from main, work on each, and their way back."""
    first = date(FIRST[0] + (FIRST[1] - 1 + month) // 12, (FIRST[1] - 1 + month) % 12 + 1, 1)
    shared = year.random.sample(BUSY, 3)
    for at, who in enumerate(PEOPLE):
        year.git("checkout", "--quiet", "-b", f"{who}-{month + 1}", "main")
        year.on(first + timedelta(days=2 + at), who)
        _usual_work(year, month, who, shared)
        if (month, who) in SPECIAL:
            year.day += timedelta(days=1)
            SPECIAL[month, who](year)
    year.git("checkout", "--quiet", "main")
    year.on(first + timedelta(days=25), "liisa")
    for who in PEOPLE:
        branch = f"{who}-{month + 1}"
        if (month, who) == REBASED:
            _rebase(year, branch)
        elif (month, who) == PICKED:
            year.finish(year.git("cherry-pick", branch, check=False), lambda _path: "theirs")
            if (year.root / ".git/CHERRY_PICK_HEAD").exists():
                year.git("cherry-pick", "--continue")
            year.merge(branch)
        else:
            year.merge(branch)
    if month in LATER:
        year.day += timedelta(days=1)
        LATER[month](year)


def _rebase(year: Year, branch: str) -> None:
    """A branch put on top of main, commit by commit."""
    year.git("checkout", "--quiet", branch)
    done = year.git("rebase", "--quiet", "main", check=False)
    while (year.root / ".git/rebase-merge").exists():
        year.finish(done, lambda _path: "theirs")
        done = year.git("rebase", "--continue", check=False)
    year.git("checkout", "--quiet", "main")
    year.git("merge", "--quiet", "--ff-only", branch)


def _usual_work(year: Year, month: int, who: str, shared: Sequence[str]) -> None:
    """Talks with the same three customers as the others, each with fields of one's own."""
    busy = [path if (year.root / path).exists() else MOVED[path] for path in shared]
    for path in busy:
        year.entry(path)
        year.commit(f"talk with {Path(path).stem}", [path])
    year.day += timedelta(days=3)
    one, other, third = busy
    if who == "liisa":
        year.set(one, "next", str(year.day + timedelta(days=30)))
        year.entry(other, promise=f"Send the plan {month + 1}")
        year.set(third, "verified", str(year.day))
    elif who == "matti":
        year.set(one, "next_action", f"Ask what became of plan {month + 1}")
        year.add(other, "tags", f"matti{month + 1}")
        year.entry(third, promise=f"Bring the samples {month + 1}")
    else:
        year.set(one, "reference", str(month % 5 + 1))
        year.add(other, "tags", f"noora{month + 1}")
        open_ = re.findall(r"- \[ \] ((?:Send the plan|Bring the samples) \d+) ", (year.root / one).read_text())
        if open_:
            year.keep(one, open_[0])
    year.commit(f"month's end of {who}", busy)


# --- what happens once


def _liisa_calls_meri_in_february(year: Year) -> None:
    year.set(SATAMA, "next", "2027-02-10")
    year.commit("Henna wants February", [SATAMA])


def _matti_calls_meri_in_march(year: Year) -> None:
    year.set(SATAMA, "next", "2027-03-03")
    year.entry(SATAMA)
    year.commit("Henna said March to me", [SATAMA])


def _liisa_renames_salo(year: Year) -> None:
    new = SALO.replace("salo-consulting", "salo-koivu")
    year.record(SALO, "renamed", old=SALO, new=new)
    plaincrm.open_vault(year.root, cache=False).rename("salo-consulting", "Salo & Koivu Oy", file="salo-koivu")
    year.commit("Salo has a partner now", ["salo-koivu"])


def _matti_logs_the_old_salo(year: Year) -> None:
    year.entry(SALO, promise="Send Sari the new references")
    year.set(SALO, "learning", "4")
    year.commit("Sari on the phone", [SALO])


def _noora_ticks(year: Year) -> None:
    year.keep(AURINKO, "Send the terrace quote")
    year.commit("the terrace quote is out", [AURINKO])


def _matti_puts_off(year: Year) -> None:
    year.rewrite(AURINKO, "Send the terrace quote 📅 2026-11-25", "Send the terrace quote 📅 2026-12-09")
    year.commit("the quote needs another week", [AURINKO])


def _liisa_moves_a_contact(year: Year) -> None:
    year.rewrite(BERG, "(colours, garden, keys)", "(colours, garden)")
    year.commit("Annika gave the keys back", [BERG])


def _noora_adds_a_contact(year: Year) -> None:
    year.add(BERG, "contacts", "Elof Berg <elof@solbacka.example> (keys)")
    year.commit("the son has the keys", [BERG])


def _matti_tells_more(year: Year) -> None:
    year.rewrite(LAAKSO, "lovely pizza, and the oil", "lovely pizza with figs, and the oil")
    year.commit("it had figs", [LAAKSO])


def _noora_takes_away(year: Year) -> None:
    text = (year.root / LAAKSO).read_text(encoding="utf-8")
    (line,) = re.findall(r"^- 2026-11-11 09:20 chat out.*\n", text, re.MULTILINE)
    year.rewrite(LAAKSO, line, "", "removed")
    year.commit("that chat was with somebody else", [LAAKSO])


def _new_customer(stage: str, need: str) -> Callable[[Year], None]:
    def make(year: Year) -> None:
        path = "customers/companies/kirjakauppa-lukutoukka.md"
        note = (
            f"---\nname: Kirjakauppa Lukutoukka\ntype: company\nstage: {stage}\nowner: {year.who}\n"
            f"source: referral\nnext: 2027-06-21\nnext_action: Ask about the shelves\nneeds: {need}\n---\n\n"
            f"## Log\n- {year.day} call in: {need.lower()}, said to {year.who}\n"
        )
        (year.root / path).write_text(note, encoding="utf-8")
        year.record(path, "new")
        year.lines.add(f"{need.lower()}, said to {year.who}")
        year.commit("a bookshop rang", [path])

    return make


def _revert(year: Year) -> None:
    """The plan of the month was a mistake: Matti's last commit is taken back."""
    year.on(year.day, "matti")
    name = year.git("log", "-1", "--format=%H", "--grep", "the quote needs another week").stdout.strip()
    assert name
    year.finish(year.git("revert", "--no-edit", name, check=False), lambda _path: "theirs")
    if (year.root / ".git/REVERT_HEAD").exists():
        year.git("revert", "--continue")


MOVED = {SALO: SALO.replace("salo-consulting", "salo-koivu")}
REBASED = (4, "noora")
PICKED = (6, "matti")
SPECIAL: dict[tuple[int, str], Callable[[Year], None]] = {
    (0, "liisa"): _liisa_calls_meri_in_february,
    (0, "matti"): _matti_calls_meri_in_march,
    (1, "matti"): _matti_puts_off,
    (2, "noora"): _noora_ticks,
    (3, "liisa"): _liisa_renames_salo,
    (3, "matti"): _matti_logs_the_old_salo,
    (5, "liisa"): _liisa_moves_a_contact,
    (5, "noora"): _noora_adds_a_contact,
    (7, "matti"): _matti_tells_more,
    (7, "noora"): _noora_takes_away,
    (8, "matti"): _new_customer("lead", "Shelves that hold"),
    (8, "noora"): _new_customer("prospect", "Shelves that hold"),
}
LATER: dict[int, Callable[[Year], None]] = {1: _revert}
