"""Presets: what the columns of a program's export mean, one file of data each, recognised by the columns alone."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, cast

from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import UsageError
from plaincrm.language import fold
from plaincrm.records.fields import FieldTable
from plaincrm.records.incoming import Kind
from plaincrm.vault.settings_text import as_toml

KINDS = ("company", "person", "deal", "customer")
# What a column can be besides a field of a customer.
TARGETS = (
    *("first_name", "middle_name", "last_name", "id", "company_id", "note", "note_date", "file"),
    *("contact_name", "contact_email", "contact_phone", "contact_role"),
    *("deal", "value", "currency", "chance", "opened", "expected", "won", "lost", "state", "reason"),
)


class Preset(NamedTuple):
    """What the columns of one kind of file mean.

    `columns` are the targets by folded header, in the order of preference; an empty one is left out knowingly.
    `words` are values by folded header: what is written there, folded, and what it means. `separator` stands between
    several values of a cell.
    """

    name: str
    kind: Kind
    requires: tuple[str, ...]
    columns: Mapping[str, str]
    source: str = ""
    company_source: str = ""
    separator: str = ""
    words: Mapping[str, Mapping[str, str]] = {}
    defaults: Mapping[str, str] = {}


def recognised(headers: Iterable[str], presets: Iterable[Preset]) -> Preset | None:
    """The preset whose required columns are all there; of several the one that requires most, then knows most."""
    there = set(map(fold, headers))
    fitting = [preset for preset in presets if preset.requires and there.issuperset(map(fold, preset.requires))]
    return max(fitting, key=lambda preset: (len(preset.requires), len(there & set(preset.columns))), default=None)


def presets_of(root: Path, user_folder: Path | None) -> tuple[Preset, ...]:
    """The presets of the vault, then the user's own, then ours: of those that fit as well the first is taken."""
    folders = [root / ".plaincrm" / "presets", *([user_folder / "presets"] if user_folder else [])]
    own = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))]
    return (*map(_of_file, own), *built_in())


@cache
def built_in() -> tuple[Preset, ...]:
    """The presets that come with plaincrm, by name."""
    folder = resources.files("plaincrm.exchange") / "presets"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return tuple(_preset(tomllib.loads(item.read_text(encoding="utf-8")), item.name) for item in files)


@cache
def general() -> Preset:
    """The names that columns usually have, for a file that no preset fits."""
    return next(preset for preset in built_in() if not preset.requires)


def preset_text(name: str, kind: str, mapping: Mapping[str, str]) -> str:
    """A preset as a file: these columns, all of which a file has to have."""
    lines = [
        "# What the columns of a file mean to plaincrm import: see docs/import.md.",
        f"name = {as_toml(name)}",
        f"kind = {as_toml(kind)}",
        f"requires = {as_toml(tuple(mapping))}",
        "",
        "[columns]",
        *(f"{as_toml(header)} = {as_toml(target)}" for header, target in mapping.items()),
    ]
    return "\n".join([*lines, ""])


def target_of(text: str, table: FieldTable) -> str:
    """What a column is said to be: a field in any spelling, one of TARGETS, or nothing (`-`).

    Raises:
        UsageError: there is no such field.
    """
    if text in ("", "-"):
        return ""
    key, equals, value = text.partition("=")
    if not equals and fold(text).replace(" ", "_") in TARGETS:
        return fold(text).replace(" ", "_")
    field = table.find(key)
    if field is None:
        raise UsageError(f"There is no field {key}.", f"See plaincrm fields; besides there are {', '.join(TARGETS)}.")
    return f"{field.key}={value}" if equals else field.key


def _of_file(path: Path) -> Preset:
    try:
        return _preset(tomllib.loads(read_bytes(path).decode()), path.name)
    except (Unreadable, ValueError) as error:
        raise UsageError(f"The preset {path} cannot be read: {error}.", "Mend it, or take it away.") from None


def _preset(data: Mapping[str, Any], file: str) -> Preset:
    """A preset as its file says it.

    Raises:
        ValueError: it says something else than a preset does.
    """
    odd = set(data) - {*Preset._fields}
    if odd:
        raise ValueError(f"it has {', '.join(sorted(odd))}, which no preset has")
    kind, columns, words = data.get("kind", "customer"), data.get("columns", {}), data.get("words", {})
    if kind not in KINDS or not isinstance(columns, dict) or not isinstance(words, dict):
        raise ValueError(f"kind is one of {', '.join(KINDS)}; columns and words are tables")
    texts = (*columns.values(), *(word for table in words.values() for word in table.values()))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("columns and words are texts")
    return Preset(
        name=str(data.get("name", file.removesuffix(".toml"))),
        kind=cast("Kind", kind),
        requires=tuple(map(str, data.get("requires", ()))),
        columns={fold(header): target for header, target in columns.items()},
        source=str(data.get("source", "")),
        company_source=str(data.get("company_source", "")),
        separator=str(data.get("separator", "")),
        words={fold(header): {fold(word): text for word, text in table.items()} for header, table in words.items()},
        defaults={str(key): str(value) for key, value in data.get("defaults", {}).items()},
    )
