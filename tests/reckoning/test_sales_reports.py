"""Value, season, tiers and retention: every leaf of their answers has a counterpart in the second reckoning."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import NamedTuple

import pytest

from plaincrm.dates import Period
from plaincrm.records.model import Customer
from plaincrm.render import retention as retention_shown
from plaincrm.render import season as season_shown
from plaincrm.render import tiers as tiers_shown
from plaincrm.render import value as value_shown
from plaincrm.render import value_change as change_shown
from plaincrm.render import value_groups as groups_shown
from tests.keeping import KeptVault, example_vault, vault_in_memory
from tests.reckoning.retention import retention
from tests.reckoning.sales import Chosen, Days, everybody
from tests.reckoning.season import season
from tests.reckoning.tiers import tiers
from tests.reckoning.value import value, value_by, value_change
from tests.reckoning.walk import agree, answer_of

TODAY = date(2026, 11, 21)
EARLIER = date(2026, 1, 7)  # much of the vaults is still to come then
EVER = (date.min, date.max)

# The cases that the example vault lacks, each in the note that is named after it.
NOTES = {
    "edges": """---
stage: customer
tier: key
tags: [edge, north, edge]
city: Oulu
owner: liisa
---
- 2019-03-01 visit [sale:: 500]
- 2024-12-31 visit [sale:: 1]
- 2025-01-01 visit [sale:: 20.05] [cost:: 10]
- 2025-12-31 visit [sale:: 300] [product:: wall]
- 2026-01-01 visit [sale:: 4 000] [cost:: 1 500] [hours:: 2.5]
- 2026-11-21 visit [sale:: 50] [cost:: 60]
- 2026-11-22 visit [sale:: 600] [cost:: 100]
- 2026-12-31 visit [sale:: 7 000] [margin:: 1 234.56]
- 2027-01-01 visit [sale:: 80 000]
""",
    "leap": """---
tier: regular
reference: 4
learning: 0
referred_by: '[[circle-a]]'
---
- 2024-02-29 visit [sale:: 100] [cost:: 70]
- 2025-02-28 visit [sale:: 100] [cost:: 70]
- 2026-02-28 visit [sale:: 100] [cost:: 70]
- 2026-03-01 call out
""",
    "tie-a": """---
tier: regular
---
- 2026-05-01 visit [sale:: 500]
- 2025-05-01 visit [sale:: 500]
- 2019-06-01 visit [sale:: 300]
""",
    "tie-b": """---
tier: occasional
---
- 2026-05-02 visit [sale:: 500] [cost:: 500]
- 2019-06-02 visit [sale:: 150]
""",
    "tie-c": "---\n---\n- 2026-05-03 visit [sale:: 500] [cost:: 5]\n- 2019-06-03 visit [sale:: 50]\n",
    "currencies": """---
stage: customer
since: 2019-07-01
---
- 2024-05-01 email in [sale:: 5 USD]
- 2025-03-03 visit [sale:: 33.33 SEK] [cost:: 11.11 SEK]
- 2025-03-04 visit [sale:: 1000 SEK] [cost:: 400 SEK] [margin:: 555.55 SEK]
- 2026-03-03 visit [sale:: 100 SEK] [product:: wall] [sale:: 10] [product:: floor] [sale:: 2000 USD]
- 2026-03-04 visit [sale:: 99.99 USD] [hours:: 1]
- 2026-03-04 visit [sale:: 0.50 SEK] [margin:: 0.33 SEK]
- 2026-03-04 visit [sale:: 3 NOK]
""",
    "refunds": """---
stage: customer
tier: occasional
---
- 2025-06-01 visit [sale:: -40]
- 2026-06-01 visit [sale:: -70] [cost:: -30]
""",
    "returned": """---
tier: occasional
lost_on: 2024-09-01
lost_reason: moved
---
- 2024-06-01 visit [sale:: 90]
- 2026-08-01 visit [sale:: 60] [cost:: 1] [sale:: 60]
- 2026-08-01 visit [sale:: -10]
- 2026-08-02 visit [sale:: 0]
""",
    "told": """---
tier: key
stage: former
lost_on: 2026-02-10
lost_reason: competitor
---
- 2026-02-10 call in: they go
- 2026-02-03 09:00 email in: a question
- 2026-02-03 15:30 call out: an answer
- 2025-03-07 visit [sale:: 50] [sale:: 7 SEK]
""",
    "fell-silent": """---
