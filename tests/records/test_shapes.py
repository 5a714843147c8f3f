"""Notes as people have them: what is read of each shape, and that nothing of it is lost."""

from datetime import date, time
from pathlib import Path

import pytest

from plaincrm.document.document import read_document
from plaincrm.records.model import Contact
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema

FOLDER = Path(__file__).parent.parent / "fixtures" / "shapes"
SHAPES = sorted(path.name for path in FOLDER.iterdir())


def read(name):
    record = read_record(read_document((FOLDER / name).read_bytes()), f"people/{name}", Schema(country="FI"))
    return record.customer, [fault.code for fault in record.faults]


def log(customer):
    return [(str(entry.date), entry.channel, entry.who, entry.summary) for entry in customer.entries]


def test_there_are_ten_shapes():
    assert len(SHAPES) == 10


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("name", SHAPES)
def test_nothing_is_lost(name, ending):
    data = (FOLDER / name).read_bytes().replace(b"\n", ending)
    document = read_document(data)
    assert document.source.encode() == data
    assert "".join(document.text_of(start, end) for _, start, end in document.parts) == document.source.text
    customer = read_record(document, name, Schema(country="FI")).customer
    seen = set(customer.other) | {value.key for values in customer.fields.values() for value in values}
    assert len(seen) >= len({key.text for key, value in document.fields if value.value}) - len(document.faults) - 3


def test_keys_with_spaces_and_capitals():
    customer, codes = read("keys-with-spaces-and-capitals.md")
    assert (customer.name, customer.company, customer.role) == ("Maarit Koski", "Koski Kaluste", "workshop manager")
    assert (customer.email, customer.phone) == (("maarit@koski.example",), ("040 765 4321",))
    assert (customer.stage, customer.next) == ("customer", date(2026, 12, 4))
    assert customer.other == {"Last Contact": "2026-11-01", "Shoe Size": "39"}
    assert log(customer) == [("2026-11-01", None, "", "tried the new stain, liked it")]
    assert customer.notes == "Last sync: 2026-11-01."
    assert codes == ["odd-spelling"]  # a hint: the stage has a capital, which Bases tells from the small letter


def test_linked_dates():
    customer, codes = read("linked-dates.md")
    assert log(customer) == [
        ("2024-09-01", None, "", "Demo call"),
        ("2024-08-15", None, "", "Coffee chat"),
        ("2024-07-02", "letter", "", "invoice"),
        ("2024-06-11", "call", "", "sign is up"),
        ("2024-05-01", None, "", ""),
    ]
    assert customer.entries[-1].text == "\t- met at the harbour, see [[Harbour cafe]]\n\t- wants the sign redone"
    assert "Harbour cafe" in [link.target for link in customer.links]
    assert codes == []


def test_vcard_keys():
    customer, codes = read("vcard-keys.md")
    assert (customer.name, customer.company, customer.role) == ("Ilmari Virta", "Virta Oy", "founder")
    assert customer.email == ("ilmari@virta.example", "office@virta.example")
    assert customer.phone == ("+358401112233",)
    assert (customer.address, customer.postcode, customer.city, customer.country) == (
        "Rantatie 4",
        "00950",
        "Helsinki",
        "FI",
    )
    assert (customer.website, customer.birthday) == ("https://virta.example", "1980-04-05")
    assert customer.tags == ("sauna", "lakeside")
    assert list(customer.other) == ["UID", "VERSION", "N.GN", "N.FN", "PHOTO"]
    assert codes == ["list-as-text"]  # a hint: for Obsidian the two tags are one


def test_nested_contacts():
    customer, codes = read("nested-contacts.md")
    assert customer.contacts == (
        Contact("Kaisa Lehto", "kaisa@puusepat.example", "050 111 2222", "purchasing", 4),
        Contact("Arto", "arto@puusepat.example", "", "", 9),
        Contact("Reino", "reino@puusepat.example", "", "night shift"),
    )
    assert [value.line for value in customer.fields["contacts"]] == [4, 9, 11]
    assert codes == []


def test_comment_first():
    customer, codes = read("comment-first.md")
    assert (customer.name, customer.tags) == ("Sirpa Maja", ("fair", "loft"))
    assert customer.email == ("sirpa@maja.example", "sirpa@work.example")
    assert log(customer) == [("2025-03-14", None, "", "met at the fair")]
    assert codes == []


def test_a_template_is_told_and_holds_nothing():
    customer, codes = read("templater-template.md")
    assert (customer.name, customer.type, customer.since) == ("templater-template", "company", None)
    assert customer.entries == ()
    assert set(codes) == {"unfilled-template"}


def test_no_front_matter():
    customer, codes = read("no-front-matter.md")
    assert customer.name == "no-front-matter"
    assert log(customer) == [("2026-05-20", "visit", "", "oiled"), ("2026-05-03", "call", "", "deck is grey")]
    assert customer.entries[0].sales[0].revenue == 450
    assert [link.target for link in customer.links] == ["the key"]
    assert codes == ["no-front-matter"]


def test_kebab_case_keys():
    customer, codes = read("kebab-case-keys.md")
    assert (customer.next, customer.next_action, customer.source) == (date(2026, 12, 12), "send the samples", "fair")
    assert customer.referred_by == "tove"
    assert list(customer.other) == ["file-role", "last-contact", "deal-stage", "deal-value"]
    assert log(customer) == [
        ("2026-10-10", "meeting", "Eeva", "samples looked at"),
        ("2026-09-01", None, "", "first mail"),
    ]
    assert customer.entries[0].text == "The blue ones."
    assert codes == []


def test_quoted_datetimes():
    customer, codes = read("quoted-datetimes.md")
    assert (customer.since, customer.next, customer.verified) == (
        date(2025, 1, 7),
        date(2026, 12, 1),
        date(2026, 6, 30),
    )
    assert customer.other == {"time": "16:06", "created": "2025-01-07 09:30"}
    assert [(entry.date, entry.time, entry.text) for entry in customer.entries] == [
        (date(2026, 6, 30), time(8, 15), "Flour everywhere.")
    ]
    assert codes == ["date-with-zone", "time-in-date", "date-with-zone"]  # the day counts as it is written


def test_several_dates_a_line():
    customer, codes = read("several-dates-a-line.md")
    assert customer.birthday == "--10-02"
    assert log(customer) == [
        ("2026-04-02", None, "", "moved the opening from 2026-04-20 to 2026-05-04"),
        ("2026-03-11", None, "", "Phone. Wants 2026-03-20 or 2026-03-27 instead"),
        ("2026-02-03", "visit", "", "last coat"),
        ("2026-02-01", None, "", "3.2.2026 painted"),
        ("2025-11-01", None, "", "shelves ordered, due 2026-01"),
        ("2024-01-01", None, "", "first visit to the shop, 2024-06-06 or so"),
    ]
    assert [entry.precision for entry in customer.entries] == ["day"] * 4 + ["month", "year"]
    assert (customer.entries[2].time, customer.entries[2].end_time) == (time(10), time(15, 30))
    assert [(task.text, task.due) for task in customer.promises] == [
        ("2026-06-01 ring about the back room", date(2026, 6, 1))
    ]
    assert codes == []
