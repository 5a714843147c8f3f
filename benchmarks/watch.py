"""How soon plaincrm watch sees a save, what it costs when nothing happens, and whether a storm leaves it right.

    python benchmarks/watch.py                    10,000 customers, 100 saves, a storm of 60,000 files
    python benchmarks/watch.py -n 1000 --storm 5000

A save counts as seen when the watch has printed its line. The storm is over when the index has every file of it; it
is asked by `plaincrm sql`, which would read what the watch has missed, so the watch's own count is told beside it.
"""

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from generate import generate

NOTE = "---\nname: Storm {0}\nstage: lead\n---\n"
PAGE = os.sysconf("SC_CLK_TCK")


def started(vault, *options):
    command = [sys.executable, "-m", "plaincrm", "--vault", str(vault), "--today", "2026-11-21", "watch", *options]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    lines = []
    threading.Thread(target=lambda: lines.extend(map(seen_at, running.stdout)), daemon=True).start()
    wait_for(lines, "Watching", 120)
    return running, lines


def seen_at(line):
    return time.monotonic(), line


def wait_for(lines, text, seconds, since=0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for when, line in lines[since:]:
            if text in line:
                return when
        time.sleep(0.005)
    raise SystemExit(f"not seen within {seconds} s: {text}")


def processor_time(running):
    """Seconds of processor time of a process so far."""
    fields = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / PAGE


def saves(vault, lines, count):
    notes = sorted((vault / "customers").rglob("*.md"))
    for at in range(count):
        note = notes[at * 37 % len(notes)]
        since, began = len(lines), time.monotonic()
        note.write_text(note.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        yield wait_for(lines, str(note.relative_to(vault)), 60, since) - began


def storm(vault, lines, count):
    since, began = len(lines), time.monotonic()
    for at in range(count):
        folder = vault / f"customers/storm/{at % 60}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"storm-{at}.md").write_text(NOTE.format(at))
    made, told = time.monotonic(), 0
    while told < count and time.monotonic() < made + 600:
        told = sum(int(match[1]) for _when, line in lines[since:] if (match := re.search(r" (\d+) notes: ", line)))
        told += sum(": ok" in line and "storm-" in line for _when, line in lines[since:])
        time.sleep(0.1)
    return made - began, time.monotonic() - made, told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=10_000, help="customers")
    parser.add_argument("--saves", type=int, default=100)
    parser.add_argument("--storm", type=int, default=60_000, help="files")
    parser.add_argument("--poll", action="store_true", help="without events")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        generate(vault, asked.n)
        running, lines = started(vault, *(["--poll"] if asked.poll else []))
        time.sleep(3)
        before = processor_time(running)
        time.sleep(5)
        print(f"idle: {(processor_time(running) - before) / 5:.2%} of a processor")
        found = sorted(saves(vault, lines, asked.saves))
        print(
            f"{len(found)} saves seen after {statistics.median(found):.2f} s (median),"
            f" {found[len(found) * 99 // 100 - 1]:.2f} s (99 %), {found[-1]:.2f} s (all)"
        )
        if asked.storm:
            took, late, told = storm(vault, lines, asked.storm)
            print(f"{told} of {asked.storm} files of a storm of {took:.1f} s told, the last after {late:.1f} s")
        running.terminate()
        running.wait()
        print(f"memory: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
