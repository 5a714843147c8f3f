"""How the code is laid out: imports point down, modules are short and explained, and few touch the world."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "plaincrm"
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
FLOORS = (
    ("__main__",),
    ("cli",),
    ("live",),
    ("__init__",),
    ("api",),
    ("render",),
    ("reports", "changes", "history", "exchange", "privacy"),
    ("checks",),
    ("index",),
    ("vault",),
    ("records",),
    ("document",),
    ("language", "dates", "money", "worktime", "errors"),
)
HEIGHT = {room: len(FLOORS) - at for at, floor in enumerate(FLOORS) for room in floor}
GROUND = set(FLOORS[-1])  # these few may know each other


def tree_of(module: Path) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def room_of(module: Path) -> str:
    return module.parts[0].removesuffix(".py")


def imported_rooms(module: Path) -> Iterator[tuple[str, int]]:
    """The rooms of ours that a module imports from, wherever in it, for types too."""
    for node in ast.walk(tree_of(module)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [node.module or ""]
            if node.module == "plaincrm":
                names = [f"plaincrm.{alias.name}" for alias in node.names]
        for name in names:
            if name.split(".")[0] == "plaincrm":
                yield (name.split(".")[1] if "." in name else "__init__"), node.lineno


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_down(module: Path) -> None:
    here = room_of(module)
    for room, line in imported_rooms(module):
        known = room == here or HEIGHT[room] < HEIGHT[here] or {room, here} <= GROUND
        assert known, f"{module}:{line}: {here} may not know {room}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_modules_are_explained_and_short(module: Path) -> None:
    text = (PACKAGE / module).read_text(encoding="utf-8")
    tree = tree_of(module)
    assert ast.get_docstring(tree)
    assert len(text.splitlines()) < 400
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


# What only cli/ may do, with the few exceptions and their reasons.
WORLDLY = {
    "print": "prints",
    "input": "asks",
    "breakpoint": "stops",
    "sys.exit": "ends the program",
    "os._exit": "ends the program",
    "date.today": "reads the clock",
    "datetime.now": "reads the clock",
    "datetime.today": "reads the clock",
    "datetime.utcnow": "reads the clock",
    "time.time": "reads the clock",
    "time.time_ns": "reads the clock",
    "time.localtime": "reads the clock",
    "time.monotonic": "reads the clock",
    "time.sleep": "waits",
}
ALLOWED = {
    ("__main__.py", "sys.exit"): "the program's end is here",
    ("index/index.py", "time.time_ns"): "to know which stamps of files are too fresh to be trusted; no answer holds it",
    ("changes/system.py", "time.monotonic"): "how long to wait for another process that writes",
    ("changes/system.py", "time.sleep"): "waiting for another process that writes",
    ("index/store.py", "time.monotonic"): "how long to wait for another process",
    ("index/store.py", "time.sleep"): "waiting for another process",
}


def called(module: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_only_the_command_line_prints_asks_ends_and_reads_the_clock() -> None:
    found = {
        (module.as_posix(), name)
        for module in MODULES
        if room_of(module) not in ("cli", "live")
        for name, _line in called(module)
        if name in WORLDLY
    }
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found <= {("index/store.py", "time.sleep"), ("index/store.py", "time.monotonic")}


# Who may open files; `read_bytes` of document/source.py is the way for all others.
OPENERS = {
    "document/source.py": "reads notes and settings",
    "vault/files.py": "looks at folders",
    "exchange/attachments.py": "saves the files of mails where the user says",
    "exchange/bytes_in.py": "reads files of other programs",
    "exchange/presets.py": "reads the presets that come with plaincrm",
    "exchange/workbooks.py": "unpacks the parts of a workbook in memory",
    "index/answers.py": "keeps what takes long beside the index",
    "index/store.py": "keeps the index and its seal",
    "index/glance.py": "locks the index for a glance at it",
    "index/index.py": "keeps the index",
    "index/past.py": "keeps the indexes of what was committed",
    "language/__init__.py": "reads its own vocabulary",
    "history/put.py": "puts what git asked for in its place: a merged note, attributes, a hook",
    "history/setup.py": "takes away the attributes and hooks it made",
    "history/driver.py": "takes away its own copy",
    "history/staged.py": "lays out what is staged in a folder inside git's own",
    "changes/journal.py": "keeps what was written, in the user's own folder",
    "changes/place.py": "finds the file behind a name, folder by folder, and makes the folders of new ones",
    "changes/leftovers.py": "takes away what runs that were killed left",
    "changes/start.py": "makes the folder of a new vault",
    "changes/system.py": "locks the vault's folder",
    "render/export/sqlite.py": "makes its file in a folder of its own and hands it on",
    "changes/write.py": "writes notes, and nobody else does",
    "cli/context.py": "writes the answer where -o says",
    "cli/export.py": "writes the export where -o says",
    "cli/letters.py": "writes the letters where -o says",
    "cli/run.py": "lets the rest of an answer go nowhere",
}
OPENING = ("open", "os.open", "io.open", "os.fdopen")
METHODS = ("read_text", "write_text", "write_bytes", "open", "unlink", "rename", "replace", "mkdir", "touch", "rmdir")


def test_few_modules_open_files() -> None:
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            is_text_method = method == "replace" and (len(node.args) != 1 or node.keywords)  # of texts and days
            is_question = name.startswith("asked.vault.")  # which the API answers
            if name in OPENING or (method in METHODS and not (is_text_method or is_question)):
                assert module.as_posix() in OPENERS, f"{module}:{node.lineno}: {name}"


RUNNERS = {
    "cli/opening.py": "starts the user's own editor when --open asks for it",
    "history/git.py": "the one module that calls git",
    "live/bringing_up.py": "has this program itself read many notes in a process of its own",
    "live/programs.py": "the command of watch --exec, and the desktop's notifier",
}


def test_no_module_runs_text_and_few_run_a_program() -> None:
    forbidden = ("eval", "exec", "compile", "os.system", "os.popen", "pickle.loads", "pickle.load", "__import__")
    for module in MODULES:
        names = {name for name, _line in called(module)}
        assert not names & set(forbidden), module
        runs = "subprocess" in (PACKAGE / module).read_text(encoding="utf-8")
        assert runs == (module.as_posix() in RUNNERS), module
