"""New customers: where their note goes, what it begins as, and who is there already."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaincrm.changes.new import NewNote
from plaincrm.errors import NoMatch, SeemsKnown, UsageError, WriteRefused
from tests.making import vault_of

PERSON = '---\nname: "{{title}}"\ntype: person\nsince: "{{date}}"\n---\n\n- {{date}} note: card opened\n'
FIRM = "---\nname: {{title}}\ntype: company\n---\n"
PERSON_FI = "---\nnimi: {{title}}\ntyyppi: henkilö\nvaihe: liidi\n---\n\n## Loki\n"
AURINKO = """---
name: Kahvila Aurinko Oy
type: company
aliases: [Solcafé]
tags: [café, terrace]
business_id: 2779126-0
contacts:
  - Pekka Laine <pekka@aurinko.example> +358 40 555 0101
city: Turku
owner: liisa
next: 2026-12-01
---
"""
DAY = date(2026, 11, 21)


def made(root: Path, path: str) -> str:
    return (root / path).read_bytes().decode()


def test_the_built_in_note(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {})
    report = vault.new("Kahvila Kuu: Turku", type="company", tags=["café", "b"], next=date(2026, 12, 1))
    assert [(item.file, item.line, item.what) for item in report.files] == [
        ("customers/kahvila-kuu-turku.md", 1, ("new: Kahvila Kuu: Turku",))
    ]
    assert made(tmp_path, "customers/kahvila-kuu-turku.md") == (
        '---\nname: "Kahvila Kuu: Turku"\ntype: company\ntags:\n  - café\n  - b\nstage: lead\nnext: 2026-12-01\n---\n'
        "\n## Log\n"
    )
    assert vault.check(DAY).diagnostics == ()


def test_in_the_language_of_most_notes(tmp_path: Path) -> None:
    notes = {"a.md": "---\nnimi: Aino\n---\n", "b.md": "---\nnimi: Matti\n---\n", "c.md": "---\nname: Sam\n---\n"}
    vault = vault_of(tmp_path, notes)
    vault.new("Kuu", type="yritys")
    vault.new("Moon", NewNote(language="en"))
    assert made(tmp_path, "customers/kuu.md") == "---\nnimi: Kuu\ntyyppi: yritys\nvaihe: liidi\n---\n\n## Loki\n"
    assert made(tmp_path, "customers/moon.md") == "---\nname: Moon\nstage: lead\n---\n\n## Log\n"


TEMPLATES = {"t/person.md": PERSON, "t/firm.md": FIRM, "t/henkilo.md": PERSON_FI}
CONFIG = '[vault]\ntemplates = ["t/person.md", "t/firm.md", "t/henkilo.md"]\n'


@pytest.mark.parametrize(
    ("how", "fields", "note"),
    [
        (
            NewNote(DAY),
            {},
            '---\nname: "Kuu"\ntype: person\nsince: 2026-11-21\n---\n\n- 2026-11-21 note: card opened\n',
        ),
        (NewNote(DAY), {"type": "company"}, "---\nname: Kuu\ntype: company\n---\n"),
        (
            NewNote(DAY, language="fi"),
            {"stage": "customer"},
            PERSON_FI.replace("{{title}}", "Kuu").replace("liidi", "asiakas"),
        ),
        (
            NewNote(DAY, language="fi"),
            {"type": "company"},
            PERSON_FI.replace("{{title}}", "Kuu").replace("henkilö", "yritys"),
        ),
    ],
)
def test_the_template_that_fits(tmp_path: Path, how: NewNote, fields: dict[str, str], note: str) -> None:
    vault_of(tmp_path, TEMPLATES, CONFIG).new("Kuu", how, **fields)
    assert made(tmp_path, "customers/kuu.md") == note


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("---\nname: x\nsource: \"<% tp.system.prompt('?') %>\"\n---\n", "t/a.md"),
        ("---\nname: x\nstage: {{stage}}\n---\n", "t/a.md"),
        ("---\nname: x\nsince: {{date:dddd}}\n---\n", "dddd"),
    ],
)
def test_a_template_that_leaves_a_fault(tmp_path: Path, template: str, message: str) -> None:
    vault = vault_of(tmp_path, {"t/a.md": template}, '[vault]\ntemplates = ["t/a.md"]\n')
    with pytest.raises(UsageError, match=message):
        vault.new("Kuu", NewNote(DAY))
    assert not (tmp_path / "customers").exists()


@pytest.mark.parametrize("path", ["t/none.md", "../out.md", "t", "/etc/passwd"])
def test_no_such_template(tmp_path: Path, path: str) -> None:
    (tmp_path / "out.md").write_text(FIRM)
    vault = vault_of(tmp_path / "vault", {"t/x.md": FIRM}, f'[vault]\ntemplates = ["{path}"]\n')
    with pytest.raises(UsageError, match="There is no template"):
        vault.new("Kuu")


def test_the_folder(tmp_path: Path) -> None:
    notes = {
        "customers/firms/a.md": "---\nname: A\ntype: company\n---\n",
        "customers/b.md": "---\nname: B\ntype: person\n---\n",
    }
    vault = vault_of(tmp_path, notes)
    for name, how, fields, path in (
        ("One", NewNote(), {"type": "company"}, "customers/firms/one.md"),
        ("Two", NewNote(), {"type": "person"}, "customers/two.md"),
        ("Three", NewNote(), {}, "customers/three.md"),
        ("Four", NewNote(folder="customers/new/"), {}, "customers/new/four.md"),
    ):
        assert vault.new(name, how, **fields).files[0].file == path
        assert vault.path_of(name) == path


@pytest.mark.parametrize(
    "folder", ["elsewhere", "/tmp", "../x", "customers/templates", "customers/.x", "customers/old"]
)
def test_a_folder_that_is_not_read(tmp_path: Path, folder: str) -> None:
    vault = vault_of(tmp_path, {}, '[vault]\nignore = ["customers/old/**"]\n')
    with pytest.raises((UsageError, WriteRefused)):
        vault.new("Kuu", NewNote(folder=folder))
    assert [*tmp_path.iterdir()] == [tmp_path / "plaincrm.toml"]


def test_a_name_that_looks_like_a_copy(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {})
    with pytest.raises(UsageError, match="would not be read as a customer"):
        vault.new("Acme Conflict Group")
    vault.new("Acme Conflict Group", NewNote(file="acme group"))
    assert vault.customer("acme group").name == "Acme Conflict Group"


def test_file_names(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"x/Kuu.md": "Text", "x/kuu-2.md": "Text"})
    assert vault.new("KUU").files[0].file == "customers/kuu-3.md"
    with pytest.raises(UsageError, match="There is a note Kuu already"):
        vault.new("Moon", NewNote(file="Kuu.md"))


def test_files_are_named_as_those_that_are_there(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"Anna Virtanen.md": "---\nstage: lead\n---\n", "Eva.md": "---\nname: Eva\n---\n"})
    assert vault.new("Matti Meikäläinen 2").files[0].file == "customers/Matti Meikäläinen-2.md"


@pytest.mark.parametrize(
    ("name", "fields", "shared"),
    [
        ("Kahvila Aurinko", {}, "the same name"),
        ("Kahvila Auringo", {}, "nearly the same name"),
        ("solcafé", {}, "also called solcafé"),
        ("X", {"business_id": "2779126-0"}, "the same business id"),
        ("X", {"email": "PEKKA@aurinko.example"}, "the same e-mail address"),
        ("X", {"phone": "040 5550101"}, "the same phone number"),
    ],
)
def test_who_is_there_already(tmp_path: Path, name: str, fields: dict[str, str], shared: str) -> None:
    vault = vault_of(tmp_path, {"aurinko.md": AURINKO}, '[vault]\ncountry = "FI"\n')
    with pytest.raises(SeemsKnown, match=rf"  aurinko  Kahvila Aurinko Oy: {shared}  \(customers/aurinko.md:[0-9]+\)"):
        vault.new(name, **fields)
    assert len(vault.new(name, NewNote(known=True), **fields).files) == 1


@pytest.mark.parametrize(
    ("name", "fields"),
    [("Kahvila Kuu", {}), ("Anne", {}), ("Pekka", {"company": "aurinko", "phone": "+358 40 555 0101"})],
)
def test_who_is_not(tmp_path: Path, name: str, fields: dict[str, str]) -> None:
    vault = vault_of(
        tmp_path, {"aurinko.md": AURINKO, "anna.md": "---\nname: Anna\n---\n"}, '[vault]\ncountry = "FI"\n'
    )
    assert len(vault.new(name, **fields).files) == 1


def test_like_another_one(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"aurinko.md": AURINKO})
    vault.new("Kuu", NewNote(like="aurinko"), owner="matti")
    assert made(tmp_path, "customers/kuu.md") == (
        "---\nname: Kuu\ntype: company\ntags:\n  - café\n  - terrace\ncity: Turku\nstage: lead\n"
        "owner: matti\n---\n\n## Log\n"
    )
    with pytest.raises(NoMatch):
        vault.new("Moon", NewNote(like="nobody"))


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {})
    report = vault.new("Kuu", NewNote(dry_run=True))
    assert (report.dry_run, report.files[0].new) == (True, "---\nname: Kuu\nstage: lead\n---\n\n## Log\n")
    assert not (tmp_path / "customers").exists()


@pytest.mark.parametrize(
    "fields", [{"stag": "lead"}, {"nimi": "Moon"}, {"stage": "x"}, {"next": "soon"}, {"email": ["a@b"]}]
)
def test_fields_are_checked_first(tmp_path: Path, fields: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        vault_of(tmp_path, {}).new("Kuu", **fields)
    assert not (tmp_path / "customers").exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_name_gives_a_sound_note_that_is_found(tmp_path: Path, name: str) -> None:
    vault = vault_of(tmp_path / "one", {})
    try:
        path = vault.new(name, NewNote(known=True)).files[0].file
    except UsageError:
        return
    assert vault.customer(Path(path).stem).name == " ".join(name.split())
    assert [found.code for found in vault.check().diagnostics if found.file == path and found.severity == "error"] == []
    (tmp_path / "one" / path).unlink()
