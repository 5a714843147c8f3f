"""The brief as a page to print and take along: HTML without scripts that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.render import brief_words as words
from plaincrm.render.brief_words import Row
from plaincrm.render.escape import html_text, mail_uri, phone_uri
from plaincrm.render.lines import paragraphs
from plaincrm.render.page import page as document
from plaincrm.reports.brief import Brief

_UNBROKEN = 1_000_000  # columns: a paragraph is one line

_STYLE = """
p { margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; margin: 1rem 0 0; }
dt { max-width: 12rem; color: var(--soft); }
dd { margin: 0; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 0.3rem 0; border-bottom: 1px solid var(--rule); break-inside: avoid; }
.more { padding-left: 1.2rem; color: var(--soft); }
.body { white-space: pre-wrap; }
"""


def page(brief: Brief, *, full: bool = False) -> str:
    """The facts as a list with labels, and a section a part."""
    return document(brief.customer.name, _STYLE, _body(brief, full=full))


def _body(brief: Brief, *, full: bool) -> Iterator[str]:
    yield f'<h1 dir="auto">{html_text(brief.customer.name)}</h1>'
    yield from (f'<p class="kind">{html_text(told)}</p>' for told in (words.kind(brief), words.tags(brief)) if told)
    yield "<dl>"
    for label, values in words.facts(brief, full=full):
        shown = map(_reached if label in words.REACHED else html_text, values)
        yield f'<dt>{html_text(label)}</dt><dd dir="auto">{", ".join(shown)}</dd>'
    yield "</dl>"
    for part in words.parts(brief, full=full):
        yield f"<section>\n<h2>{html_text(part.title)}</h2>\n<ul>"
        for row in part.rows:
            yield f'<li dir="auto">{_row(row)}</li>'
        yield "</ul>\n</section>"
    yield "<footer>"
    yield from (f"<p>{html_text(told)}</p>" for told in (words.place(brief), *words.faults(brief)))
    yield "</footer>"


def _row(row: Row) -> str:
    more = "".join(f'<p class="more" dir="auto">{html_text(told)}</p>' for told in row.more)
    told = (html_text(part) for part in paragraphs(row.body, _UNBROKEN) if part.strip())
    kind = "more body" if row.text else "body"
    body = "".join(f'<p class="{kind}" dir="auto">{part}</p>' for part in told)
    return f"{html_text(f'{row.lead} {row.text}'.strip())}{more}{body}"


def _reached(text: str) -> str:
    """A number or an address as a link, where nothing speaks against it; all else is text."""
    uri = phone_uri(text) or mail_uri(text) if "(" not in text else ""
    return f'<a href="{html_text(uri)}">{html_text(text)}</a>' if uri else html_text(text)
