"""The vocabulary files are TOML; the short way of reading them says what tomllib says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from plaincrm import language


@pytest.mark.parametrize("name", language.LANGUAGES)
def test_a_file_is_read_as_toml(name):
    path = Path(language.__file__).with_name(f"{name}.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    expected = {kind: {word: tuple(said) for word, said in words.items()} for kind, words in tables.items()}
    assert language.vocabulary(name) == expected
    assert expected["moods"]["+"]  # a name that is no word, which TOML wants in quotes
