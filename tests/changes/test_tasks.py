"""Promises kept, called off and put off: what the Tasks plugin would write, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.changes.draft import Draft
from plaincrm.changes.tasks import end_promise, find_promise, open_promises, put_off, put_off_next
from plaincrm.errors import NoMatch, WriteRefused
from plaincrm.records.schema import Schema

SCHEMA = Schema()
PATH = "customers/acme.md"
TODAY = date(2026, 11, 21)
HEAD = "---\nname: Acme\n---\n\n"


def draft_of(note: str) -> Draft:
    return Draft(PATH, note.encode(), SCHEMA)


def text_of(draft: Draft) -> str:
    assert draft.step is not None
    assert draft.step.change.new is not None
    return draft.step.change.new.decode()


def ended(line: str, ending="done", day=TODAY) -> str:
    """What stands in the place of a line once its promise is kept."""
    draft = draft_of(f"{HEAD}{line}\n")
    draft.make(end_promise(draft.note, open_promises(draft.note.record.customer)[0], ending, day))
    return text_of(draft).removeprefix(HEAD).removesuffix("\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- [ ] Call", "- [x] Call ✅ 2026-11-21"),
        ("- [ ] Call 📅 2026-11-25", "- [x] Call 📅 2026-11-25 ✅ 2026-11-21"),
        ("* [/] Call ⏫ ⏳ 2026-11-25", "* [x] Call ⏫ ⏳ 2026-11-25 ✅ 2026-11-21"),
        ("- [ ] Call  [due:: 2026-11-25]", "- [x] Call  [due:: 2026-11-25]  [completion:: 2026-11-21]"),
        ("- [ ] Call 📅 2026-11-25 ^abc", "- [x] Call 📅 2026-11-25 ✅ 2026-11-21 ^abc"),
        ("- [ ] Call 📅 2026-11-25  ", "- [x] Call 📅 2026-11-25 ✅ 2026-11-21  "),
        ("- [ ] Call #task 📅 2026-11-25 #x", "- [x] Call #task 📅 2026-11-25 #x ✅ 2026-11-21"),
        ("- [ ] A 📅 2026-11-25 [owes:: them]", "- [x] A 📅 2026-11-25 [owes:: them] ✅ 2026-11-21"),
        ("- [ ] Call ✅ 2026-01-01", "- [x] Call ✅ 2026-11-21"),
        ("1. [ ] Call", "1. [x] Call ✅ 2026-11-21"),
        ("> - [ ] Call", "> - [x] Call ✅ 2026-11-21"),
    ],
)
def test_done(line: str, expected: str) -> None:
    assert ended(line) == expected


def test_called_off() -> None:
    assert ended("- [ ] Call 📅 2026-11-25", "cancelled") == "- [-] Call 📅 2026-11-25 ❌ 2026-11-21"
    assert ended("- [ ] Call 🔁 every day 📅 2026-11-25", "cancelled").count("\n") == 0
    assert ended("- [ ] Call [due:: 2026-11-25]", "cancelled") == (
        "- [-] Call [due:: 2026-11-25]  [cancelled:: 2026-11-21]"
    )


# What the plugin writes by its page on recurring tasks: days keep their distance, `when done` counts from the day, and
# the new line has no id, no dependencies, no block link and no day of its own but those.
@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("- [ ] Oil 🔁 every year 📅 2026-11-20", "- [ ] Oil 🔁 every year 📅 2027-11-20"),
        ("- [ ] Oil 🔁 every month 📅 2027-01-31", "- [ ] Oil 🔁 every month 📅 2027-02-28"),
        ("- [ ] Oil 🔁 every week when done 📅 2026-11-10", "- [ ] Oil 🔁 every week when done 📅 2026-11-28"),
        (
            "- [ ] Oil 🔁 every week 🛫 2026-11-17 ⏳ 2026-11-18 📅 2026-11-20",
            "- [ ] Oil 🔁 every week 🛫 2026-11-24 ⏳ 2026-11-25 📅 2026-11-27",
        ),
        ("- [/] Oil 🔁 every day ⏳ 2026-11-20", "- [ ] Oil 🔁 every day ⏳ 2026-11-21"),
        ("- [ ] Oil 🆔 a1 ⛔ b1 🔁 every day ➕ 2026-01-01 📅 2026-11-20", "- [ ] Oil 🔁 every day 📅 2026-11-21"),
        ("- [ ] Oil 🔁 every day 📅 2026-11-20 ^ab", "- [ ] Oil 🔁 every day 📅 2026-11-21"),
        ("- [ ] Oil 🔺 🔁 every day 🏁 keep 📅 2026-11-20", "- [ ] Oil 🔺 🔁 every day 🏁 keep 📅 2026-11-21"),
        ("- [ ] Oil 🔁 every day", "- [ ] Oil 🔁 every day"),
        ("- [ ] Oil  [repeat:: every day]  [due:: 2026-11-20]", "- [ ] Oil  [repeat:: every day]  [due:: 2026-11-21]"),
        (
            "- [ ] A 🔁 every day 📅 2026-11-20 [owes:: them]",
            "- [ ] A 🔁 every day 📅 2026-11-21 [owes:: them]",
        ),
    ],
)
def test_one_that_comes_round(line: str, following: str) -> None:
    above, done = ended(line).split("\n")
    assert above == following
    assert done.startswith("- [x] ")
    assert "2026-11-21" in done.removeprefix(above)[-30:]


def test_what_comes_round_for_nobody_is_only_done() -> None:
    assert ended("- [ ] Oil 📅 2026-11-20 [repeat:: every now]").startswith("- [x] Oil")


def test_what_is_nested_stays_with_the_one_that_is_done() -> None:
    task = "  - [ ] Oil 🔁 every day 📅 2026-11-20"
    note = f"{HEAD}## Log\n- 2026-11-01 visit\n{task}\n    - the chairs".replace("\n", "\r\n")
    draft = draft_of(note)
    draft.make(end_promise(draft.note, open_promises(draft.note.record.customer)[0], "done", TODAY))
    assert text_of(draft).endswith(
        "- 2026-11-01 visit\r\n  - [ ] Oil 🔁 every day 📅 2026-11-21\r\n"
        "  - [x] Oil 🔁 every day 📅 2026-11-20 ✅ 2026-11-21\r\n    - the chairs"
    )


def test_the_format_is_that_of_the_note() -> None:
    note = f"{HEAD}- [ ] Call\n- [ ] Write  [due:: 2026-12-01]\n"
    draft = draft_of(note)
    draft.make(end_promise(draft.note, find_promise(draft.note.record.customer, "call"), "done", TODAY))
    assert text_of(draft) == note.replace("[ ] Call", "[x] Call  [completion:: 2026-11-21]")


PROMISES = f"""{HEAD}- [ ] Send the quote 📅 2026-11-25
- [x] Send the old quote ✅ 2026-01-01
- [ ] Pekka sends the measures of the café [owes:: them]
- [ ] Send
"""


@pytest.mark.parametrize(
    ("words", "text"),
    [("quote", "Send the quote"), ("CAFE pekka", "Pekka sends the measures of the café"), ("send", "Send")],
)
def test_named_by_its_words(words: str, text: str) -> None:
    assert find_promise(draft_of(PROMISES).note.record.customer, words).text == text


def test_words_that_name_none_or_several() -> None:
    customer = draft_of(PROMISES).note.record.customer
    with pytest.raises(NoMatch, match="No open promise of Acme has the words old") as none:
        find_promise(customer, "old")
    assert none.value.remedy.splitlines()[1] == "  2  Pekka sends the measures of the café (theirs)"
    with pytest.raises(NoMatch, match="Several promises") as several:
        find_promise(customer, "the")
    assert several.value.remedy == (
        "  1  Send the quote, due 2026-11-25\n  2  Pekka sends the measures of the café (theirs)"
    )
    with pytest.raises(NoMatch, match="Acme has no open promise"):
        find_promise(draft_of(HEAD).note.record.customer, "x")


def test_a_promise_that_changed_meanwhile_is_not_taken_for_another() -> None:
    promise = find_promise(draft_of(PROMISES).note.record.customer, "quote")
    moved = draft_of(PROMISES.replace("- [ ] Send the quote", "- [ ] New\n- [ ] Send the quote"))
    moved.make(end_promise(moved.note, promise, "done", TODAY))
    assert "- [x] Send the quote 📅 2026-11-25 ✅ 2026-11-21" in text_of(moved)
    changed = draft_of(PROMISES.replace("2026-11-25", "2026-11-26"))
    with pytest.raises(WriteRefused, match="stands there no more"):
        end_promise(changed.note, promise, "done", TODAY)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- [ ] A 📅 2026-11-25", "- [ ] A 📅 2026-12-01"),
        ("- [ ] A ⏳ 2026-11-25", "- [ ] A ⏳ 2026-12-01"),
        ("- [ ] A ⏳ 2026-11-24 📅 2026-11-25", "- [ ] A ⏳ 2026-11-24 📅 2026-12-01"),
        ("- [ ] A [due:: 2026-11-25] and more", "- [ ] A [due:: 2026-12-01] and more"),
        ("- [ ] A  [due::2026-11-25]  ^x", "- [ ] A  [due::2026-12-01]  ^x"),
    ],
)
def test_put_off(line: str, expected: str) -> None:
    draft = draft_of(f"{HEAD}{line}\n")
    promise = open_promises(draft.note.record.customer)[0]
    draft.make(put_off(draft.note, promise, date(2026, 12, 1)))
    assert text_of(draft) == f"{HEAD}{expected}\n"
    again = open_promises(draft.note.record.customer)[0]
    assert put_off(draft.note, again, date(2026, 12, 1)).edits == ()


def test_what_has_no_day_is_not_put_off() -> None:
    draft = draft_of(PROMISES)
    with pytest.raises(NoMatch, match="has no day"):
        put_off(draft.note, find_promise(draft.note.record.customer, "measures"), TODAY)
    with pytest.raises(NoMatch, match="no next step"):
        put_off_next(draft.note, SCHEMA, TODAY)


def test_the_next_step_put_off() -> None:
    note = "---\nname: Acme\nnext: '2026-11-20' # soon\nnext_action: Call\n---\n"
    draft = draft_of(note)
    draft.make(put_off_next(draft.note, SCHEMA, TODAY))
    assert text_of(draft) == note.replace("2026-11-20", "2026-11-21")
    assert draft.step.what == ("next 2026-11-20 -> 2026-11-21: Call",)


PARTS = {
    "📅 {}": "[due:: {}]",
    "⏳ {}": "[scheduled:: {}]",
    "🔁 every week": "[repeat:: every week]",
    "⏫": "[priority:: high]",
    "➕ 2026-01-01": "[created:: 2026-01-01]",
    "🆔 a1": "[id:: a1]",
}


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A promise with signifiers in any order and in either format, our own fields among them."""
    dataview = draw(st.booleans())
    parts = draw(st.lists(st.sampled_from(sorted(PARTS)), unique=True))
    day = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    shown = [(PARTS[part] if dataview else part).format(day) for part in parts]
    if draw(st.booleans()):
        shown.insert(draw(st.integers(0, len(shown))), "[owes:: them]")
    text = draw(st.sampled_from(["Send the quote", "#task Oil it", "`code` 5 € [x](y)", "Äiti #tag"]))
    blanks = draw(st.sampled_from([" ", "  "]))
    return f"{draw(st.sampled_from(['- ', '* ', '  - ']))}[{draw(st.sampled_from(' /!'))}] " + blanks.join(
        [text, *shown]
    )


