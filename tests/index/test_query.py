from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.errors import QueryError, UsageError
from plaincrm.index.query import compile_query
from plaincrm.render.query import excerpt
from tests.index.conftest import Notes

TODAY = date(2026, 11, 21)  # a Saturday
CONFIG = """
[vault]
owners = ["liisa", "matti"]
currency = "EUR"
[channels]
"työmaapäiväkirja" = "record"
[fields]
colour = { type = "choice", choices = ["Red", "Sininen"] }
wheels = "number"
key_box = "yes/no"
[segments]
terraces = "tag:café,restaurant stage:customer"
good-terraces = "@terraces revenue>100"
loop = "tag:x @pool"
pool = "@loop"
odd = 'tag:x a"b'
d0 = "@d1 @d1"
"""
DEEP = "\n".join(f'd{number} = "@d{number + 1} @d{number + 1}"' for number in range(1, 19)) + '\nd19 = "tag:x"\n'
CHAIN = "\n".join(f'c{number} = "@c{number + 1}"' for number in range(1000)) + '\nc1000 = "tag:x"\n'

NOTES = {
    "aurinko": """---
name: Kahvila Aurinko
stage: customer
tier: key
tags: [café, terassi]
owner: liisa
city: Turku
size: 12
next: 2026-12-01
contacts: [Pekka Aalto <pekka@aurinko.fi> (manager)]
prefers: [chat, työmaapäiväkirja]
wheels: 4
key_box: yes
country: FI
cadence: 6w
---

Sähköasennus.

## Log

### 2026-11-20 call
[sale:: 150]

### 2026-03-01 visit
[sale:: 50] [sale:: 30 SEK]
""",
    "kivi": """---
name: Ravintola Kivi
stage: customer
tags: [restaurant]
owner: matti
city: Åbo
size: 9
next: 2026-11-22
colour: Sininen
key_box: no
---

## Log

### 2025-12-31 email out
""",
    "niemi": "---\nname: Timo Niemi\nstage: lead\ntags: [x]\n---\n\n## Log\n\n### 2026-12-24 visit\n[sale:: 999]\n",
    "quote": '---\nname: "O\'Brien, \\"100 %\\""\ncity: "Robert\'); drop table customers;--"\n---\n',
}
EVERYONE = set(NOTES)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    notes = Notes(tmp_path_factory.mktemp("query") / "vault")
    notes.write("plaincrm.toml", CONFIG + DEEP + CHAIN)
    for name, text in NOTES.items():
        notes.write(name, text)
    with notes.open(cache=False) as opened:
        yield opened


def named(index, query: str, today: date = TODAY) -> set[str]:
    where = compile_query(query, index.vault.config, today)
    return {name for (name,) in index.rows(f"select customer from customers c where {where.sql}", where.parameters)}


CASES = """
stage:customer | aurinko kivi
stage:CUSTOMER | aurinko kivi
vaihe:asiakas | aurinko kivi
stage:customer,lead | aurinko kivi niemi
stage:customer tag:café | aurinko
tag:cafe | aurinko
tag:#café | aurinko
tags:caf |
-stage:customer | niemi quote
-tag:café,restaurant | niemi quote
owner:liisa | aurinko
owner=Liisa | aurinko
city:turku | aurinko
city:abo | kivi
city:bo | kivi
city:rku,åbo | aurinko kivi
"city:Turku" | aurinko
city:"Turku" | aurinko
name:ravintola | kivi
tier:none | kivi niemi quote
tier:any | aurinko
-tier:any | kivi niemi quote
next:none | niemi quote
next:any | aurinko kivi
next<2026-12-01 | kivi
next<=2026-12-01 | aurinko kivi
next>2026-11-22 | aurinko
next>=22.11.2026 | aurinko kivi
next:tomorrow | kivi
next=huomenna | kivi
next:tomorrow,2026-12-01 | aurinko kivi
next<+2w | aurinko kivi
next<"next monday" | kivi
-next<+1d | aurinko kivi niemi quote
-next<=+1d | aurinko niemi quote
last_contact<2026-01-01 | kivi
-last_contact<2026-01-01 | aurinko niemi quote
last_contact:yesterday | aurinko
last_contact>=yesterday | aurinko
last_contact:none | niemi quote
last_contact:any | aurinko kivi
size>9 | aurinko
size>=9 | aurinko kivi
size<10 | kivi
size:12 | aurinko
size:12,0 | aurinko
size:12.0 | aurinko
size=9 | kivi
wheels>3.5 | aurinko
revenue>199 | aurinko
revenue>"200,00 €" |
revenue>=200EUR | aurinko
revenue:200 | aurinko
revenue>=30SEK | aurinko
revenue<1 | kivi niemi quote
revenue<1 kivi | kivi
size>8 "100" |
size>8 2026 | aurinko kivi
city:turku 100 |
revenue:any | aurinko
revenue:none | kivi niemi quote
-revenue<1 | aurinko
contacts:pekka | aurinko
contacts:aurinko.fi | aurinko
prefers:whatsapp | aurinko
prefers:työmaapäiväkirja | aurinko
key_box:kyllä | aurinko
key_box:no | kivi
country:Suomi | aurinko
colour:sininen | kivi
colour:any | kivi
cadence:6W | aurinko
customer:kivi | kivi
id:i | aurinko kivi niemi
file:customers/k | kivi
-customer:i | quote
@terraces | aurinko kivi
-@terraces | niemi quote
@terraces -owner:liisa | kivi
@good-terraces | aurinko
"OR" |
asennus | aurinko
-asennus | kivi niemi quote
ravintola kivi | kivi
"ravintola kivi" | kivi
"kivi ravintola" |
-"ravintola kivi" | aurinko niemi quote
stage:customer -kivi | aurinko
100 | quote
- | aurinko kivi niemi quote
  | aurinko kivi niemi quote
name:' | quote
city:'); | quote
city:% |
city:"%u%" |
"""


