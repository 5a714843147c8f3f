"""The code that a misspelt one most likely means."""

from __future__ import annotations

from plaincrm.checks.rules import BY_CODE


def near_code(code: str) -> str | None:
    """The code of the table that is most like another text; None where none is near."""
    from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

    return nearest(code, tuple(BY_CODE))
