"""Two notes of one customer made one: every file of the vault before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.errors import NoMatch, PlaincrmError, UsageError, WriteRefused
from tests.making import make_vault, vault_of

A = """---
name: Acme Oy
stage: customer
tags: [café]   # what they are
address: Brahenkatu 9
contacts:
  - Pekka Laine <pekka@acme.example> (owner)
---

The café at the corner.

## Deals
- [deal:: Terrace] [value:: 4500 €]

## Log

- 2026-11-20 call in, Pekka: wants a quote [mood:: +]
- 2026-09-30 visit: painted [sale:: 3200 €]
"""
B = """---
nimi: Ackme
vaihe: liidi
tunnisteet:
  - lounas
  - Café
osoite: Linnankatu 3
kaupunki: Turku
yhteyshenkilöt:
  - P. Laine <PEKKA@acme.example> +358 40 555 0101
  - Sanna Salo <sanna@acme.example>
maali: keltainen
---

The café at the corner.

Keys are at the bakery.

## Kaupat
- [kauppa:: Terrace] [arvo:: 4500 €]
- [kauppa:: Awning] [arvo:: 900 €]

## Visio
Three cafés by 2029.

## Loki

- 20.11.2026 puhelu sisään, Pekka: wants a quote [mieliala:: hyvä]
  - [ ] Send it 📅 2026-11-25
- 1.10.2026 sähköposti ulos: the invoice
"""
MERGED = """---
name: Acme Oy
aliases: [Ackme, b]
stage: customer
tags: [café, lounas]   # what they are
address: Brahenkatu 9
contacts:
  - "Pekka Laine <pekka@acme.example> +358 40 555 0101 (owner)"
  - "Sanna Salo <sanna@acme.example>"
maali: keltainen
---

The café at the corner.

## Ackme

- vaihe: liidi
- osoite: Linnankatu 3
- kaupunki: Turku
- yhteyshenkilöt: P. Laine <PEKKA@acme.example> +358 40 555 0101

Keys are at the bakery.

## Deals
- [deal:: Terrace] [value:: 4500 €]
- [kauppa:: Awning] [arvo:: 900 €]

## Visio

Three cafés by 2029.

## Log

- 2026-11-20 call in, Pekka: wants a quote [mood:: +]
  - [ ] Send it 📅 2026-11-25
