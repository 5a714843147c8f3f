"""Answers from the past beside the bare git commands that read the same objects.

    python benchmarks/past.py                          10,000 notes, 5,000 commits, HEAD~1000 (some minutes)
    python benchmarks/past.py -n 1000 --commits 500 --back 100

Each commit adds a line to one note. The floor is `git ls-tree -r` of the revision and `git cat-file --batch` of the
contents in it that the working files do not have. A first look at a revision has no index of it, a second one has. Each
is the least CPU time of several runs, which other work on the machine disturbs least.
"""

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from history import cpu
from run import AGENDA, TODAY, Bench, Run, few_cores, notes, timed

SEED = 1
_WHO = "committer Liisa <liisa@painter.example> {seconds} +0000\n"
_START = 1_700_000_000  # seconds: the first commit, in November 2023
_APART = 5 * 3600  # so that 5,000 commits last until September 2026


class PastBench(Bench):
    """A vault in a repository with many commits."""

    def git(self, *words: str, given: bytes = b"") -> bytes:
        line = ["git", "-C", str(self.vault), *words]
        return subprocess.run(line, input=given, env=self.env, capture_output=True, check=True).stdout

    def commit(self, count: int) -> None:
        """So many commits, the first one of all notes; the working files are those of the last."""
        self.git("init", "-q", "-b", "main")
        stream = b"".join(history(self.vault, count))
        self.git("fast-import", "--quiet", given=stream)
        self.git("reset", "-q", "--hard")

    def differing(self, revision: str) -> bytes:
        """The names of the contents of a revision that the working files lack, a line each."""
        rows = self.git("diff-tree", "-r", "-z", "--no-renames", "HEAD", revision).split(b"\0")[:-1:2]
        return b"".join(row.split()[3] + b"\n" for row in rows)

    def bare_git(self, revision: str, differing: Path) -> Run:
        listing = timed(["git", "-C", str(self.vault), "ls-tree", "-r", "-z", revision], self.env)
        reading = timed(["sh", "-c", f"git -C '{self.vault}' cat-file --batch < '{differing}'"], self.env)
        return Run(listing.seconds + reading.seconds, max(listing.mb, reading.mb))

    def forget(self) -> None:
        """Take away the indexes of revisions, and not that of the working files."""
        for path in self.cache.glob("plaincrm/*-[0-9].*"):
            path.unlink()


def history(vault: Path, count: int) -> Iterator[bytes]:
    """A stream for git fast-import."""
    files = sorted(Path(entry.path) for entry in notes(vault))
    texts = {file: file.read_bytes() for file in [*files, *vault.glob("*.toml")]}
    chosen = random.Random(SEED)
    for number in range(count):
        yield f"commit refs/heads/main\n{_WHO.format(seconds=_START + number * _APART)}data 4\nwork\n".encode()
        changed = [chosen.choice(files)] if number else [*texts]
        if number:
            texts[changed[0]] += f"- 2026-01-01 email out: thanks, number {number}\n".encode()
        for file in changed:
            path = file.relative_to(vault).as_posix()
            yield f"M 100644 inline {path}\ndata {len(texts[file])}\n".encode() + texts[file] + b"\n"


def measure(bench: PastBench, revision: str, repeats: int) -> Iterator[tuple[str, Run]]:
    """Floors and figures in turn."""
    asked = ("--rev", revision, *AGENDA)
    differing = bench.cache.with_name("differing")
    differing.write_bytes(bench.differing(revision))
    bench.rest()
    for _ in range(repeats):
        yield "bare git", by_cpu(lambda: bench.bare_git(revision, differing))
        yield "warm agenda", by_cpu(lambda: bench.ask(AGENDA))
        bench.forget()
        for name in ("first look", "second look"):
            yield name, by_cpu(lambda: bench.ask(asked))
    trend, looked_back = ("trend", "list", "--since", "2025-12-01"), ("--as-of", "2026-05-21", "--hindsight", *AGENDA)
    for name, words in (("trend of 12 months", trend), ("hindsight", looked_back)):
        bench.forget()
        for look in ("first look", "second look"):
            yield f"{name}, {look}", by_cpu(lambda words=words: bench.ask(words))


def by_cpu(run: Callable[[], Run]) -> Run:
    """A run with the CPU time that it took, and what it started, in the place of what the clock says."""
    begun = cpu()
    return replace(run(), seconds=cpu() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description="Answers from the past, beside the bare git commands.")
    parser.add_argument("-n", type=int, default=10_000, metavar="N", help="notes (10,000)")
    parser.add_argument("--commits", type=int, default=5_000, metavar="N", help="commits (5,000)")
    parser.add_argument("--back", type=int, default=1_000, metavar="N", help="how many commits to look back (1,000)")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="runs of which the best counts (5)")
    options = parser.parse_args()
    command = [str(Path(sys.executable).with_name("plaincrm"))]
    with few_cores(2), tempfile.TemporaryDirectory() as folder:
        bench = PastBench(command, Path(folder), 2.5)
        bench.generate(options.n, 6, False)
        bench.commit(options.commits)
        best: dict[str, Run] = {}
        for name, run in measure(bench, f"HEAD~{options.back}", options.repeats):
            had = best.get(name, run)
            best[name] = Run(min(run.seconds, had.seconds), max(run.mb, had.mb))
        floor = best["bare git"].seconds
        print(f"{options.n:,} notes, {options.commits:,} commits, HEAD~{options.back:,}, today {TODAY}")
        for name, run in best.items():
            print(f"  {name:32}{run.seconds:9.3f} s  {run.seconds / floor:7.1f} × git  {run.mb:6.0f} MB")


if __name__ == "__main__":
    main()
