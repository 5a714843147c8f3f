"""The sample shown, and as a checklist to tick in a note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.render.escape import markdown_text, wiki_link
from plaincrm.render.notes import unread_words
from plaincrm.render.sheet import Cell, Item, Items, Sheet
from plaincrm.reports.intervals import wilson
from plaincrm.reports.sample import Checked, Sample

FIELDS = ("customer", "name", "file", "field", "value", "line")


def data(report: Sample) -> dict[str, Any]:
    """The sample as JSON has it."""
    return {
        **report._asdict(),
        "customers": [one._asdict() for one in report.customers],
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: Sample) -> list[tuple[Any, ...]]:
    """A line a field as CSV has it."""
    return [(one.customer, one.name, one.file, *entered) for one in report.customers for entered in one.fields]


def sheet(report: Sample) -> Sheet:
    """The customers with what is to be looked at; a note of it can be ticked."""
    items = tuple(
        Item(
            "",
            Cell(one.name, one.customer, one.file),
            f"verified {one.verified}" if one.verified else "never verified",
            tuple(f"{field}: {f'{value} (line {line})' if value else 'missing'}" for field, value, line in one.fields),
            one.file,
        )
        for one in report.customers
    )
    remarks = ("To tick it in a note, write it with -o AUDIT.md; quality --apply AUDIT.md reads that back.",)
    return Sheet(
        f"Audit of {len(items)} of {report.of} customers",
        f"drawn on {report.today} with seed {report.seed}",
        (Items("", items),),
        (*_all_right(report), *remarks) if items else (),
        report.unread,
    )


def markdown(report: Sample) -> str:
    """A box for each customer, and below it what to look at."""
    return "\n".join(_lines(report)) + "\n"


def outcome(found: Checked) -> str:
    """How many of a checklist were right, and what that says of the register."""
    right, n = len(found.right), len(found.right) + len(found.wrong)
    share = wilson(right, n)
    if share is None or share.low is None or share.high is None:
        return f"{right} of {n} are right."
    return f"{right} of {n} are right; of all between {share.low * 100:.0f} and {share.high * 100:.0f} % (95 %)."


def _lines(report: Sample) -> Iterator[str]:
    n = len(report.customers)
    yield f"# Audit of {n} of {report.of} customers"
    yield f"\nDrawn on {report.today} with seed {report.seed}. Tick who has every line right, and mend what is wrong."
    for one in report.customers:
        verified = f"verified {markdown_text(one.verified)}" if one.verified else "never verified"
        yield f"\n- [ ] {wiki_link(one.customer, one.name)}: {verified}, {markdown_text(one.file)}"
        for field, value, line in one.fields:
            told = f"{markdown_text(value)} (line {line})" if value else "missing"
            yield f"  - {markdown_text(field)}: {told}"
    yield from (f"\n{told}" for told in _all_right(report))
    head, *files = unread_words(report.unread) or [""]
    if head:
        yield f"\n{markdown_text(head)}\n"
        yield from (f"- {markdown_text(file)}" for file in files)


def _all_right(report: Sample) -> Iterator[str]:
    """What it says of the register where every one of the sample is right."""
    n = len(report.customers)
    found = wilson(n, n)
    if found and found.low is not None:
        low = f"{found.low * 100:.0f} %"
        yield f"If all {n} are right, at least {low} of all {report.of} are (95 %). More of it in docs/quality.md."
