"""The example vault is sound, shows what the format can, and its agenda is explained by the lines that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.records.model import Customer
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_rules import RULES
from plaincrm.vault.settings import SETTINGS

ROOT = Path(__file__).parents[1] / "example-vault"
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def vault() -> plaincrm.Vault:
    return plaincrm.open_vault(ROOT, cache=False)


@pytest.fixture(scope="module")
def customers(vault: plaincrm.Vault) -> tuple[Customer, ...]:
    return vault.query("")


@pytest.fixture(scope="module")
def agenda(vault: plaincrm.Vault) -> Agenda:
    return vault.agenda(TODAY)


def texts() -> Iterator[str]:
    for path in sorted((ROOT / "customers").rglob("*.md")):
        yield path.read_text(encoding="utf-8")


def test_it_checks_clean(vault: plaincrm.Vault) -> None:
    assert vault.check().diagnostics == ()


def test_it_has_customers_of_all_stages_tiers_and_owners(
    customers: tuple[Customer, ...], vault: plaincrm.Vault
) -> None:
    assert len(customers) >= 40
    assert {customer.stage for customer in customers} == set(vault.config.stages)
    assert {customer.tier for customer in customers} == {None, *vault.config.tiers}
    assert {customer.owner for customer in customers} == set(vault.config.owners)
    assert {customer.type for customer in customers} == {"company", "person"}


def test_it_spans_three_years(customers: tuple[Customer, ...]) -> None:
    days = sorted(entry.date for customer in customers for entry in customer.entries)
    assert days[0] < date(2024, 1, 1)
    assert TODAY < days[-1] < date(2026, 12, 31)


def test_every_kind_is_on_the_agenda(agenda: Agenda) -> None:
    assert {item.kind for item in agenda.items} == {rule.kind for rule in RULES}
    assert agenda.held_back
    assert agenda.unread == {}


EXPLAINS = {
    "promise": r"- \[ \]",
    "owed": r"- \[ \]",
    "missed": "missed",
    "next": "next",
    "appointment": "visit|meeting|käynti",
    "waiting": " in",
    "no-next": "stage",
    "cadence": r"^(- |#|\*)",
    "forgotten": r"^(- |#|\*)",
}


def test_the_line_that_is_named_explains_the_reason(agenda: Agenda) -> None:
    for item in agenda.items:
        line = (ROOT / item.file).read_text(encoding="utf-8").split("\n")[item.line - 1]
        assert re.search(EXPLAINS[item.kind], line), f"{item.kind} {item.file}:{item.line}: {line}"
        if item.kind in ("promise", "owed", "next") and item.due:
            assert item.due.isoformat() in line


def test_promises_are_kept_and_broken_by_both_sides(customers: tuple[Customer, ...]) -> None:
    tasks = [task for customer in customers for task in customer.tasks]
    for party in ("us", "them"):
        done = [task for task in tasks if task.owes == party and task.done and task.due]
        assert any(task.done <= task.due for task in done if task.done and task.due)
        assert any(task.done > task.due for task in done if task.done and task.due)
    assert any(task.cancelled for task in tasks)
    assert any(task.recurrence for task in tasks)
    assert any(task.priority for task in tasks)
    assert any(task.depends_on for task in tasks)
    assert any(task.scheduled or task.start for task in tasks)


def test_it_shows_what_entries_can_hold(customers: tuple[Customer, ...]) -> None:
    entries = [entry for customer in customers for entry in customer.entries]
    keys = {item.key for entry in entries for item in entry.values}
    wanted = {"sale", "cost", "invoice", "product", "hours", "mood", "nps", "ces", "csat", "expect", "got", "resolved"}
    assert wanted | {"step", "complaint", "feedback", "topic", "allow", "deny", "reason"} <= keys
    assert {entry.value("mood") for entry in entries} >= {"+", "0", "-"}
    assert any(sale.revenue < 0 for entry in entries for sale in entry.sales)
    assert any(sale.margin is None for entry in entries for sale in entry.sales)
    assert {entry.precision for entry in entries} >= {"day", "month"}
    assert {"in", "out", "missed"} <= {entry.direction for entry in entries}
    assert {"call", "email", "meeting", "visit", "chat", "letter", "social", "web", "event"} <= {
        e.channel for e in entries
    }
    assert {deal.state for customer in customers for deal in customer.deals} == {"open", "won", "lost"}


def test_a_call_that_was_missed_was_called_back(customers: tuple[Customer, ...]) -> None:
    missed = [(c, e) for c in customers for e in c.entries if e.direction == "missed"]
    answered = [
        entry
        for customer, entry in missed
        if any(o.contact and o.direction != "missed" and o.date >= entry.date for o in customer.entries)
    ]
    assert 0 < len(answered) < len(missed)


def test_seasons_birthdays_and_visions(customers: tuple[Customer, ...]) -> None:
    assert sum(customer.birthday is not None for customer in customers) >= 4
    assert all(c.vision and c.vision_review for c in customers if c.tier == "key" and c.stage != "former")
    seasonal = [c for c in customers if _years_of_same_month(c) >= 3]
    assert seasonal


def _years_of_same_month(customer: Customer) -> int:
    months: dict[int, set[int]] = {}
    for entry, _sale in customer.sales:
        months.setdefault(entry.date.month, set()).add(entry.date.year)
    return max(map(len, months.values()), default=0)


def test_a_chain_of_referrals_and_a_customer_lost_by_being_forgotten(customers: tuple[Customer, ...]) -> None:
    by_id = {customer.id: customer for customer in customers}
    length = 0
    for customer in customers:
        chain, at = 0, customer
        while at.referred_by and at.referred_by in by_id:
            chain, at = chain + 1, by_id[at.referred_by]
        length = max(length, chain)
    assert length >= 3
    assert any(c.stage == "former" and c.lost_reason == "forgotten" for c in customers)


def test_several_spellings_of_log_entries_and_tasks_are_used() -> None:
    text = "\n".join(texts())
    day = r"\d{4}-\d\d-\d\d"
    for pattern in (
        rf"^### {day}",
        rf"^## {day}",
        rf"^- {day} \w",
        rf"^- \*\*{day}",
        rf"^- \[\[{day}",
        rf"^- {day} \|",
    ):
        assert re.search(pattern, text, re.MULTILINE), pattern
    assert re.search(r"^- \d{1,2}\.\d{1,2}\.\d{4} ", text, re.MULTILINE)
    assert re.search(r"- \[ \] .* 📅 \d{4}", text)
    assert re.search(r"- \[[ x]\] .*\[due:: \d{4}", text)


def test_some_records_are_written_in_finnish() -> None:
    finnish = [text for text in texts() if re.search(r"^(nimi|vaihe):", text, re.MULTILINE)]
    assert len(finnish) >= 3
    assert any("## Loki" in text for text in finnish)


def test_links_lead_to_notes_of_the_vault(customers: tuple[Customer, ...]) -> None:
    notes = {path.stem for path in ROOT.rglob("*.md")}
    for customer in customers:
        for link in customer.links:
            target = link.target.rpartition("/")[2]
            assert target in notes or re.fullmatch(r"\d{4}-\d\d-\d\d", target), f"{customer.path}:{link.line} {target}"


def test_there_are_other_notes(vault: plaincrm.Vault) -> None:
    others = {path.relative_to(ROOT).parts[0] for path in ROOT.rglob("*.md")} - {"customers"}
    assert {"materials", "templates", "daily"} <= others
    assert len(vault.list().customers) == len(list((ROOT / "customers").rglob("*.md")))


def test_every_setting_stands_in_the_settings_with_a_comment() -> None:
    text = (ROOT / "plaincrm.toml").read_text(encoding="utf-8")
    for setting in SETTINGS:
        table = re.search(rf"^\[{setting.table}\](.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
        assert table, setting.table
        key = r"[\w\"]" if setting.key == "*" else re.escape(setting.key.rstrip("*"))
        assert re.search(rf"^{key}", table[1], re.MULTILINE), setting
    assert text.count("#") >= len(SETTINGS)
