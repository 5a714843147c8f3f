"""The examples of the rules, made into the files of a small vault; docs/checks.md shows the same ones."""

from __future__ import annotations

import re
from pathlib import Path

import plaincrm
from plaincrm.reports.explain import example
from tests.making import make_vault

NOTE = "customers/kahvila-aurinko.md"
_FILE = re.compile(r"^=== (.+)\n?", re.MULTILINE)
_FIELDS = re.compile(r"[^\W\d_][\w -]*:(?:\s|$)")


def is_described(text: str) -> bool:
    """Whether an example is told in words, since no text can show it."""
    return text.startswith("(")


def files_of(text: str) -> dict[str, str]:
    """The files of an example by their paths, as the docstring of `Rule` says."""
    text = example(text)
    head, *parts = _FILE.split(text)
    if parts:
        assert not head
        return dict(zip(parts[::2], parts[1::2], strict=True))
    if text.startswith("---"):
        return {NOTE: f"{text}\n"}
    fields, body = "", text
    if _FIELDS.match(text):
        fields, _, body = f"{text}\n".partition("\n\n")
    return {NOTE: f"---\nname: Kahvila Aurinko Oy\n{fields.rstrip()}\n---\n{body}\n".replace("\n\n---", "\n---")}


def vault_of_example(folder: Path, text: str) -> plaincrm.Vault:
    """A vault of the files of an example, and nothing else."""
    files = files_of(text)
    make_vault(folder, files, files.pop("plaincrm.toml", ""))
    return plaincrm.open_vault(folder, cache=False)
