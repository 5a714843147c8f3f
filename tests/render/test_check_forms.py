"""Every form of a check is read back by what reads such a form, and says what the report says, whatever notes hold."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

import plaincrm
from plaincrm.checks.check import CheckReport
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.checks.rules import BY_CODE
from plaincrm.cli.run import run
from plaincrm.index.paths import disk_path
from plaincrm.render.check import concise, data, full, github, markdown, sarif, statistics
from plaincrm.render.data import as_csv, as_json
from plaincrm.render.escape import log_line, markdown_code, markdown_text, terminal, uri_path
from plaincrm.render.lines import plain
from tests.making import vault_of
from tests.render.test_escape import hostile_vault, is_hostile

SCHEMA = json.loads((Path(__file__).parents[1] / "fixtures" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
SARIF = Draft4Validator(SCHEMA)

# Texts with what acts somewhere: on terminals, GitHub, Markdown, Obsidian, spreadsheets.
HOSTILE = st.text() | st.lists(
    st.sampled_from(
        [
            *"\n\r\t\x1b\u202e\u2028\udcff\\`*_[]#|~$=%^!{}@:,;<>&-+1.) a日\u0301\u0000",
            *("::", "::error ::", "##[error]", "%0A", "[[x]]", "[x](http://e.example)", "http://e.example"),
            *("www.e.example", "<b>", "<%", "%>", "%%", "&lt;", "&#58;", "e@e.example", "- [ ] x", "1. "),
            *("    ", "```", "x:: y", "\r\n", "📅 2026-11-21", "🔁 every day", "⏫", "[due:: 2026-11-21]", "&"),
        ]
    ),
    max_size=12,
).map("".join)


def item_of(file: str = "customers/a.md", message: str = "m", help: str = "h", fix: str | None = None) -> Diagnostic:
    return Diagnostic(file, 3, 2, 3, 5, "error", "bad-date", message, help, fix)


def report_of(*items: Diagnostic) -> CheckReport:
    count = {severity: sum(item.severity == severity for item in items) for severity in ("error", "warning", "hint")}
    return CheckReport(1, *count.values(), 0, 0, items)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> plaincrm.Vault:
    return plaincrm.open_vault(hostile_vault(tmp_path_factory.mktemp("hostile")), cache=False)


@pytest.fixture(scope="module")
def report(vault: plaincrm.Vault) -> CheckReport:
    found = vault.check()
    assert len(found.diagnostics) > 200
    return found


# Lines


@given(HOSTILE, HOSTILE)
def test_a_concise_diagnostic_is_one_line_and_no_command(file: str, message: str) -> None:
    told = concise.concise(report_of(item_of(file, message)))
    assert told.count("\n") == 1
    assert told.endswith("\n")
    assert runner_command(told) is None
    assert not any(is_hostile(character) for character in told)
    assert told == f"{log_line(f'{file}:3:2: error bad-date: {message}')}\n"


def test_concise_lines_can_be_taken_apart(report: CheckReport) -> None:
    lines = concise.concise(report).splitlines()
    assert len(lines) == len(report.diagnostics)
    for told, item in zip(lines, report.diagnostics, strict=True):
        if ":1:1:" in item.file:  # a name that cannot be told from a place
            continue
        match = re.fullmatch(r"(.+?):(\d+):(\d+): (error|warning|hint) ([a-z0-9-]+): (.*)", told)
        assert match
        assert match[5] == item.code
        assert (int(match[2]), int(match[3])) == (item.line, item.column)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_line_of_the_full_form_is_a_command(file: str, message: str, help: str, own: str) -> None:
    lines = full.text(report_of(item_of(file, message, help)), {(file, 3): own}, 80)
    for row in plain(list(lines)).split("\n"):
        assert runner_command(row) is None
        assert not any(is_hostile(character) for character in row)


def test_the_full_form_marks_what_can_be_mended() -> None:
    lines = full.text(report_of(item_of(fix="2026-12-05"), item_of()), {("customers/a.md", 3): "next: 5.12."}, 80)
    assert plain(list(lines)) == (
        "customers/a.md:3:2: error bad-date: m (fixable)\n  next: 5.12.\n   ^^^\n  h\n"
        "customers/a.md:3:2: error bad-date: m\n  next: 5.12.\n   ^^^\n  h\n"
        "\n2 errors in 1 note; 1 can be mended with plaincrm fix.\n"
    )


# JSON and CSV


def test_json_and_csv_say_the_same(report: CheckReport) -> None:
    told = json.loads(as_json(data.data(report)))
    assert told["errors"] + told["warnings"] + told["hints"] == len(told["diagnostics"]) == len(report.diagnostics)
    table = list(csv.reader(io.StringIO(as_csv(data.FIELDS, data.rows(report)), newline="")))
    assert table[0] == list(told["diagnostics"][0])
    assert len(table) == len(report.diagnostics) + 1
    for row, item in zip(table[1:], told["diagnostics"], strict=True):
        assert row[1:7] == [str(item[name]) for name in data.FIELDS[1:7]]
        assert row[9] == str(item["fixable"]).lower()


# GitHub


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def runner_command(row: str) -> Command | None:
    """A line of a log as GitHub's runner reads it (ActionCommand.TryParseV2, then TryParse)."""
    row = row.strip()
    if row.startswith("::") and "::" in row[2:]:
        head, _, words = row[2:].partition("::")
        name, _, told = head.partition(" ")
        pairs = [pair.split("=", 1) for pair in told.strip().split(",") if "=" in pair]
        values = {key: unescaped(value, {"%3A": ":", "%2C": ","}) for key, value in pairs}
        return Command(name, values, unescaped(words, {}))
    match = re.search(r"##\[([^\]]*)\](.*)", row)
    return Command(match[1], {}, match[2]) if match else None


