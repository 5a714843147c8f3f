"""`--as-of DATE --hindsight`: what is known now, without what is dated later, in every report."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.history.hindsight import Hindsight
from plaincrm.history.until import until
from plaincrm.index import rows
from plaincrm.index.index import open_index
from plaincrm.vault.vault import load_vault
from tests.history.asking import MORE, QUESTIONS, asked
from tests.history.test_repository import git, saved
from tests.making import EXAMPLE, make_vault

LATE = """---
name: Acme Oy
stage: customer
---
## Log
- 2026-03-10 call in: wants a quote [sale:: 100]
- 2026-03-20 call out: promised
    - [x] Send it 📅 2026-03-25 ✅ 2026-04-02
- 2026-04-05 call in: thanks [sale:: 900]
"""
NEW = "---\nname: New Oy\nstage: lead\nsince: 2026-04-04\n---\n- 2026-04-04 call in: who are you\n"
UNDATED = "---\nname: Undated Oy\nstage: lead\n---\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault", {"acme.md": LATE, "new.md": NEW, "undated.md": UNDATED})


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The contents that are parsed for the index from now on."""
    seen: list[bytes] = []
    really = rows.read_document

    def counted(data: bytes) -> object:
        seen.append(data)
        return really(data)

    monkeypatch.setattr(rows, "read_document", counted)
    return seen


def test_a_day_is_told_from_what_is_known_now(vault: Path) -> None:
    then = plaincrm.open_vault(vault).as_of(date(2026, 3, 31), hindsight=True)
    assert [customer.name for customer in then.list().customers] == ["Acme Oy", "Undated Oy"]
    assert then.value(today=date(2026, 3, 31)).totals.revenue == 100
    (promise,) = then.promises("2026", date(2026, 3, 31)).promises
    assert (promise.text, promise.state, promise.is_open) == ("Send it", "broken", True)
    assert [entry.date.day for entry in then.customer("acme").entries] == [20, 10]
    assert then.search("thanks").total == 0
    assert then.notices == ["As known now, without what is dated after 2026-03-31."]


def test_a_day_on_which_all_is_known_is_now(vault: Path) -> None:
    now = plaincrm.open_vault(vault)
    then = now.as_of(date(2026, 4, 5), hindsight=True)
    assert then.list() == now.list()
    assert then.promises("2026", date(2026, 4, 5)) == now.promises("2026", date(2026, 4, 5))


@pytest.mark.parametrize("day", [date(2023, 5, 1), date(2025, 7, 15), date(2026, 11, 20), date(2027, 1, 1)])
def test_every_report_is_that_of_a_vault_without_what_is_later(tmp_path: Path, day: date) -> None:
    """The same notes cut by hand, and those that were not begun taken away."""
    root, cut = tmp_path / "here" / "vault", tmp_path / "cut" / "vault"
    for folder in (root, cut):
        shutil.copytree(EXAMPLE, folder)
        folder.chmod(0o700)
    vault = load_vault(root)
    with open_index(vault, cache=False) as index:
        known = set(Hindsight(index, day).paths())
    for path in cut.glob("customers/**/*.md"):
        path.write_bytes(until(path.read_bytes(), day, vault.config.schema))
        if path.relative_to(cut).as_posix() not in known:
            path.unlink()
    for words in (*QUESTIONS, *MORE):
        if words[0] in ("sql", "show"):  # which tell of blobs, and of a customer who may not be known yet
            continue
        ours = asked(root, "--as-of", str(day), "--hindsight", *words).replace(str(root), "VAULT")
        assert ours == asked(cut, "--today", str(day), *words).replace(str(cut), "VAULT"), words


def test_days_in_any_order_read_only_what_differs(vault: Path, parsed: list[bytes]) -> None:
    def ask(day: str, *words: str) -> str:
        return asked(vault, "--as-of", day, "--hindsight", *words)

    asked(vault, "list")
    parsed.clear()
    ask("2026-03-31", "agenda")
    assert len(parsed) == 1  # Acme's note; the others are as they are, or not there
    parsed.clear()
    ask("2026-03-22", "value")
    assert parsed == []  # the same of Acme is later
    for day in ("2026-03-12", "2026-04-03", "2026-03-31", "2026-04-04", "2026-01-01"):
        assert ask(day, "list", "--format", "json") == ask(day, "--no-cache", "list", "--format", "json")
        assert ask(day, "promises") == ask(day, "--no-cache", "promises")


def test_a_promise_made_later_is_left_out_though_no_index_knows_its_day(vault: Path) -> None:
    (vault / "customers" / "made.md").write_text("---\nname: Made Oy\n---\n- [ ] Do it ➕ 2026-04-02 📅 2026-05-01\n")
    counts = [
        len(
            plaincrm.open_vault(vault)
            .as_of(date(2026, 4, day), hindsight=True)
            .sql("select * from tasks where text = 'Do it'")
            .rows
        )
        for day in (1, 2, 1)
    ]
    assert counts == [0, 1, 0]


def test_what_was_known_in_a_revision_of_an_earlier_day(vault: Path) -> None:
    """Both clocks: the entry of 20 March was written on 1 April."""
    note = vault / "customers" / "acme.md"
    text = note.read_text()
    git(vault, "init", "-q", "-b", "main")
    saved(vault, "2026-03-12", "customers/acme.md", "\n".join(text.split("\n")[:6]) + "\n")
    saved(vault, "2026-04-01", "customers/acme.md", text)
    ask = ["--today", "2026-03-31", "list", "customer:acme", "--columns", "last_contact", "--format", "csv"]
    assert asked(vault, "--as-of", "2026-03-31", *ask) == "last_contact\r\n2026-03-10\r\n[0]"
    assert asked(vault, "--as-of", "2026-03-31", "--hindsight", *ask) == "last_contact\r\n2026-03-20\r\n[0]"
    assert (
        asked(vault, "--rev", "HEAD~1", "--as-of", "2026-03-31", "--hindsight", *ask)
        == "last_contact\r\n2026-03-10\r\n[0]"
    )


def test_hindsight_needs_no_git(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "Acme" in asked(vault, "--as-of", "2026-03-31", "--hindsight", "list")
