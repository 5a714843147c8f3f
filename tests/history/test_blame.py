"""What `blame` tells: who wrote last each part of a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.errors import NoMatch
from tests.history.past import PastVault

ACME = "---\nname: Acme\nstage: lead\ntags: [a]\n---\n\nTall door.\n\n## Log\n- 2026-01-01 call: one\n"


def told(past: PastVault, customer: str = "acme") -> list[tuple[int, str, str]]:
    """Line, key and the first line of the commit."""
    return [(part.line, part.text or part.key, part.subject) for part in past.vault.blame(customer).parts]


def test_each_part_has_the_commit_that_brought_it(tmp_path: Path) -> None:
    """Also what was so before and came back, what moved to another line, and what lies elsewhere now."""
    past = PastVault(tmp_path)
    past.commit("2026-01-01", "first", acme=ACME)
    past.commit("2026-01-02", "second", "matti", acme=ACME.replace("lead", "prospect").replace("[a]", "[a, b]"))
    third = ACME.replace("[a]", "[a, b]").replace("## Log\n", "## Log\n- 2026-01-03 call: two\n  - [ ] Ring\n")
    past.commit("2026-01-03", "third", acme=third)
    past.write("acme.md", None)
    past.commit("2026-01-04", "fourth", who="matti")
    past.write("archive/acme.md", third.replace("[ ]", "[x]"))
    past.commit("2026-01-05", "fifth")
    past.git("reset", "-q", "--soft", "HEAD~2")
    past.commit("2026-01-05", "moved and kept")
    past.write("archive/acme.md", third.replace("[ ]", "[x]").replace("Tall", "Low").replace("name: A", "\nname: A"))
    assert told(past) == [
        (3, "Acme", "first"),
        (4, "lead", "third"),
        (5, "a", "first"),
        (5, "b", "second"),
        (8, "", ""),
        (11, "2026-01-03 call: two", "third"),
        (12, "Ring", "moved and kept"),
        (13, "2026-01-01 call: one", "first"),
    ]
    (door,) = [part for part in past.vault.blame("acme").parts if part.kind == "text"]
    assert (door.commit, door.author, door.when) == ("", "", None)
    (tag,) = [part for part in past.vault.blame("acme").parts if part.text == "b"]
    assert (tag.author, tag.email) == ("Matti Savi", "matti@savy.example")


def test_both_sides_of_a_merge_and_its_own_words(tmp_path: Path) -> None:
    past = PastVault(tmp_path)
    past.commit("2026-01-01", "first", acme=ACME)
    past.git("checkout", "-q", "-b", "side")
    past.commit("2026-01-02", "theirs", acme=ACME.replace("lead", "prospect"))
    past.git("checkout", "-q", "main")
    past.commit("2026-01-03", "ours", acme=ACME + "- 2026-01-03 call: two\n")
    past.git("merge", "-q", "--no-commit", "side")
    merged = (past.root / "customers/acme.md").read_text().replace("[a]", "[c]")
    past.commit("2026-01-04", "together", acme=merged)
    assert {subject: text for _line, text, subject in told(past) if subject != "first"} == {
        "theirs": "prospect",
        "ours": "2026-01-03 call: two",
        "together": "c",
    }


def test_a_note_that_git_does_not_know_and_one_that_is_not_there(tmp_path: Path) -> None:
    past = PastVault(tmp_path)
    past.commit("2026-01-01", "first", acme=ACME)
    past.write("bea.md", ACME)
    assert {part.commit for part in past.vault.blame("bea").parts} == {""}
    with pytest.raises(NoMatch):
        past.vault.blame("cy")
