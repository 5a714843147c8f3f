"""Running a command: what goes wrong becomes one clear message and an exit code, never a traceback."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

import click

from plaincrm.cli.group import cli
from plaincrm.errors import REFUSED, PlaincrmError, QueryError
from plaincrm.render.escape import terminal
from plaincrm.render.terminal import page_width, write

INTERRUPTED = 130
COMPLETE = "_PLAINCRM_COMPLETE"  # what a shell sets that asks for completions


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code: 0 sound, 1 faults or no match, 2 usage or environment."""
    if COMPLETE in os.environ:
        return _completed(arguments)
    try:
        code = cli.main(arguments, prog_name="plaincrm", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone away, as `head` does
        _hush(sys.stdout)
        return 0
    except Exception as error:
        return _explained(error)
    return code if isinstance(code, int) else 0


def _completed(arguments: list[str]) -> int:
    """Answer a shell that completes: it hears suggestions or nothing, since its user is in the middle of a line."""
    with suppress(Exception):
        from plaincrm.cli import completion  # noqa: PLC0415, F401 (teaches click our way of taking words apart in bash)

        cli.main(arguments, prog_name="plaincrm", complete_var=COMPLETE, standalone_mode=False)
    return 0


def _explained(error: Exception) -> int:
    """Say what went wrong, each kind in its own way, and give the exit code."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        write(f"{error.ctx.get_help()}\n" if error.ctx else "", sys.stdout)
        return 0
    if isinstance(error, click.ClickException):
        context = error.ctx if isinstance(error, click.UsageError) else None
        see = f"See {context.command_path} --help." if context else ""
        message, remedy = (
            _of_parameter(error) if isinstance(error, click.BadParameter) else (error.format_message(), "")
        )
        _say(message, "\n".join(part for part in (remedy, see) if part))
        return REFUSED
    if isinstance(error, PlaincrmError):
        for note in getattr(error, "__notes__", ()):  # what had happened before
            _say(note, "")
        _say(error.message, error.remedy, _excerpt(error) if isinstance(error, QueryError) else ())
        return error.exit_code
    if os.environ.get("PLAINCRM_DEBUG"):
        raise error
    if isinstance(error, OSError):
        _say(f"{error.filename or 'Output'}: {error.strerror or error}.", "")
        _hush(sys.stdout)
        return REFUSED
    _say(
        f"This is a fault of plaincrm itself ({type(error).__name__}), not of your notes.",
        "With PLAINCRM_DEBUG=1 the same command shows the traceback that a report of the fault needs.",
    )
    return REFUSED


def _of_parameter(error: click.BadParameter) -> tuple[str, str]:
    """What is wrong with a value of the command line, and what it may be, in our words rather than click's."""
    given = re.match(r"(?s)'(.*)' is not |(-?[0-9]+) is not in the range", error.message)
    if error.param is None or given is None:
        return error.format_message(), ""
    kind, value = error.param.type, given[1] or given[2]
    name = (
        error.param.opts[0]
        if isinstance(error.param, click.Option)
        else (error.param.metavar or error.param.name or "").strip("[]").upper()
    )
    if isinstance(kind, click.Choice):
        from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)
        from plaincrm.render.lines import wrapped  # noqa: PLC0415

        near = nearest(value, kind.choices)
        hint = f"Did you mean {near}?" if near else f"Write one of {', '.join(kind.choices)}."
        return f"{name}: there is no {value}.", "\n".join(wrapped(hint, page_width(sys.stderr)))
    if isinstance(kind, click.IntRange):
        least, most = kind.min or 0, f" to {kind.max}" if kind.max else ""
        return f"{name}: {value} is no whole number from {least}{most or ' on'}.", ""
    return error.format_message(), ""


def _excerpt(error: QueryError) -> list[str]:
    from plaincrm.render.query import excerpt  # noqa: PLC0415 (for mistakes only)

    return excerpt(error, page_width(sys.stderr))


def _say(message: str, remedy: str, between: Sequence[str] = ()) -> None:
    lines = [f"plaincrm: {message}", *between, *([remedy] if remedy else [])]
    with suppress(OSError):  # nobody listens there either
        write("".join(f"{terminal(part)}\n" for line in lines for part in line.split("\n")), sys.stderr)


def _hush(stream: TextIO | None) -> None:
    """Let what is left in the buffer go nowhere, or Python would complain about it when it ends."""
    if stream is not None:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
