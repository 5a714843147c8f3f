"""New words in a note are of its own language: its keys tell it, else its text, else most notes of the vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making import vault_of

LOG = "## Loki\n- 2026-11-01 puhelu ulos: terve\n"


@pytest.mark.parametrize(
    ("note", "after"),
    [
        ("---\nnimi: Acme\n---\n", "---\nnimi: Acme\nvaihe: prospekti\n---\n"),
        (LOG, f"---\nnimi: acme\nvaihe: prospekti\n---\n\n{LOG}"),
        (
            "- 2026-11-01 käynti: terve\n",
            "---\nnimi: acme\nvaihe: prospekti\n---\n\n- 2026-11-01 käynti: terve\n",
        ),
        (
            f"---\ntags: [a]\naliases: [b]\n---\n{LOG}",
            f"---\ntags: [a]\nvaihe: prospekti\naliases: [b]\n---\n{LOG}",
        ),
        (f"---\nname: Acme\n---\n{LOG}", f"---\nname: Acme\nstage: prospect\n---\n{LOG}"),
        ("## Log\n", "---\nname: acme\nstage: prospect\n---\n\n## Log\n"),
    ],
    ids=["its keys", "its log's name", "its entries", "keys of Obsidian", "keys before the log", "English"],
)
def test_a_note_tells_its_language(note: str, after: str, tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": note})
    with vault.change("acme") as change:
        change.set(stage="prospekti")
    assert (tmp_path / "customers/acme.md").read_text(encoding="utf-8") == after


def test_where_a_note_tells_nothing_most_notes_of_the_vault_do(tmp_path: Path) -> None:
    others = {"bea.md": "---\nnimi: Bea\n---\n", "cee.md": LOG, "acme.md": "hei\n"}
    for number, (notes, after) in enumerate(
        [
            (others, "---\nnimi: acme\nvaihe: prospekti\n---\n\nhei\n"),
            ({**others, "d.md": "x\n", "e.md": "y\n"}, "---\nname: acme\nstage: prospect\n---\n\nhei\n"),
        ]
    ):
        vault = vault_of(tmp_path / str(number), notes)
        with vault.change("acme") as change:
            change.set(stage="prospekti")
        assert (vault.root / "customers/acme.md").read_text(encoding="utf-8") == after


def test_an_entry_goes_where_the_text_begins(tmp_path: Path) -> None:
    """Right behind the front matter, or at the very beginning: it is of the text then."""
    entry = "- 2026-11-01 käynti: terve\n"
    for number, head in enumerate(["---\nnimi: Acme\n---\n", ""]):
        vault = vault_of(tmp_path / str(number), {"acme.md": f"{head}{entry}"})
        with vault.change("acme") as change:
            change.log("2026-11-21", "call: x")
        new = f"{head}- 2026-11-21 puhelu: x\n{entry}"
        assert (vault.root / "customers/acme.md").read_text(encoding="utf-8") == new
