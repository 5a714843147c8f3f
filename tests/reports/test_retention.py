"""The retention against vaults reckoned by hand; `tests/reckoning` has every figure once more."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from plaincrm.reports.cohorts import By
from plaincrm.reports.moves import Move
from plaincrm.reports.retention import MOVES, RetentionReport
from tests.keeping import example_vault
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
        "Rhythm": "none",
        "Lost on": "2026-02-10",
        "Last contact": "2026-02-03",
    }
    assert [(line.line, line.counts) for line in told.lines] == [
        (3, "lost_on 2026-02-10"),
        (4, "lost_reason competitor"),
        (7, "revenue 50.00 before"),
        (8, "last contact 2026-02-03"),
    ]


def test_the_explanation_of_every_customer_says_what_the_report_says() -> None:
    vault = example_vault()
    report = vault.retention("12m", TODAY)
    lost = {one.customer: one for one in report.losses.customers}
    rhythms = {one.customer: one.spacing.state for one in report.rhythms.customers}
    moves, cohorts, rhythmic = Counter[str](), Counter[str](), 0
    for customer in vault.query(""):
        told = {one.name: one.value for one in vault.explain_retention(customer.id, "12m", TODAY).figures}
        moves[told["Move"]] += 1
        cohorts[told.get("Cohort", "")] += 1
        rhythmic += told["Rhythm"] not in ("none", "too few")
        assert customer.id not in rhythms or told["Rhythm"] == rhythms[customer.id]
        if customer.id in lost:
            assert told["Last contact"] == str(lost[customer.id].last_contact)
            assert told["Revenue before"] == f"{lost[customer.id].revenue:,.2f}"
    assert [moves[step.move] for step in report.steps] == [step.customers for step in report.steps]
    assert [cohorts[cohort.name] for cohort in report.cohorts] == [cohort.size for cohort in report.cohorts]
    assert rhythmic == report.rhythms.known
