import sqlite3

import pytest

import plaincrm
from plaincrm.cli.run import run
from plaincrm.errors import IndexDamaged
from plaincrm.index.index import Index
from tests.index.conftest import Notes, ask, reseal

# Damage that no stamp tells: a disk that fails


def test_damage_met_on_opening(vault):
    assert ask(vault) == []
    with vault.index_path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (vault.index_path.stat().st_size - 4096))
    reseal(vault)
    notices = ask(vault)
    assert len(notices) == 1
    assert notices[0].startswith("The index cannot be used (")
    assert ask(vault) == []


def damage_the_words(vault: Notes) -> None:
    """Spoil the pages of the full-text search only, so that the index opens and other questions are answered."""
    db = sqlite3.connect(vault.index_path)
    db.execute("update words_data set block = zeroblob(length(block)) where id > 10")
    db.execute("update words_data set block = x'ffffffffff' where id = 10")
    db.commit()
    db.close()
    reseal(vault)


def test_damage_met_by_a_question(vault):
    assert ask(vault) == []
    damage_the_words(vault)
    with vault.open() as index, pytest.raises(IndexDamaged) as refusal:
        index.rows("select rowid from words where words match 'quote'")
    assert refusal.value.exit_code == 2
    damage_the_words(vault)
    notices = ask(vault)
    assert len(notices) == 1
    assert notices[0].startswith("The index is damaged (")
    assert ask(vault) == []


def test_damage_met_by_a_query_of_the_users_own(vault):
    assert ask(vault) == []
    damage_the_words(vault)
    asked = plaincrm.open_vault(vault.root)
    assert asked.sql("select rowid from words where words match 'quote'").rows == ((1,),)
    assert len(asked.notices) == 1


def test_text_that_cannot_be_decoded(vault):
    assert ask(vault) == []
    db = sqlite3.connect(vault.index_path)
    db.execute("update customers set sort_name = cast(x'ff' as text), name = cast(x'fe' as text)")
    db.commit()
    db.close()
    reseal(vault)
    assert len(ask(vault)) == 1
    assert ask(vault) == []


def test_the_command_line_reads_all_notes_where_the_index_breaks(vault, monkeypatch, capsys):
    really = Index.rows

    def broken(self: Index, query: str, parameters: object = ()) -> list:
        if self._store:
            raise self.damaged(sqlite3.DatabaseError("database disk image is malformed"))
        return really(self, query, parameters)

    assert run(["--vault", str(vault.root), "list", "--format", "csv"]) == 0
    right = capsys.readouterr()
    monkeypatch.setattr(Index, "rows", broken)
    assert run(["--vault", str(vault.root), "list", "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert said.out == right.out
    assert said.err.count("\n") == right.err.count("\n") + 1
    assert "The index is damaged (database disk image is malformed); all notes were read anew." in said.err
    monkeypatch.undo()


def test_a_mistake_in_a_query_is_no_damage(vault):
    with vault.open(cache=False) as index, pytest.raises(sqlite3.OperationalError):
        index.rows("select nothing from nowhere")
