"""What became of notes that link to one which was renamed: their links follow, and that is told as one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.history.renames import relinked, rename
from plaincrm.render.history import sheet as history_sheet
from plaincrm.render.history_diff import sheet as diff_sheet
from plaincrm.render.sheet import Items
from tests.history.past import PastVault, story, words

SALO = "---\nname: Salo\ntags: [a, b, c]\nphone: +358 40 1234567\n---\n"
ACME = """---
name: Acme
stage: lead
referred_by: "[[salo]]"
---

See [them](salo.md).

## Log
- 2026-01-02 call out: about [[salo|the Salos]]
  - [ ] Ring [[salo]] 📅 2026-01-10
"""
BEA = "---\nname: Bea\n---\n\n## Log\n- 2026-01-03 call in: knows [[salo]]\n"


@pytest.fixture
def past(tmp_path: Path) -> PastVault:
    past = PastVault(tmp_path)
    past.commit("2026-01-05", "before", salo=SALO, acme=ACME, bea=BEA)
    past.vault.rename("salo", "Aalto", file="aalto")
    return past


@pytest.mark.parametrize("is_committed", [True, False])
def test_links_that_follow_are_one_change(is_committed: bool, past: PastVault) -> None:
    past.write("acme.md", (past.root / "customers/acme.md").read_text().replace("stage: lead", "stage: customer"))
    if is_committed:
        past.commit("2026-02-01", "Salo is Aalto now")
    follows = "links follow the rename: salo -> aalto"
    for_acme, for_bea = (story(past.vault.history(name))[0][1] for name in ("acme", "bea"))
    assert for_acme == ["stage: lead -> customer", follows]
    assert for_bea == [follows]
    (event, *_) = past.vault.history().events
    (item, *_) = next(part.items for part in history_sheet(past.vault.history()).parts if isinstance(part, Items))
    assert f"{follows} in Bea" in item.more
    assert [note.customer for note in event.notes] == ["aalto", "acme", "bea"]
    report = past.vault.diff("HEAD~1..HEAD" if is_committed else "HEAD")
    assert [(each.story.customer, each.story.changes[-1].what) for each in report.customers][1:] == [
        ("acme", "relinked"),
        ("bea", "relinked"),
    ]
    told = diff_sheet(report, 0)
    assert told.about == "2 customers"
    assert told.remarks == (f"L{follows[1:]} in Bea.",)


def test_a_link_changed_without_a_rename_is_a_change(past: PastVault) -> None:
    past.git("checkout", "--quiet", "--", ".")
    (past.root / "customers/aalto.md").unlink()
    past.commit("2026-02-01", "another one", bea=BEA.replace("salo", "acme"))
    (event, *_) = past.vault.history("bea").events
    assert words(event) == ["entry changed: 2026-01-03 call in: knows [[salo]] -> 2026-01-03 call in: knows [[acme]]"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[salo oy]] [[x/Salo Oy|s]] ![[salo oy#Log]]", "[[b c]] [[x/b c|s]] ![[b c#Log]]"),
        ("[s](../x/salo%20oy.md) [s](<salo oy.md>)", "[s](../x/b%20c.md) [s](<b c.md>)"),
        ("company: salo oy\r\nvia: [salo oy, x]\n", "company: b c\r\nvia: [b c, x]\n"),
        ("salo oy [[salo oyj]] [[my salo oy]] salo oy rang", ""),
    ],
)
def test_what_a_link_is(before: str, after: str) -> None:
    data, followed = relinked(before.encode(), [("salo oy", "b c")])
    assert data.decode() == (after or before)
    assert bool(followed) == bool(after)


def test_a_note_that_goes_to_another_folder_keeps_its_links() -> None:
    assert rename("customers/a.md", "archive/a.md") is None
    assert rename("customers/a.md", "archive/b.md") == ("a", "b")
