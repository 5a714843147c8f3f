"""File names for customers: made of the letters and digits of their names, safe on every system, and free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from plaincrm.errors import UsageError
from plaincrm.index.index import Index
from plaincrm.records.names import link_key
from plaincrm.records.sound import RESERVED

_LIMIT = 180  # bytes; file systems take 255, of which sync programs need some for the names of their copies
_NO_FILE = re.compile(r'[\\/:*?"<>|#^\[\]%]')  # what Windows or a link cannot hold


def stem_of(name: str, *, as_named: bool = False) -> str:
    """The file name, without its ending, of a customer called so: `kahvila-aurinko-oy`.

    With `as_named` it is the name itself, without the signs that no file name may hold.

    Raises:
        UsageError: nothing of the name can stand in a file name.
    """
    composed = unicodedata.normalize("NFC", name)
    stem = _readable(composed) if as_named else _dashed(composed)
    stem = _shortened(stem).strip(" .-")
    if not any(_is_word(character) for character in stem):
        raise UsageError(f"No file name can be made of {name}.", "Name the file with --file.")
    return f"{stem}-1" if RESERVED.fullmatch(stem) else stem


def free_stem(stem: str, taken: Container[str]) -> str:
    """A file name that no note has, in whatever case or Unicode form: where need be with a number behind it."""
    number, free = 1, stem
    while link_key(free) in taken:
        number += 1
        free = f"{stem}-{number}"
    return free


def _dashed(name: str) -> str:
    """Lower case, with a dash for whatever stands between words."""
    lower = unicodedata.normalize("NFC", re.sub("['’ʼ`´]", "", name).lower())
    return re.sub("-+", "-", "".join(character if _is_word(character) else "-" for character in lower))


def _readable(name: str) -> str:
    seen = "".join(character if character.isprintable() else " " for character in _NO_FILE.sub(" ", name))
    return re.sub(r" (?=[0-9]{1,2}$)", "-", re.sub(" +", " ", seen).strip())  # `Acme 2` looks like a copy of `Acme`


def _is_word(character: str) -> bool:
    """Whether it is a letter, a digit, or a mark that belongs to one."""
    return unicodedata.category(character)[0] in "LNM"


def _shortened(stem: str) -> str:
    """As much of a name as there is room for, to the end of a word where that is near."""
    if len(stem.encode()) <= _LIMIT:
        return stem
    cut = stem.encode()[:_LIMIT].decode("utf-8", "ignore")
    return re.sub(r"(?<=.{40})[ -][^ -]*$", "", cut)


def sound_name(name: str) -> str:
    """A name as a note can say it: on one line, without blanks around it.

    Raises:
        UsageError: nothing can be seen of it.
    """
    found = " ".join(name.split())
    if not found or not found.isprintable():
        raise UsageError("That is no name.", "Write one that can be seen, on one line.")
    return found


def taken_names(index: Index) -> set[str]:
    """How the notes of the vault are called by links, customers or not."""
    known = {key for (key,) in index.rows("select key from customers")}
    return known | {link_key(path[:-3]) for path in index.vault.files.paths() if path.casefold().endswith(".md")}
