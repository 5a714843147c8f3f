"""The mark stands under the very span, whatever the line is made of and however long it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.render.check.excerpt import excerpt
from plaincrm.render.escape import log_characters
from plaincrm.render.lines import width_of


def marked(own: str, start: int, end: int, room: int = 78) -> tuple[str, str]:
    """A line as it is shown, and the mark below it."""
    item = Diagnostic("a.md", 1, start + 1, 1, end + 1, "error", "bad-date", "", "", None)
    shown = excerpt(item, own, room)
    assert shown
    return shown.text, " " * shown.indent + "^" * shown.length


@pytest.mark.parametrize(
    ("own", "word", "text", "mark"),
    [
        ("stage: custmer", "custmer", "stage: custmer", "       ^^^^^^^"),
        ("stage:\tcustmer\t# x", "custmer", "stage: custmer # x", "       ^^^^^^^"),
        ("name: 日本 custmer", "custmer", "name: 日本 custmer", "           ^^^^^^^"),
        ("name: 日本", "日本", "name: 日本", "      ^^^^"),
        ("name: 👩🏽 x", "x", "name: 👩🏽 x", "         ^"),
        ("tila: a\u0301a\u0301 x", "x", "tila: a\u0301a\u0301 x", "         ^"),
        ("tila: a\u0301", "a\u0301", "tila: a\u0301", "      ^"),
        ("a\x1b: x", "x", "a\\x1b: x", "       ^"),
        ("a: \u202ex", "\u202e", "a: \\u202ex", "   ^^^^^^"),
        ("::error ::x", "x", "\\x3a:error ::x", "             ^"),
        ("a ##[error]x", "x", "a \\x23#[error]x", "              ^"),
    ],
)
def test_a_mark_stands_under_its_word(own: str, word: str, text: str, mark: str) -> None:
    at = own.index(word)
    shown, below = marked(own, at, at + len(word))
    if "👩" in own:  # how wide that is, terminals do not agree on
        assert width_of(below[:-1]) == width_of(shown[:-1])
    else:
        assert (shown, below) == (text, mark)


def test_a_place_without_length_has_a_mark_and_a_whole_file_has_none() -> None:
    assert marked("key: value", 5, 5) == ("key: value", "     ^")
    of_file = Diagnostic("a.md", 1, 1, 1, 1, "error", "duplicate-id", "", "", None)
    assert excerpt(of_file, "---", 78) is None


def test_an_end_beyond_the_line_is_its_end() -> None:
    assert marked("a: b", 3, 9) == ("a: b", "   ^")
    assert marked("a: b", 9, 12) == ("a: b", "    ^")


def test_a_span_over_several_lines_is_marked_to_the_end_of_the_first() -> None:
    item = Diagnostic("a.md", 1, 4, 7, 2, "error", "bad-date", "", "", None)
    shown = excerpt(item, "a: [b,  ", 78)
    assert shown
    assert (shown.text, shown.indent, shown.length) == ("a: [b,", 3, 3)


def test_a_blank_line_is_not_shown() -> None:
    item = Diagnostic("a.md", 1, 1, 1, 1, "error", "bad-date", "", "", None)
    assert excerpt(item, " \t ", 78) is None


def test_a_long_line_is_cut_around_the_span() -> None:
    own = f"{'before ' * 40}custmer{' after' * 40}"
    shown, below = marked(own, 280, 287, 60)
    assert shown == "…efore before before custmer after after after after after…"
    assert shown[below.index("^") : len(below)] == "custmer"


def test_a_long_line_with_a_span_at_its_start_is_cut_behind_it() -> None:
    shown, below = marked(f"stage: custmer{' x' * 100}", 7, 14, 40)
    assert shown.startswith("stage: custmer x")
    assert shown.endswith("…")
    assert below == "       ^^^^^^^"


def test_a_span_wider_than_the_page_is_marked_as_far_as_it_is_seen() -> None:
    shown, below = marked(f"name: {'x' * 200}", 6, 206, 40)
    assert shown == f"name: {'x' * 33}…"
    assert below == f"      {'^' * 34}"


def test_a_megabyte_is_cut_at_once() -> None:
    shown, below = marked("x" * 1_000_000, 500_000, 500_003, 78)
    assert len(shown) == 78
    assert shown[below.index("^") : len(below)] == "xxx"


LINES = st.text(st.sampled_from("ab :日👩\u0301\u200d\t\x1b#[é"), min_size=1, max_size=300) | st.text(min_size=1)


@given(LINES, st.integers(0, 300), st.integers(0, 300), st.integers(38, 158))
def test_text_and_mark_fit_the_page(own: str, start: int, length: int, room: int) -> None:
    item = Diagnostic("a.md", 1, start + 1, 1, start + length + 1, "error", "bad-date", "", "", None)
    shown = excerpt(item, own, room)
    if shown:
        assert width_of(shown.text) <= room
        assert shown.indent + shown.length <= room
        assert shown.length >= 1


@given(st.text("abc 日é\t", min_size=1, max_size=200), st.data())
def test_what_stands_above_the_mark_is_the_span(own: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(own) - 1))
    end = data.draw(st.integers(start + 1, min(len(own), start + 10)))
    if own[start:end].strip() != own[start:end]:
        return
    item = Diagnostic("a.md", 1, start + 1, 1, end + 1, "error", "bad-date", "", "", None)
    shown = excerpt(item, own, 60)
    assert shown
    above, column = "", 0
    for character in shown.text:
        if shown.indent <= column < shown.indent + shown.length:
            above += character
        column += width_of(character)
    assert above == "".join(log_characters(own[start:end].replace("\t", " ")))
