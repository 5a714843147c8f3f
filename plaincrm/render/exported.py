"""What an export wrote and whom it left out, in a few lines beside the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from plaincrm.render.escape import terminal
from plaincrm.reports.export import ExportReport
from plaincrm.reports.permitted import Permitted

_NAMED = 3  # customers of a reason that are named
_SINGULAR = {"entries": "entry"}


def lines(report: ExportReport, output: str | None) -> Iterator[str]:
    """What was written and where, and whatever the file does not have."""
    yield f"{counted(report.written, report.what)} written{f' to {terminal(output)}' if output else ''}."
    if report.permitted:
        yield from left_out(report.permitted)
    yield from report.notes
    yield from unread(report.unread)


def unread(files: Mapping[str, str]) -> Iterator[str]:
    """Which notes could not be read in full."""
    if files:
        names = ", ".join(terminal(path) for path in islice(files, _NAMED))
        more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
        yield f"Not read in full, and perhaps lacking: {names}{more}. See plaincrm check."


def left_out(permitted: Permitted) -> Iterator[str]:
    """How many may not be contacted, and a line a reason with some of them."""
    total = len(permitted.left_out)
    if not total:
        yield f"Nobody is left out: all may be contacted for {permitted.purpose}."
        return
    yield f"{counted(total, 'customers')} left out, who may not be contacted for {permitted.purpose}:"
    for reason, count in permitted.reasons.items():
        of = [one.customer for one in permitted.left_out if one.reason == reason]
        names = ", ".join(map(terminal, of[:_NAMED]))
        yield f"  {count:>4}  {reason}: {names}{f' and {count - _NAMED} more' if count > _NAMED else ''}"


def counted(count: int, what: str) -> str:
    """`1 customer`, `1,204 entries`."""
    return f"{count:,} {what if count != 1 else _SINGULAR.get(what, what.removesuffix('s'))}"