@given(st.lists(lines(), min_size=1, max_size=4), st.data(), st.sampled_from(["done", "cancelled"]))
@settings(max_examples=300, deadline=None)
def test_one_promise_ends_and_all_other_lines_stay(promises, data, ending) -> None:
    note = f"{HEAD}## Log\n\n- 2026-11-01 visit: x\n" + "".join(f"  {line.strip()}\n" for line in promises)
    draft = draft_of(note)
    before = draft.note.record.customer
    at = data.draw(st.integers(0, len(promises) - 1))
    draft.make(end_promise(draft.note, open_promises(before)[at], ending, TODAY))
    after = draft.note.record.customer
    old, new = note.split("\n"), draft.note.text.split("\n")
    comes_round = len(new) - len(old)
    assert comes_round == int(ending == "done" and "every week" in promises[at])
    place = old.index("- 2026-11-01 visit: x") + 1 + at
    assert new[:place] == old[:place]
    assert new[place + 1 + comes_round :] == old[place + 1 :]
    task = next(task for task in after.tasks if task.line == place + 1 + comes_round)
    assert (task.text, task.open, getattr(task, ending)) == (open_promises(before)[at].text, False, TODAY)
    if comes_round:
        following = next(task for task in after.tasks if task.line == place + 1)
        assert (following.open, following.id, following.owes) == (True, "", task.owes)
        for name in ("due", "scheduled"):
            was, now = getattr(task, name), getattr(following, name)
            assert (now - was).days == 7 if was else now is None
