"""The brief as a note: to take along, or to read in Obsidian."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.render import brief_words as words
from plaincrm.render.escape import markdown_text, wiki_link
from plaincrm.render.lines import paragraphs
from plaincrm.reports.brief import Brief

_UNBROKEN = 1_000_000  # columns: a paragraph is one line


def markdown(brief: Brief, *, full: bool = False) -> str:
    """The name, which leads to the customer's note, the facts, and a section a part."""
    return "\n".join(_blocks(brief, full=full)) + "\n"


def _blocks(brief: Brief, *, full: bool) -> Iterator[str]:
    yield f"# {wiki_link(brief.customer.id, brief.customer.name)}\n"
    yield " · ".join(map(markdown_text, filter(None, (words.kind(brief), words.tags(brief)))))
    yield ""
    for label, values in words.facts(brief, full=full):
        yield f"- **{markdown_text(label)}**: {markdown_text(', '.join(values))}"
    for part in words.parts(brief, full=full):
        yield f"\n## {part.title}\n"
        for row in part.rows:
            told = [markdown_text(part) for part in paragraphs(row.body, _UNBROKEN) if part.strip()]
            if not row.text:
                yield "\n\n".join(told)
                continue
            yield f"- {markdown_text(f'{row.lead} {row.text}')}"
            yield from (f"  - {part}" for part in (*map(markdown_text, row.more), *told))
    yield f"\n{markdown_text(words.place(brief))}"
    faults = [f"- {markdown_text(fault)}" for fault in words.faults(brief)]
    yield from ["", *faults] if faults else []
