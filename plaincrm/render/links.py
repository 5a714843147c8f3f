"""Where the name of a customer on a page leads to: the note as a file, or the note in Obsidian."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from plaincrm.render.escape import uri_path
from plaincrm.render.sheet import Cell
from plaincrm.render.sheet_page import Link


def note_links(kind: str, root: Path, output: str | None) -> Link:
    """The addresses of notes: `file` from the folder of the page (else the current one), `obsidian`, or `none`."""
    folder = Path(output).parent if output else Path()

    def file(cell: Cell) -> str:
        return uri_path(os.path.relpath(root / cell.file, folder)) if cell.file else ""

    def obsidian(cell: Cell) -> str:
        note = quote(cell.file.removesuffix(".md"), safe="", errors="replace")
        return f"obsidian://open?vault={quote(root.name, safe='')}&file={note}" if cell.file else ""

    return {"file": file, "obsidian": obsidian}.get(kind, lambda _cell: "")
