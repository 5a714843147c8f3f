"""The value report against a reckoning of its own, straight from the parsed entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plaincrm
from plaincrm.dates import Period
from plaincrm.document.document import read_document
from plaincrm.errors import UsageError
from plaincrm.index.index import open_index
from plaincrm.records.model import Customer
from plaincrm.records.read import read_record
from plaincrm.reports.sums import Totals, class_among_all
from plaincrm.reports.value import CustomerValue, ValueReport
from plaincrm.vault.config import Config
from plaincrm.vault.vault import load_vault
from tests.keeping import example_vault, vault_in_memory
from tests.making import vault_of

TODAY = date(2026, 11, 21)
CENT = Decimal("0.01")


@cache
def records_of(vault: plaincrm.Vault) -> list[Customer]:
    found = sorted((vault.root / "customers").rglob("*.md"))
    schema = vault.config.schema
    return [read_record(read_document(path.read_bytes()), path.name, schema).customer for path in found]


def in_currency(amount: Decimal | None, rate: Decimal) -> Decimal | None:
    """An amount of one sale in the vault's currency, to the cent."""
    return amount if amount is None or rate == 1 else (amount * rate).quantize(CENT, ROUND_HALF_EVEN)


def reckoned(customer: Customer, period: Period, config: Config, today: date = TODAY) -> dict[str, object] | None:
    """One customer's figures in plain Python, or None where the period has no sale of theirs."""
    rates = {config.currency: Decimal(1), **config.rates}
    four = [Decimal(0)] * 4
    days: list[date] = []
    bought: set[int] = set()
    counted = False
    for entry in customer.entries:
        for sale in entry.sales:
            if not period.start <= entry.date <= period.end or sale.currency not in rates:
                continue
            counted = True
            rate = rates[sale.currency]
            revenue, cost, margin = (in_currency(one, rate) for one in (sale.revenue, sale.cost, sale.margin))
            assert revenue is not None
            if cost is not None and sale.margin == sale.revenue - (sale.cost or 0):
                margin = revenue - cost
            four[0] += revenue
            four[1] += cost or 0
            if margin is not None:
                four[2] += margin
                four[3] += revenue
            if sale.revenue > 0:
                bought.add(entry.line)
                days.append(entry.date)
    if not counted:
        return None
    names = ("revenue", "cost", "margin", "revenue_with_margin")
    first, last = min(days, default=None), max(days, default=None)
    interval = Decimal((last - first).days) / (len(bought) - 1) if first and last and len(bought) > 1 else None
    begun = min([entry.date for entry in customer.entries] + ([customer.since] if customer.since else []))
    ended = min(customer.lost_on or today, today)
    return {
        **dict(zip(names, four, strict=True)),
        "purchases": len(bought),
        "first_purchase": first,
        "last_purchase": last,
        "interval_days": None if interval is None else interval.quantize(Decimal("0.1")),
        "length_days": max(0, (ended - begun).days),
        **served(customer, period, config, today),
    }


def served(customer: Customer, period: Period, config: Config, today: date) -> dict[str, object]:
    """Contacts, hours and their cost, entry by entry."""
    contacts, hours, cost = 0, Decimal(0), Decimal(0)
    for entry in customer.entries:
        if not period.start <= entry.date <= min(period.end, today):
            continue
        written = [Decimal(str(item.value)) for item in entry.values if item.key == "hours"]
        contacts += entry.reached
        hours += sum(written)
        if entry.sales:
            continue
        if written and config.serving_hour is not None:
            cost += sum(written) * config.serving_hour
        elif entry.reached:
            cost += config.serving_contact.get(entry.channel or "", Decimal(0))
    rated = config.serving_hour is not None or config.serving_contact
    return {"contacts": contacts, "hours": hours, "cost_to_serve": cost.quantize(CENT) if rated else None}


def brought(customers: list[Customer], margins: dict[str, Decimal]) -> dict[str, Decimal]:
    """The margin credited to each customer, by walking up from everyone who was brought."""
    by = {c.id: c.referred_by.casefold() for c in customers if c.referred_by}
    ids = {c.id for c in customers}
    credited = dict.fromkeys(ids, Decimal(0))
    for customer in ids:
        passed = {customer}
        at = by.get(customer)
        while at in ids and at not in passed:
            passed.add(at)
            credited[at] += margins.get(customer, Decimal(0))
            at = by.get(at)
    return credited


def abc(revenues: list[Decimal], of: Decimal, limits: tuple[Decimal, ...] = (Decimal(80), Decimal(95))) -> str | None:
    """The class of a revenue among others: by the share that larger ones bring."""
    whole = sum(revenues)
    if whole <= 0:
        return None
    share = Fraction(sum(one for one in revenues if one > of)) / Fraction(whole) * 100
    return "ABCDEF"[sum(share >= Fraction(limit) for limit in limits) if of > 0 else len(limits)]


