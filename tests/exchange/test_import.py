"""`plaincrm import`: sample files of each program become the golden notes, and a second run changes nothing."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from plaincrm import Vault, open_vault
from plaincrm.changes.import_assign import ImportHow
from plaincrm.changes.import_plan import ImportReport
from plaincrm.changes.new import NewNote
from plaincrm.exchange.presets import built_in
from plaincrm.exchange.tables import Told

SAMPLES = Path(__file__).parents[1] / "fixtures/import"
SETS = {
    "google": ["google.csv"],
    "google-old": ["google-old.csv"],
    "outlook": ["outlook.csv"],
    "pipedrive": ["pipedrive-deals.csv", "pipedrive-people.csv", "pipedrive-organizations.csv"],
    "hubspot": ["hubspot-companies.csv", "hubspot-contacts.csv", "hubspot-deals.csv"],
    "salesforce": ["salesforce-accounts.csv", "salesforce-contacts.csv"],
    "salesforce-report": ["salesforce-report.csv"],
    "asiakasluettelo": ["asiakasluettelo.csv"],
    "ods": ["asiakasluettelo.ods"],
    "vcard-2.1": ["contacts-2.1.vcf"],
    "vcard-3": ["contacts-3.vcf"],
    "vcard-4": ["contacts-4.vcf"],
    "monica": ["monica.json"],
}
TODAY = date(2026, 11, 21)
HOW = ImportHow(NewNote(TODAY))


def vault(tmp_path: Path, **notes: str) -> Vault:
    """A vault with these notes."""
    (tmp_path / "v/customers").mkdir(parents=True)
    (tmp_path / "v/plaincrm.toml").write_text('[vault]\ncountry = "FI"\n')
    for name, text in notes.items():
        (tmp_path / f"v/customers/{name}.md").write_text(text, encoding="utf-8")
    return open_vault(tmp_path / "v", cache=False)


def notes_of(vault: Vault) -> str:
    """All notes of a vault, each below its name."""
    found = sorted((vault.root / "customers").rglob("*.md"))
    return "".join(f"=== {path.name}\n{path.read_text(encoding='utf-8')}" for path in found)


def told_of(report: ImportReport) -> str:
    """What was said of the files and of what was not taken over."""
    lines = [f"{source.file}: {source.kind} ({', '.join(source.read_as)})" for source in report.sources]
    lines += [f"  not taken: {', '.join(source.unmapped)}" for source in report.sources if source.unmapped]
    for found in report.outcomes:
        lines += [f"  {found.state} {found.name} {' '.join(found.places)} {found.shared}{found.why}".rstrip()]
        lines += [f"    left out: {told}" for told in found.left_out]
    return "\n".join([*lines, ""])


def imported(vault: Vault, *files: Path, apply: bool = True, how: ImportHow = HOW, **told: str) -> ImportReport:
    return vault.import_records(vault.read_import(files, columns=told), how, apply=apply)


def csv(tmp_path: Path, text: str, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SETS)
def test_an_export_becomes_the_golden_notes_and_a_second_run_changes_nothing(name: str, tmp_path: Path) -> None:
    here, files = vault(tmp_path), [SAMPLES / file for file in SETS[name]]
    looked_at = imported(here, *files, apply=False)
    assert notes_of(here) == ""
    report = imported(here, *files)
    assert [*report.outcomes] == [*looked_at.outcomes]
    golden, shown = SAMPLES / f"golden/{name}.txt", told_of(report) + notes_of(here)
    if os.environ.get("UPDATE_PAGES"):
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")
    assert [found for found in here.check().diagnostics if found.severity == "error"] == []
    again = imported(here, *files)
    assert not again.written.files
    assert {found.state for found in again.outcomes} <= {"same", "rejected"}


def test_every_preset_has_a_sample() -> None:
    seen = {
        line.split(": ")[1].split(" (column")[0]
        for golden in (SAMPLES / "golden").glob("*.txt")
        for line in golden.read_text(encoding="utf-8").splitlines()
        if " (columns parted" in line
    }
    assert seen | {"plaincrm", "plaincrm contacts", "plaincrm deals"} == {
        preset.name for preset in built_in() if preset.requires
    }  # its own round trip


ACME = """---
name: Acme Oy
type: company
business_id: 2077474-0
contacts:
  - Pekka Laine <pekka@acme.example> +358 40 555 0101 (owner)
address: Brahenkatu 9   # the yard
city: Turku
stage: regular
ids: [crm:1]
---

Our words.

