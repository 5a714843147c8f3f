"""history, diff and blame on the command line: every form, their schemas, and what people see."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from referencing import Registry, Resource

from plaincrm.cli.group import cli
from plaincrm.cli.run import run
from tests.docs.blocks import ROOT
from tests.history.past import PastVault

SCHEMAS = ROOT / "docs/schemas"
ACME = """---
name: Acme *Oy*
stage: lead
---

## Deals
- [deal:: Roof] [value:: 900 €]

## Log
- 2026-01-02 visit: <b>the roof</b> [sale:: 1 500 EUR]
  - [ ] Send | the quote 📅 2026-01-10
- 2025-12-03 note: the door
- 2025-12-02 note: the key
- 2025-12-01 note: the dog
"""
AFTER = ACME.replace("lead", "prospect").replace("[ ]", "[x]").replace("1 500", "1 700")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits, a merge, a note that cannot be read, and something that is not committed."""
    past = PastVault(tmp_path_factory.mktemp("forms"))
    past.commit("2026-01-05", "=first\x1b[31m", acme=ACME, bea="---\nname: [\n---\n")
    past.git("checkout", "-q", "-b", "side")
    past.commit("2026-01-06", "theirs", who="matti", acme=AFTER)
    past.git("checkout", "-q", "main")
    past.commit("2026-01-07", "ours", acme=ACME + "- 2025-11-30 call: hello\n")
    past.git("merge", "-q", "-m", "together", "side", when="2026-01-08T10:00:00Z")
    past.write("acme.md", AFTER.replace("prospect", "customer"))
    past.write("new.md", "---\nname: New\n---\n")
    return past.root


def answer(root: Path, *words: str) -> str:
    arguments = ["--no-cache", "--vault", str(root), "--today", "2026-01-10", *words]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


ASKED = (
    ["history"],
    ["history", "acme"],
    ["history", "--kind", "promise"],
    ["history", "acme", "--author", "nobody"],
    ["diff"],
    ["diff", "HEAD~1"],
    ["diff", "HEAD"],
    ["blame", "acme"],
    ["blame", "bea"],
)


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_json_is_as_the_schemas_say(asked: list[str], root: Path) -> None:
    registry = Registry().with_resources(
        (path.name, Resource.from_contents(json.loads(path.read_text(encoding="utf-8"))))
        for path in SCHEMAS.glob("*.json")
    )
    schema = json.loads((SCHEMAS / f"{asked[0]}.json").read_text(encoding="utf-8"))
    told = json.loads(answer(root, *asked, "--format", "json"))
    jsonschema.Draft202012Validator(schema, registry=registry).validate(told)


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_text_fits_the_page_and_acts_on_no_terminal(asked: list[str], root: Path) -> None:
    text = answer(root, *asked)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_the_text_of_a_history(root: Path) -> None:
    text = answer(root, "history", "acme")
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0] == "History of Acme *Oy* · customers/acme.md"
    assert lines[2:7] == [
        "not committed",
        "stage: prospect -> customer (line 3)",
        "entry removed: 2025-11-30 call: hello (was line 15)",
        "customers/acme.md",
        "2026-01-08 12:00 Liisa Savi: together",
    ]
    assert "entry added: 2025-11-30 call: hello (written 2026-01-07) (line 15)" in lines
    assert "note added: 2 fields, 4 entries, 1 promise, 1 deal" in lines


def test_markdown_and_pages_show_what_notes_say_as_it_is(root: Path) -> None:
    note = answer(root, "history", "acme", "--format", "md")
    assert note.startswith("# History of Acme \\*Oy\\*\n")
    assert "&lt;b&gt;the roof&lt;/b&gt;" in note
    page = answer(root, "diff", "HEAD~2", "--format", "html")
    assert "&lt;b&gt;the roof&lt;/b&gt;" in page
    assert "<b>the roof" not in page
    assert "[[acme]] Acme \\*Oy\\*" in answer(root, "diff", "HEAD~2", "--format", "md")


