"""What `value` and `retention` cost beside one scan of the sales, in one process and on one index.

    python benchmarks/worth.py -n 100000                 makes a vault and its index (some minutes), then asks
    python benchmarks/worth.py --vault DIR               asks a vault that is there

The floor is `select file, sum(revenue) from sales group by file` of the same index. Floor and questions take
turns; each figure is processor time, the least of several, so that what others do on the machine counts as little as
can be. The questions are those of the commands for 2026, up to the frozen values that are shown: what Python's start,
the look at the files and the drawing take is the same for every command, and in docs/performance.md.

`value --full --format json` tells every customer with sales. It stands beside what Python takes to write the same JSON.

The made-up business sells most customers one thing. So the same questions are asked once more of as many sales as there
are entries: six a customer, 60 to 260 days from one to the next, a fifth of them without a cost, and one customer of
seven fell silent in the last two years. They and what they add up to are tables that stand before the index's own.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

from generate import TODAY, generate

from plaincrm.dates import Period
from plaincrm.index.buyers import purchases
from plaincrm.index.index import Index, open_index
from plaincrm.render.data import as_json
from plaincrm.render.value import data
from plaincrm.reports.retention import retention
from plaincrm.reports.value import value
from plaincrm.vault.vault import load_vault

SCAN, WRITING, FULL = "one scan of the sales", "the same JSON written", "value --full --format json"
FLOOR = "select file, sum(revenue) from sales group by file"
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
QUESTIONS: dict[str, Callable[[Index], object]] = {
    SCAN: lambda index: index.rows(FLOOR),
    "value": lambda index: value(index, TODAY, YEAR, limit=50, full=False),
    "retention": lambda index: retention(index, TODAY, YEAR, limit=10),
    "retention --cohort quarter": lambda index: retention(index, TODAY, YEAR, cohort="quarter", limit=10),
}
SALES = 6  # a customer


def seconds(questions: Mapping[str, Callable[[Index], object]], index: Index, repeats: int) -> dict[str, float]:
    """The least processor time of each question."""
    best: dict[str, float] = {}
    for _turn in range(repeats):
        for name, question in questions.items():
            start = time.process_time()
            question(index)
            best[name] = min(time.process_time() - start, best.get(name, float("inf")))
    return best


def full(index: Index) -> str:
    """Every customer with sales, as JSON has it."""
    return as_json(data(value(index, TODAY, YEAR)))


def full_and_floor(index: Index) -> dict[str, Callable[[Index], object]]:
    """The question for all customers, and its floor."""
    told = json.loads(full(index))
    return {WRITING: lambda _index: json.dumps(told, ensure_ascii=False, indent=2), FULL: full}


def sold(files: list[tuple[int, str]], random: Random) -> Iterator[tuple[object, ...]]:
    """Sales as a log has them, the latest first."""
    for file, customer in files:
        day = TODAY - timedelta(random.randrange(700) if random.randrange(7) == 0 else random.randrange(160))
        for at in range(SALES):
            revenue = random.randrange(50, 3000) * 10_000
            cost = revenue * 6 // 10 if random.random() < 0.8 else None
            margin = None if cost is None else revenue - cost
            yield file, at, 20 + at, customer, day.isoformat(), "EUR", revenue, cost, margin, 1, "floor", ""
            day -= timedelta(random.randrange(60, 260))


def sell_more(index: Index) -> None:
    """Put tables with more sales, and what they add up to, before the index's own."""
    for (sql,) in index.rows(
        "select sql from sqlite_master where tbl_name in ('sales', 'buyers') and sql is not null order by type desc"
    ):
        words = sql.split(maxsplit=2)
        index.rows(f"create temp table {words[2]}" if words[1] == "TABLE" else f"create index temp.{words[2]}")
    files = index.rows("select file, customer from customers order by file")
    index.db.executemany(f"insert into temp.sales values ({', '.join('?' * 12)})", sold(files, Random(1)))
    bought = index.rows("select file, group_concat(date) from temp.sales group by file")
    index.db.executemany(
        f"insert into temp.buyers values ({', '.join('?' * 8)})",
        ((file, *purchases(days.split(",")), 0) for file, days in bought),
    )


def table(title: str, found: dict[str, float]) -> str:
    floor = next(iter(found.values()))
    rows = (f"  {name:28}{taken * 1000:9.1f} ms{taken / floor:8.1f} ×" for name, taken in found.items())
    return "\n".join([title, *rows, ""])


def show(title: str, index: Index, repeats: int) -> None:
    print(table(title, seconds(QUESTIONS, index, repeats)), flush=True)
    print(table("every customer told", seconds(full_and_floor(index), index, min(repeats, 3))), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="value and retention beside one scan of the sales.")
    parser.add_argument("-n", dest="count", type=int, default=10_000, metavar="N", help="customers (10,000)")
    parser.add_argument(
        "--vault", type=Path, metavar="DIR", help="a vault that is there, instead of one of N customers"
    )
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="runs of which the best counts (5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not options.vault:
            generate(Path(folder), options.count)
        with open_index(load_vault(options.vault or Path(folder)), cache=bool(options.vault)) as index:
            ((customers, sales),) = index.rows("select (select count(*) from customers), (select count(*) from sales)")
            show(f"{customers:,} customers, {sales:,} sales", index, options.repeats)
            sell_more(index)
            show(f"{customers:,} customers, {SALES * customers:,} sales", index, options.repeats)


if __name__ == "__main__":
    main()
