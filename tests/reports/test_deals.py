"""The deals report: what is open and what that is worth, what was decided, and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.dates import parse_period
from plaincrm.errors import NoMatch
from plaincrm.render.deals import data
from plaincrm.reports.deals import DealsReport
from tests.keeping import KeptVault, example_vault, vault_in_memory
from tests.making import vault_of
from tests.reckoning.deals import deals as reckoned
from tests.reckoning.walk import agree, answer_of

TODAY = date(2026, 11, 21)


def ask(folder: Path, *deals: str, period: str = "2026", config: str = "") -> DealsReport:
    note = "---\nname: Acme\nstage: prospect\nowner: liisa\n---\n" + "".join(f"- {deal}\n" for deal in deals)
    return vault_of(folder, {"acme.md": note}, config).deals(period, TODAY)


def test_the_pipeline(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "[deal:: Late] [value:: 100] [chance:: 50 %] [expected:: 2026-11-20]",
        "[deal:: Today] [value:: 10.01] [chance:: 50 %] [expected:: 2026-11-21]",
        "[deal:: No chance told] [value:: 1000] [expected:: 2026-12-01]",
        "[deal:: No value] [chance:: 90 %] [expected:: 2026-12-24]",
        "[deal:: No day] [value:: 7] [chance:: 100 %]",
    )
    assert report.total == (None, 5, 4, Decimal("1117.01"), 3, Decimal(62))  # 10.01 by a half is 5.00: half to even
    assert report.stages == (("prospect", *report.total[1:]),)
    assert [(one.name, one.deals, one.valued, one.weighed, one.forecast) for one in report.months] == [
        ("overdue", 1, 1, 1, 50),
        ("2026-11", 1, 1, 1, 5),
        ("2026-12", 2, 1, 0, 0),
        (None, 1, 1, 1, 7),
    ]
    assert [(deal.deal, deal.overdue_days) for deal in report.deals] == [
        ("Late", 1),
        ("Today", None),
        ("No chance told", None),
        ("No value", None),
        ("No day", None),
    ]
    assert (report.deals[0].file, report.deals[0].line, report.deals[0].owner) == ("customers/acme.md", 6, "liisa")


def test_what_was_decided(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "[deal:: A] [value:: 300] [opened:: 2026-01-01] [won:: 2026-01-11]",
        "[deal:: B] [value:: 100] [opened:: 2026-02-01] [won:: 2026-02-02]",
        "[deal:: C] [won:: 2026-12-31]",  # later than today: still open
        "[deal:: D] [value:: 600] [lost:: 2026-03-01] [reason:: price]",
        "[deal:: E] [lost:: 2026-03-02] [reason:: Price]",
        "[deal:: F] [lost:: 2026-03-03] [opened:: 2026-05-01]",  # opened after it was lost: not known
        "[deal:: G] [value:: 5] [won:: 2025-12-31]",
    )
    assert report.won == ("won", 2, Decimal("0.4"), 2, 400, Decimal("0.4"), 2, Decimal("5.5"))
    assert report.lost == ("lost", 3, Decimal("0.6"), 1, 600, Decimal("0.6"), 0, None)
    assert report.reasons == (("price", 2, 1, 600), (None, 1, 0, 0))
    assert [(deal.deal, deal.state) for deal in report.deals] == [
        ("C", "open"),
        ("F", "lost"),
        ("E", "lost"),
        ("D", "lost"),
        ("B", "won"),
        ("A", "won"),
    ]
    assert report.deals[0].decided is None


def test_how_old_a_deal_is(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "[deal:: Told] [opened:: 2026-11-01]",
        "[deal:: To come] [opened:: 2026-12-01]",
        "[deal:: Untold]",
        "2026-11-11 call in: wants a price [deal:: In an entry]",
    )
    assert [deal.days for deal in report.deals] == [20, None, None, 10]
    assert report.aged == 2


def test_currencies(tmp_path: Path) -> None:
    deals = (
        "[deal:: Ours] [value:: 10 EUR] [chance:: 50 %]",
        "[deal:: Theirs] [value:: 10.55 SEK] [chance:: 50 %]",
        "[deal:: Far] [value:: 5 USD] [chance:: 50 %]",
    )
    report = ask(tmp_path, *deals, config="[rates]\nSEK = 0.1\n")
    assert report.total == (None, 3, 2, Decimal("11.06"), 2, Decimal("5.53"))
    assert (report.converted, report.apart) == (("SEK",), (("USD", Decimal(5), 1),))
    far = report.deals[2]
    assert (far.amount, far.currency, far.value, far.forecast) == (5, "USD", None, None)


@pytest.mark.parametrize("notes", [{}, {"acme.md": "---\nname: Acme\n---\n"}])
def test_no_deals(notes: dict[str, str], tmp_path: Path) -> None:
    report = vault_of(tmp_path, notes).deals("2026", TODAY)
    assert (report.total, report.stages, report.months) == ((None, 0, 0, 0, 0, 0), (), ())
    assert (report.won.share, report.lost.mean_days, report.reasons, report.deals) == (None, None, (), ())


def test_a_limit_leaves_the_sums(tmp_path: Path) -> None:
    note = "---\nname: Acme\n---\n" + "- [deal:: x] [value:: 5]\n" * 3 + "- [deal:: y] [won:: 2026-01-01]\n" * 3
    report = vault_of(tmp_path, {"acme.md": note}).deals("2026", TODAY, limit=2)
    assert (report.total.deals, report.total.value, report.won.deals) == (3, 15, 3)
    assert [deal.line for deal in report.deals] == [4, 5, 7, 8]


def test_what_deals_count_as(tmp_path: Path) -> None:
    note = "---\nname: Acme\n---\n- [deal:: A] [value:: 45] [chance:: 90 %]\n- [deal:: B]\n"
    vault = vault_of(tmp_path, {"acme.md": note, "berg.md": "---\nname: Berg\n---\n- [deal:: C] [value:: 8]\n"})
    told = vault.explain_deals("acme", "2026", TODAY)
    assert told.figures == (
        ("A", "45.00", "open; forecast 45.00 × 90% = 40.50; no expected day"),
        ("B", "not told", "open; in no forecast without its value; no expected day"),
    )
    assert [(line.file, line.line, line.counts) for line in told.lines] == [
        ("customers/acme.md", 4, "open"),
        ("customers/acme.md", 5, "open"),
    ]
    assert [deal.deal for deal in vault.deals("2026", TODAY, query="name:berg").deals] == ["C"]
    with pytest.raises(NoMatch):
        vault.explain_deals("nobody", "2026", TODAY)


# A second reckoning, in plain Python over the records.


def agrees(vault: KeptVault, text: str, query: str = "", today: date = TODAY) -> int:
    """Hold the whole answer for a period against the second reckoning."""
    period = parse_period(text, today)
    assert period
    own = reckoned(vault.query(query, today=today), vault.config, today, period)
    return agree(answer_of(data(vault.deals(text, today, query=query))), own)


@pytest.mark.parametrize("query", ["", "owner:liisa", "type:person -stage:former"])
@pytest.mark.parametrize("period", ["2025", "12m", ".."])
def test_every_figure_of_the_example_vault(query: str, period: str) -> None:
    assert agrees(example_vault(), period, query) > 100


ODD = {
    "acme.md": "---\nname: Acme\nstage: prospect\n---\n"
    "- [deal:: Late] [value:: 10.01] [chance:: 50 %] [expected:: 2026-11-20]\n"
    "- [deal:: Today] [value:: 10.03] [chance:: 50 %] [expected:: 2026-11-21] [opened:: 2026-11-21]\n"
    "- [deal:: No value] [chance:: 90 %] [opened:: 2026-12-01]\n- [deal:: No chance] [value:: 7]\n"
    "- [deal:: Nothing] [value:: 0] [chance:: 0 %]\n- 2026-11-11 call in: a price [deal:: Entry] [value:: 9]\n",
    "berg.md": "---\nname: Berg\n---\n- [deal:: Theirs] [value:: 10.55 SEK] [chance:: 35 %]\n"
    "- [deal:: Far] [value:: 5 USD] [chance:: 50 %] [expected:: 2027-02-28]\n"
    "- [deal:: Far and won] [value:: 6 USD] [won:: 2026-02-28]\n"
    "- [deal:: Long ago] [value:: 6 USD] [won:: 2024-02-29]\n"
    "- [deal:: Later] [value:: 3] [won:: 2026-12-31]\n"
    "- [deal:: Opened late] [opened:: 2026-05-01] [lost:: 2026-03-03]\n"
    "- [deal:: A] [value:: 6] [lost:: 2026-01-01] [reason:: Liian kallis]\n"
    "- [deal:: B] [opened:: 2025-12-01] [lost:: 2026-11-21] [reason:: LIIAN KALLIS]\n"
    "- [deal:: C] [opened:: 2026-01-01] [value:: 1] [won:: 2026-01-01]\n- [deal:: D] [lost:: 2025-12-31]\n",
}


def test_every_figure_of_deals_that_lack_something() -> None:
    vault = vault_in_memory("[rates]\nSEK = 0.0905\n").put(ODD)
    for period in ("2026", "..", "2026-01-01..2026-01-01"):
        agrees(vault, period)
    agrees(vault, "2026", today=date(2027, 1, 1))
    agrees(vault_in_memory().put({}), "2026")


DEALS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 900_00),
        st.none() | st.integers(0, 100),
        st.none() | st.dates(date(2026, 10, 1), date(2027, 3, 1)),
        st.sampled_from(["lead", "customer", "former"]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(DEALS)
def test_stages_and_months_add_up_to_all(deals: list[tuple[int | None, int | None, date | None, str]]) -> None:
    notes = {}
    for at, (cents, chance, expected, stage) in enumerate(deals):
        parts = ["[deal:: x]"]
        parts += [] if cents is None else [f"[value:: {cents / 100:.2f}]"]
        parts += [] if chance is None else [f"[chance:: {chance} %]"]
        parts += [] if expected is None else [f"[expected:: {expected}]"]
        notes[f"c{at}.md"] = f"---\nname: C{at}\nstage: {stage}\n---\n- {' '.join(parts)}\n"
    vault = vault_in_memory().put(notes)
    agrees(vault, "2026")
    report = vault.deals("2026", TODAY)
    assert report.total.deals == len(deals)
    for groups in (report.stages, report.months):
        for at in range(1, 6):
            assert sum(one[at] for one in groups) == report.total[at]  # type: ignore[misc]
