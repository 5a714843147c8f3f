"""The log of one note taken over into that of another: what both tell once, the rest each where its day puts it."""

from __future__ import annotations

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from plaincrm.changes.draft import Draft, Wish
from plaincrm.changes.entry import alone, is_one_entry, new_entry
from plaincrm.changes.log import latest_first, place_of, runs_upwards
from plaincrm.changes.log_style import LogStyle, dated, log_style, written
from plaincrm.changes.parts import Reading, anywhere
from plaincrm.changes.plan import kind
from plaincrm.document.body import Entry
from plaincrm.document.inline import InlineField, inline_fields
from plaincrm.errors import UsageError
from plaincrm.language import fold, unaccented
from plaincrm.records.model import LogEntry
from plaincrm.records.schema import Schema

_TASK = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\[.\]")
_OPEN_EMPHASIS = re.compile(r"(?:#+|[-*+]|\d+[.)])\s+(?:\[.\]\s+)?([*_]{1,2})")


class Told(NamedTuple):
    """An entry as it stands in its note, and what it means."""

    raw: Entry
    entry: LogEntry


class TakenLog(NamedTuple):
    """What became of the entries of the other note: put in, and told already."""

    added: int
    same: int


def take_log(draft: Draft, other: Reading) -> TakenLog:
    """Put the entries of another note into a draft's log, in its order and, where that says the same, its spelling.

    Raises:
        NotMeant: the log cannot say it.
    """
    schema, before = draft.schema, draft.note
    missing = [told for told, there in matched(before, other, schema) if not there]
    todo = [(told.entry, _dressed(before, other, told, schema)) for told in missing]
    if runs_upwards(before):
        todo.reverse()
    brings = frozenset(map(kind, other.record.faults))
    while todo:  # what needs a heading of its own goes first, so that the others of its group find it
        edits, left, groups = [], [], 0
        for entry, block in todo:
            edit = place_of(draft.note, entry.date, entry.time, block)
            begins_group = edit.text.replace("\r", "").strip("\n") != block
            if begins_group and groups:
                left.append((entry, block))
                continue
            groups += begins_group
            edits.append(edit)
        put_in = [entry for entry, block in todo if (entry, block) not in left]
        draft.make(Wish("", tuple(edits), _has_more(draft.note, put_in), reveals=True, brings=brings))
        todo = left
    return TakenLog(len(missing), len(told_of(other)) - len(missing))


def _has_more(before: Reading, entries: Sequence[LogEntry]) -> Callable[[Reading], bool]:
    """Whether a later reading has just these entries besides those that were there."""
    expected = Counter(map(meaning, (*before.record.customer.entries, *entries)))
    return lambda after: Counter(map(meaning, after.record.customer.entries)) == expected


def told_of(note: Reading) -> list[Told]:
    """The entries of a note, the newest first."""
    raw = {note.document.source.line_of(entry.start): entry for entry in note.document.body.entries}
    return [Told(raw[entry.line], entry) for entry in note.record.customer.entries]


def meaning(entry: LogEntry) -> LogEntry:
    """An entry wherever it stands and however far its lines are indented."""
    text = "\n".join(line.strip() for line in entry.text.split("\n") if line.strip())
    return anywhere(entry)._replace(text=text)


def matched(note: Reading, other: Reading, schema: Schema) -> Iterator[tuple[Told, Told | None]]:
    """Each entry of the other note with the one of this note that tells it already; each tells one."""
    there: defaultdict[object, list[Told]] = defaultdict(list)
    for told in told_of(note):
        there[_head(told.entry)].append(told)
    for told in told_of(other):
        same = next((one for one in there[_head(told.entry)] if _covers(one, told, schema)), None)
        if same:
            there[_head(told.entry)].remove(same)
        yield told, same


