"""The quality report and the sample: by hand, and against a reckoning of its own over the example vault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.cli.run import run
from plaincrm.render.quality import data
from plaincrm.reports.groups import By
from plaincrm.reports.quality import QualityReport, Soundness
from tests.keeping import KeptVault, example_vault, vault_in_memory
from tests.making import make_vault, vault_of
from tests.reckoning.means import members
from tests.reckoning.quality import quality as reckoned
from tests.reckoning.walk import agree, answer_of

TODAY = date(2026, 11, 21)
WEIGHTS = "[quality]\nemail = 3\nbusiness_id = 1\nbirthday = 2\n"
NOTES = {
    "a.md": "---\nname: A\ntype: company\ntier: key\nemail: a@a.example\nbusiness_id: 2077474-0\n---\n"
    "- 2026-11-01 call: x\n",
    "b.md": "---\nname: B\ntype: company\ncontacts:\n- Bo <b@b.example>\nbusiness_id: 2077474-1\n"
    "verified: 2026-01-01\n---\n",
    "c.md": "---\nname: C\ntype: person\nbirthday: 1971-02-19\nverified: 2020-01-01\n---\n",
    "d.md": "---\nname: D\nemail: nonsense\n---\n- 2026-11-30 call: planned\n",
}


def counts(of: Soundness) -> tuple[int, ...]:
    return (of.applies, of.filled, of.valid, of.fresh, of.usable)


def test_by_hand(tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES, WEIGHTS).quality(TODAY)
    assert {of.name: counts(of) for of in report.fields} == {
        "email": (4, 3, 2, 2, 2),  # A, B through Bo, D wrong and stale
        "business_id": (2, 2, 1, 2, 1),  # B's has a wrong check digit
        "birthday": (1, 1, 1, 0, 0),  # C was verified long ago
    }
    assert counts(report.totals) == (16, 13, 9, 8, 7)  # 3 * 4 + 2 + 2 * 1, …
    assert (report.totals.customers, report.totals.score) == (4, Decimal("0.4375"))
    assert [(of.name, of.customers, counts(of)) for of, _fields in report.groups] == [
        ("key", 1, (4, 4, 4, 4, 4)),
        (None, 3, (12, 9, 5, 4, 3)),
    ]
    assert {of.name: counts(of) for of in report.groups[1].fields} == {
        "email": (3, 2, 1, 1, 1),  # A's is of the other group
        "business_id": (1, 1, 0, 1, 0),
        "birthday": (1, 1, 1, 0, 0),
    }
    assert report.contacts == (1, 1, 0)
    assert report.fresh_since == date(2025, 11, 21)


def test_how_long_a_record_is_fresh(tmp_path: Path) -> None:
    config = WEIGHTS + '[check]\nverify_after = "10y"\n'
    report = vault_of(tmp_path, NOTES, config).quality(TODAY)
    assert [(of.name, of.fresh) for of in report.fields] == [("email", 2), ("business_id", 2), ("birthday", 1)]


def test_permissions(tmp_path: Path) -> None:
    log = (
        "- 2026-01-01 call: a [allow:: email]\n- 2026-02-01 call: a [deny:: email] [allow:: chat]\n"
        "- 2026-12-01 call: a [deny:: chat]\n"
    )
    notes = {
        "a.md": f"---\nname: A\n---\n{log}",
        "b.md": "---\nname: B\nallow: [email]\ndeny: [letter]\n---\n- 2026-01-01 call: a [deny:: email]\n",
        "c.md": "---\nname: C\n---\n- 2026-01-01 call: a [allow:: letter] [deny:: letter]\n",
        "d.md": "---\nname: D\n---\n",
    }
    report = vault_of(tmp_path, notes).quality(TODAY)
    assert [tuple(of) for of in report.permissions] == [
        ("email", 1, 1, 1, Decimal("0.5")),  # what B's front matter says has no date
        ("letter", 0, 2, 1, Decimal("0.5")),
        ("chat", 1, 0, 1, Decimal("0.25")),  # denied from December on
    ]


def test_nobody_is_there(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {}).quality(TODAY)
    assert (report.totals.customers, report.totals.score, report.groups, report.contacts) == (0, None, (), (0, 0, 0))


def test_a_planned_talk_makes_nothing_fresh(tmp_path: Path) -> None:
    told = vault_of(tmp_path, NOTES, WEIGHTS).explain_quality("d", TODAY)
    assert [(figure.value, figure.how) for figure in told.figures[2:]] == [
        ("0 of 3", "faults: email"),
        ("0 of 3", "verified never, spoken to never; fresh since 2025-11-21"),
    ]


def test_one_customer_explained(tmp_path: Path) -> None:
    told = vault_of(tmp_path, NOTES, WEIGHTS).explain_quality("b", TODAY)
    assert [(figure.value, figure.how.partition(",")[0]) for figure in told.figures] == [
        ("3 of 4", "weights of fields that are filled"),
        ("4 of 4", "missing: nothing"),
        ("3 of 4", "faults: business_id"),
        ("4 of 4", "verified 2026-01-01"),
    ]
    assert [(line.line, line.counts) for line in told.lines] == [
        (5, "email, weight 3"),
        (6, "business_id, weight 1, at fault"),
    ]


# A second reckoning, in plain Python over the records.


def agrees(vault: KeptVault, by: By, faults: dict[str, set[str]], query: str = "") -> int:
    """Hold the whole answer against the second reckoning; of faults, those fields which check names."""
    customers = vault.query(query, today=TODAY)
    own = reckoned(customers, vault.config, TODAY, by, faults, members(vault, TODAY))
    answer = answer_of(data(vault.quality(TODAY, by=by, query=query)))
    assert {row["file"] for row in answer["unread"]} == set(faults)
    return agree(answer, own | {"unread": answer["unread"]})


@pytest.mark.parametrize("by", get_args(By))
def test_every_figure_of_the_example_vault(by: By) -> None:
    assert agrees(example_vault(), by, {}) > 200
    assert agrees(example_vault(), by, {}, "tier:key owner:liisa") > 100


def test_every_figure_of_records_with_faults() -> None:
    """A wrong address and a wrong check digit; a consent taken back; a group whose customers can have no field."""
    told = {
        **NOTES,
        "e.md": "---\nname: E\ntype: company\ntags: [x, y]\nallow: [email]\ndeny: [call]\ncontacts:\n"
        "- Bo <b@b.example>\n"
        "- Al +358 40 5550101\n---\n- 2026-01-05 call missed: x [deny:: email] [allow:: call]\n"
        "- 2026-01-06 call: x [deny:: chat]\n- 2026-01-06 email: x [allow:: chat]\n"
        "- 2026-12-01 call: x [allow:: letter]\n",
        "f.md": "---\nname: F\ntype: person\ntier: regular\nbirthday: 02-29\n---\n"
        "- 2025-11-20 call: x [deny:: letter]\n",
        "g.md": "---\nname: G\nverified: 2025-11-21\nemail: g@g.example\n---\n",
    }
    faults = {"customers/b.md": {"business_id"}, "customers/d.md": {"email"}}
    for config in (WEIGHTS, "[quality]\nbusiness_id = 1\n", "[quality]\nemail = 0\n", ""):
        vault = vault_in_memory(config).put(told)
        for by in get_args(By):
            agrees(vault, by, faults)
    agrees(vault_in_memory().put({}), "tier", {})


LINES = ("type: company", "type: person", "tier: key", "email: a@a.example", "email: bad", "phone: '+358405550101'")
NOTE = st.lists(
    st.sampled_from((*LINES, "business_id: 2077474-0", "verified: 2026-05-05", "needs: a")), unique_by=lambda x: x[:4]
)


@settings(max_examples=20, deadline=None)
@given(st.lists(NOTE, max_size=5))
def test_groups_and_fields_add_up_in_any_vault(found: list[list[str]]) -> None:
    notes = {f"c{at}.md": "\n".join(["---", f"name: C{at}", *lines, "---", ""]) for at, lines in enumerate(found)}
    report: QualityReport = vault_in_memory().put(notes).quality(TODAY, by="type")
    for at in range(5):
        whole = counts(report.totals)[at]
        assert sum(counts(of)[at] for of, _fields in report.groups) == whole
        assert sum(counts(of)[at] * of.weight for of in report.fields) == whole
    for of in (*report.fields, *(of for of, _fields in report.groups), report.totals):
        applies, there, valid, fresh, usable = counts(of)
        assert applies >= there >= max(valid, fresh)
        assert min(valid, fresh) >= usable >= valid + fresh - there


def test_a_sample_is_the_same_each_time() -> None:
    example = example_vault()
    drawn = [{one.customer for one in example.sample(TODAY, size, seed=7).customers} for size in (5, 5, 12, 100)]
    assert drawn[0] == drawn[1] < drawn[2] < drawn[3]
    assert [len(some) for some in drawn] == [5, 5, 12, 47]
    assert drawn[0] != {one.customer for one in example.sample(TODAY, 5, seed=8).customers}
    named = [one.name for one in example.sample(TODAY, 3, query="owner:noora").customers]
    assert len(named) == 3
    assert set(named) <= {c.name for c in example.query("owner:noora")}


CHECKLIST = """\
# Audit of 1 of 1 customers

