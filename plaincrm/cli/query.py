"""Commands that take a query: a negated word such as `-tag:paused` is no option."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from plaincrm.cli.context import Asked
    from plaincrm.render.sheet import Sheet


def of_query(asked: Asked, query: str, sheet: Sheet) -> Sheet:
    """A sheet that says which customers it is about, where a query limits it."""
    if not query:
        return sheet
    found = asked.vault.list(query, today=asked.today, limit=1)
    counted = f"{found.matched} of {found.total} customers"
    return sheet._replace(about=" · ".join(part for part in (sheet.about, counted, query) if part))


_NEGATED = r"(?s)-(?:@[\w-]+|[^\W\d][\w.-]*(?:<=|>=|[:=<>]).*|\".*)"


class QueryCommand(click.Command):
    """A command whose arguments are the words of a query."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take negated words out of the way of the options (`-owner:liisa` is not `-o wner:liisa`)."""
        end = args.index("--") if "--" in args else len(args)
        negated = [arg for arg in args[:end] if re.fullmatch(_NEGATED, arg)]
        if negated:
            options = [arg for arg in args[:end] if not re.fullmatch(_NEGATED, arg)]
            args = [*options, "--", *negated, *args[end + 1 :]]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The options, and words of a query that a minus negates."""
        return [*super().shell_complete(ctx, incomplete), *query_words(ctx, None, incomplete)]
