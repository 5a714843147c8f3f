"""`plaincrm lsp`: the language server, for editors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from plaincrm.cli.context import Asked
from plaincrm.errors import UsageError


@click.command("lsp")
@click.pass_obj
def command(asked: Asked) -> None:
    """Serve an editor over standard input and output (Language Server Protocol).

    Faults are shown as one types and mended at a key; fields, customers and days are completed. Editors start this
    themselves: docs/editors.md says how to set them up. It needs pip install 'plaincrm[lsp]'.
    """
    if not asked.cache:
        raise UsageError("The language server answers from the index.", "Leave --no-cache out.")
    try:
        from plaincrm.live.lsp.features import language_server  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise UsageError("The language server needs pygls.", "Run: pip install 'plaincrm[lsp]'") from None
    named = Path(asked.vault_path) if asked.vault_named else None
    fixed = asked.today if asked.today_text else None
    language_server(lambda: fixed or date.today(), named).start_io()
