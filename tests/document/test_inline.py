import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plaincrm.document.inline import InlineField, inline_fields, unclosed_fields


def pairs(line, *, listed=False):
    return [(field.key, field.value) for field in inline_fields(line, listed=listed)]


def fastest(call, times=3):
    took = []
    for _ in range(times):
        began = time.process_time()
        call()
        took.append(time.process_time() - began)
    return min(took)


# Dataview's own cases: its tests (src/test/parse/parse.inline.test.ts), its manual and its issue 550.
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("[]", []),
        ("()", []),
        ("[key:value]", []),
        ("(key:value)", []),
        ("[key::value]", [("key", "value")]),
        ("(key::value)", [("key", "value")]),
        ("[key:: value] and so thus, [key2:: value2]", [("key", "value"), ("key2", "value2")]),
        ("[[[[hello:: 16]]", [("hello", "16")]),
        ("This is some text. [key:: [value]]", [("key", "[value]")]),
        (r"Hello? [key! :: \[value]", [("key!", r"\[value")]),
        ("      - [ ] Huh! [p:: 1]", [("p", "1")]),
        ('[link:: <a href="Page">Value</a>]', [("link", '<a href="Page">Value</a>')]),
        ("I would rate this a [rating:: 9]! It was [mood:: acceptable].", [("rating", "9"), ("mood", "acceptable")]),
        ("This will not show the (longKeyIDontNeedWhenReading:: key).", [("longKeyIDontNeedWhenReading", "key")]),
        ("Basic Field:: Some random Value", [("Basic Field", "Some random Value")]),
        ("**Bold Field**:: Nice!", [("Bold Field", "Nice!")]),
        ("*key*:: value", [("key", "value")]),
        ("`key`:: value", [("key", "value")]),
        ("# Next:: Process 2 each", [("Next", "Process 2 each")]),
        ("# ZSkimMag and magazines. Next:: Process 2 each", []),
    ],
)
def test_dataview_own_examples(line, expected):
    assert pairs(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Sold [sale:: 3 200 €] with (margin:: 30 %)", [("sale", "3 200 €"), ("margin", "30 %")]),
        ("[sale ::  300  ]", [("sale", "300")]),
        ("[Last Contact:: [[2026-11-20]]]", [("Last Contact", "[[2026-11-20]]")]),
        ("[note:: a (b) c] (x:: [[Page]] (1))", [("note", "a (b) c"), ("x", "[[Page]] (1)")]),
        ("[topic:: a ) b]", [("topic", "a ) b")]),
        (r"[topic:: a \] b]", [("topic", r"a \] b")]),
        (r"[path:: C:\\] x]", [("path", r"C:\\")]),
        ("[**sale**:: 300]", [("**sale**", "300")]),
        ("[sale:: ]", [("sale", "")]),
        ("[at:: 10::30]", [("at", "10::30")]),
        ("[a::: b]", [("a", ": b")]),
        ("[x (y):: 1]", []),
        ("[a] b:: 1]", []),
        ("[sale:: 300)", []),
        ("[:: 300]", []),
    ],
)
def test_bracketed(line, expected):
    assert pairs(line, listed=True) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[link](a:: b)", [("a", "b")]),
        ("[[wiki:: x]]", [("wiki", "x")]),
        (r"\[sale:: 300]", [("sale", "300")]),
        ("[a:: (b:: 1)]", [("a", "(b:: 1)")]),
        ("[a:: [b:: 1]]", [("a", "[b:: 1]")]),
        ("(p:: [a:: 1) [c:: 2] ]", [("p", "[a:: 1")]),
        (r"[a:: \[b:: 1] 2]", [("a", r"\[b:: 1")]),
        (r"\[a:: [b:: 1] 2]", [("a", "[b:: 1] 2")]),
    ],
)
def test_where_dataview_surprises_it_is_followed(line, expected):
    assert pairs(line, listed=True) == expected


