"""Two people change one note: what merges, what is a conflict, and what is left to git."""

from __future__ import annotations

import random
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.history.three_way import merge_notes
from plaincrm.records.schema import Schema

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from merges import broken_promise, lost_words, made_triple, record

SCHEMA = Schema()
BASE = """\
---
name: Acme Oy
tags: [café, turku]
next: 2026-12-01      # after the fair
contacts:
  - Pekka Laine <pekka@acme.example> (owner)
  - Sanna Salo <sanna@acme.example>
---

They bake.

## Deals
- [deal:: Terrace] [value:: 4 500 €]

## Log

### 2026-11-20 call in, Pekka: wants a quote
He is happy.
- [ ] Send the quote 📅 2026-11-25
- [ ] Pekka sends the measures [owes:: them]

- 2026-10-02 email out: thanks
- 2026-09-30 visit: painting done
"""


def merged(ours: str, theirs: str, base: str = BASE) -> str:
    found = merge_notes(base.encode(), ours.encode(), theirs.encode(), SCHEMA)
    assert found is not None
    return found.data.decode()


# what it is about -> a text of the base, what ours and theirs have there, and what the merge has
AGREED = {
    "two fields": ("name: Acme Oy\n", "name: Acme Oy\nstage: lead\n", "name: Acme Oy\ntier: key\n",
                   "name: Acme Oy\nstage: lead\ntier: key\n"),
    "a field and the one below it": ("name: Acme Oy\ntags: [café, turku]\n", "name: Acme Ab\ntags: [café, turku]\n",
                                     "name: Acme Oy\ntags: [café]\n", "name: Acme Ab\ntags: [café]\n"),
    "the same value, spelt otherwise": ("name: Acme Oy\n", 'name: "Acme"\n', "name: Acme\n", 'name: "Acme"\n'),
    "a value, and the same in quotes": ("name: Acme Oy\n", 'name: "Acme Oy"\n', "name: Acme\n", "name: Acme\n"),
    "a list": ("[café, turku]", "[café, vip, turku]", "[turku, new]", "[vip, turku, new]"),
    "contacts": ("  - Sanna Salo <sanna@acme.example>\n",
                 "  - Sanna Salo <sanna@acme.example> (invoices)\n",
                 "  - Sanna Salo <sanna@acme.example>\n  - Ville Aho <ville@acme.example>\n",
                 "  - Sanna Salo <sanna@acme.example> (invoices)\n  - Ville Aho <ville@acme.example>\n"),
    "entries at one place": ("## Log\n\n", "## Log\n\n- 2026-11-21 call: A\n", "## Log\n\n- 2026-11-22 call: B\n",
                             "## Log\n\n- 2026-11-22 call: B\n- 2026-11-21 call: A\n"),
    "the same entry": ("## Log\n\n", "## Log\n\n- 2026-11-21 call: A\n", "## Log\n\n- 2026-11-21 call: A\n",
                       "## Log\n\n- 2026-11-21 call: A\n"),
    "the same entry, one with more below": (
        "## Log\n\n", "## Log\n\n- 2026-11-21 call: A\n  - [ ] X\n", "## Log\n\n- 2026-11-21 call: A\n",
        "## Log\n\n- 2026-11-21 call: A\n  - [ ] X\n"),
    "an entry that grows, and one before it": (
        "- 2026-10-02 email out: thanks\n", "- 2026-10-02 email out: thanks\n  with the invoice\n",
        "- 2026-10-05 call in: hello\n- 2026-10-02 email out: thanks\n",
        "- 2026-10-05 call in: hello\n- 2026-10-02 email out: thanks\n  with the invoice\n"),
    "an entry taken away, and its neighbour changed": (
        "- 2026-10-02 email out: thanks\n- 2026-09-30 visit: painting done\n", "- 2026-09-30 visit: painting done\n",
        "- 2026-10-02 email out: thanks\n- 2026-09-30 visit: painting and oiling done\n",
        "- 2026-09-30 visit: painting and oiling done\n"),
    "an entry with another date, and its words": (
        "- 2026-09-30 visit: painting done\n", "- 2026-09-29 visit: painting done\n",
        "- 2026-09-30 visit: painting done\n  [sale:: 3 €]\n", "- 2026-09-29 visit: painting done\n  [sale:: 3 €]\n"),
    "a promise ticked and put off": ("- [ ] Send the quote 📅 2026-11-25\n",
                                     "- [x] Send the quote 📅 2026-11-25 ✅ 2026-11-21\n",
                                     "- [ ] Send the quote 📅 2026-12-01\n",
                                     "- [x] Send the quote 📅 2026-12-01 ✅ 2026-11-21\n"),
    "two promises at one place": ("[owes:: them]\n", "[owes:: them]\n- [ ] Ours\n", "[owes:: them]\n- [ ] Theirs\n",
                                  "[owes:: them]\n- [ ] Ours\n- [ ] Theirs\n"),
    "two promises ticked": (
        "- [ ] Send the quote 📅 2026-11-25\n- [ ] Pekka sends the measures [owes:: them]\n",
        "- [x] Send the quote 📅 2026-11-25\n- [ ] Pekka sends the measures [owes:: them]\n",
        "- [ ] Send the quote 📅 2026-11-25\n- [x] Pekka sends the measures [owes:: them]\n",
        "- [x] Send the quote 📅 2026-11-25\n- [x] Pekka sends the measures [owes:: them]\n"),
    "two deals": ("[value:: 4 500 €]\n", "[value:: 4 500 €]\n- [deal:: Hall]\n", "[value:: 4 500 €]\n- [deal:: Roof]\n",
                  "[value:: 4 500 €]\n- [deal:: Hall]\n- [deal:: Roof]\n"),
    "two sections": ("## Deals\n", "## Vision\nThree cafés.\n\n## Deals\n", "## Deals\n- [deal:: Hall]\n",
                     "## Vision\nThree cafés.\n\n## Deals\n- [deal:: Hall]\n"),
}  # fmt: skip
# the same, and the lines between the markers
CLASHED = {
    "a value": ("next: 2026-12-01  ", "next: 2026-12-05  ", "next: 2026-12-07  ",
                "next: 2026-12-05      # after the fair\n", "next: 2026-12-07      # after the fair\n"),
    "a field cleared and changed": ("name: Acme Oy\n", "", "name: Acme Ab\n", "", "name: Acme Ab\n"),
    "one contact": ("(owner)", "(boss)", "(chair)", "  - Pekka Laine <pekka@acme.example> (boss)\n",
                    "  - Pekka Laine <pekka@acme.example> (chair)\n"),
    "an entry taken away and changed": (
        "- 2026-10-02 email out: thanks\n", "", "- 2026-10-02 email out: thanks a lot\n", "",
        "- 2026-10-02 email out: thanks a lot\n"),
    "one line of an entry": ("He is happy.", "He is glad.", "He was happy.", "He is glad.\n", "He was happy.\n"),
    "the first line of an entry": (
        "wants a quote", "wants two quotes", "wants a price",
        "### 2026-11-20 call in, Pekka: wants two quotes\n",
        "### 2026-11-20 call in, Pekka: wants a price\n"),
    "a promise put off twice": ("📅 2026-11-25", "📅 2026-11-26", "📅 2026-11-27",
                                "- [ ] Send the quote 📅 2026-11-26\n", "- [ ] Send the quote 📅 2026-11-27\n"),
    "the text": ("They bake.", "They bake bread.", "They bake buns.", "They bake bread.\n", "They bake buns.\n"),
}  # fmt: skip


