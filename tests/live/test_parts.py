"""The parts of a note: found between their markers, filled without a change around them, known again afterwards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.changes.edits import edited
from plaincrm.live.parts import BadMarker, Part, filled, is_edited, parts_of

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["", "## Today", "# Home", "```", "~~~~", "<!-- plaincrm:list -->", "<!-- /plaincrm -->", "- x"]
        ),
        st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]), max_size=12),
    ),
    max_size=6,
)
ANSWERS = st.sampled_from(["# Agenda\n\n## Overdue\n\n- [ ] [[a|A]]: x\n", "one line\n", "", "# A\r\n"])


def test_a_part_has_its_words_its_line_and_the_level_of_its_heading() -> None:
    text = "# Home\n## Today\n<!-- plaincrm:list 'tag:a b' --limit 3 -->\nold\n<!-- /plaincrm 12345678 -->\n"
    (part,), bad = parts_of(text)
    assert (part.line, part.words, part.level, part.known) == (3, ("list", "tag:a b", "--limit", "3"), 2, "12345678")
    assert text[part.start : part.end] == "old\n"
    assert bad == []
    new = edited(text, [filled(text, part, "# Customers\n\n| a |\n")])
    assert new.startswith(
        "# Home\n## Today\n<!-- plaincrm:list 'tag:a b' --limit 3 -->\n\n### Customers\n\n| a |\n\n<!-- /pl"
    )


def test_markers_that_do_not_match_are_named_by_their_lines() -> None:
    text = (
        "<!-- /plaincrm -->\n<!-- plaincrm:list -->\n<!-- plaincrm:agenda -->\n<!-- /plaincrm -->\n<!-- plaincrm:x -->"
    )
    found, bad = parts_of(text)
    assert [part.words for part in found] == [("agenda",)]
    assert [one.line for one in bad] == [1, 2, 5]


@given(LINES, LINES, ANSWERS, st.sampled_from(["\n", "\r\n"]))
def test_nothing_around_a_part_changes_and_it_is_known_again(
    before: list[str], after: list[str], answer: str, end: str
) -> None:
    text = end.join([*before, "<!-- plaincrm:agenda -->", "<!-- /plaincrm -->", *after])
    found, _bad = parts_of(text)
    new = edited(text, [filled(text, part, answer) for part in found if not is_edited(text, part)])
    again, bad = parts_of(new)
    assert [part.words for part in again] == [part.words for part in found]
    assert len(bad) == len(_bad)
    for old, now in zip(found, again, strict=True):
        if not is_edited(text, old):
            assert not is_edited(new, now)
            edit = filled(new, now, answer)
            assert new[edit.start : edit.end] == edit.text
    assert outside(new, again) == outside(text, found)


def outside(text: str, found: list[Part]) -> list[str]:
    """What stands between the parts, without the closing markers."""
    pieces, at = [], 0
    for part in found:
        pieces.append(text[at : part.start])
        at = part.close
    return [*pieces, text[at:]]


def test_a_quote_that_is_not_closed_is_told() -> None:
    found, bad = parts_of("<!-- plaincrm:list 'x -->\n<!-- /plaincrm -->\n")
    assert (found, bad) == ([], [BadMarker(1, "a quote in this marker is not closed", "Close it.")])
