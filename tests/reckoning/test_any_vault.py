"""Random vaults: shares sum up to one, the bridge adds up, and every figure agrees with the second reckoning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.dates import Period
from plaincrm.render import retention as retention_shown
from plaincrm.render import value as value_shown
from plaincrm.reports.value import ValueReport
from tests.keeping import vault_in_memory
from tests.reckoning.retention import retention
from tests.reckoning.value import value
from tests.reckoning.walk import agree, answer_of
from tests.reports.test_retention import adds_up

TODAY = date(2026, 11, 21)
FIRST = date(2024, 1, 1)

SALES = (
    "[sale:: 100]",
    "[sale:: 100] [cost:: 40]",
    "[sale:: 12,35] [margin:: 3,33]",
    "[sale:: -30]",
    "[sale:: 500 SEK] [cost:: 7,77 SEK]",
    "[sale:: 0,05 SEK] [sale:: 50] [cost:: 60]",
    "[sale:: 9,99 NOK]",
    "[cost:: 4]",
)
SALE = st.tuples(st.integers(0, 1200), st.sampled_from(SALES))
CUSTOMERS = st.lists(st.lists(SALE, max_size=6), min_size=1, max_size=4)


@settings(max_examples=500)
@given(CUSTOMERS, st.integers(300, 1000), st.integers(1, 400))
def test_any_sales(customers: list[list[tuple[int, str]]], start: int, length: int) -> None:
    vault = vault_in_memory("[rates]\nSEK = 0.0877\n").put(
        {
            f"c{at}.md": f"---\nname: C{at}\n---\n## Log\n"
            + "".join(f"- {FIRST + timedelta(day)} visit {sale}\n" for day, sale in sales)
            for at, sales in enumerate(customers)
        }
    )
    begins = FIRST + timedelta(start)
    days, before = ((one, one + timedelta(length - 1)) for one in (begins, begins - timedelta(length)))
    worth = vault.value(Period(*days), today=TODAY)
    shares_sum_up(worth)
    kept = vault.retention(Period(*days), TODAY, before=Period(*before))
    adds_up(kept)
    records = vault.query("")
    agree(answer_of(value_shown.data(worth)), value(records, vault.config, TODAY, days))
    own = retention("year", records, vault.config, TODAY, days, before)
    agree(answer_of(retention_shown.data(kept)), own, {"rhythms.customers[].why"})


def shares_sum_up(report: ValueReport) -> None:
    shares = [row.share for row in report.customers]
    if report.totals.revenue > 0:
        assert abs(sum(share or 0 for share in shares) - 1) < Decimal("1e-20")
        assert abs((report.customers[-1].cumulative_share or 0) - 1) < Decimal("1e-20")
    else:
        assert not any(shares)
