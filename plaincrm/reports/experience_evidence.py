"""Why the experience report says what it says of one customer: what they said, line by line, and what it counts as."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.reports.complaints import complaints
from plaincrm.reports.evidence import Explanation, Figure, evidence
from plaincrm.reports.experience import QUESTIONS, grade

_NAMES = {"nps": ("promoter", "passive", "detractor"), "ces": ("easy", "middle", "hard")}
_SATISFIED = ("satisfied", "middle", "not satisfied")


class _Said(NamedTuple):
    """One inline field of an entry, and what it counts as."""

    field: str
    value: str
    line: int
    counts: str


_SAID = """
    select m.entry, m.name, m.text, m.line from measures m
    where m.file = ? and m.date between ? and ?
    and m.name in ('nps', 'ces', 'csat', 'mood', 'expect', 'got', 'resolved')
    order by m.entry, m.position
    """


def explain_experience(index: Index, of: Named, today: date, period: Period) -> Explanation:
    """What one customer said in the entries of a period, as far as it is past."""
    past = Period(period.start, min(period.end, today))
    rows = index.rows(_SAID, (of.file, past.start.isoformat(), past.end.isoformat()))
    said = [one for _entry, group in groupby(rows, key=lambda row: row[0]) for one in _counted(list(group))]
    where = Condition("c.file = ?", (of.file,))
    made = [one for one in complaints(index, today, past, where, 1).complaints if one.counted]
    figures = [
        *(_answered(question, said) for question in QUESTIONS),
        _figure("Moods", "mood", said),
        _figure("Expectations", "got", said),
        _figure("Settled at that contact", "resolved", said),
    ]
    told = [figure for figure in figures if figure]
    if made:
        answered = sum(one.state == "answered" for one in made)
        told.append(Figure("Complaints", str(len(made)), f"{answered} answered, {len(made) - answered} open"))
    lines = [(of.file, one.line, one.counts) for one in said]
    for one in made:
        lines.append((of.file, one.line, "complaint" if one.answer_line else "complaint, open"))
        if one.answer_line:
            lines.append((of.file, one.answer_line, f"answer to it after {one.days} day{'s' if one.days != 1 else ''}"))
    return Explanation(
        "experience",
        of.customer,
        of.name,
        of.path,
        f"{past.start} to {past.end}",
        tuple(told),
        evidence(index, lines),
    )


def _counted(entry: list[tuple[int, str, str, int]]) -> Iterator[_Said]:
    """What counts of an entry: every answer, and of all else the first value."""
    first: dict[str, tuple[str, int]] = {}
    for _entry, name, text, line in entry:
        if name in QUESTIONS:
            kinds = _NAMES.get(name, _SATISFIED)
            graded = kinds[("good", "middle", "bad").index(grade(name, Decimal(text)))]
            yield _Said(name, text, line, f"{name} {text}: {graded}")
        else:
            first.setdefault(name, (text, line))
    if "mood" in first:
        text, line = first["mood"]
        yield _Said("mood", text, line, f"mood {text}")
    if "got" in first and "expect" in first:
        (got, line), (expected, _line) = first["got"], first["expect"]
        gap = Decimal(got) - Decimal(expected)
        kind = "poor" if gap < 0 else "excellent" if gap > 0 else "fair"
        yield _Said("got", kind, line, f"expected {expected}, got {got}: {kind}")
    if "resolved" in first:
        text, line = first["resolved"]
        yield _Said("resolved", text, line, "settled" if text == "yes" else "not settled")


def _answered(question: str, said: list[_Said]) -> Figure | None:
    """All answers to a question; what one customer gives is no score."""
    answers = [one for one in said if one.field == question]
    listed = ", ".join(one.value for one in answers)
    kinds = [one.counts.rpartition(": ")[2] for one in answers]
    how = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    return Figure(question.upper(), listed, f"{how} (n={len(answers)})") if answers else None


def _figure(name: str, field: str, said: list[_Said]) -> Figure | None:
    values = [one.value for one in said if one.field == field]
    how = ", ".join(f"{values.count(value)} {value}" for value in dict.fromkeys(values))
    return Figure(name, str(len(values)), how) if values else None
