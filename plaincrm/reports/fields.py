"""The fields of a vault: the core ones and its own, as one table."""

from __future__ import annotations

from typing import NamedTuple

from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema


class FieldRow(NamedTuple):
    """One field as it is shown. `spelling` is the label in each language; `choices` are canonical values."""

    scope: str
    key: str
    type: str
    many: bool
    choices: tuple[str, ...]
    label_en: str
    label_fi: str
    help: str
    own: bool


def fields(schema: Schema) -> tuple[FieldRow, ...]:
    """Every field that notes of a vault may have, in the order of the field table."""
    table = schema.table
    return tuple(_row(field, schema) for field in (*table.customer.values(), *table.inline.values()))


def _row(field: Field, schema: Schema) -> FieldRow:
    choices = schema.choices(field.choices) if isinstance(field.choices, str) and field.choices else field.choices
    return FieldRow(
        field.scope,
        field.key,
        field.type,
        field.many,
        tuple(choices),
        field.label("en"),
        field.label("fi"),
        field.help,
        bool(field.own),
    )
