"""The pyramid of tiers: what sales say of it, and from git who moved in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from plaincrm.api.asking import period_of
from plaincrm.api.past import Histories
from plaincrm.dates import Period

if TYPE_CHECKING:  # a report's own modules are loaded when it is asked for
    from plaincrm.reports.evidence import Explanation
    from plaincrm.reports.tiers import TiersReport


class Pyramid(Histories):
    """Who is of which tier, and should be."""

    def tiers(
        self, period: str | Period, today: date, *, query: str = "", limit: int = 0, since: date | None = None
    ) -> TiersReport:
        """How many customers each tier has and what they brought in a period, and whose sales say another tier.

        With a `limit` only so many of those who should move up, down, or have no tier are told; the counts are of all.
        With `since` the report tells from git, too, who was given another tier from that day on, and by whom.

        Raises:
            UsageError: the period or the query is none.
            NotInGit: `since` is asked of a vault in no git repository, or nothing is committed.
            GitFailed: there is no git, or it refused.
        """
        from plaincrm.reports.tiers import TierChange, tiers  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        report = self._ask(lambda index: tiers(index, found, where, limit))
        if since is None:
            return report
        changed = self.moves("tier", since, query=query, today=today)
        return report._replace(since=since, changed=tuple(TierChange(*each) for each in changed))

    def explain_tiers(self, customer: str, period: str | Period, today: date) -> Explanation:
        """Which tier a customer's sales say, rule by rule, and the lines behind the figures.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the period is none.
        """
        from plaincrm.reports.tiers_explained import explain_tiers  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_tiers(index, who, found))
