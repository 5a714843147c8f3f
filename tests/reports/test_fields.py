"""The table of fields, as a vault has it."""

from __future__ import annotations

from pathlib import Path

from plaincrm.records.fields import CUSTOMER_FIELDS, INLINE_FIELDS
from plaincrm.render.fields import text
from plaincrm.render.lines import plain
from tests.making import vault_of

CONFIG = """
[stages]
order = ["new", "old"]
[fields]
colour = { type = "choice", choices = ["red", "blue"], label = "Colour", help = "What they like." }
rooms = "list"
"""


def test_the_core_fields_in_the_order_of_the_table(tmp_path: Path) -> None:
    rows = vault_of(tmp_path, {}).fields()
    assert [row.key for row in rows] == [field.key for field in (*CUSTOMER_FIELDS, *INLINE_FIELDS)]
    assert not any(row.own for row in rows)
    assert all(row.label_en and row.label_fi and row.help.endswith(".") for row in rows)


def test_fields_of_ones_own_stand_with_them(tmp_path: Path) -> None:
    rows = {row.key: row for row in vault_of(tmp_path, {}, CONFIG).fields()}
    colour, rooms, stage = rows["colour"], rows["rooms"], rows["stage"]
    assert (colour.scope, colour.type, colour.label_en, colour.choices) == (
        "customer",
        "choice",
        "Colour",
        ("red", "blue"),
    )
    assert (colour.own, rooms.own, rooms.many, stage.own) == (True, True, True, False)
    assert stage.choices == ("new", "old")


def test_shown(tmp_path: Path) -> None:
    shown = plain(list(text(vault_of(tmp_path, {}, CONFIG).fields(), 80)))
    assert "\nstage           vaihe             choice\n    Where the customer stands on the way from lead" in shown
    assert "to former. (new, old)\n" in shown
    assert "\nIn log entries, as [key:: value]\nsale            myynti            money\n" in shown
    assert "\ncolour          Colour            choice\n    What they like. (red, blue)\n" in shown
    assert "…" not in shown
