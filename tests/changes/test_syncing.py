"""Many files are made sure of at a time, and none is written where one of them cannot be."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

import pytest

from plaincrm.changes.plan import Change
from plaincrm.changes.write import write
from plaincrm.errors import WriteFailed

CHANGES = [Change(f"customers/{number}.md", None, f"note {number}".encode()) for number in range(200)]


def in_folder(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "customers").iterdir())


def test_all_of_many_are_written_and_made_sure_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, real = list[int](), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), real(handle))[1])
    write(tmp_path, CHANGES)
    assert len(synced) == len(CHANGES) + 1  # and the folder
    assert len(in_folder(tmp_path)) == len(CHANGES)
    assert (tmp_path / "customers/7.md").read_text() == "note 7"


def test_hidden_names_that_are_drawn_twice_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, real = iter(["aaaaaaaa", "aaaaaaaa", "bbbbbbbb", "aaaaaaaa"]), secrets.token_hex
    monkeypatch.setattr(secrets, "token_hex", lambda size: next(draw, None) or real(size))
    write(tmp_path, CHANGES[:40])
    assert next(draw, "all were drawn") == "all were drawn"
    assert len(in_folder(tmp_path)) == 40


@pytest.mark.parametrize("number", [1, 70, 200, 201])
def test_where_one_fails_nothing_is_written_and_no_file_stays_open(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.fsync, list[int]()

    def failing(handle: int) -> None:
        calls.append(handle)
        if len(calls) == number:
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    opened = len([*Path("/proc/self/fd").iterdir()])
    with pytest.raises(WriteFailed, match="was not written: input/output error"):
        write(tmp_path, CHANGES)
    assert in_folder(tmp_path) == []
    assert len([*Path("/proc/self/fd").iterdir()]) == opened
