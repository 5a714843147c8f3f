"""Two notes of any shape made one: no word of either is lost, and nothing is told twice."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plaincrm.changes.links import Move
from plaincrm.changes.merge import Merged, Merging, merge
from plaincrm.changes.parts import Reading, reading
from plaincrm.index.names import Named
from plaincrm.records.model import LogEntry
from plaincrm.records.schema import Schema

A, B = Named(1, "a", "A", "customers/a.md"), Named(2, "b", "B", "customers/b.md")
SCHEMA = Schema(country="FI", owners=("liisa", "matti"))
KEYS = {
    "en": {"city": "city", "needs": "needs", "tags": "tags", "email": "email", "next": "next", "address": "address"},
    "fi": {
        "city": "kaupunki",
        "needs": "tarpeet",
        "tags": "tunnisteet",
        "email": "sähköposti",
        "next": "seuraava",
        "address": "osoite",
    },
}
WORDS = {
    "en": ("Log", "Vision", "Deals", "call in", "visit"),
    "fi": ("Loki", "Visio", "Kaupat", "puhelu sisään", "käynti"),
}
# Words of few letters, so that two notes often say the same.
word = st.integers(0, 30).map(lambda number: f"w{number}")
days = st.integers(0, 40).map(lambda number: date(2026, 11, 20) - timedelta(days=number * 9))


@st.composite
def entries(draw: st.DrawFn, language: str, headed: bool) -> tuple[date, str]:
    """An entry with lines of its own: text, a promise, inline fields."""
    day, words = draw(days), WORDS[language]
    first = f"{draw(st.sampled_from((*words[3:], '')))}: {draw(word)} {draw(word)}".removeprefix(": ")
    first += draw(st.sampled_from(("", " [mood:: +]", " [sale:: 100 EUR]", " [own:: w3]", " [topic:: w4]")))
    below = draw(
        st.lists(
            st.one_of(
                word,
                word.map(lambda text: f"- [ ] {text} 📅 2026-12-01"),
                word.map(lambda text: f"see [[{text}]]"),
                word.map(lambda text: f"[feedback:: {text}]"),
            ),
            max_size=3,
        )
    )
    indent = "" if headed else "  "
    mark = "###" if headed else draw(st.sampled_from(("-", "*", "1.")))
    shown = f"{day.day}.{day.month}.{day.year}" if language == "fi" and draw(st.booleans()) else day.isoformat()
    shown = draw(st.sampled_from((shown, f"**{shown}**", f"[[{shown}]]" if "-" in shown else shown)))
    return day, "\n".join([f"{mark} {shown} {first}", *(f"{indent}{line}" for line in below)])


@st.composite
def notes(draw: st.DrawFn, name: str) -> bytes:
    """A note in English or Finnish, with front matter or without, with a log that runs up or down, or none."""
    language = draw(st.sampled_from(("en", "fi")))
    keys, words = KEYS[language], WORDS[language]
    flow = draw(st.booleans())
    lines: list[str] = []
    if draw(st.integers(0, 5)):
        lines = ["---", f"{'name' if language == 'en' else 'nimi'}: {name}"]
        for key in ("city", "needs", "address", "next"):
            if draw(st.booleans()):
                value = draw(days).isoformat() if key == "next" else draw(word)
                lines.append(f"{keys[key]}: {value}{draw(st.sampled_from(('', ' # ' + draw(word))))}")
        for key in ("tags", "email"):
            found = [
                f"{text}@x.example" if key == "email" else text
                for text in draw(st.lists(word, max_size=3, unique=True))
            ]
            if found:
                lines += (
                    [f"{keys[key]}: [{', '.join(found)}]"]
                    if flow
                    else [f"{keys[key]}:", *(f"  - {text}" for text in found)]
                )
        if draw(st.booleans()):
            lines += ["contacts:", f"  - {draw(word)} <{draw(word)}@y.example> ({draw(word)})"]
        if draw(st.booleans()):
            lines += draw(
                st.sampled_from(
                    ([f"mine: {draw(word)}"], ["mine:", f"  - {draw(word)}"], [f"links: '[[{draw(word)}]]'"])
                )
            )
        lines += ["---", ""]
    lines += draw(st.sampled_from(([], [f"# {name}", ""])))
    paragraphs = draw(st.lists(st.lists(word, min_size=1, max_size=2).map("\n".join), max_size=2))
    lines += [line for paragraph in paragraphs for line in (paragraph, "")]
    if draw(st.booleans()):
        lines += [f"## {words[1]}", *draw(st.lists(word, min_size=1, max_size=2)), ""]
    if draw(st.booleans()):
        lines += [f"## {words[2]}", f"- [deal:: {draw(word)}] [value:: 100 EUR]", ""]
    if draw(st.booleans()):
        lines += [
            f"## {draw(word)}",
            "",
            *draw(st.lists(word.map(lambda text: f"- {text} [[{text}]]"), min_size=1, max_size=2)),
            "",
        ]
    headed = draw(st.booleans())
    log = sorted(draw(st.lists(entries(language, headed), max_size=5)), reverse=draw(st.booleans()))
    if log or draw(st.booleans()):
        heading = draw(st.sampled_from(([f"## {words[0]}", ""], [f"## {words[0]}"], [""])))
        lines += [*heading, *_written(log, headed, draw(st.booleans()))]
    end = draw(st.sampled_from(("\n", "\r\n")))
    return (end.join(lines) + draw(st.sampled_from((end, "")))).encode()


def _written(log: list[tuple[date, str]], headed: bool, by_year: bool) -> list[str]:
    """The lines of a log; with `by_year` each year has a heading."""
    lines: list[str] = []
    for at, (day, block) in enumerate(log):
        if by_year and (not at or log[at - 1][0].year != day.year):
            lines += ["", f"### {day.year}", ""]
        lines += [*block.split("\n"), *([""] * headed)]
    return lines


def merged(one: bytes, two: bytes, *, copy: bool = False) -> tuple[Merged, Reading]:
    """What becomes of two notes, and A's note then."""
    what = Merging(A, B, copy, Move(B.path, A.path), ())
    found = merge(what, {A.path: one, B.path: two}.__getitem__, SCHEMA, {})
    new = next((step.change.new for step in found.steps if step.change.path == A.path), one)
    assert found.steps[-1].change.new is None
    return found, reading(A.path, new or b"", SCHEMA)


