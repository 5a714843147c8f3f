"""The words people type: one vocabulary file a language, all of them read at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

LANGUAGES = ("en", "fi")


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """The form in which two spellings of one word are equal: case, spaces, "-" and "_" do not count."""
    folded = word.lower() if word.isascii() else _composed(word).casefold()
    return folded.replace(" ", "").replace("-", "").replace("_", "") or folded


# unicodedata (1 ms to load) and this pattern are for letters beyond ASCII only.
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"


def _composed(word: str) -> str:
    import unicodedata  # noqa: PLC0415

    return unicodedata.normalize("NFC", word)


def unaccented(text: str) -> str:
    """Text for finding: lower case, without diacritics (`Äänekoski` and `aanekoski` are the same)."""
    if text.isascii():
        return text.lower()
    import unicodedata  # noqa: PLC0415

    return re.sub(_MARKS, "", unicodedata.normalize("NFKD", text.casefold()))


_LINE = r'^(?:\[(?P<table>\w+)\]|"?(?P<name>[^\s"#\[]+)"? = (?P<words>\[.*?\]))[ ]*(?:#.*)?$'


@cache
def vocabulary(language: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """One language's words: kind -> canonical name -> spellings, the first of which is the label.

    The files are TOML with one list of texts a line, which JSON reads too; tomllib would take 5 ms for them.
    """
    text = Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    table = ""
    for line in re.finditer(_LINE, text, re.MULTILINE):
        if line["table"]:
            table = line["table"]
            found[table] = {}
        else:
            found[table][line["name"]] = tuple(json.loads(line["words"]))
    return found


@cache
def words(kind: str) -> Mapping[str, str]:
    """Folded spelling -> canonical name for one kind of word, in every language; the earlier language wins."""
    table: dict[str, str] = {}
    for language in LANGUAGES:
        for name, spellings in vocabulary(language)[kind].items():
            for spelling in (name, *spellings):
                table.setdefault(fold(spelling), name)
    return table


@cache
def spellings(kind: str, name: str) -> tuple[str, ...]:
    """How a canonical name may be written, in every language, itself first."""
    found = (vocabulary(language).get(kind, {}).get(name, ()) for language in LANGUAGES)
    return (name, *(spelling for words in found for spelling in words))


def canonical(kind: str, word: str) -> str | None:
    """The canonical name of a word as typed, or None for a word that no vocabulary has."""
    return words(kind).get(fold(word))


def label(kind: str, name: str, language: str = "en") -> str:
    """How a canonical name is shown in a language; the name itself where the vocabulary has none."""
    return vocabulary(language)[kind].get(name, (name,))[0]


def is_word(language: str, kind: str, word: str) -> bool:
    """Whether a word belongs to this language's vocabulary; canonical names are English."""
    return fold(word) in _folded(language, kind)


@cache
def _folded(language: str, kind: str) -> frozenset[str]:
    found = vocabulary(language)[kind].items()
    names = (fold(name) for name, _spellings in found if language == LANGUAGES[0])
    return frozenset((*names, *(fold(spelling) for _name, spellings in found for spelling in spellings)))


def key_beside(key: str, others: Iterable[str]) -> str:
    """How a front matter key is spelt in a note whose other keys are these: in the language of most of them."""
    words_seen = [*others]
    counts = {language: sum(is_word(language, "fields", word) for word in words_seen) for language in LANGUAGES}
    language = max(LANGUAGES, key=lambda language: counts[language])  # the first of equals: English
    return key if language == LANGUAGES[0] else label("fields", key, language)
