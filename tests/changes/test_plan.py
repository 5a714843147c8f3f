"""A plan is proved before anything is written: what no edit touches means the same, and nothing is made worse."""

from __future__ import annotations

import pytest

from plaincrm.changes.edits import Edit
from plaincrm.changes.plan import Intent, NotMeant, plan
from plaincrm.document.source import decode
from plaincrm.errors import WriteRefused
from plaincrm.records.schema import Schema

NOTE = """---
name: Acme
next: 2026-12-01
own: [a, b]
---
About them. [[other]]

- [ ] Loose promise 📅 2026-12-02

## Vision
Grow together.

## Log

### 2026-11-20 call in: first [sale:: 5 €]
- [ ] Send it 📅 2026-12-01

### 2026-11-02 visit: second
Some text.

## Deals
- [deal:: Roof] [value:: 100 €]
"""


def planned(*edits: tuple[str, str, str], note: str = NOTE, **more: object) -> str:
    """The note with a text behind a mark replaced by another: (mark, old, new)."""
    spans = []
    for mark, old, new in edits:
        at = note.index(mark) + len(mark)
        assert note.startswith(old, at)
        spans.append(Edit(at, at + len(old), new))
    return plan(Intent("customers/acme.md", note.encode(), tuple(spans), **more), Schema()).new.decode()


def test_edits_of_a_field_an_entry_and_a_promise_are_planned() -> None:
    assert planned(("next: ", "2026-12-01", "2027-01-05")) == NOTE.replace("next: 2026-12-01", "next: 2027-01-05")
    assert "stage: lead\nown" in planned(("2026-12-01\n", "", "stage: lead\n"))
    assert planned(("## Log\n\n", "", "### 2026-11-21 email: new\n- [ ] Do\n\n")).count("### 2026") == 3
    assert planned(("- [", " ", "x"), ("promise 📅 2026-12-02", "", " ✅ 2026-12-02")) != NOTE
    assert planned(("Some text.", "", "\n- [ ] One more 📅 2026-12-03")) != NOTE
    assert planned(("- [deal:: Roof] [value:: 100 €]\n", "", "- [deal:: Wall]\n")) != NOTE


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (("About them.", "", "\n```\nan open fence\n"), "it would be left with a fault (unclosed-fence: "),
        (("About them.", "", "\n<!-- "), "a log entry would change, too"),
        (("Acme\n", "", 'own2: "open\n'), "it would be left with a fault (bad-yaml: "),
        (("Acme\n", "", "---\n"), "the field next would change, too"),
        (("- [ ] Loose", "", "\n%% "), "a log entry would change, too"),
        (("## Log\n\n", "", "### 2026-13-45 x\n"), "it would be left with a fault (bad-entry-date: "),
        (("next: ", "2026-12-01", "soon"), "it would be left with a fault (bad-date: "),
        (("2026-12-01\n", "", "own: c\n"), "it would be left with a fault (duplicate-key: "),
    ],
)
def test_an_edit_that_does_something_else_besides_is_refused(edit: tuple[str, str, str], why: str) -> None:
    with pytest.raises(NotMeant) as refused:
        planned(edit, note=NOTE + "\n--> %%\n")
    assert refused.value.why.startswith(why)


def test_what_is_meant_has_to_hold_afterwards() -> None:
    edit = ("next: ", "2026-12-01", "2027-01-05")
    assert planned(edit, holds=lambda after: str(after.record.customer.next) == "2027-01-05")
    with pytest.raises(NotMeant, match="would not say what is meant"):
        planned(edit, holds=lambda after: after.record.customer.next is None)


def test_an_unfinished_merge_is_refused() -> None:
    note = NOTE + "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n"
    with pytest.raises(WriteRefused, match="both sides of a merge"):
        planned(("next: ", "2026-12-01", "2027-01-05"), note=note)


@pytest.mark.parametrize("second", ["next: 2026-12-03\n", "seuraava: 2026-12-03\n", '"next": 2026-12-03\n'])
def test_a_key_that_stands_there_twice_is_not_edited_and_others_are(second: str) -> None:
    note = NOTE.replace("own:", f"{second}own:")
    with pytest.raises(WriteRefused, match="the field next stands in it twice"):
        planned(("next: ", "2026-12-01", "2027-01-05"), note=note)
    assert planned(("name: ", "Acme", "Acme Oy"), note=note)


def test_a_mapping_with_a_key_twice_is_not_edited() -> None:
    note = NOTE.replace("own: [a, b]", "own:\n  a: 1\n  a: 2")
    with pytest.raises(WriteRefused, match="the field own stands in it twice"):
        planned(("  a: ", "1", "3"), note=note)


def test_what_is_no_text_is_refused() -> None:
    data = NOTE.encode("utf-16")
    with pytest.raises(WriteRefused, match="no text"):
        plan(Intent("a.md", data, (Edit(2, 3, "x"),)), Schema())
    assert decode(data).refusal
