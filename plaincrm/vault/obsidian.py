"""What Obsidian is told of a vault: the types of its properties, and a base with tables of the customers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from plaincrm.language import LANGUAGES, label
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.vault.config import Config

TYPES_FILE = ".obsidian/types.json"
# Obsidian's types by ours; all others are texts. Days without a year, phone numbers and amounts would be damaged as
# anything else (Obsidian Help, Properties).
_TYPES = {"date": "date", "number": "number", "percent": "number", "yes/no": "checkbox"}
_COLUMNS = ("stage", "tier", "owner", "city", "next", "next_action")  # of the tables of a base
_BIRTH = "birthday"
_RESERVED = ("tags", "aliases")  # whose types are called as they are


def property_types(schema: Schema, languages: Iterable[str]) -> dict[str, str]:
    """Obsidian's type of each field of the front matter, by the canonical keys and those of some languages."""
    found: dict[str, str] = {}
    for field in schema.table.customer.values():
        reserved = field.key in _RESERVED
        kind = field.key if reserved else "multitext" if field.many else _TYPES.get(field.type, "text")
        found[field.key] = kind
        for key in (key for language in languages for key in field_keys(field, language)):
            found.setdefault(key, "multitext" if reserved else kind)
    return found


def field_keys(field: Field, language: str) -> list[str]:
    """The keys of a field in notes of a language: as commands write it, and as people do who do without blanks."""
    name = field.key if language == LANGUAGES[0] or field.own else field.label(language)
    return [*dict.fromkeys((name, name.replace(" ", "_")))]


def merged_types(text: str, types: Mapping[str, str]) -> str | None:
    """Obsidian's own file with the types that it lacks put in at the end of its list; None where it lacks none.

    Every byte that stands there stays.

    Raises:
        ValueError: it is not as Obsidian writes it.
    """
    if not text.strip():
        return as_json({"types": dict(types)})
    known = json.loads(text)
    listed = known.get("types", {}) if isinstance(known, dict) else None
    if not isinstance(listed, dict):
        raise ValueError("it holds no list of types")  # noqa: TRY004 (of what stands in a file)
    missing = {key: kind for key, kind in types.items() if key not in listed}
    if not missing:
        return None
    members = [f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(kind)}" for key, kind in missing.items()]
    opening = re.search(r'"types"\s*:\s*(?=\{)', text)
    if opening is None:
        return _with_members(text, text.rindex("}"), [f'"types": {{{", ".join(members)}}}'])
    _listed, end = json.JSONDecoder().raw_decode(text, opening.end())
    return _with_members(text, end - 1, members)


def as_json(value: object) -> str:
    """A file of JSON as people read it, and Obsidian writes it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _with_members(text: str, brace: int, members: Iterable[str]) -> str:
    """A JSON text with members put in before the closing brace of an object, in lines of their own where others are."""
    inside = text[:brace].rstrip()
    lines = re.search(r"\n[ \t]*(?=[^\n]*\Z)", inside)
    between = lines[0] if lines and "\n" in text[len(inside) : brace] else " "
    added = f",{between}".join(members)
    return inside + (f"{added}" if inside.endswith("{") else f",{between}{added}") + text[len(inside) :]


def customers_base(config: Config, languages: Sequence[str], folder: str) -> str:
    """A base with tables of the customers in a folder: all, by stage, by tier, due, forgotten, birthdays.

    Its words are those of the first language; where notes are written in several, a column takes the key that a note
    has. Only the syntax that Obsidian documents is used (Obsidian Help, Bases syntax), and no difference of dates. The
    log is beyond a base: who is being forgotten is told by when the note was last changed.
    """
    words, table = _WORDS[languages[0]], config.schema.table.customer
    keys = {name: [key for each in languages for key in field_keys(table[name], each)] for name in (*_COLUMNS, _BIRTH)}
    formulas = {name: _first_of(found) for name, found in keys.items() if len(found) > 1}
    path = {name: f"formula.{name}" if name in formulas else f"note.{found[0]}" for name, found in keys.items()}
    value = {name: path[name] if name in formulas else _property(found[0]) for name, found in keys.items()}
    stages = dict.fromkeys(stage for each in languages for stage in _spelt(config.active, each))
    active = " || ".join(f"{value['stage']} == {_quoted(stage)}" for stage in stages)
    birth_day = f'if({value[_BIRTH]}, {value[_BIRTH]}.toString().reverse().slice(0, 5).reverse(), "")'

    def view(name: str, shown: Iterable[str] = _COLUMNS, **more: object) -> dict[str, object]:
        order = ["file.name", *(path.get(column, column) for column in shown)]
        return {"type": "table", "name": words[name], **more, "order": order}

    def by(column: str) -> dict[str, str]:
        return {"property": path.get(column, column), "direction": "ASC"}

    following = value["next"]
    return _yaml(
        {
            "filters": {"and": [*([f"file.inFolder({_quoted(folder)})"] if folder else []), 'file.ext == "md"']},
            "formulas": {**formulas, "birth_day": birth_day},  # the last five of `1980-05-12` and of `--05-12`
            "properties": {
                **{path[name]: {"displayName": _title(name, languages[0])} for name in keys},
                "formula.birth_day": {"displayName": words["day"]},
            },
            "views": [
                view("all", sort=[by("stage")]),
                view("stage", groupBy=by("stage"), sort=[by("next")]),
                view("tier", groupBy=by("tier"), sort=[by("next")]),
                view("due", filters=f'{following} && {following} <= today() + "7d"', sort=[by("next")]),
                view("forgotten", filters=f'({active}) && file.mtime < today() - "90d"', sort=[by("file.mtime")]),
                view(
                    "birthdays",
                    ("formula.birth_day", _BIRTH, "owner"),
                    filters=value[_BIRTH],
                    sort=[by("formula.birth_day")],
                ),
            ],
        }
    )


def _first_of(keys: Sequence[str]) -> str:
    """A formula: the value of the first key that a note has."""
    *others, last = map(_property, keys)
    return "".join(f"if({each}, {each}, " for each in others) + last + ")" * len(others)


def _yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000)


def _property(key: str) -> str:
    """A property in a formula, by brackets: a key may have blanks and letters of any script."""
    return f"note[{_quoted(key)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _spelt(stages: Iterable[str], language: str) -> list[str]:
    """Stages as notes of a language have them."""
    return [stage if language == LANGUAGES[0] else label("stages", stage, language) for stage in stages]


def _title(name: str, language: str) -> str:
    found = label("fields", name, language).replace("_", " ")
    return found[:1].upper() + found[1:]


_WORDS = {
    "en": {
        "all": "All",
        "stage": "By stage",
        "tier": "By tier",
        "due": "Due within a week",
        "forgotten": "Forgotten (no change for 90 days)",
        "birthdays": "Birthdays",
        "day": "Day",
    },
    "fi": {
        "all": "Kaikki",
        "stage": "Vaiheittain",
        "tier": "Tasoittain",
        "due": "Viikon sisällä",
        "forgotten": "Unohtumassa (ei muutoksia 90 päivään)",
        "birthdays": "Syntymäpäivät",
        "day": "Päivä",
    },
}
