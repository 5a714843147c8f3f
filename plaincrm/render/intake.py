"""What was brought in, or would be: entry by entry, and what is left to people with what to type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.changes.carry_out import WriteReport
from plaincrm.exchange.incoming import Incoming
from plaincrm.exchange.intake import Intake
from plaincrm.render import written
from plaincrm.render.lines import Column
from plaincrm.render.sheet import Cell, Grid, Prose, Row, Sheet

FIELDS = ("place", "state", "customer", "date", "what", "file", "line", "remark")


def data(intake: Intake, report: WriteReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "new": [
            {**_item(one.item), "customer": one.customer.customer, "file": one.customer.path, "known_by": one.through}
            for one in intake.new
        ],
        "same": intake.same,
        "unclear": [
            {**_item(one.item), "why": one.why, "file": one.file or None, "line": one.line or None}
            for one in intake.unclear
        ],
        "unknown": [
            {
                "party": one.party.shown,
                "entries": one.entries,
                "place": one.place,
                "near": [row.customer for row in one.near],
                "command": one.command or None,
            }
            for one in intake.unknown
        ],
        "refused": intake.unread,
        "written": written.data(report),
        "unread": [{"file": path, "code": code} for path, code in intake.notes_unread.items()],
    }


def _item(item: Incoming) -> dict[str, Any]:
    return {"place": item.place, "date": item.day, "what": what(item), "fields": item.fields}


def rows(intake: Intake, report: WriteReport) -> Iterator[tuple[object, ...]]:
    """A row a thing that was read."""
    for one in intake.new:
        state = "new" if report.dry_run else "written"
        yield one.item.place, state, one.customer.customer, one.item.day, what(one.item), one.customer.path, None, ""
    for left in intake.unclear:
        item = left.item
        yield item.place, "unclear", "", item.day, what(item), left.file, left.line or None, left.why
    for unknown in intake.unknown:
        yield unknown.place, "unknown", "", None, unknown.party.shown, "", None, unknown.command
    for refused in intake.unread:
        yield refused.place, "refused", "", None, "", "", None, refused.why


def what(item: Incoming) -> str:
    """An entry in a few words."""
    said = item.summary or item.fields.get("feedback", "")
    if item.sale:
        return f"{item.key.value}: {item.sale}"
    scores = [f"{key} {item.fields[key]}" for key in ("nps", "ces", "csat") if key in item.fields]
    return " ".join(part for part in (item.channel, item.direction, *scores, said) if part)


def sheet(intake: Intake, report: WriteReport, things: str, limit: int) -> Sheet:
    """What is new, what is left to people, and what to type next; of each kind so many are shown, 0 is all."""
    grids = (
        _new(intake, limit),
        _grid(
            "Left to you",
            (Column("From", least=12), Column("Why", style="sentence", least=20)),
            [(one.item.place, _why(one.why, one.file, one.line)) for one in intake.unclear],
            limit,
        ),
        _grid(
            "Of nobody in the register",
            (
                Column("Who", least=16),
                Column("Entries", "right"),
                Column("From", least=12),
                Column("Nearest", least=12),
            ),
            [
                (one.party.shown, str(one.entries), one.place, ", ".join(row.customer for row in one.near))
                for one in intake.unknown
            ],
            limit,
        ),
        _commands(intake, limit),
        _grid(
            "Not read",
            (Column("From", least=12), Column("Why", style="sentence", least=20)),
            [(one.place, one.why) for one in intake.unread],
            limit,
        ),
    )
    there = f", {intake.same:,} there already" if intake.same else ""
    return Sheet(
        f"{things} {'to bring in' if report.dry_run else 'brought in'}",
        f"{len(intake.new):,} new{there}",
        tuple(grid for grid in grids if grid),
        (_ending(intake, report),),
        intake.notes_unread,
    )


def _new(intake: Intake, limit: int) -> Grid | None:
    shown: list[Row] = [
        (
            str(one.item.day),
            Cell(one.customer.name, one.customer.customer, one.customer.path),
            one.through,
            one.item.place,
            what(one.item),
        )
        for one in intake.new
    ]
    columns = (
        Column("Date"),
        Column("Customer", least=12),
        Column("Known by"),
        Column("From", least=8),
        Column("Entry", least=20, style="sentence"),
    )
    return _grid("New", columns, shown, limit)


def _grid(title: str, columns: tuple[Column, ...], found: Sequence[Row], limit: int) -> Grid | None:
    if not found:
        return None
    shown = tuple(found[: limit or None])
    left = len(found) - len(shown)
    return Grid(title, columns, shown, rest=f"and {left:,} more; --limit 0 shows all." if left else "")


def _why(why: str, file: str, line: int) -> str:
    return f"{why} ({file}:{line})" if file else why


def _commands(intake: Intake, limit: int) -> Prose | None:
    commands = tuple(one.command for one in intake.unknown[: limit or None] if one.command)
    return Prose("To add them", commands) if commands else None


def _ending(intake: Intake, report: WriteReport) -> str:
    count, notes = len(intake.new), len(report.files)
    if not count:
        return "Nothing is new; nothing was written."
    entries = f"{count:,} entr{'ies' if count > 1 else 'y'} in {notes:,} note{'s' if notes > 1 else ''}"
    if report.dry_run:
        return f"Nothing was written: --apply writes {entries}."
    return f"Written: {entries}. plaincrm undo takes all of them back."