@pytest.mark.parametrize("about", AGREED)
def test_what_a_careful_person_would_merge(about: str) -> None:
    old, one, other, expected = AGREED[about]
    assert BASE.count(old) == 1
    ours, theirs = BASE.replace(old, one), BASE.replace(old, other)
    assert merged(ours, theirs) == BASE.replace(old, expected)
    assert record(merged(theirs, ours).encode()) == record(BASE.replace(old, expected).encode())


@pytest.mark.parametrize("about", CLASHED)
def test_what_a_careful_person_would_ask_about(about: str) -> None:
    old, one, other, ours, theirs = CLASHED[about]
    assert BASE.count(old) == 1
    found = merge_notes(BASE.encode(), BASE.replace(old, one).encode(), BASE.replace(old, other).encode(), SCHEMA)
    assert found is not None
    text = found.data.decode()
    hunk = f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"
    assert text.count(hunk) == text.count("<<<<<<<") == 1
    assert text.replace(hunk, ours) == BASE.replace(old, one)
    ((line, our_lines, their_lines),) = found.conflicts
    assert (our_lines, their_lines) == (ours, theirs)
    assert text.split("\n")[line - 1] == "<<<<<<< ours"


def test_keys_in_other_words_are_the_same_field() -> None:
    base = "---\nname: Acme\nvaihe: liidi\n---\n"
    ours, theirs = base.replace("vaihe: liidi", "stage: lead"), base.replace("liidi", "asiakas")
    assert merged(ours, theirs, base) == theirs
    found = merge_notes(base.encode(), base.replace("liidi", "prospekti").encode(), theirs.encode(), SCHEMA)
    assert found is not None
    assert [conflict[1:] for conflict in found.conflicts] == [("vaihe: prospekti\n", "vaihe: asiakas\n")]


def test_a_log_that_runs_upwards() -> None:
    base = "---\nname: A\n---\n## Log\n- 2026-01-01 call: a\n- 2026-01-02 call: b\n\n## Other\nx\n"
    ours = base.replace("call: b\n", "call: b\n- 2026-01-05 call: ours\n")
    theirs = base.replace("call: b\n", "call: b\n- 2026-01-04 call: theirs\n")
    expected = base.replace("call: b\n", "call: b\n- 2026-01-04 call: theirs\n- 2026-01-05 call: ours\n")
    assert merged(ours, theirs, base) == merged(theirs, ours, base) == expected


