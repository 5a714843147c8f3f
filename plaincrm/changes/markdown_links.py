"""Markdown links to a note that goes by another name: `[x](../customers/a.md)`, in brackets or percent-encoded, too."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

from plaincrm.changes.move import Move
from plaincrm.checks.names import comparable, ends
from plaincrm.document.hidden import without_hidden
from plaincrm.document.inline import code_mask
from plaincrm.document.source import line_end

_LINK = re.compile(
    r"(?:\]\([ \t]*|^ {0,3}\[[^\[\]\n]{1,200}\]:[ \t]+)"
    r"(?:<(?P<angled>[^<>\n]{1,400})>|(?P<bare>(?:[^\s()<>]|\([^\s()<>]*\)){1,400}))",
    re.MULTILINE,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_SAFE = "/~!$&'*+,;=:@"  # of ASCII, besides letters, digits and `_.-`, what a target may hold as it is


class Target(NamedTuple):
    """Where a Markdown link leads, as it stands there; `angled` tells whether in angle brackets."""

    text: str
    start: int
    angled: bool


def markdown_targets(text: str, start: int = 0) -> Iterator[Target]:
    """The targets of the Markdown links of a text that begins at `start`, but for those in code and comments."""
    if "](" not in text and "]:" not in text:
        return
    seen, _faults = without_hidden(text, start)
    for match in _LINK.finditer(seen, start):
        kind = "bare" if match["angled"] is None else "angled"
        begin = seen.rfind("\n", 0, match.start(kind)) + 1
        line = seen[begin : line_end(seen, begin)]
        if "`" not in line or not code_mask(line)[match.start(kind) - begin]:
            yield Target(match[kind], match.start(kind), kind == "angled")


def moved_target(target: Target, path: str, move: Move) -> str | None:
    """What a target in the note at `path` says from now on; None where it leads elsewhere.

    It counts from the folder of the note, as Markdown has it, or from the root of the vault or by the name alone, as
    Obsidian has it besides.
    """
    address, mark, heading = target.text.partition("#")
    named = unquote(address)
    if not address or _SCHEME.match(address):
        return None
    here, old = posixpath.dirname(path), comparable(move.old)
    from_note = not named.startswith("/") and _is(posixpath.join(here, named), old)
    if not (from_note or _is(named.lstrip("/"), old)):
        name = comparable(named)
        if "/" in named or name in move.shared or name not in ends(move.old):
            return None
    ending = ".md" if named.casefold().endswith(".md") else ""
    new = move.new.removesuffix(".md") + ending
    if posixpath.dirname(move.old) == posixpath.dirname(move.new) or "/" not in address:
        folder, slash, _last = address.rpartition("/")
        return f"{folder}{slash}{_written(posixpath.basename(new), target, named)}{mark}{heading}"
    root = "/" if named.startswith("/") else ""
    way = posixpath.relpath(new, here or ".") if from_note else f"{root}{new}"
    return f"{_written(way, target, named)}{mark}{heading}"


def _is(path: str, old: str) -> bool:
    found = posixpath.normpath(path)
    return not found.startswith("..") and comparable(found) == old


def _written(name: str, target: Target, named: str) -> str:
    """A name as the target before it was written: as it is in angle brackets, else with its blanks encoded."""
    if target.angled and "%" not in target.text:
        return name
    if target.text.isascii() and not named.isascii():
        return quote(name, safe=_SAFE)
    return "".join(quote(sign, safe=_SAFE) if sign.isascii() else sign for sign in name)