def test_unlike_in_dataview_fields_that_touch_both_count():
    assert pairs("[sale:: 300][cost:: 200](margin:: 100)") == [("sale", "300"), ("cost", "200"), ("margin", "100")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("write `[sale:: 300]` to log a sale", []),
        ("``a ` [sale:: 300]`` [cost:: 1]", [("cost", "1")]),
        ("[cmd:: `ls [x]`]", [("cmd", "`ls [x]`")]),
        ("a ` b [sale:: 300]", [("sale", "300")]),
        (r"\`[sale:: 300]`", [("sale", "300")]),
        (r"\``[sale:: 300]`", []),
        (r"`\`[sale:: 300]`", [("sale", "300")]),
        ("`a` [sale:: `300`] `b`", [("sale", "`300`")]),
        ("[a `b:: c` d]", []),
        ("`a:: b`", []),
        ("``a:: b`", [("a", "b`")]),
    ],
)
def test_a_field_in_a_code_span_is_text(line, expected):
    assert pairs(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cadence:: 6w", [("cadence", "6w")]),
        ("  next action::call  ", [("next action", "call")]),
        ("> ***stage*** :: customer", [("stage", "customer")]),
        ("~~old~~:: 1", [("old", "1")]),
        ("yhteyshenkilö:: Pekka", [("yhteyshenkilö", "Pekka")]),
        ("a/b-c_d 2:: x", [("a/b-c_d 2", "x")]),
        ("mood 🙂:: +", [("mood 🙂", "+")]),
        ("🙂 mood:: +", [("mood", "+")]),
        ("_key_:: 1", [("_key_", "1")]),
        ("empty::", [("empty", "")]),
        ("[sale:: 300", [("sale", "300")]),
        ("a:: b:: c", [("a", "b:: c")]),
        (":: b", []),
        ("🙂:: b", []),
        ("At 14:30 key:: b", []),
        ("Well, key:: b", []),
        ("[[Exercise]]:: b", []),
        ("key:: see [a:: 1]", [("a", "1")]),
    ],
)
def test_a_line_as_a_whole(line, expected):
    assert pairs(line) == expected


@pytest.mark.parametrize("line", ["- key:: value", "- [ ] key:: value", "key:: value"])
def test_in_lists_only_brackets_count(line):
    assert pairs(line, listed=True) == []


def test_spans_of_a_bracketed_field():
    line = "Sold [ sale ::  300 € ] today"
    assert inline_fields(line, listed=True, offset=100) == [InlineField("sale", "300 €", 105, 123, 116, 121, "[")]
    assert line[5:23] == "[ sale ::  300 € ]"
    assert line[16:21] == "300 €"


def test_spans_of_a_whole_line():
    line = "  **sale**::  300 € "
    assert inline_fields(line, listed=False, offset=7) == [InlineField("sale", "300 €", 9, 26, 21, 26, "")]
    assert line[2:19] == "**sale**::  300 €"
    assert line[14:19] == "300 €"


def test_style_tells_the_brackets():
    assert [field.style for field in inline_fields("[a:: 1] (b:: 2)", listed=True)] == ["[", "("]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[sale:: 300", [0]),
        ("- Sold [sale:: 300 and (cost:: 200", [7, 23]),
        ("- Sold [sale:: 300)", [7]),
        ("- Sold [sale:: 300 [cost:: 200]", [7]),
        (r"- Sold [sale:: 300\]", [7]),
        ("- Sold [sale:: 300]", []),
        ("- Sold `[sale:: 300`", []),
        ("[[Page]] [ ] [x", []),
        ("[:: x", []),
        ("", []),
    ],
)
def test_unclosed(line, expected):
    assert unclosed_fields(line) == expected


def slow_fields(line):
    """Dataview's search as its source describes it, from every opening bracket anew."""
    kept = []
    for opening, closing in ("[]", "()"):
        at = 0
        while (at := line.find(opening, at)) >= 0:
            end = slow_end(line, at, opening, closing)
            kept += [(at, end)] if end else []
            at = end or at + 1
    fields, behind = [], 0
    for start, end in sorted(kept):
        if start >= behind:
            key, _, value = line[start + 1 : end - 1].partition("::")
            fields.append((key.strip(), value.strip(), start, end))
            behind = end
    return fields


