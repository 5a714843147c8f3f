"""`plaincrm init`: a vault in one command, or a folder completed to be one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from plaincrm.cli.context import Asked, reporting
from plaincrm.language import LANGUAGES
from plaincrm.render.terminal import write


@click.command("init")
@click.argument("folder", metavar="[DIR]", default="")
@click.option("--name", metavar="NAME", help="What the vault is called.")
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="Who works here; once for each.")
@click.option("--currency", metavar="CODE", help="The currency of amounts that name none; else EUR.")
@click.option("--country", metavar="CODE", help="The country of phone numbers and public holidays: FI.")
@click.option("--timezone", metavar="ZONE", help="The time zone of clock times: Europe/Helsinki.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language of templates and notes.")
@click.option("--templater", is_flag=True, help="Templates for Obsidian's plugin Templater, too.")
@click.option("--from-obsidian", "adopt", is_flag=True, help="Look at the notes there are; write the settings alone.")
@click.option("--git", "in_git", is_flag=True, help="A git repository, which is told how to merge notes.")
@click.option("--dry-run", is_flag=True, help="Tell what would be made, and write nothing.")
@reporting
@click.pass_obj
def command(
    asked: Asked,
    /,
    folder: str,
    language: str,
    templater: bool,
    adopt: bool,
    in_git: bool,
    dry_run: bool,
    **told: Any,  # noqa: ANN401
) -> None:
    """Make a vault: settings, a folder of customers, templates, and what Obsidian and editors like to know.

    In a folder that is there, what is missing is made. Nothing that stands there is changed; only Obsidian's own list
    of property types gets those of our properties that it lacks.
    """
    from plaincrm.api import init_vault  # noqa: PLC0415 (where it is asked for)
    from plaincrm.changes.start import NewVault  # noqa: PLC0415
    from plaincrm.render import beginning  # noqa: PLC0415

    settings = {("vault", key): value for key, value in told.items() if value}
    how = NewVault(settings, language or "", templater, adopt)
    begun = init_vault(folder or asked.vault_path, how, dry_run=dry_run)
    asked.answer(
        text=lambda width: beginning.text(begun, width, folder),
        data=lambda: beginning.data(begun),
        rows=lambda: (beginning.FIELDS, beginning.rows(begun)),
    )
    if in_git and not dry_run:
        _set_up_git(asked, begun.root)


def _set_up_git(asked: Asked, root: Path) -> None:
    """A repository where there is none, and its git told how to merge and show notes."""
    from plaincrm.cli.git_setup import lines, parts_of  # noqa: PLC0415 (for this option only)
    from plaincrm.history.git import Git, GitFailed  # noqa: PLC0415
    from plaincrm.history.setup import setup  # noqa: PLC0415

    git = Git(root, trusted=True)
    try:
        git("rev-parse", "--is-inside-work-tree")
    except GitFailed as failure:
        if "not a git repository" not in failure.why:
            raise
        git("init", "--quiet")
        write("A git repository was made.\n", sys.stderr)
    write(lines(setup(parts_of(asked.opened(str(root))))), sys.stderr)
