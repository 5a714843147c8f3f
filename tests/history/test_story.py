"""What `history` tells of a note: fields, entries, promises, deals, texts, merges and what is not committed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.document.source import LIMIT
from plaincrm.errors import NoMatch, UsageError
from plaincrm.history.story import Wanted
from tests.history.past import PastVault, story, words

ACME = "---\nname: Acme\nstage: lead\ntags: [a]\n---\n\n## Log\n"


@pytest.fixture
def past(tmp_path: Path) -> PastVault:
    return PastVault(tmp_path)


CHANGES = {
    "a field": ("stage: lead", "stage: prospect", ["stage: lead -> prospect"]),
    "a field set": ("stage: lead\n", "stage: lead\nnext: 2026-02-01\n", ["next: none -> 2026-02-01"]),
    "a field gone": ("stage: lead\n", "", ["stage: lead -> none"]),
    "a field of one's own": ("stage: lead\n", "stage: lead\nroof: tin\n", ["roof: none -> tin"]),
    "a value that is none": ("stage: lead", "stage: custmer", ["stage: lead -> custmer"]),
    "another spelling of the same": ("stage: lead", 'vaihe: "lead"', []),
    "items of a list": ("[a]", "[b, c]", ["tags: + b", "tags: + c", "tags: - a"]),
    "an entry": ("## Log\n", "## Log\n- 2026-01-05 call out: hello\n", ["entry added: 2026-01-05 call out: hello"]),
    "a deal": ("## Log\n", "## Deals\n- [deal:: Roof] [value:: 900 €]\n", ["deal opened: Roof, 900.00 EUR"]),
    "a vision": ("## Log\n", "## Vision\nA tin roof.\n", ["vision added"]),
    "a text": ("## Log\n", "Tall door.\n\n## Keys\nUnder the mat.\n", ["notes added", "Keys added"]),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_became_of_a_note(case: str, past: PastVault) -> None:
    old, new, told = CHANGES[case]
    past.commit("2026-01-05", "before", acme=ACME)
    past.commit("2026-01-05", "after", acme=ACME.replace(old, new))
    (event, first) = past.vault.history("acme").events
    assert (event.subject, words(event)) == ("after", told)
    assert words(first)[0] == "note added"


LOG = """---
name: Acme
---

## Deals
- [deal:: Roof] [value:: 900 €] [chance:: 50 %]

## Log
- 2026-01-05 call out: hello
  They have a dog.
  - [ ] Send the quote 📅 2026-01-10
  - [ ] They measure the roof [owes:: them]
