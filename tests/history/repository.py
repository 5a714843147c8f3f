"""Real repositories, made for a test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

IDENTITY = "[user]\nname = Liisa\nemail = liisa@painter.example\n"


def git(folder: Path, *words: str) -> str:
    """What git answers, in an environment without the variables of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, "GIT_CONFIG_GLOBAL": os.environ["GIT_CONFIG_GLOBAL"], "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, env=environment)
    return done.stdout.decode("utf-8", "surrogateescape")


def set_up(folder: Path, monkeypatch: pytest.MonkeyPatch, settings: str = IDENTITY) -> None:
    """Git's settings of the user alone, kept in a folder."""
    path = folder / "gitconfig"
    path.write_text(settings + "[init]\ndefaultBranch = main\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def commit_all(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "before")


def script(path: Path, text: str) -> Path:
    """A program that a repository names."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
