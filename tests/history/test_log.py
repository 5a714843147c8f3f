"""Git's log streamed: whatever commits hold, and from repositories of every state."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from plaincrm.history.git import GitFailed
from plaincrm.history.repository import NotInGit
from plaincrm.history.story import Wanted
from tests.history.past import PastVault, story
from tests.making import vault_of

ACME = "---\nname: Acme\nstage: lead\n---\n"


@pytest.fixture
def past(tmp_path: Path) -> PastVault:
    return PastVault(tmp_path)


def test_words_and_names_of_any_bytes(past: PastVault) -> None:
    """Escapes, separators, bytes that are no UTF-8, no name at all, and a message that looks like git's own rows."""
    past.write("acme.md", ACME)
    past.git("add", "--all")
    tree = past.git("write-tree")
    head = (
        b"tree "
        + tree.encode()
        + b"\nauthor \x1b[31m\xe9\x1e <> 1767261600 +0200\ncommitter A <a> 1767261600 +0200\n\n"
    )
    message = b"\x1b]0;x\x07 \x1e\xff\n\n:100644 100644 a b M\n\nCustomer: \x1bacme\n"
    first = past.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=head + message)
    past.git("update-ref", "HEAD", first)
    (event,) = past.vault.history().events
    assert (event.author, event.email) == ("\x1b[31m\ufffd\x1e", "")
    assert event.subject == "\x1b]0;x\x07 \x1e\ufffd"
    assert event.customers == ("\x1bacme",)
    assert [note.customer for note in event.notes] == ["acme"]


CLOCKS = {
    "0 +0000": "1970-01-01T02:00:00+02:00",
    "253402300900 +0000": "9999-12-30T22:00:00+02:00",
    "18446744073709551616 +0000": "1970-01-01T02:00:00+02:00",
    "1767261600 +9999": "2026-01-01T12:00:00+02:00",
    "-5 +0000": "1970-01-01T02:00:00+02:00",
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_clocks_that_cannot_be(clock: str, past: PastVault) -> None:
    past.write("acme.md", ACME)
    past.git("add", "--all")
    text = f"tree {past.git('write-tree')}\nauthor A <a> {clock}\ncommitter A <a> {clock}\n\nodd\n"
    past.git(
        "update-ref",
        "HEAD",
        past.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=text.encode()),
    )
    (event,) = past.vault.history("acme").events
    assert event.when is not None
    assert event.when.isoformat() == CLOCKS[clock]


def test_a_commit_of_1970_hides_nothing(past: PastVault) -> None:
    past.commit("2026-01-01", "first", acme=ACME)
    past.commit("1970-01-02", "odd", acme=ACME.replace("lead", "customer"))
    past.commit("2026-01-03", "last", acme=ACME)
    assert [subject for subject, _words in story(past.vault.history())] == ["last", "odd", "first"]

    since = past.vault.history("acme", Wanted(since=date(2025, 1, 1)))
    assert [event.subject for event in since.events] == ["last", "first"]


def test_a_merge_of_two_hundred_sides(past: PastVault) -> None:
    start = past.commit("2026-01-01", "first", acme=ACME)
    stream = []
    for n in range(200):
        note = ACME.replace("lead", f"lead{n}").encode()
        stream += [imported(f"b{n}", n, note, start, mark=b"mark :%d\n" % (n + 1))]
    merged = ACME.replace("lead", "customer").encode()
    sides = b"".join(b"merge :%d\n" % (n + 1) for n in range(200))
    stream += [imported("main", 100_000, merged, start, sides=sides)]
    past.git("fast-import", "--quiet", "--force", given=b"".join(stream))
    past.git("reset", "-q", "--hard")
    history = past.vault.history("acme", limit=1)
    assert len(history.events[0].parents) == 201
    assert story(history) == [("x", ["stage: lead -> customer"])]


