"""The fields of one note taken over into another: what is new comes in, lists are united, of two values one stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from plaincrm.changes.draft import Draft, Wish
from plaincrm.changes.edits import Edit, in_lines_of
from plaincrm.changes.fields import add_values, set_field
from plaincrm.changes.parts import Reading
from plaincrm.document.nodes import Node
from plaincrm.document.scalars import scalar, scalar_like
from plaincrm.errors import UsageError
from plaincrm.language import unaccented
from plaincrm.records.fields import Field
from plaincrm.records.model import Contact, Value
from plaincrm.records.names import link_key
from plaincrm.records.phone import phone_number
from plaincrm.records.schema import Schema
from plaincrm.records.values import as_text

Kept = Literal["a", "b", "both"]
# Fields that say something together: where one of them differs, the others are not filled in from the other note.
_TOGETHER = (
    frozenset(("address", "postcode", "city", "country")),
    frozenset(("next", "next_action", "next_channel")),
    frozenset(("lost_on", "lost_reason")),
)


class Choice(NamedTuple):
    """One field of which the other note, B, says something else or more: both values, whose is kept, and B's line."""

    field: str
    a: str
    b: str
    kept: Kept
    b_line: int


class TakenFields(NamedTuple):
    """What became of the fields: the choices, and in lines what is in no field now."""

    choices: tuple[Choice, ...]
    left: tuple[str, ...]


def take_fields(
    draft: Draft, other: Reading, take: Mapping[str, Kept], us: frozenset[str], names: Sequence[str]
) -> TakenFields:
    """Take the fields of another note over into a draft.

    `take` says of fields with one value whose is kept where both have one: A's, unless it says b. `us` are the keys by
    which links mean either of the two, `names` what the other customer was called.

    Raises:
        UsageError: `take` names a field of which there is nothing to choose.
        NotMeant: the note cannot say it.
    """
    taking = _Taking(draft, other, take, us)
    taking.names(names)
    for key, node in other.document.fields:
        if isinstance(key.value, str):
            taking.field(key, node)
    open_fields = [choice.field for choice in taking.choices if choice.kept != "both"]
    unused = set(take) - set(open_fields)
    if unused:
        known = ", ".join(open_fields)
        raise UsageError(
            f"There is nothing to choose in {', '.join(sorted(unused))}.",
            f"The notes differ in {known}." if known else "The notes differ in no field.",
        )
    return TakenFields(tuple(taking.choices), tuple(taking.left))


