"""The body line by line: sections, log entries, tasks, inline fields and links, none of them from code or comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from plaincrm.document.inline import InlineField, inline_fields, unclosed_fields
from plaincrm.document.log import Opening, heading_level, heading_opening, item_opening
from plaincrm.document.tasks import TaskLine, read_task
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


@dataclass(slots=True)
class Entry:
    """A log entry: from its date to the next entry or heading, with all that is nested under it."""

    opening: Opening
    level: int  # of the heading, 0 for a list item
    start: int
    first_end: int  # of its first line
    end: int = 0
    inline: list[InlineField] = field(default_factory=list)
    tasks: list[TaskItem] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """From one heading to the next; the text before the first heading has level 0 and no title."""

    title: str
    level: int
    start: int
    body_start: int
    end: int = 0


@dataclass(slots=True)
class Body:
    """What stands behind the front matter. `inline` and `tasks` hold those outside every entry."""

    sections: list[Section] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    inline: list[InlineField] = field(default_factory=list)
    tasks: list[TaskItem] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


WIKILINK = re.compile(r"\[\[([^\[\]|#^\n]{1,300})(?:[#^|][^\[\]\n]{0,300})?\]\]")
_FENCE = re.compile(r"[ \t]*(`{3,}(?=[^`]*$)|~{3,})")
_LIST_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_LOG_HEADING = re.compile(r"^(#{1,6})[ \t]+(.{1,60}?)[ \t#]*\r?$", re.MULTILINE)
_REOPENED = 20  # openers never closed that are read past; a file with more is no note


def read_body(text: str, start: int) -> Body:
    """Read the text behind the front matter. Never raises; cost grows with its length."""
    scanner = _Scanner(text, start)
    scanner.run()
    return scanner.body


def section_kind(title: str) -> str | None:
    """Which known section (log, vision, deals) a heading names, whatever signs stand around its words."""
    return canonical("sections", title.strip(" \t#*_:🕐📝📞🗒️"))


class _Scanner:
    """One pass over the lines, remembering the entry and the section that are open."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.body = Body()
        self.has_log = any(section_kind(match[2]) == "log" for match in _LOG_HEADING.finditer(text, start))
        self.log_level = 0  # of the log section that is open
        self.entry: Entry | None = None
        self.section = Section("", 0, start, start)
        self.blank_before = True
        self.lines: list[str] = text[start:].split("\n") if start < len(text) else []
        self.at = start

    def run(self) -> None:
        """Read every line; an opener of code or comment that is never closed is named and read past."""
        index, at, past = 0, self.at, 0
        while index < len(self.lines):
            line = self.lines[index]
            closing = self._closer(line) if past < _REOPENED else None
            if closing is not None:
                skipped = self._hidden(index, closing)
                if skipped:
                    at += sum(len(hidden) + 1 for hidden in self.lines[index : index + skipped])
                    index += skipped
                    continue
                past += 1
                code = "unclosed-comment" if closing in ("%%", "-->") else "unclosed-fence"
                self.body.faults.append(fault(code, at, at + len(line.rstrip())))
            self._line(line.rstrip("\r"), at)
            at += len(line) + 1
            index += 1
        end = len(self.text)
        self._close_entry(end)
        self._close_section(end)

    def _closer(self, line: str) -> str | None:
        """What would end the code block or comment that a line opens; None where it opens none."""
        if "```" in line or "~~~" in line:
            match = _FENCE.match(line)
            if match:
                return match[1]
        if "%%" in line and line.count("%%") % 2:
            return "%%"
        if "<!--" in line and line.rfind("-->") < line.rfind("<!--"):
            return "-->"
        return None

    def _hidden(self, index: int, closing: str) -> int:
        """How many lines a code block or comment takes, its last included; 0 when it is never closed."""
        fenced = closing[0] in "`~"
        for count, line in enumerate(self.lines[index + 1 :], 2):
            if fenced:
                bare = line.strip()
                if bare.startswith(closing) and not bare.strip(closing[0]):
                    return count
            elif closing in line:
                return count
        return 0

    def _line(self, line: str, at: int) -> None:
        stripped = line.lstrip(" \t")
        if not stripped:
            self.blank_before = True
            return
        indent, first = len(line) - len(stripped), stripped[0]
        if first == "#" and indent == 0 and heading_level(line):
            self._heading(line, at)
        elif first == ">":
            self._task(line, at)
        elif _LIST_ITEM.match(stripped):
            self._item(line, at, indent)
        else:
            if self.entry and not self.entry.level and not indent and self.blank_before:
                self._close_entry(at)
            self._content(line, at, listed=False)
        self.blank_before = False

    def _heading(self, line: str, at: int) -> None:
        level = heading_level(line)
        opening = heading_opening(line, at)
        if opening:
            if self._open_entry(opening, level, line, at):
                self._content(line, at, listed=True)
            return
        if self.entry and not (self.entry.level and level > self.entry.level):
            self._close_entry(at)
        if self.entry:
            return  # a deeper heading belongs to the entry
        self._close_section(at)
        title = line[level:].strip().rstrip("#").strip()
        self.section = Section(title, level, at, at + len(line))
        if section_kind(title) == "log":
            self.log_level = level
        elif level <= self.log_level:
            self.log_level = 0
        self._content(line, at, listed=True)

    def _item(self, line: str, at: int, indent: int) -> None:
        if indent == 0:
            opening = item_opening(line, at) if self.log_level or not self.has_log else None
            if opening:
                if self._open_entry(opening, 0, line, at):
                    self._content(line, at, listed=True)
                return
            if self.entry and not self.entry.level:
                self._close_entry(at)
        if not self._task(line, at):
            self._content(line, at, listed=True)

    def _open_entry(self, opening: Opening, level: int, line: str, at: int) -> bool:
        self._close_entry(at)
        if opening.day is None:
            self.body.faults.append(fault("bad-entry-date", opening.date_start, opening.date_end))
            return False
        self.entry = Entry(opening, level, at, at + len(line))
        return True

    def _close_entry(self, at: int) -> None:
        if self.entry:
            self.entry.end = at
            self.body.entries.append(self.entry)
            self.entry = None

    def _close_section(self, at: int) -> None:
        self.section.end = at
        self.body.sections.append(self.section)

    def _task(self, line: str, at: int) -> bool:
        task = read_task(line, at) if "[" in line else None
        if task is None:
            return False
        inline = tuple(self._inline(line, at, listed=True))
        item = TaskItem(task, at, at + len(line), inline)
        (self.entry or self.body).tasks.append(item)
        return True

    def _content(self, line: str, at: int, *, listed: bool) -> None:
        (self.entry or self.body).inline.extend(self._inline(line, at, listed=listed))

    def _inline(self, line: str, at: int, *, listed: bool) -> list[InlineField]:
        """The inline fields of a line; its links are noted on the way."""
        if "[[" in line:
            for match in WIKILINK.finditer(line):
                self.body.links.append(Link(match[1].strip(), at + match.start(), at + match.end()))
        if "::" not in line:
            return []
        for place in unclosed_fields(line):
            self.body.faults.append(fault("unclosed-field", at + place, at + len(line)))
        return inline_fields(line, listed=listed, offset=at)
