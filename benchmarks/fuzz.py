"""Made-up and damaged notes by the hundred thousand: read, indexed and checked, none may raise.

    python benchmarks/fuzz.py                       200,000 notes, seed 1
    python benchmarks/fuzz.py -n 10000 --seed 7

Notes are made of the lines of real ones (example-vault/ and the tests' fixtures), of odd fields, odd lines and odd
characters, and some are damaged byte by byte. Each is read as a file is; its parts joined must be its bytes again; a
thousand at a time stand in one index that is checked as a vault is. A note that raises is written to the folder
`fuzz-failures/`, with its traceback.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from plaincrm.checks.check import check
from plaincrm.document.document import read_document
from plaincrm.index.index import Index
from plaincrm.index.rows import blob_id, rows_of
from plaincrm.index.store import connect, create
from plaincrm.index.tables import TABLES
from plaincrm.records.fields import CUSTOMER_FIELDS, INLINE_FIELDS
from plaincrm.records.schema import Schema
from plaincrm.vault.vault import load_vault

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 21)
SETTINGS = """\
[vault]
country = "FI"
owners = ["liisa", "matti"]
[check]
verify_after = "2y"
keep_leads = "2y"
[fields]
paint = { type = "choice", choices = ["linseed", "acrylic"] }
"""
BATCH = 1_000
ODD_VALUES = """\
~|null|yes|NO|12:30|00100|+358401234567|1e999|.nan|-0|0x1F|"|'|[|]|{|}|[[|]]|[[a]]|"[[a]]"|[a, b|{a: b}|&a|*a
!a|!!binary x|#vip|# c|- a|-a|a: b|a:b|@x|%x|`x|>|,|?|\t|2026-02-30|2026-11-21|5.1.2026|0000-00-00|9999-12-31
2026-11-21T25:00|--02-29|--13-01|120464-9858|2779126-0|FI27791260|a@b.example|@|https://x|never|6w|99999999w
0d|100 %|3,200 EUR|1.200,50 €|-300 SEK|NaN EUR|€|{{date}}|<% x %>|<!-- x|%%|\u2028|\ud800|\x00|\x1b[31m|\ufeff
\u202e|e\u0301|ﬁ|١٢|\U0001f600|call|email, call|marketing:email|all|liisa
""".replace("\n", "|").split("|")
ODD_LINES = """\
---|...|----|———|+++|## Log|## Loki|### 2026-11-20 14:30 call in, X: y|- 2026-11-20 call out: x
- **2026-11-20:** x|- [[2026-11-20]] x|- 2026-13-40 call|- 5.11.2026 | puhelu ulos: x|- 6.11. x|2024|- 2024: x
- [ ] x 📅 2026-11-23|- [x] x ✅ 2026-11-20|- [ ] x 🆔 a ⛔ a,b|- [ ] y [due:: 2026-11-23] [owes:: them]|[sale:: 1
[sale:: 3200] [cost:: 90 SEK]|(mood:: +)|nps:: 11|[deal:: x] [value:: 1,200] [won:: x]|```|~~~
<!-- plaincrm: ignore bad-date: x -->|%% plaincrm: ignore x %%|<!--|-->|%%|<<<<<<< a|=======|>>>>>>> b|> quote
| [[a|b]]|*|- 2026-12-24 10:00-09:00 visit: x|- 2026-12-24 10:00-11:00 meeting, A: b|- 9999-12-31 call out
[allow:: all] [deny:: email]||# |
""".replace("\n", "|").split("|")


def seeds() -> list[list[bytes]]:
    """Lines of real notes, note by note."""
    paths = [*sorted((ROOT / "example-vault").rglob("*.md")), *sorted((ROOT / "tests").rglob("*.md"))]
    return [path.read_bytes().split(b"\n") for path in paths]


def made_note(rng: random.Random, real: list[list[bytes]]) -> bytes:
    """One note: mostly fields and a log as people write them, with a few odd things in it."""
    lines = list(rng.choice(real)) if rng.random() < 0.5 else [b"---", b"name: N%d" % rng.randrange(50)]
    for _ in range(rng.choice((0, 1, 2, 4, 8))):
        lines.insert(rng.randrange(len(lines) + 1), odd_line(rng, real))
    if rng.random() < 0.5 and b"---" not in lines[1:]:
        lines.insert(rng.randrange(1, len(lines) + 1), b"---")
    newline = rng.choice((b"\n", b"\n", b"\n", b"\r\n", b"\r"))
    data = newline.join(lines)
    if rng.random() < 0.2:
        data = damaged(rng, data)
    return (b"\xef\xbb\xbf" if rng.random() < 0.05 else b"") + data


def odd_line(rng: random.Random, real: list[list[bytes]]) -> bytes:
    """A line of another note, a field with an odd value, or an odd line."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(rng.choice(real))
    if kind < 0.6:
        text = f"{rng.choice(CUSTOMER_FIELDS).key}: {rng.choice(ODD_VALUES)}{rng.choice(ODD_VALUES)}"
    elif kind < 0.7:
        text = f"- 2026-11-0{rng.randrange(1, 9)} call [{rng.choice(INLINE_FIELDS).key}:: {rng.choice(ODD_VALUES)}]"
    else:
        text = rng.choice(ODD_LINES) + rng.choice(("", "", rng.choice(ODD_VALUES)))
    return text.encode("utf-8", "surrogatepass")


def damaged(rng: random.Random, data: bytes) -> bytes:
    """The bytes with some of them changed, taken out, doubled or cut off."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 2, 5, 20))):
        at = rng.randrange(len(found) + 1)
        how = rng.randrange(4)
        if how == 0:
            found[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 4)))
        elif how == 1:
            del found[at : at + rng.randrange(1, 10)]
        elif how == 2:
            found[at:at] = found[at : at + 40]
        elif rng.random() < 0.2:
            del found[at:]
    return bytes(found)


def run_batch(seed: int, count: int) -> tuple[Counter[str], list[tuple[bytes, str]]]:
    """What was found in a batch of notes, by code, and the notes that raised with their tracebacks."""
    rng, real = random.Random(seed), seeds()
    failures: list[tuple[bytes, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "plaincrm.toml").write_text(SETTINGS)
        vault = load_vault(Path(folder))
        db = connect(":memory:")
        create(db)
        for file in range(1, count + 1):
            data = made_note(rng, real)
            try:
                put_note(db, file, data, vault.config.schema)
            except Exception:  # whatever it is, it is what we look for
                failures.append((data, traceback.format_exc()))
        found: Counter[str] = Counter()
        try:
            found.update(item.code for item in check(Index(vault, db), TODAY).diagnostics)
        except Exception:
            failures.append((b"", traceback.format_exc()))
        return found, failures


def put_note(db: sqlite3.Connection, file: int, data: bytes, schema: Schema) -> None:
    """Read one note and put its rows into an index."""
    document = read_document(data)
    joined = "".join(document.text_of(start, end) for _what, start, end in document.parts)
    if joined.encode("utf-8", "surrogateescape") != data:
        raise AssertionError("the parts joined are not the bytes")
    path = f"customers/n{file % 400}.md" if file % 3 else f"customers/n{file}.md"
    rows = rows_of(file, path, document, schema)
    db.execute(
        "insert into files values (?, ?, ?, 1, 1, ?, 1, 33188, ?, 0)",
        (file, f"{path}{file}", "customers", len(data), blob_id(data)),
    )
    for table in TABLES:
        for row in rows.get(table, ()):
            db.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-n", type=int, default=200_000, help="how many notes")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began, codes, failures = time.monotonic(), Counter[str](), []
    batches = [min(BATCH, asked.n - at) for at in range(0, asked.n, BATCH)]
    with ProcessPoolExecutor() as pool:
        numbers = (asked.seed * 1_000_000 + at for at in range(len(batches)))
        for found, failed in pool.map(run_batch, numbers, batches):
            codes += found
            failures += failed
    print(
        f"{asked.n:,} notes in {time.monotonic() - began:.0f} s, {codes.total():,} faults of {len(codes)} kinds,",
        end=" ",
    )
    print(f"{len(failures)} unknown exceptions")
    for at, (data, trace) in enumerate(failures[:20]):
        folder = Path("fuzz-failures")
        folder.mkdir(exist_ok=True)
        (folder / f"{at}.md").write_bytes(data)
        print(trace)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
