"""The table of kinds in docs/agenda.md says of each kind what the program's own rules say."""

from __future__ import annotations

import re

from plaincrm.reports.agenda_rules import RULES
from tests.docs.blocks import ROOT


def test_the_page_shows_every_kind() -> None:
    text = (ROOT / "docs/agenda.md").read_text(encoding="utf-8")
    cells = [line.strip("|").split("|") for line in text.splitlines() if re.match(r"\| `[a-z-]+` \| \d", line)]
    shown = [(kind.strip(" `"), int(weight), held.strip(), why.strip(" `")) for kind, weight, _when, held, why in cells]
    held = {(False, False): "no", (True, False): "soft", (True, True): "soft, chasing"}
    assert shown == [(rule.kind, rule.weight, held[rule.soft, rule.chasing], rule.why) for rule in RULES]
