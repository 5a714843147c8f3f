"""Reads and runs the blocks of Markdown pages, so that no page can show what the program does not do.

A block marked `console` holds commands (`$ …`) and what they print, both streams; an exit code other than 0 stands
below it as `[exit code 1]`. They run in the shell, in a copy of example-vault/. A block marked `python` runs in that
folder too, as a script; lines with `>>>` are compared with what they give (doctest). Blocks of other kinds are text.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^( *)```(console|python)[ \t]*\n(.*?)^\1```[ \t]*$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    page: Path
    kind: str
    text: str
    indent: str
    line: int

    def indented(self, text: str) -> str:
        """A text as it stands in the page."""
        return textwrap.indent(text, self.indent)


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, match[2], textwrap.dedent(match[3]), match[1], text.count("\n", 0, match.start(3)) + 1)
        for match in _BLOCK.finditer(text)
    ]


def surroundings(folder: Path) -> tuple[Path, dict[str, str]]:
    """A copy of the example vault, and an environment in which `plaincrm` is ours and the page 80 columns wide."""
    vault = folder / "example-vault"
    _restore(vault, ROOT / "example-vault")
    shutil.rmtree(folder / "state", ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLAINCRM_", "LC_", "COLUMNS"))}
    environment = {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{role}_NAME": "Liisa" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": "liisa@painter.example" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_DATE": "2026-11-21T10:00:00+02:00" for role in ("AUTHOR", "COMMITTER")},
    }
    return vault, environment


def _restore(copy: Path, original: Path) -> None:
    """Make a copy equal again; what no block has written into stays, and with it what the index knows of it."""
    kept, stamps = _stamps(original), _stamps(copy)
    for name in stamps.keys() - kept.keys():
        (copy / name).unlink()
    for name in (name for name, stamp in kept.items() if stamps.get(name) != stamp):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(original / name, copy / name)
    for path in sorted((path for path in copy.rglob("*") if path.is_dir()), reverse=True):
        if not path.is_symlink() and not (original / path.relative_to(copy)).is_dir():
            path.rmdir()


def _stamps(folder: Path) -> dict[str, tuple[int, int, int]]:
    """The files of a folder with their sizes, times and rights, which a copy keeps."""
    found = ((path, path.lstat()) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {str(path.relative_to(folder)): (it.st_size, it.st_mtime_ns, it.st_mode) for path, it in found}


def run_console(text: str, folder: Path) -> str:
    """The block as it should read: each command followed by what it prints now."""
    vault, environment = surroundings(folder)
    shown: list[str] = []
    for command in re.findall(r"^\$ ((?:.*\\\n)*.*)$", text, re.MULTILINE):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=vault,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        shown.append(f"$ {command}\n{done.stdout.decode()}".replace("\r\n", "\n"))
        if done.returncode:
            shown.append(f"[exit code {done.returncode}]\n")
    return "".join(shown)


def run_python(text: str, folder: Path) -> str:
    """What goes wrong when the block runs as a script; empty when all is well."""
    vault, environment = surroundings(folder)
    if ">>>" in text:
        script = folder / "block.txt"
        script.write_text(text, encoding="utf-8")
        options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        code = f"import doctest, sys; sys.exit(doctest.testfile({str(script)!r}, False, optionflags={options})[0])"
    else:
        code = text
    done = subprocess.run([sys.executable, "-c", code], cwd=vault, env=environment, capture_output=True, check=False)
    return "" if done.returncode == 0 else done.stdout.decode() + done.stderr.decode() or "failed"
