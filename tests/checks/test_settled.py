"""What a vault has said about its checks: comments in notes, severities by code and path, the baseline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from plaincrm.checks.baseline import NAME, as_text, read_baseline, subtract
from plaincrm.checks.diagnostic import Diagnostic, diagnostic
from plaincrm.errors import UsageError
from plaincrm.vault.files import FilesOnDisk
from tests.making import vault_of

TODAY = date(2026, 11, 21)
POSTCODE = "---\nname: Acme\npostcode: 00100\n---\n"


def codes(found: Iterable[Diagnostic]) -> list[str]:
    return [item.code for item in found]


COMMENTS = {
    "<!-- plaincrm: ignore unquoted-number: not in Obsidian -->": [],
    "%% plaincrm: ignore unquoted-number: not in Obsidian %%": [],
    "<!--plaincrm:ignore unquoted-number:not in Obsidian-->": [],
    "a word <!-- plaincrm: ignore unquoted-number: in a line --> of text": [],
    "- 2026-11-20 call in: moves %% plaincrm: ignore unquoted-number: in an entry %%": [],
    "<!-- plaincrm: ignore unquoted-number: a reason: with a colon, and -- dashes -->": [],
    "<!-- plaincrm: ignore unquoted-number -->": ["ignore-without-reason"],
    "<!-- plaincrm: ignore unquoted-number: -->": ["ignore-without-reason"],
    "<!-- plaincrm: ignore bad-date: no date here -->": ["unquoted-number", "unused-ignore"],
    "<!-- plaincrm: ignore unquoted-nmber: slip -->": ["unquoted-number", "unknown-code"],
    "<!-- plaincrm: ignore unquoted-number, bad-date: two -->": ["unused-ignore"],
    "<!-- plaincrm: ignore unquoted-number , qqq: two -->": ["unknown-code"],
    "<!-- plaincrm: ignore unquoted-number: one -->\n<!-- plaincrm: ignore unquoted-number: again -->": [],
    "```\n<!-- plaincrm: ignore unquoted-number: shown as code -->\n```": ["unquoted-number"],
    "`<!-- plaincrm: ignore unquoted-number: shown as code -->`": ["unquoted-number"],
    "<!-- plaincrm ignore unquoted-number: no colon -->": ["unquoted-number"],
    "<!-- ignore unquoted-number: not ours -->": ["unquoted-number"],
    "plaincrm: ignore unquoted-number: no comment": ["unquoted-number"],
    "<!-- plaincrm: ignore -->": ["unquoted-number"],
}


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_in_a_note(comment: str, tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"acme.md": f"{POSTCODE}{comment}\n"}).check(TODAY)
    assert codes(report.diagnostics) == COMMENTS[comment]


def test_a_comment_holds_for_its_own_note_only(tmp_path: Path) -> None:
    comment = "<!-- plaincrm: ignore unquoted-number: not in Obsidian -->\n"
    notes = {"a.md": POSTCODE + comment, "b.md": POSTCODE.replace("Acme", "Bertta")}
    (item,) = vault_of(tmp_path, notes).check(TODAY).diagnostics
    assert item.file == "customers/b.md"


def test_a_comment_silences_what_the_register_finds_in_its_note(tmp_path: Path) -> None:
    mail = "---\nname: {}\nemail: info@acme.example\n---\n"
    comment = "<!-- plaincrm: ignore same-email: one mailbox -->\n"
    notes = {"a.md": mail.format("Alma"), "b.md": mail.format("Bertta") + comment}
    assert vault_of(tmp_path, notes).check(TODAY).diagnostics == ()


def test_a_comment_is_not_called_idle_where_not_all_was_asked(tmp_path: Path) -> None:
    comment = "<!-- plaincrm: ignore deal-overdue: they said spring -->\n"
    vault = vault_of(tmp_path, {"acme.md": f"---\nname: Acme\n---\n{comment}"})
    assert codes(vault.check(TODAY).diagnostics) == ["unused-ignore"]
    assert vault.check().diagnostics == ()  # without a day nobody knows
    assert vault.check(TODAY, select=["bad-date"]).diagnostics == ()


def test_show_keeps_to_what_is_settled(tmp_path: Path) -> None:
    bad = "---\nname: Acme\nsize: x\nemail: y\npostcode: 00100\ntype: Company\n---\n"
    settings = '[check.severity]\nbad-number = "off"\nunquoted-number = "error"\n'
    comment = "<!-- plaincrm: ignore bad-email: they have none -->\n"
    vault = vault_of(tmp_path, {"acme.md": bad + comment, "other.md": POSTCODE}, settings)
    shown = vault.brief("acme", TODAY).diagnostics
    assert [(item.code, item.severity) for item in shown] == [("unquoted-number", "error")]


SETTINGS = """
[check.severity]
unquoted-number = "error"
bad-number = "warning"
odd-spelling = "off"
[check.paths."customers/old/**"]
unquoted-number = "off"
bad-number = "hint"
[check.paths."customers/old/kept-*.md"]
unquoted-number = "hint"
"""
THREE = "---\nname: Acme\npostcode: 00100\nsize: x\ntype: Company\n---\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acme.md", [("unquoted-number", "error"), ("bad-number", "warning")]),
        ("customers/old/acme.md", [("bad-number", "hint")]),
        ("customers/old/deep/acme.md", [("bad-number", "hint")]),
        ("customers/old/kept-acme.md", [("unquoted-number", "hint"), ("bad-number", "hint")]),  # the last glob wins
        ("customers/older/acme.md", [("unquoted-number", "error"), ("bad-number", "warning")]),
    ],
)
def test_severities(name: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    report = vault_of(tmp_path, {name: THREE}, SETTINGS).check(TODAY, ignore=["unused-glob"])
    assert [(item.code, item.severity) for item in report.diagnostics] == expected
    counts = [severity for _code, severity in expected]
    assert (report.errors, report.warnings, report.hints) == tuple(map(counts.count, ("error", "warning", "hint")))


def test_what_is_off_for_the_vault_may_be_on_for_a_path(tmp_path: Path) -> None:
    settings = '[check.severity]\nnear-name = "off"\n[check.paths."customers/new/**"]\nnear-name = "warning"\n'
    notes = {"customers/a.md": "---\nname: Alma Oy\n---\n", "customers/new/b.md": "---\nname: Alma\n---\n"}
    report = vault_of(tmp_path, notes, settings).check(TODAY)
    assert [(item.file, item.code) for item in report.diagnostics] == [("customers/new/b.md", "near-name")]


@pytest.mark.parametrize(
    ("settings", "place", "message"),
    [
        ('[check.severity]\nbad-dat = "off"\n', (2, 1), "There is no setting check.severity.bad-dat."),
        ('[check.paths."**"]\nbad-dat = "off"\n', (2, 1), 'There is no setting check.paths."**".bad-dat.'),
        ('[check.paths."*.md"]\nbad-date = "off"\n', (1, 15), "No note stands where *.md looks for one."),
        ('[check]\nseverity.bad-date = "grave"\n', (2, 10), "check.severity.bad-date is not as it should be"),
        ('[check]\nunanswered = "three"\n', (2, 1), "check.unanswered is not as it should be"),
        ("[check]\nverify_after = 3\n", (2, 1), "check.verify_after is not as it should be"),
        ('[check]\nverify = "3y"\n', (2, 1), "There is no setting check.verify."),
    ],
)
def test_settings_that_are_none(settings: str, place: tuple[int, int], message: str, tmp_path: Path) -> None:
    (item,) = vault_of(tmp_path, {"a.md": "---\nname: Alma\n---\n"}, settings).check(TODAY).diagnostics
    assert (item.file, item.line, item.column) == ("plaincrm.toml", *place)
    assert item.message.startswith(message)


def fault(code: str, file: str = "customers/a.md", line: int = 1) -> Diagnostic:
    return diagnostic(file, (line, 1, line, 2), code, {})


def test_a_baseline_counts_by_file_and_code(tmp_path: Path) -> None:
    found = [fault("bad-date"), fault("bad-date", line=2), fault("bad-number"), fault("bad-date", "customers/å b.md")]
    text = as_text(found)
    assert text.splitlines()[2:] == [
        "2 bad-date customers/a.md",
        "1 bad-number customers/a.md",
        "1 bad-date customers/å b.md",
    ]
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    known = read_baseline(FilesOnDisk(tmp_path))
    assert subtract(found, known, None) == ([], 4, 0)
    assert subtract([*found, fault("bad-date", line=9)], known, None) == ([fault("bad-date", line=9)], 4, 0)
    assert subtract(found[:1], known, None) == ([], 1, 3)
    assert subtract(found[:1], known, frozenset(("customers/a.md",))) == ([], 1, 2)  # of other files nothing is known
    assert as_text([]).startswith("# ")


def test_a_vault_keeps_what_its_baseline_knows(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": THREE})
    found = vault.check(TODAY).diagnostics
    (tmp_path / NAME).write_text(as_text(found), encoding="utf-8")
    report = vault.check(TODAY)
    assert (report.diagnostics, report.known, report.gone) == ((), len(found), 0)
    assert vault.check(TODAY, baseline=False).diagnostics == found
    (tmp_path / "customers/a.md").write_text("---\nname: Acme\nsize: x\nreference: 9\n---\n")
    report = vault.check(TODAY)
    assert (codes(report.diagnostics), report.known, report.gone) == (["out-of-range"], 1, 2)


def test_there_may_be_no_baseline(tmp_path: Path) -> None:
    assert read_baseline(FilesOnDisk(tmp_path)) == {}


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (b"", {}),
        (b"# a word\n\n", {}),
        (b"\xef\xbb\xbf2 bad-date a.md\r\n", {("a.md", "bad-date"): 2}),
        (b"1 bad-date a.md\n1 bad-date a.md\n", {("a.md", "bad-date"): 2}),  # as a merge of two leaves it
        (b"1 no-such-check a.md\n", {("a.md", "no-such-check"): 1}),  # of a later version
    ],
)
def test_baselines_that_are_read(content: bytes, known: dict[tuple[str, str], int], tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert read_baseline(FilesOnDisk(tmp_path)) == known


@pytest.mark.parametrize(
    "content",
    [b"bad-date a.md\n", b"0 bad-date a.md\n", b"-1 bad-date a.md\n", b"9999999999 bad-date a.md\n", b"1 bad-date\n"],
)
def test_a_line_of_a_baseline_that_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"# head\n" + content)
    with pytest.raises(UsageError, match=f"{NAME}:2: "):
        read_baseline(FilesOnDisk(tmp_path))


@pytest.mark.parametrize("content", [b"\xff\xfe1\0", b"\0\0\0\0"])
def test_a_baseline_that_is_no_text(content: bytes, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(UsageError):
        read_baseline(FilesOnDisk(tmp_path))
