"""The brief: what one has to know before the next contact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import plaincrm
from plaincrm.money import Money
from plaincrm.render.brief import data, text
from plaincrm.render.lines import plain
from plaincrm.reports.brief import Brief, Mood, Score, Worth
from tests.making import vault_of

TODAY = date(2026, 11, 21)
NOTE = """---
name: Acme Oy
type: company
stage: customer
tier: key
city: Turku
tags: [café]
owner: liisa
since: 2024-03-12
contacts:
  - Ann Berg <ann@acme.example> +358 40 123 4567 (owner)
prefers: email
needs: Wants the café repainted without closing it for a single day of the whole spring season
next: 2026-11-10
next_action: Call Ann
address: Brahenkatu 9
shoe_size: "43"
---
Free notes, which
go on here.

- a list
- of two

## Vision
Three cafés.

## Deals
- [deal:: Terrace] [value:: 4 500 €] [chance:: 60 %] [expected:: 2027-03-15]
- [deal:: Awnings] [value:: 900 €] [lost:: 2026-03-10] [reason:: price]

## Log
- 2026-12-24 letter out: greetings
- 2026-12-01 10:00 visit: the yard
- 2026-11-20 note: sketch
- 2026-11-19 16:00 call missed
- 2026-11-12 14:30 call in, Ann: a quote [sale:: 100] [cost:: 40]
  He was in a hurry.
  - [ ] Send it 📅 2026-11-20
  - [ ] They measure [owes:: them]
- 2026-10-01 visit: painted [sale:: 1 000 SEK] [deny:: call]
  - [x] Fetch the ladder ✅ 2026-10-02
  - [ ] Count the tins 📅 2026-10-20
  - [ ] Wash the brushes
  - [-] Paint it blue ❌ 2026-10-05
- 2025-11-22 visit: asked [nps:: 9] [mood:: +] [sale:: 10] [margin:: 4]
- 2025-11-21 visit: asked [nps:: 7] [csat:: 4] [mood:: -] [sale:: 5]
- 2024: first word
"""


@pytest.fixture
def brief(tmp_path: Path) -> Brief:
    bea = '---\nname: Bea\nreferred_by: "[[acme]]"\n---\n'
    return vault_of(tmp_path, {"acme.md": NOTE, "bea.md": bea}).brief("acme", TODAY)


def test_what_it_holds(brief: Brief) -> None:
    assert brief.last_contact == date(2026, 11, 12)  # the call of the 19th was missed
    assert [entry.line for entry in brief.talks] == [36, 37, 41]
    assert [entry.line for entry in brief.planned] == [34, 33]
    assert [task.text for task in brief.promises] == ["Count the tins", "Send it", "They measure", "Wash the brushes"]
    assert brief.revenue == (Money(Decimal(115), "EUR"), Money(Decimal(1000), "SEK"))
    assert brief.margin == (Money(Decimal(64), "EUR"),)  # that of the other sales is not known
    assert (brief.n, brief.referred, brief.diagnostics) == (4, ("bea",), ())
    assert brief.recent == Worth((Money(Decimal(110), "EUR"), Money(Decimal(1000), "SEK")), brief.margin, 3)
    assert brief.scores == (
        Score("nps", Decimal(9), 10, date(2025, 11, 22), 2, 46),
        Score("csat", Decimal(4), 5, date(2025, 11, 21), 1, 47),
    )
    assert brief.moods == (Mood(date(2025, 11, 21), "-", 47), Mood(date(2025, 11, 22), "+", 46))
    assert brief.newest_line == 35
    assert (brief.allowed, brief.denied) == ((), ("call",))  # as the log has it


def test_one_screen(brief: Brief) -> None:
    assert (
        plain(list(text(brief, 80)))
        == """\
Acme Oy
acme · company · customer · key customer · Turku
#café

Owner           liisa, customer since 2024-03-12
Where           Brahenkatu 9, Turku
Contact         Ann Berg (owner), ann@acme.example,
                +358 40 123 4567 (never call)
Reach by        prefers email; never call
Needs           Wants the café repainted without closing it for a single day of
                the whole spring season
Next step       2026-11-10: Call Ann (out of date: last contact 2026-11-12)
Last 12 months  110.00 EUR, 1,000.00 SEK, known margin 64.00 EUR (n = 3),
                class A
In all          115.00 EUR, 1,000.00 SEK, known margin 64.00 EUR (n = 4)
Scores          NPS 9/10 (2025-11-22, n = 2), CSAT 4/5 (2025-11-21, n = 1)
Mood            - + (2025-11-21 to 2025-11-22)
Has referred    bea

Open promises
  2026-10-20 we owe: Count the tins, 32 days late
  2026-11-20 we owe: Send it, 1 day late
  undated    they owe: They measure
  undated    we owe: Wash the brushes

Planned
  2026-12-01 10:00 visit: the yard
  2026-12-24 letter out: greetings

Deals
  Terrace: 4,500.00 EUR, 60 %, expected 2027-03-15

