"""How long customers stayed in their stages, by git: worked out once a commit, and kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from plaincrm.history.ask import Past
from plaincrm.history.hindsight import Hindsight
from plaincrm.history.revision import Revision
from plaincrm.index.answers import keep_answer, kept_answer
from plaincrm.reports.stages import StageHistory, Stay
from plaincrm.vault.vault import Vault


def stage_history(vault: Vault, *, cache: bool) -> StageHistory | None:
    """What the commits up to the vault's own say of stages; None where there are none with notes.

    A vault that is looked back at is known by all commits, as far as they say what was up to its day.

    Raises:
        NotInGit: the vault lies in no git repository, or nothing is committed.
        GitFailed: there is no git, or it refused.
    """
    files, day = vault.files, date.max
    if isinstance(vault.files, Hindsight):
        files, day = vault.files.now, vault.files.day
    if files.state and not isinstance(files, Revision):
        return None  # what is staged is no commit
    found = _of_commits(Past(Vault(files, vault.config, vault.config_bytes), dict), cache=cache)
    return found and found._replace(stays=tuple(stay for stay in found.stays if stay.ended <= day))


def _of_commits(past: Past, *, cache: bool) -> StageHistory | None:
    """The same of one past."""
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
