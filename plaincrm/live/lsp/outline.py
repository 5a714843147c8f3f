"""The outline of a note and what of it can be folded: front matter, sections, entries, promises."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol.types import DocumentSymbol, FoldingRange, SymbolKind

from plaincrm.document.body import Entry, Section, TaskItem
from plaincrm.live.lsp.note import Note

_SHOWN = 80  # letters of an entry


def symbols(note: Note) -> list[DocumentSymbol]:
    """Sections with the entries in them, and each entry with its promises."""
    body, front = note.reading.document.body, note.reading.document.front
    found = [_symbol(note, "front matter", SymbolKind.Namespace, front.start, front.end)] if front else []
    sections = [(section, _section(note, section)) for section in body.sections if section.level]
    for entry in body.entries:
        children = [_task(note, item) for item in entry.tasks]
        within = next((symbol for section, symbol in sections if section.start <= entry.start < section.end), None)
        _children(within, found).append(_entry(note, entry, children))
    for item in body.tasks:
        within = next((symbol for section, symbol in sections if section.start <= item.start < section.end), None)
        _children(within, found).append(_task(note, item))
    found += [symbol for _section, symbol in sections]
    return found


def _children(within: DocumentSymbol | None, top: list[DocumentSymbol]) -> list[DocumentSymbol]:
    """Where a symbol is listed: in its section, which has a list, or at the top."""
    return within.children if within and isinstance(within.children, list) else top


def _section(note: Note, section: Section) -> DocumentSymbol:
    return _symbol(note, section.title or "#", SymbolKind.Module, section.start, section.end)


def _entry(note: Note, entry: Entry, children: list[DocumentSymbol]) -> DocumentSymbol:
    words = note.text[entry.opening.date_start : entry.first_end].strip("*_[] \r")
    symbol = _symbol(note, words[:_SHOWN], SymbolKind.Event, entry.start, entry.end)
    symbol.children = children
    return symbol


def _task(note: Note, item: TaskItem) -> DocumentSymbol:
    open_ = item.task.status_type not in ("done", "cancelled")
    return _symbol(
        note, item.task.text[:_SHOWN] or "-", SymbolKind.Boolean, item.start, item.end, "" if open_ else "done"
    )


def _symbol(note: Note, name: str, kind: SymbolKind, start: int, end: int, detail: str = "") -> DocumentSymbol:
    """A symbol; what is selected is its first line."""
    whole = start + len(note.text[start:end].rstrip())
    first = note.lines.span(note.lines.line_of(start))[1]
    place = note.lines.range(start, max(whole, start))
    selected = note.lines.range(start, min(first, max(whole, start)))
    return DocumentSymbol(name, kind, place, selected, detail=detail or None, children=[])


def foldings(note: Note) -> Iterator[FoldingRange]:
    """Front matter, sections and entries of more than one line, without the blank lines behind them."""
    body, front = note.reading.document.body, note.reading.document.front
    spans = [(front.start, front.end)] if front else []
    spans += [(section.start, _section_end(note, section)) for section in body.sections if section.level]
    spans += [(entry.start, entry.end) for entry in body.entries]
    for start, end in spans:
        first = note.lines.line_of(start)
        last = note.lines.line_of(start + len(note.text[start:end].rstrip()))
        if last > first:
            yield FoldingRange(first, last)


def _section_end(note: Note, section: Section) -> int:
    """Where the section ends with those below it."""
    later = note.reading.document.body.sections
    return next(
        (other.start for other in later if other.start > section.start and 0 < other.level <= section.level),
        len(note.text),
    )