@pytest.mark.parametrize("case", [line for line in CASES.split("\n") if "|" in line])
def test_what_a_query_names(index, case):
    query, _, expected = case.rpartition("|")
    assert named(index, query.strip()) == set(expected.split())


@pytest.mark.parametrize(
    ("query", "message", "remedy"),
    [
        ('stage:customer a"b', 'The query cannot be read from column 16: a"b', "A quotation mark is alone"),
        ('"open', 'The query cannot be read from column 1: "open', "A quotation mark is alone"),
        ('tag:"a"b', 'The query cannot be read from column 1: tag:"a"b', "Quotation marks stand around a whole"),
        ("kivi @odd", 'The query of @odd cannot be read from column 7: a"b', ""),
        ("@terrace", "There is no segment @terrace.", "Did you mean @terraces?"),
        ("@xyzzy", "There is no segment @xyzzy.", "Segments are named in plaincrm.toml."),
        ("@loop", "The segment @loop names itself.", "Take it out of its own query"),
        ("@d0", "The query has more than 200 parts.", "Ask for less at a time."),
        ("@c0", "The segment @c20 lies too deep in other segments.", "20 deep is the most."),
        (" ".join(["tag:x"] * 201), "The query has more than 200 parts.", "Ask for less at a time."),
        ("tag:" + ",".join("abc" * 67 * 3), "The query has more than 200 parts.", "Ask for less at a time."),
        ("stag:customer", "There is no field stag to ask for.", "Did you mean stage?"),
        ("http://x", "There is no field http to ask for.", ""),
        ("stage:custmer", "stage: there is no custmer.", "Did you mean customer?"),
        ("owner:pekka", "owner: there is no pekka.", "Known are liisa, matti."),
        ("prefers:pigeon", "prefers: there is no pigeon.", ""),
        ("key_box:perhaps", "key_box: there is no perhaps.", "Write yes or no."),
        ("stage:", "stage: needs a value.", "Write stage:none for those without one."),
        ("next<", "next< needs a value.", "Write behind the sign what it is compared with"),
        ("last_contact:", "last_contact: needs a value.", ""),
        ("revenue>", "revenue> needs a value.", ""),
        ("stage:,", "stage: a value is missing.", "Write stage:none"),
        ("customer:,", "customer: a value is missing.", "Write a part of it, as customer:aurinko."),
        ("next<someday", "someday is no date.", "Write it as 2026-12-01, tomorrow or +2w."),
        ("next:someday", "someday is no date.", ""),
        ("last_contact<2026-13-01", "2026-13-01 is no date.", ""),
        ("size>many", "many is no number.", "Compare with digits, as size>10."),
        ("city>Turku", "Only dates and numbers can be compared with >.", "Use a colon: city:Turku."),
        ("customer<=x", "Only dates and numbers can be compared with <=.", ""),
        ("revenue>much", "revenue: This is not an amount of money", "Write revenue>1000."),
        ("revenue>3,200", "revenue: The separator can mean thousands or decimals", ""),
        (
            "revenue>1 000 kivi",
            "The amount ends at the blank, and 000 would be looked for as a word.",
            'Write revenue>1000; if the word is meant, "000".',
        ),
        ("size>=1 000 000", "The amount ends at the blank, and 000 000 would", "Write size>=1000000;"),
        ("revenue<1 000,50 €", "The amount ends at the blank, and 000,50 € would", "Write revenue<1000,50€;"),
        ("revenue>1000 SEK", "The amount ends at the blank, and SEK would", "Write revenue>1000SEK;"),
        ("tag:x OR tag:café", "There is no operator OR.", "Several values stand behind one key with commas"),
        ("tag:x AND kivi", "There is no operator AND.", 'leave it out; if the word is meant, "AND".'),
        ("NOT tag:x", "There is no operator NOT.", "A minus says so: -tag:paused"),
        ("revenue>" + "9" * 30, "revenue: The amount is too large", ""),
        (" ".join(f"w{number}" for number in range(300)), "The query has more than 200 parts.", ""),
    ],
)
def test_a_query_that_is_none_says_where_and_what_to_do(index, query, message, remedy):
    with pytest.raises(UsageError) as refusal:
        named(index, query)
    assert refusal.value.message.startswith(message)
    assert remedy in refusal.value.remedy
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("tier:key stag:customer", "         ^^^^"),
        ("-stag:x", " ^^^^"),
        ("stage:customer,custmer,lead", "               ^^^^^^^"),
        ('stage:"custmer"', "       ^^^^^^^"),
        ('stage:"lead,custmer"', "            ^^^^^^^"),
        ("kivi -@terrace", "       ^^^^^^^"),
        ("kivi city>Turku", "         ^"),
        ("next<someday kivi", "     ^^^^^^^"),
        ("size>many", "     ^^^^"),
        ("revenue>much", "        ^^^^"),
        ("next<", "^^^^^"),
        ("kivi revenue>1 000 -x", "             ^^^^^"),
        ("tag:x OR kivi", "      ^^"),
        ("stage:,", "      ^"),
        ('kivi a"b c', "     ^^^"),
    ],
)
def test_a_query_that_is_none_is_marked_where_it_is_wrong(index, query, marked):
    with pytest.raises(QueryError) as refusal:
        named(index, query)
    error = refusal.value
    assert (error.query, error.segment) == (query, "")
    assert " " * error.start + "^" * (error.end - error.start) == marked
    assert excerpt(error, 80) == [f"  {query}", f"  {marked}"]


