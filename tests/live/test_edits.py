"""Edits from one text to another: they give the new text, and leave alone what stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.changes.edits import Edit, edited
from plaincrm.live.lsp.edits import between

TEXTS = st.text(alphabet="ab\n\r🙂", max_size=40)


@given(TEXTS, TEXTS)
def test_the_edits_make_the_other_text(old, new):
    assert edited(old, between(old, new)) == new


def test_only_what_differs_is_touched():
    old = "---\nnext: 2026-12-01\n---\n\none\ntwo\nthree\n"
    new = "---\nnext: 2026-12-08\n---\n\none\nthree\nfour\n"
    assert [*between(old, new)] == [Edit(19, 20, "8"), Edit(30, 34, ""), Edit(40, 40, "four\n")]


def test_where_nothing_differs_there_is_no_edit():
    assert [*between("one\ntwo", "one\ntwo")] == []
