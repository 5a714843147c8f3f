"""A whole note that is generated: how it begins, how it is known again, and whether somebody has edited it since."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Sequence

_HEAD = re.compile(r"---\r?\nplaincrm: generated ([0-9a-f]{8})\r?\n((?:.*\n)*?)---\r?\n")
_COMMAND = re.compile(r"^command:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
_BOX = re.compile(r"^([ \t]*- \[)[xX](\].*)$", re.MULTILINE)
_LINK = re.compile(r"\[\[[^\[\]\n]*\]\]")
# What the Tasks plugin writes behind a line whose box is ticked.
STAMP = re.compile(
    r"[ \t]*(?:✅\ufe0f?[ \t]*|\[completion:: )([0-9]{4}-[0-9]{2}-[0-9]{2})\]?[ \t]*(?=\r?$)", re.MULTILINE
)


def whole_note(words: Sequence[str], body: str, old: str = "") -> str:
    """The text of a generated note; its front matter tells programs what it is, and people where it comes from.

    Properties that somebody has given the old one besides, such as a style, stay.
    """
    match = _HEAD.match(old)
    kept = _COMMAND.sub("", match[2]).replace("\r\n", "\n") if match else ""
    command = json.dumps(shlex.join(words), ensure_ascii=False)  # a string of JSON is one of YAML
    return f"---\nplaincrm: generated {fingerprint(body)}\ncommand: {command}\n{kept}---\n\n{body}"


def body_at(text: str) -> int:
    """Where the body of a generated note begins."""
    match = _HEAD.match(text)
    return match.end() if match else 0


def is_edited(text: str) -> bool:
    """Whether a generated note is not what was generated, ticked boxes apart."""
    match = _HEAD.match(text)
    return match is None or fingerprint(text[match.end() :]) != match[1]


def fingerprint(body: str) -> str:
    """Eight hexadecimal digits of what is generated; blanks, line ends, ticks and links make no difference.

    Links are written anew where a note is renamed, by Obsidian as by us.
    """
    untouched = _LINK.sub("", _BOX.sub(r"\1 \2", STAMP.sub("", body)))
    return hashlib.blake2b("".join(untouched.split()).encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()
