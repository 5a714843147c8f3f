"""Charts as SVG: labels in full, whole numbers of what is counted, and no more names than a phone has room for."""

from __future__ import annotations

import re
from decimal import Decimal

from plaincrm.render.charts import figure
from plaincrm.render.sheet import Chart, Series

MONTHS = tuple(f"2026-{month:02}" for month in range(1, 13))


def drawn(kind: str, labels: tuple[str, ...], *values: str) -> str:
    return figure(Chart(kind, "Title", labels, (Series("Some", tuple(map(Decimal, values))),)))  # type: ignore[arg-type]


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_complaints_are_counted_in_whole_numbers() -> None:
    told = texts(drawn("bars", MONTHS, *"010011000100"))
    assert [text for text in told if text not in MONTHS] == ["0", "1"]
    assert [text for text in told if text in MONTHS] == list(MONTHS)  # none is cut short
    assert "0.8" in texts(drawn("bars", MONTHS[:2], "0.4", "1.6"))


def test_of_many_labels_a_phone_shows_some() -> None:
    assert "<figure><svg" in (many := drawn("bars", MONTHS, *"123456789012"))
    assert 'class="chart bars crowded"' in many
    assert 'class="chart bars"' in drawn("bars", MONTHS[:8], *"12345678")
    assert 'class="chart bridge"' in drawn("bridge", MONTHS[:9], *"123456789")  # each of its steps has another name
