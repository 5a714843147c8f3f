"""Finding the vault and, in it, the files that are records: one look at each folder, nothing followed out of it."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from plaincrm.document.source import Unreadable
from plaincrm.errors import Fault, VaultError, fault
from plaincrm.vault.config import NAME
from plaincrm.vault.files import ENDINGS, PLACEHOLDER, Entry, Files, Listing

# Folders that hold other programs' things, or notes that wait to be filled in.
_NEVER = frozenset(("node_modules", "__pycache__"))
_TEMPLATES = frozenset(("templates", "template", "_templates", "mallit"))
# Patterns are compiled when first used, by re itself: where nothing has changed, no name is looked at.
_CONFLICT = (
    r"(?i)\.sync-conflict-\d{8}-\d{6}|\(conflicted copy|conflicted copy \d{4}|\(conflict(?:ed)? |_conflict-\d{8}|"
    r"\((?:.{1,60}'s conflicted copy)|-conflict-|\(Case Conflict|-(?:DESKTOP|LAPTOP)-[A-Z0-9]{7}\.md$"
)
_NUMBERED = r"(?i)(.+?)(?: \d{1,2}| ?\(\d{1,2}\))\.md"  # iCloud, Drive: beside its original
_MAX_DEPTH = 64


class Folder(NamedTuple):
    """A folder's files that may be records, by its path in the vault ("" is the vault itself)."""

    path: str
    listing: Listing


class Found(NamedTuple):
    """What the entries of a folder are: records, and names that need a word."""

    records: list[Entry]
    faults: list[tuple[str, Fault]]  # file name and what is wrong with it


def find_root(start: Path) -> Path:
    """The vault that holds a folder: the nearest one upwards with a `plaincrm.toml`, else the folder itself.

    Raises:
        VaultError: there is no such folder.
    """
    try:
        folder = start.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise VaultError(f"There is no folder {start}.", "Name the vault with --vault DIR or PLAINCRM_VAULT.") from None
    if not folder.is_dir():
        folder = folder.parent
    for candidate in (folder, *folder.parents):
        if (candidate / NAME).is_file():
            return candidate
    return folder


class Finder:
    """Knows which names of which folders are records, by the vault's globs."""

    def __init__(self, files: Files, records: tuple[str, ...], ignore: tuple[str, ...]) -> None:
        self.files = files
        self.records = [_split_glob(glob) for glob in records]
        ignored = "|".join(f"(?:{glob_pattern(glob)})" for glob in ignore)
        self.ignored = re.compile(ignored, re.DOTALL) if ignored else None
        self.templates = _TEMPLATES | _obsidian_templates(files)

    def folders(self) -> Iterator[Folder]:
        """Every folder that may hold records, with what it holds; an unreadable one holds a row without a name."""
        starts = {prefix for prefix, _rest in self.records}
        for start in sorted(starts):
            if not self._leads_out(start) and not any(other != start and _is_within(start, other) for other in starts):
                yield from self._walk(start, 0)

    def _leads_out(self, path: str) -> bool:
        try:
            return self.files.follow(path).path is None
        except OSError:  # it leads nowhere, as a look at it will tell
            return False

    def _walk(self, path: str, depth: int) -> Iterator[Folder]:
        found = self.files.listing(path)
        if found is None:
            return  # there is no such folder, which is no fault
        rows, below = found
        yield Folder(path, rows)
        if depth < _MAX_DEPTH:
            for name in sorted(filter(self._enters, below)):
                yield from self._walk(f"{path}/{name}" if path else name, depth + 1)

    def _enters(self, name: str) -> bool:
        return is_entered(name, self.templates)

    def sort_out(self, folder: Folder) -> Found:
        """Which entries of a folder are records, and which names need a word. Costs a little for each name."""
        records: list[Entry] = []
        faults: list[tuple[str, Fault]] = []
        patterns = [re.compile(name) for name in self._name_patterns(folder.path)]
        names = {row[0] for row in folder.listing}
        for entry in map(Entry._make, folder.listing):
            path = f"{folder.path}/{entry.name}" if folder.path else entry.name
            if not entry.name:
                faults.append(("", fault("unreadable-file", 0, 0, reason=os.strerror(int(entry.inode)))))
            elif entry.name.startswith(".") or (self.ignored and self.ignored.fullmatch(path)):
                faults.extend(self._kept_elsewhere(folder.path, entry.name))
            elif not entry.name.endswith(ENDINGS):
                if self._enters(entry.name):
                    faults.append((entry.name, fault("linked-folder", 0, 0)))
            elif not any(pattern.fullmatch(_ending_in_md(entry.name)) for pattern in patterns):
                continue
            elif entry.name.endswith(".markdown"):
                faults.append((entry.name, fault("odd-file-ending", 0, 0, ending=".markdown")))
            elif original := _original(entry.name, names.__contains__):
                faults.append((entry.name, fault("conflict-copy", 0, 0, original=original)))
            elif stat.S_ISLNK(entry.mode):
                self._link(path, entry, records, faults)
            elif stat.S_ISREG(entry.mode):
                records.append(entry)
            else:
                faults.append((entry.name, fault("not-a-file", 0, 0)))
        return Found(records, faults)

    def _kept_elsewhere(self, folder: str, name: str) -> Iterator[tuple[str, Fault]]:
        found = PLACEHOLDER.fullmatch(name)
        if found and self.is_name_of_record(f"{folder}/{found[1]}" if folder else found[1]):
            yield name, fault("not-downloaded", 0, 0, original=found[1])

    def would_read(self, path: str) -> bool:
        """Whether a file that is made there would be read as a record."""
        folder, slash, name = path.rpartition("/")
        return self.is_name_of_record(path) and not _original(
            name, lambda other: self.files.has(f"{folder}{slash}{other}")
        )

    def is_name_of_record(self, path: str) -> bool:
        """Whether a path is one that records have, whatever lies there now or lay there once."""
        folder, _slash, name = path.rpartition("/")
        if not name.endswith((".md", ".MD")) or name.startswith(".") or (self.ignored and self.ignored.fullmatch(path)):
            return False
        if folder not in self._names:
            entered = all(map(self._enters, folder.split("/"))) if folder else True
            patterns = "|".join(f"(?:{each})" for each in self._name_patterns(folder)) if entered else ""
            self._names[folder] = re.compile(patterns or "(?!)")
        return self._names[folder].fullmatch(_ending_in_md(name)) is not None

    @cached_property
    def _names(self) -> dict[str, re.Pattern[str]]:
        """What records are called, by the folders that were asked for."""
        return {}

    def _link(self, path: str, entry: Entry, records: list[Entry], faults: list[tuple[str, Fault]]) -> None:
        """A link is read where it leads to a plain file of the vault that is no record itself."""
        try:
            target, seen = self.files.follow(path)
        except OSError:
            faults.append((entry.name, fault("dangling-link", 0, 0)))
            return
        if target is None or not stat.S_ISREG(seen.mode):
            faults.append((entry.name, fault("link-out-of-vault", 0, 0)))
        elif not self._is_record(Path(target)):  # which is read once, under its own name
            records.append(seen._replace(name=entry.name))

    def _is_record(self, path: Path) -> bool:
        parent = path.parent.as_posix()
        patterns = self._name_patterns("" if parent == "." else parent)
        return any(re.fullmatch(pattern, _ending_in_md(path.name)) for pattern in patterns)

    def _name_patterns(self, folder: str) -> list[str]:
        """Patterns of the file names that are records in one folder."""
        found = []
        for prefix, rest in self.records:
            if not _is_within(folder, prefix):
                continue
            below = folder[len(prefix) :].strip("/")
            *parents, name = rest.split("/")
            if re.fullmatch(glob_pattern("/".join(parents)), below, re.DOTALL):
                found.append(glob_pattern(name))
        return found


