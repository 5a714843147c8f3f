import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.errors import QueryError, UsageError
from plaincrm.index.query import compile_query
from plaincrm.index.search import split_words
from plaincrm.language import unaccented
from plaincrm.reports.search import search
from tests.index.conftest import Notes

NOTES = {
    "aurinko": "---\nname: Kahvila Aurinko\n---\n\nSähköasennus keittiöön.\nKattilan vaihto; kattilan huolto.\n",
    "koski": "---\nname: Äänekosken Sähkö\n---\n\nÅbo Akademi, café, Straße 5, 100 % työtä.\n",
    "o'brien": '---\nname: "O\'Brien & Sons"\n---\n\nSaid "never NOT ever" (twice) AND left. NEAR(a b) x*y col:umn\n',
    "niemi": "---\nname: Timo Niemi\n---\n\nAurinko paistaa. AI ja IT. fuuga-asennus\nnul\0byte behind\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    notes = Notes(tmp_path_factory.mktemp("search") / "vault")
    for name, text in NOTES.items():
        notes.write(name, text)
    with notes.open(cache=False) as opened:
        yield opened


def found(index, text: str) -> list[str]:
    return sorted(item.customer for item in search(index, text).found)


@pytest.mark.parametrize(
    ("text", "customers"),
    [
        ("asennus", ["aurinko", "niemi"]),  # a part of a compound
        ("ASENNUS", ["aurinko", "niemi"]),
        ("sähköasennus", ["aurinko"]),
        ("sahkoasennus", ["aurinko"]),
        ("köas", ["aurinko"]),
        ("aanekoski".replace("ski", "sken"), ["koski"]),
        ("äänekosken", ["koski"]),
        ("a\u0308a\u0308nekosken", ["koski"]),
        ("åbo", ["koski"]),
        ("abo", ["koski"]),
        ("cafe", ["koski"]),
        ("strasse", ["koski"]),  # as the term `straße` is compared
        ("trass", ["koski"]),
        ("STRAẞE", ["koski"]),
        ("ai", ["niemi"]),  # short words are beginnings
        ("aur", ["aurinko", "niemi"]),
        ("ti", ["niemi"]),
        ("oy", []),
        ("5", ["koski"]),
        ("kattilan vaihto", ["aurinko"]),
        ("vaihto sähkö", ["aurinko"]),
        ("vaihto cafe", []),
        ('"kattilan huolto"', ["aurinko"]),
        ('"huolto kattilan"', []),
        ('"kattilan huo', ["aurinko"]),
        ('"attilan huol"', []),
        ("o'brien", ["o'brien"]),
        ("O'Brien & Sons", ["o'brien"]),  # a sign alone is no word
        ("100 %", ["koski"]),
        ("&", []),
        ("behind", ["niemi"]),
        ("ehin", ["niemi"]),  # a part behind a NUL byte
        ('"said never"', ["o'brien"]),
        ("NOT", ["o'brien"]),
        ("x*y", ["o'brien"]),
        ("col:umn", ["o'brien"]),
        ("text:kahvila", []),
        ("(twice)", ["o'brien"]),
    ],
)
def test_what_a_search_finds(index, text, customers):
    assert found(index, text) == customers


@pytest.mark.parametrize("text", ["", "  ", '""', '" "', "\0"])
def test_a_search_for_nothing_finds_nothing(index, text):
    assert search(index, text) == ((), 0, ())


def test_hits_are_the_lines_that_hold_most_in_the_order_of_the_note(index):
    (hit,) = search(index, "kattilan vaihto").found
    assert [(line.line, line.text) for line in hit.hits] == [(6, "Kattilan vaihto; kattilan huolto.")]
    (hit,) = search(index, "sähköasennus keittiö").found
    assert hit.hits[0] == (5, "Sähköasennus keittiöön.")
    assert (hit.name, hit.file) == ("Kahvila Aurinko", "customers/aurinko.md")


def test_a_name_comes_before_a_text_and_the_limit_counts(index):
    both = search(index, "aurinko")
    assert [item.customer for item in both.found] == ["aurinko", "niemi"]
    assert both.total == 2
    first = search(index, "aurinko", 1)
    assert ([item.customer for item in first.found], first.total) == (["aurinko"], 2)
    assert search(index, "aurinko", 0) == both


OPERATORS = [
    "AND",
    "OR",
    "NOT",
    "NEAR(",
    ")",
    '"',
    "*",
    "^",
    ":",
    "-",
    "+",
    "{",
    "}",
    "name",
    "'",
    ";",
    "--",
    "\\",
    "%",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*OPERATORS, "ab", "sahko", " ", "ä", "\0", "\udcff", "👍", "\n"]), max_size=12))
