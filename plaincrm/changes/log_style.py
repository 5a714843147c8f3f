"""How the log of a note is written, seen from its latest entries, and a new entry written in the same way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from datetime import time as Clock
from typing import NamedTuple, TypeVar

from plaincrm.changes.entry import NewEntry
from plaincrm.changes.parts import Reading
from plaincrm.changes.task_style import task_line, task_style
from plaincrm.changes.wording import language_of, worded
from plaincrm.document.body import Entry
from plaincrm.document.tasks import Style
from plaincrm.language import LANGUAGES, is_word, label
from plaincrm.records.entry import read_times
from plaincrm.records.model import LogEntry
from plaincrm.records.schema import Schema

T = TypeVar("T")

_RECENT = 9  # latest entries: older ones may be written in a way that was given up
_BEFORE_DATE = re.compile(r"(?P<mark>.*?)(?P<emphasis>[*_]{0,2})(?P<bracket>\[{0,2})")
_SHOWN = re.compile(r"^\|[^\[\]]*")  # the words that a link to a daily note shows
_MARK = re.compile(r"(?:[-*+]|\d+[.)]) +")
_END = re.compile(r"(?::|\s-|\s*[–—|])\s*$")
_HEAD_ENDS = {":": ": ", "-": " - ", "–": " – ", "—": " — ", "|": " | "}
_DOTTED = re.compile(r"[^\d]{0,6}\d{1,2}\.\d{2}\b")


class LogStyle(NamedTuple):
    """How entries of one log are written: what stands around the date, the forms of date and time, the words."""

    before: str = "- "
    after: str = " "
    finnish_date: bool = False
    dotted_clock: bool = False
    head_end: str = ": "
    indent: str = "  "  # of what stands under the first line
    language: str = LANGUAGES[0]
    channels: tuple[tuple[str, str], ...] = ()  # canonical, and as this log has it
    directions: tuple[tuple[str, str], ...] = ()
    tasks: Style = "emoji"

    @property
    def is_heading(self) -> bool:
        """Whether entries are headings, not list items."""
        return self.before.startswith("#")


class _Seen(NamedTuple):
    """An entry of the log in both readings, with the words behind its date and time as they stand there."""

    raw: Entry
    entry: LogEntry
    before: str  # the date, on its line
    after: str  # it, up to its words
    line: str
    words: str


def log_style(note: Reading, entries: Sequence[Entry], schema: Schema, *, with_lines: bool) -> LogStyle:
    """The way a new entry is to be written; `entries` are those of the log, the latest first.

    Where a log has headings and list items, headings are for entries `with_lines` of their own.
    """
    known = {entry.line: entry for entry in note.record.customer.entries}
    days = [raw for raw in entries if raw.opening.day and raw.opening.day.precision == "day"][:_RECENT]
    seen = [_seen(note, raw, known[note.document.source.line_of(raw.start)]) for raw in days]
    alike = [one for one in seen if bool(one.raw.level) == with_lines] or seen
    before, after = most(map(_around_date, alike), ("- ", " "))
    spelt = [(one.entry, words) for one in seen if (words := _spelt(one, schema))]
    language = _language([word for _entry, words in spelt for word in words if word], note)
    indents = [re.findall(r"^[ \t]+(?=\S)", one.entry.text, re.MULTILINE)[:1] for one in alike if not one.raw.level]
    hanging = " " * len((_MARK.match(before) or [""])[0])
    return LogStyle(
        before=before,
        after=after,
        finnish_date=most(("." in one.raw.opening.date_text for one in alike), False),
        dotted_clock=most((bool(_DOTTED.match(one.line)) for one in seen if one.entry.time), False),
        head_end=most((end for one in alike if (end := _head_end(one))), ": "),
        indent="" if before.startswith("#") else most((found[0] for found in indents if found), hanging),
        language=language,
        channels=tuple((str(entry.channel), words[0]) for entry, words in spelt),
        directions=tuple((entry.direction, words[1]) for entry, words in spelt if entry.direction and words[1]),
        tasks=task_style(note),
    )


def written(new: NewEntry, style: LogStyle, note: Reading, schema: Schema) -> str:
    """The lines of an entry, with bare line feeds and none at the end."""
    fields = [
        f"[{label('inline', field.key, style.language)}:: {worded(value, field, typed, note, schema)}]"
        for field, typed, value in new.fields
    ]
    words = " ".join([*_when(new, style), *([head] if (head := _head(new, style)) else [])])
    said = " ".join([part for part in (new.summary, *fields) if part])
    end = style.head_end if new.summary and (new.channel or new.who) else " "
    first = f"{dated(new.date, style)}{words}{end if words and said else ''}{said}"
    promises = [task_line(promise, style.tasks, style.language) for promise in new.promises]
    return "\n".join([first.rstrip(), *(f"{style.indent}{line}" if line else "" for line in (*new.lines, *promises))])


def most(found: Iterable[T], default: T) -> T:
    """What is found most often; of equals the first."""
    counted = Counter(found).most_common(1)
    return counted[0][0] if counted else default


def _seen(note: Reading, raw: Entry, entry: LogEntry) -> _Seen:
    text, opening = note.text, raw.opening
    line = text[opening.words_start : raw.first_end]
    before, after = text[raw.start : opening.date_start], text[opening.date_end : opening.words_start]
    return _Seen(raw, entry, before, after, line, read_times(line)[2])


def _around_date(one: _Seen) -> tuple[str, str]:
    """What stands before the date and behind it, without what belongs to that one entry alone."""
    match = _BEFORE_DATE.fullmatch(one.before)
    assert match is not None  # every text is one
    after = _SHOWN.sub("", one.after)
    emphasis = match["emphasis"] if match["emphasis"] in after else ""  # it may go on behind the date
    return match["mark"] + emphasis + match["bracket"], after if after[-1:].isspace() else f"{after} "


def _spelt(one: _Seen, schema: Schema) -> tuple[str, str] | None:
    """Channel and direction as they are written, the latter empty where none is."""
    if one.entry.channel is None:
        return None
    words = re.split(r"[,:|–—\[]|\s-(?:\s|$)", one.words)[0].split()
    for count in range(len(words), 0, -1):
        if schema.channel(" ".join(words[:count])) == one.entry.channel:
            return " ".join(words[:count]), " ".join(words[count:])
    return None


def _language(words: Sequence[str], note: Reading) -> str:
    """The language of the log's words; where they tell none, that of the note."""
    counts = {
        language: sum(is_word(language, "channels", word) or is_word(language, "directions", word) for word in words)
        for language in LANGUAGES
    }
    best = max(LANGUAGES, key=lambda language: counts[language])
    return best if counts[best] else language_of(note)


