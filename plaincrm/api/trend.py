"""A report's figures at many days, each from the vault as it was then: one index goes from state to state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.api.asking import Asking, period_of
from plaincrm.dates import Duration, add_days
from plaincrm.errors import UsageError
from plaincrm.vault.vault import Vault

if TYPE_CHECKING:
    from plaincrm.index.index import Index
    from plaincrm.reports.trend import Every, Point, TrendReport

_SPANS = {"week": "12w", "month": "12m", "quarter": "24m", "year": "5y"}  # that a trend is of where nothing is said


class Trends(Asking):
    """How the figures of reports change over time."""

    def trend(
        self,
        report: str,
        every: Every,
        today: date,
        *,
        since: date | None = None,
        until: date | None = None,
        period: str = "12m",
        query: str = "",
        hindsight: bool = False,
    ) -> TrendReport:
        """The main figures of a report at the ends of weeks, months, quarters or years, the last point being `until`.

        Each point is of the vault as it was committed by the end of its day, or with `hindsight` as it is known now.
        `period` is what the figures are of, counted from the day of each point. Without `since` a trend is of twelve
        weeks or months, eight quarters, or five years up to `until`, which is `today` where it is not told.

        Raises:
            UsageError: there is no such report, the period or the query is none, or `since` is later than `until`.
            NotInGit: without hindsight: the vault is in no repository, or nothing is committed.
            GitFailed: without hindsight: there is no git, or it does not trust the repository.
        """
        from plaincrm.reports.trend import REPORTS, Point, TrendReport, ends  # noqa: PLC0415

        if report not in REPORTS:
            raise UsageError(f"There is no trend of {report}.", f"There are those of {', '.join(REPORTS)}.")
        last = until or today
        first = since or Duration.of(_SPANS[every]).before(add_days(last, 1))
        if first > last:
            raise UsageError(f"The trend would begin on {first}, after its end on {last}.", "Name an earlier --since.")
        days = list(ends(every, first, last))
        states = self._looked_back(days) if hindsight else self._committed(days)
        points: list[Point] = []
        skipped: list[date] = []
        config, unread = self.config, dict[str, str]()
        for day, folder, commit in states:
            if folder is None:
                skipped.append(day)
                continue
            found, unread = _asked(self, folder, report, day, period, query)
            points.append(Point(day, commit, found))
            config = folder.config
        return TrendReport(
            report,
            every,
            "hindsight" if hindsight else "committed",
            period,
            query,
            config.currency,
            tuple(points),
            tuple(skipped),
            unread,
        )
