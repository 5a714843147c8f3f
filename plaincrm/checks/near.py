"""The code that a misspelt one most likely means."""

from __future__ import annotations

from plaincrm.checks.rules import BY_CODE


def near_hint(code: str) -> str:
    """A question that goes behind a sentence on a code that is none; empty where none of the table is near."""
    from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

    near = nearest(code, tuple(BY_CODE))
    return f" Did you mean {near}?" if near else ""
