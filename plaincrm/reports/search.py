"""Search: the customers that words and limits find, best first, with the lines that say why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from plaincrm.errors import QueryError
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.names import dialled
from plaincrm.index.parts import PARTS, holds
from plaincrm.index.query import TERM, compile_query, is_key
from plaincrm.index.search import matching_files, ranks, split_words
from plaincrm.language import unaccented
from plaincrm.records.schema import Schema


class Hit(NamedTuple):
    """A line that a search found."""

    line: int
    text: str


class Found(NamedTuple):
    """A customer that a search found, with the lines that say why."""

    customer: str
    name: str
    file: str
    hits: tuple[Hit, ...]


class Search(NamedTuple):
    """What a search found, best first; `words` are those of the note and those of the limits."""

    words: tuple[str, ...]
    total: int
    found: tuple[Found, ...]


class _Limit(NamedTuple):
    """What a search is limited to: a field or a part, and the values sought in it; none where it is compared.

    Only `is_text` tells what somebody wrote; the line of a stage or an owner says why where nothing else does.
    """

    key: str
    values: tuple[str, ...]
    is_text: bool


class _Asked(NamedTuple):
    """What was typed: free words, and a query of the rest, which stands where it was typed; blanks fill the gaps.

    `number` is the phone number that the words are, as numbers are compared; empty where they are none.
    """

    words: tuple[str, ...]
    query: str
    limits: tuple[_Limit, ...]
    number: str


_SHOWN_HITS = 3
_REACHED = "from identities where kind = 'phone' and value = ?"
_WORD = re.compile(r'"?[^"\s]*"?')


def search(index: Index, text: str, limit: int = 20, today: date | None = None) -> Search:
    """The customers whose notes hold every word and fit every limit, a limit of 0 being none.

    Those come first whose names or whole words match best (BM25). Words that are a phone number find it however it is
    written. Limits are words of a query whose key is known;
    whatever else is typed is a word, so that nothing that is pasted is an error.

    Raises:
        QueryError: the value of a limit is none.
        UsageError: there are too many words.
    """
    asked = _asked(text, index.vault.config.schema)
    if not asked.words and not asked.query.strip():
        return Search((), 0, ())
    condition = _condition(index, asked, text, today)
    matched = index.rows(
        f"select c.file, c.customer, c.name, f.path from customers c join files f using (file) where {condition.sql}",
        condition.parameters,
    )
    rank = ranks(index, asked.words) if asked.words else {}
    best = sorted(matched, key=lambda row: (rank.get(row[0], 0.0), row[2].casefold(), row[1]))[: limit or None]
    found = tuple(Found(customer, name, path, _hits(index, file, asked)) for file, customer, name, path in best)
    sought = [*asked.words, *(value for limit in asked.limits for value in limit.values)]
    return Search(tuple(dict.fromkeys(sought)), len(matched), found)


def _asked(text: str, schema: Schema) -> _Asked:
    """What of a text are words, and what limits them."""
    sound = text.encode("utf-8", "replace").decode().replace("\0", " ")
    words: list[str] = []
    limits: list[_Limit] = []
    query = [" "] * len(sound)
    at = 0
    while at < len(sound):
        if sound[at].isspace():
            at += 1
            continue
        match = TERM.match(sound, at)
        end = match.end() if match else max(at + 1, _end(sound, at))
        if match and _limits(match, schema):
            query[at:end] = sound[at:end]
            limits += _limit(match, schema)
        else:
            words.append(sound[at:end] if match else sound[at:end].replace('"', " "))  # a quotation mark is alone
        at = end
    kind, value = dialled(" ".join(words).strip(), schema.country)
    return _Asked(split_words(" ".join(words)), "".join(query), tuple(limits), value if kind == "phone" else "")


def _end(text: str, at: int) -> int:
    match = _WORD.match(text, at)
    return match.end() if match else at


def _limits(match: re.Match[str], schema: Schema) -> bool:
    """Whether a term says more than that the note holds it."""
    if match["key"]:
        return bool(match["value"].strip('",')) and is_key(match["key"], schema)
    return bool(match["segment"]) or bool(match["minus"] and split_words(match["word"]))


def _limit(match: re.Match[str], schema: Schema) -> Iterator[_Limit]:
    if match["key"] and not match["minus"]:
        field = schema.table.find(match["key"])
        plain = match["sign"] in (":", "=") and match["value"] not in ("none", "any")
        values = match["value"].strip('"').split(",") if plain else []
        found = tuple(unaccented(value) for value in values if value)
        is_text = field.type in ("text", "contact") if field else match["key"] in PARTS
        yield _Limit(field.key if field else match["key"], found, is_text)


def _condition(index: Index, asked: _Asked, text: str, today: date | None) -> Condition:
    try:
        limits = compile_query(asked.query, index.vault.config, today)
    except QueryError as error:
        if error.segment:
            raise
        raise QueryError(error.message, error.remedy, text, (error.start, error.end)) from None
    parts = [matching_files(word) for word in asked.words]
    found = " and ".join(f"c.file in ({query})" for query, _values in parts) or "1"
    values = [value for _query, several in parts for value in several]
    if asked.number:  # however it is written
        found, values = f"{found} or c.file in (select file {_REACHED})", [*values, asked.number]
    return Condition(f"({limits.sql}) and ({found})", (*limits.parameters, *values))


def _hits(index: Index, file: int, asked: _Asked) -> tuple[Hit, ...]:
    """The lines that hold the most of what was sought, in the order of the note."""
    text = index.rows("select text from notes where file = ?", [file])[0][0]
    lines = text.split("\n")
    folded = [unaccented(line) for line in lines]
    score = [sum(word in line for word in asked.words) for line in folded]
    reached = index.rows(f"select line {_REACHED} and file = ?", (asked.number, file)) if asked.number else ()
    for (number,) in reached:
        score[number - 1] += max(2, len(asked.words))
    for limit in [limit for limit in asked.limits if limit.is_text] or ([] if asked.words else asked.limits):
        spans = [
            (first, min(last, len(lines))) for first, last in _spans(index, file, limit.key) if first <= len(lines)
        ]
        holding = [n for first, last in spans for n in range(first, last + 1) if _holds(folded[n - 1], limit)]
        whole = [first for first, last in spans if any(holds(text, f"{first} {last}", value) for value in limit.values)]
        for number in holding or whole or [first for first, _last in spans]:
            score[number - 1] += max(2, len(asked.words))  # it alone says why, where words may stand anywhere
    scored = sorted((-points, number) for number, points in enumerate(score, 1) if points)[:_SHOWN_HITS]
    return tuple(Hit(number, lines[number - 1].strip()) for number in sorted(number for _points, number in scored))


def _holds(folded: str, limit: _Limit) -> bool:
    return any(value in folded for value in limit.values)


def _spans(index: Index, file: int, key: str) -> list[tuple[int, int]]:
    """The first and last lines of a field, or of each thing of a part of the note."""
    part = PARTS.get(key)
    if part is None:
        found = index.rows("select distinct line, line from fields where file = ? and field = ?", (file, key))
    else:
        last = "line" if part.column else "end_line"
        found = index.rows(f"select distinct line, {last} from {part.table} where file = ? order by line", (file,))
    return [(first, end) for first, end in found]
