"""The experience report: by hand on small vaults, and against a reckoning of its own over all of the example vault."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.dates import parse_period
from plaincrm.render.experience import data
from plaincrm.reports.experience import ExperienceReport, Felt
from plaincrm.reports.tally import By
from tests.keeping import KeptVault, example_vault, vault_in_memory
from tests.making import vault_of
from tests.reckoning.experience import experience as reckoned
from tests.reckoning.means import members
from tests.reckoning.walk import agree, answer_of

TODAY = date(2026, 11, 21)
ALL_OF_US = "[experience]\nmin_n = 1\n"


def ask(folder: Path, log: str, *, by: By = "step", config: str = "", period: str = "2026") -> ExperienceReport:
    note = f"---\nname: Acme\nowner: liisa\n---\n\n## Log\n\n{log}"
    return vault_of(folder, {"acme.md": note}, config).experience(period, TODAY, by=by)


def answered(question: str, *answers: float) -> str:
    return "".join(f"- 2026-05-{at:02} call: asked [{question}:: {answer}]\n" for at, answer in enumerate(answers, 1))


def test_net_promoters(tmp_path: Path) -> None:
    (nps, _ces, _csat) = ask(tmp_path, answered("nps", 10, 9, 8, 7, 6, 0)).totals.scores
    assert (nps.n, nps.good, nps.middle, nps.bad) == (6, 2, 2, 2)
    # (2.75 - 2.75) / 9 = 0; variance 5.5 / 9 = 0.611111; 1.959964 * sqrt(0.611111 / 9) = 0.510725.
    assert nps.score == (0, Decimal("-51.072478"), Decimal("51.072478"))
    assert nps.share_good == (Decimal("0.333333"), Decimal("0.096771"), Decimal("0.700007"))


def test_how_easy_and_how_good(tmp_path: Path) -> None:
    report = ask(tmp_path, answered("ces", 7, 5, 4, 3, 1) + answered("csat", 5, 4, 4, 3, 2))
    (_nps, ces, csat) = report.totals.scores
    assert (ces.n, ces.good, ces.middle, ces.bad, csat.n, csat.good, csat.middle, csat.bad) == (5, 2, 1, 2, 5, 3, 1, 1)
    # Mean 4, squares 9 + 1 + 0 + 1 + 9 = 20, so 2.776445 * sqrt(20 / 4 / 5) = 2.776445.
    assert ces.score == (4, Decimal("1.223555"), Decimal("6.776445"))
    # Mean 3.6, squares 1.96 + 0.16 + 0.16 + 0.36 + 2.56 = 5.2, so 2.776445 * sqrt(5.2 / 4 / 5) = 1.415715; 5 is most.
    assert csat.score == (Decimal("3.6"), Decimal("2.184285"), 5)
    assert [(one.answer, one.n) for one in report.answers if one.question == "csat"] == [
        (5, 1),
        (4, 2),
        (3, 1),
        (2, 1),
        (1, 0),
    ]


def test_too_few_answers_are_no_score(tmp_path: Path) -> None:
    (nps, _ces, _csat) = ask(tmp_path, answered("nps", 10, 10, 10, 10)).totals.scores
    assert (nps.n, nps.score, nps.share_good) == (4, None, None)
    (nps, _ces, _csat) = ask(
        tmp_path, answered("nps", 10, 10, 10, 10), config="[experience]\nmin_n = 4\n"
    ).totals.scores
    assert nps.score is not None
    assert nps.score.value == 100


def test_moods_expectations_and_what_was_settled(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "- 2026-03-01 visit: done [step:: delivery] [mood:: +] [expect:: 3] [got:: 4]\n"
        "- 2026-03-02 visit: done [step:: delivery] [mood:: -] [expect:: 4] [got:: 3]\n"
        "- 2026-03-03 call: fine [step:: use] [mood:: 0] [expect:: 4] [got:: 4] [resolved:: yes]\n"
        "- 2026-03-04 call: well [mood:: +] [got:: 4] [resolved:: no]\n"  # nothing was expected
        "- 2026-03-05 email in: hm [resolved:: yes]\n",
        config=ALL_OF_US,
    )
    told = [
        (of.name, of.mood_good, of.mood_neutral, of.mood_bad, of.poor, of.fair, of.excellent) for of in report.groups
    ]
    assert told == [("delivery", 1, 0, 1, 1, 0, 1), ("use", 0, 1, 0, 0, 1, 0), (None, 1, 0, 0, 0, 0, 0)]
    totals = report.totals
    assert (totals.balance, totals.settled, totals.unsettled) == (Decimal("0.25"), 2, 1)
    assert totals.share_met is not None
    assert totals.share_met.value == Decimal("0.666667")
    channels = {of.name: of.share_settled for of in report.channels if of.share_settled}
    assert {name: share.value for name, share in channels.items()} == {"call": Decimal("0.5"), "email": 1}
    assert report.process == Decimal("0.5")  # 0.5 on the phone times 1 by mail


def test_the_whole_way_needs_two_channels(tmp_path: Path) -> None:
    assert ask(tmp_path, "- 2026-03-03 call: a [resolved:: yes]\n", config=ALL_OF_US).process is None


def test_products(tmp_path: Path) -> None:
    """An entry's own product, else what was bought last; a step before a purchase tells nothing of the last one."""
    report = ask(
        tmp_path,
        "- 2026-01-05 call: never bought [mood:: 0]\n"
        "- 2026-02-01 visit: done [sale:: 100] [product:: floor]\n"
        "- 2026-02-02 call: how is it [mood:: +]\n"
        "- 2026-03-01 visit: done [sale:: 100] [product:: wall] [mood:: +]\n"
        "- 2026-03-01 visit: refund [sale:: -10] [product:: door]\n"  # a refund is no purchase
        "- 2026-03-02 call: how is it [step:: use] [mood:: +]\n"
        "- 2026-03-03 call: wants more [step:: need] [mood:: -]\n"
        "- 2026-03-04 call: wants a roof [step:: need] [product:: roof] [mood:: -]\n"
        "- 2026-03-05 call: the floor [product:: floor] [mood:: 0]\n",
        by="product",
    )
    assert [(of.name, of.mood_good, of.mood_neutral, of.mood_bad) for of in report.groups] == [
        ("floor", 1, 1, 0),
        ("roof", 0, 0, 1),
        ("wall", 2, 0, 0),
        (None, 0, 1, 1),
    ]


