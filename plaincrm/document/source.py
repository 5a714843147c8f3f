"""Bytes in: one file read safely, decoded without loss, with places counted as editors count them."""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from plaincrm.errors import Fault, fault

LIMIT = 16 * 1024 * 1024  # bytes; a note of 20,000 log entries is about 2 MB

BOM = "\ufeff"
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_ODD = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]"
_NO_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_CONFLICT = r"(?m)^(<{7,}) "
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_MAGIC = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PK\x03\x04", "a zip file"),
    (b"%PDF-", "a PDF file"),
    (b"\x00GITCRYPT\x00", "an encrypted file"),
    (b"age-encryption.org/", "an encrypted file"),
    (b"-----BEGIN AGE ENCRYPTED FILE", "an encrypted file"),
    (b"version https://git-lfs.github.com/", "a Git LFS pointer whose content is not here"),
)
_OTHERS = tuple(beginning for beginning, _what in (*_BOMS, *_MAGIC))


class Unreadable(Exception):
    """A file whose bytes cannot be had; `fault` says why."""

    def __init__(self, found: Fault) -> None:
        super().__init__(found.code)
        self.fault = found


def is_generated(data: bytes) -> bool:
    """Whether a note begins as those do that plaincrm generates, which are never records."""
    return data.startswith((b"---\nplaincrm: generated", b"---\r\nplaincrm: generated"))


