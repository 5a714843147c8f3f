from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.document.document import read_document
from plaincrm.document.inline import InlineField
from plaincrm.document.nodes import Node, Pairs
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema

SCHEMA = Schema(country="FI", owners=("liisa",))

VALUES = [
    *(
        "Acme",
        "",
        "NO",
        "12:30",
        "00100",
        "+358401234567",
        "1e3",
        "2026-13-45",
        "2026-03-01",
        "~",
        "null",
        '"a\\u00e9, b"',
    ),
    *(
        "'it''s'",
        '"open',
        "'open",
        "a: b",
        "a #b",
        "#vip",
        "[a, b]",
        "[[Acme]]",
        '"[[acme|A]]"',
        "[a",
        "{a: b}",
        "{{date}}",
    ),
    *(
        "&a x",
        "*a",
        "!!str x",
        "<<",
        "|",
        ">-",
        "@x",
        "%x",
        "`x`",
        "? x",
        "- x",
        "Pekka <p@a.example> 040 1234567 (boss)",
    ),
    *(
        "3 200,50 €",
        "🙂 a, 🙂 b",
        "café, turku",
        "a\u0085b",
        "a\u2028b",
        "a\tb",
        "x\u0000y",
        "a\udcffb",
        "a\rb",
        "\ufeffx",
        "a@b.example, x@",
        "60 %",
    ),
]
KEYS = [
    *("name", "type", "tags", "stage", "contacts", "email", "phone", "next", "since", "cadence", "deny", "partner_of"),
    *(
        "Nimi",
        "First Name",
        '"EMAIL[HOME]"',
        "näme",
        "own-key",
        "null",
        "12",
        "? a",
        "<<",
        "nmae",
        "website",
        "birthday",
    ),
]
LINES = [
    *(
        "---",
        "...",
        "",
        "  ",
        "\t",
        "# Title",
        "## Log",
        "### Loki ###",
        "## Log %% x %%",
        "## Deals",
        "## Vision",
        "## 2026",
    ),
    *(
        "```",
        "```python",
        "~~~",
        "    ```",
        "%%",
        "%% [sale:: 1] %%",
        "<!--",
        "-->",
        "<!-- [sale:: 1] -->",
        "`%%` `[[x]]`",
    ),
    *(
        "- 2026-11-20 14:30 call in, Pekka: quote [sale:: 3200] [mood:: +]",
        "### 2026-11-20 visit: x [deal:: A] [chance:: 200 %]",
    ),
    *(
        "- **2026-10-02:** x",
        "- [[2026-10-02]] | email out | y",
        "* 2.10.2026 puhelu ulos: hei",
        "- 2026-13-45 x",
        "- 2026-05: x",
    ),
    *(
        "- [ ] Call 📅 2026-11-25 [owes:: them]",
        "  - [x] Paid [due:: 2026-11-32] ✅ 2026-11-24 ^a1",
        "> - [ ] quoted [x:: 1]",
    ),
    *(
        "- [(] a",
        "- [[] [a:: b]",
        "[sale:: 3",
        "key:: value",
        "(cost:: 12 €)[margin:: x]",
        "[a:: [[b]]] (c:: d) [[e#f|g]] [[h]]",
    ),
    *(
        "- 2026-01-01 [sale:: 100 EUR] [cost:: 5 SEK] [invoice:: 7]",
        "<<<<<<< HEAD",
        "=======",
        ">>>>>>> theirs",
        "- sub",
        "  deep",
    ),
    *(
        "text\x0bwith\x0codd\x1cseparators\x85and\u2028more\u2029",
        "caf\u00e9 e\u0301 🙂",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\ufeff",
    ),
]
ENDS = st.sampled_from(["\n"] * 12 + ["\r\n", "\r\n", "\r", "\r\r\n"])


def lines(texts):
    return st.tuples(texts, ENDS).map("".join)


