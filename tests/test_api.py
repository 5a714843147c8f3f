"""The Python API as the interface promises it: typed, frozen, silent, and without a clock."""

from __future__ import annotations

import dataclasses
import datetime
import inspect
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import plaincrm
from plaincrm.errors import PlaincrmError, QueryError
from tests.making import EXAMPLE, make_vault, vault_of

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(scope="module")
def vault() -> plaincrm.Vault:
    return plaincrm.open_vault(EXAMPLE)


def test_the_public_names() -> None:
    assert plaincrm.__all__ == sorted(plaincrm.__all__)
    assert {"open_vault", "Vault", "PlaincrmError", "UsageError", "NoMatch", "VaultError"} <= set(plaincrm.__all__)
    assert (Path(plaincrm.__file__).parent / "py.typed").exists()
    for error in (plaincrm.UsageError, plaincrm.NoMatch, plaincrm.VaultError):
        assert issubclass(error, plaincrm.PlaincrmError)


def test_every_public_name_is_explained() -> None:
    for name in plaincrm.__all__:
        assert inspect.getdoc(getattr(plaincrm, name))
    for name, member in inspect.getmembers(plaincrm.Vault):
        if not name.startswith("_"):
            assert inspect.getdoc(member), name


def test_the_example_of_the_interface(vault: plaincrm.Vault) -> None:
    for item in vault.agenda(today=TODAY).items:
        assert item.name
        assert item.urgency.total > 0
    assert vault.customer("kahvila-aurinko").entries[0].date == datetime.date(2026, 11, 20)
    assert vault.value(period="2026").totals.margin == Decimal(68320)
    assert vault.check().diagnostics == ()
    assert [customer.id for customer in vault.query("stage:customer tag:café")] == ["kahvila-aurinko"]


def test_a_record_has_its_fields_as_attributes(vault: plaincrm.Vault) -> None:
    customer = vault.customer("aurinko")
    assert (customer.name, customer.tier, customer.since) == ("Kahvila Aurinko Oy", "key", datetime.date(2024, 3, 12))
    assert customer.contacts[0].email == "pekka@aurinko.example"
    assert customer.tags[0] == "café"
    assert customer.quiet_until is None
    assert [deal.state for deal in customer.deals] == ["open", "won", "lost"]
    entry, sale = customer.sales[0]
    assert (entry.date, sale.revenue, sale.margin) == (datetime.date(2026, 9, 30), 3200, 1100)


def test_lists_and_searches(vault: plaincrm.Vault) -> None:
    assert vault.list("tier:key", today=TODAY).total >= 40
    assert vault.search("maalaus", limit=1).found[0].hits
    assert vault.sql("select count(*) from customers").rows[0][0] == vault.list().total
    assert any(row.own for row in vault.fields())
    assert vault.brief("aurinko", TODAY).n == 9
    assert vault.config.owners == ("liisa", "matti", "noora")
    assert vault.root == EXAMPLE.resolve()


def values(vault: plaincrm.Vault) -> Iterator[Any]:
    """Every kind of value that the API gives, down to the parts."""
    agenda, value, found = vault.agenda(TODAY), vault.value("2026"), vault.search("maalaus")
    customer = vault.customer("aurinko")
    yield from (agenda, agenda.items[0], agenda.items[0].urgency, value, value.customers[0], value.totals)
    yield from (value.customers[0].sources[0], found, found.found[0], found.found[0].hits[0])
    yield from (vault.list(), vault.list().customers[0], vault.check(), vault.sql("values (1)"), vault.fields()[0])
    yield from (customer, customer.entries[0], customer.tasks[0], customer.deals[0], customer.contacts[0])
    yield from (customer.sales[0][1], customer.links[0], vault.brief("aurinko", TODAY), vault.config)


def test_values_are_frozen(vault: plaincrm.Vault) -> None:
    for value in values(vault):
        fields = getattr(value, "_fields", None) or [field.name for field in dataclasses.fields(value)]
        with pytest.raises((AttributeError, dataclasses.FrozenInstanceError)):
            setattr(value, fields[0], None)
        assert not any(isinstance(getattr(value, name), list | set) for name in fields), type(value)


