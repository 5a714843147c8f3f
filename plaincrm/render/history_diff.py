"""What became different among customers, shown: counted, and customer by customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.history.diff import CustomerDiff, Diff, Point, Takings
from plaincrm.render.amounts import amount
from plaincrm.render.history import note_data
from plaincrm.render.history_words import is_relinked, lines_of, relinked_words, short, when_words
from plaincrm.render.lines import Column
from plaincrm.render.sheet import Cell, Grid, Item, Items, Sheet

FIELDS = ("customer", "name", "file", "line", "kind", "what", "key", "old", "new", "day")


def data(report: Diff) -> dict[str, Any]:
    """The comparison as JSON has it."""
    return {
        "old": _point_data(report.old),
        "new": _point_data(report.new),
        "counts": [{"what": what, "n": n} for what, n in report.counts],
        "money": report.takings,
        "customers": [
            {**note_data(each.story), "contacts": each.talks, "money": each.takings} for each in report.customers
        ],
    }


def _point_data(point: Point) -> dict[str, Any]:
    return {"commit": point.commit or None, "when": point.when, "subject": point.subject}


def rows(report: Diff) -> Iterator[tuple[object, ...]]:
    """One row a change."""
    for each in report.customers:
        story = each.story
        for change in story.changes:
            where = (story.customer, story.name, story.file, change.line)
            yield (*where, change.kind, change.what, change.key, change.old, change.new, change.day)


def sheet(report: Diff, limit: int) -> Sheet:
    """The counts, then the customers one by one, with a limit only so many."""
    title = f"From {_point_words(report.old)} to {_point_words(report.new)}"
    relinked = [each.story for each in report.customers if is_relinked(each.story.changes)]
    customers = [each for each in report.customers if not is_relinked(each.story.changes)]
    count = len(customers)
    about = f"{count:,} customer{'s' if count != 1 else ''}"
    shown = customers[:limit] if limit else customers
    rest = f"and {count - len(shown):,} more; --limit 0 shows all" if len(shown) < count else ""
    parts = (_counts(report), Items("", tuple(map(_item, shown)), rest)) if count else ()
    remarks = [f"{words[0].upper()}{words[1:]}." for words in relinked_words(relinked)]
    return Sheet(title, about, parts, tuple(remarks) if report.customers else ("No customer is different.",))


def _point_words(point: Point) -> str:
    return f"{short(point.commit)} ({when_words(point.when)})" if point.commit else "the files now"


def _counts(report: Diff) -> Grid:
    columns = (Column("What"), Column("N", "right"), Column("Amount", "right"))
    counts = [(what, f"{n:,}", "") for what, n in report.counts if n]
    money = [
        (
            f"Sales{f', {each.gone} taken out' if each.gone else ''}",
            f"{each.n:,}",
            f"{amount(each.amount)} {each.currency}",
        )
        for each in report.takings
    ]
    return Grid("", columns, (*counts, *money))


def _item(each: CustomerDiff) -> Item:
    story = each.story
    money = ", ".join(map(_takings_words, each.takings))
    return Item("", Cell(story.name, story.customer, story.file), money, tuple(lines_of(story.changes)), story.file)


def _takings_words(each: Takings) -> str:
    """`+4,500.00 EUR`."""
    return f"{'+' if each.amount > 0 else ''}{amount(each.amount)} {each.currency}"
