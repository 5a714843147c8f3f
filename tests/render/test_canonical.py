"""A note in canonical words: what has a word in another language is translated, all else stays as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.cli.run import run
from plaincrm.records.schema import Schema
from plaincrm.render.canonical import canonical_note
from tests.making import EXAMPLE

FINNISH = """\
---
nimi: Oksa Oy
vaihe: asiakas
seuraava: 1.12.2026
tunnisteet: [päiväkoti, sisätyöt]
oma: vaihe
---

## Loki

### 4.11.2026 klo 13.30 kokous, Tuija: mitä tehdään [askel:: tarve]
Vaihe: tämä on tekstiä.
- [ ] Tuija lähettää kuvan [lupaaja:: asiakas] 📅 2026-11-16
- 2.10.2026 puhelu ulos: kiitos
- 1.10.2026 jotain muuta
"""
ENGLISH = """\
---
name: Oksa Oy
stage: customer
next: 1.12.2026
tags: [päiväkoti, sisätyöt]
oma: vaihe
---

## Log

### 2026-11-04 13:30 meeting, Tuija: mitä tehdään [step:: need]
Vaihe: tämä on tekstiä.
- [ ] Tuija lähettää kuvan [owes:: them] 📅 2026-11-16
- 2026-10-02 call out: kiitos
- 2026-10-01 jotain muuta
"""


def test_words_of_a_language_become_canonical_and_all_else_stays() -> None:
    assert canonical_note(FINNISH.encode(), Schema()) == ENGLISH
    assert canonical_note(ENGLISH.encode(), Schema()) == ENGLISH


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b"---\nname: [\n---\n", b"---\nname: A\nname: B\n---\n- 2026-13-01 x\n"]
)
def test_what_cannot_be_read_stays(data: bytes) -> None:
    assert canonical_note(data, Schema()).encode("utf-8", "surrogateescape") == data


@pytest.mark.parametrize("path", sorted((EXAMPLE / "customers").rglob("*.md")), ids=lambda path: path.stem)
def test_notes_in_canonical_words_have_none_to_translate(path: Path) -> None:
    once = canonical_note(path.read_bytes(), Schema())
    assert canonical_note(once.encode(), Schema()) == once


def test_the_command_shows_a_note(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    note = tmp_path / "oksa.md"
    note.write_text(FINNISH + "\x1b[31m\n", encoding="utf-8")
    assert run(["textconv", str(note)]) == 0
    assert capfd.readouterr().out == ENGLISH + "\\x1b[31m\n"
    assert run(["textconv", str(tmp_path)]) == 2
    assert "cannot be read (not a file)" in capfd.readouterr().err
