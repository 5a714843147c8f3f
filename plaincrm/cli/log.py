"""`plaincrm log`: what was said, as an entry of the log."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_of
from plaincrm.cli.next_step import NextStep, asked_for, following
from plaincrm.cli.writing import tell, writing
from plaincrm.errors import NoMatch, PlaincrmError, UsageError

if TYPE_CHECKING:
    from plaincrm.api import Vault
    from plaincrm.changes.customer import CustomerChange
    from plaincrm.changes.entry import Promise
    from plaincrm.records.model import Party

_BY = re.compile(r"(?P<what>.*\S)\s+@(?P<day>\S.*)")  # Send the quote @friday
_BELOW = "<!-- Leave this line: it and all below are not logged. -->"
_TEMPLATE = f"""

{_BELOW}
First line:  call in, Pekka: wants a quote
Below it:    what was said, [mood:: +], [sale:: 300 EUR], - [ ] Send the quote 📅 2026-12-01
"""


class _OneDirection(click.Command):
    """A command whose directions exclude each other."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse several directions, of which click would take the last."""
        options = args[: args.index("--")] if "--" in args else args
        said = [option for option in _DIRECTIONS if option in options]
        if len(said) > 1:
            raise UsageError(f"{' and '.join(said)} cannot go together.", "An entry has one direction.")
        return super().parse_args(ctx, args)


_DIRECTIONS = ("--in", "--out", "--missed", "--no-answer")


@click.command("log", cls=_OneDirection)
@click.argument("customer", shell_complete=customers)
@click.argument("text", nargs=-1)
@click.option("--date", "day", metavar="DATE", help="The day of it, spoken or written; today if not said.")
@click.option("--time", metavar="TIME", default="", help="14:30, or 10:00-11:00.")
@click.option("--channel", metavar="CHANNEL", default="", help="call, email, visit ...; TEXT is the summary then.")
@click.option("--in", "direction", flag_value="in", help="They came to us.")
@click.option("--out", "direction", flag_value="out", help="We went to them.")
@click.option("--missed", "direction", flag_value="missed", help="They called and nobody answered.")
@click.option("--no-answer", "direction", flag_value="no-answer", help="We called and nobody answered.")
@click.option("--who", metavar="NAME", default="", help="With whom.")
@click.option("--field", "fields", metavar="KEY=VALUE", multiple=True, help="A field of the entry: sale=300, mood=+.")
@click.option("--promise", "ours", metavar="TEXT", multiple=True, help='What we promised: "Send the quote @friday".')
@click.option("--owed", "theirs", metavar="TEXT", multiple=True, help="What they promised, written in the same way.")
@following
@click.option("--also", metavar="CUSTOMER", multiple=True, shell_complete=customers, help="Log it there as well.")
@writing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (each is an option)
    asked: Asked,
    customer: str,
    text: tuple[str, ...],
    day: str | None,
    time: str,
    channel: str,
    direction: str | None,
    who: str,
    fields: tuple[str, ...],
    ours: tuple[str, ...],
    theirs: tuple[str, ...],
    step: tuple[str, str] | None,
    also: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Log what was said with a CUSTOMER.

    TEXT may begin as a line of the log does, also with its day: "call in, Pekka: wants a quote". Further lines stand
    under the first. Without TEXT the editor opens. The entry goes where its day belongs, written as the others of the
    log are.
    """
    vault = asked.vault
    paths = [vault.path_of(name) for name in (customer, *also)]
    _see_one_customer(vault, text)
    on = day_of(day, asked.today, "--date") if day else asked.today
    promises = [_promise(said, asked.today, "us", "--promise") for said in ours]
    promises += [_promise(said, asked.today, "them", "--owed") for said in theirs]
    values = _values(fields)
    then = NextStep.of(step, asked)
    from_editor = not ("".join(text).strip() or channel or fields or promises)
    typed = _from_editor(sys.stdin.isatty()) if from_editor else " ".join(text)
    with _given_back(typed if from_editor else ""):
        on, said = (on, typed) if channel else _dated(on if day else None, typed, asked.today)

    def edit(change: CustomerChange) -> None:
        change.log(
            on,
            said,
            channel=channel,
            direction=direction or "",
            time=time,
            who=who,
            fields=values,
            promises=promises,
        )
        if then:
            then.set_in(change)

    with _given_back(typed if from_editor else ""):
        if then is None and not dry_run and not also and sys.stdin.isatty():
            vault.change_each(paths, edit, dry_run=True)  # what is wrong is told before anything is asked
            if not any(promise.due for promise in promises):
                then = asked_for(vault.customer(customer), asked.today)
        report = vault.change_each(paths, edit, dry_run=dry_run)
    tell(asked, report)


def _see_one_customer(vault: Vault, text: tuple[str, ...]) -> None:
    """Refuse `log A B "what was said"`, which would make B's name a word of A's entry."""
    if len(text) < 2 or " " not in text[-1]:
        return
    with suppress(NoMatch):
        vault.path_of(text[0])
        raise UsageError(
            f"{text[0]} names a customer, too.",
            f"To log it for both: --also {text[0]}. As a part of the text: all of the text in one pair of quotes.",
        )


def _dated(given: date | None, typed: str, today: date) -> tuple[date, str]:
    """The day of an entry, given as such or at the beginning of its text, and what is said behind it."""
    from plaincrm.changes.entry import day_at_start  # noqa: PLC0415

    written, said = day_at_start(typed)
    if given and written and given != written:
        raise UsageError(f"Two days: --date {given}, and {written} in the text.", "Give one of them.")
    return given or written or today, said


def _promise(said: str, today: date, owes: Party, option: str) -> Promise:
    from plaincrm.changes.entry import Promise  # noqa: PLC0415

    found = _BY.fullmatch(said.strip())
    if found is None:
        return Promise(said.strip(), None, owes)
    return Promise(found["what"], day_of(found["day"], today, f"{option}: @{found['day']}"), owes)


def _values(fields: tuple[str, ...]) -> dict[str, list[str]]:
    """The fields by their keys; one that is given twice has two values."""
    found: dict[str, list[str]] = {}
    for word in fields:
        key, sign, value = word.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise UsageError(f"--field: {word} gives no field a value.", "Write --field mood=+ or --field sale=300.")
        found.setdefault(key.strip(), []).append(value)
    return found


def _from_editor(terminal: bool) -> str:
    """The text as it is written in the user's editor."""
    if not terminal:
        raise UsageError(
            "There is nothing to log.", 'Write what was said: log aurinko "call in, Pekka: wants a quote".'
        )
    typed = click.edit(_TEMPLATE, extension=".md")
    said = (typed or "").partition(_BELOW)[0].strip()
    if not said:
        raise UsageError("The editor gave back no text; nothing was logged.", "Write it above the marked line.")
    return said


@contextmanager
def _given_back(typed: str) -> Iterator[None]:
    """Show what was typed in an editor where it is not logged, so that it need not be typed again."""
    try:
        yield
    except (PlaincrmError, click.Abort):
        if typed:
            click.echo(f"What you wrote, which is not logged:\n\n{typed}\n", err=True)
        raise