def test_nothing_is_printed_and_no_clock_is_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the stamps of files are compared with the time, when an index is built; no answer depends on it."""

    class NoDate(datetime.date):
        @classmethod
        def today(cls) -> NoDate:
            raise AssertionError("the clock was read")

    def no_time(*_arguments: object) -> None:
        raise AssertionError("the clock was read")

    import plaincrm.api.asking
    import plaincrm.reports.agenda
    import plaincrm.reports.value

    for module in (plaincrm.api.asking, plaincrm.api.vault, plaincrm.reports.agenda, plaincrm.reports.value):
        monkeypatch.setattr(module, "date", NoDate)
    for name in ("time", "localtime", "gmtime", "ctime"):
        monkeypatch.setattr(time, name, no_time)
    root = make_vault(tmp_path, {"a.md": "---\nname: A\nnext: 2026-11-20\n---\n- 2026-01-01 visit [sale:: 5]\n"})
    vault = plaincrm.open_vault(root, cache=False)
    assert len(vault.agenda(TODAY).items) == 1
    assert vault.value("2026").totals.revenue == 5
    assert vault.list(today=TODAY).total == 1
    assert vault.query("name:a", today=TODAY)
    assert vault.brief("a", TODAY).n == 1
    assert vault.search("visit").total == 1
    assert vault.check().files == 1
    assert vault.sql("values (1)").rows == ((1,),)
    assert capfd.readouterr() == ("", "")


def test_a_change_of_a_file_is_seen_by_the_next_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = make_vault(tmp_path / "vault", {"a.md": "---\nname: A\n---\n"})
    vault = plaincrm.open_vault(root)
    for name in ("A", "B", "C"):
        (root / "customers" / "a.md").write_text(f"---\nname: {name}\n---\n")
        assert [row.name for row in vault.list().customers] == [name]
    (root / "customers" / "b.md").write_text("---\nname: D\n---\n")
    assert vault.list().total == 2
    (root / "customers" / "a.md").unlink()
    assert vault.list().total == 1


def test_a_vault_is_found_from_any_folder_in_it(tmp_path: Path) -> None:
    root = make_vault(tmp_path, {"a.md": "---\nname: A\n---\n"})
    assert plaincrm.open_vault(root / "customers", cache=False).root == root
    assert plaincrm.open_vault(root / "plaincrm.toml", cache=False).root == root
    assert plaincrm.open_vault(str(root), cache=False).root == root


def test_what_is_no_vault_is_refused(tmp_path: Path) -> None:
    with pytest.raises(plaincrm.VaultError, match="There is no folder"):
        plaincrm.open_vault(tmp_path / "nowhere")
    (tmp_path / "plaincrm.toml").mkdir()
    with pytest.raises(plaincrm.VaultError, match="the settings cannot be read"):
        plaincrm.open_vault(tmp_path)


def test_settings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n"}, "[vault\n")
    assert [item.code for item in vault.check().diagnostics] == ["bad-toml"]
    assert vault.list().total == 1


def test_an_empty_vault_says_so_in_its_notices(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {})
    assert vault.list().total == 0
    assert vault.notices[0].startswith("There are no notes at customers/**/*.md in ")


def test_errors_have_a_message_a_remedy_and_an_exit_code(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n"})
    questions = [
        (lambda: vault.customer("nobody"), plaincrm.NoMatch, 1),
        (lambda: vault.list("stge:x"), QueryError, 2),
        (lambda: vault.value("soon"), plaincrm.UsageError, 2),
        (lambda: vault.sql("drop table customers"), plaincrm.UsageError, 2),
    ]
    for question, kind, code in questions:
        with pytest.raises(PlaincrmError) as refused:
            question()
        assert type(refused.value) is kind
        assert refused.value.exit_code == code
        assert refused.value.message
        assert refused.value.remedy


def test_a_customer_whose_file_is_gone_is_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n"})
    from plaincrm.index import names

    found = names.find_customer

    def late(*arguments: Any) -> names.Named:
        named = found(*arguments)
        (vault.root / named.path).unlink()
        return named

    monkeypatch.setattr(names, "find_customer", late)
    with pytest.raises(plaincrm.NoMatch, match=r"customers/a\.md cannot be read"):
        vault.customer("a")


def test_progress_is_told(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    root = make_vault(tmp_path, {f"n{number}.md": "---\nname: N\n---\n" for number in range(5)})
    plaincrm.open_vault(root, cache=False, progress=lambda done, total: seen.append((done, total))).list()
    assert seen[-1] == (5, 5)
