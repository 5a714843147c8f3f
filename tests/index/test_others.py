import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from plaincrm.index import store
from tests.index.conftest import AURINKO, Notes, ask

# Others that are in the way


def test_another_process_that_keeps_the_lock(vault, monkeypatch):
    assert ask(vault) == []
    monkeypatch.setattr(store, "WAIT", 0.1)
    with vault.index_path.with_suffix(".lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        notices = ask(vault)
    assert set(notices) == {
        "The index cannot be used (another process keeps the index locked); all notes were read anew."
    }
    assert ask(vault) == []


def test_a_reader_that_never_ends(vault, monkeypatch):
    assert ask(vault) == []
    monkeypatch.setattr(store, "WAIT", 0.1)
    with vault.open():
        vault.write("new", "---\nname: New\n---\n")
        assert len(set(ask(vault))) == 1
    assert ask(vault) == []


@pytest.mark.parametrize("how", ["exclusive", "immediate"])
def test_another_program_that_has_the_file_open(vault, monkeypatch, how):
    assert ask(vault) == []
    monkeypatch.setattr(store, "BUSY", 0.05)
    other = sqlite3.connect(vault.index_path, isolation_level=None)
    other.execute(f"begin {how}")
    vault.write("new", "---\nname: New\n---\n")
    assert len(set(ask(vault))) <= 1
    assert ask(vault) == []
    other.close()
    assert ask(vault) == []


ASK = """
import os, platformdirs, sys, plaincrm

def answer(cache):
    vault = plaincrm.open_vault(sys.argv[1], cache=cache)
    return len(vault.list().customers), vault.search("asennus").total, vault.check().files, vault.notices

right = *answer(False)[:3], True  # modules are loaded too: somebody else may not reach them
if len(sys.argv) > 2:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
*found, notices = answer(True)
print((*found, len(set(notices)) <= 1) == right)
print(*notices[:1])
"""


def asked_as(user: int, root: Path, **environment: str) -> str:
    """What a user of that number is told beside the right answer."""
    command = [sys.executable, "-c", ASK, str(root), str(user)]
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    right, told = done.stdout.splitlines()
    assert (right, done.stderr) == ("True", "")
    return told


@pytest.fixture
def open_to_all() -> Path:
    """A folder that other users may enter, unlike those of pytest."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    vault = Notes(folder / "vault")
    vault.write("aurinko", AURINKO)
    yield folder
    shutil.rmtree(folder)


def test_a_cache_folder_that_cannot_be_written(open_to_all):
    cache = open_to_all / "cache"
    cache.mkdir()
    for _time in range(2):
        told = asked_as(65534, open_to_all / "vault", XDG_CACHE_HOME=str(cache))
        why = f"{cache}/plaincrm cannot be written: Permission denied"
        assert told == f"The index cannot be used ({why}); all notes were read anew."
    assert list(cache.iterdir()) == []


def test_an_index_that_somebody_else_laid_ready(open_to_all):
    cache = open_to_all / "cache"
    (cache / "plaincrm").mkdir(parents=True)
    (cache / "plaincrm").chmod(0o777)
    assert "belongs to another user" in asked_as(65534, open_to_all / "vault", XDG_CACHE_HOME=str(cache))
    assert list((cache / "plaincrm").iterdir()) == []


def test_an_own_index_that_has_become_read_only(open_to_all):
    cache = open_to_all / "cache"
    cache.mkdir()
    os.chown(cache, 65534, 65534)
    vault = open_to_all / "vault"
    assert asked_as(65534, vault, XDG_CACHE_HOME=str(cache)) == ""
    assert len(list((cache / "plaincrm").iterdir())) == 3
    for path in (cache / "plaincrm").iterdir():
        path.chmod(0o400)
    assert "Permission denied" in asked_as(65534, vault, XDG_CACHE_HOME=str(cache))


@pytest.mark.parametrize("environment", [{}, {"HOME": "home"}, {"XDG_CACHE_HOME": "relative"}])
def test_a_user_without_a_home(open_to_all, environment):
    vault = open_to_all / "vault"
    vault.chmod(0o777)
    before = sorted(vault.rglob("*"))
    assert "there is no home folder to keep it in" in asked_as(54321, vault, **environment)
    assert sorted(vault.rglob("*")) == before


def test_a_disk_that_is_full(vault):
    """A limit on the size of files stands in for the end of a disk: both fail in the middle of a write."""
    limit = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
"""
    command = [sys.executable, "-c", limit + ASK, str(vault.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    right, told = done.stdout.splitlines()
    assert right == "True"
    assert told.startswith("The index cannot be used (")
    assert ask(vault) == []
