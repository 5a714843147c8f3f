"""What libyaml complains of, in the words of people who do not know YAML's inner names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plaincrm.document.source import blank_name
from plaincrm.errors import Fault, fault

if TYPE_CHECKING:
    import yaml

_LONGEST_KEY = 1024  # characters, by YAML's own rule


def syntax_fault(error: yaml.MarkedYAMLError, block: str) -> Fault:
    """What keeps a block from being YAML, at the character to mend; places are counted from the block's start."""
    told = f"{error.context} {error.problem}"
    at_its_start = any(words in told for words in ("quoted scalar", "did not find expected ',' or", "alphabetic or"))
    mark = error.context_mark if at_its_start else error.problem_mark
    at = min(mark.index, len(block)) if mark else 0
    if "could not find expected ':'" in told and (found := disguised(block)):
        return found
    return bad_yaml(*_by_its_line(block, at, mark.column if mark else 0, told))


def _by_its_line(block: str, at: int, column: int, told: str) -> tuple[int, str, int | None]:
    """Where a fault begins, what it is, and where it ends: the line itself may tell more than libyaml does."""
    begin = block.rfind("\n", 0, at) + 1
    if "document start" in told and block.startswith("%"):
        return 0, "directive", block.find("\n")
    if block.startswith("\t", at):
        return at, "found a tab character", None
    if "mapping values" in told and (column > _LONGEST_KEY or _FURTHER_IN.fullmatch(block, begin, at)):
        return (at, "longer than", None) if column > _LONGEST_KEY else (begin, "further in", at)
    if "expected key" in told and block.startswith("- ", at):
        above = block[:begin].rstrip().rpartition("\n")[2].lstrip(" ")
        return at, "an item by itself" if above.startswith("-") else "an item of no list", None
    if item := _item_without_blank(block, at) if "could not find expected ':'" in told else None:
        return item.start(1), "a dash without a blank", item.end(1)
    return at, told, None


_DISGUISED = re.compile(
    r"^[ ]*(?:(?P<indent>[\u00a0\u2000-\u200b\u202f\u3000])|[^\s:\uff1a][^:\n\uff1a]*"
    r"(?:(?P<colon>\uff1a)|:(?P<blank>[\u00a0\u2000-\u200b\u202f\u3000])))",
    re.MULTILINE,
)


def disguised(block: str) -> Fault | None:
    """The character of a line that looks like YAML's colon or blank and is none."""
    match = _DISGUISED.search(block)
    if match is None or match.lastgroup is None:
        return None
    start, end = match.span(match.lastgroup)
    if match["colon"]:
        return bad_yaml(start, "full-width", end)
    where = "the line begins with" if match["indent"] else "behind the colon stands"
    return fault(
        "bad-yaml", start, end, problem=f"{where} {blank_name(block[start])}", remedy="type a plain blank there"
    )


_FURTHER_IN = re.compile(r"[ ]+[^\s:#\"'\[{-][^:\n]*")
_TIGHT_ITEM = re.compile(r"^[ ]*(-[^\s-][^\n]*?)[ \t\r]*$", re.MULTILINE)


def _item_without_blank(block: str, end: int) -> re.Match[str] | None:
    """The line `-vip` of a list, behind which libyaml looks for a colon in vain."""
    return next(iter([*_TIGHT_ITEM.finditer(block, 0, max(end, block.find("\n", end)))][-1:]), None)


def bad_yaml(start: int, told: str, end: int | None = None) -> Fault:
    """A fault by what libyaml complains of, in words of people who do not know YAML's inner names."""
    problem, remedy = next((words for part, *words in _IN_WORDS if part in told), _UNKNOWN)
    return fault("bad-yaml", start, end or start + 1, problem=problem, remedy=remedy)


# What libyaml says; what is wrong; what to do.
_IN_WORDS = (
    ("mapping values are not allowed", "a second colon stands on this line", "put the value in double quotes"),
    ("full-width", "its colon is a full-width one (U+FF1A)", "type the colon anew, with a blank behind it"),
    ("directive", "a YAML directive stands here, and nobody needs one", "delete it"),
    ("document start", "the fields above do not begin at the margin", "take the blanks in front of them away"),
    ("further in", "this field stands further in than the one above", "take the blanks in front of it away"),
    ("longer than", f"a field's name is longer than {_LONGEST_KEY:,} characters", "move the text below the fields"),
    ("a dash without a blank", "this item of a list has no blank behind its dash", "write a blank behind the dash"),
    (
        "an item by itself",
        "this item of a list does not stand below those above",
        "begin it as far in as the others",
    ),
    (
        "an item of no list",
        "this item of a list stands below no field",
        "put the line of three dashes above it if it is text, else the field's name",
    ),
    ("found a tab character", "a tab stands where only blanks may", "put blanks in the place of the tab"),
    ("cannot start any token", "no value can begin with this character", "put the value in double quotes"),
    ("alphabetic or numeric character", "a value begins with * or &", "put the value in double quotes"),
    ("escape", "a backslash in double quotes begins no sign that YAML knows", "put the value in single quotes"),
    ("hexdecimal", "a backslash in double quotes begins no sign that YAML knows", "put the value in single quotes"),
    ("quoted scalar", "a quote is opened here and never closed", "put the same quote behind the value"),
    (
        "parsing a flow sequence",
        "a bracket is opened here, and the list is not closed",
        "put ] behind the last item, and commas between the items",
    ),
    (
        "parsing a flow mapping",
        "a brace is opened here and never closed",
        "put the value in double quotes, or } behind it",
    ),
    (
        "did not find expected key",
        "something stands behind a closing quote or bracket",
        "put all of the value in double quotes",
    ),
    ("could not find expected ':'", "a field needs a colon and a blank behind its name", "write it as key: value"),
    (
        "did not find expected '-' indicator",
        "this line is neither an item of the list above nor a field",
        "begin it with a dash and a blank, as far in as the others, or write it as key: value",
    ),
)
_UNKNOWN = ("this is none of its forms", "put the value in double quotes")
