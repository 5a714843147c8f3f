import subprocess
import sys
from datetime import date

from plaincrm import worktime
from plaincrm.index.holidays import recall_holidays
from tests.index.conftest import Notes

# Public holidays are kept in the index, so that a question need not load the library that knows them

FINLAND = "[vault]\ncountry = 'FI'\n"
WAITING = "---\nname: Niemi\n---\n\n## Log\n\n### 2026-12-23 09:00 email in: when can you come?\n"
AGENDA = """
import plaincrm, sys
from datetime import date
lines = plaincrm.open_vault(sys.argv[1]).agenda(date(2026, 12, 24)).items
print(lines[0].answer_due, "holidays" in sys.modules)
"""


def kept(notes: Notes) -> dict[int, list[str] | None]:
    with notes.open() as index:
        rows = index.rows("select year, days from holidays")
    return {year: days and days.split(",") for year, days in rows}


def test_the_years_of_entries_and_the_next_one_are_kept(notes):
    notes.write("plaincrm.toml", FINLAND)
    notes.write("niemi", WAITING)
    found = kept(notes)
    assert list(found) == [2026, 2027]
    assert [day for day in found[2026] if day >= "2026-12-06"] == [
        "2026-12-06",
        "2026-12-24",
        "2026-12-25",
        "2026-12-26",
    ]
    notes.write("rinne", WAITING.replace("2026", "2024"))
    assert list(kept(notes)) == [2024, 2025, 2026, 2027]


def test_years_beyond_what_the_library_knows_are_not(notes):
    notes.write("plaincrm.toml", FINLAND)
    notes.write("niemi", WAITING.replace("2026", "9999"))
    assert kept(notes) == {}
    notes.write("rinne", WAITING.replace("2026", "0800"))
    assert (min(kept(notes)), max(kept(notes))) == (1900, 2100)


def test_an_agenda_does_not_load_the_library(notes):
    notes.write("plaincrm.toml", FINLAND)
    notes.write("niemi", WAITING)
    for loaded in ("True", "False"):  # the first question makes the index
        done = subprocess.run([sys.executable, "-c", AGENDA, str(notes.root)], capture_output=True, check=True)
        assert done.stdout.decode().split() == ["2026-12-28", "17:00:00", loaded]  # Christmas and the weekend are over


def test_of_a_country_that_nobody_knows_that_is_kept(notes, monkeypatch):
    notes.write("plaincrm.toml", "[vault]\ncountry = 'FI'\nsubdivision = 'XX'\n")
    notes.write("niemi", WAITING)
    assert kept(notes) == {2026: None, 2027: None}
    monkeypatch.setattr(worktime, "_holidays", {})
    monkeypatch.setattr(worktime, "_holidays_of", lambda *_place: {date(2026, 1, 1)})  # the library is not asked again
    with notes.open() as index:
        recall_holidays(index)
    assert worktime.public_holidays("FI", "XX", 2026) is None


def test_without_a_country_there_are_none(notes):
    notes.write("niemi", WAITING)
    assert kept(notes) == {}