## Log
- 2026-01-02 call: hello
"""


def test_an_update_is_told_field_by_field_and_touches_no_other_line(tmp_path: Path) -> None:
    here = vault(tmp_path, acme=ACME)
    text = (
        "Name;Business ID;Address;City;Stage;Phone;Contact;Contact e-mail;Contact phone;Note;Note date\n"
        "ACME OY;20774740;Uusi katu 1;turku;lead;02 555 1000;Pekka Laine;pekka@acme.example;040 555 0199;Said yes;"
        "2026-02-03\n"
    )
    report = imported(here, csv(tmp_path, text))
    (found,) = report.outcomes
    assert (found.state, found.shared) == ("changed", "the same business id")
    assert [tuple(change) for change in found.changes] == [
        ("address", "Brahenkatu 9", "Uusi katu 1"),
        ("phone", "", "02 555 1000"),
        (
            "contacts",
            "Pekka Laine <pekka@acme.example> +358 40 555 0101 (owner)",
            "Pekka Laine <pekka@acme.example> 040 555 0199 (owner)",
        ),
        ("log", "", "2026-02-03 Said yes"),
    ]
    old = "  - Pekka Laine <pekka@acme.example> +358 40 555 0101 (owner)\n"
    new = '  - "Pekka Laine <pekka@acme.example> 040 555 0199 (owner)"\nphone: ["02 555 1000"]\n'
    after = ACME.replace("Brahenkatu 9 ", "Uusi katu 1 ").replace(old, new)
    after = after.replace("## Log\n", "## Log\n- 2026-02-03 note: Said yes\n")
    assert notes_of(here) == f"=== acme.md\n{after}"
    here.undo()
    assert notes_of(here) == f"=== acme.md\n{ACME}"


def test_with_keep_only_what_is_empty_is_filled(tmp_path: Path) -> None:
    here = vault(tmp_path, acme=ACME)
    file = csv(tmp_path, "Name;Business ID;Address;Website\nAcme;2077474-0;Uusi katu 1;acme.example\n")
    (found,) = imported(here, file, how=HOW._replace(keep=True)).outcomes
    assert [change.field for change in found.changes] == ["website"]


PEKKA = "---\nname: Pekka Laine\ntype: person\nphone: 040 555 0001\ncity: Turku\n---\n"


@pytest.mark.parametrize(
    ("row", "state", "why"),
    [
        ("Pekka Laine;;;;", "unclear", "the name alone does not tell"),
        ("Pekka Laine;;;Turku;", "same", "the same name, the same city"),
        ("Pekka Laine;;;Oulu;", "unclear", "the name alone does not tell"),
        ("Pekka Laine;;040 555 0001;;", "same", "the same phone number"),
        ("Liisa Laine;;040 555 0001;;", "same", "the same phone number"),
        ("Olli Muu;;040 555 0001;;", "unclear", "the same phone number, but another name"),
        ("Olli Muu;;;;crm:1", "same", "crm:1"),
        ("Acme;;;;", "unclear", "the name alone does not tell"),
        ("Acme Oy;1572860-0;;;", "new", ""),
        ("Acme Oy;2077474-0;;;", "same", "the same business id"),
        ("Other Oy;2077474-0;;;", "same", "the same business id"),
        ("Somebody Else;;;;", "new", ""),
    ],
)
def test_nobody_is_guessed(row: str, state: str, why: str, tmp_path: Path) -> None:
    here = vault(tmp_path, acme=ACME, pekka=PEKKA)
    file = csv(tmp_path, f"Name;Y-tunnus;Phone;City;ids\n{row}\n")
    (found,) = imported(here, file, apply=False).outcomes
    assert (found.state, found.shared or found.why) == (state, why)


def test_what_is_unclear_is_decided_by_people(tmp_path: Path) -> None:
    here = vault(tmp_path, pekka=PEKKA)
    file = csv(tmp_path, "Name;Email\nPekka Laine;pekka@uusi.example\n")
    (found,) = imported(here, file).outcomes
    assert found.state == "unclear"
    assert [other.customer for other in found.candidates] == ["pekka"]
    (found,) = imported(here, file, apply=False, how=HOW._replace(decided={"list.csv:2": "new"})).outcomes
    assert (found.state, found.path) == ("new", "customers/pekka-laine.md")
    (found,) = imported(here, file, how=HOW._replace(decided={"list.csv:2": "pekka"})).outcomes
    assert (found.state, found.path) == ("changed", "customers/pekka.md")


def test_rows_about_one_customer_become_one_note(tmp_path: Path) -> None:
    here = vault(tmp_path)
    file = csv(
        tmp_path, "Name;Y-tunnus;Email;City\nAcme Oy;2077474-0;a@acme.example;\nAcme;20774740;b@acme.example;Oulu\n"
    )
    (found,) = imported(here, file).outcomes
    assert found.places == ("list.csv:2", "list.csv:3")
    assert "  - a@acme.example\n  - b@acme.example\n" in notes_of(here)
    assert "city: Oulu" in notes_of(here)


def test_columns_can_be_told_and_kept_as_a_preset(tmp_path: Path) -> None:
    here = vault(tmp_path)
    file = csv(tmp_path, "Kunde;Ort;Nr;Egal\nAcme GmbH;Wien;7;x\n")
    (source,) = here.read_import([file], columns={"Kunde": "name", "Ort": "kaupunki", "Nr": "ids", "Egal": "-"})
    assert dict(source.columns) == {"Kunde": "name", "Ort": "city", "Nr": "ids"}
    here.save_preset("Wiener Kunden", source)
    (again,) = here.read_import([file])
    assert (again.kind, again.columns) == ("Wiener Kunden", source.columns)
    assert (again.unmapped, here.save_preset("Wiener Kunden", again).files) == ((), ())
    assert (here.root / ".plaincrm/presets/wiener-kunden.toml").is_file()


def test_an_id_without_a_preset_is_called_as_its_column(tmp_path: Path) -> None:
    here = vault(tmp_path)
    file = csv(tmp_path, "Name;Customer No\nAcme GmbH;7\n")
    imported(here, file, **{"Customer No": "id"})
    assert "ids:\n  - customer-no:7\n" in notes_of(here)
    (found,) = imported(here, csv(tmp_path, "Name;Customer No\nOther Name;7\n"), **{"Customer No": "id"}).outcomes
    assert (found.state, found.shared) == ("same", "customer-no:7")


def test_an_import_takes_little_for_granted(tmp_path: Path) -> None:
    from plaincrm.errors import UsageError

    here = vault(tmp_path)
    with pytest.raises(UsageError, match="has no column with the names"):
        here.read_import([csv(tmp_path, "Foo;Bar\nx;y\n")])
    with pytest.raises(UsageError, match="There is no field foo"):
        here.read_import([csv(tmp_path, "Name;Bar\nx;y\n")], columns={"Bar": "foo"})
    with pytest.raises(UsageError, match="has no column Baz"):
        here.read_import([csv(tmp_path, "Name;Bar\nx;y\n")], columns={"Baz": "city"})
    with pytest.raises(UsageError, match="cannot be read"):
        here.read_import([tmp_path / "nowhere.csv"])
    (here.root / ".plaincrm/presets").mkdir(parents=True)
    (here.root / ".plaincrm/presets/bad.toml").write_text("kind = 'house'")
    with pytest.raises(UsageError, match=r"The preset .*bad\.toml cannot be read"):
        here.read_import([csv(tmp_path, "Name;Bar\nx;y\n")], Told(delimiter=";"))


HOSTILE = ["../../etc/passwd", "CON", "---", "=cmd()", "[[x]] <% y %>", "a\u202eb", "x" * 3000, "- [ ] t", "name: y"]


def test_hostile_cells_stay_text(tmp_path: Path) -> None:
    here = vault(tmp_path)
    rows = [
        {"Name": f"{text} Oy", "Note": f"# {text}\n- 2026-01-01 call: x [sale:: 5 €]\n```\n[[a]]"} for text in HOSTILE
    ]
    report = imported(here, csv(tmp_path, json.dumps(rows)))
    states = [found.state for found in report.outcomes]
    assert states.count("new") >= 7
    assert set(states) <= {"new", "rejected"}
    assert all(path.parent == here.root / "customers" for path in tmp_path.rglob("*.md"))
    for path in (here.root / "customers").iterdir():
        customer = here.customer(path.stem)
        assert (customer.entries, customer.tasks, customer.sales, customer.deals) == ((), (), (), ())
        assert not [link for link in customer.links if not link.field]


def test_a_vault_in_finnish_gets_finnish_notes(tmp_path: Path) -> None:
    here = vault(tmp_path, a="---\nnimi: Aapo\ntyyppi: henkilö\n---\n\n## Loki\n")
    imported(here, csv(tmp_path, "Nimi;Y-tunnus;Kaupunki\nAcme Oy;2077474-0;Turku\n"))
    assert "nimi: Acme Oy\ntyyppi: yritys\nY-tunnus: " in notes_of(here)
