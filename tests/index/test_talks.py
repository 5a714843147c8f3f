import itertools

import pytest

from plaincrm.index.talks import Contact, Talks, talks

# One contact a line, `date time channel direction resolved` (- is none), then what they add up to.
CASES = {
    "nothing": ("", {}),
    "their mail waits": (
        "2026-11-01 10:00 email in -",
        {"latest": "2026-11-01", "spoken": "2026-11-01", "asked": "2026-11-01 10:00"},
    ),
    "their mail is answered": (
        "2026-11-01 10:00 email in - | 2026-11-02 - email out -",
        {
            "latest": "2026-11-02",
            "spoken": "2026-11-02",
            "ours": "2026-11-02",
            "asked": "2026-11-01 10:00",
            "answered": "2026-11-02 99:99",
        },
    ),
    "a missed call": ("2026-11-01 - call missed -", {"latest": "2026-11-01", "missed": "2026-11-01 00:00"}),
    "a missed call is no talk": (
        "2026-11-01 - call out - | 2026-11-05 09:00 call missed -",
        {
            "latest": "2026-11-05",
            "spoken": "2026-11-01",
            "ours": "2026-11-01",
            "answered": "2026-11-01 99:99",
            "missed": "2026-11-05 09:00",
        },
    ),
    "a call of ours that nobody answered": (
        "2026-11-01 - call in - | 2026-11-05 09:00 call no-answer -",
        {"latest": "2026-11-05", "spoken": "2026-11-01", "ours": "2026-11-05", "answered": "2026-11-01 99:99"},
    ),
    "settled at once": (
        "2026-11-01 10:00 email in 1",
        {"latest": "2026-11-01", "spoken": "2026-11-01"},
    ),
    "not settled": (
        "2026-11-01 - email in 0",
        {"latest": "2026-11-01", "spoken": "2026-11-01", "asked": "2026-11-01 00:00"},
    ),
    "their call is a talk, and none of ours": (
        "2026-11-01 10:00 call in -",
        {"latest": "2026-11-01", "spoken": "2026-11-01", "answered": "2026-11-01 10:00"},
    ),
    "a call of nobody knows whose": (
        "2026-11-01 - call - -",
        {"latest": "2026-11-01", "spoken": "2026-11-01", "answered": "2026-11-01 99:99"},
    ),
    "a mail of nobody knows whose": (
        "2026-11-01 - email - -",
        {"latest": "2026-11-01", "spoken": "2026-11-01", "answered": "2026-11-01 99:99"},
    ),
    "a meeting is ours too": (
        "2026-11-01 - meeting - -",
        {"latest": "2026-11-01", "spoken": "2026-11-01", "ours": "2026-11-01", "answered": "2026-11-01 99:99"},
    ),
    "a visit that they made is theirs": (
        "2026-11-01 - visit in -",
        {"latest": "2026-11-01", "spoken": "2026-11-01", "answered": "2026-11-01 99:99"},
    ),
}


def contacts(lines: str) -> list[Contact]:
    words = [line.split() for line in lines.split(" | ") if line]
    return [
        Contact(
            day, *(None if word == "-" else word for word in (time, channel, direction)), None if r == "-" else int(r)
        )
        for day, time, channel, direction, r in words
    ]


@pytest.mark.parametrize("case", CASES)
def test_what_contacts_add_up_to(case):
    lines, expected = CASES[case]
    for order in itertools.permutations(contacts(lines)):
        assert talks(order)._asdict() == {**dict.fromkeys(Talks._fields, ""), **expected}


@pytest.mark.parametrize("channel", ["email", "chat", "letter", "social", "web"])
def test_what_is_written_waits_for_an_answer(channel):
    assert talks(contacts(f"2026-11-01 10:00 {channel} in -")).asked == "2026-11-01 10:00"


def waits(lines: str) -> bool:
    found = talks(contacts(lines))
    return found.asked > found.answered


def calls(lines: str) -> bool:
    found = talks(contacts(lines))
    return found.missed > found.answered


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # On a day without times who answered is not nagged, whatever stands first.
        ("2026-11-01 - email in - | 2026-11-01 - email out -", False),
        ("2026-11-01 10:00 email in - | 2026-11-01 - email out -", False),
        ("2026-11-01 - email in - | 2026-11-01 10:00 email out -", False),
        ("2026-11-01 10:00 email in - | 2026-11-01 09:00 email out -", True),
        ("2026-11-01 10:00 email in - | 2026-11-01 10:00 email out -", False),
        ("2026-11-01 10:00 email in - | 2026-10-31 - email out -", True),
        ("2026-11-01 10:00 email in - | 2026-11-01 11:00 call in -", False),
        ("2026-11-01 10:00 email in - | 2026-11-01 11:00 call missed -", True),
        ("2026-11-01 10:00 email in - | 2026-11-02 10:00 email in 1", True),
        ("2026-11-01 10:00 email in - | 2026-11-03 - meeting - -", False),
        ("2026-11-01 10:00 email in - | 2026-11-02 10:00 call no-answer -", True),
    ],
)
def test_whether_somebody_waits(lines, expected):
    assert waits(lines) is expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("2026-11-01 10:00 call missed -", True),
        ("2026-11-01 10:00 call missed - | 2026-11-01 10:30 call out -", False),
        ("2026-11-01 10:00 call missed - | 2026-11-01 - call out -", False),
        ("2026-11-01 - call missed - | 2026-11-01 09:00 call out -", False),
        ("2026-11-01 10:00 call missed - | 2026-11-01 09:00 call out -", True),
        ("2026-11-01 10:00 call missed - | 2026-11-01 10:30 call in -", False),
        ("2026-11-01 10:00 call missed - | 2026-11-02 10:30 email in -", True),
    ],
)
def test_whether_a_call_is_to_be_returned(lines, expected):
    assert calls(lines) is expected


def test_the_rows_of_a_note_hold_its_sums(notes):
    notes.write(
        "a",
        "---\nname: A\nsince: 2020-05-05\n---\n\n## Log\n\n### 2026-11-20 10:00 email in\n\n"
        "### 2026-11-19 09:00 call missed\n\n### 2026-11-18 meeting\n\n### 2026-11-17 note\n",
    )
    notes.write("b", "---\nname: B\nsince: 2020-05-05\n---\n")
    notes.write("c", "---\nname: C\n---\n\n## Log\n\n### 2026-11-17 note\n")
    with notes.open() as index:
        found = index.rows("select latest, spoken, ours, answered, asked, missed, counted from customers order by name")
    assert found == [
        (
            "2026-11-20",
            "2026-11-20",
            "2026-11-18",
            "2026-11-18 99:99",
            "2026-11-20 10:00",
            "2026-11-19 09:00",
            "2026-11-20",
        ),
        ("", "", "", "", "", "", "2020-05-05"),
        ("", "", "", "", "", "", "2026-11-17"),
    ]
