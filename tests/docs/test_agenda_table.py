"""The table of kinds in docs/agenda.md says of each kind what the program's own rules say."""

from __future__ import annotations

import re

from plaincrm.reports.agenda_rules import RULES
from plaincrm.vault.weights import WEIGHTS
from tests.docs.blocks import ROOT


def test_the_page_shows_every_kind() -> None:
    text = (ROOT / "docs/agenda.md").read_text(encoding="utf-8")
    cells = [
        line.strip("|").split("|")
        for line in text.splitlines()
        if re.match(r"\| `[a-z-]+` \| \d+ \|.*\|.*\|.*\|$", line)
    ]
    shown = [(kind.strip(" `"), int(weight), held.strip(), why.strip(" `")) for kind, weight, _when, held, why in cells]
    flags = ("soft", "chasing", "selling")
    held = {rule.kind: ", ".join(flag for flag in flags if getattr(rule, flag)) or "no" for rule in RULES}
    assert shown == [(rule.kind, WEIGHTS[rule.kind], held[rule.kind], rule.why) for rule in RULES]


def test_the_page_shows_every_part_of_the_urgency() -> None:
    text = (ROOT / "docs/agenda.md").read_text(encoding="utf-8")
    shown = {name: int(points) for name, points in re.findall(r"^\| `([a-z-]+)` \| (\d+) \| ", text, re.MULTILINE)}
    assert {name: shown.get(name) for name in WEIGHTS} == dict(WEIGHTS)