def test_a_segment_that_is_none_is_shown_itself(index):
    with pytest.raises(QueryError) as refusal:
        named(index, "kivi @odd")
    assert excerpt(refusal.value, 80) == ['  @odd = tag:x a"b', "               ^^^"]


@pytest.mark.parametrize("today", [date.min, date(2026, 1, 31), date.max])
def test_days_at_the_ends_of_the_calendar(index, today):
    for said in ("today", "+9999y", "-9999y", '"next monday"', '"end of month"', "31.12.", "fri"):
        named(index, f"next<{said}", today)
        named(index, f"last_contact:{said}", today)


@pytest.mark.parametrize(
    "text",
    [
        "'",
        "' or 1=1 --",
        "'; drop table customers; --",
        '" or 1=1',
        ") or (1=1",
        "x' union select * from notes --",
        "?",
        ":a",
        "\\",
        "%",
        "_",
        "*",
        "\0",
        "NEAR(a b)",
    ],
)
def test_no_text_of_a_user_is_sql(index, text):
    quoted = text.replace('"', "")
    for query in (f'name:"{quoted}"', f'tag:"{quoted}"', f'customer:"{quoted}"', f'file:"{quoted}"', f'"{quoted}"'):
        assert named(index, query) <= EVERYONE
        assert named(index, query) | named(index, f"-{query}") == EVERYONE
    assert index.rows("select count(*) from customers") == [(len(NOTES),)]


TERMS = """stage:customer -tag:café next<+2w last_contact<2026-01-01 @terraces -@terraces revenue>10 size>9 tier:none
kivi -kivi city:turku,åbo owner:none next:any wheels<=4 customer:i cadence:6w -size<99"""
TERM = st.sampled_from([*TERMS.split(), '"ravintola kivi"'])


@settings(max_examples=200, deadline=None)
@given(st.lists(TERM, max_size=4), TERM)
def test_a_term_and_its_opposite_part_the_customers(index, others, term):
    """What cannot be compared counts as not so: nobody falls between a question and its opposite."""
    opposite = term[1:] if term.startswith("-") else f"-{term}"
    base = " ".join(others)
    yes, no = named(index, f"{base} {term}"), named(index, f"{base} {opposite}")
    assert yes | no == named(index, base)
    assert not yes & no


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet=st.sampled_from("abstage:tcunx@-\"<>= ,.#%'*()\\\0é5"), max_size=30) | st.text(max_size=12))
def test_any_text_is_a_query_or_refused_as_none(index, text):
    with suppress(UsageError):
        assert named(index, text) <= EVERYONE
