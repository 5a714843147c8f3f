import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.errors import UsageError
from plaincrm.index.search import search, split_words
from plaincrm.language import unaccented
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
    search(index, "".join(parts))
    search(index, " ".join(parts))


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
