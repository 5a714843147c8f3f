"""What an answer may lack: notes that could not be read in full."""

from __future__ import annotations

from plaincrm.index.index import Index
from plaincrm.vault.config import NAME


def unread(index: Index) -> dict[str, str]:
    """The files that could not be read in full, with the code of their first error.

    Settings that were not read are among them, since their defaults may leave customers out.
    """
    wrong = [fault.code for fault in index.vault.config.faults]
    found = index.rows("select path, code from diagnostics cross join files using (file) order by path, position")
    if not (wrong or found):
        return {}
    from plaincrm.checks.rules import ERRORS  # noqa: PLC0415 (12 ms, where something is wrong only)

    lost = set(ERRORS) - {"personal-identity-code"}  # which keeps nothing from being read
    first: dict[str, str] = {}
    for path, code in [*((NAME, code) for code in wrong), *found]:
        if code in lost:
            first.setdefault(path, code)
    return first
