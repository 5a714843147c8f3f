"""The story of a year of three people's work, held against the record of those who did it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import plaincrm
from plaincrm.history.fields import Change
from plaincrm.history.story import Event, History
from tests.history.year import PEOPLE, Done, Year

# What the record calls things -> how a change is told: (kind, what, key, old, new), where the record says something.
WHATS = {
    "new": "note added",
    "entry": "entry added",
    "promised": "promise made",
    "kept": "promise done",
    "removed": "entry removed",
}
BY_HAND = {  # edits in an editor, by what stood there before
    "Send the terrace quote 📅 2026-11-25": ("promise changed", "due 2026-11-25", "due 2026-12-09"),
    "(colours, garden, keys)": ("field changed", "(colours, garden, keys)", "(colours, garden)"),
    "lovely pizza, and the oil": ("entry changed", "lovely pizza, and the oil", "lovely pizza with figs, and the oil"),
}


@pytest.fixture(scope="module")
def year(played: Year) -> Year:
    return played


@pytest.fixture(scope="module")
def vault(year: Year, tmp_path_factory: pytest.TempPathFactory) -> Iterator[plaincrm.Vault]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield plaincrm.open_vault(year.root)


@pytest.fixture(scope="module")
def history(vault: plaincrm.Vault) -> History:
    return vault.history()


def is_told(done: Done, change: Change) -> bool:
    """Whether a change is the thing that was done."""
    told, texts = f"{change.kind} {change.what}", (change.old, change.new)
    if done.what == "text":
        what, old, new = BY_HAND[done.old]
        return told == what and old in change.old and new in change.new
    if done.what in ("field", "renamed"):
        here = change.key == done.field if done.what == "field" else change.what == "renamed"
        return here and texts == (done.old, done.new)
    words = done.new.partition(": ")[2] if done.what == "entry" else done.new  # a log in Finnish has its own channels
    return told == WHATS[done.what] and (change.key in done.old if done.old else change.key.endswith(words))


def own_changes(event: Event) -> Iterator[tuple[str, Change]]:
    """What a commit changed, by note; of a note that came only that."""
    for note in event.notes:
        came = note.changes[0].kind == "note" and note.changes[0].what == "added"
        for change in note.changes[:1] if came else note.changes:
            yield note.file, change


def test_everything_that_was_done_is_told_and_nothing_else(year: Year, history: History) -> None:
    """Commit by commit: what the record says is told of that note, by whom and when, and no more is told.

    But renaming a customer changes more than its path: its name, its aliases, and the links to it.
    """
    told = {event.subject.split()[0]: event for event in history.events if re.match(r"y\d+ ", event.subject)}
    done_in: dict[str, list[Done]] = {}
    for done in year.done:
        done_in.setdefault(done.commit, []).append(done)
    assert done_in.keys() == told.keys() - {"y001"}, "y001 is the vault as it was"
    for name, dones in done_in.items():
        event = told[name]
        changes = list(own_changes(event))
        for done in dones:
            assert event.author == PEOPLE[done.who]
            assert event.when is not None
            assert event.when.date() == done.day
            paths = {done.path, done.new if done.what == "renamed" else done.path}
            (found,) = [pair for pair in changes if pair[0] in paths and is_told(done, pair[1])]
            changes.remove(found)
        if dones[0].what == "renamed":
            changes = [(file, change) for file, change in changes if "salo" not in change.new.casefold()]
        assert changes == [], name


def test_merges_are_told_once_with_what_both_sides_brought(history: History) -> None:
    merges = [event for event in history.events if len(event.parents) > 1]
    assert len(merges) == 23, "two a month, but for the rebase: the first of a month meets nobody's work"
    (fourth,) = [event for event in merges if event.subject == "Merge matti-4"]
    brought = [
        sorted(change.key for note in side.notes if note.customer == "salo-koivu" for change in note.changes)
        for side in fourth.sides
    ]
    assert brought == [
        ["Salo & Koivu Oy", "aliases", "name"],
        ["2027-03-08 email in: the stairs, talk 51 of the year", "Send Sari the new references", "learning"],
    ]


def test_a_customer_that_was_renamed_has_its_whole_story(vault: plaincrm.Vault) -> None:
    told = vault.history("salo-koivu").events
    assert [re.sub(r"^y\d+ ", "", event.subject) for event in told] == [
        "Merge matti-4",
        "Sari on the phone",
        "Salo has a partner now",
        "the vault as it was",
    ]


def test_the_revert_is_told_as_what_it_did(history: History) -> None:
    (reverted,) = [event for event in history.events if event.subject.startswith('Revert "')]
    assert reverted.author == "Matti Savi"
    (change,) = [change for _file, change in own_changes(reverted)]
    assert (change.kind, change.key, change.old, change.new) == (
        "promise",
        "Send the terrace quote",
        "due 2026-12-09",
        "due 2026-11-25",
    )


def test_each_promise_kept_is_blamed_on_who_kept_it(year: Year, vault: plaincrm.Vault) -> None:
    kept = [done for done in year.done if done.what == "kept"]
    assert len(kept) == 10
    parts = {path: vault.blame(Path(path).stem).parts for path in {done.path for done in kept}}
    for done in kept:
        found = [part for part in parts[done.path] if part.kind == "promise" and part.text == done.old]
        assert PEOPLE[done.who] in {part.author for part in found}, done
