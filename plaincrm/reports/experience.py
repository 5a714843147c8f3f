"""The experience report: would they recommend us, how easy and how good was it, and where, as far as it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from math import prod
from typing import Literal, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.feedback import BAD_UP_TO
from plaincrm.index.index import Index
from plaincrm.reports.complaints import Complaints, complaints
from plaincrm.reports.intervals import Estimate, mean, net_promoters, wilson
from plaincrm.reports.tally import By, Tally, summed, tally
from plaincrm.reports.touchpoints import Touchpoint, unmeasured

Question = Literal["nps", "ces", "csat"]
QUESTIONS: tuple[Question, ...] = ("nps", "ces", "csat")
SCALES: dict[Question, tuple[int, int]] = {"nps": (0, 10), "ces": (1, 7), "csat": (1, 5)}
GOOD_FROM: dict[Question, int] = {"nps": 9, "ces": 5, "csat": 4}  # promoters; it was easy; they are satisfied


class Score(NamedTuple):
    """The answers to one question.

    `good`, `middle` and `bad` are promoters, passives and detractors of the NPS; of the others, answers above, in and
    below the middle of the scale. `score` is the Net Promoter Score in points from -100 to 100, else the mean;
    `share_good` is a fraction. Both are None where fewer than the setting's `min_n` answered.
    """

    question: Question
    n: int
    good: int
    middle: int
    bad: int
    score: Estimate | None
    share_good: Estimate | None


class Answer(NamedTuple):
    """How many gave one answer to a question."""

    question: Question
    answer: Decimal
    n: int


class Felt(NamedTuple):
    """What was said in one group of entries; `name` is None for those of no group, and for all of them.

    Moods are `+ 0 -`, `balance` their mean, from -1 to 1. What was got is `poor` where it was less than expected,
    `fair` where it was as expected, `excellent` where it was more; `share_met` is fair and excellent as a fraction.
    `share_settled` is of the entries that say whether it was settled at that contact. Figures are None where there are
    fewer than `min_n`.
    """

    name: str | None
    scores: tuple[Score, ...]
    mood_good: int
    mood_neutral: int
    mood_bad: int
    balance: Decimal | None
    poor: int
    fair: int
    excellent: int
    share_met: Estimate | None
    settled: int
    unsettled: int
    share_settled: Estimate | None
    complaints: int


class ExperienceReport(NamedTuple):
    """What customers said in a period, and of what.

    `groups` are by `by`, `quarters` by the quarter of the entry, `channels` by how they were in touch. `process` is the
    product of the shares settled at the channels, None where fewer than two are known: the chance that somebody who
    meets each of these once is settled at every one (the rolled throughput yield of Six Sigma).
    """

    start: date
    end: date
    today: date
    by: By
    min_n: int
    totals: Felt
    answers: tuple[Answer, ...]
    quarters: tuple[Felt, ...]
    groups: tuple[Felt, ...]
    channels: tuple[Felt, ...]
    process: Decimal | None
    complaints: Complaints
    measure_every: str
    unmeasured: tuple[Touchpoint, ...]
    unread: dict[str, str]


def experience(
    index: Index, today: date, period: Period, where: Condition = EVERY, by: By = "step"
) -> ExperienceReport:
    """What customers said of us in the entries of a period, as far as it is past."""
    config = index.vault.config
    least, past = config.min_n, Period(period.start, min(period.end, today))
    said = tally(index, today, past, where, (by, "channel", "quarter"))
    views = {view: tuple(_felt(name, of, least) for name, of in groups.items()) for view, groups in said.items()}
    whole = summed(said["quarter"].values())  # each entry is in one quarter
    known = [of.share_settled.value for of in views["channel"] if of.share_settled]
    return ExperienceReport(
        period.start,
        period.end,
        today,
        by,
        least,
        _felt(None, whole, least),
        tuple(_answers(whole)),
        views["quarter"],
        views[by],
        views["channel"],
        round(prod(known, start=Decimal(1)), 6) if len(known) > 1 else None,
        complaints(index, today, past, where, least),
        str(config.measure_every),
        unmeasured(index, past, where, config.measure_every),
        unread(index),
    )


def grade(question: Question, answer: Decimal) -> Literal["good", "middle", "bad"]:
    """What an answer counts as."""
    if answer >= GOOD_FROM[question]:
        return "good"
    return "bad" if answer <= BAD_UP_TO[question] else "middle"


def _felt(name: str | None, said: Tally, least: int) -> Felt:
    mood, got, resolved = said.get("mood", {}), said.get("got", {}), said.get("resolved", {})
    good, neutral, bad = (mood.get(sign, 0) for sign in ("+", "0", "-"))
    moods = good + neutral + bad
    poor, fair, excellent = (got.get(kind, 0) for kind in ("poor", "fair", "excellent"))
    settled, unsettled = resolved.get("yes", 0), resolved.get("no", 0)
    return Felt(
        name,
        tuple(_score(question, _counts(said, question), least) for question in QUESTIONS),
        good,
        neutral,
        bad,
        round(Decimal(good - bad) / moods, 2) if moods >= max(least, 1) else None,
        poor,
        fair,
        excellent,
        _share(fair + excellent, poor + fair + excellent, least),
        settled,
        unsettled,
        _share(settled, settled + unsettled, least),
        said.get("complaint", {}).get("", 0),
    )


def _score(question: Question, counts: dict[Decimal, int], least: int) -> Score:
    graded = {"good": 0, "middle": 0, "bad": 0}
    for answer, count in counts.items():
        graded[grade(question, answer)] += count
    n, good, middle, bad = sum(graded.values()), *graded.values()
    score = None
    if n >= least:
        score = net_promoters(good, middle, bad) if question == "nps" else mean(counts, SCALES[question])
    return Score(question, n, good, middle, bad, score, _share(good, n, least))


def _share(part: int, whole: int, least: int) -> Estimate | None:
    return wilson(part, whole) if whole >= least else None


def _counts(said: Tally, question: Question) -> dict[Decimal, int]:
    """How many gave each answer; `9` and `9.0` are one."""
    counts: dict[Decimal, int] = {}
    for text, count in said.get(question, {}).items():
        counts[Decimal(text)] = counts.get(Decimal(text), 0) + count
    return counts


def _answers(said: Tally) -> Iterator[Answer]:
    """Every answer that can be given or was, the best first."""
    for question in QUESTIONS:
        counts, (lowest, highest) = _counts(said, question), SCALES[question]
        for answer in sorted({*map(Decimal, range(lowest, highest + 1)), *counts}, reverse=True):
            yield Answer(question, answer, counts.get(answer, 0))


def too_few(felt: Iterable[Felt], least: int) -> bool:
    """Whether a score was held back because too few answered."""
    return any(0 < score.n < least for of in felt for score in of.scores)