class _Taking:
    """Takes one field after the other."""

    def __init__(self, draft: Draft, other: Reading, take: Mapping[str, Kept], us: frozenset[str]) -> None:
        self.draft = draft
        self.other = other
        self.schema = draft.schema
        self.take = take
        self.us = us
        self.choices: list[Choice] = []
        self.left: list[str] = []
        self.done: set[str] = {"name", "aliases"}
        self.apart = {key for group in _TOGETHER if any(map(self._differs, group)) for key in group}

    def _make(self, wish: Wish) -> None:
        """Let the draft say something, though it may contradict what else the draft says."""
        self.draft.make(wish._replace(reveals=True))

    def _differs(self, key: str) -> bool:
        mine, theirs = self._values(self.draft.note, key), self._values(self.other, key)
        return bool(mine and theirs) and mine[0].value != theirs[0].value and self.take.get(key) != "b"

    def _values(self, note: Reading, key: str) -> Sequence[Value]:
        """What a note says of a field, but for links from one of the two to the other."""
        values = note.record.customer.fields.get(key, ())
        known = self.schema.table.customer.get(key)
        if known is None or known.type != "link":
            return values
        return [value for value in values if link_key(str(value.value)) not in self.us]

    def names(self, names: Sequence[str]) -> None:
        """The name, and what else the other customer was called as aliases."""
        mine = self.draft.note.record.customer
        if self.draft.note.document.front is None and (names or self.other.document.fields):
            self._make(set_field(self.draft.note, self.schema, "name", [mine.name]))
        name = self._values(self.other, "name")
        also = list(names)
        if name and unaccented(name[0].text) != unaccented(mine.name):
            kept: Kept = self.take.get("name", "a")
            self.choices.append(Choice("name", mine.name, name[0].text, kept, name[0].line))
            if kept == "b":
                self._make(set_field(self.draft.note, self.schema, "name", [name[0].text]))
                also.append(mine.name)
        aliases = [value.text for value in self._values(self.other, "aliases")]
        customer = self.draft.note.record.customer
        known = {unaccented(each) for each in (customer.name, customer.id, *customer.aliases)}
        wanted = {unaccented(alias): alias for alias in reversed((*also, *aliases))}
        new = [alias for folded, alias in reversed(wanted.items()) if folded not in known]
        if new:
            self._make(add_values(self.draft.note, self.schema, "aliases", new))

    def field(self, key: Node, node: Node) -> None:
        """One field of the other note."""
        typed = str(key.value)
        known = self.schema.table.find(typed)
        if known is None:
            self._own(key, node)
        elif known.key not in self.done:
            self.done.add(known.key)
            values = self._values(self.other, known.key)
            if known.type == "contact":
                self._contacts(typed, values)
            elif values and known.many:
                self._list(known, values)
            elif values:
                self._single(known, typed, values[0])

    def _single(self, known: Field, typed: str, theirs: Value) -> None:
        mine = next(iter(self._values(self.draft.note, known.key)), None)
        if mine and _compared(mine, known, self.schema) == _compared(theirs, known, self.schema):
            return
        b = _text_of(theirs, known)
        kept: Kept = self.take.get(known.key, "a" if mine or known.key in self.apart else "b")
        self.choices.append(Choice(known.key, _text_of(mine, known) if mine else "", b, kept, theirs.line))
        if kept == "b":
            self._make(set_field(self.draft.note, self.schema, known.key, [b]))
            if mine:
                self.left.append(f"{typed}: {_flat(_text_of(mine, known))} → {_flat(b)}")
        else:
            self.left.append(f"{typed}: {_flat(b)}")

    def _list(self, known: Field, theirs: Sequence[Value]) -> None:
        mine = self._values(self.draft.note, known.key)
        there = {_compared(value, known, self.schema) for value in mine}
        new = [value for value in theirs if _compared(value, known, self.schema) not in there]
        if new:
            a, b = (", ".join(_text_of(value, known) for value in values) for values in (mine, theirs))
            self.choices.append(Choice(known.key, a, b, "both" if mine else "b", theirs[0].line))
            texts = [_text_of(value, known) for value in new]
            self._make(add_values(self.draft.note, self.schema, known.key, texts))

    def _contacts(self, typed: str, theirs: Sequence[Value]) -> None:
        """Contact persons, each once: the same by e-mail address, phone number or name."""
        before = self._values(self.draft.note, "contacts")
        told = [change for value in theirs if (change := self._contact(typed, value))]
        if told:
            a, b = (", ".join(as_text(value.value) for value in values) for values in (before, theirs))
            self.choices.append(Choice("contacts", a, b, "both" if before else "b", theirs[0].line))

    def _contact(self, typed: str, value: Value) -> bool:
        theirs: Contact = value.value
        mine = self._values(self.draft.note, "contacts")
        same = next((known for known in mine if self._is_same(known.value, theirs)), None)
        if same is None or self._contradict(same.value, theirs):
            self._make(add_values(self.draft.note, self.schema, "contacts", [as_text(theirs)]))
            return True
        name, email, phone, role = (one or other for one, other in zip(same.value[:4], theirs[:4], strict=True))
        filled = Contact(name, email, phone, role)
        wish = self._replaced(same, filled) if filled[:4] != same.value[:4] else Wish("", ())
        if wish:
            self._make(wish)
        said = zip(self._as_compared(theirs), self._as_compared(filled), strict=True)
        if wish is None or any(part and part != kept for part, kept in said):
            self.left.append(f"{typed}: {_flat(as_text(theirs))}")
            return True
        return bool(wish.edits)

    def _is_same(self, one: Contact, two: Contact) -> bool:
        names = one.name and unaccented(one.name) == unaccented(two.name)
        mail = one.email and one.email.casefold() == two.email.casefold()
        return bool(names or mail or (one.phone and two.phone and self._number(one) == self._number(two)))

    def _contradict(self, one: Contact, two: Contact) -> bool:
        """Whether one has two addresses or numbers, which one line of a contact has no room for."""
        mail = one.email and two.email and one.email.casefold() != two.email.casefold()
        return bool(mail or (one.phone and two.phone and self._number(one) != self._number(two)))

    def _number(self, contact: Contact) -> str:
        return phone_number(contact.phone, self.schema.country) or contact.phone

    def _as_compared(self, contact: Contact) -> tuple[str, str, str, str]:
        return contact.name, contact.email.casefold(), self._number(contact), contact.role

    def _replaced(self, value: Value, contact: Contact) -> Wish | None:
        """A contact person with more said in the same line; None where it does not stand on a line of its own."""
        note = self.draft.note
        expected = [contact[:4] if known is value else known.value[:4] for known in self._values(note, "contacts")]
        for key, node in note.document.fields:
            known = self.schema.table.find(str(key.value))
            for item in node.items if known and known.type == "contact" else ():
                if item.text is not None and item.text.strip() == value.text:
                    new = scalar_like(note.text[item.start : item.end], as_text(contact))
                    return Wish(
                        f"contacts {as_text(contact)}",
                        (Edit(item.start, item.end, new),),
                        lambda after: [found[:4] for found in after.record.customer.contacts] == expected,
                    )
        return None

    def _own(self, key: Node, node: Node) -> None:
        """A field of one's own, which nothing is known of: as it stands."""
        typed, note = str(key.value), self.draft.note
        theirs = self.other.record.customer.other.get(typed)
        mine = note.record.customer.other.get(typed)
        if theirs in (None, "", [], {}) or mine == theirs or typed in self.done:
            return
        self.done.add(typed)
        raw = self.other.text[node.start : node.end]
        line = self.other.document.source.line_of(node.start)
        a, b = _flat(_shown(mine)), _flat(_shown(theirs))
        if typed not in note.record.customer.other:
            self.choices.append(Choice(typed, "", b, "b", line))
            self._make(self._as_it_stands(key, node))
        elif _is_flat_list(mine) and _is_flat_list(theirs):
            new = [item for item in theirs or [] if item not in (mine or [])]
            if new:
                self.choices.append(Choice(typed, a, b, "both", line))
                self._make(add_values(note, self.schema, typed, new))
        elif self.take.get(typed) == "b" and isinstance(theirs, str) and isinstance(mine, str | None):
            self.choices.append(Choice(typed, a, b, "b", line))
            self._make(set_field(note, self.schema, typed, [theirs]))
            self.left.append(f"{typed}: {a} → {b}")
        else:
            self.choices.append(Choice(typed, a, b, "a", line))
            self.left.append(f"{typed}: {_flat(raw)}")

    def _as_it_stands(self, key: Node, node: Node) -> Wish:
        note, text, source = self.draft.note, self.draft.note.text, self.other.text
        typed, wanted = str(key.value), self.other.record.customer.other[str(key.value)]
        end = source.find("\n", max(node.end - 1, key.end))
        lines = source[source.rfind("\n", 0, key.start) + 1 : end if end >= 0 else len(source)].replace("\r", "")
        front = note.document.front
        at, new = note.document.source.start, f"{lines}\n"
        if front is None:
            named = "" if note.record.customer.fields.get("name") else f"name: {scalar(note.record.customer.name)}\n"
            gap = "" if not text[at:].strip() or text[at:].startswith(("\n", "\r\n")) else "\n"
            new = f"---\n{named}{new}---\n{gap}"
        else:
            at = front.block_end
        edit = Edit(at, at, in_lines_of(text, new))
        return Wish(typed, (edit,), lambda after: after.record.customer.other.get(typed) == wanted)


