"""Faults that a note's own comments silence, and comments that silence nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.checks.diagnostic import Diagnostic, Place, diagnostic
from plaincrm.checks.near import near_hint
from plaincrm.checks.rules import BY_CODE
from plaincrm.index.index import Index


class _Comment(NamedTuple):
    path: str
    place: Place
    code: str
    reason: str


def without_ignored(index: Index, found: list[Diagnostic], *, all_asked: bool) -> list[Diagnostic]:
    """The faults that no comment silences, and what is wrong with the comments themselves.

    Where not every rule was asked, none can be said to silence nothing.
    """
    comments = [
        _Comment(path, (line, column, end_line, end_column), code, reason)
        for path, line, column, end_line, end_column, code, reason in index.rows(
            "select path, line, column, end_line, end_column, code, reason from ignores join files using (file)"
        )
    ]
    if not comments:
        return found
    silenced = {(comment.path, comment.code) for comment in comments}
    used = silenced & {(item.file, item.code) for item in found}
    heard = [item for item in found if (item.file, item.code) not in silenced]
    return heard + [item for comment in comments for item in _faults_of(comment, used, all_asked=all_asked)]


def _faults_of(comment: _Comment, used: set[tuple[str, str]], *, all_asked: bool) -> Iterator[Diagnostic]:
    path, place, code, reason = comment
    if code not in BY_CODE:
        yield diagnostic(path, place, "unknown-code", {"code": code, "hint": near_hint(code)})
        return
    if not reason:
        yield diagnostic(path, place, "ignore-without-reason", {"code": code})
    if all_asked and (path, code) not in used:
        yield diagnostic(path, place, "unused-ignore", {"code": code})
