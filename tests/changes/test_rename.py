"""A customer called otherwise: every file of the vault before and after."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaincrm.changes.naming import free_stem, stem_of
from plaincrm.errors import NoMatch, SeemsKnown, UsageError, WriteRefused
from tests.making import vault_of

NOTE = "---\nname: Salo Oy\n---\n\nSee [[salo-oy]].\n"
FRIEND = '---\nname: Friend\nreferred_by: "[[salo-oy]]"\n---\n'
DAY = "Rang [[salo-oy|them]]; `[[salo-oy]]`.\n"
RENAMED = "---\nname: Aalto & Co\naliases:\n  - Salo Oy\n---\n\nSee [[aalto-co]].\n".replace(
    "name: Aalto & Co", 'name: "Aalto & Co"'
)


def files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in sorted(root.rglob("*.md"))
        if path.is_file()
    }


def test_name_file_and_links(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE, "friend.md": FRIEND, "daily/today.md": DAY})
    report = vault.rename("salo", "Aalto & Co")
    assert files(tmp_path) == {
        "customers/aalto-co.md": RENAMED,
        "customers/friend.md": FRIEND.replace("salo-oy", "aalto-co"),
        "daily/today.md": "Rang [[aalto-co|them]]; `[[salo-oy]]`.\n",
    }
    assert [(item.file, item.line) for item in report.files] == [
        ("customers/aalto-co.md", 1),
        ("customers/salo-oy.md", 1),
        ("customers/friend.md", 3),
        ("daily/today.md", 1),
    ]
    assert vault.customer("Salo Oy").id == "aalto-co"


def test_back_again_the_alias_is_the_other_name(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE, "friend.md": FRIEND})
    vault.rename("salo", "Aalto")
    vault.rename("aalto", "Salo Oy")
    assert vault.customer("salo-oy").aliases == ("Aalto",)
    assert files(tmp_path)["customers/friend.md"] == FRIEND


def test_a_dry_run_and_a_name_it_has_write_nothing(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE, "friend.md": FRIEND})
    before = files(tmp_path)
    assert len(vault.rename("salo", "Aalto", dry_run=True).files) == 3
    assert vault.rename("salo", "Salo Oy").files == ()
    assert files(tmp_path) == before


@pytest.mark.parametrize("new", ["SALO OY", "Salo  oy", "salo-oy"])
def test_a_name_that_differs_in_case_keeps_the_file_and_needs_no_alias(tmp_path: Path, new: str) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE, "friend.md": FRIEND})
    vault.rename("salo", new)
    assert set(files(tmp_path)) == {"customers/salo-oy.md", "customers/friend.md"}
    assert vault.customer("salo-oy").name == " ".join(new.split())


def test_keep_file_and_a_file_name_of_ones_own(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE, "friend.md": FRIEND})
    vault.rename("salo", "Aalto", keep_file=True)
    assert files(tmp_path)["customers/friend.md"] == FRIEND
    vault.rename("aalto", "Aalto", file="Aalto Turku.md")
    assert files(tmp_path)["customers/friend.md"] == FRIEND.replace("salo-oy", "Aalto Turku")
    with pytest.raises(UsageError, match="There is a note FRIEND already"):
        vault.rename("aalto", "Aalto", file="FRIEND")


def test_a_file_called_by_the_name_is_called_by_the_new_one(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path, {"Salo Oy.md": "---\nstage: lead\n---\n", "f.md": '---\nname: F\nmine: "[[Salo Oy]]"\n---\n'}
    )
    vault.rename("salo", "Aalto: Turku?")
    assert files(tmp_path) == {
        "customers/Aalto Turku.md": '---\nname: "Aalto: Turku?"\naliases:\n  - Salo Oy\nstage: lead\n---\n',
        "customers/f.md": '---\nname: F\nmine: "[[Aalto Turku]]"\n---\n',
    }


def test_a_name_that_any_note_has_gets_a_number(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE, "x/Aalto.md": "Text", "y/AALTO-2.MD": "Text"})
    vault.rename("salo-oy", "Aalto")
    assert "customers/aalto-3.md" in files(tmp_path)


def test_rights_are_kept(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE})
    (tmp_path / "customers/salo-oy.md").chmod(0o640)
    vault.rename("salo", "Aalto")
    assert stat.S_IMODE((tmp_path / "customers/aalto.md").stat().st_mode) == 0o640


def test_all_or_nothing(tmp_path: Path) -> None:
    friend = "<<<<<<< ours\n[[salo-oy]]\n=======\n>>>>>>> theirs\n"
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE, "daily/today.md": friend})
    before = files(tmp_path)
    with pytest.raises(WriteRefused, match="daily/today"):
        vault.rename("salo", "Aalto")
    assert files(tmp_path) == before


def test_a_link_to_a_note_is_not_renamed(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"x/a.md": NOTE})
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers/salo-oy.md").symlink_to("../x/a.md")
    with pytest.raises(WriteRefused, match="it is a link"):
        vault.rename("salo-oy", "Aalto")


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "!!!", "\u202e"])
def test_what_is_no_name(tmp_path: Path, name: str) -> None:
    vault = vault_of(tmp_path, {"salo-oy.md": NOTE})
    with pytest.raises(UsageError):
        vault.rename("salo", name)
    with pytest.raises(NoMatch):
        vault.rename("nobody", "Somebody")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Kahvila Aurinko Oy", "kahvila-aurinko-oy"),
        ("  Müller & Söhne GmbH ", "müller-söhne-gmbh"),
        ("A\u030aland's Café", "ålands-café"),
        ("Пекарня №1", "пекарня-1"),
        ("北京烤鸭", "北京烤鸭"),
        ("ร้านอาหาร", "ร้านอาหาร"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("CON", "con-1"),
        ("a" * 300, "a" * 180),
        ("ä" * 200, "ä" * 90),
    ],
)
def test_file_names(name: str, stem: str) -> None:
    assert stem_of(name) == stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [("Anna Virtanen", "Anna Virtanen"), ('A/S "X": 1|2?', "A S X 1-2"), ("Acme 2", "Acme-2"), ("Dr. X.", "Dr. X")],
)
def test_file_names_as_named(name: str, stem: str) -> None:
    assert stem_of(name, as_named=True) == stem


@given(st.text(max_size=300), st.booleans())
def test_a_file_name_is_safe(name: str, as_named: bool) -> None:
    try:
        stem = stem_of(name, as_named=as_named)
    except UsageError:
        return
    assert 0 < len(f"{stem}.md".encode()) < 200
    assert stem == stem.strip(" .-")
    assert not set(stem) & set('\\/:*?"<>|#^[]%\0\n')
    assert stem_of(stem, as_named=as_named) in (stem, f"{stem}-1")


def test_free_names() -> None:
    assert free_stem("Å", {"å", "å-2"}) == "Å-3"


LINKS = [
    "[[salo-oy]]",
    "[[friend]]",
    "[[Salo-Oy|x]]",
    "[[nowhere]]",
    "`[[salo-oy]]`",
    "[[customers/salo-oy#Log]]",
    "salo-oy",
]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(st.sampled_from(LINKS), max_size=4), min_size=1, max_size=4))
def test_no_link_dies(tmp_path: Path, notes: list[list[str]]) -> None:
    root = tmp_path / os.urandom(8).hex()
    made = {f"x/{number}.md": "\n".join(words) for number, words in enumerate(notes)}
    vault = vault_of(root, {"salo-oy.md": NOTE, "friend.md": FRIEND, **made})
    vault.rename("salo-oy", "Aalto")
    for path, text in made.items():
        expected = text.replace("[[salo-oy]]", "[[aalto]]").replace("`[[aalto]]`", "`[[salo-oy]]`")
        expected = expected.replace("[[Salo-Oy|", "[[aalto|").replace("[[customers/salo-oy#", "[[customers/aalto#")
        assert (root / path).read_text() == expected
    assert not [found for found in vault.check().diagnostics if found.code.startswith("dead")]


@pytest.mark.parametrize("text", ["kahvila-kuu", "KAHVILA-KUU", "Kahvila Kuu"])
def test_found_as_before(text: str, tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"kahvila-kuu.md": "---\nname: Kahvila Kuu Oy\n---\n"})
    vault.rename("kahvila-kuu", "Solcafé")
    assert vault.customer(text).id == "solcafé"


@pytest.mark.parametrize(
    ("file", "aliases"),
    [
        ("kuu-helsinki", ("Kahvila Kuu Oy", "kuu-helsinki")),  # no name tells it
        ("kahvila-kuu", ("Kahvila Kuu Oy",)),
        ("sol", ("Kahvila Kuu Oy",)),  # a part of the new one
    ],
)
def test_found_by_the_name_that_its_file_had(file: str, aliases: tuple[str, ...], tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {f"{file}.md": "---\nname: Kahvila Kuu Oy\n---\n"})
    vault.rename(file, "Solcafé")
    assert vault.customer(file).aliases == aliases


@pytest.mark.parametrize("name", ["Kahvila Aurinko", "kahvila aurinko", "Solcafé"])
def test_to_the_name_of_another_customer(name: str, tmp_path: Path) -> None:
    notes = {
        "kuu.md": "---\nname: Kahvila Kuu\n---\n",
        "aurinko.md": "---\nname: Kahvila Aurinko\naliases: [Solcafé]\n---\n",
    }
    vault = vault_of(tmp_path, notes)
    with pytest.raises(SeemsKnown, match="aurinko  Kahvila Aurinko") as refused:
        vault.rename("kuu", name)
    assert "plaincrm merge aurinko kuu makes one note of both" in refused.value.message
    assert (tmp_path / "customers/kuu.md").read_text() == notes["kuu.md"]
    vault.rename("kuu", name, known=True, keep_file=True)
    assert f"name: {name}" in (tmp_path / "customers/kuu.md").read_text()
