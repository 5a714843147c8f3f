"""plaincrm.toml: data only, every setting checked against the table, every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from plaincrm.dates import Duration, parse_duration
from plaincrm.document.source import decode
from plaincrm.errors import Fault, fault
from plaincrm.language import canonical, fold, words
from plaincrm.records.fields import CUSTOMER_FIELDS, Field, FieldTable
from plaincrm.records.model import Cadence
from plaincrm.records.schema import STAGES, TIERS, Schema
from plaincrm.vault.settings import BY_PLACE, FIELD_TYPES, SETTINGS, Setting

NAME = "plaincrm.toml"


@dataclass(frozen=True)
class Config:
    """A vault's settings, read and sound; what was not sound has its default, and a fault says so."""

    name: str = ""
    records: tuple[str, ...] = ("customers/**/*.md",)
    ignore: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    currency: str = "EUR"
    country: str = ""
    stages: tuple[str, ...] = STAGES
    active: tuple[str, ...] = STAGES[1:-1]
    closed: tuple[str, ...] = ("former",)
    tiers: tuple[str, ...] = TIERS
    channels: Mapping[str, str] = field(default_factory=dict)
    cadence: Cadence | None = None
    tier_cadence: Mapping[str, Cadence] = field(default_factory=dict)
    stage_cadence: Mapping[str, Cadence] = field(default_factory=dict)
    days: int = 7
    gap: Duration = Duration(3, "d")
    forgotten: int = 2
    fields: tuple[Field, ...] = ()
    segments: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def schema(self) -> Schema:
        """How notes of the vault are read."""
        return Schema(
            table=FieldTable(self.fields),
            stages=self.stages,
            tiers=self.tiers,
            owners=self.owners,
            own_channels=self.channels,
            currency=self.currency,
            country=self.country,
        )


