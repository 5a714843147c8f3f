"""The benchmarks: the made-up vault is the same each time and sound, and the table says what was measured."""

import json
import sys
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from plaincrm.document.document import read_document
from plaincrm.index.index import open_index
from plaincrm.records.read import read_record
from plaincrm.vault.vault import load_vault

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import generate
import run
import worth

TODAY = date(2026, 11, 21)
NOTHING = f"{sys.executable} -S -c pass"  # a command that takes any arguments and ends well


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def records(folder):
    vault = load_vault(folder)
    assert vault.config.faults == ()
    for path in sorted(folder.glob("customers/**/*.md")):
        yield read_record(read_document(path.read_bytes()), path.relative_to(folder).as_posix(), vault.config.schema)


def has_next_step(customer):
    promised = any(task.open and task.owes == "us" and task.due for task in customer.tasks)
    return bool(customer.next) or promised


def presses(customer, rhythm):
    """What the agenda has to show, judged here without the agenda's own rules."""
    talks = [entry for entry in customer.entries if entry.date <= TODAY]
    soon = date(2026, 11, 28)
    due = [task.due for task in customer.tasks if task.open] + [customer.next]
    return (
        any(day and day <= soon for day in due)
        or not has_next_step(customer)
        or len(talks) < len(customer.entries)
        or talks[0].direction in ("in", "missed")
        or (soon - talks[0].date).days > rhythm
    )


class TestGenerator:
    def test_the_same_arguments_give_the_same_bytes(self, tmp_path):
        for name in ("one", "two"):
            generate.generate(tmp_path / name, 120, seed=7, today=TODAY)
        assert contents(tmp_path / "one") == contents(tmp_path / "two")

    def test_another_seed_gives_other_notes(self):
        assert next(generate.notes(1, seed=1)) != next(generate.notes(1, seed=2))

    def test_a_small_vault_is_the_beginning_of_a_larger_one(self):
        assert list(generate.notes(20)) == list(islice(generate.notes(50), 20))

    def test_flat_puts_the_same_notes_into_one_folder(self, tmp_path):
        generate.generate(tmp_path / "deep", 60)
        generate.generate(tmp_path / "flat", 60, flat=True)
        assert {path.parent.name for path in tmp_path.glob("deep/customers/**/*.md")} > {"ka"}
        assert {path.parent.name for path in tmp_path.glob("flat/customers/**/*.md")} == {"customers"}
        assert sorted(path.name for path in tmp_path.glob("deep/customers/**/*.md")) == sorted(
            path.name for path in tmp_path.glob("flat/customers/**/*.md")
        )

    def test_every_note_is_read_without_a_fault(self, tmp_path):
        size = generate.generate(tmp_path, 400)
        found = list(records(tmp_path))
        assert Counter(fault.code for record in found for fault in record.faults) == {}
        assert all(record.customer.other == {} for record in found)
        assert all(entry.channel for record in found for entry in record.customer.entries)
        assert {6, 7} >= {len(record.customer.entries) for record in found}
        assert 1_200 < size / 400 < 2_000

    def test_what_has_to_be_unique_is(self, tmp_path):
        generate.generate(tmp_path, 400)
        customers = [record.customer for record in records(tmp_path)]
        ids = {customer.id for customer in customers}
        assert len(ids) == len({customer.name for customer in customers}) == 400
        for values in (
            [customer.business_id for customer in customers if customer.business_id],
            [sale.invoice for customer in customers for _entry, sale in customer.sales],
            [phone for customer in customers for phone in customer.phone],
        ):
            assert values
            assert len(values) == len(set(values))
        assert {link.target for customer in customers for link in customer.links} <= ids

    def test_names_do_not_run_out(self):
        numbers = [*range(2_000), *range(120_000, 122_000), *range(250_000, 252_000)]
        assert len({generate.names(number, 1)[1] for number in numbers}) == len(numbers)

    def test_one_or_two_of_a_hundred_are_on_the_agenda(self, tmp_path):
        generate.generate(tmp_path, 800)
        customers = [record.customer for record in records(tmp_path)]
        active = [customer for customer in customers if customer.stage != "former"]
        pressed = [item for item in active if presses(item, generate.RHYTHM[item.tier or item.stage])]
        assert 0.01 <= len(pressed) / len(customers) <= 0.025

    @pytest.mark.parametrize("entries", [0, 1, 3, 25])
    def test_any_number_of_entries(self, tmp_path, entries):
        generate.generate(tmp_path, 40, entries=entries)
        found = list(records(tmp_path))
        assert all(entries <= len(record.customer.entries) <= entries + 1 for record in found)
        assert not any(record.faults for record in found)


