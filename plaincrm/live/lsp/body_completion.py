"""Completion in the text: customers in links, days by word, inline fields, channels of the log, signs of promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from plaincrm.document.log import heading_opening, item_opening
from plaincrm.document.tasks import DATE_EMOJI, signifier_text
from plaincrm.index.index import Index
from plaincrm.language import LANGUAGES, label, unaccented
from plaincrm.live.lsp.choices import Choice, customers, days, of_words
from plaincrm.live.lsp.note import Note
from plaincrm.records.entry import read_times
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.reports.completion import values_of

_LINK = re.compile(r"\[\[([^\[\]|#^\n]*)$")
_DAY_WORD = re.compile(r"(?:^|(?<=[\s(\[:]))@([^@\n]{0,25})$")
_DAY_SIGN = re.compile(rf"[{''.join(DATE_EMOJI)}]\ufe0f? *([^\[\](){''.join(DATE_EMOJI)}]{{0,25}})$")
_VALUE = re.compile(r"[\[(]([^\[\]():]+)::[ \t]*([^\[\]()]*)$")
_FIELD = re.compile(r"(?<![\[\]])[\[(]([^\W\d][\w -]*)?$")
_BOX = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[^\]]?$")
_TASK = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[.\][ \t]")
_LAST_WORD = re.compile(r"(?:^|(?<=\s))([^\W\d_]*)$")
_NEAR_DAYS = ("due", "scheduled", "start")
_PRIORITIES = ("highest", "high", "medium", "low", "lowest")


def body_choices(note: Note, offset: int, today: date, index: Index | None, sign: str = "") -> Iterator[Choice]:
    """What may be typed at a place of the text; `sign` is the character that made the editor ask, if one did."""
    before = note.before(offset)
    if link := _LINK.search(before):
        yield from _links(note, link[1], offset, index)
    elif word := _DAY_WORD.search(before):
        yield from _at_days(word[1], offset, today)
    elif note.is_record:
        yield from _of_record(note, before, offset, today, index, sign)


def _of_record(note: Note, before: str, offset: int, today: date, index: Index | None, sign: str) -> Iterator[Choice]:
    if pair := _VALUE.search(before):
        yield from _values(note, pair[1], pair[2], offset, today, index)
    elif (field := _FIELD.search(before)) and not _BOX.match(before):
        yield from _fields(note, field[1] or "", offset)
    elif day := _DAY_SIGN.search(before):
        yield from days(day[1], offset - len(day[1]), offset, today)
    elif _TASK.match(before):
        word = _LAST_WORD.search(before)
        if word and (word[1] or not sign):
            yield from _signs(word[1], offset)
    else:
        yield from _log_words(note.vault.config.schema, before, offset)


def _links(note: Note, typed: str, offset: int, index: Index | None) -> Iterator[Choice]:
    closed = note.text.startswith("]]", offset)
    for customer, name in customers(index, typed):
        text = customer if closed else f"{customer}]]"
        yield Choice(offset - len(typed), offset, text, name, "customer", customer)


def _at_days(typed: str, offset: int, today: date) -> Iterator[Choice]:
    """Days behind an at sign, which goes."""
    yield from days(typed, offset - len(typed) - 1, offset, today)


def _fields(note: Note, typed: str, offset: int) -> Iterator[Choice]:
    """Inline fields behind an opening bracket; the one that closes it is put where the editor has put none."""
    for field in note.vault.config.schema.table.inline.values():
        if unaccented(field.key).startswith(unaccented(typed)):
            yield Choice(offset - len(typed), offset, f"{field.key}:: ", field.key, "key", field.help)


def _values(note: Note, key: str, typed: str, offset: int, today: date, index: Index | None) -> Iterator[Choice]:
    field = note.vault.config.schema.table.find_inline(key)
    start = offset - len(typed)
    if (field and field.type == "date") or key.strip() in _NEAR_DAYS:
        yield from days(typed, start, offset, today)
    elif field:
        words = ((value, field.help) for value in _inline_values(note, field, index))
        yield from of_words(words, typed, start, offset)


def _inline_values(note: Note, field: Field, index: Index | None) -> Iterable[str]:
    """The values that an inline field may have; of one of free text those it has in other entries."""
    if field.type == "text" and index is not None:
        query = "select text from measures where name = ? group by text order by count(*) desc, text limit 50"
        return [text for (text,) in index.rows(query, (field.key,))]
    return values_of(None, note.vault.config, field)


def _signs(typed: str, offset: int) -> Iterator[Choice]:
    """The signs of the Tasks plugin by their names, and whose a promise is."""
    signs = [(name, signifier_text(name, "", "emoji").lstrip(), f"{name} on a day") for name in _NEAR_DAYS]
    signs += [(f"priority {name}", f"{signifier_text('priority', name, 'emoji').strip()} ", "") for name in _PRIORITIES]
    signs.append(("repeat", f"{signifier_text('recurrence', 'every ', 'emoji').lstrip()}", "comes round"))
    signs.append(("theirs", "[owes:: them] ", "They owe it to us."))
    for name, text, about in signs:
        if name.startswith(unaccented(typed)):
            yield Choice(offset - len(typed), offset, text, f"{text.strip()} {name}", "word", about)


def _log_words(schema: Schema, before: str, offset: int) -> Iterator[Choice]:
    """The channel at the beginning of a log entry, then the direction."""
    opening = heading_opening(before, 0) or item_opening(before, 0)
    if opening is None or opening.day is None:
        return
    words = read_times(before[opening.words_start :])[2]
    if re.search(r"[:,|–—]", words):
        return
    said, blank, typed = words.lstrip().rpartition(" ")
    if said and schema.channel(said):
        yield from of_words(
            _spelled("directions", schema.choices("directions")), typed, offset - len(typed), offset, ": "
        )
    elif not (said or blank):
        own = ((word, "") for word in schema.own_channels)
        yield from of_words(
            (*own, *_spelled("channels", schema.choices("channels"))), typed, offset - len(typed), offset
        )


def _spelled(kind: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Words of a vocabulary in every language, each with its canonical name."""
    listed = [*names]
    found = {label(kind, name, language): name for language in reversed(LANGUAGES) for name in reversed(listed)}
    return [*reversed(found.items())]
