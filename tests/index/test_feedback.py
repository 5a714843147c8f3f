import itertools

import pytest

from plaincrm.index.feedback import Remark, displeased, is_bad

# One entry each: `date time what resolved`; what is bad, ours (an answer), both, or nothing that counts.
CASES = {
    "nothing": ("", ""),
    "no bad word": ("2026-11-01 - ours -", ""),
    "bad": ("2026-11-01 10:00 bad -", "2026-11-01 10:00"),
    "without a time it counts from the morning": ("2026-11-01 - bad -", "2026-11-01 00:00"),
    "answered later": ("2026-11-01 10:00 bad - | 2026-11-02 - ours -", ""),
    "answered before": ("2026-11-01 10:00 bad - | 2026-11-01 09:00 ours -", "2026-11-01 10:00"),
    "answered on the same day": ("2026-11-01 10:00 bad - | 2026-11-01 - ours -", ""),
    "said at a talk of ours": ("2026-11-01 - both -", "2026-11-01 00:00"),
    "and at the next": ("2026-11-01 - both - | 2026-11-05 - both -", "2026-11-05 00:00"),
    "the first that waits": ("2026-11-01 - bad - | 2026-11-05 - bad -", "2026-11-01 00:00"),
    "settled at once": ("2026-11-01 - bad 1", ""),
    "settled later": ("2026-11-01 - bad - | 2026-11-02 - else 1", ""),
    "an answer that settles nothing": ("2026-11-01 - bad - | 2026-11-02 - ours 0", "2026-11-01 00:00"),
    "later bad words settle none": ("2026-11-01 - bad - | 2026-11-02 - bad 1", ""),
}


def remarks(lines: str) -> list[Remark]:
    words = [line.split() for line in lines.split(" | ") if line]
    return [
        Remark(
            day,
            None if time == "-" else time,
            what in ("bad", "both"),
            what in ("ours", "both"),
            None if r == "-" else int(r),
        )
        for day, time, what, r in words
    ]


@pytest.mark.parametrize(("lines", "expected"), CASES.values(), ids=CASES)
def test_since_when_bad_feedback_waits(lines: str, expected: str):
    for order in itertools.permutations(remarks(lines)):
        assert displeased(order) == expected


@pytest.mark.parametrize(("key", "most"), [("nps", 6), ("ces", 3), ("csat", 2)])
def test_where_bad_numbers_end(key: str, most: int):
    assert is_bad(key, most)
    assert not is_bad(key, most + 1)


def test_bad_words():
    assert is_bad("complaint", "the wall")
    assert is_bad("mood", "-")
    assert not is_bad("mood", "0")
    assert not is_bad("hours", 1)
