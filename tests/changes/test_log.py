"""Entries logged: where they go, how they are written, and that nothing else changes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.changes.draft import Draft
from plaincrm.changes.entry import Besides, Promise, new_entry
from plaincrm.changes.log import log_entry
from plaincrm.changes.parts import anywhere
from plaincrm.errors import UsageError, WriteRefused
from plaincrm.records.schema import Schema
from tests.making import EXAMPLE

SCHEMA = Schema(owners=("liisa", "matti"), country="FI", own_channels={"fair": "contact"})
PATH = "customers/acme.md"
TODAY = date(2026, 11, 21)


def drafted(note: str, text: str, day: date = TODAY, **besides: object) -> Draft:
    draft = Draft(PATH, note.encode(), SCHEMA)
    draft.make(log_entry(draft.note, SCHEMA, new_entry(SCHEMA, day, text, Besides(**besides))))
    return draft


def logged(note: str, text: str, day: date = TODAY, **besides: object) -> str:
    """The note after one entry."""
    step = drafted(note, text, day, **besides).step
    assert step is not None
    assert step.change.new is not None
    return step.change.new.decode()


HEAD = "---\nname: Acme\n---\n"

# A note, the entry in words, and the note with it.
PLACES = {
    "above the newest": ("\n## Log\n\n- 2026-11-20 call: b\n- 2026-11-01 call: a\n", 3, "- 2026-11-21 visit: x\n"),
    "in headings": ("\n## Log\n\n### 2026-11-20 call: b\n\n### 2026-11-01 call: a\n", 3, "### 2026-11-21 visit: x\n\n"),
    "below the newest": ("\n## Log\n- 2026-11-01 call: a\n- 2026-11-20 call: b\n", 4, "- 2026-11-21 visit: x\n"),
    "at the end of all": ("\n## Log\n- 2026-11-01 call\n- 2026-11-20 call\n\n## More\n", 4, "- 2026-11-21 visit: x\n"),
    "under a plan": ("\n## Log\n- 2026-11-30 call: b\n- 2026-11-01 call: a\n", 3, "- 2026-11-21 visit: x\n"),
    "in its day": ("\n## Log\n- 2026-11-21 14:30 call: b\n- 2026-11-20 call: a\n", 2, "- 2026-11-21 visit: x\n"),
    "a note without a log": ("\n- 2026-11-20 call: b\n- 2026-11-19 call: a\n", 1, "- 2026-11-21 visit: x\n"),
    "one entry alone": ("\n## Log\n- 2026-11-20 call: b\n", 2, "- 2026-11-21 visit: x\n"),
    "an empty log": ("\n## Log\n", 2, "\n- 2026-11-21 visit: x\n"),
    "an empty log with a blank": ("\n## Log\n\n", 3, "- 2026-11-21 visit: x\n"),
    "an empty log in the middle": ("\n## Log\n\n## More\n\ny\n", 2, "\n- 2026-11-21 visit: x\n"),
    "a log with some words": ("\n## Log\n\nNewest first.\n", 4, "\n- 2026-11-21 visit: x\n"),
    "no log": ("\nText.\n", 2, "\n## Log\n\n- 2026-11-21 visit: x\n"),
    "no log, dense headings": ("## Deals\nx\n", 2, "\n## Log\n- 2026-11-21 visit: x\n"),
    "no log, deep headings": ("### Deals\n\nx\n", 3, "\n### Log\n\n- 2026-11-21 visit: x\n"),
    "front matter alone": ("", 0, "\n## Log\n\n- 2026-11-21 visit: x\n"),
    "blank lines between": ("\n## Log\n\n- 2026-11-20 a\n\n- 2026-11-01 b\n", 3, "- 2026-11-21 visit: x\n\n"),
    "the group of its year": (
        "\n## Log\n\n### 2027\n\n- 2027-01-05 call\n\n### 2026\n\n- 2026-11-20 call\n",
        9,
        "- 2026-11-21 visit: x\n",
    ),
    "the end of its year": (
        "\n## Log\n\n### 2026\n\n- 2026-11-30 call\n\n### 2025\n\n- 2025-11-20 call\n",
        6,
        "- 2026-11-21 visit: x\n",
    ),
    "a new year above": (
        "\n## Log\n\n### 2025\n\n- 2025-11-20 call\n",
        3,
        "### 2026\n\n- 2026-11-21 visit: x\n\n",
    ),
    "a new month below": (
        "\n## Log\n### 2026-09\n- 2026-09-01 call\n- 2026-09-20 call\n\n## More\n",
        5,
        "\n### 2026-11\n- 2026-11-21 visit: x\n",
    ),
    "a year between": (
        "\n## Log\n\n### 2027\n\n- 2027-11-20 call\n\n### 2025\n\n- 2025-11-20 call\n",
        7,
        "### 2026\n\n- 2026-11-21 visit: x\n\n",
    ),
}


@pytest.mark.parametrize(("body", "line", "block"), PLACES.values(), ids=PLACES)
def test_its_place(body: str, line: int, block: str) -> None:
    lines = body.splitlines(keepends=True)
    expected = "".join([HEAD, *lines[:line], block, *lines[line:]])
    assert logged(HEAD + body, "visit: x") == expected


SPELLINGS = [
    ("- 2026-11-20 call: a", "- 2026-11-21 14:30 call in, Ann: x"),
    ("* 2026-11-20 call: a", "* 2026-11-21 14:30 call in, Ann: x"),
    ("## 2026-11-20 call: a", "## 2026-11-21 14:30 call in, Ann: x"),
    ("- **2026-11-20:** call: a", "- **2026-11-21:** 14:30 call in, Ann: x"),
    ("- **2026-11-20** call - a", "- **2026-11-21** 14:30 call in, Ann - x"),
    ("- **2026-11-20 call: a**", "- 2026-11-21 14:30 call in, Ann: x"),
    ("- [[2026-11-20]] call – a", "- [[2026-11-21]] 14:30 call in, Ann – x"),
    ("- [[2026-11-20|Friday]]: call – a", "- [[2026-11-21]]: 14:30 call in, Ann – x"),
    ("- [x] 2026-11-20: call | a", "- [x] 2026-11-21: 14:30 call in, Ann | x"),
    ("- 2026-11-20 | call: a", "- 2026-11-21 | 14:30 call in, Ann: x"),
    ("- 2026-11-20 — call: a", "- 2026-11-21 — 14:30 call in, Ann: x"),
    ("- 20.11.2026 puhelu ulos: a", "- 21.11.2026 14:30 puhelu sisään, Ann: x"),
    ("- 20.11.2026 klo 9.15 soitto tuli, Al: a", "- 21.11.2026 14.30 soitto tuli, Ann: x"),
    ("- 2026-11-20T09:15 phone from them: a", "- 2026-11-21 14:30 phone from them, Ann: x"),
    ("1. 2026-11-20 call: a", "1. 2026-11-21 14:30 call in, Ann: x"),
    ("- 2026-11-20 rang", "- 2026-11-21 14:30 call in, Ann: x"),
    ("- 2026-05: moved", "- 2026-11-21 14:30 call in, Ann: x"),
]


@pytest.mark.parametrize(("old", "new"), SPELLINGS)
def test_its_spelling_is_that_of_the_log(old: str, new: str) -> None:
    note = f"{HEAD}\n## Log\n\n{old}\n"
    assert new in logged(note, "14:30 call in, Ann: x").split("\n")


def test_language_of_the_note_where_the_log_has_none() -> None:
    note = "---\nnimi: Acme\nvaihe: asiakas\n---\n"
    assert logged(note, "call no answer, Ann: x", fields={"mood": ["good"], "sale": ["300 €"]}) == (
        note + "\n## Loki\n\n- 2026-11-21 puhelu ei vastausta, Ann: x [mieliala:: hyvä] [myynti:: 300 €]\n"
    )


def test_what_stands_under_it() -> None:
    """Under a list item it is indented, under a heading it is not; a log of both takes a heading for it."""
    text = "visit: x\nIt rained.\n\n    - twice\n- [ ] Dry it 📅 2026-12-01"
    promises = (Promise("Paint it", date(2026, 12, 5)), Promise("Ann chooses", None, "them"))
    under = ["It rained.", "", "    - twice", "- [ ] Dry it 📅 2026-12-01", "- [ ] Paint it 📅 2026-12-05"]
    under.append("- [ ] Ann chooses [owes:: them]")
    item = "- 2026-11-21 visit: x\n" + "".join(f"  {line}\n" if line else "\n" for line in under)
    heading = "### 2026-11-21 visit: x\n" + "".join(f"{line}\n" for line in under)
    old = "- 2026-11-20 call: a\n"
    assert logged(f"{HEAD}## Log\n{old}", text, promises=promises) == f"{HEAD}## Log\n{item}{old}"
    both = "### 2026-11-20 call: a\n\n- 2026-11-19 call: b\n"
    assert logged(f"{HEAD}## Log\n{both}", text, promises=promises) == f"{HEAD}## Log\n{heading}\n{both}"


def test_promises_in_the_format_of_the_note() -> None:
    note = f"{HEAD}\n- [ ] Old  [due:: 2026-12-01]\n\n## Log\n"
    line = "  - [ ] New [owes:: them]  [due:: 2026-12-05]\n"
    assert line in logged(note, "visit: x", promises=(Promise("New", date(2026, 12, 5), "them"),))


def test_line_ends_stay() -> None:
    note = "\ufeff---\r\nname: Acme\r\n---\r\n\r\n## Log\r\n\r\n- 2026-11-20 call: a"
    new = "- 2026-11-21 visit: x\r\n  y\r\n"
    assert logged(note, "visit: x\ny") == note.replace("- 2026", f"{new}- 2026")
    oldest_first = note.replace("- 2026-11-20 call: a", "- 2026-11-19 call\r\n- 2026-11-20 call: a")
    assert logged(oldest_first, "visit: x") == f"{oldest_first}\r\n- 2026-11-21 visit: x"


@pytest.mark.parametrize(
    ("text", "besides", "line"),
    [
        ("call in, Pekka: a quote [mood:: +] and more", {}, "call in, Pekka: a quote [mood:: +] and more"),
        ("call in [mood:: +], Pekka: a quote", {}, "call in, Pekka: a quote [mood:: +]"),
        ("rang about the hall", {}, "rang about the hall"),
        ("[sale:: 300 EUR]", {}, "[sale:: 300 EUR]"),
        ("call", {}, "call"),
        ("fair: met", {}, "fair: met"),
        ("meeting: moved", {"channel": "phone"}, "call: meeting: moved"),
        ("call in, Al: x", {"who": "Ann", "direction": "missed"}, "call missed, Ann: x"),
        ("x", {"who": "Ann"}, ", Ann: x"),
        ("", {"channel": "email", "direction": "out"}, "email out"),
        ("x", {"time": "10:00-11:00"}, "10:00-11:00 x"),
        ("09:00 call: x", {"time": "9.30"}, "09:30 call: x"),
    ],
)
def test_what_is_typed_and_what_is_said_besides(text: str, besides: dict[str, str], line: str) -> None:
    assert f"- 2026-11-21 {line}\n" in logged(HEAD, text, **besides)


@pytest.mark.parametrize(
    ("text", "besides", "message"),
    [
        ("", {}, "nothing to log"),
        ("x", {"channel": "cal"}, "no channel cal"),
        ("cal in, Pekka: x", {}, "no channel cal"),
        ("14:00 puhelo sisään: x", {}, "no channel puhelo"),
        ("2026-11-10 call in: x", {}, "begins with a day: 2026-11-10"),
        ("10.11.2026 puhelu: x", {}, "begins with a day: 10.11.2026"),
        ("2026-02-30 call: x", {}, "2026-02-30 is no day"),
        ("10.11. call: x", {}, "10.11. is no day"),
        ("x", {"channel": "call", "direction": "up"}, "up is no direction"),
        ("x", {"direction": "in"}, "without a channel"),
        ("x", {"time": "25:00"}, "25:00 is no time"),
        ("x", {"fields": {"moood": ["+"]}}, "no field moood"),
        ("x", {"fields": {"mood": ["blue"]}}, "blue"),
        ("x", {"fields": {"owes": ["us"]}}, "no field owes"),
        ("x [sale:: 3,200]", {}, "ambiguous-amount"),
        ("x [sael:: 32]", {}, "sael"),
        ("x\n- 2026-01-01 call: y", {"channel": "call"}, "not be one entry"),
        ("x\n## Vision", {}, "not be one entry"),
        ("x <!-- y", {}, "unclosed-comment"),
    ],
)
def test_what_cannot_be_logged_is_refused(text: str, besides: dict[str, object], message: str) -> None:
    note = f"{HEAD}\n## Log\n\n### 2026-11-20 call: a\n"
    with pytest.raises((UsageError, WriteRefused), match=message):
        logged(note, text, **besides)


def test_what_happened_may_contradict_what_was_agreed() -> None:
    """We rang though calls are forbidden: that is a fault of ours, which a check names, and no reason to hide it."""
    note = "---\nname: Acme\ndeny: [call]\n---\n\n## Log\n"
    draft = drafted(note, "call out: x")
    assert "contact-against-ban" in {found.code for found in draft.note.record.faults}


def said(draft: Draft) -> Counter[str]:
    return Counter(repr(anywhere(entry)) for entry in draft.note.record.customer.entries)


def is_inserted(old: str, new: str) -> bool:
    """Whether a text is another one with one piece put into it."""
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return len(new) >= len(old) and any(
        new.endswith(old[at:]) and new.startswith(old[:at]) for at in range(same, max(-1, same - 400), -1)
    )


WORDS = st.text("abc äö:,-–|.#[]()*_ 0123456789'\"`%+@", max_size=30).map(str.strip)
HEADS = st.sampled_from(
    ["", "call in, Pekka: ", "sähköposti ulos - ", "visit | ", "14:30 ", "10:00-11:30 meeting, Outi: "]
)
ENTRY = st.sampled_from(
    [old.replace("2026-11-20", "{iso}").replace("20.11.2026", "{fi}") for old, _new in SPELLINGS if "05:" not in old]
)


@st.composite
def notes(draw: st.DrawFn) -> str:
    """Notes with a log in one spelling or in several, upwards or downwards, with more around it."""
    days = sorted(
        draw(st.lists(st.dates(date(2026, 10, 1), date(2026, 12, 9)), max_size=6)), reverse=draw(st.booleans())
    )
    one = draw(ENTRY)
    forms = [draw(ENTRY) if draw(st.integers(0, 3)) == 0 else one for _day in days]
    under = st.sampled_from(["", "", "\n  more\n  - [ ] do 📅 2026-12-24", "\n\n  later"])
    entries = [
        form.format(iso=day, fi=f"{day.day}.{day.month}.{day.year}") + draw(under)
        for form, day in zip(forms, days, strict=True)
    ]
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    log = draw(st.sampled_from(["\n## Log\n\n", "## Loki\n", "\n# Timeline\n\n"]))
    text = draw(st.sampled_from(["", "\nSome text.\n", "\n## Vision\n\nBig.\n\n- [ ] go 📅 2027-01-01\n"]))
    end = draw(st.sampled_from(["", "\n", "\n\n\n", "\n\n## More\n\nx\n"]))
    bom, newline = draw(st.sampled_from(["", "\ufeff"])), draw(st.sampled_from(["\n", "\r\n"]))
    return bom + (HEAD + text + log + gap.join(entries) + end).replace("\n", newline)


@given(
    notes(),
    st.dates(date(2026, 9, 25), date(2026, 12, 15)),
    HEADS,
    WORDS,
    st.sampled_from(["", "\nmore of it\n\n  indented", "\n- [ ] Send it 📅 2026-12-24"]),
)
@settings(max_examples=500, deadline=None)
def test_exactly_the_new_entry_more_and_all_other_bytes_equal(note, day, head, words, under) -> None:
    draft = Draft(PATH, note.encode(), SCHEMA)
    before = said(draft)
    try:
        new = new_entry(SCHEMA, day, f"{head}{words}{under}")
        draft.make(log_entry(draft.note, SCHEMA, new))
    except (UsageError, WriteRefused):
        assert not re.fullmatch("[abc äö.]+", words)  # plain words can always be logged
        return
    more = said(draft) - before
    assert before - said(draft) == Counter()
    assert more.total() == 1
    entry = next(e for e in draft.note.record.customer.entries if repr(anywhere(e)) in more)
    assert (entry.date, entry.time, entry.channel, entry.who) == (day, new.time, new.channel, new.who)
    assert is_inserted(note, draft.note.text)
    assert in_order(draft) or not in_order(Draft(PATH, note.encode(), SCHEMA))


def in_order(draft: Draft) -> bool:
    """Whether the entries of the file stand in one order, the newest first or last."""
    entries = sorted(draft.note.record.customer.entries, key=lambda entry: entry.line)
    days = [entry.date for entry in entries]
    return days in (sorted(days), sorted(days, reverse=True))


@pytest.mark.parametrize("path", sorted(EXAMPLE.glob("customers/*/*.md")), ids=lambda path: path.stem)
@pytest.mark.parametrize("day", [date(2023, 1, 1), date(2025, 6, 15), TODAY, date(2027, 1, 1)], ids=str)
def test_notes_of_the_example_vault(path, day) -> None:
    note = path.read_text(encoding="utf-8")
    draft = Draft(PATH, note.encode(), Schema(country="FI"))
    before = said(draft)
    draft.make(log_entry(draft.note, SCHEMA, new_entry(SCHEMA, day, "10:00 visit, Ann: tea\nand a bun")))
    assert (said(draft) - before).total() == 1
    assert is_inserted(note, draft.note.text)
    assert in_order(draft) or not in_order(Draft(PATH, note.encode(), SCHEMA))
