"""Places of the protocol: lines that end three ways, and columns in three encodings."""

from __future__ import annotations

import pytest
from lsprotocol.types import Position

from plaincrm.live.lsp.positions import Lines

TEXT = "aä🙂b\r\nnext\rlast\n"


@pytest.mark.parametrize(
    ("encoding", "offset", "line", "character"),
    [
        ("utf-16", 0, 0, 0),
        ("utf-16", 2, 0, 2),
        ("utf-16", 3, 0, 4),  # the emoji takes two units
        ("utf-8", 2, 0, 3),  # ä takes two bytes
        ("utf-8", 3, 0, 7),
        ("utf-32", 3, 0, 3),
        ("utf-16", 4, 0, 5),
        ("utf-16", 6, 1, 0),
        ("utf-16", 11, 2, 0),
        ("utf-16", 16, 3, 0),
    ],
)
def test_a_character_has_its_place_and_a_place_its_character(encoding, offset, line, character):
    lines = Lines(TEXT, encoding)
    assert lines.place(offset) == Position(line, character)
    assert lines.offset(Position(line, character)) == offset


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [
        (0, 3, 3),  # in the middle of the emoji: behind it
        (0, 99, 4),  # behind the line's end: before its line end
        (1, 99, 10),
        (99, 0, 16),  # behind the last line
    ],
)
def test_a_place_that_is_none_is_the_next_one(line, character, offset):
    assert Lines(TEXT).offset(Position(line, character)) == offset


def test_characters_that_end_lines_for_python_only_end_none():
    assert Lines("a\u2028b\x0bc\x85d\n").starts == [0, 8]


def test_a_lone_surrogate_takes_one_unit():
    assert Lines("\udce4x").place(1) == Position(0, 1)