def imported(branch: str, n: int, note: bytes, start: str = "", mark: bytes = b"", sides: bytes = b"") -> bytes:
    """A commit of Acme's note as `git fast-import` takes it."""
    begin = b"commit refs/heads/%s\n%scommitter A <a> %d +0000\ndata 1\nx\n" % (branch.encode(), mark, 1767361600 + n)
    parent = b"from %s\n" % start.encode() if start else b""
    return begin + parent + sides + b"M 644 inline customers/acme.md\ndata %d\n%s\n" % (len(note), note)


# --- states of repositories


def test_no_repository_nothing_committed_and_a_bare_one(tmp_path: Path) -> None:

    with pytest.raises(NotInGit, match="in no git repository"):
        vault_of(tmp_path / "plain", {"a.md": ACME}).history()
    past = PastVault(tmp_path / "new")
    past.write("acme.md", ACME)
    for ask in (past.vault.history, past.vault.diff, lambda: past.vault.blame("acme")):
        with pytest.raises(NotInGit, match="Nothing is committed"):
            ask()
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    with pytest.raises(GitFailed, match=r"bare repository|work tree"):
        vault_of(bare, {"a.md": ACME}).history()


def test_a_vault_below_the_repositorys_root_sees_itself_only(tmp_path: Path) -> None:
    past = PastVault(tmp_path, at="office/crm")
    (past.repository / "customers").mkdir()
    (past.repository / "customers/other.md").write_text(ACME)
    past.commit("2026-01-01", "first", acme=ACME)
    (past.repository / "customers/other.md").write_text("changed")
    past.commit("2026-01-02", "elsewhere")
    past.commit("2026-01-03", "third", acme=ACME.replace("lead", "customer"))
    assert story(past.vault.history("acme")) == story(past.vault.history())
    assert [subject for subject, _words in story(past.vault.history())] == ["third", "first"]
    assert past.vault.history().events[0].notes[0].file == "customers/acme.md"
    assert [each.story.changes[0].new for each in past.vault.diff("HEAD~1..HEAD").customers] == ["customer"]
    assert {part.commit for part in past.vault.blame("acme").parts} == {e.commit for e in past.vault.history().events}


def test_a_shallow_clone_says_where_its_history_is_cut(past: PastVault, tmp_path: Path) -> None:
    past.commit("2026-01-01", "first", acme=ACME)
    past.commit("2026-01-02", "second", acme=ACME.replace("lead", "customer"))
    past.commit("2026-01-03", "third", acme=ACME.replace("lead", "customer") + "- 2026-01-03 call: hello\n")
    subprocess.run(["git", "clone", "-q", "--depth=2", f"file://{past.repository}", tmp_path / "clone"], check=True)
    clone = PastVault.__new__(PastVault)
    clone.root = clone.repository = tmp_path / "clone"
    last, cut = clone.vault.history("acme").events
    assert (last.subject, last.is_cut) == ("third", False)
    assert (cut.subject, cut.is_cut, cut.notes) == ("second", True, ())
    assert [(part.key, part.is_older) for part in clone.vault.blame("acme").parts] == [
        ("name", True),
        ("stage", True),
        ("2026-01-03", False),
    ]
    with pytest.raises(UsageError, match="this shallow clone begins on 2026-01-02"):
        clone.vault.diff("2026-01-01")


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_worktrees_submodules_and_longer_names(form: str, tmp_path: Path) -> None:
    past = PastVault(tmp_path, form=form)
    past.commit("2026-01-01", "first", acme=ACME)
    past.commit("2026-01-02", "second", acme=ACME.replace("lead", "customer"))
    told = story(past.vault.history())
    assert len(told) == 2, "nothing is taken for not committed"
    past.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "HEAD~1")
    tree = PastVault.__new__(PastVault)
    tree.root = tree.repository = tmp_path / "tree"
    assert story(tree.vault.history()) == told[1:]
    outer = PastVault(tmp_path / "outer", form=form)
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(past.repository), "crm")
    outer.root = outer.repository / "crm"
    assert story(outer.vault.history()) == told


