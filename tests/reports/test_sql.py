"""SQL of the user's own: it reads, and does nothing else."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import pytest

import plaincrm
from plaincrm.errors import UsageError
from plaincrm.render.data import as_csv, as_json
from plaincrm.render.lines import plain
from plaincrm.render.table import data, text
from tests.making import EXAMPLE, make_vault, vault_of

NOTES = {"acme.md": "---\nname: Äcme\ntier: key\n---\n- 2026-01-01 visit: painting [sale:: 1 200,50]\n"}


@pytest.fixture(params=["in memory", "on disk"])
def vault(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> plaincrm.Vault:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = make_vault(tmp_path / "vault", NOTES)
    return plaincrm.open_vault(folder, cache=request.param == "on disk")


ANSWERS = {
    "select customer, money(sum(revenue)) as sum from sales group by 1": (("customer", "sum"), (("acme", "1200.50"),)),
    "select 1 as a, 2 as a, 3 as a": (("a", "a_2", "a_3"), ((1, 2, 3),)),
    "select name from customers where fold(name) = 'acme'": (("name",), (("Äcme",),)),
    "select after('2026-01-31', '1m')": (("after('2026-01-31', '1m')",), (("2026-02-28",),)),
    "with recursive t(x) as (select 1 union all select x + 1 from t limit 3) select * from t": (
        ("x",),
        ((1,), (2,), (3,)),
    ),
    "select rowid from words where words match 'painting'": (("rowid",), ((1,),)),
    "select count(*) from parts where parts match 'ain'": (("count(*)",), ((1,),)),
    "select term, doc from terms where term like 'paint%'": (("term", "doc"), (("painting", 1),)),
    "select name from customers where name = 'nobody' -- a remark": (("name",), ()),
    "values (1, null, x'00ff')": (("column1", "column2", "column3"), ((1, None, b"\x00\xff"),)),
}


@pytest.mark.parametrize("query", ANSWERS)
def test_queries(vault: plaincrm.Vault, query: str) -> None:
    assert tuple(vault.sql(query)) == ANSWERS[query]


REFUSED = [
    "delete from customers",
    "update customers set name = 'x'",
    "insert into files values (9,'x','x',0,0,0,0,0,'x',0)",
    "replace into customers (file) values (1)",
    "create table x (y)",
    "create temp table x (y)",
    "create view x as select 1",
    "drop table customers",
    "alter table customers add x",
    "pragma writable_schema = on",
    "pragma page_count",
    "attach database '/tmp/other.sqlite' as other",
    "detach database main",
    "vacuum",
    "vacuum into '/tmp/plaincrm-copy.sqlite'",
    "reindex",
    "analyze",
    "begin",
    "savepoint x",
    "select load_extension('/tmp/x.so')",
    "select 1; select 2",
    "select 1; delete from customers",
    "selct 1",
    "select * from nobody",
    "select nothing from customers",
    "select 'a",
    "",
    ";",
    "-- only a remark",
    "select ?",
    "select :name",
    "select zeroblob(5000000000)",
    "select '\udcff'",
    "select 1\0",
    "with x as (delete from customers returning *) select * from x",
    "insert into words(words) values ('rebuild')",
    "select writefile('/tmp/plaincrm-x', 'y')",
    "select * from pragma_table_info('customers'); drop table customers",
]


@pytest.mark.parametrize("query", [q for q in REFUSED if q not in ("select '\udcff'",)])
def test_what_is_no_query_that_reads_is_refused(vault: plaincrm.Vault, query: str) -> None:
    with pytest.raises(UsageError) as refused:
        vault.sql(query)
    message = refused.value.message
    assert message.startswith(("The query cannot be run: ", "This is no query"))
    assert message.endswith(".")
    assert not message.endswith("..")
    assert refused.value.remedy
    assert vault.sql("select count(*) from customers").rows == ((1,),)


def test_text_that_is_no_utf8_does_no_harm(vault: plaincrm.Vault) -> None:
    assert vault.sql("select '\udcff'").rows == (("?",),)


def test_a_long_answer_is_given_in_full(vault: plaincrm.Vault) -> None:
    found = vault.sql("with recursive t(x) as (select 1 union all select x + 1 from t limit 50000) select x from t")
    assert len(found.rows) == 50_000
    assert plain(list(text(found, 80))).count("\n") == 50_003


def test_an_endless_query_can_be_interrupted(vault: plaincrm.Vault) -> None:
    main = threading.main_thread()
    assert threading.current_thread() is main
    before = signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            vault.sql("with recursive t(x) as (select 1 union all select x + 1 from t) select max(x) from t")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 5


def test_as_a_table(tmp_path: Path) -> None:
    found = vault_of(tmp_path, NOTES).sql("select 12 as n, 'a' as t, null as empty union select 3, 'bb', null")
    assert plain(list(text(found, 80))) == " n  t   empty\n 3  bb\n12  a\n\n2 rows\n"


def test_too_many_columns_stand_below_each_other() -> None:
    found = plaincrm.open_vault(EXAMPLE).sql("select * from customers where name like 'Kahvila%'")
    shown = plain(list(text(found, 60)))
    assert "\nname           Kahvila Aurinko Oy\n" in shown
    assert all(len(line) <= 60 for line in shown.split("\n"))


def test_for_programs(tmp_path: Path) -> None:
    found = vault_of(tmp_path, NOTES).sql("select 'x' as t, 1.5 as r, x'ff' as b, 9e999 as big, '=1' as f, -1 as n")
    assert as_json(data(found)) == (
        '[\n  {\n    "t": "x",\n    "r": 1.5,\n    "b": "ff",\n    "big": "inf",\n    "f": "=1",\n    "n": -1\n  }\n]\n'
    )
    assert as_csv(found.columns, found.rows).split("\r\n")[1].endswith("inf,'=1,-1")
