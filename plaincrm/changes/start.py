"""A new vault: the files that it begins with, each made where there is none; what stands there stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from plaincrm.changes.carry_out import WriteReport
from plaincrm.changes.draft import Step
from plaincrm.changes.place import bare
from plaincrm.changes.plan import Change
from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import UsageError
from plaincrm.language import LANGUAGES
from plaincrm.records.json_schema import json_schema
from plaincrm.records.schema import Schema
from plaincrm.vault.adoption import Adoption, adoption
from plaincrm.vault.config import NAME, Config, read_config
from plaincrm.vault.files import FilesOnDisk
from plaincrm.vault.find import obsidian_folder
from plaincrm.vault.obsidian import TYPES_FILE, as_json, customers_base, merged_types, property_types
from plaincrm.vault.settings_text import settings_text

SCHEMA_FILE = ".plaincrm/front-matter.schema.json"
TEMPLATES_FILE = ".obsidian/templates.json"
TEMPLATER = ".obsidian/plugins/templater-obsidian"
_IGNORED = (  # what programs keep for one machine alone
    ".obsidian/workspace*.json",
    ".obsidian/cache",
    ".trash/",
    ".DS_Store",
    "*.tmp",
    ".plaincrm-*",
)
_CUSTOMERS, _TEMPLATES = "customers", "templates"
_PLACEHOLDERS = {"{{title}}": "<% tp.file.title %>", "{{date}}": "<% tp.date.now('YYYY-MM-DD') %>"}


Settings = Mapping[tuple[str, str], object]  # by table and key
_USUAL: Settings = {("cadence", "default"): "6m"}  # without a rhythm nobody can be forgotten in time
_OF_LANGUAGE: Mapping[str, Settings] = {"fi": {("vault", "country"): "FI", ("vault", "timezone"): "Europe/Helsinki"}}


class NewVault(NamedTuple):
    """How a vault is to begin: its settings by table and key, its language, and whether Templater's templates too.

    Without a language it is that of the templates that are there, else English. With `adopt` the notes that are there
    are looked at, and the settings alone are written.
    """

    settings: Settings = MappingProxyType({})
    language: str = ""
    templater: bool = False
    adopt: bool = False


class Beginning(NamedTuple):
    """The steps that make a vault of a folder, and the files that were there and stay: of each, what to know.

    `found` is what its notes look like, where that was asked; `unused` are settings that came too late, and `language`
    is that of its templates.
    """

    steps: tuple[Step, ...]
    kept: tuple[tuple[str, str], ...]
    found: Adoption | None = None
    unused: tuple[str, ...] = ()
    language: str = LANGUAGES[0]


class Begun(NamedTuple):
    """A vault that was made, or would be: its folder, what there was to do, and what was written."""

    root: Path
    beginning: Beginning
    report: WriteReport


def beginning(root: Path, how: NewVault) -> Beginning:
    """What a folder lacks to be a vault. A folder that lacks nothing has no steps.

    Raises:
        UsageError: its settings are there and are not sound, or those that are asked for are not.
    """
    how = how._replace(language=how.language or _language(root))
    found = adoption(root, Schema()) if how.adopt else None
    if found is not None and not found.records:
        return Beginning((), (), found)
    settings, there = _settings(root, how, found), (root / NAME).exists()
    config = _config(root, settings)
    steps: list[Step] = []
    kept: list[tuple[str, str]] = []
    for path, what, text in _wanted(root, how, config, settings):
        known = _known(root, path)
        if known is None:
            steps.append(Step(Change(path, None, text.encode()), (what,)))
        elif path == TYPES_FILE:
            _merge_types(root, text, steps, kept)
        else:
            kept.append((known, ""))
    unused = tuple(key for _table, key in how.settings if there)
    return Beginning(tuple(steps), tuple(kept), found, unused, how.language)


def make_folder(root: Path) -> None:
    """Make the folder of a new vault, for its owner alone: it is going to hold what one knows of people."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)


def _config(root: Path, settings: Settings) -> Config:
    """The settings that the vault has, or will have."""
    if (root / NAME).exists():
        config = read_config(read_bytes(root / NAME))
        if config.faults:
            raise UsageError(f"{NAME} is there and has faults.", "plaincrm check tells them; mend them first.")
        return config
    config = read_config(settings_text(settings).encode())
    if config.faults:
        facts = dict(config.faults[0].facts)
        raise UsageError(f"{facts.get('setting')} is not as it should be.", f"It takes {facts.get('wanted')}.")
    return config


