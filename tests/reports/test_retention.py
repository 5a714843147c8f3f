"""The retention against hand-reckoned vaults, and against a reckoning of its own over parsed entries."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plaincrm
from plaincrm.dates import Period, parse_period, preceding
from plaincrm.errors import UsageError
from plaincrm.records.model import Customer
from plaincrm.reports.cohorts import By
from plaincrm.reports.moves import Move
from plaincrm.reports.retention import MOVES, RetentionReport
from tests.keeping import example_vault, vault_in_memory
from tests.making import vault_of

TODAY = date(2026, 11, 21)
CENT = Decimal("0.01")


def notes(**customers: str) -> dict[str, str]:
    """A note each: a line of front matter or `DAY AMOUNT [more fields]` of a sale."""
    made = {}
    for name, text in customers.items():
        lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
        front = [line for line in lines if not line[:4].isdigit()]
        log = []
        for line in lines:
            if line[:4].isdigit():
                day, _, rest = line.partition(" ")
                log.append(
                    f"- {day} {rest}" if rest[:1].isalpha() else f"- {day} visit [sale:: {rest.replace(';', '] [')}]"
                )
        made[f"{name}.md"] = "\n".join(["---", f"name: {name}", *front, "---", "## Log", *log, ""])
    return made


def steps(report: RetentionReport) -> dict[str, tuple[int, int, int]]:
    """Customers, revenue and margin of each move that is not nothing."""
    found = {step.move: (step.customers, int(step.revenue), int(step.margin)) for step in report.steps}
    return {move: three for move, three in found.items() if any(three)}


def adds_up(report: RetentionReport) -> None:
    opening, closing = report.opening, report.closing
    assert tuple(step.move for step in report.steps) == MOVES
    assert opening.customers + sum(step.change for step in report.steps) == closing.customers
    assert opening.revenue + sum(step.revenue for step in report.steps) == closing.revenue
    assert opening.margin + sum(step.margin for step in report.steps) == closing.margin
    for step in report.steps:
        sign = {"won": 1, "returned": 1, "lost": -1}.get(step.move, 0)
        assert step.change == sign * step.customers


# What was sold -> move, revenue and margin that it changes, from 2025 to 2026
MOVED: dict[str, tuple[str, Move, tuple[int, int, int]]] = {
    "never bought before": ("2026-03-01 100;cost:: 60", "won", (1, 100, 40)),
    "bought two years ago": ("2024-03-01 70\n2026-03-01 100;cost:: 60", "returned", (1, 100, 40)),
    "more than before": ("2025-03-01 70;cost:: 60\n2026-03-01 100;cost:: 60", "grown", (1, 30, 30)),
    "more revenue, less margin": ("2025-03-01 70;cost:: 10\n2026-03-01 100;cost:: 60", "grown", (1, 30, -20)),
    "less than before": ("2025-03-01 70;cost:: 60\n2026-03-01 50;cost:: 45", "shrunk", (1, -20, -5)),
    "the same as before": ("2025-03-01 70;cost:: 60\n2026-03-01 70;cost:: 60", "same", (1, 0, 0)),
    "not any more": ("2025-03-01 70;cost:: 60", "lost", (1, -70, -10)),
    "not any more, and a refund": ("2025-03-01 70;cost:: 60\n2026-01-01 -20", "lost", (1, -90, -30)),
    "less through a refund": ("2025-03-01 70\n2026-03-01 100\n2026-03-02 -50", "shrunk", (1, -20, -50)),
    "a refund alone, nobody moves": ("2023-03-01 70\n2026-03-02 -50", "shrunk", (0, -50, -50)),
    "a margin that is not known": ("2025-03-01 70;cost:: 60\n2026-03-01 100", "grown", (1, 30, -10)),
    "both ends of the periods": (
        "2024-12-31 5\n2025-01-01 1\n2025-12-31 1\n2026-12-31 9\n2027-01-01 99",
        "grown",
        (1, 7, 0),
    ),
}


@pytest.mark.parametrize("case", MOVED)
def test_what_became_of_a_customer(case: str, tmp_path: Path) -> None:
    sold, move, changed = MOVED[case]
    report = vault_of(tmp_path, notes(acme=sold)).retention("2026", TODAY)
    assert steps(report) == ({move: changed} if any(changed) else {})
    adds_up(report)


def test_the_bridge_and_its_rates(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path,
        notes(
            a="2025-01-01 100\n2026-01-01 150",
            b="2025-01-01 100\n2026-01-01 60\n2026-02-01 10",
            c="2025-01-01 200",
            d="2026-05-01 30",
            e="2024-01-01 5\n2026-05-01 20",
        ),
    )
    report = vault.retention("2026", TODAY)
    adds_up(report)
    assert (report.before_start, report.before_end) == (date(2025, 1, 1), date(2025, 12, 31))
    assert (report.opening.customers, report.opening.revenue) == (3, 400)
    assert steps(report) == {
        "won": (1, 30, 0),
        "returned": (1, 20, 0),
        "grown": (1, 50, 0),
        "shrunk": (1, -30, 0),
        "lost": (1, -200, 0),
    }
    assert (report.closing.customers, report.closing.revenue) == (4, 270)
    rates = report.rates
    assert (rates.retention, rates.kept) == (Decimal("0.666667"), 2)  # of three two bought again
    assert (rates.gross_revenue, rates.net_revenue) == (Decimal("0.425"), Decimal("0.55"))  # 170 and 220 of 400
    assert (rates.repeat_purchase, rates.repeated) == (Decimal("0.25"), 1)  # of four one bought twice


def test_the_period_before_can_be_chosen(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, notes(a="2024-01-01 100\n2025-06-01 7\n2026-01-01 150"))
    assert steps(vault.retention("2026", TODAY, before="2024")) == {"grown": (1, 50, 0)}
    # who bought between the two periods was there before
    between = vault_of(tmp_path / "b", notes(a="2025-06-01 7\n2026-01-01 150")).retention("2026", TODAY, before="2024")
    assert steps(between) == {"returned": (1, 150, 0)}


@pytest.mark.parametrize(
    ("period", "before", "message"),
    [
        ("..", None, "There is no period before all time"),
        ("2026", "2026", "ends on 2026-12-31, and the other begins on 2026-01-01"),
        ("2025", "2026", "ends on 2026-12-31, and the other begins on 2025-01-01"),
        ("2026", "soon", "soon is no period"),
        ("soon", None, "soon is no period"),
    ],
)
def test_periods_that_cannot_be_compared(period: str, before: str | None, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message):
        vault_of(tmp_path, {}).retention(period, TODAY, before=before)


def test_currencies(tmp_path: Path) -> None:
    sold = notes(a="2025-01-01 100\n2026-01-01 1 000 SEK;cost:: 400 SEK", b="2025-01-01 70 NOK\n2026-01-01 10")
    report = vault_of(tmp_path, sold, "[rates]\nSEK = 0.088\n").retention("2026", TODAY)
    adds_up(report)
    assert (report.closing.revenue, report.closing.margin) == (98, Decimal("52.8"))
    assert report.converted == ("SEK",)
    assert [(apart.currency, apart.revenue) for apart in report.apart] == [("NOK", 70)]
    assert steps(report)["won"] == (1, 10, 0)  # what has no rate is in no sum and makes no customer


EMPTY: dict[str, dict[str, str]] = {
    "no note": {},
    "no sale": notes(a="2025-01-01 call: hello"),
    "refunds only": notes(a="2025-01-01 -10\n2026-01-01 -10"),
    "a note that cannot be read": {"bad.md": "---\nname: [\n---\n"},
}


@pytest.mark.parametrize("case", EMPTY)
def test_vaults_in_which_nobody_bought(case: str, tmp_path: Path) -> None:
    report = vault_of(tmp_path, EMPTY[case]).retention("2026", TODAY)
    adds_up(report)
    assert (report.opening.customers, report.rates.retention, report.rates.repeat_purchase) == (0, None, None)
    assert (report.rates.net_revenue, report.rates.gross_revenue) == (None, None)
    assert (report.losses.customers, report.rhythms.known) == ((), 0)
    assert bool(report.unread) == (case == "a note that cannot be read")


def test_a_query_limits_all_of_it(tmp_path: Path) -> None:
    sold = "2024-01-01 1\n2024-06-01 1\n2025-01-01 100"
    vault = vault_of(tmp_path, notes(a=f"tier: key\n{sold}", b=sold))
    report = vault.retention("2026", TODAY, query="tier:key")
    assert (report.opening.customers, report.cohorts[0].size, report.rhythms.known) == (1, 1, 1)
    assert [loss.customer for loss in report.losses.customers] == ["a"]


def test_cohorts(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path,
        notes(
            a="2024-01-15 1\n2024-12-31 1\n2026-02-01 1",
            b="2024-02-29 1\n2025-01-01 1\n2025-12-31 1",
            c="2026-11-21 1\n2026-11-22 1",  # tomorrow is not yet
            d="2026-12-01 1",
            e="2024-05-01 -1",
        ),
    )

    def shown(by: By) -> dict[str, tuple[int, list[int]]]:
        return {
            cohort.name: (cohort.size, [cell.customers for cell in cohort.cells])
            for cohort in vault.retention("2026", TODAY, cohort=by).cohorts
        }

    assert shown("year") == {"2024": (2, [1, 1]), "2026": (1, [])}
    assert shown("quarter") == {"2024-Q1": (2, [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0]), "2026-Q4": (1, [])}
    cells = vault.retention("2026", TODAY).cohorts[0].cells
    assert [(cell.period, cell.share, cell.complete) for cell in cells] == [
        ("2025", Decimal("0.5"), True),
        ("2026", Decimal("0.5"), False),
    ]


LOST = notes(
    told="lost_on: 2026-02-10\nlost_reason: competitor\n2025-03-07 50\n2026-02-03 email in: x\n2026-02-10 call in: x",
    silent="2025-05-07 40\n2026-03-01 call out: hello\n2026-04-01 call no-answer: hello\n2026-12-01 visit: plan",
    earlier="lost_on: 2025-09-01\nlost_reason: moved\n2025-05-07 30",
    bought="lost_on: 2026-09-01\nlost_reason: competitor\n2025-05-07 30\n2026-01-07 30",
    older="lost_on: 2020-09-01\nlost_reason: service\n2025-05-07 20",
    lead="lost_on: 2026-02-01\nlost_reason: price\n2026-01-01 call: no",
    kept="2025-05-07 30\n2026-01-07 30",
)


def test_who_was_lost_and_why(tmp_path: Path) -> None:
    report = vault_of(tmp_path, LOST).retention("2026", TODAY)
    told = {
        loss.customer: (
            loss.reason,
            str(loss.lost_on or ""),
            str(loss.last_contact or ""),
            loss.silent_days,
            loss.counted,
        )
        for loss in report.losses.customers
    }
    assert told == {
        # the day on which they told us is not before the loss
        "told": ("competitor", "2026-02-10", "2026-02-03", 7, True),
        # nobody was reached in April, and December is to come
        "silent": (None, "", "2026-03-01", 265, True),
        "earlier": ("moved", "2025-09-01", "2025-05-07", 117, True),
        "bought": ("competitor", "2026-09-01", "2026-01-07", 237, False),
        "older": (None, "", "2025-05-07", 563, True),
    }
    assert [(reason.reason, reason.customers, reason.revenue) for reason in report.losses.reasons] == [
        ("competitor", 2, 80),
        ("moved", 1, 30),
        (None, 2, 60),
    ]
    assert {loss.customer: loss.line for loss in report.losses.customers} == {
        "told": 3,
        "silent": 5,
        "earlier": 3,
        "bought": 3,
        "older": 7,
    }


def test_a_limit_leaves_out_lines_and_no_figure(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, LOST)
    every, few = vault.retention("2026", TODAY), vault.retention("2026", TODAY, limit=1)
    assert few.losses.customers == every.losses.customers[:1]
    assert few.losses.reasons == every.losses.reasons
    assert few.steps == every.steps


# The days of purchases -> intervals, the usual one, expected day and its range, silence, how many longer, state
RHYTHMS = {
    "2026-01-01 2026-03-02 2026-06-30": (2, 90, "2026-09-28", "2026-08-29", "2026-10-28", 144, 0, "cooling"),
    "2026-01-01 2026-03-02 2026-10-28": (2, 150, "2027-03-27", "2026-12-27", "2027-06-25", 24, 2, "in-rhythm"),
    "2025-01-01 2025-02-01 2026-01-01 2026-10-01": (
        3,
        273,
        "2027-07-01",
        "2026-11-01",
        "2027-08-31",
        51,
        2,
        "in-rhythm",
    ),
    "2025-01-01 2025-02-01 2026-01-01 2026-02-01 2026-03-01": (
        4,
        31,
        "2026-04-01",
        "2026-03-29",
        "2027-01-29",
        265,
        1,
        "late",
    ),
    "2024-02-29 2025-02-28 2026-02-28": (2, 365, "2027-02-28", "2027-02-28", "2027-02-28", 266, 2, "in-rhythm"),
    "2026-01-01 2026-04-11 2026-08-13": (2, 112, "2026-12-03", "2026-11-21", "2026-12-15", 100, 2, "in-rhythm"),
}


@pytest.mark.parametrize("days", RHYTHMS)
def test_a_rhythm(days: str, tmp_path: Path) -> None:
    n, usual, expected, earliest, latest, silence, longer, state = RHYTHMS[days]
    (rhythm,) = (
        vault_of(tmp_path, notes(a="\n".join(f"{day} 10" for day in days.split())))
        .retention("2026", TODAY)
        .rhythms.customers
    )
    found = rhythm.spacing
    assert (found.n, round(found.usual), str(found.expected)) == (n, usual, expected)
    assert (str(found.earliest), str(found.latest), found.silence, found.longer) == (earliest, latest, silence, longer)
    assert (found.state, found.chance) == (state, round(Decimal(longer + 1) / (n + 1), 6))


NONE = {
    "two days are too few": ("2024-01-01 1\n2024-02-01 1\n2024-02-01 2", 1),
    "sales of one day are one purchase": ("2026-01-01 1\n2026-01-01 1\n2026-01-01 1", 1),
    "a refund is no purchase": ("2024-01-01 1\n2024-02-01 1\n2024-03-01 -1", 1),
    "tomorrow is not yet": ("2026-01-01 1\n2026-02-01 1\n2026-11-22 1", 1),
    "lost ones are told as such": ("lost_on: 2026-05-01\n2024-01-01 1\n2024-02-01 1\n2024-03-01 1", 0),
    "so are those of a closed stage": ("stage: former\n2024-01-01 1\n2024-02-01 1\n2024-03-01 1", 0),
}


@pytest.mark.parametrize("case", NONE)
def test_who_has_no_rhythm(case: str, tmp_path: Path) -> None:
    sold, too_few = NONE[case]
    found = vault_of(tmp_path, notes(a=sold)).retention("2026", TODAY).rhythms
    assert (found.customers, found.known, found.too_few) == ((), 0, too_few)


def test_who_came_back_after_a_loss_has_a_rhythm(tmp_path: Path) -> None:
    sold = "lost_on: 2024-02-15\n2024-01-01 1\n2024-02-01 1\n2024-03-01 1"
    assert vault_of(tmp_path, notes(a=sold)).retention("2026", TODAY).rhythms.cooling == 1


def test_a_limit_tells_those_who_cool_by_revenue(tmp_path: Path) -> None:
    often = "2024-01-01 1\n2024-02-01 1"
    vault = vault_of(
        tmp_path,
        notes(a=f"{often}\n2025-03-01 5", b=f"{often}\n2025-03-01 9", c=f"{often}\n2026-11-20 99"),
    )
    found = vault.retention("2026", TODAY, limit=1).rhythms
    assert ([rhythm.customer for rhythm in found.customers], found.known, found.cooling) == (["b"], 3, 2)
    assert [rhythm.customer for rhythm in vault.retention("2026", TODAY).rhythms.customers] == ["b", "a", "c"]


def test_why_the_report_says_so(tmp_path: Path) -> None:
    told = vault_of(tmp_path, LOST).explain_retention("told", "2026", TODAY)
    figures = {figure.name: figure.value for figure in told.figures}
    assert figures == {
        "Move": "lost",
        "Revenue before": "50.00",
        "Margin before": "0.00",
        "Revenue now": "0.00",
        "Margin now": "0.00",
        "Change": "-50.00",
        "Cohort": "2025",
        "Rhythm": "too few",
        "Lost on": "2026-02-10",
        "Last contact": "2026-02-03",
    }
    assert [(line.line, line.counts) for line in told.lines] == [
        (3, "lost_on 2026-02-10"),
        (4, "lost_reason competitor"),
        (7, "revenue 50.00 before"),
        (8, "last contact 2026-02-03"),
    ]


# ---- a second reckoning over the example vault ----


class Reckoned:
    """One customer in plain Python: what was bought in which period, in the vault's currency."""

    def __init__(self, customer: Customer, rates: dict[str, Decimal], before: Period, now: Period) -> None:
        self.customer = customer
        self.sales = [(entry, sale) for entry, sale in customer.sales if sale.currency in rates]
        self.rates = rates
        self.before, self.now = self.sums(before), self.sums(now)
        bought = sorted(entry.date for entry, sale in self.sales if sale.revenue > 0)
        self.days = sorted({day for day in bought if day <= TODAY})
        was, is_now = (any(map(period.covers, bought)) for period in (before, now))
        self.was, self.is_now = was, is_now
        earlier = any(day < now.start for day in bought)
        grown = self.now[0] - self.before[0]
        kept = "grown" if grown > 0 else "shrunk" if grown < 0 else "same"
        self.move = kept if was == is_now else "lost" if was else "returned" if earlier else "won"
        lines = {entry.line for entry, sale in self.sales if sale.revenue > 0 and now.covers(entry.date)}
        self.repeated = len(lines) > 1

    def sums(self, period: Period) -> tuple[Decimal, Decimal, Decimal]:
        revenue = margin = known = Decimal(0)
        for entry, sale in self.sales:
            if period.covers(entry.date):
                rate = self.rates[sale.currency]

                def own(amount: Decimal, rate: Decimal = rate) -> Decimal:
                    return amount if rate == 1 else (amount * rate).quantize(CENT)

                revenue += own(sale.revenue)
                if sale.margin is not None:
                    margin += own(sale.margin) if sale.cost is None else own(sale.revenue) - own(sale.cost)
                    known += own(sale.revenue)
        return revenue, margin, known


