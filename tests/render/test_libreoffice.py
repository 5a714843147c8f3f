"""CSV with Finnish signs opened in LibreOffice with Finnish settings; where it is not installed this is skipped."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import plaincrm
from tests.making import EXAMPLE

OFFICE = shutil.which("soffice")
# Semicolons, quotes, UTF-8, the first line, Finnish (1035), texts in quotes not kept as such, numbers found out.
FINNISH = "CSV:59,34,76,1,,1035,false,true"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_days_are_days_and_amounts_are_numbers(tmp_path: Path) -> None:
    vault = plaincrm.open_vault(EXAMPLE, cache=False)
    with (tmp_path / "sales.csv").open("w+b") as file:
        vault.export(file, "customer:aurinko", today=date(2026, 11, 21), what="sales", locale="fi")
    command = [OFFICE, f"-env:UserInstallation={tmp_path.as_uri()}/user", "--headless", f"--infilter={FINNISH}"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "sales.csv")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    header, *rows = openpyxl.load_workbook(tmp_path / "sales.xlsx").active.iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert all(isinstance(row["date"], datetime) for row in found)
    query = "select s.revenue from sales s join customers c using (file) where c.customer = 'kahvila-aurinko'"
    told = vault.sql(f"{query} order by s.date")
    assert [Decimal(str(row["revenue"])) * 10_000 for row in found] == [Decimal(units) for (units,) in told.rows]
    assert {row["customer_name"] for row in found} == {"Kahvila Aurinko Oy"}
