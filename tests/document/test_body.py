import time

import pytest

from plaincrm.document.body import read_body
from plaincrm.document.document import read_document
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema


def read(text):
    return read_body(text, 0)


def entries(text):
    return [text[entry.start : entry.end] for entry in read(text).entries]


def dates(text):
    return [entry.opening.date_text for entry in read(text).entries]


def codes(text):
    return [fault.code for fault in read(text).faults]


def test_an_entry_ends_where_the_next_begins_or_its_list_item_does():
    text = "- 2026-10-03 a\n  deep\n\n  deeper\nlazy\n\nnot its own\n- 2026-10-02 b\n- other\n"
    text += "### 2026-10-01 c\nown\n\nown too\n"
    assert entries(text) == [
        "- 2026-10-03 a\n  deep\n\n  deeper\nlazy\n\n",
        "- 2026-10-02 b\n",
        "### 2026-10-01 c\nown\n\nown too\n",
    ]


def test_a_heading_entry_ends_at_the_next_heading_that_is_not_deeper():
    text = "## 2026-10-01 a\n### Notes\ntext\n## Other\nrest\n"
    assert entries(text) == ["## 2026-10-01 a\n### Notes\ntext\n"]


def test_a_list_entry_ends_at_any_heading():
    assert entries("- 2026-10-01 a\n#### b\n") == ["- 2026-10-01 a\n"]


def test_what_is_nested_belongs_to_its_entry():
    text = "- 2026-10-01 a [sale:: 1]\n\t- [ ] b 📅 2026-10-05\n  - 2026-09-09 c [cost:: 2]\n    d [[e]]\n"
    (entry,) = read(text).entries
    assert [item.task.text for item in entry.tasks] == ["b"]
    assert [(item.key, item.value) for item in entry.inline] == [("sale", "1"), ("cost", "2")]
    assert [link.target for link in read(text).links] == ["e"]


def test_list_items_count_in_the_log_only_where_there_is_one():
    text = "## Vision\n- 2030-01-01 moon\n## Log\n- 2026-10-01 a\n### 2025\n- 2025-10-01 b\n"
    text += "## Deals\n- 2027-01-01 c\n### 2026-09-01 d\n"
    assert dates(text) == ["2026-10-01", "2025-10-01", "2026-09-01"]


def test_list_items_count_anywhere_where_there_is_no_log():
    assert dates("text\n- 2026-10-01 a\n## Notes\n- 2026-09-01 b\n") == ["2026-10-01", "2026-09-01"]


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "## Log",
            "# log",
            "### LOG ###",
            "## Timeline",
            "## Interactions",
            "## Interaction Log",
            "## Loki",
            "## Yhteydenpito",
        ),
        *("# 🕐 log", "## **Log**", "## Log:", "## Log\r", "## Log %% newest first %%"),
    ],
)
def test_headings_of_the_log(heading):
    assert dates(f"- 2026-01-01 no\n{heading}\n- 2026-10-01 yes\n") == ["2026-10-01"]


def test_two_log_headings_are_both_read():
    assert dates("## Log\n- 2026-10-01 a\n## X\n- 2026-01-01 no\n## Loki\n- 2026-09-01 b\n") == [
        "2026-10-01",
        "2026-09-01",
    ]


def test_a_log_heading_in_code_is_none():
    assert dates("```sh\n# log\n```\n- 2026-10-01 a\n") == ["2026-10-01"]


def test_sections_from_end_to_end():
    text = "intro\n## Vision\nfly\n### 2026-10-01 a\n## Deals ##\nx\n"
    assert [(s.title, s.level, text[s.body_start : s.end]) for s in read(text).sections] == [
        ("", 0, "intro\n"),
        ("Vision", 2, "\nfly\n### 2026-10-01 a\n"),
        ("Deals", 2, "\nx\n"),
    ]


