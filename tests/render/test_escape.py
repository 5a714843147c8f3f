"""Nothing that a note says acts on a terminal, a log or a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plaincrm
from plaincrm.cli.run import run
from plaincrm.render.data import as_csv, as_json
from plaincrm.render.escape import csv_cell, html_days, json_text, terminal
from plaincrm.render.lines import line, plain
from plaincrm.render.terminal import as_text
from tests.making import make_vault

PAYLOADS = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.example\x1b\\click",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1bP+q544e\x1b\\",
    "\x1bc",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\r overwritten",
    "\x08\x08\x08back",
    "\x07bell",
    "\x00null",
    "\x7fdel",
    "\x0e\x0fshift",
    "\u202egnp.exe",
    "\u2066isolate\u2069",
    "\u200e\u200f marks",
    "\u2028 line \u2029 paragraph",
    "\x85 next line",
    "\x0b\x0c vertical",
    "\u200b\ufeff zero width",
    "\U000e0041 tag",
    "x\nfile.md:1:1: error forged: all is well",
    "x\n::error ::forged",
]


def is_hostile(character: str) -> bool:
    """What a terminal may act on: controls, formats that reorder or hide text, separators, halves of characters."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in "\n\u200c\u200d"


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_each_payload_is_shown_and_not_done(payload: str) -> None:
    shown = terminal(payload)
    assert not any(map(is_hostile, shown))
    assert "\n" not in shown
    assert "\\" in shown


@given(st.text())
def test_any_text_becomes_harmless_and_stays_so(text: str) -> None:
    shown = terminal(text)
    assert not any(is_hostile(character) or character == "\n" for character in shown)
    assert terminal(shown) == shown


@pytest.mark.parametrize("text", ["Åbo", "Äänekoski 5 €", "日本", "👩‍🔧", "ना‍म", "3 200", "a\u0301"])
def test_words_of_people_stay_as_they_are(text: str) -> None:
    assert terminal(text) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_json_says_the_same_and_acts_on_nothing(value: object) -> None:
    for ascii_only in (False, True):
        text = as_json(value, ascii_only=ascii_only)
        assert not any(map(is_hostile, text))
        assert text.isascii() or not ascii_only
        assert json.loads(text) == json.loads(json.dumps(value))


def test_json_of_what_no_utf8_can_hold() -> None:
    assert json.loads(as_json({"a\udcff": ["\udcff", float("nan"), float("inf")]})) == {"a?": ["?", "nan", "inf"]}
    assert json_text('"\U0001f469"', ascii_only=True) == '"\\ud83d\\udc69"'


FORMULAS = {
    "=1+1": "'=1+1",
    "+358401234567": "'+358401234567",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    "＝1": "'＝1",
    "a;=cmd|' /C calc'!A0": "a;'=cmd|' /C calc'!A0",
    "a\n=1": "a\n'=1",
    "a\r\n-1": "a\n'-1",
    "a - b": "a - b",
    "ann@acme.example": "ann@acme.example",
    "5 - 3; 2": "5 - 3; 2",
    "\x1b[31m": "\\x1b[31m",
    "": "",
}


