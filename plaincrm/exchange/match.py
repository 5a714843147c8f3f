"""Which customer another program means: by an id, an address or the whole name, and never by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from plaincrm.exchange.incoming import Party
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.language import unaccented
from plaincrm.records.names import name_words
from plaincrm.records.values import BadValue, read_value

_BY_IDENTITY = """
    select distinct file, c.customer, c.name, path, shown from identities i
    join customers c using (file) join files using (file) where kind = ? and value = ? order by path
    """
_NEAR = 3  # customers that are named beside one that was not found
_LIKE = 75  # of 100 points of RapidFuzz
_LONG = 4  # letters of a name that may be found within a text


class Match(NamedTuple):
    """The customers that a party is, and by what it was known; none, or several, settle nothing."""

    customers: tuple[Named, ...]
    through: str

    @property
    def one(self) -> Named | None:
        """The customer, where it is one."""
        return self.customers[0] if len(self.customers) == 1 else None


class Matcher:
    """Finds the customers of parties; each party is looked up once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._schema = index.vault.config.schema
        self._seen: dict[Party, Match] = {}

    def find(self, party: Party) -> Match:
        """The customers that a party is: what is surest decides, and only a whole name is one."""
        if party not in self._seen:
            self._seen[party] = next(self._ways(party), Match((), ""))
        return self._seen[party]

    def near(self, party: Party) -> tuple[Named, ...]:
        """Customers that are called nearly so."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 (33 ms, for whom nobody is found only)

        wanted = unaccented(party.name or party.mention)[:100]
        if not wanted:
            return ()
        found = process.extract(wanted, self._names, scorer=fuzz.WRatio, score_cutoff=_LIKE, limit=_NEAR)
        return tuple(self._customers[at] for _name, _score, at in found)

    def _ways(self, party: Party) -> Iterator[Match]:
        """Matches, the surest first; none is empty."""
        if party.customer:
            found = tuple(row for row in self._customers if row.customer == party.customer)
            if found:
                yield Match(found, "id")
        ids = self._ids(party)
        for kind, value in ids:
            if found := self._by_identity([(kind, value)]):
                yield Match(found, kind.replace("_", " "))
        if found := self._by_identity(("email", email.casefold()) for email in party.emails):
            yield Match(found, "e-mail")
        found = self._called(party.name) if party.name else ()
        if found := tuple(row for row in found if not self._contradicts(row, dict(ids))):
            yield Match(found, "name")
        if found := tuple(self._mentioned(party.mention)):
            yield Match(found, "name in it")

    def _ids(self, party: Party) -> list[tuple[str, str]]:
        """Business id and VAT number as the index compares them; a Finnish one tells the other."""
        vat_id, business_id = self._read("vat_id", party.vat_id), self._read("business_id", party.business_id)
        if not business_id and vat_id.startswith("FI"):
            business_id = self._read("business_id", vat_id[2:])
        if not vat_id and business_id:
            vat_id = f"FI{business_id.replace('-', '')}"
        pairs = (("business_id", business_id), ("vat_id", vat_id))
        return [(kind, value) for kind, value in pairs if value]

    def _read(self, key: str, text: str) -> str:
        try:
            return str(read_value(text.strip(), self._schema.table.customer[key], self._schema)) if text.strip() else ""
        except BadValue:
            return ""

    def _by_identity(self, wanted: Iterable[tuple[str, str]]) -> tuple[Named, ...]:
        rows = [row for pair in wanted for row in self._index.rows(_BY_IDENTITY, pair)]
        return tuple({row[0]: Named(*row) for row in reversed(rows)}.values())[::-1]

    def _called(self, name: str) -> tuple[Named, ...]:
        """Customers of this very name or alias, but for case, signs and the company's form."""
        words = "".join(name_words(name))
        found = self._by_identity([("name", words)]) if words else ()
        return found or self._by_alias.get(words, ())

    def _contradicts(self, found: Named, ids: dict[str, str]) -> bool:
        """Whether a customer of the same name has another id than the party."""
        rows = self._index.rows("select kind, value from identities where file = ?", (found.file,))
        return any(kind in ids and value != ids[kind] for kind, value in rows)

    def _mentioned(self, text: str) -> Iterator[Named]:
        """Customers whose whole name stands in a text."""
        words = name_words(text)
        said = f" {' '.join(words)} "
        for word in dict.fromkeys(words):
            for name, row in self._by_first_word.get(word, ()):
                if f" {name} " in said:
                    yield row

    @cached_property
    def _customers(self) -> list[Named]:
        query = "select file, customer, name, path from customers join files using (file) order by path"
        return [Named(*row) for row in self._index.rows(query)]

    @cached_property
    def _names(self) -> list[str]:
        return [unaccented(row.name) for row in self._customers]

    @cached_property
    def _by_alias(self) -> dict[str, tuple[Named, ...]]:
        by_file = {row.file: row for row in self._customers}
        rows = self._index.rows("select file, value from fields where field = 'aliases' and known = 1 order by file")
        found: dict[str, tuple[Named, ...]] = {}
        for file, alias in rows:
            words = "".join(name_words(alias))
            found[words] = (*found.get(words, ()), by_file[file]) if words else ()
        return found

    @cached_property
    def _by_first_word(self) -> dict[str, list[tuple[str, Named]]]:
        found: dict[str, list[tuple[str, Named]]] = {}
        for row in self._customers:
            words = name_words(row.name)
            if sum(map(len, words)) >= _LONG:
                found.setdefault(words[0], []).append((" ".join(words), row))
        return found