"""
LATER = {
    "an entry's words": ("out: hello", "out: good day", "entry changed: 2026-01-05 call out: hello -> "),
    "an entry's day": ("2026-01-05 call", "2026-01-06 call", "entry changed: 2026-01-05 call out: hello -> 2026-01-06"),
    "what stands below": ("a dog", "a cat", "entry changed: 2026-01-05 call out: hello"),
    "kept": ("[ ] Send the quote", "[x] Send the quote", "promise done: Send the quote"),
    "kept on a day": ("[ ] Send the quote 📅 2026-01-10", "[x] Send the quote ✅ 2026-01-09", "promise done: Send the"),
    "dropped": ("[ ] They measure", "[-] They measure", "promise dropped: They measure the roof"),
    "put off": ("📅 2026-01-10", "📅 2026-01-20", "promise changed: Send the quote: due 2026-01-10 -> due 2026-01-20"),
    "worded anew": (
        "Send the quote",
        "Send two quotes",
        "promise changed: Send two quotes: Send the quote -> Send two",
    ),
    "taken out": ("  - [ ] Send the quote 📅 2026-01-10\n", "", "promise removed: Send the quote"),
    "made": (
        "  - [ ] They",
        "  - [ ] Ring them 📅 2026-02-01\n  - [ ] They",
        "promise made: Ring them, due 2026-02-01",
    ),
    "won": ("[chance:: 50 %]", "[won:: 2026-02-01]", "deal won: Roof, 900.00 EUR"),
    "lost": ("[chance:: 50 %]", "[lost:: 2026-02-01] [reason:: price]", "deal lost: Roof, 900.00 EUR, price"),
    "dearer": ("900 €", "1000 €", "deal changed: Roof: 900.00 EUR -> 1000.00 EUR"),
}


@pytest.mark.parametrize("case", LATER)
def test_what_became_of_entries_promises_and_deals(case: str, past: PastVault) -> None:
    """One thing changed is one thing told: a promise that is kept does not change its entry."""
    old, new, told = LATER[case]
    past.commit("2026-01-05", "before", acme=LOG)
    past.commit("2026-01-05", "after", acme=LOG.replace(old, new))
    (said,) = words(past.vault.history("acme").events[0])
    assert said.startswith(told)


def test_a_promise_that_comes_round_is_kept_and_made_anew(past: PastVault) -> None:
    before = "---\nname: A\n---\n- [ ] Oil 🔁 every year 📅 2026-05-15\n"
    after = before.replace(
        "- [ ] Oil 🔁 every year 📅 2026-05-15",
        "- [ ] Oil 🔁 every year 📅 2027-05-15\n- [x] Oil 🔁 every year 📅 2026-05-15 ✅ 2026-05-12",
    )
    past.commit("2026-01-05", "before", acme=before)
    past.commit("2026-05-12", "after", acme=after)
    assert words(past.vault.history("acme").events[0]) == ["promise made: Oil, due 2027-05-15", "promise done: Oil"]


def test_an_entry_written_later_than_its_day_shows_both(past: PastVault) -> None:
    past.commit("2026-01-05", "before", acme=ACME)
    past.commit("2026-01-08", "after", acme=f"{ACME}- 2026-01-05 call: hello\n- 2026-01-08 call: hello again\n")
    assert sorted(words(past.vault.history("acme").events[0])) == [
        "entry added: 2026-01-05 call: hello (written 2026-01-08)",
        "entry added: 2026-01-08 call: hello again",
    ]


def test_who_and_when_are_the_authors_by_the_clock_of_the_vault(past: PastVault) -> None:
    """Late on 5 January in Greenwich is the 6th in Helsinki; a name changed since is told as `.mailmap` has it."""
    (past.root / ".mailmap").write_text("Liisa Virta <liisa@virta.example> <liisa@savy.example>\n")
    past.commit("2026-01-05T23:30:00Z", "Start\n\nA long story.\n\nCustomer: acme\nCustomer: bea", acme=ACME)
    (event,) = past.vault.history("acme").events
    assert (event.author, event.email) == ("Liisa Virta", "liisa@virta.example")
    assert event.when is not None
    assert event.when.isoformat() == "2026-01-06T01:30:00+02:00"
    assert (event.subject, event.customers) == ("Start", ("acme", "bea"))


def test_what_is_not_committed_stands_at_the_top(past: PastVault) -> None:
    past.commit("2026-01-05", "start", acme=ACME, bea=ACME, cy=ACME)
    past.write("acme.md", ACME.replace("lead", "customer"))
    past.write("bea.md", None)
    past.write("cy.md", ACME.replace("\n", "\r\n"))  # which git may turn into the same
    past.write("new.md", "---\nname: New\n---\n")
    past.git("add", "--", "customers/new.md")
    vault = past.vault
    top = vault.history().events[0]
    assert (top.commit, top.when, top.author) == ("", None, "")
    assert [(note.customer, note.changes[0].what) for note in top.notes] == [
        ("acme", "changed"),
        ("bea", "removed"),
        ("new", "added"),
    ]
    assert story(vault.history("acme"))[0] == ("", ["stage: lead -> customer"])
    assert [event.subject for event in vault.history("cy").events] == ["start"]
    assert [event.commit for event in vault.history("new").events] == [""]
    assert vault.history(wanted=Wanted(author="liisa")).events[0].subject == "start"


def test_a_note_moved_and_not_committed_keeps_its_story(past: PastVault) -> None:
    past.commit("2026-01-05", "start", acme=ACME + "- 2026-01-01 call: a\n- 2026-01-02 call: b\n")
    text = (past.root / "customers/acme.md").read_text().replace("name: Acme", "name: Acme Oy")
    past.write("acme.md", None)
    past.write("archive/acme-oy.md", text)
    (now, start) = past.vault.history("acme-oy").events
    assert words(now) == ["renamed: customers/acme.md -> customers/archive/acme-oy.md", "name: Acme -> Acme Oy"]
    assert start.subject == "start"


def test_a_merge_is_told_once_with_what_each_side_brought(past: PastVault) -> None:
    """The stage is the merge's own word: it is so on neither side."""
    past.commit("2026-01-05", "start", acme=LOG)
    past.git("checkout", "-q", "-b", "side")
    theirs = past.commit("2026-01-06", "theirs", who="matti", acme=LOG.replace("name: Acme", "name: Acme\nstage: lead"))
    past.git("checkout", "-q", "main")
    ours = past.commit("2026-01-07", "ours", acme=LOG + "- 2026-01-07 call: us\n")
    past.git("merge", "-q", "--no-commit", "side")
    merged = (past.root / "customers/acme.md").read_text().replace("Acme\nstage: lead", "Acme\nstage: prospect")
    past.commit("2026-01-08", "together", acme=merged)
    assert [subject for subject, _words in story(past.vault.history("acme"))] == ["together", "ours", "theirs", "start"]
    event = past.vault.history("acme").events[0]
    assert event.parents == (ours, theirs)
    assert words(event) == ["stage: none -> prospect", f"{ours[:4]}: entry added: 2026-01-07 call: us"]
    everything = past.vault.history()
    assert words(everything.events[0]) == words(event)


