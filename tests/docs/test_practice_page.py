"""docs/practice.md has every row of the practice of customer care, each with what shows it."""

from __future__ import annotations

import re

from tests.docs.blocks import ROOT

ROWS = {"K": 8, "A": 15, "V": 13, "E": 8, "D": 8}  # the register, the day, the value, the experience, the data


def test_every_row_is_in_the_page_with_what_shows_it() -> None:
    page = (ROOT / "docs/practice.md").read_text(encoding="utf-8")
    _head, *parts = re.split(r"^### (?=[A-Z]\d+: )", page, flags=re.MULTILINE)
    assert [part.partition(":")[0] for part in parts] == [
        f"{of}{at}" for of, n in ROWS.items() for at in range(1, n + 1)
    ]
    for part in parts:
        block = re.search(r"^```console\n(.*?)^```", part, re.DOTALL | re.MULTILINE)
        assert block, part
        assert [line for line in block[1].splitlines() if line and not line.startswith("$ ")], part
