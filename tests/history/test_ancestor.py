"""A sync program's copy merged with the committed version that it and its original came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.past import PastVault

COPY = "acme.sync-conflict-20261120-101112-ABCDEF"
FIRST = """---
name: Acme
stage: lead
city: Turku
tags: [roof]
---

## Log
- 2026-01-05 call in: asks about the roof
- 2026-01-02 email in: hello
"""
SECOND = FIRST.replace("stage: lead", "stage: prospect").replace("## Log\n", "## Log\n- 2026-02-01 visit: measured\n")
CALLED = ("## Log\n", "## Log\n- 2026-03-01 call out: rang them\n")


@pytest.fixture
def past(tmp_path: Path) -> PastVault:
    """Two versions of one note, in January and in February."""
    past = PastVault(tmp_path)
    past.commit("2026-01-10", "came", acme=FIRST, bea="---\nname: Bea\npartner_of: '[[acme]]'\n---\n")
    past.commit("2026-02-02", "measured", acme=SECOND)
    return past


def merged(past: PastVault, ours: str, theirs: str) -> tuple[str, str | None]:
    """The text that the two come to, and the first line of the message of the version that was used."""
    past.write("acme.md", ours)
    past.write(f"{COPY}.md", theirs)
    report = past.vault.merge("acme", f"customers/{COPY}.md")
    assert not (past.root / f"customers/{COPY}.md").exists()
    used = report.base and report.base.is_used and past.git("log", "-1", "--format=%s", report.base.commit)
    return (past.root / "customers/acme.md").read_text(), used or None


def test_both_changed_the_last_version(past: PastVault) -> None:
    ours = SECOND.replace("Turku", "Salo").replace("[roof]", "[roof, key]")
    theirs = SECOND.replace("prospect", "customer").replace(*CALLED)
    both = SECOND.replace("Turku", "Salo").replace("[roof]", "[roof, key]").replace("prospect", "customer")
    assert merged(past, ours, theirs) == (both.replace(*CALLED), "measured")


def test_the_original_was_committed_after_the_copy_had_gone_its_way(past: PastVault) -> None:
    """All lines of the last version are in the original, which is it; the copy knows nothing of it."""
    assert merged(past, SECOND, FIRST.replace("Turku", "Salo")) == (SECOND.replace("Turku", "Salo"), "came")


def test_the_copy_is_what_was_committed_and_the_original_came_from_an_older_device(past: PastVault) -> None:
    assert merged(past, FIRST.replace("Turku", "Salo"), SECOND) == (SECOND.replace("Turku", "Salo"), "came")


def test_an_old_copy_that_changed_nothing_takes_nothing_back(past: PastVault) -> None:
    assert merged(past, SECOND, FIRST) == (SECOND, "came")


def test_a_field_that_both_changed_is_decided_as_ever(past: PastVault) -> None:
    past.write("acme.md", SECOND.replace("Turku", "Salo"))
    past.write(f"{COPY}.md", SECOND.replace("Turku", "Kaarina"))
    report = past.vault.merge("acme", COPY)
    assert report.base is not None
    assert not report.base.is_used
    assert [choice[:4] for choice in report.choices] == [("city", "Salo", "Kaarina", "a")]
    text = (past.root / "customers/acme.md").read_text()
    assert "city: Salo\n" in text
    assert "- city: Kaarina\n" in text


def test_an_older_line_that_both_changed_is_no_change_of_the_copy_alone(past: PastVault) -> None:
    """The stage was changed by the second commit, and in the copy of the first; neither wins unseen."""
    past.write(f"{COPY}.md", FIRST.replace("lead", "customer"))
    report = past.vault.merge("acme", COPY)
    assert [choice[:4] for choice in report.choices] == [("stage", "prospect", "customer", "a")]


def test_an_entry_that_one_lacks_stays(past: PastVault) -> None:
    """Whether it was deleted or never arrived is not known: the copy may be older than the first version."""
    without = SECOND.replace("- 2026-01-02 email in: hello\n", "").replace("Turku", "Salo")
    text, used = merged(past, SECOND, without)
    assert used is None
    assert "2026-01-02 email in: hello" in text


def test_an_entry_that_was_reworded_in_one_is_not_told_twice(past: PastVault) -> None:
    theirs = SECOND.replace("measured", "measured the roof, 90 m²")
    assert merged(past, SECOND.replace("Turku", "Salo"), theirs) == (theirs.replace("Turku", "Salo"), "measured")


def test_a_note_that_was_renamed_since(past: PastVault) -> None:
    past.git("mv", "customers/acme.md", "customers/acme-oy.md")
    past.commit("2026-03-01", "renamed")
    past.write("acme-oy.md", SECOND.replace("Turku", "Salo"))
    copy = COPY.replace("acme", "acme-oy")
    past.write(f"{copy}.md", FIRST.replace("[roof]", "[roof, key]"))
    report = past.vault.merge("acme-oy", copy)
    assert report.base is not None
    assert (report.base.is_used, str(report.base.day)) == (True, "2026-01-10")
    expected = SECOND.replace("Turku", "Salo").replace("[roof]", "[roof, key]")
    assert (past.root / "customers/acme-oy.md").read_text() == expected


def test_a_note_whose_renaming_is_not_committed(past: PastVault) -> None:
    past.write("acme.md", None)
    past.write("beta.md", SECOND.replace("Turku", "Salo"))
    copy = COPY.replace("acme", "beta")
    past.write(f"{copy}.md", SECOND.replace("[roof]", "[roof, key]"))
    report = past.vault.merge("beta", copy)
    assert report.base is not None
    assert report.base.is_used


def test_versions_of_two_branches_lead_to_the_one_before_both(past: PastVault) -> None:
    """The original is as one branch has it, the copy as the other; by the clock one comes after the other."""
    past.git("checkout", "-q", "-b", "side", "HEAD~1")
    side = FIRST.replace("Turku", "Salo").replace(*CALLED)
    past.commit("2026-02-03", "on the side", acme=side)
    past.git("checkout", "-q", "main")
    past.git("merge", "-q", "-s", "ours", "-m", "both", "side", when="2026-02-04T10:00:00Z")
    expected = SECOND.replace("Turku", "Salo").replace("## Log\n", "## Log\n- 2026-03-01 call out: rang them\n")
    assert merged(past, SECOND, side) == (expected, "came")


def test_what_is_told_and_undone(past: PastVault) -> None:
    ours, theirs = SECOND.replace("Turku", "Salo"), SECOND.replace(*CALLED)
    past.write("acme.md", ours)
    past.write(f"{COPY}.md", theirs)
    past.write("bea.md", f"---\nname: Bea\n---\n\nSee [[{COPY}]].\n")
    vault = past.vault
    report = vault.merge("acme", COPY)
    name = past.git("rev-parse", "HEAD")[:8]
    assert [(item.file, item.what) for item in report.written.files] == [
        ("customers/acme.md", (f"merged three ways with the version of 2026-02-02 ({name})",)),
        ("customers/bea.md", ("link to acme",)),
        (f"customers/{COPY}.md", ("gone: merged into customers/acme.md",)),
    ]
    assert "See [[acme]]." in (past.root / "customers/bea.md").read_text()
    vault.undo()
    assert (past.root / "customers/acme.md").read_text() == ours
    assert (past.root / f"customers/{COPY}.md").read_text() == theirs


def test_what_is_to_be_taken_is_taken_by_hand(past: PastVault) -> None:
    past.write(f"{COPY}.md", SECOND.replace("Turku", "Salo"))
    report = past.vault.merge("acme", COPY, take={"city": "b"})
    assert (report.base, [choice.field for choice in report.choices]) == (None, ["city"])


def test_a_note_that_was_never_committed(past: PastVault) -> None:
    copy = COPY.replace("acme", "new")
    past.write("new.md", "---\nname: New\ncity: Turku\n---\n")
    past.write(f"{copy}.md", "---\nname: New\ncity: Salo\n---\n")
    report = past.vault.merge("new", copy)
    assert (report.base, [choice.field for choice in report.choices]) == (None, ["city"])
