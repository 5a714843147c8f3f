"""What is to be logged: a text as people type it and what is said besides, as one new entry of a log."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from datetime import time as Clock
from types import MappingProxyType
from typing import NamedTuple, cast

from plaincrm.changes.parts import Reading, reading
from plaincrm.checks.diagnostic import diagnostic
from plaincrm.checks.rules import BY_CODE
from plaincrm.dates import parse_clock
from plaincrm.document.inline import inline_fields
from plaincrm.document.log import item_opening
from plaincrm.errors import UsageError
from plaincrm.language import canonical
from plaincrm.records.entry import misspelt_channel
from plaincrm.records.fields import Field
from plaincrm.records.model import Direction, LogEntry, Party
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, nearest, read_value

_NO_YEAR = re.compile(r"\s*[0-9]{1,2}\.[0-9]{1,2}\.?(?:\s|$)", re.ASCII)
_NOWHERE = "entry.md"  # what is read alone stands in no file
_HEAD = "---\nname: x\n---\n\n## Log\n\n"  # of a note that holds one entry alone


class Promise(NamedTuple):
    """A promise to be written: what, by when if that is known, and whose it is."""

    text: str
    due: date | None = None
    owes: Party = "us"


class NewEntry(NamedTuple):
    """An entry to be written. `summary` has the inline fields typed in it, `lines` stand under the first line.

    `fields` are inline fields by their row of the field table, with what was typed and what it means.
    """

    date: date
    time: Clock | None
    end_time: Clock | None
    channel: str | None
    direction: Direction | None
    who: str
    summary: str
    fields: tuple[tuple[Field, str, object], ...] = ()
    lines: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()


class Besides(NamedTuple):
    """What is said of an entry besides its text, each as people write it; empty where nothing is."""

    channel: str = ""
    direction: str = ""
    time: str = ""
    who: str = ""
    fields: Mapping[str, Sequence[str]] = MappingProxyType({})
    promises: tuple[Promise, ...] = ()


_NOTHING = Besides()


def day_at_start(text: str) -> tuple[date | None, str]:
    """The day that a text begins with, as an entry of a log does, and the text behind it; None where it has none.

    Raises:
        UsageError: it begins with something like a day that is none.
    """
    opening = item_opening(f"- {text.strip()}", -2)
    if opening is None and not _NO_YEAR.match(text):
        return None, text
    if opening is None or opening.day is None or opening.day.precision != "day":
        word = text.split(maxsplit=1)[0]
        raise UsageError(f"{word} is no day.", "Write the day of the entry as YYYY-MM-DD, or leave it out.")
    return opening.day.date, text.strip()[opening.words_start :]


def new_entry(schema: Schema, day: date, text: str, besides: Besides = _NOTHING) -> NewEntry:
    """An entry of a text and of what is said besides.

    The first line of the text may begin as one of a log does: `14:30 call in, Pekka: wants a quote`. Where the channel
    is given, it is the summary alone. Its other lines stand under it.

    Raises:
        UsageError: a word is no channel, no direction, no time, no field or no value of it, nothing is said, or the
            text begins with a day of its own.
    """
    if not besides.channel and day_at_start(text)[0]:
        word = text.split(maxsplit=1)[0]
        raise UsageError(f"The text begins with a day: {word}.", "Give the day as such, not in the text.")
    first, _, rest = text.strip().partition("\n")
    named = _channel(besides.channel, schema)
    typed = _first_line(schema, day, f"{named}: {first}" if named else first)
    slip = None if typed.channel else misspelt_channel(first, schema)
    if slip and slip.direction:
        remedy = f"Did you mean {slip.near}? If not, say --channel, which makes TEXT the summary."
        raise UsageError(f"There is no channel {slip.word}.", remedy)
    start, end = _times(besides.time) if besides.time else (typed.time, typed.end_time)
    found = NewEntry(
        date=day,
        time=start,
        end_time=end,
        channel=typed.channel,
        direction=_direction(besides.direction) if besides.direction else typed.direction,
        who=" ".join(besides.who.split()) or typed.who,
        summary=_summary(first) if named else _behind_head(first, typed.summary),
        fields=tuple(_field(key, value, schema) for key, texts in besides.fields.items() for value in texts),
        lines=tuple(line.rstrip() for line in textwrap.dedent(rest).strip("\n").split("\n")) if rest.strip() else (),
        promises=besides.promises,
    )
    if found.direction and not found.channel:
        raise UsageError("A direction is said without a channel.", "Say which: call, email, meeting, visit ...")
    if not (found.channel or found.summary or found.fields or found.lines or found.promises):
        raise UsageError("There is nothing to log.", 'Write what was said: "call in, Pekka: wants a quote".')
    return found


def read_alone(schema: Schema, block: str) -> LogEntry:
    """What a block of lines says as the only entry of a log.

    Raises:
        UsageError: it is no single entry, or something in it is wrong.
    """
    note = alone(schema, block)
    for found in note.record.faults:
        if found.start >= len(_HEAD) and BY_CODE[found.code].severity != "hint":
            told = diagnostic(_NOWHERE, (1, 1, 1, 1), found.code, dict(found.facts))
            raise UsageError(f"The entry would have a fault ({found.code}): {told.message}", told.help)
    if not is_one_entry(note):
        remedy = "Leave out headings, lines that begin with a date, and signs of code or comments."
        raise UsageError("The text would not be one entry of the log.", remedy)
    return note.record.customer.entries[0]


def alone(schema: Schema, block: str) -> Reading:
    """A note whose log holds this block of lines alone."""
    return reading(_NOWHERE, f"{_HEAD}{block}\n".encode("utf-8", "surrogateescape"), schema)


def is_one_entry(note: Reading) -> bool:
    """Whether such a note has one entry that reaches to its end, and nothing else begins in it."""
    body = note.document.body
    return (
        len(body.entries) == 1
        and body.entries[0].end == len(note.text)
        and len(body.sections) == 2
        and not (body.tasks or body.inline)
    )


def _first_line(schema: Schema, day: date, line: str) -> LogEntry:
    return read_alone(schema, f"- {day} {line}".rstrip())


def _summary(line: str) -> str:
    return line.strip(" \t\r\u00a0")


def _behind_head(line: str, summary: str) -> str:
    """The summary as it was typed: with the inline fields in it, but those of the head behind it."""
    found = inline_fields(line, listed=True)
    pieces, at = [], 0
    for item in found:
        pieces.append(line[at : item.start].rstrip())
        at = item.end
    begin = ("".join(pieces) + line[at:]).rfind(summary)
    if summary and (not found or begin <= found[0].start):
        return _summary(line[begin:])
    return " ".join([*([summary] if summary else []), *(line[item.start : item.end] for item in found)])


def _channel(word: str, schema: Schema) -> str:
    if not word.strip():
        return ""
    found = schema.channel(word.strip())
    if found is None:
        known = (*schema.own_channels, *schema.choices("channels"))
        near = nearest(word, known)
        raise UsageError(
            f"There is no channel {word}.", f"Did you mean {near}?" if near else f"Known are {', '.join(known)}."
        )
    return found


def _direction(word: str) -> Direction:
    found = canonical("directions", word)
    if found is None:
        raise UsageError(f"{word} is no direction.", "Write in, out, missed or no-answer.")
    return cast("Direction", found)


def _times(text: str) -> tuple[Clock, Clock | None]:
    first, dash, last = re.sub(r"\s", "", text).replace("–", "-").partition("-")
    start, end = parse_clock(first), parse_clock(last)
    if start is None or (dash and end is None):
        raise UsageError(f"{text} is no time of day.", "Write 14:30, or 10:00-11:00.")
    return start, end


def _field(key: str, text: str, schema: Schema) -> tuple[Field, str, object]:
    field, typed = schema.table.find_inline(key), text.strip()
    if field is None or field.scope == "task":
        near = nearest(key, schema.table.inline_spellings())
        own = f"A field of your own is typed in the text: [{key}:: {typed}]."
        raise UsageError(f"Entries have no field {key}.", f"Did you mean {near}?" if near else own)
    try:
        return field, typed, read_value(typed, field, schema)
    except BadValue as bad:
        facts = {"field": field.key, "value": typed, **bad.facts}
        told = diagnostic(_NOWHERE, (1, 1, 1, 1), bad.code, facts)
        raise UsageError(told.message, told.help) from None
