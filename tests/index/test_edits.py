import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.index.index import Index
from plaincrm.reports.search import search
from tests.index.conftest import Memory, Notes, contents

# Any edits, in any order

LINES = [
    *"""---
name: Kahvila Ääni Oy
name: "a\\0b"
tags: [café, vip]
stage: customer
next: 2026-12-01
tier: ky
contacts: [Liisa <l@x.fi> 040 1234567 (boss), {name: Matti}]
own: {a: [1]}
referred_by: "[[Toinen]]"
aliases: [Toinen nimi, nimi]
## Log
### 2026-11-20 14:30 call in
### 2026-11-20 email out - Sähköasennus
### 2026-13-45 what
### 2026 visit
- [ ] promise @us 📅 2026-12-01
- [x] done [due:: 2026-01-01] [[Toinen#x|y]]
[sale:: 100] [cost:: 50] [sale:: 7 USD] [product:: Maali]
[mood:: -] [nps:: 9] [resolved:: yes]
[deal:: Talo] [value:: 900] [deal:: Sauna] [chance:: 20]
[won:: 2026-01-01
<<<<<<< HEAD
```
Åbo ẞ ﬁ e\u0301
a \0 b nul \u2028 line

""".encode().splitlines(),
    b"name: N\xffN",
    b"\xed\xa0\x80 \x1b[31m",
    b"\xef\xbb\xbf",
    b"\r",
    b"x" * 300,
]
NOTE = st.lists(st.sampled_from(LINES), max_size=12).map(b"\n".join)
ODD_NAMES = [
    "a 2.md",
    "a.sync-conflict-20260101-120000-ABCDEFG.md",
    "UPPER.MD",
    "Ääni.md",
    "x\\xe9.md",
    "x\udce9.md",
    "n\nl.md",
]
NAMES = st.sampled_from(["a.md"] * 6 + ["b.md"] * 3 + [".h.md", *ODD_NAMES])
FOLDERS = st.sampled_from(["customers"] * 5 + ["customers/sub", "customers/sub/\udcff", "customers/templates", "notes"])
CONFIGS = [
    b"",
    b'[vault]\nrecords = ["customers/*.md", "notes/*.md"]\n[fields]\nown = "text"\n',
    b'[vault]\nignore = ["**/b.md"]\ncurrency = "USD"\n',
    b"[broken",
]
SYNC = st.tuples(st.just("sync"), st.sampled_from([0, 0.5, 10]))
STEP = st.one_of(
    SYNC,
    SYNC,
    st.tuples(st.just("write"), FOLDERS, NAMES, NOTE),
    st.tuples(st.just("same_size_and_time"), FOLDERS, NAMES),
    st.tuples(st.just("touch"), FOLDERS, NAMES),
    st.tuples(st.just("remove"), FOLDERS, NAMES),
    st.tuples(st.just("rename"), FOLDERS, NAMES, FOLDERS, NAMES),
    st.tuples(st.just("move_folder"), FOLDERS, FOLDERS),
    st.tuples(st.just("link"), FOLDERS, NAMES, FOLDERS, NAMES),
)
FIRST = [
    ("write", "customers", "a.md", b"---\nname: First\n---\nS\xc3\xa4hk\xc3\xb6"),
    ("write", "notes", "a.md", b"One"),
    ("sync", 10),
]


def act(root: Path, step: tuple) -> None:
    """One edit of a vault; what is impossible just now is left out."""
    kind, *rest = step
    try:
        if kind == "move_folder":
            (root / rest[0]).rename(root / rest[1])
            return
        path = root / rest[0] / rest[1]
        if kind == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(rest[2])
        elif kind == "same_size_and_time":
            status, data = path.stat(), path.read_bytes()
            path.write_bytes(data[::-1])
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        elif kind == "touch":
            path.touch()
        elif kind == "remove":
            path.unlink()
        elif kind == "rename":
            path.rename(root / rest[2] / rest[3])
        elif kind == "link":
            path.symlink_to(root / rest[2] / rest[3])
    except OSError:
        pass


def answers(memory: Memory) -> list[list[str]]:
    """What searches for words, beginnings and parts find."""
    index = Index(memory.notes.vault, memory.db)
    return [sorted(item.file for item in search(index, text).found) for text in ("kö", "asennus", "irs", "oin", "åbo")]


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=25))
def test_an_index_after_any_edits_is_the_one_built_from_nothing(steps):
    folder = Path(tempfile.mkdtemp())
    try:
        notes = Notes(folder / "vault")
        memory = Memory(notes)
        for step in [*FIRST, *steps, ("sync", 0)]:
            if step[0] == "sync":
                memory.sync(step[1])
                new = Memory(notes)
                new.sync()
                assert memory.contents(stamps=True) == new.contents(stamps=True)
                assert answers(memory) == answers(new)
            else:
                act(notes.root, step)
    finally:
        shutil.rmtree(folder)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(STEP, st.tuples(st.just("config"), st.sampled_from(CONFIGS))), min_size=3, max_size=20))
def test_an_index_on_disk_follows_edits_and_settings(steps):
    folder = Path(tempfile.mkdtemp())
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
            notes = Notes(folder / "vault")
            for step in [*FIRST, *steps, ("sync", 0)]:
                if step[0] == "sync":
                    with notes.open() as kept, notes.open(cache=False) as new:
                        assert kept.notice == ""
                        assert contents(kept.db, stamps=True) == contents(new.db, stamps=True)
                elif step[0] == "config":
                    notes.write("plaincrm.toml", step[1])
                else:
                    act(notes.root, step)
    finally:
        shutil.rmtree(folder)
