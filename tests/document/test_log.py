import pytest

from plaincrm.document.log import heading_opening, item_opening

SPELLINGS = [
    ("- 2026-10-02 email out: thanks", "2026-10-02", "email out: thanks"),
    ("- 2026-10-02: x", "2026-10-02", "x"),
    ("* 2026-10-02 x", "2026-10-02", "x"),
    ("+ 2026-10-02 x", "2026-10-02", "x"),
    ("1. 2026-10-02 x", "2026-10-02", "x"),
    ("- [[2026-10-02]] x", "2026-10-02", "x"),
    ("- [[2026-10-02]]", "2026-10-02", ""),
    ("- [[2026-10-02|yesterday]] x", "2026-10-02", "x"),
    ("- [2025-02-20]: Coffee chat", "2025-02-20", "Coffee chat"),
    ("- **2026-10-02** x", "2026-10-02", "x"),
    ("- **2026-10-02:** x", "2026-10-02", "x"),
    ("- **2026-10-02**: x", "2026-10-02", "x"),
    ("- __2026-10-02__ x", "2026-10-02", "x"),
    ("- *2026-10-02* x", "2026-10-02", "x"),
    ("- **[[2026-10-02]]** x", "2026-10-02", "x"),
    ("- **2026-10-02 email:** x", "2026-10-02", "email:** x"),
    ("- 2026-10-02 | Demo call", "2026-10-02", "Demo call"),
    ("- 2026-10-02 - x", "2026-10-02", "x"),
    ("- 2026-10-02 – x", "2026-10-02", "x"),
    ("- 2026-10-02 — x", "2026-10-02", "x"),
    ("- 2026-10-02T14:30 x", "2026-10-02", "T14:30 x"),
    ("- 2026-10-02\u00a0x", "2026-10-02", "x"),
    ("- 2.10.2026 puhelu ulos: x", "2.10.2026", "puhelu ulos: x"),
    ("- 02.10.2026: x", "02.10.2026", "x"),
    ("- 2007-11: Lost job", "2007-11", "Lost job"),
    ("- 2000: born", "2000", "born"),
    ("- 2024-05 - x", "2024-05", "x"),
    ("- [x]  2008-01-11: Phone. ..", "2008-01-11", "Phone. .."),
    ("- 2026-10-02", "2026-10-02", ""),
    ("-\t2026-10-02 x", "2026-10-02", "x"),
]


@pytest.mark.parametrize(("line", "date", "words"), SPELLINGS, ids=[line for line, *_ in SPELLINGS])
def test_list_items_that_start_an_entry(line, date, words):
    opening = item_opening(line, 100)
    assert (opening.date_text, line[opening.words_start - 100 :].strip()) == (date, words)
    assert line[opening.date_start - 100 : opening.date_end - 100] == date
    assert opening.day is not None


@pytest.mark.parametrize(
    "line",
    [
        *(
            "- x 2026-10-02",
            "- 2026-10-021 x",
            "- 20261002 x",
            "- 2026-10-02x",
            "- 2024 was a good year",
            "- 2000 EUR came in",
        ),
        *(
            "- 3200",
            "- 2026/10/02 x",
            "- [ ] 2026-10-02 call",
            "- [/] 2026-10-02 call",
            "- [-] 2026-10-02 call",
            "2026-10-02 x",
        ),
        *(
            "- [[2026-10-02] x",
            "- [2026-10-02]] x",
            "- 2026-10-02** x",
            "- **2024 was good**",
            "-2026-10-02 x",
            "- ２０２６-10-02 x",
        ),
    ],
)
def test_list_items_that_start_none(line):
    opening = item_opening(line, 0)
    assert opening is None or opening.date_text == "3200"


HEADINGS = [
    ("### 2026-11-20 14:30 call in, Pekka: x", "2026-11-20", "14:30 call in, Pekka: x"),
    ("## 2026-11-20", "2026-11-20", ""),
    ("# 2026-11-20 x", "2026-11-20", "x"),
    ("### 2024-05-01 — Topic", "2024-05-01", "Topic"),
    ("### 2024-05-01 – topic", "2024-05-01", "topic"),
    ("## [[2024-05-01]] x", "2024-05-01", "x"),
    ("###### 1.5.2024 x", "1.5.2024", "x"),
    ("## 2024-05: spring", "2024-05", "spring"),
]


@pytest.mark.parametrize(("line", "date", "words"), HEADINGS, ids=[line for line, *_ in HEADINGS])
def test_headings_that_start_an_entry(line, date, words):
    opening = heading_opening(line, 0)
    assert (opening.date_text, line[opening.words_start :].strip()) == (date, words)


@pytest.mark.parametrize(
    "line", ["## 2026", "### 2026-05", "## 2026:", "####### 2026-05-01 x", "#2026-05-01 x", "## x 2026-05-01"]
)
def test_headings_that_start_none(line):
    assert heading_opening(line, 0) is None


@pytest.mark.parametrize(
    "date", ["2026-13-45", "2026-02-30", "30.2.2026", "0000-01-01", "2026-1-5", "2026-13: x", "0000: x"]
)
def test_what_looks_like_a_date_and_is_none(date):
    opening = item_opening(f"- {date} call", 0)
    assert opening.day is None
