"""The example vault shows everything there is, and all of it is true."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import plaincrm
from plaincrm.document.body import WIKILINK
from plaincrm.document.document import read_document
from plaincrm.records.fields import CUSTOMER_FIELDS, INLINE_FIELDS
from plaincrm.records.model import Customer
from plaincrm.reports.agenda_lines import AgendaItem
from plaincrm.reports.agenda_rules import RULES
from plaincrm.vault.settings import SETTINGS
from tests.making import EXAMPLE

TODAY = date(2026, 11, 21)
NOTES = {path: path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.rglob("*.md"))}
RECORDS = {path: text for path, text in NOTES.items() if path.is_relative_to(EXAMPLE / "customers")}


@pytest.fixture(scope="module")
def vault() -> plaincrm.Vault:
    return plaincrm.open_vault(EXAMPLE)


@pytest.fixture(scope="module")
def customers(vault: plaincrm.Vault) -> tuple[Customer, ...]:
    return vault.query("", today=TODAY)


@pytest.fixture(scope="module")
def items(vault: plaincrm.Vault) -> tuple[AgendaItem, ...]:
    report = vault.agenda(TODAY)
    return (*report.items, *report.held_back)


def test_it_is_sound(vault: plaincrm.Vault) -> None:
    report = vault.check()
    assert report.diagnostics == ()
    assert report.files >= 40


def test_every_kind_of_the_agenda_occurs(items: tuple[AgendaItem, ...]) -> None:
    kinds = {kind for item in items for kind in (item.kind, *item.also)}
    assert kinds == {rule.kind for rule in RULES}
    assert {rule.kind for rule in RULES} - {item.kind for item in items} == set()
    assert any(item.held for item in items)


def test_each_line_of_the_agenda_stands_where_its_reason_is(items: tuple[AgendaItem, ...]) -> None:
    for item in items:
        lines = (EXAMPLE / item.file).read_text(encoding="utf-8").split("\n")
        line = lines[item.line - 1]
        assert explains(item, line), (item, line)


_SAYING = {  # what stands on the line that a kind of reason is derived from
    "anniversary": r"^(birthday|since):",
    "season": r"\[sale::.*\[product::",
    "playbook": r"\[step:: delivery\]",
    "permission": r"\[allow:: marketing",
}


def explains(item: AgendaItem, line: str) -> bool:
    if item.kind in ("promise", "owed"):
        return bool(re.search(r"- \[.\]", line)) and item.what.split(" [")[0] in line and str(item.due) in line
    if item.kind == "no-next":
        return line.startswith(("stage:", "vaihe:"))
    if item.kind == "next" and re.match(r"(next|seuraava)\w*:", line):
        return str(item.due) in line
    if item.kind in _SAYING:
        return bool(re.search(_SAYING[item.kind], line))
    day = item.last_contact if item.kind in ("cadence", "forgotten") else item.due
    assert day is not None
    return day.isoformat() in line or f"{day.day}.{day.month}.{day.year}" in line


def test_all_stages_and_tiers_occur(vault: plaincrm.Vault, customers: tuple[Customer, ...]) -> None:
    assert {customer.stage for customer in customers} == set(vault.config.stages)
    assert {customer.tier for customer in customers} - {None} == set(vault.config.tiers)
    assert {customer.type for customer in customers} == {"company", "person"}
    assert {customer.owner for customer in customers} == set(vault.config.owners)


def test_fields_of_every_kind_are_used(customers: tuple[Customer, ...]) -> None:
    used = {key for customer in customers for key in customer.fields}
    missing = {field.key for field in CUSTOMER_FIELDS} - used
    assert missing <= {"parent", "company", "role", "size", "vat_id", "respond_within", "not_same", "ids"}, missing


def test_finnish_records() -> None:
    finnish = [text for text in RECORDS.values() if re.search(r"^(nimi|vaihe):", text, re.MULTILINE)]
    assert len(finnish) >= 3
    assert any("[myynti::" in text for text in finnish)
    assert any(re.search(r"^#+ Loki|^- \d+\.\d+\.\d{4} ", text, re.MULTILINE) for text in finnish)


def test_both_formats_of_tasks() -> None:
    assert any("📅 20" in text for text in RECORDS.values())
    assert any(re.search(r"- \[.\].*\[due:: 20", text) for text in RECORDS.values())
    assert any("[owes:: them]" in text for text in RECORDS.values())


SPELLINGS = {
    "heading": r"^### \d{4}-\d\d-\d\d ",
    "heading of level 2": r"^## \d{4}-\d\d-\d\d",
    "list item": r"^- \d{4}-\d\d-\d\d ",
    "bold": r"^- \*\*\d{4}-\d\d-\d\d",
    "linked": r"^- \[\[\d{4}-\d\d-\d\d",
    "Finnish date": r"^(?:###|-) \d{1,2}\.\d{1,2}\.\d{4} ",
    "bar": r"^- \d{4}-\d\d-\d\d \|",
}


def test_several_spellings_of_log_entries() -> None:
    seen = {name for name, how in SPELLINGS.items() for text in RECORDS.values() if re.search(how, text, re.MULTILINE)}
    assert len(seen) >= 5, seen


def test_what_happens_to_customers(customers: tuple[Customer, ...]) -> None:
    entries = [entry for customer in customers for entry in customer.entries]
    keys = Counter(value.key for entry in entries for value in entry.values)
    for key in ("sale", "cost", "nps", "ces", "csat", "complaint", "mood", "step", "deny", "allow", "expect", "got"):
        assert keys[key], key
    missing = {field.key for field in INLINE_FIELDS if field.scope == "entry"} - set(keys)
    assert missing <= {"answers", "feedback", "topic", "margin", "reason", "origin"}, missing
    assert any(sale.revenue < 0 for entry in entries for sale in entry.sales)
    assert {entry.precision for entry in entries} >= {"day", "month"}
    assert {entry.direction for entry in entries} == {None, "in", "out", "missed", "no-answer"}
    assert any(entry.date > TODAY and entry.time for entry in entries)
    assert {value.value for entry in entries for value in entry.values if value.key == "mood"} == {"+", "0", "-"}
    assert any(customer.deny for customer in customers)


def test_deals_of_all_states(customers: tuple[Customer, ...]) -> None:
    assert {deal.state for customer in customers for deal in customer.deals} == {"open", "won", "lost"}


def test_a_chain_of_three_referrals(customers: tuple[Customer, ...]) -> None:
    brought = {customer.id: customer.referred_by for customer in customers}

    def length(customer: str | None) -> int:
        chain = []
        while customer in brought and customer not in chain:
            chain.append(customer)
            customer = brought[customer]
        return len(chain)

    assert max(map(length, brought)) >= 4  # four customers, three referrals


def links() -> Iterator[tuple[str, str]]:
    for path, text in NOTES.items():
        if "templates" not in path.parts:
            document = read_document(text.encode())
            yield from ((path.name, link.target) for link in document.body.links)
            if document.front:
                front = text[document.front.start : document.front.end]
                yield from ((path.name, match[1]) for match in WIKILINK.finditer(front))


def test_all_links_lead_to_notes() -> None:
    names = {path.stem for path in NOTES}
    found = list(links())
    assert len(found) > 20
    dead = [
        (note, target)
        for note, target in found
        if target.rpartition("/")[2].removesuffix(".md") not in names and not re.fullmatch(r"\d{4}-\d\d-\d\d", target)
    ]
    assert dead == []


def test_every_setting_is_shown() -> None:
    tables = tomllib.loads((EXAMPLE / "plaincrm.toml").read_text(encoding="utf-8"))
    for setting in SETTINGS:
        assert shows(tables[setting.table], setting.key.split(".")), setting


def shows(table: dict[str, Any], parts: list[str]) -> bool:
    first, *rest = parts
    if not rest:
        return bool(table) if first == "*" else first in table
    return any(shows(table[name], rest) for name in (table if first == "*" else [first]))


def test_its_people_are_made_up() -> None:
    for path, text in NOTES.items():
        addresses = re.findall(r"[\w.+-]+@[\w.-]+\.\w+", text)
        assert all(address.endswith(".example") for address in addresses), path
