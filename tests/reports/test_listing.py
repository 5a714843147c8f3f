"""The list: whom it names, in which order, and what it says of them as of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import plaincrm
from plaincrm.render.lines import plain
from plaincrm.render.listing import text
from tests.making import vault_of

TODAY = date(2026, 11, 21)
NOTES = {
    "b.md": (
        "---\nname: Åland Oy\ntype: company\nstage: customer\ntier: key\nowner: liisa\ntags: [café, turku]\n"
        "next: 2026-12-01\n---\n- 2026-11-01 call out\n- 2026-12-24 visit: planned\n"
    ),
    "a.md": "---\nname: alma\n---\n- 2026-11-02 call missed\n- 2026-10-01 email in\n- 2026-11-05 note: thinking\n",
    "c.md": "---\nname: Zorn\nsource: fair\n---\n",
}


def vault(folder: Path) -> plaincrm.Vault:
    return vault_of(folder, NOTES)


def test_names_in_order_whatever_their_case_and_marks(tmp_path: Path) -> None:
    report = vault(tmp_path).list(today=TODAY)
    assert [row.name for row in report.customers] == ["Åland Oy", "alma", "Zorn"]
    assert (report.total, report.unread) == (3, {})


def test_what_it_says_of_a_customer(tmp_path: Path) -> None:
    row = vault(tmp_path).list("tier:key", today=TODAY).customers[0]
    assert row == (
        "b",
        "Åland Oy",
        "company",
        "customer",
        "key",
        "liisa",
        ("café", "turku"),
        "2026-11-01",
        "2026-12-01",
        "customers/b.md",
    )


def test_the_last_contact_is_one_that_took_place(tmp_path: Path) -> None:
    """Neither a missed call, nor a note to oneself, nor a plan."""
    last = {row.customer: row.last_contact for row in vault(tmp_path).list(today=TODAY).customers}
    assert last == {"a": "2026-10-01", "b": "2026-11-01", "c": None}


def test_an_earlier_day_knows_only_what_was(tmp_path: Path) -> None:
    last = {row.customer: row.last_contact for row in vault(tmp_path).list(today=date(2026, 10, 15)).customers}
    assert last == {"a": "2026-10-01", "b": None, "c": None}


def test_without_a_day_every_contact_is_past(tmp_path: Path) -> None:
    last = {row.customer: row.last_contact for row in vault(tmp_path).list().customers}
    assert last == {"a": "2026-10-01", "b": "2026-12-24", "c": None}


def test_a_query_that_nobody_fits(tmp_path: Path) -> None:
    report = vault(tmp_path).list("tier:regular", today=TODAY)
    assert (report.customers, report.total) == ((), 3)


def test_a_note_that_was_not_read_in_full_is_named(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {**NOTES, "bad.md": b"\xff\xfe\x00b"}).list(today=TODAY)
    assert [row.customer for row in report.customers] == ["b", "a", "bad", "c"]
    assert report.unread == {"customers/bad.md": "wrong-encoding"}


def test_a_limit_tells_the_first_and_counts_all(tmp_path: Path) -> None:
    notes = {f"{name}.md": f"---\nname: {name}\nstage: lead\n---\n" for name in ("Ann", "Ben", "Cid")}
    report = vault_of(tmp_path, notes).list("stage:lead", limit=2)
    assert [customer.name for customer in report.customers] == ["Ann", "Ben"]
    assert (report.matched, report.total) == (3, 3)
    assert plain(list(text(report, 80))).splitlines()[-2:] == [
        "and 1 more; --limit 0 shows them all",
        "3 of 3 customers",
    ]
