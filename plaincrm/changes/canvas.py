"""Obsidian's canvases: what they say of a note that goes by another name, rewritten where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from plaincrm.changes.draft import Step
from plaincrm.changes.edits import Edit, new_bytes
from plaincrm.changes.move import Move
from plaincrm.changes.plan import Change, NotMeant
from plaincrm.checks.names import comparable
from plaincrm.document.body import WIKILINK
from plaincrm.document.source import Unreadable, decode, read_bytes
from plaincrm.index.index import Index
from plaincrm.index.paths import shown_path

_STRING = re.compile(r'"(?P<key>file|text)"\s*:\s*(?P<value>"(?:[^"\\]|\\.)*")')


def canvases(index: Index, move: Move) -> list[str]:
    """The canvases of the vault that show or name the note that is moved."""
    root, found = index.vault.root, list[str]()
    for path in index.vault.files.paths():
        if not path.casefold().endswith(".canvas") or (root / path).is_symlink():
            continue
        try:
            step = relinked_canvas(shown_path(path), read_bytes(root / path), move)
        except Unreadable:  # what cannot be read cannot be rewritten either
            continue
        found += [shown_path(path)] if step else []
    return found


def relinked_canvas(path: str, data: bytes, move: Move) -> Step | None:
    """The canvas with the note under its new name; None where it does not name it, or is none.

    Raises:
        NotMeant: something else would change besides.
    """
    source = decode(data)
    before = _read(source.text)
    edits = tuple(_edits(source.text, move)) if before is not None else ()
    if not edits:
        return None
    new = new_bytes(source, edits)
    if _read(decode(new).text) != _moved(before, move):
        raise NotMeant(path, "something else in this canvas would change, too")
    line = source.line_of(edits[0].start)
    what = f"{'links' if len(edits) > 1 else 'link'} to {PurePosixPath(move.new).stem}"
    return Step(Change(path, data, new), (what,), ((line,),))


def _read(text: str) -> Any:  # noqa: ANN401 (JSON)
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _edits(text: str, move: Move) -> Iterator[Edit]:
    for match in _STRING.finditer(text):
        start, end = match.span("value")
        if match["key"] == "file" and comparable(json.loads(match["value"], strict=False)) == comparable(move.old):
            yield Edit(start, end, json.dumps(move.new, ensure_ascii="\\u" in match["value"]))
        for link in WIKILINK.finditer(text, start, end) if match["key"] == "text" else ():
            new = move.target(json.loads(f'"{link[1]}"', strict=False)) if "\\" not in link[1] else None
            if new:
                yield Edit(link.start(1), link.end(1), json.dumps(new, ensure_ascii=False)[1:-1])


def _moved(value: Any, move: Move, key: str = "") -> Any:  # noqa: ANN401 (JSON)
    """What the canvas has to say afterwards."""
    if isinstance(value, dict):
        return {name: _moved(inner, move, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, move) for inner in value]
    if key == "file" and isinstance(value, str):
        return move.new if comparable(value) == comparable(move.old) else value
    if key == "text" and isinstance(value, str):
        return WIKILINK.sub(lambda link: link[0].replace(link[1], move.target(link[1]) or link[1], 1), value)
    return value
