"""The scripted year, played once for all that ask about it."""

from __future__ import annotations

import pytest

from tests.history.year import Year, driver_at_hand, make_year


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year of three people with the merge driver; nobody writes into it."""
    with driver_at_hand(tmp_path_factory.mktemp("driver")) as driver:
        return make_year(tmp_path_factory.mktemp("year") / "vault", driver)
