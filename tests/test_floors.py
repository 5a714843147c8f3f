"""The layout that docs/architecture.md promises: imports point down, modules are small and say their job."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import plaincrm

PACKAGE = Path(plaincrm.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the top down; rooms of one floor may not import each other.
FLOORS = (
    ("cli", "__main__"),
    ("api", "__init__"),
    ("render",),
    ("reports",),
    ("checks",),
    ("index",),
    ("vault",),
    ("records",),
    ("document",),
    ("language",),
    ("dates", "money"),
    ("errors",),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
SAME_FLOOR = {("__init__", "api"), ("__main__", "cli")}


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(path: Path) -> list[str]:
    """Every plaincrm module that a file imports, for typing too, and inside functions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "plaincrm":
            found.extend(f"plaincrm.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("plaincrm"):
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names if alias.name.startswith("plaincrm"))
    return found


def own_room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    room = own_room(path)
    for module in imports_of(path):
        other = room_of(module)
        below = FLOOR_OF[room] < FLOOR_OF[other]
        assert room == other or below or (room, other) in SAME_FLOOR, f"{room} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_its_job_and_is_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= 400


def calls_of(path: Path) -> set[str]:
    """The names that a file calls, dotted where they are attributes: `print`, `date.today`, `os.open`."""
    return {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }


# What only the command line may do, with the exceptions and their reasons.
AT_THE_EDGE = {"print", "input", "sys.exit", "exit", "date.today", "datetime.now", "time.time", "time.time_ns"}
ALLOWED = {
    ("index", "time.time_ns"),  # stamps of files are compared with the moment at which they are read, no answer is
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_reads_the_clock_prints_and_exits(path: Path) -> None:
    room = own_room(path)
    if room in ("cli", "__main__"):
        return
    assert {call for call in calls_of(path) & AT_THE_EDGE if (room, call) not in ALLOWED} == set()


OPENING = {"open", "os.open", "os.fdopen", "Path.read_text", "Path.read_bytes"}
OPENERS = {
    "document/source.py",  # user files
    "vault/find.py",  # Obsidian's own settings
    "index/store.py",  # the index, its lock and its seal
    "language/__init__.py",  # our own vocabularies
    "cli/run.py",  # the null device
    "cli/context.py",  # the file of --output
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_are_opened_in_few_places(path: Path) -> None:
    opened = {
        call for call in calls_of(path) if call in OPENING or call.endswith((".read_text", ".read_bytes", ".open"))
    }
    opened -= {"store.open", "self.store.open"}
    if str(path.relative_to(PACKAGE)) not in OPENERS:
        assert opened == set()
