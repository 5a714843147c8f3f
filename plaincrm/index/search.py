"""Full-text search: whole words, their beginnings and their inner parts, in any case and without diacritics."""

from __future__ import annotations

import re
from typing import NamedTuple

from plaincrm.index.index import Index
from plaincrm.language import unaccented


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
    """What a search found, best first."""

    words: tuple[str, ...]
    total: int
    found: tuple[Found, ...]


_WORD = re.compile(r'"([^"]*)"|(\S+)')
_SHOWN_HITS = 3


def split_words(text: str) -> tuple[str, ...]:
    """The words of a search, a phrase in quotes being one, in the form in which they are compared."""
    words = (unaccented(quoted or bare).strip() for quoted, bare in _WORD.findall(text))
    return tuple(word for word in words if word)


def matching_files(word: str) -> tuple[str, list[str]]:
    """A query for the files whose notes hold a word, its beginning or a part of it, with its parameters.

    Parts are looked up by their trigrams and then compared, since the trigram table holds no positions. Words of
    one or two letters are found as beginnings only.
    """
    begun = f'"{word.replace(chr(34), " ")}" *'
    if len(word) < 3:
        return "select rowid from words where words match ?", [begun]
    trigrams = " AND ".join(
        '"' + word[at : at + 3].replace('"', '""') + '"' for at in range(len(word) - 2)
    )
    return (
        "select rowid from words where words match ? union"
        " select parts.rowid from parts join notes on notes.file = parts.rowid"
        " where parts match ? and instr(fold(notes.name || char(10) || notes.text), ?) > 0",
        [begun, trigrams, word],
    )


def search(index: Index, text: str, limit: int = 20) -> Search:
    """The customers whose notes hold every word, those first whose names or whole words match best (BM25)."""
    words = split_words(text)
    if not words:
        return Search((), 0, ())
    parts = [matching_files(word) for word in words]
    both = " and ".join(f"c.file in ({query})" for query, _parameters in parts)
    parameters = [value for _query, values in parts for value in values]
    matched = index.rows(
        f"select c.file, c.customer, c.name, f.path from customers c join files f using (file) where {both}",  # noqa: S608
        parameters,
    )
    rank = _ranks(index, words)
    best = sorted(matched, key=lambda row: (rank.get(row[0], 0.0), row[2].casefold(), row[1]))[: limit or None]
    found = tuple(Found(customer, name, path, _hits(index, file, words)) for file, customer, name, path in best)
    return Search(words, len(matched), found)


def _ranks(index: Index, words: tuple[str, ...]) -> dict[int, float]:
    """How well files match by whole words and beginnings, a hit in the name weighing ten times one in the text."""
    query = " AND ".join(f'"{word.replace(chr(34), " ")}" *' for word in words)
    return dict(index.rows("select rowid, bm25(words, 10.0, 1.0) from words where words match ?", [query]))


def _hits(index: Index, file: int, words: tuple[str, ...]) -> tuple[Hit, ...]:
    """The lines that hold the most of the words, in the order of the note."""
    text = index.rows("select text from notes where file = ?", [file])[0][0]
    scored = []
    for number, line in enumerate(text.split("\n"), 1):
        folded = unaccented(line)
        score = sum(word in folded for word in words)
        if score:
            scored.append((-score, number, line.strip()))
    return tuple(Hit(number, line) for _score, number, line in sorted(sorted(scored)[:_SHOWN_HITS], key=lambda hit: hit[1]))
