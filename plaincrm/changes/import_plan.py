"""An import planned: the note of each customer is made or changed once, by all that is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from plaincrm.changes.carry_out import WriteReport
from plaincrm.changes.draft import Draft, Step, Wish
from plaincrm.changes.edits import edited
from plaincrm.changes.entry import Besides, new_entry
from plaincrm.changes.fields import set_field
from plaincrm.changes.import_assign import Assigned, Group, ImportHow, Progress, named, place
from plaincrm.changes.import_match import Target
from plaincrm.changes.import_note import (
    FieldChange,
    contacts_with,
    deal_wish,
    field_changes,
    field_wish,
    is_logged,
    text_wish,
)
from plaincrm.changes.import_outcome import Outcome, State, spooled_outcomes
from plaincrm.changes.journal import packed_step, unpacked_step
from plaincrm.changes.log import log_entry
from plaincrm.changes.new import Maker, see_sound
from plaincrm.changes.parts import Reading, reading
from plaincrm.changes.plan import Change
from plaincrm.changes.sequences import Spool
from plaincrm.changes.wording import language_of
from plaincrm.changes.write import Reader
from plaincrm.errors import PlaincrmError, UsageError
from plaincrm.records.incoming import Incoming, Remark, Source, harmless
from plaincrm.records.model import Contact
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value

_NO_BRACKETS = {ord(sign): None for sign in "<>()"}
_OF_CONTACTS = frozenset(("email", "phone", "role", "type", "ids"))
_KEPT_AS_TEXT = ("address", "postcode", "city", "country", "birthday", "website", "language", "deny", "allow")


class Planned(NamedTuple):
    """The steps of an import, and what becomes of each customer and record."""

    steps: Sequence[Step]
    outcomes: Sequence[Outcome]


@dataclass(frozen=True)
class ImportReport:
    """What an import does, or would: how each file was read, what becomes of each record, and what was written."""

    sources: tuple[Source, ...]
    outcomes: Sequence[Outcome]
    written: WriteReport


def plan_import(
    assigned: Assigned,
    read: Reader,
    schema: Schema,
    maker: Maker,
    how: ImportHow,
    progress: Progress,
) -> Planned:
    """The change of each note. A record that a note cannot take is told as rejected, and the others go on.

    Raises:
        WriteRefused: a note cannot be read.
    """
    steps, outcomes, beginnings = Spool(packed_step, unpacked_step), spooled_outcomes(), Beginnings(maker, schema)
    for done, group in enumerate(assigned.groups, 1):
        progress("Planning", done, len(assigned.groups))
        try:
            if group.target.new:
                step, outcome = _new(group, beginnings, schema, how)
            else:
                step, outcome = _changed(group, read, schema, how)
        except PlaincrmError as error:
            ours = isinstance(error, UsageError) or group.target.new or getattr(error, "file", "") == group.target.path
            if not ours:
                raise
            step, outcome = None, _outcome(group, "rejected", [], [])._replace(why=error.message)
        if step:
            steps.append(step)
        outcomes.append(outcome)
    for outcome in assigned.others:
        outcomes.append(outcome)
    return Planned(steps, outcomes)


def _outcome(group: Group, state: State, changes: Sequence[FieldChange], left_out: Iterable[str]) -> Outcome:
    told = [
        *(f"{place(record)} {named(record)}: {out}" for record in group.all for out in record.left_out),
        *left_out,
    ]
    return Outcome(
        state,
        group.target.name,
        tuple(map(place, group.all)),
        group.target.path,
        group.target.line,
        group.target.shared,
        tuple(changes),
        left_out=tuple(dict.fromkeys(told)),
    )


def _fields(group: Group, schema: Schema) -> tuple[dict[str, Sequence[str]], list[str]]:
    """What the records of a customer say together: of one value the first record's, of lists all."""
    fields, left_out = dict[str, list[str]](), list[str]()
    for record in group.records:
        said = {**record.fields, **({"ids": record.ids} if record.ids else {})}
        if record.company and record.kind in ("person", "customer"):
            said["company"] = (record.company,)
        elif record.company and record.kind == "company":
            left_out.append(f"{place(record)} {record.name}: {record.company}, since people have a company")
        for key, texts in said.items():
            known = fields.setdefault(key, [])
            new = [text for text in texts if text not in known]
            if not known or schema.table.customer[key].many:
                known += new
            elif new:
                left_out.append(f"{place(record)} {record.name}: {key} {new[0]}, where another row says {known[0]}")
    return dict(fields), left_out