@pytest.fixture(scope="module")
def example() -> plaincrm.Vault:
    return example_vault()


def reckon(vault: plaincrm.Vault, now: Period, before: Period) -> list[Reckoned]:
    rates = {"EUR": Decimal(1), **vault.config.rates}
    return [Reckoned(customer, rates, before, now) for customer in vault.query("")]


PERIODS = ["12m", "2026", "2025", "2024", "2026-Q2", "2026-06", "2025-06-18..2026-02-10", "30d"]


@pytest.mark.parametrize("text", PERIODS)
def test_every_figure_of_the_example_vault(example: plaincrm.Vault, text: str) -> None:
    now = parse_period(text, TODAY)
    assert now
    before = preceding(now)
    assert before
    report, own = example.retention(text, TODAY), reckon(example, now, before)
    adds_up(report)

    def total(when: str, at: int) -> Decimal:
        return sum((getattr(one, when)[at] for one in own), Decimal(0))

    for base, when, has in ((report.opening, "before", "was"), (report.closing, "now", "is_now")):
        assert base == (sum(getattr(one, has) for one in own), total(when, 0), total(when, 1), total(when, 2))
    for step in report.steps:
        of = [one for one in own if one.move == step.move]
        assert step.customers == sum(one.was or one.is_now for one in of)
        assert step.revenue == sum(one.now[0] - one.before[0] for one in of)
        assert step.margin == sum(one.now[1] - one.before[1] for one in of)
    assert report.rates.repeated == sum(one.repeated for one in own)
    assert report.rates.kept == sum(one.was and one.is_now for one in own)
    value = example.value(text, today=TODAY).totals  # the other report of revenue says the same
    assert (report.closing.revenue, report.closing.margin) == (value.revenue, value.margin)


