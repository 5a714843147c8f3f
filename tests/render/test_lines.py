"""Lines and tables that fit the page, whatever they are made of."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plaincrm
from plaincrm.render import (
    agenda,
    brief,
    deals,
    experience,
    explanation,
    fields,
    growth,
    listing,
    promises,
    quality,
    response,
    retention,
    search,
    season,
    targets,
    tiers,
    value,
    value_change,
    value_groups,
)
from plaincrm.render import explain as explained
from plaincrm.render import table as sql_table
from plaincrm.render.agenda_words import Shown
from plaincrm.render.check import full as check
from plaincrm.render.lines import Column, Line, clipped, line, padded, paragraphs, plain, table, width_of, wrapped
from plaincrm.render.sheet_text import lines
from plaincrm.reports.explain import explain
from plaincrm.reports.sql import Table
from tests.making import EXAMPLE
from tests.render.test_escape import hostile_vault

WIDTHS = [40, 80, 120]
TODAY = date(2026, 11, 21)
TEXT = st.text() | st.text("aä日本\u0301👩\u200d🔧 \t\n\x1b", max_size=60) | st.text("ab ", max_size=300)


@given(TEXT, st.integers(1, 60))
def test_clipped_text_fits(text: str, width: int) -> None:
    shown = clipped(text, width)
    assert width_of(shown) <= width
    assert shown == line(text)[0].text if text and width_of(line(text)[0].text) <= width else True


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("painting", 8, "painting"),
        ("painting", 7, "painti…"),
        ("paint it", 7, "paint…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("a\x1bb", 6, "a\\x1bb"),
        ("a\x1bb", 5, "a\\x1…"),
        ("a", 0, ""),
    ],
)
def test_clipped(text: str, width: int, expected: str) -> None:
    assert clipped(text, width) == expected


@given(TEXT, st.integers(5, 60), st.integers(0, 3))
def test_wrapped_text_fits_and_loses_nothing(text: str, width: int, indent: int) -> None:
    parts = wrapped(text, width, indent)
    assert all(width_of(part) <= width for part in parts)
    words = "".join(re.split(r"[ \t\r\n]+", text))
    assert "".join("".join(parts).split(" ")) == ("".join(line(words)[0].text.split(" ")) if words else "")


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 80, ["one two three"]),
        ("one two three", 8, ["one two", "  three"]),
        ("one  two\nthree", 8, ["one  two", "  three"][:0] or ["one two", "  three"]),
        ("https://example.com/a", 10, ["https://ex", "  ample.co", "  m/a"]),
        ("", 10, []),
    ],
)
def test_wrapped(text: str, width: int, expected: list[str]) -> None:
    assert wrapped(text, width, 2) == expected


def test_paragraphs_keep_what_markdown_keeps() -> None:
    text = "# Head\none\ntwo\n\n- item that goes\n  on\n  - inner\n> said\n| a | b |\n| 1 | 2 |\nend"
    assert list(paragraphs(text, 40)) == [
        "# Head",
        "one two",
        "",
        "- item that goes on",
        "  - inner",
        "> said",
        "| a | b |",
        "| 1 | 2 |",
        "end",
    ]


@given(TEXT, st.integers(10, 60))
def test_paragraphs_fit(text: str, width: int) -> None:
    assert all(width_of(part) <= width for part in paragraphs(text, width))


COLUMNS = st.lists(
    st.builds(
        Column,
        st.text("Namé日", max_size=12),
        st.sampled_from(["left", "right"]),
        st.sampled_from([0, 8, 18]),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


@given(st.data(), COLUMNS, st.sampled_from(WIDTHS))
def test_a_table_is_never_wider_than_the_page(data: st.DataObject, columns: list[Column], width: int) -> None:
    row = st.lists(TEXT, min_size=len(columns), max_size=len(columns))
    rows = data.draw(st.lists(row, max_size=4))
    shown = table(columns, rows, width)
    assert len(shown) == len(rows) + 1
    assert all(width_of(row) <= width for row in plain(shown).split("\n"))


def test_a_table_gives_way_in_order() -> None:
    columns = (Column("Name", least=8), Column("Sum", "right"), Column("City", least=8), Column("Day", spare=True))
    rows = [["Kahvila Aurinko Oy", "1,200.00", "Naantali by the sea", "2026-11-21"]]
    assert [plain(table(columns, rows, width)).split("\n")[1] for width in (61, 56, 34, 30)] == [
        "Kahvila Aurinko Oy  1,200.00  Naantali by the sea  2026-11-21",
        "Kahvila Aurinko…  1,200.00  Naantali by the…  2026-11-21",
        "Kahvila Au…  1,200.00  Naantali b…",
        "Kahvila…   1,200.00  Naantali…",
    ]


def test_titles_are_made_harmless_too() -> None:
    assert plain(table([Column("a\x1b")], [["longer"]], 80)) == "a\\x1b\nlonger\n"


def test_right_is_right() -> None:
    assert padded("5", 3, "right") == "  5"
    assert padded("日", 4) == "日  "
    assert plain(table((Column("N", "right"), Column("T")), [["12", "a"], ["3", "b"]], 80)) == " N  T\n12  a\n 3  b\n"


def shown(vault: plaincrm.Vault, width: int) -> dict[str, list[Line]]:
    checked = vault.check()
    briefs = [vault.brief(row.customer, TODAY) for row in vault.list().customers[:12]]
    everything = Table(*vault.sql("select * from fields limit 40"))
    agendas = vault.agenda(TODAY, days=60)
    return {
        "agenda": list(agenda.text(agendas, width, Shown(explain=True, everything=True))),
        "list": list(listing.text(vault.list(today=TODAY), width)),
        "value": list(lines(value.sheet(vault.value("..", today=TODAY), full=True), width)),
        "value --by": list(lines(value_groups.sheet(vault.value_by("tag", "..", TODAY)), width)),
        "value --compare": list(lines(value_change.sheet(vault.value_change("12m", "2025", TODAY)), width)),
        "tiers": list(lines(tiers.sheet(vault.tiers("..", TODAY)), width)),
        **{
            f"{told.report} --explain {row.customer}": list(lines(explanation.sheet(told), width))
            for row in vault.list().customers[:4]
            for told in (
                vault.explain_value(row.customer, "..", TODAY),
                vault.explain_tiers(row.customer, "..", TODAY),
            )
        },
        "response": list(lines(response.sheet(vault.response("..", TODAY), 0), width)),
        "retention": list(lines(retention.sheet(vault.retention("12m", TODAY, cohort="quarter"), 0), width)),
        "growth": list(lines(growth.sheet(vault.growth("12m", TODAY), 0), width)),
        "promises": list(lines(promises.sheet(vault.promises("..", TODAY, by="customer"), 0), width)),
        "season": list(lines(season.sheet(vault.season("..", TODAY)), width)),
        "deals": list(lines(deals.sheet(vault.deals("..", TODAY)), width)),
        "targets": list(lines(targets.sheet(vault.targets(TODAY)), width)),
        **{
            f"{told.report} --explain {row.customer}": list(lines(explanation.sheet(told), width))
            for row in vault.list().customers[:4]
            for told in (
                vault.explain_season(row.customer, "..", TODAY),
                vault.explain_deals(row.customer, "..", TODAY),
                vault.explain_targets(row.customer, TODAY),
            )
        },
        "experience": list(lines(experience.sheet(vault.experience("..", TODAY), 0), width)),
        "quality": list(lines(quality.sheet(vault.quality(TODAY, by="tag")), width)),
        "search": list(search.text(vault.search("painting"), width)),
        "fields": list(fields.text(vault.fields(), width)),
        "explain": list(explained.text(explain(), width)),
        "sql": list(sql_table.text(everything, width)),
        "check": list(check.text(checked, vault.lines_of(checked.diagnostics), width)),
        "show": [row for one in briefs for full in (False, True) for row in brief.text(one, width, full=full)],
    }


_PLACE = re.compile(r"\s*(customers/|plaincrm\.toml:)")  # stands whole, so that it can be opened


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["example", "hostile"])
def test_every_answer_fits_the_page(which: str, width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = EXAMPLE if which == "example" else hostile_vault(tmp_path / "vault")
    for command, told in shown(plaincrm.open_vault(root), width).items():
        for row in plain(told).split("\n"):
            assert _PLACE.match(row.removeprefix(" " * 17)) or width_of(row) <= width, (command, row)
