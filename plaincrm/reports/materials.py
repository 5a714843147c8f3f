"""Which materials of the playbooks a customer was sent, and which not yet."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from plaincrm.errors import UsageError
from plaincrm.index.index import Index
from plaincrm.index.query import compile_query
from plaincrm.language import unaccented
from plaincrm.records.model import Customer, LogEntry
from plaincrm.reports.playbooks import targets_of
from plaincrm.vault.playbooks import Playbook


class Material(NamedTuple):
    """A note that a playbook sends; `sent` is the day of the last entry that links to it, None where there is none."""

    note: str
    playbook: str
    sent: date | None


def materials(index: Index, file: int, customer: Customer, today: date) -> tuple[Material, ...]:
    """The materials of the playbooks that have begun for a customer, and those of others where they were sent."""
    past = [entry for entry in customer.entries if entry.date <= today]
    found: dict[str, Material] = {}
    for playbook in index.vault.config.playbooks:
        if not playbook.material or playbook.material in found:
            continue
        sent = _sent(playbook, customer, past)
        if sent or (_has_begun(playbook, customer, past, today) and _is_for(index, file, playbook, customer, today)):
            found[playbook.material] = Material(playbook.material, playbook.name, sent)
    return tuple(found.values())


def _sent(playbook: Playbook, customer: Customer, past: list[LogEntry]) -> date | None:
    targets = targets_of(playbook)
    lines = [link.line for link in customer.links if unaccented(link.target) in targets]
    days = (entry.date for entry in past if any(entry.line <= line <= entry.end_line for line in lines))
    return max(days, default=None)


def _has_begun(playbook: Playbook, customer: Customer, past: list[LogEntry], today: date) -> bool:
    """Whether there has been a cause, however long ago."""
    purchases = sum(sale.revenue > 0 for entry in past for sale in entry.sales)
    said = {(item.key, item.value) for entry in past for item in entry.values if item.key in ("step", "complaint")}
    return {
        "sale": purchases > 0,
        "delivery": ("step", "delivery") in said,
        "complaint": any(key == "complaint" for key, _value in said),
        "stage": customer.stage == playbook.of,
        "nth-purchase": purchases >= int(playbook.of) if playbook.of.isdigit() else False,
        "each-year": customer.since is not None and customer.since < today,
    }[playbook.cause]


def _is_for(index: Index, file: int, playbook: Playbook, customer: Customer, today: date) -> bool:
    """Whether the customer is one of those that the playbook is limited to; with a query that is none, nobody is."""
    if playbook.tiers and customer.tier not in playbook.tiers:
        return False
    if not playbook.query:
        return True
    try:
        meant = compile_query(playbook.query, index.vault.config, today)
    except UsageError:
        return False
    return bool(index.rows(f"select 1 from customers c where c.file = ? and ({meant.sql})", (file, *meant.parameters)))
