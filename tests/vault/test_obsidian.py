"""What Obsidian gets: types of properties put into its own list, and a base in the syntax that it documents."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.vault.config import Config, read_config
from plaincrm.vault.obsidian import customers_base, merged_types, property_types
from tests.making import EXAMPLE

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


def test_a_property_has_the_type_that_leaves_its_value_whole() -> None:
    types = property_types(read_config(b'[fields]\nkey_box = "yes/no"\nvisits = "number"\n').schema, ["fi"])
    assert types["phone"] == types["puhelin"] == "multitext", "as a number it would lose its plus"
    assert types["birthday"] == "text", "--05-12 is no date"
    assert (types["next"], types["seuraava toimi"], types["tags"], types["tunnisteet"]) == (
        "date",
        "text",
        "tags",
        "multitext",
    )
    assert (types["key_box"], types["visits"]) == ("checkbox", "number")
    assert set(types.values()) <= {"text", "multitext", "number", "checkbox", "date", "datetime", "aliases", "tags"}


@pytest.mark.parametrize(
    ("text", "merged"),
    [
        ("{}", '{"types": {"a": "text", "näin on": "date"}}'),
        ('{"types":{"b":"text"}}', '{"types":{"b":"text", "a": "text", "näin on": "date"}}'),
        (
            '{\n  "types": {\n    "b": "text"\n  },\n  "x": 1\n}\n',
            '{\n  "types": {\n    "b": "text",\n    "a": "text",\n    "näin on": "date"\n  },\n  "x": 1\n}\n',
        ),
        ('{"types": {"a": "number", "näin on": "text"}}', None),
    ],
)
def test_what_is_missing_is_put_in_at_the_end(text: str, merged: str | None) -> None:
    assert merged_types(text, {"a": "text", "näin on": "date"}) == merged


@pytest.mark.parametrize("text", ["[]", '"types"', '{"types": []}', "{", "null"])
def test_a_list_that_is_none_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (json's own, or ours)
        merged_types(text, {"a": "text"})


@given(
    listed=st.dictionaries(WORDS, WORDS),
    other=st.dictionaries(WORDS.filter(lambda word: word != "types"), st.integers() | WORDS),
    wanted=st.dictionaries(WORDS, WORDS, min_size=1),
    indent=st.sampled_from([None, 0, 2, "\t"]),
    first=st.booleans(),
)
def test_no_byte_that_stood_there_is_lost(
    listed: dict[str, str], other: dict[str, Any], wanted: dict[str, str], indent: int | str | None, first: bool
) -> None:
    whole = {"types": listed, **other} if first else {**other, "types": listed}
    text = json.dumps(whole, indent=indent, ensure_ascii=False)
    merged = merged_types(text, wanted)
    assert json.loads(merged or text) == {**whole, "types": {**wanted, **listed}}
    if merged:
        assert re.fullmatch(
            re.escape(text[: _common(text, merged)]) + ".*" + re.escape(_tail(text, merged)), merged, re.S
        )


def _common(text: str, merged: str) -> int:
    return next((at for at, (one, two) in enumerate(zip(text, merged, strict=False)) if one != two), len(text))


def _tail(text: str, merged: str) -> str:
    """What is left of the old text behind the place where the new one first differs."""
    return text[_common(text, merged) :]


# --- the base -----------------------------------------------------------------------------------------------------

FUNCTIONS = {"if", "today", "file.inFolder", "toString", "reverse", "slice"}  # Obsidian Help, Bases: Functions


def formulas(base: dict[str, Any]) -> Iterator[str]:
    yield from base["filters"]["and"]
    yield from base["formulas"].values()
    yield from (view["filters"] for view in base["views"] if "filters" in view)


@pytest.mark.parametrize("languages", [["en"], ["fi"], ["fi", "en"]])
def test_the_base_keeps_to_the_documented_syntax(languages: list[str]) -> None:
    base = yaml.safe_load(customers_base(Config(), languages, "customers"))
    assert set(base) == {"filters", "formulas", "properties", "views"}
    assert [view["type"] for view in base["views"]] == ["table"] * 6
    keys = set(property_types(Config().schema, languages))
    for view in base["views"]:
        assert set(view) <= {"type", "name", "filters", "groupBy", "order", "sort", "limit"}
        named = [*view["order"], *(row["property"] for row in view.get("sort", []))]
        for name in (*named, *([view["groupBy"]["property"]] if "groupBy" in view else [])):
            kind, _, rest = name.partition(".")
            assert {"note": rest in keys, "file": rest in ("name", "mtime"), "formula": rest in base["formulas"]}[kind]
    for text in formulas(base):
        bare = re.sub(r'"[^"]*"', '""', text)
        assert set(re.findall(r"(file\.\w+|\w+)\(", bare)) <= FUNCTIONS, text
        assert text.count("(") == text.count(")")
        assert not re.search(r"\)\s*-\s*(?!\")\w", bare), "a difference of dates means another thing in each version"


def test_the_base_is_in_the_words_of_the_vault() -> None:
    config = read_config(b'[stages]\norder = ["lead", "customer", "vip", "former"]\n')
    base = yaml.safe_load(customers_base(config, ["fi"], ""))
    forgotten = base["views"][4]["filters"]
    assert forgotten == '(note["vaihe"] == "asiakas" || note["vaihe"] == "vip") && file.mtime < today() - "90d"'
    assert base["filters"]["and"] == ['file.ext == "md"'], "customers stand anywhere in this vault"


def test_the_example_vault_has_what_obsidian_gets_of_a_vault_in_two_languages() -> None:
    """`UPDATE_PAGES=1` writes both files anew."""
    config = read_config((EXAMPLE / "plaincrm.toml").read_bytes())
    types = json.dumps({"types": property_types(config.schema, ["en", "fi"])}, ensure_ascii=False, indent=2) + "\n"
    made = {"Customers.base": customers_base(config, ["en", "fi"], "customers"), ".obsidian/types.json": types}
    for name, text in made.items():
        if os.environ.get("UPDATE_PAGES"):
            (EXAMPLE / name).write_text(text, encoding="utf-8")
        assert (EXAMPLE / name).read_text(encoding="utf-8") == text