def unescaped(text: str, more: dict[str, str]) -> str:
    for escape, character in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(escape, character)
    return text


def shown(text: str) -> str:
    """A text as it is shown where line ends are kept."""
    return "".join(part if part in ("\r", "\n") else terminal(part) for part in re.split(r"([\r\n])", text))


@given(HOSTILE.filter(bool), HOSTILE.filter(bool), HOSTILE)
def test_a_github_command_says_what_the_diagnostic_says(file: str, message: str, help: str) -> None:
    told = github.github(report_of(item_of(file, message, help)))
    assert re.findall(r"[^\n\r]+", told) == [told[:-1]]
    command = runner_command(told[:-1] + "#")  # whatever blanks stand at the end
    assert command
    assert command.name == "error"
    assert command.properties == {
        "file": shown(file),
        "line": "3",
        "col": "2",
        "endLine": "3",
        "endColumn": "5",
        "title": "bad-date",
    }
    assert command.data == shown("\n".join(part for part in (message, help) if part)) + "#"


def test_github_commands_of_all_severities(report: CheckReport) -> None:
    names = {"error": "error", "warning": "warning", "hint": "notice"}
    commands = [runner_command(row) for row in github.github(report).splitlines()]
    assert [command and command.name for command in commands] == [names[item.severity] for item in report.diagnostics]
    assert github.github(report_of()) == ""


# SARIF


def sarif_of(report: CheckReport) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(as_json(sarif.sarif(report, "0.1.0")))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    return log


def test_the_schema_is_the_real_one() -> None:
    Draft4Validator.check_schema(SCHEMA)
    assert [error.message for error in SARIF.iter_errors({"version": "2.1.0"})] == ["'runs' is a required property"]


