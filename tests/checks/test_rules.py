"""The table of faults, and for every code one small bad file: tests/checks/cases/, with what is expected inside."""

from __future__ import annotations

import ast
import os
import re
import string
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from plaincrm.checks.check import Diagnostic
from plaincrm.checks.rules import BY_CODE, ERRORS, RULES
from plaincrm.checks.unread import LOST
from plaincrm.document.source import LIMIT
from tests.making import vault_of

CASES = Path(__file__).parent / "cases"
SOURCE = Path(__file__).parents[2] / "plaincrm"
_EXPECTED = re.compile(r"(?:<!--|#) expect (\d+):(\d+) (error|warning|hint) ([a-z0-9-]+)(?: -->)?\n")
TODAY = date(2026, 11, 21)
CONFIG = """
[vault]
owners = ["liisa", "matti"]
country = "FI"
currency = "EUR"
[fields]
paint = { type = "choice", choices = ["linseed", "acrylic"] }
warranty = "period"
"""


def test_each_code_stands_in_the_table_once() -> None:
    assert len(BY_CODE) == len(RULES)


def test_the_table_is_in_order_and_whole() -> None:
    for rule in RULES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.code)
        assert rule.severity in ("error", "warning", "hint")
        assert rule.message.endswith((".", "{hint}", "{problem}")), rule
        for words in (rule.help, rule.why, rule.bad, rule.good):
            assert words, rule
        assert rule.why.endswith("."), rule
        assert rule.why not in rule.message, rule
    assert tuple(rule.code for rule in RULES if rule.severity == "error") == ERRORS
    of_notes = {rule.code for rule in RULES if rule.severity == "error" and rule.find is None}
    assert of_notes - {"personal-identity-code"} == LOST  # which keeps nothing from being read
    order = [rule.code for rule in RULES]
    first = (
        "unreadable-file",
        "wrong-encoding",
        "empty-note",
        "wrong-shape",
        "bad-entry-date",
        "duplicate-id",
        "bad-toml",
    )
    places = [order.index(code) for code in first]
    assert places == sorted(places)  # the file, its characters, front matter, values, the text, all notes, the settings