def read_config(data: bytes) -> Config:
    """The settings of a vault. Never raises: a setting that is not sound is named and its default is used."""
    source = decode(data)
    if source.refusal:
        return Config(faults=(source.refusal,))
    try:
        tables = tomllib.loads(source.text[source.start :].replace("\r\n", "\n"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return Config(faults=(_toml_fault(str(error), source.text),))
    reader = _Reader(source.text)
    return reader.read(tables)


def _toml_fault(message: str, text: str) -> Fault:
    """tomllib's words with its place taken out and turned into an offset."""
    match = re.search(r"\s*\(at line (\d+), column (\d+)\)", message)
    at = len(text)
    if match:
        lines = text.split("\n")
        at = sum(len(line) + 1 for line in lines[: int(match[1]) - 1]) + int(match[2]) - 1
        message = message[: match.start()]
    return fault("bad-toml", min(at, len(text)), min(at + 1, len(text)), problem=message)


class _Reader:
    """Takes the tables apart setting by setting, collecting faults."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []

    def read(self, tables: Mapping[str, Any]) -> Config:
        found = {(table, key): value for table, key, value in self._flat(tables)}

        def get(table: str, key: str) -> Any:
            setting = BY_PLACE[table, key]
            value = found.get((table, key))
            return _default(setting) if value is None else value

        def named(table: str, start: str = "") -> dict[str, Any]:
            keys = [(place, key) for place, key in found if place == table and key.startswith(start) and key]
            plain = {row.key for row in SETTINGS if row.table == table}
            return {key[len(start) :]: found[place, key] for place, key in keys if key not in plain}

        stages = get("stages", "order")
        return Config(
            name=get("vault", "name"),
            records=get("vault", "records"),
            ignore=get("vault", "ignore"),
            owners=get("vault", "owners"),
            currency=get("vault", "currency"),
            country=get("vault", "country"),
            stages=stages,
            active=self._known("stages", "active", get("stages", "active"), stages) or stages[1:-1],
            closed=self._known("stages", "closed", get("stages", "closed"), stages) or stages[-1:],
            tiers=get("tiers", "order"),
            channels=named("channels"),
            cadence=get("cadence", "default"),
            tier_cadence=self._of("cadence", "tier.", named("cadence", "tier."), get("tiers", "order")),
            stage_cadence=self._of("cadence", "stage.", named("cadence", "stage."), stages),
            days=int(get("agenda", "days")),
            gap=get("agenda", "gap"),
            forgotten=int(get("agenda", "forgotten")),
            fields=tuple(named("fields").values()),
            segments=named("segments"),
            rates={key.upper(): value for key, value in named("rates").items()},
            faults=tuple(self.faults),
        )

    def _flat(self, tables: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Every setting of the file that is known and sound."""
        known = {row.table for row in SETTINGS}
        for table, settings in tables.items():
            if table not in known or not isinstance(settings, dict):
                self._fault("unknown-setting", "", table, setting=table, hint=_near(table, known))
                continue
            for key, value in settings.items():
                nested = {f"{key}.{inner}": v for inner, v in value.items()} if isinstance(value, dict) else {}
                if table == "cadence" and nested:
                    for name, inner in nested.items():
                        yield from self._one(table, name, inner)
                else:
                    yield from self._one(table, key, value)

    def _one(self, table: str, key: str, value: Any) -> Iterator[tuple[str, str, Any]]:
        general = f"{key.partition('.')[0]}.*" if "." in key else "*"
        setting = BY_PLACE.get((table, key)) or BY_PLACE.get((table, general))
        if setting is None:
            known = {row.key for row in SETTINGS if row.table == table}
            self._fault("unknown-setting", table, key, setting=f"{table}.{key}", hint=_near(key, known))
            return
        read = _field_of(key, value) if setting.kind == "field" else _read(setting.kind, value)
        if read is None or (table == "channels" and not _is_channel_kind(read)):
            what = _FIELD_HELP if setting.kind == "field" else _KINDS.get(setting.kind, "") if table != "channels" else _CHANNEL_HELP
            self._fault("bad-setting", table, key, setting=f"{table}.{key}", wanted=what)
            return
        yield table, key, read

    def _known(self, table: str, key: str, names: tuple[str, ...], allowed: tuple[str, ...]) -> tuple[str, ...]:
        """The names that are in a list of the vault's; the rest are named as faults."""
        wrong = [name for name in names if name not in allowed]
        if wrong:
            self._fault("bad-setting", table, key, setting=f"{table}.{key}", wanted=f"one of {', '.join(allowed)}")
        return tuple(name for name in names if name in allowed)

    def _of(self, table: str, start: str, values: dict[str, Any], allowed: tuple[str, ...]) -> dict[str, Any]:
        for name in values:
            if name not in allowed:
                hint = _near(name, set(allowed))
                self._fault("unknown-setting", f"{table}.{start[:-1]}", name, setting=f"{table}.{start}{name}", hint=hint)
        return {name: value for name, value in values.items() if name in allowed}

    def _fault(self, code: str, table: str, key: str, **facts: str) -> None:
        start, end = _place(self.text, table, key.rpartition(".")[2])
        self.faults.append(fault(code, start, end, **facts))


def _place(text: str, table: str, key: str) -> tuple[int, int]:
    """Where a setting stands: its key below its table's heading, or the heading of a table."""
    word = rf"(?:{re.escape(key)}|\"{re.escape(key)}\")"
    heading = re.search(rf"^[ \t]*\[+[ \t]*{re.escape(table or key)}(?:\.[^\]\n]*)?[ \t]*\]", text, re.MULTILINE)
    if not table or heading is None:
        return heading.span() if heading else (0, 0)
    match = re.compile(rf"^[ \t]*(?:[\w.-]+\.)?({word})[ \t]*=", re.MULTILINE).search(text, heading.end())
    return match.span(1) if match else heading.span()


def _near(word: str, known: set[str]) -> str:
    from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

    near = nearest(word, tuple(sorted(known - {"*"})))
    return f" Did you mean {near}?" if near else ""


def _default(setting: Setting) -> Any:
    return parse_duration(setting.default) if setting.kind == "duration" and setting.default else setting.default


_KINDS = {
    "text": "a text in quotes",
    "texts": "a list of texts",
    "number": "a number of 0 or more",
    "duration": 'a length of time such as "14d", "6w", "3m" or "1y", or "never"',
    "currency": "a currency code such as EUR",
    "country": "a country code such as FI",
}
_CHANNEL_HELP = '"contact", "record", or the name of a known channel'
_FIELD_HELP = f"one of the types {', '.join(FIELD_TYPES)}, or a table with type, label, help, choices, aliases"


def _read(kind: str, value: Any) -> Any:
    """A setting's value by its kind, or None where it is none."""
    if kind == "texts":
        good = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        return tuple(value) if good else None
    if kind == "number":
        good = isinstance(value, int | Decimal) and not isinstance(value, bool) and 0 <= value < 1_000_000
        return Decimal(value) if good else None
    if not isinstance(value, str):
        return None
    if kind == "duration":
        return "never" if canonical("days", value) == "never" else parse_duration(value)
    if kind == "currency":
        return value if re.fullmatch(r"[A-Z]{3}", value) else None
    if kind == "country":
        return value if re.fullmatch(r"[A-Z]{2}", value) else None
    return value


def _is_channel_kind(kind: str) -> bool:
    return kind in ("contact", "record") or kind in words("channels").values()


def _field_of(key: str, value: Any) -> Field | None:
    """A user's own field from its type alone or its table; None where that is not sound."""
    row = {"type": value} if isinstance(value, str) else value
    if not isinstance(row, dict) or not set(row) <= {"type", "label", "help", "choices", "aliases"}:
        return None
    kind, choices, aliases = row.get("type", "text"), row.get("choices", []), row.get("aliases", [])
    texts = [*choices, *aliases] if isinstance(choices, list) and isinstance(aliases, list) else [None]
    if kind not in FIELD_TYPES or not all(isinstance(text, str) for text in texts) or (kind == "choice") != bool(choices):
        return None
    if any(fold(key) == fold(core.key) for core in CUSTOMER_FIELDS):
        return None
    many = kind == "list"
    return Field(
        key=key,
        type="text" if many else kind.replace(" ", "_"),
        help=str(row.get("help", "")),
        many=many,
        choices=tuple(choices),
        own=str(row.get("label", key)),
        spellings=tuple(aliases),
    )
