"""The query language: `stage:customer tag:café -tag:paused last_contact<2026-01-01 "free words"`, turned into SQL."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from plaincrm.dates import parse_date
from plaincrm.errors import QueryError
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.parts import PARTS, PartOfNote, has_part, part_holds
from plaincrm.index.search import matching_files, split_words
from plaincrm.index.talks import SPOKEN
from plaincrm.language import unaccented
from plaincrm.language.spoken import spoken_date
from plaincrm.money import MoneyError, parse_money, to_units
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, as_text, nearest, read_value
from plaincrm.vault.config import Config

TERM = re.compile(
    r"(?P<minus>-)?(?:@(?P<segment>[\w-]+)|(?P<key>[^\W\d][\w.-]*)(?P<sign><=|>=|<|>|:|=)(?P<value>\"[^\"]*\"|[^\s\"]*)"
    r"|(?P<word>\"[^\"]*\"|[^\s\"]+))(?=\s|$)"
)
_SIGNS = {"<": "<", ">": ">", "<=": "<=", ">=": ">="}
_DATES = frozenset(("date",))
_NUMBERS = frozenset(("number", "percent"))
_OF_FILES = frozenset(("customer", "id", "file"))  # what every customer has
_IN_PART = frozenset(("text", "contact"))  # a part of the value is enough
_LISTED = frozenset(("choice", "channel", "yes/no"))  # a word that is none of these is a mistake
_BLANKS = "[ \u00a0\u2009\u202f]+"
_REST = re.compile(rf"(?P<groups>(?:{_BLANKS}[0-9]{{3}}(?:[.,][0-9]+)?)*)(?P<currency>{_BLANKS}\S+)?(?=\s|$)")
_OPERATORS = {  # of other languages
    "OR": "Several values stand behind one key with commas: tag:café,hotel",
    "AND": "Words that stand beside each other must all hold: leave it out",
    "NOT": "A minus says so: -tag:paused",
}
_MOST_PARTS = 200  # of a query with its segments; SQLite's statements have an end, and segments can multiply
_DEEPEST = 20  # segments within segments


def compile_query(text: str, config: Config, today: date | None) -> Condition:
    """The condition that a query stands for.

    Raises:
        QueryError: the query is none; it says where and what was expected.
    """
    return _Compiler(config, config.schema, today).query(text, frozenset())


def is_key(key: str, schema: Schema) -> bool:
    """Whether a query can ask for it."""
    return key in (*_OF_FILES, *PARTS, "last_contact", "revenue") or schema.table.find(key) is not None


class _Wrong(Exception):
    """What is wrong with one word of a query: a sentence, a remedy, and the part of the word that it is about."""

    def __init__(self, message: str, remedy: str, part: str = "", piece: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.part = part  # a group of TERM; the whole word where it is empty
        self.piece = piece  # one of several values, with commas between them


class _Compiler:
    """Turns one query into SQL; values of users are parameters, never text of the statement."""

    def __init__(self, config: Config, schema: Schema, today: date | None) -> None:
        self.config = config
        self.schema = schema
        self.today = today or date.max  # without a today every contact and sale counts as past
        self.knows_today = today is not None
        self.parts = 0

    def query(self, text: str, segments: frozenset[str], segment: str = "") -> Condition:
        conditions: list[Condition] = []
        at = 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            match = TERM.match(text, at)
            if match is None:
                of = f" of @{segment}" if segment else ""
                message = f"The query{of} cannot be read from column {at + 1}: {text[at:][:40]}"
                raise QueryError(message, _unread(text[at:]), text, (at, _end(text, at)), segment)
            if end := self._goes_on(match, text):
                rest = text[match.end() : end]
                whole = re.sub(_BLANKS, "", f"{match['key']}{match['sign']}{match['value']}{rest}")
                message = f"The amount ends at the blank, and {rest.strip()} would be looked for as a word."
                remedy = f'Write {whole}; if the word is meant, "{rest.strip()}".'
                raise QueryError(message, remedy, text, (match.start("value"), end), segment)
            try:
                conditions.append(self._term(match, segments))
            except _Wrong as wrong:
                raise QueryError(wrong.message, wrong.remedy, text, _place(match, wrong), segment) from None
            at = match.end()
        if not conditions:
            return EVERY
        sql = " and ".join(f"({condition.sql})" for condition in conditions)
        return Condition(sql, tuple(value for condition in conditions for value in condition.parameters))

    def _goes_on(self, match: re.Match[str], text: str) -> int:
        """Where an amount ends that goes on behind a blank, as `revenue>1 000 €` seems to; 0 where none does."""
        key = match["key"] or ""
        field = self.schema.table.find(key)
        is_number = field.type in _NUMBERS if field else key == "revenue"
        rest = _REST.match(text, match.end()) if is_number and match["value"][-1:].isdigit() else None
        if rest is None:
            return 0
        if rest["currency"] and key == "revenue":
            with suppress(MoneyError):
                parse_money(f"{match['value']}{rest[0]}", self.config.currency)
                return rest.end()
        return rest.end("groups") if rest["groups"] else 0

    def _count(self, parts: int) -> None:
        self.parts += parts
        if self.parts > _MOST_PARTS:
            raise _Wrong(f"The query has more than {_MOST_PARTS} parts.", "Ask for less at a time.")

    def _term(self, match: re.Match[str], segments: frozenset[str]) -> Condition:
        self._count(1)
        if match["segment"]:
            condition = self._segment(match["segment"], segments)
        elif match["key"]:
            condition = self._field(match["key"], match["sign"], match["value"].strip('"'))
        else:
            condition = self._words(match["word"])
        # "is not true" and not "not": what cannot be compared, as a date that is missing, is not so either
        return Condition(f"({condition.sql}) is not true", condition.parameters) if match["minus"] else condition

    def _segment(self, name: str, segments: frozenset[str]) -> Condition:
        if name not in self.config.segments:
            near = nearest(name, tuple(self.config.segments))
            hint = f"Did you mean @{near}?" if near else "Segments are named in plaincrm.toml."
            raise _Wrong(f"There is no segment @{name}.", hint, "segment")
        if name in segments:
            raise _Wrong(f"The segment @{name} names itself.", "Take it out of its own query in plaincrm.toml.")
        if len(segments) >= _DEEPEST:
            raise _Wrong(f"The segment @{name} lies too deep in other segments.", f"{_DEEPEST} deep is the most.")
        return self.query(self.config.segments[name], segments | {name}, name)

    def _words(self, text: str) -> Condition:
        if text in _OPERATORS:
            remedy = f'{_OPERATORS[text]}; if the word is meant, "{text}".'
            raise _Wrong(f"There is no operator {text}.", remedy, "word")
        parts = [matching_files(word) for word in split_words(text)]
        sql = " and ".join(f"c.file in ({query})" for query, _values in parts) or "true"
        return Condition(sql, tuple(value for _query, values in parts for value in values))

    def _field(self, key: str, sign: str, value: str) -> Condition:
        if not value:
            remedy = (
                _missing(key) if sign == ":" else "Write behind the sign what it is compared with, without a blank."
            )
            raise _Wrong(f"{key}{sign} needs a value.", remedy)
        if key in _OF_FILES:
            column = "c.customer" if key != "file" else "(select path from files where files.file = c.file)"
            return self._any(f"fold({column})", sign, value)
        if key == "last_contact":
            return self._compared(SPOKEN, sign, value, "date")
        if key == "revenue":
            return self._revenue(sign, value)
        field = self.schema.table.find(key)
        if field is None and key in PARTS:
            return self._part(PARTS[key], key, sign, value)
        if field is None:
            near = nearest(key, (*self.schema.table.customer, *PARTS, "last_contact", "revenue", "customer"))
            raise _Wrong(f"There is no field {key} to ask for.", f"Did you mean {near}?" if near else _HELP, "key")
        return self._known(field, sign, value)

    def _known(self, field: Field, sign: str, value: str) -> Condition:
        if value in ("none", "any"):
            sql = "exists (select 1 from fields f where f.file = c.file and f.field = ?)"
            return Condition(sql if value == "any" else f"not {sql}", (field.key,))
        if sign in _SIGNS:
            of = "(select value from fields f where f.file = c.file and f.field = ? and f.position = 0)"
            return self._compared(of, sign, value, field.type, (field.key,))
        return self._equal(field, value)

    def _equal(self, field: Field, value: str) -> Condition:
        """Any of the values given with commas: the whole value, or for plain text a part of it."""
        wanted = [self._canonical(field, part) for part in self._listed(field.key, value)]
        test = "instr(fold(f.value), ?) > 0" if field.type in _IN_PART else "fold(f.value) = ?"
        tests = " or ".join([test] * len(wanted))
        sql = f"exists (select 1 from fields f where f.file = c.file and f.field = ? and ({tests}))"
        return Condition(sql, (field.key, *wanted))

    def _part(self, part: PartOfNote, key: str, sign: str, value: str) -> Condition:
        if sign in _SIGNS:
            raise _incomparable(sign)
        if value in ("none", "any"):
            some = has_part(part)
            return some if value == "any" else Condition(f"not {some.sql}", some.parameters)
        found = [part_holds(part, unaccented(text)) for text in self._listed(key, value)]
        sql = " or ".join(f"({condition.sql})" for condition in found)
        return Condition(sql, tuple(value for condition in found for value in condition.parameters))

    def _any(self, column: str, sign: str, value: str) -> Condition:
        if sign in _SIGNS:
            raise _incomparable(sign)
        parts = [unaccented(part) for part in self._listed("customer", value)]
        return Condition(" or ".join([f"instr({column}, ?) > 0"] * len(parts)), tuple(parts))

    def _listed(self, key: str, value: str) -> list[str]:
        parts = [part for part in value.split(",") if part]
        if not parts:
            raise _Wrong(f"{key}: a value is missing.", _missing(key), "value")
        self._count(len(parts) - 1)
        return parts

    def _canonical(self, field: Field, value: str) -> str:
        """A value as the index holds it, folded: by the same reading as in a note, dates also as people say them."""
        if field.type in _DATES:
            return self._day(value)
        if field.type in _IN_PART:
            return unaccented(value)
        try:
            return unaccented(as_text(read_value(value, field, self.schema)))
        except BadValue as error:
            if field.type not in _LISTED:
                return unaccented(value)
            hint = error.facts.get("hint", "").strip() or "Write yes or no."
            raise _Wrong(f"{field.key}: there is no {value}.", hint, "value", value) from None

    def _day(self, value: str) -> str:
        day = spoken_date(value, self.today) if self.knows_today else parse_date(value)
        if day is None and not self.knows_today and spoken_date(value, date.min):
            message = f"{value} counts from today, and no today is given."
            raise _Wrong(message, "Give today, or an ISO date.", "value", value)
        if day is None:
            raise _Wrong(f"{value} is no date.", "Write it as 2026-12-01, tomorrow or +2w.", "value", value)
        return day.isoformat()

    def _revenue(self, sign: str, value: str) -> Condition:
        """Revenue of all time up to today in one currency: the one written, else the vault's own."""
        if value in ("none", "any"):
            some = "exists (select 1 from sales s where s.file = c.file and s.date <= ? and s.currency = ?)"
            sold = (self.today.isoformat(), self.config.currency)
            return Condition(some if value == "any" else f"not {some}", sold)
        try:
            money = parse_money(value, self.config.currency)
            units = to_units(money.amount)
        except MoneyError as error:
            raise _Wrong(f"revenue: {error}", "Write revenue>1000.", "value") from None
        of = "(select coalesce(sum(revenue), 0) from sales s where s.file = c.file and s.date <= ? and s.currency = ?)"
        return Condition(f"{of} {_SIGNS.get(sign, '=')} ?", (self.today.isoformat(), money.currency, units))

    def _compared(self, of: str, sign: str, value: str, kind: str, before: tuple[object, ...] = ()) -> Condition:
        parameters = before or (self.today.isoformat(),)
        if value in ("none", "any"):
            return Condition(f"{of} is {'not ' if value == 'any' else ''}null", parameters)
        operator = _SIGNS.get(sign, "=")
        if kind in _DATES:
            return Condition(f"{of} {operator} ?", (*parameters, self._day(value)))
        if kind in _NUMBERS:
            if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", value):
                raise _Wrong(f"{value} is no number.", "Compare with digits, as size>10.", "value")
            return Condition(f"cast({of} as real) {operator} ?", (*parameters, float(value)))
        raise _incomparable(sign)