def test_sarif_fits_its_schema_and_says_what_the_report_says(report: CheckReport) -> None:
    (run,) = sarif_of(report)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == len(report.diagnostics)
    levels = {"error": "error", "warning": "warning", "hint": "note"}
    for result, item in zip(run["results"], report.diagnostics, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == item.code
        assert result["level"] == levels[item.severity]
        place = result["locations"][0]["physicalLocation"]
        assert tuple(place["region"].values()) == item.place
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        path = unquote_to_bytes(place["artifactLocation"]["uri"])
        assert path == disk_path(item.file).encode("utf-8", "surrogateescape")
        assert ("fixes" in result) == (item.fix is not None)
    for rule in rules:
        assert rule["defaultConfiguration"]["level"] == levels[BY_CODE[rule["id"]].severity]
        assert "{" not in rule["help"]["text"]


@given(HOSTILE.filter(bool), HOSTILE, st.none() | HOSTILE)
def test_sarif_of_anything(message: str, help: str, fix: str | None) -> None:
    item = item_of("customers/a: b\x1b#?%.md", message, help, fix)
    (result,) = sarif_of(report_of(item))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "customers/a%3A%20b%1B%23%3F%25.md"
    assert not re.search(r"(?<!\\)\[[^\[\]]*\]\(", result["message"]["text"])  # which would be a link
    assert not any(is_hostile(character) or character == "\n" for character in result["message"]["text"])
    if "fixes" in result:
        (change,) = result["fixes"][0]["artifactChanges"]
        assert change["replacements"][0]["insertedContent"]["text"] == fix


def test_sarif_of_nothing() -> None:
    assert sarif_of(report_of())["runs"][0]["results"] == []


def test_a_fix_with_a_byte_that_is_no_utf8_is_not_told() -> None:
    (result,) = sarif_of(report_of(item_of(fix="\udcff")))["runs"][0]["results"]
    assert "fixes" not in result


@given(st.binary(min_size=1).filter(lambda path: b"\0" not in path))
def test_a_uri_is_a_path_again(path: bytes) -> None:
    uri = uri_path(path.decode("utf-8", "surrogateescape"))
    assert re.fullmatch(r"(?:[A-Za-z0-9/._~-]|%[0-9A-F]{2})+", uri)
    assert unquote_to_bytes(uri) == path


# Markdown

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False}).enable(["table", "strikethrough"])


def inline_of(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or []]


@given(HOSTILE)
def test_text_is_nothing_but_text_to_markdown(text: str) -> None:
    for before in ("- `x` ", "- ", ""):
        tokens = MARKDOWN.parse(f"{before}{markdown_text(text)}\n")
        assert {token.type for token in tokens} <= {
            *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
            *("paragraph_open", "paragraph_close", "inline"),
        }
        inline = inline_of(tokens)
        assert {token.type for token in inline} <= {"text", "text_special", "code_inline"}
        told = "".join(token.content for token in inline if token.type != "code_inline")
        assert told.strip() == terminal(text.strip()).strip()


@given(HOSTILE)
def test_text_holds_nothing_for_a_plugin(text: str) -> None:
    told = markdown_text(text)
    assert not re.search(r"::|<%|%%|(?<!\\)\[|\[\[|==|\$\$|(?<!\\)[#@^]", re.sub("&#[0-9]+;", "x", told))
    assert not re.search(r"(?i)https?://|www\.", told)


@given(HOSTILE)
def test_code_is_nothing_but_code_to_markdown(text: str) -> None:
    tokens = MARKDOWN.parse(f"- {markdown_code(f'3: {text}')}\n")
    (code,) = inline_of(tokens)
    assert code.type == "code_inline"
    assert code.content == terminal(f"3: {text}").replace("<%", "< %")


def test_the_page_holds_one_item_a_diagnostic_and_no_html(vault: plaincrm.Vault, report: CheckReport) -> None:
    page = markdown.markdown(report, vault.lines_of(report.diagnostics))
    assert not any(is_hostile(character) for character in page)
    tokens = MARKDOWN.parse(page)
    inline = inline_of(tokens)
    wild = {"html_block", "html_inline", "image", "table_open", "fence"}
    assert not wild & {token.type for token in tokens + inline}
    assert sum(token.type == "list_item_open" and token.level == 1 for token in tokens) == len(report.diagnostics)
    links = [token.attrs["href"] for token in inline if token.type == "link_open"]
    files = list(dict.fromkeys(item.file for item in report.diagnostics))
    assert links == [uri_path(disk_path(file)) for file in files]
    assert page.count("\n## ") == len(files)


def test_a_page_of_a_small_vault(tmp_path: Path) -> None:
    note = "---\nname: A\nstage: custmer\n---\n- 2026-11-20 call: = [[x]] | `b` [sale:: 3,200]\n"
    vault = vault_of(tmp_path, {"a b.md": note})
    checked = vault.check(select=["unknown-stage", "ambiguous-amount"])
    assert markdown.markdown(checked, vault.lines_of(checked.diagnostics)) == (
        "# Check\n\n**2 errors in 1 note.**\n\n## [customers/a b.md](customers/a%20b.md)\n\n"
        "- 3:8 **error** `unknown-stage`: stage: there is no stage custmer. Did you mean customer?\n"
        "  - `3: stage: custmer`\n"
        "  - Write one of the stages; those of your own are listed in \\[stages\\] of plaincrm.toml.\n"
        "- 5:42 **error** `ambiguous-amount`: sale: 3,200 can be read two ways, so it is not counted.\n"
        "  - ``5: - 2026-11-20 call: = [[x]] | `b` [sale:: 3,200]``\n"
        "  - Write thousands with a space and decimals in full: 3 200 or 3.20.\n"
    )


