"""`plaincrm fields`: every field that notes may have."""

from __future__ import annotations

import click

from plaincrm.cli.context import FORMATS, Asked, reporting_as
from plaincrm.render.fields import FIELDS, text


@click.command("fields")
@reporting_as(*FORMATS, "json-schema")
@click.pass_obj
def command(asked: Asked) -> None:
    """Every field that notes may have: its names, its type, what it is for. Fields of your own stand with them.

    As json-schema the answer is a schema of the front matter, by which editors complete, explain and check it.
    """
    rows = asked.vault.fields()
    asked.answer(
        text=lambda width: text(rows, width),
        data=lambda: {"fields": rows},
        rows=lambda: (FIELDS, rows),
        more={"json-schema": asked.vault.json_schema},
    )
