"""The baseline of known faults, when a note goes by another path: what was known of it stays known."""

from __future__ import annotations

from pathlib import Path

from plaincrm.changes.draft import Step
from plaincrm.changes.move import Move
from plaincrm.changes.plan import Change
from plaincrm.checks.baseline import NAME, moved_baseline
from plaincrm.document.source import decode


def has_baseline(root: Path) -> bool:
    """Whether a vault keeps one."""
    return (root / NAME).is_file()


def known_faults_moved(data: bytes, move: Move) -> Step | None:
    """The baseline with the faults of a note under the path where what it said stands now; None where it names none."""
    source = decode(data)
    new = moved_baseline(source.text, move.old, move.new).encode("utf-8", "surrogateescape")
    return Step(Change(NAME, data, new), (f"known faults of {move.new}",)) if new != data else None
