"""The list as a note and as a page: names lead to the notes, and what was left out is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from plaincrm.render.listing_sheet import columns_sheet, sheet
from plaincrm.render.sheet_markdown import markdown
from tests.making import vault_of

TODAY = date(2026, 11, 21)
NOTES = {
    "a.md": "---\nname: Aalto | Oy\nstage: customer\ncity: Turku\ntags: [café, yard]\n---\n",
    "b.md": "---\nname: Berg\nstage: lead\nnext: 2026-12-01\n---\n",
    "x.md": "---\nname: [\n---\n",
}


def test_a_table_of_customers(tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES).list("stage:any", today=TODAY, limit=2)
    assert markdown(sheet(report, "stage:any")) == (
        "# Customers: stage:any\n\n2 of 3 customers\n\n"
        "| Customer | Stage | Tier | Owner | Last | Next |\n| --- | --- | --- | --- | --- | --- |\n"
        "| [[a]] Aalto \\| Oy | customer |  |  |  |  |\n"
        "| [[b\\|Berg]] | lead |  |  |  | 2026-12-01 |\n\n"
        "1 file not read in full; see plaincrm check:\n\n- customers/x.md: bad-yaml\n"
    )


def test_columns_of_ones_own_choice_and_a_limit(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, NOTES)
    report = vault.columns("name,tags,revenue", today=TODAY, limit=1)
    linked = vault.columns("customer,file,name,tags,revenue", today=TODAY, limit=1)
    page = markdown(columns_sheet(report, linked, ""))
    assert page.startswith("# Customers\n\n3 of 3 customers\n")
    assert "\n\nand 2 more; --limit 0 shows them all\n" in page
    assert "| Name | Tags | Revenue |\n| --- | --- | --: |\n| [[a]] Aalto \\| Oy | café, yard |  |\n" in page