def test_a_side_that_lost_all_it_had_is_still_told(past: PastVault) -> None:
    """A merge that takes one side as it is leaves the commits of the other in the story."""
    past.commit("2026-01-05", "start", acme=ACME)
    past.git("checkout", "-q", "-b", "side")
    past.commit("2026-01-06", "theirs", acme=ACME.replace("lead", "customer"))
    past.git("checkout", "-q", "main")
    past.commit("2026-01-07", "ours", bea=ACME)
    past.git("merge", "-q", "-s", "ours", "-m", "no", "side")
    assert story(past.vault.history("acme"))[0] == ("theirs", ["stage: lead -> customer"])


def test_a_version_that_cannot_be_read_breaks_nothing(past: PastVault) -> None:
    past.commit("2026-01-05", "start", acme=ACME)
    past.commit("2026-01-06", "broken", acme="---\nname: [\n---\n\n## Log\n- 2026-01-06 call: still there\n")
    past.commit("2026-01-07", "bytes", acme=b"\x89PNG\0\0")
    past.commit("2026-01-08", "mended", acme=ACME)
    told = story(past.vault.history("acme"))
    assert told[0] == ("mended", ["could not be read in the version before (not-text)"])
    assert told[1][1][0] == "could not be read in this version (not-text)"
    assert told[2] == (
        "broken",
        ["could not be read in this version (bad-yaml)", "entry added: 2026-01-06 call: still there"],
    )
    assert told[3][1][:2] == ["note added", "name: none -> Acme"]


WANTED = {
    "a field": (Wanted(field="stage"), ["third", "second", "first"]),
    "a field by another spelling": (Wanted(field="Vaihe"), ["third", "second", "first"]),
    "a kind": (Wanted(kind="entry"), ["third"]),
    "notes that came": (Wanted(kind="note"), ["first"]),
    "an author": (Wanted(author="MATTI"), ["second"]),
    "an address": (Wanted(author="<matti@"), ["second"]),
    "days": (Wanted(since=date(2026, 1, 6), until=date(2026, 1, 6)), ["second"]),
    "no machines": (Wanted(machine=False), ["second", "first"]),
}


