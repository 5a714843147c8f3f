"""What the growth says of one customer: the first contact, each step and purchase, and their lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.reports.amounts import amounts
from plaincrm.reports.evidence import Explanation, Figure, evidence
from plaincrm.reports.growth import prepare_spells
from plaincrm.reports.journey import STEPS
from plaincrm.reports.stages import StageHistory


def explain(
    index: Index, today: date, customer: Named, period: Period, history: StageHistory | None = None
) -> Explanation:
    """How one customer counts in the growth."""
    file, day = customer.file, today.isoformat()
    prepare_spells(index, today, Condition("c.file = ?", (file,)))
    spells = index.rows("select day, rests, over, is_lost, came_back from temp.spells order by day")
    first = index.rows(
        "select line, date from entries where file = ? and date <= ? order by date, line limit 1", (file, day)
    )
    fields = {
        field: (value, line)
        for field, value, line in index.rows(
            "select field, value, line from fields where file = ? and position = 0"
            " and field in ('since', 'source', 'referred_by', 'stage', 'lost_on') order by line",
            (file,),
        )
    }
    steps = index.rows(
        "select line, date, text from measures where file = ? and name = 'step' and date <= ? order by date, line",
        (file, day),
    )
    bought = index.rows(
        f"select s.line, s.date from sales s where s.file = ? and s.revenue > 0 and s.date <= ?"
        f" and {amounts(index).counted}",
        (file, day),
    )
    lines = [(file, line, f"first entry {entered}") for line, entered in first]
    lines += [(file, line, f"{field} {value}") for field, (value, line) in fields.items()]
    lines += [(file, line, f"step {step} on {noted}") for line, noted, step in steps if step in STEPS]
    lines += [(file, line, f"purchase {sold}") for line, sold in bought]
    came = min(
        [entered for _line, entered in first] + [fields[key][0] for key in ("since",) if key in fields], default=""
    )
    figures = []
    if came:
        figures.append(Figure("First contact", came, "The first entry, or since where that is earlier."))
    for step in STEPS[1:-1]:
        noted = [on for _line, on, name in steps if name == step and (not spells or on <= spells[0][0])]
        if noted:
            figures.append(Figure(f"Step {step}", noted[0], f"Marks up to the first purchase: {len(noted)}."))
    figures += _spells(index, day, spells)
    figures += _stays(history, customer.path, Period(period.start, min(period.end, today)))
    return Explanation(
        "growth",
        customer.customer,
        customer.name,
        customer.path,
        f"{period.start} to {period.end}",
        tuple(figures),
        evidence(index, lines),
    )


def _spells(index: Index, day: str, spells: list[tuple[Any, ...]]) -> Iterator[Figure]:
    """When the customer was new, lost and back, and what that comes to on a day."""
    if not spells:
        return
    yield Figure("New in", spells[0][0][:7], f"The first purchase was on {spells[0][0]}.")
    for bought, _rests, over, is_lost, came_back in spells:
        if came_back:
            yield Figure("Returned in", bought[:7], f"Bought again on {bought}, after being lost.")
        if is_lost and over <= day:
            why = f"By lost_on, or without a purchase for {index.vault.config.growth_lost}, on {over}."
            yield Figure("Lost in", over[:7], why)
    last, rests, over, _lost, _back = spells[-1]
    state = "active" if rests > day else "cooling" if over > day else "lost"
    yield Figure("Today", state, f"Last bought on {last}: active until {rests}, cooling until {over}.")


def _stays(history: StageHistory | None, path: str, period: Period) -> Iterator[Figure]:
    """How long the customer was in each stage that they left in the period, with the commits that say so."""
    for stay in reversed(history.stays if history else ()):
        if stay.file == path and period.start <= stay.ended <= period.end:
            days = f"{stay.days} day{'s' if stay.days != 1 else ''}"
            how = f"From {stay.begun} ({stay.brought[:8]}) to {stay.ended} ({stay.left[:8]}), by git."
            yield Figure(f"As {stay.stage}", days, how)
