"""An import planned: each record finds its customer, and each customer's note is made or changed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple

from plaincrm.changes.carry_out import WriteReport
from plaincrm.changes.draft import Draft, Step, Wish
from plaincrm.changes.edits import edited
from plaincrm.changes.entry import Besides, new_entry
from plaincrm.changes.fields import set_field
from plaincrm.changes.import_match import Register, Target, Unclear
from plaincrm.changes.import_note import (
    FieldChange,
    contacts_with,
    deal_wish,
    field_changes,
    field_wish,
    is_logged,
    text_wish,
)
from plaincrm.changes.log import log_entry
from plaincrm.changes.new import Maker, NewNote, see_sound
from plaincrm.changes.parts import Reading, reading
from plaincrm.changes.plan import Change
from plaincrm.changes.write import Reader
from plaincrm.errors import PlaincrmError, UsageError
from plaincrm.index.index import Index
from plaincrm.records.incoming import Incoming, Rejection, Remark, Source, harmless
from plaincrm.records.model import Contact
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value

State = Literal["new", "changed", "same", "unclear", "rejected"]
_ORDER = {"company": 0, "customer": 1, "person": 2, "deal": 3}
_NO_BRACKETS = {ord(sign): None for sign in "<>()"}
_OF_CONTACTS = frozenset(("email", "phone", "role", "type", "ids", "since", "owner", "stage", "source"))


class ImportHow(NamedTuple):
    """How records are taken over: what new customers get, whether a note's own values stay, and what was decided.

    `decided` names the customer of a record, or `new`, by `FILE:LINE`.
    """

    new: NewNote = NewNote()
    fields: Mapping[str, Sequence[str]] = {}
    keep: bool = False
    decided: Mapping[str, str] = {}


class Outcome(NamedTuple):
    """What becomes of a customer, or of a record that finds none.

    `places` are the records it comes from (`contacts.csv:7`), `shared` is what tells that it is this customer, `line`
    stands for the first line of the note that an evidence is on.
    """

    state: State
    name: str
    places: tuple[str, ...]
    path: str = ""
    line: int = 1
    shared: str = ""
    changes: tuple[FieldChange, ...] = ()
    why: str = ""
    candidates: tuple[Target, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass
class Group:
    """All records about one customer: its own, its contact persons with the rows they come from, its deals."""

    target: Target
    records: list[Incoming] = field(default_factory=list)
    people: list[Incoming] = field(default_factory=list)
    deals: list[Incoming] = field(default_factory=list)

    @property
    def all(self) -> list[Incoming]:
        """Every record, in the order in which they were assigned."""
        return [*self.records, *self.people, *self.deals]


class Assigned(NamedTuple):
    """Records by customer, and those that found none."""

    groups: tuple[Group, ...]
    others: tuple[Outcome, ...]


def assign(index: Index, records: Iterable[Incoming | Rejection], how: ImportHow) -> Assigned:
    """Whom each record is about; companies first, since people are theirs, deals last."""
    schema = index.vault.config.schema
    register, maker = Register(index, schema), Maker(index, how.new)
    groups, others, sound = dict[str, Group](), list[Outcome](), list[Incoming]()
    for record in records:
        if isinstance(record, Rejection):
            others.append(Outcome("rejected", "", (_place(record),), why=record.why))
        else:
            sound.append(record)
    sound.sort(key=lambda record: _ORDER[record.kind])  # stable: within a kind as the files have them
    for given in sound:
        record = given
        try:
            role, target = _target(record, register, how)
            employer = register.company(record) if record.kind == "person" and role == "records" else None
            if employer:
                record = record._replace(company=f"[[{employer.customer}]]")
            if target is None:
                if role == "deals":
                    why = f"its customer is not there: {record.company}" if record.company else "it names no customer"
                    others.append(Outcome("rejected", _named(record), (_place(record),), why=why))
                    continue
                target = _made(record, maker, how)
        except Unclear as unclear:
            candidates = unclear.candidates
            others.append(Outcome("unclear", _named(record), (_place(record),), why=unclear.why, candidates=candidates))
            continue
        except PlaincrmError as error:
            others.append(Outcome("rejected", _named(record), (_place(record),), why=error.message))
            continue
        group = groups.setdefault(target.path, Group(target))
        getattr(group, role).append(record)
        if role == "records":
            register.add(record, group.target)
    return Assigned(tuple(groups.values()), tuple(others))


def _place(record: Incoming | Rejection) -> str:
    return f"{record.file}:{record.line}"


def _named(record: Incoming) -> str:
    return record.name or (record.deal.name if record.deal else "")


def _target(record: Incoming, register: Register, how: ImportHow) -> tuple[str, Target | None]:
    """As what a record belongs to whom: as a customer of its own, a contact person, or a deal.

    Raises:
        Unclear: it may be one of several.
        NoMatch: a decision names nobody.
    """
    told = how.decided.get(_place(record)) or how.decided.get(str(record.line), "")
    role = "deals" if record.kind == "deal" else "records"
    if told:
        decided = register.decided(told)
        person = record.kind == "person" and decided is not None and decided.name != record.name
        return ("people" if person else role), decided
    if record.kind == "deal":
        return role, register.company(record) or (register.customer(record) if record.fields else None)
    if record.kind != "person":
        return role, register.customer(record)
    company = register.company(record)
    try:
        own = register.customer(record, persons=True)
    except Unclear:
        if company is None:
            raise
        own = None  # a namesake; the company tells whose contact person it is
    if own is not None and (company is None or own.path != company.path):
        return "records", own
    company = company or register.employer(record)
    return ("people", company) if company else ("records", None)


def _made(record: Incoming, maker: Maker, how: ImportHow) -> Target:
    """A customer that the import makes.

    Raises:
        UsageError: no file can be called so, or none would be read there.
    """
    kind = next(iter(how.fields.get("type", record.fields.get("type", ()))), None)
    stem = maker.stem(record.name)
    return Target(maker.path(stem, kind), stem, record.name, new=True)


class Planned(NamedTuple):
    """The steps of an import, and what becomes of each customer and record."""

    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class ImportReport:
    """What an import does, or would: how each file was read, what becomes of each record, and what was written."""

    sources: tuple[Source, ...]
    outcomes: tuple[Outcome, ...]
    written: WriteReport


def plan_import(
    assigned: Assigned,
    read: Reader,
    schema: Schema,
    maker: Maker,
    how: ImportHow,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Planned:
    """The change of each note. A record that a note cannot take is told as rejected, and the others go on.

    Raises:
        WriteRefused: a note cannot be read.
    """
    steps, outcomes = list[Step](), list[Outcome]()
    for done, group in enumerate(assigned.groups, 1):
        progress(done, len(assigned.groups))
        try:
            step, outcome = (_new if group.target.new else _changed)(group, read, schema, maker, how)
        except UsageError as error:
            outcome = _outcome(group, "rejected", [], [])._replace(why=error.message)
            step = None
        except PlaincrmError as error:
            if not group.target.new and getattr(error, "file", "") != group.target.path:
                raise
            outcome = _outcome(group, "rejected", [], [])._replace(why=error.message)
            step = None
        steps += [step] if step else []
        outcomes.append(outcome)
    return Planned(tuple(steps), (*outcomes, *assigned.others))


def _outcome(group: Group, state: State, changes: Sequence[FieldChange], left_out: Iterable[str]) -> Outcome:
    told = [
        *(f"{_place(record)} {_named(record)}: {out}" for record in group.all for out in record.left_out),
        *left_out,
    ]
    return Outcome(
        state,
        group.target.name,
        tuple(map(_place, group.all)),
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
        if record.company and record.kind == "person":
            said["company"] = (record.company,)
        for key, texts in said.items():
            known = fields.setdefault(key, [])
            new = [text for text in texts if text not in known]
            if not known or schema.table.customer[key].many:
                known += new
            elif new:
                left_out.append(f"{_place(record)} {record.name}: {key} {new[0]}, where another row says {known[0]}")
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
        more = [text for key in ("email", "phone") for text in record.fields.get(key, ())[1:]]
        others = [key for key in record.fields if key not in _OF_CONTACTS]
        who = f"{_place(record)} {record.name}"
        left_out += [f"{who}: {text}, since a contact person has one" for text in more]
        left_out += [f"{who}: {', '.join(others)}, which contact persons have not"] if others else []
    return people, left_out


def _changed(group: Group, read: Reader, schema: Schema, _maker: Maker, how: ImportHow) -> tuple[Step | None, Outcome]:
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


def _new(group: Group, _read: Reader, schema: Schema, maker: Maker, how: ImportHow) -> tuple[Step | None, Outcome]:
    """A note that is made, its fields checked; since nobody's text is touched it is proved by one reading."""
    fields, left_out = _fields(group, schema)
    people, more = _people(group, schema)
    defaults = {key: (text,) for record in group.records for key, text in record.defaults.items()}
    wanted: dict[str, Sequence[str]] = {**defaults, **fields, **how.fields}
    fields.pop("contacts", None)
    text, template = maker.beginning(group.target.name, wanted)
    base = reading(group.target.path, text.encode("utf-8", "surrogateescape"), schema)
    _told, contacts = contacts_with(base.record.customer, people, schema, keep=False)
    wanted = {"name": (group.target.name,), **wanted, "contacts": contacts}
    order = [key for key in schema.table.customer if wanted.get(key)]
    wishes = [field_wish(base, schema, key, wanted[key]) for key in order]
    note = _read_anew(base, wishes, schema)
    if not all(wish.holds(note) for wish in wishes):
        raise UsageError("The note would not say what is meant.", "Write it by hand.")
    changes = [FieldChange(key, "", ", ".join(wanted[key])) for key in order if key != "name"]
    for say in _besides(group, schema):
        told, wish, out = say(note)
        changes += [told] if told else []
        left_out += [out] if out else []
        note = _read_anew(note, [wish], schema) if wish else note
    see_sound(note, template)
    made = Change(group.target.path, None, note.document.source.encode())
    return Step(made, (f"new: {group.target.name}",)), _outcome(group, "new", changes, [*left_out, *more])


def _read_anew(note: Reading, wishes: Iterable[Wish], schema: Schema) -> Reading:
    text = edited(note.text, [edit for wish in wishes for edit in wish.edits])
    return reading(note.record.customer.path, text.encode("utf-8", "surrogateescape"), schema)


_Told = tuple[FieldChange | None, Wish | None, str]  # what changes, the wish that does it, or why it cannot be done


def _besides(group: Group, schema: Schema) -> Iterator[Callable[[Reading], _Told]]:
    """Deals, entries and text, one after the other, each to be asked of the note as it is by then."""
    for record in group.all:
        if record.deal:
            yield partial(deal_wish, deal=record.deal)
    for record in group.all:
        who = record.name if record in group.people else ""
        for remark in record.remarks:
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