@pytest.mark.parametrize("case", WANTED)
def test_parts_of_the_story(case: str, tmp_path: Path) -> None:
    wanted, subjects = WANTED[case]
    past = PastVault(tmp_path, config='[git]\nmachine = ["third*"]\n')
    past.commit("2026-01-05", "first", acme=ACME)
    past.commit("2026-01-06", "second", "matti", acme=ACME.replace("lead", "prospect"))
    past.commit("2026-01-07", "third", acme=ACME.replace("lead", "customer") + "- 2026-01-07 call: hello\n")
    past.commit("2026-01-08", "nothing", acme=ACME.replace("lead", "customer") + "- 2026-01-07 call: hello\n\n")
    history = past.vault.history("acme", wanted)
    assert [event.subject for event in history.events if event.subject != "nothing"] == subjects
    assert history.machine == (case == "no machines")


MACHINE = {
    "plaincrm's own": ("acme: next 2027-01-05\n\nCustomer: acme", "plaincrm"),
    "plaincrm's own of several": ("2 notes: next 2027-01-05\n\nCustomer: acme\nCustomer: bea", "plaincrm"),
    "a person who names a customer": ("Rang Acme\n\nCustomer: acme", ""),
    "a person with a colon": ("acme: rang", ""),
    "by the settings": ("vault backup: 2026-01-05", "Liisa Savi"),
    "by a name in brackets": ("Bump [bot] things", "Liisa Savi"),
    "not by a letter of it": ("Both boats", ""),
}


@pytest.mark.parametrize("case", MACHINE)
def test_commits_of_machines(case: str, tmp_path: Path) -> None:
    message, machine = MACHINE[case]
    past = PastVault(tmp_path, config='[git]\nmachine = ["VAULT backup*", "*[bot]*"]\n')
    past.commit("2026-01-05", message, acme=ACME)
    assert past.vault.history().events[0].machine == machine


def test_a_limit_and_a_query(past: PastVault) -> None:
    past.commit("2026-01-05", "first", acme=ACME, bea=ACME)
    past.commit("2026-01-06", "second", acme=ACME.replace("lead", "customer"))
    past.commit("2026-01-07", "third", bea=ACME.replace("Acme", "Bea"))
    history = past.vault.history(limit=1)
    assert (len(history.events), history.has_more) == (1, True)
    assert not past.vault.history(limit=3).has_more
    told = past.vault.history(query="stage:customer")
    assert [(event.subject, [note.customer for note in event.notes]) for event in told.events] == [
        ("second", ["acme"]),
        ("first", ["acme"]),
    ]


def test_one_who_is_gone_has_a_story_still(past: PastVault) -> None:
    past.commit("2026-01-05", "came", acme=ACME)
    past.commit("2026-01-06", "went", acme=None, bea="---\nname: Bea\n---\n")
    history = past.vault.history("Acme")
    assert [event.subject for event in history.events] == ["went", "came"]
    assert (history.customer, history.name, history.file) == ("acme", "Acme", "customers/acme.md")
    with pytest.raises(NoMatch, match="No customer is called nobody"):
        past.vault.history("nobody")


def test_what_cannot_be_asked_is_said_so(past: PastVault) -> None:
    past.commit("2026-01-05", "came", acme=ACME)
    with pytest.raises(UsageError, match="There is no field stagee") as refused:
        past.vault.history(wanted=Wanted(field="stagee"))
    assert refused.value.remedy == "Did you mean stage?"


def test_a_note_that_cannot_be_read_now_is_not_taken_for_gone(past: PastVault) -> None:
    past.commit("2026-01-05", "start", acme=ACME)
    past.write("acme.md", b"x" * (LIMIT + 1))
    told = ["could not be read in this version (unreadable-file)"]
    assert story(past.vault.history())[0] == ("", told)
    assert story(past.vault.history("acme"))[0] == ("", told)
