"""How a customer is reached: the first number, mail and postal address there is, of the customer or of a contact."""

from __future__ import annotations

from typing import NamedTuple

from plaincrm.index.index import Index

_BY_PHONE = frozenset(("call", "chat"))
_BY_ADDRESS = frozenset(("visit", "letter"))


class Reach(NamedTuple):
    """A phone number, a mail address and a postal address, empty where none is known."""

    phone: str = ""
    email: str = ""
    address: str = ""

    def by(self, channel: str) -> str:
        """What is needed for a channel."""
        if channel in _BY_PHONE:
            return self.phone
        return self.address if channel in _BY_ADDRESS else self.email if channel == "email" else ""

    def other(self, denied: list[str]) -> str:
        """What there is, for a channel that needs nothing or of which nothing is known."""
        return (self.phone if "call" not in denied else "") or (self.email if "email" not in denied else "")


def reach_of(index: Index, files: str) -> dict[int, Reach]:
    """How customers are reached, by file; `files` is a JSON list of them."""
    rows = index.rows(
        "select file, field, value, '' from fields where file in (select value from json_each(?1))"
        " and field in ('phone', 'email', 'address', 'city') and known = 1"
        " union all select file, 'phone', phone, name from contacts"
        " where file in (select value from json_each(?1)) and phone <> ''"
        " union all select file, 'email', email, name from contacts"
        " where file in (select value from json_each(?1)) and email <> ''",
        (files,),
    )
    found: dict[int, dict[str, str]] = {}
    for file, kind, value, name in rows:
        found.setdefault(file, {}).setdefault(kind, f"{value} ({name})" if name else value)
    return {file: _reach(known) for file, known in found.items()}


def _reach(known: dict[str, str]) -> Reach:
    street, city = known.get("address", ""), known.get("city", "")
    return Reach(known.get("phone", ""), known.get("email", ""), f"{street}, {city}" if street and city else street)