def slow_end(line, start, opening, closing):
    separator = line.find("::", start + 1)
    key = line[start + 1 : separator]
    if separator < 0 or re.search(r"[\[\]()]", key) or not key.strip():
        return None
    depth, escaped = 0, False
    for at in range(separator + 2, len(line)):
        if line[at] == "\\" or escaped:
            escaped = line[at] == "\\" and not escaped
        else:
            depth += (line[at] == opening) - (line[at] == closing)
            if depth < 0:
                return at + 1
    return None


brackets = st.text(alphabet="[]()\\:a ", max_size=40)
snippet = st.sampled_from(["[a:: ", "(b::", "]", ")", "[", "(", "\\", "x", "::", ":", " "])
snippets = st.lists(snippet, max_size=25).map("".join)


@given(brackets | snippets)
@example("[:: a:: 1] [b:: 2]")
def test_the_one_walk_finds_what_the_slow_search_finds(line):
    found = inline_fields(line, listed=True)
    assert [(field.key, field.value, field.start, field.end) for field in found] == slow_fields(line)


@given(snippets)
def test_unclosed_brackets_are_those_the_slow_search_gives_up_on(line):
    starts = [match.start() for match in re.finditer(r"[\[(](?=[^\[\]()]*?::)", line)]
    keyed = [at for at in starts if line[at + 1 : line.find("::", at + 1)].strip()]
    lost = [at for at in keyed if slow_end(line, at, line[at], {"[": "]", "(": ")"}[line[at]]) is None]
    assert unclosed_fields(line) == lost


@given(st.text() | snippets | st.text(alphabet="[]():\\`ka *_\u00a0🙂"), st.booleans(), st.integers(0, 99))
def test_spans_slice_back_to_what_they_say(line, listed, offset):
    padded = "x" * offset + line
    for field in inline_fields(line, listed=listed, offset=offset):
        assert padded[field.value_start : field.value_end] == field.value == field.value.strip()
        assert offset <= field.start < field.value_start <= field.value_end <= max(field.end, field.value_start)
        assert field.key in padded[field.start : field.value_start]
        assert field.key == field.key.strip() != ""
        if field.style:
            whole = padded[field.start : field.end]
            assert (whole[0], whole[-1]) in (("[", "]"), ("(", ")"))
            assert whole[0] == field.style
    assert all(line[at] in "[(" for at in unclosed_fields(line))


@pytest.mark.parametrize(
    "line",
    [
        "[sale:: " * 20_000 + "]" * 20_000,
        "(sale:: [x:: " * 10_000 + "])" * 10_000,
        "[sale:: 300] " * 10_000,
        "[" * 100_000 + "a:: b",
        "a:: b" + "[" * 100_000,
        "::" * 50_000,
        "[a::" + "\\" * 100_000,
        "[a:: b]" + "`" * 100_000,
        "[a:: b]" + "` `` " * 20_000,
        "[a:: b]" + "\\`" * 50_000,
        "".join("`" * count + " " for count in range(1, 440)) + "[a:: b]",
        "a" * 100_000 + ":: b",
        "*" * 100_000 + ":: b",
        "a" + "*" * 100_000 + ".:: b",
        " " * 100_000 + ":: b",
    ],
    ids=lambda line: repr(line[:12]),
)
def test_hostile_lines_take_linear_time(line):
    assert fastest(lambda: inline_fields(line, listed=False)) < 0.5
    assert fastest(lambda: unclosed_fields(line)) < 0.5


@pytest.mark.parametrize("line", ["[sale:: " * 20_000, "[" * 100_000], ids=["[sale:: ", "["])
@pytest.mark.parametrize("listed", [True, False])
def test_the_two_worst_lines_take_under_a_fifth_of_a_second(line, listed):
    assert fastest(lambda: inline_fields(line, listed=listed)) < 0.2
    assert fastest(lambda: unclosed_fields(line)) < 0.2
