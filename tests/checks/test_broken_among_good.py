"""One broken note among two good ones: the good ones are answered in full, and the broken one is named."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.checks.check import diagnostic
from plaincrm.index import sync
from plaincrm.render import agenda as agenda_shown
from plaincrm.render import brief as brief_shown
from plaincrm.render import listing as list_shown
from plaincrm.render import search as search_shown
from plaincrm.render import value as value_shown
from plaincrm.render.agenda_words import Shown
from plaincrm.render.check import data as check_data
from plaincrm.render.check import full as check_shown
from plaincrm.render.data import as_json
from plaincrm.render.lines import Line, plain
from plaincrm.render.sheet_text import lines as sheet_lines
from tests.making import make_vault, vault_of

TODAY = date(2026, 11, 21)
GOOD = "---\nname: {name}\nnext: 2026-11-21\n---\n## Log\n- 2026-06-01 painting [sale:: 100 EUR] [cost:: 60 EUR]\n"
NOTE = b"---\nname: Broken\n---\n"


def front(text: bytes) -> bytes:
    return b"---\nname: Broken\n" + text + b"\n---\n"


# Name of the row in robustness.md -> (bytes, whether the note is to be named by a diagnostic; None: it may be).
BROKEN: dict[str, tuple[bytes, bool | None]] = {
    "1 byte order mark": (b"\xef\xbb\xbf" + NOTE, False),
    "2 two byte order marks": (b"\xef\xbb\xbf\xef\xbb\xbf" + NOTE, True),
    "3 UTF-16": ("---\nname: Broken\n---\n".encode("utf-16"), True),
    "3 UTF-16 without a mark": ("---\nname: Broken\n---\n".encode("utf-16-le"), True),
    "3 UTF-32": ("---\nname: Broken\n---\n".encode("utf-32"), True),
    "4 Latin-1 in the front matter": (front("city: Åbo".encode("latin-1")), True),
    "5 Latin-1 in the text": (NOTE + "Åbo\n".encode("latin-1"), True),
    "6 overlong": (NOTE + b"\xc0\xaf\n", True),
    "6 CESU-8": (NOTE + b"\xed\xa0\xbd\xed\xb8\x80\n", True),
    "6 last character cut": (NOTE + "€".encode()[:2], True),
    "7 NUL in the front matter": (front(b"city: T\0u"), True),
    "7 NUL in the text": (NOTE + b"a\0b\n", True),
    "8 only NULs": (b"\0" * 512, True),
    "9 ESC in the front matter": (front(b"city: \x1b[31mred"), True),
    "9 C1 in the front matter": (front("city: \x9b31m".encode()), True),
    "10 odd line ends": (front("city: a\u2028b\x0bc\x85d".encode()), True),
    "12 lone CR": (b"---\rname: Broken\r---\r", True),
    "12 CR CR LF": (NOTE.replace(b"\n", b"\r\r\n"), True),
    "12 mixed line ends": (NOTE + b"a\r\nb\n", True),
    "13 no last newline": (NOTE[:-1], False),
    "15 empty": (b"", True),
    "15 blank": (b" \n\t\n", True),
    "15 only a byte order mark": (b"\xef\xbb\xbf", True),
    "16 a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), True),
    "16 gzip": (b"\x1f\x8b\x08" + bytes(range(200)), True),
    "16 random bytes": (bytes((x * 197 + 31) % 256 for x in range(4096)), True),
    "17 no-break space in a key": (front("city\u00a0: Turku".encode()), True),
    "17 full-width colon": ("---\nname：Broken\n---\n".encode(), True),
    "18 Cyrillic key": ("---\nnаme: Broken\n---\n".encode(), True),
    "21 no front matter": (b"# Broken\n", True),
    "22 never closed": (b"---\nname: Broken\n", True),
    "23 closed by dots": (b"---\nname: Broken\n...\n", False),
    "24 four dashes": (b"----\nname: Broken\n----\n", True),
    "24 blank lines first": (b"\n\n" + NOTE, True),
    "26 comment after the fence": (b"--- # mine\nname: Broken\n---\n", True),
    "28 dashes in a quoted text": (b'---\nname: "Bro\n---\nken"\n---\n', True),
    "29 TOML": (b'+++\nname = "Broken"\n+++\n', True),
    "29 JSON": (b'{"name": "Broken"}\n', True),
    "30 two front matters": (NOTE + b"---\ncity: Turku\n---\n", True),
    "31 empty front matter": (b"---\n---\n", True),
    "31 only a comment": (b"---\n# name: Broken\n---\n", True),
    "32 a list": (b"---\n- a\n- b\n---\n", True),
    "32 a scalar": (b"---\nBroken\n---\n", True),
    "33 em dashes": ("———\nname: Broken\n———\n".encode(), True),
    "34 merge markers in the front matter": (
        front(b"<<<<<<< HEAD\ncity: Turku\n=======\ncity: Oulu\n>>>>>>> other"),
        True,
    ),
    "34 merge markers in the log": (
        NOTE + b"<<<<<<< HEAD\n- 2026-01-01 call\n||||||| base\n=======\n>>>>>>> other\n",
        True,
    ),
    "35 odd keys": (front(b"1: a\n1.5: b\n2026-01-01: c\nnull: d\n.nan: e\ntrue: f"), True),
    "36 a list as key": (front(b"[a, b]: c"), True),
    "36 a mapping as key": (front(b"? {a: b}\n: c"), True),
    "37 a key twice": (front(b'city: a\n"city": b'), True),
    "37 a key twice, deeper": (front(b"own:\n  a: 1\n  a: 2"), True),
    "38 anchor and alias": (front(b"a: &x 1\nb: *x"), True),
    "38 merge key": (front(b"a: {b: 1}\n<<: {c: 2}"), True),
    "39 billion laughs": (
        front(
            b"\n".join(b"l%d: &l%d [%s]" % (n, n, b",".join([b"*l%d" % (n - 1)] * 9) if n else b"x") for n in range(9))
        ),
        True,
    ),
    "40 brackets, nested": (front(b"a: " + b"[" * 30_000), True),
    "40 braces, nested": (front(b"a: " + b"{a: " * 15_000), True),
    "40 dashes, nested": (front(b"a:\n" + b"- " * 30_000), True),
    "41 too large": (front(b"needs: " + b"x" * 70_000), True),
    "41 too many": (front(b"own: [" + b"1," * 6_000 + b"]"), True),
    "42 Python tag": (front(b"a: !!python/object/apply:os.system ['touch pwned']"), True),
    "42 binary": (front(b"a: !!binary R0lGODlh"), True),
    "43 words that YAML 1.1 takes for yes and no": (front(b"city: NO\nindustry: yes\nsource: on\naddress: ~"), False),
    "45 5,000 digits": (front(b"size: " + b"9" * 5_000), True),
    "45 not a number": (front(b"size: .nan\nreference: .inf"), True),
    "46 names of Python and JavaScript": (front(b"self: b\n__class__: c\n__proto__: d"), False),
    "47 lone surrogate": (front(b'city: "\\ud800"'), True),
    "47 beyond Unicode": (front(b'city: "\\UFFFFFFFF"'), True),
    "48 escapes in YAML": (front(b'city: "\\0\\e[31m"'), False),
    "49 a YAML directive": (b"---\n%YAML 1.2\nname: Broken\n---\n", True),
    "50 tab indent": (front(b"own:\n\ta: b"), True),
    "51 a colon in the value": (front(b"needs: a: b: c"), True),
    "52 an at sign first": (front(b"city: @home"), True),
    "52 a percent sign first": (front(b"city: %a"), True),
    "53 a tag that is a comment": (front(b"tags: #vip"), True),
    "53 a tag that is a comment in a list": (front(b"tags:\n  - #vip\n  - b"), True),
    "54 a link without quotes": (front(b"referred_by: [[Acme]]"), True),
    "55 quote not closed": (front(b'city: "Turku'), True),
    "55 text after a quote": (front(b'city: "Turku" there'), True),
    "56 indentation off by one": (front(b"tags:\n  - a\n - b"), True),
    "57 a dash without a space": (front(b"tags:\n  -a\n  -b"), True),
    "58 a key of 2,000 characters": (front(b"k" * 2_000 + b": v"), True),
    "59 contacts of all kinds": (front(b"contacts:\n  - Ann\n  - {email: x}\n  - [a]\n  - 5"), True),
    "60 tags of all kinds": (front(b"tags: [a, {b: c}, [d], 5]"), True),
    "61 name null": (b"---\nname:\n---\n", True),
    "61 name a list": (b"---\nname: [a, b]\n---\n", True),
    "61 name a mapping": (b"---\nname: {a: b}\n---\n", True),
    "62 name a number": (b"---\nname: 2026\n---\n", False),
    "63 misspelt": (front(b"stge: customer\nstage: custmer"), True),
    "64 cadences": (front(b"cadence: 99999999999999d"), True),
    "65 dates that are none": (front(b"next: 2026-02-30\nsince: 0000-01-01\nlost_on: 12026-01-01"), True),
    "66 the ends of the calendar": (front(b"next: 9999-12-31\nsince: 0001-01-01\ncadence: 9999y"), True),
    "68 dates in other forms": (front("next: 20260105\nsince: 2026-W01-1\nverified: ٢٠٢٦-٠١-٠٥".encode()), True),
    "69 a date with a time": (front(b"next: 2026-12-01T10:00"), True),
    "69 a date with a zone": (front(b"next: 2026-12-01T10:00:00+02:00"), True),
    "71 refers to itself": (front(b'referred_by: "[[broken]]"\nparent: "[[nobody]]"'), True),
    "72 an entry with a bad date": (NOTE + b"## Log\n- 2026-13-01 call\n- 2026-01-01 call\n", True),
    "73 far in the future": (NOTE + b"- 9999-12-31 call: then\n- 0001-01-01 call: long ago\n", True),
    "75 fence never closed": (NOTE + b"```\n- 2026-01-01 call\n", True),
    "76 two logs": (NOTE + b"## Log\n- 2026-01-01 call\n\n## Log\n- 2026-01-02 call\n", True),
    "77 amounts": (NOTE + b"- 2026-01-01 visit [sale:: NaN] [cost:: 1e999] [margin:: 1,200] [hours:: inf]\n", True),
    "78 inline field not closed": (NOTE + b"- 2026-01-01 visit [sale:: 12\n", True),
    "79 a storm of fields": (NOTE + b"[sale:: " * 3_000, True),
    "79 a storm of stars": (NOTE + b"*" * 100_000 + b"\n" + b"#" * 100_000 + b"\n" + b" " * 100_000, False),
    "80 a line of a megabyte": (NOTE + b"x" * 1_000_000, False),
    "87 an LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", True),
    "91 encrypted by git-crypt": (b"\0GITCRYPT\0" + bytes(range(100)), True),
    "91 encrypted by age": (b"age-encryption.org/v1\n-> X25519 abc\n", True),
    "92 a template": (b"---\nname: {{name}}\n---\n", True),
    "92 a Templater template": (b"---\nname: <% tp.file.title %>\n---\n", True),
}


# The same for names of files: name -> the codes that name it.
NAMES: dict[str, list[str]] = {
    "82 line\nend.md": ["odd-file-name"],
    "82 tab\t.md": ["odd-file-name"],
    "82 esc\x1b[31m.md": ["odd-file-name"],
    "82 \u202eright to left.md": ["odd-file-name"],
    "82 latin-1 \udce4.md": ["unlinkable-name"],
    "-rf.md": [],
    "--output=x.md": [],
    ":(top)x.md": [],
    "*.md": [],
    "$(x).md": [],
    f"{'x' * 252}.md": [],
    "CON.md": ["unlinkable-name"],
    "com1.md": ["unlinkable-name"],
    "trailing dot..md": ["unlinkable-name"],
    "trailing space .md": ["unlinkable-name"],
    "a|b.md": ["unlinkable-name"],
    "a#b.md": ["unlinkable-name"],
    "a^b.md": ["unlinkable-name"],
    "a[[b]].md": ["unlinkable-name"],
    "UPPER.MD": ["odd-file-ending"],
    "x.markdown": ["odd-file-ending"],
    ".md": [],
    "..md": [],
    ".hidden.md": [],
    ".far.md.icloud": ["not-downloaded"],
    "near.md.icloud": [],
}


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_name_of_a_file_is_told_where_it_is_odd(name: str, tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": GOOD.format(name="Alma Oy"), name: NOTE})
    report = vault.check(TODAY)
    assert [item.code for item in report.diagnostics] == NAMES[name]
    shown = {command: plain(lines) for command, lines in answers(vault).items()}
    assert "Alma Oy" in shown["agenda"]
    lines = shown["check"].splitlines()
    assert sum(line.startswith("customers/") for line in lines) == len(NAMES[name])  # one line each, whatever the name
    assert not any(character in shown["check"] for character in "\t\x1b\u202e")


@pytest.mark.parametrize("other", ["Broken.md", "customers/sub/broken.md", "brokén.md"])
def test_names_that_some_disks_take_for_one(other: str, tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", other) if not other.isascii() else "broken.md"
    vault = vault_of(tmp_path, {other: NOTE.replace(b"Broken", b"Alma"), name: NOTE})
    assert {item.code for item in vault.check(TODAY).diagnostics} == {"duplicate-id"}


def answers(vault: plaincrm.Vault) -> dict[str, list[Line]]:
    """Every answer as a terminal shows it; as JSON it has to be valid besides."""
    agenda, listing, value = vault.agenda(TODAY), vault.list(today=TODAY), vault.value("2026", today=TODAY)
    found, checked = vault.search("painting"), vault.check(TODAY)
    for module, report in (
        (agenda_shown, agenda),
        (list_shown, listing),
        (value_shown, value),
        (search_shown, found),
        (check_data, checked),
    ):
        data: Callable[[object], object] = module.data  # type: ignore[attr-defined]
        json.loads(as_json(data(report)))
    return {
        "agenda": list(agenda_shown.text(agenda, 80, Shown())),
        "list": list(list_shown.text(listing, 80)),
        "value": list(sheet_lines(value_shown.sheet(value, full=True), 80)),
        "search": list(search_shown.text(found, 80)),
        "check": list(check_shown.text(checked, vault.lines_of(checked.diagnostics), 80)),
    }


@pytest.mark.parametrize("row", BROKEN)
def test_the_good_ones_are_answered_and_the_broken_one_is_named(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "FRESH_NS", -60_000_000_000)  # what was written this moment is read once
    content, named = BROKEN[row]
    good = {"a.md": GOOD.format(name="Alma Oy"), "z.md": GOOD.format(name="Zorn Oy")}
    vault = plaincrm.open_vault(make_vault(tmp_path, {**good, "broken.md": content}))

    shown = {command: plain(lines) for command, lines in answers(vault).items()}
    for command in ("agenda", "list", "value", "search"):
        assert "Alma Oy" in shown[command], command
        assert "Zorn Oy" in shown[command], command
    report = vault.check(TODAY)
    assert {item.file for item in report.diagnostics} <= {"customers/broken.md"}
    assert named in (None, bool(report.diagnostics))
    assert ("customers/broken.md" in shown["check"]) is bool(report.diagnostics)
    if report.errors:
        for command in ("agenda", "list", "value"):
            assert "customers/broken.md: " in shown[command], command
    assert [row.customer for row in vault.list().customers if row.customer == "broken"] == ["broken"]

    for name in ("a", "z", "broken"):
        brief = vault.brief(name, TODAY)
        json.loads(as_json(brief_shown.data(brief)))
        for full in (False, True):
            assert plain(list(brief_shown.text(brief, 80, full=full)))
    assert (vault.root / "customers" / "broken.md").read_bytes() == content
    assert not (vault.root / "pwned").exists()


def test_an_unknown_code_is_no_fault_of_the_vault() -> None:
    with pytest.raises(KeyError):
        diagnostic("a.md", (1, 1, 1, 1), "no-such-code", {})
