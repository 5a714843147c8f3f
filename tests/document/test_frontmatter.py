import time

import frontmatter
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plaincrm.document import yaml
from plaincrm.document.document import read_document
from plaincrm.document.frontmatter import plain_fields
from plaincrm.document.handler import RecordHandler, post

KEYS = ["a", "b-c", "_d", "null", "Null", "~", "no", "<<", "Next Contact", "é", "3", "-", "?"]
SIMPLE = [
    *(
        "",
        "x",
        "Acme Oy",
        "a b",
        "'q'",
        '"q"',
        "# c",
        "x # c",
        "x #c",
        "x#c",
        "a:b",
        "[a, b]",
        "[a]",
        "[]",
        "[ ]",
        "~",
        "null",
    ),
    *(
        "é🙂 x",
        "x  ",
        "'q' # c",
        '"q" #',
        '"q"  ',
        "''",
        '""',
        "12:30",
        "a - b",
        "a 'b'",
        "a [b]",
        "a {b}",
        "a, b",
        "it's",
        "x?",
    ),
    *(
        "100%",
        "a@b.c",
        "<x",
        "<<",
        "=x",
        "a:",
        "a: ",
        "a::b",
        "a :b",
        "http://a.b/c?d#e",
        "[ a , b ]",
        "[a,b]",
        "[a b, c]",
    ),
    *(
        "[a]x",
        "[a] x",
        "[a]#x",
        "[-a]",
        "[a: b]",
        "[a:b]",
        "['a']",
        "[~]",
        "[a,]",
        "[,a]",
        "x\u00a0",
        "\u00a0x",
        "x\u0085y",
    ),
    *("2026-03-01", "0", "00100", "+358401", "1e3", "true", "\u200bx", "x\u2028y", "\ufeffx", "x\x7f"),
]
TRAPS = [
    *(
        "x",
        " ",
        ":",
        ": ",
        "#",
        " #",
        "- ",
        "-",
        "--",
        "---",
        "...",
        "'",
        '"',
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a",
        "*a",
        "!t",
        "|",
        ">",
    ),
    *(
        "%",
        "@",
        "`",
        "?",
        "? ",
        "\t",
        "\u0085",
        "\u00a0",
        "\\",
        "\\n",
        "a: b",
        "'a'",
        "\r",
        "\x0b",
        "\ud800",
        "\ufffe",
        "[[x]]",
    ),
]
traps = st.lists(st.sampled_from(TRAPS), max_size=4).map("".join)
values = st.sampled_from(SIMPLE) | st.sampled_from(SIMPLE) | st.sampled_from(SIMPLE) | traps
field_lines = st.builds(
    "{}{}{}".format,
    st.sampled_from(KEYS) | st.sampled_from("abcdefgh"),
    st.sampled_from([":", ": ", ": ", ":  "]),
    values,
)
item_lines = st.builds(
    "{}-{}{}".format, st.sampled_from(["", "  ", "  ", " "]), st.sampled_from([" ", " ", "  ", ""]), values
)
empty_field_lines = st.sampled_from("pqrstuvw").map("{}:".format)
lines = field_lines | empty_field_lines | item_lines | st.sampled_from(["", "# c", "  # c", " ", "  x", "x"])
blocks = st.lists(lines, min_size=1, max_size=6).map("\n".join)


@settings(max_examples=1_500, deadline=None)
@given(
    blocks | st.builds("{}:\n{}".format, st.sampled_from("xyz"), item_lines),
    st.sampled_from(["\n", "\n", "", "\n\n", " \n"]),
)
@example('_x: \n- "b" #', "\n")
@example("x:\n-  a # ", "\n")
@example("no:  \n  - <<", "")
@example("a:\n" * 2_600, "")
def test_the_fast_path_reads_what_libyaml_reads(block, end):
    fast = plain_fields(block + end, 7)
    if fast is not None:
        assert fast == yaml.parse(block + end, 7)


def test_the_fast_path_leaves_too_many_values_to_libyaml():
    block = "".join(f"k{number}: v\n" for number in range(2_600))
    assert plain_fields(block) is None
    pairs, faults = yaml.read(block)
    assert [fault.code for fault in faults] == ["front-matter-too-many"]
    assert len(pairs) == 2_600