def test_csv_has_one_row_a_change_and_no_formula(root: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(answer(root, "history", "acme", "--format", "csv"))))
    assert {row["subject"] for row in rows} == {"", "together", "ours", "theirs", "'=first\\x1b[31m"}
    (stage,) = [row for row in rows if row["key"] == "stage" and row["subject"] == "theirs"]
    assert (stage["author"], stage["old"], stage["new"], stage["file"]) == (
        "Matti Savi",
        "lead",
        "prospect",
        "customers/acme.md",
    )
    assert [row["side"] != "" for row in rows if row["subject"] == "together"]
    assert len(list(csv.DictReader(io.StringIO(answer(root, "blame", "acme", "--format", "csv"))))) == 8
    diff = list(csv.DictReader(io.StringIO(answer(root, "diff", "--format", "csv"))))
    assert [row["key"] for row in diff] == ["stage", "2025-11-30 call: hello", "New", "name"]


def test_a_limit_shortens_what_people_read(root: Path) -> None:
    assert "and earlier ones; --limit 0 shows all" in answer(root, "history", "--limit", "1")
    assert len(json.loads(answer(root, "history", "--limit", "1", "--format", "json"))["events"]) == 5
    assert "and 1 more; --limit 0 shows all" in answer(root, "diff", "HEAD", "--limit", "1")


REFUSED = {
    ("history", "acme", "--only", "stage:lead"): "A customer and --only name two sets of notes.",
    ("history", "--since", "someday"): "--since: ",
    ("history", "--field", "stagee"): "There is no field stagee.",
    ("diff", "nowhere"): "nowhere is no revision of this repository.",
    ("blame", "nobody"): "No customer is called nobody.",
}


@pytest.mark.parametrize("asked", REFUSED, ids=" ".join)
def test_what_cannot_be_asked(asked: tuple[str, ...], root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--no-cache", "--vault", str(root), "--today", "2026-01-10", *asked]) in (1, 2)
    assert capfd.readouterr().err.startswith(f"plaincrm: {REFUSED[asked]}")


def test_without_git_the_rest_works(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "vault"
    (root / "customers").mkdir(parents=True)
    (root / "customers/acme.md").write_text(ACME, encoding="utf-8")
    for asked in (["history"], ["diff"], ["blame", "acme"]):
        assert run(["--no-cache", "--vault", str(root), *asked]) == 2
        told = capfd.readouterr().err
        assert told == "plaincrm: The vault is in no git repository.\nMake one with git init, and commit.\n"
    assert "Acme" in answer(root, "list")


def test_machines_are_folded_by_the_day(tmp_path: Path) -> None:
    past = PastVault(tmp_path, config='[git]\nmachine = ["robo"]\n')
    past.commit("2026-01-05T08:00:00Z", "first", acme=ACME)
    for hour, words, who in ((9, "acme: city A\n\nCustomer: acme", "liisa"), (10, "rang", "liisa"), (11, "x", "robo")):
        past.commit(f"2026-01-05T{hour:02}:00:00Z", words, who=who, acme=f"{ACME}- 2025-11-{hour} call: hello\n")
    past.commit("2026-01-05T12:00:00Z", "acme: city B\n\nCustomer: acme", acme=AFTER)
    past.commit("2026-01-06T12:00:00Z", "acme: city C\n\nCustomer: acme", acme=ACME)
    told = answer(past.root, "history", "acme", "--fold-machine")
    assert [line.strip() for line in told.splitlines() if line.startswith("  2")] == [
        "2026-01-06 1 change by plaincrm",
        "2026-01-05 2 changes by plaincrm, 1 by robo",
        "2026-01-05 10:00 Liisa Savi: rang",
        "2026-01-05 08:00 Liisa Savi: first",
    ]
    found = json.loads(answer(past.root, "history", "acme", "--fold-machine", "--format", "json"))
    assert [event["machine"] for event in found["events"]] == [True, True, True, False, True, False]


def test_what_is_left_out_cannot_be_folded(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--no-cache", "--vault", str(root), "history", "--no-machine", "--fold-machine"]) == 2
    assert "Give one of them" in capsys.readouterr().err
