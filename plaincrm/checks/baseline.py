"""The baseline: how many faults of each kind a vault may keep in each file, so that only new ones count."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.document.source import Unreadable, decode
from plaincrm.errors import UsageError
from plaincrm.vault.files import Files

NAME = "plaincrm-baseline.txt"
Known = Mapping[tuple[str, str], int]  # (path, code) -> how many faults are known

_LINE = re.compile(r"(?P<count>[1-9][0-9]{0,8}) (?P<code>[a-z0-9-]+) (?P<path>.+)")
_HEAD = """\
# Faults that are known: how many, which code, in which file. They are counted and not shown; new ones are shown.
# Write it anew with: plaincrm check --write-baseline
"""


def read_baseline(files: Files) -> Known:
    """What the vault's baseline knows; nothing where there is none.

    Raises:
        UsageError: the file cannot be read, or a line of it is none of its own.
    """
    if not files.has(NAME):
        return {}
    try:
        source = decode(files.read(NAME))
    except Unreadable as error:
        why = dict(error.fault.facts).get("reason", error.fault.code.replace("-", " "))
        raise UsageError(f"{NAME} cannot be read: {why}.", "See to the file's rights.") from None
    known: Counter[tuple[str, str]] = Counter()
    for number, line in enumerate(source.text[source.start :].replace("\r\n", "\n").split("\n"), 1):
        match = _LINE.fullmatch(line)
        path = _path(match["path"]) if match else None
        if match and path:
            known[path, match["code"]] += int(match["count"])
        elif line.strip() and not line.startswith("#"):
            raise UsageError(
                f"{NAME}:{number}: This line is no count, code and file: {line[:80]}",
                "Mend it, or write the file anew with plaincrm check --write-baseline.",
            )
    return known


def subtract(
    found: Iterable[Diagnostic], known: Known, files: frozenset[str] | None
) -> tuple[list[Diagnostic], int, int]:
    """The faults that are new, how many known ones there are, and how many known ones are gone.

    Faults carry no names, so of a file and code the first ones are taken for those that were there before.
    """
    room = Counter({key: count for key, count in known.items() if files is None or key[0] in files})
    new, held = [], 0
    for item in found:
        if room[item.file, item.code] > 0:
            room[item.file, item.code] -= 1
            held += 1
        else:
            new.append(item)
    return new, held, sum(room.values())


def moved_baseline(text: str, old: str, new: str) -> str:
    """A baseline with the lines of one file under its new path, and all else as it was."""

    def line(match: re.Match[str]) -> str:
        if _path(match["path"].rstrip("\r")) != old:
            return match[0]
        return f"{match['count']} {match['code']} {_told(new)}{match[0][len(match[0].rstrip(chr(13))) :]}"

    return re.sub(rf"^{_LINE.pattern}$", line, text, flags=re.MULTILINE)


def _path(told: str) -> str | None:
    """A path as it stands in a baseline; in quotes where it could not be told from the line's own characters."""
    if not told.startswith('"'):
        return told
    try:
        path = json.loads(told)
    except ValueError:
        return None
    return path if isinstance(path, str) else None


def _told(path: str) -> str:
    return path if path.isprintable() and not path.startswith('"') else json.dumps(path)


def as_text(found: Iterable[Diagnostic]) -> str:
    """A baseline that knows these faults, one line a file and code, in their order."""
    counts = Counter((item.file, item.code) for item in found)
    return _HEAD + "".join(f"{count} {code} {_told(path)}\n" for (path, code), count in sorted(counts.items()))
