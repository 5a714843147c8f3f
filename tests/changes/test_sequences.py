"""Sequences outside of memory are sequences like others."""

from __future__ import annotations

import json

import pytest

from plaincrm.changes.sequences import Mapped, Spool


def spool(*items: object) -> Spool[object]:
    found = Spool[object](json.dumps, json.loads)
    for item in items:
        found.append(item)
    return found


def test_a_spool_gives_back_what_it_got() -> None:
    found = spool("a", [1, None], {"ä": "\ud800"})
    assert len(found) == 3
    assert [*found] == ["a", [1, None], {"ä": "\ud800"}]
    assert (found[0], found[-1], found[1:]) == ("a", {"ä": "\ud800"}, [[1, None], {"ä": "\ud800"}])
    assert "a" in found
    assert not spool()
    with pytest.raises(IndexError):
        found[3]


def test_a_spool_can_be_read_while_it_grows() -> None:
    found = spool("a", "b")
    reading = iter(found)
    assert next(reading) == "a"
    found.append("c")
    assert found[2] == "c"
    assert "b" in [*reading]


def test_what_is_mapped_is_made_when_it_is_asked_for() -> None:
    made = list[object]()

    def shown(item: object) -> str:
        made.append(item)
        return f"<{item}>"

    found = Mapped(spool(1, 2, 3), shown)
    assert (len(found), made) == (3, [])
    assert found[1] == "<2>"
    assert made == [2]
    assert [*found[1:]] == ["<2>", "<3>"]
