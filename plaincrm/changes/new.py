"""A new customer: a note made of a template, with its fields checked, under a name that is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from plaincrm.changes.draft import Draft, Step
from plaincrm.changes.fields import set_field
from plaincrm.changes.known import known_as
from plaincrm.changes.naming import free_stem, sound_name, stem_of, taken_names
from plaincrm.changes.parts import Reading, reading
from plaincrm.changes.plan import Change
from plaincrm.changes.template import built_in, filled
from plaincrm.changes.wording import language_of
from plaincrm.checks.diagnostic import diagnostic
from plaincrm.document.source import Unreadable, decode, read_bytes
from plaincrm.errors import SeemsKnown, UsageError
from plaincrm.index.index import Index
from plaincrm.index.names import find_customer
from plaincrm.index.paths import disk_path
from plaincrm.language import LANGUAGES, label
from plaincrm.records.names import link_key
from plaincrm.records.schema import Schema

# What a customer passes on to one who is made like it: nothing that is said of a person, or of one customer alone.
SHARED = (
    "type",
    "tags",
    "industry",
    "city",
    "country",
    "language",
    "company",
    "parent",
    "tier",
    "owner",
    "source",
    "cadence",
)


class NewNote(NamedTuple):
    """How a note is to be made: the day that templates ask for, where, in which language, like whom, and so on.

    `file` is its name where that is not to be made of the customer's; with `known` it is made even though the customer
    seems to be there already.
    """

    today: date | None = None
    folder: str = ""
    language: str | None = None
    like: str = ""
    file: str = ""
    known: bool = False
    dry_run: bool = False


def new_note(index: Index, name: str, fields: Mapping[str, Sequence[str]], how: NewNote) -> Step:
    """The step that makes the note.

    Raises:
        UsageError: the name is none, there is no such field, a text is no value of it, the template is not sound, or
            the note would be read as no customer.
        NoMatch: none or several customers are called as the one whom it is to be like.
        SeemsKnown: the customer seems to be there already.
    """
    schema, called = index.vault.config.schema, sound_name(name)
    given = {_key(key, schema): texts for key, texts in fields.items()}
    if "name" in given:
        raise UsageError("The name is given twice.", "Give it before the fields, and only there.")
    wanted = {**_like(index, how.like), **given}
    maker = Maker(index, how)
    text, template = maker.beginning(called, wanted)
    stem = _named_file(index, how.file) if how.file else maker.stem(called)
    draft = Draft(f"{stem}.md", text.encode("utf-8", "surrogateescape"), schema)
    for key, texts in {"name": [called], **({} if template else {"stage": schema.stages[:1]}), **wanted}.items():
        draft.make(set_field(draft.note, schema, key, texts))
    data = (draft.step.change.new or b"") if draft.step else draft.note.document.source.encode()
    path = maker.path(stem, draft.note.record.customer.type)
    note = reading(path, data, schema)
    see_sound(note, template)
    if not how.known:
        _see_new(index, note, schema)
    return Step(Change(path, None, data), (f"new: {called}",))


def _key(key: str, schema: Schema) -> str:
    found = schema.table.find(key)
    return found.key if found else key


def _like(index: Index, name: str) -> dict[str, Sequence[str]]:
    """What a new customer takes over from one who is there."""
    if not name:
        return {}
    path = find_customer(index, name).path
    data = read_bytes(index.vault.root / disk_path(path))
    known = reading(path, data, index.vault.config.schema).record.customer.fields
    return {key: [value.text for value in known[key]] for key in SHARED if key in known}


class Maker:
    """What new notes of a vault begin as, where they go and how they are called: looked up once, for one or many."""

    def __init__(self, index: Index, how: NewNote) -> None:
        self.index = index
        self.how = how
        self._folders = dict[str | None, str]()

    def beginning(self, name: str, wanted: Mapping[str, Sequence[str]]) -> tuple[str, str]:
        """What the note begins as, and the template that it comes from; none where that is the built-in one.

        Of several templates it is the one in the language asked for, else in that of most notes, and of the type.
        """
        schema = self.index.vault.config.schema
        kind = next((schema.choice("types", text) for text in wanted.get("type", ())), None)
        found = [
            ((language == self._language, kind is None or kind == of_type), text, path)
            for language, of_type, text, path in self._templates
        ]
        fits, text, path = max(found, key=lambda row: row[0], default=((False, False), "", ""))
        if not path or (self.how.language and not fits[0]):
            return built_in(name, self._language), ""
        return filled(text, name, self.how.today), path

    def stem(self, name: str) -> str:
        """The name of the file: as the customer is called, in the way of most files; none gets it twice."""
        stem = free_stem(stem_of(name, as_named=self._as_named), self._taken)
        self._taken.add(link_key(stem))
        return stem

    def at(self, path: str) -> str | None:
        """The name of a file where that can be a new note; None where it is taken, or none would be read there."""
        stem = link_key(path.removesuffix(".md"))
        sound = path.isprintable() and not {"", ".", ".."} & set(path.split("/"))
        if not sound or stem in self._taken or not self.index.vault.finder.would_read(path):
            return None
        self._taken.add(stem)
        return PurePosixPath(path).stem

    def path(self, stem: str, kind: str | None) -> str:
        """The file: in the folder that is named, else where most customers of the type are, else in the first."""
        finder = self.index.vault.finder
        if kind not in self._folders:
            ways = "select folder from customers join files using (file) where type = ? group by 1"
            usual = self.index.rows(f"{ways} order by count(*) desc, 1 limit 1", (kind,))
            self._folders[kind] = self.how.folder.rstrip("/") or (usual[0][0] if usual else finder.records[0][0])
        path = str(PurePosixPath(self._folders[kind]) / f"{stem}.md")
        if not finder.would_read(path):
            globs = ", ".join(self.index.vault.config.records)
            remedy = f"Notes at {globs} are read: name another folder, or another file."
            raise UsageError(f"{path} would not be read as a customer.", remedy)
        return path

    @cached_property
    def _language(self) -> str:
        return self.how.language or usual_language(self.index)

    @cached_property
    def _templates(self) -> list[tuple[str, str | None, str, str]]:
        """Each template: its language, the type it has, its text and its path."""
        schema, found = self.index.vault.config.schema, []
        for path in self.index.vault.config.templates:
            data = _template(self.index.vault.root, path)
            note = reading(path, data, schema)
            found.append((language_of(note), note.record.customer.type, decode(data).text, path))
        return found

    @cached_property
    def _taken(self) -> set[str]:
        return taken_names(self.index)

    @cached_property
    def _as_named(self) -> bool:
        ((total, as_named),) = self.index.rows("select count(*), sum(customer = name) from customers")
        return bool((as_named or 0) * 2 > total)


def _template(root: Path, path: str) -> bytes:
    """A note that others begin as; none from outside of the vault is read."""
    try:
        file = (root / path).resolve(strict=True)
        if file.is_relative_to(root.resolve()):
            return read_bytes(file)
    except (OSError, RuntimeError, ValueError, Unreadable):
        pass
    raise UsageError(f"There is no template {path} in the vault.", "See [vault] templates in plaincrm.toml.")


_IN_LANGUAGE = """
    select count(*), sum(instr(substr(text, 1, 2000), char(10) || ? || ':') > 0 or instr(text, '## ' || ?) > 0)
    from notes
    """


def usual_language(index: Index) -> str:
    """The language in which most notes call the name of a customer, or their log; English where there is none."""
    first, *others = LANGUAGES
    for language in others:
        words = label("fields", "name", language), label("sections", "log", language).capitalize()
        ((total, count),) = index.rows(_IN_LANGUAGE, words)
        if (count or 0) * 2 > total:
            return language
    return first


def _named_file(index: Index, file: str) -> str:
    stem = stem_of(file.removesuffix(".md"), as_named=True)
    if link_key(stem) in taken_names(index):
        raise UsageError(f"There is a note {stem} already.", "Name the file otherwise.")
    return stem


def see_sound(note: Reading, template: str) -> None:
    """See that the note has no fault that would hide something of it."""
    path = note.record.customer.path
    told = [diagnostic(path, (1, 1, 1, 1), found.code, dict(found.facts)) for found in note.record.faults]
    bad = next((found for found in told if found.severity == "error"), None)
    if bad:
        source = f" The template is {template}." if template else ""
        raise UsageError(f"The new note would have a fault: {bad.message}{source}", bad.help)


def _see_new(index: Index, note: Reading, schema: Schema) -> None:
    customer = note.record.customer
    known = known_as(index, customer, schema)
    if known:
        lines = [f"  {row.customer}  {row.name}: {row.shared}  ({row.path}:{row.line})" for row in known[:10]]
        more = [f"  and {len(known) - 10} more"] if len(known) > 10 else []
        message = "\n".join([f"{customer.name} seems to be there already:", *lines, *more])
        raise SeemsKnown(message, "With --yes a note of its own is written all the same.")
