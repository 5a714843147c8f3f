"""A vault made of a folder: whole where it is new, completed where it is not, and nothing of what was there changed."""

from __future__ import annotations

import json
import random
import re
from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.changes.new import NewNote
from plaincrm.changes.start import NewVault
from plaincrm.errors import UsageError
from plaincrm.vault.config import read_config
from tests.making import make_vault

TODAY = date(2026, 11, 21)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def settings(**of_vault: object) -> dict[tuple[str, str], object]:
    return {("vault", key): value for key, value in of_vault.items()}


def test_a_new_vault_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "crm"
    plaincrm.init_vault(folder, NewVault(settings(name="Sävy", owners=["liisa"])))
    assert sorted(files(folder)) == [
        ".gitignore",
        ".obsidian/templates.json",
        ".obsidian/types.json",
        ".plaincrm/front-matter.schema.json",
        "Customers.base",
        "Start here.md",
        "customers/.gitkeep",
        "plaincrm.toml",
        "templates/company.md",
        "templates/person.md",
    ]
    assert folder.stat().st_mode & 0o077 == 0, "a register of people is for its owner alone"
    config = read_config((folder / "plaincrm.toml").read_bytes())
    assert (config.faults, config.name, config.owners) == ((), "Sävy", ("liisa",))
    vault = plaincrm.open_vault(folder, cache=False)
    assert vault.check(TODAY).diagnostics == ()


@pytest.mark.parametrize(
    ("language", "kind"), [("en", "company"), ("en", "person"), ("fi", "yritys"), ("fi", "henkilö")]
)
def test_a_customer_made_from_each_template_is_sound(tmp_path: Path, language: str, kind: str) -> None:
    plaincrm.init_vault(tmp_path / "crm", NewVault(language=language))
    vault = plaincrm.open_vault(tmp_path / "crm", cache=False)
    vault.new("Äiti & Poika Oy", NewNote(today=TODAY), type=kind)
    (found,) = (tmp_path / "crm/customers").glob("*.md")
    text = found.read_text(encoding="utf-8")
    assert vault.check(TODAY).diagnostics == ()
    assert ("nimi:" in text) == (language == "fi")
    assert [entry.date for entry in vault.customer("Äiti").entries] == [TODAY]


@pytest.mark.parametrize(("language", "name"), [("en", "Start here.md"), ("fi", "Aloita tästä.md")])
def test_the_start_note_tells_the_truth(tmp_path: Path, language: str, name: str) -> None:
    """Its example is a sound note that says what the text says, and its commands are there."""
    plaincrm.init_vault(tmp_path / "crm", NewVault(language=language))
    text = (tmp_path / "crm" / name).read_text(encoding="utf-8")
    example = re.search(r"```markdown\n(.*?)```", text, re.DOTALL)
    assert example
    (tmp_path / "crm/customers/aurinko.md").write_text(example[1], encoding="utf-8")
    vault = plaincrm.open_vault(tmp_path / "crm", cache=False)
    assert vault.check(date(2030, 4, 19)).diagnostics == ()
    customer = vault.customer("aurinko")
    assert (customer.stage, customer.tier, customer.next) == ("customer", "key", date(2030, 5, 2))
    assert [(entry.channel, entry.direction, entry.who) for entry in customer.entries] == [
        ("call", "in", "Pekka"),
        ("visit", None, ""),
    ]
    assert [str(sale.revenue) for _entry, sale in customer.sales] == ["1900"]
    assert customer.entries[0].tasks[0].due == date(2030, 4, 22)
    assert len(text.splitlines()) <= 45, "one screen"


def test_templater_gets_templates_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".obsidian/plugins/templater-obsidian").mkdir(parents=True)
    plaincrm.init_vault(tmp_path)
    text = (tmp_path / "templates/company-templater.md").read_text(encoding="utf-8")
    assert 'name: "<% tp.file.title %>"' in text
    assert "- <% tp.date.now('YYYY-MM-DD') %> note: card opened" in text
    assert "{{" not in text


def test_a_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    plaincrm.init_vault(tmp_path, NewVault(language="fi"))
    before = files(tmp_path)
    again = plaincrm.init_vault(tmp_path)
    assert again.report.files == ()
    assert files(tmp_path) == before


