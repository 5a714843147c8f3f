"""Links to a note that goes by another name: which are rewritten, and that nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.changes.draft import Draft
from plaincrm.changes.links import relinked
from plaincrm.changes.move import Move
from plaincrm.records.schema import Schema

MOVE = Move("customers/companies/old.md", "customers/companies/new-oy.md")


def moved(note: str, move: Move = MOVE) -> str:
    draft = Draft("daily/today.md", note.encode(), Schema())
    draft.make(relinked(draft.note, Schema(), move))
    return (draft.step.change.new or b"").decode() if draft.step else note


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[old]]", "[[new-oy]]"),
        ("[[Old]] and [[ old ]]", "[[new-oy]] and [[ new-oy ]]"),
        ("[[old|the old firm]]", "[[new-oy|the old firm]]"),
        ("| [[old\\|shown]] | cell |", "| [[new-oy\\|shown]] | cell |"),
        ("[[old#Log]] [[old#^block]] [[old^x]]", "[[new-oy#Log]] [[new-oy#^block]] [[new-oy^x]]"),
        ("![[old]]", "![[new-oy]]"),
        ("[[old.md]]", "[[new-oy.md]]"),
        (
            "[[companies/old]] [[customers/companies/old#Log]]",
            "[[companies/new-oy]] [[customers/companies/new-oy#Log]]",
        ),
        ("[[../companies/old]]", "[[../companies/new-oy]]"),
        ("> - [ ] Ring [[old]] 📅 2026-12-01", "> - [ ] Ring [[new-oy]] 📅 2026-12-01"),
        ("- 2026-11-20 call: [[old]] and `[[old]]`", "- 2026-11-20 call: [[new-oy]] and `[[old]]`"),
        ("```\n[[old]]\n```\n[[old]]", "```\n[[old]]\n```\n[[new-oy]]"),
        ("%% [[old]] %% <!-- [[old]] -->", "%% [[old]] %% <!-- [[old]] -->"),
        (
            "[[older]] [[people/old]] [[old.png]] [[o]] [old] old",
            "[[older]] [[people/old]] [[old.png]] [[o]] [old] old",
        ),
        ('---\nreferred_by: "[[old]]" # x\n---\n', '---\nreferred_by: "[[new-oy]]" # x\n---\n'),
        ("---\nparent: '[[Old|x]]'\n---\n", "---\nparent: '[[new-oy|x]]'\n---\n"),
        ("---\ncompany: old\n---\n", "---\ncompany: new-oy\n---\n"),
        ('---\ncompany: "companies/old"\n---\n', '---\ncompany: "companies/new-oy"\n---\n'),
        ("---\ncompany: [[old]]\n---\n", "---\ncompany: [[new-oy]]\n---\n"),
        ('---\npartner_of: ["[[a]]", "[[old]]"]\n---\n', '---\npartner_of: ["[[a]]", "[[new-oy]]"]\n---\n'),
        ("---\npartner_of:\n- a\n- old\n---\n", "---\npartner_of:\n- a\n- new-oy\n---\n"),
        ('---\nmine: "[[old]]"\nsource: "[[old]]"\n---\n', '---\nmine: "[[new-oy]]"\nsource: "[[new-oy]]"\n---\n'),
        ("---\ncity: old\nmine: old\n---\n", "---\ncity: old\nmine: old\n---\n"),
        ("\ufeff[[old]]\r\nx  \r\n[[old]]", "\ufeff[[new-oy]]\r\nx  \r\n[[new-oy]]"),
    ],
)
def test_one_note(before: str, after: str) -> None:
    assert moved(before) == after


def test_a_name_that_quotes_cannot_hold_is_escaped() -> None:
    move = Move("customers/old.md", "customers/Pekka's.md")
    assert moved("---\ncompany: '[[old]]'\n---\n", move) == "---\ncompany: '[[Pekka''s]]'\n---\n"
    assert moved('---\ncompany: "[[old]]"\n---\n', move) == '---\ncompany: "[[Pekka\'s]]"\n---\n'


def test_letters_in_either_unicode_form_are_one_name() -> None:
    move = Move("customers/pa\u0308iva\u0308.md", "customers/ilta.md")
    assert moved("[[p\u00e4iv\u00e4]] [[PA\u0308IV\u00c4]]", move) == "[[ilta]] [[ilta]]"


def test_into_another_folder_a_way_is_written_whole() -> None:
    move = Move("customers/people/old.md", "customers/companies/new.md")
    assert moved("[[old]] [[people/old]] [[old.md#Log]]", move) == "[[new]] [[customers/companies/new]] [[new.md#Log]]"


def test_a_name_that_another_customer_has_stays() -> None:
    move = MOVE._replace(shared=frozenset(("old",)))
    assert moved("[[old]] [[companies/old]]", move) == "[[old]] [[companies/new-oy]]"


OTHERS = [
    "[[older]]",
    "[[x/old]]",
    "old",
    "`[[old]]`",
    "[[ol]]",
    "[old](older.md)",
    "[x](https://a.example/old.md)",
    "[[old.pdf]]",
    "[[#old]]",
    "text, ",
]
OURS = [
    "[[old]]",
    "[[OLD|shown]]",
    "![[companies/old#Log]]",
    "[[customers/companies/old]]",
    "[[ old^b]]",
    "[[old.md]]",
    "[x](old.md)",
]
FRAMES = ["", "- ", "## ", "> ", "- [ ] ", "- 2026-11-20 call: ", "| a | ", "1. "]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.lists(st.sampled_from(OTHERS + OURS), max_size=4)), max_size=8))
def test_links_to_it_and_nothing_else(lines: list[tuple[str, list[str]]]) -> None:
    def text(pieces: dict[str, str]) -> str:
        return "\r\n".join(frame + " ".join(pieces.get(word, word) for word in words) for frame, words in lines)

    new = dict.fromkeys(OURS, "") | {word: word.replace("old", "new-oy").replace("OLD", "new-oy") for word in OURS}
    assert moved(text({})) == text(new)
    assert moved(text(new)) == text(new)
