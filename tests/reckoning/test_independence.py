"""A second reckoning is one only if it shares nothing with the first but the entries as they are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

RECKONINGS = [path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_")]
SHARED = {"", "dates", "language", "money", "records", "vault"}  # what notes and settings say; "" is the library itself


@pytest.mark.parametrize("path", RECKONINGS, ids=lambda path: path.stem)
def test_it_takes_nothing_from_reports_or_the_index(path: Path) -> None:
    text = path.read_text("utf-8")
    rooms = set(re.findall(r"^\s*(?:from|import) plaincrm(?:\.(\w+))?", text, re.MULTILINE))
    assert rooms <= (SHARED | {"render"} if path.stem == "walk" else SHARED)  # the walk reads JSON as it is written