def _people(group: Group, schema: Schema) -> tuple[list[Contact], list[str]]:
    """The contact persons of a group, and what of them a note has no room for."""
    people, left_out = list[Contact](), list[str]()
    for record in group.records:
        for text in record.fields.get("contacts", ()):
            person = read_value(text, schema.table.customer["contacts"], schema)
            people += [person] if isinstance(person, Contact) else []
    for record in group.people:
        first = {key: next(iter(record.fields.get(key, ())), "") for key in ("email", "phone", "role")}
        role = first["role"].translate(_NO_BRACKETS)
        people.append(Contact(record.name.translate(_NO_BRACKETS), first["email"], first["phone"], role))
        others = [key for key in record.fields if key not in _OF_CONTACTS and key not in _KEPT_AS_TEXT]
        bans = [f"{key} {text}" for key in ("deny",) for text in record.fields.get(key, ())]
        who = f"{place(record)} {record.name}"
        left_out += [f"{who}: {', '.join(others)}, which contact persons have not"] if others else []
        left_out += [f"{who}: {', '.join(bans)} is kept as text: only customers have permissions"] if bans else []
    return people, left_out


def _besides_the_line(record: Incoming) -> Remark:
    """What is said of a contact person for whom a line has no room: other addresses and numbers, where they live."""
    more = [text for key in ("email", "phone") for text in record.fields.get(key, ())[1:]]
    told = [f"{key} {text}" for key in _KEPT_AS_TEXT for text in record.fields.get(key, ())]
    return Remark("; ".join([*more, *told]))


def _changed(group: Group, read: Reader, schema: Schema, how: ImportHow) -> tuple[Step | None, Outcome]:
    """A note that is there, with what is new in the records."""
    draft = Draft(group.target.path, read(group.target.path), schema)
    fields, left_out = _fields(group, schema)
    people, more = _people(group, schema)
    fields.pop("contacts", None)
    changes, wishes = field_changes(draft.note, fields, schema, keep=how.keep)
    told, texts = contacts_with(draft.note.record.customer, people, schema, keep=how.keep)
    if told:
        changes += told
        wishes.append(set_field(draft.note, schema, "contacts", texts))
    if draft.note.document.front:
        edits = tuple(edit for wish in wishes for edit in wish.edits)
        holds = [wish.holds for wish in wishes]
        what = ", ".join(dict.fromkeys(change.field for change in changes))
        draft.make(Wish(what, edits, lambda after: all(hold(after) for hold in holds)))
    elif changes:
        raise UsageError("The note has no front matter.", "Write its name into one by hand.")
    for say in _besides(group, schema):
        change, wish, out = say(draft.note)
        changes += [change] if change else []
        left_out += [out] if out else []
        if wish:
            draft.make(wish)
    step = draft.step
    if step:
        step = Step(step.change, (f"imported: {'; '.join(step.what)}",))
    return step, _outcome(group, "changed" if step else "same", changes, [*left_out, *more])


