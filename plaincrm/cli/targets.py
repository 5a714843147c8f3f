"""`plaincrm targets`: what was aimed at, and what is there."""

from __future__ import annotations

import click

from plaincrm.cli.context import Asked, explained, limited, sheeted, tabled
from plaincrm.render.targets import data, sheet, tables


@click.command("targets")
@limited(15)
@explained
@tabled("targets", "worklist")
@sheeted
@click.pass_obj
def command(asked: Asked, limit: int, explain: str | None) -> None:
    """What [targets] of plaincrm.toml aim at, what is there, and which customers can close the gaps."""
    if explain:
        asked.answer_explanation(asked.vault.explain_targets(explain, asked.today))
        return
    report = asked.vault.targets(asked.today, limit=asked.told(limit))
    asked.answer_sheet(
        sheet=lambda: sheet(report),
        data=lambda: data(report),
        tables=lambda: tables(report),
    )
