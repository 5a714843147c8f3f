"""docs/format.md shows the field table as `plaincrm fields` gives it. Renew it with UPDATE_PAGES=1."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import plaincrm
from plaincrm.reports.fields import FieldRow
from tests.docs.marked import check_part, code, table

_TITLES = {
    "customer": "**In the front matter of a customer**",
    "entry": "**In log entries, as `[key:: value]`**",
    "deal": "**In deals, as `[key:: value]`**",
    "task": "**In promises, as `[key:: value]`**",
}


def _row(field: FieldRow) -> list[str]:
    kind = f"{field.type}, several" if field.many else field.type
    choices = f" Choices: {', '.join(map(code, field.choices))}." if field.choices else ""
    return [code(field.key), code(field.label_fi), kind, field.help + choices]


def test_the_page_shows_every_field(tmp_path: Path) -> None:
    rows = plaincrm.open_vault(tmp_path, cache=False).fields()
    made = "\n" + "".join(
        f"{_TITLES[scope]}\n{table(['key', 'Finnish', 'type', 'what for'], map(_row, of))}"
        for scope, of in groupby(rows, key=lambda field: field.scope)
    )
    check_part("format.md", "fields", made)