def _compared(value: Value, known: Field, schema: Schema) -> object:
    """A value of a list as two notes may both have it."""
    if known.type == "phone":
        return phone_number(value.text, schema.country) or value.text
    if known.type == "link":
        return link_key(str(value.value))
    return value.value.casefold() if known.type in ("email", "tag") else value.value


def _text_of(value: Value, known: Field) -> str:
    """A value as one would type it."""
    return f"[[{value.value}]]" if known.type == "link" else value.text or as_text(value.value)


def _flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _shown(value: Any) -> str:  # noqa: ANN401 (a value of one's own field)
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_flat_list(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def comments(other: Reading, note: Reading) -> Iterator[str]:
    """The lines of the other note's front matter with a comment that a note does not have; of a bare one its words."""
    front = other.document.front
    if front is None:
        return
    ends = [item.end for _key, node in other.document.fields for item in (*node.items, node)]
    at, there = front.block_start, [line.strip() for line in note.text.split("\n")]
    for row in other.text[at : front.block_end].split("\n"):
        behind = max([end for end in ends if at <= end <= at + len(row)], default=at)
        bracket = re.match(r"[\s\]},]*", other.text[behind : at + len(row)])
        start = behind + (bracket.end() if bracket else 0)
        comment = other.text[start : at + len(row)].strip()
        if comment.startswith("#") and comment.strip("# ") and not any(line.endswith(comment) for line in there):
            yield _flat(row).lstrip("# ")
        at += len(row) + 1


def without_us(note: Reading, schema: Schema, us: frozenset[str]) -> Iterator[tuple[Field, Sequence[str]]]:
    """The fields by which a note links to one of the two, with the values that are left without that."""
    for key, values in note.record.customer.fields.items():
        field = schema.table.customer[key]
        left = [value for value in values if field.type != "link" or link_key(str(value.value)) not in us]
        if len(left) < len(values):
            yield field, [_text_of(value, field) for value in left]