Last talks
  2026-11-19 16:00 call missed
  2026-11-12 14:30 call in, Ann: a quote
    we owe: Send it (for 2026-11-20)
    they owe: They measure
  2026-10-01 visit: painted
    we owe: Fetch the ladder (done 2026-10-02)
    we owe: Count the tins (for 2026-10-20)
    we owe: Wash the brushes
    and 1 more

customers/acme.md:35
"""
    )


def test_the_whole_record(brief: Brief) -> None:
    shown = plain(list(text(brief, 80, full=True)))
    assert "\nshoe_size       43\n" in shown
    assert "Awnings: 900.00 EUR, lost 2026-03-10 (price)" in shown
    assert (
        shown[shown.index("Log\n") :]
        == """\
Log
  2026-12-24 letter out: greetings
  2026-12-01 10:00 visit: the yard
  2026-11-20 note: sketch
  2026-11-19 16:00 call missed
  2026-11-12 14:30 call in, Ann: a quote (sale 100, cost 40)
    He was in a hurry.
    - [ ] Send it 📅 2026-11-20
    - [ ] They measure [owes:: them]
  2026-10-01 visit: painted (sale 1 000 SEK, deny call)
    - [x] Fetch the ladder ✅ 2026-10-02
    - [ ] Count the tins 📅 2026-10-20
    - [ ] Wash the brushes
    - [-] Paint it blue ❌ 2026-10-05
  2025-11-22 visit: asked (nps 9, mood +, sale 10, margin 4)
  2025-11-21 visit: asked (nps 7, csat 4, mood -, sale 5)
  2024 first word

Vision
  Three cafés.

Notes
  Free notes, which go on here.

  - a list
  - of two

customers/acme.md:35
"""
    )


@pytest.mark.parametrize(
    ("fields", "log", "expected"),
    [
        ("city: Turku", "", "none"),
        ("city: Turku", "- 2026-12-01 10:00 visit: the yard", "2026-12-01 10:00 visit: the yard"),
        ("next: 2026-12-01", "", "2026-12-01: get in touch"),
        ("next: 2026-12-01\nnext_channel: call", "", "2026-12-01 by call: get in touch"),
        ("quiet_until: 2027-01-01", "", "none (quiet until 2027-01-01)"),
        ("quiet_until: 2026-01-01", "", "none"),
        ("", "- 2026-11-02 call in: next year [quiet_until:: 2027-01-07]", "none (quiet until 2027-01-07)"),
        ("next: 2026-11-01", "- 2026-10-31 call", "2026-11-01: get in touch"),
    ],
)
def test_the_next_step(tmp_path: Path, fields: str, log: str, expected: str) -> None:
    note = f"---\nname: Acme\n{fields}\n---\n{log}\n"
    shown = plain(list(text(vault_of(tmp_path, {"acme.md": note}).brief("acme", TODAY), 80)))
    assert f"Next step       {expected}\n" in shown


def test_faults_stand_at_its_foot(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": "---\nname: Acme\nnext: soon\n---\n", "b.md": "---\nnext: soon\n---\n"})
    shown = plain(list(text(vault.brief("acme", TODAY), 80)))
    assert shown.endswith("customers/acme.md:1\ncustomers/acme.md:3:7: error bad-date: next: soon is no date.\n")


def test_a_record_is_found_by_any_unique_part(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": NOTE, "bea.md": "---\nname: Béa Ström\naliases: [Bibi]\n---\n"})
    for said in ("bea", "BEA", "Béa Ström", "strom", "bibi"):
        assert vault.brief(said, TODAY).customer.id == "bea"
    with pytest.raises(plaincrm.NoMatch, match="Several customers are called e:"):
        vault.brief("e", TODAY)
    with pytest.raises(plaincrm.NoMatch) as refused:
        vault.brief("acne", TODAY)
    assert refused.value.remedy == "Did you mean acme?"


def test_the_record_as_json(brief: Brief) -> None:
    found = data(brief)
    assert found["fields"]["tags"] == ["café"]
    assert found["fields"]["contacts"][0].line == 11
    assert found["fields"]["prefers"] == ["email"]
    assert found["other"] == {"shoe_size": "43"}
    assert [entry["date"] for entry in found["entries"]] == sorted(
        (entry["date"] for entry in found["entries"]), reverse=True
    )
    assert found["entries"][4]["sales"][0]["margin"] == 60
    assert found["vision"] == "Three cafés."
    assert found["last_12_months"]["sales"] == 3
    assert [mood.mood for mood in found["moods"]] == ["-", "+"]
    assert found["scores"][0]._asdict() == {
        **{"name": "nps", "value": 9, "most": 10, "date": date(2025, 11, 22), "n": 2, "line": 46},
    }


def test_a_list_field_of_ones_own_is_always_a_list(tmp_path: Path) -> None:
    note = "---\nname: Acme\nrooms: hall\n---\n"
    vault = vault_of(tmp_path, {"acme.md": note}, '[fields]\nrooms = "list"\n')
    assert data(vault.brief("acme", TODAY))["fields"]["rooms"] == ["hall"]
