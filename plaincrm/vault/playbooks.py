"""Playbooks: what to do so long after a sale, a delivery, a complaint; read from the settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from plaincrm.dates import Duration

CAUSES = ("sale", "delivery", "complaint", "stage", "nth-purchase", "each-year")
_NTH = r"[1-9][0-9]{0,3}"


class Playbook(NamedTuple):
    """One playbook: what begins it, how long after that its step is due, for whom, and what is to be done.

    `cause` is one of CAUSES, `of` the stage or the number that stands behind its colon. Without `after` the step is
    due on the day itself. `material` is a note of the vault, without its ending.
    """

    name: str
    cause: str
    of: str
    after: Duration | None
    do: str
    tiers: tuple[str, ...] = ()
    query: str = ""
    channel: str | None = None
    material: str = ""


def read_playbook(
    name: str,
    row: Mapping[str, Any],
    stages: tuple[str, ...],
    tiers: tuple[str, ...],
    channel_of: Callable[[str], str | None],
    wrong: Callable[[str, str], None],
) -> Playbook | None:
    """A playbook from its settings; None, once `wrong` was told the key and what it takes, where it could not be run.

    One that is not sound in part is left out as a whole: without its limits it would be for everybody.
    """
    channel = channel_of(row["channel"]) if "channel" in row else None
    cause, _, of = str(row.get("on", "")).partition(":")
    known = {"stage": of in stages, "nth-purchase": bool(re.fullmatch(_NTH, of))}
    if cause not in CAUSES or not known.get(cause, not of):
        wrong("on", _WANTED)
    elif not row.get("do", "").strip():
        wrong("do", "a text that says what to do")
    elif not set(row.get("tier", ())) <= set(tiers):
        wrong("tier", f"a list of some of {', '.join(tiers)}")
    elif "channel" in row and channel is None:
        wrong("channel", "the name of a channel")
    else:
        return Playbook(
            name=name,
            cause=cause,
            of=of,
            after=row.get("after"),
            do=row["do"].strip(),
            tiers=row.get("tier", ()),
            query=row.get("query", ""),
            channel=channel,
            material=row.get("material", "").removesuffix(".md"),
        )
    return None


_WANTED = (
    '"sale", "delivery", "complaint", "stage:" with a stage of the vault, "nth-purchase:" with a number, or "each-year"'
)
