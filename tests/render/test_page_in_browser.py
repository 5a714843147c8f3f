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
from tests.render.browser import CHROMIUM, console_of, sheets_of_paper, violations_of, width_of_page

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


@pytest.fixture(scope="module", params=["sheet", "report", "agenda"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet with everything there is, and the report and the agenda of the example vault."""
    path = tmp_path_factory.mktemp("browser") / "page.html"
    if request.param == "sheet":
        shown = as_page(SHEET, lambda cell: cell.file)
    elif request.param == "agenda":
        shown = agenda_page.page(example_vault().agenda(TODAY), agenda_words.Shown())
    else:
        report = example_vault().overview("2026", TODAY, limit=20)
        shown = overview.as_page(report, overview.Shown(20), lambda cell: cell.file)
    path.write_text(shown, encoding="utf-8")
    return path


def test_nothing_is_loaded_or_blocked(page: Path) -> None:
    assert console_of(page) == []


def test_the_browser_would_say_so(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(whole_page("P", "p { color: red }", ['<p style="color: blue">x</p><script>1</script>']), "utf-8")
    assert len(console_of(path)) == 2


@pytest.mark.parametrize(("scheme", "width"), [(1, 500), (0, 1200)], ids=["light-phone", "dark-desktop"])
def test_everybody_can_read_it(page: Path, scheme: int, width: int) -> None:
    options = (f"--blink-settings=preferredColorScheme={scheme}", f"--window-size={width},900")
    assert violations_of(page, *options) == []


def test_axe_would_say_so(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        whole_page("P", "p { color: #aaa; background: #fff }", ["<h1>P</h1>", "<p>Some words.</p>"]), "utf-8"
    )
    assert [found["id"] for found in violations_of(path)] == ["color-contrast"]


@pytest.mark.parametrize("width", [360, 1200])
def test_no_window_has_to_be_scrolled_sideways(page: Path, width: int) -> None:
    assert width_of_page(page, width) == width


def test_the_agenda_of_a_day_is_one_sheet_of_paper(tmp_path: Path) -> None:
    path = tmp_path / "agenda.html"
    report = example_vault().agenda(TODAY, days=0)
    assert len(report.items) == 22
    path.write_text(agenda_page.page(report, agenda_words.Shown()), encoding="utf-8")
    assert sheets_of_paper(path) == 1


def test_a_report_fills_its_paper(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    report = example_vault().overview("2026", TODAY, limit=20)
    path.write_text(overview.as_page(report, overview.Shown(20), lambda _cell: ""), encoding="utf-8")
    assert 10 < sheets_of_paper(path) < 16
