"""The faults that a note has by itself, judged as its vault and its own comments say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plaincrm.checks.diagnostic import Diagnostic, diagnostic
from plaincrm.checks.policy import Policy
from plaincrm.document.document import Document
from plaincrm.errors import Fault


def judged(
    path: str, document: Document, faults: Iterable[Fault], policy: Policy
) -> Iterator[tuple[Fault, Diagnostic]]:
    """Each fault that no comment silences and no setting switches off, with its place, its severity and its words."""
    source, silenced = document.source, {ignore.code for ignore in document.ignores}
    for found in faults:
        severity = None if found.code in silenced else policy.severity(found.code, path)
        if severity:
            place = (*source.place(found.start), *source.place(found.end))
            told = diagnostic(path, place, found.code, dict(found.facts), found.fix)
            yield found, told._replace(severity=severity)