class TestAims:
    BEST = {name: run.Run(2.0, 50.0) for name in ("floor a", "floor b", *run.FLOOR_OF)} | {
        "cold index": run.Run(4.1, 300.0),
        "list": run.Run(3.9, 120.0),
    }

    def figure(self, name, count=10_000, smaller=None):
        return next(item for item in run.figures(count, self.BEST, smaller) if item.name == name)

    def test_a_figure_above_its_aim_is_a_miss(self):
        assert "2.05 × b (≤ 2 MISS)" in self.figure("cold index").row()

    def test_a_figure_within_its_aim_is_ok(self):
        assert "1.95 × a (≤ 2 ok)" in self.figure("list").row()

    def test_memory_has_an_aim_of_its_own(self):
        assert "120 MB (≤ 100 MISS)" in self.figure("list").row()
        assert "50 MB (≤ 100 ok)" in self.figure("check").row()
        assert "300 MB (≤ 500 ok)" in self.figure("cold index", 100_000).row()

    def test_other_sizes_are_shown_without_aims(self):
        assert "≤" not in self.figure("list", 1_000).row()

    def test_ten_times_the_customers_may_take_eleven_times_as_long(self):
        smaller = dict.fromkeys(self.BEST, run.Run(0.36, 50.0))
        assert "10.83 × that of 10,000 (≤ 11 ok)" in self.figure("list", 100_000, smaller).row()
        assert "11.39 × that of 10,000 (≤ 11 MISS)" in self.figure("cold index", 100_000, smaller).row()


class TestRun:
    def test_a_tiny_vault_gives_the_whole_table(self, tmp_path, capsys):
        saved = tmp_path / "figures.json"
        few = ["-n", "30", "--repeats", "1", "--settle", "0", "--folder", str(tmp_path)]
        run.main([*few, "--command", NOTHING, "--json", str(saved)])
        shown = capsys.readouterr().out
        found = json.loads(saved.read_text(encoding="utf-8"))["vaults"]
        assert "30 customers, 6 entries each" in shown
        names = ["floor a", "floor b", "cold index", "one file changed, agenda", "warm agenda"]
        assert [item["name"] for item in found[0]["figures"]] == [*names, "check", "search", "list", "value"]
        assert all(item["seconds"] > 0 and item["peak_mb"] > 1 for item in found[0]["figures"])
        assert all(item["name"] in shown for item in found[0]["figures"])
        assert list(tmp_path.iterdir()) == [saved]

    def test_the_changed_note_is_as_it_was_in_the_end(self, tmp_path):
        bench = run.Bench(NOTHING.split(), tmp_path, 0)
        bench.generate(20, 6, flat=True)
        before = contents(bench.vault)
        assert len(list(bench.changed(2))) == 4
        assert contents(bench.vault) == before

    def test_a_command_that_fails_ends_it_with_its_message(self):
        with pytest.raises(SystemExit, match=r"(?s)ended with 3.*no such vault"):
            run.timed(
                [sys.executable, "-S", "-c", "import sys; print('no such vault', file=sys.stderr); sys.exit(3)"], {}
            )

    def test_a_command_that_is_not_there_is_named(self):
        with pytest.raises(SystemExit, match="There is no /no/such/plaincrm"):
            run.main(["-n", "1", "--command", "/no/such/plaincrm"])

    def test_memory_of_a_tree_counts_its_children(self):
        script = (
            "import subprocess, sys; b = b'x' * 30_000_000; subprocess.run([sys.executable, '-S', '-c', {child!r}])"
        )
        child = "import time; b = b'x' * 30_000_000; time.sleep(0.3)"
        assert run.peak_of_tree([sys.executable, "-S", "-c", script.format(child=child)], {}) > 55


class TestWorth:
    def test_each_question_stands_beside_the_floor(self, tmp_path):
        generate.generate(tmp_path, 20)
        with open_index(load_vault(tmp_path), cache=False) as index:
            shown = worth.table("Twenty", dict.fromkeys(worth.seconds(worth.QUESTIONS, index, 1), 2.0))
            worth.sell_more(index)
            assert index.rows("select count(*), count(distinct file) from sales") == [(6 * 20, 20)]
            assert index.rows("select count(*) from buyers") == [(20,)]
            worth.seconds(worth.QUESTIONS, index, 1)
            assert all(customer["sources"] for customer in json.loads(worth.full(index))["customers"])
            assert list(worth.seconds(worth.full_and_floor(index), index, 1)) == [worth.WRITING, worth.FULL]
        assert shown.count("1.0 ×") == len(worth.QUESTIONS)
