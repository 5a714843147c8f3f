"""`plaincrm git-setup`: git told how to merge and show the notes of a vault."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from plaincrm.api import Vault
from plaincrm.cli.context import Asked
from plaincrm.errors import UsageError
from plaincrm.render.escape import terminal
from plaincrm.render.terminal import write

if TYPE_CHECKING:
    from plaincrm.history.setup import Part, Told


@click.command("git-setup")
@click.option("--check", "only_check", is_flag=True, help="Say what is missing and change nothing; the exit code is 1.")
@click.option("--remove", is_flag=True, help="Take away what git-setup made, and nothing else.")
@click.option("--hooks", is_flag=True, help="Hooks, too: they check what is staged and write messages of commits.")
@click.option("--textconv", is_flag=True, help="Let git diff show notes in plaincrm's own words.")
@click.pass_obj
def command(asked: Asked, only_check: bool, remove: bool, hooks: bool, textconv: bool) -> int:
    """Let git merge notes by their fields and log entries, and name the entry of a change in its diffs.

    It is said to git once in each clone. What stands there already stays, and a second time changes nothing.
    """
    from plaincrm.history.setup import missing, removed, setup  # noqa: PLC0415 (for this command only)

    if only_check and remove:
        raise UsageError("--check and --remove are two things.", "Give one.")
    chosen = parts_of(asked.vault, hooks=hooks or remove, textconv=textconv or remove)
    told = missing(chosen) if only_check else removed(chosen) if remove else setup(chosen)
    write(lines(told), sys.stdout)
    return 1 if only_check and any(one.state != "there" for one in told) else 0


def parts_of(vault: Vault, *, hooks: bool = False, textconv: bool = False) -> list[Part]:
    """What belongs to the git of a vault."""
    from plaincrm.history.git import Git  # noqa: PLC0415 (with the rest of git)
    from plaincrm.history.setup import Place, parts  # noqa: PLC0415

    # -P: in a folder that holds a module of the name of one of ours, that one is not taken for it
    program = (sys.executable, "-P", "-m", "plaincrm")
    place = Place(Git(vault.root, trusted=True), vault.root, vault.config.records, program)
    return parts(place, hooks=hooks, textconv=textconv)


def lines(told: Iterable[Told]) -> str:
    """What was done, a line for each."""
    return "".join(f"{terminal(f'{one.name} {one.words}')}\n" for one in told)
