"""Rows of a table as customers, contact persons and deals: each cell by what its column means, read strictly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from plaincrm.exchange.presets import Preset, general
from plaincrm.exchange.tables import Rejected, Row, Table
from plaincrm.language import canonical, fold
from plaincrm.money import decimal_text
from plaincrm.records.fields import Field
from plaincrm.records.incoming import Incoming, Kind, OfferedDeal, Rejection, Remark
from plaincrm.records.model import Contact
from plaincrm.records.names import has_legal_form
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, as_text, read_value

_DEAL = ("value", "opened", "chance", "expected", "won", "lost", "reason")
_YES = frozenset(("yes", "true", "1", "x", "y", "t"))
_MONEY = Field("value", "money", "")


@dataclass(frozen=True)
class Columns:
    """What each column of a table means: header -> target, and the preset that says so."""

    preset: Preset
    columns: Mapping[str, str]
    unmapped: tuple[str, ...]
    ignored: tuple[str, ...]  # knowingly


def mapping_of(table: Table, preset: Preset | None, told: Mapping[str, str], schema: Schema) -> Columns:
    """What the columns mean: as told, else as the preset says, else by the names that columns usually have."""
    chosen, usual = preset or general(), general().columns
    said = {fold(header): target for header, target in told.items()}
    columns, unmapped, ignored = dict[str, str](), list[str](), list[str]()
    for header in table.headers:
        key = fold(header)
        target = said.get(key, chosen.columns.get(key, usual.get(key) if preset is None else None))
        if target is None:
            known = schema.table.find(header)
            target = known.key if known else None
        if target is None:
            unmapped.append(header)
        elif target:
            columns[header] = target
        else:
            ignored.append(header)
    ranked = {key: place for place, key in enumerate(chosen.columns)}
    ordered = sorted(columns, key=lambda header: ranked.get(fold(header), len(ranked)))
    return Columns(chosen, {header: columns[header] for header in ordered}, tuple(unmapped), tuple(ignored))


def incoming(table: Table, mapping: Columns, schema: Schema, file: str) -> Iterator[Incoming | Rejection]:
    """Each row as what it says; one that says nothing of use with the reason."""
    for row in table.rows():
        if isinstance(row, Rejected):
            yield Rejection(file, row.line, row.why)
        else:
            yield _Reader(table, mapping, schema, row).read(file)


@dataclass
class _Reader:
    """One row on its way."""

    table: Table
    mapping: Columns
    schema: Schema
    row: Row
    left_out: list[str] = field(default_factory=list)

    def read(self, file: str) -> Incoming | Rejection:
        """The row as what it says."""
        said, flags = defaultdict[str, list[tuple[str, str]]](list), defaultdict[str, list[str]](list)
        for header, target in self.mapping.columns.items():
            cell = self._cell(header)
            if cell and "=" in target:
                key, _, value = target.partition("=")
                flags[key] += [value] if canonical("answers", cell) == "yes" or fold(cell) in _YES else []
            elif cell:
                said[target].append((header, cell))
        fields = {key: tuple(found) for key, texts in said.items() if (found := self._values(key, texts))}
        for key, values in flags.items():
            if values:
                fields[key] = (*fields.get(key, ()), *values)
        return self._record(file, {key: texts[0][1] for key, texts in said.items()}, fields, said["note"])

    def _record(
        self, file: str, said: Mapping[str, str], fields: dict[str, tuple[str, ...]], notes: list[tuple[str, str]]
    ) -> Incoming | Rejection:
        preset, line = self.mapping.preset, self.row.line
        parts = [said.get(part, "") for part in ("first_name", "middle_name", "last_name")]
        person = " ".join(part for part in parts if part)
        name = " ".join((said.get("name") or person).split())
        company = said.get("company", "")
        kind: Kind = preset.kind
        if kind == "customer":
            kind = "deal" if "deal" in said else "person" if person else kind
        if not name and kind != "deal":
            name, company = (company, "") if company else ("", "")
            kind = "company" if name and kind == "person" else kind
        if not name and kind != "deal":
            return Rejection(file, line, "it has no name")
        if not name.isprintable():
            return Rejection(file, line, "its name holds signs that cannot be seen")
        deal = self._deal(said) if "deal" in said else None
        if kind == "deal" and deal is None:
            return Rejection(file, line, "it has no name of a deal")
        contact = self._contact(said) if kind != "person" else None
        if contact:
            fields["contacts"] = (*fields.get("contacts", ()), contact)
        fields.pop("name", None)
        fields.pop("company", None)
        if kind == "customer" and "type" in fields:
            kind = "company" if self._is_company(fields["type"]) else kind
        elif kind == "customer" and ("business_id" in fields or "vat_id" in fields or has_legal_form(name)):
            kind = "company"
        elif kind == "customer" and company and company != name:
            kind = "person"
        if kind in ("company", "person"):
            fields["type"] = (kind,)
        return Incoming(
            file,
            line,
            kind,
            name,
            fields,
            ids=(*fields.pop("ids", ()), *((f"{self._source()}:{said['id']}",) if "id" in said else ())),
            company=" ".join(company.split()) or (name if kind == "deal" else ""),
            company_ids=self._company_ids(said),
            remarks=tuple(Remark(text, self._note_day(said)) for _header, text in notes),
            deal=deal,
            left_out=tuple(self.left_out),
            defaults=preset.defaults,
            path=said.get("file", ""),
        )

    def _cell(self, header: str) -> str:
        """What a cell says, in the preset's words where it has some for it."""
        cell = self.row.cells.get(header, "")
        words = self.mapping.preset.words.get(fold(header))
        if not cell or words is None or self.mapping.columns[header] == "tags":
            return cell
        return words.get(fold(cell), cell)

    def _is_company(self, types: tuple[str, ...]) -> bool:
        return self.schema.choice("types", types[0]) == "company"

    def _source(self) -> str:
        """What an id is said to be of: as the preset says, else as its column is called."""
        header = next(header for header, target in self.mapping.columns.items() if target == "id")
        return self.mapping.preset.source or "-".join(header.casefold().split())

    def _company_ids(self, said: Mapping[str, str]) -> tuple[str, ...]:
        source, text = self.mapping.preset.company_source, said.get("company_id", "")
        return tuple(f"{source}:{part.strip()}" for part in re.split("[;,]", text) if part.strip()) if source else ()

    def _note_day(self, said: Mapping[str, str]) -> date | None:
        return self.table.day(said["note_date"]) if "note_date" in said else None

    def _values(self, key: str, texts: list[tuple[str, str]]) -> list[str]:
        """The sound values of a customer's field; the others are told as left out."""
        known = self.schema.table.customer.get(key)
        if known is None:
            return []
        found = dict[str, None]()
        for header, text in texts:
            for part in self._parts(text, known, header):
                try:
                    value = self._as_written(part, known)
                    read_value(value, known, self.schema)
                except BadValue:
                    self.left_out.append(f"{header} {part[:60]}: no {known.label()}")
                else:
                    found.setdefault(value)
        return list(found) if known.many else list(found)[:1]

    def _parts(self, text: str, known: Field, header: str) -> list[str]:
        """The values of a cell, of which a list may have several."""
        if known.key == "email" and text.casefold().startswith("/o="):
            return []  # an address within somebody's Exchange
        if not known.many and known.type != "email":
            return [text]
        separator = self.mapping.preset.separator
        signs = {separator or ";", ";"} | ({","} if known.type in ("email", "tag") else set())
        parts = [part.strip() for part in re.split("|".join(map(re.escape, sorted(signs))), text)]
        words = self.mapping.preset.words.get(fold(header), {})
        return [word for part in parts if part and (word := words.get(fold(part), part))]

    def _as_written(self, text: str, known: Field) -> str:
        """A value as a note has it: days and numbers in the form of all notes, a tag in one word."""
        if known.type in ("date", "birthday") and not text.startswith("--"):
            day = self.table.day(text)
            return day.isoformat() if day else text
        if known.type == "number":
            number = self.table.number(text)
            return text if number is None else as_text(number)
        if known.type in ("business_id", "vat_id"):
            return as_text(read_value(text, known, self.schema))
        if known.type == "tag":
            return re.sub(r"\s+", "-", text.lstrip("*# ").strip())
        if known.type == "text":
            return " ".join(text.split())
        return text.strip()

    def _contact(self, said: Mapping[str, str]) -> str:
        """The contact person of a row that is about a company."""
        name, mail, phone, role = (
            " ".join(said.get(f"contact_{part}", "").split()) for part in ("name", "email", "phone", "role")
        )
        if not (name or mail or phone):
            return ""
        text = as_text(Contact(re.sub("[<>()]", "", name), mail, phone, re.sub("[()]", "", role)))
        try:
            read_value(text, self.schema.table.customer["contacts"], self.schema)
        except BadValue:
            self.left_out.append(f"{text[:60]}: no contact person")
            return ""
        return text

    def _deal(self, said: Mapping[str, str]) -> OfferedDeal:
        """The deal of a row, with the day of its end where that is told by its state."""
        found = {part: value for part in _DEAL if part in said and (value := self._deal_part(part, said))}
        state = fold(said.get("state", ""))
        for end in ("won", "lost"):
            if state == end and end not in found:
                if "expected" in found:
                    found[end] = found.pop("expected")
                else:
                    self.left_out.append(f"{end}: no day is told on which it was {end}")
            elif state and state != end:
                found.pop(end, None)
        if "lost" not in found:
            found.pop("reason", None)
        return OfferedDeal(" ".join(said["deal"].split()), **found)

    def _deal_part(self, part: str, said: Mapping[str, str]) -> str:
        text = said[part]
        if part == "reason":
            return " ".join(text.split())
        if part in ("value", "chance"):
            number = self.table.number(text.rstrip("% "))
            if number is None:
                self.left_out.append(f"{part} {text[:60]}: no number that can be read in one way")
                return ""
            if part == "value":
                return self._money(f"{decimal_text(number)} {self._currency(text, said)}", text)
            per_cent = number * 100 if "%" not in text and number <= 1 else number
            return f"{per_cent.quantize(1)} %" if 0 <= per_cent <= 100 else ""
        day = self.table.day(text)
        if day is None:
            self.left_out.append(f"{part} {text[:60]}: no day that can be read in one way")
        return day.isoformat() if day else ""

    def _currency(self, text: str, said: Mapping[str, str]) -> str:
        written = re.search("[A-Z]{3}", text)
        signs = {"€": "EUR", "$": "USD", "£": "GBP"}
        return (
            said.get("currency") or (written[0] if written else "") or signs.get(text.strip()[-1], self.schema.currency)
        )

    def _money(self, amount: str, typed: str) -> str:
        try:
            return str(read_value(amount, _MONEY, self.schema))
        except BadValue:
            self.left_out.append(f"value {typed[:60]}: no amount of money")
            return ""
