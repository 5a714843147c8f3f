"""What can be done to an open note: remedies of its faults, a promise ticked off, a call logged, the next step set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from plaincrm.changes.customer import CustomerChange
from plaincrm.changes.fix import mend, remedied, wanted_by
from plaincrm.changes.tasks import open_promises
from plaincrm.checks.check import Scope
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.dates import add_months
from plaincrm.document.source import decode
from plaincrm.errors import Fault, NoMatch
from plaincrm.live.lsp.diagnosis import faults
from plaincrm.live.lsp.note import Note
from plaincrm.records.schema import Schema

What = Literal["remedy", "mend", "done", "log", "next"]
_SHOWN = 40  # letters of a remedy or a promise in a title


class Action(NamedTuple):
    """Something to be done: its title, the protocol's kind, and what it is, with a place or a day that says to what.

    `fault` is the one that it mends.
    """

    title: str
    kind: str
    what: What
    given: str = ""
    fault: Diagnostic | None = None


def actions(note: Note, start: int, end: int, today: date) -> Iterator[Action]:
    """What may be done at a span of a note."""
    if not note.is_record:
        return
    fixable = [(found, item) for found, item in faults(note) if found.fix is not None]
    for found, item in fixable:
        if found.start <= end and start <= found.end:
            yield Action(_mending(found), "quickfix", "remedy", f"{found.code}:{found.start}", item)
    if fixable:
        yield Action("Mend all faults that can be mended for certain", "source.fixAll.plaincrm", "mend")
    line = note.lines.line_of(start) + 1
    for task in open_promises(note.reading.record.customer):
        if task.line == line:
            yield Action(f"Mark done: {_cut(task.text)}", "refactor.rewrite.plaincrm.done", "done", str(line))
    yield Action("Log a call today", "source.plaincrm.log", "log")
    for words, day in _next_days(today):
        yield Action(f"Next step {words} ({day})", "source.plaincrm.next", "next", day.isoformat())


def carried_out(note: Note, what: What, given: str, today: date) -> str:
    """The note's text with it done.

    Raises:
        WriteRefused: the note is in no state to be edited, or would say something else besides.
        NoMatch: the note has changed, and there is nothing to be done any more.
    """
    if what == "remedy":
        return _remedied(note, given)
    if what == "mend":
        mended, _change, _left = mend(note.path, note.data, _schema(note), wanted_by(note.path, note.vault, Scope()))
        return mended.new
    change = CustomerChange(note.path, note.data, _schema(note))
    if what == "log":
        change.log(today, channel="call", text="")
    elif what == "next":
        change.set(next=given)
    else:
        promise = next((task for task in open_promises(note.reading.record.customer) if str(task.line) == given), None)
        if promise is None:
            raise NoMatch("There is no open promise on this line.", "")
        change.done(promise, today)
    step = change.step
    return decode(step.change.new or b"").text if step else note.text


def _remedied(note: Note, given: str) -> str:
    code, _colon, at = given.rpartition(":")
    found = next(
        (
            found
            for found, _item in faults(note)
            if (found.code, str(found.start)) == (code, at) and found.fix is not None
        ),
        None,
    )
    change = remedied(note.path, note.data, _schema(note), note.reading, [found]) if found else None
    if change is None:
        raise NoMatch("This cannot be mended by itself.", "Mend all that can be, or edit it by hand.")
    return decode(change.new or b"").text


def _schema(note: Note) -> Schema:
    return note.vault.config.schema


def _mending(found: Fault) -> str:
    """What a remedy does: it takes something away, or writes something else."""
    fix = found.fix or ""
    if "\n" in fix or not fix.strip():
        return f"Mend {found.code}"
    return f"Mend {found.code}: {_cut(fix.strip())}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _next_days(today: date) -> tuple[tuple[str, date], ...]:
    return (
        ("tomorrow", today + timedelta(days=1)),
        ("in a week", today + timedelta(weeks=1)),
        ("in a month", add_months(today, 1)),
    )
