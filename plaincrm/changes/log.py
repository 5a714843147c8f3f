"""A new log entry in its place: where its day puts it in the order that the log has, with the log's own blank lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, time
from itertools import pairwise
from typing import NamedTuple

from plaincrm.changes.draft import Wish
from plaincrm.changes.edits import Edit, in_lines_of, lines_behind
from plaincrm.changes.entry import NewEntry, read_alone
from plaincrm.changes.log_style import dated, log_style, most, written
from plaincrm.changes.parts import Reading, anywhere
from plaincrm.changes.wording import language_of
from plaincrm.document.body import Entry, Section, section_kind
from plaincrm.errors import UsageError
from plaincrm.language import label
from plaincrm.records.model import LogEntry
from plaincrm.records.schema import Schema

_GROUP = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")
_SHOWN = 72  # letters of an entry that are told of what was written


def log_entry(note: Reading, schema: Schema, new: NewEntry) -> Wish:
    """A note with this entry in its log, the newest above or below as the log has it; without a log one is begun.

    Raises:
        UsageError: the text cannot be read back as that one entry, or something in it is wrong.
    """
    log = _log_of(note)
    lines = bool(new.lines or new.promises)
    style = log_style(note, log.latest_first, schema, with_lines=lines)
    block = written(new, style, note, schema)
    entry = read_alone(schema, block)
    if (entry.time, entry.end_time, entry.channel, entry.direction, entry.who) != _head(new):
        raise UsageError(f"The entry would be read in another way: {block.splitlines()[0]}", "Say it in other words.")
    words = block.split("\n", 1)[0].removeprefix(dated(new.date, style).rstrip()).strip()
    what = f"logged {new.date} {words}"
    told = what if len(what) <= _SHOWN else f"{what[: _SHOWN - 1].rstrip()}…"
    in_its_lines = entry._replace(text=in_lines_of(note.text, entry.text))
    return Wish(
        told, (_placed(note, log, (new.date, new.time), block),), _has_one_more(note, in_its_lines), reveals=True
    )


def place_of(note: Reading, day: date, moment: time | None, block: str) -> Edit:
    """The edit that puts lines of an entry into a log where its day and time belong."""
    return _placed(note, _log_of(note), (day, moment), block)


def latest_first(note: Reading) -> Sequence[Entry]:
    """The entries of a note's log, the latest first as far as the log is in order."""
    return _log_of(note).latest_first


def runs_upwards(note: Reading) -> bool:
    """Whether the oldest entry of a log stands first."""
    return _log_of(note).upwards


class _Log(NamedTuple):
    """The log of a note: its section if there is one, its entries in the order of the file, and that order."""

    section: Section | None
    entries: tuple[Entry, ...]
    upwards: bool  # the oldest first

    @property
    def latest_first(self) -> Sequence[Entry]:
        return self.entries[::-1] if self.upwards else self.entries


def _log_of(note: Reading) -> _Log:
    body = note.document.body
    sections = [section for section in body.sections if section.level and section_kind(section.title) == "log"]
    held = [(section, _entries_in(section, note)) for section in sections]
    section, entries = next(((log, found) for log, found in held if found), held[0] if held else (None, ()))
    if section is None:
        entries = tuple(body.entries)
    return _Log(section, entries, bool(entries) and _day(entries[0]) < _day(entries[-1]))


def _entries_in(log: Section, note: Reading) -> tuple[Entry, ...]:
    """The entries up to the next heading that is no deeper."""
    body = note.document.body
    ends = [section.start for section in body.sections if section.start > log.start and 0 < section.level <= log.level]
    end = min(ends, default=len(note.text))
    return tuple(entry for entry in body.entries if log.start <= entry.start < end)


def _placed(note: Reading, log: _Log, when: tuple[date, time | None], block: str) -> Edit:
    text, day = note.text, when[0]
    if not log.entries:
        return _first(note, log.section, block)
    at = _index(note, log, when)
    above = log.entries[at - 1] if at else None
    below = log.entries[at] if at < len(log.entries) else None
    gaps, heading = _Gaps(note, log.entries), block.startswith("#")
    if below is None or not _joins(note, above, below, day):
        if above is None or not _fits(_group(note, above), day):
            return _grouped(note, above, below, day, block)
        return lines_behind(text, _content_end(text, above), gaps.between(bool(above.level), heading), block)
    over = gaps.between(bool(above.level), heading) if above is not None else 0
    under = gaps.between(heading, bool(below.level))
    end = len(text[: below.start].rstrip())
    blanks = max(text.count("\n", end, below.start) - 1, 0)
    if above is not None and blanks == under != over:
        return lines_behind(text, end, over, block)
    block = "\n" * max(0, over - blanks) + block
    return Edit(below.start, below.start, in_lines_of(text, f"{block}\n{under * chr(10)}"))


def _group(note: Reading, entry: Entry) -> Section | None:
    """The heading of a year or a month that an entry stands under, as in `### 2026`."""
    section = next(found for found in reversed(note.document.body.sections) if found.start <= entry.start)
    return section if _GROUP.fullmatch(section.title) else None


def _fits(group: Section | None, day: date) -> bool:
    return group is None or day.isoformat().startswith(group.title)


def _joins(note: Reading, above: Entry | None, below: Entry, day: date) -> bool:
    """Whether an entry goes right before another: unless that is of another year, or under a heading of its own."""
    group = _group(note, below)
    apart = above is not None and any(
        above.start < section.start < below.start for section in note.document.body.sections
    )
    return _fits(group, day) and (group is not None or not apart)


