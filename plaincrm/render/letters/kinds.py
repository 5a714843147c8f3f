"""What kind of letters a template is for, by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

from plaincrm.errors import UsageError

Kind = Literal["eml", "html", "md"]
_KINDS: dict[str, Kind] = {
    ".eml": "eml", ".txt": "eml", ".html": "html", ".htm": "html", ".md": "md", ".markdown": "md",
}  # fmt: skip


def kind_of(template: str) -> Kind:
    """What letters a template is for, by its name.

    Raises:
        UsageError: the name does not say it.
    """
    kind = _KINDS.get(PurePath(template).suffix.lower())
    if kind is None:
        raise UsageError(f"{template} is no template of letters.", "Call it .eml for mails, .html or .md for pages.")
    return kind
