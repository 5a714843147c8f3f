"""What it takes to serve customers: contacts and hours, and what they cost by the rates of the settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.dates import Period
from plaincrm.index.index import Index
from plaincrm.index.talks import REACHED
from plaincrm.money import from_units
from plaincrm.vault.config import Config

_CENT = Decimal("0.01")


class Work(NamedTuple):
    """An entry by which somebody was reached or that names hours; or several that are alike, with their sums.

    `sold` is whether there is a sale in it: what was done for a sale is in the sale's cost.
    """

    file: int
    line: int
    channel: str
    contacts: int
    hours: Decimal | None
    sold: bool


class Serving(NamedTuple):
    """Contacts by which somebody was reached, and hours; the cost of those beside sales, in the vault's currency.

    `cost` is None where the settings have no rates, `without_rate` the contacts that none of them covers.
    """

    contacts: int
    hours: Decimal
    cost: Decimal | None
    without_rate: int


_WORK = f"""
    with work as (
        select m.file, m.entry as line,
            sum(cast(round(m.number * 10000) as integer)) as hours
        from measures m where m.name = 'hours' and m.date between :start and :end and (%(of_measure)s) group by 1, 2
    ), worked as (
        select e.file, e.line, coalesce(e.channel, '') as channel, ({REACHED}) as contacts, w.hours,
            exists (select 1 from sales s where s.file = e.file and s.line = e.line) as sold
        from entries e left join work w on w.file = e.file and w.line = e.line
        where e.date between :start and :end and (%(of_entry)s)
    )
    select %(columns)s from worked where contacts or hours is not null
    """
_EACH = "file, line, channel, contacts, hours, sold"
_ALIKE = "file, min(line), channel, sum(contacts), sum(hours), sold"


def work(index: Index, period: Period, today: date, files: str, *, each: bool = False) -> list[Work]:
    """The work for some customers in a period up to today; entries alike are told in one.

    `files` are rows of `files` as a JSON list. With `each` every entry is told by itself.
    """
    of = "{}.file in (select value from json_each(:files))"
    query = _WORK % {
        "of_measure": of.format("m"),
        "of_entry": of.format("e"),
        "columns": _EACH if each else _ALIKE,
    }
    grouped = " order by file, line" if each else " group by file, channel, sold, hours is null order by file"
    end = min(period.end, today).isoformat()
    rows = index.rows(query + grouped, {"start": period.start.isoformat(), "end": end, "files": files})
    return [
        Work(file, line, channel, contacts, None if hours is None else from_units(hours), bool(sold))
        for file, line, channel, contacts, hours, sold in rows
    ]


def cost_of(config: Config, one: Work) -> Decimal | None:
    """What an entry costs: its hours where it names them, else its contact by the channel; None where no rate is.

    What was done for a sale is in the sale's cost, and costs nothing more.
    """
    if one.sold:
        return Decimal(0)
    if one.hours is not None and config.serving_hour is not None:
        return one.hours * config.serving_hour
    rate = config.serving_contact.get(one.channel)
    return None if rate is None else one.contacts * rate


def has_rates(config: Config) -> bool:
    """Whether the settings say what anything of it costs."""
    return config.serving_hour is not None or bool(config.serving_contact)


def serving(config: Config, done: Iterable[Work]) -> Serving:
    """The sums of one customer's work; the cost to the cent."""
    listed = list(done)
    costs = [cost_of(config, one) for one in listed]
    return Serving(
        sum(one.contacts for one in listed),
        sum((one.hours or Decimal(0) for one in listed), Decimal(0)),
        sum((cost or Decimal(0) for cost in costs), Decimal(0)).quantize(_CENT) if has_rates(config) else None,
        sum(one.contacts for one, cost in zip(listed, costs, strict=True) if cost is None),
    )
