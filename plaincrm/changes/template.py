"""Templates of new notes: the vault's own with their placeholders filled in, or the built-in one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from plaincrm.document.frontmatter import find_front_matter
from plaincrm.document.scalars import in_double_quotes, in_single_quotes, scalar
from plaincrm.document.source import Source
from plaincrm.errors import UsageError
from plaincrm.language import label

_PLACEHOLDER = re.compile(r"\{\{[ ]*(name|title|date)(?::([^{}\n]{1,40}))?[ ]*\}\}", re.IGNORECASE)
_QUOTED_DAY = re.compile(
    r"(?<=[:-] )([\"'])(\{\{[ ]*date(?::[^{}\n\"']{1,40})?[ ]*\}\})\1(?=[ ]*(?:[ ]#.*)?\r?$)",
    re.IGNORECASE | re.MULTILINE,
)
_DAY_PART = re.compile(r"YYYY|YY|MM|M|DD|D|[A-Za-z]+")  # of moment.js, as in Obsidian's own templates


def filled(text: str, name: str, day: date | None) -> str:
    """A template with `{{name}}`, `{{title}}` and `{{date}}` (also `{{date:DD.MM.YYYY}}`) filled in.

    In the front matter a value gets the quotes that it needs; those around a placeholder for a day, which YAML wants
    there, go with it.

    Raises:
        UsageError: a day is asked for and none is given, or in a form that is not known.
    """
    front = find_front_matter(Source(text))
    end = front.block_end if front else 0
    head = _QUOTED_DAY.sub(r"\2", text[:end])
    text, end = head + text[end:], len(head)
    pieces, at = list[str](), 0
    for match in _PLACEHOLDER.finditer(text):
        is_day = match[1].lower() == "date"
        value = _day(day, (match[2] or "YYYY-MM-DD").strip()) if is_day else name
        pieces += text[at : match.start()], _in_place(value, match, typed=is_day) if match.start() < end else value
        at = match.end()
    return "".join([*pieces, text[at:]])


def _day(day: date | None, form: str) -> str:
    if day is None:
        raise UsageError("The template asks for a date.", "Say which day it is: today=date(...).")
    parts: Mapping[str, str] = {
        "YYYY": f"{day.year:04}",
        "YY": f"{day.year % 100:02}",
        "MM": f"{day.month:02}",
        "M": str(day.month),
        "DD": f"{day.day:02}",
        "D": str(day.day),
    }
    unknown = next((part for part in _DAY_PART.findall(form) if part not in parts), None)
    if unknown:
        raise UsageError(f"The template has a date with {unknown}.", "Use YYYY, MM and DD: {{date:DD.MM.YYYY}}.")
    return _DAY_PART.sub(lambda part: parts[part[0]], form)


def _in_place(value: str, match: re.Match[str], *, typed: bool) -> str:
    """A value as it may stand in the front matter: between the quotes that are there, else in those that it needs."""
    text = match.string
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    behind = text[match.end() :].partition("\n")[0]
    if before.count('"') % 2:
        return in_double_quotes(value)
    if before.count("'") % 2:
        return in_single_quotes(value) or value
    alone = re.fullmatch(r"[^:]*:[ ]+|[ ]*-[ ]+", before) and re.fullmatch(r"\s*(?:[ ]#.*)?", behind)
    return scalar(value, typed=typed) if alone else value


def built_in(name: str, language: str) -> str:
    """The smallest note of a customer that has a log."""
    log = label("sections", "log", language).capitalize()
    return f"---\n{label('fields', 'name', language)}: {scalar(name)}\n---\n\n## {log}\n"