def test_an_existing_folder_keeps_its_names(tmp_path: Path) -> None:
    """Folders in another case are those of ours, templates go where Obsidian has its own, types are put in."""
    make_vault(tmp_path, {"Customers/a.md": "---\nname: A\n---\n", "Pohjat/x.md": "x"})
    (tmp_path / "plaincrm.toml").unlink()
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian/templates.json").write_text('{"folder": "Pohjat"}')
    (tmp_path / ".obsidian/types.json").write_text('{"types": {"phone": "number"}}')
    plaincrm.init_vault(tmp_path)
    config = read_config((tmp_path / "plaincrm.toml").read_bytes())
    assert config.records == ("Customers/**/*.md",)
    assert config.templates == ("Pohjat/company.md", "Pohjat/person.md")
    types = json.loads((tmp_path / ".obsidian/types.json").read_text(encoding="utf-8"))["types"]
    assert (types["phone"], types["next"]) == ("number", "date"), "what is there is the user's own"
    assert 'file.inFolder("Customers")' in (tmp_path / "Customers.base").read_text(encoding="utf-8")


def test_it_can_be_taken_back(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian/types.json").write_text('{"types": {"phone": "number"}}')
    before = files(tmp_path)
    plaincrm.init_vault(tmp_path)
    plaincrm.open_vault(tmp_path, cache=False).undo()
    assert files(tmp_path) == before


@pytest.mark.parametrize("seed", range(50))
def test_no_byte_of_what_was_there_changes(tmp_path: Path, seed: int) -> None:
    """Random folders, some of which hold files by the names that are made; a list of types alone grows."""
    chance = random.Random(seed)
    names = [*files_of_a_new_vault(tmp_path / "new"), "a.md", "notes/b c.md", "customers/Åke.md", ".obsidian/app.json"]
    root = tmp_path / "crm"
    for name in chance.sample(names, chance.randrange(len(names))):
        path = root / (name.title() if chance.random() < 0.2 and not name.startswith(".") else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"" if path.name == "plaincrm.toml" else chance.randbytes(chance.randrange(1, 40)))
    root.mkdir(exist_ok=True)
    before = files(root)
    plaincrm.init_vault(root)
    after = files(root)
    assert {name: after[name] for name in before} == before
    assert "plaincrm.toml" in map(str.lower, after)


def files_of_a_new_vault(folder: Path) -> list[str]:
    plaincrm.init_vault(folder)
    return sorted(files(folder))


def test_what_cannot_be_a_vault_is_said_so(tmp_path: Path) -> None:
    make_vault(tmp_path / "crm", {"a.md": "---\nname: A\n---\n"})
    with pytest.raises(UsageError, match="lies in the vault"):
        plaincrm.init_vault(tmp_path / "crm/customers/new")
    with pytest.raises(UsageError, match="is a file"):
        plaincrm.init_vault(tmp_path / "crm/customers/a.md")
    with pytest.raises(UsageError, match=r"vault\.currency is not as it should be"):
        plaincrm.init_vault(tmp_path / "other", NewVault(settings(currency="euro")))
    assert not (tmp_path / "other").exists()
    (tmp_path / "crm/plaincrm.toml").write_text("nonsense")
    with pytest.raises(UsageError, match="has faults"):
        plaincrm.init_vault(tmp_path / "crm")


def test_notes_that_are_there_get_settings_alone(tmp_path: Path) -> None:
    make_vault(tmp_path, {"People/Jane.md": "---\nemail: jane@example.com\nphone: '+44 20 7946 0000'\n---\n"})
    (tmp_path / "plaincrm.toml").unlink()
    begun = plaincrm.init_vault(tmp_path, NewVault(adopt=True))
    assert [item.file for item in begun.report.files] == ["plaincrm.toml"]
    assert plaincrm.open_vault(tmp_path, cache=False).customer("jane").email == ("jane@example.com",)


def test_where_nobody_looks_like_a_customer_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "Recipes").mkdir()
    (tmp_path / "Recipes/Soup.md").write_text("---\nrating: 5\n---\n")
    begun = plaincrm.init_vault(tmp_path, NewVault(adopt=True))
    assert begun.report.files == ()
    assert not (tmp_path / "plaincrm.toml").exists()
