"""What a watch tells: a line with the time for each thing, the diagnostics of a note below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.render import written
from plaincrm.render.escape import log_line
from plaincrm.render.generated import Refreshed, left_lines
from plaincrm.render.lines import Line, Piece, line

_NAMED = 3  # notes that are named where many were written
_STYLES = {"error": "red", "warning": "yellow", "hint": "cyan"}


def saved(clock: str, file: str, diagnostics: Iterable[Diagnostic]) -> Iterator[Line]:
    """A note that was saved: ok, or what is wrong with it, each as `file:line:column: severity code: message`."""
    found = list(diagnostics)
    if not found:
        yield line(Piece(f"{clock} ", "dim"), f"{file}: ", Piece("ok", "green"))
        return
    yield line(Piece(f"{clock} ", "dim"), f"{file}: {counted(found)}")
    for item in found:
        place = f"{item.file}:{item.line}:{item.column}: "
        words = Piece(f"{item.severity} {item.code}", _STYLES[item.severity])
        yield line(log_line(place), words, log_line(f": {item.message}"))


def many(clock: str, number: int, diagnostics: Iterable[Diagnostic]) -> Iterator[Line]:
    """Many notes that were saved at once."""
    found = list(diagnostics)
    told = f"{counted(found)}; see plaincrm check" if found else "ok"
    yield line(Piece(f"{clock} ", "dim"), f"{number} notes: {told}")


def notice(clock: str, text: str) -> Iterator[Line]:
    """A sentence."""
    yield line(Piece(f"{clock} ", "dim"), text)


def refreshed(clock: str, told: Refreshed, width: int) -> Iterator[Line]:
    """What became of the generated notes: promises ticked off, notes written, and what was left."""
    for shown in written.text(told.pulled) if told.pulled.files else ():
        yield line(Piece(f"{clock} ", "dim"), *shown)
    if told.report.files:
        names = [item.file for item in told.report.files]
        rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield line(Piece(f"{clock} ", "dim"), f"fresh: {', '.join(names[:_NAMED])}{rest}")
    for one in (*told.unclear, *told.refused):
        yield from left_lines(one, width)


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each severity: `1 error, 2 hints`."""
    counts: Counter[str] = Counter(item.severity for item in diagnostics)
    return ", ".join(f"{counts[name]} {name}{'s' if counts[name] > 1 else ''}" for name in _STYLES if counts[name])
