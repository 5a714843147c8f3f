"""`plaincrm check`: what is wrong, and where."""

from __future__ import annotations

import click

from plaincrm.cli.context import Asked, reporting
from plaincrm.render.check import FIELDS, data, text


@click.command("check")
@click.option("--strict", is_flag=True, help="Warnings make the exit code 1, too.")
@click.option("--fix", "mend", is_flag=True, help="First mend what can be mended, as plaincrm fix does.")
@reporting
@click.pass_obj
def command(asked: Asked, strict: bool, mend: bool) -> int:
    """Every fault of the notes and the settings, with its place and what to do about it.

    The exit code is 1 when there are errors.
    """
    if mend:
        from plaincrm.cli.fix import mended_first  # noqa: PLC0415 (what writes is loaded for --fix only)

        mended_first(asked)
    report = asked.vault.check(asked.today)
    asked.answer(
        text=lambda width: text(report, asked.vault.lines_of(report.diagnostics), width),
        data=lambda: data(report),
        rows=lambda: (FIELDS, [[getattr(item, name) for name in FIELDS] for item in report.diagnostics]),
    )
    return 1 if report.errors or (strict and report.warnings) else 0
