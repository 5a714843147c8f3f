"""The list with columns and an order of one's own: what stands in them, what comes first, and what is refused."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import plaincrm
from plaincrm.errors import UsageError
from plaincrm.records.fields import CUSTOMER_FIELDS
from plaincrm.render import columns as shown
from plaincrm.render.data import as_csv, plain_value
from plaincrm.render.lines import plain
from tests.making import vault_of

TODAY = date(2026, 11, 21)
CONFIG = """
[fields]
paint = { type = "choice", choices = ["zinc", "linseed"], label = "paint used" }
budget = "money"
"""
NOTES = {
    "b.md": (
        "---\nname: Åland Oy\nstage: customer\ntier: key\ntags: [café, turku]\nsize: 9\nnext: 2026-12-01\n"
        "cadence: 6w\npaint: linseed\nbudget: 900 €\n---\n- 2026-11-01 call out\n  [sale:: 1200]\n"
    ),
    "a.md": (
        "---\nname: alma\ntier: regular\nsize: 10\nnext: 2026-11-30\ncadence: never\npaint: zinc\n"
        "budget: 1 200 €\n---\n"
        "- 2026-10-01 email in\n  [sale:: 900] [sale:: 5 SEK]\n- 2026-12-01 visit\n  [sale:: 7000]\n"
    ),
    "c.md": "---\nname: Zorn\ntier: occasional\nnext: 2027-01-02\ncadence: 3m\n---\n",
    "d.md": "---\nname: Berg\nsize: 100\n---\n- 2026-11-02 call missed\n",
}


def vault(folder: Path) -> plaincrm.Vault:
    return vault_of(folder, NOTES, CONFIG)


def names(folder: Path, sort: str, query: str = "", limit: int = 0) -> list[object]:
    return [row[0] for row in vault(folder).columns("name", query, today=TODAY, sort=sort, limit=limit).rows]


def test_what_stands_in_the_columns(tmp_path: Path) -> None:
    report = vault(tmp_path).columns("id,name,tags,paint,last_contact,revenue,file", today=TODAY)
    assert report.rows == (
        ("b", "Åland Oy", ("café", "turku"), "linseed", "2026-11-01", Decimal(1200), "customers/b.md"),
        ("a", "alma", (), "zinc", "2026-10-01", Decimal(900), "customers/a.md"),
        ("d", "Berg", (), None, None, None, "customers/d.md"),
        ("c", "Zorn", (), None, None, None, "customers/c.md"),
    )
    assert (report.matched, report.total, report.unread) == (4, 4, {})


def test_every_field_can_be_a_column_and_a_key(tmp_path: Path) -> None:
    keys = [*(field.key for field in CUSTOMER_FIELDS), "paint", "budget", "last_contact", "revenue", "customer", "file"]
    report = vault(tmp_path).columns(",".join(keys), today=TODAY, sort=",".join(f"-{key}" for key in keys))
    assert list(shown.fields(report)) == keys
    assert len(report.rows) == 4
    for width in (20, 80, 400):
        assert all(len(line) <= width for line in plain(list(shown.text(report, width))).splitlines())


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Åland Oy", "alma", "Berg", "Zorn"]),
        ("name", ["Åland Oy", "alma", "Berg", "Zorn"]),
        ("-name", ["Zorn", "Berg", "alma", "Åland Oy"]),
        ("size", ["Åland Oy", "alma", "Berg", "Zorn"]),
        ("-size", ["Berg", "alma", "Åland Oy", "Zorn"]),
        ("next", ["alma", "Åland Oy", "Zorn", "Berg"]),
        ("-next", ["Zorn", "Åland Oy", "alma", "Berg"]),
        ("tier", ["Zorn", "alma", "Åland Oy", "Berg"]),
        ("-tier", ["Åland Oy", "alma", "Zorn", "Berg"]),
        ("paint", ["alma", "Åland Oy", "Berg", "Zorn"]),
        ("cadence", ["Åland Oy", "Zorn", "alma", "Berg"]),
        ("budget", ["Åland Oy", "alma", "Berg", "Zorn"]),
        ("-revenue", ["Åland Oy", "alma", "Berg", "Zorn"]),
        ("revenue", ["alma", "Åland Oy", "Berg", "Zorn"]),
        ("last_contact", ["alma", "Åland Oy", "Berg", "Zorn"]),
        ("stage,-customer", ["Åland Oy", "Berg", "Zorn", "alma"]),
        ("vaihe, -id ,", ["Åland Oy", "Berg", "Zorn", "alma"]),
    ],
)
def test_the_order(tmp_path: Path, sort: str, expected: list[str]) -> None:
    """By value, missing ones last in either direction, and what is alike by name."""
    assert names(tmp_path, sort) == expected
    assert [row.name for row in vault(tmp_path).list(today=TODAY, sort=sort).customers] == expected


def test_a_limit_takes_the_first_of_the_order(tmp_path: Path) -> None:
    assert names(tmp_path, "-size", limit=2) == ["Berg", "alma"]
    report = vault(tmp_path).list("tier:any", today=TODAY, sort="next", limit=1)
    assert ([row.name for row in report.customers], report.matched, report.total) == (["alma"], 3, 4)
    chosen = vault(tmp_path).columns("name", "tier:any", today=TODAY, limit=1)
    assert "and 2 more; --limit 0 shows them all" in plain(list(shown.text(chosen, 80)))
    assert names(tmp_path, "-next", "size:any") == ["Åland Oy", "alma", "Berg"]


@pytest.mark.parametrize(
    ("columns", "sort", "message", "remedy"),
    [
        ("name,citi", "", "--columns: there is no field citi.", "Did you mean city?"),
        ("last", "", "--columns: there is no field last.", ""),
        (",", "", "--columns: no column is named.", "Write --columns name,city,last_contact."),
        ("name", "revenu", "--sort: there is no field revenu.", "Did you mean revenue?"),
    ],
)
def test_a_column_that_is_none(tmp_path: Path, columns: str, sort: str, message: str, remedy: str) -> None:
    with pytest.raises(UsageError) as refusal:
        vault(tmp_path).columns(columns, sort=sort)
    assert (refusal.value.message, remedy in refusal.value.remedy) == (message, True)


def test_programs_get_the_same_columns(tmp_path: Path) -> None:
    report = vault(tmp_path).columns("name,tags,revenue,stage", "customer:a,b", today=TODAY, sort="tier")
    assert plain_value(shown.data(report)) == {
        "customers": [
            {"name": "alma", "tags": [], "revenue": "900.00", "stage": None},
            {"name": "Åland Oy", "tags": ["café", "turku"], "revenue": "1200.00", "stage": "customer"},
        ],
        "unread": [],
    }
    table = list(csv.reader(io.StringIO(as_csv(shown.fields(report), report.rows), newline="")))
    assert table == [
        ["name", "tags", "revenue", "stage"],
        ["alma", "", "900.00", ""],
        ["Åland Oy", "café, turku", "1200.00", "customer"],
    ]


def test_as_text_they_stand_side_by_side_or_each_by_itself(tmp_path: Path) -> None:
    report = vault(tmp_path).columns("name,size,paint,tags", "paint:linseed", today=TODAY)
    assert plain(list(shown.text(report, 80))).splitlines() == [
        "Name      Size  Paint used  Tags",
        "Åland Oy     9  linseed     café, turku",
        "",
        "1 of 4 customers",
    ]
    assert plain(list(shown.text(report, 24))).splitlines()[:2] == ["Name        Åland Oy", "Size        9"]
