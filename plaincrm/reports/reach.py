"""How a customer is reached: the first phone number and mail address there is, of the customer or of a contact."""

from __future__ import annotations

from typing import NamedTuple

from plaincrm.index.index import Index

_BY_PHONE = frozenset(("call", "chat"))


class Reach(NamedTuple):
    """A phone number and a mail address, empty where none is known."""

    phone: str
    email: str

    def by(self, channel: str) -> str:
        """What is needed for a channel."""
        return self.phone if channel in _BY_PHONE else self.email if channel == "email" else ""

    def other(self, denied: list[str]) -> str:
        """What there is, for a channel that needs neither number nor address."""
        return (self.phone if "call" not in denied else "") or (self.email if "email" not in denied else "")


def reach_of(index: Index, files: str) -> dict[int, Reach]:
    """How customers are reached, by file; `files` is a JSON list of them."""
    rows = index.rows(
        "select file, field = 'phone', value, '' from fields"
        " where file in (select value from json_each(?1)) and field in ('phone', 'email')"
        " union all select file, 1, phone, name from contacts"
        " where file in (select value from json_each(?1)) and phone <> ''"
        " union all select file, 0, email, name from contacts"
        " where file in (select value from json_each(?1)) and email <> ''",
        (files,),
    )
    found: dict[int, list[str]] = {}
    for file, is_phone, value, name in rows:
        of = found.setdefault(file, ["", ""])
        place = 0 if is_phone else 1
        if not of[place]:
            of[place] = f"{value} ({name})" if name else value
    return {file: Reach(phone, email) for file, (phone, email) in found.items()}
