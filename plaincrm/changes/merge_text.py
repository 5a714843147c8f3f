"""The text of one note taken over into another: section by section, what is not there yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from plaincrm.changes.draft import Wish
from plaincrm.changes.edits import Edit, in_lines_of, lines_behind
from plaincrm.changes.parts import Reading
from plaincrm.changes.plan import kind
from plaincrm.document.body import Section, section_kind
from plaincrm.document.inline import inline_fields
from plaincrm.document.log import heading_level
from plaincrm.language import canonical, unaccented

_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s")
_FENCED = re.compile(r"^\s*(?:```|~~~|\$\$)|%%|<!--", re.MULTILINE)
_GROUP = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")


class Unit(NamedTuple):
    """A paragraph or an item of a list with what is under it; `apart` where a blank line stands before it."""

    text: str
    key: object  # equal for two that say the same
    apart: bool = True


@dataclass(slots=True)
class Chapter:
    """A heading with its own text, log entries left out, and the chapters below it."""

    section: Section
    units: list[Unit]
    below: list[Chapter] = field(default_factory=list)
    had_entries: bool = False

    @property
    def title(self) -> str:
        """What it is known by: the canonical name of a known section, else its words as they are compared."""
        found = section_kind(self.section.title)
        return f"§{found}" if found else " ".join(unaccented(self.section.title).split())

    @property
    def end(self) -> int:
        """Where the last chapter below it ends."""
        return self.below[-1].end if self.below else self.section.end


def take_text(note: Reading, other: Reading, heading: str, first: Sequence[str]) -> Wish:
    """What the other note says besides fields and log: under the headings it has there, the rest under `heading`.

    `first` are lines that are told there before all else.
    """
    mine, theirs = (_without_name_heading(chapters(each), each) for each in (note, other))
    loose = [*theirs.units, *_log_text(theirs)]
    said = {unit.key for unit in mine.units}
    from_other = [unit for unit in (*map(_line, first), *loose) if unit.key not in said]
    edits = list(_joined(note, mine, theirs))
    if from_other:
        edits[:0] = _under_heading(note, mine, heading, from_other)
    brings = frozenset(map(kind, other.record.faults))
    return Wish("notes" if edits else "", tuple(edits), reveals=True, brings=brings)


def _line(text: str) -> Unit:
    return Unit(f"- {text}", f"- {text}", apart=False)


def chapters(note: Reading) -> Chapter:
    """The text of a note as a tree; its root is what stands before the first heading."""
    meant = _meanings(note)
    root, *sections = [_chapter(note, section, meant) for section in note.document.body.sections] or [_empty(note)]
    way = [root]
    for chapter in sections:
        while way[-1].section.level >= chapter.section.level:
            way.pop()
        way[-1].below.append(chapter)
        way.append(chapter)
    return root


def _empty(note: Reading) -> Chapter:
    return Chapter(Section("", 0, len(note.text), len(note.text), len(note.text)), [])


def _chapter(note: Reading, section: Section, meant: Mapping[int, object]) -> Chapter:
    entries = [entry for entry in note.document.body.entries if section.start <= entry.start < section.end]
    pieces, at = [], section.body_start
    for entry in entries:
        pieces.append((at, entry.start))
        at = entry.end
    pieces.append((at, section.end))
    units = [unit for start, end in pieces for unit in _units(note, start, end, meant)]
    return Chapter(section, units, had_entries=bool(entries))


def _units(note: Reading, start: int, end: int, meant: Mapping[int, object]) -> Iterator[Unit]:
    """The paragraphs and list items between two places; what may be code or a comment is not taken apart."""
    text = note.text[start:end].replace("\r", "")
    if _FENCED.search(text):
        whole = text.strip("\n").rstrip()
        yield Unit(whole, " ".join(whole.split()))
        return
    found: list[tuple[list[str], int, bool]] = []
    blank, at = True, start
    for raw in note.text[start:end].split("\n"):
        line = raw.rstrip()
        goes_on = found and (line[:1].isspace() if blank else not _ITEM.match(line))
        if goes_on and blank and not _ITEM.match(found[-1][0][0]):
            goes_on = False
        if line and goes_on:
            found[-1][0].extend([""] * blank + [line])
        elif line:
            found.append(([line], at, blank))
        blank = not line
        at += len(raw) + 1
    for lines, place, apart in found:
        number = note.document.source.line_of(place)
        key = meant.get(number) if len(lines) == 1 else None
        yield Unit("\n".join(lines), key or " ".join(" ".join(lines).split()), apart)


def _meanings(note: Reading) -> dict[int, object]:
    """Deals and promises by their lines, where these say nothing besides: two may be the same in other words."""
    customer, lines = note.record.customer, note.text.split("\n")
    deals = {deal.line: deal._replace(line=0) for deal in customer.deals if _is_all_fields(lines[deal.line - 1])}
    tasks = {task.line: task._replace(line=0) for task in customer.promises if "::" not in lines[task.line - 1]}
    return {**deals, **tasks}


def _is_all_fields(line: str) -> bool:
    """Whether an item of a list holds inline fields of deals and nothing else."""
    found = inline_fields(line, listed=True)
    rest = "".join(line[end : item.start] for end, item in zip([0, *(item.end for item in found)], found, strict=False))
    known = all(canonical("inline", item.key) for item in found)
    return bool(found) and known and _ITEM.sub("", rest).strip() == "" and not line[found[-1].end :].strip()


def _without_name_heading(root: Chapter, note: Reading) -> Chapter:
    """The chapter of a heading that names the customer, in the place of the root: all of the note stands under it."""
    names = {unaccented(name) for name in (note.record.customer.name, note.record.customer.id)}
    if len(root.below) != 1 or unaccented(root.below[0].section.title.strip()) not in names:
        return root
    top = root.below[0]
    return Chapter(top.section, [*root.units, *top.units], top.below, root.had_entries or top.had_entries)


def _log_text(chapter: Chapter) -> Iterator[Unit]:
    """What stands in logs and is no entry."""
    for below in chapter.below:
        if below.title == "§log" or _GROUP.fullmatch(below.section.title):
            yield from below.units
        yield from _log_text(below)


def _is_log(chapter: Chapter) -> bool:
    return chapter.title == "§log" or _GROUP.fullmatch(chapter.section.title) is not None


def _joined(note: Reading, mine: Chapter, theirs: Chapter) -> Iterator[Edit]:
    """The chapters below one, each joined with that of the same heading, else put behind the others."""
    known = {chapter.title: chapter for chapter in reversed(mine.below)}
    new: list[str] = []
    for chapter in theirs.below:
        if _is_log(chapter):
            new += [text for text in (_whole(below, 0) for below in chapter.below if not _is_log(below)) if text]
        elif same := known.get(chapter.title):
            said = {unit.key for unit in same.units}
            yield from _appended(note, same, [unit for unit in chapter.units if unit.key not in said])
            yield from _joined(note, same, chapter)
        elif text := _whole(chapter, _level(mine) - chapter.section.level):
            new.append(text)
    if new:
        yield _new_chapters(note, mine, "\n\n".join(new))


def _level(chapter: Chapter) -> int:
    """The level of the headings right below a chapter."""
    return min((below.section.level for below in chapter.below), default=max(chapter.section.level + 1, 2))


def _whole(chapter: Chapter, deeper: int) -> str:
    """A chapter with all below it; nothing where log entries were all it had."""
    below = [text for text in (_whole(each, deeper) for each in chapter.below if not _is_log(each)) if text]
    if chapter.had_entries and not (chapter.units or below):
        return ""
    level = min(max(chapter.section.level + deeper, 1), 6)
    own = _block(chapter.units)
    return "\n\n".join([f"{'#' * level} {chapter.section.title}" + (f"\n\n{own}" if own else ""), *below])


def _block(units: Sequence[Unit]) -> str:
    lines = [f"\n{unit.text}" if unit.apart and at else unit.text for at, unit in enumerate(units)]
    return "\n".join(lines)


def _under_heading(note: Reading, mine: Chapter, heading: str, units: list[Unit]) -> Iterator[Edit]:
    """What the other note alone says, under its own name."""
    there = next((chapter for chapter in mine.below if chapter.title == " ".join(unaccented(heading).split())), None)
    if there:
        said = {unit.key for unit in there.units}
        yield from _appended(note, there, [unit for unit in units if unit.key not in said])
        return
    entries = [entry.level for entry in note.document.body.entries if entry.level]
    level = min([_level(mine), *entries])
    text = f"{'#' * level} {heading}\n\n{_block(units)}"
    end = mine.section.end
    if not note.text[mine.section.start : end].strip():  # nothing stands there yet
        yield Edit(end, end, in_lines_of(note.text, f"{text}\n\n" if note.text[end:] else f"\n{text}\n"))
        return
    yield lines_behind(note.text, _said_until(note, mine.section.start, end), 1, text)


def _appended(note: Reading, chapter: Chapter, units: list[Unit]) -> Iterator[Edit]:
    """More at the end of a chapter's own text, which log entries may follow."""
    if not units:
        return
    section, text = chapter.section, note.text
    entries = [entry.start for entry in note.document.body.entries if section.start <= entry.start < section.end]
    until = _said_until(note, section.start, min([section.end, *entries]))
    last = text[text.rfind("\n", 0, until) + 1 : until]
    listed = bool(_ITEM.match(units[0].text)) and (bool(_ITEM.match(last)) or bool(heading_level(last)))
    yield lines_behind(text, until, 0 if listed else 1, _block(units))


def _new_chapters(note: Reading, mine: Chapter, block: str) -> Edit:
    """Chapters put behind those there are, before the log."""
    log = next((chapter.section.start for chapter in mine.below if chapter.title == "§log"), None)
    end = mine.end if log is None else log
    if not note.text[mine.section.start : end].strip():
        return Edit(end, end, in_lines_of(note.text, f"{block}\n\n" if note.text[end:] else f"\n{block}\n"))
    return lines_behind(note.text, _said_until(note, mine.section.start, end), 1, block)


def _said_until(note: Reading, start: int, end: int) -> int:
    """Where the last thing ends that is said between two places."""
    return start + len(note.text[start:end].rstrip())
