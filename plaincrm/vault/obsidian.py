"""What Obsidian is told of a vault: the types of its properties, and a base with tables of the customers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
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
_RESERVED = ("tags", "aliases")  # whose types are called as they are


def property_types(schema: Schema, language: str) -> dict[str, str]:
    """Obsidian's type of each field of the front matter, by the keys of a language and the canonical ones."""
    found: dict[str, str] = {}
    for field in schema.table.customer.values():
        reserved = field.key in _RESERVED
        kind = field.key if reserved else "multitext" if field.many else _TYPES.get(field.type, "text")
        found[field.key] = kind
        found.setdefault(field_key(field, language), "multitext" if reserved else kind)
    return found


def field_key(field: Field, language: str) -> str:
    """The key of a field in new notes of a language."""
    return field.key if language == LANGUAGES[0] or field.own else field.label(language)


def merged_types(text: str, types: Mapping[str, str]) -> str | None:
    """Obsidian's own file with the types that it lacks put in at the end of its list; None where it lacks none.

    Every byte that stands there stays.

    Raises:
        ValueError: it is not as Obsidian writes it.
    """
    if not text.strip():
        return _json({"types": dict(types)})
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


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _with_members(text: str, brace: int, members: Iterable[str]) -> str:
    """A JSON text with members put in before the closing brace of an object, in lines of their own where others are."""
    inside = text[:brace].rstrip()
    lines = re.search(r"\n[ \t]*(?=[^\n]*\Z)", inside)
    between = lines[0] if lines and "\n" in text[len(inside) : brace] else " "
    added = f",{between}".join(members)
    return inside + (f"{added}" if inside.endswith("{") else f",{between}{added}") + text[len(inside) :]


def customers_base(config: Config, language: str, folder: str) -> str:
    """A base with tables of the customers in a folder: all, by stage, by tier, due, forgotten, birthdays.

    Only the syntax that Obsidian documents is used (Obsidian Help, Bases syntax), and no difference of dates. The log
    is beyond a base: who is being forgotten is told by when the note was last changed.
    """
    key = {field.key: field_key(field, language) for field in config.schema.table.customer.values()}
    words, birthday, following = _WORDS[language], _property(key["birthday"]), _property(key["next"])
    active = " || ".join(f"{_property(key['stage'])} == {_quoted(stage)}" for stage in _spelt(config.active, language))
    columns = ("stage", "tier", "owner", "city", "next", "next_action")

    def table(name: str, shown: Iterable[str] = columns, **more: object) -> dict[str, object]:
        order = ["file.name", *(f"note.{key[column]}" if column in key else column for column in shown)]
        return {"type": "table", "name": words[name], **more, "order": order}

    def sort(column: str) -> list[dict[str, str]]:
        return [{"property": f"note.{key[column]}" if column in key else column, "direction": "ASC"}]

    return _yaml(
        {
            "filters": {"and": [*([f"file.inFolder({_quoted(folder)})"] if folder else []), 'file.ext == "md"']},
            "formulas": {  # month and day: the last five characters of `1980-05-12` and of `--05-12`
                "birth_day": f'if({birthday}, {birthday}.toString().reverse().slice(0, 5).reverse(), "")'
            },
            "properties": {
                **{
                    f"note.{key[column]}": {"displayName": _title(column, language)}
                    for column in (*columns, "birthday")
                },
                "formula.birth_day": {"displayName": words["day"]},
            },
            "views": [
                table("all", sort=sort("stage")),
                table("stage", groupBy=sort("stage")[0], sort=sort("next")),
                table("tier", groupBy=sort("tier")[0], sort=sort("next")),
                table("due", filters=f'{following} && {following} <= today() + "7d"', sort=sort("next")),
                table("forgotten", filters=f'({active}) && file.mtime < today() - "90d"', sort=sort("file.mtime")),
                table(
                    "birthdays",
                    ("formula.birth_day", "birthday", "owner"),
                    filters=birthday,
                    sort=sort("formula.birth_day"),
                ),
            ],
        }
    )


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
