"""`plaincrm merge`: two notes of one customer made one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.cli.writing import finish, writing
from plaincrm.errors import UsageError
from plaincrm.render.escape import terminal

if TYPE_CHECKING:
    from plaincrm.changes.merge import MergeReport

Side = Literal["a", "b"]


@click.command("merge")
@click.argument("a", metavar="A", shell_complete=customers)
@click.argument("b", metavar="B", shell_complete=customers)
@click.option("--take", metavar="FIELD=b", multiple=True, help="Keep B's value of a field where A has another one.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@writing
@click.pass_obj
def command(asked: Asked, a: str, b: str, take: tuple[str, ...], yes: bool, dry_run: bool) -> None:
    """Make one note of two: A stays, B goes into it.

    Fields that A lacks come from B, lists are united, and of two values A's stays; B's goes into the text, as all that
    B's note said besides. The logs become one. Links to B lead to A everywhere, B's name becomes an alias, and its file
    is removed. Nothing is lost, and plaincrm undo takes it all back. B may be a copy that a sync program made.
    """
    from plaincrm.render import merge as render  # noqa: PLC0415 (with the rest of what writes)

    one, two, taken = _path(asked, a), _path(asked, b), _taken(asked, take)
    if not (dry_run or yes) and sys.stdin.isatty():
        taken = _asked(asked, asked.vault.merge(one, two, take=taken, dry_run=True), taken)
    report = asked.vault.merge(one, two, take=taken, dry_run=dry_run)
    asked.vault.notices.extend(report.written.notices)
    asked.answer(
        text=lambda width: render.text(report, width),
        data=lambda: render.data(report),
        rows=lambda: (render.FIELDS, report.choices),
    )
    finish(asked, report.written)


def _path(asked: Asked, text: str) -> str:
    """A note's path in the vault, where a file is named from the current folder; else the text as it stands."""
    try:
        file, root = Path(text).absolute(), asked.vault.root
        is_file = file.suffix == ".md" and file.is_file()
    except ValueError:  # a NUL, which no path has
        return text
    return file.relative_to(root).as_posix() if is_file and file.is_relative_to(root) else text


def _taken(asked: Asked, options: tuple[str, ...]) -> dict[str, Side]:
    """Whose value each field of --take keeps, by the field's canonical key."""
    found: dict[str, Side] = {}
    for option in options:
        key, _equals, side = option.partition("=")
        known = asked.vault.config.schema.table.find(key.strip())
        if side.strip().lower() not in ("a", "b"):
            raise UsageError(f"--take {option}: whose value is kept is not clear.", "Write FIELD=b, such as city=b.")
        found[known.key if known else key.strip()] = "b" if side.strip().lower() == "b" else "a"
    return found


def _asked(asked: Asked, preview: MergeReport, taken: dict[str, Side]) -> dict[str, Side]:
    """Whose values are kept, once somebody has seen what is to be decided."""
    from plaincrm.render.merge import summary  # noqa: PLC0415 (on a terminal only)
    from plaincrm.render.terminal import as_text, page_width, wants_color, write  # noqa: PLC0415

    width = page_width(sys.stderr)
    write(as_text(list(summary(preview, width)), color=wants_color(asked.color, sys.stderr), width=width), sys.stderr)
    chosen = dict(taken)
    for choice in preview.choices:
        if choice.kept == "a" and choice.a and choice.field not in taken:
            question = terminal(f"{choice.field}: a is {choice.a}, b is {choice.b}. Keep")
            side = click.prompt(question, type=click.Choice(["a", "b"]), default="a", err=True)
            chosen[choice.field] = "b" if side == "b" else "a"
    if not click.confirm("Merge them?", err=True):
        raise click.Abort
    return chosen
