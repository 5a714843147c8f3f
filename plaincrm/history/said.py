"""What a change of a note says, in a few words: the beginning of a message for its commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plaincrm.document.document import read_document
from plaincrm.records.model import Customer, LogEntry, Task
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema


def said(path: str, old: bytes | None, new: bytes | None, schema: Schema) -> tuple[str, ...]:
    """What was done to a note between two versions; None is no file."""
    if old is None or new is None:
        return ("new",) if old is None else ("taken away",)
    before, after = (read_record(read_document(data), path, schema).customer for data in (old, new))
    return tuple(_words(before, after)) or ("edited",)


def _words(before: Customer, after: Customer) -> Iterator[str]:
    for key in {**before.fields, **after.fields}:
        was, now = ([value.text for value in side.fields.get(key, ())] for side in (before, after))
        gone, come = [text for text in was if text not in now], [text for text in now if text not in was]
        if come and (len(now) > 1 or len(was) > 1):
            yield f"{key} += {', '.join(come)}"
        elif come:
            yield f"{key} {come[0]}"
        if gone and not come:
            yield f"{key} -= {', '.join(gone)}" if now else f"{key} cleared"
    known = Counter(map(_head, before.entries))
    for entry in after.entries:
        if known[_head(entry)]:
            known[_head(entry)] -= 1
        else:
            yield " ".join(filter(None, ("logged", f"{entry.date}", entry.channel, entry.direction)))
    ended = Counter(_promise(task) for task in before.tasks if not task.open)
    for task in after.tasks:
        if task.open:
            continue
        ended[_promise(task)] -= 1
        if ended[_promise(task)] < 0:
            yield f"{'done' if task.done or task.status in 'xX' else 'called off'}: {task.text}"


def _head(entry: LogEntry) -> tuple[object, ...]:
    return entry.date, entry.time, entry.channel, entry.direction, entry.who, entry.summary


def _promise(task: Task) -> tuple[str, str]:
    return task.text, task.recurrence
