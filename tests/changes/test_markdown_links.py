"""Markdown links, canvases, the baseline and the settings, where a customer is renamed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plaincrm.changes.canvas import relinked_canvas
from plaincrm.changes.markdown_links import markdown_targets, moved_target
from plaincrm.changes.move import Move
from tests.making import vault_of

MOVE = Move("customers/old café.md", "customers/new (1).md")
PATH = "daily/2026-11-20.md"


def moved(text: str, path: str = PATH, move: Move = MOVE) -> str:
    at, pieces = 0, []
    for target in markdown_targets(text):
        new = moved_target(target, path, move)
        pieces += text[at : target.start], new or target.text
        at = target.start + len(target.text)
    return "".join(pieces) + text[at:]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[x](../customers/old%20café.md)", "[x](../customers/new%20%281%29.md)"),
        ("[x](../customers/old%20caf%C3%A9.md#Log)", "[x](../customers/new%20%281%29.md#Log)"),
        ("[x](<../customers/old café.md>)", "[x](<../customers/new (1).md>)"),
        ("![x](/customers/old%20café.md)", "![x](/customers/new%20%281%29.md)"),
        ("[x](customers/old%20café)", "[x](customers/new%20%281%29)"),
        ("[x](old%20café.md 'titled')", "[x](new%20%281%29.md 'titled')"),
        ("see [x].\n\n[x]: ../customers/old%20café.md\n", "see [x].\n\n[x]: ../customers/new%20%281%29.md\n"),
        ("[x](OLD%20CAFE\u0301.md)", "[x](new%20%281%29.md)"),
    ],
)
def test_a_markdown_link_is_written_anew_in_its_own_way(before: str, after: str) -> None:
    assert moved(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://a.example/customers/old%20café.md)",
        "[x](../people/old%20café.md)",
        "[x](../../customers/old%20café.md)",
        "`[x](old%20café.md)`",
        "```\n[x](old%20café.md)\n```\n",
        "<!-- [x](old%20café.md) -->",
        "[x](#old%20café)",
        "[x](old%20café.pdf)",
        "(old%20café.md)",
    ],
)
def test_what_leads_elsewhere_stays(text: str) -> None:
    assert moved(text) == text


def test_into_another_folder_the_way_counts_from_the_note() -> None:
    move = Move("customers/people/old.md", "customers/companies/new.md")
    text = "[a](../customers/people/old.md) [b](/customers/people/old.md) [c](old.md)"
    assert moved(text, move=move) == "[a](../customers/companies/new.md) [b](/customers/companies/new.md) [c](new.md)"


CANVAS = """{
\t"nodes":[
\t\t{"id":"1","type":"file","file":"customers/salo-oy.md","x":0},
\t\t{"id":"2","type":"text","text":"see [[salo-oy|them]] \\"now\\"\\n[[other]]"},
\t\t{"id":"3","type":"file","file":"customers/other.md"}
\t],
\t"edges":[]
}"""


def test_a_canvas_shows_the_note_under_its_new_name(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": "---\nname: Salo Oy\n---\n", "boards/a.canvas": CANVAS})
    report = vault.rename("salo", "Äyskäri")
    assert (tmp_path / "boards/a.canvas").read_text(encoding="utf-8") == CANVAS.replace("salo-oy", "äyskäri")
    assert ("boards/a.canvas", 3, ("links to äyskäri",)) in [(f.file, f.line, f.what) for f in report.files]
    vault.undo()
    assert (tmp_path / "boards/a.canvas").read_text(encoding="utf-8") == CANVAS


@pytest.mark.parametrize("text", ["", "no JSON", '{"nodes": [', CANVAS.replace("salo-oy", "salo-oyj"), "[" * 100_000])
def test_a_canvas_that_does_not_name_it_or_is_none_stays(text: str) -> None:
    assert relinked_canvas("a.canvas", text.encode(), Move("customers/salo-oy.md", "customers/new.md")) is None


def test_escapes_of_a_canvas_stay_escapes() -> None:
    text = json.dumps({"nodes": [{"file": "customers/käyrä.md"}]})
    step = relinked_canvas("a.canvas", text.encode(), Move("customers/käyrä.md", "customers/äyskäri.md"))
    assert step is not None
    assert step.change.new == json.dumps({"nodes": [{"file": "customers/äyskäri.md"}]}).encode()


def test_known_faults_go_along_and_settings_are_told(tmp_path: Path) -> None:
    notes = {
        "salo-oy.md": "---\nname: Salo Oy\nnext: soon\n---\n[me](salo-oy.md)\n",
        "other.md": "---\nname: Other\nnext: soon\n---\n[x](salo-oy.md)\n",
        "Home.md": "[x](customers/salo-oy.md)\n",
    }
    vault = vault_of(tmp_path, {**notes, "x/Home.md": "[x](../customers/salo-oy.md)\n"})
    (tmp_path / "plaincrm.toml").write_text('# salo-oy\n[segments]\nof = "referred_by:salo-oy"\nno = "x:salo-oyj"\n')
    vault.write_baseline()
    known = (tmp_path / "plaincrm-baseline.txt").read_text()
    vault.rename("salo", "Aalto")
    assert (tmp_path / "plaincrm-baseline.txt").read_text() == known.replace("salo-oy", "aalto")
    assert vault.check().diagnostics == ()
    assert vault.notices == ["plaincrm.toml:3 names salo-oy still; the settings are for you to change."]
    assert (tmp_path / "customers/other.md").read_text().endswith("[x](aalto.md)\n")
    assert (tmp_path / "customers/aalto.md").read_text().endswith("[me](aalto.md)\n")
    assert (tmp_path / "x/Home.md").read_text() == "[x](../customers/aalto.md)\n"
