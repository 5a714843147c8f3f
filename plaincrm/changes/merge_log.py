"""The log of one note taken over into that of another: what both tell once, the rest each where its day puts it."""

from __future__ import annotations

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from plaincrm.changes.draft import Draft, Wish
from plaincrm.changes.edits import Edit, in_lines_of
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
from plaincrm.records.values import BadValue, read_value

_TASK = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\[.\]")
_OPEN_EMPHASIS = re.compile(r"(?:#+|[-*+]|\d+[.)])\s+(?:\[.\]\s+)?([*_]{1,2})")


class Told(NamedTuple):
    """An entry as it stands in its note, and what it means."""

    raw: Entry
    entry: LogEntry


class TakenLog(NamedTuple):
    """What became of the entries of the other note: put in, joined with one of the same words, and told already.

    `twice` are the days of those put in beside one of the same words, since a field of theirs says another thing.
    """

    added: int
    joined: int
    same: int
    twice: tuple[date, ...]


def take_log(draft: Draft, other: Reading) -> TakenLog:
    """Put the entries of another note into a draft's log, in its order and, where that says the same, its spelling.

    Raises:
        NotMeant: the log cannot say it.
    """
    schema, before = draft.schema, draft.note
    brings = frozenset(map(kind, other.record.faults))
    pairs = [*matched(before, other, schema)]
    taken = {one.entry.line for _told, one in pairs if one}
    joined: list[tuple[Told, Told]] = []
    missing, twice = list[Told](), list[date]()
    for told in [told for told, one in pairs if one is None]:
        alike = [one for one in told_of(before) if _head(one.entry) == _head(told.entry)]
        free = next((one for one in alike if one.entry.line not in taken and _agree(one, told)), None)
        if free:
            taken.add(free.entry.line)
            joined.append((free, told))
            continue
        missing.append(told)
        twice += [told.entry.date] if alike else []
    edits = tuple(_joined(before, other, one, told, schema) for one, told in joined)
    draft.make(Wish("", edits, _joins(before, joined, schema), reveals=True, brings=brings))
    _put_in(draft, [(told.entry, _dressed(before, other, told, schema)) for told in missing], brings)
    return TakenLog(len(missing), len(joined), len(pairs) - len(missing) - len(joined), tuple(twice))


def _put_in(draft: Draft, todo: list[tuple[LogEntry, str]], brings: frozenset[tuple[str, str]]) -> None:
    """Put entries in; what needs a heading of its own goes first, so that the others of its group find it."""
    if runs_upwards(draft.note):
        todo.reverse()
    while todo:
        edits, put_in, left, groups = list[Edit](), list[LogEntry](), list[tuple[LogEntry, str]](), 0
        for entry, block in todo:
            edit = place_of(draft.note, entry.date, entry.time, block)
            begins_group = edit.text.replace("\r", "").strip("\n") != block
            if begins_group and groups:
                left.append((entry, block))
                continue
            groups += begins_group
            edits.append(edit)
            put_in.append(entry)
        draft.make(Wish("", tuple(edits), _has_more(draft.note, put_in), reveals=True, brings=brings))
        todo = left


def _agree(one: Told, two: Told) -> bool:
    """Whether no field of two entries says different things, so that the one can say all of the other."""
    mine, theirs = (Counter((value.key, value.value) for value in told.entry.values) for told in (one, two))
    only = {key for key, _value in mine - theirs}, {key for key, _value in theirs - mine}
    both = {key for key, _value in mine}, {key for key, _value in theirs}
    return only[0].isdisjoint(both[1]) and only[1].isdisjoint(both[0])


def _joined(note: Reading, other: Reading, one: Told, two: Told, schema: Schema) -> Edit:
    """The edit that lets an entry say, at its end, what another of the same words says besides."""
    has = _said(one, schema)
    lines = textwrap.dedent(other.text[two.raw.first_end + 1 : two.raw.end].replace("\r", "").strip("\n")).split("\n")
    tasks = {task.line: task._replace(line=0) for task in two.entry.tasks}
    first = two.entry.line + 1
    new = [_new_fields(other.text[two.raw.start : two.raw.first_end], has, schema)]
    for at, line in enumerate(lines, first):
        if at in tasks:
            new += [] if _is_there(tasks[at], has) else [line]
            continue
        words = " ".join(_without_fields(line).split())
        fields = _new_fields(line, has, schema)
        is_new = words and not _is_there(words, has)
        new.append(f"{_without_fields(line).rstrip()} {fields}".rstrip() if is_new else fields)
    style = log_style(note, latest_first(note), schema, with_lines=True)
    indent = "" if one.raw.level else style.indent if not style.is_heading else "  "
    block = "".join(f"\n{indent}{line}" for line in new if line)
    end = note.text.find("\n", one.raw.start + len(note.text[one.raw.start : one.raw.end].rstrip()))
    end = len(note.text) if end < 0 else end - note.text[:end].endswith("\r")
    return Edit(end, end, in_lines_of(note.text, block))


def _new_fields(line: str, has: Counter[object], schema: Schema) -> str:
    """The inline fields of a line that an entry does not have, as they are typed."""
    found = [(item, line[item.start : item.end]) for item in inline_fields(line, listed=True)]
    return " ".join(typed for item, typed in found if not _is_there(_meant(item, schema), has))


def _is_there(said: object, has: Counter[object]) -> bool:
    """Whether something is said already; what is said twice has to be there twice."""
    has[said] -= 1
    return has[said] >= 0


def _meant(item: InlineField, schema: Schema) -> object:
    """An inline field as `_said` has it."""
    known = schema.table.find_inline(item.key)
    if known is None:
        return fold(item.key), item.value
    try:
        return known.key, read_value(item.value, known, schema)
    except BadValue:
        return known.key, item.value


def _joins(before: Reading, joined: Sequence[tuple[Told, Told]], schema: Schema) -> Callable[[Reading], bool]:
    """Whether a later reading has the entries that were there, those joined with all that both said."""
    lines = {one.entry.line for one, _two in joined}
    kept = Counter(meaning(entry) for entry in before.record.customer.entries if entry.line not in lines)

    def holds(after: Reading) -> bool:
        now = told_of(after)
        rest = [told for told in now if not kept[meaning(told.entry)]]
        whole = all(any(_covers(told, part, schema) for told in rest) for pair in joined for part in pair)
        return len(now) == len(told_of(before)) and whole and not kept - Counter(meaning(told.entry) for told in now)

    return holds


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
    style = log_style(note, latest, schema, with_lines=bool(told.raw.level))
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