@pytest.mark.parametrize("what", ["merge", "rebase"])
def test_in_the_middle_of_a_merge_or_a_rebase(what: str, past: PastVault) -> None:
    """The commits are told as ever; the note with both sides in it is not read as if it were whole."""
    past.commit("2026-01-01", "first", acme=ACME)
    past.git("checkout", "-q", "-b", "side")
    past.commit("2026-01-02", "theirs", acme=ACME.replace("lead", "customer"))
    past.git("checkout", "-q", "main")
    past.commit("2026-01-03", "ours", acme=ACME.replace("lead", "prospect"))
    with pytest.raises(subprocess.CalledProcessError):
        past.git(what, "side")
    history = past.vault.history("acme")
    assert history.under_way == f"a {what}"
    top, *rest = story(history)
    assert top == ("", ["could not be read in this version (unresolved-merge)"])
    assert [subject for subject, _words in rest][-1] == "first"


def test_nothing_of_the_repository_runs(past: PastVault, tmp_path: Path) -> None:
    """What its settings, attributes and hooks name stays where it is, and none of them changes the answer."""
    mark = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\nexec cat\n")
    program.chmod(0o755)
    (past.root / ".gitattributes").write_text("* filter=evil diff=evil\n")
    past.commit("2026-01-01", "first", acme=ACME)
    past.commit("2026-01-02", "second", acme=ACME.replace("lead", "customer"))
    told = story(past.vault.history())
    for key in ("core.fsmonitor", "filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "diff.evil.command"):
        past.git("config", key, str(program))
    for key in ("core.pager", "diff.external", "gpg.program", "core.sshCommand", "trailer.customer.command"):
        past.git("config", key, str(program))
    odd = {"log.showRoot": "false", "diff.renames": "copies", "diff.noprefix": "true", "log.showSignature": "true"}
    odd |= {"core.hooksPath": str(tmp_path), "log.follow": "true", "diff.relative": "true", "color.ui": "always"}
    odd |= {"format.pretty": "oneline", "log.date": "relative", "i18n.logOutputEncoding": "latin1", "core.abbrev": "4"}
    for key, value in odd.items():
        past.git("config", key, value)
    (past.root / "customers/acme.md").touch()
    assert story(past.vault.history()) == told
    assert [subject for subject, _words in story(past.vault.history("acme"))] == ["second", "first"]
    assert len(past.vault.diff("HEAD~1").customers) == 1
    assert past.vault.blame("acme").parts
    assert not mark.exists()


def test_links_and_what_is_no_note_are_left_out(past: PastVault) -> None:
    (past.root / "customers/link.md").symlink_to("acme.md")
    (past.root / "customers/.hidden.md").write_text(ACME)
    (past.root / "readme.md").write_text(ACME)
    past.commit("2026-01-01", "first", acme=ACME)
    (past.root / "plaincrm.toml").write_text("")
    past.commit("2026-01-02", "settings")
    assert [event.subject for event in past.vault.history().events] == ["first"]
    assert [note.customer for event in past.vault.history().events for note in event.notes] == ["acme"]


def test_memory_does_not_grow_with_the_history(past: PastVault) -> None:
    """A story of 600 commits takes no more than one of few: what was told is let go."""
    start = past.commit("2026-01-01", "first", acme=ACME)

    def measured() -> int:
        code = "import resource, sys, plaincrm\nfrom plaincrm.history.story import Wanted\n"
        code += "plaincrm.open_vault(sys.argv[1], cache=False).history(wanted=Wanted(kind='deal'))\n"
        code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
        done = subprocess.run([sys.executable, "-c", code, past.root], capture_output=True, check=True)
        return int(done.stdout)

    few = measured()
    stream = [
        imported("main", n, (ACME + f"- 2026-01-01 call: {n}\n  {'x' * 16_000}\n").encode(), start if n == 0 else "")
        for n in range(600)
    ]
    past.git("fast-import", "--quiet", "--force", given=b"".join(stream))
    past.git("reset", "-q", "--hard")
    assert measured() < few + 40_000  # KiB; all versions together are more than that
