"""Answers of a survey become scores with what was said, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from tests.exchange.vaults import AURINKO, FIXTURES, MERI, added, notes_of, vault_with

ANSWERS = FIXTURES / "survey/answers.csv"
GOLDEN = "- 2026-11-03 note [nps:: 9] [ces:: 6] [feedback:: Quick (sale: 5 EUR), and kind] [origin:: survey:r-1]"
GOLDEN_FI = "### 4.11.2026 muistiinpano [suositteluluku:: 4] [alkuperä:: survey:r-2]"


def test_answers_become_scores_once(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    taken = vault.import_survey([ANSWERS], apply=True)
    assert added(vault, "aurinko", AURINKO).strip() == GOLDEN
    assert added(vault, "meri", MERI).strip() == GOLDEN_FI
    assert [one.party.shown for one in taken.intake.unknown] == ["who@nowhere.example"]
    assert [(one.place, one.why) for one in taken.intake.unread] == [
        ("answers.csv:6", "11 is no score of nps: those are 0 to 10"),
        ("answers.csv:7", "sometime is no date that can be read one way only"),
        ("answers.csv:8", "it has no score and no comment"),
    ]
    assert not vault.check().diagnostics

    once = notes_of(vault)
    again = vault.import_survey([ANSWERS], apply=True)
    assert (again.intake.new, again.intake.same) == ((), 2)
    assert notes_of(vault) == once


def test_answers_without_numbers_are_known_by_what_they_say(tmp_path: Path) -> None:
    vault, table = vault_with(tmp_path), tmp_path / "a.csv"
    table.write_text("Päivä;Asiakastunnus;Arvosana;Kommentti\n3.11.2026;meri;4;hyvä\n3.11.2026;meri;4;hidas\n")
    vault.import_survey([table], measure="csat", apply=True)
    lines = added(vault, "meri", MERI)
    assert lines.count("[tyytyväisyys:: 4]") == 2
    again = vault.import_survey([table], measure="csat")
    assert (again.intake.new, again.intake.same) == ((), 2)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Date,Email,Score", "Say what the score is: --score nps, ces or csat"),
        ("Date,NPS,Other", "No column has the customer"),
        ("Email,NPS,Other", "No column has the date"),
    ],
)
def test_a_table_that_lacks_something_is_refused(tmp_path: Path, header: str, said: str) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n1,2,3\n")
    with pytest.raises(UsageError) as error:
        vault_with(tmp_path).import_survey([tmp_path / "a.csv"])
    assert said in f"{error.value.message} {error.value.remedy}"
