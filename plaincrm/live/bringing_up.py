"""Many notes read apart: a process of its own has no threads, so it may use all cores and leaves this one free."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from plaincrm.index.index import open_index
from plaincrm.index.sync import Progress
from plaincrm.vault.vault import Vault, load_vault

MANY = 1000  # notes that take longer to read than a process takes to start


def bring_up(vault: Vault, progress: Progress) -> None:
    """Bring the index of a large vault up to its files; a small one is left to whoever opens the index next.

    So it is where no process can be started, or where it fails: then the index takes longer, and answers stay the same.
    """
    if sum(len(folder.listing) for folder in vault.finder.folders()) < MANY:
        return
    command = [sys.executable, "-P", "-m", __name__, os.fspath(vault.root)]  # -P: no module of the vault's is imported
    with (
        suppress(OSError, ValueError),
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as other,
    ):
        for told in other.stdout or ():
            done, total = map(int, told.split())
            progress(done, total)


def main() -> None:
    """What the other process does: it tells how far it is, and goes on where nobody listens any more."""

    def tell(done: int, total: int) -> None:
        with suppress(BrokenPipeError):
            os.write(1, b"%d %d\n" % (done, total))

    open_index(load_vault(Path(sys.argv[1])), progress=tell).close()


if __name__ == "__main__":
    main()
