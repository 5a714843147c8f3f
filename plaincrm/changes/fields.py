"""Fields of the front matter set, added to and cleared: the edits of the lines that say them, and of no other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from plaincrm.changes.draft import Wish
from plaincrm.changes.edits import Edit, in_lines_of
from plaincrm.changes.parts import Reading
from plaincrm.changes.wording import current, key_for, worded
from plaincrm.checks.diagnostic import diagnostic
from plaincrm.document.nodes import Node
from plaincrm.document.scalars import scalar, scalar_like
from plaincrm.errors import UsageError
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, nearest, read_value

# What these hold stands bare where it can.
_TYPED = frozenset(("date", "number", "percent", "cadence", "period", "birthday", "business_id"))


class _Value(NamedTuple):
    """A value as it is meant, and in the words of the note."""

    meant: Any
    text: str


def set_field(note: Reading, schema: Schema, key: str, texts: Sequence[str]) -> Wish:
    """A field with these values and no others; without any it is cleared.

    Raises:
        UsageError: there is no such field, or a text is no value of it.
    """
    field = _field(note, schema, key)
    values = [_value(text, field, note, schema) for text in texts if text.strip()]
    if len(values) > 1 and not field.many:
        raise UsageError(f"The field {field.key} has one value.", "Give one.")
    what = f"{field.key} {', '.join(value.text for value in values)}" if values else f"{field.key} cleared"
    return _wish(note, schema, field, values, what)


def add_values(note: Reading, schema: Schema, key: str, texts: Sequence[str]) -> Wish:
    """A list with these values besides those it has.

    Raises:
        UsageError: there is no such list, or a text is no value of it.
    """
    field = _list(note, schema, key)
    had = current(note, field)
    values = [_value(text, field, note, schema) for text in texts if text.strip()]
    new = [value for value in values if value.meant not in had]
    wanted = [*had, *(value.meant for value in new)]
    what = f"{field.key} += {', '.join(value.text for value in new)}"
    if not new:
        return Wish(what, ())
    node = _node(note, schema, field)
    edits = _appended(note, node[1], new, field) if node else _written_anew(note, schema, field, new)
    return Wish(what, edits, _says(field, wanted))


def remove_values(note: Reading, schema: Schema, key: str, texts: Sequence[str]) -> Wish:
    """A list without these values.

    Raises:
        UsageError: there is no such list, a text is no value of it, or it does not stand there.
    """
    field = _list(note, schema, key)
    had = current(note, field)
    unwanted = [_value(text, field, note, schema).meant for text in texts if text.strip()]
    missing = next((text for text, meant in zip(texts, unwanted, strict=False) if meant not in had), None)
    if missing is not None:
        raise UsageError(f"{missing} is not among {field.key}.", f"There are {', '.join(map(str, had)) or 'none'}.")
    left = [value for value in had if value not in unwanted]
    what = f"{field.key} -= {', '.join(texts)}"
    found = _node(note, schema, field)
    if not left or found is None:
        return _wish(note, schema, field, [], what)
    _key, node = found
    gone = [at for at, value in enumerate(had) if value in unwanted]
    if node.items is not node.value or len(node.items) != len(had):  # several in one text, or values left out
        return _wish(note, schema, field, [_value(str(value), field, note, schema) for value in left], what)
    return Wish(what, tuple(_without(note, node, gone)), _says(field, left))


def _field(note: Reading, schema: Schema, key: str) -> Field:
    """The field of a key in any spelling; a key that the note has already may be any."""
    found = schema.table.find(key)
    if found:
        return found
    if key in note.record.customer.other:
        return Field(key, "text", "", many=isinstance(note.record.customer.other[key], list), own=key)
    near = nearest(key, schema.table.spellings())
    remedy = f"Did you mean {near}?" if near else "See plaincrm fields; [fields] in plaincrm.toml adds your own."
    raise UsageError(f"There is no field {key}.", remedy)


def _list(note: Reading, schema: Schema, key: str) -> Field:
    field = _field(note, schema, key)
    if not field.many:
        raise UsageError(f"The field {field.key} is no list.", f"Write {field.key}=VALUE.")
    return field


def _value(text: str, field: Field, note: Reading, schema: Schema) -> _Value:
    typed = text.strip()
    if field.own and not schema.table.find(field.key):
        return _Value(typed, typed)
    try:
        meant = read_value(typed, field, schema)
    except BadValue as bad:
        facts = {"field": field.key, "value": typed, **bad.facts}
        told = diagnostic(note.record.customer.path, (1, 1, 1, 1), bad.code, facts)
        raise UsageError(told.message, told.help) from None
    return _Value(meant, worded(meant, field, typed, note, schema))


def _says(field: Field, wanted: Sequence[Any]) -> Any:  # noqa: ANN401 (a predicate)
    expected = tuple(wanted)
    return lambda after: tuple(map(_alike, current(after, field))) == tuple(map(_alike, expected))


def _alike(value: Any) -> Any:  # noqa: ANN401
    """A value wherever it stands: a contact knows its line."""
    return value._replace(line=0) if hasattr(value, "line") else value


def _wish(note: Reading, schema: Schema, field: Field, values: Sequence[_Value], what: str) -> Wish:
    holds = _says(field, [value.meant for value in values])
    found = _node(note, schema, field)
    if holds(note) and (values or found is None):
        return Wish(what, ())
    if found is None:
        return Wish(what, _written_anew(note, schema, field, values), holds)
    key, node = found
    if not values:
        return Wish(what, (Edit(*_lines_of(note, key, node), ""),), holds)
    return Wish(what, (_replaced(note, node, values, field),), holds)


def _node(note: Reading, schema: Schema, field: Field) -> tuple[Node, Node] | None:
    """Where a field stands: its key and its value."""
    for key, node in note.document.fields:
        typed = str(key.value)
        if typed == field.key or schema.table.find(typed) is field:
            return key, node
    return None


def _lines_of(note: Reading, key: Node, node: Node) -> tuple[int, int]:
    """The whole lines of a field, their ends included."""
    text = note.text
    start = text.rfind("\n", 0, key.start) + 1
    end = text.find("\n", max(node.end - 1, key.end))
    return start, len(text) if end < 0 else end + 1


def _replaced(note: Reading, node: Node, values: Sequence[_Value], field: Field) -> Edit:
    """A value in the place of another, as it was written: in its quotes, in brackets, or an item a line."""
    text = note.text
    if not field.many or (len(values) == 1 and isinstance(node.value, str)):
        new = scalar_like(text[node.start : node.end], values[0].text, typed=field.type in _TYPED)
        if node.start == node.end:  # nothing stands there yet
            blanks = re.compile(r"[ \t]*").match(text, node.end)
            gap = blanks.end() if blanks and text[blanks.end() : blanks.end() + 1] in "\r\n" else node.end
            return Edit(node.end, gap, f" {new}")
        return Edit(node.start, node.end, new)
    items = [scalar(value.text, typed=field.type in _TYPED) for value in values]
    indent = _indent(note, node)
    if indent is not None:
        return Edit(node.start, node.end, in_lines_of(text, f"\n{indent}".join(f"- {item}" for item in items)))
    flow = f"[{', '.join(items)}]"
    return Edit(node.start, node.end, f" {flow}" if node.start == node.end else flow)


def _indent(note: Reading, node: Node) -> str | None:
    """What stands before the dash of a list with an item a line; None for any other value."""
    if isinstance(node.value, list) and node.value and note.text[node.start : node.start + 1] == "-":
        return note.text[note.text.rfind("\n", 0, node.start) + 1 : node.start]
    return None


def _appended(note: Reading, node: Node, new: Sequence[_Value], field: Field) -> tuple[Edit, ...]:
    """Values behind those that stand there."""
    text, typed = note.text, field.type in _TYPED
    items = [scalar(value.text, typed=typed) for value in new]
    indent = _indent(note, node)
    if indent is not None:
        last = node.items[-1]
        added = "".join(f"\n{indent}- {item}" for item in items)
        end = text.find("\n", last.end - 1)
        at = len(text) if end < 0 else end
        at -= text[at - 1 : at] == "\r"
        return (Edit(at, at, in_lines_of(text, added)),)
    if isinstance(node.value, list):  # in brackets
        at = node.items[-1].end if node.items else node.start + 1
        return (Edit(at, at, ("" if not node.items else ", ") + ", ".join(items)),)
    if node.value is None:
        return (_replaced(note, node, new, field),)
    old = text[node.start : node.end]
    if "," in old and node.plain:  # several in one text
        return (Edit(node.end, node.end, "".join(f", {value.text}" for value in new)),)
    return (Edit(node.start, node.end, f"[{', '.join([old, *items])}]"),)


def _without(note: Reading, node: Node, gone: Sequence[int]) -> list[Edit]:
    """A list without some of its items; at least one stays."""
    items, edits = node.items, []
    if _indent(note, node) is not None:
        for at in gone:
            start = note.text.rfind("\n", 0, items[at].start) + 1
            end = note.text.find("\n", items[at].end - 1)
            edits.append(Edit(start, len(note.text) if end < 0 else end + 1, ""))
        return edits
    kept = [at for at in range(len(items)) if at not in gone]
    for at in gone:  # with the comma before it; with the one behind it where nothing that stays stands before
        if at > kept[0]:
            edits.append(Edit(items[at - 1].end, items[at].end, ""))
        else:
            edits.append(Edit(items[at].start, items[at + 1].start, ""))
    return edits


def _written_anew(note: Reading, schema: Schema, field: Field, values: Sequence[_Value]) -> tuple[Edit, ...]:
    """A field that is not there yet: behind its neighbour of the field table, or at the end of the front matter."""
    items = [scalar(value.text, typed=field.type in _TYPED) for value in values]
    key = key_for(field, note)
    if not field.many:
        lines = f"{key}: {items[0]}\n"
    elif _prefers_brackets(note, field):
        lines = f"{key}: [{', '.join(items)}]\n"
    else:
        lines = "".join([f"{key}:\n", *(f"  - {item}\n" for item in items)])
    at = _place(note, schema, field)
    front = note.document.front
    if front is None or at is None:
        start = note.document.source.start
        if field.key != "name" and note.text[start:].strip():  # the file name was its name, and stays it
            named = key_for(schema.table.customer["name"], note)
            lines = f"{named}: {scalar(note.record.customer.name)}\n{lines}"
        gap = "" if not note.text[start:].strip() or note.text[start:].startswith(("\n", "\r\n")) else "\n"
        return (Edit(start, start, in_lines_of(note.text, f"---\n{lines}---\n{gap}")),)
    if at and note.text[at - 1] != "\n":
        lines = f"\n{lines.removesuffix(chr(10))}"
    return (Edit(at, at, in_lines_of(note.text, lines)),)


def _prefers_brackets(note: Reading, field: Field) -> bool:
    """Whether lists of the note stand in brackets; contacts have a line each."""
    if field.type == "contact":
        return False
    lists = [node for _key, node in note.document.fields if isinstance(node.value, list)]
    return any(note.text[node.start : node.start + 1] == "[" for node in lists)


def _place(note: Reading, schema: Schema, field: Field) -> int | None:
    """Where the line of a new field begins; None where there is no front matter."""
    front = note.document.front
    if front is None:
        return None
    order = list(schema.table.customer)
    rank = order.index(field.key) if field.key in order else len(order)
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None
    for key, node in note.document.fields:
        known = schema.table.find(str(key.value))
        if known is None:
            continue
        start, end = _lines_of(note, key, node)
        place = order.index(known.key)
        if place < rank and (before is None or place >= before[0]):
            before = (place, end)
        if place > rank and (after is None or place < after[0]):
            after = (place, start)
    if before:
        return min(before[1], front.block_end)
    return after[1] if after else front.block_end
