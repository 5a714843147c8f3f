"""The command group: options that every command has, and commands loaded when they are called."""

from __future__ import annotations

import importlib
from typing import Any

import click
from click.core import ParameterSource

from plaincrm.cli.complete import revisions
from plaincrm.cli.context import Asked, Then

# name -> module in plaincrm.cli and group of the overview; the order is that of the overview
COMMANDS = {
    "init": "init",
    "agenda": "agenda",
    "show": "show",
    "log": "log",
    "done": "done",
    "next": "next_",
    "snooze": "snooze",
    "list": "list_",
    "search": "search",
    "open": "open_",
    "sql": "sql",
    "new": "new",
    "import": "import_",
    "import-sales": "import_sales",
    "import-mail": "import_mail",
    "import-calendar": "import_calendar",
    "import-survey": "import_survey",
    "export": "export",
    "letters": "letters",
    "set": "set_",
    "rename": "rename",
    "archive": "archive",
    "merge": "merge",
    "undo": "undo",
    "history": "history",
    "diff": "diff",
    "blame": "blame",
    "git-setup": "git_setup",
    "resolve": "resolve",
    "merge-driver": "merge_driver",
    "git-hook": "git_hook",
    "textconv": "textconv",
    "check": "check",
    "duplicates": "duplicates",
    "explain": "explain",
    "fix": "fix",
    "value": "value",
    "season": "season",
    "retention": "retention",
    "tiers": "tiers",
    "deals": "deals",
    "growth": "growth",
    "response": "response",
    "promises": "promises",
    "experience": "experience",
    "quality": "quality",
    "targets": "targets",
    "report": "report",
    "trend": "trend",
    "notes": "notes",
    "watch": "watch",
    "fields": "fields",
    "lsp": "lsp",
    "completion": "completion",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own, imported only when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's own signature)
        """The names, in the order of the overview."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, or None."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found: click.Command = importlib.import_module(f"plaincrm.cli.{module}").command
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the options that every command has from behind its name to before it, where people need not put them."""
        return super().parse_args(ctx, self._ours_first(ctx, args))

    def _ours_first(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        flags = {
            name: option.is_flag for option in self.params if isinstance(option, click.Option) for name in option.opts
        }
        ours, others, rest = list[str](), list[str](), iter(args[:end])
        for arg in rest:
            name, equals, _value = arg.partition("=")
            found = [arg]
            if flags.get(name) is False and not equals:
                found += [value for value in [next(rest, None)] if value is not None]
                if len(found) == 1 and not ctx.resilient_parsing:
                    raise click.BadOptionUsage(name, f"Option '{name}' requires an argument.", ctx)
            (ours if name in flags else others).extend(found)
        return [*ours, *others, *args[end:]]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; for a misspelt one the nearest is named."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches  # noqa: PLC0415 (for mistakes only)

            near = get_close_matches(args[0], list(COMMANDS), 1) if args else []
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", ctx) from None


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib import metadata  # noqa: PLC0415 (11 ms, for the version only)

        click.echo(f"plaincrm {metadata.version('plaincrm')}")
        context.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "PLAINCRM"},
    no_args_is_help=True,
)
@click.option("--vault", metavar="DIR", default=".", envvar="PLAINCRM_VAULT", help="The vault, or a folder in it.")
@click.option("--today", metavar="DATE", help="Answer as of this day: 2026-11-21, tomorrow, +2w.")
@click.option(
    "--rev",
    metavar="REV",
    help="Answer from the vault as committed: HEAD~3, a branch, a tag, a commit.",
    shell_complete=revisions,
)
@click.option(
    "--as-of", metavar="DATE", help="The same by the last commit up to the end of a day, which is then today."
)
@click.option(
    "--hindsight", is_flag=True, help="With --as-of: from all that is known now, without what is dated later."
)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to colour.")
@click.option("--no-cache", is_flag=True, help="Read all notes anew and write no index.")
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Show the version.")
@click.pass_context
def cli(context: click.Context, /, vault: str, today: str | None, color: str, no_cache: bool, **then: Any) -> None:  # noqa: ANN401 (click's; see Then)
    """Customers in plain text: one Markdown file each, and the answers one needs every morning.

    \b
    plaincrm agenda                      whom to contact today, and why
    plaincrm show aurinko                all one needs to know before a call
    plaincrm list tier:key owner:liisa   customers by a query
    plaincrm value --period 2026         what each customer brought
    plaincrm tiers                       the pyramid, and who should move in it
    plaincrm response                    how soon customers were answered
    plaincrm promises                    which promises were kept
    plaincrm experience                  what customers say of us
    plaincrm quality                     how sound the register is
    plaincrm check                       what is wrong, and where
    plaincrm fix                         mend what can be mended for certain
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    named = context.get_parameter_source("vault") is ParameterSource.COMMANDLINE
    context.obj = Asked(vault, today, color, not no_cache, named, Then(**then))