def read_bytes(path: Path | str) -> bytes:
    """The bytes of a regular file.

    Opened without blocking, so that a pipe or a device named like a note cannot hold the program up.

    Raises:
        Unreadable: it is no regular file, too large, or the system refuses.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(fault("unreadable-file", 0, 0, reason=_reason(error))) from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(fault("not-a-file", 0, 0))
        if status.st_size > LIMIT:
            raise Unreadable(fault("too-large", 0, 0, size=_in_mib(status.st_size), limit=_in_mib(LIMIT)))
        return _read_all(handle, status.st_size)
    except OSError as error:
        raise Unreadable(fault("unreadable-file", 0, 0, reason=_reason(error))) from None
    finally:
        os.close(handle)


def _in_mib(size: int) -> str:
    return f"{-(-size // 2**20):,} MiB"


def _read_all(handle: int, size: int) -> bytes:
    """All bytes of an open file, which may have grown since its size was told."""
    part = os.read(handle, size + 1)
    if len(part) == size:  # nearly always: it has not, and its end need not be asked for again
        return part
    parts, left = [part], LIMIT - len(part)
    while part and left > 0:
        part = os.read(handle, min(size + 1, left))
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else "the system gave no reason"


class Source:
    """A file's text, lossless: `encode()` gives back the bytes it was made from.

    Bytes that are no UTF-8 stand in `text` as lone surrogates (PEP 383), so that every offset is a character
    offset and nothing is dropped. A line ends at LF only, as git and editors count, whatever Unicode says.
    """

    __slots__ = ("__dict__", "refusal", "text")

    def __init__(self, text: str, refusal: Fault | None = None) -> None:
        self.text = text
        self.refusal = refusal  # why this is no text at all

    def encode(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode("utf-8", "surrogateescape")

    @property
    def start(self) -> int:
        """Where the text begins: behind a byte order mark."""
        return 1 if self.text.startswith(BOM) else 0

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins."""
        lengths = [len(line) + 1 for line in self._lines]
        return list(accumulate(lengths[:-1], initial=0))

    def line_of(self, offset: int) -> int:
        """The number of the line that holds an offset, from 1."""
        return bisect_right(self.line_starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1; a byte order mark takes no column."""
        line = self.line_of(offset)
        column = offset - self.line_starts[line - 1] + 1
        return line, column - self.start if line == 1 and column > 1 else column

    @cached_property
    def printable(self) -> bool:
        """Whether all characters but the line ends are printable: a quick look, after which most need no other."""
        return all(map(str.isprintable, self._lines))

    @cached_property
    def odd(self) -> bool:
        """Whether any character is one that plain notes do not hold."""
        return not self.printable and re.compile(_ODD).search(self.text, self.start) is not None


def line_end(text: str, at: int) -> int:
    """Where the line of a place ends: at its LF, or at the end of the text."""
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def decode(data: bytes) -> Source:
    """A file's bytes as a source; what is no text at all gets its `refusal`, and is still lossless."""
    return Source(data.decode("utf-8", "surrogateescape"), _refusal(data))


def _refusal(data: bytes) -> Fault | None:
    if data.startswith(_OTHERS):
        for mark, encoding in _BOMS:
            if data.startswith(mark):
                return fault("wrong-encoding", 0, 0, encoding=encoding)
        for magic, what in _MAGIC:
            if data.startswith(magic):
                return fault("not-text", 0, 0, what=what)
    if b"\0" not in data:
        return None
    if not data.strip(b"\0"):
        return fault("only-nul-bytes", 0, 0)
    if data.count(b"\0") * 3 > len(data):
        return fault("wrong-encoding", 0, 0, encoding="UTF-16 or UTF-32")
    return None


def source_faults(source: Source, front_end: int) -> Iterator[Fault]:
    """What is odd in the characters of a text; up to `front_end` it is graver than behind it."""
    if "<<<<<<< " in source.text:
        yield from _conflicts(source.text)
    if not source.odd:
        return
    yield from _newline_faults(source.text)
    seen: set[str] = set()
    for match in re.compile(_ODD).finditer(source.text, source.start):
        code = _odd_code(source.text, match.start(), match.start() < front_end)
        if code and (code not in seen or code == "stray-byte-order-mark"):
            seen.add(code)
            fix = "" if code == "stray-byte-order-mark" and match.start() > source.start else None
            yield fault(code, match.start(), match.end(), fix, **_odd_facts(source.text, match.start()))


def _odd_facts(text: str, at: int) -> dict[str, str]:
    """How an odd character is named: by its number, a byte that is no UTF-8 by its value and place."""
    number = ord(text[at])
    if not 0xDC80 <= number <= 0xDCFF:
        return {"character": f"U+{number:04X}"}
    byte = number - 0xDC00
    offset = len(text[:at].encode("utf-8", "surrogateescape"))
    alone = not any("\udc80" <= next_to <= "\udcff" for next_to in text[max(0, at - 1) : at] + text[at + 1 : at + 2])
    letter = bytes([byte]).decode("cp1252", "replace") if alone else ""
    hint = f"; in Windows-1252 it is {letter}" if letter.isalpha() else ""
    return {"byte": f"0x{byte:02X}", "offset": f"{offset + 1:,}", "hint": hint}


def _odd_code(text: str, at: int, in_front: bool) -> str | None:
    character = text[at]
    if character == "\r":
        return None
    if "\ud800" <= character <= "\udfff":
        return "not-utf8" if in_front else "not-utf8-in-text"
    if character == "\0":
        return "nul-byte" if in_front else "nul-byte-in-text"
    if character == BOM:
        return "stray-byte-order-mark"
    if character in _NO_LINE_ENDS:
        return "odd-line-separator" if in_front else None
    return "control-character" if in_front else None


def blank_name(character: str) -> str:
    """How a blank that is no plain one is named, and a character that cannot be seen."""
    what = "a no-break space" if character in "\u00a0\u202f" else "an odd blank"
    return f"{what} (U+{ord(character):04X})"


def _newline_faults(text: str) -> Iterator[Fault]:
    """A lone CR, or LF and CRLF in one file: kept as they are, but somebody's tool will stumble."""
    returns = text.count("\r")
    if not returns:
        return
    pairs = text.count("\r\n")
    if returns != pairs or pairs != text.count("\n"):
        at = text.find("\r")
        hint = " A CR alone ends no line for plaincrm." if returns > pairs else ""
        yield fault("mixed-line-ends", at, at + 1, hint=hint)


def _conflicts(text: str) -> Iterator[Fault]:
    """The first opening marker. One of more than seven signs, which git writes in a merge of renamed notes and
    in nested ones, is text unless markers of as many signs follow.
    """
    for match in re.compile(_CONFLICT).finditer(text):
        size = len(match[1])
        parted = text.find(f"\n{'=' * size}", match.end())
        if size == 7 or text.find(f"\n{'>' * size} ", parted) > parted > 0:
            yield fault("unresolved-merge", match.start(), match.end())
            return
