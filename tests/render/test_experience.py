"""What customers said, as people and programs read it: no score of few, every figure with its number."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from plaincrm.cli.run import run
from tests.making import make_vault

LOG = "".join(
    f"- 2026-05-{at:02} call: asked [nps:: {answer}] [step:: use]\n" for at, answer in enumerate((9, 9, 3), 1)
)
NOTE = f"---\nname: Acme\n---\n{LOG}- 2026-06-01 call in: x [complaint:: drip]\n"
TEXT = """\
Experience 2026-01-01 to 2026-12-31 · 3 answers, 0 moods, 1 complaint

Question                 N          Score  95 %  Share good  95 %
NPS, would recommend us  3  too few (n=3)
CES, it was easy         0
CSAT, satisfied          0
"""


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = make_vault(tmp_path / "vault", {"acme.md": NOTE})

    def asked(*words: str) -> str:
        assert run(["--vault", str(root), "--today", "2026-11-21", "experience", "--period", "2026", *words]) == 0
        return capfd.readouterr().out

    return asked


def test_too_few_is_said_in_words_and_null_for_programs(ask) -> None:
    shown = ask()
    assert shown.startswith(TEXT)
    assert "Open complaints\n  2026-06-01 Acme: drip\n    customers/acme.md:7\n" in shown
    assert "All               1                 1  too few (n=1)" in shown
    found = json.loads(ask("--format", "json"))
    assert [(score["n"], score["score"], score["share_good"]) for score in found["totals"]["scores"]] == [
        (3, None, None),
        (0, None, None),
        (0, None, None),
    ]
    table = list(csv.DictReader(io.StringIO(ask("--format", "csv"))))
    assert {(row["n"], row["value"]) for row in table if row["figure"] == "nps"} == {("3", ""), ("0", "")}


@pytest.mark.parametrize("by", ["step", "channel", "product", "owner", "tier", "segment", "quarter"])
@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_every_view_in_every_form(ask, by: str, form: str) -> None:
    named = {"step": "use", "channel": "call", "quarter": "2026-Q2"}.get(by, "none")
    shown = ask("--by", by, "--format", form)
    assert named in shown
    assert by.capitalize() in shown
