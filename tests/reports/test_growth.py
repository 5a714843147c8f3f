"""The growth against hand-reckoned vaults, and against the second reckoning from parsed entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.dates import Period, parse_period
from plaincrm.index.query import compile_query
from plaincrm.render.growth import data
from plaincrm.reports.growth import GrowthReport, growth
from plaincrm.reports.stages import StageHistory, Stay
from tests.keeping import KeptVault, example_vault, vault_in_memory
from tests.making import vault_of
from tests.reckoning.growth import growth as reckoned
from tests.reckoning.walk import agree, answer_of

TODAY = date(2026, 11, 21)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
SHORT = '[growth]\nactive = "2m"\nlost = "5m"\n'


def note(*lines: str, front: str = "") -> str:
    """A note: `DAY` is a sale of 10, other lines are entries as they stand."""
    log = "".join(f"- {line} visit [sale:: 10] [cost:: 6]\n" if len(line) == 10 else f"- {line}\n" for line in lines)
    return f"---\nname: Acme\n{front}---\n## Log\n{log}"


def months(report: GrowthReport) -> dict[str, tuple[int, ...]]:
    """New, returned, lost, active and cooling of each month in which there is anything."""
    return {month.month: month[1:] for month in report.months if any(month[1:])}


# The note, whose customers are active for two months and lost after five -> the months of 2026 until today
MONTHS: dict[str, tuple[str, dict[str, tuple[int, ...]]]] = {
    "silent after one purchase": (
        note("2026-01-15"),
        {
            "2026-01": (1, 0, 0, 1, 0),
            "2026-02": (0, 0, 0, 1, 0),
            "2026-03": (0, 0, 0, 0, 1),  # two months are over on 15 March
            "2026-04": (0, 0, 0, 0, 1),
            "2026-05": (0, 0, 0, 0, 1),
            "2026-06": (0, 0, 1, 0, 0),  # five on 15 June
        },
    ),
    "bought again on the day on which they would be lost": (
        note("2026-04-21", "2026-09-21"),
        {
            "2026-04": (1, 0, 0, 1, 0),
            "2026-05": (0, 0, 0, 1, 0),
            "2026-06": (0, 0, 0, 0, 1),
            "2026-07": (0, 0, 0, 0, 1),
            "2026-08": (0, 0, 0, 0, 1),
            "2026-09": (0, 0, 0, 1, 0),
            "2026-10": (0, 0, 0, 1, 0),
            "2026-11": (0, 0, 0, 0, 1),  # cooling since today
        },
    ),
    "lost and returned": (
        note("2026-01-31", "2026-08-01"),
        {
            "2026-01": (1, 0, 0, 1, 0),
            "2026-02": (0, 0, 0, 1, 0),
            "2026-03": (0, 0, 0, 0, 1),
            "2026-04": (0, 0, 0, 0, 1),
            "2026-05": (0, 0, 0, 0, 1),
            "2026-06": (0, 0, 1, 0, 0),  # five months after 31 January is 30 June
            "2026-08": (0, 1, 0, 1, 0),
            "2026-09": (0, 0, 0, 1, 0),
            "2026-10": (0, 0, 0, 0, 1),
            "2026-11": (0, 0, 0, 0, 1),
        },
    ),
    "lost by the note": (
        note("2026-09-05", "2026-10-05", front="lost_on: 2026-10-20\n"),
        {"2026-09": (1, 0, 0, 1, 0), "2026-10": (0, 0, 1, 0, 0)},
    ),
    "lost on the day of the purchase": (
        note("2026-10-05", front="lost_on: 2026-10-05\n"),
        {"2026-10": (1, 0, 1, 0, 0)},
    ),
    "a loss before the last purchase": (
        note("2026-09-05", "2026-10-05", front="lost_on: 2026-09-20\n"),
        {"2026-09": (1, 0, 1, 0, 0), "2026-10": (0, 1, 0, 1, 0), "2026-11": (0, 0, 0, 1, 0)},
    ),
    "several sales of a day are one": (
        note("2026-10-05", "2026-10-05"),
        {"2026-10": (1, 0, 0, 1, 0), "2026-11": (0, 0, 0, 1, 0)},
    ),
    "a loss to come": (
        note("2026-11-05", front="lost_on: 2026-12-01\n"),
        {"2026-11": (1, 0, 0, 1, 0)},
    ),
    "tomorrow is not yet": (note("2026-11-22"), {}),
    "a refund is no purchase": (note("2026-10-05 visit [sale:: -5]"), {}),
    "no sale": (note("2026-10-05 call: hello"), {}),
}


@pytest.mark.parametrize("case", MONTHS)
def test_the_months(case: str) -> None:
    text, expected = MONTHS[case]
    assert months(growth(vault_in_memory(SHORT).put({"a.md": text}).index, TODAY, YEAR)) == expected


def test_the_base_before_the_period_counts(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"a.md": note("2025-12-05")}, SHORT).growth("2026-01", TODAY)
    assert months(report) == {"2026-01": (0, 0, 0, 1, 0)}


@pytest.mark.parametrize("period", ["2026", "..", "2027", "2026-11-21..2026-11-21"])
def test_an_empty_vault(period: str, tmp_path: Path) -> None:
    report = vault_of(tmp_path, {}).growth(period, TODAY)
    assert (months(report), report.stages, report.sources, report.referrers) == ({}, (), (), ())
    assert [(step.reached, step.share, step.days) for step in report.steps] == [(0, None, None)] * 6


def test_the_way_to_the_first_purchase(tmp_path: Path) -> None:
    report = vault_of(
        tmp_path,
        {
            "bought.md": note(
                "2026-01-01 call: hi",
                "2026-01-11 call: how [step:: need]",
                "2026-02-10",
                "2026-05-01 call: more [step:: decision]",  # of other work
            ),
            "asked.md": note("2026-03-01 call: hi [step:: need]", "2026-03-08 mail: prices [step:: comparison]"),
            "silent.md": note("2026-04-01 call: hi"),
            "ordered.md": note("2026-05-02 call: yes [step:: order]", front="since: 2026-05-01\n"),
            "before.md": note("2025-12-31 call: hi", "2026-01-02"),
            "plan.md": note("2026-12-01 visit: plan [step:: need]"),
        },
    ).growth("2026", TODAY)
    assert [(step.step, step.stage, step.reached, step.noted, step.days) for step in report.steps] == [
        ("contact", "lead", 4, 4, 0),
        ("need", "prospect", 3, 2, 5),  # 10 days and none
        ("comparison", "prospect", 3, 1, 7),
        ("decision", "prospect", 2, 0, None),  # who ordered has decided
        ("order", "prospect", 2, 1, 1),
        ("purchase", "customer", 1, 1, 40),
    ]
    assert [step.share for step in report.steps][:2] == [1, Decimal("0.75")]


def test_where_new_customers_came_from(tmp_path: Path) -> None:
    report = vault_of(
        tmp_path,
        {
            "a.md": note("2026-01-01", "2026-02-01", front="source: Web\n"),
            "b.md": note("2026-03-01 visit [sale:: 7]", front="source: web\nreferred_by: '[[A]]'\n"),
            "c.md": note("2026-03-01", front="referred_by: '[[customers/a|Acme]]'\n"),
            "d.md": note("2026-03-01", front="referred_by: '[[nobody]]'\n"),
            "e.md": note("2026-03-01"),
            "old.md": note("2025-03-01", "2026-03-01", front="source: fair\n"),
        },
    ).growth("2026", TODAY)
    assert [(row.source, *row[1:]) for row in report.sources] == [
        ("website", 2, 27, 8, 20),
        ("referral", 2, 20, 8, 20),
        (None, 1, 10, 4, 10),
    ]
    assert [(row.customer, row.name, row.customers, row.revenue) for row in report.referrers] == [
        ("a", "Acme", 2, 17),
        ("nobody", None, 1, 10),
    ]


def test_stages_and_a_query(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path,
        {
            "a.md": note("2026-01-01", front="stage: regular\nowner: liisa\n"),
            "b.md": note("2026-01-01", front="stage: lead\nowner: matti\n"),
            "c.md": note("2026-01-01"),
        },
    )
    assert vault.growth("2026", TODAY).stages == (("lead", 1, 0, None), ("regular", 1, 0, None), (None, 1, 0, None))
    report = vault.growth("2026", TODAY, query="owner:liisa")
    assert (report.stages, report.months[0].new) == ((("regular", 1, 0, None),), 1)
    assert (report.steps[0].reached, report.sources[0].customers) == (1, 1)


def test_currencies_without_a_rate_make_no_customer(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"a.md": note("2026-01-01 visit [sale:: 10 SEK]")}).growth("2026", TODAY)
    assert (months(report), [apart.currency for apart in report.apart]) == ({}, ["SEK"])


def test_why_the_report_says_so(tmp_path: Path) -> None:
    text = note("2026-01-10 call: hi [step:: need]", "2026-01-15", front="lost_on: 2026-03-01\n")
    told = vault_of(tmp_path, {"a.md": text}, SHORT).explain_growth("a", "2026", TODAY)
    assert {figure.name: figure.value for figure in told.figures} == {
        "First contact": "2026-01-10",
        "Step need": "2026-01-10",
        "New in": "2026-01",
        "Lost in": "2026-03",
        "Today": "lost",
    }
    assert [(line.line, line.counts) for line in told.lines] == [
        (3, "lost_on 2026-03-01"),
        (6, "first entry 2026-01-10, step need on 2026-01-10"),
        (7, "purchase 2026-01-15"),
    ]


# ---- a second reckoning: the state of each customer on each day, and the way of each ----


def agrees(vault: KeptVault, text: str, query: str = "", stays: Sequence[Stay] = (), since: date | None = None) -> int:
    """Hold the whole answer for a period against the second reckoning."""
    period = parse_period(text, TODAY)
    assert period
    history = StageHistory(since, tuple(stays)) if since else None
    where = compile_query(query, vault.config, TODAY)
    known = [(stay.stage, stay.ended, (stay.ended - stay.begun).days) for stay in stays]
    own = reckoned(
        vault.query(query, today=TODAY), vault.config, TODAY, period, vault.query(""), stays=known, since=since
    )
    return agree(answer_of(data(growth(vault.index, TODAY, period, where, history))), own)


@pytest.mark.parametrize(("text", "query"), [("12m", ""), ("..", ""), ("2024", "-stage:former"), ("2027", "")])
def test_every_figure_of_the_example_vault(text: str, query: str) -> None:
    assert agrees(example_vault(), text, query) > 50


WAYS = {
    **{f"{at}.md": text for at, (text, _months) in enumerate(MONTHS.values())},
    "first.md": "---\nname: First\nstage: regular\nsince: 2024-02-29\nreferred_by: '[[loop]]'\n---\n"
    "- 2025-12-01 call: hi [step:: need]\n- 2026-01-31 visit [sale:: 100 SEK] [cost:: 50 SEK] [sale:: 10] [cost:: 4]\n",
    "loop.md": "---\nname: Loop\nreferred_by: '[[customers/first|First]]'\nsource: Fair\n---\n"
    "- 2026-03-01 call: hi\n- 2026-03-15 visit [step:: order] [sale:: 30]\n- 2026-04-15 credit [sale:: -10]\n",
    "far.md": "---\nname: Far\nstage: lead\nreferred_by: '[[nobody]]'\n---\n"
    "- 2026-03-01 mail [step:: comparison]\n- 2026-05-02 visit [sale:: 30 USD]\n- 2026-05-03 visit [sale:: 9]\n",
    "plan.md": "---\nname: Plan\nstage: former\nsource: our VAN\n---\n"
    "- 2026-12-01 visit: plan [step:: need] [sale:: 5]\n",
}


def test_every_figure_of_vaults_with_all_that_is_odd() -> None:
    vault = vault_in_memory(f"{SHORT}[rates]\nSEK = 0.0905\n").put(WAYS)
    stays = (
        Stay("customers/far.md", "prospect", date(2026, 1, 1), date(2026, 1, 31), "a", "b"),
        Stay("customers/loop.md", "prospect", date(2026, 2, 1), date(2026, 2, 12), "c", "d"),
        Stay("customers/loop.md", "lead", date(2025, 2, 1), date(2026, 2, 1), "c", "d"),
        Stay("customers/plan.md", "lead", date(2025, 2, 1), date(2025, 12, 31), "c", "d"),
    )
    for period in ("2026", "..", "2026-11-21..2026-11-21"):
        agrees(vault, period, stays=stays, since=date(2025, 1, 31))
    agrees(vault_in_memory().put({}), "2026")


def adds_up(report: GrowthReport) -> None:
    for before, month in zip(report.months, report.months[1:], strict=False):
        assert month.base == before.base + month.new + month.returned - month.lost


def test_a_source_is_one_however_it_is_spelt() -> None:
    told = ("website", "Verkkosivut", "verkkosivut", "web site", "messut", "FAIR", "our van", "Our Van", "")
    made = {
        f"c{at}.md": note("2026-02-01", front=f"source: {source}\n" if source else "") for at, source in enumerate(told)
    }
    report = vault_in_memory(SHORT).put(made).growth("2026", TODAY)
    assert [(one.source, one.customers, one.revenue, one.margin) for one in report.sources] == [
        ("website", 4, 40, 16),
        ("Our Van", 2, 20, 8),
        ("fair", 2, 20, 8),
        (None, 1, 10, 4),
    ]


CUSTOMER = st.tuples(
    st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 20)), max_size=5),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 20)),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(CUSTOMER, max_size=3))
def test_random_vaults(customers: list[tuple[list[date], date | None]]) -> None:
    made = {
        f"c{at}.md": note(*map(str, days), front=f"lost_on: {lost_on}\n" if lost_on else "")
        for at, (days, lost_on) in enumerate(customers)
    }
    vault = vault_in_memory(SHORT).put(made)
    agrees(vault, "2026")
    adds_up(vault.growth("2026", TODAY))
