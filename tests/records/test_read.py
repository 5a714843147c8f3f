from datetime import date
from decimal import Decimal

import pytest

from plaincrm.document.document import read_document
from plaincrm.money import Money
from plaincrm.records.model import Deal
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema

SCHEMA = Schema(country="FI")


def read(text, path="customers/acme.md"):
    return read_record(read_document(f"---\nname: Acme\n---\n{text}".encode()), path, SCHEMA)


def codes(record):
    return [fault.code for fault in record.faults]


NOTE = """\
Free notes, any Markdown, with [[matti]].

## Vision
What we want to build together.

## Deals
- [deal:: Terrace 2027] [value:: 4 500 €] [chance:: 60 %] [expected:: 2027-03-15]
- [deal:: Awnings] [value:: 1 900 €] [lost:: 2026-03-10] [reason:: price]

## Log

### 2026-11-20 14:30 call in, Pekka: wants a quote for the terrace
He is happy with the paint work. [mood:: +] [nps:: 9]
- [ ] Send the terrace quote 📅 2026-11-25
- [ ] Pekka sends the measures [due:: 2026-11-23] [owes:: them]

- 2026-10-02 email out: thanks and the invoice
- 2026-09-30 visit: painting done [step:: delivery] [sale:: 3200 EUR] [cost:: 2100 EUR] [invoice:: 2026-117]
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_note_of_the_format(newline):
    record = read_record(
        read_document(f"---\nname: Acme\n---\n\n{NOTE}".replace("\n", newline).encode()), "a/acme.md", SCHEMA
    )
    customer = record.customer
    assert record.faults == ()
    assert (customer.id, customer.path, customer.name) == ("acme", "a/acme.md", "Acme")
    assert (customer.notes, customer.vision) == (
        "Free notes, any Markdown, with [[matti]].",
        "What we want to build together.",
    )
    call, email, visit = customer.entries
    assert (call.date, str(call.time), call.channel, call.direction) == (date(2026, 11, 20), "14:30:00", "call", "in")
    assert (call.who, call.summary, call.contact) == ("Pekka", "wants a quote for the terrace", True)
    assert call.text.startswith("He is happy")
    assert (call.value("mood"), call.value("nps"), call.value("ces")) == ("+", Decimal(9), None)
    assert (call.line, call.end_line) == (16, 20)
    assert [(task.text, task.owes, task.due, task.made, task.open) for task in call.tasks] == [
        ("Send the terrace quote", "us", date(2026, 11, 25), date(2026, 11, 20), True),
        ("Pekka sends the measures", "them", date(2026, 11, 23), date(2026, 11, 20), True),
    ]
    assert (email.summary, email.direction, email.text) == ("thanks and the invoice", "out", "")
    assert (visit.summary, visit.value("step")) == ("painting done", "delivery")
    (sale,) = visit.sales
    assert (sale.revenue, sale.cost, sale.margin, sale.currency) == (3200, 2100, 1100, "EUR")
    assert (sale.product, sale.invoice) == ("", "2026-117")
    assert customer.deals == (
        Deal("Terrace 2027", Money(Decimal(4500), "EUR"), 60, None, date(2027, 3, 15), None, None, "", 11),
        Deal("Awnings", Money(Decimal(1900), "EUR"), None, None, None, None, date(2026, 3, 10), "price", 12),
    )
    assert [deal.state for deal in customer.deals] == ["open", "lost"]
    assert [(link.target, link.line) for link in customer.links] == [("matti", 5)]
    assert customer.tasks == call.tasks
    assert customer.sales == ((visit, sale),)


def test_since_when_a_deal_is_open():
    text = (
        "---\nname: Acme\n---\n## Deals\n- [deal:: Told] [opened:: 2026-02-03]\n- [deal:: Untold]\n## Log\n"
        "- 2026-03-01 call: wants a price [deal:: Entry]\n"
        "- 2026-03-02 call: [deal:: Both] [opened:: 2026-02-20]\n"
        "- 2026-03-03 call: [deal:: Later] [won:: 2026-03-09]\n"
        "- 2026-03-04 call: said yes at once [deal:: At once] [won:: 2026-03-04]\n"
        "- 2026-03-05 call: [deal:: Over] [lost:: 2026-03-01]\n"
        "- 2026-03: [deal:: Some day]\n"
    )
    opened = {deal.name: deal.opened and str(deal.opened) for deal in read(text).customer.deals}
    assert opened == {
        "Told": "2026-02-03",
        "Untold": None,
        "Entry": "2026-03-01",
        "Both": "2026-02-20",
        "Later": "2026-03-03",
        "At once": None,
        "Over": None,
        "Some day": None,
    }


def test_a_note_in_finnish():
    text = (
        "---\nnimi: Kahvila\nvaihe: asiakas\nluokka: avain\n---\n## Kaupat\n"
        "- [kauppa:: Terassi] [arvo:: 4 500 €] [todennäköisyys:: 60 %]\n"
        "## Visio\nKolme kahvilaa.\n## Loki\n"
        "- 2.10.2026 14.30 puhelu ulos, Pekka: kiitos [myynti:: 3 200 €] [kulu:: 100 €]\n"
        "  [mieliala:: hyvä] [ratkaistu:: kyllä]\n  - [ ] Pekka mittaa [lupaaja:: asiakas] 📅 2026-10-05\n"
    )
    record = read_record(read_document(text.encode()), "kahvila.md", SCHEMA)
    customer = record.customer
    assert record.faults == ()
    assert (customer.name, customer.stage, customer.tier, customer.vision) == (
        "Kahvila",
        "customer",
        "key",
        "Kolme kahvilaa.",
    )
    (entry,) = customer.entries
    assert (entry.date, entry.channel, entry.direction, entry.who) == (date(2026, 10, 2), "call", "out", "Pekka")
    assert (entry.summary, entry.value("mood"), entry.value("resolved")) == ("kiitos", "+", True)
    assert entry.sales[0].margin == 3100
    assert (entry.tasks[0].owes, entry.tasks[0].text) == ("them", "Pekka mittaa")
    assert customer.deals[0].value == Money(Decimal(4500), "EUR")


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("- 2026-09-30 visit [sale:: 3200 EUR]", ""),
        ("- 2026-09-30 visit: done [own:: x] well (sale:: 1) [note:: [[a]]]", "done well"),
        ("- 2026-09-30 visit [sale:: 5]: done", "done"),
        ("- 2026-09-30 visit: `[sale:: 5]`", "`[sale:: 5]`"),
        ("- 2026-09-30 visit: a [b](c) [d]", "a [b](c) [d]"),
    ],
)
def test_inline_fields_are_no_part_of_head_and_summary(line, summary):
    (entry,) = read(f"{line}\n").customer.entries
    assert (entry.channel, entry.summary) == ("visit", summary)


SALES = [
    ("[sale:: 3200]", [(3200, None, None, "", "")]),
    ("[sale:: 3200] [cost:: 2100]", [(3200, 2100, 1100, "", "")]),
    ("[cost:: 2100] [sale:: 3200]", [(3200, 2100, 1100, "", "")]),
    ("[sale:: 3200] [margin:: 900]", [(3200, None, 900, "", "")]),
    ("[sale:: 3200] [cost:: 2100] [margin:: 900]", [(3200, 2100, 900, "", "")]),
    ("[sale:: 3200] [margin:: 0]", [(3200, None, 0, "", "")]),
    ("[sale:: -300]", [(-300, None, -300, "", "")]),
    ("[sale:: -300] [cost:: -200]", [(-300, -200, -100, "", "")]),
    ("[cost:: 50]", [(0, 50, -50, "", "")]),
    ("[margin:: 50]", [(0, None, 50, "", "")]),
    ("[sale:: 100] [sale:: 200] [cost:: 50]", [(100, None, None, "", ""), (200, 50, 150, "", "")]),
    (
        "[sale:: 100] [product:: a] [cost:: 10] [sale:: 200] [product:: b] [cost:: 20] [invoice:: 7]",
        [(100, 10, 90, "a", ""), (200, 20, 180, "b", "7")],
    ),
    (
        "[product:: a] [invoice:: 7] [sale:: 100] [sale:: 200]",
        [(100, None, None, "a", "7"), (200, None, None, "a", "7")],
    ),
    ("[product:: a] [invoice:: 7]", []),
    ("[sale:: x] [cost:: 5]", [(0, 5, -5, "", "")]),
]


@pytest.mark.parametrize(("fields", "expected"), SALES, ids=[fields for fields, _ in SALES])
def test_sales_and_margins(fields, expected):
    (entry,) = read(f"- 2026-09-30 visit: x {fields}\n").customer.entries
    assert [(s.revenue, s.cost, s.margin, s.product, s.invoice) for s in entry.sales] == expected


def test_a_cost_in_another_currency_is_told_and_not_taken_off():
    record = read("- 2026-09-30 visit: x [sale:: 100 EUR] [cost:: 50 SEK]\n- 2026-09-29 visit: y [sale:: 100 SEK]\n")
    assert codes(record) == ["mixed-currencies"]
    first, second = (entry.sales[0] for entry in record.customer.entries)
    assert (first.cost, first.margin, first.currency) == (None, None, "EUR")
    assert (second.revenue, second.currency) == (100, "SEK")


BAD_INLINE = [
    ("[sale:: 1,200.5.0]", "bad-amount", "1,200.5.0"),
    ("[sale:: 1,200]", "ambiguous-amount", "1,200"),
    ("[cost:: NaN]", "bad-amount", "NaN"),
    ("[nps:: 11]", "out-of-range", "11"),
    ("[ces:: 0]", "out-of-range", "0"),
    ("[mood:: meh]", "unknown-mood", "meh"),
    ("[step:: dance]", "unknown-step", "dance"),
    ("[hours:: many]", "bad-number", "many"),
    ("[resolved:: perhaps]", "bad-yes-no", "perhaps"),
    ("[deny:: fax]", "unknown-channel", "fax"),
    ("[deal:: a] [chance:: 200 %]", "out-of-range", "200 %"),
    ("[deal:: a] [expected:: 5.1.2027]", "bad-date", "5.1.2027"),
]


@pytest.mark.parametrize(("fields", "code", "shown"), BAD_INLINE, ids=[fields for fields, *_ in BAD_INLINE])
def test_bad_inline_values_are_named_where_they_stand(fields, code, shown):
    text = f"---\nname: Acme\n---\n- 2026-09-30 visit: x {fields} [topic:: tar]\n"
    record = read_record(read_document(text.encode()), "acme.md", SCHEMA)
    (found,) = record.faults
    assert (found.code, text[found.start : found.end]) == (code, shown)
    assert record.customer.entries[0].value("topic") == "tar"


PROMISES = [
    (
        "- [ ] Pekka sends the measures [due:: 2026-11-23] [owes:: them]",
        "Pekka sends the measures",
        "them",
        date(2026, 11, 23),
    ),
    ("- [ ] X 📅 2026-11-23 [owes:: them]", "X", "them", date(2026, 11, 23)),
    ("- [ ] X [owes:: them] 📅 2026-11-23", "X", "them", date(2026, 11, 23)),
    ("- [ ] X  [owes:: them]  [due:: 2026-11-23]", "X", "them", date(2026, 11, 23)),
    ("- [ ] X (due:: 2026-11-23) and more", "X and more", "us", date(2026, 11, 23)),
    ("- [ ] X [owes:: us]", "X", "us", None),
    ("- [ ] X [owes:: asiakas]", "X", "them", None),
    ("- [?] X 📆 2026-11-23 ^a1", "X", "us", date(2026, 11, 23)),
    ("1. [/] X ⏫ 📅 2026-11-23 #tag", "X #tag", "us", date(2026, 11, 23)),
    ("> - [ ] X 📅 2026-11-23", "X", "us", date(2026, 11, 23)),
]


@pytest.mark.parametrize(("line", "text", "owes", "due"), PROMISES, ids=[line for line, *_ in PROMISES])
def test_promises(line, text, owes, due):
    record = read(f"{line}\n")
    (task,) = record.customer.promises
    assert (task.text, task.owes, task.due, task.open, task.made) == (text, owes, due, True, None)
    assert record.faults == ()


def test_a_promise_with_everything():
    line = (
        "- [x] X 🆔 a ⛔ b,c 🔼 🔁 every week ➕ 2026-01-01 "
        "🛫 2026-01-02 ⏳ 2026-01-03 📅 2026-01-04 ❌ 2026-01-05 ✅ 2026-01-06"
    )
    (task,) = read(f"{line}\n").customer.promises
    assert (task.id, task.depends_on, task.priority, task.recurrence) == ("a", ("b", "c"), "medium", "every week")
    assert [day.day for day in (task.start, task.scheduled, task.due, task.cancelled, task.done)] == [2, 3, 4, 5, 6]
    assert (task.status, task.open, task.text) == ("x", False, "X")


@pytest.mark.parametrize(
    ("line", "shown", "hint"),
    [
        ("- [ ] X 📅 2026-02-30", "📅 2026-02-30", " The calendar has no such day."),
        ("- [ ] X [due:: 23.11.2026]", "23.11.2026", " Did you mean 2026-11-23?"),
        ("- [ ] X [due:: soon] [owes:: them]", "soon", ""),
    ],
)
def test_bad_dates_of_promises(line, shown, hint):
    text = f"---\nname: Acme\n---\n{line}\n"
    (found,) = read_record(read_document(text.encode()), "acme.md", SCHEMA).faults
    assert (found.code, text[found.start : found.end], dict(found.facts)["hint"]) == ("bad-date", shown, hint)


def test_who_owes_is_known_or_told():
    record = read("- [ ] X [owes:: nobody]\n")
    assert codes(record) == ["unknown-choice"]
    assert record.customer.promises[0].owes == "us"


def test_entries_stand_newest_first():
    down = "- 2026-10-02 b\n- 2026-10-02 a\n- 2026-10-01 x\n"
    up = "- 2026-10-01 x\n- 2026-10-02 a\n- 2026-10-02 b\n"
    timed = "- 2026-10-01 x\n- 2026-10-02 16:00 b\n- 2026-10-02 9:00 a\n"
    for text in (down, up, timed):
        assert [entry.summary for entry in read(text).customer.entries] == ["b", "a", "x"]


def test_partial_dates_stay_partial():
    entries = read("- 2026-05-02 x\n- 2024-05: y\n- 2000: z\n").customer.entries
    assert [(str(entry.date), entry.precision) for entry in entries] == [
        ("2026-05-02", "day"),
        ("2024-05-01", "month"),
        ("2000-01-01", "year"),
    ]


def test_deals_anywhere_and_told_once():
    record = read(
        "- [deal:: A] [won:: 2026-01-02]\n\n## Log\n- 2026-01-01 call: x [deal:: B] [value:: 5] [chance:: 101]\n"
    )
    assert [(deal.name, deal.state, deal.line) for deal in record.customer.deals] == [("A", "won", 4), ("B", "open", 7)]
    assert codes(record) == ["out-of-range"]


def test_links_of_front_matter_and_text():
    text = '---\nname: Acme\nparent: "[[a|A]]"\npartner_of:\n  - [[b]]\n  - "[[c#x]]"\nfather: [[d]]\n'
    text += 'friends: ["[[e]]", f]\n---\n[[g]]\n'
    record = read_record(read_document(text.encode()), "acme.md", SCHEMA)
    assert [(link.target, link.field, link.line) for link in record.customer.links] == [
        *(("a", "parent", 3), ("b", "partner_of", 5), ("c", "partner_of", 6), ("d", "father", 7), ("e", "friends", 8)),
        ("g", "", 10),
    ]
    assert codes(record) == ["unquoted-link"]


@pytest.mark.parametrize(
    ("path", "customer_id"),
    [
        ("customers/acme.md", "acme"),
        ("ACME.MD", "ACME"),
        ("a.b/c.d.md", "c.d"),
        ("-rf.md", "-rf"),
        ("x/$(x) *.md", "$(x) *"),
    ],
)
def test_the_id_is_the_file_name(path, customer_id):
    record = read("", path)
    assert record.customer.id == customer_id
    assert codes(record) == (["odd-file-ending"] if path.endswith(".MD") else [])


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a\x1b[31mb", "a\u202eb", "a\u2066b"])
def test_an_odd_file_name_is_told(name):
    assert codes(read("", f"customers/{name}.md")) == ["odd-file-name"]


def test_a_file_that_is_no_text_is_still_listed_by_its_name():
    record = read_record(read_document(b"\x89PNG"), "customers/acme.md", SCHEMA)
    assert (record.customer.name, codes(record)) == ("acme", ["not-text"])


def test_a_word_that_a_field_parts_is_no_slip():
    assert codes(read("- 2026-01-01 emial out: x")) == ["misspelt-channel"]
    record = read("- 2026-01-01 emi[mood:: +]al out: x\n- 2025-01-01 call: emial")
    assert codes(record) == []
    assert [entry.channel for entry in record.customer.entries] == [None, "call"]
