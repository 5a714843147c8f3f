"""The explanations of value and tiers say the same as the reports, and their lines add up to the figures."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.keeping import example_vault
from tests.making import vault_of

TODAY = date(2026, 11, 21)


def amount(value: Decimal | None) -> str:
    return f"{value:,.2f}"


def added(counts: list[str], name: str) -> Decimal:
    """The sum of an amount over what lines count as."""
    found = [re.findall(rf"\b{name} (-?[\d,]+\.\d\d)", text) for text in counts]
    return sum((Decimal(one.replace(",", "")) for of in found for one in of), Decimal(0))


def test_the_value_of_every_customer_of_the_example_vault() -> None:
    vault = example_vault()
    for row in vault.value("12m", today=TODAY).customers:
        told = vault.explain_value(row.customer, "12m", TODAY)
        figures = {figure.name: figure.value for figure in told.figures}
        assert (figures["Revenue"], figures["Margin"]) == (amount(row.revenue), amount(row.margin))
        assert (figures["Share"], figures["Class"]) == (f"{(row.share or 0) * 100:.1f}%", row.abc)
        assert (figures["Purchases"], figures["Contacts"]) == (str(row.purchases), str(row.contacts))
        assert (figures["Cost"], Decimal(figures["Hours"])) == (amount(row.cost), row.hours)
        assert figures["Relation"] == f"{row.length_days:,} days"
        assert figures.get("Days between") == (None if row.interval_days is None else str(row.interval_days))
        assert figures.get("Brought in", "0.00") == amount(row.referral_margin)
        assert figures["Cost to serve"] == amount(row.cost_to_serve)
        assert figures["Margin after serving"] == amount(row.margin_after_serving)
        counts = [line.counts for line in told.lines]
        own = [line.counts for line in told.lines if line.file == row.file]
        assert (added(own, "revenue"), added(own, "cost")) == (row.revenue, row.cost)
        assert added(own, "margin") == row.margin
        assert added(own, "serving") == row.cost_to_serve
        assert added(counts, "brought in, margin") == row.referral_margin


def test_the_tier_of_every_customer_of_the_example_vault() -> None:
    vault = example_vault()
    moves = {move.customer: move for move in vault.tiers("12m", TODAY).moves}
    for row in vault.list().customers:
        told = {figure.name: figure.value for figure in vault.explain_tiers(row.customer, "12m", TODAY).figures}
        assert told["Tier"] == (row.tier or "none")
        move = moves.get(row.customer)
        assert told["Rule says"] in ((move.proposed,) if move else ("", row.tier))


NOTES = {
    "a.md": "---\nname: A\n---\n- 2026-02-01 visit [sale:: -5]\n- 2020-01-01 visit [sale:: 900]\n",
    "b.md": "---\nname: B\nreferred_by: '[[a]]'\n---\n- 2026-02-01 visit [sale:: 500 SEK] [cost:: 300 SEK]\n",
    "c.md": "---\nname: C\nreferred_by: '[[b]]'\n---\n",
}


def test_refunds_rates_and_those_without_sales(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, NOTES, "[rates]\nSEK = 0.1\n")
    told = {figure.name: figure for figure in vault.explain_value("a", "2026", TODAY).figures}
    assert (told["Class"].value, told["Class"].how) == ("C", "Who brings no revenue is in the last class.")
    assert (told["Brought in"].value, "B 20.00; C 0.00" in told["Brought in"].how) == ("20.00", True)
    lines = vault.explain_value("b", "2026", TODAY).lines
    assert [(line.file, line.counts) for line in lines] == [
        ("customers/b.md", "revenue 50.00, cost 30.00, margin 20.00"),
        ("customers/c.md", "brought in, margin 0.00"),
    ]
    (none,) = vault.explain_value("c", "2026", TODAY).figures
    assert none.how == "No sale of the period counts, so the customer is in no sum."