def test_a_product_is_one_however_it_is_spelt() -> None:
    """In the words of the value, whichever of the spellings the entry itself has."""
    log = "".join(
        f"- 2026-0{at}-05 visit: x [sale:: {at}] [product:: {name}] [mood:: +]\n"
        for at, name in enumerate(("Pöytä", "poyta ", "PÖYTÄ", "pöytä", "Table"), 1)
    )
    vault = vault_in_memory().put(
        {"a.md": f"---\nname: A\n---\n{log}- 2026-06-01 call: x [product:: POYTA] [mood:: -]\n"}
    )
    groups = vault.experience("2026", TODAY, by="product").groups
    assert [(of.name, of.mood_good, of.mood_bad) for of in groups] == [("Table", 1, 0), ("pöytä", 4, 1)]
    sold = vault.value_by("product", "2026", TODAY).groups
    assert [(of.name, of.sums.customers, of.sums.revenue) for of in sold] == [("pöytä", 1, 10), ("Table", 1, 5)]


def test_what_is_not_in_the_period_or_not_yet(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "- 2025-12-31 call: a [nps:: 1]\n- 2026-01-01 call: a [nps:: 9]\n- 2026-11-21 call: a [nps:: 9]\n"
        "- 2026-11-22 call: planned [nps:: 1] [mood:: -] [complaint:: later]\n",
        config=ALL_OF_US,
    )
    (nps, _ces, _csat) = report.totals.scores
    assert (nps.n, nps.bad, report.totals.mood_bad, report.complaints.total.complaints) == (2, 0, 0, 0)
    assert [(of.name, of.scores[0].n) for of in report.quarters] == [("2026-Q1", 1), ("2026-Q4", 1)]


