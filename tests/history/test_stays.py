"""How long customers were in a stage, against pasts written out by hand, and against a second reckoning."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import jsonschema
import pytest
from click.testing import CliRunner

import plaincrm
from plaincrm.cli.group import cli
from plaincrm.history.ask import Past
from tests.docs.blocks import ROOT
from tests.history.past import PastVault

TODAY = date(2026, 11, 21)
LOG = "\n## Log\n" + "".join(f"- 2026-01-0{n} call: talk {n} with {{0}}\n" for n in range(1, 9))


@pytest.fixture
def past(tmp_path: Path) -> PastVault:
    """A history that begins with another customer, so that it is known since when the others are there."""
    past = PastVault(tmp_path)
    past.commit("2026-01-01", "first", old=note("Old", "lead"))
    return past


def note(name: str, stage: str, more: str = "") -> str:
    return f"---\nname: {name}\n{f'stage: {stage}' if stage else 'city: Turku'}\n---\n{LOG.format(name)}{more}"


def left(past: PastVault, period: str = "2026", query: str = "") -> dict[str | None, tuple[int, float]]:
    """How many left each stage after a time that is known, and after how many days."""
    report = past.vault.growth(period, TODAY, query=query)
    return {row.stage: (row.timed, float(row.days)) for row in report.stages if row.days is not None}


def test_a_way_from_lead_to_customer(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-01-12", "talked", a=note("A", "lead", "- 2026-01-12 call: more\n"))
    past.commit("2026-01-20", "wants", a=note("A", "prospect"))
    past.commit("2026-02-20", "buys", a=note("A", "customer"))
    assert left(past) == {"lead": (1, 10), "prospect": (1, 31)}
    report = past.vault.growth("2026", TODAY)
    assert report.history_since == date(2026, 1, 1)
    assert [(row.stage, row.customers) for row in report.stages] == [("lead", 1), ("prospect", 0), ("customer", 1)]


def test_what_the_history_begins_with_has_no_first_day(past: PastVault) -> None:
    past.commit("2026-02-01", "wants", old=note("Old", "prospect"))
    past.commit("2026-02-11", "buys", old=note("Old", "customer"))
    assert left(past) == {"prospect": (1, 10)}


def test_only_those_who_left_in_the_period_and_up_to_today_count(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-03-31", "wants", a=note("A", "prospect"))
    past.commit("2026-12-01", "buys", a=note("A", "customer"))  # later than today
    assert left(past, "2026-Q1") == {"lead": (1, 80)}
    assert left(past, "2026-Q2") == {}
    assert left(past) == {"lead": (1, 80)}
    assert left(past, query="name:old") == {}


def test_back_and_again(past: PastVault) -> None:
    for day, stage in (("01-10", "lead"), ("01-20", "prospect"), ("02-01", "lead"), ("02-03", "customer")):
        past.commit(f"2026-{day}", stage, a=note("A", stage))
    assert left(past) == {"lead": (2, 6), "prospect": (1, 12)}


def test_a_stage_in_finnish_is_the_same_stage(past: PastVault) -> None:
    past.commit("2026-01-10", "tuli", a=note("A", "liidi").replace("stage:", "vaihe:"))
    past.commit("2026-01-11", "in English", a=note("A", "lead"))
    past.commit("2026-01-15", "ostaa", a=note("A", "asiakas").replace("stage:", "vaihe:"))
    assert left(past) == {"lead": (1, 5)}


def test_a_note_keeps_its_days_when_it_is_renamed(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.git("mv", "customers/a.md", "customers/alpha.md")
    past.commit("2026-01-12", "renamed")
    past.git("mv", "customers/alpha.md", "customers/beta.md")
    past.commit("2026-01-15", "renamed and moved on", beta=note("A", "prospect"))
    assert left(past) == {"lead": (1, 5)}
    assert [figure.value for figure in past.vault.explain_growth("beta", "2026", TODAY).figures[1:]] == ["5 days"]


def test_whose_note_is_gone_counts_no_more(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-01-15", "wants", a=note("A", "prospect"))
    past.commit("2026-01-16", "gone", a=None)
    past.commit("2026-02-16", "another one of that name", a=note("A", "lead").replace("talk", "word"))
    assert left(past) == {}


def test_without_a_stage_nobody_is_in_one(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", ""))
    past.commit("2026-01-15", "a lead", a=note("A", "lead"))
    past.commit("2026-01-18", "none", a=note("A", ""))
    assert left(past) == {"lead": (1, 3)}


def test_a_version_that_cannot_be_read_changes_nothing(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-01-12", "broken", a=note("A", "[").replace("name: A", "name: [A"))
    past.commit("2026-01-14", "mended", a=note("A", "lead"))
    past.commit("2026-01-15", "wants", a=note("A", "prospect"))
    assert left(past) == {"lead": (1, 5)}


def test_a_merge_changes_nothing_by_itself(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.git("checkout", "-q", "-b", "side")
    past.commit("2026-01-12", "wants", a=note("A", "prospect"))
    past.git("checkout", "-q", "main")
    past.commit("2026-01-14", "talked", a=note("A", "lead", "- 2026-01-14 call: more\n"))
    past.git("merge", "-q", "-m", "both", "side", when="2026-01-16T10:00:00Z")
    past.commit("2026-01-20", "buys", a=note("A", "customer", "- 2026-01-14 call: more\n"))
    assert left(past) == {"lead": (1, 2), "prospect": (1, 8)}


def test_days_are_those_of_the_vaults_zone(past: PastVault) -> None:
    past.commit("2026-01-10T23:30:00Z", "came on the 11th in Helsinki", a=note("A", "lead"))
    past.commit("2026-01-12T12:00:00Z", "wants", a=note("A", "prospect"))
    assert left(past) == {"lead": (1, 1)}


def test_a_shallow_clone_tells_what_it_has(past: PastVault, tmp_path: Path) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-01-20", "wants", a=note("A", "prospect"))
    past.commit("2026-01-25", "buys", a=note("A", "customer"))
    past.git("clone", "-q", "--depth", "2", f"file://{past.repository}", str(tmp_path / "clone"))
    past.root = tmp_path / "clone"
    assert left(past) == {}
    assert past.vault.growth("2026", TODAY).history_since == date(2026, 1, 20)


def test_why_the_growth_says_so(past: PastVault) -> None:
    came = past.commit("2026-01-10", "came", a=note("A", "lead"))
    wants = past.commit("2026-01-20", "wants", a=note("A", "prospect"))
    buys = past.commit("2026-02-20", "buys", a=note("A", "customer"))
    figures = past.vault.explain_growth("a", "2026", TODAY).figures[1:]
    assert [(figure.name, figure.value, figure.how) for figure in figures] == [
        ("As lead", "10 days", f"From 2026-01-10 ({came[:8]}) to 2026-01-20 ({wants[:8]}), by git."),
        ("As prospect", "31 days", f"From 2026-01-20 ({wants[:8]}) to 2026-02-20 ({buys[:8]}), by git."),
    ]


def test_without_git_nothing_is_told_of_it(tmp_path: Path) -> None:
    past = PastVault(tmp_path)
    past.write("a.md", note("A", "lead"))
    assert past.vault.growth("2026", TODAY).history_since is None  # nothing is committed


def test_an_answer_from_a_commit_knows_what_led_to_it(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    then = past.commit("2026-01-20", "wants", a=note("A", "prospect"))
    past.commit("2026-02-20", "buys", a=note("A", "customer"))
    report = past.vault.as_of(then).growth("2026", TODAY)
    assert [(row.stage, row.timed) for row in report.stages if row.timed] == [("lead", 1)]  # and no prospect yet


def test_with_hindsight_it_is_what_all_commits_say_up_to_the_day(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-01-20", "wants", a=note("A", "prospect"))
    past.commit("2026-02-20", "buys", a=note("A", "customer"))
    for day, known in (
        ("2026-01-19", []),
        ("2026-01-20", [("lead", 1)]),
        ("2026-02-20", [("lead", 1), ("prospect", 1)]),
    ):
        then = past.vault.as_of(date.fromisoformat(day), hindsight=True)
        report = then.growth("2026", TODAY)
        assert [(row.stage, row.timed) for row in report.stages if row.timed] == known
        assert report.stages[-1][:2] == ("customer", 1)  # which has no day in the note
    assert [figure.value for figure in then.explain_growth("a", "2026", TODAY).figures[1:]] == ["10 days", "31 days"]


def test_what_the_commits_say_is_kept_until_the_next_commit(past: PastVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(past.root.parent / "cache"))
    vault = plaincrm.open_vault(past.root)
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-01-20", "wants", a=note("A", "prospect"))
    first = vault.growth("2026", TODAY)
    with monkeypatch.context() as nothing_read:
        nothing_read.setattr(Past, "stays", lambda _past, field: pytest.fail(f"{field} is asked for again"))
        assert vault.growth("2026", TODAY) == first
    (kept,) = (past.root.parent / "cache").rglob("*.json")
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_bytes(b"[")  # whatever becomes of it
    assert vault.growth("2026", TODAY) == first
    past.commit("2026-02-20", "buys", a=note("A", "customer"))
    assert [(row.stage, row.timed) for row in vault.growth("2026", TODAY).stages if row.timed] == [
        ("lead", 1),
        ("prospect", 1),
    ]


def test_what_people_and_programs_get(past: PastVault) -> None:
    past.commit("2026-01-10", "came", a=note("A", "lead"))
    past.commit("2026-01-20", "wants", a=note("A", "prospect"))
    asked = ["--no-cache", "--vault", str(past.root), "--today", str(TODAY), "growth", "--period", "2026"]
    told = CliRunner().invoke(cli, asked, catch_exceptions=False).stdout
    assert "From git since 2026-01-01: after how many days" in told
    assert [line.split()[:4] for line in told.splitlines() if line.startswith(("lead", "prospect"))] == [
        ["lead", "1", "10.0*", "1"],
        ["prospect", "1", "0", "██████████"],
    ]
    found = json.loads(CliRunner().invoke(cli, [*asked, "--format", "json"], catch_exceptions=False).stdout)
    jsonschema.validate(found, json.loads((ROOT / "docs/schemas/growth.json").read_text(encoding="utf-8")))
    assert found["history_since"] == "2026-01-01"
    assert found["stages"][0] == {"stage": "lead", "customers": 1, "timed": 1, "days": "10.00"}
    for form in ("md", "html"):
        page = CliRunner().invoke(cli, [*asked, "--format", form], catch_exceptions=False).stdout
        assert "10.0" in page
        assert "From git since" in page


# ---- a second reckoning: who was in which stage on each day, as whoever wrote the notes remembers it ----

STAGES = ("lead", "prospect", "customer", "regular", "former")


def reckoned(kept: dict[str, list[str]], days: Iterable[date]) -> dict[str | None, tuple[int, float]]:
    """From the stages of each customer day by day: how many days each was had that began and ended."""
    found: dict[str | None, list[int]] = {}
    for stages in kept.values():
        begun: date | None = None
        for was, now, day in zip(stages, stages[1:], list(days)[1:], strict=False):
            if was != now:
                if begun and was:
                    found.setdefault(was, []).append((day - begun).days)
                begun = day
    return {stage: (len(lengths), float(median(lengths))) for stage, lengths in found.items()}


@pytest.mark.parametrize("seed", range(3))
def test_years_made_up_at_random(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    past = PastVault(tmp_path)
    days = [date(2026, 1, 1) + timedelta(days=7 * n) for n in range(25)]
    names = ("acme", "bea", "cy")
    kept: dict[str, list[str]] = {name: [] for name in names}
    where = dict.fromkeys(names, "")  # the file in which a note lies; empty: nowhere yet
    for number, day in enumerate(days):
        for name in names:
            there = bool(where[name]) or name == names[0] or rng.random() < 0.4
            stage = kept[name][-1] if kept[name] else ""
            stage = rng.choice(STAGES) if there and (not stage or rng.random() < 0.3) else stage
            if where[name] and rng.random() < 0.15:
                past.write(f"{where[name]}.md", None)
                where[name] = f"{name}-{number}"
            elif there:
                where[name] = where[name] or name
            if there:
                past.write(f"{where[name]}.md", note(name, stage, f"- {day} {name} rang\n" * (number % 3)))
            kept[name].append(stage)
        past.commit(f"{day}", f"week {number}")
    expected = reckoned(kept, days)
    assert sum(count for count, _days in expected.values()) > 5
    assert left(past) == expected