def _grouped(note: Reading, above: Entry | None, below: Entry | None, day: date, block: str) -> Edit:
    """The first entry of a year or month, under a heading of its own as the others are."""
    text = note.text
    lower = _group(note, below) if below is not None else None
    group = lower or (_group(note, above) if above is not None else None)
    assert group is not None  # the day fits into no group, so there is one
    blank = _blank_below(text, group) or 0
    lines = f"{'#' * group.level} {day.isoformat()[: len(group.title)]}\n{blank * chr(10)}{block}"
    if lower is not None:
        return Edit(lower.start, lower.start, in_lines_of(text, f"{lines}\n\n"))
    assert above is not None  # whose group it is
    return lines_behind(text, _content_end(text, above), 1, lines)


def _index(note: Reading, log: _Log, when: tuple[date, time | None]) -> int:
    """How many entries stand above the new one. Of one day, what has no time stands at its end."""
    times = {entry.line: entry.time for entry in note.record.customer.entries}
    moment = when[0], when[1] or time.max

    def at(entry: Entry) -> tuple[date, time]:
        return _day(entry), times[note.document.source.line_of(entry.start)] or time.max

    if log.upwards:
        return max((place for place, entry in enumerate(log.entries, 1) if at(entry) <= moment), default=0)
    found = (place for place, entry in enumerate(log.entries) if at(entry) <= moment)
    return next(found, len(log.entries))


def _adjacent(text: str, above: Entry, below: Entry) -> bool:
    """Whether nothing but blank lines stands between two entries."""
    return not text[_content_end(text, above) : below.start].strip()


def _content_end(text: str, entry: Entry) -> int:
    """Where the last line of an entry ends that says something."""
    return entry.start + len(text[entry.start : entry.end].rstrip())


class _Gaps:
    """How many blank lines stand between entries of a log: between list items, and where a heading is one of two."""

    def __init__(self, note: Reading, entries: Sequence[Entry]) -> None:
        text = note.text
        pairs = [pair for pair in pairwise(entries) if _adjacent(text, *pair)]
        counts = [
            (bool(one.level or other.level), text.count("\n", _content_end(text, one), other.start) - 1)
            for one, other in pairs
        ]
        self._items = most((count for headed, count in counts if not headed), 0)
        self._headings = most((count for headed, count in counts if headed), 1)

    def between(self, above: bool, below: bool) -> int:
        """The blank lines between two entries, each of which is a heading or none."""
        return self._headings if above or below else self._items


def _first(note: Reading, section: Section | None, block: str) -> Edit:
    """The first entry: at the end of the log's section, or in one that is made at the end of the note."""
    text = note.text
    others = [other for other in note.document.body.sections if other.level and other is not section]
    blank = most((found for other in others if (found := _blank_below(text, other)) is not None), 1)
    if section is not None:
        titled = len(text[section.start : section.body_start].rstrip()) + section.start
        said = section.start + len(text[section.start : section.end].rstrip())
        if not text[said:].strip() and text.endswith("\n"):  # what is blank at the end of the note serves
            more = max(0, (blank if said <= titled else 1) + 1 - text.count("\n", said))
            return Edit(len(text), len(text), in_lines_of(text, f"{more * chr(10)}{block}\n"))
        return lines_behind(text, max(titled, said), blank if said <= titled else 1, block)
    levels = Counter(other.level for other in note.document.body.sections if other.level > 1)
    heading = f"{'#' * (min(levels) if levels else 2)} {label('sections', 'log', language_of(note)).capitalize()}"
    lines = f"{heading}\n{blank * chr(10)}{block}"
    start = note.document.source.start
    end = len(text.rstrip())
    if end <= start:
        return Edit(len(text), len(text), in_lines_of(text, f"{lines}\n"))
    if not text.endswith("\n"):
        return Edit(len(text), len(text), in_lines_of(text, f"\n\n{lines}"))
    over = "\n" if text.count("\n", end) < 2 else ""
    return Edit(len(text), len(text), in_lines_of(text, f"{over}{lines}\n"))


def _blank_below(text: str, section: Section) -> int | None:
    """Whether a heading has a blank line under it, as a number; None where nothing stands there."""
    body = text[section.body_start : section.end]
    begin = len(body) - len(body.lstrip())
    return min(body.count("\n", 0, begin) - 1, 1) if body.strip() else None


def _has_one_more(before: Reading, new: LogEntry) -> Callable[[Reading], bool]:
    """Whether a later reading has this entry and those that were there, and has the fields and the vision as before."""
    expected = Counter(repr(anywhere(entry)) for entry in (*before.record.customer.entries, new))
    kept = _besides(before)
    return lambda after: (
        Counter(repr(anywhere(entry)) for entry in after.record.customer.entries) == expected
        and _besides(after) == kept
    )


def _besides(note: Reading) -> tuple[object, ...]:
    """What an entry does not touch."""
    customer = note.record.customer
    return customer.vision, customer.other, [task._replace(line=0) for task in customer.promises]


def _head(new: NewEntry) -> tuple[object, ...]:
    return new.time, new.end_time, new.channel, new.direction, new.who


def _day(entry: Entry) -> date:
    assert entry.opening.day is not None  # the body keeps no entry without a day
    return entry.opening.day.date
