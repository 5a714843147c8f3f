"""A query that is none, with a mark under the place."""

from __future__ import annotations

from plaincrm.errors import QueryError
from plaincrm.render.check.excerpt import marked


def excerpt(error: QueryError, width: int) -> list[str]:
    """The query as it was typed and the mark under it; that of a segment behind its name."""
    before = f"  @{error.segment} = " if error.segment else "  "
    one_line = "".join(" " if sign in "\r\n" else sign for sign in error.query)
    shown = marked(one_line, error.start, error.end, width - len(before))
    return [before + shown.text, " " * (len(before) + shown.indent) + "^" * shown.length] if shown else []