# Numbers and last words


def test_statistics_count_every_diagnostic(report: CheckReport) -> None:
    told = json.loads(as_json(statistics.data(report)))
    assert sum(row["faults"] for row in told["statistics"]) == len(report.diagnostics)
    assert [row["faults"] for row in told["statistics"]] == sorted(
        (row["faults"] for row in told["statistics"]), reverse=True
    )
    assert "diagnostics" not in told
    table = list(csv.reader(io.StringIO(as_csv(statistics.FIELDS, statistics.rows(report)), newline="")))
    assert [row[0] for row in table[1:]] == [row["code"] for row in told["statistics"]]


def test_statistics_as_text() -> None:
    items = (item_of(), item_of(fix="x"), item_of()._replace(severity="hint", code="no-next-step"))
    assert plain(list(statistics.text(report_of(*items), 80))) == (
        "Faults  Severity  Code          Fixable\n"
        "     2  error     bad-date            1\n"
        "     1  hint      no-next-step\n"
        "\n2 errors and 1 hint in 1 note; 1 can be mended with plaincrm fix.\n"
    )


SOUND = CheckReport(47, 0, 0, 0, 0, 0, ())
FAULTY = CheckReport(47, 2, 1, 3, 0, 0, (item_of(), item_of(fix=""), item_of(fix="x")))


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (SOUND, "47 notes checked: all is well.\n"),
        (SOUND._replace(files=0), "There are no notes to check.\n"),
        (FAULTY, "2 errors, 1 warning and 3 hints in 47 notes; 2 can be mended with plaincrm fix.\n"),
        (FAULTY._replace(files=0, errors=1, warnings=0, hints=0), "1 error; 2 can be mended with plaincrm fix.\n"),
        (FAULTY._replace(files=1, warnings=0, hints=0), "2 errors in 1 note; 2 can be mended with plaincrm fix.\n"),
        (
            SOUND._replace(known=12),
            "47 notes checked: nothing new.\n12 known faults stand in plaincrm-baseline.txt.\n",
        ),
        (
            SOUND._replace(known=1, gone=3),
            "47 notes checked: nothing new.\n1 known fault stands in plaincrm-baseline.txt. 3 faults that it knows are"
            " gone: plaincrm check --write-baseline writes it anew.\n",
        ),
        (
            SOUND._replace(gone=1),
            "47 notes checked: all is well.\n1 fault that plaincrm-baseline.txt knows is gone: plaincrm check"
            " --write-baseline writes it anew.\n",
        ),
    ],
)
def test_last_words(report: CheckReport, words: str) -> None:
    from plaincrm.render.check.summary import summary

    assert plain(list(summary(report, 400))) == words
    assert all(len(row) <= 40 for row in plain(list(summary(report, 40))).split("\n"))


@pytest.mark.parametrize("form", ["text", "concise", "github", "sarif", "md"])
def test_every_form_of_the_command_is_harmless(
    form: str, vault: plaincrm.Vault, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--vault", str(vault.root), "--no-cache", "check", "--format", form]
    assert run(arguments) == 1
    seen = capfd.readouterr()
    assert seen.err == ""
    assert not [character for character in {*seen.out} if is_hostile(character)]
    commands = [command for row in seen.out.splitlines() if (command := runner_command(row))]
    assert {command.name for command in commands} == ({"error", "warning", "notice"} if form == "github" else set())


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_json_and_sarif_are_sound_in_any_encoding(form: str, vault: plaincrm.Vault) -> None:
    command = [sys.executable, "-m", "plaincrm", "--vault", str(vault.root), "--no-cache", "check", "--format", form]
    told = [
        json.loads(subprocess.run(command, capture_output=True, check=False, env={**os.environ, **more}).stdout)
        for more in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "utf-8"})
    ]
    assert told[0] == told[1]
