"""The records: what plaincrm knows of a customer, frozen.

    Customer ──< Contact        who to talk to
       │ ├─────< LogEntry ──< Task      what was said, promised, sold; `values` holds the entry's inline fields
       │ │           └──────< Sale
       │ ├─────< Task           promises outside the log
       │ ├─────< Deal           what may be sold
       │ └─────< Link           other notes named in this one
       └ fields: every front matter field that is known, by canonical key; `other`: the rest, as typed

Every part carries the line it stands on (from 1), so that whatever is derived from it can be traced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import time as Clock
from decimal import Decimal
from typing import Any, Generic, Literal, NamedTuple, TypeVar, overload

from plaincrm.dates import Cadence, Precision
from plaincrm.money import Money
from plaincrm.records.channels import UNREACHED

Party = Literal["us", "them"]
Direction = Literal["in", "out", "missed", "no-answer"]


class Contact(NamedTuple):
    """A contact person."""

    name: str
    email: str = ""
    phone: str = ""
    role: str = ""
    line: int = 0


class Value(NamedTuple):
    """One field's value: canonical key, what it means, what was typed (cleaned), and where."""

    key: str
    value: Any
    text: str
    line: int


class Sale(NamedTuple):
    """A sale or refund of an entry; `margin` is None where neither it nor the cost is known."""

    revenue: Decimal
    cost: Decimal | None
    margin: Decimal | None
    currency: str
    product: str
    invoice: str


class Task(NamedTuple):
    """A promise: ours, or theirs. Dates are None where not given; `made` is the date of the entry it stands under."""

    text: str
    owes: Party
    status: str
    open: bool
    due: date | None
    scheduled: date | None
    start: date | None
    done: date | None
    cancelled: date | None
    made: date | None
    priority: str
    recurrence: str
    id: str
    depends_on: tuple[str, ...]
    line: int


class Deal(NamedTuple):
    """What may be sold: open, won or lost."""

    name: str
    value: Money | None
    chance: int | None  # per cent
    opened: date | None  # as told, else the day of the entry it stands in
    expected: date | None
    won: date | None
    lost: date | None
    reason: str
    line: int

    @property
    def state(self) -> Literal["open", "won", "lost"]:
        """Whether it is decided, and how."""
        return "won" if self.won else "lost" if self.lost else "open"


class LinkTo(NamedTuple):
    """Another note named in this one; `field` is the front matter key, empty for the text."""

    target: str
    field: str
    line: int


class LogEntry(NamedTuple):
    """One dated entry: a talk, a plan, a sale. `date` is the first day of a partial date."""

    date: date
    precision: Precision
    time: Clock | None
    end_time: Clock | None
    channel: str | None
    contact: bool  # whether somebody is reached by the channel
    direction: Direction | None
    who: str
    summary: str
    text: str
    values: tuple[Value, ...]
    sales: tuple[Sale, ...]
    tasks: tuple[Task, ...]
    line: int
    end_line: int

    @property
    def reached(self) -> bool:
        """Whether somebody was reached: by a channel that reaches people, and not in vain."""
        return self.contact and self.direction not in UNREACHED

    def value(self, key: str) -> Any:  # noqa: ANN401 (the field's type tells)
        """The first value of an inline field, or None."""
        for item in self.values:
            if item.key == key:
                return item.value
        return None


T = TypeVar("T")


class One(Generic[T]):
    """A customer's attribute that is the value of one field, None where it is not known."""

    def __init__(self, key: str) -> None:
        self.key = key

    @overload
    def __get__(self, customer: None, owner: type[Customer]) -> One[T]: ...
    @overload
    def __get__(self, customer: Customer, owner: type[Customer]) -> T | None: ...
    def __get__(self, customer: Customer | None, owner: type[Customer]) -> T | One[T] | None:
        if customer is None:
            return self
        values = customer.fields.get(self.key)
        value: T | None = values[0].value if values else None
        return value


