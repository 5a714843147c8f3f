"""Appointments with customers become entries, on the vault's clocks, each once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.api.taking_in import TakenIn
from plaincrm.errors import UsageError
from tests.exchange.vaults import AURINKO, FIXTURES, MERI, added, notes_of, vault_with

TODAY = date(2026, 11, 21)
WEEK = FIXTURES / "calendar/week.ics"
GOLDEN = """
- 2026-12-21 09:00-09:30 meeting: Weekly with Aurinko [origin:: uid:3@cal/2026-12-21]
- 2026-12-08 14:00-14:30 meeting: Weekly with Aurinko [origin:: uid:3@cal/2026-12-07]
- 2026-12-01 10:00-11:30 visit, Pekka Laine: look at the terrace, at Brahenkatu 9 [origin:: uid:1@cal]
- 2026-11-09 09:00-09:30 meeting: Weekly with Aurinko [origin:: uid:3@cal/2026-11-09]
- 2026-10-26 09:00-09:30 meeting: Weekly with Aurinko [origin:: uid:3@cal/2026-10-26]
"""
GOLDEN_FI = """
### 10.11.2026 tapaaminen: Ravintola Meri, floor (sale: 1), until 2026-11-11 [alkuperä:: uid:2@cal]
"""


def of(tmp_path: Path, *lines: str) -> TakenIn:
    """What an appointment with Pekka comes to."""
    event = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "ATTENDEE:mailto:pekka@aurinko.example", "END:VEVENT"]
    (tmp_path / "a.ics").write_text("\n".join([*event, "END:VCALENDAR", ""]))
    return vault_with(tmp_path).import_calendar([tmp_path / "a.ics"], TODAY)


def test_a_week_becomes_entries_once(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    taken = vault.import_calendar([WEEK], TODAY, apply=True)
    assert added(vault, "aurinko", AURINKO).strip() == GOLDEN.strip()
    assert added(vault, "meri", MERI).strip() == GOLDEN_FI.strip()
    assert [one.party.shown for one in taken.intake.unknown] == ["New Person"]  # and nobody at the dentist
    assert [one.place for one in taken.intake.unread] == ["week.ics:65"]
    assert not vault.check().diagnostics

    once = notes_of(vault)
    again = vault.import_calendar([WEEK], TODAY, apply=True)
    assert (again.intake.new, again.intake.same) == ((), 6)
    assert notes_of(vault) == once


def test_one_that_was_put_off_is_told_and_not_written_twice(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    vault.import_calendar([WEEK], TODAY, apply=True)
    once = notes_of(vault)
    moved = tmp_path / "moved.ics"
    moved.write_text(WEEK.read_text().replace(":20261201T", ":20261202T"))
    (left,) = vault.import_calendar([moved], TODAY, apply=True).intake.unclear
    assert left.why == "it stands there on 2026-12-01, and is on 2026-12-02 now"
    assert (left.file, left.line) == ("customers/aurinko.md", 11)
    assert notes_of(vault) == once


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", ["2026-11-20", "2026-11-21", "2026-11-22"]),
        ("FREQ=MONTHLY;BYDAY=3FR", ["2026-11-20", "2026-12-18", "2027-01-15"]),
        ("FREQ=YEARLY", ["2026-11-20"]),
        ("FREQ=WEEKLY;UNTIL=20261127T070000Z", ["2026-11-20", "2026-11-27"]),
    ],
)
def test_what_comes_round_is_taken_for_eight_weeks(tmp_path: Path, rule: str, days: list[str]) -> None:
    found = of(tmp_path, "UID:1", "DTSTART:20261120T070000Z", "SUMMARY:x", f"RRULE:{rule}").intake.new
    assert [str(one.item.day) for one in found] == days
    assert {one.item.times for one in found} == {"09:00"}  # in Helsinki


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20261120T070000Z", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:20261120T070000Z", "RRULE:FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:20261120T070000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        ("DTSTART:00010101T070000Z", "RRULE:FREQ=DAILY"),
        ("DTSTART:19700101T070000Z", "RRULE:FREQ=DAILY"),
        ("DTSTART:99991231T235959Z", "DURATION:P9D"),
        ("DTSTART:20261301T070000Z",),
        ("SUMMARY:no start",),
        ("DTSTART;TZID=No/Where:20261120T070000", "EXDATE:x", "RRULE:FREQ=WEEKLY"),
    ],
)
def test_an_odd_appointment_is_told_or_read_and_never_raises(tmp_path: Path, lines: tuple[str, ...]) -> None:
    taken = of(tmp_path, "UID:1", *lines)
    assert len(taken.intake.unread) + len(taken.intake.new) >= 1


def test_what_has_no_end_or_is_not_there_is_told(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    (tmp_path / "cut.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VEVENT\nUID:2\nEND:VCALENDAR\n")
    (tmp_path / "none.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    taken = vault.import_calendar([tmp_path / "cut.ics", tmp_path / "none.ics"], today=TODAY)
    assert [(one.place, one.why) for one in taken.intake.unread] == [
        ("cut.ics:2", "the appointment has no end"),
        ("cut.ics:4", "the appointment has no end"),
        ("none.ics:1", "it holds no appointments"),
    ]


def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text("hello")
    with pytest.raises(UsageError, match="is no calendar"):
        vault_with(tmp_path).import_calendar([tmp_path / "a.ics"], TODAY)
