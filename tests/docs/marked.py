"""Parts of pages that are made from the program's own tables: between markers, renewed with UPDATE_PAGES=1."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from tests.docs.blocks import ROOT


def check_part(page: str, name: str, made: str) -> None:
    """Compare the part between `<!-- name:start -->` and `<!-- name:end -->` with what the program's table gives."""
    path = ROOT / "docs" / page
    text = path.read_text(encoding="utf-8")
    start, end = f"<!-- {name}:start -->\n", f"<!-- {name}:end -->\n"
    assert text.count(start) == text.count(end) == 1, f"docs/{page} needs the markers {start.strip()} and {end.strip()}"
    head, rest = text.split(start)
    shown, tail = rest.split(end)
    if os.environ.get("UPDATE_PAGES") and shown != made:
        path.write_text(head + start + made + end + tail, encoding="utf-8")
        return
    assert shown == made, f"docs/{page} is behind the program: renew it with UPDATE_PAGES=1 python -m pytest tests/docs"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with a blank line around it."""
    lines = [titles, ["---"] * len(titles), *(map(_cell, row) for row in rows)]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def _cell(text: str) -> str:
    """Text that neither ends its cell nor is taken for HTML."""
    return text.replace("|", "\\|") if text.startswith("`") else text.replace("|", "\\|").replace("<", "&lt;")


def code(text: str) -> str:
    """Text set as code, nothing where there is none."""
    return f"`{text}`" if text else ""
