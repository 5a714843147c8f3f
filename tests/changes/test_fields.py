"""Fields set, added to and cleared: what changes, and that nothing else does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.changes.draft import Draft, Wish
from plaincrm.changes.fields import add_values, remove_values, set_field
from plaincrm.changes.parts import Reading
from plaincrm.changes.wording import current
from plaincrm.errors import UsageError, WriteRefused
from plaincrm.records.schema import Schema

SCHEMA = Schema(owners=("liisa", "matti"), country="FI")
PATH = "customers/acme.md"


def made(note: str, wish: str, *values: str) -> str:
    """The note after one wish: `next=`, `tags+=`, `tags-=`."""
    draft = Draft(PATH, note.encode(), SCHEMA)
    draft.make(wished(draft.note, wish, values))
    step = draft.step
    return (step.change.new if step else note.encode()).decode()


def wished(note: Reading, wish: str, values: tuple[str, ...]) -> Wish:
    if wish.endswith("+="):
        return add_values(note, SCHEMA, wish[:-2], values)
    if wish.endswith("-="):
        return remove_values(note, SCHEMA, wish[:-2], values)
    return set_field(note, SCHEMA, wish.removesuffix("="), values)


NOTE = """---
name: Acme
# who
stage: prospect   # since May
tags: [a, b]
phone: '+358 40 1234567'
prefers:
- email
- call
next:
own: "x"
---

