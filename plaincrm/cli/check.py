"""`plaincrm check`: what is wrong, and where."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from plaincrm.checks.several import joined, joined_lines
from plaincrm.cli.chosen_notes import ChosenNotes, chosen_notes, codes
from plaincrm.cli.complete import codes as completed_codes
from plaincrm.cli.complete import paths_and_words
from plaincrm.cli.context import FORMATS, Asked, Then, reporting_as
from plaincrm.cli.query import QueryCommand
from plaincrm.errors import REFUSED, UsageError
from plaincrm.index.paths import disk_path
from plaincrm.render.check import concise, full, github, markdown
from plaincrm.render.check.data import FIELDS, data, rows
from plaincrm.render.check.summary import written

if TYPE_CHECKING:
    from plaincrm.checks.check import CheckReport
    from plaincrm.checks.rule import Severity

_SAVING = 0.2  # seconds that an editor may take to save a file


class _Wanted(NamedTuple):
    """What the options say."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    severity: Severity
    strict: bool
    statistics: bool
    write_baseline: bool
    no_baseline: bool
    fix: bool


@click.command("check", cls=QueryCommand)
@click.argument("what", metavar="[PATH | QUERY]...", nargs=-1, shell_complete=paths_and_words)
@click.option(
    "--select", metavar="CODES", multiple=True, help="Only these codes, with commas.", shell_complete=completed_codes
)
@click.option("--ignore", metavar="CODES", multiple=True, help="All codes but these.", shell_complete=completed_codes)
@click.option("--severity", type=click.Choice(["error", "warning", "hint"]), default="hint", help="Nothing less grave.")
@click.option("--strict", is_flag=True, help="Warnings make the exit code 1, too.")
@click.option("--fix", is_flag=True, help="First mend what can be mended, as plaincrm fix does.")
@click.option("--statistics", is_flag=True, help="Count the faults by code instead.")
@click.option("--write-baseline", is_flag=True, help="Let plaincrm-baseline.txt know all faults that there are.")
@click.option("--no-baseline", is_flag=True, help="Show the faults that the baseline knows, too.")
@reporting_as(*FORMATS, "concise", "github", "sarif", "md")
@click.pass_obj
def command(asked: Asked, /, what: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 (click's; see _Wanted)
    """Every fault of the notes and the settings, with its place and what to do about it.

    Without arguments the whole vault is checked. The exit code is 1 when there are errors.

    \b
    plaincrm check customers/acme.md      a file or a folder
    plaincrm check tier:key               the customers of a query
    plaincrm check --select bad-date,bad-phone
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    wanted = _Wanted(**options)
    if wanted.statistics and asked.form not in FORMATS:
        raise UsageError(f"There are no statistics as {asked.form}.", "Use --format text, json or csv.")
    if wanted.fix or wanted.write_baseline:
        asked.see_present()
    if wanted.write_baseline:
        return _write_baseline(asked, alone=not what and wanted == _ALONE)
    chosen = chosen_notes(asked, what)
    if wanted.fix:
        from plaincrm.cli.fix import mended_first  # noqa: PLC0415 (what writes is loaded for --fix only)

        mended_first(asked, chosen, codes(wanted.select), codes(wanted.ignore))
    reports = [_report(asked, notes, wanted) for notes in chosen]
    if _being_saved(chosen, reports):
        time.sleep(_SAVING)
        reports = [_report(asked, notes, wanted) for notes in chosen]
    for notes, found in zip(chosen, reports, strict=True):
        if asked.then == Then() and any(item.code in _OF_TWO_NAMES for item in found.diagnostics):
            notes.vault.notices += _left_twice(notes)
    report = joined(zip((notes.prefix for notes in chosen), reports, strict=True))
    if wanted.statistics:
        _answer_in_numbers(asked, report)
    else:
        _answer(asked, report, lambda: _lines(chosen, reports))
    if not (what or report.files) and all(not notes.vault.has_settings for notes in chosen):
        return REFUSED  # a gate that finds no vault must not be open
    return 1 if report.errors or (wanted.strict and report.warnings) else 0


# What is found where both sides of a merge renamed one note, before it is decided and after.
_OF_TWO_NAMES = ("unresolved-merge", "near-name", "same-business-id", "same-email", "same-phone")


def _left_twice(notes: ChosenNotes) -> list[str]:
    """Sentences on notes that a merge under way has left under two names."""
    from plaincrm.history.sides import unmerged  # noqa: PLC0415 (git is called where it may have something to say)

    return [f"{notes.prefix}{item.file}: {item.why}." for item in unmerged(notes.vault.root) if item.twin]


_ALONE = _Wanted((), (), "hint", strict=False, statistics=False, write_baseline=True, no_baseline=False, fix=False)


def _report(asked: Asked, notes: ChosenNotes, wanted: _Wanted) -> CheckReport:
    return notes.vault.check(
        asked.today,
        query=notes.query,
        paths=notes.paths,
        select=codes(wanted.select),
        ignore=codes(wanted.ignore),
        severity=wanted.severity,
        baseline=not wanted.no_baseline,
    )


def _lines(chosen: Sequence[ChosenNotes], reports: Sequence[CheckReport]) -> dict[tuple[str, int], str]:
    pairs = zip(chosen, reports, strict=True)
    return joined_lines((notes.prefix, notes.vault.lines_of(report.diagnostics)) for notes, report in pairs)


def _answer(asked: Asked, report: CheckReport, lines: Callable[[], dict[tuple[str, int], str]]) -> None:
    asked.answer(
        text=lambda width: full.text(report, lines(), width),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
        more={
            "concise": lambda: concise.concise(report),
            "github": lambda: github.github(report),
            "sarif": lambda: _sarif(report),
            "md": lambda: markdown.markdown(report, lines()),
        },
    )


def _sarif(report: CheckReport) -> dict[str, Any]:
    from importlib import metadata  # noqa: PLC0415 (11 ms, for the version only)

    from plaincrm.render.check.sarif import sarif  # noqa: PLC0415

    return sarif(report, metadata.version("plaincrm"))


def _answer_in_numbers(asked: Asked, report: CheckReport) -> None:
    from plaincrm.render.check import statistics  # noqa: PLC0415

    asked.answer(
        text=lambda width: statistics.text(report, width),
        data=lambda: statistics.data(report),
        rows=lambda: (statistics.FIELDS, statistics.rows(report)),
    )


def _write_baseline(asked: Asked, *, alone: bool) -> int:
    """Write the baseline and say so."""
    if not alone or asked.form != "text":
        raise UsageError("A baseline is that of a whole vault.", "Give --write-baseline alone.")
    report = asked.vault.write_baseline(asked.today)
    asked.answer(text=lambda width: written(report, width), data=dict, rows=lambda: ((), ()))
    return 0


def _being_saved(chosen: Sequence[ChosenNotes], reports: Sequence[CheckReport]) -> bool:
    """Whether a file with errors was written just now: an editor may not be through with it."""
    faulty = {
        notes.vault.root / disk_path(item.file)
        for notes, report in zip(chosen, reports, strict=True)
        for item in report.diagnostics
        if item.severity == "error"
    }
    for path in faulty:
        try:
            written = path.stat().st_mtime
        except (OSError, ValueError):
            continue
        if abs(time.time() - written) < _SAVING:
            return True
    return False