# The log -> what became of its only complaint: state, days, line of the answer
COMPLAINTS: dict[str, tuple[str, int | None, int | None]] = {
    "- 2026-05-01 call in: x [complaint:: drip]\n": ("open", None, None),
    "- 2026-05-01 call in: x [complaint:: drip] [resolved:: yes]\n": ("answered", 0, 8),
    "- 2026-05-01 call in: x [complaint:: drip]\n- 2026-05-04 call out: sorry\n": ("answered", 3, 9),
    "- 2026-05-01 call in: x [complaint:: drip]\n- 2026-05-04 call out: sorry [resolved:: no]\n": ("open", None, None),
    "- 2026-05-01 call in: x [complaint:: drip]\n- 2026-05-04 call missed: rang\n": ("open", None, None),
    "- 2026-05-01 call in: x [complaint:: drip]\n- 2026-05-04 email in: all is well [resolved:: yes]\n": (
        "answered",
        3,
        9,
    ),
    "- 2026-05-01 call in: x [complaint:: drip]\n- 2026-05-04 note: credited [answers:: drip]\n": ("answered", 3, 9),
    "- 2026-05-01 call in: x [complaint:: drip]\n- 2026-12-04 visit: is planned\n": ("open", None, None),
    "- 2026-04-30 call out: before\n- 2026-05-01 call in: x [complaint:: drip]\n": ("open", None, None),
    "- 2026-05-01 visit: x [complaint:: drip]\n": ("open", None, None),  # it does not answer itself
    "- 2026-05-01 09:00 call in: x [complaint:: drip]\n- 2026-05-01 08:00 call out: before\n": ("open", None, None),
    "- 2026-05-01 09:00 call in: x [complaint:: drip]\n- 2026-05-01 call out: sorry\n": ("answered", 0, 9),
}


@pytest.mark.parametrize("log", COMPLAINTS)
def test_what_became_of_a_complaint(log: str, tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": f"---\nname: Acme\n---\n\n## Log\n\n\n{log}"})
    (one,) = vault.experience("2026", TODAY).complaints.complaints
    assert (one.state, one.days, one.answer_line) == COMPLAINTS[log]
    on_agenda = any("feedback" in (item.kind, *item.also) for item in vault.agenda(TODAY).items)
    planned = "planned" in log  # which the agenda takes for an answer in sight
    assert (one.state == "open") == (on_agenda or planned)


def test_complaints_of_a_hundred_active_customers(tmp_path: Path) -> None:
    notes = {f"c{at}.md": f"---\nname: C{at}\n---\n- 2026-0{at}-01 call out: x\n" for at in range(1, 8)}
    notes["c8.md"] = "---\nname: C8\n---\n- 2026-03-01 invoice: x [sale:: 10]\n- 2026-05-01 call no-answer: x\n"
    notes["c9.md"] = "---\nname: C9\n---\n- 2026-03-05 letter in: x [complaint:: cold] [complaint:: late]\n"
    notes["old.md"] = "---\nname: Old\n---\n- 2025-03-05 letter in: x [complaint:: never answered]\n"
    found = vault_of(tmp_path, notes).experience("2026", TODAY).complaints
    assert (found.total.complaints, found.total.active, found.total.per_100) == (2, 9, Decimal("22.2"))
    assert [(rate.month, rate.complaints, rate.active, rate.per_100) for rate in found.months[1:4]] == [
        ("2026-02", 0, 1, None),
        ("2026-03", 2, 3, None),  # three are too few
        ("2026-04", 0, 1, None),
    ]
    assert [(one.customer, one.counted) for one in found.complaints] == [("c9", True), ("c9", True), ("old", False)]
    assert (found.answered, found.open, found.median_days) == (0, 2, None)


def test_touchpoints_that_nobody_measured(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "- 2026-05-01 email out: a [step:: order]\n"
        "- 2026-05-20 visit: last measured too long ago [step:: delivery] [mood:: +]\n"
        "- 2026-05-21 call: six months ago is lately [step:: use] [nps:: 9]\n"
        "- 2026-08-01 visit: and not since\n"
        "- 2025-08-01 letter out: not this year\n"
        "- 2026-08-01 note: nobody is reached\n"
        "- 2026-08-01 chat no-answer: nobody was reached\n",
    )
    assert [tuple(one) for one in report.unmeasured] == [
        ("channel", "visit", 2, date(2026, 5, 20)),
        ("channel", "email", 1, None),
        ("step", "delivery", 1, date(2026, 5, 20)),
        ("step", "order", 1, None),
    ]
    assert (
        ask(tmp_path, "- 2026-05-20 visit: a [mood:: +]\n", config='[experience]\nmeasure_every = "1y"\n').unmeasured
        == ()
    )


def test_nothing_was_said(tmp_path: Path) -> None:
    for notes in ({}, {"acme.md": "---\nname: Acme\n---\n- 2026-05-01 call: x [sale:: -5]\n"}):
        report = vault_of(tmp_path / str(len(notes)), notes).experience("2026", TODAY)
        assert [score.n for score in report.totals.scores] == [0, 0, 0]
        assert (report.totals.balance, report.totals.share_met, report.process) == (None, None, None)
        assert (report.groups, report.complaints.total.complaints) == ((), 0)


def test_a_note_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path, {"bad.md": b"\xff\xfe\x00", "leap.md": "---\nname: L\n---\n- 2028-02-29 call: a [nps:: 9]\n"}
    )
    report = vault.experience("2028-02", date(2028, 2, 29))
    assert list(report.unread) == ["customers/bad.md"]
    assert report.totals.scores[0].n == 1


