"""One cause, one message: bad notes as people and programs make them, with the place and the words of what is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.render.check.full import text
from plaincrm.render.lines import plain, width_of
from tests.making import vault_of

TODAY = date(2026, 11, 21)
CONFIG = '[vault]\nowners = ["liisa", "matti"]\ncurrency = "EUR"\ncountry = "FI"\n'
LOG = "---\nname: Acme\n---\n## Log\n"

# What a note holds -> place, severity, code and message of all that is said.
SAID = {
    "---\nname: Acme\ncity: \udcc5bo\n---\n": (
        "3:7 error not-utf8: Byte 22 of the file, 0xC5, is no UTF-8; in Windows-1252 it is Å."
    ),
    f"{LOG}\udce2\udc82\n": "5:1 warning not-utf8-in-text: Byte 27 of the file, 0xE2, is no UTF-8.",
    "---\nname: Acme\n<<<<<<< HEAD\ncity: Turku\n=======\ncity: Oulu\n>>>>>>> other\n---\n": (
        "3:1 error unresolved-merge: Here stand both sides of a merge that nobody has finished."
    ),
    "---\n<<<<<<< HEAD\nname: Acme\n||||||| base\n=======\nname: Acne\n>>>>>>> other\n---\n": (
        "2:1 error unresolved-merge: Here stand both sides of a merge that nobody has finished."
    ),
    "\ufeff\ufeff---\nname: Acme\n---\n": (
        "1:1 warning stray-byte-order-mark: A byte order mark stands inside the file."
    ),
    "---\rname: Acme\r---\r": (
        "1:4 warning mixed-line-ends: Lines end in different ways in this file. A CR alone ends no line for plaincrm."
    ),
    "---\nname: Acme\ncity\u00a0: Turku\n---\n": (
        "3:1 warning unknown-field: There is no field city\u00a0. It holds a no-break space (U+00A0)."
    ),
    "---\nname: Acme\nci\u200bty: Turku\n---\n": (
        "3:1 warning unknown-field: There is no field ci\u200bty. It holds an odd blank (U+200B)."
    ),
    "---\nname: Acme\nstage:\u00a0lead\n---\n": (
        "3:7 error bad-yaml: This is no valid YAML: behind the colon stands a no-break space (U+00A0)."
    ),
    "---\nname: Acme\ntags:\n\u00a0\u00a0- a\n---\n": (
        "4:1 error bad-yaml: This is no valid YAML: the line begins with a no-break space (U+00A0)."
    ),
    "---\nname\uff1aAcme\n---\n": "2:5 error bad-yaml: This is no valid YAML: its colon is a full-width one (U+FF1A).",
    "---\n%YAML 1.2\nname: Acme\n---\n": (
        "2:1 error bad-yaml: This is no valid YAML: a YAML directive stands here, and nobody needs one."
    ),
    "---\nname: Acme\n\n- 2026-11-20 call in: x\n\n---\nmore\n": (
        "4:1 error bad-yaml: This is no valid YAML: this item of a list stands below no field."
    ),
    '+++\nname = "Acme"\n+++\n': (
        "1:1 warning front-matter-fence: The note begins with TOML, not YAML, so its front matter is not seen."
    ),
    '{"name": "Acme"}\n': (
        "1:1 warning front-matter-fence: The note begins with JSON, not YAML, so its front matter is not seen."
    ),
    "Hello\n---\nname: Acme\n---\n": (
        "2:1 warning front-matter-fence: The note begins with other words, so its front matter is not seen."
    ),
    "---\nname: Acme\nown:\n  a: 1\n  b: 2\n  a: 3\n---\n": (
        "6:3 error duplicate-key: The field a stands here a second time; the first is on line 4."
    ),
    f"{LOG}- 2026-11-20 25:61 call in: x\n": "5:14 error bad-time: 25:61 is no time of day.",
    f"{LOG}- 2026-11-20 23:59:60 call in: x\n": "5:14 error bad-time: 23:59:60 is no time of day.",
    f"{LOG}- 2026-11-20T10:00+02:00 call in: x\n": "5:14 error bad-time: 10:00+02:00 is no time of day.",
    f"{LOG}- 2026-11-20 10:00-24:30 visit: x\n": "5:14 error bad-time: 10:00-24:30 is no time of day.",
    f"{LOG}- 2026-11-20 visit: x (sale:: 12 €\n": (
        "5:23 warning unclosed-field: An inline field begins here and is never closed."
    ),
    "---\nname: Acme\nowner: Liisa Mäkinen\n---\n": (
        "3:8 error unknown-owner: owner: nobody here is called Liisa Mäkinen. Did you mean liisa?"
    ),
    "---\nname: Acme\nsince: 01/05/2026\n---\n": (
        "3:8 error bad-date: since: 01/05/2026 is no date. Did you mean 2026-05-01 or 2026-01-05?"
    ),
    "---\nname: Acme\nsince: 31/01/2026\n---\n": (
        "3:8 error bad-date: since: 31/01/2026 is no date. Did you mean 2026-01-31?"
    ),
    f"---\nname: Acme\nsize: {'9' * 100}\n---\n": f"3:7 error bad-number: size: {'9' * 80}… is no number.",
}
# Notes that look like these and of which nothing is to be said.
SOUND = (
    "Some words first.\n\n# A house\n\ntext\n\n---\nnote: this is text below a rule\n",
    f"{LOG}- 2026-11-20 10:00:30 call in: x\n- 2026-11-20 10:00: call in: x\n- 2026-11-20 12.5 hours of work\n",
    f"{LOG}- 2026-11-20 visit: x [sale:: 450,- €]\n- 2026-11-19 visit: x [sale:: 1.200,-]\n",
)


@pytest.mark.parametrize("note", SAID)
def test_what_is_said_of_a_note_and_nothing_else(note: str, tmp_path: Path) -> None:
    found = vault_of(tmp_path, {"acme.md": note.encode("utf-8", "surrogateescape")}, CONFIG).check(TODAY).diagnostics
    said = [f"{item.line}:{item.column} {item.severity} {item.code}: {item.message}" for item in found]
    assert said == [SAID[note]]


@pytest.mark.parametrize("note", SOUND)
def test_nothing_is_said(note: str, tmp_path: Path) -> None:
    found = vault_of(tmp_path, {"acme.md": note}, CONFIG).check(TODAY).diagnostics
    assert {item.code for item in found} <= {"no-front-matter"}


def test_a_note_is_told_what_to_write_in_its_own_language(tmp_path: Path) -> None:
    notes = {"a.md": "---\nnimi: Alma\nvaihe: asiakas\n---\n", "b.md": "---\nname: Bertta\nstage: customer\n---\n"}
    found = vault_of(tmp_path, notes, CONFIG).check(TODAY).diagnostics
    rest = "and a day, or plan an entry, or promise something by a day."
    assert [item.help for item in found] == [f"Write seuraava: {rest}", f"Write next: {rest}"]


def test_a_copy_is_told_with_the_note_it_was_made_of(tmp_path: Path) -> None:
    copies = ("alma (1)", "alma (Liisa's conflicted copy 2026-11-20)", "gone.sync-conflict-20261120-101500-ABCDEFG")
    vault = vault_of(tmp_path, {f"{name}.md": "---\nname: Alma\n---\n" for name in ("alma", *copies)}, CONFIG)
    assert [item.message for item in vault.check(TODAY).diagnostics] == [
        "A sync program made this copy of alma.md when it was changed in two places.",
        "A sync program made this copy of alma.md when it was changed in two places.",
        "A sync program made this copy of another note when it was changed in two places.",
    ]


def test_nothing_behind_a_link_out_of_the_vault_is_shown(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("the key of the safe\n")
    vault = vault_of(tmp_path / "vault", {"a.md": "---\nname: Alma\n---\n"}, CONFIG)
    (vault.root / "customers" / "b.md").symlink_to(tmp_path / "secret.md")
    found = vault.check(TODAY).diagnostics
    assert [item.code for item in found] == ["link-out-of-vault"]
    assert vault.lines_of(found) == {}


def test_no_line_is_wider_than_the_page_and_the_place_is_never_broken(tmp_path: Path) -> None:
    long = f"customers/{'a long folder/' * 5}acme.md"
    notes = {long: "---\nname: Acme\nnext: 1.12.2026\n---\n", "b.md": "---\nname: Bo\nnext: 1.12.2026\n---\n"}
    vault = vault_of(tmp_path, notes, CONFIG)
    report = vault.check(TODAY)
    lines = plain(list(text(report, vault.lines_of(report.diagnostics), 80))).splitlines()
    assert lines[0].rstrip() == f"{long}:3:7:"
    assert lines[1:3] == ["    error bad-date: next: 1.12.2026 is no date. Did you mean 2026-12-01?", "    (fixable)"]
    assert "customers/b.md:3:7: error bad-date: next: 1.12.2026 is no date. Did you mean" in lines
    assert "    2026-12-01? (fixable)" in lines
    assert max(width_of(line) for line in lines if "a long folder" not in line) <= 80