def test_a_note_that_both_made() -> None:
    ours = "---\nname: A\nstage: lead\nowner: liisa\n---\n\n## Log\n- 2026-01-01 call: ours\n"
    theirs = "---\nname: A\nstage: lead\ncity: Turku\n---\n\n## Log\n- 2026-01-02 call: theirs\n"
    assert merged(ours, theirs, "") == (
        "---\nname: A\nstage: lead\ncity: Turku\nowner: liisa\n---\n\n## Log\n"
        "- 2026-01-02 call: theirs\n- 2026-01-01 call: ours\n"
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["\n", ""])
def test_line_ends_marks_and_the_missing_last_one_stay(ending: str, mark: str, last: str) -> None:
    def written(text: str) -> str:
        return mark + (text.removesuffix("\n") + last).replace("\n", ending)

    ours = BASE.replace("He is happy.", "He was happy.")
    theirs = BASE.replace("painting done", "painting was done")
    both = ours.replace("painting done", "painting was done")
    assert merged(written(ours), written(theirs), written(BASE)) == written(both)


def test_one_side_turned_the_line_ends_while_the_other_wrote() -> None:
    theirs = BASE.replace("He is happy.", "He was happy.")
    assert merged(BASE.replace("\n", "\r\n"), theirs) == theirs.replace("\n", "\r\n")


def test_markers_are_as_long_as_git_wants_them() -> None:
    ours, theirs = (BASE.replace("They bake.", said).encode() for said in ("A", "B"))
    found = merge_notes(BASE.encode(), ours, theirs, SCHEMA, 9, ("main", "other"))
    assert found is not None
    assert "<<<<<<<<< main\nA\n=========\nB\n>>>>>>>>> other\n" in found.data.decode()


DOUBTFUL = {
    "fields that are none": "---\nname: [A\n---\nx\n",
    "a field twice": "---\nname: A\nname: B\n---\nx\n",
    "a field twice in other words": "---\nname: A\nstage: lead\nvaihe: asiakas\n---\nx\n",
    "an anchor": "---\nname: &a A\n---\nx\n",
    "no end of the fields": "---\nname: A\nx\n",
    "two of them": "---\nname: A\n---\n---\nname: B\n---\n",
    "markers": "---\nname: A\n---\n<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\n",
    "longer markers, as of a base that is a merge": "---\nname: A\n---\n<<<<<<<<< ours\nx\n=========\ny\n>>>>>>>>> t\n",
    "ciphertext": "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n",
    "a picture": "\x89PNG\x00\x00",
    "no note": "just text\n",
}


@pytest.mark.parametrize("about", DOUBTFUL)
@pytest.mark.parametrize("place", range(3))
def test_what_is_not_surely_understood_is_left_to_git(about: str, place: int) -> None:
    versions = [BASE, BASE.replace("happy", "glad"), BASE.replace("thanks", "thank you")]
    versions[place] = DOUBTFUL[about]
    base, ours, theirs = (version.encode("latin-1" if "PNG" in version else "utf-8") for version in versions)
    assert merge_notes(base, ours, theirs, SCHEMA) is None


def test_a_note_that_both_sides_sorted_anew_is_left_to_git() -> None:
    entries = ["- 2026-01-03 call: c\n", "- 2026-01-02 call: b\n", "- 2026-01-01 call: a\n"]
    notes = ["".join(["---\nname: A\n---\n", *order]) for order in (entries, entries[::-1], entries[1:] + entries[:1])]
    base, ours, theirs = (note.encode() for note in notes)
    assert merge_notes(base, ours, theirs, SCHEMA) is None
    moved = merge_notes(base, ours, base.replace(b"call: b", b"call: b, and more"), SCHEMA)
    assert moved is not None
    assert moved.data == ours.replace(b"call: b", b"call: b, and more")


def test_many_equal_lines_are_left_to_git_before_they_take_long() -> None:
    lines = ["x\n", "y\n", "z\n"] * 900
    base, ours, theirs = (
        f"---\nname: A\n---\n{''.join(said)}".encode() for said in (lines, ["a\n", *lines[::-1]], [*lines[100:], "b\n"])
    )
    begun = time.process_time()
    assert merge_notes(base, ours, theirs, SCHEMA) is None
    assert time.process_time() - begun < 2


@given(st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_no_line_is_lost_and_the_sides_may_be_swapped(rng: random.Random) -> None:
    assert broken_promise(made_triple(rng)) == ""


def test_the_promise_can_be_broken() -> None:
    base = textwrap.dedent("""\
        ---
        name: A
        ---
        one
        """).encode()
    triple = base, base + b"two\n", base + b"three\n"
    assert lost_words(triple, base + b"two\n") == {"three"}
