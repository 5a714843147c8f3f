"""Pages in a real browser: nothing is loaded, blocked or complained of, and everybody can read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.render import agenda_page, agenda_words, overview
from plaincrm.render.lines import Column
from plaincrm.render.page import page as whole_page
from plaincrm.render.sheet import Cell, Chart, Grid, Item, Items, Prose, Series, Sheet
from plaincrm.render.sheet_page import as_page
from tests.keeping import example_vault
from tests.render.browser import CHROMIUM, console_of, sheets_of_paper, violations_of, widths_of

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")

TODAY = date(2026, 11, 21)
VALUES = tuple(Decimal(value) for value in (5200, 8100, 3300, 12000, 22000, 31000, 24000))
LABELS = ("Opening", "Won", "Returned", "Grown", "Shrunk", "Lost", "Closing")
ROWS = tuple((label, f"{value:,}", Cell("", level=value / 31000)) for label, value in zip(LABELS, VALUES, strict=True))
COLUMNS = (Column("Month"), Column("Revenue", "right"), Column("", style="bar"))
HEAT = tuple((label, *(Cell(str(n), level=Decimal(n) / 8) for n in range(9))) for label in LABELS)
KINDS = ("bars", "lines", "pareto", "bridge", "pyramid")
SHEET = Sheet(
    "Everything there is",
    "EUR, excluding VAT",
    (
        *(
            Grid(kind, COLUMNS, ROWS, ROWS[:1], chart=Chart(kind, kind, LABELS, (Series("Revenue", VALUES),)))
            for kind in KINDS
        ),
        Grid("Heat", tuple(Column(text) for text in ("", *map(str, range(9)))), HEAT, heat=True),
        Items("Items", (Item("2026", Cell("Åke", "ake", "ake.md"), "text", ("more",), "ake.md:1"),), "and 2 more"),
        Prose("Prose", ("A sentence. " * 30,)),
    ),
    ("A remark.",),
    {"customers/bad.md": "bad-yaml"},
)


WIDTHS = (360, 1200)


def report_of(lines: int) -> str:
    """The report with so many lines in each part."""
    report = example_vault().overview("2026", TODAY, limit=20)
    return overview.as_page(report, overview.Shown(lines), lambda cell: cell.file)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """A sheet with everything there is, and the report and the agenda of the example vault."""
    return {
        "sheet": as_page(SHEET, lambda cell: cell.file),
        "report": report_of(20),
        "agenda": agenda_page.page(example_vault().agenda(TODAY), agenda_words.Shown()),
    }


def test_nothing_is_loaded_or_blocked(pages: dict[str, str], tmp_path: Path) -> None:
    assert console_of(tmp_path, pages) == []


def test_the_browser_would_say_so(pages: dict[str, str], tmp_path: Path) -> None:
    bad = whole_page("P", "p { color: red }", ['<p style="color: blue">x</p><script>1</script>'])
    assert len(console_of(tmp_path, {**pages, "bad": bad})) == 2


PALE = whole_page("P", "p { color: #aaa; background: #fff }", ["<h1>P</h1>", "<p>Some words.</p>"])


# Night changes colours and nothing else.
@pytest.mark.parametrize(
    ("scheme", "width", "rules"),
    [("light", 500, ("wcag2a", "wcag2aa", "best-practice")), ("dark", 1200, ("color-contrast",))],
    ids=["light-phone", "dark-desktop"],
)
def test_everybody_can_read_them(
    pages: dict[str, str], scheme: str, width: int, rules: tuple[str, ...], tmp_path: Path
) -> None:
    few = {**pages, "report": report_of(2)}  # of lines alike two will do: axe looks at each of them
    found = violations_of(tmp_path, {**few, "pale": PALE}, width, scheme, rules)
    assert [told["id"] for told in found.pop("pale")] == ["color-contrast"]  # axe would say so
    assert found == {name: [] for name in pages}


def test_no_window_has_to_be_scrolled_sideways(pages: dict[str, str], tmp_path: Path) -> None:
    wide = {f"{name}-{width}": (width, page) for name, page in pages.items() for width in WIDTHS}
    found = widths_of(tmp_path, {(name, width): page for name, (width, page) in wide.items()})
    assert found == {name: width for name, (width, _page) in wide.items()}


def test_the_agenda_is_one_sheet_of_paper(tmp_path: Path) -> None:
    report = example_vault().agenda(TODAY)
    assert len(report.items) == 29
    assert sheets_of_paper(tmp_path, agenda_page.page(report, agenda_words.Shown())) == 1


def test_a_report_fills_its_paper(pages: dict[str, str], tmp_path: Path) -> None:
    assert 10 < sheets_of_paper(tmp_path, pages["report"]) < 16
