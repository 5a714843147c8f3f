"""docs/index.md names every table of the index and every column of each, in their order."""

from __future__ import annotations

import re

from plaincrm.index.store import connect, create
from tests.docs.blocks import ROOT

_SECTION = re.compile(r"^### `(\w+)`.*?$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def test_the_page_shows_every_column() -> None:
    db = connect(":memory:")
    create(db)
    names = db.execute("select name from sqlite_master where type = 'table' and name not glob '*_*'").fetchall()
    columns = {name: [row[1] for row in db.execute(f"pragma table_info({name})")] for (name,) in names}
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert {name: _COLUMN.findall(body) for name, body in _SECTION.findall(text)} == columns
