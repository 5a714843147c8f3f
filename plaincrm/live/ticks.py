"""Boxes ticked in a generated agenda: which promises they stand for, and those promises ticked off in their notes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from plaincrm.api import Vault
from plaincrm.changes.carry_out import WriteReport, carry_out
from plaincrm.changes.customer import CustomerChange
from plaincrm.changes.draft import Step
from plaincrm.changes.write import Reader
from plaincrm.dates import parse_date
from plaincrm.errors import WriteRefused
from plaincrm.live.generated import STAMP
from plaincrm.records.model import Task
from plaincrm.render.escape import markdown_text, wiki_link

_TICKED = re.compile(r"^- \[[xX]\] (.*)$")
_BELOW = re.compile(r"^[ \t]+- (.*)$")


class Tick(NamedTuple):
    """A ticked box: its line in the generated note, what stands behind it and below, and the day the Tasks plugin gave.

    The texts are as they were generated, in Markdown.
    """

    file: str
    line: int
    text: str
    below: tuple[str, ...]
    day: date | None


class Promise(NamedTuple):
    """An open promise and where it stands, by its note and line."""

    path: str
    line: int


class Unclear(NamedTuple):
    """A ticked box that is not carried to a promise, and why."""

    tick: Tick
    why: str


class Pulled(NamedTuple):
    """What was ticked off in the notes, and which boxes were not clear."""

    report: WriteReport
    unclear: tuple[Unclear, ...]


def ticks_of(file: str, text: str, start: int, end: int) -> Iterator[Tick]:
    """The ticked boxes between two places of a note."""
    first = text.count("\n", 0, start) + 1
    lines = [line.rstrip("\r") for line in text[start:end].split("\n")]
    for at, line in enumerate(lines):
        if match := _TICKED.match(line):
            below: list[str] = []
            for more in lines[at + 1 :]:
                if not (inner := _BELOW.match(more)):
                    break
                below.append(inner[1].rstrip())
            stamp = STAMP.search(match[1])
            day = parse_date(stamp[1]) if stamp else None
            yield Tick(file, first + at, STAMP.sub("", match[1]).rstrip(), tuple(below), day)


def pull(vault: Vault, ticks: Sequence[Tick], today: date, *, dry_run: bool = False) -> Pulled:
    """Tick off the promises that boxes stand for, on the day that the Tasks plugin wrote, else today.

    A box that stands for no open promise, or for several, is told and changes nothing.

    Raises:
        WriteRefused: a note cannot be written.
    """
    promises = _open_promises(vault)
    unclear: list[Unclear] = []
    wanted: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for tick in ticks:
        found = _meant(tick, promises.get(tick.text, []))
        day = tick.day or today
        if isinstance(found, str):
            unclear.append(Unclear(tick, found))
        elif day > today:
            unclear.append(Unclear(tick, f"{day} is still to come"))
        elif (found.line, day) not in wanted[found.path]:
            wanted[found.path].append((found.line, day))

    def planned(read: Reader) -> list[Step]:
        changes = [(CustomerChange(path, read(path), vault.config.schema), ended) for path, ended in wanted.items()]
        for change, ended in changes:
            tasks = {task.line: task for task in change.records[1].tasks}
            for line, day in ended:
                change.done(_still_open(tasks, line, change.path), day)
        return [step for change, _ended in changes if (step := change.step)]

    wanted = {path: ended for path, ended in wanted.items() if ended}
    report = carry_out(vault.root, planned, dry_run=dry_run) if wanted else WriteReport((), dry_run)
    return Pulled(report, tuple(unclear))


def _still_open(tasks: Mapping[int, Task], line: int, path: str) -> Task:
    task = tasks.get(line)
    if task is None or not task.open:
        raise WriteRefused(path, f"line {line} is no open promise any more", "Try again.")
    return task


def _open_promises(vault: Vault) -> dict[str, list[Promise]]:
    """Every open promise by the line that an agenda has for it."""
    found: dict[str, list[Promise]] = defaultdict(list)
    table = vault.sql(
        "select f.path, t.line, c.customer, c.name, t.text from tasks t"
        " join customers c using (file) join files f using (file) where t.open = 1 order by f.path, t.line"
    )
    for path, line, customer, name, text in table.rows:
        found[f"{wiki_link(customer, name)}: {markdown_text(text)}"].append(Promise(path, line))
    return found


def _meant(tick: Tick, promises: Sequence[Promise]) -> Promise | str:
    """The promise of a box: the only one of these words, or the one at the place that is told below it."""
    if len(promises) == 1:
        return promises[0]
    there = [one for one in promises if markdown_text(f"{one.path}:{one.line}") in tick.below]
    if len(there) == 1:
        return there[0]
    return "several promises are called as this box is" if promises else "this box stands for no open promise"
