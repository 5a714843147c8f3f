"""What incoming records change in one note: fields, contact persons, deals, entries and text, each as one wish."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from plaincrm.changes.draft import Wish
from plaincrm.changes.edits import Edit, in_lines_of
from plaincrm.changes.fields import set_field
from plaincrm.changes.parts import Reading
from plaincrm.changes.wording import language_of
from plaincrm.document.body import section_kind
from plaincrm.document.scalars import scalar
from plaincrm.language import fold, label, unaccented
from plaincrm.records.fields import Field
from plaincrm.records.incoming import OfferedDeal, harmless
from plaincrm.records.model import Contact, Customer, Deal, LogEntry
from plaincrm.records.names import name_words
from plaincrm.records.phone import phone_number
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, as_text, read_value

_OURS = frozenset(("type", "stage", "tier", "owner", "since", "source"))  # our own judgement: filled, never changed
_DEAL_PARTS = ("value", "opened", "chance", "expected", "won", "lost", "reason")


class FieldChange(NamedTuple):
    """A field that gets another value: the canonical key, what stood there (empty: nothing), and what will."""

    field: str
    old: str
    new: str


def field_changes(
    note: Reading, fields: Mapping[str, Sequence[str]], schema: Schema, *, keep: bool
) -> tuple[list[FieldChange], list[Wish]]:
    """The fields that incoming ones change, and the wishes that do it; with `keep` only what is empty is filled.

    Lists get what they lack, and lose nothing.
    """
    changes, wishes = list[FieldChange](), list[Wish]()
    for key in schema.table.customer:
        if key not in fields or key == "name":
            continue
        field = schema.table.customer[key]
        had = [value.text for value in note.record.customer.fields.get(key, ())]
        known = {comparable(text, field, schema) for text in had}
        new = list({comparable(text, field, schema): text for text in reversed(fields[key])}.items())[::-1]
        lacking = [text for value, text in new if value not in known]
        if not lacking or (had and not field.many and (keep or key in _OURS)):
            continue
        wanted = [*had, *lacking] if field.many else lacking[:1]
        wishes.append(field_wish(note, schema, key, wanted))
        changes.append(FieldChange(key, "" if field.many else ", ".join(had), ", ".join(lacking)))
    return changes, wishes


def field_wish(note: Reading, schema: Schema, key: str, texts: Sequence[str]) -> Wish:
    """The wish that a field has these values; the company of whom there is no note stands bare, since it is no link."""
    wish = set_field(note, schema, key, texts)
    if key != "company" or texts[0].startswith("[["):
        return wish
    linked, bare = scalar(f"[[{texts[0]}]]"), scalar(texts[0])
    return wish._replace(edits=tuple(edit._replace(text=edit.text.replace(linked, bare)) for edit in wish.edits))


def comparable(text: str, field: Field, schema: Schema) -> str:
    """A value in the form in which two spellings of it are one."""
    if field.type == "phone":
        return phone_number(text, schema.country) or text
    if field.type == "url":
        return re.sub(r"^https?://(?:www\.)?|/+$", "", text.casefold())
    if field.type in ("text", "email"):
        return " ".join(text.split()).casefold()
    try:
        return as_text(read_value(text, field, schema)).casefold()
    except BadValue:
        return text.casefold()


def contacts_with(
    customer: Customer, people: Iterable[Contact], schema: Schema, *, keep: bool
) -> tuple[list[FieldChange], list[str]]:
    """The contact persons of a customer with others besides: what changes, and all of them as the note will have them.

    One who is there by address, number or name gets what is new of them.
    """
    values = customer.fields.get("contacts", ())
    contacts, texts = [value.value for value in values], [value.text for value in values]
    changes = list[FieldChange]()
    for person in people:
        at = next((place for place, known in enumerate(contacts) if _is_same(known, person, schema)), None)
        if at is None:
            contacts.append(person)
            texts.append(as_text(person))
            changes.append(FieldChange("contacts", "", texts[-1]))
            continue
        merged = _merged(contacts[at], person, schema, keep=keep)
        if merged._replace(line=0) != contacts[at]._replace(line=0):
            changes.append(FieldChange("contacts", texts[at], as_text(merged)))
            contacts[at], texts[at] = merged, as_text(merged)
    return changes, texts


def _is_same(known: Contact, person: Contact, schema: Schema) -> bool:
    """Whether two are one person: the same address, else the same number or name and no other address."""
    if known.email and person.email:
        if known.email.casefold() == person.email.casefold():
            return True
        return bool(known.name) and name_words(known.name) == name_words(person.name)
    number = phone_number(known.phone, schema.country) if known.phone else None
    if number and person.phone and number == phone_number(person.phone, schema.country):
        return not (known.name and person.name) or name_words(known.name) == name_words(person.name)
    return bool(known.name) and name_words(known.name) == name_words(person.name)


def _merged(known: Contact, person: Contact, schema: Schema, *, keep: bool) -> Contact:
    parts = {part: getattr(person, part) or getattr(known, part) for part in ("email", "phone", "role")}
    numbers = [phone_number(contact.phone, schema.country) for contact in (known, person) if contact.phone]
    if len(numbers) == 2 and numbers[0] == numbers[1]:
        parts["phone"] = known.phone  # as the note has it
    if known.email.casefold() == person.email.casefold():
        parts["email"] = known.email
    if keep:
        parts = {part: getattr(known, part) or text for part, text in parts.items()}
    return known._replace(name=known.name or person.name, **parts)


def deal_line(deal: OfferedDeal, language: str) -> str:
    """A deal as one line of a note."""
    name = re.sub(r"\]", ")", re.sub(r"\[", "(", harmless(deal.name)))
    parts = [("deal", name), *((part, getattr(deal, part)) for part in _DEAL_PARTS)]
    told = [f"[{label('inline', part, language)}:: {_bracketed(text)}]" for part, text in parts if text]
    return f"- {' '.join(told)}"


def _bracketed(text: str) -> str:
    return text.replace("[", "(").replace("]", ")").replace("::", ": :")


def deal_wish(note: Reading, deal: OfferedDeal) -> tuple[FieldChange | None, Wish | None, str]:
    """What a deal changes in a note, the wish that does it, and why it is not done where it cannot be.

    A deal that is there is written anew where its line is one that an import wrote; any other is for people to edit.
    """
    line = deal_line(deal, language_of(note))
    named = fold(harmless(deal.name).replace("[", "(").replace("]", ")"))
    there = next((known for known in note.record.customer.deals if fold(known.name) == named), None)
    if there is None:
        change = FieldChange("deal", "", line.removeprefix("- "))
        return change, Wish(f"deal {deal.name}", (_new_deal(note, line),), _has_deals(note, 1), reveals=True), ""
    start = note.document.source.line_starts[there.line - 1]
    end = note.text.find("\n", start)
    old = note.text[start : end if end >= 0 else len(note.text)].rstrip("\r")
    if _parts(_as_offered(there)) == _parts(deal):
        return None, None, ""
    if old != deal_line(_as_offered(there), language_of(note)):
        return None, None, f"deal {deal.name} stands otherwise at {note.record.customer.path}:{there.line}: {line[2:]}"
    change = FieldChange("deal", old.removeprefix("- "), line.removeprefix("- "))
    return change, Wish(f"deal {deal.name}", (Edit(start, start + len(old), line),), _has_deals(note, 0), True), ""


def _as_offered(deal: Deal) -> OfferedDeal:
    days = {part: day.isoformat() for part in ("opened", "expected", "won", "lost") if (day := getattr(deal, part))}
    chance = "" if deal.chance is None else f"{deal.chance} %"
    return OfferedDeal(deal.name, str(deal.value or ""), chance=chance, reason=deal.reason, **days)


def _parts(deal: OfferedDeal) -> tuple[str, ...]:
    return tuple(getattr(deal, part) for part in _DEAL_PARTS)


def _has_deals(note: Reading, more: int) -> Callable[[Reading], bool]:
    wanted = len(note.record.customer.deals) + more
    return lambda after: len(after.record.customer.deals) == wanted


def _new_deal(note: Reading, line: str) -> Edit:
    """The line at the end of the section of deals; where there is none, in one before the log."""
    text, sections = note.text, note.document.body.sections
    section = next((found for found in sections if found.level and section_kind(found.title) == "deals"), None)
    if section:
        end = section.start + len(text[section.start : section.end].rstrip())
        return Edit(end, end, in_lines_of(text, f"\n{line}"))
    heading = f"## {label('sections', 'deals', language_of(note)).capitalize()}"
    log = next((found for found in sections if found.level and section_kind(found.title) == "log"), None)
    if log:
        return Edit(log.start, log.start, in_lines_of(text, f"{heading}\n{line}\n\n"))
    end = len(text.rstrip())
    return Edit(end, end, in_lines_of(text, f"\n\n{heading}\n{line}"))


def text_wish(note: Reading, said: str) -> Wish | None:
    """The wish that a text stands in a note before its first heading; None where the note has it already."""
    text = harmless(said)
    if not text or squeezed(text) in squeezed(note.text):
        return None
    start = note.document.front.end if note.document.front else note.document.source.start
    section = note.document.body.sections[0]
    end = section.end if not section.level else start
    stands = note.text[start:end].rstrip()
    at = start + len(stands)
    if stands.strip():
        return Wish("text", (Edit(at, at, in_lines_of(note.text, f"\n\n{text}")),))
    return Wish("text", (Edit(start, start, in_lines_of(note.text, f"\n{text}\n")),))


def is_logged(entries: Iterable[LogEntry], day: object, said: str) -> bool:
    """Whether a log has an entry of the day with these words."""
    wanted = squeezed(harmless(said))
    return any(entry.date == day and wanted in squeezed(f"{entry.summary} {entry.text}") for entry in entries)


def squeezed(text: str) -> str:
    """The letters and digits of a text alone, by which it is known again."""
    return "".join(filter(str.isalnum, unaccented(text)))