class Many(Generic[T]):
    """A customer's attribute that is all the values of one field."""

    def __init__(self, key: str) -> None:
        self.key = key

    @overload
    def __get__(self, customer: None, owner: type[Customer]) -> Many[T]: ...
    @overload
    def __get__(self, customer: Customer, owner: type[Customer]) -> tuple[T, ...]: ...
    def __get__(self, customer: Customer | None, owner: type[Customer]) -> tuple[T, ...] | Many[T]:
        if customer is None:
            return self
        return tuple([item.value for item in customer.fields.get(self.key, ())])


@dataclass(frozen=True)
class Customer:
    """All that one note says. Entries stand newest first; absent, null, "" and [] alike are None or empty."""

    id: str
    path: str
    name: str
    fields: Mapping[str, tuple[Value, ...]]
    other: Mapping[str, Any]
    entries: tuple[LogEntry, ...] = ()
    promises: tuple[Task, ...] = ()  # outside the log
    deals: tuple[Deal, ...] = ()
    links: tuple[LinkTo, ...] = ()
    vision: str = ""
    notes: str = ""

    type = One[str]("type")
    stage = One[str]("stage")
    tier = One[str]("tier")
    owner = One[str]("owner")
    aliases = Many[str]("aliases")
    tags = Many[str]("tags")
    business_id = One[str]("business_id")
    vat_id = One[str]("vat_id")
    ids = Many[str]("ids")
    website = One[str]("website")
    address = One[str]("address")
    postcode = One[str]("postcode")
    city = One[str]("city")
    country = One[str]("country")
    language = One[str]("language")
    industry = One[str]("industry")
    size = One[Decimal]("size")
    company = One[str]("company")
    role = One[str]("role")
    contacts = Many[Contact]("contacts")
    email = Many[str]("email")
    phone = Many[str]("phone")
    birthday = One[str]("birthday")
    since = One[date]("since")
    source = One[str]("source")
    referred_by = One[str]("referred_by")
    parent = One[str]("parent")
    partner_of = Many[str]("partner_of")
    not_same = Many[str]("not_same")
    cadence = One[Cadence]("cadence")
    next = One[date]("next")
    next_action = One[str]("next_action")
    next_channel = One[str]("next_channel")
    quiet_until = One[date]("quiet_until")
    prefers = Many[str]("prefers")
    respond_within = One[str]("respond_within")
    allow = Many[str]("allow")
    deny = Many[str]("deny")
    reference = One[Decimal]("reference")
    learning = One[Decimal]("learning")
    needs = One[str]("needs")
    lost_on = One[date]("lost_on")
    lost_reason = One[str]("lost_reason")
    verified = One[date]("verified")
    vision_review = One[date]("vision_review")

    @property
    def denied(self) -> tuple[str, ...]:
        """The forbidden channels: those of the front matter, and those last forbidden in the log."""
        said: dict[str, bool] = {}
        for entry in reversed(self.entries):
            for key, value, _text, _line in entry.values:
                if key in ("allow", "deny"):
                    said[str(value)] = key == "deny"
        said.update(dict.fromkeys(self.allow, False))
        said.update(dict.fromkeys(self.deny, True))
        return tuple(channel for channel, forbidden in said.items() if forbidden)

    @property
    def quiet(self) -> date | None:
        """Until when the customer is to be left alone: by the front matter, or by what was last agreed in the log."""
        agreed = next((day for entry in self.entries if (day := entry.value("quiet_until"))), None)
        return max((day for day in (self.quiet_until, agreed) if day), default=None)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every promise, in the log and outside it, in the order of the file."""
        logged = [task for entry in self.entries for task in entry.tasks]
        return tuple(sorted([*self.promises, *logged], key=lambda task: task.line))

    @property
    def sales(self) -> tuple[tuple[LogEntry, Sale], ...]:
        """Every sale with its entry, newest first."""
        return tuple((entry, sale) for entry in self.entries for sale in entry.sales)
