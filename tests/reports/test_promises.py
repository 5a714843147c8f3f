"""The promises report: what became of each promise, and the sums of both parties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import plaincrm
from plaincrm.errors import UsageError
from plaincrm.reports.promises import PromisesReport
from tests.making import vault_of

TODAY = date(2026, 11, 21)


def ask(folder: Path, *tasks: str, period: str = "2026") -> PromisesReport:
    note = "---\nname: Acme\nowner: liisa\n---\n" + "".join(f"- {task}\n" for task in tasks)
    return vault_of(folder, {"acme.md": note}).promises(period, TODAY)


# A task -> its state, how many days late, whether it is counted in 2026
STATES: dict[str, tuple[str, int | None, bool]] = {
    "[x] a 📅 2026-11-10 ✅ 2026-11-10": ("kept", None, True),
    "[x] a 📅 2026-11-10 ✅ 2026-11-01": ("kept", None, True),
    "[x] a 📅 2026-11-10 ✅ 2026-11-13": ("late", 3, True),
    "[x] a 📅 2026-11-10 ✅ 2027-01-02": ("late", 53, True),
    "[x] a [due:: 2026-11-10]  [completion:: 2026-11-11]": ("late", 1, True),
    "[ ] a 📅 2026-11-20": ("broken", 1, True),
    "[/] a 📅 2026-11-10": ("broken", 11, True),
    "[ ] a 📅 2026-11-21": ("open", None, True),  # its day is not over
    "[ ] a 📅 2026-12-01": ("open", None, True),
    "[ ] a 📅 2027-01-15": ("open", None, False),  # open ones are told, whatever the period
    "[ ] a 📅 2025-11-10": ("broken", 376, False),
    "[-] a 📅 2026-11-10 ❌ 2026-11-10": ("called-off", None, True),  # said in time
    "[-] a 📅 2026-11-10 ❌ 2026-11-11": ("broken", None, True),
    "[-] a 📅 2026-11-10": ("undated", None, True),
    "[x] a 📅 2026-11-10": ("undated", None, True),
}


@pytest.mark.parametrize("task", STATES)
def test_what_became_of_a_promise(task: str, tmp_path: Path) -> None:
    (promise,) = ask(tmp_path, task).promises
    assert (promise.state, promise.late_days, promise.counted) == STATES[task]


@pytest.mark.parametrize("task", ["[ ] without a day", "[x] done ✅ 2026-11-10", "[x] a 📅 2025-11-10 ✅ 2025-11-10"])
def test_promises_that_are_not_told(task: str, tmp_path: Path) -> None:
    assert ask(tmp_path, task).promises == ()


def test_the_sums_of_both_parties(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "[x] a 📅 2026-11-10 ✅ 2026-11-10",
        "[x] a 📅 2026-11-10 ✅ 2026-11-14",
        "[ ] a 📅 2026-11-20",
        "[ ] a 📅 2026-11-30",
        "[-] a 📅 2026-11-10 ❌ 2026-11-01",
        "[-] a 📅 2026-11-10 ❌ 2026-11-20",
        "[x] a 📅 2026-11-10",
        "[ ] a 📅 2025-01-10",
        "[x] b [owes:: them] 📅 2026-11-10 ✅ 2026-11-11",
    )
    ours, theirs = report.totals
    assert (ours.n, ours.kept, ours.late, ours.broken, ours.called_off, ours.undated) == (4, 1, 1, 2, 1, 1)
    assert (ours.share_kept, ours.late_or_open, ours.mean_late_days) == (Decimal("0.25"), 2, Decimal("2.5"))
    assert (theirs.n, theirs.late, theirs.share_kept, theirs.mean_late_days) == (1, 1, 0, 1)
    assert [(group.owes, group.name, group.n) for group in report.groups] == [("us", "liisa", 4), ("them", "liisa", 1)]
    assert str(report.promises[0].due) == "2025-01-10"


def test_nothing_was_promised(tmp_path: Path) -> None:
    report = ask(tmp_path)
    assert [(total.n, total.share_kept, total.mean_late_days) for total in report.totals] == [(0, None, None)] * 2
    assert (report.groups, report.promises) == ((), ())


@pytest.fixture
def team(tmp_path: Path) -> plaincrm.Vault:
    return vault_of(
        tmp_path,
        {
            "acme.md": "---\nname: Acme\nowner: liisa\n---\n- 2026-09-01 call out: x\n"
            "  - [x] first 📅 2026-09-10 ✅ 2026-09-12\n  - [ ] second 📅 2026-12-10\n",
            "berg.md": "---\nname: Berg\nowner: matti\n---\n- [x] third 📅 2026-10-10 ✅ 2026-10-10\n",
            "cafe.md": "---\nname: Café\n---\n- [x] fourth 📅 2026-10-11 ✅ 2026-10-10\n",
        },
    )


def test_groups(team: plaincrm.Vault) -> None:
    groups = {
        "owner": [("liisa", 0), ("matti", 1), (None, 1)],
        "customer": [("acme", 0), ("berg", 1), ("cafe", 1)],
        "month": [("2026-09", 0), ("2026-10", 2), ("2026-12", 0)],
    }
    by: plaincrm.api.PromisesBy
    for by in ("owner", "customer", "month"):
        assert [(group.name, group.kept) for group in team.promises("2026", TODAY, by=by).groups] == groups[by], by


def test_one_owner_and_a_query(team: plaincrm.Vault) -> None:
    assert [p.text for p in team.promises("2026", TODAY, owner="Liisa").promises] == ["first", "second"]
    assert [p.text for p in team.promises("2026", TODAY, query="name:café").promises] == ["fourth"]
    with pytest.raises(UsageError, match="Nobody here is called nobody"):
        team.promises("2026", TODAY, owner="nobody")


def test_rows_say_where_they_come_from(team: plaincrm.Vault) -> None:
    first = team.promises("2026", TODAY).promises[0]
    assert (first.file, first.line, first.made, first.customer) == ("customers/acme.md", 6, date(2026, 9, 1), "acme")