referred_by: '[[leap]]'
owner: matti
---
- 2025-05-07 visit [sale:: 40] [cost:: 10]
- 2025-05-07 visit [sale:: 9 USD]
- 2026-03-01 email out: of the two this is the earlier one
- 2026-03-01 call out
- 2026-04-01 call no-answer
- 2026-12-01 visit: planned
""",
    "lost-and-bought": """---
lost_on: 2026-09-01
---
- 2025-05-07 visit [sale:: 30]
- 2026-01-07 visit [sale:: 30]
""",
    "lost-later": """---
lost_on: 2027-01-01
lost_reason: price
---
- 2026-03-01 call out: of the two this is the later one
- 2026-03-01 email out
- 2025-05-07 visit [sale:: 30]
""",
    "cooling": """---
tags: [north]
owner: noora
referred_by: '[[circle-b]]'
---
- 2025-01-01 visit [sale:: 10]
- 2025-02-01 visit [sale:: 10]
- 2025-02-01 visit [sale:: 10]
- 2025-03-04 visit [sale:: 10]
- 2025-06-01 visit [sale:: 10] [cost:: 4]
""",
    "late": "---\n---\n" + "".join(f"- {d} visit [sale:: 10]\n" for d in ("2024-01-01", "2026-05-01", "2026-06-01")),
    "monthly": "---\n---\n" + "".join(
        f"- {year}-{month:02}-15 visit [sale:: {100 * month + year - 2000}]\n"
        for year in (2024, 2025, 2026)
        for month in range(1, 13)
        if (year, month) < (2026, 12)
    ),
    "circle-a": "---\nreferred_by: '[[circle-b]]'\n---\n- 2026-07-01 visit [sale:: 70] [cost:: 20]\n",
    "circle-b": "---\nreferred_by: '[[circle-a]]'\n---\n- 2026-07-02 visit [sale:: 80] [cost:: 10]\n",
    "by-year": "---\n---\n- 2018: [sale:: 5 000] [cost:: 4 000]\n- 2026: [sale:: 300]\n- 2026-05: [sale:: 200]\n",
    "even": """---
---
- 2025-05-05 visit [sale:: 60]
- 2026-05-05 visit [sale:: 60]
- 2026-06-05 visit [sale:: -60]
""",
    "as-long": """---
---
- 2026-04-05 visit [sale:: 20]
- 2026-05-05 visit [sale:: 20]
- 2026-08-13 visit [sale:: 20]
- 2026-08-13 visit [sale:: 5]
""",
    "plans": "---\n---\n- 2026-12-24 visit [sale:: 25] [cost:: 5]\n",
    "lead": "---\nstage: lead\nlost_on: 2026-03-01\n---\n- 2026-01-01 call out\n",
    "silent": "---\nstage: customer\ntier: regular\n---\n",
    "new": "---\nstage: customer\n---\n- 2026-09-09 visit [sale:: 450] [cost:: 100]\n",
}  # fmt: skip

# A vault with every setting that a figure can hang on, and one with none.
SETTINGS = {
    "all settings": """