def test_nothing_that_is_typed_is_an_operator(index, parts):
    for typed in ("".join(parts), " ".join(parts)):
        try:
            search(index, typed)
        except QueryError as refused:  # one of another language is told from a word, and by nobody taken for one
            assert re.match("There is no operator (AND|OR|NOT)", refused.message)  # noqa: PT017


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_every_part_of_a_note_finds_it(index, data):
    """Three letters or more, wherever they are cut out of a word."""
    customer, note = data.draw(st.sampled_from(sorted(NOTES.items())))
    words = [word for word in re.findall(r"[^\W_]+", note) if len(unaccented(word)) > 2]
    word = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, len(word) - 3))
    part = word[start : data.draw(st.integers(start + 3, len(word)))]
    if len(unaccented(part)) > 2 and "ß" not in word:
        assert customer in found(index, part)


def test_a_word_of_any_length(index):
    assert found(index, "x" * 50_000) == []
    assert found(index, f'"{"kattilan " * 5_000}"') == []


def test_a_search_of_very_many_words_is_refused(index):
    assert found(index, " ".join(["kattilan"] * 5_000)) == ["aurinko"]
    with pytest.raises(UsageError, match="101 words are too many"):
        search(index, " ".join(f"w{number}" for number in range(101)))
    assert found(index, " ".join(f"w{number}" for number in range(100))) == []


def test_words_as_they_are_compared():
    assert split_words('Café "Sol y  Mar" CAFÉ -x "') == ("cafe", "sol y  mar", "-x")


def test_a_part_of_very_many_words_finds_them_all(tmp_path):
    notes = Notes(tmp_path)
    for number in range(3):
        notes.write(f"n{number}", " ".join(f"x{number}asema{word}" for word in range(1500)))
    with notes.open(cache=False) as index:
        assert search(index, "asema").total == 3


def test_words_that_are_gone_are_found_no_more(notes):
    notes.write("a", "Sähköasennus")
    with notes.open() as index:
        assert search(index, "asennus").total == 1
    notes.write("a", "Vesijohto")
    with notes.open() as index:
        assert search(index, "asennus").total == 0
        assert search(index, "johto").total == 1