def is_entered(name: str, templates: Collection[str] = ()) -> bool:
    """Whether a folder of this name may hold records: it is not hidden, no other program's, and not of templates."""
    return not name.startswith(".") and name not in _NEVER and name.casefold() not in {*_TEMPLATES, *templates}


def _ending_in_md(name: str) -> str:
    """The name by which globs know a file: some cameras, phones and old disks write UPPER.MD."""
    return f"{name.rpartition('.')[0]}.md" if name.endswith(ENDINGS[1:]) else name


def _original(name: str, is_there: Callable[[str], bool]) -> str:
    """The file of which a sync program made this copy when two devices had changed it; empty for what is no copy."""
    if ("onflict" in name or "TOP-" in name) and (found := re.search(_CONFLICT, name)):
        original = f"{name[: found.start()].partition('(')[0].rstrip(' .-_')}.md"
        return original if is_there(original) else "another note"
    numbered = re.fullmatch(_NUMBERED, name) if name[-4].isdigit() or name[-4] == ")" else None
    original = f"{numbered[1]}{name[-3:]}" if numbered else ""
    return original if original and is_there(original) else ""


def _split_glob(glob: str) -> tuple[str, str]:
    """A glob as the folder it starts in and the rest; nothing outside the vault can be named."""
    parts = [part for part in glob.split("/") if part not in ("", ".", "..")]
    fixed = []
    while len(parts) > 1 and not re.search(r"[*?\[]", parts[0]):
        fixed.append(parts.pop(0))
    return "/".join(fixed), "/".join(parts) or "*.md"


def _is_within(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def glob_pattern(glob: str) -> str:
    """A glob as a regular expression: `**` any folders, `*` and `?` within a name."""
    pattern, glob = "", "/".join("?*" if part == "*" else part for part in glob.split("/"))
    for part in re.split(r"(\*\*/|/\*\*$|\*\*|\*|\?)", glob):
        pattern += _GLOB_PARTS.get(part, re.escape(part))
    return pattern


_GLOB_PARTS = {"**/": "(?:[^/]+/)*", "/**": "(?:/.*)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _obsidian_templates(files: Files) -> frozenset[str]:
    folder = obsidian_folder(files)
    return frozenset((folder.rpartition("/")[2].casefold(),)) if folder else frozenset()


def obsidian_folder(files: Files) -> str:
    """The template folder named in Obsidian's own settings; empty where the vault is none of Obsidian's."""
    try:
        settings = json.loads(files.read(".obsidian/templates.json"))
        folder = settings["folder"]
    except (Unreadable, ValueError, KeyError, TypeError, RecursionError):
        return ""
    parts = folder.split("/") if isinstance(folder, str) else []
    return "/".join(part for part in parts if part not in ("", ".", ".."))
