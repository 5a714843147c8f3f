"""How long customers stayed in their stages, by git: worked out once a commit, and kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from plaincrm.index.answers import keep_answer, kept_answer
from plaincrm.reports.stages import StageHistory, Stay

if TYPE_CHECKING:
    from plaincrm.history.ask import Past


def stage_history(past: Past, *, cache: bool) -> StageHistory | None:
    """What the commits up to the vault's own say of stages; None where there are none with notes.

    Raises:
        GitFailed: git refused.
    """
    cache = cache and not past.vault.files.state  # of what was there are many, and each is asked once
    facts = (past.head, sorted(past.repository.cut()), past.vault.config.timezone)
    kept = kept_answer(past.vault, "stages", *facts) if cache else None
    if kept:
        return _read(kept)
    found = past.stays("stage")
    if found is None:
        return None
    history = StageHistory(found.since, tuple(Stay(*stay) for stay in found.stays))
    if cache:
        keep_answer(past.vault, "stages", _written(history), *facts)
    return history


def _written(history: StageHistory) -> list[Any]:
    """As JSON has it."""
    stays = [(stay.file, stay.stage, str(stay.begun), str(stay.ended), *stay[4:]) for stay in history.stays]
    return [str(history.since), stays]


def _read(kept: list[Any]) -> StageHistory:
    since, stays = kept
    return StageHistory(
        date.fromisoformat(since),
        tuple(
            Stay(file, stage, date.fromisoformat(begun), date.fromisoformat(ended), brought, left)
            for file, stage, begun, ended, brought, left in stays
        ),
    )