LIMITED = {
    "kivi": """---
name: Ravintola Kivi
tags: [café, "old oak"]
vaihe: asiakas
contacts: [Pekka Aalto <pekka@kivi.example>]
next: 2026-12-01
---
Oak everywhere, says Pekka.

## Deals
- [deal:: Terassin öljyäminen] [value:: 100]

## Log
- 2026-11-02 visit: the bar front [sale:: 10] [product:: Öljy]
  Oiled the oak
  floor twice.
- 2026-10-01 call in, Pekka: a quote
- [ ] Send the quote for the oak
""",
    "niemi": "---\nname: Timo Oak\ntags: [x]\n---\nA terrace. https://oak.example 10:30\n\n- 2026-11-02 visit: pine\n",
}
LIMITS = {
    "oak": ("niemi 2 5 | kivi 3 8 15", ["kivi", "niemi"]),
    "name:oak": ("niemi 2", ["niemi"]),
    "log:oak": ("kivi 15", ["kivi"]),
    "log:ILED": ("kivi 15", ["kivi"]),  # by part
    'log:"oak floor"': ("kivi 14", ["kivi"]),  # a phrase over the end of a line
    'log:"floor oak"': ("", []),
    "log:says": ("", []),  # it stands above the log
    "log:pine,twice": ("kivi 16 | niemi 7", ["kivi", "niemi"]),
    "contact:pekka": ("kivi 5", ["kivi"]),
    "tag:café oak": ("kivi 3 8 15", ["kivi"]),
    "oak -tag:café": ("niemi 2 5", ["niemi"]),
    "oak -pine": ("kivi 3 8 15", ["kivi"]),
    "pekka stage:customer": ("kivi 5 8 17", ["kivi"]),
    "twice name:kivi": ("kivi 2 16", ["kivi"]),
    "deal:oljyam": ("kivi 11", ["kivi"]),
    "deal:any": ("kivi 11", ["kivi"]),
    "-deal:any": ("niemi", ["niemi"]),
    "product:oljy": ("kivi 14", ["kivi"]),
    "promise:quote": ("kivi 18", ["kivi"]),
    "promise:terrace": ("", []),
    "stage:customer": ("kivi 4", ["kivi"]),  # as the note says it
    "next<+2w": ("kivi 6", ["kivi"]),
    "@oaken pekka": ("kivi 5 8 17", ["kivi"]),
    # what is no limit is a word
    "10:30": ("niemi 5", ["niemi"]),
    "https://oak.example": ("niemi 5", ["niemi"]),
    "name:": ("niemi 2 | kivi 2", ["kivi", "niemi"]),
    'oak"': ("niemi 2 5 | kivi 3 8 15", ["kivi", "niemi"]),
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    notes = Notes(tmp_path_factory.mktemp("limited") / "vault")
    (notes.root / "plaincrm.toml").write_text('[segments]\noaken = "log:oak"\n', encoding="utf-8")
    for name, text in LIMITED.items():
        notes.write(name, text)
    with notes.open(cache=False) as opened:
        yield opened


@pytest.mark.parametrize(("text", "expected"), [(text, shown) for text, (shown, _ids) in LIMITS.items()])
def test_a_search_is_limited_to_fields_and_parts(limited, text, expected):
    hits = search(limited, text, 20, date(2026, 11, 21)).found
    shown = " | ".join(" ".join([one.customer, *(str(hit.line) for hit in one.hits)]) for one in hits)
    assert shown == expected


@pytest.mark.parametrize(
    "text", [text for text in LIMITS if not text.startswith(("10:", "https:")) and text[-1] not in ':"']
)
def test_a_list_finds_what_a_search_finds(limited, text):
    condition = compile_query(text, limited.vault.config, date(2026, 11, 21))
    rows = limited.rows(f"select customer from customers c where {condition.sql} order by 1", condition.parameters)
    assert [row[0] for row in rows] == LIMITS[text][1]
    assert [row[0] for row in rows] == sorted(
        one.customer for one in search(limited, text, 20, date(2026, 11, 21)).found
    )


@pytest.mark.parametrize("text", ["040 123 4567", "0401234567", "+358 40 1234567", "(040) 123-4567 tag:a"])
def test_a_phone_number_is_found_however_it_is_written(notes, text):
    notes.write("acme", "---\nname: Acme\ntags: [a]\nphone: '+358401234567'\n---\n")
    notes.write("bea", "---\nname: Bea\nphone: 040 123 4568\ntags: [a]\n---\n")
    notes.write("plaincrm.toml", '[vault]\ncountry = "FI"\n')
    with notes.open() as index:
        (hit,) = search(index, text).found
    assert (hit.customer, [line.line for line in hit.hits][-1]) == ("acme", 4)


def test_the_value_of_a_limit_is_held_to_its_field(limited):
    with pytest.raises(QueryError) as refused:
        search(limited, "oak stage:custmer")
    assert (refused.value.query, refused.value.start, refused.value.end) == ("oak stage:custmer", 10, 17)
    with pytest.raises(QueryError, match="Only dates and numbers can be compared with <"):
        search(limited, "log<oak")
