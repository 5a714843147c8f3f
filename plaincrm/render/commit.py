"""The message of a commit: in one line what a command did, and a trailer for each customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plaincrm.changes.carry_out import Written
from plaincrm.changes.fix import Mended
from plaincrm.render.escape import terminal
from plaincrm.render.lines import clipped

_SUBJECT = 72  # characters, as git's own tools show them


def message(files: Sequence[Written | Mended], customers: Iterable[str]) -> str:
    """The message of the commit that holds these files, which concern these customers (ids)."""
    ids = list(dict.fromkeys(map(terminal, customers)))
    whats = {terminal(item.file): terminal("; ".join(" ".join(what.split()) for what in item.what)) for item in files}
    same = len(set(whats.values())) == 1
    who = ids[0] if len(ids) == 1 else next(iter(whats)) if len(files) == 1 else f"{len(files)} notes"
    told = next(iter(whats.values())) if same else "; ".join(dict.fromkeys(whats.values()))
    subject = f"{who}: {told}"
    short = clipped(subject, _SUBJECT)
    body = []
    if not same:
        body = [f"{file}: {what}" for file, what in whats.items()]
    elif short != subject:
        body = [told]
    trailers = [f"Customer: {customer}" for customer in ids]
    return "\n\n".join("\n".join(part) for part in ([short], body, trailers) if part) + "\n"
