"""Monica 4: the JSON of an account, in which each contact has its fields, notes, calls and activities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from plaincrm.dates import parse_date
from plaincrm.exchange.checked import checked
from plaincrm.exchange.json_rows import read_json
from plaincrm.records.incoming import Incoming, Rejection, Remark
from plaincrm.records.schema import Schema

Json = dict[str, object]
# Kinds of what hangs on a contact: the keys of its text, of its day, and the channel that it went by.
_REMARKS = {
    "note": (("body",), ("created_at",), "note"),
    "call": (("content",), ("called_at", "created_at"), "call"),
    "activity": (("summary", "description"), ("happened_at", "created_at"), "meeting"),
    "conversation": (("messages",), ("happened_at", "created_at"), "chat"),
    "task": (("title", "description"), (), "note"),
}
_TAKEN = frozenset((*_REMARKS, "contact_field", "address", "addresses", "contact_fields", "tags"))
_PLURALS = {"notes": "note", "calls": "call", "activities": "activity"}


def contacts_of(path: Path) -> list[Json] | None:
    """The contacts of an account; None where the file is none of Monica's.

    Raises:
        UsageError: it is no JSON.
    """
    found = read_json(path)
    account = found.get("account") if isinstance(found, dict) else None
    if not isinstance(account, dict):
        return None
    listed = account.get("contacts")
    if isinstance(listed, dict):
        listed = listed.get("values", listed.get("data"))
    if not isinstance(listed, list):
        listed = [value for kind, value in _hanging(account) if kind == "contact"]
    shared = {_text(value.get("uuid")): value for kind, value in _hanging(account) if kind == "activity"}
    return [_with_shared(_merged(item), shared) for item in listed if isinstance(item, dict)]


def _with_shared(contact: Json, shared: dict[str, Json]) -> Json:
    """A contact with the activities themselves, which the account keeps: of it stands there only who they are."""
    groups = contact.get("data")
    if not isinstance(groups, list):
        return contact
    named = [
        {
            **group,
            "values": [shared.get(value, value) if isinstance(value, str) else value for value in group["values"]],
        }
        for group in groups
        if isinstance(group, dict) and isinstance(group.get("values"), list)
    ]
    return {**contact, "data": named}


def contacts(listed: list[Json], schema: Schema, file: str) -> Iterator[Incoming | Rejection]:
    """Each contact as what it says; places are counted from 1, since the file is one line."""
    for number, contact in enumerate(listed, 1):
        parts = [_text(contact.get(key)) for key in ("first_name", "middle_name", "last_name")]
        name = " ".join(part for part in parts if part) or _text(contact.get("name", contact.get("complete_name")))
        if not name.isprintable() or not name:
            yield Rejection(file, number, "it has no name")
            continue
        hanging = [(_PLURALS.get(kind, kind), value) for kind, value in _hanging(contact)]
        others = dict.fromkeys(kind for kind, _value in hanging if kind not in _TAKEN)
        reached = [_text(value.get("data", value.get("content"))) for kind, value in hanging if "contact_field" in kind]
        address = next((value for kind, value in hanging if kind in ("address", "addresses")), {})
        fields, left_out = checked(
            {
                "type": ["person"],
                "aliases": [_text(contact.get("nickname"))],
                "email": [text for text in reached if "@" in text],
                "phone": [text for text in reached if "@" not in text and sum(map(str.isdigit, text)) > 4],
                "role": [_text(contact.get("job"))],
                "birthday": [_birthday(contact.get("birthdate"))],
                "tags": ["-".join(tag.split()) for tag in _tags(contact.get("tags"))],
                "address": [_text(address.get("street"))],
                "postcode": [_text(address.get("postal_code"))],
                "city": [_text(address.get("city"))],
                "country": [_text(address.get("country"))],
            },
            schema,
        )
        remarks = [remark for kind, value in hanging if (remark := _remark(kind, value))]
        ids = (f"monica:{found}",) if (found := _text(contact.get("uuid", contact.get("id")))) else ()
        described = _text(contact.get("description"))
        yield Incoming(
            file,
            number,
            "person",
            " ".join(name.split()),
            fields,
            ids,
            _text(contact.get("company")),
            remarks=(*([Remark(described)] if described else []), *remarks),
            left_out=(*left_out, *([f"{', '.join(others)}, which notes have no place for"] if others else [])),
        )


def _hanging(item: Json) -> Iterator[tuple[str, Json]]:
    """What hangs on an account or a contact, each with its kind: under `data` in groups, or under a key of its own."""
    groups = item.get("data")
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, dict) and isinstance(group.get("values"), list):
            for value in group["values"]:
                if isinstance(value, dict):
                    yield str(group.get("type", "")), _merged(value)
    for key, values in item.items():
        if key != "data" and isinstance(values, list):
            yield from ((key, _merged(value)) for value in values if isinstance(value, dict))


def _merged(item: Json) -> Json:
    """An item with what stands under its `properties`."""
    properties = item.get("properties")
    return {**item, **properties} if isinstance(properties, dict) else item


def _remark(kind: str, item: Json) -> Remark | None:
    if kind not in _REMARKS:
        return None
    texts, days, channel = _REMARKS[kind]
    said = "\n".join(text for key in texts if (text := _text(item.get(key)) or _messages(item.get(key))))
    if kind == "task" and said:
        said = f"{'Done' if item.get('completed') else 'To do'}: {said}"
    day = next((day for key in days if (day := _day(item.get(key)))), None)
    return Remark(said, day, channel=channel) if said else None


def _messages(value: object) -> str:
    """What was written in a conversation, a line a message."""
    items = map(_merged, (item for item in value if isinstance(item, dict))) if isinstance(value, list) else ()
    told = ((_text(item.get("content")), item.get("written_by_me")) for item in items)
    return "\n".join(f"{'me: ' if ours else ''}{text}" for text, ours in told if text)


def _day(value: object) -> date | None:
    return parse_date(_text(value)[:10])


def _birthday(value: object) -> str:
    text = _text(value.get("date") if isinstance(value, dict) else value)
    if isinstance(value, dict) and value.get("is_year_unknown"):
        return f"--{text[5:10]}" if _day(text) else ""
    return text[:10]


def _tags(value: object) -> list[str]:
    items = value if isinstance(value, list) else []
    return [_text(item.get("name") if isinstance(item, dict) else item) for item in items]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""
