"""What a shell is offered: the right words, from the index as it is, and never an error in the middle of a line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.cli.run import run
from tests.cli.terminal import SHELLS, completed
from tests.making import make_vault

CONFIG = """
[vault]
owners = ["liisa", "matti"]
[fields]
paint = { type = "choice", choices = ["zinc", "linseed"] }
[segments]
terraces = "tag:café"
"""
NOTES = {
    "kahvila-aurinko.md": "---\nname: Kahvila Aurinko\ntags: [café, turku]\ncity: Turku\n---\n",
    "aaltonen.md": "---\nname: Ärjä Aaltonen\ncity: New York\n---\n",
    "aurela.md": "---\nname: Aurela\n---\n",
    "äijälä.md": "---\nname: Kesämökki\n---\n",
    "odd name.md": "---\nname: Odd\n---\n",
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_vault(tmp_path_factory.mktemp("completion") / "vault", NOTES, CONFIG)


@pytest.fixture(scope="module")
def cache(vault: Path) -> Path:
    """A cache folder with an index."""
    folder = vault.parent / "cache"
    subprocess.run([sys.executable, "-m", "plaincrm", "list"], cwd=vault, env=around(folder), check=True)
    return folder


def around(cache: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAINCRM_")}
    return {**kept, "XDG_CACHE_HOME": str(cache), **more}


def offered(vault: Path, cache: Path, line: str, shell: str = "bash") -> list[str]:
    told = around(cache, _PLAINCRM_COMPLETE=f"{shell}_complete", COMP_WORDS=line, COMP_CWORD="0")
    done = subprocess.run([sys.executable, "-m", "plaincrm"], cwd=vault, env=told, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return [row.partition(",")[2] for row in done.stdout.decode().split("\n") if row]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("plaincrm sho", ["show"]),
        ("plaincrm list --so", ["--sort"]),
        ("plaincrm show au", ["aurela"]),
        ("plaincrm show aurink", ["kahvila-aurinko"]),
        ("plaincrm show kahvila-a", ["kahvila-aurinko"]),
        ("plaincrm show Kahv", ["kahvila-aurinko"]),
        ("plaincrm show äij", ["äijälä"]),
        ("plaincrm show aija", ["äijälä"]),
        ("plaincrm show jala", ["äijälä"]),
        ("plaincrm show arja", ["aaltonen"]),
        ("plaincrm show el", ["aurela"]),
        ("plaincrm show odd", []),
        ("plaincrm show aurela k", []),
        ("plaincrm list sta", ["stage:"]),
        ("plaincrm list vaihe", ["vaihe:"]),
        ("plaincrm agenda tier:", ["occasional", "regular", "key", "none", "any"]),
        ("plaincrm value tier:key,oc", ["key,occasional"]),
        ("plaincrm list paint=l", ["linseed"]),
        ("plaincrm list tag:c", ["café"]),
        ("plaincrm list -tag:c", ["café"]),
        ("plaincrm list city:", ["Turku", "none", "any"]),
        ("plaincrm list next<to", ["today", "tomorrow"]),
        ("plaincrm list @", ["@terraces"]),
        ("plaincrm search lo", ["lost_on", "lost_reason:", "log:"]),
        ("plaincrm list deal:", ["none", "any"]),
        ("plaincrm list -@t", ["-@terraces"]),
        ("plaincrm list --columns name,ci", ["name,city"]),
        ("plaincrm list --sort -rev", ["-revenue"]),
        ("plaincrm agenda --owner m", ["matti"]),
        ("plaincrm explain bad-ph", ["bad-phone"]),
        ("plaincrm check --select bad-phone,bad-em", ["bad-phone,bad-email"]),
        ("plaincrm completion f", ["fish"]),
        ("plaincrm list nothing:", []),
        ('plaincrm list "sta', ["stage:"]),
        ("plaincrm nothing sho", ["show"]),
        ("plaincrm --vault /nowhere/at/all show a", []),
        ("plaincrm nothing 'x \\", []),
    ],
)
def test_what_is_offered(vault: Path, cache: Path, line: str, expected: list[str]) -> None:
    assert offered(vault, cache, line) == expected


def test_without_an_index_there_are_the_words_of_the_settings_and_nothing_is_written(
    vault: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "none"
    assert offered(vault, empty, "plaincrm show a") == []
    assert offered(vault, empty, "plaincrm list owner:") == ["liisa", "matti", "none", "any"]
    assert not empty.exists()


def test_an_index_that_is_behind_or_broken_is_not_touched(vault: Path, cache: Path, tmp_path: Path) -> None:
    """A note that is new is not read, an index that somebody has cut is not asked, and neither is mended here."""
    new = vault / "customers/new.md"
    new.write_text("---\nname: New\n---\n", encoding="utf-8")
    try:
        before = {path.name: path.read_bytes() for path in (cache / "plaincrm").iterdir()}
        assert offered(vault, cache, "plaincrm show new") == []
        assert {path.name: path.read_bytes() for path in (cache / "plaincrm").iterdir()} == before
    finally:
        new.unlink()
    broken = tmp_path / "broken"
    (broken / "plaincrm").mkdir(parents=True)
    for name, data in before.items():
        (broken / "plaincrm" / name).write_bytes(data[:5000])
    assert offered(vault, broken, "plaincrm show au") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert run(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert f"_PLAINCRM_COMPLETE={shell}_complete" in out
    assert err == ""


TYPED = {
    "plaincrm list tier:key,re": "plaincrm list tier:key,regular",
    "plaincrm list @terr": "plaincrm list @terraces",
    "plaincrm list 'tags:caf": "plaincrm list tags:café",
    "plaincrm agenda --owner li": "plaincrm agenda --owner liisa",
    "plaincrm show kahv": "plaincrm show kahvila-aurinko",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_at_a_terminal(vault: Path, cache: Path, shell: str) -> None:
    """The shell itself, where it is installed, with Tab pressed behind each line."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = cache.parent / shell
    home.mkdir()
    told = around(cache, PATH=path, HOME=str(home), LC_ALL="C.UTF-8")
    assert completed(shell, TYPED, vault, told) == [*TYPED.values()]


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ("stag", "stage:\tWhere the customer stands on the way from lead to former."),
        ("cade", "cadence:\tHow often to be in touch at the least: 14d, 6w, 3m, 1y or ne"),
    ],
)
def test_words_about_what_is_offered(vault: Path, cache: Path, begun: str, expected: str) -> None:
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = around(cache, PATH=path, BEGUN=begun, HOME=str(cache.parent))
    script = 'plaincrm completion fish | source; complete -C "plaincrm list $BEGUN"'
    command = ["fish", "--no-config", "-c", script]
    done = subprocess.run(command, cwd=vault, env=told, capture_output=True, text=True, check=False)
    assert done.stdout == f"{expected}\n", done.stderr
