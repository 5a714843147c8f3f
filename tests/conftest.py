"""For all tests: what commands write is kept in a folder of the test's own, and what is made once is made once."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Hundreds of programs are started: without its bytecode on disk each would compile plaincrm anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile(
    "plaincrm", deadline=None, max_examples=70
)  # how long an example takes is for the machine to say
settings.load_profile("plaincrm")


STATES = itertools.count()


@pytest.fixture(autouse=True, scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One index of the example vault for all that is asked of it; none is left in the user's own folder."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("states")


@pytest.fixture(autouse=True)
def state_folder(states: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = states / str(next(STATES))
    folder.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


# Modules whose tests share what takes seconds to make, by what they share: those of one go to the same process.
TOGETHER = {
    "tests/cli/test_same_bytes.py": "same bytes",
    "tests/history/test_driver.py": "the year",
    "tests/history/test_rev.py": "the year",
    "tests/history/test_year.py": "the year",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where the tests run in several processes: those that share much stay together, all others go one by one."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            page = re.search(r"\[([\w-]+\.md):\d+\]", nodeid)  # a block of a page goes on where another ended
            return page[1] if page else TOGETHER.get(module, nodeid)

    return Together(config, log)