def words_of(data: bytes) -> set[str]:
    return set(re.findall(r"\bw[0-9]+\b", data.decode()))


def days_of(note: Reading) -> Counter[date]:
    return Counter(entry.date for entry in note.record.customer.entries)


def heads(note: Reading) -> list[LogEntry]:
    """The entries in the order of the file, without what stands under their first lines."""
    ordered = sorted(note.record.customer.entries, key=lambda entry: entry.line)
    return [entry._replace(text="", values=(), sales=(), tasks=(), line=0, end_line=0) for entry in ordered]


def sound(data: bytes) -> Reading:
    """A note without faults that keep it from being merged."""
    note = reading(A.path, data, SCHEMA)
    assume(not [found for found in note.record.faults if found.code in ("duplicate-key", "bad-yaml")])
    return note


@settings(max_examples=100, deadline=None)
@given(notes("Acme"), notes("Ackme"))
def test_no_word_is_lost_and_the_order_of_the_log_is_kept(one: bytes, two: bytes) -> None:
    a, b = sound(one), sound(two)
    found, after = merged(one, two)
    assert words_of(one) | words_of(two) <= words_of(after.text.encode())
    for note in (a, b):
        assert not days_of(note) - days_of(after)
        assert {deal.name for deal in note.record.customer.deals} <= {deal.name for deal in after.record.customer.deals}
        tasks = {(task.text, task.due) for task in note.record.customer.tasks}
        assert tasks <= {(task.text, task.due) for task in after.record.customer.tasks}
        named = {link.target for link in note.record.customer.links if link.target.startswith("w")}
        assert named <= {link.target for link in (*after.record.customer.links, *after.document.body.links)}
    count = len(a.record.customer.entries) + found.log.added
    assert len(after.record.customer.entries) == count
    assert found.log.added + found.log.joined + found.log.same == len(b.record.customer.entries)
    left = iter(heads(after))
    assert all(head in left for head in heads(a))
    assert {found.code for found in after.record.faults} <= {
        found.code for note in (a, b) for found in note.record.faults
    } | {"second-log"}


@settings(max_examples=80, deadline=None)
@given(notes("Acme"))
def test_a_copy_of_a_note_changes_nothing(note: bytes) -> None:
    sound(note)
    found, after = merged(note, note, copy=True)
    assert after.text.encode() == note
    assert [step.change.path for step in found.steps] == [B.path]
    assert found.choices == ()


@settings(max_examples=50, deadline=None)
@given(notes("Acme"), notes("Ackme"))
def test_what_was_merged_once_brings_nothing_more(one: bytes, two: bytes) -> None:
    sound(one), sound(two)
    _found, after = merged(one, two)
    again, twice = merged(after.text.encode(), two)
    assert again.log.added == again.log.joined == 0
    assert twice.text == after.text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_end_as_those_of_the_note_that_stays(end: str) -> None:
    one = end.join(["---", "name: Acme", "---", "", "Text", "", "## Log", "", "- 2026-11-20 call", ""])
    two = "---\nname: Ackme\n---\nMore\n\n## Loki\n- 1.11.2026 puhelu: x\n  y\n"
    _found, after = merged(one.encode(), two.encode())
    assert after.text.count("\n") == after.text.count(end)
    assert f"- 2026-11-20 call{end}- 2026-11-01 call: x{end}  y{end}" in after.text
