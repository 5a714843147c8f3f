"""Time and memory of `plaincrm import` for many new customers, beside the floor of writing the same files.

    python benchmarks/importing.py -n 10000 100000

The floor is a program that has the notes in memory and writes each with an fsync, as anybody has to who promises that
a note is on the disk. Import and floor take turns on the same disk; of each the wall clock, the processor's time and
the peak of memory (`ru_maxrss` from wait4) are told. `again` is the same file once more, which changes nothing.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

PLAINCRM = Path(sys.executable).with_name("plaincrm")
FLOOR = """
import os, sys
from pathlib import Path
notes = {path.name: path.read_bytes() for path in Path(sys.argv[1]).iterdir()}
os.mkdir(sys.argv[2])
for name, data in notes.items():
    handle = os.open(f"{sys.argv[2]}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.write(handle, data)
    os.fsync(handle)
    os.close(handle)
"""
HEADER = "Name;Y-tunnus;Email;Phone;Address;Postcode;City;Tags;Contact;Contact email;Notes"
WORDS = [
    "Meri",
    "Kallio",
    "Aurinko",
    "Satama",
    "Linna",
    "Kivi",
    "Pelto",
    "Niemi",
    "Virta",
    "Koski",
    "Saari",
    "Harju",
    "Lahti",
    "Ranta",
    "Kulta",
    "Rauta",
]
CITIES = ["Turku", "Helsinki", "Oulu", "Vaasa", "Pori", "Tampere"]


def business_id(number):
    """A sound one of seven digits, or None where the check digit would be 10."""
    digits = f"{number:07d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return None if rest == 1 else f"{digits}-{0 if rest == 0 else 11 - rest}"


def write_list(path, count, seed=1):
    """A list of customers, the same one for the same count and seed."""
    draw, number = random.Random(seed), 1_000_000
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        for row in range(1, count + 1):
            number += 1
            while (found := business_id(number)) is None:
                number += 1
            one, other, city = draw.choice(WORDS), draw.choice(WORDS), draw.choice(CITIES)
            file.write(
                f"{one}n {other} {row} Oy;{found};info@firm{row}.example;040 {row:07d};{other}katu {row % 90 + 1};"
                f"{20_000 + row % 900 * 10};{city};puu, {one.lower()};Pekka {other};pekka@firm{row}.example;"
                f"Soita aamulla ennen kahdeksaa {row}\n"
            )


_QUIET = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def run(words, folder):
    """Wall clock and processor's seconds, and the peak of memory in MB, of one program."""
    env = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "XDG_STATE_HOME": str(folder / "state")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    child = os.posix_spawn(words[0], words, env, file_actions=_QUIET)
    start = time.monotonic()
    _pid, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{words[1:4]} ended with {status}")
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def floor(notes, folder):
    """The same of writing the notes alone: what it takes to read them first is taken off."""
    reading = FLOOR.partition("for name")[0]
    words = [sys.executable, "-S", "-c"]
    before = run([*words, reading, str(notes), str(folder / "f0")], folder)
    whole = run([*words, FLOOR, str(notes), str(folder / "f1")], folder)
    return whole[0] - before[0], whole[1] - before[1], whole[2]


def measured(count, folder, wished):
    vault, table = folder / "vault", folder / "customers.csv"
    (vault / "customers").mkdir(parents=True)
    (vault / "plaincrm.toml").write_text('[vault]\nname = "Made up"\ncountry = "FI"\n', encoding="utf-8")
    write_list(table, count)
    words = [str(PLAINCRM), "--vault", str(vault), "--today", "2026-11-21", "import", str(table), "--limit", "1"]
    ways = {
        "look": lambda: run(words, folder),
        "apply": lambda: run([*words, "--apply"], folder),
        "floor": lambda: floor(vault / "customers", folder),
        "again": lambda: run(words, folder),
    }
    yield from ((name, way()) for name, way in ways.items() if name in wished)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, nargs="+", default=[10_000], help="rows")
    parser.add_argument("--only", nargs="+", default=["look", "apply", "floor", "again"], help="some of the four")
    parser.add_argument("--folder", type=Path, help="where to work: a disk that is not in memory")
    wished = parser.parse_args(arguments)
    for count in wished.n:
        folder = Path(tempfile.mkdtemp(prefix="importing-", dir=wished.folder))
        try:
            print(f"{count:,} rows\n{'':8}{'seconds':>9}{'processor':>11}{'a row':>10}{'peak':>9}")
            found = {}
            for name, (seconds, processor, peak) in measured(count, folder, wished.only):
                found[name] = seconds, processor
                each = f"{processor / count * 1000:.2f} ms"
                print(f"{name:8}{seconds:8.1f}s{processor:10.1f}s{each:>10}{peak:6.0f} MB", flush=True)
            if found.keys() >= {"apply", "floor"}:
                print(f"apply / floor: {found['apply'][0] / found['floor'][0]:.1f} by the wall clock\n")
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
