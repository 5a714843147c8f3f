"""How words are searched for: whole words, their beginnings and inner parts, in any case, without diacritics."""

from __future__ import annotations

import re

from plaincrm.errors import UsageError
from plaincrm.index.index import Index
from plaincrm.language import unaccented

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_MOST_WORDS = 100  # SQLite's statements have an end, and so has a search
_MOST_TRIGRAMS = 50  # of a word; they only narrow down what is then compared


def split_words(text: str) -> tuple[str, ...]:
    """The words of a search, a phrase in quotes being one, in the form in which they are compared.

    Single signs are passed over, such as the one between `O'Brien & Sons`: too short for a part, and no word.

    Raises:
        UsageError: there are too many.
    """
    sound = text.encode("utf-8", "replace").decode().replace("\0", " ")  # a NUL ends what SQLite reads
    found = (unaccented(quoted or bare).strip() for quoted, bare in _WORD.findall(sound))
    words = tuple(dict.fromkeys(word for word in found if len(word) > 2 or any(map(str.isalnum, word))))
    if len(words) > _MOST_WORDS:
        raise UsageError(f"{len(words)} words are too many to search for.", f"Give {_MOST_WORDS} at most.")
    return words


def is_sought_within(word: str) -> bool:
    """Whether a word is found as a part of words, too, and not at their beginnings alone."""
    return len(word) > 2 and word.isalnum()


def matching_files(word: str) -> tuple[str, list[str]]:
    """A query for the files whose notes hold a word, its beginning or a part of it, with its parameters.

    Parts are looked up in the vocabulary by their trigrams and then compared, since the trigram table holds no
    positions; those that begin with it are found anyhow. Phrases, and words of one or two letters, are found by their
    beginnings only.
    """
    if not is_sought_within(word):
        return "select rowid from words where words match ?", [_begun(word)]
    trigrams = dict.fromkeys(word[at : at + 3] for at in range(len(word) - 2))
    narrowed = " AND ".join(map(_quoted, list(trigrams)[:_MOST_TRIGRAMS]))
    return (
        "select rowid from words where words match (select ? || coalesce(' OR ' || group_concat(found, ' OR '), '')"
        " from (select '\"' || term || '\"' as found from vocabulary where id in"
        " (select rowid from parts where parts match ?) and instr(folded, ?) > (term = folded)))",
        [_begun(word), narrowed, word],
    )


def _begun(word: str) -> str:
    """FTS5's query for tokens that begin so, or for a phrase whose last one does."""
    return f"{_quoted(word)} *"


def _quoted(text: str) -> str:
    """Text as a string of FTS5, in which nothing is an operator."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def ranks(index: Index, words: tuple[str, ...]) -> dict[int, float]:
    """How well files match by whole words and beginnings, a hit in the name weighing ten times one in the text."""
    query = " AND ".join(map(_begun, words))
    return dict(index.rows("select rowid, bm25(words, 10.0, 1.0) from words where words match ?", [query]))
