"""What an answer may lack: notes that could not be read in full."""

from __future__ import annotations

from plaincrm.index.index import Index
from plaincrm.vault.config import NAME

# The errors that keep something of a file from being read. They stand here, too, since an answer needs no more of the
# table of faults, which takes 5 ms to load; the tests hold the two against each other.
LOST = frozenset(
    """
    unreadable-file too-large wrong-encoding not-text only-nul-bytes unresolved-merge not-utf8 nul-byte
    control-character front-matter-not-closed front-matter-too-large front-matter-too-deep front-matter-too-many
    front-matter-not-fields bad-yaml yaml-feature key-not-text duplicate-key unfilled-template wrong-shape bad-link
    bad-tag bad-yes-no bad-email bad-phone bad-url bad-country bad-language bad-business-id bad-vat-id bad-contact
    bad-date bad-number out-of-range bad-amount ambiguous-amount mixed-currencies bad-cadence bad-period
    bad-response-time unknown-type unknown-stage unknown-tier unknown-owner unknown-channel unknown-choice
    unknown-mood unknown-step bad-entry-date bad-time bad-toml unknown-setting bad-setting bad-query
    """.split()  # noqa: SIM905 (a table)
)


def unread(index: Index) -> dict[str, str]:
    """The files that could not be read in full, with the code of their first error.

    Settings that were not read are among them, since their defaults may leave customers out.
    """
    wrong = [(NAME, fault.code) for fault in index.vault.config.faults]
    codes = f"({', '.join(map(repr, sorted(LOST)))})"
    found = index.rows(
        f"select path, code from diagnostics cross join files using (file) where code in {codes}"
        " order by path, position"
    )
    first: dict[str, str] = {}
    for path, code in [*(fault for fault in wrong if fault[1] in LOST), *found]:
        first.setdefault(path, code)
    return first
