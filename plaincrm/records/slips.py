"""What looks like a date, a field or an entry in a note's text and is read as plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.dates import iso_form, parse_date
from plaincrm.document.inline import code_mask
from plaincrm.document.source import line_end
from plaincrm.document.tasks import DATE_EMOJI, PLUGIN_KEYS
from plaincrm.errors import Fault, fault
from plaincrm.language import fold
from plaincrm.records.days import iso_hint
from plaincrm.records.near import nearest_key

if TYPE_CHECKING:
    from plaincrm.document.body import TaskItem
    from plaincrm.document.inline import InlineField
    from plaincrm.records.fields import Field
    from plaincrm.records.sound import Note

# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_TASK_DATE = (
    rf"(?P<emoji>[{''.join(DATE_EMOJI)}])\ufe0f?[ \u00a0]*"
    r"(?P<value>(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"
    r"|(?P<date>[0-9]{1,4}[./-][0-9]{1,2}(?:[./-][0-9]{0,4})?|[0-9]{8})(?![0-9])"
    # Words after a day to come are meant as a day where the line ends with them.
    r"|(?P<words>(?<=[📅📆🗓⏳⌛🛫 \u00a0\ufe0f])[^\W_]{1,20}(?: [^\W_]{1,20}){0,2}$))"
)
_TO_COME = frozenset(("due", "scheduled", "start"))


def unread_task_dates(note: Note) -> Iterator[Fault]:
    """Days of promises that stand behind their emoji and are none, or not where the Tasks plugin reads them."""
    for item in note.tasks:
        if item.task.text_end > item.task.text_start:
            yield from _dates_in_words(note.document.source.text, item)
            yield from _bare_dates(note, item)


def _dates_in_words(text: str, item: TaskItem) -> Iterator[Fault]:
    """Of a line, the days that are none; where there are none of these, the ones with words behind them."""
    task = item.task
    if DATE_EMOJI.keys().isdisjoint(task.text):  # nearly always
        return
    found = [
        match
        for match in re.compile(_TASK_DATE).finditer(text, task.text_start, task.text_end)
        if match[0] in task.text
    ]
    if not found:
        return
    code = code_mask(text[item.start : item.end])
    found = [match for match in found if not code[match.start() - item.start]]
    bad = [match for match in found if _is_bad(match, task.text_start)]
    for match in bad:
        name, value, span = DATE_EMOJI[match["emoji"]], match["value"], match.span("value")
        yield fault("bad-date", *span, iso_form(value), field=name, value=value, hint=iso_hint(value))
    if bad or task.status_type in ("done", "cancelled"):
        return
    for match in found:
        if match["iso"]:
            yield fault("unread-task-date", *match.span("value"), field=DATE_EMOJI[match["emoji"]], value=match["iso"])


_BARE_DATE = r"(?<!\S)[\[(]?(?P<key>due|scheduled|start): ?(?P<value>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])[\])]?"


def _bare_dates(note: Note, item: TaskItem) -> Iterator[Fault]:
    """Days as other programs have them, `due:2026-12-01`."""
    task = item.task
    if task.status_type in ("done", "cancelled") or ":" not in task.text:
        return
    for match in re.compile(_BARE_DATE).finditer(note.document.source.text, task.text_start, task.text_end):
        if _is_read(note, match.start()):
            yield _unread(match.span(), match[0], match["key"], match["value"])


def _is_bad(match: re.Match[str], begin: int) -> bool:
    """Whether a day is meant and none is written; an emoji before the first word is an ornament."""
    if match["words"]:
        return match.start() > begin and DATE_EMOJI[match["emoji"]] in _TO_COME
    return parse_date(match["value"]) is None


_ONE_COLON = re.compile(
    r"\[(?P<key>[^\W\d][\w -]{1,40}): ?(?P<value>[-−+]?[0-9][0-9 .,\u00a0]{0,15}(?:%|[€$£¥]|[^\W\d_]{1,5})?)\](?![(:])"
)
_BARE = r"(?<!\S)(?P<key>[^\W\d][\w-]{1,40})::(?= ?[^\s:])"
_LISTED = r"[ \t>]*(?:[-*+]|[0-9]{1,9}[.)]|#{1,6})[ \t]"
_MONEY = r"[0-9][0-9 .,\u00a0]*(?:[€$£¥]|[A-Z]{3})"


def unread_fields(note: Note) -> Iterator[Fault]:
    """Inline fields whose key is misspelt, and known ones without their brackets or their second colon."""
    yield from _misspelt(note)
    yield from _with_one_colon(note)
    if note.document.source.text.count("::", note.begin) > len(note.inline):
        yield from _without_brackets(note, note.inline)


def _with_one_colon(note: Note) -> Iterator[Fault]:
    for match in _ONE_COLON.finditer(note.document.source.text, note.begin):
        known = note.schema.table.find_inline(match["key"])
        if known and known.type in ("money", "number", "percent") and _is_read(note, match.start()):
            yield _unread(match.span(), match[0], match["key"], match["value"])


def _without_brackets(note: Note, taken: list[InlineField]) -> Iterator[Fault]:
    """On list items and headings, where a field has to have them."""
    text = note.document.source.text
    for match in re.compile(_BARE).finditer(text, note.begin):
        at = match.start()
        if note.schema.table.find_inline(match["key"]) is None or any(item.start <= at < item.end for item in taken):
            continue
        if re.compile(_LISTED).match(text, text.rfind("\n", 0, at) + 1) and _is_read(note, at):
            yield _unread(match.span(), match[0], match["key"], "…")


def _misspelt(note: Note) -> Iterator[Fault]:
    table = note.schema.table
    odd = {key for key in {item.key for item in note.inline} if table.find_inline(key) is None} - PLUGIN_KEYS
    for item in note.inline if odd else ():
        if item.key in odd and item.value:
            near = None if table.find(item.key) else nearest_key(fold(item.key), table.inline_spellings())
            if near and _is_meant(fold(item.key), near, item.value, table.find_inline(near)):
                yield _unread((item.start, item.end), item.key, near, item.value)


def _is_meant(word: str, near: str, value: str, known: Field | None) -> bool:
    """Whether one letter for another in a short word is a slip (`sele`) and no other word (`post` is no cost)."""
    if len(word) > 5 or len(word) != len(near) or sorted(word) == sorted(near):
        return True
    return known is not None and known.type == "money" and re.match(_MONEY, value) is not None


def _unread(span: tuple[int, int], written: str, key: str, value: str) -> Fault:
    return fault("unknown-inline-field", *span, written=written, near=f"[{key}:: {value}]")


def _is_read(note: Note, at: int) -> bool:
    """Whether a place of the text stands in neither code nor a comment."""
    text = note.document.body.seen
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin : line_end(text, at)]
    return text[at] == note.document.source.text[at] and not ("`" in line and code_mask(line)[at - begin])