fields = lines(
    st.builds("{}:{}{}".format, st.sampled_from(KEYS), st.sampled_from([" ", " ", "", "\t"]), st.sampled_from(VALUES))
)
items = lines(st.builds("{}- {}".format, st.sampled_from(["", "  ", "\t"]), st.sampled_from(VALUES)))
blocks = st.lists(fields | fields | items | lines(st.sampled_from(LINES)), max_size=6).map("".join)
bodies = st.lists(lines(st.sampled_from(LINES) | st.text(max_size=8)), max_size=14).map("".join)
fronts = st.builds(
    "{}{}{}{}".format, lines(st.sampled_from(["---", "---", "---", "--- ", "----"])), blocks, st.just("---\n"), bodies
)
notes = st.builds(
    lambda bom, text, cut, bad: bom + text.encode("utf-8", "surrogatepass")[: len(text) - cut] + bad,
    st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe"]),
    fronts | fronts | bodies,
    st.sampled_from([0, 0, 0, 1, 3]),
    st.sampled_from([b"", b"", b"", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x00" * 40, b"\xf0\x9f"]),
)


@settings(max_examples=2_000, deadline=None)
@given(notes | st.binary(max_size=60))
def test_no_byte_is_lost_and_every_span_says_what_it_claims(data):
    document = read_document(data)
    text = document.source.text
    assert document.source.encode() == data
    joined, behind = "", 0
    for _what, start, end in document.parts:
        assert start == behind < end
        joined, behind = joined + document.text_of(start, end), end
    assert joined == text
    check_pairs(text, document.fields)
    check_body(text, document.body)
    record = read_record(document, "customers/acme.md", SCHEMA)
    assert set(document.faults) <= set(record.faults)
    for found in record.faults:
        assert 0 <= found.start <= found.end <= len(text), found
    assert read_record(read_document(data), "customers/acme.md", SCHEMA) == record


def check_pairs(text, pairs):
    for key, value in pairs:
        if isinstance(key.value, str) and key.plain:
            assert text[key.start : key.end].split() == key.value.split()
        check_node(text, value)


def check_node(text, node):
    assert isinstance(node, Node)
    assert 0 <= node.start <= node.end <= len(text)
    if isinstance(node.value, Pairs):
        check_pairs(text, node.value)
    elif isinstance(node.value, list):
        for item in node.value:
            assert node.start <= item.start <= item.end <= node.end
            check_node(text, item)
    elif node.plain and node.value is not None:
        assert text[node.start : node.end].split() == node.value.split()
    elif node.value is not None and text[node.start] not in "|>":
        assert text[node.start] == text[node.end - 1]
        assert text[node.start] in "\"'"


def check_body(text, body):
    for section in body.sections:
        assert section.start <= section.body_start <= section.end <= len(text)
        title = text[section.start : section.body_start]
        assert all(word in title for word in section.title.split())
    starts = [entry.start for entry in body.entries]
    assert starts == sorted(starts)
    for entry, following in zip(body.entries, [*starts, len(text)][1:], strict=True):
        assert entry.start < entry.first_end <= entry.end <= following
        opening = entry.opening
        assert text[opening.date_start : opening.date_end] == opening.date_text
        assert entry.start < opening.date_end <= opening.words_start <= entry.first_end
        check_items(text, entry.inline, entry.tasks, entry.start, entry.end)
    check_items(text, body.inline, body.tasks, 0, len(text))
    for link in body.links:
        assert text[link.start : link.end].startswith("[[" + text[link.start + 2 : link.end - 2])
        assert link.target in text[link.start : link.end]


def check_items(text, inline, tasks, start, end):
    for field in inline:
        assert start <= field.start < field.end <= end
        check_field(text, field)
    for item in tasks:
        assert start <= item.start < item.end <= end
        assert text[item.task.status_at] == item.task.status
        described = text[item.task.text_start : item.task.text_end].split()
        if "%%" not in described and "<!--" not in described:  # a comment in it is no part of the text
            assert item.task.text.split()[: len(described)] == described
        for signifier in item.task.signifiers:
            assert item.start <= signifier.start < signifier.end <= item.end
        for field in item.inline:
            check_field(text, field)


def check_field(text, field: InlineField):
    assert text[field.value_start : field.value_end] == field.value
    whole = text[field.start : field.end]
    assert field.key in whole
    assert field.style == "" or (whole[0], whole[-1]) in (("[", "]"), ("(", ")"))
