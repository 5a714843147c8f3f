"""The scripted year, played once for all that ask about it."""

from __future__ import annotations

import pytest

from tests.history.year import QUICK_DRIVER, Year, make_year


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year of three people with the merge driver; nobody writes into it."""
    return make_year(tmp_path_factory.mktemp("year") / "vault", QUICK_DRIVER)
