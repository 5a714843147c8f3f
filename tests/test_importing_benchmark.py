"""The benchmark of importing: its list is the same each time and sound, its floor writes the same files."""

import sys
from pathlib import Path

import stdnum.fi.ytunnus

from plaincrm.exchange.tables import read_table

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import importing


def test_the_list_is_the_same_each_time_and_sound(tmp_path):
    for name in ("one.csv", "two.csv"):
        importing.write_list(tmp_path / name, 300)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    rows = list(read_table(tmp_path / "one.csv").rows())
    assert len({row.cells["Y-tunnus"] for row in rows}) == len({row.cells["Name"] for row in rows}) == 300
    assert all(stdnum.fi.ytunnus.is_valid(row.cells["Y-tunnus"]) for row in rows)


def test_the_floor_writes_the_same_files(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/a.md").write_text("A")
    _seconds, processor, peak = importing.floor(tmp_path / "notes", tmp_path)
    assert (tmp_path / "f1/a.md").read_text() == "A"
    assert processor < 1
    assert peak > 5