Text.
"""


@pytest.mark.parametrize(
    ("wish", "values", "old", "new"),
    [
        ("stage=", ["customer"], "stage: prospect   # since May", "stage: customer   # since May"),
        ("phone=", ["+358 50 7654321"], "phone: '+358 40 1234567'", "phone: '+358 50 7654321'"),
        ("next=", ["2026-12-01"], "next:\n", "next: 2026-12-01\n"),
        ("own=", ["it's 5"], 'own: "x"', 'own: "it\'s 5"'),
        ("own=", ['a "b" \\'], 'own: "x"', 'own: "a \\"b\\" \\\\"'),
        ("city=", ["Turku"], "phone:", "city: Turku\nphone:"),
        ("postcode=", ["00100"], "phone:", 'postcode: "00100"\nphone:'),
        ("owner=", ["LIISA"], "tags: [a, b]", "owner: liisa\ntags: [a, b]"),
        ("needs=", ["no: more # of it"], "next:\n", 'needs: "no: more # of it"\nnext:\n'),
        ("referred_by=", ["salo"], "tags:", 'referred_by: "[[salo]]"\ntags:'),
        ("tags+=", ["c", "a"], "tags: [a, b]", "tags: [a, b, c]"),
        ("tags-=", ["a"], "tags: [a, b]", "tags: [b]"),
        ("tags-=", ["b"], "tags: [a, b]", "tags: [a]"),
        ("tags=", ["x", "y z".replace(" ", "-")], "tags: [a, b]", "tags: [x, y-z]"),
        ("prefers+=", ["letter"], "- call\n", "- call\n- letter\n"),
        ("prefers-=", ["email"], "- email\n", ""),
        ("prefers=", ["visit", "chat"], "- email\n- call", "- visit\n- chat"),
        ("email+=", ["a@b.example"], "phone:", "email: [a@b.example]\nphone:"),
        ("contacts+=", ["Pekka <p@b.example>"], "phone:", 'contacts:\n  - "Pekka <p@b.example>"\nphone:'),
        ("stage=", [], "stage: prospect   # since May\n", ""),
        ("prefers=", [], "prefers:\n- email\n- call\n", ""),
        ("tags-=", ["a", "b"], "tags: [a, b]\n", ""),
        ("next=", [], "next:\n", ""),
        ("stage=", ["prospect"], "", ""),
        ("tags+=", ["a"], "", ""),
        ("city=", [], "", ""),
    ],
)
def test_one_field(wish: str, values: list[str], old: str, new: str) -> None:
    expected = NOTE.replace(old, new, 1) if old else NOTE
    assert made(NOTE, wish, *values) == expected


def test_in_finnish() -> None:
    note = "---\nnimi: Acme\nvaihe: liidi\n---\n\n## Loki\n"
    assert made(note, "stage=", "customer") == note.replace("liidi", "asiakas")
    assert made(note, "vaihe=", "asiakas") == note.replace("liidi", "asiakas")
    assert made(note, "next=", "2026-12-01") == note.replace("liidi\n", "liidi\nseuraava: 2026-12-01\n")


def test_line_ends_and_a_mark_stay() -> None:
    note = "\ufeff---\r\nname: Acme\r\n---\r\nText"
    assert made(note, "city=", "Turku") == "\ufeff---\r\nname: Acme\r\ncity: Turku\r\n---\r\nText"


def test_without_front_matter() -> None:
    assert made("Hello\n", "city=", "Turku") == "---\nname: acme\ncity: Turku\n---\n\nHello\n"
    assert made("", "name=", "Acme") == "---\nname: Acme\n---\n"


@pytest.mark.parametrize(
    ("wish", "values", "message"),
    [
        ("stag=", ["lead"], "There is no field stag."),
        ("stage=", ["custmer"], "custmer"),
        ("next=", ["2026-02-30"], "2026-02-30"),
        ("next=", ["2026-02-03", "2026-02-04"], "has one value"),
        ("stage+=", ["lead"], "is no list"),
        ("tags-=", ["zzz"], "zzz is not among tags."),
        ("email=", ["a@b"], "a@b"),
    ],
)
def test_what_is_no_value_is_refused(wish: str, values: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        made(NOTE, wish, *values)


def test_a_field_that_stands_twice_is_left_to_people() -> None:
    with pytest.raises(WriteRefused, match="twice"):
        made("---\nname: Acme\nstage: lead\nstage: customer\n---\n", "stage=", "former")


# Notes as people write them: a key, the spellings of its value, and what they mean.
WAYS = {
    "name": (["Acme Oy", '"Acme Oy"', "'Acme Oy'", "Acme Oy # the firm"], ("Acme Oy",)),
    "stage": (["lead", '"lead"', "lead   "], ("lead",)),
    "tags": (["[a, b]", "\n  - a\n  - b", "\n- a\n- b # second", "a, b", "[ a,b ]"], ("a", "b")),
    "email": (["x@y.example", "[x@y.example]", "\n  - x@y.example"], ("x@y.example",)),
    "city": (["Turku", "'Turku'"], ("Turku",)),
    "next": (["2026-12-01", '"2026-12-01"', "2026-12-01 # call"], (date(2026, 12, 1),)),
    "size": (["11", '"11"'], None),
    "shoe": (["x y", "[p, q]", '"1"'], None),
}
NEW = {
    "name": st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
    "stage": st.sampled_from(["customer", "former", "prospect"]),
    "city": st.sampled_from(["Åbo", "no", "# x", "a: b", "[x]", "1e3", "'", '"', "-", "~", "x, y", "%", "@home", "*"]),
    "next": st.dates(date(1950, 1, 1), date(2090, 1, 1)).map(str),
    "needs": st.text("abc:#[]{}'\"\\,- é\t", min_size=1, max_size=20),
    "referred_by": st.sampled_from(["salo", "Kahvila Aurinko"]),
}


@st.composite
def notes(draw: st.DrawFn) -> str:
    keys = draw(st.lists(st.sampled_from(sorted(WAYS)), unique=True, min_size=1))
    lines = []
    for key in keys:
        lines += draw(st.sampled_from([[], ["# a comment"], [""]]))
        value = draw(st.sampled_from(WAYS[key][0]))
        lines.append(f"{key}:{value}" if value.startswith("\n") else f"{key}: {value}")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    body = draw(st.sampled_from(["", "Text.\n", "\n## Log\n\n- 2026-11-20 call: x [sale:: 5 EUR]\n", "no end"]))
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return bom + "\n".join(["---", *lines, "---", body]).replace("\n", end)


@given(notes(), st.sampled_from(sorted(NEW)), st.data())
@settings(max_examples=400)
def test_set_then_get_and_back(note: str, key: str, data: st.DataObject) -> None:
    text = data.draw(NEW[key])
    if not text.strip():
        return
    draft = Draft(PATH, note.encode(), SCHEMA)
    field = SCHEMA.table.customer[key]
    before = current(draft.note, field)
    old = [line for line in note.split("\n") if not line.startswith(f"{key}:")]
    draft.make(set_field(draft.note, SCHEMA, key, [text]))
    after = current(draft.note, field)
    assert [str(value) for value in after] == [text.strip()]
    new = draft.note.text
    assert [line for line in new.split("\n") if not line.startswith(f"{key}:")] == old
    draft.make(set_field(draft.note, SCHEMA, key, [text]))
    assert draft.note.text == new
    if key == "name" and not before:  # nobody is left without a name
        return
    draft.make(set_field(draft.note, SCHEMA, key, [str(value) for value in before]))
    assert draft.note.text == note or (before and current(draft.note, field) == before)


@given(notes(), st.lists(st.sampled_from(["a", "b", "c", "dé", "x-y"]), min_size=1, max_size=3, unique=True))
@settings(max_examples=300)
def test_values_added_are_there_and_can_be_taken_away(note: str, tags: list[str]) -> None:
    draft = Draft(PATH, note.encode(), SCHEMA)
    had = current(draft.note, SCHEMA.table.customer["tags"])
    draft.make(add_values(draft.note, SCHEMA, "tags", tags))
    assert current(draft.note, SCHEMA.table.customer["tags"]) == (*had, *(tag for tag in tags if tag not in had))
    new = [tag for tag in tags if tag not in had]
    if new:
        draft.make(remove_values(draft.note, SCHEMA, "tags", new))
    assert current(draft.note, SCHEMA.table.customer["tags"]) == had
