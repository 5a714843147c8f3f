"""The response report: what asks, what answers, when it was due, and the sums."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

import plaincrm
from plaincrm.dates import Period
from plaincrm.errors import UsageError
from plaincrm.index.index import open_index
from plaincrm.index.talks import ANSWERS, ASKS, Contact, talks
from plaincrm.reports.agenda_answers import response_due
from plaincrm.reports.response import Message
from plaincrm.vault.vault import load_vault
from tests.making import EXAMPLE, make_vault, vault_of

TODAY = date(2026, 11, 21)  # a Saturday
SETTINGS = """
[vault]
country = "FI"
timezone = "Europe/Helsinki"
[response]
tier.key = "4h"
default = "1 working day"
"""


def ask(folder: Path, log: str, front: str = "", today: date = TODAY) -> tuple[Message, ...]:
    note = f"---\nname: Acme\n{front}---\n\n{log}\n"
    return vault_of(folder, {"acme.md": note}, SETTINGS).response("..", today).messages


def told(messages: tuple[Message, ...]) -> list[str]:
    """Each message on a line: when it came, what became of it, when it was due, and after how many minutes."""
    return [
        f"{m.came}{f' {m.came_at:%H:%M}' if m.came_at else ''} {m.state} {m.due:%Y-%m-%d %H:%M} {m.minutes}"
        for m in messages
    ]


# A log, oldest last, then what is told of it. Hours are 9 to 17; the 16th is a Monday.
LOGS = {
    "answered the same morning": (
        ["2026-11-16 10:30 email out", "2026-11-16 09:15 email in"],
        ["2026-11-16 09:15 met 2026-11-17 17:00 75"],
    ),
    "answered on the next day, after closing": (
        ["2026-11-17 17:01 email out", "2026-11-16 09:15 email in"],
        ["2026-11-16 09:15 missed 2026-11-17 17:00 945"],
    ),
    "answered at closing to the minute": (
        ["2026-11-17 17:00 email out", "2026-11-16 16:59 email in"],
        ["2026-11-16 16:59 met 2026-11-17 17:00 481"],
    ),
    "came at closing to the minute, so on the next day": (
        ["2026-11-18 16:00 email out", "2026-11-16 17:00 email in"],
        ["2026-11-16 17:00 met 2026-11-18 17:00 900"],
    ),
    "came on a Sunday and was answered on it": (
        ["2026-11-15 21:00 chat out", "2026-11-15 20:00 chat in"],
        ["2026-11-15 20:00 met 2026-11-17 17:00 0"],
    ),
    "neither has a time": (
        ["2026-11-16 email out", "2026-11-16 email in"],
        ["2026-11-16 met 2026-11-17 17:00 0"],
    ),
    "the answer has no time, and is of the same day": (
        ["2026-11-16 email out", "2026-11-16 16:30 email in"],
        ["2026-11-16 16:30 met 2026-11-17 17:00 0"],
    ),
    "the answer has no time, and counts from its morning": (
        ["2026-11-17 email out", "2026-11-16 16:30 email in"],
        ["2026-11-16 16:30 met 2026-11-17 17:00 30"],
    ),
    "the message has no time, and counts from its closing": (
        ["2026-11-17 10:00 email out", "2026-11-16 email in"],
        ["2026-11-16 met 2026-11-17 17:00 60"],
    ),
    "the message has no time, and was answered that day": (
        ["2026-11-16 10:00 email out", "2026-11-16 email in"],
        ["2026-11-16 met 2026-11-17 17:00 0"],
    ),
    "two days late without any time": (
        ["2026-11-18 email out", "2026-11-16 email in"],
        ["2026-11-16 missed 2026-11-17 17:00 480"],
    ),
    "a missed call, called back": (
        ["2026-11-16 15:00 call out", "2026-11-16 14:00 call missed"],
        ["2026-11-16 14:00 met 2026-11-17 17:00 60"],
    ),
    "a missed call, and they call again": (
        ["2026-11-16 15:00 call in", "2026-11-16 14:00 call missed"],
        ["2026-11-16 14:00 met 2026-11-17 17:00 60"],
    ),
    "two mails in a row, one answer": (
        ["2026-11-19 09:30 email out", "2026-11-18 09:00 email in", "2026-11-16 09:00 email in"],
        ["2026-11-18 09:00 met 2026-11-19 17:00 510", "2026-11-16 09:00 missed 2026-11-17 17:00 1470"],
    ),
    "a visit answers too": (
        ["2026-11-17 visit: looked at it", "2026-11-16 16:00 web in"],
        ["2026-11-16 16:00 met 2026-11-17 17:00 60"],
    ),
    "what came before is no answer": (
        ["2026-11-16 11:00 email in", "2026-11-16 10:00 email out"],
        ["2026-11-16 11:00 missed 2026-11-17 17:00 None"],
    ),
    "open and over": (["2026-11-19 09:00 email in"], ["2026-11-19 09:00 missed 2026-11-20 17:00 None"]),
    "open and within": (["2026-11-20 16:00 email in"], ["2026-11-20 16:00 open 2026-11-23 17:00 None"]),
    "a plan is no answer": (
        ["2026-11-23 10:00 call out", "2026-11-19 09:00 email in"],
        ["2026-11-19 09:00 missed 2026-11-20 17:00 None"],
    ),
    "nothing asks": (
        [
            "2026-11-20 10:00 call in: a talk",
            "2026-11-20 email out",
            "2026-11-20 email in: thanks [resolved:: yes]",
            "2026-11-19 note in: to ourselves",
            "2026-11: letter in: of a month alone no time can be told",
        ],
        [],
    ),
    "answered after Independence Day, a Sunday that changes nothing": (
        ["2025-12-08 09:30 email out", "2025-12-05 16:45 email in"],
        ["2025-12-05 16:45 met 2025-12-08 17:00 45"],
    ),
    "over Christmas": (
        ["2025-12-29 10:00 email out", "2025-12-23 16:00 email in"],
        ["2025-12-23 16:00 met 2025-12-29 17:00 120"],
    ),
    "over the night of summer time": (
        ["2026-03-30 09:15 email out", "2026-03-27 16:45 email in"],
        ["2026-03-27 16:45 met 2026-03-30 17:00 30"],
    ),
}


@pytest.mark.parametrize("case", LOGS)
def test_what_became_of_messages(case: str, tmp_path: Path) -> None:
    log, expected = LOGS[case]
    assert told(ask(tmp_path, "\n".join(f"- {entry}" for entry in log))) == expected


TARGETS = {
    "": "1 working day",
    "tier: key\n": "4h",
    "tier: regular\n": "1 working day",
    "tier: key\nrespond_within: 30 min\n": "30 min",
    "vastausaika: 2 days\n": "2 working days",
}


@pytest.mark.parametrize("front", TARGETS)
def test_which_target_holds(front: str, tmp_path: Path) -> None:
    (message,) = ask(tmp_path, "- 2026-11-20 16:00 email in", front)
    assert str(message.target) == TARGETS[front]


def test_a_target_of_hours(tmp_path: Path) -> None:
    log = "- 2026-11-18 09:30 email out\n- 2026-11-17 14:31 email in\n- 2026-11-16 13:31 email out\n"
    assert told(ask(tmp_path, f"{log}- 2026-11-16 09:31 email in", "tier: key\n")) == [
        "2026-11-17 14:31 met 2026-11-18 10:31 179",
        "2026-11-16 09:31 met 2026-11-16 13:31 240",
    ]


def test_when_an_open_one_is_over() -> None:
    config = plaincrm.open_vault(EXAMPLE).config
    assert response_due(config, None, "key", date(2026, 11, 20), time(14, 0)) == datetime(2026, 11, 23, 10, 0)
    assert response_due(config, "1d", "key", date(2026, 11, 20), None) == datetime(2026, 11, 23, 16, 0)
    assert response_due(config, None, None, date(2026, 12, 23), time(11, 0)) == datetime(2026, 12, 29, 16, 0)


@pytest.mark.parametrize(("today", "state"), [(date(2026, 11, 22), "open"), (date(2026, 11, 23), "missed")])
def test_the_end_of_today_decides(today: date, state: str, tmp_path: Path) -> None:
    (message,) = ask(tmp_path, "- 2026-11-20 16:00 email in", today=today)
    assert (message.state, f"{message.due:%d %H:%M}") == (state, "23 17:00")


def test_entries_later_than_today_do_not_count(tmp_path: Path) -> None:
    log = "- 2026-11-24 email in\n- 2026-11-20 10:00 email out\n- 2026-11-19 10:00 email in"
    assert told(ask(tmp_path, log, today=date(2026, 11, 19))) == ["2026-11-19 10:00 open 2026-11-20 17:00 None"]


def test_rows_say_where_they_come_from(tmp_path: Path) -> None:
    (message,) = ask(tmp_path, "- 2026-11-20 10:00 email out: yes\n- 2026-11-19 16:00 email in: red?", "owner: liisa\n")
    assert (message.file, message.line, message.answer_line) == ("customers/acme.md", 7, 6)
    assert (message.customer, message.name, message.owner, message.what) == ("acme", "Acme", "liisa", "red?")
    assert message.exact
    (message,) = ask(tmp_path, "- 2026-11-20 email out\n- 2026-11-19 16:00 email in")
    assert not message.exact


def test_sums_by_each_trait(tmp_path: Path) -> None:
    notes = {
        "a.md": "---\nname: A\ntier: key\nowner: liisa\n---\n- 2026-10-06 email out\n- 2026-10-05 email in\n",
        "b.md": "---\nname: B\ntier: regular\n---\n- 2026-11-12 email out\n- 2026-11-09 chat in\n"
        "- 2026-10-05 12:00 call out\n- 2026-10-05 10:00 call missed\n- 2026-11-20 16:30 web in\n",
    }
    vault = vault_of(tmp_path, notes, SETTINGS)
    groups = {
        "tier": [("key", 1, 1, 0), ("regular", 2, 1, 1)],
        "owner": [("liisa", 1, 1, 0), (None, 2, 1, 1)],
        "channel": [("call", 1, 1, 0), ("chat", 1, 0, 1), ("email", 1, 1, 0), ("web", 0, 0, 0)],
        "month": [("2026-10", 2, 2, 0), ("2026-11", 1, 0, 1)],
    }
    by: plaincrm.api.ResponseBy
    for by in ("tier", "owner", "channel", "month"):
        report = vault.response("2026", TODAY, by=by)
        assert [(g.name, g.n, g.met, g.missed) for g in report.groups] == groups[by], by
        assert (report.totals.n, report.totals.met, report.totals.open) == (3, 2, 1)
        assert report.totals.share_met == Decimal("0.666667")
        assert (report.totals.median_minutes, report.totals.p90_minutes) == (120, 960)


def test_the_period_is_of_the_day_they_came(tmp_path: Path) -> None:
    log = "- 2026-11-03 email out\n- 2026-10-31 email in\n- 2026-10-02 email out\n- 2026-09-30 email in\n"
    vault = vault_of(tmp_path, {"a.md": f"---\nname: A\n---\n{log}"}, SETTINGS)
    assert [str(m.came) for m in vault.response("2026-10", TODAY).messages] == ["2026-10-31"]
    assert [str(m.came) for m in vault.response("2026-Q3", TODAY).messages] == ["2026-09-30"]
    assert vault.response(Period(date(2025, 1, 1), date(2025, 12, 31)), TODAY).totals.n == 0
    assert [m.came.month for m in vault.response("2026", TODAY, query="name:b").messages] == []


def test_no_message_at_all(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n"}).response("..", TODAY)
    totals = report.totals
    assert (totals.n, totals.share_met, totals.median_minutes, totals.p90_minutes) == (0, None, None, None)
    assert (report.groups, report.messages, report.knows_holidays, report.holidays) == ((), (), True, "")


def test_a_country_whose_holidays_are_unknown(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n"}, '[vault]\ncountry = "XX"\n').response("2026", TODAY)
    assert (report.holidays, report.knows_holidays) == ("XX", False)


def test_a_time_zone_that_there_is_not_is_named_by_the_check(tmp_path: Path) -> None:
    note = "---\nname: A\n---\n- 2026-11-19 10:00 email out\n- 2026-11-19 09:00 email in\n"
    vault = vault_of(tmp_path, {"a.md": note}, '[vault]\ntimezone = "Europe/Helsinky"\n')
    (item,) = vault.check().diagnostics
    assert (item.file, item.line, item.column, item.code) == ("plaincrm.toml", 2, 1, "bad-setting")
    assert vault.response("2026", TODAY).messages[0].minutes == 60


def test_settings_without_any_working_time_are_refused(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n- 2026-11-19 email in\n"}, '[hours]\nmon = "closed"\n')
    with pytest.raises(UsageError, match="no working time"):
        vault.response("2026", TODAY)


BAKERY = """
[vault]
timezone = "Europe/Helsinki"
[hours]
mon-sun = "2-6"
[response]
default = "2h"
"""
# The log of a bakery that works from two to six. On 29 March three is four; on 25 October three comes twice.
NIGHTS = {
    "in the night without an hour": (
        ["2026-03-29 05:00 chat out", "2026-03-29 02:00 chat in"],
        ["2026-03-29 02:00 met 2026-03-29 05:00 120"],
    ),
    "a minute too late in it": (
        ["2026-03-29 05:01 chat out", "2026-03-29 02:00 chat in"],
        ["2026-03-29 02:00 missed 2026-03-29 05:00 121"],
    ),
    "in the hour that there is not": (
        ["2026-03-29 05:00 chat out", "2026-03-29 03:30 chat in"],
        ["2026-03-29 03:30 met 2026-03-30 02:30 30"],
    ),
    "in the night with an hour more": (
        ["2026-10-25 04:00 chat out", "2026-10-25 02:00 chat in"],
        ["2026-10-25 02:00 missed 2026-10-25 03:00 180"],
    ),
    "the night before": (
        ["2026-10-25 02:00 chat out", "2026-10-24 05:30 chat in"],
        ["2026-10-24 05:30 met 2026-10-25 03:30 30"],
    ),
}


@pytest.mark.parametrize(("log", "expected"), NIGHTS.values(), ids=NIGHTS)
def test_nights_on_which_clocks_change(tmp_path: Path, log: list[str], expected: list[str]) -> None:
    note = "---\nname: Acme\n---\n\n" + "".join(f"- {line}\n" for line in log)
    assert told(vault_of(tmp_path, {"acme.md": note}, BAKERY).response("..", TODAY).messages) == expected


def test_the_answer_does_not_depend_on_the_machines_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = "- 2026-03-30 09:15 email out\n- 2026-03-29 02:30 email in"
    found = []
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        found.append(ask(tmp_path, log))
    assert found[0] == found[1] == found[2]


def test_sql_and_python_agree_on_what_asks_and_answers(tmp_path: Path) -> None:
    channels = ("email", "chat", "letter", "social", "web", "call", "meeting", "visit", "event", "radio")
    heads = [f"{channel} {direction}".strip() for channel in channels for direction in ("in", "out", "missed", "")]
    log = "\n".join(
        f"- 2026-11-01 {head}: x{settled}"
        for head in heads
        for settled in ("", " [resolved:: yes]", " [resolved:: no]")
    )
    config = '[channels]\nradio = "contact"\n'
    index = open_index(load_vault(make_vault(tmp_path, {"a.md": f"---\nname: A\n---\n{log}\n"}, config)), cache=False)
    rows = index.rows(
        f"select date, time, channel, direction, resolved, {ASKS}, {ANSWERS} from entries e where contact = 1"
    )
    assert len(rows) == 3 * len(heads)
    for *contact, asks, answers in rows:
        sums = talks([Contact(*contact)])
        assert (bool(asks), bool(answers)) == (bool(sums.asked or sums.missed), bool(sums.answered)), contact


def test_the_report_and_the_agenda_agree_on_who_waits() -> None:
    vault = plaincrm.open_vault(EXAMPLE)
    agenda = vault.agenda(TODAY)
    lines = (*agenda.items, *agenda.held_back)
    waiting = {item.customer for item in lines if {"waiting", "missed"} & {item.kind, *item.also}}
    report = vault.response("..", TODAY, query="-stage:former")
    assert waiting == {message.customer for message in report.messages if message.answered is None}
