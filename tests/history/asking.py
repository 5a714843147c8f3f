"""Command lines that ask every report, and what they answer."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from plaincrm.cli.run import run

EACH = (["list", "--format", "json"],)  # of every commit
OFTEN = (
    ["agenda", "--days", "30", "--all"],
    ["check", "--format", "json"],
    ["check"],
    ["quality", "--format", "json"],
    ["search", "door", "--format", "json"],
    ["show", "kahvila-aurinko", "--full"],
)
QUESTIONS = (*EACH, *OFTEN)
MORE = (
    ["value"],
    ["value", "--by", "month", "--format", "csv"],
    ["season"],
    ["retention", "--period", "12m"],
    ["tiers"],
    ["deals"],
    ["growth", "--period", "12m"],
    ["response", "--period", "12m"],
    ["promises", "--period", "12m", "--format", "json"],
    ["experience"],
    ["targets"],
    ["report", "--period", "12m", "--format", "json"],
    ["report", "--period", "12m", "--format", "md"],
    [
        "sql",
        "select path, blob, text, customer from notes join files using (file) join customers using (file) order by 1",
    ],
    ["fields"],
    ["show", "kahvila-aurinko", "--format", "json"],
)


def asked(vault: Path, *words: str) -> str:
    """The answer to a command line, exit code included."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = run(["--vault", str(vault), *words])
    return f"{out.getvalue()}[{code}]"