def figures(value: CustomerValue, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(value, name) for name in names}


PERIODS = ["2026", "2025", "2024-Q2", "2026-06", "12m", "last-year", "..", "2025-09-26..2026-05-12", "2019"]


@pytest.fixture(scope="module")
def example() -> plaincrm.Vault:
    return example_vault()


@pytest.mark.parametrize("text", PERIODS)
def test_every_figure_of_the_example_vault(example: plaincrm.Vault, text: str) -> None:
    report = example.value(text, today=TODAY)
    period = Period(report.start, report.end)
    expected = {c.id: found for c in records_of(example) if (found := reckoned(c, period, example.config))}
    assert {row.customer: figures(row, expected[row.customer]) for row in report.customers} == expected
    check_beyond(example, report)
    for name in ("revenue", "cost", "margin", "revenue_with_margin", "purchases"):
        assert getattr(report.totals, name) == sum(getattr(row, name) for row in report.customers)
    assert report.totals.customers == len(expected)
    check_shares(report)
    check_sources(example, report)


def check_beyond(vault: plaincrm.Vault, report: ValueReport) -> None:
    """Classes, referrals and what is left after serving."""
    revenues = [row.revenue for row in report.customers]
    assert [row.abc for row in report.customers] == [abc(revenues, revenue) for revenue in revenues]
    credited = brought(records_of(vault), {row.customer: row.margin for row in report.customers})
    assert all(row.referral_margin == credited[row.customer] for row in report.customers)
    assert report.serving is not None
    for name in ("contacts", "hours", "cost_to_serve"):
        assert getattr(report.serving, name) == sum(getattr(row, name) for row in report.customers)
    for row in report.customers:
        assert row.cost_to_serve is not None
        assert row.margin_after_serving == row.margin - row.cost_to_serve


def check_shares(report: ValueReport) -> None:
    revenues = [row.revenue for row in report.customers]
    assert revenues == sorted(revenues, reverse=True)
    if report.totals.revenue > 0:
        shares = [row.share for row in report.customers]
        assert abs(sum(share or 0 for share in shares) - 1) < Decimal("1e-20")
        assert abs((report.customers[-1].cumulative_share or 0) - 1) < Decimal("1e-20")
    else:
        assert all(row.share is None and row.cumulative_share is None for row in report.customers)


def check_sources(vault: plaincrm.Vault, report: ValueReport) -> None:
    """Every figure can be followed to lines that have a day of the period."""
    for row in report.customers:
        assert row.sources
        lines = (vault.root / row.file).read_text(encoding="utf-8").split("\n")
        for source in row.sources:
            assert source.file == row.file
            assert any(character.isdigit() for character in lines[source.line - 1])


def sales(*lines: str) -> dict[str, str]:
    return {"acme.md": "---\nname: Acme\n---\n## Log\n" + "\n".join(lines) + "\n"}


def amounts(report: ValueReport) -> tuple[str, ...]:
    (row,) = report.customers
    return tuple(str(x) for x in (row.revenue, row.cost, row.margin, row.revenue_with_margin, row.purchases))


def test_both_ends_of_a_period_are_in_it(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path,
        sales(
            "- 2025-12-31 visit [sale:: 1]",
            "- 2026-01-01 visit [sale:: 10]",
            "- 2026-12-31 visit [sale:: 100]",
            "- 2027-01-01 visit [sale:: 1000]",
        ),
    )
    assert vault.value("2026").totals.revenue == 110
    assert vault.value(Period(date(2025, 12, 31), date(2026, 1, 1))).totals.revenue == 11


def test_currencies_without_a_rate_stand_apart(tmp_path: Path) -> None:
    notes = sales("- 2026-01-01 visit [sale:: 100]", "- 2026-01-02 visit [sale:: 1 000 SEK] [cost:: 400 SEK]")
    report = vault_of(tmp_path, notes).value("2026")
    assert amounts(report) == ("100.0000", "0.0000", "0.0000", "0.0000", "1")
    assert report.converted == ()
    assert [(one.currency, one.revenue, one.sales) for one in report.apart] == [("SEK", 1000, 1)]


def test_currencies_with_a_rate_are_converted_to_the_cent(tmp_path: Path) -> None:
    notes = sales("- 2026-01-01 visit [sale:: 100]", "- 2026-01-02 visit [sale:: 33,33 SEK] [cost:: 11,11 SEK]")
    report = vault_of(tmp_path, notes, "[rates]\nSEK = 0.088\n").value("2026")
    assert [Decimal(text) for text in amounts(report)] == [Decimal(x) for x in ("102.93", "0.98", "1.95", "2.93", "2")]
    assert (report.converted, report.apart) == (("SEK",), ())


