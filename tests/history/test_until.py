"""A note without what is dated later than a day, line for line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.document.document import read_document
from plaincrm.history.until import until
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema
from tests.making import EXAMPLE

DAY = date(2026, 3, 31)
NOTE = """---
name: Acme Oy
stage: former
since: {since}
lost_on: {lost}
lost_reason: price
verified: {verified}
---

- [ ] Written outside ➕ {made}
- [x] Kept ➕ 2026-01-02 📅 2026-04-01 ✅ {done}
- [-] Called off 📅 2026-04-01 ❌ {done}

## Deals

- [deal:: Roof] [value:: 900 €] [won:: {won}]
- [deal:: Wall] [value:: 100 €] [lost:: {won}] [reason:: price]
- [deal:: Door] [opened:: {made}]

## Log

### {entry} call in, Pekka: rang [sale:: 500] [[colours]]
- [x] Send it ✅ {done}

Some words.

### 2026-02-01 call out: we rang
- [x] A promise 📅 2026-02-10 [completion:: {done}]
"""
THEN = dict.fromkeys(("since", "lost", "verified", "made", "done", "won", "entry"), "2026-03-31")
LATER = dict.fromkeys(THEN, "2026-04-01")


def then(note: str, day: date = DAY) -> str:
    return until(note.encode(), day, Schema()).decode()


def test_what_is_dated_up_to_the_day_stays_byte_for_byte() -> None:
    assert then(NOTE.format(**THEN)) == NOTE.format(**THEN)


def test_what_is_dated_later_is_left_out_or_open_again() -> None:
    assert then(NOTE.format(**LATER)) == (
        """---
name: Acme Oy
stage: former
since: 
lost_on: 
lost_reason: 
verified: 
---


- [ ] Kept ➕ 2026-01-02 📅 2026-04-01 
- [ ] Called off 📅 2026-04-01 

## Deals

- [deal:: Roof] [value:: 900 €] 
- [deal:: Wall] [value:: 100 €]  


## Log






### 2026-02-01 call out: we rang
- [ ] A promise 📅 2026-02-10 
"""  # noqa: W291 (what stands before a thing left out stays)
    )


def test_what_is_left_means_what_the_record_says() -> None:
    record = read_record(read_document(then(NOTE.format(**LATER)).encode()), "customers/acme.md", Schema())
    customer = record.customer
    assert record.faults == ()
    assert (customer.since, customer.lost_on, customer.lost_reason, customer.verified) == (None, None, None, None)
    assert [(entry.date, entry.line) for entry in customer.entries] == [(date(2026, 2, 1), 27)]
    assert [(task.text, task.open, task.done, task.cancelled) for task in customer.tasks] == [
        ("Kept", True, None, None),
        ("Called off", True, None, None),
        ("A promise", True, None, None),
    ]
    assert [(deal.name, deal.state, deal.reason) for deal in customer.deals] == [
        ("Roof", "open", ""),
        ("Wall", "open", ""),
    ]
    assert (customer.sales, customer.links) == ((), ())


def test_the_next_of_a_promise_that_recurs_comes_when_it_is_done() -> None:
    note = (
        "---\nname: A\n---\n"
        "- [ ] Oil 🔁 every month 📅 2026-05-01\n"
        "- [x] Oil 🔁 every month 📅 2026-04-01 ✅ 2026-04-02\n"
        "- [x] Oil 🔁 every month 📅 2026-03-01 ✅ 2026-03-02\n"
    )
    assert then(note).split("\n")[3:6] == [
        "",
        "- [ ] Oil 🔁 every month 📅 2026-04-01 ",
        "- [x] Oil 🔁 every month 📅 2026-03-01 ✅ 2026-03-02",
    ]


def test_a_month_counts_from_its_first_day() -> None:
    note = "---\nname: A\n---\n## Log\n### 2026-04: call in, x\n### 2026-03: call in, y\n"
    assert then(note) == "---\nname: A\n---\n## Log\n\n### 2026-03: call in, y\n"
    assert then(note, date(2026, 4, 1)) == note


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\0", b"---\nsince: [x\n---\n", b"\0\0", b"caf\xe9\n- 2026-04-01 call: x\r\n"]
)
def test_no_bytes_are_too_odd(data: bytes) -> None:
    assert until(data, DAY, Schema()).count(b"\n") == data.count(b"\n")


NOTES = sorted(EXAMPLE.glob("customers/**/*.md"))


@settings(deadline=None)
@given(st.sampled_from(NOTES), st.dates(date(2023, 1, 1), date(2027, 1, 1)))
def test_of_any_note_only_what_is_later_goes(path, day) -> None:
    """Nothing later is left, nothing earlier is gone, nothing becomes faulty, and twice is once."""
    data, schema = path.read_bytes(), Schema()
    found = until(data, day, schema)
    before, after = (read_record(read_document(each), str(path), schema) for each in (data, found))
    kept = [entry for entry in before.customer.entries if entry.date <= day]
    assert [(e.line, e.date, e.summary, e.sales) for e in after.customer.entries] == [
        (e.line, e.date, e.summary, e.sales) for e in kept
    ]
    assert found.count(b"\n") == data.count(b"\n")
    assert until(found, day, schema) == found
    assert all(not (task.done and task.done > day) for task in after.customer.tasks)
    assert all(not (decided and decided > day) for d in after.customer.deals for decided in (d.won, d.lost))
    assert read_document(found).faults == ()  # no part of a note is cut in two
