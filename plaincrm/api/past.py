"""A vault as it was: committed in a revision or by the end of a day, or with hindsight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo

from plaincrm.errors import UsageError
from plaincrm.vault.config import NAME
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

    repository = Repository(vault.root)
    zone = _zone(vault)
    if isinstance(when, str) and not when.strip():
        raise UsageError("No revision is named.", "Name one as git does: HEAD~3, a branch, a tag, or a commit.")
    commit = repository.commit(when) if isinstance(when, str) else repository.commit_on(when, zone, _start(vault))
    told = committed(repository, commit, zone)
    files = Revision(repository, vault.root, commit)
    return vault_of(files), f"As committed on {told.day} ({commit[:7]}, “{told.subject}”)."


def staged_vault(vault: Vault, listing: bytes) -> Vault:
    """The vault as it is staged for the next commit, by a listing of `git ls-files --stage -z` from the root of the
    repository. Settings that are not in it are those of the vault.

    Raises:
        NotInGit: the vault is in no repository.
        GitFailed: there is no git, or it does not trust the repository.
    """
    from plaincrm.history.git import Git  # noqa: PLC0415
    from plaincrm.history.repository import Repository  # noqa: PLC0415
    from plaincrm.history.staged import StagedFiles  # noqa: PLC0415

    git = Git(vault.root, trusted=True)  # for the filters of the user's own commit
    files = StagedFiles(Repository(vault.root), git, vault.root, listing)
    return vault_of(files) if files.has(NAME) else Vault(files, vault.config, vault.config_bytes)


def committed_states(vault: Vault, days: Sequence[date]) -> Iterator[tuple[date, Vault | None, str]]:
    """The vault on each of some days with its commit, None before the history begins.

    Raises:
        NotInGit: the vault is in no repository, or nothing is committed.
        GitFailed: there is no git, or it does not trust the repository.
    """
    from plaincrm.history.repository import Repository  # noqa: PLC0415
    from plaincrm.history.revision import Revision  # noqa: PLC0415

    repository = Repository(vault.root)
    for day, commit in zip(days, repository.commits_on(days, _zone(vault), _start(vault)), strict=True):
        yield day, vault_of(Revision(repository, vault.root, commit)) if commit else None, commit


def _start(vault: Vault) -> str:
    """Where the main line is followed from: the revision that the vault is of, if it is of one."""
    from plaincrm.history.revision import Revision  # noqa: PLC0415

    return vault.files.commit if isinstance(vault.files, Revision) else "HEAD"


def _zone(vault: Vault) -> tzinfo:
    from plaincrm.worktime import time_zone  # noqa: PLC0415 (13 ms, where moments are compared)

    return time_zone(vault.config.timezone)


def vault_looked_back_at(vault: Vault, day: date, *, cache: bool) -> tuple[Vault, str]:
    """The vault on a day as it is known now, and a sentence that says so."""
    from plaincrm.history.hindsight import Hindsight  # noqa: PLC0415
    from plaincrm.index.index import open_index  # noqa: PLC0415

    with open_index(vault, cache=cache) as index:
        files = Hindsight(index, day)
    return Vault(files, vault.config, vault.config_bytes), f"As known now, without what is dated after {day}."