@pytest.mark.parametrize("quoted", [False, True], ids=["fast", "libyaml"])
@pytest.mark.parametrize(
    "typed",
    [
        *(
            "NO",
            "yes",
            "on",
            "12:30",
            "12:30:45",
            "00100",
            "0401234567",
            "+358401234567",
            "1e3",
            "12e03",
            "2026-13-45",
            "1.10",
        ),
        *(
            "1_000",
            "0x1F",
            "0o14",
            ".inf",
            ".nan",
            "-.inf",
            "2026-03-01",
            "2026-03-01T10:00:00Z",
            "true",
            "-5",
            "=",
            "1,5",
        ),
    ],
)
def test_scalars_come_out_as_they_were_typed(typed, quoted):
    block = f"value: {typed}\n" + ("x: {}\n" if quoted else "")
    document = read_document(f"---\n{block}---\n".encode())
    assert document.fields[0][1].value == typed
    assert document.fields[0][1].plain


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("NO", "NO"), ("yes", "yes"), ("12:30", "12:30"), ("00100", "00100"), ("+358401234567", "+358401234567")),
        *(
            ("1e3", "1e3"),
            ("2026-13-45", "2026-13-45"),
            ("2026-02-30", "2026-02-30"),
            ("0x1F", "0x1F"),
            ("1_000", "1_000"),
        ),
        *(
            ("7", 7),
            ("-7", -7),
            ("1.5", 1.5),
            ("true", True),
            ("False", False),
            ("null", None),
            ("~", None),
            ("", None),
        ),
        *(
            ('"7"', "7"),
            ("'true'", "true"),
            ("[1, a, ~]", [1, "a", None]),
            ("{a: 1}", {"a": 1}),
            ("9" * 5_000, "9" * 5_000),
        ),
    ],
)
def test_scalars_typed_as_yaml_1_2_for_other_programs(typed, value):
    assert RecordHandler().load(f"key: {typed}\n") == {"key": value}


def test_a_real_date_is_typed():
    assert RecordHandler().load("since: 2026-03-01\n")["since"].isoformat() == "2026-03-01"


LAUGHS = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
HOSTILE = {
    "brackets": ("x: " + "[" * 25_000, "front-matter-too-deep"),
    "closed brackets": ("x: " + "[" * 25_000 + "]" * 25_000, "front-matter-too-deep"),
    "braces": ("x: " + "{a: " * 15_000, "front-matter-too-deep"),
    "dashes": ("x:\n  " + "- " * 25_000, "front-matter-too-deep"),
    "deep mappings": ("".join(" " * n + "a:\n" for n in range(300)), "front-matter-too-deep"),
    "billion laughs": (LAUGHS, "yaml-feature"),
    "wide alias": ("a: &a x\nb: [" + "*a, " * 10_000 + "*a]\n", "yaml-feature"),
    "merge keys": ("a:\n  <<: {b: c}\n", "yaml-feature"),
    "merge of an alias": ("a: &a {b: c}\nd:\n  <<: *a\n", "yaml-feature"),
    "itself": ("a: &a [*a]\n", "yaml-feature"),
    "python tag": ("a: !!python/object/apply:os.system ['id']\n", "yaml-feature"),
    "binary tag": ("a: !!binary aGk=\n", "yaml-feature"),
    "bare int tag": ('a: !!int ""\n', "yaml-feature"),
    "second document": ("a: 1\n--- \nb: 2\n", "yaml-feature"),
    "over 64 KiB": ("a: " + "x" * 65_600 + "\n", "front-matter-too-large"),
    "over 5,000 values": ("a:\n" + "  - x\n" * 5_001, "front-matter-too-many"),
    "over 5,000 in brackets": ("a: [" + "x," * 5_001 + "]\n", "front-matter-too-many"),
    "many broken fields": ("a: b: c\n" * 8_000, "bad-yaml"),
    "surrogate escape": ('a: "\\ud800"\n', "bad-yaml"),
    "too large an escape": ('a: "\\UFFFFFFFF"\n', "bad-yaml"),
    "long key": ("k" * 1_100 + ":\n  {}\n? a\n", None),
    "directive": ("%YAML 1.1\na: 1\n", "bad-yaml"),
}


