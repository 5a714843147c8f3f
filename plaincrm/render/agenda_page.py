"""The agenda as a page to print: HTML without scripts that loads nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256

from plaincrm.render import agenda_words as words
from plaincrm.render.agenda_words import Shown
from plaincrm.render.escape import html_text, mail_uri, phone_uri
from plaincrm.render.notes import unread_words
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_lines import AgendaItem

_STYLE = """
@page { size: A4; margin: 15mm 16mm; }
* { box-sizing: border-box; }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 0.95rem/1.4 system-ui, sans-serif; color: #1b1b1b;
  background: #fff; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 1.4rem 0 0.3rem; padding-bottom: 0.2rem; border-bottom: 2px solid #1b1b1b; font-size: 1.05rem;
  break-after: avoid; }
h3 { margin: 0; font-size: 1rem; font-weight: 400; }
p { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding: 0; list-style: none; }
li { position: relative; padding: 0.5rem 0 0.5rem 1.7rem; border-bottom: 1px solid #ccc; break-inside: avoid;
  overflow-wrap: anywhere; }
li::before { content: ""; position: absolute; left: 0; top: 0.75rem; width: 0.9rem; height: 0.9rem;
  border: 1.5px solid #1b1b1b; border-radius: 2px; }
a { color: inherit; }
.mark { font-size: 0.85rem; color: #444; }
.kind { font-weight: 600; }
.late .kind { color: #a11212; }
.more { font-size: 0.85rem; color: #555; }
footer { margin-top: 1.2rem; font-size: 0.85rem; color: #555; }
@media print { html { font-size: 9.5pt; } body { max-width: none; margin: 0; padding: 0; } }
"""


def page(report: Agenda, shown: Shown) -> str:
    """A section a group, and an item with a box to tick a customer."""
    style = b64encode(sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    title = html_text(words.heading(report))
    head = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{title}</h1>",
        f"<p>{words.customers(report)}</p>",
    ]
    return "\n".join((*head, *_groups(report, shown), *_foot(report, shown), "</body>", "</html>", ""))


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
        yield f'<p dir="auto">{html_text(words.why(item, report.today))}</p>'
        if words.reached_by(item):
            yield f'<p dir="auto">{_reached_by(item)}</p>'
        told = [words.last_talk(item), words.urgency(item) if shown.explain else "", f"{item.file}:{item.line}"]
        yield from (f'<p class="more" dir="auto">{html_text(part)}</p>' for part in told if part)
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