def _settings(root: Path, how: NewVault, found: Adoption | None) -> Settings:
    """The settings of a new vault: with its own templates, and with folders by the names that they have here."""
    if found is not None:
        return {("vault", "records"): list(found.records), **_USUAL, **how.settings}
    templates = _template_folder(root)
    return {
        ("vault", "records"): [f"{_known(root, _CUSTOMERS) or _CUSTOMERS}/**/*.md"],
        ("vault", "templates"): [f"{templates}/{name}" for name in _templates(how.language)],
        **_USUAL,
        **_OF_LANGUAGE.get(how.language, {}),
        **how.settings,
    }


def _known(root: Path, path: str) -> str | None:
    """A file or folder as it is called here already, in whatever case; None where there is none."""
    found = ""
    for part in path.split("/"):
        folder = root / found
        there = sorted(item.name for item in folder.iterdir()) if folder.is_dir() else []
        name = part if part in there else next((other for other in there if bare(other) == bare(part)), None)
        if name is None:
            return None
        found = f"{found}/{name}" if found else name
    return found


def _template_folder(root: Path) -> str:
    return obsidian_folder(FilesOnDisk(root)) or _known(root, _TEMPLATES) or _TEMPLATES


def _folder_of(config: Config, root: Path) -> str:
    """The folder in which customers are made: what the first glob begins with."""
    first = config.records[0].split("/")
    fixed = [part for part in first[:-1] if "*" not in part and "?" not in part]
    return "/".join(fixed) or ("" if len(first) == 1 else _known(root, _CUSTOMERS) or _CUSTOMERS)


def _starter(language: str) -> dict[str, str]:
    """The notes that come with the program, by the names of their files; a template's has no blank in it."""
    found = sorted(files("plaincrm.changes").joinpath("starter", language).iterdir(), key=lambda item: item.name)
    return {item.name: item.read_text(encoding="utf-8") for item in found}


def _templates(language: str) -> dict[str, str]:
    return {name: text for name, text in _starter(language).items() if " " not in name}


def _language(root: Path) -> str:
    """The language of the templates of ours that are there; English where there are none."""
    folder = root / _template_folder(root)
    first, *others = LANGUAGES
    return next((other for other in others if any((folder / name).exists() for name in _templates(other))), first)


def _wanted(root: Path, how: NewVault, config: Config, settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Every file of a whole vault: where, what it is, and its text."""
    yield NAME, "the settings, each with what it is for", settings_text(settings)
    if how.adopt:
        return
    folder, templates = _folder_of(config, root), _template_folder(root)
    yield f"{folder}/.gitkeep".lstrip("/"), "the folder of customers", ""
    for name, text in _templates(how.language).items():
        yield f"{templates}/{name}", "a template", text
        if how.templater or (root / TEMPLATER).is_dir():
            yield f"{templates}/{name.removesuffix('.md')}-templater.md", "a template for Templater", _templater(text)
    for name, text in _starter(how.language).items():
        if " " in name:
            yield name, "the format on one screen", text
    yield "Customers.base", "tables of the customers, for Obsidian", customers_base(config, [how.language], folder)
    yield (
        TYPES_FILE,
        "the types of properties, for Obsidian",
        as_json({"types": property_types(config.schema, [how.language])}),
    )
    yield TEMPLATES_FILE, "where templates are, for Obsidian", as_json({"folder": templates})
    yield SCHEMA_FILE, "the fields, for editors", as_json(json_schema(config.schema))
    yield ".gitignore", "what git leaves alone", "\n".join(_IGNORED) + "\n"


def _merge_types(root: Path, text: str, steps: list[Step], kept: list[tuple[str, str]]) -> None:
    """Put the types that Obsidian's own file lacks into it."""
    try:
        old = read_bytes(root / TYPES_FILE)
        merged = merged_types(old.decode(), json.loads(text)["types"])
    except (Unreadable, ValueError):
        kept.append((TYPES_FILE, "it is not as Obsidian writes it, so no types were put in"))
        return
    if merged is None:
        kept.append((TYPES_FILE, ""))
    else:
        steps.append(Step(Change(TYPES_FILE, old, merged.encode()), ("the types of our properties put in",)))


def _templater(text: str) -> str:
    for placeholder, command in _PLACEHOLDERS.items():
        text = text.replace(placeholder, command)
    return text
