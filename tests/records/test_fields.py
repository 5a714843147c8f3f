import pytest

from plaincrm.language import LANGUAGES, canonical, label, vocabulary
from plaincrm.records.fields import CUSTOMER_FIELDS, INLINE_FIELDS, Field, FieldTable
from plaincrm.records.model import Customer
from plaincrm.records.schema import Schema
from plaincrm.records.values import TYPES

TABLE = FieldTable()


def test_every_field_is_an_attribute_of_the_customer():
    customer = Customer("a", "a.md", "A", {}, {})
    for field in CUSTOMER_FIELDS:
        expected = "A" if field.key == "name" else () if field.many else None
        assert getattr(customer, field.key) == expected, field.key


@pytest.mark.parametrize("field", [*CUSTOMER_FIELDS, *INLINE_FIELDS], ids=lambda field: f"{field.scope}-{field.key}")
def test_every_field_has_a_type_help_labels_and_known_choices(field):
    assert field.type in TYPES
    assert field.help.endswith(".")
    assert all(field.label(language) for language in LANGUAGES)
    if field.choices:
        assert field.choices == "owners" or Schema().choices(field.choices)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_vocabulary_is_complete(language):
    english, own = vocabulary("en"), vocabulary(language)
    assert {kind: set(words) for kind, words in own.items()} == {kind: set(words) for kind, words in english.items()}
    assert all(spellings for words in own.values() for spellings in words.values())
    assert set(own["fields"]) == {field.key for field in CUSTOMER_FIELDS}
    assert set(own["inline"]) == {field.key for field in INLINE_FIELDS}
    for kind, words in own.items():
        for name in words:
            assert canonical(kind, label(kind, name, language)) == name or kind == "days", (kind, name)


SPELLINGS = {
    "name": ["name", "Name", "Full Name", "full-name", "FN", "Nimi", '"Display Name"'],
    "company": ["company", "org", "ORG", "organization", "Organisation", "yritys"],
    "role": ["role", "ROLE", "Title", "Job Title", "titteli"],
    "email": [
        "email",
        "e-mail",
        "E-mail",
        "E_Mail",
        "EMAIL",
        "EMAIL[HOME]",
        "EMAIL[WORK]",
        "EMAIL[1:HOME]",
        "sähköposti",
    ],
    "phone": ["phone", "TEL", "TEL[CELL]", "TEL[WORK,VOICE]", "Phone Number", "puhelin"],
    "address": ["address", "ADR[HOME].STREET", "Street Address", "katuosoite"],
    "postcode": ["postcode", "ADR[HOME].POSTAL", "Zip Code", "zip", "postinumero"],
    "city": ["city", "ADR[WORK].LOCALITY", "Town", "kaupunki"],
    "country": ["country", "ADR[HOME].COUNTRY", "maa"],
    "website": ["website", "URL", "URL[WORK]", "Homepage", "kotisivu"],
    "birthday": ["birthday", "BDAY", "date-of-birth", "born", "syntymäpäivä"],
    "tags": ["tags", "tag", "CATEGORIES", "avainsanat"],
    "next": ["next", "next_contact", "next-follow-up", "nextFollowUp", "Next Contact", "seuraava"],
    "next_action": ["next_action", "next-action", "nextAction", "Next step"],
    "stage": ["stage", "status", "Lifecycle Stage", "vaihe"],
    "since": ["since", "customer-since", "Customer Since", "asiakas alkaen"],
    "business_id": ["business_id", "Business ID", "Y-tunnus", "y_tunnus"],
}


@pytest.mark.parametrize(("spelling", "key"), [(word, key) for key, words in SPELLINGS.items() for word in words])
def test_spellings_of_keys(spelling, key):
    assert TABLE.find(spelling.strip('"')).key == key


@pytest.mark.parametrize(
    "key", ["UID", "VERSION", "created", "last_contact", "lastContact", "x", "", "[]", "[HOME]", "constructor"]
)
def test_keys_of_no_field(key):
    assert TABLE.find(key) is None


@pytest.mark.parametrize(
    ("key", "found"), [("sale", "sale"), ("Myynti", "sale"), ("Expected Close", "expected"), ("rating", None)]
)
def test_spellings_of_inline_keys(key, found):
    field = TABLE.find_inline(key)
    assert (field.key if field else None) == found


def test_fields_of_a_vaults_own():
    own = Field("shoe_size", "number", "", own="Shoe size", spellings=("kengännumero", "title"))
    table = FieldTable((own,))
    assert [table.find(key) for key in ("shoe_size", "Shoe Size", "shoe size", "kengännumero", "title")] == [own] * 5
    assert own.label("fi") == "Shoe size"
    assert table.find("name").key == "name"
    assert TABLE.find("shoe_size") is None