def _head_end(one: _Seen) -> str | None:
    """What stands between the words of the head and the summary."""
    at = one.words.rfind(one.entry.summary) if one.entry.summary and one.entry.channel else -1
    found = _END.search(one.words[:at]) if at > 0 else None
    return _HEAD_ENDS[found[0].strip()] if found else None


def dated(day: date, style: LogStyle) -> str:
    """How the first line of an entry begins, up to its words."""
    shown = f"{day.day}.{day.month}.{day.year}" if style.finnish_date else day.isoformat()
    return f"{style.before}{shown}{style.after}"


def _when(new: NewEntry, style: LogStyle) -> list[str]:
    times = "-".join(_clock(time, style) for time in (new.time, new.end_time) if time)
    return [times] if times else []


def _clock(time: Clock, style: LogStyle) -> str:
    return f"{time:%H.%M}" if style.dotted_clock else f"{time:%H:%M}"


def _head(new: NewEntry, style: LogStyle) -> str:
    channel = _word("channels", new.channel, style.channels, style.language)
    direction = _word("directions", new.direction, style.directions, style.language)
    words = " ".join(word for word in (channel, direction) if word)
    return f"{words}, {new.who}" if new.who else words


def _word(kind: str, name: str | None, used: Sequence[tuple[str, str]], language: str) -> str:
    """A channel or direction as this log has it, else in its language."""
    if name is None:
        return ""
    return most((word for canonical, word in used if canonical == name), label(kind, name, language))
