"""`plaincrm fix`: the faults whose remedy is certain, mended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from plaincrm.cli.context import Asked, reporting
from plaincrm.cli.query import QueryCommand
from plaincrm.render.fix import FIELDS, data, rows, summary, text
from plaincrm.render.lines import plain
from plaincrm.render.terminal import write


@click.command("fix", cls=QueryCommand)
@click.argument("which", metavar="[PATH | QUERY]...", nargs=-1)
@click.option("--select", metavar="CODES", default="", help="Only these checks, with commas between them.")
@click.option("--ignore", metavar="CODES", default="", help="All but these checks.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@reporting
@click.pass_obj
def command(asked: Asked, which: tuple[str, ...], select: str, ignore: str, dry_run: bool) -> int:
    """Mend the faults whose remedy is certain and loses nothing.

    Each is one small edit: no other byte of a note changes. A file or folder (PATH) or a query limits it to some notes.
    The exit code is 1 when a note had to be left as it is.
    """
    paths, query = sorted_out(which)
    report = asked.vault.fix(
        asked.today, query=query, paths=paths, select=codes(select), ignore=codes(ignore), dry_run=dry_run
    )
    asked.answer(text=lambda _width: text(report), data=lambda: data(report), rows=lambda: (FIELDS, list(rows(report))))
    return 1 if report.refused else 0


def mended_first(asked: Asked, **scope: object) -> None:
    """Mend what can be mended before a check, and say on the error stream how much that was."""
    report = asked.vault.fix(asked.today, **scope)  # type: ignore[arg-type]  # the check's own options
    write(plain([summary(report)]), sys.stderr)


def sorted_out(which: Iterable[str]) -> tuple[list[str], str]:
    """Names of files and folders, and the words of a query; what is there is a file."""
    given = list(which)
    paths = [text for text in given if os.path.lexists(text) or text.endswith((".md", "/"))]
    return paths, " ".join(text for text in given if text not in paths)


def codes(text: str) -> list[str]:
    """Codes given with commas between them."""
    return [code.strip() for code in text.split(",") if code.strip()]