def emitted_codes() -> Iterator[str]:
    """The first text that is given to whatever makes a fault, both ways of a choice."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("fault", "_fault", "BadValue"):
                    yield from texts(node.args[0])
                if name in ("_at", "diagnostic"):
                    yield from (code for argument in node.args for code in texts(argument))


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_every_code_that_is_emitted_is_in_the_table() -> None:
    assert set(emitted_codes()) - set(BY_CODE) == set()


def test_every_code_of_the_table_is_emitted() -> None:
    said: set[object] = set()
    for path in SOURCE.rglob("*.py"):
        if path.parent.name != "rules":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            said |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {rule.code for rule in RULES if not rule.find} - said == set()


def test_every_code_has_a_case() -> None:
    cases = {path.stem for path in CASES.iterdir()}
    assert cases | set(MADE) == set(BY_CODE)
    assert not cases & set(MADE)


def check_words(item: Diagnostic) -> None:
    """The message and the remedy read as whole sentences: no fact of theirs is missing."""
    for text in (item.message, item.help):
        assert not re.search(r"\{|\}|  |\(\)|\bNone\b| [.,:;](?!m)|: ?[.?]|\"\"", text), text
        assert text[0].isupper() or text.split(":")[0] in text, text
    assert item.message.endswith((".", "?")), item.message
    assert re.search(r"[.?]$|: \S+$|: \".+\"$|: key: value$|: name: …$|: - [^.]+$|:\n.+$", item.help), (
        item.help
    )  # or ends with an example


def files_of_case(case: Path) -> dict[str, str]:
    """The files of a case by their names: one note or the settings, or several files under lines `=== name`."""
    head, *parts = re.split(r"^=== (.+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if not parts:
        return {"plaincrm.toml" if case.suffix == ".toml" else "customers/case.md": head}
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda path: path.stem)
def test_a_small_bad_file(case: Path, tmp_path: Path) -> None:
    files = files_of_case(case)
    expected = [
        (file, int(line), int(column), severity, code)
        for file, text in files.items()
        for line, column, severity, code in _EXPECTED.findall(text)
    ]
    assert case.stem in [code for *_place, code in expected], "a case says what is expected of it"
    report = vault_of(tmp_path, files, files.pop("plaincrm.toml", CONFIG)).check(TODAY)
    assert {(d.file, d.line, d.column, d.severity, d.code) for d in report.diagnostics} == set(expected)
    assert len(report.diagnostics) == len(expected)
    for item in report.diagnostics:
        check_words(item)


def _many_values() -> str:
    return "---\nname: Acme\ntags: [" + ", ".join(f"t{number}" for number in range(5_000)) + "]\n---\n"


# Cases that no text file can hold, or none one would like to look at.
BYTES: dict[str, tuple[str, bytes, tuple[int, int]]] = {
    "odd-file-name": ("a\x1bb.md", b"---\nname: Acme\n---\n", (1, 1)),
    "wrong-encoding": ("case.md", "---\nname: Acme\n---\n".encode("utf-16"), (1, 1)),
    "not-text": ("case.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", (1, 1)),
    "only-nul-bytes": ("case.md", b"\0" * 200, (1, 1)),
    "not-utf8": ("case.md", b"---\nname: Acme\ncity: \xc5bo\n---\n", (3, 7)),
    "not-utf8-in-text": ("case.md", b"---\nname: Acme\n---\nin \xc5bo\n", (4, 4)),
    "nul-byte": ("case.md", b'---\nname: Acme\ncity: "Tur\0ku"\n---\n', (3, 11)),
    "nul-byte-in-text": ("case.md", b"---\nname: Acme\n---\nTur\0ku\n", (4, 4)),
    "control-character": ("case.md", b'---\nname: Acme\ncity: "Tur\x1b[31mku"\n---\n', (3, 11)),
    "odd-line-separator": ("case.md", "---\nname: Acme\ncity: Tur\u2028ku\n---\n".encode(), (3, 10)),
    "stray-byte-order-mark": ("case.md", "---\nname: Acme\n---\nTur\ufeffku\n".encode(), (4, 4)),
    "mixed-line-ends": ("case.md", b"---\r\nname: Acme\r\n---\r\nTurku\nNaantali\r\n", (1, 4)),
    "empty-note": ("case.md", b"\n \n", (1, 1)),
    "front-matter-too-large": ("case.md", b"---\nname: Acme\nneeds: " + b"x" * 70_000 + b"\n---\n", (2, 1)),
    "front-matter-too-many": ("case.md", _many_values().encode(), (3, 33877)),
}


@pytest.mark.parametrize("code", BYTES)
def test_small_bad_bytes(code: str, tmp_path: Path) -> None:
    name, content, place = BYTES[code]
    report = vault_of(tmp_path, {name: content}, CONFIG).check(TODAY)
    found = [(d.line, d.column, d.severity, d.code) for d in report.diagnostics]
    assert found == [(*place, BY_CODE[code].severity, code)]
    check_words(report.diagnostics[0])


def _unreadable(path: Path) -> None:
    path.write_text("---\nname: Acme\n---\n")
    path.chmod(0)


def _folder(path: Path) -> None:
    os.mkfifo(path)


def _huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(LIMIT + 1)  # a hole, which takes no room


def _copy(path: Path) -> None:
    path.with_name("case.sync-conflict-20261121-101500-ABCDEFG.md").write_text("---\nname: Acme\n---\n")


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere.md")


def _outside(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _linked_folder(path: Path) -> None:
    (path.parent / "more").symlink_to(path.parents[1])


def _twice(path: Path) -> None:
    path.write_text("---\nname: Acme\n---\n")
    (path.parent / "b").mkdir()
    (path.parent / "b" / "CASE.md").write_text("---\nname: Acme\n---\n")


FILES: dict[str, Callable[[Path], None]] = {
    "unreadable-file": _unreadable,
    "not-a-file": _folder,
    "too-large": _huge,
    "conflict-copy": _copy,
    "dangling-link": _dangling,
    "link-out-of-vault": _outside,
    "linked-folder": _linked_folder,
    "duplicate-id": _twice,
}


def _markdown(path: Path) -> None:
    path.with_suffix(".markdown").write_text("---\nname: Acme\n---\n")


def _elsewhere(path: Path) -> None:
    path.with_name(f".{path.name}.icloud").write_bytes(b"bplist00")


FILES["odd-file-ending"] = _markdown
FILES["not-downloaded"] = _elsewhere
VAULTS = {"world-readable", "public-remote"}
MADE = {*BYTES, *FILES, *VAULTS}


@pytest.mark.parametrize("code", FILES)
def test_files_that_are_odd_themselves(code: str, tmp_path: Path) -> None:
    if code == "unreadable-file" and os.geteuid() == 0:
        pytest.skip("root may read every file")
    vault = vault_of(tmp_path, {"good.md": "---\nname: Good\n---\n"}, CONFIG)
    FILES[code](vault.root / "customers" / "case.md")
    report = vault.check(TODAY)
    assert [(d.line, d.column, d.severity, d.code) for d in report.diagnostics] == [
        (1, 1, BY_CODE[code].severity, code)
    ]
    check_words(report.diagnostics[0])
    assert [row.name for row in vault.list().customers if row.customer == "good"] == ["Good"]


def test_a_vault_that_others_may_read() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        vault = vault_of(folder, {"good.md": "---\nname: Good\n---\n"})
        assert vault.check().diagnostics == ()
        folder.chmod(0o755)
        if not all(parent.stat().st_mode & 0o001 for parent in folder.parents):
            pytest.skip("the folder for temporary files is closed to others")
        (folder / "customers" / "good.md").chmod(0o644)
        (item,) = vault.check().diagnostics
        assert (item.file, item.line, item.severity, item.code) == ("plaincrm.toml", 1, "hint", "world-readable")
        assert item.help.endswith(f"\nchmod -R o-rwx {folder.resolve()}")
        (folder / "plaincrm.toml").unlink()
        assert [item.file for item in vault.check().diagnostics] == ["./"]
        (folder / "customers" / "good.md").chmod(0o640)
        assert vault.check().diagnostics == ()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("git://git.example/vault.git", True),
        ("http://git.example/vault.git", True),
        ("https://git.example/vault.git", False),
        ("ssh://git@git.example/vault.git", False),
        ("git@git.example:vault.git", False),
        ("../vault.git", False),
    ],
)
def test_a_remote_that_others_may_read(url: str, named: bool, tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"good.md": "---\nname: Good\n---\n"})
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n')
    assert [item.code for item in vault.check().diagnostics] == ["public-remote"] * named
    for item in vault.check().diagnostics:
        check_words(item)


def test_messages_name_only_facts_that_a_sentence_can_do_with() -> None:
    for rule in RULES:
        names = [name for _text, name, _spec, _how in string.Formatter().parse(rule.message + rule.help) if name]
        assert all(name.isidentifier() for name in names)


def test_long_facts_are_cut(tmp_path: Path) -> None:
    (item,) = vault_of(tmp_path, {"case.md": f"---\nname: Acme\nsize: {'x' * 5000}\n---\n"}).check().diagnostics
    assert len(item.message) < 200


def test_a_report_counts_and_sorts(tmp_path: Path) -> None:
    notes = {
        "b.md": "---\nname: B\nsize: x\nnext: y\n---\n",
        "a.md": "no front matter\n",
        "c.md": "---\nname: C\n---\n",
    }
    report = vault_of(tmp_path, notes, "[vualt]\n").check()
    assert (report.files, report.errors, report.warnings) == (3, 3, 1)
    assert [(d.file, d.line, d.code) for d in report.diagnostics] == [
        ("plaincrm.toml", 1, "unknown-setting"),  # first, since it may be the cause of others
        ("customers/a.md", 1, "no-front-matter"),
        ("customers/b.md", 3, "bad-number"),
        ("customers/b.md", 4, "bad-date"),
    ]


def test_ids_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    note = "---\nname: Any\n---\n"
    names = ("a/\u00c4iti", "b/A\u0308iti", "c/\u00c4ITI", "d/\u00c4iti")
    files = {f"customers/{name}.md": note for name in names}
    found = [item for item in vault_of(tmp_path, files).check().diagnostics if item.code == "duplicate-id"]
    assert [item.message.partition("id.")[2].strip() for item in found] == [
        "The names look alike, and their letters are written in two ways:"
        " this one's are decomposed (5 characters), the other's are composed (4 characters).",
        "They differ in capitals only: \u00c4ITI, \u00c4iti.",
        "",
    ]