@pytest.mark.parametrize(("block", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_front_matter_is_a_fault_at_once(block, code):
    if not block.endswith("\n"):
        block += "\n"
    data = f"---\n{block}---\n\n- 2026-01-01 call: still read\n".encode()
    if code == "yaml-feature" and "--- \n" in block:
        faults = yaml.read(block)[1]
    else:
        took = []
        for _ in range(3):
            began = time.process_time()
            document = read_document(data)
            took.append(time.process_time() - began)
        assert min(took) < 0.25  # 0.05 on a quiet machine
        faults = document.faults
        assert len(document.body.entries) == 1
    assert code is None or code in [fault.code for fault in faults]


BROKEN = {
    "colon": ("note: a: b", 3, ":"),
    "quote not closed": ('note: "open', 3, '"'),
    "at sign": ("note: @x", 3, "@"),
    "tag": ("note: !x y", 3, "!x y"),
    "alias": ("note: *x", 3, "*x"),
    "tab": ("tags:\n\t- person", 4, "\t"),
    "bracket": ("tags: [a, b", 3, "["),
    "no colon": ("note", 3, "note"),
    "text after a quote": ('note: "a" b', 3, "b"),
}


@pytest.mark.parametrize(("bad", "line", "shown"), BROKEN.values(), ids=BROKEN)
def test_a_bad_line_hides_itself_alone(bad, line, shown):
    document = read_document(f"---\nname: Acme\n{bad}\ncity: Turku\n---\n".encode())
    assert {key.value: value.value for key, value in document.fields} == {"name": "Acme", "city": "Turku"}
    (found,) = document.faults
    assert found.code in ("bad-yaml", "yaml-feature")
    assert document.source.line_of(found.start) == line
    assert document.text_of(found.start, found.end) == shown


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("H\udce4meenlinna", "not-utf8"),
        ("a\x00b", "nul-byte"),
        ("Äiti 🙂 \x01 x", "control-character"),
        ("a\x1bb", "control-character"),
        ("a\u2028b", "odd-line-separator"),
        ("a\x85b", "odd-line-separator"),
        ("a\x0cb", "odd-line-separator"),
        ("a\ufeffb", "stray-byte-order-mark"),
        ("a\rb", "mixed-line-ends"),
        ("'a\x00 \ue000b'", "nul-byte"),
    ],
)
def test_odd_characters_are_told_and_read(value, code):
    data = f"---\nname: Acme\ncity: {value}\nstage: lead\nx: [{{a: {value}}}]\n---\n".encode("utf-8", "surrogateescape")
    document = read_document(data)
    first, *others = document.faults
    assert (first.code, first.start) == (code, 21 + odd_at(value))
    assert [(found.code, found.fix) for found in others] == ([(code, "")] if first.fix == "" else [])
    assert [key.value for key, _ in document.fields] == ["name", "city", "stage", "x"]
    city = document.fields[1][1]
    assert city.value == value.strip("'")
    assert document.text_of(city.start, city.end) == value


def odd_at(value):
    return next(at for at, character in enumerate(value) if not character.isprintable() and character != "\ue000")


@pytest.mark.parametrize(
    ("block", "line", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "2", 10),
        ("a: 1\n'a': 3\n", "2", 5),
        ("x:\n  a: 1\n  a: 3\n", "3", 12),
        ("x:\n  - a: 1\n    a: 3\n", "3", 16),
        ("x:\n  - - {a: 1, a: 3}\n", "3", 16),
    ],
)
def test_duplicate_keys_at_any_depth(block, line, place):
    _pairs, (found,) = yaml.read(block, 4)
    assert (found.code, found.start, dict(found.facts)) == ("duplicate-key", place + 4, {"key": "a", "line": line})


@pytest.mark.parametrize("block", ["[a, b]: c\n", "{a: b}: c\n", "? - a\n: c\n"])
def test_a_key_that_is_no_text(block):
    assert [fault.code for fault in yaml.read(block)[1]] == ["key-not-text"]


@pytest.mark.parametrize("block", ["- a\n- b\n", "just text\n", "Dear Pekka,\nthank you\n", "12\n"])
def test_front_matter_that_holds_no_fields(block):
    document = read_document(f"---\n{block}---\n".encode())
    assert [fault.code for fault in document.faults] == ["front-matter-not-fields"]


@pytest.mark.parametrize("block", ["", "# only a comment\n", "\n\n"])
def test_empty_front_matter(block):
    document = read_document(f"---\n{block}---\n".encode())
    assert document.front
    assert (document.fields, document.faults) == ([], ())


