"""The machine changes nothing: neither the order in which files were made, nor the time zone, the locale or the hash
seed change a byte of any answer in any form."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import click
import pytest

from plaincrm.cli.group import COMMANDS, cli
from tests.making import EXAMPLE

# A command line for each command; the forms are those that the command itself has.
ASKED = {
    "init": ["init", "--dry-run"],
    "agenda": ["agenda", "--days", "60", "--all", "--explain"],
    "show": ["show", "kahvila-aurinko"],
    "log": ["log", "kahvila-aurinko", "call in, Äijä: a deck [mood:: +]", "--promise", "Draw it @friday", "--dry-run"],
    "done": ["done", "kahvila-aurinko", "oil", "--dry-run"],
    "next": ["next", "kahvila-aurinko", "ensi", "perjantaina", "--dry-run"],
    "snooze": ["snooze", "kahvila-aurinko", "+2w", "--dry-run"],
    "list": ["list", "tier:any", "--sort", "city,-revenue", "--columns", "name,city,tags,revenue,last_contact"],
    "search": ["search", "paint", "-tag:office"],
    "sql": ["sql", "select * from measures"],
    "check": ["check"],
    "explain": ["explain", "bad-date"],
    "fix": ["fix", "--dry-run"],
    "value": ["value", "--period", "2026"],
    "season": ["season"],
    "retention": ["retention", "--period", "2026", "--cohort", "quarter"],
    "tiers": ["tiers"],
    "deals": ["deals"],
    "experience": ["experience", "--by", "channel"],
    "growth": ["growth", "--period", "2026"],
    "quality": ["quality", "--by", "tag"],
    "targets": ["targets"],
    "report": ["report", "--period", "2026"],
    "trend": ["trend", "value", "tier:key", "--every", "year", "--since", "2025-01-01", "--hindsight"],
    "new": ["new", "Testi Oy", "type=company", "--dry-run"],
    "import": ["import", str(Path(__file__).parents[1] / "fixtures/import/asiakasluettelo.csv")],
    "import-sales": ["import-sales", "inbox/invoices-2026-11.csv"],
    "import-mail": ["import-mail", "inbox/question.eml", "inbox/newcomer.eml"],
    "import-calendar": ["import-calendar", "inbox/week.ics"],
    "import-survey": ["import-survey", "inbox/survey.csv"],
    "rename": ["rename", "aurinko", "Kahvila Kuu Oy", "--dry-run"],
    "archive": ["archive", "aurinko", "--dry-run"],
    "duplicates": ["duplicates"],
    "merge": ["merge", "aurinko", "orvokki", "--take", "address=b", "--dry-run"],
    "undo": ["undo", "--list"],
    "set": ["set", "tier:key", "--all", "next=friday", "--dry-run"],
    "response": ["response", "--period", "12m", "--by", "month"],
    "promises": ["promises", "--period", "12m", "--by", "customer"],
    "notes": ["notes", "--dry-run"],
    "fields": ["fields"],
    "resolve": ["resolve"],
    "history": ["history"],
    "diff": ["diff", "HEAD~1"],
    "blame": ["blame", "kahvila-aurinko"],
    "export": ["export"],
}
SILENT = {
    "completion",
    "open",
    "letters",
    "lsp",
    "watch",
    "git-setup",
    "git-hook",
    "merge-driver",
    "textconv",
}  # what they say has one form
LIISA = {"NAME": "Liisa", "EMAIL": "liisa@savy.example", "DATE": "2026-11-21T23:30:00Z"}
MACHINES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"},
)


def forms(command: str) -> tuple[str, ...]:
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    (form,) = (option for option in found.params if option.name == "form")
    assert isinstance(form.type, click.Choice)
    return tuple(form.type.choices)


CASES = [(command, form) for command in ASKED for form in forms(command) if (command, form) != ("show", "csv")]
# One process a machine answers all; so what one answer leaves behind is seen in the next.
SCRIPT = """
import json, sys
from plaincrm.cli.run import run
for asked, name in json.loads(sys.argv[1]):
    code = run(["--today", "2026-11-21", *asked, "-o", name])
    assert code in (0, 1), (asked, code)
"""


def make(root: Path, seed: int) -> None:
    """The example vault and four notes that say nearly the same, with a fault, made in some order."""
    notes = {path.relative_to(EXAMPLE): path.read_bytes() for path in EXAMPLE.rglob("*") if path.is_file()}
    for name in ("a", "b", "ä", "Å"):
        note = f"---\nname: Twin\ncity: {name}\nnext: 2026-11-21\nsince: 5.1.2026\n---\n- 2026-11-20 email in: paint?\n"
        notes[Path(f"customers/{name}.md")] = note.encode()
    for path in random.Random(seed).sample(sorted(notes), len(notes)):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(notes[path])
    commit(root, "first")
    for name in ("å", "a", "b"):
        (root / f"customers/{name}.md").write_text("---\nname: Twin\n---\n- 2026-11-21 call: paint\n")
    commit(root, "second")
    (root / "customers/å.md").unlink()


def commit(root: Path, words: str) -> None:
    """Commit everything, at the same moment on every machine."""
    people = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in LIISA.items()}
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **people}
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", words]):
        subprocess.run(["git", *command], cwd=root, env=env, check=True)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A folder of answers for each machine."""
    found = []
    for seed, machine in enumerate(MACHINES):
        folder = tmp_path_factory.mktemp("machine")
        make(folder / "vault", seed)
        asked = [([*ASKED[command], "--format", form], f"../{command}.{form}") for command, form in CASES]
        env = {**os.environ, **machine, "PYTHONUTF8": "1", "NO_COLOR": "1", "XDG_CACHE_HOME": str(folder / "cache")}
        env["XDG_STATE_HOME"] = str(folder / "state")
        command = [sys.executable, "-c", SCRIPT, json.dumps(asked)]
        subprocess.run(command, cwd=folder / "vault", env=env, check=True)
        found.append(folder)
    return found


def test_every_command_is_asked() -> None:
    assert {*ASKED, *SILENT} == set(COMMANDS)


@pytest.mark.parametrize(("command", "form"), CASES)
def test_the_machine_changes_nothing(command: str, form: str, machines: list[Path]) -> None:
    first, second = [(folder / f"{command}.{form}").read_bytes() for folder in machines]
    assert first
    assert first == second
