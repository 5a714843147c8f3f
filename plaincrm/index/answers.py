"""Answers that take long and stay true: kept beside the index, each with the name of all that it depends on."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from plaincrm.index.digest import blake2b
from plaincrm.index.store import Store, Unusable, index_path, make_private
from plaincrm.vault.vault import Vault


def kept_answer(vault: Vault, name: str, *facts: object) -> Any:  # noqa: ANN401 (what JSON holds)
    """What was kept under a name; None where nothing is, or other facts, settings or programs have made it."""
    with suppress(OSError, ValueError, Unusable):
        kept = json.loads(_path(vault, name).read_bytes())
        if isinstance(kept, dict) and kept.get("of") == _named(vault, facts):
            return kept.get("answer")
    return None


def keep_answer(vault: Vault, name: str, answer: Any, *facts: object) -> None:  # noqa: ANN401 (what JSON holds)
    """Keep it, ours alone, in the place of an earlier one; where it cannot be kept it is worked out again."""
    with suppress(OSError, Unusable):
        path = _path(vault, name)
        make_private(path.parent)
        handle, made = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"of": _named(vault, facts), "answer": answer}, file)
        Path(made).replace(path)


def _path(vault: Vault, name: str) -> Path:
    return index_path(vault).with_suffix(f".{name}.json")


def _named(vault: Vault, facts: tuple[object, ...]) -> str:
    made_from = Store(index_path(vault), vault).made_from
    return blake2b(repr((sorted(made_from.items()), facts)).encode("utf-8", "backslashreplace")).hexdigest()
