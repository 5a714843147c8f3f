"""What customers are worth by whom they bring: margin of others, credited up the chain of referrals."""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.dates import Period
from plaincrm.index.index import Index
from plaincrm.reports.sums import figures, scope

_EDGES = """
    select l.file, c.file, l.target, f.path
    from links l cross join customers c on c.key = link_key(l.target) join files f on f.file = c.file
    where l.field = 'referred_by' order by l.file, f.path
    """


def referrers(index: Index) -> dict[int, int]:
    """Who brought whom: the file of each customer with a `referred_by` that leads to one note, and that note's."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for file, by, target, path in index.rows(_EDGES):
        found.setdefault(file, []).append((by, target, path))
    one = {file: _meant(among) for file, among in found.items()}
    return {file: by for file, by in one.items() if by is not None and by != file}


def _meant(among: list[tuple[int, str, str]]) -> int | None:
    """The note that is meant, among those of one name by its path; None where that does not tell."""
    if len(among) > 1:
        among = [row for row in among if "/" in row[1] and f"/{row[2]}".endswith(f"/{row[1]}.md")]
    return among[0][0] if len(among) == 1 else None


def referral_margins(index: Index, period: Period) -> dict[int, int]:
    """The margin of a period that came through each customer who brought others, in units, by file."""
    by = referrers(index)
    if not by:
        return {}
    counted = scope(index, period)
    rows = index.rows(
        f"select file, margin from (select s.file, {figures(index)} from sales s where {counted.sql}"
        " and s.file in (select file from links where field = 'referred_by') group by s.file)",
        counted.parameters,
    )
    return credit(by, dict(rows))


def credit(referrers: Mapping[int, int], margins: Mapping[int, int]) -> dict[int, int]:
    """The margin of all who came through somebody, near or far, for each who brought anyone.

    The margin of a customer is credited once to each customer up the chain, and never to the customer itself. Where
    the chain goes round in a circle, each in it is credited with all the others.

    Every chain is walked once: from those who brought nobody upwards, then what is left, which is circles.
    """
    waiting: dict[int, int] = {}  # whom somebody brought and is not reckoned yet
    for by in referrers.values():
        waiting[by] = waiting.get(by, 0) + 1
    credited = dict.fromkeys(waiting, 0)
    ready = [file for file in referrers if file not in waiting]
    reckoned = set(ready)
    while ready:
        file = ready.pop()
        if file not in referrers:
            continue
        by = referrers[file]
        credited[by] += margins.get(file, 0) + credited.get(file, 0)
        waiting[by] -= 1
        if not waiting[by]:
            reckoned.add(by)
            ready.append(by)
    for start in referrers:
        circle = []
        at = start
        while at not in reckoned:
            reckoned.add(at)
            circle.append(at)
            at = referrers[at]
        whole = sum(margins.get(file, 0) + credited[file] for file in circle)
        for file in circle:
            credited[file] = whole - margins.get(file, 0)
    return credited