def test_one_customer_explained(tmp_path: Path) -> None:
    log = (
        "- 2026-03-01 visit: done [expect:: 3] [got:: 4] [mood:: +]\n  [nps:: 9]\n"
        "- 2026-05-01 call in: [complaint:: drip]\n- 2026-05-02 call out: sorry [resolved:: no]\n"
        "- 2026-05-04 visit: mended [resolved:: yes]\n"
    )
    vault = vault_of(tmp_path, {"acme.md": f"---\nname: Acme\n---\n{log}"})
    told = vault.explain_experience("acme", "2026", TODAY)
    assert [tuple(figure) for figure in told.figures] == [
        ("NPS", "9", "1 promoter (n=1)"),
        ("Moods", "1", "1 +"),
        ("Expectations", "1", "1 excellent"),
        ("Settled at that contact", "2", "1 no, 1 yes"),
        ("Complaints", "1", "1 answered, 0 open"),
    ]
    assert [(line.line, line.counts) for line in told.lines] == [
        (4, "mood +, expected 3, got 4: excellent"),
        (5, "nps 9: promoter"),
        (6, "complaint"),
        (7, "not settled"),
        (8, "settled, answer to it after 3 days"),
    ]


# A second reckoning, in plain Python over the records.


def agrees(vault: KeptVault, text: str, by: By = "step", query: str = "") -> int:
    """Hold the whole answer for a period against the second reckoning."""
    period = parse_period(text, TODAY)
    assert period
    own = reckoned(vault.query(query, today=TODAY), vault.config, TODAY, period, by, members(vault, TODAY))
    return agree(answer_of(data(vault.experience(text, TODAY, by=by, query=query))), own)


@pytest.mark.parametrize("by", get_args(By))
def test_every_figure_of_the_example_vault(by: By) -> None:
    assert agrees(example_vault(), "12m" if by == "step" else "..", by) > 500


def test_every_figure_of_some_customers() -> None:
    assert agrees(example_vault(), "2025", query="owner:noora") > 100


