"""Promises kept, called off and put off: the box, the day behind it, and the next line where one comes round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Literal

from plaincrm.changes.draft import Wish
from plaincrm.changes.edits import Edit, edited, in_lines_of
from plaincrm.changes.fields import set_field
from plaincrm.changes.parts import Reading
from plaincrm.changes.task_style import task_items, task_style
from plaincrm.document.body import TaskItem
from plaincrm.document.tasks import signifier_text
from plaincrm.errors import NoMatch, WriteRefused
from plaincrm.language import unaccented
from plaincrm.records.model import Customer, Task
from plaincrm.records.recurrence import Dates, next_dates, parse_recurrence
from plaincrm.records.schema import Schema

Ending = Literal["done", "cancelled"]

_MARKS = {"done": "x", "cancelled": "-"}
_DATAVIEW_NAMES = {"done": "completion"}


def open_promises(customer: Customer) -> tuple[Task, ...]:
    """The open promises of a customer, ours and theirs, in the order of the note."""
    return tuple(task for task in customer.tasks if task.open)


def find_promise(customer: Customer, words: str) -> Task:
    """The one open promise whose text has every word, in any case and without diacritics.

    Those of which they are the whole text go first, then those that have them as whole words, then as parts.

    Raises:
        NoMatch: none or several have them.
    """
    promises = open_promises(customer)
    wanted, texts = unaccented(words), [unaccented(task.text) for task in promises]
    found = (
        [task for task, text in zip(promises, texts, strict=True) if text == wanted]
        or [task for task, text in zip(promises, texts, strict=True) if set(wanted.split()) <= set(text.split())]
        or [task for task, text in zip(promises, texts, strict=True) if all(map(text.__contains__, wanted.split()))]
    )
    if len(found) == 1:
        return found[0]
    if not promises:
        raise NoMatch(f"{customer.name} has no open promise.", "plaincrm log adds one: --promise TEXT.")
    if not found:
        raise NoMatch(f"No open promise of {customer.name} has the words {words}.", _listed(promises, promises))
    raise NoMatch(f"Several promises of {customer.name} have the words {words}:", _listed(found, promises))


def end_promise(note: Reading, promise: Task, ending: Ending, day: date) -> Wish:
    """A promise kept or called off on a day, as the Tasks plugin writes it.

    Of one that comes round, the next stands in a line above the one that is done: its days moved by the recurrence,
    without id, dependencies, block link and the day it was created. What is nested under it stays where it is.

    Raises:
        WriteRefused: the note has no such promise any more.
    """
    item = _item(note, promise)
    task = item.task
    edits = [Edit(task.status_at, task.status_at + 1, _MARKS[ending]), _stamp(note, item, ending, day)]
    following = _following(note, item, promise, day) if ending == "done" else None
    if following is not None:
        edits.insert(0, Edit(item.start, item.start, in_lines_of(note.text, f"{following}\n")))
    what = f"{'done' if ending == 'done' else 'called off'} {day}: {promise.text}"
    what += " (and again, a line above)" if following is not None else ""

    def holds(after: Reading) -> bool:
        gone, new = _difference(note, after)
        ended = [task for task in new if getattr(task, ending) == day and task.text == promise.text and not task.open]
        more = len(after.record.customer.tasks) - len(note.record.customer.tasks)
        return len(gone) <= 1 and len(ended) == 1 and more == (0 if following is None else 1)

    return Wish(what, tuple(edits), holds)


def put_off(note: Reading, promise: Task, day: date) -> Wish:
    """A promise due on another day; one without a due day scheduled for it.

    Raises:
        NoMatch: it has neither.
        WriteRefused: the note has no such promise any more.
    """
    item = _item(note, promise)
    name = "due" if promise.due else "scheduled"
    old = promise.due or promise.scheduled
    span = _day_span(note, item, name)
    if old is None or span is None:
        raise NoMatch(f"The promise has no day: {promise.text}", "Write one behind it: 📅 2026-12-01.")
    what = f"{promise.text}: {name} {old} -> {day}"
    if old == day:
        return Wish(what, ())
    moved = promise._replace(due=day) if promise.due else promise._replace(scheduled=day)

    def holds(after: Reading) -> bool:
        gone, new = _difference(note, after)
        return len(gone) == 1 and [_anywhere(task) for task in new] == [_anywhere(moved)]

    return Wish(what, (Edit(*span, day.isoformat()),), holds)


def put_off_next(note: Reading, schema: Schema, day: date) -> Wish:
    """The next step on another day.

    Raises:
        NoMatch: there is none.
    """
    customer = note.record.customer
    if customer.next is None:
        remedy = f"plaincrm next sets one; a promise is put off by its words, see plaincrm done {customer.id}."
        raise NoMatch(f"{customer.name} has no next step.", remedy)
    what = f"next {customer.next} -> {day}" + (f": {customer.next_action}" if customer.next_action else "")
    return set_field(note, schema, "next", [day.isoformat()])._replace(what=what)


def _item(note: Reading, promise: Task) -> TaskItem:
    """The line of a promise, which may stand elsewhere by now."""
    lines = {task.line for task in note.record.customer.tasks if _anywhere(task) == _anywhere(promise)}
    if not lines:
        why = f"the promise stands there no more as it was: {promise.text}"
        raise WriteRefused(note.record.customer.path, why, "Look again with plaincrm done CUSTOMER.")
    line = promise.line if promise.line in lines else min(lines)
    return next(item for item in task_items(note) if note.document.source.line_of(item.start) == line)


def _stamp(note: Reading, item: TaskItem, ending: Ending, day: date) -> Edit:
    """The day of its end behind all that the line says, but before a block link; in the place of one that is there."""
    span = _day_span(note, item, ending)
    if span:
        return Edit(*span, day.isoformat())
    line = note.text[item.start : item.end].rstrip()
    if item.task.block_link:
        line = line.removesuffix(item.task.block_link).rstrip()
    at = item.start + len(line)
    return Edit(at, at, signifier_text(ending, day.isoformat(), item.task.style or task_style(note)))


def _following(note: Reading, item: TaskItem, promise: Task, day: date) -> str | None:
    """The line of the next occurrence, None where none comes."""
    rule = parse_recurrence(promise.recurrence) if promise.recurrence else None
    if rule is None:
        return None
    dates = Dates(promise.due, promise.scheduled, promise.start)
    following = next_dates(rule, dates, day) if dates.reference else dates
    if following is None:
        return None
    moved = zip(("due", "scheduled", "start"), following, strict=True)
    spans = [(_day_span(note, item, name), on) for name, on in moved if on]
    edits = [Edit(*span, on.isoformat()) for span, on in spans if span]
    edits.append(Edit(item.task.status_at, item.task.status_at + 1, " "))
    for signifier in item.task.signifiers:
        if signifier.name in ("id", "depends_on", "created", "done", "cancelled"):
            blanks = len(note.text[: signifier.start]) - len(note.text[: signifier.start].rstrip(" "))
            edits.append(Edit(signifier.start - blanks, signifier.end, ""))
    line = edited(
        note.text[item.start : item.end], [Edit(start - item.start, end - item.start, new) for start, end, new in edits]
    )
    return line.removesuffix(item.task.block_link).rstrip() if item.task.block_link else line.rstrip()


def _day_span(note: Reading, item: TaskItem, name: str) -> tuple[int, int] | None:
    """Where a day of a promise stands: behind its signifier, or in a Dataview field of the line."""
    for signifier in item.task.signifiers:
        if signifier.name == name:
            at = note.text.index(signifier.value, signifier.start, signifier.end)
            return at, at + len(signifier.value)
    key = _DATAVIEW_NAMES.get(name, name)
    return next(((field.value_start, field.value_end) for field in item.inline if field.key.lower() == key), None)


def _difference(before: Reading, after: Reading) -> tuple[list[Task], list[Task]]:
    """The promises that are gone, and the new ones, wherever they stand."""
    old, new = ([_anywhere(task) for task in note.record.customer.tasks] for note in (before, after))
    return list((Counter(old) - Counter(new)).elements()), list((Counter(new) - Counter(old)).elements())


def _anywhere(task: Task) -> Task:
    return task._replace(line=0)


def _listed(promises: Sequence[Task], known: Sequence[Task]) -> str:
    """Promises with the numbers by which they can be named."""
    return "\n".join(f"  {known.index(task) + 1}  {told(task)}" for task in promises)


def told(task: Task) -> str:
    """A promise in a line: what, whose where it is not ours, and by when."""
    day = f", due {task.due}" if task.due else f", scheduled {task.scheduled}" if task.scheduled else ""
    return f"{task.text}{' (theirs)' if task.owes == 'them' else ''}{day}"
