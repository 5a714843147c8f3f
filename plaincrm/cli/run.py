"""Running a command: what goes wrong becomes one clear message and an exit code, never a traceback."""

from __future__ import annotations

import os
import sqlite3
import sys

import click

from plaincrm.cli.group import cli
from plaincrm.errors import PlaincrmError
from plaincrm.render.escape import terminal
from plaincrm.render.terminal import write

INTERRUPTED = 130


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code: 0 sound, 1 faults or no match, 2 usage or environment."""
    try:
        return _run(arguments)
    except sqlite3.DatabaseError:
        if "--no-cache" in arguments:
            raise
        write("plaincrm: the index is damaged; all notes were read anew.\n", sys.stderr)
        return _run(["--no-cache", *arguments])


def _run(arguments: list[str]) -> int:
    try:
        code = cli.main(arguments, prog_name="plaincrm", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        write(error.ctx.get_help() + "\n" if error.ctx else "", sys.stdout)
        return 0
    except click.ClickException as error:
        return _usage(error)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except PlaincrmError as error:
        _say(error.message, error.remedy)
        return error.exit_code
    except BrokenPipeError:
        _silence()
        return 0
    except OSError as error:
        _say(f"{error.filename or 'The system'}: {error.strerror or error}.", "")
        return 2
    return code if isinstance(code, int) else 0


def _usage(error: click.ClickException) -> int:
    hint = ""
    if isinstance(error, click.UsageError) and error.ctx:
        hint = f"See {error.ctx.command_path} --help."
    _say(error.format_message(), hint)
    return 2


def _say(message: str, remedy: str) -> None:
    lines = [f"plaincrm: {message}", *([remedy] if remedy else [])]
    write("".join(f"{terminal(part)}\n" for line in lines for part in line.split("\n")), sys.stderr)


def _silence() -> None:
    """The reader of our output has gone away, as `head` does: say no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
