"""What git knows of a vault: its history, what became different, and who said what last."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from plaincrm.api.asking import Asking
from plaincrm.errors import NoMatch, UsageError
from plaincrm.language import fold

if TYPE_CHECKING:  # a question's own modules are loaded when it is asked
    from plaincrm.history.ask import Past
    from plaincrm.history.blame import Blame
    from plaincrm.history.diff import Diff
    from plaincrm.history.story import History, Wanted
    from plaincrm.records.moved import Moved


class Histories(Asking):
    """Questions to the git repository that a vault lies in."""

    def history(
        self,
        customer: str = "",
        wanted: Wanted | None = None,
        *,
        query: str = "",
        today: date | None = None,
        limit: int = 0,
    ) -> History:
        """Who changed what and when: of one customer, of those that a query names today, or of all; newest first.

        What is not committed stands at the top. `wanted` limits the changes and the commits; with a `limit` only so
        many commits are told.

        Raises:
            NoMatch: none or several customers are called so, now and in the history.
            UsageError: there is no such field, or the query is none.
            NotInGit: the vault lies in no git repository, or nothing is committed.
            GitFailed: there is no git, or it refused.
        """
        from plaincrm.history.story import Wanted  # noqa: PLC0415

        wanted = wanted or Wanted()
        wanted = wanted._replace(field=self._field_key(wanted.field))
        past = self._past()
        if customer:
            return past.of_note(self._path_then(past, customer), wanted, limit)
        return past.of_all(wanted, limit, self._paths(query, today) if query else None)

    def moves(
        self, field: str, since: date = date.min, *, query: str = "", today: date | None = None
    ) -> tuple[Moved, ...]:
        """Each change of a field from a day on, by whom and when, the newest first; of customers who were there before.

        Raises:
            UsageError: there is no such field, or the query is none.
            NotInGit: the vault lies in no git repository, or nothing is committed.
            GitFailed: there is no git, or it refused.
        """
        from plaincrm.history.moves import moves  # noqa: PLC0415
        from plaincrm.history.story import Wanted  # noqa: PLC0415

        key = self._field_key(field)
        story = self._past().of_all(Wanted(since=since), paths=self._paths(query, today) if query else None)
        return tuple(moves(story.events, key))

    def diff(self, between: str = "HEAD", *, query: str = "", today: date | None = None) -> Diff:
        """What became different among the customers since a revision or the end of a day, or between two: `A..B`.

        A revision is named as git names it, a day as people do, which counts from `today`.

        Raises:
            UsageError: an end is neither, nothing was committed by then, or the query is none.
            NotInGit: the vault lies in no git repository, or nothing is committed.
            GitFailed: there is no git, or it refused.
        """
        past = self._past()
        first, dots, second = between.partition("..")
        if second.startswith("."):
            raise UsageError(f"{between} has three dots.", "Two name two ends: A..B.")
        old = past.commit(first or "HEAD", today)
        new = past.commit(second or "HEAD", today) if dots else ""
        return past.diff(old, new, self._paths(query, today) if query else None)

    def blame(self, customer: str) -> Blame:
        """Who said last what the note of a customer says: each field, entry, promise, deal and text.

        Raises:
            NoMatch: none or several customers are called so.
            NotInGit: the vault lies in no git repository, or nothing is committed.
            GitFailed: there is no git, or it refused.
        """
        path = self.path_of(customer)
        return self._past().blame(path)

    def _path_then(self, past: Past, customer: str) -> str:
        """The note of a customer, who may be gone by now."""
        try:
            return self.path_of(customer)
        except NoMatch:
            if path := past.gone(customer):
                return path
            raise

    def _paths(self, query: str, today: date | None) -> frozenset[str]:
        where = self._where(query, today)
        rows = self._ask(
            lambda index: index.rows(
                f"select path from customers c join files using (file) where {where.sql}", where.parameters
            )
        )
        return frozenset(row[0] for row in rows)

    def _field_key(self, name: str) -> str:
        """The key of a customer field by any of its spellings; a key that is no field of ours is the user's own."""
        from plaincrm.records.near import nearest_key  # noqa: PLC0415

        known = self.config.schema.table.find(name)
        if not name:
            return ""
        if known:
            return known.key
        if near := nearest_key(fold(name), self.config.schema.table.spellings()):
            raise UsageError(f"There is no field {name}.", f"Did you mean {near}?")
        return name