def _new(group: Group, beginnings: Beginnings, schema: Schema, how: ImportHow) -> tuple[Step | None, Outcome]:
    """A note that is made, its fields checked; since nobody's text is touched it is proved by what it says then."""
    fields, left_out = _fields(group, schema)
    people, more = _people(group, schema)
    defaults = {key: (text,) for record in group.records for key, text in record.defaults.items()}
    wanted: dict[str, Sequence[str]] = {**defaults, **fields, **how.fields}
    fields.pop("contacts", None)
    note, template = beginnings.of(group.target, wanted)
    _told, contacts = contacts_with(note.record.customer, people, schema, keep=False)
    wanted = {"name": (group.target.name,), **wanted, "contacts": contacts}
    order = [key for key in schema.table.customer if wanted.get(key)]
    wishes = [field_wish(note, schema, key, wanted[key]) for key in order]
    changes = [FieldChange(key, "", ", ".join(wanted[key])) for key in order if key != "name"]
    for say in _besides(group, schema):  # the first stands below the fields, so all are made in one go
        told, wish, out = say(note)
        changes += [told] if told else []
        left_out += [out] if out else []
        if wish:
            note, wishes = _made(group.target.path, note, [*wishes, wish], schema), []
    note = _made(group.target.path, note, wishes, schema) if wishes else note
    see_sound(note, template)
    made = Change(group.target.path, None, note.document.source.encode())
    return Step(made, (f"new: {group.target.name}",)), _outcome(group, "new", changes, [*left_out, *more])


def _made(path: str, note: Reading, wishes: Sequence[Wish], schema: Schema) -> Reading:
    """A new note with what is wished of it.

    Raises:
        UsageError: it would not say so.
    """
    text = edited(note.text, [edit for wish in wishes for edit in wish.edits])
    made = reading(path, text.encode("utf-8", "surrogateescape"), schema)
    if not all(wish.holds(made) for wish in wishes):
        raise UsageError("The note would not say what is meant.", "Write it by hand.")
    return made


class Beginnings:
    """What new notes begin as; where they differ by the name alone, which is a field like others, it is read once."""

    _ANYBODY = "Anybody at all"

    def __init__(self, maker: Maker, schema: Schema) -> None:
        self._maker, self._schema = maker, schema
        self._known = dict[str, Reading]()

    def of(self, target: Target, wanted: Mapping[str, Sequence[str]]) -> tuple[Reading, str]:
        """The note as it begins, and the template that it comes from.

        Raises:
            UsageError: the template is not sound.
        """
        text, template = self._maker.beginning(self._ANYBODY, wanted)
        if text not in self._known:
            self._known[text] = self._read("", text)
        note = self._known[text]
        named = [value.text for value in note.record.customer.fields.get("name", ())]
        if text.count(self._ANYBODY) == 1 and named == [self._ANYBODY]:
            return note, template
        return self._read(target.path, self._maker.beginning(target.name, wanted)[0]), template

    def _read(self, path: str, text: str) -> Reading:
        note = reading(path, text.encode("utf-8", "surrogateescape"), self._schema)
        return replace(note, language=language_of(note))


_Told = tuple[FieldChange | None, Wish | None, str]  # what changes, the wish that does it, or why it cannot be done


def _besides(group: Group, schema: Schema) -> Iterator[Callable[[Reading], _Told]]:
    """Deals, entries and text, one after the other, each to be asked of the note as it is by then."""
    for record in group.all:
        if record.deal:
            yield partial(deal_wish, deal=record.deal)
    people = set(map(id, group.people))
    for record in group.all:
        who = record.name if id(record) in people else ""
        for remark in (*([_besides_the_line(record)] if who else []), *record.remarks):
            yield partial(_remark, remark=remark._replace(who=remark.who or who), schema=schema)


def _remark(note: Reading, remark: Remark, schema: Schema) -> _Told:
    if not harmless(remark.text):
        return None, None, ""
    first = harmless(remark.text).partition("\n")[0][:60]
    if remark.day is None:
        said = f"{remark.who}: {remark.text}" if remark.who else remark.text
        wish = text_wish(note, said)
        return (FieldChange("text", "", first), wish, "") if wish else (None, None, "")
    if is_logged(note.record.customer.entries, remark.day, remark.text):
        return None, None, ""
    try:
        new = new_entry(schema, remark.day, harmless(remark.text), Besides(remark.channel, who=remark.who))
        wish = log_entry(note, schema, new)
    except (UsageError, BadValue):
        return None, None, f"{note.record.customer.name}: its note of {remark.day} would be read as something else"
    return FieldChange("log", "", f"{remark.day} {first}"), wish, ""
