"""The brief as a note and as a page: they say what the text says, and nothing that a note says acts in them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.cli.run import run
from plaincrm.render.brief_markdown import markdown
from plaincrm.render.brief_page import page
from plaincrm.reports.brief import Brief
from tests.making import EXAMPLE, make_vault, vault_of
from tests.render.test_agenda_page import INERT, Read
from tests.render.test_escape import hostile_vault, is_hostile

TODAY = date(2026, 11, 21)
NOTE = """---
name: "A <b> [[c]]"
birthday: 1971-02-19
phone: "+358 40 123 4567"
contacts:
  - Ann <ann@acme.example> +358 40 765 4321
deny: [call]
---
The yard is
theirs.

## Vision
Three *cafés*.

## Log
- 2026-11-12 call in, Ann: a quote [mood:: +]
  He was
  in a hurry.
  - [ ] Send it 📅 2026-11-20
"""
SHOWN = """# [[acme]] A &lt;b&gt; \\[\\[c\\]\\]

acme

- **Contact**: Ann, ann\\@acme.example, +358 40 765 4321 (never call)
- **Reach at**: \\+358 40 123 4567 (never call)
- **Reach by**: never call
- **Next step**: none
- **Mood**: \\+ (2026-11-12)
"""
LAST = """
## Open promises

- 2026-11-20 we owe: Send it, 1 day late

## Last talks

- 2026-11-12 call in, Ann: a quote
  - we owe: Send it (for 2026-11-20)

customers/acme.md:16
"""
LOG = """
## Log

- 2026-11-12 call in, Ann: a quote (mood +)
  - He was in a hurry.
  - \\- \\[ \\] Send it &#128197; 2026-11-20

## Vision

Three \\*cafés\\*.

## Notes

The yard is theirs.

customers/acme.md:16
"""


@pytest.fixture
def brief(tmp_path: Path) -> Brief:
    return vault_of(tmp_path, {"acme.md": NOTE}).brief("acme", TODAY)


def test_a_note(brief: Brief) -> None:
    assert markdown(brief) == SHOWN + LAST
    assert markdown(brief, full=True).endswith(LOG)
    assert "- **birthday**: 1971-02-19\n" in markdown(brief, full=True)


def test_a_page_says_the_same(brief: Brief) -> None:
    read = Read(page(brief, full=True))
    assert read.of("h1") == ["A <b> [[c]]"]
    assert read.of("h2") == ["Open promises", "Log", "Vision", "Notes"]
    assert read.of("dt") == ["Contact", "Reach at", "Reach by", "Next step", "Mood", "birthday"]
    assert "The yard is theirs." in read.of("p")
    assert [told["href"] for tag, told in read.tags if tag == "a"] == ["mailto:ann@acme.example"]  # no number, no day


@pytest.mark.parametrize("full", [False, True])
def test_nothing_acts(tmp_path: Path, full: bool) -> None:
    vault = plaincrm.open_vault(hostile_vault(tmp_path))
    for row in vault.list().customers:
        brief = vault.brief(row.customer, TODAY)
        told = page(brief, full=full)
        assert not [character for character in {*told} if is_hostile(character)]
        read = Read(told)
        assert {tag for tag, _attributes in read.tags} <= INERT | {"dl", "dt", "dd", "main"}
        for tag, attributes in read.tags:
            known = {"html": {"lang"}, "a": {"href"}, "meta": {"charset", "http-equiv", "name", "content"}}
            assert set(attributes) <= known.get(tag, {"class", "dir"})
        note = markdown(brief, full=full)
        own = re.escape(row.customer)  # the one link, to the note itself
        acting = rf"(?<!\\)\[\[(?!{own}(?:\||\]\]))|<%|(?<![:&])::|^\s*- \[.\] "
        assert not re.search(acting, note, re.MULTILINE)


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_command(capfd: pytest.CaptureFixture[str], form: str) -> None:
    asked = ["--vault", str(EXAMPLE), "--today", "2026-11-21", "show", "kahvila", "--format", form]
    assert run(asked) == 0
    assert "Pekka sends the measures of the terrace" in capfd.readouterr().out


def test_an_answer_for_csv_there_is_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_vault(tmp_path, {"acme.md": NOTE})
    assert run(["--vault", str(tmp_path), "--no-cache", "show", "acme", "--format", "csv"]) == 2
    assert "A record is no table." in capfd.readouterr().err
