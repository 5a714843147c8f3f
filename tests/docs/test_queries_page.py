"""docs/queries.md names every command that takes a query."""

from __future__ import annotations

import re

import click

from plaincrm.cli.group import COMMANDS, cli
from plaincrm.cli.query import QueryCommand
from tests.docs.blocks import ROOT


def test_the_page_names_every_command_that_takes_a_query() -> None:
    page = (ROOT / "docs/queries.md").read_text(encoding="utf-8")
    listed = re.search(r"These commands take one: ([^.]*)\.", page)
    assert listed
    context = click.Context(cli)
    taking = [name for name in COMMANDS if isinstance(cli.get_command(context, name), QueryCommand)]
    assert [name.split()[0] for name in re.findall(r"`([^`]*)`", listed[1])] == taking
