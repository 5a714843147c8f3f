"""Edits change what they name, and no other byte, whatever stands in the file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.changes.edits import Edit, edited, in_lines_of, in_order, inverse, new_bytes, without_overlaps
from plaincrm.changes.plan import Change, Intent, plan
from plaincrm.document.source import decode
from plaincrm.errors import WriteRefused
from plaincrm.records.schema import Schema
from tests.document.test_roundtrip import notes

SCHEMA = Schema(country="FI", owners=("liisa",))
NEW = st.sampled_from(
    ["", "x", "next: 2026-12-05\n", "\r\n", "- 2026-01-05 call: äö 🙂\n", "[sale:: 5 €]", '"', "\ufeff"]
)


@st.composite
def edited_notes(draw: st.DrawFn) -> tuple[bytes, tuple[Edit, ...]]:
    data = draw(notes | st.binary(max_size=60))
    length = len(decode(data).text)
    places = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = zip(places[::2], places[1::2], strict=False)
    return data, tuple(Edit(start, end, draw(NEW)) for start, end in pairs)


@settings(max_examples=800, deadline=None)
@given(edited_notes())
def test_bytes_outside_the_spans_stay_and_every_edit_can_be_taken_back(case: tuple[bytes, tuple[Edit, ...]]) -> None:
    data, edits = case
    source = decode(data)
    assert new_bytes(source, ()) == data
    text = edited(source.text, edits)
    at = behind = 0
    for edit, back in zip(in_order(edits), inverse(source.text, edits), strict=True):
        assert source.text[at : edit.start] == text[behind : back.start]
        assert text[back.start : back.end] == edit.text
        at, behind = edit.end, back.end
    assert source.text[at:] == text[behind:]
    assert edited(text, inverse(source.text, edits)) == source.text
    try:
        changed = new_bytes(source, edits)
    except ValueError:
        assert any("\udc80" <= character <= "\udcff" for character in source.text)  # only such bytes grow together
        return
    assert new_bytes(decode(changed), inverse(source.text, edits)) == data


@settings(max_examples=120, deadline=None)
@given(edited_notes())
def test_a_plan_gives_the_bytes_of_its_edits_or_refuses(case: tuple[bytes, tuple[Edit, ...]]) -> None:
    data, edits = case
    change = refusal = None
    try:
        change = plan(Intent("customers/a.md", data, edits), SCHEMA)
    except WriteRefused as error:
        refusal = error
    if change:
        assert change == Change("customers/a.md", data, new_bytes(decode(data), edits))
    else:
        assert refusal
        assert refusal.message.startswith("customers/a.md was not written: ")
        assert refusal.remedy


@pytest.mark.parametrize("edits", [[(0, 4, "")], [(-1, 0, "")], [(2, 1, "")], [(0, 2, ""), (1, 3, "")]])
def test_edits_that_overlap_or_reach_outside_are_refused(edits: list[tuple[int, int, str]]) -> None:
    with pytest.raises(ValueError, match="overlap or reach outside"):
        edited("abc", [Edit(*edit) for edit in edits])


def test_insertions_at_one_place_stand_in_their_order() -> None:
    assert edited("ab", [Edit(1, 1, "1"), Edit(1, 2, "B"), Edit(1, 1, "2")]) == "a12B"


def test_bytes_that_are_no_utf8_are_never_joined_to_a_character() -> None:
    source = decode(b"\xc3x\xa9")
    with pytest.raises(ValueError, match="join bytes"):
        new_bytes(source, [Edit(1, 2, "")])
    assert new_bytes(source, [Edit(1, 2, "y")]) == b"\xc3y\xa9"


def test_of_edits_that_overlap_the_first_is_kept() -> None:
    edits = [Edit(4, 6, "c"), Edit(0, 2, "a"), Edit(1, 5, "b"), Edit(2, 3, "d")]
    assert without_overlaps(edits) == (Edit(0, 2, "a"), Edit(2, 3, "d"), Edit(4, 6, "c"))


@pytest.mark.parametrize(
    ("text", "new"), [("a\r\nb\r\nc\n", "1\r\n2\r\n"), ("a\nb\r\n", "1\n2\n"), ("", "1\n2\n"), ("a", "1\n2\n")]
)
def test_new_lines_end_as_most_lines_of_the_file_do(text: str, new: str) -> None:
    assert in_lines_of(text, "1\n2\n") == new
