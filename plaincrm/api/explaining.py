"""Why reports say what they say of one customer: each method the figures of one report with the lines behind them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from plaincrm.api.asking import Asking, period_of
from plaincrm.dates import Period

if TYPE_CHECKING:  # a report's own modules are loaded when it is asked for
    from plaincrm.reports.evidence import Explanation
    from plaincrm.reports.season import Of as SeasonOf
    from plaincrm.reports.stages import StageHistory


class Explaining(Asking):
    """The reports of a vault, explained for one customer."""

    def explain_value(self, customer: str, period: str | Period, today: date) -> Explanation:
        """The figures of one customer's value with how they were reckoned, and the lines behind them.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the period is none.
        """
        from plaincrm.reports.value_explained import explain_value  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_value(index, who, today, found))

    def explain_season(
        self, customer: str, period: str | Period, today: date, *, of: SeasonOf = "revenue"
    ) -> Explanation:
        """The season of one customer, with the lines that its figures come from.

        Raises:
            UsageError: the period is none.
            NoMatch: none or several customers are called so.
        """
        from plaincrm.reports.season import explain_season  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_season(index, today, found, who, of))

    def explain_retention(
        self, customer: str, period: str | Period, today: date, *, before: str | Period | None = None
    ) -> Explanation:
        """What the retention says of one customer, and the lines it comes from.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: a period is none, or the one before is not over when the other begins.
        """
        from plaincrm.reports.retention_explained import explain  # noqa: PLC0415

        found = period_of(period, today)
        earlier = period_of(before, today) if before else None
        return self._of(customer, lambda index, who: explain(index, today, who, found, earlier))

    def explain_tiers(self, customer: str, period: str | Period, today: date) -> Explanation:
        """Which tier a customer's sales say, rule by rule, and the lines behind the figures.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the period is none.
        """
        from plaincrm.reports.tiers_explained import explain_tiers  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_tiers(index, who, found))

    def explain_deals(self, customer: str, period: str | Period, today: date) -> Explanation:
        """What the deals of one customer count as, with their lines.

        Raises:
            UsageError: the period is none.
            NoMatch: none or several customers are called so.
        """
        from plaincrm.reports.deals import explain_deals  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_deals(index, today, found, who))

    def explain_experience(self, customer: str, period: str | Period, today: date) -> Explanation:
        """What one customer said in a period, line by line, and what each counts as.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the period is none.
        """
        from plaincrm.reports.experience_evidence import explain_experience  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_experience(index, who, today, found))

    def explain_promises(self, customer: str, period: str | Period, today: date) -> Explanation:
        """What became of each promise of one customer, and the lines that say so.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the period is none.
        """
        from plaincrm.reports.kept_explained import explain_promises  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_promises(index, who, today, found))

    def explain_response(self, customer: str, period: str | Period, today: date) -> Explanation:
        """How soon each message of one customer was answered, and the lines that say so.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the period is none.
        """
        from plaincrm.reports.kept_explained import explain_response  # noqa: PLC0415

        found = period_of(period, today)
        return self._of(customer, lambda index, who: explain_response(index, who, today, found))

    def explain_growth(self, customer: str, period: str | Period, today: date) -> Explanation:
        """What the growth says of one customer, and the lines it comes from.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the period is none.
        """
        from plaincrm.reports.growth_explained import explain  # noqa: PLC0415

        found, history = period_of(period, today), self._stage_history()
        return self._of(customer, lambda index, who: explain(index, today, who, found, history))

    def _stage_history(self) -> StageHistory | None:
        """What git knows of the stages of customers; None where the vault is in no repository.

        An answer from a commit knows what led to it; one with hindsight knows all commits, and who had left by then.
        """
        from plaincrm.api.staying import stage_history  # noqa: PLC0415
        from plaincrm.history.git import GitFailed  # noqa: PLC0415
        from plaincrm.history.repository import NotInGit  # noqa: PLC0415

        try:
            return stage_history(self._folder, cache=self._cache)
        except (NotInGit, GitFailed):
            return None

    def explain_quality(self, customer: str, today: date) -> Explanation:
        """Why one customer scores as it does: what is missing or wrong, and the lines that count.

        Raises:
            NoMatch: none or several customers are called so.
        """
        from plaincrm.reports.quality_evidence import explain_quality  # noqa: PLC0415

        return self._of(customer, lambda index, who: explain_quality(index, who, today))

    def explain_targets(self, customer: str, today: date) -> Explanation:
        """What one customer adds to each target, with the lines that say so.

        Raises:
            UsageError: the query of a target is none.
            NoMatch: none or several customers are called so.
        """
        from plaincrm.reports.targets_explained import explain_targets  # noqa: PLC0415

        return self._of(customer, lambda index, who: explain_targets(index, today, who))
