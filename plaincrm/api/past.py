"""A vault as it was: committed in a revision or by the end of a day, or with hindsight."""

from __future__ import annotations

from datetime import date

from plaincrm.errors import UsageError
from plaincrm.vault.vault import Vault, vault_of


def committed_vault(vault: Vault, when: date | str) -> tuple[Vault, str]:
    """The vault of a revision, or of the last commit up to the end of a day, and a sentence that says which it is.

    Raises:
        NotInGit: the vault is in no repository, or nothing is committed.
        GitFailed: there is no git, or it does not trust the repository.
        UsageError: there is no such revision, or the history begins later.
    """
    from plaincrm.history.repository import Repository  # noqa: PLC0415 (hindsight needs no git)
    from plaincrm.history.revision import Revision, committed  # noqa: PLC0415
    from plaincrm.worktime import time_zone  # noqa: PLC0415

    repository = Repository(vault.root)
    zone = time_zone(vault.config.timezone)
    if isinstance(when, str) and not when.strip():
        raise UsageError("No revision is named.", "Name one as git does: HEAD~3, a branch, a tag, or a commit.")
    commit = repository.commit(when) if isinstance(when, str) else repository.commit_on(when, zone)
    told = committed(repository, commit, zone)
    files = Revision(repository, vault.root, commit)
    return vault_of(files), f"As committed on {told.day} ({commit[:7]}, “{told.subject}”)."


def vault_looked_back_at(vault: Vault, day: date, *, cache: bool) -> tuple[Vault, str]:
    """The vault on a day as it is known now, and a sentence that says so."""
    from plaincrm.history.hindsight import Hindsight  # noqa: PLC0415
    from plaincrm.index.index import open_index  # noqa: PLC0415

    with open_index(vault, cache=cache) as index:
        files = Hindsight(index, day)
    return Vault(files, vault.config, vault.config_bytes), f"As known now, without what is dated after {day}."
