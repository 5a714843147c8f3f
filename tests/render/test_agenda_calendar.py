"""The agenda as a calendar: two other programs read it back, and it says what the agenda says, whatever notes hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given

import plaincrm
from plaincrm.cli.run import run
from plaincrm.render.agenda_calendar import calendar
from plaincrm.render.agenda_words import Shown
from plaincrm.render.escape import ics_text, is_harmless
from plaincrm.reports.agenda import Agenda
from tests.making import EXAMPLE, make_vault, vault_of
from tests.render.test_check_forms import HOSTILE
from tests.render.test_escape import hostile_vault, is_hostile

TODAY = date(2026, 11, 21)
HELSINKI = "Europe/Helsinki"
NOTES = {
    "anna.md": "---\nname: Anna, B; C\n---\n- [ ] Send it 📅 2026-11-19\n- [ ] Call \\ her 📅 2026-11-23\n",
    "bo.md": "---\nname: Bo\naddress: Katu 1\ncity: Turku\n---\n- 2026-11-21 09:30-11:00 visit: the yard\n",
    "cia.md": "---\nname: Cia\nphone: +358401234567\n---\n- 2026-11-22 23:00-01:00 visit\n- 2026-11-24 8:15 call: x\n",
    "eva.md": "---\nname: Eva\nquiet_until: 2026-12-01\nnext: 2026-11-23\nnext_action: Ask\n---\n",
    "fay.md": "---\nname: Fay\nstage: customer\n---\n- 2026-01-01 call\n",
}
EMPTY = """BEGIN:VTIMEZONE
TZID:UTC
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0000
TZOFFSETTO:+0000
TZNAME:UTC
END:STANDARD
END:VTIMEZONE
"""


def events_of(text: str) -> list[Any]:
    """What the two readers agree on."""
    read = icalendar.Calendar.from_ical(text).walk("VEVENT")
    other = list(vobject.readOne(text).contents.get("vevent", [])) if read else []
    assert len(read) == len(other)
    for one, same in zip(read, other, strict=True):
        assert not one.errors
        for name in ("summary", "description", "uid", "location"):
            assert str(one.get(name, "")) == (same.contents[name][0].value if name in same.contents else "")
        for name in ("dtstart", "dtend", "dtstamp"):
            assert (one[name].dt if name in one else None) == (
                same.contents[name][0].value if name in same.contents else None
            )
    assert len({one["uid"] for one in read}) == len(read)
    return read


def calendar_of(report: Agenda, shown: Shown = Shown(), zone: str = HELSINKI, alarm: int | None = None) -> str:  # noqa: B008
    text = calendar(report, shown, zone, alarm)
    assert text.endswith("END:VCALENDAR\r\n")
    rows = text.split("\r\n")
    assert not [row for row in rows if len(row.encode()) > 75 or "\n" in row or "\r" in row]
    assert not [character for row in rows for character in row if not is_harmless(character)]
    return text


@pytest.fixture
def report(tmp_path: Path) -> Agenda:
    return vault_of(tmp_path, NOTES).agenda(TODAY)


def test_what_has_a_set_day_is_an_event(report: Agenda) -> None:
    events = events_of(calendar_of(report))
    assert [(str(event["summary"]), event["dtstart"].dt) for event in events] == [
        ("Anna, B; C: Send it", date(2026, 11, 19)),
        ("Bo: the yard", datetime(2026, 11, 21, 7, 30, tzinfo=UTC)),
        ("Cia: visit", datetime(2026, 11, 22, 21, 0, tzinfo=UTC)),
        ("Anna, B; C: Call \\ her", date(2026, 11, 23)),
        ("Cia: x", datetime(2026, 11, 24, 6, 15, tzinfo=UTC)),
    ]
    ends = [event["dtend"].dt if "dtend" in event else None for event in events]
    assert ends[1:3] == [datetime(2026, 11, 21, 9, 0, tzinfo=UTC), datetime(2026, 11, 22, 23, 0, tzinfo=UTC)]
    assert ends[0] is ends[3] is ends[4] is None
    assert [event.get("transp") for event in events] == ["TRANSPARENT", None, None, "TRANSPARENT", None]
    assert {event["dtstamp"].dt for event in events} == {datetime(2026, 11, 21, tzinfo=UTC)}
    assert str(events[1]["location"]) == "Katu 1, Turku"
    assert "location" not in events[2]  # a number is no place
    assert str(events[0]["description"]) == "We promised it for 2026-11-19.\ncustomers/anna.md"


def test_held_back_is_shown_when_asked_for(report: Agenda) -> None:
    events = events_of(calendar_of(report, Shown(everything=True)))
    (eva,) = (event for event in events if "Eva" in event["summary"])
    assert "Held back: quiet until 2026-12-01." in str(eva["description"])


def test_without_a_zone_times_float(report: Agenda) -> None:
    for zone in ("", "Nowhere/At_all", "../etc/passwd"):
        starts = [event["dtstart"].dt for event in events_of(calendar_of(report, zone=zone))]
        assert starts[1] == datetime(2026, 11, 21, 9, 30)


@pytest.mark.parametrize(
    ("hours", "start", "end"),
    [
        ("2026-03-29 02:30-05:00", "2026-03-29 00:30", "2026-03-29 02:00"),  # over the hour that is left out
        ("2026-03-29 03:30-05:00", "2026-03-29 01:30", "2026-03-29 02:00"),  # in it
        ("2026-03-29 03:30-04:00", "2026-03-29 01:30", None),
        ("2026-03-29 09:00-10:00", "2026-03-29 06:00", "2026-03-29 07:00"),
        ("2026-10-25 02:30-05:00", "2026-10-24 23:30", "2026-10-25 03:00"),  # over the hour that comes twice
        ("2026-10-25 03:30-03:45", "2026-10-25 00:30", "2026-10-25 00:45"),  # the first time
        ("2026-10-25 09:00-10:00", "2026-10-25 07:00", "2026-10-25 08:00"),
    ],
)
def test_days_on_which_clocks_change(tmp_path: Path, hours: str, start: str, end: str | None) -> None:
    vault = vault_of(tmp_path, {"a.md": f"---\nname: A\n---\n- {hours} visit: x\n"})
    (event,) = events_of(calendar_of(vault.agenda(date.fromisoformat(hours[:10]) - timedelta(days=1))))
    assert event["dtstart"].dt == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert (event["dtend"].dt if "dtend" in event else None) == (
        datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None
    )


def test_an_answer_stands_at_the_moment_by_which_it_is_due(tmp_path: Path) -> None:
    note = "---\nname: A\n---\n## Log\n- 2026-11-19 18:00 call missed\n- 2026-11-20 email in: which door?\n"
    config = f'[vault]\ntimezone = "{HELSINKI}"\n[hours]\nmon-fri = "8-16"\n[response]\ndefault = "4h"\n'
    text = calendar_of(vault_of(tmp_path, {"a.md": note}, config).agenda(TODAY), alarm=10)
    assert [(str(event["summary"]), event["dtstart"].dt, str(event["transp"])) for event in events_of(text)] == [
        ("A: Call back", datetime(2026, 11, 20, 10, 0, tzinfo=UTC), "TRANSPARENT"),
        ("A: Answer: which door?", datetime(2026, 11, 23, 10, 0, tzinfo=UTC), "TRANSPARENT"),
    ]
    assert "An answer is due by 2026-11-20 12:00." in text.replace("\r\n ", "")
    assert "VALARM" not in text


def uids(folder: Path, notes: dict[str, str], today: date = TODAY, config: str = "") -> dict[str, str]:
    events = events_of(calendar_of(vault_of(folder, notes, config).agenda(today)))
    return {f"{event['summary']} {event['dtstart'].dt}": str(event["uid"]) for event in events}


def test_an_event_keeps_its_name(tmp_path: Path) -> None:
    before = uids(tmp_path / "a", NOTES)
    moved = {name: note.replace("---\nname", "---\n# more\ncity: Salo\nname") for name, note in NOTES.items()}
    assert uids(tmp_path / "b", moved) == before
    assert uids(tmp_path / "c", NOTES, TODAY - timedelta(days=1)) == before
    elsewhere = {f"archive/customers/{name}": note for name, note in NOTES.items()}
    assert uids(tmp_path / "e", elsewhere, config='[vault]\nrecords = ["archive/**/*.md"]') == before
    later = {name: note.replace("2026-11-23", "2026-11-25").replace("09:30", "10:30") for name, note in NOTES.items()}
    assert sorted(uids(tmp_path / "d", later).values()) == sorted(before.values())


def test_equal_events_are_told_apart_by_a_number(tmp_path: Path) -> None:
    task = "- [ ] Oil it 📅 2026-11-2{}\n"
    front, visits = "---\nname: A\n---\n", "- 2026-11-24 visit\n- 2026-11-25 visit\n"
    note = f"{front}{task.format(2)}{task.format(3)}{task.format(3)}{visits}"
    events = events_of(calendar_of(vault_of(tmp_path / "a", {"a.md": note}).agenda(TODAY)))
    assert [str(event["dtstart"].dt) for event in events] == [f"2026-11-{day}" for day in (22, 23, 23, 24, 25)]
    same_id = {"a.md": f"{front}{task.format(2)}", "b/customers/a.md": f"{front}{task.format(2)}"}
    config = '[vault]\nrecords = ["customers/*.md", "b/customers/*.md"]'
    twice = events_of(calendar_of(vault_of(tmp_path / "b", same_id, config).agenda(TODAY)))
    assert [event["uid"] for event in twice] == [event["uid"] for event in events[:2]]


def test_an_alarm_rings_before_appointments_only(report: Agenda) -> None:
    events = events_of(calendar_of(report, alarm=90))
    rings = [[alarm["trigger"].dt for alarm in event.walk("VALARM")] for event in events]
    assert rings == [[], [timedelta(minutes=-90)], [timedelta(minutes=-90)], [], [timedelta(minutes=-90)]]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--format", "ics", "--alarm", "2h"], 0, "TRIGGER:-PT120M\r\n"),
        (["--format", "ics", "--alarm", "soon"], 2, "soon is none. Write 30m, 2h or 1d."),
        (["--alarm", "30m"], 2, "--alarm is for calendars."),
    ],
)
def test_the_option(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    make_vault(tmp_path, NOTES, f'[vault]\ntimezone = "{HELSINKI}"\n')
    asked = ["--vault", str(tmp_path), "--no-cache", "--today", "2026-11-21", "agenda", *arguments]
    assert run(asked) == code
    seen = capfd.readouterr()
    assert words in seen.out + seen.err
    assert ("DTSTART:20261121T073000Z" in seen.out) == (code == 0)


def test_an_empty_calendar(tmp_path: Path) -> None:
    """It has a component all the same, as the format asks, and one that shows nothing."""
    text = calendar_of(vault_of(tmp_path, {}).agenda(TODAY))
    assert EMPTY in text.replace("\r\n", "\n")
    read = icalendar.Calendar.from_ical(text)
    assert [one.name for one in read.walk()] == ["VCALENDAR", "VTIMEZONE", "STANDARD"]
    assert [error for one in read.walk() for error in one.errors] == []
    assert read.walk("VTIMEZONE")[0].to_tz().utcoffset(datetime(2026, 7, 1)) == timedelta(0)
    assert events_of(text) == []


def test_the_last_hours_there_are(tmp_path: Path) -> None:
    note = "---\nname: A\n---\n- 9999-12-31 23:30-00:30 visit\n"
    report = vault_of(tmp_path, {"a.md": note}).agenda(date(9999, 12, 31))
    assert "DTSTART:99991231T213000Z\r\n" in calendar_of(report)
    assert "DTSTART:99991231T233000\r\n" in calendar_of(report, zone="America/New_York")


def test_the_example_vault() -> None:
    vault = plaincrm.open_vault(EXAMPLE)
    report = vault.agenda(TODAY, days=60)
    text = calendar_of(report, zone=vault.config.timezone)
    assert len(events_of(text)) > 15
    assert text == calendar_of(report, zone=vault.config.timezone)


@given(HOSTILE)
def test_text_is_nothing_but_text_to_a_calendar(text: str) -> None:
    told = ics_text(text)
    assert "\r" not in told
    assert "\n" not in told
    page = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x{told}x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (event,) = icalendar.Calendar.from_ical(page).walk("VEVENT")
    assert list(event) == ["SUMMARY"]
    shown = text.replace("\r\n", "\n").replace("\t", " ")
    for end in "\r\v\f\x85\u2028\u2029":
        shown = shown.replace(end, "\n")
    kept = "".join(character for character in shown if character == "\n" or is_harmless(character))
    assert str(event["summary"]) == f"x{kept}x"
    assert vobject.readOne(page).vevent.summary.value == f"x{kept}x"


def test_a_calendar_of_a_hostile_vault(tmp_path: Path) -> None:
    report = plaincrm.open_vault(hostile_vault(tmp_path)).agenda(TODAY)
    text = calendar_of(report)
    assert not [character for character in {*text.replace("\r\n", "")} if is_hostile(character)]
    assert len(events_of(text)) > 40
    assert {component.name for component in icalendar.Calendar.from_ical(text).walk()} == {"VCALENDAR", "VEVENT"}