def _incomparable(sign: str) -> _Wrong:
    return _Wrong(f"Only dates and numbers can be compared with {sign}.", "Use a colon: city:Turku.", "sign")


def _missing(key: str) -> str:
    """What to write where a value is missing."""
    return f"Write a part of it, as {key}:aurinko." if key in _OF_FILES else f"Write {key}:none for those without one."


def _unread(rest: str) -> str:
    """What to write where a query cannot be read: quotation marks are all that can be in the way."""
    if rest.count('"') % 2:
        return 'A quotation mark is alone: write "free words" or city:"New York".'
    return 'Quotation marks stand around a whole word or value: "free words", city:"New York".'


def _end(text: str, at: int) -> int:
    """Where the word ends that begins at a place."""
    blank = re.search(r"\s", text[at:])
    return at + blank.start() if blank else len(text)


def _place(match: re.Match[str], wrong: _Wrong) -> tuple[int, int]:
    """The part of a query that is wrong, by its offsets."""
    start, end = match.span(wrong.part or 0)
    if not wrong.piece:
        return start, end
    values = match["value"].replace('"', ",")
    at = f",{values},".find(f",{wrong.piece},")
    return (start + at, start + at + len(wrong.piece)) if at >= 0 else (start, end)


_HELP = 'Write words like stage:customer, tag:café, owner:liisa, -tag:paused, last_contact<2026-01-01, "free words".'
