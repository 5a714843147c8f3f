"""Which materials of the playbooks were sent, and which not yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.making import vault_of

CONFIG = """
[playbooks.care]
on = "{on}"
do = "Send the care guide"
material = "materials/care-guide"
tier = ["key"]
query = "{query}"
"""
LOG = "- 2026-11-01 visit: done [sale:: 10] [step:: delivery]"
GUIDE = ("materials/care-guide", "care")


def told(
    folder: Path, log: str, on: str = "sale", query: str = "", tier: str = "key"
) -> list[tuple[str, str, date | None]]:
    note = f"---\nname: Acme\ntier: {tier}\nstage: customer\nsince: 2025-01-01\ncity: Turku\n---\n{log}\n"
    vault = vault_of(folder, {"acme.md": note}, CONFIG.format(on=on, query=query))
    return [tuple(item) for item in vault.brief("acme", date(2026, 11, 21)).materials]


@pytest.mark.parametrize("on", ["sale", "delivery", "stage:customer", "each-year", "nth-purchase:1"])
def test_not_yet_sent_once_there_is_a_cause(tmp_path: Path, on: str) -> None:
    assert told(tmp_path, LOG, on) == [(*GUIDE, None)]


@pytest.mark.parametrize("on", ["complaint", "stage:lead", "nth-purchase:2"])
def test_nothing_without_a_cause(tmp_path: Path, on: str) -> None:
    assert told(tmp_path, LOG, on) == []


@pytest.mark.parametrize("link", ["[[care-guide]]", "[[materials/Care-Guide|how to wash it]]", "![[care-guide.md]]"])
def test_sent_on_the_day_of_the_last_link(tmp_path: Path, link: str) -> None:
    log = f"- 2026-11-05 email out: {link}\n{LOG}\n- 2025-02-01 email out: {link}\n"
    assert told(tmp_path, log) == [(*GUIDE, date(2026, 11, 5))]


def test_a_plan_to_send_it_is_none(tmp_path: Path) -> None:
    assert told(tmp_path, f"- 2026-12-05 email out: [[care-guide]]\n{LOG}") == [(*GUIDE, None)]


def test_only_for_those_the_playbook_is_for(tmp_path: Path) -> None:
    assert told(tmp_path / "a", LOG, query="city:Turku") == [(*GUIDE, None)]
    assert told(tmp_path / "b", LOG, query="city:Salo") == []
    assert told(tmp_path / "c", LOG, query="colour:red") == []
    assert told(tmp_path / "d", LOG, tier="regular") == []


def test_what_was_sent_to_others_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "- 2026-11-05 email out: [[care-guide]]", tier="regular") == [(*GUIDE, date(2026, 11, 5))]
