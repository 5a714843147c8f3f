"""Notes that two people changed at once, by the ten thousand: merged three ways, none may lose a line.

    python benchmarks/merges.py                   10,000 triples, seed 1
    python benchmarks/merges.py -n 1000 --seed 7

Each triple is a note of the example vault, or one of its lines, and two versions of it with some edits each: fields
set, added and cleared, lists changed, entries logged, reworded, moved and taken away, promises ticked and put off, text
rewritten, line ends and the last newline changed. `broken_promise` says what a merge must hold; a triple that breaks it
is written to the folder `merge-failures/`.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from plaincrm.document.document import read_document
from plaincrm.history.three_way import MergedNote, merge_notes
from plaincrm.records.model import Customer
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema

ROOT = Path(__file__).parents[1]
NOTES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "example-vault/customers").rglob("*.md"))]
SCHEMA = Schema()
WORDS = ["paint", "wall", "stairs", "roof", "oil", "colour", "window", "quote", "call", "spring", "autumn"]
WORDS += ["price", "door", "floor"]
Triple = tuple[bytes, bytes, bytes]


# --- edits of a note's lines; each does nothing where it does not fit


def _words(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(1, 5))) + f" {rng.randrange(10_000)}"


def _day(rng: random.Random) -> str:
    return f"{rng.choice((2024, 2026, 2027))}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _front_end(lines: list[str]) -> int:
    return lines.index("---\n", 1) if "---\n" in lines[1:] else 0


def _where(lines: list[str], pattern: str, rng: random.Random, last: int | None = None) -> int | None:
    found = [at for at, line in enumerate(lines[:last]) if re.match(pattern, line)]
    return rng.choice(found) if found else None


def set_field(lines: list[str], rng: random.Random) -> None:
    at = _where(lines, r"[a-z_]+: [^\[]", rng, _front_end(lines))
    if at is not None:
        key = lines[at].partition(":")[0]
        dates = key in ("next", "since", "verified", "vision_review")
        lines[at] = f"{key}: {_day(rng) if dates else _words(rng)}\n"


def add_field(lines: list[str], rng: random.Random) -> None:
    key = rng.choice(("learning", "quiet_until", "industry", "own_key", "size", "lost_reason", "vision_review"))
    if not any(line.startswith(f"{key}:") for line in lines):
        lines.insert(rng.randint(1, max(1, _front_end(lines))), f"{key}: {rng.choice((_words(rng), _day(rng), '3'))}\n")


def clear_field(lines: list[str], rng: random.Random) -> None:
    at = _where(lines, r"(?!name)[a-z_]+: [^\[]", rng, _front_end(lines))
    if at is not None:
        del lines[at]


def change_list(lines: list[str], rng: random.Random) -> None:
    at = _where(lines, r"[a-z_]+: \[", rng, _front_end(lines))
    if at is None:
        return
    head, _, rest = lines[at].partition("[")
    items = [item.strip() for item in rest.split("]")[0].split(",") if item.strip()]
    if items and rng.random() < 0.4:
        items.remove(rng.choice(items))
    else:
        items.insert(rng.randint(0, len(items)), f"{rng.choice(WORDS)}{rng.randrange(99)}")
    lines[at] = f"{head}[{', '.join(dict.fromkeys(items))}]\n"


def change_contact(lines: list[str], rng: random.Random) -> None:
    at = _where(lines, r"  - .*<", rng, _front_end(lines))
    if at is None:
        return
    kind = rng.randrange(3)
    if kind == 0:
        lines.insert(at, f"  - {rng.choice(WORDS).title()} {rng.randrange(999)} <a{rng.randrange(999)}@b.example>\n")
    elif kind == 1:
        lines[at] = re.sub(r"( \([^()]*\))?\n", f" ({_words(rng)})\n", lines[at])
    else:
        del lines[at]


def comment(lines: list[str], rng: random.Random) -> None:
    lines.insert(rng.randint(1, max(1, _front_end(lines))), f"# {_words(rng)}\n")


ENTRY = r"(### |## |- )\d"


def log(lines: list[str], rng: random.Random) -> None:
    first = next((at for at, line in enumerate(lines) if re.match(ENTRY, line)), len(lines))
    at = first if rng.random() < 0.7 else _where(lines, ENTRY, rng) or len(lines)
    mark, day, talk = rng.choice(("- ", "### ")), _day(rng), rng.choice(("call in", "visit", "email out, Pekka"))
    head = f"{mark}{day} {talk}: {_words(rng)}\n"
    below = f"  - [ ] {_words(rng)} 📅 {_day(rng)}\n" if rng.random() < 0.3 else ""
    lines[at:at] = [line for line in (head, below, *(["\n"] if head[0] == "#" else [])) if line]


def _entry(lines: list[str], rng: random.Random) -> tuple[int, int] | None:
    at = _where(lines, ENTRY, rng)
    if at is None:
        return None
    end = next((n for n in range(at + 1, len(lines)) if re.match(f"{ENTRY}|#", lines[n])), len(lines))
    return at, end


def drop_entry(lines: list[str], rng: random.Random) -> None:
    if found := _entry(lines, rng):
        del lines[slice(*found)]


def reword(lines: list[str], rng: random.Random) -> None:
    if found := _entry(lines, rng):
        at = rng.randrange(*found)
        if lines[at].strip():
            lines[at] = f"{lines[at].rstrip()} {_words(rng)}\n"


def move_entry(lines: list[str], rng: random.Random) -> None:
    if found := _entry(lines, rng):
        taken = lines[slice(*found)]
        del lines[slice(*found)]
        at = _where(lines, ENTRY, rng)
        place = at if at is not None else found[0]
        lines[place:place] = taken


def tick(lines: list[str], rng: random.Random) -> None:
    at = _where(lines, r"\s*- \[ \]", rng)
    if at is not None:
        lines[at] = lines[at].rstrip().replace("[ ]", "[x]", 1) + f" ✅ {_day(rng)}\n"


def put_off(lines: list[str], rng: random.Random) -> None:
    at = _where(lines, r"\s*- \[.\].*📅", rng)
    if at is not None:
        lines[at] = re.sub(r"📅 [0-9-]+", f"📅 {_day(rng)}", lines[at])


def promise(lines: list[str], rng: random.Random) -> None:
    if found := _entry(lines, rng):
        end = found[1]
        while end > found[0] + 1 and not lines[end - 1].strip():
            end -= 1
        indent = "" if lines[found[0]].startswith("#") else "  "
        lines.insert(end, f"{indent}- [ ] {_words(rng)} 📅 {_day(rng)}\n")


def rewrite(lines: list[str], rng: random.Random) -> None:
    at = rng.randint(_front_end(lines) + 1, len(lines))
    if at < len(lines) and rng.random() < 0.5 and not re.match(f"{ENTRY}|#", lines[at]):
        lines[at] = f"{_words(rng)}\n"
    else:
        lines.insert(at, rng.choice((f"{_words(rng)}\n", "\n", f"\n## {_words(rng)}\n", f"- {_words(rng)}\n", "```\n")))


def drop_line(lines: list[str], rng: random.Random) -> None:
    if len(lines) > 3:
        del lines[rng.randrange(2, len(lines))]


EDITS: tuple[Callable[[list[str], random.Random], None], ...] = (
    *(set_field, add_field, clear_field, change_list, change_list, change_contact, comment),
    *(log, log, log, drop_entry, reword, reword, move_entry, tick, tick, put_off, promise, rewrite, rewrite, drop_line),
)


def made_triple(rng: random.Random) -> Triple:
    """A note and two versions of it."""
    text = rng.choice(NOTES)
    base = text.splitlines(keepends=True)
    if rng.random() < 0.3:  # a short one, in which edits meet
        end = _front_end(base)
        base = [*base[: min(end, 6)], *base[end : end + 4], *rng.sample(base[end:], min(len(base) - end, 8))]
    if rng.random() < 0.05:
        base = []
    versions = [list(base), list(base) or text.splitlines(keepends=True), list(base) or text.splitlines(keepends=True)]
    both = rng.random() < 0.2
    for side in versions[1:]:
        for _ in range(rng.randint(0, 6)):
            rng.choice(EDITS)(side, rng)
    if both:  # the same edit on both sides
        seed = rng.random()
        for side in versions[1:]:
            rng.choice(EDITS)(side, random.Random(seed))
    return tuple(_bytes(side, rng) for side in versions)  # type: ignore[return-value]


def _bytes(lines: list[str], rng: random.Random) -> bytes:
    text = "".join(lines)
    if rng.random() < 0.05:
        text = text.replace("\n", "\r\n")
    if rng.random() < 0.05:
        text = text.rstrip("\r\n")
    if rng.random() < 0.03:
        text = f"\ufeff{text}"
    return text.encode()


# --- what a merge must hold


def broken_promise(triple: Triple) -> str:
    """What is wrong with the merge of a triple; empty where all is well."""
    base, ours, theirs = triple
    for one, other, third, expected in (
        (base, ours, base, ours),
        (base, base, theirs, theirs),
        (base, ours, ours, ours),
        (base, theirs, theirs, theirs),
    ):
        if (merge_notes(one, other, third, SCHEMA) or MergedNote(b"", ())).data != expected:
            return "a merge with one side changed is not that side"
    merged, swapped = merge_notes(base, ours, theirs, SCHEMA), merge_notes(base, theirs, ours, SCHEMA)
    if merged is None or swapped is None:
        return "" if merged is swapped else "one way of swapping the sides cannot be merged"
    if lost := lost_words(triple, merged.data):
        return f"lost: {sorted(lost)[:5]}"
    return _swapped_otherwise(merged, swapped)


def _swapped_otherwise(merged: MergedNote, swapped: MergedNote) -> str:
    """What is not the same where ours and theirs have changed places."""
    conflicts = sorted((one.ours, one.theirs) for one in merged.conflicts)
    if conflicts != sorted((one.theirs, one.ours) for one in swapped.conflicts):
        return "swapping the sides gives other conflicts"
    same = bool(conflicts) or record(merged.data) == record(swapped.data)
    return "" if same else "swapping the sides gives another record"


def _said(data: bytes) -> Counter[str]:
    return Counter(re.findall(r"[^\s\[\],\"'\ufeff]+", data.decode("utf-8", "surrogateescape")))


def lost_words(triple: Triple, result: bytes) -> set[str]:
    """Words that a side put in and that the result does not have; `[x]` and the like are told by the records."""
    base, ours, theirs = (_said(data) for data in triple)
    there = _said(result)
    return {word for side in (ours, theirs) for word in side if side[word] > base[word] and not there[word]}


def record(data: bytes) -> tuple[object, ...]:
    """What a note says, wherever it stands."""
    customer: Customer = read_record(read_document(data), "note.md", SCHEMA).customer
    entries = (replace_places(entry) for entry in customer.entries)
    fields = {
        key: sorted(repr((value.value, value.text)) for value in values) for key, values in customer.fields.items()
    }
    return (
        fields,
        customer.other,
        sorted(map(repr, entries)),
        sorted(repr(task._replace(line=0)) for task in customer.promises),
    )


def replace_places(entry: object) -> str:
    return re.sub(r"\b(?:line|end_line)=\d+", "", repr(entry))


def main() -> int:
    parser = argparse.ArgumentParser(description="Merge made-up notes three ways.")
    parser.add_argument("-n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    begun = time.monotonic()
    for number in range(asked.n):
        triple = made_triple(random.Random(f"{asked.seed}/{number}"))
        problem = broken_promise(triple)
        merged = merge_notes(*triple, SCHEMA)
        counts["as text" if merged is None else "with conflicts" if merged.conflicts else "clean"] += 1
        if problem:
            counts["broken"] += 1
            print(f"{number}: {problem}", file=sys.stderr)
            folder = Path("merge-failures") / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            for name, data in zip(("base", "ours", "theirs"), triple, strict=True):
                (folder / f"{name}.md").write_bytes(data)
    told = ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items()))
    print(f"{asked.n:,} triples in {time.monotonic() - begun:.0f} s: {told}")
    return 1 if counts["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
