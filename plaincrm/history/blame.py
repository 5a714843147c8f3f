"""Who said last what a note says: each field, entry, promise, deal and text, back to the commit that brought it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from plaincrm.history.fields import Kind, Note, Part, identity
from plaincrm.history.log import Commit
from plaincrm.history.versions import Versions


class Blamed(NamedTuple):
    """One part of a note, and the commit that brought it: none (empty) for what is not committed.

    With `is_older` it was there already in the first commit that a shallow clone has.
    """

    kind: Kind
    key: str
    text: str
    line: int
    commit: str
    author: str
    email: str
    when: datetime | None
    subject: str
    is_older: bool


class Blame(NamedTuple):
    """Who said what of a customer, in the order of the note; `unread` is why not all of it could be read."""

    customer: str
    name: str
    file: str
    parts: tuple[Blamed, ...]
    unread: str


def blame(
    now: Note,
    committed: Note | None,
    commits: Iterable[Commit],
    versions: Versions,
    cut: frozenset[str],
    zone: tzinfo | None,
) -> Blame:
    """Who said what stands in a note now, by its commits, the newest first; no more of them are read than it takes."""
    found: dict[object, tuple[Commit | None, bool]] = {}
    left = set(_signs(now)) & set(_signs(committed))  # what is not committed is nobody's yet
    for commit in commits:
        if not left:
            break
        for touch in commit.touched:
            after = versions.note(touch.after)
            before = [set(_signs(versions.note(version))) for version in touch.before]
            is_cut = commit.name in cut
            brought = [sign for sign in _signs(after) if is_cut or not any(sign in there for there in before)]
            found.update((sign, (commit, is_cut)) for sign in brought if sign in left)
            left.difference_update(brought)
    rows = (_blamed(part, *found.get(identity(part), (None, False)), zone) for part in now.parts)
    customer = now.customer
    return Blame(customer.id, customer.name, now.path, tuple(sorted(rows, key=lambda row: row.line)), now.unread)


def _signs(note: Note | None) -> Iterator[object]:
    return map(identity, note.parts) if note else iter(())


def _blamed(part: Part, commit: Commit | None, is_older: bool, zone: tzinfo | None) -> Blamed:
    about = (part.kind, part.key, part.text, part.line)
    if commit is None:
        return Blamed(*about, "", "", "", None, "", False)
    when = commit.when.astimezone(zone) if zone else commit.when
    return Blamed(*about, commit.name, commit.author, commit.email, when, commit.subject, is_older)