- 2026-10-01 email out: the invoice
- 2026-09-30 visit: painted [sale:: 3200 €]
"""


def files(root: Path) -> dict[str, str]:
    found = sorted(path for path in root.rglob("*.md") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in found}


def note(name: str, *fields: str, text: str = "") -> str:
    return "\n".join(["---", f"name: {name}", *fields, "---", text])


def test_everything_of_b_is_in_a(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": A, "b.md": B})
    report = vault.merge("a", "b")
    assert files(tmp_path) == {"customers/a.md": MERGED}
    assert (report.a.customer, report.b.customer) == ("a", "b")
    assert (report.log.added, report.log.joined, report.log.same) == (1, 1, 0)
    assert [choice[:4] for choice in report.choices] == [
        ("name", "Acme Oy", "Ackme", "a"),
        ("stage", "customer", "liidi", "a"),
        ("tags", "café", "lounas, Café", "both"),
        ("address", "Brahenkatu 9", "Linnankatu 3", "a"),
        ("city", "", "Turku", "a"),  # which belongs to another address
        (
            "contacts",
            "Pekka Laine <pekka@acme.example> (owner)",
            "P. Laine <PEKKA@acme.example> +358 40 555 0101, Sanna Salo <sanna@acme.example>",
            "both",
        ),
        ("maali", "", "keltainen", "b"),
    ]
    assert vault.customer("ackme").id == vault.customer("Acme").id == "a"


def test_b_is_taken_where_that_is_said(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": A, "b.md": B})
    vault.merge("a", "b", take={"name": "b", "stage": "b", "address": "b"})
    customer = vault.customer("a")
    assert (customer.name, customer.stage, customer.address, customer.city) == (
        "Ackme",
        "lead",
        "Linnankatu 3",
        "Turku",
    )
    assert customer.aliases == ("b", "Acme Oy")
    text = files(tmp_path)["customers/a.md"]
    assert "## Ackme" not in text  # which is the name of A by now
    assert "- vaihe: customer → liidi\n- osoite: Brahenkatu 9 → Linnankatu 3\n" in text


def test_undo_gives_all_back(tmp_path: Path) -> None:
    friend = note("Friend", 'referred_by: "[[b]]"', 'partner_of: ["[[a]]", "[[b]]"]', text="[[b|they]] and `[[b]]`\n")
    vault = vault_of(tmp_path, {"a.md": A, "b.md": B, "friend.md": friend, "daily/x.md": "Met [[b]].\n"})
    before = files(tmp_path)
    report = vault.merge("a", "b", dry_run=True)
    assert files(tmp_path) == before
    assert vault.merge("a", "b").linking == report.linking == ("customers/friend.md", "daily/x.md")
    now = files(tmp_path)
    assert now["daily/x.md"] == "Met [[a]].\n"
    assert now["customers/friend.md"] == note(
        "Friend", 'referred_by: "[[a]]"', 'partner_of: ["[[a]]"]', text="[[a|they]] and `[[b]]`\n"
    )
    vault.undo()
    assert files(tmp_path) == before


def test_links_from_one_to_the_other_are_no_links_to_oneself(tmp_path: Path) -> None:
    a = note("Acme", 'parent: "[[b]]"', 'partner_of: ["[[b]]", "[[c]]"]', text="See [[b]].\n")
    b = note("Ackme", 'company: "[[a]]"', 'partner_of: ["[[a]]", "[[d]]"]', text="Not [[b]].\n")
    vault = vault_of(tmp_path, {"a.md": a, "b.md": b, "c.md": note("C"), "d.md": note("D")})
    vault.merge("a", "b")
    customer = vault.customer("a")
    assert (customer.parent, customer.company, customer.partner_of) == (None, None, ("c", "d"))
    assert "See [[a]]." in files(tmp_path)["customers/a.md"]
    assert "Not [[a]]." in files(tmp_path)["customers/a.md"]
    assert vault.check().diagnostics == ()


def test_an_entry_that_differs_in_a_field_stands_there_twice_and_is_named(tmp_path: Path) -> None:
    entry = "- 2026-09-30 visit: painted [sale:: 3200 €]\n"
    notes = {"a.md": note("Acme", text=entry), "b.md": note("Ackme", text=entry.replace("3200", "3300"))}
    vault = vault_of(tmp_path, notes)
    report = vault.merge("a", "b")
    assert [str(day) for day in report.log.twice] == ["2026-09-30"]
    assert len(vault.customer("a").sales) == 2


def test_entries_keep_the_order_of_a_log_that_runs_upwards_with_a_heading_for_each_year(tmp_path: Path) -> None:
    a = note("Acme", text="## Log\n\n### 2024\n- 2024-05-01 call\n\n### 2026\n- 2026-05-01 call\n")
    b = note("Ackme", text="## Loki\n- 2026-06-01 puhelu: x\n- 2025-02-01 puhelu: z\n- 2025-01-01 puhelu: y\n")
    vault_of(tmp_path, {"a.md": a, "b.md": b}).merge("a", "b")
    assert files(tmp_path)["customers/a.md"].endswith(
        "## Log\n\n### 2024\n- 2024-05-01 call\n\n### 2025\n- 2025-01-01 call: y\n- 2025-02-01 call: z\n\n"
        "### 2026\n- 2026-05-01 call\n- 2026-06-01 call: x\n"
    )


def test_a_note_without_front_matter_takes_one_over(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": "Just text.\n", "b.md": note("Acme", "city: Turku", text="More.\n")})
    vault.merge("a", "b")
    assert files(tmp_path)["customers/a.md"] == (
        "---\nname: a\naliases:\n  - Acme\n  - b\ncity: Turku\n---\n\nJust text.\n\n## Acme\n\nMore.\n"
    )


def test_comments_of_bs_fields_are_text_of_a(tmp_path: Path) -> None:
    notes = {"a.md": note("Acme"), "b.md": note("Acme", "# by hand", "birthday: 1971-02-19   # Pekka's")}
    vault_of(tmp_path, notes).merge("a", "b")
    text = files(tmp_path)["customers/a.md"]
    assert text.endswith("---\n\n## b\n\n- by hand\n- birthday: 1971-02-19 # Pekka's\n")


def test_what_the_two_contradict_each_other_in_is_for_check_to_tell(tmp_path: Path) -> None:
    notes = {"a.md": note("Acme", text="- 2026-11-20 call out: rang\n"), "b.md": note("Ackme", "deny: call")}
    vault = vault_of(tmp_path, notes)
    vault.merge("a", "b")
    assert [found.code for found in vault.check().diagnostics] == ["contact-against-ban"]


COPY = "a.sync-conflict-20261120-101112-ABCDEF"


def test_a_copy_of_a_sync_program_goes_into_its_original(tmp_path: Path) -> None:
    changed = A.replace("customer", "prospect").replace("- 2026-09-30", "- 2026-11-21 email in: more\n- 2026-09-30")
    vault = vault_of(tmp_path, {"a.md": A, f"{COPY}.md": changed})
    report = vault.merge("a", f"customers/{COPY}.md")
    assert [choice[:4] for choice in report.choices] == [("stage", "customer", "prospect", "a")]
    text = files(tmp_path)["customers/a.md"]
    assert text == A.replace("## Deals", f"## {COPY}\n\n- stage: prospect\n\n## Deals").replace(
        "- 2026-11-20", "- 2026-11-21 email in: more\n- 2026-11-20"
    )
    assert list(files(tmp_path)) == ["customers/a.md"]


def test_an_equal_copy_goes_and_nothing_else_changes(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": A, f"{COPY}.md": A})
    assert [item.file for item in vault.merge("a", COPY).written.files] == [f"customers/{COPY}.md"]
    assert files(tmp_path) == {"customers/a.md": A}


@pytest.mark.parametrize(
    ("notes", "asked", "error", "words"),
    [
        ({}, ("a", "acme oy"), UsageError, "a and acme oy are one note"),
        ({}, ("a", "nobody"), NoMatch, "No customer is called nobody"),
        ({f"{COPY}.md": A}, (COPY, "a"), UsageError, "is a copy that a sync program made"),
        ({"b.md": note("B", 'not_same: "[[a]]"')}, ("a", "b"), UsageError, "two customers: customers/b.md:3 says so"),
        ({"b.md": note("B", "since: 31.2.2026")}, ("a", "b"), WriteRefused, "line 3 is not clear \\(bad-date: "),
        ({"b.md": note("B", "city: x", "city: y")}, ("a", "b"), WriteRefused, "line 4 is not clear \\(duplicate-key: "),
        ({"b.md": note("B", text="<<<<<<< x\n=======\n>>>>>>> y\n")}, ("a", "b"), WriteRefused, "unresolved-merge"),
        ({"b.md": b"\xff\xfe\x00"}, ("a", "b"), WriteRefused, "it is no text that plaincrm can read"),
        ({"b.md": "---\nname: B\n"}, ("a", "b"), WriteRefused, "front-matter-not-closed"),
        (
            {"b.md": note("B"), "c.md": "---\nname: C\n---\n<<<<<<< x\n[[b]]\n=======\n>>>>>>> y\n"},
            ("a", "b"),
            WriteRefused,
            "customers/c.md was not written",
        ),
    ],
)
def test_what_is_refused(
    tmp_path: Path, notes: dict[str, str | bytes], asked: tuple[str, str], error: type[PlaincrmError], words: str
) -> None:
    vault = vault_of(tmp_path, {"a.md": A, **notes})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.md")}
    with pytest.raises(error, match=words) as refused:
        vault.merge(*asked)
    assert refused.value.remedy
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.md")} == before


def test_what_there_is_to_take_is_named(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": A, "b.md": B})
    with pytest.raises(UsageError, match="nothing to choose in tags, tier") as refused:
        vault.merge("a", "b", take={"tags": "b", "tier": "b"})
    assert "name, stage, address" in refused.value.remedy


def test_a_link_to_a_note_is_not_merged(tmp_path: Path) -> None:
    make_vault(tmp_path, {"a.md": A, "x/b.md": B})
    (tmp_path / "customers/b.md").symlink_to("../x/b.md")
    with pytest.raises(WriteRefused, match="it is a link to another file"):
        vault_of(tmp_path, {}).merge("a", "b")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (["phone: +358 40 1234568"], ["phone: '+358401234568'"]),
        (["phone: +358 40 1234568"], ["phone: 040 123 4568"]),
        (["contacts:", "  - Ida Aho +358 40 1234568"], ["contacts:", "  - Ida Aho 040-1234568"]),
        (["contacts:", "  - Ida Aho <ida@b.example>"], ["contacts:", "  - Ida Aho <IDA@b.example>"]),
    ],
)
def test_a_number_is_the_same_however_it_is_written(tmp_path: Path, mine: list[str], theirs: list[str]) -> None:
    notes = {"a.md": note("Bakery", *mine), "b.md": note("Bakery", *theirs)}
    report = vault_of(tmp_path, notes, '[vault]\ncountry = "FI"\n').merge("a", "b")
    assert report.choices == ()
    assert files(tmp_path) == {
        "customers/a.md": note("Bakery", "aliases:\n  - b", *mine)
    }  # and no section of leftovers


def test_another_number_is_kept(tmp_path: Path) -> None:
    notes = {"a.md": note("Bakery", "phone: +358 40 1234568"), "b.md": note("Bakery", "phone: +358 40 1234569")}
    vault_of(tmp_path, notes).merge("a", "b")
    assert "+358 40 1234569" in files(tmp_path)["customers/a.md"]


def test_what_the_baseline_knows_of_b_it_knows_of_a(tmp_path: Path) -> None:
    """So that no check is red for a fault that came along with B's text."""
    vault = vault_of(tmp_path, {"a.md": note("Bakery"), "b.md": note("Bakery") + "\n## Log\n- 2026-13-01 call: x\n"})
    vault.write_baseline()
    known = (tmp_path / "plaincrm-baseline.txt").read_text()
    assert " customers/b.md\n" in known
    report = vault.merge("a", "b")
    assert (tmp_path / "plaincrm-baseline.txt").read_text() == known.replace("/b.md", "/a.md")
    assert "plaincrm-baseline.txt" in [item.file for item in report.written.files]
    assert vault.check().diagnostics == ()
