"""What comes round each year is one product however it was written then."""

from __future__ import annotations

from datetime import date

from tests.keeping import vault_in_memory

NOTE = """\
---
name: Acme
stage: customer
next: 2027-05-01
---
- 2024-12-05 visit: x [sale:: 90] [product:: Köynnös]
- 2025-12-03 visit: x [sale:: 90] [product:: köynnös] [sale:: 5] [product:: candles]
"""


def test_a_season_of_a_product_in_two_spellings() -> None:
    vault = vault_in_memory().put({"acme.md": NOTE})
    found = [(item.kind, item.what, item.line) for item in vault.agenda(date(2026, 11, 21)).items]
    assert found == [("season", "Ask about köynnös this year", 7)]
