"""Who may be one customer: small registers, and the pairs that are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from plaincrm.records.names import likeness, name_words
from plaincrm.reports.duplicates import Pair
from tests.making import make_vault, vault_of

AURINKO = "---\nname: Kahvila Aurinko Oy\nbusiness_id: 2779126-0\ncity: Turku\n---\n- 2026-11-20 call\n"


def note(name: str, *fields: str) -> str:
    return "\n".join(["---", f"name: {name}", *fields, "---", ""])


def pairs(tmp_path: Path, notes: dict[str, str], query: str = "") -> list[Pair]:
    return list(vault_of(tmp_path, notes).duplicates(query).pairs)


def scores(tmp_path: Path, notes: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(pair.first.customer, pair.second.customer, pair.score) for pair in pairs(tmp_path, notes)]


@pytest.mark.parametrize(
    ("other", "score"),
    [
        (note("Solcafé", "business_id: 2779126-0"), "the same business id"),
        (note("Kahvila Aurinkoo", "city: turku"), "nearly the same name, same city"),
        (note("Aurinko Kahvila"), ""),  # the words in another order are alike; without a place that is too little
        (note("Aurinko Kahvila", "city: Turku"), "nearly the same name, same city"),
        (note("Kahvila Aurinko Kupittaa", "city: Turku"), "a similar name, same city"),
        (note("Kahvila Aurinko Kupittaa", "city: Salo"), ""),
        (note("Kahvila Aurinko", "business_id: 0737546-2"), ""),  # another id tells them apart
        (note("kahvila AURINKO ab"), "the same name"),
        (note("Kahvila Kuu", "city: Turku"), ""),
    ],
)
def test_what_is_alike(tmp_path: Path, other: str, score: str) -> None:
    found = scores(tmp_path, {"aurinko.md": AURINKO, "other.md": other})
    assert found == ([("aurinko", "other", score)] if score else [])


def test_each_thing_is_told_with_its_places(tmp_path: Path) -> None:
    one = note("Anna Virtanen", 'phone: "040 555 0101"', "email: anna@v.example", "postcode: '20100'", "city: Turku")
    two = note("A. Virtanen", 'phone: "+358405550101"', "email: Anna@V.example", "postcode: '20100'")
    (pair,) = vault_of(tmp_path, {"anna.md": one, "v.md": two}, '[vault]\ncountry = "FI"\n').duplicates().pairs
    assert pair.score == "the same e-mail address, the same phone number, same postcode"
    assert [shared[:] for shared in pair.shared] == [
        ("email", "anna@v.example", 4, "Anna@V.example", 4),
        ("phone", "040 555 0101", 3, "+358405550101", 3),
        ("postcode", "20100", 5, "20100", 5),
    ]
    assert pair.points == 60 + 50 + 10
    assert (pair.first.path, pair.second.path) == ("customers/anna.md", "customers/v.md")


def test_an_id_that_differs_speaks_against(tmp_path: Path) -> None:
    other = note("Solcafé", "email: x@x.example", "business_id: 0737546-2")
    (pair,) = pairs(tmp_path, {"a.md": AURINKO.replace("city: Turku", "email: x@x.example"), "b.md": other})
    assert [against[:] for against in pair.against] == [("business_id", "2779126-0", 3, "0737546-2", 4)]
    assert pair.points == 60 - 50


def test_one_address_brings_two_together_unless_something_tells_them_apart(tmp_path: Path) -> None:
    place = ("address: Brahenkatu 9", "postcode: '20100'")
    notes = {"a.md": note("Parturi Sointu", *place), "b.md": note("Kukka Oy", *place)}
    assert scores(tmp_path / "one", notes) == [("a", "b", "same address")]
    notes["a.md"], notes["b.md"] = (
        text.replace("\n---\n", f"\nemail: {key}@x.example\n---\n") for key, text in notes.items()
    )
    assert scores(tmp_path / "two", notes) == []


def test_the_likeliest_stand_first_and_the_one_of_whom_more_is_written_is_the_first_of_two(tmp_path: Path) -> None:
    notes = {
        "b.md": AURINKO,
        "a.md": note("Kahvila Aurinkoo"),
        "c.md": note("X", "business_id: 2779126-0"),
        "d.md": note("Hotelli Satama"),
        "e.md": note("Hotelli Satamaa"),
    }
    found = scores(tmp_path, notes)
    assert [pair[:2] for pair in found] == [("b", "c"), ("b", "a"), ("d", "e")]
    assert len(vault_of(tmp_path, notes).duplicates(limit=1).pairs) == 1
    assert vault_of(tmp_path, notes).duplicates(limit=1).total == 3


def test_a_query_names_at_least_one_of_a_pair(tmp_path: Path) -> None:
    notes = {
        "a.md": AURINKO,
        "b.md": note("Kahvila Aurinkoo", "stage: lead"),
        "c.md": note("Satama Oy"),
        "d.md": note("Satama"),
    }
    assert [pair.second.customer for pair in pairs(tmp_path, notes, "stage:lead")] == ["b"]


@pytest.mark.parametrize(
    "tie", ['company: "[[aurinko]]"', 'parent: "[[aurinko]]"', 'not_same: ["[[aurinko]]"]', "eri kuin: aurinko"]
)
def test_those_who_have_to_do_with_each_other_or_are_said_to_be_two_are_none(tmp_path: Path, tie: str) -> None:
    notes = {"aurinko.md": AURINKO, "b.md": note("Kahvila Aurinkoo", "business_id: 2779126-0", tie)}
    assert scores(tmp_path, notes) == []
    assert [found.code for found in vault_of(tmp_path, notes).check().diagnostics] == []


def test_not_same_holds_for_the_two_and_for_no_third(tmp_path: Path) -> None:
    notes = {
        "a.md": note("A", "email: x@x.example"),
        "b.md": note("B", "email: x@x.example", 'not_same: "[[a]]"'),
        "c.md": note("C", "email: x@x.example", 'not_same: "[[a]]"'),
    }
    assert scores(tmp_path, notes) == [("b", "c", "the same e-mail address")]
    codes = [(found.file, found.code) for found in vault_of(tmp_path, notes).check().diagnostics]
    assert codes == [("customers/c.md", "same-email")]


def test_not_same_is_written_into_both_notes(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": AURINKO, "b.md": "---\nnimi: Kahvila Aurinkoo\nkaupunki: Turku\n---\n"})
    assert len(vault.duplicates().pairs) == 1
    report = vault.not_same("a", "b")
    assert [(item.file, item.what) for item in report.files] == [
        ("customers/a.md", ("not_same += [[b]]",)),
        ("customers/b.md", ("not_same += [[a]]",)),
    ]
    assert 'eri kuin:\n  - "[[a]]"\n' in (tmp_path / "customers/b.md").read_text()
    assert vault.duplicates().pairs == ()
    assert vault.not_same("a", "b").files == ()
    with pytest.raises(UsageError, match="are one note"):
        vault.not_same("a", "a")


def test_a_note_that_could_not_be_read_is_named(tmp_path: Path) -> None:
    make_vault(tmp_path, {"a.md": AURINKO, "b.md": b"\xff\xfe\x00"})
    assert vault_of(tmp_path, {}).duplicates().unread == {"customers/b.md": "wrong-encoding"}


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Kahvila Aurinko Oy", "kahvila-aurinko", "same"),
        ("Anna Virtanen", "Virtanen Anna", "near"),
        ("Autokorjaamo Rinne", "Autokorjamo Rinne", "near"),
        ("Kukkakauppa Orvokki", "Kukakauppa Orvoki", "similar"),
        ("Anna Niemi", "Anne Niemi", ""),
        ("As Oy Linnankatu 12", "As Oy Linnankatu 14", ""),
        ("Salo Consulting", "Sari Salo", ""),
        ("Ravintola Kivi", "Ravintola Kivi Turku 2", ""),
    ],
)
def test_how_alike_names_are(one: str, two: str, expected: str) -> None:
    assert likeness(name_words(one), name_words(two)) == expected
    assert likeness(name_words(two), name_words(one)) == expected


def test_one_contact_person_of_two_called_alike_is_one_customer(tmp_path: Path) -> None:
    sanna = "contacts:\n  - Sanna Salo <{}> {}"
    one = note("Kahvila Aurinko Oy", sanna.format("sanna@a.example", "+358 40 555 0101"))
    two = note("Aurinko kahvila", sanna.format("SANNA@a.example", "+358 40 555 0177"))
    other = note("Solcafé", sanna.format("sanna@a.example", ""))  # whose books she keeps
    notes = {"aurinko.md": one, "new.md": two, "sol.md": other}
    assert scores(tmp_path, notes) == [("aurinko", "new", "the same e-mail address, nearly the same name")]
    found = [line for line in vault_of(tmp_path, notes).check().diagnostics if line.code == "same-email"]
    assert [line.file for line in found] == ["customers/new.md"]
