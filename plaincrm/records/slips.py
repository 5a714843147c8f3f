"""What looks like a date, a field or an entry in a note's text and is read as plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.dates import iso_form, parse_date
from plaincrm.document.inline import code_mask
from plaincrm.document.tasks import DATE_EMOJI
from plaincrm.errors import Fault, fault
from plaincrm.records.values import iso_hint

if TYPE_CHECKING:
    from plaincrm.document.body import TaskItem
    from plaincrm.records.sound import Note

_TASK_DATE = re.compile(
    rf"(?P<emoji>[{''.join(DATE_EMOJI)}])\ufe0f?[ \u00a0]*"
    r"(?P<value>(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"
    r"|(?P<date>[0-9]{1,4}[./-][0-9]{1,2}(?:[./-][0-9]{0,4})?|[0-9]{8})(?![0-9])"
    # Words after a day to come are meant as a day where the line ends with them.
    r"|(?P<words>(?<=[📅📆🗓⏳⌛🛫 \u00a0\ufe0f])[^\W_]{1,20}(?: [^\W_]{1,20}){0,2}$))"
)
_TO_COME = frozenset(("due", "scheduled", "start"))


def unread_task_dates(note: Note) -> Iterator[Fault]:
    """Days of promises that stand behind their emoji and are none, or not where the Tasks plugin reads them."""
    for item in note.tasks():
        if item.task.text_end > item.task.text_start:
            yield from _dates_in_words(note.document.source.text, item)


def _dates_in_words(text: str, item: TaskItem) -> Iterator[Fault]:
    """Of a line, the days that are none; where there are none of these, the ones with words behind them."""
    task = item.task
    found = [match for match in _TASK_DATE.finditer(text, task.text_start, task.text_end) if match[0] in task.text]
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


def _is_bad(match: re.Match[str], begin: int) -> bool:
    """Whether a day is meant and none is written; an emoji before the first word is an ornament."""
    if match["words"]:
        return match.start() > begin and DATE_EMOJI[match["emoji"]] in _TO_COME
    return parse_date(match["value"]) is None
