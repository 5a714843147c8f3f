"""The merge driver: git gives three files, and gets the merged note in the place of ours, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from contextlib import suppress
from pathlib import Path

from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import PlaincrmError
from plaincrm.history.git import Git, GitFailed
from plaincrm.history.put import exchange, put, written_beside
from plaincrm.history.three_way import LABELS, is_sound, merge_notes
from plaincrm.history.three_way_proof import lost
from plaincrm.records.schema import Schema
from plaincrm.vault.vault import load_vault


class NotMerged(PlaincrmError):
    """A file that git gave cannot be read."""

    exit_code = 1

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not merged: {why}.", "What stands there is our side; merge it by hand.")


def drive(base: Path, ours: Path, theirs: Path, marker_size: int, path: Path) -> bool:
    """Merge three files into that of ours, as git asks a merge driver to; whether it is done without a conflict.

    `path` is where the note stands in the vault. What cannot be merged as a note is merged by git as text. Only a
    result that can be read and holds the lines of both sides is free of conflicts.

    Raises:
        NotMerged: one of the files cannot be read; ours is as it was.
        OSError: the result cannot be written; ours is as it was.
    """
    try:
        old, mine, yours = (read_bytes(file) for file in (base, ours, theirs))
    except Unreadable as unreadable:
        raise NotMerged(path, unreadable.fault.code.replace("-", " ")) from None
    merged = None
    with suppress(Exception):  # whatever is wrong with us, git can merge it as text
        merged = merge_notes(old, mine, yours, _schema(path), marker_size)
    if merged is None:
        return _merged_as_text((base, ours, theirs), (old, mine, yours), marker_size)
    put(ours, merged.data)
    return not merged.conflicts


def _schema(path: Path) -> Schema:
    """How notes of the vault are read; as those of any vault where its settings cannot be had in mid-merge."""
    folder = next((parent for parent in path.absolute().parents if parent.is_dir()), Path.cwd())
    try:
        return load_vault(folder).config.schema
    except PlaincrmError:
        return Schema()


def _merged_as_text(files: Sequence[Path], versions: Sequence[bytes], marker_size: int) -> bool:
    """Let git merge the lines, in a copy that then takes the place of ours."""
    base, ours, theirs = files
    copy = written_beside(ours, versions[1])
    try:
        labels = [word for label in (LABELS[0], "base", LABELS[1]) for word in ("-L", label)]
        named = [str(file.absolute()) for file in (copy, base, theirs)]
        clean = True
        try:
            Git(ours.absolute().parent)("merge-file", "--quiet", f"--marker-size={marker_size}", *labels, "--", *named)
        except GitFailed:  # it tells conflicts by its exit code; where it cannot merge at all, the copy is ours
            clean = False
        result = read_bytes(copy)
        exchange(copy, ours)
    finally:
        copy.unlink(missing_ok=True)
    return clean and is_sound(result) and not lost(*map(_lines, (*versions, result)))


def _lines(data: bytes) -> Counter[Hashable]:
    return Counter(line.strip() for line in data.split(b"\n"))
