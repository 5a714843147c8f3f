"""The example vault as Obsidian and its plugin Tasks read it, by rules written here anew from their documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import plaincrm
from tests.making import EXAMPLE

TYPES = json.loads((EXAMPLE / ".obsidian/types.json").read_text(encoding="utf-8"))["types"]
NOTES = [path for path in sorted(EXAMPLE.rglob("*.md")) if "templates" not in path.parts]


class Yaml12(yaml.SafeLoader):
    """As Obsidian reads YAML: a date is a text of its own form."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
FITS = {  # Obsidian Help, Properties: what a property of a type may hold
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "checkbox": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value),
    "multitext": lambda value: all(isinstance(item, str) for item in (value if isinstance(value, list) else [value])),
}
FITS["tags"] = FITS["aliases"] = FITS["multitext"]


def properties(note: Path) -> dict[str, Any]:
    front = re.match(r"---\n(.*?)\n---\n", note.read_text(encoding="utf-8"), re.DOTALL)
    return (yaml.load(front[1], Yaml12) if front else None) or {}


def test_every_property_is_of_the_type_that_obsidian_is_told() -> None:
    held = [(note.name, key, value) for note in NOTES for key, value in properties(note).items() if key in TYPES]
    assert len(held) > 500
    assert [row for row in held if row[2] is not None and not FITS[TYPES[row[1]]](row[2])] == []


@pytest.mark.parametrize(("kind", "value"), [("text", 20100), ("date", "1.12.2026"), ("multitext", [358401234567])])
def test_a_value_of_another_type_would_be_found(kind: str, value: object) -> None:
    assert not FITS[kind](value)


# Tasks, Task Formats: fields stand last on the line, and are read from its end on until something else comes.
_DAY = r"(\d{4}-\d\d-\d\d)"
EMOJI = {"due": f"[📅📆🗓]️? *{_DAY}$", "done": f"✅️? *{_DAY}$", "repeat": r"🔁️? *([a-zA-Z0-9, !]+)$"}
OTHERS = [f"[➕🛫⏳⌛❌]️? *{_DAY}$", "[🔺⏫🔼🔽⏬]️?$", r"(?:^|\s)#[^ !@#$%^&*(),.?\":{}|<>]+$", r"[🆔⛔🏁]️? *[\w, -]+$"]
BRACKETS = {
    "due": rf"\[due:: *{_DAY}\],?$",
    "done": rf"\[completion:: *{_DAY}\],?$",
    "repeat": r"\[repeat:: *([^\]]+)\],?$",
}
OTHER_BRACKETS = [
    r"\[(?:created|start|scheduled|cancelled|priority|id|dependsOn|onCompletion):: *[^\]]+\],?$",
    OTHERS[2],
]


def as_the_plugin(line: str) -> dict[str, str]:
    """The due day, the day it was done and the recurrence of a task, in the format that tells more."""
    return max(_read(line, EMOJI, OTHERS), _read(line, BRACKETS, OTHER_BRACKETS), key=len)


def _read(line: str, named: dict[str, str], others: list[str]) -> dict[str, str]:
    text, found, before = re.sub(r" \^[a-zA-Z0-9-]+$", "", line).rstrip(), dict[str, str](), ""
    while text != before:
        before = text
        for name, form in named.items():
            if name not in found and (match := re.search(form, text)):
                found[name], text = match[1].strip(), text[: match.start()].rstrip()
        for form in others:
            text = re.sub(form, "", text).rstrip()
    return found


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("- [ ] Send it #x ⏫ 🔁 every week 📅 2026-11-25", {"due": "2026-11-25", "repeat": "every week"}),
        ("- [x] Send it  [due:: 2026-11-25]  [completion:: 2026-11-24]", {"due": "2026-11-25", "done": "2026-11-24"}),
        ("- [ ] Send it 📅 2026-11-25 [owes:: them]", {}),  # words behind the day hide it
    ],
)
def test_how_the_plugin_reads(line: str, read: dict[str, str]) -> None:
    assert as_the_plugin(line) == read


def test_the_plugin_reads_every_promise_as_plaincrm_does() -> None:
    vault = plaincrm.open_vault(EXAMPLE, cache=False)
    rows = vault.sql(
        "select path, line, due, done, recurrence from tasks join files using (file) order by path, line"
    ).rows
    assert len(rows) > 50
    for path, line, *ours in rows:
        text = (EXAMPLE / path).read_text(encoding="utf-8").split("\n")[line - 1]
        read = as_the_plugin(text)
        assert [read.get("due"), read.get("done"), read.get("repeat", "")] == ours, text
