"""`plaincrm resolve`: the conflicts that a merge left, one after the other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked, reporting
from plaincrm.errors import UsageError
from plaincrm.render.terminal import as_text, page_width, wants_color, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plaincrm.changes.conflicts import Conflict
    from plaincrm.history.sides import Unmerged
    from plaincrm.render.conflicts import Whose
    from plaincrm.render.lines import Line

_KEYS = {"o": "ours", "t": "theirs", "b": "both", "e": "edit", "s": "skip", "q": "quit"}


@click.command("resolve")
@click.argument("customer", required=False, shell_complete=customers)
@click.option("--take", type=click.Choice(["ours", "theirs", "both"]), help="Decide all of them so, without asking.")
@reporting
@click.pass_obj
def command(asked: Asked, customer: str | None, take: str | None) -> int:
    """Decide the conflicts that a merge left in the notes, or in that of one CUSTOMER.

    In the terminal both sides of each are shown, and a key says which stays. Elsewhere they are listed. Files that git
    waits for and that are decided elsewhere are named. The exit code is 1 while there are any. What is decided is
    written as all edits are, and undo takes it back.
    """
    from plaincrm.history.sides import Sides  # noqa: PLC0415 (git is called for this command)
    from plaincrm.render import conflicts as render  # noqa: PLC0415

    found = asked.vault.conflicts(customer or "")
    others = _others(asked, found, customer)
    sides = Sides(asked.vault.root)

    def whose(item: Conflict) -> tuple[str, str]:
        return sides.whose(item.file, item.ours, item.theirs)

    if take and found:
        decisions = {item: _lines(item, take) for item in found}
    elif asked.form == "text" and sys.stdin.isatty() and sys.stdout.isatty() and found:
        decisions = _asked_for(asked, found, whose)
    else:
        asked.answer(
            text=lambda _width: render.text(found, whose, others),
            data=lambda: render.data(found, others),
            rows=lambda: (render.FIELDS, list(render.rows(found, others))),
        )
        return 1 if found or others else 0
    _write(asked, decisions)
    left = len(asked.vault.conflicts(customer or ""))
    if left:
        write(f"{left} conflict{'s are' if left > 1 else ' is'} left.\n", sys.stdout)
    _show(asked, render.unmerged(others))
    return 1 if left or others else 0


def _others(asked: Asked, found: tuple[Conflict, ...], customer: str | None) -> list[Unmerged]:
    """The files that git waits for and that cannot be decided here: no notes of customers, or gone on one side."""
    from plaincrm.document.source import Unreadable, decode, read_bytes, source_faults  # noqa: PLC0415
    from plaincrm.history.sides import unmerged  # noqa: PLC0415
    from plaincrm.index.paths import disk_path  # noqa: PLC0415
    from plaincrm.live.notes import generated_notes  # noqa: PLC0415

    def is_decided(item: Unmerged) -> bool:
        """Whether both sides have it and no marker is left in it, so that only `git add` is to come."""
        path = asked.vault.root / disk_path(item.file)
        try:
            data = read_bytes(path)
        except Unreadable:
            return False
        return item.has_both and all(found.code != "unresolved-merge" for found in source_faults(decode(data), 0))

    told = {item.file for item in found}
    asked_for = asked.vault.path_of(customer) if customer else ""
    waiting = (item for item in unmerged(asked.vault.root) if not asked_for or asked_for in (item.file, item.twin))
    left = [item for item in waiting if item.twin or (item.file not in told and not is_decided(item))]
    generated = generated_notes(asked.vault.config)
    return [item._replace(why=_GENERATED) if item.has_both and item.file in generated else item for item in left]


_GENERATED = "generated on both sides: git checkout --ours takes ours back, then plaincrm notes makes it fresh"


def _write(asked: Asked, decisions: dict[Conflict, str]) -> None:
    """Write what is decided, all of it or nothing."""
    from plaincrm.render.written import text  # noqa: PLC0415

    lines = {(item.file, item.ours, item.theirs): lines for item, lines in decisions.items()}
    report = asked.vault.resolve(
        dict.fromkeys(item.file for item in decisions),
        lambda item: lines.get((item.file, item.ours, item.theirs)),
    )
    if report.files:
        _show(asked, text(report))
        write("git add says to git that a note is done.\n", sys.stdout)


def _show(asked: Asked, lines: Iterable[Line]) -> None:
    color, width = wants_color(asked.color, sys.stdout), page_width(sys.stdout)
    write(as_text(list(lines), color=color, width=width), sys.stdout)


def _lines(item: Conflict, choice: str) -> str:
    if choice == "both" and not item.may_both_stay:
        raise UsageError(f"{item.file}:{item.line}: {item.about} has one value.", "Take ours or theirs.")
    return {"ours": item.ours, "theirs": item.theirs, "both": item.both}[choice]


def _asked_for(asked: Asked, found: tuple[Conflict, ...], whose: Whose) -> dict[Conflict, str]:
    """What the user decides for each, until they quit."""
    from plaincrm.render.conflicts import shown  # noqa: PLC0415

    decisions: dict[Conflict, str] = {}
    for item in found:
        _show(asked, shown(item, whose(item)))
        keys = {key: word for key, word in _KEYS.items() if key != "b" or item.may_both_stay}
        asking = ", ".join(f"{key} {word}" for key, word in keys.items())
        choice = _KEYS[click.prompt(asking, type=click.Choice(list(keys)), show_choices=False, prompt_suffix=": ")]
        if choice == "quit":
            break
        if choice == "edit":
            typed = click.edit(item.both, extension=".md")
            if typed is not None:
                decisions[item] = typed
        elif choice != "skip":
            decisions[item] = _lines(item, choice)
        write("\n", sys.stdout)
    return decisions
