"""Where mails lie: a file of one mail, an mbox, a Maildir, or a folder of such files."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import opened, start_of
from plaincrm.exchange.incoming import Incoming, Key, Unread
from plaincrm.exchange.mail import Attachment, Mail, MailWishes, read_mail

_MOST = 60 * 1024 * 1024  # bytes of one mail; providers refuse larger ones
_FROM = re.compile(rb"From \S+.*[0-9]{2}:[0-9]{2}")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mails(paths: Iterable[Path], wishes: MailWishes) -> Iterator[Incoming | Unread]:
    """The entries of the mails at some paths; their files are read, named and let go."""
    for found in _mails(paths, wishes):
        yield found.entry if isinstance(found, Mail) else found


def attachments_of(
    paths: Iterable[Path], wishes: MailWishes, keys: Collection[Key]
) -> Iterator[tuple[date, Attachment]]:
    """The files of some of the mails, with the days of these; each mail is read once more, so that one is held."""
    seen: set[Key] = set()
    for found in _mails(paths, wishes):
        if isinstance(found, Mail) and found.entry.key in keys and found.entry.key not in seen:
            seen.add(found.entry.key)
            yield from ((found.entry.day, one) for one in found.attachments)


def _mails(paths: Iterable[Path], wishes: MailWishes) -> Iterator[Mail | Unread]:
    for path in paths:
        for found in mails_in(path):
            yield found if isinstance(found, Unread) else read_mail(found[1], found[0], wishes)


def mails_in(path: Path) -> Iterator[tuple[str, bytes] | Unread]:
    """The mails at a path, each with its place, in an order that does not change. Links are not followed.

    Raises:
        UsageError: there is no such file or folder.
    """
    if not path.is_dir():
        yield from _of_file(path, path.name)
        return
    found = sorted(_files(path))
    if not found:
        raise UsageError(f"There are no mails in {path}.", "Name a file .eml, an mbox, or the folder of a Maildir.")
    for file in found:
        name = str(file.relative_to(path.parent if path.name else path))
        try:
            yield from _of_file(file, name)
        except UsageError as error:  # one of many
            yield Unread(name, error.message)


def _files(folder: Path) -> Iterator[Path]:
    """Mails of a folder and those below it: of a Maildir what lies in cur and new, else what is called like a mail."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        if here.name == "tmp":
            folders.clear()
            continue
        is_maildir = here.name in ("cur", "new")
        for name in names:
            if (is_maildir or name.lower().endswith((".eml", ".mbox"))) and not (here / name).is_symlink():
                yield here / name


def _of_file(path: Path, name: str) -> Iterator[tuple[str, bytes] | Unread]:
    if start_of(path).startswith(b"From "):
        with opened(path) as file:
            yield from _of_mbox(file, name)
        return
    with opened(path) as file:
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        yield Unread(name, f"it is larger than {_MOST // 2**20} MiB")
    elif not re.match(rb"[!-9;-~]+:", data.lstrip()):
        yield Unread(name, "it is no mail")
    else:
        yield name, data


def _of_mbox(file: BinaryIO, name: str) -> Iterator[tuple[str, bytes] | Unread]:
    """The mails of an mbox, one held at a time; a mail begins with `From ` behind an empty line."""
    lines: list[bytes] = []
    size, begin, empty = 0, 1, True
    for number, line in enumerate(_lines(file), 1):
        if empty and _FROM.match(line):
            if number > 1:
                yield _whole(lines, size, f"{name}:{begin}")
            lines, size, begin = [], 0, number
        else:
            size += len(line)
            if size <= _MOST:
                lines.append(line)
        empty = not line.strip()
    yield _whole(lines, size, f"{name}:{begin}")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; one that is longer than any line of a mail, in pieces."""
    while line := file.readline(1 << 20):
        yield line


def _whole(lines: list[bytes], size: int, place: str) -> tuple[str, bytes] | Unread:
    if size > _MOST:
        return Unread(place, f"it is larger than {_MOST // 2**20} MiB")
    return place, _ESCAPED.sub(rb"\1", b"".join(lines))