Drawn on 2026-11-21 with seed 1. Tick who has every line right, and mend what is wrong.

- [ ] [[b|B]]: verified 2026-01-01, customers/b.md
  - email: b\\@b.example (line 5)
  - business\\_id: missing

If all 1 are right, at least 21 % of all 1 are (95 %). More of it in docs/quality.md.

1 file not read in full; see plaincrm check:

- customers/b.md: bad-business-id
"""
SHOWN = """\
Audit of 1 of 1 customers · drawn on 2026-11-21 with seed 1

  B: verified 2026-01-01
    email: b@b.example (line 5)
    business_id: missing
    customers/b.md

If all 1 are right, at least 21 % of all 1 are (95 %). More of it in
  docs/quality.md.
To tick it in a note, write it with -o AUDIT.md; quality --apply AUDIT.md reads
  that back.

1 file not read in full; see plaincrm check:
  customers/b.md: bad-business-id
"""


def test_the_checklist(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    vault = ["--vault", str(make_vault(tmp_path / "vault", {"b.md": NOTES["b.md"]}, WEIGHTS)), "--today", "2026-11-21"]
    assert run([*vault, "quality", "--sample", "3", "--format", "md"]) == 0
    assert capfd.readouterr().out == CHECKLIST
    assert run([*vault, "quality", "--sample", "3"]) == 0
    assert capfd.readouterr().out == SHOWN
    assert run([*vault, "quality", "--sample", "3", "--format", "html"]) == 2
    assert "Use --format md." in capfd.readouterr().err
