"""Completion in the text: customers in links, days by word, inline fields, channels of the log, signs of promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plaincrm.document.log import heading_opening, item_opening
from plaincrm.document.tasks import DATE_EMOJI, signifier_text
from plaincrm.language import LANGUAGES, label, unaccented
from plaincrm.live.lsp.choices import Choice, Cursor, customers, days, of_words
from plaincrm.records.entry import read_times
from plaincrm.records.schema import Schema

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


def body_choices(at: Cursor) -> Iterator[Choice]:
    """What may be typed at a place of the text."""
    before = at.note.before(at.offset)
    if link := _LINK.search(before):
        yield from _links(at, link[1])
    elif word := _DAY_WORD.search(before):
        yield from days(word[1], at.offset - len(word[1]) - 1, at.offset, at.today)  # the at sign goes
    elif at.note.is_record:
        yield from _of_record(at, before)


def _of_record(at: Cursor, before: str) -> Iterator[Choice]:
    if pair := _VALUE.search(before):
        yield from _values(at, pair[1], pair[2])
    elif (field := _FIELD.search(before)) and not _BOX.match(before):
        yield from _fields(at, field[1] or "")
    elif day := _DAY_SIGN.search(before):
        yield from days(day[1], at.offset - len(day[1]), at.offset, at.today)
    elif _TASK.match(before):
        word = _LAST_WORD.search(before)
        if word and (word[1] or not at.sign):
            yield from _signs(word[1], at.offset)
    else:
        yield from _log_words(at.note.vault.config.schema, before, at.offset)


def _links(at: Cursor, typed: str) -> Iterator[Choice]:
    closed = at.note.text.startswith("]]", at.offset)
    for customer, name in customers(at.index, typed):
        text = customer if closed else f"{customer}]]"
        yield Choice(at.offset - len(typed), at.offset, text, name, "customer", customer)


def _fields(at: Cursor, typed: str) -> Iterator[Choice]:
    """Inline fields behind an opening bracket."""
    for field in at.note.vault.config.schema.table.inline.values():
        if unaccented(field.key).startswith(unaccented(typed)):
            yield Choice(at.offset - len(typed), at.offset, f"{field.key}:: ", field.key, "key", field.help)


def _values(at: Cursor, key: str, typed: str) -> Iterator[Choice]:
    field = at.note.vault.config.schema.table.find_inline(key)
    start = at.offset - len(typed)
    if (field and field.type == "date") or key.strip() in _NEAR_DAYS:
        yield from days(typed, start, at.offset, at.today)
    elif field:
        yield from of_words(((value, field.help) for value in at.values(field)), typed, start, at.offset)


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
