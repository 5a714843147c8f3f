"""Time and memory of plaincrm on made-up vaults, beside floors taken in the same run.

    python benchmarks/run.py                          1,000, 10,000 and 100,000 customers (some minutes)
    python benchmarks/run.py -n 10000 --json out.json
    python benchmarks/run.py -n 10000 --cpu           where the machine is busy with other work

Floor a: the interpreter, `import click, sqlite3`, a stat of every file. Floor b: a loop that only loads every front
matter with python-frontmatter. Every figure is a process of its own, of the installed command, and the best of
several; the floors and the figures take turns, so that a busy minute hits both. The files are in the page cache,
also for the cold index: cold is the index, not the disk. With --cpu it is processor time, of all processes together:
what others add by making it wait is not in it, what they add by full caches is.

Memory is what the kernel counts as the process's peak (`ru_maxrss` from wait4). The cold index works with several
processes, so its peak is taken in one more run that is not timed: the proportional set sizes (PSS, so that shared
pages count once) of the whole process tree, looked at every 20 ms.
"""

import argparse
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

FLOOR_A = """
import os, sys
import click, sqlite3

def look(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            look(entry.path) if entry.is_dir(follow_symlinks=False) else entry.stat()

look(sys.argv[1])
"""
FLOOR_B = """
import os, sys
import frontmatter

for folder, _below, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".md"):
            frontmatter.load(os.path.join(folder, name))
"""
TODAY = "2026-11-21"
AGENDA = ("agenda",)
WARM = {
    "warm agenda": AGENDA,
    "check": ("check",),
    "search": ("search", "maalaus"),
    "list": ("list",),
    "value": ("value", "--period", "2026"),
}
FLOOR_OF = {"cold index": "floor b", "one file changed, agenda": "floor a", **dict.fromkeys(WARM, "floor a")}