@pytest.mark.parametrize("by", ["year", "quarter"])
def test_every_cohort_cell_of_the_example_vault(example: plaincrm.Vault, by: By) -> None:
    def number(day: date) -> int:
        return day.year if by == "year" else day.year * 4 + (day.month - 1) // 3

    own = [one.days for one in reckon(example, Period(TODAY, TODAY), Period(TODAY, TODAY)) if one.days]
    began = sorted({number(days[0]) for days in own})
    expected = []
    for first in began:
        of = [days for days in own if number(days[0]) == first]
        later = range(first + 1, number(TODAY) + 1)
        bought = [sum(any(number(day) == at for day in days) for days in of) for at in later]
        expected.append((len(of), [(n, round(Decimal(n) / len(of), 6)) for n in bought]))
    found = example.retention("2026", TODAY, cohort=by).cohorts
    assert [(c.size, [(cell.customers, cell.share) for cell in c.cells]) for c in found] == expected
    assert sum(cohort.size for cohort in found) == len(own)


def test_every_loss_and_rhythm_of_the_example_vault(example: plaincrm.Vault) -> None:
    now, before = Period(date(2025, 11, 22), TODAY), Period(date(2024, 11, 22), date(2025, 11, 21))
    report, own = example.retention("12m", TODAY), reckon(example, now, before)
    assert {loss.customer for loss in report.losses.customers if loss.counted} == {
        one.customer.id for one in own if one.move == "lost"
    }
    for loss in report.losses.customers:
        customer = example.customer(loss.customer)
        told = customer.lost_on
        reached = [e.date for e in customer.entries if e.reached and (e.date < told if told else e.date <= TODAY)]
        assert (loss.last_contact, loss.silent_days) == (max(reached), ((told or TODAY) - max(reached)).days)
        assert loss.reason == customer.lost_reason
    staying = [one for one in own if one.days and one.customer.stage != "former" and one.customer.lost_on is None]
    rhythms = {rhythm.customer: rhythm.spacing for rhythm in report.rhythms.customers}
    assert set(rhythms) == {one.customer.id for one in staying if len(one.days) > 2}
    assert report.rhythms.too_few == sum(len(one.days) < 3 for one in staying)
    for one in staying:
        if len(one.days) > 2:
            gaps = sorted((b - a).days for a, b in zip(one.days, one.days[1:], strict=False))
            found, silence = rhythms[one.customer.id], (TODAY - one.days[-1]).days
            assert (found.shortest, found.longest, found.silence) == (gaps[0], gaps[-1], silence)
            assert (found.state == "cooling") == (silence > gaps[-1])
            assert found.usual == (gaps[len(gaps) // 2] + gaps[(len(gaps) - 1) // 2]) / Decimal(2)
    assert report.rhythms.cooling == sum(found.state == "cooling" for found in rhythms.values())


# ---- random vaults ----

SALE = st.tuples(
    st.dates(date(2023, 6, 1), date(2027, 2, 1)),
    st.sampled_from(["sale:: 100", "sale:: -30", "sale:: 12,35", "sale:: 500 SEK", "sale:: 9,99 NOK", "sale:: 0"]),
    st.sampled_from(["", "[cost:: 40]", "[margin:: 33,33]", "[cost:: 7,77 SEK]"]),
)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.lists(SALE, max_size=6), max_size=5),
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    st.integers(1, 800),
)
def test_the_bridge_always_adds_up(customers: list[list[tuple[date, str, str]]], start: date, days: int) -> None:
    made = {
        f"c{at}.md": f"---\nname: C{at}\n---\n## Log\n"
        + "".join(f"- {day} visit [{sale}] {more}\n" for day, sale, more in sales)
        for at, sales in enumerate(customers)
    }
    now = Period(start, start + timedelta(days=days))
    vault = vault_in_memory("[rates]\nSEK = 0.0877\n").put(made)
    report = vault.retention(now, TODAY)
    value, before = vault.value(now, today=TODAY), vault.value(preceding(now) or now, today=TODAY)
    adds_up(report)
    bought = {row.customer for row in value.customers if row.purchases}
    had = {row.customer for row in before.customers if row.purchases}
    assert (report.opening.customers, report.closing.customers) == (len(had), len(bought))
    assert report.rates.kept == len(had & bought)
    by_move = {step.move: step.customers for step in report.steps}
    assert by_move["lost"] == len(had - bought)
    assert by_move["won"] + by_move["returned"] == len(bought - had)
    for cohort in report.cohorts:
        assert all(0 <= cell.customers <= cohort.size for cell in cohort.cells)
