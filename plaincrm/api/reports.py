"""What reports answer: each method one report, a frozen value made of the notes as they are when it is asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from plaincrm.api.asking import period_of
from plaincrm.api.explaining import Explaining
from plaincrm.dates import Period

if TYPE_CHECKING:  # a report's own modules are loaded when it is asked for
    from plaincrm.reports.cohorts import By as CohortBy
    from plaincrm.reports.deals import DealsReport
    from plaincrm.reports.experience import ExperienceReport
    from plaincrm.reports.groups import By as GroupsBy
    from plaincrm.reports.growth import GrowthReport
    from plaincrm.reports.overview import Overview
    from plaincrm.reports.promises import By as PromisesBy
    from plaincrm.reports.promises import PromisesReport
    from plaincrm.reports.quality import QualityReport
    from plaincrm.reports.response import By as ResponseBy
    from plaincrm.reports.response import ResponseReport
    from plaincrm.reports.retention import RetentionReport
    from plaincrm.reports.sample import Sample
    from plaincrm.reports.season import Of as SeasonOf
    from plaincrm.reports.season import SeasonReport
    from plaincrm.reports.tally import By as ExperienceBy
    from plaincrm.reports.targets import TargetsReport
    from plaincrm.reports.tiers import TiersReport
    from plaincrm.reports.value import ValueReport
    from plaincrm.reports.value_change import ValueChange
    from plaincrm.reports.value_groups import By as ValueBy
    from plaincrm.reports.value_groups import ValueGroups


class Reports(Explaining):
    """The reports of a vault."""

    def value(
        self,
        period: str | Period = "..",
        *,
        today: date | None = None,
        query: str = "",
        limit: int = 0,
        full: bool = True,
    ) -> ValueReport:
        """What customers brought in a period (`2026`, `2026-Q3`, `12m`, `A..B`, …), both ends included.

        `today` is needed for periods that count from it, and ends those that are open. With a `limit` only so many
        customers are told one by one; the sums count all. Where it is not `full`, serving and referrals are left out,
        which takes half the time.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.value import value  # noqa: PLC0415

        found = period_of(period, today)
        day = today or found.end
        where = self._where(query, today)
        return self._ask(lambda index: value(index, day, found, where, limit, full=full))

    def value_by(self, by: ValueBy, period: str | Period, today: date, *, query: str = "") -> ValueGroups:
        """The same by group: `tier`, `stage`, `owner`, `type`, `city`, `tag`, `segment`, `class`, `product`, `month`.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.value_groups import value_groups  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        return self._ask(lambda index: value_groups(index, today, found, by, where))

    def value_change(
        self, period: str | Period, before: str | Period, today: date, *, query: str = "", limit: int = 0
    ) -> ValueChange:
        """What customers brought in a period, against what they brought in another.

        Raises:
            UsageError: a period or the query is none.
        """
        from plaincrm.reports.value_change import value_change  # noqa: PLC0415

        found = period_of(period, today)
        then = period_of(before, today)
        where = self._where(query, today)
        return self._ask(lambda index: value_change(index, today, found, then, where, limit))

    def season(self, period: str | Period, today: date, *, query: str = "", of: SeasonOf = "revenue") -> SeasonReport:
        """The sales of a period by month and year, up to today, and the index of each month of the year.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.season import season  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        return self._ask(lambda index: season(index, today, found, where, of))

    def retention(
        self,
        period: str | Period,
        today: date,
        *,
        before: str | Period | None = None,
        query: str = "",
        cohort: CohortBy = "year",
        limit: int = 0,
    ) -> RetentionReport:
        """Who was kept, won and lost from one period to another, by default the preceding one of the same length.

        Cohorts and rhythms are those of today. With a `limit` only so many of the lost and of the cooling are told.

        Raises:
            UsageError: a period or the query is none, or the one before is not over when the other begins.
        """
        from plaincrm.reports.retention import retention  # noqa: PLC0415

        found = period_of(period, today)
        earlier = period_of(before, today) if before else None
        where = self._where(query, today)
        return self._ask(lambda index: retention(index, today, found, earlier, where, cohort, limit))

    def tiers(self, period: str | Period, today: date, *, query: str = "", limit: int = 0) -> TiersReport:
        """How many customers each tier has and what they brought in a period, and whose sales say another tier.

        With a `limit` only so many of those who should move up, down, or have no tier are told; the counts are of all.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.tiers import tiers  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        return self._ask(lambda index: tiers(index, found, where, limit))

    def deals(self, period: str | Period, today: date, *, query: str = "", limit: int = 0) -> DealsReport:
        """The deals that are open today, and those decided in a period.

        With a `limit` only so many open ones and so many decided ones are told one by one; the sums count all.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.deals import deals  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        return self._ask(lambda index: deals(index, today, found, where, limit))

    def experience(
        self, period: str | Period, today: date, *, query: str = "", by: ExperienceBy = "step"
    ) -> ExperienceReport:
        """What customers said of us in a period: scores with their intervals, moods, what they expected, complaints.

        What is later than `today` is not counted.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.experience import experience  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        return self._ask(lambda index: experience(index, today, found, where, by))

    def promises(
        self,
        period: str | Period,
        today: date,
        *,
        query: str = "",
        by: PromisesBy = "owner",
        owner: str | None = None,
    ) -> PromisesReport:
        """Whether promises that fell due in a period were kept, by us and by them, and which are open today.

        Raises:
            UsageError: the period or the query is none, or nobody is called like the owner.
        """
        from plaincrm.reports.promises import promises  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        return self._ask(lambda index: promises(index, today, found, where, by, owner))

    def response(
        self, period: str | Period, today: date, *, query: str = "", by: ResponseBy = "tier"
    ) -> ResponseReport:
        """How soon messages and missed calls of a period were answered, in working time, against what is promised.

        Those without an answer are judged at the end of `today`.

        Raises:
            UsageError: the period or the query is none, or the settings leave no working time.
        """
        from plaincrm.reports.response import response  # noqa: PLC0415

        found = period_of(period, today)
        where = self._where(query, today)
        return self._ask(lambda index: response(index, today, found, where, by))

    def growth(self, period: str | Period, today: date, *, query: str = "") -> GrowthReport:
        """How the base of customers developed in the months of a period, and where its new customers came from.

        Who left which stage, and after how long, is told by the git history where the vault has one.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.growth import growth  # noqa: PLC0415

        found = period_of(period, today)
        where, history = self._where(query, today), self._stage_history()
        return self._ask(lambda index: growth(index, today, found, where, history))

    def quality(self, today: date, *, query: str = "", by: GroupsBy = "tier") -> QualityReport:
        """How much of the register is filled in, right and fresh, by field and by group.

        Raises:
            UsageError: the query is none.
        """
        from plaincrm.reports.quality import quality  # noqa: PLC0415

        where = self._where(query, today)
        return self._ask(lambda index: quality(index, today, where, by))

    def sample(self, today: date, size: int, *, seed: int = 1, query: str = "") -> Sample:
        """So many customers drawn at random, with what is to be looked at; the same seed draws the same ones.

        Raises:
            UsageError: the query is none.
        """
        from plaincrm.reports.sample import sample  # noqa: PLC0415

        where = self._where(query, today)
        return self._ask(lambda index: sample(index, today, size, seed, where))

    def targets(self, today: date, *, limit: int = 0) -> TargetsReport:
        """The targets of the settings against what there is up to today, and the customers who can close the gaps.

        With a `limit` only so many customers are told.

        Raises:
            UsageError: the query of a target is none.
        """
        from plaincrm.reports.targets import targets  # noqa: PLC0415

        return self._ask(lambda index: targets(index, today, limit))

    def overview(self, period: str | Period, today: date, *, query: str = "", limit: int = 0) -> Overview:
        """All reports of a period together; with a `limit` each tells so many customers one by one.

        Raises:
            UsageError: the period or the query is none, or the settings leave no working time.
        """
        from plaincrm.reports.overview import overview  # noqa: PLC0415

        found = period_of(period, today)
        where, history = self._where(query, today), self._stage_history()
        return self._ask(lambda index: overview(index, today, found, where, limit, history))
