"""One note's commits, under whatever paths it lay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.past import PastVault, story, words

LONG = "---\nname: {0}\nstage: lead\n---\n\n## Log\n" + "".join(
    f"- 2026-01-0{n} call: {{0}} {n}\n" for n in range(1, 8)
)
ACME, BEA, CY = (LONG.format(name) for name in ("Acme", "Bea", "Cy"))


@pytest.fixture
def past(tmp_path: Path) -> PastVault:
    return PastVault(tmp_path)


def subjects(past: PastVault, customer: str) -> list[str]:
    return [event.subject for event in past.vault.history(customer).events]


def move(past: PastVault, old: str, new: str, change: tuple[str, str] = ("", "")) -> None:
    text = (past.root / "customers" / old).read_text()
    past.write(old, None)
    past.write(new, text.replace(*change) if change[0] else text)


def test_a_note_renamed_moved_to_the_archive_and_back(past: PastVault) -> None:
    past.commit("2026-01-01", "came", acme=ACME, bea=BEA)
    move(past, "acme.md", "acme-oy.md", ("name: Acme", "name: Acme Oy"))
    past.commit("2026-01-02", "renamed")
    past.commit("2026-01-03", "another one", acme=CY)
    past.commit("2026-01-04", "of the other", acme=CY.replace("lead", "customer"))
    move(past, "acme-oy.md", "archive/acme-oy.md")
    past.commit("2026-01-05", "archived")
    past.write("archive/acme-oy.md", (past.root / "customers/archive/acme-oy.md").read_text().replace("lead", "former"))
    past.commit("2026-01-06", "lost")
    move(past, "archive/acme-oy.md", "acme-oy.md")
    past.commit("2026-01-07", "back")
    assert subjects(past, "acme-oy") == ["back", "lost", "archived", "renamed", "came"]
    assert subjects(past, "acme") == ["of the other", "another one"]
    assert words(past.vault.history("acme-oy").events[3]) == [
        "renamed: customers/acme.md -> customers/acme-oy.md",
        "name: Acme -> Acme Oy",
    ]


def test_two_notes_that_changed_places(past: PastVault) -> None:
    """Both paths were there before and after: what lay in them went the other way."""
    past.commit("2026-01-01", "came", acme=ACME, bea=BEA)
    past.commit("2026-01-02", "of acme", acme=ACME.replace("lead", "customer"))
    acme, bea = ((past.root / f"customers/{name}.md").read_text() for name in ("acme", "bea"))
    past.commit("2026-01-03", "swapped", acme=bea, bea=acme)
    past.commit("2026-01-04", "of acme again", bea=acme.replace("customer", "regular"))
    assert subjects(past, "bea") == ["of acme again", "swapped", "of acme", "came"]
    assert subjects(past, "acme") == ["swapped", "came"]
    (swapped,) = [event for event in past.vault.history().events if event.subject == "swapped"]
    assert sorted(words(swapped)) == [
        "renamed: customers/acme.md -> customers/bea.md",
        "renamed: customers/bea.md -> customers/acme.md",
    ]


def test_a_copy_is_no_move(past: PastVault) -> None:
    past.commit("2026-01-01", "came", acme=ACME)
    past.commit("2026-01-02", "copied", acme=ACME.replace("lead", "customer"), bea=ACME)
    assert subjects(past, "bea") == ["copied"]
    assert story(past.vault.history("acme"))[0] == ("copied", ["stage: lead -> customer"])


def test_gone_and_back_under_the_same_name(past: PastVault) -> None:
    past.commit("2026-01-01", "came", acme=ACME)
    past.commit("2026-01-02", "went", acme=None)
    past.commit("2026-01-03", "back", acme=ACME)
    assert subjects(past, "acme") == ["back", "went", "came"]


def test_renamed_on_one_side_and_changed_on_the_other(past: PastVault) -> None:
    past.commit("2026-01-01", "came", acme=ACME)
    past.git("checkout", "-q", "-b", "side")
    past.commit("2026-01-02", "theirs", acme=ACME + "- 2026-01-09 call: theirs\n")
    past.git("checkout", "-q", "main")
    move(past, "acme.md", "acme-oy.md", ("name: Acme", "name: Acme Oy"))
    past.commit("2026-01-03", "renamed")
    past.git("merge", "-q", "-m", "together", "side", when="2026-01-04T10:00:00Z")
    assert subjects(past, "acme-oy") == ["together", "renamed", "theirs", "came"]


def test_the_whole_story_finds_them_too(past: PastVault) -> None:
    """A query names customers as they are today; their notes are followed back."""
    past.commit("2026-01-01", "came", acme=ACME, bea=BEA)
    move(past, "acme.md", "archive/acme.md")
    past.commit("2026-01-02", "archived")
    told = past.vault.history(query="customer:acme").events
    assert [(event.subject, [note.file for note in event.notes]) for event in told] == [
        ("archived", ["customers/archive/acme.md"]),
        ("came", ["customers/acme.md"]),
    ]


def test_names_that_git_could_take_for_something_else(past: PastVault) -> None:
    for name in ("-rf", ":(top)x", "a b*[c]", "ä\nö", "caf\udce9"):
        past.write(f"{name}.md", ACME)
    past.commit("2026-01-01", "came")
    past.write(":(top)x.md", ACME.replace("lead", "customer"))
    past.commit("2026-01-02", "changed")
    assert subjects(past, ":(top)x") == ["changed", "came"]
    assert all(subjects(past, name) == ["came"] for name in ("-rf", "a b*[c]", "ä\nö", "caf\\xe9"))
