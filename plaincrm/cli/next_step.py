"""The next step said along with something else: `--next DATE ACTION`, or asked for on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_of, odd_days
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.changes.customer import CustomerChange
    from plaincrm.records.model import Customer, Task


class NextStep(NamedTuple):
    """When to be in touch next, and what for."""

    day: date
    action: str

    @classmethod
    def of(cls, said: tuple[str, str] | None, asked: Asked) -> NextStep | None:
        """What the option says; a day that is over is told.

        Raises:
            UsageError: the day is none.
        """
        if said is None:
            return None
        day = day_of(said[0], asked.today, "--next")
        asked.vault.notices.extend(odd_days("next", [str(day)], asked.today))
        return cls(day, said[1])

    def set_in(self, change: CustomerChange) -> None:
        """Write it into a note."""
        change.set(next=self.day, next_action=self.action.strip() or None)


def following(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says the next step, as `step`."""
    help_text = "When to be in touch next, and what for."
    return click.option("--next", "step", metavar="DATE ACTION", nargs=2, help=help_text)(command)


def asked_for(customer: Customer, today: date, kept: Task | None = None) -> NextStep | None:
    """The next step, asked for where nothing lies ahead: no day, no promise by a day, no planned entry.

    A promise that is `kept` just now lies behind, unless it comes round.
    """
    promises = [task for task in customer.tasks if task.open and (task is not kept or task.recurrence)]
    ahead = [customer.next, *(task.due for task in promises), *(entry.date for entry in customer.entries)]
    if any(day is not None and day > today for day in ahead):
        return None

    def read(text: str) -> date | None:
        try:
            return day_of(text, today) if text.strip() else None
        except UsageError as unclear:
            raise click.UsageError(f"{unclear.message} {unclear.remedy}") from None  # click asks again

    quietly: dict[str, Any] = {"default": "", "show_default": False, "err": True}
    day = click.prompt("When to be in touch next (Enter: not yet)", value_proc=read, **quietly)
    if day is None:
        return None
    return NextStep(day, click.prompt(f"{day:%a} {day}: what for (Enter: nothing)", **quietly))
