"""By when the answers that somebody waits for are due, for Saturday 21 November 2026."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from plaincrm.render.agenda import data
from plaincrm.render.agenda_words import Shown, groups, when
from tests.making import make_vault, vault_of

TODAY = date(2026, 11, 21)
CONFIG = """
[vault]
timezone = "Europe/Helsinki"
country = "FI"
[hours]
mon-fri = "8-16"
[response]
tier.key = "4h"
"""
# Front matter, the log, when the answer is due, the group it stands in, how late it is, and the parts of its urgency.
CASES = {
    "a working day, over the weekend": ("", "- 2026-11-20 email in: which door?", "2026-11-23T16:00", "Coming", 0, 2),
    "it ended yesterday": ("", "- 2026-11-19 email in: which door?", "2026-11-20T16:00", "Overdue", 1, 4),
    "four hours, and today is one too late": (
        "tier: key",
        "- 2026-11-20 09:30 email in: which door?",
        "2026-11-20T13:30",
        "Overdue",
        1,
        2,
    ),
    "as the customer wishes": (
        "tier: key\nrespond_within: 3 working days",
        "- 2026-11-20 09:30 email in: which door?",
        "2026-11-25T16:00",
        "Coming",
        0,
        2,
    ),
    "over a public holiday": ("", "- 2026-12-04 17:30 call missed", "2026-12-08T16:00", "Coming", 0, 2),
    "a missed call": ("", "- 2026-11-20 17:30 call missed", "2026-11-24T16:00", "Coming", 0, 2),
    "of a month alone no time can be told": ("", "- 2026-11: email in: which door?", None, "Overdue", 20, 30),
}


@pytest.mark.parametrize(("fields", "log", "due", "group", "late", "waiting"), CASES.values(), ids=CASES)
def test_by_when_an_answer_is_due(
    tmp_path: Path, fields: str, log: str, due: str | None, group: str, late: int, waiting: int
) -> None:
    today = date(2026, 12, 5) if "2026-12" in log else TODAY
    note = f"---\nname: A\n{fields}\n---\n## Log\n{log}\n"
    report = vault_of(tmp_path, {"a.md": note}, CONFIG).agenda(today)
    (item,) = report.items
    assert item.answer_due == (datetime.fromisoformat(due) if due else None)
    assert data(report)["items"][0]["answer_due"] == due
    assert [title for title, _items in groups(report, Shown())] == [group]
    parts = item.urgency._asdict()
    assert (parts["waiting"], parts["lateness"]) == (waiting, late if due else 0)
    assert item.urgency.total == sum(parts.values())
    assert item.overdue_days == late


def test_who_waits_behind_something_else_has_a_moment_too(tmp_path: Path) -> None:
    note = "---\nname: A\n---\n## Log\n- 2026-11-19 email in: which door?\n- [ ] Send it 📅 2026-11-20\n"
    (item,) = vault_of(tmp_path, {"a.md": note}, CONFIG).agenda(TODAY).items
    (beside,) = item.beside
    assert (item.kind, item.answer_due) == ("promise", None)
    assert (beside.kind, beside.answer_due) == ("waiting", datetime(2026, 11, 20, 16))
    assert when(beside, TODAY) == "1 day late"


def test_settings_that_leave_no_working_time_leave_the_agenda(tmp_path: Path) -> None:
    note = "---\nname: A\n---\n## Log\n- 2026-11-19 email in: which door?\n"
    config = '[hours]\nmon-sun = ""\nclosed = ["2020-01-01..2099-12-31"]\n'
    (item,) = vault_of(tmp_path, {"a.md": note}, config).agenda(TODAY).items
    assert (item.kind, item.answer_due, when(item, TODAY)) == ("waiting", None, "2 days ago")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-28 05:00", "2026-03-29T04:00"),  # one hour is left of the night; the next begins at 2, and 3 is 4
        ("2026-03-29 02:30", "2026-03-29T05:30"),
        ("2026-10-24 05:00", "2026-10-25T03:00"),
        ("2026-10-25 02:30", "2026-10-25T03:30"),  # the hour from 3 comes twice; this is its second time
    ],
)
def test_nights_on_which_clocks_change(tmp_path: Path, asked: str, due: str) -> None:
    config = '[vault]\ntimezone = "Europe/Helsinki"\n[hours]\nmon-sun = "2-6"\n[response]\ndefault = "2h"\n'
    note = f"---\nname: A\n---\n- {asked} chat in: which rolls?\n"
    (item,) = vault_of(tmp_path, {"a.md": note}, config).agenda(date.fromisoformat(asked[:10])).items
    assert item.answer_due == datetime.fromisoformat(due)


@pytest.mark.parametrize(("log", "loaded"), [("- 2026-11-19 email in: hello", True), ("- 2026-11-19 email out", False)])
def test_holidays_are_loaded_where_somebody_waits_only(tmp_path: Path, log: str, loaded: bool) -> None:
    make_vault(tmp_path, {"a.md": f"---\nname: A\nnext: 2026-11-20\n---\n## Log\n{log}\n"}, CONFIG)
    script = (
        "import sys, plaincrm, datetime\n"
        "assert plaincrm.open_vault(sys.argv[1], cache=False).agenda(datetime.date(2026, 11, 21)).items\n"
        "print('holidays' in sys.modules, 'zoneinfo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"{loaded} {loaded}\n"
