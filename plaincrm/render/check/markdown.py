"""A check as a Markdown page: readable in Obsidian, on GitHub and as the summary of a CI job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from plaincrm.checks.check import CheckReport
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.index.paths import disk_path
from plaincrm.render.check.excerpt import excerpt
from plaincrm.render.check.summary import baseline_words, found_words
from plaincrm.render.escape import markdown_code, markdown_text, uri_path

_WIDTH = 80  # columns of a line that is quoted


def markdown(report: CheckReport, lines_of: Mapping[tuple[str, int], str]) -> str:
    """A section a note, with a link to it, and an item a diagnostic."""
    return "\n".join(_blocks(report, lines_of)) + "\n"


def _blocks(report: CheckReport, lines_of: Mapping[tuple[str, int], str]) -> Iterator[str]:
    yield f"# Check\n\n**{markdown_text(found_words(report))}**"
    if words := baseline_words(report):
        yield f"\n{markdown_text(words)}"
    for file, items in groupby(report.diagnostics, key=lambda item: item.file):
        yield f"\n## [{markdown_text(file)}]({uri_path(disk_path(file))})\n"
        for item in items:
            yield from _item(item, lines_of.get((item.file, item.line), ""))


def _item(item: Diagnostic, own: str) -> Iterator[str]:
    fixable = " *(fixable)*" if item.fixable else ""
    message = markdown_text(item.message)
    yield f"- {item.line}:{item.column} **{item.severity}** `{item.code}`: {message}{fixable}"
    shown = excerpt(item, own, _WIDTH)
    if shown:  # behind a number, since a plugin of Obsidian runs code that begins with an equals sign
        yield f"  - {markdown_code(f'{item.line}: {shown.text}')}"
    if item.help:
        remedy = item.help.replace("\n", " ")
        yield f"  - {markdown_text(remedy)}"
