"""The agenda as a note: a list to tick off in Obsidian, or to read anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plaincrm.render import agenda_words as words
from plaincrm.render.agenda_words import Shown
from plaincrm.render.escape import markdown_text, wiki_link
from plaincrm.render.notes import unread_words
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_lines import AgendaItem


def markdown(report: Agenda, shown: Shown) -> str:
    """A section a group, and a box to tick a customer, whose name leads to its note."""
    return "\n".join(_blocks(report, shown)) + "\n"


def _blocks(report: Agenda, shown: Shown) -> Iterator[str]:
    yield f"# {words.heading(report)}\n\n{words.customers(report)}"
    for title, items in words.groups(report, shown):
        yield from _group(title, items, report, shown)
    if held := words.held_back(report, shown):
        yield from _group("Held back", held, report, shown)
    empty = " ".join(words.why_empty(report, report.empty)) if report.empty else ""
    for told in (empty, words.more(report, shown), words.paused(report, shown)):
        if told:
            yield f"\n{markdown_text(told)}"
    head, *files = unread_words(report.unread) or [""]
    if head:
        yield f"\n{markdown_text(head)}\n"
        yield from (f"- {markdown_text(file)}" for file in files)


def _group(title: str, items: Iterable[AgendaItem], report: Agenda, shown: Shown) -> Iterator[str]:
    yield f"\n## {markdown_text(title)}\n"
    for item in items:
        yield f"- [ ] {wiki_link(item.customer, item.name)}: {markdown_text(item.what)}"
        when = words.when(item, report.today)
        marks = [f"**{item.kind}**", *map(markdown_text, filter(None, (when, item.owner)))]
        yield f"  - {', '.join(marks)}"
        told = [words.why(item, report.today), words.reached_by(item), words.last_talk(item)]
        told += [words.urgency(item)] if shown.explain else []
        told.append(f"{item.file}:{item.line}")
        yield from (f"  - {markdown_text(part)}" for part in told if part)
