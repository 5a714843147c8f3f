"""The brief of one customer shown: one screen before the next contact, or the whole record for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.records.model import Contact, Deal, LogEntry, Sale, Task, Value
from plaincrm.records.values import as_text
from plaincrm.render import brief_words as words
from plaincrm.render.brief_words import Part, Row
from plaincrm.render.escape import terminal
from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, padded, paragraphs, width_of, wrapped
from plaincrm.reports.brief import Brief

_LEFT = 16  # columns for a label
_DAY = len("2026-11-21 ")
_HANGING = 2  # columns by which the rest of a long line is indented


def data(brief: Brief) -> dict[str, Any]:
    """The whole record with canonical English keys, entries newest first."""
    customer = brief.customer
    return {
        "customer": customer.id,
        "name": customer.name,
        "file": customer.path,
        "fields": {key: _field(values, several=key in brief.several) for key, values in customer.fields.items()},
        "other": customer.other,
        "last_contact": brief.last_contact,
        "revenue": brief.revenue,
        "margin": brief.margin,
        "sales": brief.n,
        "last_12_months": {
            "revenue": brief.recent.revenue,
            "margin": brief.recent.margin,
            "sales": brief.recent.n,
            "class": brief.abc,
        },
        "scores": brief.scores,
        "moods": brief.moods,
        "referred": brief.referred,
        "materials": [material._asdict() for material in brief.materials],
        "vision": customer.vision,
        "notes": customer.notes,
        "entries": [_entry(entry) for entry in customer.entries],
        "promises": [_task(task) for task in customer.promises],
        "deals": [_deal(deal) for deal in customer.deals],
        "links": customer.links,
        "diagnostics": [item._asdict() for item in brief.diagnostics],
    }


def _field(values: tuple[Value, ...], *, several: bool) -> object:
    shown = [_of_field(value) for value in values]
    return shown if several else shown[0]


def _of_field(value: Value) -> object:
    if isinstance(value.value, Contact):
        return value.value._replace(line=value.line)
    return value.value if isinstance(value.value, bool) else as_text(value.value)


def _entry(entry: LogEntry) -> dict[str, Any]:
    return {
        "date": entry.date,
        "precision": entry.precision,
        "time": entry.time,
        "end_time": entry.end_time,
        "channel": entry.channel,
        "contact": entry.contact,
        "direction": entry.direction,
        "who": entry.who,
        "summary": entry.summary,
        "text": entry.text,
        "values": [{"key": item.key, "value": as_text(item.value), "line": item.line} for item in entry.values],
        "sales": [_sale(sale) for sale in entry.sales],
        "tasks": [_task(task) for task in entry.tasks],
        "line": entry.line,
    }


def _sale(sale: Sale) -> dict[str, Any]:
    return sale._asdict()


def _task(task: Task) -> dict[str, Any]:
    return task._asdict()


def _deal(deal: Deal) -> dict[str, Any]:
    return {**deal._asdict(), "state": deal.state}


def text(brief: Brief, width: int, *, full: bool = False) -> Iterator[Line]:
    """The brief as lines: one screen, or with `full` all that the note says."""
    yield line(Piece(clipped(brief.customer.name, width), "bold"))
    yield from _wrapped(words.kind(brief), width)
    yield from _wrapped(words.tags(brief), width, style="dim")
    yield BLANK
    for label, values in words.facts(brief, full=full):
        yield from _labelled(label, values, width)
    for part in words.parts(brief, full=full):
        yield BLANK
        yield line(Piece(part.title, "bold cyan"))
        for row in part.rows:
            yield from _row(part, row, width)
    yield BLANK
    yield line(Piece(words.place(brief), "dim"))
    yield from (line(Piece(fault, "yellow")) for fault in words.faults(brief))


def _wrapped(text: str, width: int, style: str = "") -> Iterator[Line]:
    yield from (line(Piece(part, style)) for part in wrapped(text, width, _HANGING))


def _labelled(label: str, values: Sequence[str], width: int) -> Iterator[Line]:
    """Values with commas; one that does not fit behind another stands on the next line, so that it stays whole."""
    rows = [""]
    for at, value in enumerate(values, 1):
        text = f"{value}," if at < len(values) else value
        if rows[-1] and width_of(f"{rows[-1]} {terminal(text)}") > width - _LEFT:
            rows.append("")
        rows[-1] = f"{rows[-1]} {text}".lstrip()
    for at, part in enumerate(part for row in rows for part in wrapped(row, width - _LEFT)):
        mark = clipped(label, _LEFT - 1) if not at else ""
        yield line(Piece(padded(mark, _LEFT), "dim"), part)


def _row(part: Part, row: Row, width: int) -> Iterator[Line]:
    """A thing of a part; one that begins with a day and is too long goes on under what stands behind the day."""
    if part.clipped:
        yield line(f"  {clipped(row.text, width - 2)}")
    elif row.lead:
        for at, piece in enumerate(wrapped(row.text, width - 2 - _DAY)):
            yield line(f"  {padded('' if at else row.lead, _DAY)}", piece)
    else:
        hanging = _HANGING if part.title == "Deals" else _DAY
        yield from (line(f"  {piece}") for piece in wrapped(row.text, width - 2, hanging))
    yield from (line(Piece(f"    {clipped(more, width - 4)}", "dim")) for more in row.more)
    indent, style = ("    ", "dim") if row.text else ("  ", "")
    yield from (line(Piece(f"{indent}{piece}", style)) for piece in paragraphs(row.body, width - len(indent)))