@pytest.mark.parametrize(("text", "cell"), FORMULAS.items())
def test_no_cell_begins_a_formula(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_csv_can_be_read_back(row: list[str]) -> None:
    text = as_csv([f"c{number}" for number in range(len(row))], [row])
    assert not any(is_hostile(character) for character in text.replace("\r\n", "").replace("\t", ""))
    (found,) = list(csv.reader(io.StringIO(text, newline="")))[1:] or [[""]]
    assert found == [csv_cell(cell.encode("utf-8", "replace").decode()) for cell in row]


def test_numbers_and_days_are_no_text_to_csv() -> None:
    assert as_csv(["a", "b", "c"], [[-1, date(2026, 1, 1), None]]) == "a,b,c\r\n-1,2026-01-01,\r\n"


def test_a_colour_is_ours_alone() -> None:
    shown = as_text([line("\x1b[31mred")], color=True, width=80)
    assert shown == "\\x1b[31mred\n"
    assert plain([line("a\nb")]) == "a\\nb\n".replace("\\n", "\\x0a", 1)


def hostile_vault(folder: Path) -> Path:
    notes: dict[str, str | bytes] = {}
    for number, payload in enumerate(PAYLOADS):
        quoted = json.dumps(payload)  # the escapes of JSON are YAML's too
        notes[f"n{number}.md"] = (
            f"---\nname: {quoted}\nowner: {quoted}\ncity: {quoted}\nneeds: {quoted}\nnext: 2026-11-21\n"
            f"next_action: {quoted}\nstage: {quoted}\ntags:\n  - {quoted}\nown: {quoted}\nsize: {quoted}\n"
            f"contacts:\n  - {quoted}\n---\n# {payload}\n{payload} [[{payload}]] [sale:: {payload}]\n\n## Deals\n"
            f"- [deal:: {payload}] [value:: 5]\n\n## Log\n- 2026-11-20 call in, {payload}: painting {payload}\n"
            f"  {payload}\n- 2026-06-01 visit: painting [sale:: 100] [product:: {payload}]\n"
            f"- [ ] {payload} 📅 2026-11-21\n- 2026-11-20 23:00 email in, {payload}: {payload}\n"
        ).encode("utf-8", "surrogatepass")
        notes[f"raw{number}.md"] = f"---\nname: {payload}\ncity: {payload}\n---\n".encode()
        clean = payload.replace("/", "").replace("\0", "")
        notes[f"{clean}{number}.md"] = f"---\nname: Name {number}\nnext: soon {payload}\n---\n".encode()
    notes["bytes.md"] = b"---\nname: \xff\xfe\ncity: \xc3\x28\n---\n- 2026-11-20 call: painting \xff\n"
    return make_vault(folder, notes, '[vault]\nname = "a\\u001b[31m"\n[targets]\nyear.new = 9\n[vu\\u001b]\n')


COMMANDS = [
    ["agenda", "--all", "--explain"],
    ["list"],
    ["check"],
    ["search", "painting"],
    ["value", "--period", "2026"],
    ["value", "--period", "2026", "--full"],
    ["value", "--period", "2026", "--by", "tag"],
    ["value", "--compare"],
    ["value", "--explain", "n0"],
    ["tiers", "--period", "2026"],
    ["tiers", "--explain", "n0"],
    ["response", "--period", "2026", "--by", "owner", "--limit", "0"],
    ["promises", "--period", "2026", "--by", "customer", "--limit", "0"],
    ["season"],
    ["season", "--explain", "n0"],
    ["deals", "--limit", "0"],
    ["deals", "--explain", "n0"],
    ["targets", "--limit", "0"],
    ["targets", "--explain", "n0"],
    ["show", "n0"],
    ["show", "n0", "--full"],
    ["show", "n22", "--full"],
    ["show", "bytes", "--full"],
    ["show", "nobody\x1b[31m"],
    ["show", "n"],
    ["fields"],
    ["explain", "\x1b[31m"],
    ["sql", "select * from fields"],
    ["sql", "select * from entries"],
    ["sql", "select path, code, facts from diagnostics join files using (file)"],
    ["sql", "select '\x1b' \x1b"],
    ["list", "city:\x1b[31m"],
    ["list", "\x1b[31m:x"],
    ["agenda", "--owner", "\x1b[31m"],
    ["\x1b[31m"],
    ["list", "--period\x1b"],
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_vault(tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("form", ["text", "json", "csv"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: ascii(" ".join(command)))
def test_no_command_lets_a_hostile_byte_through(
    hostile: Path,
    command: list[str],
    form: str,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    code = run(["--vault", str(hostile), "--today", "2026-11-21", "--no-cache", *command, "--format", form])
    seen = capfd.readouterr()
    assert code in (0, 1, 2)
    assert "fault of plaincrm" not in seen.err
    out = seen.out.replace("\r\n", "\n").replace("\t", "") if form == "csv" else seen.out
    assert not [character for character in {*(out + seen.err)} if is_hostile(character)]
    assert "\nfile.md:1:1" not in seen.err
    if form == "text":
        assert "\nfile.md:1:1" not in out
        assert "\n::error" not in out
    if form == "json" and out:
        json.loads(out)


def test_a_vault_with_a_hostile_path(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = make_vault(tmp_path / "a\x1b[31mb", {})
    assert run(["--vault", str(folder), "--no-cache", "list"]) == 0
    assert run(["--vault", str(folder / "nowhere"), "list"]) == 2
    assert "\x1b" not in "".join(capfd.readouterr())
    assert plaincrm.open_vault(folder, cache=False).notices == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-01-01 to 2026-12-31", "<time>2026-01-01</time> to <time>2026-12-31</time>"),
        ("2026-11+", "<time>2026-11</time>+"),
        ("2026-W47 <b>", "<time>2026-W47</time> &lt;b&gt;"),
        (
            "invoice 2026-117, 2026-13-01, 12026-01, daily/2026-11-20.md",
            "invoice 2026-117, 2026-13-01, 12026-01, daily/2026-11-20.md",
        ),
    ],
)
def test_days_of_a_page_are_marked_and_nothing_else(text: str, shown: str) -> None:
    assert html_days(text) == shown
