"""An import that is killed and run again leaves what one clean run leaves."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import plaincrm
from tests.changes.writing import in_child
from tests.exchange.vaults import FIXTURES, notes_of, vault_with


def killed_at(number: int, task: Callable[[], object]) -> int:
    """The end of a process that is killed when it makes a file safe on disk for the so-manieth time."""

    def run() -> None:
        fsync, calls = os.fsync, [0]

        def counted(handle: int) -> None:
            calls[0] += 1
            if calls[0] == number:
                os.kill(os.getpid(), signal.SIGKILL)
            fsync(handle)

        os.fsync = counted
        task()

    return in_child(run)


def bring_in(vault: plaincrm.Vault) -> None:
    files = vault.root.parent / "files"
    vault.import_mail([FIXTURES / "mail"], attachments=files, apply=True)


def test_a_killed_import_run_again_is_one_clean_run(tmp_path: Path) -> None:
    clean = vault_with(tmp_path / "clean")
    bring_in(clean)
    wanted = notes_of(clean)
    ends = []
    for number in range(1, 40):
        vault = vault_with(tmp_path / str(number))
        ends.append(killed_at(number, lambda vault=vault: bring_in(vault)))  # type: ignore[misc]
        bring_in(vault)
        assert notes_of(vault) == wanted, number
        assert [path.name for path in (vault.root.parent / "files").iterdir()] == ["2026-11-02-measures.pdf"]
        if ends[-1] == 0:
            break
    assert ends[-1] == 0  # the last one went through
    assert ends[0] == -signal.SIGKILL
    assert len(ends) > 4