[rates]
SEK = 0.0877
[value]
classes = [50, 79.5, 95]
[serving]
hour = 40.5
contact.call = 5
[tiers.rules]
key = "revenue>=4000 margin>1000"
regular = "revenue>450 purchases>=2"
[segments]
north = "tag:north"
keys = "tier:key"
""",
    "no settings": "",
}
SEGMENTS: dict[str, dict[str, Chosen]] = {
    "example": {
        "terraces": lambda one: bool({"café", "restaurant"} & set(one.tags)) and one.stage in ("customer", "regular"),
        "quiet-keys": lambda one: one.tier == "key" and (spoken(one) or date.max) < date(2026, 10, 15),
    },
    "all settings": {"north": lambda one: "north" in one.tags, "keys": lambda one: one.tier == "key"},
    "no settings": {},
}
KEY = "tier:key"


def spoken(customer: Customer) -> date | None:
    """The day when somebody was last reached."""
    return max((entry.date for entry in customer.entries if entry.reached and entry.date <= TODAY), default=None)


def is_key(customer: Customer) -> bool:
    return customer.tier == "key"


class Given(NamedTuple):
    """A vault, all of its customers, and the name of its settings."""

    name: str
    vault: KeptVault
    customers: list[Customer]


@pytest.fixture(scope="module", params=["example", *SETTINGS])
def given(request: pytest.FixtureRequest) -> Given:
    name = request.param
    if name == "example":
        vault = example_vault()
    else:
        notes = {f"{note}.md": text.replace("---\n", f"---\nname: {note}\n", 1) for note, text in NOTES.items()}
        vault = vault_in_memory(SETTINGS[name]).put(notes)
    return Given(name, vault, vault.query("", today=TODAY))


def year(number: int) -> Days:
    return date(number, 1, 1), date(number, 12, 31)


TWELVE = (date(2025, 11, 22), TODAY)
ODD = (date(2025, 5, 1), date(2026, 2, 10))
PERIODS: list[Days] = [TWELVE, year(2026), year(2025), year(2024), ODD, year(2019)]
QUERIES: list[tuple[str, Chosen]] = [("", everybody), (KEY, is_key)]


def test_value(given: Given) -> None:
    vault, settings = given.vault, given.vault.config
    asked = [*product([TODAY], [*PERIODS, EVER], QUERIES), (EARLIER, year(2026), QUERIES[0])]
    for today, days, (query, chosen) in asked:
        answer = value_shown.data(vault.value(Period(*days), today=today, query=query))
        agree(answer_of(answer), value(given.customers, settings, today, days, chosen))


def test_value_by(given: Given) -> None:
    vault, settings = given.vault, given.vault.config
    kinds = ("tier", "stage", "owner", "type", "city", "tag", "segment", "class", "product", "month")
    for by, days, (query, chosen) in product(kinds, [TWELVE, year(2026), ODD, EVER], QUERIES):
        answer = groups_shown.data(vault.value_by(by, Period(*days), TODAY, query=query))
        own = value_by(by, given.customers, settings, days, chosen, SEGMENTS[given.name])
        agree(answer_of(answer), own)


def test_value_change(given: Given) -> None:
    vault, settings = given.vault, given.vault.config
    pairs = [(TWELVE, (date(2024, 11, 22), date(2025, 11, 21))), (year(2026), year(2025)), (year(2026), year(2024))]
    for (days, before), (query, chosen) in product([*pairs, (year(2025), year(2025)), (year(2019), EVER)], QUERIES):
        answer = change_shown.data(vault.value_change(Period(*days), Period(*before), TODAY, query=query))
        agree(answer_of(answer), value_change(given.customers, settings, days, before, chosen))


def test_season(given: Given) -> None:
    vault, settings = given.vault, given.vault.config
    periods = [(date(2022, 1, 1), TODAY), EVER, year(2026), ODD, year(2027)]
    asked = [
        *product(("revenue", "margin", "purchases"), [TODAY], periods, QUERIES),
        ("margin", date(2025, 12, 31), EVER, QUERIES[0]),
    ]
    for of, today, days, (query, chosen) in asked:
        answer = season_shown.data(vault.season(Period(*days), today, query=query, of=of))
        agree(answer_of(answer), season(of, given.customers, settings, today, days, chosen))


def test_tiers(given: Given) -> None:
    vault, settings = given.vault, given.vault.config
    for days, (query, chosen) in product([*PERIODS, EVER], QUERIES):
        answer = tiers_shown.data(vault.tiers(Period(*days), TODAY, query=query))
        agree(answer_of(answer), tiers(given.customers, settings, days, chosen), {"moves[].why"})


def test_retention(given: Given) -> None:
    vault, settings = given.vault, given.vault.config
    pairs = [(TWELVE, (date(2024, 11, 22), date(2025, 11, 21))), (year(2026), year(2025)), (year(2025), year(2024))]
    pairs += [(year(2026), year(2024)), ((date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 1, 1), date(2026, 3, 31)))]
    asked = [*product(("year", "quarter"), [TODAY], pairs, QUERIES), ("year", EARLIER, pairs[1], QUERIES[0])]
    for by, today, (days, before), (query, chosen) in asked:
        found = vault.retention(Period(*days), today, before=Period(*before), query=query, cohort=by)
        own = retention(by, given.customers, settings, today, days, before, chosen)
        agree(answer_of(retention_shown.data(found)), own, {"rhythms.customers[].why"})
