"""`plaincrm show`: all one needs to know before the next contact."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import FORMATS, Asked, reporting_as
from plaincrm.errors import UsageError
from plaincrm.index.paths import disk_path

if TYPE_CHECKING:
    from plaincrm.cli.opening import Program
    from plaincrm.reports.brief import Brief

_PROGRAMS = ("editor", "obsidian")


class _ShowCommand(click.Command):
    """A command whose --open stands alone, or before the one word that it takes; a customer's name is none."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        joined: list[str] = []
        for word in args:
            if joined and joined[-1] == "--open":
                joined[-1] = f"--open={word if word in _PROGRAMS else 'editor'}"
                if word in _PROGRAMS:
                    continue
            joined.append(word)
        if joined and joined[-1] == "--open":
            joined[-1] = "--open=editor"
        return super().parse_args(ctx, joined)


@click.command("show", cls=_ShowCommand)
@click.argument("customer", nargs=-1, required=True, shell_complete=customers)
@click.option("--full", is_flag=True, help="The whole record, not only the brief.")
@click.option(
    "--open",
    "program",
    type=click.Choice(_PROGRAMS),
    help="Open the note at its newest entry in $VISUAL or $EDITOR (what --open alone does), or in Obsidian.",
)
@reporting_as(*FORMATS, "md", "html")
@click.pass_obj
def command(asked: Asked, customer: tuple[str, ...], full: bool, program: Program | None) -> None:
    """The brief of one customer: who, last talks, open promises, next step, how they like to be reached.

    CUSTOMER is an id, a name, or a unique part of either, in any case and without diacritics; else a contact person,
    a phone number or an e-mail address.
    """
    from plaincrm.render.brief import data, text  # noqa: PLC0415 (not where a shell completes)

    brief = asked.vault.brief(" ".join(customer), asked.today)
    if program:
        _open(asked, brief, program)
        return
    if asked.form == "csv":
        raise UsageError("A record is no table.", "Use --format json, or plaincrm list --format csv.")
    asked.answer(
        text=lambda width: text(brief, width, full=full),
        data=lambda: data(brief),
        rows=lambda: ((), ()),
        more={"md": lambda: _markdown(brief, full), "html": lambda: _page(brief, full)},
    )


def _open(asked: Asked, brief: Brief, program: Program) -> None:
    asked.see_present()
    from plaincrm.cli.opening import open_note  # noqa: PLC0415 (for this option only)

    path = asked.vault.root.resolve() / disk_path(brief.customer.path)
    open_note(program, path, brief.newest_line, is_terminal=sys.stdout.isatty())


def _markdown(brief: Brief, full: bool) -> str:
    from plaincrm.render.brief_markdown import markdown  # noqa: PLC0415 (for this form only)

    return markdown(brief, full=full)


def _page(brief: Brief, full: bool) -> str:
    from plaincrm.render.brief_page import page  # noqa: PLC0415 (for this form only)

    return page(brief, full=full)
