"""How the promises of a note are written, in the emoji or the Dataview format, and new ones and days in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plaincrm.changes.entry import Promise
from plaincrm.changes.parts import Reading
from plaincrm.document.body import TaskItem
from plaincrm.document.tasks import Style, signifier_text
from plaincrm.language import LANGUAGES, label


def task_items(note: Reading) -> Iterator[TaskItem]:
    """Every promise of a note as it stands in the document."""
    yield from note.document.body.tasks
    for entry in note.document.body.entries:
        yield from entry.tasks


def task_style(note: Reading) -> Style:
    """The format that most promises of a note are in; emoji, the Tasks plugin's own default, where none tells."""
    counts = Counter(item.task.style for item in task_items(note))
    return "dataview" if counts["dataview"] > counts["emoji"] else "emoji"


def task_line(promise: Promise, style: Style, language: str) -> str:
    """A promise as a list item; whose it is stands before the day, where the plugin reads both."""
    owes = ""
    if promise.owes == "them":
        theirs = "them" if language == LANGUAGES[0] else label("parties", "them", language)
        owes = f" [{label('inline', 'owes', language)}:: {theirs}]"
    due = signifier_text("due", promise.due.isoformat(), style) if promise.due else ""
    return f"- [ ] {promise.text}{owes}{due}"