# What a developer's shell may have set and a user's has not; without bytecode every start would compile all modules.
NOT_FOR_USERS = ("PLAINCRM_VAULT", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")

# The aims, for 6 entries a customer and 2 cores.
AIMED = 10_000  # customers
RATIOS = {"cold index": 2.0, "one file changed, agenda": 2.2, **dict.fromkeys(WARM, 2.0)}
WARM_MB = 100
GROWTH = 11  # times the figure of AIMED at ten times as many customers
LARGE_COLD_MB = 500  # there


@dataclass(frozen=True)
class Run:
    """One process: how long, and how large."""

    seconds: float
    mb: float


@dataclass(frozen=True)
class Aim:
    """A value, and what it may be at most; no limit where nothing is aimed at."""

    value: float
    unit: str
    limit: float | None = None

    def __str__(self) -> str:
        shown = f"{self.value:.{0 if self.unit == 'MB' else 2}f} {self.unit}"
        return shown if self.limit is None else f"{shown} (≤ {self.limit:g} {'ok' if self.met else 'MISS'})"

    @property
    def met(self) -> bool:
        return self.limit is None or self.value <= self.limit


@dataclass(frozen=True)
class Figure:
    """What was measured under one name, and how it stands to the aims."""

    name: str
    best: Run
    aims: tuple[Aim, ...]

    def row(self) -> str:
        return f"{self.name:26}{self.best.seconds:9.3f} s   {'   '.join(f'{aim!s:22}' for aim in self.aims)}".rstrip()


class Bench:
    """One vault, its index's place, and the command under test."""

    def __init__(self, command: list[str], folder: Path, settle: float, *, cpu: bool = False) -> None:
        self.command = command
        self.vault = folder / "vault"
        self.cache = folder / "cache"
        self.settle = settle
        self.cpu = cpu
        self.env = {key: value for key, value in os.environ.items() if key not in NOT_FOR_USERS}
        self.env |= {"XDG_CACHE_HOME": str(self.cache), "LC_ALL": "C.UTF-8"}

    @cached_property
    def size(self) -> int:
        return sum(entry.stat().st_size for entry in notes(self.vault))

    def generate(self, count: int, entries: int, flat: bool) -> None:
        """In a process of its own: a child's peak begins with its parent's."""
        script = Path(__file__).with_name("generate.py")
        words = [sys.executable, script, self.vault, "-n", count, "--entries", entries, "--today", TODAY]
        timed([str(word) for word in words] + ["--flat"] * flat, self.env)

    def ask(self, words: Iterable[str]) -> Run:
        return timed(self.line(words), self.env, cpu=self.cpu)

    def line(self, words: Iterable[str]) -> list[str]:
        return [*self.command, "--vault", str(self.vault), "--today", TODAY, *words]

    def floor(self, script: str) -> Run:
        return timed([sys.executable, "-c", script, str(self.vault)], self.env, cpu=self.cpu)

    def rest(self) -> None:
        """Let the files' stamps grow old enough to be trusted, and be trusted."""
        time.sleep(self.settle)
        self.ask(AGENDA)

    def cold(self, repeats: int) -> Iterator[tuple[str, Run]]:
        time.sleep(self.settle)
        for _ in range(repeats):
            yield "floor b", self.floor(FLOOR_B)
            shutil.rmtree(self.cache, ignore_errors=True)
            yield "cold index", self.ask(AGENDA)
        shutil.rmtree(self.cache, ignore_errors=True)
        yield "cold memory", Run(0, peak_of_tree(self.line(AGENDA), self.env))

    def warm(self, repeats: int) -> Iterator[tuple[str, Run]]:
        self.rest()
        for _ in range(repeats):
            yield "floor a", self.floor(FLOOR_A)
            for name, words in WARM.items():
                yield name, self.ask(words)

    def changed(self, repeats: int) -> Iterator[tuple[str, Run]]:
        """A line more in one note, then the agenda; at the end the note is as it was."""
        note = Path(next(notes(self.vault)).path)
        before = note.read_bytes()
        for number in range(repeats):
            yield "floor a", self.floor(FLOOR_A)
            with note.open("a", encoding="utf-8") as stream:
                stream.write(f"- {TODAY} email out: thanks, number {number}\n")
            yield "one file changed, agenda", self.ask(AGENDA)
            self.rest()
        note.write_bytes(before)


def notes(folder: os.PathLike[str] | str) -> Iterator[os.DirEntry[str]]:
    """One after the other: a list of them all would make this process large, and its children with it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from notes(entry)
            elif entry.name.endswith(".md"):
                yield entry


def timed(line: list[str], env: dict[str, str], *, cpu: bool = False) -> Run:
    """Run a command to its end, its output thrown away; one that fails ends the benchmark."""
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env=env)
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{shlex.join(line)} ended with {process.returncode}:\n{errors.read().decode(errors='replace')}")
    return Run(usage.ru_utime + usage.ru_stime if cpu else seconds, usage.ru_maxrss / 1024)


def peak_of_tree(line: list[str], env: dict[str, str]) -> float:
    """The most memory that a command and all its children had together, in MB."""
    peak = 0.0
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(pss, tree(process.pid))))
            time.sleep(0.02)
    return peak / 1024


def tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for thread in list(Path(f"/proc/{pid}/task").iterdir()):
            for child in (thread / "children").read_text().split():
                yield from tree(int(child))


def pss(pid: int) -> int:
    """The proportional set size of a process in KiB; 0 when it has just ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def measure(bench: Bench, count: int, repeats: int) -> dict[str, Run]:
    """The best time and the largest memory of each name; what takes long is done less often."""
    best: dict[str, Run] = {}
    seldom = max(1, min(repeats, 30_000 // count))
    for runs in (bench.cold(seldom), bench.warm(repeats), bench.changed(repeats)):
        for name, run in runs:
            had = best.get(name, run)
            best[name] = Run(min(run.seconds, had.seconds), max(run.mb, had.mb))
    best["cold index"] = Run(best["cold index"].seconds, max(best.pop("cold memory").mb, best["cold index"].mb))
    return best


def figures(count: int, best: dict[str, Run], smaller: dict[str, Run] | None) -> list[Figure]:
    """The runs beside their aims; `smaller` are those of a tenth of the customers, where they are known."""
    return [
        Figure(name, best[name], tuple(aims(count, name, best, smaller))) for name in ("floor a", "floor b", *FLOOR_OF)
    ]


def aims(count: int, name: str, best: dict[str, Run], smaller: dict[str, Run] | None) -> Iterator[Aim]:
    run, floor = best[name], FLOOR_OF.get(name)
    if floor:
        ratio = run.seconds / best[floor].seconds
        yield Aim(ratio, f"× {floor[-1]}", RATIOS[name] if count == AIMED else None)
    yield Aim(run.mb, "MB", memory_limit(count, name))
    if smaller and floor:
        growth = run.seconds / smaller[name].seconds
        yield Aim(growth, f"× that of {count // 10:,}", GROWTH if count == 10 * AIMED else None)


def memory_limit(count: int, name: str) -> float | None:
    if name == "cold index":
        return LARGE_COLD_MB if count == 10 * AIMED else None
    return WARM_MB if count == AIMED and name in FLOOR_OF else None


def table(title: str, rows: list[Figure]) -> str:
    return "\n".join([title, *(f"  {figure.row()}" for figure in rows), ""])


def as_json(count: int, bench: Bench, rows: list[Figure]) -> dict[str, object]:
    return {
        "customers": count,
        "bytes": bench.size,
        "figures": [
            {
                "name": figure.name,
                "seconds": round(figure.best.seconds, 4),
                "peak_mb": round(figure.best.mb, 1),
                "aims": [{**asdict(aim), "met": aim.met} for aim in figure.aims],
            }
            for figure in rows
        ],
    }


def machine() -> dict[str, object]:
    return {
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
        "cores": len(os.sched_getaffinity(0)),
        "system": " ".join(os.uname()[:3:2]),
    }


def arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time and memory of plaincrm, beside floors taken in the same run.")
    parser.add_argument("-n", dest="sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--entries", type=int, default=6, metavar="N", help="log entries a customer (6)")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="runs of which the best counts (5)")
    parser.add_argument("--cpu", action="store_true", help="processor time in place of time on the clock")
    parser.add_argument("--flat", action="store_true", help="all notes in one folder")
    parser.add_argument("--cores", type=int, default=2, metavar="N", help="cores that may be used at most (2)")
    parser.add_argument("--settle", type=float, default=2.5, metavar="S", help="seconds until stamps are trusted (2.5)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the vaults are made (a temporary folder)")
    parser.add_argument("--command", default=str(Path(sys.executable).with_name("plaincrm")), help="what is measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures for programs")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> None:
    options = arguments(words)
    command = shlex.split(options.command)
    if not shutil.which(command[0]):
        sys.exit(f"There is no {command[0]}; install the project first: pip install -e .")
    with few_cores(options.cores):
        found = measured(options, command)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


@contextmanager
def few_cores(count: int) -> Iterator[None]:
    """Keep this process and its children to so many cores."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def measured(options: argparse.Namespace, command: list[str]) -> dict[str, object]:
    """Measure each size, the smallest first, and print its table when it is done."""
    known: dict[int, dict[str, Run]] = {}
    vaults = []
    found = machine()
    print(", ".join(f"{key} {value}" for key, value in found.items()), flush=True)
    for count in sorted(options.sizes):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            bench = Bench(command, Path(folder), options.settle, cpu=options.cpu)
            bench.generate(count, options.entries, options.flat)
            known[count] = measure(bench, count, options.repeats)
            rows = figures(count, known[count], known.get(count // 10))
            title = f"{count:,} customers, {options.entries} entries each, {bench.size / 1e6:.1f} MB of notes"
            print(table(title, rows), flush=True)
            vaults.append(as_json(count, bench, rows))
    return {**found, "entries": options.entries, "flat": options.flat, "cpu": options.cpu, "vaults": vaults}


if __name__ == "__main__":
    main()
