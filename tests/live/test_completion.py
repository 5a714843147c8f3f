"""Completion, place by place: the note with a bar where the cursor is, and what may be typed there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from plaincrm.changes.edits import Edit, edited
from plaincrm.index.index import open_index
from plaincrm.live.lsp.body_completion import body_choices
from plaincrm.live.lsp.choices import Choice, Cursor, known_values
from plaincrm.live.lsp.front_completion import front_choices
from plaincrm.live.lsp.note import Note
from plaincrm.live.lsp.positions import Lines
from plaincrm.vault.vault import load_vault
from tests.making import make_vault

TODAY = date(2026, 11, 21)  # a Saturday
NOTES = {
    "paivi.md": "---\nname: Päivi Korhonen\ncity: Turku\ntags: [garden]\n---\n- 2026-11-02 call [topic:: roof]\n",
    "kahvila.md": "---\nname: Kahvila Aurinko Oy\ncity: Turku\n---\n",
    "oulu.md": "---\nname: Oulun Paja\ncity: Oulu\n---\n",
}
CONFIG = '[channels]\nradio = "contact"\n\n[fields]\npaint = { type = "choice", choices = ["matt", "gloss"] }\n'
Complete = Callable[[str], dict[str, str]]


@contextmanager
def completing(folder: Path, path: str = "customers/new.md", sign: str = "") -> Iterator[Complete]:
    """Each label with the line of the cursor as it then is."""
    vault = load_vault(make_vault(folder, NOTES, CONFIG))
    with open_index(vault, cache=False) as index:

        def complete(text: str) -> dict[str, str]:
            offset = text.index("|")
            lines = Lines(text.replace("|", "", 1))
            note = Note("file:///new.md", path, lines, vault, path.startswith("customers"))
            at = Cursor(note, offset, TODAY, index, partial(known_values, index, vault.config), sign)
            found = front_choices(at) if note.in_front(offset) else body_choices(at)
            return {choice.label: line_of(lines.text, choice, offset) for choice in found}

        yield complete


def line_of(text: str, choice: Choice, offset: int) -> str:
    line = text.count("\n", 0, offset)
    return edited(text, [Edit(choice.start, choice.end, choice.text)]).split("\n")[line]


FRONT = [
    ("sta|", {"stage": "stage: "}),
    (
        "stage: |",
        {word: f"stage: {word}" for word in ("lead", "prospect", "customer", "regular", "advocate", "former")},
    ),
    ("stage: cu|", {"customer": "stage: customer"}),
    ("paint: |", {"matt": "paint: matt", "gloss": "paint: gloss"}),
    ("prefers: em|", {"email": "prefers: email"}),
    ("allow:\n  - ra|", {"radio": "  - radio"}),
    ("city: |", {"Turku": "city: Turku", "Oulu": "city: Oulu"}),
    ("tags: [new, ga|]", {"garden": "tags: [new, garden]"}),
    ("referred_by: päi|", {"Päivi Korhonen": 'referred_by: "[[paivi]]"'}),
    ('referred_by: "[[kor|]]"', {"Päivi Korhonen": 'referred_by: "[[paivi]]"'}),
    ("partner_of:\n  - aur|", {"Kahvila Aurinko Oy": '  - "[[kahvila]]"'}),
    ("next: tom|", {"tomorrow": "next: 2026-11-22"}),
    ("next: +3w|", {"+3w": "next: 2026-12-12"}),
    ("next: ensi ma|", {"ensi ma": "next: 2026-11-23"}),
    ("nonsense: |", {}),
    ("name: Ka|", {"Kahvila Aurinko Oy": "name: Kahvila Aurinko Oy"}),
]


@pytest.mark.parametrize(("line", "expected"), FRONT, ids=[line for line, _expected in FRONT])
@pytest.mark.parametrize("closed", ["---\n", ""])
def test_front_matter(tmp_path, line, expected, closed):
    with completing(tmp_path) as complete:
        assert complete(f"---\n{line}\n{closed}") == expected


def test_keys_that_are_there_are_not_told_again_and_new_ones_are_called_like_them(tmp_path):
    with completing(tmp_path) as complete:
        assert complete("---\nnimi: A\nvaihe: asiakas\nkaup|\n---\n") == {"kaupunki": "kaupunki: "}
        assert "stage" not in complete("---\nname: A\nstage: lead\n|\n---\n")
        assert complete("---\nstag|: lead\n---\n") == {"stage": "stage: lead"}


BODY = [
    ("See [[aur|", {"Kahvila Aurinko Oy": "See [[kahvila]]"}),
    ("See [[aur|]] and more", {"Kahvila Aurinko Oy": "See [[kahvila]] and more"}),
    ("Ring on @tom|", {"tomorrow": "Ring on 2026-11-22"}),
    ("- @tod|", {"today": "- 2026-11-21"}),
    ("mail me@tod|", {}),
    ("- 2026-11-21 vis|", {"visit": "- 2026-11-21 visit"}),
    ("### 2026-11-21 14:30 rad|", {"radio": "### 2026-11-21 14:30 radio"}),
    ("- 2026-11-21 puh|", {"puhelu": "- 2026-11-21 puhelu"}),
    ("- 2026-11-21 call ou|", {"out": "- 2026-11-21 call out: "}),
    ("- 2026-11-21 call: o|", {}),
    ("- 2026-11-21 perhaps o|", {}),
    ("- 2026-11-21 call [to|", {"topic": "- 2026-11-21 call [topic:: "}),
    ("- 2026-11-21 call [to|]", {"topic": "- 2026-11-21 call [topic:: ]"}),
    ("- 2026-11-21 call [topic:: |]", {"roof": "- 2026-11-21 call [topic:: roof]"}),
    ("- 2026-11-21 [step:: dec|]", {"decision": "- 2026-11-21 [step:: decision]"}),
    ("- [deal:: x] [expected:: +2d|]", {"+2d": "- [deal:: x] [expected:: 2026-11-23]"}),
    ("- [|", {}),
    ("- [ ] Send it d|", {"📅 due": "- [ ] Send it 📅 "}),
    ("- [ ] Send it 📅 sund|", {"Sunday": "- [ ] Send it 📅 2026-11-22"}),
    ("- [ ] Send it th|", {"[owes:: them] theirs": "- [ ] Send it [owes:: them] "}),
    ("Plain text, nothing to say|", {}),
]


@pytest.mark.parametrize(("line", "expected"), BODY, ids=[line for line, _expected in BODY])
def test_the_text(tmp_path, line, expected):
    with completing(tmp_path) as complete:
        assert complete(f"---\nname: A\n---\n\n## Log\n{line}\n") == expected


def test_a_blank_typed_in_a_promise_brings_up_nothing(tmp_path):
    with completing(tmp_path, sign=" ") as complete:
        assert complete("- [ ] Send |") == {}
        assert "call" in complete("- 2026-11-21 |")


def test_a_note_that_is_no_customer_has_links_and_days_only(tmp_path):
    with completing(tmp_path, "daily/today.md") as complete:
        assert complete("- 2026-11-21 |") == {}
        assert complete("- [to|") == {}
        assert complete("[[oul|") == {"Oulun Paja": "[[oulu]]"}
        assert complete("@tom|") == {"tomorrow": "2026-11-22"}
