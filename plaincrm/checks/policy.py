"""How grave a fault is in this vault: the table's word, unless the settings say otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from plaincrm.checks.rule import Severity
from plaincrm.checks.rules import BY_CODE
from plaincrm.vault.config import Config
from plaincrm.vault.find import glob_pattern


def idle_globs(globs: Iterable[str], paths: Iterable[str]) -> Iterator[str]:
    """The globs that fit none of the paths."""
    listed = [*paths]
    for glob in globs:
        pattern = re.compile(glob_pattern(glob), re.DOTALL)
        if not any(map(pattern.fullmatch, listed)):
            yield glob


class Policy:
    """The settings of [check]: what they say for a path goes before what they say for the vault; the last glob wins."""

    def __init__(self, config: Config) -> None:
        self._general = config.severities
        self._by_path = [
            (re.compile(glob_pattern(glob), re.DOTALL), severities)
            for glob, severities in reversed([*config.path_severities.items()])
        ]

    def severity(self, code: str, path: str) -> Severity | None:
        """How grave a fault is in a file; None where it is switched off."""
        said = next(
            (
                severities[code]
                for pattern, severities in self._by_path
                if code in severities and pattern.fullmatch(path)
            ),
            self._general.get(code),
        )
        return None if said == "off" else cast("Severity", said or BY_CODE[code].severity)
