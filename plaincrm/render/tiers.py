"""The pyramid of tiers, and who should move, shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.records.moved import Moved
from plaincrm.render.amounts import amount, foreign_remarks
from plaincrm.render.lines import Column
from plaincrm.render.period import percent, span
from plaincrm.render.sheet import Cell, Chart, Grid, Row, Series, Sheet
from plaincrm.reports.tiers import Direction, Move, TierRow, TiersReport

FIELDS = tuple("class" if name == "abc" else name for name in Move._fields)
_TITLES: dict[Direction, str] = {"up": "Up", "down": "Down", "unset": "Without a tier"}


def data(report: TiersReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "currency": report.currency,
        "rules": [{"tier": tier, "rule": rule} for tier, rule in report.rules],
        "by_class": report.by_class,
        "tiers": report.tiers,
        "counts": report.counts,
        "moves": [dict(zip(FIELDS, move, strict=True)) for move in report.moves],
        "converted": report.converted,
        "apart": report.apart,
        "since": report.since,
        "changed": report.changed,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def tables(report: TiersReport) -> dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """What CSV has, by name."""
    return {
        "moves": (FIELDS, report.moves),
        "tiers": (TierRow._fields, report.tiers),
        "changed": (Moved._fields, report.changed),
    }


def sheet(report: TiersReport) -> Sheet:
    """The pyramid from its top, then who should move up, down, and who has no tier yet."""
    count = sum(row.customers for row in report.tiers)
    about = f"{report.currency}, excluding VAT · {count:,} customer{'s' if count != 1 else ''}"
    moves = (_moves(report, direction) for direction in _TITLES)
    return Sheet(
        f"Tiers {span(report.start, report.end)}",
        about,
        (_pyramid(report), *(grid for grid in (*moves, _changed(report)) if grid.rows)) if count else (),
        tuple(_remarks(report)),
        report.unread,
    )


def _pyramid(report: TiersReport) -> Grid:
    most = max((row.customers for row in report.tiers), default=0)
    columns = (
        Column("Tier", least=10),
        Column("Customers", "right"),
        Column("", style="bar", spare=True),
        Column("Revenue", "right"),
        Column("Share", "right"),
        Column("Of margin", "right"),
        Column("By rule", "right"),
    )
    tiers = [row for row in report.tiers if row.tier]
    counts = tuple(Decimal(row.customers) for row in tiers)
    chart = Chart("pyramid", "Customers by tier", tuple(map(_name, tiers)), (Series("Customers", counts),))
    return Grid("", columns, tuple(_tier(row, most) for row in report.tiers), chart=chart)


def _name(row: TierRow) -> str:
    return row.tier or ("former" if row.former else "none")


def _tier(row: TierRow, most: int) -> Row:
    return (
        _name(row),
        f"{row.customers:,}",
        Cell("", level=Decimal(row.customers) / most if most else None),
        amount(row.revenue),
        percent(row.share_of_revenue),
        percent(row.share_of_margin) + ("*" if row.revenue_with_margin != row.revenue else ""),
        "" if row.tier is None else f"{row.proposed:,}",
    )


def _moves(report: TiersReport, direction: Direction) -> Grid:
    moves = [move for move in report.moves if move.direction == direction]
    count = report.counts[direction]
    columns = (
        Column("Customer", least=18),
        Column("Now"),
        Column("Rule says"),
        Column("Revenue", "right"),
        Column("Margin", "right", spare=True),
        Column("N", "right"),
        Column("ABC"),
    )
    rest = f"and {count - len(moves):,} more" if count > len(moves) else ""
    return Grid(f"{_TITLES[direction]}: {count:,}", columns, tuple(map(_move, moves)), rest=rest)


def _move(move: Move) -> Row:
    return (
        Cell(move.name, move.customer, move.file),
        move.tier or "none",
        move.proposed,
        amount(move.revenue),
        amount(move.margin),
        str(move.purchases),
        move.abc or "",
    )


def _changed(report: TiersReport) -> Grid:
    """Whom somebody gave another tier."""
    columns = (
        Column("When"),
        Column("Customer", least=18),
        Column("From"),
        Column("To"),
        Column("By", least=8),
        Column("Commit", spare=True),
    )
    rows = tuple(
        (
            f"{each.when:%Y-%m-%d}" if each.when else "not committed",
            Cell(each.name, each.customer, each.file),
            each.old or "none",
            each.new or "none",
            each.author,
            each.commit[:8],
        )
        for each in report.changed
    )
    return Grid(f"Given another tier since {report.since}: {len(rows):,}", columns, rows)


def _remarks(report: TiersReport) -> Iterator[str]:
    if report.since and not report.changed:
        yield f"Nobody was given another tier since {report.since}."
    lowest = next((row.tier for row in reversed(report.tiers) if row.tier), "")
    rules = "; ".join(f"{tier}: {rule}" for tier, rule in report.rules)
    whence = "ABC classes, as [tiers.rules] of the settings is empty" if report.by_class else "[tiers.rules]"
    yield f"By {whence}: {rules}; else {lowest}. The tier in a note is yours to set."
    unknown = sum((row.revenue - row.revenue_with_margin for row in report.tiers), Decimal(0))
    if unknown:
        yield f"* The margin of {amount(unknown)} of the revenue is not known and in no share."
    yield from foreign_remarks(report.converted, report.apart)
