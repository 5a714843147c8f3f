import subprocess
import sys

from tests.index.conftest import Memory, Notes

# Cost: one changed note costs the same in a large vault as in a small one, but for one row a folder


def steps_of_a_change(notes: Notes, memory: Memory, name: str) -> tuple[int, int, int]:
    """How many statements, instructions of SQLite's machine, and changed rows one edit takes."""
    notes.write(name, "---\nname: Changed\n---\n\n## Log\n\n### 2026-11-20 call\n\nWell.\n")
    statements: list[str] = []
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    before = memory.db.total_changes
    memory.db.set_trace_callback(statements.append)
    memory.db.set_progress_handler(tick, 1)
    memory.sync()
    memory.db.set_progress_handler(None, 1)
    memory.db.set_trace_callback(None)
    return len(statements), ticks, memory.db.total_changes - before


def test_one_changed_note_costs_no_more_in_a_large_folder(tmp_path):
    costs = []
    for count in (20, 2000):
        notes = Notes(tmp_path / str(count))
        for number in range(count):
            notes.write(f"c{number}", f"---\nname: Customer {number}\n---\n")
        memory = Memory(notes)
        memory.sync()
        costs.append(steps_of_a_change(notes, memory, "c7"))
    (few, steps, changes), (many, more_steps, more_changes) = costs
    assert many <= few
    assert more_changes <= changes + 2
    assert more_steps - steps < 20 * 1980  # the rows of the folder are compared once, at so many steps each


def test_one_changed_note_costs_no_more_with_many_other_folders(tmp_path):
    costs = []
    for count in (2, 60):
        notes = Notes(tmp_path / str(count))
        for number in range(count * 20):
            notes.write(f"customers/f{number % count}/c{number}.md", f"---\nname: Customer {number}\n---\n")
        memory = Memory(notes)
        memory.sync()
        costs.append(steps_of_a_change(notes, memory, "customers/f1/c1.md"))
    (few, steps, changes), (many, more_steps, more_changes) = costs
    assert many <= few
    assert more_changes <= changes + 2
    assert more_steps - steps < 10 * 58


def test_an_agenda_of_an_index_that_stands_loads_neither_the_reading_code_nor_that_of_queries_and_checks():
    """They take as long to load as the whole answer otherwise takes to find."""
    script = (
        "import sys, plaincrm.__main__, plaincrm.cli.agenda, plaincrm.reports.agenda, plaincrm.render.agenda\n"
        "import plaincrm.checks.unread, plaincrm.index.index\n"
        "print(sorted({'plaincrm.index.query', 'plaincrm.index.rows', 'plaincrm.records.read',"
        " 'plaincrm.document.document', 'plaincrm.checks.rules', 'yaml', 'rich', 'babel'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