SPANS = """\
name: Kahvila 🙂 Aurinko   # kommentti
tags: [café,  "ä b", 🙂]
quoted: 'it''s'   # c
empty:
"EMAIL[HOME]": a@b.example
contacts:
  - Pekka 🙂   # c

  # between
  - name: Sanna
    role: boss

# behind
text: |
  one
  # two

# three
deep: {a: [b]}
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_spans_are_exact(bom, newline):
    document = read_document((bom + "---\n" + SPANS + "---\n").replace("\n", newline).encode())
    text = document.source.text
    found = {key.value: text[value.start : value.end] for key, value in document.fields}
    assert found == {
        "name": "Kahvila 🙂 Aurinko",
        "tags": '[café,  "ä b", 🙂]',
        "quoted": "'it''s'",
        "empty": "",
        "EMAIL[HOME]": "a@b.example",
        "contacts": f"- Pekka 🙂   # c{newline}{newline}  # between{newline}  - name: Sanna{newline}    role: boss",
        "text": f"|{newline}  one{newline}  # two",
        "deep": "{a: [b]}",
    }
    tags = document.fields[1][1].value
    assert [text[item.start : item.end] for item in tags] == ["café", '"ä b"', "🙂"]
    assert [item.value for item in tags] == ["café", "ä b", "🙂"]
    assert not document.faults


def test_a_byte_order_mark_behind_the_fence_moves_no_span():
    document = read_document("---\n\ufeffname: Acme\nx: {a: b}\n---\n".encode())
    assert [document.text_of(value.start, value.end) for _, value in document.fields] == ["Acme", "{a: b}"]
    assert [fault.code for fault in document.faults] == ["stray-byte-order-mark"]


FENCES = {
    "no fence": ("name: x\n", "no-front-matter"),
    "not closed": ("---\nname: x\n", "front-matter-not-closed"),
    "four dashes": ("----\nname: x\n----\n", "front-matter-fence"),
    "indented": (" ---\nname: x\n---\n", "front-matter-fence"),
    "blank line first": ("\n---\nname: x\n---\n", "front-matter-fence"),
    "em dashes": ("———\nname: x\n———\n", "front-matter-fence"),
    "TOML": ("+++\nname = 'x'\n+++\n", "front-matter-fence"),
    "JSON": ('{\n"name": "x"\n}\n', "front-matter-fence"),
    "comment behind the fence": ("--- # x\nname: x\n---\n", "front-matter-fence"),
    "two": ("---\nname: x\n---\n---\nstage: lead\n---\n", "second-front-matter"),
    "empty file": ("", "empty-note"),
    "blank file": (" \n\t\n", "empty-note"),
    "byte order mark only": ("\ufeff", "empty-note"),
    "only a rule": ("Hello\n\n---\n\nPhone call\n", "no-front-matter"),
}


@pytest.mark.parametrize(("text", "code"), FENCES.values(), ids=FENCES)
def test_fences(text, code):
    assert [fault.code for fault in read_document(text.encode()).faults] == [code]


@pytest.mark.parametrize(
    "text", ["---\na: 1\n...\nx", "--- \na: 1\n---\t\nx", "---\na: 1\n---", "---\na: 1\n---\n---\nx\n---\n"]
)
def test_fences_that_are_good(text):
    document = read_document(text.encode())
    assert [(key.value, value.value) for key, value in document.fields] == [("a", "1")]
    assert document.faults == ()


NOTE = "\ufeff---\nName: NO\npostcode: 00100\nsince: 2026-03-01\ncontent: c\nhandler: h\n---\n\n  body\n"


def test_python_frontmatter_reads_notes_with_our_handler():
    text = NOTE.replace("content: c\nhandler: h\n", "")  # its Post takes no such keys, ours does
    read = frontmatter.loads(text, handler=RecordHandler())
    assert read.metadata["Name"] == "NO"
    assert read.metadata["postcode"] == "00100"
    assert str(read["since"]) == "2026-03-01"
    assert "body" in read.content


def test_a_document_as_a_post():
    found = post(read_document(NOTE.encode()))
    assert found.content == "\n  body\n"
    assert found.metadata["Name"] == "NO"
    assert found.metadata["content"] == "c"
    assert found.metadata["handler"] == "h"
    with pytest.raises(NotImplementedError):
        frontmatter.dumps(found)


def test_the_handler_sees_no_front_matter_where_there_is_none():
    assert frontmatter.loads("text\n---\nx", handler=RecordHandler()).metadata == {}
    with pytest.raises(ValueError, match="no front matter"):
        RecordHandler().split("text")