def test_a_rate_for_the_vaults_own_currency_changes_nothing(tmp_path: Path) -> None:
    report = vault_of(tmp_path, sales("- 2026-01-01 visit [sale:: 100]"), "[rates]\nEUR = 2\n").value("2026")
    assert report.totals.revenue == 100


MARGINS = {
    "the cost is known": ("[sale:: 100] [cost:: 60]", (100, 60, 40, 100)),
    "the margin is known": ("[sale:: 100] [margin:: 30]", (100, 0, 30, 100)),
    "neither is known": ("[sale:: 100]", (100, 0, 0, 0)),
    "a refund takes its whole amount off": ("[sale:: -100]", (-100, 0, -100, -100)),
    "a refund with a cost": ("[sale:: -100] [cost:: -60]", (-100, -60, -40, -100)),
    "a cost alone": ("[cost:: 60]", (0, 60, -60, 0)),
    "two sales of one day's work": ("[sale:: 100] [cost:: 60] [sale:: 50]", (150, 60, 40, 100)),
}


@pytest.mark.parametrize(("fields", "expected"), MARGINS.values(), ids=MARGINS)
def test_margins(tmp_path: Path, fields: str, expected: tuple[int, ...]) -> None:
    (row,) = vault_of(tmp_path, sales(f"- 2026-01-01 visit {fields}")).value("2026").customers
    assert (row.revenue, row.cost, row.margin, row.revenue_with_margin) == expected


def test_a_refund_is_no_purchase(tmp_path: Path) -> None:
    notes = sales("- 2026-03-01 visit [sale:: -20]", "- 2026-02-01 visit [sale:: 50]", "- 2026-01-02 visit [sale:: 50]")
    (row,) = vault_of(tmp_path, notes).value("2026").customers
    assert (row.revenue, row.purchases, row.last_purchase, row.interval_days) == (80, 2, date(2026, 2, 1), 30)


def test_a_whole_that_is_not_positive_has_no_shares(tmp_path: Path) -> None:
    (row,) = vault_of(tmp_path, sales("- 2026-03-01 visit [sale:: -20]")).value("2026").customers
    assert (row.share, row.cumulative_share) == (None, None)


def test_a_query_limits_the_customers_and_the_whole(tmp_path: Path) -> None:
    notes = {
        "a.md": "---\nname: A\ntier: key\n---\n- 2026-01-01 visit [sale:: 10]\n",
        "b.md": "---\nname: B\n---\n- 2026-01-01 visit [sale:: 90]\n",
    }
    (row,) = vault_of(tmp_path, notes).value("2026", query="tier:key").customers
    assert (row.name, row.share) == ("A", 1)


def test_equal_revenues_stand_in_the_order_of_ids(tmp_path: Path) -> None:
    note = "---\nname: X\n---\n- 2026-01-01 visit [sale:: 10]\n"
    vault = vault_of(tmp_path, {"b.md": note, "a.md": note, "z/c.md": note, "customers/a/d.md": note})
    assert [row.customer for row in vault.value("2026").customers] == ["a", "b", "d"]


def test_a_loss_ends_the_relation(tmp_path: Path) -> None:
    note = "---\nname: X\nsince: 2026-01-01\nlost_on: 2026-01-31\n---\n- 2026-01-10 visit [sale:: 10]\n"
    vault = vault_of(tmp_path, {"a.md": note})
    assert vault.value("2026", today=TODAY).customers[0].length_days == 30
    assert vault.value("2026", today=date(2026, 1, 11)).customers[0].length_days == 10


def test_without_today_there_is_no_length_to_guess(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, sales("- 2026-01-10 visit [sale:: 10]"))
    assert vault.value().customers[0].length_days is None
    assert vault.value("2026").customers[0].length_days == 355


@pytest.mark.parametrize("text", ["12m", "this-year", "last-month", "2w"])
def test_a_period_that_counts_from_today_needs_one(tmp_path: Path, text: str) -> None:
    vault = vault_of(tmp_path, sales("- 2026-01-10 visit [sale:: 10]"))
    with pytest.raises(UsageError, match="counts from today"):
        vault.value(text)
    assert vault.value(text, today=TODAY)


@pytest.mark.parametrize("text", ["", "2026-13", "next-year", "2026-02..2026-01", "soon"])
def test_what_is_no_period_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="is no period"):
        vault_of(tmp_path, sales()).value(text, today=TODAY)


