"""A checklist that was ticked is read back into the notes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.errors import NoMatch, UsageError
from plaincrm.render.sample import markdown, outcome
from plaincrm.reports.sample import Checked, read_checklist
from tests.making import make_vault, vault_of

TODAY = date(2026, 11, 21)
NOTES = {
    f"{name}.md": f"---\nname: {name.title()} | [x]\nverified: 2020-01-01\n---\n" for name in ("aho", "berg", "coe")
}


def test_who_is_ticked_is_verified_and_nobody_else(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, NOTES)
    drawn = markdown(vault.sample(TODAY, 3))
    assert read_checklist(drawn) == Checked((), tuple(read_checklist(drawn).wrong))
    assert {*read_checklist(drawn).wrong} == {"aho", "berg", "coe"}
    ticked = drawn.replace("- [ ] [[berg", "- [x] [[berg").replace("- [ ] [[coe", "* [X] [[coe")
    report = vault.verify(ticked, TODAY)
    assert sorted(item.file for item in report.files) == ["customers/berg.md", "customers/coe.md"]
    assert [vault.customer(name).verified for name in ("aho", "berg", "coe")] == [date(2020, 1, 1), TODAY, TODAY]
    assert vault.verify(ticked, TODAY).files == ()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, NOTES)
    assert vault.verify("- [x] [[aho|Aho]]: right\n", TODAY, dry_run=True).files[0].what == ("verified 2026-11-21",)
    assert vault.customer("aho").verified == date(2020, 1, 1)


def test_what_is_no_checklist_is_refused(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, NOTES)
    with pytest.raises(UsageError, match="no box"):
        vault.verify("- [x] something else\n", TODAY)
    with pytest.raises(NoMatch):
        vault.verify("- [x] [[aho]]\n- [x] [[nobody]]\n", TODAY)
    assert (make_vault(tmp_path, {}) / "customers/aho.md").read_text() == NOTES["aho.md"]


def test_what_it_says_of_all() -> None:
    assert outcome(Checked(("a", "b"), ("c",))) == "2 of 3 are right; of all between 21 and 94 % (95 %)."
