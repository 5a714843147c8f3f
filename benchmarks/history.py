"""What the history of one customer costs, beside the bare git commands that read the same objects.

    python benchmarks/history.py                      10,000 notes, 5,000 commits
    python benchmarks/history.py -n 1000 --commits 500

Each commit adds a log entry to one to three notes; a tenth are merges of two. The bare commands are `git log --raw -z`
of the note's path and one `git cat-file --batch` of every content that it names. `show` of the same customer is what
any answer costs: the interpreter and a look at every file. All are processes of their own, the best of several, by CPU
time, which other work on the machine disturbs least.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generate import CONFIG, notes

START = 1_700_000_000  # seconds
STEP = 3_600


def stream(count: int, commits: int, seed: int) -> Iterator[bytes]:
    """The repository as `git fast-import` takes it."""
    rng = random.Random(seed)
    texts = {path_of(customer): text for customer, text in notes(count, seed=seed)}
    paths = sorted(texts)
    files = [("plaincrm.toml", CONFIG), *texts.items()]
    yield commit(0, "first", files)
    for number in range(1, commits + 1):
        chosen = paths[:1] if number % 50 == 0 else rng.sample(paths, rng.randint(1, 3))
        for path in chosen:
            texts[path] = texts[path].replace("## Log\n", f"## Log\n- 2026-01-01 call: talk {number}\n", 1)
        changed = [(path, texts[path]) for path in chosen]
        if number % 10 == 0:
            yield commit(number, "side", changed[:1], branch="side", parents=[f":{number}"], mark=commits + number)
            yield commit(number, "merge", changed, parents=[f":{number}", f":{commits + number}"])
        else:
            yield commit(number, "talk", changed, parents=[f":{number}"])


def path_of(customer: str) -> str:
    """Where the note of a customer lies."""
    return f"customers/{customer[:2]}/{customer}.md"


def commit(
    number: int,
    words: str,
    files: list[tuple[str, str]],
    branch: str = "main",
    parents: list[str] | None = None,
    mark: int = 0,
) -> bytes:
    who = b"Liisa <liisa@example.com> %d +0200" % (START + number * STEP)
    lines = [b"commit refs/heads/%s\nmark :%d\n" % (branch.encode(), (mark or number) + 1)]
    lines += [b"author %s\ncommitter %s\ndata %d\n%s\n" % (who, who, len(words), words.encode())]
    for at, parent in enumerate(parents or []):
        mark_of = int(parent[1:]) + (at == 1)
        lines.append(b"%s :%d\n" % (b"from" if at == 0 else b"merge", mark_of))
    for path, text in files:
        data = text.encode()
        lines.append(b'M 100644 inline "%s"\ndata %d\n%s\n' % (path.encode(), len(data), data))
    return b"".join(lines)


def best(command: list[str], repeats: int, env: dict[str, str], given: bytes = b"") -> float:
    """The least CPU time of several runs, in seconds, with that of the processes which a command starts."""
    times = []
    for _ in range(repeats):
        begun = cpu()
        subprocess.run(command, input=given, env=env, stdout=subprocess.DEVNULL, check=True)
        times.append(cpu() - begun)
    return min(times)


def cpu() -> float:
    """The CPU time of all processes so far that were waited for, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=10_000)
    parser.add_argument("--commits", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "vault"
        env = {**os.environ, "XDG_CACHE_HOME": f"{folder}/cache", "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", "init", "-q", "-b", "main", root], env=env, check=True)
        git = ["git", "-C", str(root)]
        data = b"".join(stream(options.n, options.commits, options.seed))
        subprocess.run([*git, "fast-import", "--quiet"], input=data, env=env, check=True)
        subprocess.run([*git, "reset", "-q", "--hard"], env=env, check=True)
        path = min(path_of(customer) for customer, _text in notes(options.n, seed=options.seed))
        log = [*git, "log", "--raw", "-z", "--no-abbrev", "--full-history", "--", path]
        raw = subprocess.run(log, env=env, capture_output=True, check=True).stdout
        blobs = {word for part in raw.split(b"\0") for word in part.split() if len(word) == 40 and word.strip(b"0")}
        given = b"\n".join(blobs) + b"\n"
        plaincrm = str(Path(sys.executable).with_name("plaincrm"))
        ask = [plaincrm, "--vault", str(root)]
        subprocess.run([*ask, "list", "--limit", "1"], env=env, stdout=subprocess.DEVNULL, check=True)
        bare = best(log, options.repeats, env) + best([*git, "cat-file", "--batch"], options.repeats, env, given)
        print(f"{options.n:,} notes, {options.commits:,} commits, {raw.count(b'commit ')} of one note")
        print(f"bare git     {bare:7.3f} s")
        one = Path(path).stem
        for words in (
            ["show", one],
            ["history", one, "--limit", "0"],
            ["blame", one],
            ["history"],
            ["diff"],
            ["growth"],
        ):
            taken = best([*ask, *words], options.repeats, env)
            print(f"{words[0]:8}{'' if len(words) == 1 else ' one':4} {taken:7.3f} s  {taken / bare:5.2f} of bare git")


if __name__ == "__main__":
    main()
