"""What may follow what has been typed: customers, words of a query, columns. Each with a word about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import normalize

from plaincrm.index.index import Index
from plaincrm.index.parts import PARTS
from plaincrm.language import fold, unaccented
from plaincrm.records.fields import Field
from plaincrm.vault.config import Config


class Suggestion(NamedTuple):
    """What may be typed, and what it is."""

    value: str
    about: str = ""


_BEGUN = re.compile(r"(?P<minus>-?)(?P<key>[^\W\d][\w.-]*)(?P<sign><=|>=|<|>|:|=)(?P<value>[^\"]*)")
_DATES = ("today", "tomorrow", "yesterday", "+1w", "+2w", "+1m", "-1w", "-1m", "-3m")
_DERIVED = {
    "customer": "a part of the id",
    "file": "a part of the path",
    "last_contact": "the day somebody was last reached",
    "revenue": "of all time",
}
_PARTS = {key: part.about for key, part in PARTS.items()}
_OPEN = ("none", "any")
_MOST = 200


# Customers whose id begins so, or holds it, or whose name does. The index on `key` finds beginnings; only ids that are
# not plain ASCII, whose key has its diacritics, are looked at one by one.
_ODD = "key glob '*[^ -~]*'"
_BEGINNING = f"""
    select customer, name from customers where (key >= :begun and key < :begun || char(0x10ffff))
    union select customer, name from customers where {_ODD} and substr(fold(customer), 1, length(:wanted)) = :wanted
    order by customer limit :most
    """
_HOLDING = f"""
    select customer, name from customers
    where instr(key, :wanted) or instr(sort_name, :wanted) or ({_ODD} and instr(fold(customer), :wanted))
    order by customer limit :most
    """


def customers(index: Index | None, begun: str) -> list[Suggestion]:
    """Customers by the beginning of the id; where none has it, those with such a part in id or name."""
    if index is None:
        return []
    typed = {"begun": normalize("NFC", begun).casefold(), "wanted": unaccented(begun), "most": _MOST}
    found = [Suggestion(*row) for row in index.rows(_BEGINNING, typed)]
    if not found:
        parts = [Suggestion(*row) for row in index.rows(_HOLDING, typed)]
        # several that begin alike would be replaced by that beginning, which is not what was typed
        alike = len(parts) > 1 and len({one.value[:1] for one in parts}) == 1
        found = [] if alike else parts
    return [one for one in found if _is_plain(one.value)]


def query_words(index: Index | None, config: Config, begun: str) -> list[Suggestion]:
    """Keys, values of a key, and segments: whatever may end the word of a query that has been begun."""
    match = _BEGUN.fullmatch(begun)
    if match:
        before = begun[: match.start("value")]
        last = match["value"].rpartition(",")[2]
        head = before + match["value"][: len(match["value"]) - len(last)]
        values = _values(index, config, match["key"], several=head != before)
        return [
            Suggestion(head + value, about) for value, about in values if unaccented(value).startswith(unaccented(last))
        ][:_MOST]
    minus = "-" if begun.startswith("-") else ""
    words = [Suggestion(f"@{name}", query) for name, query in config.segments.items()]
    keys = {field.key: field.help for field in config.schema.table.customer.values() if _is_plain(field.key)}
    words += [Suggestion(_with_sign(config, key), about) for key, about in (keys | _DERIVED | _PARTS).items()]
    found = [Suggestion(minus + word, about) for word, about in words if (minus + word).startswith(begun)]
    return [*found, *_other_key(config, begun)]


def columns(config: Config, begun: str) -> list[Suggestion]:
    """Columns of a list; those before a comma stay, and so does a minus of the order."""
    last = begun.rpartition(",")[2]
    minus = "-" if last.startswith("-") else ""
    head = begun[: len(begun) - len(last)] + minus
    keys = {field.key: field.help for field in config.schema.table.customer.values()} | _DERIVED
    return [Suggestion(head + key, about) for key, about in keys.items() if (minus + key).startswith(last)]


def owners(index: Index | None, config: Config, begun: str) -> list[Suggestion]:
    """Our own names: those in the settings and those in the notes."""
    rows = index.rows("select distinct owner from customers where owner is not null order by owner") if index else []
    known = dict.fromkeys((*config.owners, *(row[0] for row in rows)))
    return [Suggestion(name) for name in known if fold(name).startswith(fold(begun) if begun else "")]


def codes(begun: str) -> list[Suggestion]:
    """Codes of checks; those before a comma stay."""
    from plaincrm.checks.rules import RULES  # noqa: PLC0415 (for codes only)

    head, comma, last = begun.rpartition(",")
    return [Suggestion(f"{head}{comma}{rule.code}", rule.severity) for rule in RULES if rule.code.startswith(last)]


def _with_sign(config: Config, key: str) -> str:
    """A key with the colon that most are followed by; dates and numbers are compared."""
    field = config.schema.table.find(key)
    compared = field.type in ("date", "number", "percent") if field else key in ("last_contact", "revenue")
    return key if compared else f"{key}:"


def _other_key(config: Config, begun: str) -> Iterator[Suggestion]:
    """The key where what has been typed is a whole spelling of it that is no beginning of it: `tag`, `vaihe`."""
    field = config.schema.table.find(begun) if begun else None
    if field and not field.key.startswith(begun):
        yield Suggestion(f"{begun}:", field.help)


def _values(index: Index | None, config: Config, key: str, *, several: bool) -> Iterable[Suggestion]:
    """What may stand behind a key; not what stands alone, where there are values before it."""
    alone = [] if several else [Suggestion(word) for word in _OPEN]
    if key in ("customer", "id"):
        return customers(index, "")
    if key in ("last_contact", "revenue"):
        return [*(map(Suggestion, _DATES) if key == "last_contact" else ()), *alone]
    field = config.schema.table.find(key)
    if field is None:
        return alone if key in PARTS else []
    return [*(Suggestion(value) for value in values_of(index, config, field) if _is_plain(value)), *alone]


def values_of(index: Index | None, config: Config, field: Field) -> Iterable[str]:
    """The values of a field: those it may have, or else those it has somewhere."""
    listed = config.schema.choices(field.choices) if isinstance(field.choices, str) and field.choices else field.choices
    if listed:
        return listed
    if field.type == "date":
        return _DATES
    if field.type in ("channel", "permission"):
        from plaincrm.records.values import channel_words  # noqa: PLC0415 (for channels only)

        return channel_words(field, config.schema)
    if field.type == "yes/no":
        return ("yes", "no")
    query = "select value from fields where field = ? group by value order by count(*) desc, value limit ?"
    return [row[0] for row in index.rows(query, (field.key, _MOST))] if index else []


def _is_plain(value: str) -> bool:
    """Whether a shell takes a text as it is: no blanks, quotes, or signs with a meaning."""
    return re.fullmatch(r"[\w.@:+/-]+", value) is not None
