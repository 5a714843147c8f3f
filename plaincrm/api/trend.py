"""A report's figures at many days, each from the vault as it was then: one index goes from state to state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.api.asking import Asking, period_of
from plaincrm.errors import UsageError
from plaincrm.vault.vault import Vault as Folder

if TYPE_CHECKING:
    from plaincrm.reports.trend import Clock, Every, Figure, TrendReport

_SPANS = {"week": "12w", "month": "12m", "quarter": "24m", "year": "5y"}  # that a trend is of where nothing is said


class Trends(Asking):
    """How the figures of reports change over time."""

    def trend(
        self,
        report: str,
        every: Every,
        until: date,
        *,
        since: date | None = None,
        period: str = "12m",
        query: str = "",
        hindsight: bool = False,
    ) -> TrendReport:
        """The main figures of a report at the ends of weeks, months, quarters or years, the last point being `until`.

        Each point is of the vault as it was committed by the end of its day, or with `hindsight` as it is known now.
        `period` is what the figures are of, counted from the day of each point. Without `since` a trend is of twelve
        weeks or months, eight quarters, or five years.

        Raises:
            UsageError: there is no such report, the period or the query is none, or `since` is later than `until`.
            NotInGit: without hindsight: the vault is in no repository, or nothing is committed.
            GitFailed: without hindsight: there is no git, or it does not trust the repository.
        """
        from plaincrm.reports.trend import REPORTS, Point, TrendReport, ends  # noqa: PLC0415

        if report not in REPORTS:
            raise UsageError(f"There is no trend of {report}.", f"There are those of {', '.join(REPORTS)}.")
        first = since or period_of(_SPANS[every], until).start
        if first > until:
            raise UsageError(f"The trend would begin on {first}, after its end on {until}.", "Name an earlier --since.")
        points: list[Point] = []
        skipped: list[date] = []
        config, unread = self.config, dict[str, str]()
        for day, folder, commit in self._states(list(ends(every, first, until)), hindsight):
            if folder is None:
                skipped.append(day)
                continue
            then = Trends(folder, cache=self._cache, progress=self._progress)
            then._moving = True
            found, unread = then._figures(report, day, period, query)
            points.append(Point(day, commit, found))
            config = folder.config
            self.notices += [told for told in then.notices if told not in self.notices]
        clock: Clock = "hindsight" if hindsight else "committed"
        return TrendReport(report, every, clock, period, query, config.currency, tuple(points), tuple(skipped), unread)

    def _states(self, days: list[date], hindsight: bool) -> Iterator[tuple[date, Folder | None, str]]:
        """The vault as it was on each day with the commit that it is of; None before the history begins."""
        from plaincrm.api.past import committed_states, vault_looked_back_at  # noqa: PLC0415

        if hindsight:
            for day in days:
                yield day, vault_looked_back_at(self._folder, day, cache=self._cache)[0], ""
        else:
            yield from committed_states(self._folder, days)

    def _figures(self, report: str, day: date, period: str, query: str) -> tuple[tuple[Figure, ...], dict[str, str]]:
        from plaincrm.checks.unread import unread  # noqa: PLC0415
        from plaincrm.reports.trend import Ask, figures  # noqa: PLC0415

        found, where = period_of(period, day), self._where(query, day)
        return self._ask(lambda index: (figures(report, Ask(index, day, found, where)), unread(index)))
