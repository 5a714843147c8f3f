"""A look at a folder of notes: who looks like a customer, and how the keys are read."""

from __future__ import annotations

from pathlib import Path

from plaincrm.records.schema import Schema
from plaincrm.vault.adoption import FolderLook, KeyUse, adoption
from tests.making import make_vault

NOTES = {
    "People/Jane Doe.md": "---\nEmail: jane@example.com\nPhone Number: '+44 20 7946 0000'\nMood board: yes\n---\n"
    "- 2026-01-02: rang\n- [[2026-02-03]] | Demo call\n",
    "People/Alex.md": "---\ntags: [person]\n---\n",
    "People/Old/Beth.md": "---\ntype: crm/person\n---\n",
    "Companies/Acme.md": "---\nnimi: Acme\nY-tunnus: 2077474-0\npuhelin: '040 123'\n---\n",
    "Books/Emma.md": "---\nauthor: Jane Austen\nrating: 5\n---\n",
    "Books/Jane Austen.md": "---\ntype: person\n---\n",
    "Books/Persuasion.md": "no front matter\n",
    "Templates/Person.md": "---\nemail:\nphone:\ntype: person\n---\n",
    ".trash/Gone.md": "---\ntype: person\n---\n",
    "Inbox.md": "- call Jane\n",
}


def test_folders_of_customers_are_told_from_others(tmp_path: Path) -> None:
    (make_vault(tmp_path, NOTES) / "plaincrm.toml").unlink()
    found = adoption(tmp_path, Schema())
    assert (found.notes, found.unread) == (8, 0)
    assert found.folders == (
        FolderLook("Books", 3, 1, 0),
        FolderLook("Companies", 1, 1, 0),
        FolderLook("People", 2, 2, 2),
        FolderLook("People/Old", 1, 1, 0),
    )
    assert found.records == ("Companies/**/*.md", "People/**/*.md")
    assert set(found.keys) == {
        KeyUse("Email", 1, "email"),
        KeyUse("Phone Number", 1, "phone"),
        KeyUse("Mood board", 1, ""),
        KeyUse("tags", 1, "tags"),
        KeyUse("type", 2, "type"),
        KeyUse("nimi", 1, "name"),
        KeyUse("Y-tunnus", 1, "business_id"),
        KeyUse("puhelin", 1, "phone"),
    }


def test_templates_of_obsidians_own_setting_are_none(tmp_path: Path) -> None:
    make_vault(tmp_path, {"Pohjat/asiakas.md": "---\ntype: person\n---\n", "A/a.md": "---\ntype: person\n---\n"})
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian/templates.json").write_text('{"folder": "Pohjat/"}')
    assert adoption(tmp_path, Schema()).records == ("A/**/*.md",)


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    found = adoption(tmp_path, Schema())
    assert (found.notes, found.records) == (0, ())
