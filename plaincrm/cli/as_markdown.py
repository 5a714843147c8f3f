"""The answer of a command in Markdown, asked for by a setting or a marker: words of a command line that reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from plaincrm.cli.context import Asked
from plaincrm.cli.group import cli
from plaincrm.errors import UsageError
from plaincrm.render.lines import Line

# What may be asked for, each with its options that do more than read.
READING: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("agenda", "list", "value", "tiers", "season", "deals", "retention", "growth"), frozenset()),
    **dict.fromkeys(("response", "promises", "experience", "targets", "report"), frozenset()),
    "quality": frozenset(("checklist",)),
    "show": frozenset(("program",)),
}


class _Kept(Asked):
    """What was asked, with the answer kept instead of shown."""

    shown = ""

    def answer(
        self,
        *,
        text: Callable[[int], Iterable[Line]],  # noqa: ARG002 (other forms are not asked for)
        data: Callable[[], Any],  # noqa: ARG002
        rows: Callable[[], tuple[Iterable[str], Iterable[Iterable[Any]]]],  # noqa: ARG002
        more: Mapping[str, Callable[[], Any]] | None = None,
    ) -> None:
        """Keep the answer."""
        self.shown = (more or {})["md"]()


def as_markdown(asked: Asked, words: Sequence[str]) -> str:
    """What a command answers as a note, taken apart as on a command line. Nothing is run but plaincrm's own reading.

    Raises:
        UsageError: there is no such command that answers so, or it would not take these words.
        NoMatch: it has no answer.
    """
    name, *rest = words
    command = cli.get_command(click.Context(cli), name) if name in READING else None
    if command is None:
        remedy = f"These can: {', '.join(sorted(READING))}."
        raise UsageError("No such command can stand in a note.", remedy)
    kept = _Kept(asked.vault.root.as_posix(), asked.today.isoformat(), "never", asked.cache)
    try:
        context = command.make_context(name, ["--format", "md", *rest], obj=kept, help_option_names=[])
        refused = next((option for option in READING[name] if context.params.get(option)), None)
        if refused or kept.output or kept.form != "md":
            raise UsageError("Options that open or write a file, or change the form, mean nothing in a note.")
        with context:
            command.invoke(context)
    except click.ClickException as error:
        raise UsageError(error.format_message(), f"See plaincrm {name} --help.") from None
    return kept.shown