def _head(entry: LogEntry) -> object:
    said = (unaccented(" ".join(words.split())) for words in (entry.who, entry.summary))
    return entry.date, entry.precision, entry.time, entry.end_time, entry.channel, entry.direction, *said


def _covers(one: Told, two: Told, schema: Schema) -> bool:
    """Whether an entry tells all that another of the same head does."""
    mine, theirs = _said(one, schema), _said(two, schema)
    return theirs <= mine


def _said(told: Told, schema: Schema) -> Counter[object]:
    """What an entry says below its head, wherever and in whatever language: fields, promises, lines of text."""
    inline: list[InlineField] = [*told.raw.inline, *(item for task in told.raw.tasks for item in task.inline)]
    own = ((fold(item.key), item.value) for item in inline if schema.table.find_inline(item.key) is None)
    fields = ((value.key, value.value) for value in told.entry.values)
    tasks = (task._replace(line=0) for task in told.entry.tasks)
    return Counter[object]([*own, *fields, *tasks, *_lines(told.entry.text)])


def _lines(text: str) -> Iterator[str]:
    """The lines of a text without promises and inline fields."""
    for line in text.split("\n"):
        if not _TASK.match(line) and (said := " ".join(_without_fields(line).split())):
            yield said


def _without_fields(line: str) -> str:
    pieces, at = [], 0
    for item in inline_fields(line, listed=True):
        pieces.append(line[at : item.start])
        at = item.end
    return "".join(pieces) + line[at:]


def _dressed(note: Reading, other: Reading, told: Told, schema: Schema) -> str:
    """The lines of an entry as the log of a note would have them; as they are, where that would say another thing."""
    lines = [line.removesuffix("\r") for line in other.text[told.raw.start : told.raw.end].rstrip().split("\n")]
    plain = "\n".join(lines)
    latest = latest_first(note)
    opening = told.raw.opening
    if not latest or not opening.day or opening.day.precision != "day" or _emphasis_goes_on(other.text, told.raw):
        return plain
    style = log_style(note, latest, schema, with_lines=len(lines) > 1)
    words = other.text[opening.words_start : told.raw.first_end].strip()
    wanted = alone(schema, plain)
    for block in _candidates(told, lines[1:], words, style, (note, other), schema):
        if _says_the_same(alone(schema, block), wanted):
            return block
    return plain


def _emphasis_goes_on(text: str, raw: Entry) -> bool:
    """Whether the date stands in an emphasis that ends behind it, as in `- **2026-11-20 call:** yes`."""
    before = text[raw.start : raw.opening.date_start]
    found = _OPEN_EMPHASIS.match(before)
    return found is not None and found[1] not in text[raw.opening.date_end : raw.opening.words_start]


def _candidates(
    told: Told, below: Sequence[str], words: str, style: LogStyle, notes: tuple[Reading, Reading], schema: Schema
) -> Iterator[str]:
    """Ways to say an entry in the spelling of a log: in its language too, then with its words as they are."""
    note, other = notes
    under = textwrap.dedent("\n".join(below))
    if (below and log_style(other, latest_first(other), schema, with_lines=True).language != style.language) or (
        not below and log_style(other, latest_first(other), schema, with_lines=False).language != style.language
    ):
        try:
            new = new_entry(schema, told.entry.date, f"{words}\n{under}")
        except UsageError:
            pass
        else:
            yield written(new, style, note, schema)
    indent = "" if style.is_heading else style.indent
    first = f"{dated(told.entry.date, style)}{words}".rstrip()
    yield "\n".join([first, *(f"{indent}{line}" if line else "" for line in under.split("\n"))]) if below else first


def _says_the_same(one: Reading, two: Reading) -> bool:
    if not (is_one_entry(one) and is_one_entry(two)):
        return False
    targets = [Counter(link.target for link in note.record.customer.links) for note in (one, two)]
    mine, theirs = (meaning(note.record.customer.entries[0]) for note in (one, two))
    return mine == theirs and targets[0] == targets[1]
