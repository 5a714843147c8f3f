"""The agenda as a page to print: HTML without scripts that loads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plaincrm.render import agenda_words as words
from plaincrm.render.agenda_words import Shown
from plaincrm.render.escape import html_days, html_text, mail_uri, phone_uri
from plaincrm.render.notes import unread_words
from plaincrm.render.page import page as document
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_lines import AgendaItem

_STYLE = """
h2 { margin-bottom: 0; }
h3 { margin: 0; font-size: 1rem; font-weight: 400; }
p { margin: 0; }
ul { margin: 0; padding: 0; list-style: none; }
li { position: relative; padding: 0.5rem 0 0.5rem 1.7rem; border-bottom: 1px solid var(--rule); break-inside: avoid; }
li::before { content: ""; position: absolute; left: 0; top: 0.75rem; width: 0.9rem; height: 0.9rem;
  border: 1.5px solid var(--ink); border-radius: 2px; }
.mark { font-size: 0.85rem; color: var(--soft); }
.kind { font-weight: 600; color: var(--ink); }
.late .kind { color: var(--late); }
.more { font-size: 0.85rem; color: var(--soft); }
@page { margin: 12mm; }
@media print {
  html { font-size: 7.5pt; }
  body { line-height: 1.25; }
  main { columns: 2; column-gap: 2rem; }
  h1, h1 + p, footer { column-span: all; }
  h2 { margin-top: 0.6rem; }
  li { padding: 0.15rem 0 0.15rem 1.5rem; }
  li::before { top: 0.25rem; }
  .mark, .why { display: inline; }
  .mark::after { content: ":"; }
  .talk { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .place { display: none; }
}
"""


def page(report: Agenda, shown: Shown) -> str:
    """A section a group, and an item with a box to tick a customer."""
    title = words.heading(report)
    head = (f"<h1>{html_text(title)}</h1>", f"<p>{words.customers(report)}</p>")
    return document(title, _STYLE, (*head, *_groups(report, shown), *_foot(report, shown)))


def _groups(report: Agenda, shown: Shown) -> Iterator[str]:
    for title, items in words.groups(report, shown):
        yield from _group(title, items, report, shown)
    if held := words.held_back(report, shown):
        yield from _group("Held back", held, report, shown)


def _group(title: str, items: Iterable[AgendaItem], report: Agenda, shown: Shown) -> Iterator[str]:
    yield f"<section>\n<h2>{html_text(title)}</h2>\n<ul>"
    for item in items:
        late = ' class="late"' if item.overdue_days else ""
        marks = [part for part in (words.when(item, report.today), item.owner) if part]
        kind = f'<span class="kind">{item.kind}</span>'
        yield f"<li{late}>"
        yield f'<h3 dir="auto"><strong>{html_text(item.name)}</strong>: {html_text(item.what)}</h3>'
        yield f'<p class="mark">{", ".join((kind, *map(html_text, marks)))}</p>'
        yield f'<p class="why" dir="auto">{html_days(words.why(item, report.today))}</p>'
        if words.reached_by(item):
            yield f'<p dir="auto">{_reached_by(item)}</p>'
        more = {"talk": words.last_talk(item), "urgency": words.urgency(item) if shown.explain else ""}
        more["place"] = f"{item.file}:{item.line}"
        yield from (f'<p class="more {name}" dir="auto">{html_text(told)}</p>' for name, told in more.items() if told)
        yield "</li>"
    yield "</ul>\n</section>"


def _reached_by(item: AgendaItem) -> str:
    """How to reach the customer, as a link where the channel and what is known make one."""
    makes = {"call": phone_uri, "email": mail_uri}.get(item.channel or "")
    uri = makes(item.reach) if makes else ""
    told = html_text(words.reached_by(item))
    return f'<a href="{html_text(uri)}">{told}</a>' if uri else told


def _foot(report: Agenda, shown: Shown) -> Iterator[str]:
    empty = " ".join(words.why_empty(report, report.empty)) if report.empty else ""
    told = [part for part in (empty, words.more(report, shown), words.paused(report, shown)) if part]
    told += unread_words(report.unread)
    if told:
        yield "<footer>"
        yield from (f"<p>{html_text(part)}</p>" for part in told)
        yield "</footer>"
