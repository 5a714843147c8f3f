"""What serving takes: contacts and hours, and their cost by the rates of the settings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.reports.value import CustomerValue
from tests.making import vault_of

TODAY = date(2026, 11, 21)
RATES = "[serving]\nhour = 40\ncontact.call = 5\ncontact.visit = 30\n"
SALE = "- 2026-01-01 visit: painted [sale:: 500] [cost:: 300] [hours:: 12]"


def serve(folder: Path, *lines: str, config: str = RATES) -> CustomerValue:
    note = "---\nname: Acme\n---\n## Log\n" + "\n".join((SALE, *lines)) + "\n"
    (row,) = vault_of(folder, {"acme.md": note}, config).value("2026", today=TODAY).customers
    return row


# lines beside the sale -> contacts, hours, cost to serve; the sale is one contact of 12 hours
WORK: dict[str, tuple[tuple[str, ...], tuple[int, str, str]]] = {
    "the sale alone: its hours are in its cost": ((), (1, "12", "0.00")),
    "a contact by its channel": (("- 2026-02-01 call out: hello",), (2, "12", "5.00")),
    "hours go before the channel": (("- 2026-02-01 visit: measured [hours:: 1.5]",), (2, "13.5", "60.00")),
    "hours written twice in one entry": (("- 2026-02-01 visit: a [hours:: 1] b [hours:: 0.5]",), (2, "13.5", "60.00")),
    "hours below the entry's first line": (("### 2026-02-01 visit", "", "Well. [hours:: 2]"), (2, "14", "80.00")),
    "hours without a contact": (("- 2026-02-01: paperwork [hours:: 0.25]",), (1, "12.25", "10.00")),
    "a channel without a rate": (("- 2026-02-01 email out: hello",), (2, "12", "0.00")),
    "nobody was reached": (("- 2026-02-01 call no answer: tried",), (1, "12", "0.00")),
    "their missed call": (("- 2026-02-01 call missed",), (1, "12", "0.00")),
    "what is planned is not done": (("- 2026-12-01 visit: planned [hours:: 3]",), (1, "12", "0.00")),
    "another period": (("- 2025-02-01 visit: before [hours:: 3]",), (1, "12", "0.00")),
    "a part of a cent is rounded at the end": (
        ("- 2026-02-01 visit: a [hours:: 0.0003]", "- 2026-02-02 visit: b [hours:: 0.0003]"),
        (3, "12.0006", "0.02"),
    ),
}


@pytest.mark.parametrize(("lines", "expected"), WORK.values(), ids=WORK)
def test_work(lines: tuple[str, ...], expected: tuple[int, str, str], tmp_path: Path) -> None:
    row = serve(tmp_path, *lines)
    contacts, hours, cost = expected
    assert (row.contacts, row.hours, row.cost_to_serve) == (contacts, Decimal(hours), Decimal(cost))
    assert row.margin_after_serving == 200 - Decimal(cost)


def test_without_rates_nothing_is_reckoned(tmp_path: Path) -> None:
    row = serve(tmp_path, "- 2026-02-01 visit: measured [hours:: 1.5]", config="")
    assert (row.contacts, row.hours, row.cost_to_serve, row.margin_after_serving) == (2, Decimal("13.5"), None, None)


def test_without_a_rate_of_hours_the_channel_counts(tmp_path: Path) -> None:
    row = serve(tmp_path, "- 2026-02-01 visit: measured [hours:: 1.5]", config="[serving]\ncontact.visit = 30\n")
    assert row.cost_to_serve == 30


def test_contacts_that_no_rate_covers_are_counted(tmp_path: Path) -> None:
    note = f"---\nname: A\n---\n{SALE}\n- 2026-02-01 email out: x\n- 2026-02-02 email in: y\n- 2026-02-03 call: z\n"
    served = vault_of(tmp_path, {"a.md": note}, RATES).value("2026", today=TODAY).serving
    assert served is not None
    assert (served.contacts, served.cost_to_serve, served.without_rate) == (4, 5, 2)
