import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.index.store import connect, create
from plaincrm.index.twins import build, renew

# What stands twice, or nearly


def put(db: sqlite3.Connection, file: int, identities: list[tuple[str, str]]) -> None:
    """A note whose identities stand one a line; no others of it stay."""
    path = f"{file:03}.md"
    db.execute("delete from identities where file = ?", (file,))
    db.execute("insert or replace into files values (?, ?, '', 0, 0, 0, 0, 0, '', 0)", (file, path))
    rows = [(file, kind, value, line, path, value, "") for line, (kind, value) in enumerate(identities, 1)]
    db.executemany("insert into identities values (?, ?, ?, ?, ?, ?, ?)", rows)


def register(notes: dict[int, list[tuple[str, str]]]) -> sqlite3.Connection:
    db = connect(":memory:")
    create(db)
    for file, identities in notes.items():
        put(db, file, identities)
    build(db)
    return db


def repeats(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return db.execute("select kind, value from repeats").fetchall()


def near(db: sqlite3.Connection) -> set[tuple[int, int]]:
    return {(min(pair), max(pair)) for pair in db.execute("select file, other from lookalikes")}


def everything(db: sqlite3.Connection) -> tuple[list, list, list]:
    names, pairs = (db.execute(f"select * from {table}").fetchall() for table in ("neighbours", "lookalikes"))
    return repeats(db), names, pairs


def test_an_address_of_two_notes_is_repeated_and_one_that_a_note_has_twice_is_not():
    db = register(
        {
            1: [("email", "a@x.example"), ("email", "b@x.example"), ("email", "b@x.example")],
            2: [("email", "a@x.example"), ("phone", "+358401234567")],
        }
    )
    assert repeats(db) == [("email", "a@x.example")]


def test_an_invoice_is_repeated_in_one_note_too():
    assert repeats(register({1: [("invoice", "7"), ("invoice", "7"), ("invoice", "8")]})) == [("invoice", "7")]


def test_names_one_slip_apart_are_near_wherever_the_slip_is():
    names = ["kahvilaaurinko", "kahvilaaurinkoo", "ahvilaaurinko", "kahvlaaurinko", "hotellisatama"]
    assert near(register({file: [("name", name)] for file, name in enumerate(names)})) == {(0, 1), (0, 2), (0, 3)}


def test_a_name_that_comes_between_two_parts_them_no_more_than_the_window():
    db = register({1: [("name", "satamaa")], 2: [("name", "satamab")]})
    assert near(db) == {(1, 2)}
    put(db, 3, [("name", "satamaax")])
    renew(db, [("name", "satamaax")])
    assert near(db) == {(1, 2), (1, 3)}
    put(db, 3, [])
    renew(db, [("name", "satamaax")])
    assert near(db) == {(1, 2)}


IDENTITY = st.one_of(
    st.tuples(st.just("name"), st.text("ab", min_size=1, max_size=5)),
    st.tuples(st.sampled_from(["email", "invoice"]), st.sampled_from("xy")),
)
NOTE = st.lists(IDENTITY, max_size=3, unique_by=lambda identity: identity[0] == "name" or identity)
NOTES = st.dictionaries(st.integers(1, 8), NOTE, max_size=8)


@given(NOTES, st.lists(NOTES, max_size=4))
def test_after_any_changes_they_are_those_of_a_register_read_anew(first, edits):
    db, notes = register(first), dict(first)
    for edit in edits:
        changed = {identity for file, after in edit.items() for identity in {*notes.get(file, []), *after}}
        notes |= edit
        for file, identities in edit.items():
            put(db, file, identities)
        renew(db, changed)
        assert everything(db) == everything(register(notes))
