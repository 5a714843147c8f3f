"""The body line by line: sections, log entries, tasks, inline fields and links, none of them from code or comments."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from plaincrm.dates import iso_form
from plaincrm.document.hidden import without_hidden
from plaincrm.document.inline import InlineField, code_mask, inline_fields, simple_fields, unclosed_fields
from plaincrm.document.log import Opening, heading_level, heading_opening, item_opening
from plaincrm.document.tasks import PLUGIN_KEYS, TaskLine, read_task
from plaincrm.errors import Fault, fault
from plaincrm.language import canonical


class Link(NamedTuple):
    """A `[[target]]` in the text; the target without heading, block and shown words."""

    target: str
    start: int
    end: int


class TaskItem(NamedTuple):
    """A task with its place and the inline fields on its line."""

    task: TaskLine
    start: int
    end: int
    inline: tuple[InlineField, ...]


class Entry:
    """A log entry: from its date to the next entry or heading, with all that is nested under it."""

    __slots__ = ("end", "first_end", "inline", "level", "opening", "start", "tasks")

    def __init__(self, opening: Opening, level: int, start: int, first_end: int) -> None:
        self.opening = opening
        self.level = level  # of the heading, 0 for a list item
        self.start = start
        self.first_end = first_end  # of its first line
        self.end = 0
        self.inline: list[InlineField] = []
        self.tasks: list[TaskItem] = []


class Section(NamedTuple):
    """From one heading to the next; the text before the first heading has level 0 and no title."""

    title: str
    level: int
    start: int
    body_start: int
    end: int = 0


class Body:
    """What stands behind the front matter. `inline` and `tasks` hold those outside every entry."""

    def __init__(self, seen: str = "") -> None:
        self.seen = seen  # the file's text with blanks for the code blocks and comments behind the front matter
        self.sections: list[Section] = []
        self.entries: list[Entry] = []
        self.inline: list[InlineField] = []
        self.tasks: list[TaskItem] = []
        self.links: list[Link] = []
        self.faults: list[Fault] = []


WIKILINK = re.compile(r"\[\[([^\[\]|#^\n]{1,300})(?:[#^|][^\[\]\n]{0,300})?\]\]")
_LIST_MARKS = "-*+0123456789"  # what a list item can begin with
_LIST_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)", re.ASCII)


def read_body(text: str, start: int) -> Body:
    """Read the text behind the front matter. Never raises; cost grows with its length."""
    seen, faults = without_hidden(text, start)
    lines = seen[start:].split("\n")
    has_log = any(_is_log_heading(line) for line in lines if line[:1] == "#")
    scanner = _Scanner(Body(seen), start, has_log=has_log)
    scanner.body.faults += faults
    return scanner.run(lines)


def _is_log_heading(line: str) -> bool:
    return heading_level(line) > 0 and section_kind(line) == "log"


@lru_cache(maxsize=4096)
def section_kind(title: str) -> str | None:
    """Which known section (log, vision, deals) a heading names, whatever signs stand around its words."""
    return canonical("sections", title.strip(" \t\r#*_:🕐📝📞🗒️"))


class _Scanner:
    """One pass over the lines, remembering the entry and the section that are open."""

    def __init__(self, body: Body, start: int, *, has_log: bool) -> None:
        self.body = body
        self.has_log = has_log
        self.log_level = 0  # of the log section that is open
        self.entry: Entry | None = None
        self.section = ("", 0, start, start)  # title, level, start and start of its body
        self.blank_before = True
        self.start = start
        self.end = len(body.seen)

    def run(self, lines: list[str]) -> Body:
        at = self.start
        for line in lines:
            if line:
                self._line(line.rstrip("\r"), at)
            else:
                self.blank_before = True
            at += len(line) + 1
        self._close_entry(self.end)
        self._close_section(self.end)
        return self.body

    def _line(self, line: str, at: int) -> None:
        stripped = line.lstrip(" \t")
        if not stripped:
            self.blank_before = True
            return
        indent, first = len(line) - len(stripped), stripped[0]
        level = heading_level(line) if first == "#" and not indent else 0
        if level:
            self._heading(line, at, level)
        elif first == ">":
            if not self._task(line, at):
                self._links(line, at)
        elif first in _LIST_MARKS and _LIST_ITEM.match(stripped):
            self._item(line, at, indent)
        else:
            if self.entry and not self.entry.level and not indent and self.blank_before:
                self._close_entry(at)
            self._content(line, at, listed=False)
        self.blank_before = False

    def _heading(self, line: str, at: int, level: int) -> None:
        opening = heading_opening(line, at)
        if opening:
            self._open_entry(opening, level, line, at)
            return
        if self.entry and not (self.entry.level and level > self.entry.level):
            self._close_entry(at)
        if self.entry:  # a deeper heading belongs to it
            self._content(line, at, listed=True)
            return
        self._close_section(at)
        title = line[level:].strip().rstrip("#").strip()
        self.section = (title, level, at, at + len(line))
        if section_kind(title) == "log":
            self.log_level = level
        elif level <= self.log_level:
            self.log_level = 0
        self._content(line, at, listed=True)

    def _item(self, line: str, at: int, indent: int) -> None:
        if indent == 0:
            opening = item_opening(line, at) if self.log_level or not self.has_log else None
            if opening:
                self._open_entry(opening, 0, line, at)
                return
            if self.entry and not self.entry.level:
                self._close_entry(at)
        if not self._task(line, at):
            self._content(line, at, listed=True)

    def _open_entry(self, opening: Opening, level: int, line: str, at: int) -> None:
        self._close_entry(at)
        if opening.day:
            self.entry = Entry(opening, level, at, at + len(line))
        else:
            fix = iso_form(opening.date_text)
            self.body.faults.append(fault("bad-entry-date", opening.date_start, opening.date_end, fix))
        self._content(line, at, listed=True)

    def _close_entry(self, at: int) -> None:
        if self.entry:
            self.entry.end = at
            self.body.entries.append(self.entry)
            self.entry = None

    def _close_section(self, at: int) -> None:
        self.body.sections.append(Section(*self.section, end=at))

    def _task(self, line: str, at: int) -> bool:
        task = read_task(line, at) if "[" in line else None
        if task is None:
            return False
        inline = self._inline(line, at, listed=True)
        if any(item.key not in PLUGIN_KEYS for item in inline):
            task = _read_past(line, at, inline)
        (self.entry or self.body).tasks.append(TaskItem(task, at, at + len(line), tuple(inline)))
        return True

    def _content(self, line: str, at: int, *, listed: bool) -> None:
        if "::" in line or "[[" in line:
            (self.entry or self.body).inline.extend(self._inline(line, at, listed=listed))

    def _inline(self, line: str, at: int, *, listed: bool) -> list[InlineField]:
        """The inline fields of a line; its links are noted on the way."""
        if "[[" in line:
            self._links(line, at)
        if "::" not in line:
            return []
        if found := simple_fields(line, at):
            return found
        found = inline_fields(line, listed=listed, offset=at)
        if len(found) < line.count("::") or not found[0].style:
            for place in unclosed_fields(line)[:1]:  # what follows is no field of its own
                self.body.faults.append(fault("unclosed-field", at + place, at + len(line)))
        return found

    def _links(self, line: str, at: int) -> None:
        code = code_mask(line) if "`" in line else None
        for match in WIKILINK.finditer(line):
            if code is None or not code[match.start()]:
                self.body.links.append(Link(match[1].strip().removesuffix("\\"), at + match.start(), at + match.end()))


def _read_past(line: str, at: int, inline: list[InlineField]) -> TaskLine:
    """A task read as if our own fields did not stand among the plugin's signifiers, where they would hide dates.

    The plugin reads from the end of the line and stops at what it does not know, so that `📅 2026-11-23
    [owes:: them]` has no due date there. Fields left of every signifier are part of the text.
    """

    def read(first: int) -> TaskLine:
        pieces: list[str] = []
        copied = 0
        for item in inline:
            if item.key not in PLUGIN_KEYS and item.start >= first:
                pieces += line[copied : item.start - at], " " * (item.end - item.start)
                copied = item.end - at
        task = read_task("".join(pieces) + line[copied:], at)
        assert task is not None  # fields stand behind the box that makes a task
        return task

    task = read(at)
    return read(task.signifiers[0].start if task.signifiers else at + len(line))
