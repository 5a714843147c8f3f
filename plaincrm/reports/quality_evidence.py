"""Why the quality report scores one customer as it does: what is missing, wrong or stale, and the lines there are."""

from __future__ import annotations

from datetime import date

from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.reports.evidence import Explanation, Figure, evidence
from plaincrm.reports.quality import LAST_TALK, quality

_LINES = """
    select f.line, f.field from fields f where f.file = ? and f.known = 1
    union all select p.line, 'email' from contacts p where p.file = ? and p.email <> ''
    union all select p.line, 'phone' from contacts p where p.file = ? and p.phone <> ''
    union all select d.line, json_extract(d.facts, '$.field') from diagnostics d where d.file = ?
    order by 1
    """


def explain_quality(index: Index, of: Named, today: date) -> Explanation:
    """What counts for the score of one customer."""
    report = quality(index, today, Condition("c.file = ?", (of.file,)))
    totals, weights = report.totals, {field.name: field.weight for field in report.fields}
    missing = [field.name or "" for field in report.fields if not field.filled]
    wrong = [field.name or "" for field in report.fields if field.filled > field.valid]
    ((verified, spoken),) = index.rows(
        f"select (select max(value) from fields d where d.file = c.file and d.field = 'verified'), {LAST_TALK}"
        " from customers c where c.file = ?",
        (today.isoformat(), today.isoformat(), of.file),
    )
    days = f"verified {verified or 'never'}, spoken to {spoken or 'never'}; fresh since {report.fresh_since}"
    figures = (
        Figure("Score", f"{totals.usable} of {totals.applies}", "weights of fields that are filled, right and fresh"),
        Figure("Filled", f"{totals.filled} of {totals.applies}", f"missing: {', '.join(missing) or 'nothing'}"),
        Figure("Right", f"{totals.valid} of {totals.filled}", f"faults: {', '.join(wrong) or 'none'}"),
        Figure("Fresh", f"{totals.fresh} of {totals.filled}", days),
    )
    lines = [
        (of.file, line, f"{field}, weight {weights[field]}{', at fault' if field in wrong else ''}")
        for line, field in index.rows(_LINES, (of.file,) * 4)
        if field in weights
    ]
    return Explanation("quality", of.customer, of.name, of.path, f"on {today}", figures, evidence(index, lines))