AMOUNT = st.decimals(min_value=-9999, max_value=9999, places=2)
SALE = st.tuples(
    st.integers(0, 500),
    AMOUNT,
    st.one_of(st.none(), AMOUNT),
    st.sampled_from(["EUR", "SEK", "USD"]),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(SALE, max_size=6), min_size=1, max_size=4), st.integers(0, 500), st.integers(0, 200))
def test_any_sales(customers: list[list[tuple[int, Decimal, Decimal | None, str]]], start: int, length: int) -> None:
    notes = {}
    for number, rows in enumerate(customers):
        log = []
        for day, amount, cost, currency in rows:
            spent = "" if cost is None else f" [cost:: {cost} {currency}]"
            log.append(f"- {date(2026, 1, 1) + timedelta(day)} visit [sale:: {amount} {currency}]{spent}")
        notes[f"c{number}.md"] = f"---\nname: C{number}\n---\n## Log\n" + "\n".join(log)
    period = Period(date(2026, 1, 1) + timedelta(start), date(2026, 1, 1) + timedelta(start + length))
    vault = vault_in_memory("[rates]\nSEK = 0.091\n").put(notes)
    report = vault.value(period, today=TODAY)
    expected = {c.id: found for c in vault.query("") if (found := reckoned(c, period, vault.config))}
    assert {row.customer: figures(row, expected[row.customer]) for row in report.customers} == expected
    check_shares(report)
    revenues = [row.revenue for row in report.customers]
    assert [row.abc for row in report.customers] == [abc(revenues, revenue) for revenue in revenues]
    few = vault.value(period, today=TODAY, limit=2, full=False)
    assert [row.customer for row in few.customers] == [row.customer for row in report.customers[:2]]
    assert [row.abc for row in few.customers] == [row.abc for row in report.customers[:2]]
    assert few.totals == report.totals
    for name in Totals._fields[1:]:
        told = sum(getattr(row, name) for row in few.customers)
        assert getattr(few.rest, name) + told == getattr(few.totals, name)


def test_classes_of_all_at_once(tmp_path: Path) -> None:
    amounts = {"a": 70, "b": 12, "c": 12, "d": 5, "e": 1, "f": -3, "g": 3}
    notes = {f"{name}.md": sales(f"- 2026-01-01 visit [sale:: {n}]")["acme.md"] for name, n in amounts.items()}
    vault = vault_of(tmp_path, notes)
    told = {row.customer: row.abc for row in vault.value("2026").customers}
    # a brings 70 of 100; b and c are alike, and before them are 70; before d are 94; before g and e 99 and more
    assert told == {"a": "A", "b": "A", "c": "A", "d": "B", "g": "C", "e": "C", "f": "C"}
    with open_index(load_vault(tmp_path), cache=False) as index:
        rows = index.rows("select file, customer from customers")
        found = {name: class_among_all(index, Period(date(2026, 1, 1), TODAY), file) for file, name in rows}
    assert found == told


def test_limits_of_classes_are_the_vaults_own(tmp_path: Path) -> None:
    notes = {
        f"{name}.md": sales(f"- 2026-01-01 visit [sale:: {n}]")["acme.md"]
        for name, n in zip("abcd", (4, 3, 2, 1), strict=True)
    }
    vault = vault_of(tmp_path, notes, "[value]\nclasses = [40, 70, 89.5, 99]\n")
    assert [row.abc for row in vault.value("2026").customers] == ["A", "B", "C", "D"]


def test_what_is_still_to_come_is_told(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, sales("- 2026-11-21 visit [sale:: 10]", "- 2026-11-22 visit [sale:: 5]"))
    assert [vault.value(text, today=TODAY).planned for text in ("2026", "12m", "2027")] == [5, 0, 0]


def test_an_entry_with_two_currencies_is_one_purchase(tmp_path: Path) -> None:
    notes = sales("- 2026-01-01 visit [sale:: 10] [product:: a] [sale:: 100 SEK] [product:: b]")
    (row,) = vault_of(tmp_path, notes, "[rates]\nSEK = 0.1\n").value("2026").customers
    assert (row.revenue, row.purchases) == (20, 1)


def test_a_note_that_could_not_be_read_is_named(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {**sales("- 2026-01-01 visit [sale:: 10]"), "bad.md": "---\nname: [\n---\n"})
    assert vault.value("2026").unread == {"customers/bad.md": "bad-yaml"}
    assert vault.tiers("2026", TODAY).unread == vault.value_by("tier", "2026", TODAY).unread != {}


def test_29_february(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, sales("- 2024-02-29 visit [sale:: 10]", "- 2025-02-28 visit [sale:: 5]"))
    assert vault.value("12m", today=date(2025, 2, 28)).totals.revenue == 5
    assert vault.value("2024-02").totals.revenue == 10