HIDDEN = {
    "fence": "```\n- 2026-01-01 x [sale:: 1] [[y]]\n- [ ] task\n```\n",
    "longer fence": "````\n- 2026-01-01 x\n```\n- 2026-01-02 x\n````\n",
    "tildes": "~~~ text\n- 2026-01-01 x\n```\n~~~\n",
    "indented fence": "  ```\n- 2026-01-01 x\n  ```\n",
    "comment": "%%\n- 2026-01-01 x [sale:: 1] [[y]]\n- [ ] task\n%%\n",
    "comment on a line": "%% [sale:: 1] [[y]] %%\n",
    "comment that begins behind text": "text %% private\n- 2026-01-01 x\nend %% more\n",
    "HTML comment": "<!--\n- 2026-01-01 x [sale:: 1]\n-->\n",
    "HTML comment on a line": "text <!-- [sale:: 1] [[y]] --> text\n",
    "quote": "> - 2026-01-01 x [sale:: 1]\n> [!note] [cost:: 2]\n",
    "code span": "text `[sale:: 1] [[y]]` text\n",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_code_quotes_and_comments_do_not_count(text):
    body = read(text + "- 2026-10-01 real\n")
    assert [entry.opening.date_text for entry in body.entries] == ["2026-10-01"]
    assert (body.tasks, body.inline, body.links, body.faults) == ([], [], [], [])


def test_what_stands_around_a_comment_counts():
    text = "- 2026-10-02 a %% b\n- 2026-10-01 c %% d [sale:: 1]\n- 2026-09-30 e\n"
    body = read(text)
    assert [entry.opening.date_text for entry in body.entries] == ["2026-10-02", "2026-09-30"]
    assert [item.value for item in body.entries[0].inline] == ["1"]


UNCLOSED = {
    "fence": ("```\n", "unclosed-fence"),
    "fence of a language": ("```python\n```x\n", "unclosed-fence"),
    "longer fence": ("````\n`````x\n", "unclosed-fence"),
    "tildes": ("~~~\n", "unclosed-fence"),
    "comment": ("text %%\n", "unclosed-comment"),
    "HTML comment": ("<!-- x\n", "unclosed-comment"),
}


@pytest.mark.parametrize(("opener", "code"), UNCLOSED.values(), ids=UNCLOSED)
def test_what_is_never_closed_is_told_and_hides_nothing(opener, code):
    text = f"- 2026-10-02 a\n{opener}- 2026-10-01 b [sale:: 1]\n"
    assert dates(text) == ["2026-10-02", "2026-10-01"]
    (found,) = read(text).faults
    assert (found.code, text[found.start : found.end] in opener, found.start >= 15) == (code, True, True)


@pytest.mark.parametrize("text", ["50 %% off `%%` x\n", "see `<!--` there\n", "inline ``` code ``` here\n"])
def test_marks_in_code_spans_open_nothing(text):
    assert dates(f"{text}- 2026-10-01 a\n") == ["2026-10-01"]


def test_faults_have_their_place():
    text = "- 2026-13-45 call [sale:: 1]\n- 2026-10-01 b [cost:: 2\n"
    body = read(text)
    assert [(f.code, text[f.start : f.end]) for f in body.faults] == [
        ("bad-entry-date", "2026-13-45"),
        ("unclosed-field", "[cost:: 2"),
    ]
    assert [entry.opening.date_text for entry in body.entries] == ["2026-10-01"]
    assert [item.key for item in body.inline] == ["sale"]


@pytest.mark.parametrize(
    ("line", "text", "due"),
    [
        ("- [ ] X [due:: 2026-11-23] [owes:: them]", "X", "2026-11-23"),
        ("- [ ] X 📅 2026-11-23 [owes:: them]", "X", "2026-11-23"),
        ("- [ ] X 📅 2026-11-23 [owes:: them] (topic:: tar) ^a1", "X", "2026-11-23"),
        ("- [ ] X 📅 2026-11-23 [owes:: them] ⏫", "X", "2026-11-23"),
        ("- [ ] X [owes:: them] 📅 2026-11-23", "X [owes:: them]", "2026-11-23"),
        ("- [ ] X [topic:: a] y 📅 2026-11-23 [owes:: them] #tag", "X [topic:: a] y #tag", "2026-11-23"),
        ("- [ ] X [owes:: them]", "X [owes:: them]", None),
        ("- [ ] X 📅 2026-11-23 later [owes:: them]", "X 📅 2026-11-23 later [owes:: them]", None),
    ],
)
def test_our_own_fields_hide_no_date_of_a_task(line, text, due):
    (item,) = read(f"{line}\n").tasks
    assert (item.task.text, item.task.get("due")) == (text, due)
    assert line[item.task.text_start : item.task.text_end].split() == text.removesuffix(" #tag").split()
    for signifier in item.task.signifiers:
        assert signifier.value in line[signifier.start : signifier.end] or signifier.name == "priority"


def test_links():
    text = "[[a]] [[b#c]] [[d|e]] ![[f]] [[#g]] [[h^i]] [[ j ]] [k](l.md) [[m\n"
    text += "- 2026-10-01 [[n]]\n### 2026-09-01 [[o]]\n#### [[p]]\n"
    body = read(text)
    assert [link.target for link in body.links] == ["a", "b", "d", "f", "h", "j", "n", "o", "p"]


def timed(text, limit):
    data = f"---\nname: Acme\n---\n{text}".encode()
    began = time.process_time()
    record = read_record(read_document(data), "a.md", Schema())
    assert time.process_time() - began < limit
    return record.customer


@pytest.mark.parametrize(
    "text",
    [
        *(
            "*" * 100_000,
            "#" * 100_000,
            " " * 100_000,
            "`" * 100_000,
            "%%" * 50_000,
            "%% " * 33_333,
            "<!--" * 25_000,
            "> " * 50_000,
        ),
        *(
            "# " + " " * 100_000 + "x" * 99,
            "- " * 50_000,
            "```\n" * 25_000,
            "```a\n" * 20_000,
            "`%%" * 33_000,
            "~~~" + "`" * 99_999,
        ),
        *(
            "".join(f"{'`' * (n % 400 + 3)}x\n" for n in range(500)),
            "[sale:: " * 12_000,
            "[sale:: 1] " * 9_000,
            "[[" * 50_000,
        ),
        *(
            "- 2026-01-01 x" + " " * 100_000 + "y:: z",
            "- 2026-01-01 " + "[sale:: 1] " * 9_000,
            "- [ ] x 📅 2026-01-01 " + "[a:: b] " * 12_000,
        ),
        *(
            "- [ ] " + "📅 " * 30_000,
            "- 2026-01-01 call, " + "a" * 100_000,
            "(a:: [b:: " * 9_000,
            "- 2026-01-01 " + ": " * 50_000,
            "-" * 100_000,
        ),
        *(
            "[[a" * 33_000,
            "<" + " " * 100_000,
            "- 2026-01-01 " + "\u00a0" * 100_000 + "x",
            "## " + "#" * 100_000 + "x",
            "|" * 100_000,
        ),
    ],
    ids=lambda text: repr(text[:16]),
)
def test_hostile_lines_take_no_time(text):
    timed(text, 1.0)
    timed(f"{text}\n- 2026-01-01 call: x\n{text}", 1.5)


def test_a_line_of_a_megabyte():
    assert len(timed("- 2026-01-01 call: " + "word " * 200_000, 4).entries) == 1


def test_twenty_thousand_entries():
    log = "".join(f"- 20{n % 90 + 10}-03-05 call in, Pekka: number {n} [sale:: {n} EUR]\n" for n in range(20_000))
    assert len(timed(f"## Log\n{log}", 4).entries) == 20_000