ODD = {
    "acme.md": "---\nname: Acme\ntier: key\nowner: liisa\n---\n"
    # five answers to the CES are as many as are asked for, four to the CSAT too few
    + "".join(f"- 2026-04-0{at} call: x [ces:: {at}] [csat:: {min(at, 4)}]\n" for at in range(1, 6)).replace(
        "[csat:: 4]", "", 1
    )
    + "".join(
        f"- 2026-05-{at:02} email in: x [csat:: {at % 5 + 1}] [nps:: {at % 11}] [mood:: -]\n" for at in range(1, 32)
    )
    + "".join(
        f"- 2026-06-{at:02} visit: x [csat:: {at % 2 + 4}] [expect:: 3] [got:: {at % 5 + 1}]\n" for at in range(1, 30)
    )
    + "- 2026-07-01 call in: x [nps:: 8.5] [resolved:: no] [resolved:: yes]\n- 2026-12-24 call in: x [nps:: 8.5]\n",
    "berg.md": "---\nname: Berg\ntier: occasional\n---\n"
    "- 2026-02-01 09:00 call in: x [complaint:: drip] [complaint:: drop] [mood:: -]\n"
    "- 2026-02-01 08:00 call out: before\n"
    "- 2026-02-02 letter in: x [product:: Wall]\n- 2026-02-04 invoice: x [sale:: 10] [product:: Talomaalaus]\n"
    "- 2026-02-05 note: x [answers:: drip] [mood:: 0]\n- 2026-03-05 chat in: x [complaint:: late] [product:: wall]\n"
    "- 2025-03-05 chat in: x [complaint:: never answered] [resolved:: no]\n- 2026-03-06 call missed: x\n"
    "- 2026-03-09 call: x [step:: use] [step:: end] [expect:: 3] [expect:: 5] [got:: 4]\n"
    "- 2026-04-05 web out: x [step:: order]\n- 2026-04-06 web out: x\n",
    "cafe.md": "---\nname: Cafe\ntier: regular\n---\n- 2024-02-29 visit: x [sale:: 10] [product:: talomaalaus]\n"
    "- 2026-04-05 visit: x [nps:: 10] [resolved:: yes]\n"
    "- 2026-04-06 visit: x [step:: need] [mood:: +] [product:: TALOMAALAUS]\n"
    "- 2026-04-07 visit: x [complaint:: mended at once] [resolved:: yes]\n",
}


@pytest.mark.parametrize("by", ["step", "product", "tier"])
@pytest.mark.parametrize("least", [0, 1, 5])
def test_every_figure_of_few_and_of_many_answers(by: By, least: int) -> None:
    vault = vault_in_memory(f"[experience]\nmin_n = {least}\n").put(ODD)
    agrees(vault, "2026", by)
    agrees(vault, "..", by)
    agrees(vault_in_memory(f"[experience]\nmin_n = {least}\n").put({}), "2026", by)


def as_counts(of: Felt) -> Counter[Any]:
    """What a group of the report counts, in the same terms as far as they go."""
    return Counter(
        {
            ("mood", "+"): of.mood_good,
            ("mood", "0"): of.mood_neutral,
            ("mood", "-"): of.mood_bad,
            ("gap", -1): of.poor,
            ("gap", 0): of.fair,
            ("gap", 1): of.excellent,
            ("resolved", True): of.settled,
            ("resolved", False): of.unsettled,
            "complaint": of.complaints,
        }
    )


def test_a_query_gives_the_figures_of_its_customers() -> None:
    example = example_vault()
    for of in example.experience("..", TODAY, by="owner").groups:
        assert example.experience("..", TODAY, query=f"owner:{of.name}").totals == of._replace(name=None)


SAID = ("nps:: 9", "nps:: 3", "ces:: 4", "csat:: 5", "mood:: +", "mood:: -", "expect:: 3", "got:: 3", "got:: 5")
DONE = ("resolved:: yes", "resolved:: no", "complaint:: x", "step:: use", "product:: a", "sale:: 9")
FIELDS = st.sampled_from([f"[{field}]" for field in (*SAID, *DONE)])
ENTRY = st.tuples(
    st.integers(0, 400), st.sampled_from(["call in", "visit", "email out", "note"]), st.lists(FIELDS, max_size=4)
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(ENTRY, max_size=5), max_size=4))
def test_groups_add_up_in_any_vault(customers: list[list[tuple[int, str, list[str]]]]) -> None:
    notes = {
        f"c{at}.md": f"---\nname: C{at}\ntier: {('key', 'regular')[at % 2]}\n---\n"
        + "".join(f"- {TODAY - timedelta(back)} {head}: x {' '.join(fields)}\n" for back, head, fields in entries)
        for at, entries in enumerate(customers)
    }
    vault = vault_in_memory().put(notes)
    for by in get_args(By):
        report = vault.experience("12m", TODAY, by=by)
        for groups in (report.groups, report.quarters, report.channels):
            assert sum(map(as_counts, groups), Counter()) == +as_counts(report.totals)
            for at, score in enumerate(report.totals.scores):
                assert sum(of.scores[at].n for of in groups) == score.n
        rates = report.complaints
        assert sum(rate.complaints for rate in rates.months) == rates.total.complaints == report.totals.complaints
        assert rates.answered + rates.open == rates.total.complaints
