"""`plaincrm notes`: the notes that plaincrm generates, made fresh."""

from __future__ import annotations

import click

from plaincrm.cli.as_markdown import as_markdown
from plaincrm.cli.context import Asked
from plaincrm.cli.writing import commit, writing
from plaincrm.errors import UsageError


@click.command("notes")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--pull", is_flag=True, help="First tick off the promises whose boxes are ticked in them.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; the exit code is 1 where one is not fresh.")
@writing
@click.pass_obj
def command(asked: Asked, names: tuple[str, ...], pull: bool, only_check: bool, dry_run: bool) -> int:
    """Make the notes fresh that [notes] in plaincrm.toml names: an agenda, a list, any report.

    A note is written only where it says something else by now, and never over one that you wrote. NAME limits it to
    some. The exit code is 1 where a note had to be left as it is.
    """
    from plaincrm.live.refresh import refresh  # noqa: PLC0415 (with the rest of what writes)
    from plaincrm.render.generated import FIELDS, data, rows, text  # noqa: PLC0415

    if only_check and (dry_run or pull):
        raise UsageError("--check writes nothing anyway.", "Give it alone.")
    vault = asked.vault
    told = refresh(
        vault,
        lambda words: as_markdown(asked, words),
        asked.today,
        names,
        pulling=pull,
        dry_run=dry_run or only_check,
    )
    vault.notices.extend(told.report.notices)
    asked.answer(
        text=lambda width: text(told, width, brief=only_check),
        data=lambda: data(told),
        rows=lambda: (FIELDS, list(rows(told))),
    )
    if not told.report.dry_run:
        commit(asked, vault, (*told.pulled.files, *told.report.files))
    return 1 if told.refused or told.unclear or (only_check and told.report.files) else 0
