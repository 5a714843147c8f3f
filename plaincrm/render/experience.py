"""What customers said of us, shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.render.lines import Column
from plaincrm.render.period import percent, span
from plaincrm.render.sheet import Cell, Chart, Grid, Item, Items, Row, Series, Sheet
from plaincrm.reports.complaints import Complaint, Complaints
from plaincrm.reports.experience import QUESTIONS, SCALES, Answer, ExperienceReport, Felt, Score, too_few
from plaincrm.reports.intervals import Estimate
from plaincrm.reports.touchpoints import Touchpoint

FIELDS = ("by", "name", "figure", "n", "value", "low", "high")
_ASKED = {"nps": "NPS, would recommend us", "ces": "CES, it was easy", "csat": "CSAT, satisfied"}


def data(report: ExperienceReport) -> dict[str, Any]:
    """The report as JSON has it."""
    told = report._asdict()
    return {
        "from": told.pop("start"),
        "to": told.pop("end"),
        **told,
        "complaints": report.complaints._asdict(),
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def tables(report: ExperienceReport) -> dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """What CSV has, by name."""
    return {
        "figures": (FIELDS, _rows(report)),
        "answers": (Answer._fields, report.answers),
        "complaints": (Complaint._fields, report.complaints.complaints),
        "unmeasured": (Touchpoint._fields, report.unmeasured),
    }


def _rows(report: ExperienceReport) -> list[tuple[Any, ...]]:
    """The figures: one a line, with its number and its interval."""
    listed = [row for of in (report.totals,) for row in _figures("all", of)]
    views = {"quarter": report.quarters, "channel": report.channels, report.by: report.groups}
    listed += (row for by, groups in views.items() for of in groups for row in _figures(by, of))
    rates = (*report.complaints.months, report.complaints.total)
    listed += (
        ("month" if rate.month else "all", rate.month, "complaints_per_100", rate.active, rate.per_100, None, None)
        for rate in rates
    )
    return listed


def _figures(by: str, of: Felt) -> Iterator[tuple[Any, ...]]:
    nothing = (None, None, None)
    for score in of.scores:
        yield (by, of.name, score.question, score.n, *(score.score or nothing))
        yield (by, of.name, f"{score.question}_share_good", score.n, *(score.share_good or nothing))
    moods = of.mood_good + of.mood_neutral + of.mood_bad
    yield (by, of.name, "mood_balance", moods, of.balance, None, None)
    yield (by, of.name, "share_met", of.poor + of.fair + of.excellent, *(of.share_met or nothing))
    yield (by, of.name, "share_settled", of.settled + of.unsettled, *(of.share_settled or nothing))


def sheet(report: ExperienceReport, limit: int) -> Sheet:
    """The scores, how they were answered and how they went; then moods by group, and complaints."""
    totals = report.totals
    moods = totals.mood_good + totals.mood_neutral + totals.mood_bad
    answers = sum(score.n for score in totals.scores)
    parts = (
        *((_scores(totals), _distribution(report)) if answers else ()),
        *((_asked(report.quarters, "Quarter", "By quarter", trend=True),) if answers else ()),
        *_groups(report),
        *_settled(report),
        *_complaints(report.complaints, limit),
        *_unmeasured(report),
    )
    return Sheet(
        f"Experience {span(report.start, report.end)}",
        f"{_counted(answers, 'answer')}, {_counted(moods, 'mood')}, "
        f"{_counted(report.complaints.total.complaints, 'complaint')}",
        parts,
        tuple(_remarks(report)),
        report.unread,
    )


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' if n != 1 else ''}"


def _scores(totals: Felt) -> Grid:
    columns = (
        Column("Question", least=16),
        Column("N", "right"),
        Column("Score", "right"),
        Column("95 %", "right"),
        Column("Share good", "right"),
        Column("95 %", "right", spare=True),
    )
    return Grid("", columns, tuple(_score_row(score) for score in totals.scores))


def key_figure(score: Score) -> tuple[str, str, str]:
    """A score in one line: the question, the score, the most it can be, its interval and of how many answers it is."""
    most = "" if score.question == "nps" else f"of {SCALES[score.question][1]}; "
    of = f"{most}95 %: {_bounds(score)}, {_counted(score.n, 'answer')}"
    return _ASKED[score.question], _score(score), of


def _score_row(score: Score) -> Row:
    share = score.share_good
    return (
        _ASKED[score.question],
        str(score.n),
        _score(score),
        _bounds(score),
        percent(share.value) if share else "",
        _share_bounds(share),
    )


def _score(score: Score) -> str:
    """A score as it is read: points with their sign for the NPS, else a mean."""
    if score.score is None:
        return f"too few (n={score.n})" if score.n else ""
    return _on_scale(score, score.score.value)


def _on_scale(score: Score, value: Decimal) -> str:
    """A value of a score: whole points for the NPS, which is never finer than its answers, tenths for a mean."""
    if score.question == "nps":
        return f"{round(value):+d}" if round(value) else "0"
    return f"{value:.1f}"


def _bounds(score: Score) -> str:
    if not score.score or score.score.low is None or score.score.high is None:
        return ""
    return f"{_on_scale(score, score.score.low)} to {_on_scale(score, score.score.high)}"


def _share_bounds(share: Estimate | None) -> str:
    if not share or share.low is None or share.high is None:
        return ""
    return f"{share.low * 100:.0f} to {share.high * 100:.0f} %"


def _distribution(report: ExperienceReport) -> Grid:
    """How many gave each answer: a row an answer, a bar a question."""
    counts = {(one.question, one.answer): one.n for one in report.answers}
    most = {question: max(n for (of, _answer), n in counts.items() if of == question) for question in QUESTIONS}
    rows = []
    for answer in sorted({answer for _question, answer in counts}, reverse=True):
        row: list[Cell | str] = [f"{answer:f}"]
        for question in QUESTIONS:
            n = counts.get((question, answer))
            row += ["" if n is None else str(n), Cell("", level=Decimal(n) / most[question] if n else None)]
        rows.append(tuple(row))
    titles = (
        column for question in QUESTIONS for column in (Column(question.upper(), "right"), Column("", style="bar"))
    )
    return Grid("How many gave each answer", (Column("Answer", "right"), *titles), tuple(rows))


def _asked(groups: Sequence[Felt], name: str, title: str, *, trend: bool = False) -> Grid:
    """The scores of each group, each with its n."""
    columns = (
        Column(name, least=10),
        Column("NPS", "right"),
        Column("95 %", "right", spare=True),
        Column("CES", "right"),
        Column("CSAT", "right"),
    )
    chart = None
    scores = [of.scores[0].score for of in groups]
    if trend and any(scores):
        lows, highs = (tuple(getattr(one, bound) if one else None for one in scores) for bound in ("low", "high"))
        series = Series("NPS", tuple(one.value if one else None for one in scores), lows, highs)
        labels = tuple(of.name or "" for of in groups)
        chart = Chart("lines", "Net Promoter Score by quarter, with ranges of 95 %", labels, (series,), "points")
    return Grid(title, columns, tuple(_asked_row(of) for of in groups), chart=chart)


def _asked_row(of: Felt) -> Row:
    nps, ces, csat = (f"{_score(score)} (n={score.n})" if score.score else _score(score) for score in of.scores)
    return (of.name or "none", nps, _bounds(of.scores[0]), ces, csat)


def _groups(report: ExperienceReport) -> Iterator[Grid]:
    name = report.by.capitalize()
    rows = tuple(_felt_row(of, of.name or "none") for of in report.groups)
    columns = (
        Column(name, least=10),
        Column("+", "right"),
        Column("0", "right"),
        Column("-", "right"),
        Column("Balance", "right"),
        Column("Poor", "right"),
        Column("Fair", "right"),
        Column("Excellent", "right"),
        Column("Complaints", "right", spare=True),
    )
    if rows:
        title = f"How they felt, and what they got against what they expected, by {report.by}"
        yield Grid(title, columns, rows, (_felt_row(report.totals, "All"),))
    if report.by != "quarter" and any(score.score for of in report.groups for score in of.scores):
        answered = [of for of in report.groups if any(score.n for score in of.scores)]
        yield _asked(answered, name, f"Answers by {report.by}")


def _felt_row(of: Felt, name: str) -> Row:
    moods = (of.mood_good, of.mood_neutral, of.mood_bad)
    n = sum(moods)
    balance = f"{of.balance:+.2f}" if of.balance is not None else f"too few (n={n})" if n else ""
    counts = (of.poor, of.fair, of.excellent)
    return (name, *map(str, moods), balance, *map(str, counts), str(of.complaints))


def _settled(report: ExperienceReport) -> Iterator[Grid]:
    """First-contact resolution by channel, and of the whole way through them."""
    columns = (
        Column("Channel", least=10),
        Column("N", "right"),
        Column("Settled", "right"),
        Column("Share", "right"),
        Column("95 %", "right", spare=True),
    )
    groups = [of for of in report.channels if of.settled + of.unsettled]
    if groups:
        rest = ""
        if report.process is not None:
            known = [of.name or "none" for of in groups if of.share_settled]
            rest = f"At every one of {', '.join(known)} in turn: {percent(report.process)}."
        rows = tuple(_settled_row(of, of.name or "none") for of in groups)
        yield Grid("Settled at that contact", columns, rows, (_settled_row(report.totals, "All"),), rest)


def _settled_row(of: Felt, name: str) -> Row:
    n = of.settled + of.unsettled
    shown = percent(of.share_settled.value) if of.share_settled else f"too few (n={n})" if n else ""
    return (name, str(n), str(of.settled), shown, _share_bounds(of.share_settled))


def _complaints(found: Complaints, limit: int) -> Iterator[Grid | Items]:
    total = found.total
    columns = (
        Column("Month", least=7),
        Column("Complaints", "right"),
        Column("Active customers", "right"),
        Column("Per 100", "right"),
        Column("", style="bar"),
    )
    if total.complaints:
        most = max(rate.complaints for rate in found.months)
        rows = tuple(
            (
                rate.month or "All",
                str(rate.complaints),
                str(rate.active),
                f"{rate.per_100:.1f}" if rate.per_100 is not None else f"too few (n={rate.active})",
                Cell("", level=Decimal(rate.complaints) / most) if rate.month and rate.complaints else "",
            )
            for rate in (*found.months, total)
        )
        labels = tuple(rate.month or "" for rate in found.months)
        series = Series("Complaints", tuple(Decimal(rate.complaints) for rate in found.months))
        yield Grid(
            "Complaints by month",
            columns,
            rows[:-1],
            rows[-1:],
            _answered(found),
            chart=Chart("bars", "Complaints by month", labels, (series,)),
        )
    for title, state in (("Open complaints", "open"), ("Answered complaints", "answered")):
        listed = [one for one in found.complaints if one.state == state]
        if listed:
            left = len(listed) - limit if limit else 0
            yield Items(title, tuple(map(_item, listed[: limit or None])), f"and {left} more" if left > 0 else "")


def _item(one: Complaint) -> Item:
    fate = () if one.days is None else (f"answered on {one.answered}, after {_counted(one.days, 'day')}",)
    return Item(str(one.made), Cell(one.name, one.customer, one.file), one.text, fate, f"{one.file}:{one.line}")


def _answered(found: Complaints) -> str:
    """How soon complaints of the period were answered."""
    told = f"{found.answered} of {found.total.complaints} answered"
    if found.median_days is None or found.longest_days is None:
        return f"{told}."
    if found.answered == 1:
        return f"{told}, after {_counted(found.longest_days, 'day')}."
    days = f"{found.median_days:f}".removesuffix(".0")
    return f"{told}: half of them within {days} day{'s' if days != '1' else ''}, the last after {found.longest_days}."


def _unmeasured(report: ExperienceReport) -> Iterator[Grid]:
    columns = (Column("Touchpoint", least=10), Column("Of"), Column("Talks", "right"), Column("Last measured"))
    rows = tuple((one.name, one.kind, str(one.talks), str(one.measured or "never")) for one in report.unmeasured)
    if rows:
        yield Grid(f"In use, and not measured for {report.measure_every}", columns, rows)


def _remarks(report: ExperienceReport) -> Iterator[str]:
    if any(score.score for score in report.totals.scores):
        yield "95 %: of 100 ranges found like this one, 95 hold what all customers would say if all were asked."
        yield "NPS: promoters (9, 10) less detractors (0 to 6) of 100 who answered. CES and CSAT are means."
        yield "Share good: of promoters; of 5 to 7 for the CES; of 4 and 5 for the CSAT."
    if too_few((report.totals, *report.quarters, *report.groups), report.min_n):
        yield f"Too few: of fewer than {report.min_n} answers nothing is reckoned."
    if report.by == "segment" and len(report.groups) > 1:
        yield "A customer may be in several segments."
    if any(of.poor + of.fair + of.excellent for of in report.groups):
        yield "Balance is the mean mood, from -1 to +1. Poor: they got less than they expected; excellent: more."
