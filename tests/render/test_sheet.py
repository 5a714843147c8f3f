"""A sheet in the terminal, as a note and as a page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plaincrm.render.bars import bar, sparkline
from plaincrm.render.lines import Column, plain
from plaincrm.render.sheet import Cell, Chart, Grid, Item, Items, Prose, Series, Sheet
from plaincrm.render.sheet_markdown import markdown
from plaincrm.render.sheet_page import as_page
from plaincrm.render.sheet_text import lines

SHEET = Sheet(
    "Value 2026",
    "EUR",
    (
        Grid(
            "By customer",
            (Column("Customer", least=10), Column("Revenue", "right"), Column("", style="bar")),
            (
                (
                    Cell("Kahvila Aurinko Oy", "kahvila-aurinko", "customers/kahvila-aurinko.md"),
                    "900.00",
                    Cell("", level=Decimal(1)),
                ),
                (Cell("A|B <b>", "a|b", "customers/a|b.md"), "90.00", Cell("", level=Decimal("0.1"))),
            ),
            sums=(("Total", "990.00", ""),),
            rest="and 2 more",
        ),
        Items(
            "Overdue",
            (
                Item(
                    "2026-11-10",
                    Cell("Aho", "aho", "customers/aho.md"),
                    "Send it",
                    ("12 days late.",),
                    "customers/aho.md:7",
                ),
            ),
        ),
        Prose("Why", ("Because 5 > 3.",)),
    ),
    remarks=("Amounts exclude VAT.",),
    unread={"customers/bad.md": "bad-yaml"},
)


def test_in_the_terminal() -> None:
    assert (
        plain(list(lines(SHEET, 80)))
        == """\
Value 2026 · EUR

By customer
Customer            Revenue
Kahvila Aurinko Oy   900.00  ██████████
A|B <b>               90.00  █
Total                990.00
and 2 more

Overdue
  2026-11-10 Aho: Send it
    12 days late.
    customers/aho.md:7

Why
Because 5 > 3.

Amounts exclude VAT.

1 file not read in full; see plaincrm check:
  customers/bad.md: bad-yaml
"""
    )


def test_a_sentence_goes_on_below() -> None:
    columns = (Column("Figure"), Column("Value", "right"), Column("How", least=10, style="sentence"))
    grid = Grid("", columns, (("Share", "50%", "one of two, said at length"), ("None", "", "")))
    assert [plain([one]).rstrip() for one in lines(Sheet("Why", "", (grid,)), 30)] == [
        "Why",
        "",
        "Figure  Value  How",
        "Share     50%  one of two,",
        "               said at length",
        "None",
    ]
    assert "one of two, said at length" in markdown(Sheet("Why", "", (grid,)))


def test_as_a_note() -> None:
    assert (
        markdown(SHEET)
        == r"""# Value 2026

EUR

## By customer

| Customer | Revenue |
| --- | --: |
| [[kahvila-aurinko\|Kahvila Aurinko Oy]] | 900.00 |
| A\|B &lt;b&gt; | 90.00 |
| **Total** | **990.00** |

and 2 more

## Overdue

- 2026-11-10 [[aho|Aho]]: Send it
  - 12 days late.
  - customers/aho.md:7

## Why

- Because 5 &gt; 3.

Amounts exclude VAT.

1 file not read in full; see plaincrm check:

- customers/bad.md: bad-yaml
"""
    )


def test_as_a_page() -> None:
    shown = as_page(SHEET, lambda cell: cell.file)
    assert '<a href="customers/kahvila-aurinko.md">Kahvila Aurinko Oy</a>' in shown
    assert "A|B &lt;b&gt;" in shown
    assert '<rect width="10" height="10"/>' in shown
    assert "<b>" not in shown
    assert "<script" not in shown
    assert " style=" not in shown


@pytest.mark.parametrize("kind", ["bars", "lines", "pareto", "bridge", "pyramid"])
def test_a_chart_runs_nothing_and_is_the_same_each_time(kind: str) -> None:
    series = (Series("Revenue <i>", (Decimal(3), Decimal(-1), Decimal(2))),)
    chart = Chart(kind, "Revenue by month", ("Jan", "Feb", "<u>"), series)  # type: ignore[arg-type]
    shown = [as_page(Sheet("S", "", (Grid("", (), (), chart=chart),)), lambda _cell: "") for _time in range(2)]
    assert shown[0] == shown[1]
    assert "<svg" in shown[0]
    for unwanted in ("<script", " style=", "<i>", "<u>", "xlink", 'http-equiv="refresh'):
        assert unwanted not in shown[0]
    assert shown[0].count("<style>") == 1


def test_bars() -> None:
    assert [bar(Decimal(text)) for text in ("0", "0.001", "0.5", "0.56", "1", "7")] == [
        "",
        "▏",
        "█████",
        "█████▋",
        "██████████",
        "██████████",
    ]
    assert bar(None) == ""


def test_sparklines() -> None:
    assert sparkline([0, 1, 2, 4, None, 8]) == "▁▂▃▅ █"
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([Decimal(-3), Decimal(3)]) == "▁█"
