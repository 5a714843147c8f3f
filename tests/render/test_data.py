"""JSON as the interface promises it: names, kinds of values, places."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plaincrm.cli.run import run
from tests.making import EXAMPLE

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONEY = re.compile(r"-?\d+\.\d{2,4}")
FRACTION = re.compile(r"-?\d+\.\d+")


def optional(kind: object) -> tuple[object, None]:
    return (kind, None)


PLACE = {"file": str, "line": int}
UNREAD = [{"file": str, "code": str}]
AGENDA_ITEM = {
    "customer": str,
    "name": str,
    "kind": str,
    "due": optional(DAY),
    "overdue_days": int,
    "what": str,
    "why": str,
    "owner": optional(str),
    "channel": optional(str),
    "urgency": int,
    "last_contact": optional(DAY),
    "file": str,
    "line": int,
    "also": [str],
    "reach": str,
    "time": optional(str),
    "city": optional(str),
    "until": optional(str),
    "answer_due": optional(MOMENT),
    "beside": [
        {
            "kind": str,
            "due": optional(DAY),
            "time": optional(str),
            "until": optional(str),
            "what": str,
            "why": str,
            "line": int,
            "answer_due": optional(MOMENT),
        },
    ],
    "urgency_parts": dict.fromkeys(("kind", "lateness", "waiting", "tier", "value", "deals", "mood"), int),
}
CLOCK = re.compile(r"\d\d:\d\d")
PARTY = re.compile("us|them")
RESPONSE_FIGURES = {
    "name": optional(str),
    "n": int,
    "met": int,
    "missed": int,
    "open": int,
    "share_met": optional(FRACTION),
    "answered": int,
    "median_minutes": optional(FRACTION),
    "p90_minutes": optional(int),
}
KEPT = {
    "owes": PARTY,
    "name": optional(str),
    "n": int,
    "kept": int,
    "late": int,
    "broken": int,
    "share_kept": optional(FRACTION),
    "late_or_open": int,
    "mean_late_days": optional(FRACTION),
    "called_off": int,
    "undated": int,
}
SHAPES: dict[str, Any] = {
    "agenda": {
        "today": DAY,
        "horizon_days": int,
        "items": [AGENDA_ITEM],
        "held_back": [{"held": str, **AGENDA_ITEM}],
        "paused": int,
        "empty": optional(
            {
                "why": str,
                "rhythm": bool,
                "next": optional({"due": DAY, "customer": str, "name": str, "kind": str}),
            }
        ),
        "unread": UNREAD,
    },
    "check": {
        "files": int,
        "errors": int,
        "warnings": int,
        "hints": int,
        "known": int,
        "gone": int,
        "diagnostics": [
            {
                **PLACE,
                "column": int,
                "end_line": int,
                "end_column": int,
                "severity": str,
                "code": str,
                "message": str,
                "help": str,
                "fixable": bool,
                "fix": optional(str),
            }
        ],
    },
    "response": {
        "from": DAY,
        "to": DAY,
        "by": str,
        "timezone": str,
        "holidays": str,
        "groups": [RESPONSE_FIGURES],
        "totals": RESPONSE_FIGURES,
        "messages": [
            {
                "customer": str,
                "name": str,
                "owner": optional(str),
                "tier": optional(str),
                "channel": str,
                "direction": str,
                "what": str,
                "came": DAY,
                "came_at": optional(CLOCK),
                "target": str,
                "due": MOMENT,
                "answered": optional(DAY),
                "answered_at": optional(CLOCK),
                "minutes": optional(int),
                "state": re.compile("met|missed|open"),
                "exact": bool,
                "file": str,
                "line": int,
                "answer_line": optional(int),
            }
        ],
        "unread": UNREAD,
    },
    "promises": {
        "from": DAY,
        "to": DAY,
        "today": DAY,
        "by": str,
        "groups": [KEPT],
        "totals": [KEPT],
        "promises": [
            {
                "customer": str,
                "name": str,
                "owner": optional(str),
                "owes": PARTY,
                "text": str,
                "made": optional(DAY),
                "due": DAY,
                "done": optional(DAY),
                "cancelled": optional(DAY),
                "state": re.compile("kept|late|broken|called-off|undated|open"),
                "late_days": optional(int),
                "is_open": bool,
                "counted": bool,
                "file": str,
                "line": int,
            }
        ],
        "unread": UNREAD,
    },
    "list": {
        "customers": [
            {
                "customer": str,
                "name": str,
                "type": optional(str),
                "stage": optional(str),
                "tier": optional(str),
                "owner": optional(str),
                "tags": [str],
                "last_contact": optional(DAY),
                "next": optional(DAY),
                "file": str,
            }
        ],
        "unread": UNREAD,
    },
    "search": {
        "words": [str],
        "total": int,
        "found": [{"customer": str, "name": str, "file": str, "hits": [{"line": int, "text": str}]}],
    },
}


def fits(value: object, shape: object, where: str = "") -> None:
    """Whether a value has a shape: the very keys, and values of the right kind."""
    if isinstance(shape, tuple):
        if value is not None:
            fits(value, shape[0], where)
    elif isinstance(shape, Mapping):
        assert isinstance(value, dict), where
        assert list(value) == list(shape), where
        for key, inner in shape.items():
            fits(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for at, item in enumerate(value):
            fits(item, shape[0], f"{where}[{at}]")
    elif isinstance(shape, re.Pattern):
        assert isinstance(value, str), where
        assert shape.fullmatch(value), (where, value)
    else:
        assert type(value) is shape, (where, value)


SHAPES["explain"] = {
    "checks": [
        {
            "code": str,
            "severity": re.compile("error|warning|hint"),
            **dict.fromkeys(("message", "why", "help", "bad", "good"), str),
            "fixable": bool,
        }
    ]
}
ARGUMENTS = {"search": ["maalaus"], "value": ["--period", ".."], "agenda": ["--days", "60"], "explain": ["--all"]}


@pytest.mark.parametrize("command", SHAPES)
@pytest.mark.parametrize("vault", ["example", "bad"])
def test_shapes(command: str, vault: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = EXAMPLE
    if vault == "bad":
        root = tmp_path
        (root / "customers").mkdir()
        (root / "customers" / "bad.md").write_text(
            "---\nname: Bad\nnext: soon\n---\n- 2026-01-01 visit [sale:: 5 USD]\n"
        )
    options = ["--vault", str(root), "--today", "2026-11-21", "--no-cache"]
    assert run([*options, command, *ARGUMENTS.get(command, []), "--format", "json"]) in (0, 1)
    found = json.loads(capfd.readouterr().out)
    fits(found, SHAPES[command])
    lists = {
        "agenda": "items",
        "value": "customers",
        "list": "customers",
        "search": "found",
        "check": "diagnostics",
        "explain": "checks",
        "response": "messages",
        "promises": "promises",
    }
    if vault == "example" and command != "check":
        assert found[lists[command]]


def test_check_counts_lines_and_columns_from_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "a.md").write_text("no front matter\n")
    run(["--vault", str(tmp_path), "--no-cache", "check", "--format", "json"])
    (item,) = json.loads(capfd.readouterr().out)["diagnostics"]
    assert (item["line"], item["column"]) == (1, 1)


def test_show_gives_the_whole_record(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--vault", str(EXAMPLE), "show", "kahvila", "--format", "json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert list(found) == [
        *("customer", "name", "file", "fields", "other", "last_contact", "revenue", "margin", "sales"),
        *("last_12_months", "scores", "moods", "referred"),
        *("materials", "vision", "notes", "entries", "promises", "deals", "links", "diagnostics"),
    ]
    days = [entry["date"] for entry in found["entries"]]
    assert days == sorted(days, reverse=True)
    assert found["fields"]["stage"] == "customer"
    assert found["revenue"] == [{"amount": "31910.00", "currency": "EUR"}]
    assert found["deals"][0]["value"] == {"amount": "4500.00", "currency": "EUR"}


CSV = [
    "agenda",
    "list",
    "value",
    "response",
    "promises",
    "check",
    "explain --all",
    "search maalaus",
    "fields",
    "sql values(1)",
]


@pytest.mark.parametrize("command", CSV)
def test_csv_has_a_title_line_and_even_rows(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    import csv

    assert run(["--vault", str(EXAMPLE), "--today", "2026-11-21", *command.split(), "--format", "csv"]) == 0
    rows = list(csv.reader(capfd.readouterr().out.splitlines(keepends=True)))
    assert rows
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(rows[0])
