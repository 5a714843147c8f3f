"""The query language: `stage:customer tag:café -tag:paused last_contact<2026-01-01 "free words"`, turned into SQL."""

from __future__ import annotations

import re
from datetime import date

from plaincrm.errors import UsageError
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.search import matching_files, split_words
from plaincrm.index.talks import SPOKEN
from plaincrm.language import unaccented
from plaincrm.language.spoken import spoken_date
from plaincrm.money import MoneyError, parse_money, to_units
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.values import nearest
from plaincrm.vault.config import Config

_TERM = re.compile(
    r"(?P<minus>-)?(?:@(?P<segment>[\w-]+)|(?P<key>[^\W\d][\w.-]*)(?P<sign><=|>=|<|>|:|=)(?P<value>\"[^\"]*\"|[^\s\"]*)"
    r"|(?P<word>\"[^\"]*\"|[^\s\"]+))(?=\s|$)"
)
_SIGNS = {"<": "<", ">": ">", "<=": "<=", ">=": ">="}
_DATES = frozenset(("date",))
_NUMBERS = frozenset(("number", "percent"))


def compile_query(text: str, config: Config, today: date) -> Condition:
    """The condition that a query stands for.

    Raises:
        UsageError: the query is none; the message says where and what was expected.
    """
    return _Compiler(config, config.schema, today).query(text, frozenset())


class _Compiler:
    """Turns one query into SQL; values of users are parameters, never text of the statement."""

    def __init__(self, config: Config, schema: Schema, today: date) -> None:
        self.config = config
        self.schema = schema
        self.today = today

    def query(self, text: str, segments: frozenset[str]) -> Condition:
        conditions: list[Condition] = []
        at = 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            match = _TERM.match(text, at)
            if match is None:
                raise UsageError(f"The query cannot be read from column {at + 1}: {text[at:][:40]}", _HELP)
            conditions.append(self._term(match, segments))
            at = match.end()
        if not conditions:
            return EVERY
        sql = " and ".join(f"({condition.sql})" for condition in conditions)
        return Condition(sql, tuple(value for condition in conditions for value in condition.parameters))

    def _term(self, match: re.Match[str], segments: frozenset[str]) -> Condition:
        if match["segment"]:
            condition = self._segment(match["segment"], segments)
        elif match["key"]:
            condition = self._field(match["key"], match["sign"], match["value"].strip('"'))
        else:
            condition = self._words(match["word"])
        return Condition(f"not ({condition.sql})", condition.parameters) if match["minus"] else condition

    def _segment(self, name: str, segments: frozenset[str]) -> Condition:
        if name not in self.config.segments:
            near = nearest(name, tuple(self.config.segments))
            raise UsageError(f"There is no segment @{name}.", f"Did you mean @{near}?" if near else "Segments are named in plaincrm.toml.")
        if name in segments:
            raise UsageError(f"The segment @{name} names itself.", "Take it out of its own query in plaincrm.toml.")
        return self.query(self.config.segments[name], segments | {name})

    def _words(self, text: str) -> Condition:
        parts = [matching_files(word) for word in split_words(text)]
        sql = " and ".join(f"c.file in ({query})" for query, _values in parts) or "true"
        return Condition(sql, tuple(value for _query, values in parts for value in values))

    def _field(self, key: str, sign: str, value: str) -> Condition:
        if key in ("customer", "id", "file"):
            column = "c.customer" if key != "file" else "(select path from files where files.file = c.file)"
            return self._any(f"fold({column})", value)
        if key == "last_contact":
            return self._compared(SPOKEN, sign, value, "date")
        if key == "revenue":
            return self._revenue(sign, value)
        field = self.schema.table.find(key)
        if field is None:
            near = nearest(key, (*self.schema.table.customer, "last_contact", "revenue", "customer"))
            raise UsageError(f"There is no field {key} to ask for.", f"Did you mean {near}?" if near else _HELP)
        if value in ("none", "any"):
            sql = "exists (select 1 from fields f where f.file = c.file and f.field = ?)"
            return Condition(sql if value == "any" else f"not {sql}", (field.key,))
        if sign in _SIGNS:
            of = "(select value from fields f where f.file = c.file and f.field = ? and f.position = 0)"
            return self._compared(of, sign, value, field.type, (field.key,))
        return self._equal(field, value)

    def _equal(self, field: Field, value: str) -> Condition:
        """Any of the values given with commas: the whole value, or for plain text a part of it."""
        wanted = [self._canonical(field, part) for part in value.split(",") if part]
        if not wanted:
            raise UsageError(f"{field.key}: a value is missing.", f"Write {field.key}:none for those without one.")
        test = "instr(fold(f.value), ?) > 0" if field.type == "text" else "fold(f.value) = ?"
        tests = " or ".join([test] * len(wanted))
        sql = f"exists (select 1 from fields f where f.file = c.file and f.field = ? and ({tests}))"  # noqa: S608
        return Condition(sql, (field.key, *wanted))

    def _canonical(self, field: Field, value: str) -> str:
        """A value as the index holds it: choices by any of their words, all else folded."""
        if field.type == "choice" and isinstance(field.choices, str):
            return unaccented(self.schema.choice(field.choices, value) or value)
        if field.type in ("channel", "permission"):
            return self.schema.channel(value) or unaccented(value)
        return unaccented(value.lstrip("#") if field.type == "tag" else value)

    def _any(self, column: str, value: str) -> Condition:
        parts = [unaccented(part) for part in value.split(",") if part]
        return Condition(" or ".join([f"instr({column}, ?) > 0"] * len(parts)) or "false", tuple(parts))

    def _revenue(self, sign: str, value: str) -> Condition:
        """Revenue of all time up to today in the vault's own currency."""
        try:
            units = to_units(parse_money(value, self.config.currency).amount)
        except MoneyError as error:
            raise UsageError(f"revenue: {error}", "Write revenue>1000.") from None
        of = "(select coalesce(sum(revenue), 0) from sales s where s.file = c.file and s.date <= ? and s.currency = ?)"
        return Condition(f"{of} {_SIGNS.get(sign, '=')} ?", (self.today.isoformat(), self.config.currency, units))

    def _compared(self, of: str, sign: str, value: str, kind: str, before: tuple[object, ...] = ()) -> Condition:
        parameters = before or (self.today.isoformat(),)
        if value in ("none", "any"):
            return Condition(f"{of} is {'not ' if value == 'any' else ''}null", parameters)
        operator = _SIGNS.get(sign, "=")
        if kind in _DATES:
            day = spoken_date(value, self.today)
            if day is None:
                raise UsageError(f"{value} is no date.", "Write it as 2026-12-01, tomorrow or +2w.")
            return Condition(f"{of} {operator} ?", (*parameters, day.isoformat()))
        if kind in _NUMBERS:
            if not re.fullmatch(r"-?\d+(?:\.\d+)?", value):
                raise UsageError(f"{value} is no number.", "Compare with digits, as size>10.")
            return Condition(f"cast({of} as real) {operator} ?", (*parameters, float(value)))
        raise UsageError(f"Only dates and numbers can be compared with {sign}.", "Use a colon: city:Turku.")


_HELP = 'Write words like stage:customer, tag:café, owner:liisa, -tag:paused, last_contact<2026-01-01, "free words".'
