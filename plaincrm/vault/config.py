"""plaincrm.toml: data only, every setting checked against the table, every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from plaincrm.dates import Cadence, Duration, Period, parse_duration
from plaincrm.document.source import Source, decode
from plaincrm.errors import Fault, fault
from plaincrm.language import canonical, fold
from plaincrm.records.stages import STAGES, TIERS
from plaincrm.vault.settings import BY_PLACE, FIELD_TYPES, SETTINGS, Setting

if TYPE_CHECKING:  # needed only where notes are read, or the vault has fields of its own
    from plaincrm.records.fields import Field
    from plaincrm.records.schema import Schema
    from plaincrm.worktime import Hours, Target, WorkingTime

NAME = "plaincrm.toml"
_GAP = Duration(3, "d")
_FAR = Duration(2, "y")
SEVERITIES = ("error", "warning", "hint", "off")
_NONE: Mapping[str, Any] = MappingProxyType({})


class _Settings(NamedTuple):
    name: str = ""
    records: tuple[str, ...] = ("customers/**/*.md",)
    ignore: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    currency: str = "EUR"
    names_currency: bool = False  # whether the settings name it
    country: str = ""
    subdivision: str = ""
    timezone: str = ""
    stages: tuple[str, ...] = STAGES
    active: tuple[str, ...] = STAGES[1:-1]
    closed: tuple[str, ...] = ("former",)
    tiers: tuple[str, ...] = TIERS
    channels: Mapping[str, str] = _NONE
    cadence: Cadence | None = None
    tier_cadence: Mapping[str, Cadence] = _NONE
    stage_cadence: Mapping[str, Cadence] = _NONE
    days: int = 7
    gap: Duration = _GAP
    forgotten: int = 2
    hours: Mapping[str, Hours] = _NONE  # by weekdays, date, or day of every year
    closed_days: tuple[Period | str, ...] = ()
    response: str = "1 working day"
    tier_response: Mapping[str, str] = _NONE
    verify_after: Duration | None = None
    keep_leads: Duration | None = None
    unanswered: int = 3
    far_future: Duration = _FAR
    severities: Mapping[str, str] = _NONE  # code -> severity or "off"
    path_severities: Mapping[str, Mapping[str, str]] = _NONE  # the same by glob
    fields: tuple[Field, ...] = ()
    segments: Mapping[str, str] = _NONE
    rates: Mapping[str, Decimal] = _NONE
    faults: tuple[Fault, ...] = ()


class Config(_Settings):
    """A vault's settings, read and sound; what was not sound has its default, and a fault says so."""

    @cached_property
    def schema(self) -> Schema:
        """How notes of the vault are read."""
        from plaincrm.records.fields import FieldTable  # noqa: PLC0415
        from plaincrm.records.schema import Schema  # noqa: PLC0415

        return Schema(
            table=FieldTable(self.fields),
            stages=self.stages,
            tiers=self.tiers,
            owners=self.owners,
            own_channels=self.channels,
            currency=self.currency,
            country=self.country,
            names_currency=self.names_currency,
            unanswered=self.unanswered,
        )

    @cached_property
    def working_time(self) -> WorkingTime:
        """When somebody is there to answer."""
        from plaincrm.worktime import working_time  # noqa: PLC0415

        return working_time(self.hours, self.closed_days, self.timezone, self.country, self.subdivision)

    def target(self, respond_within: str | None, tier: str | None) -> Target:
        """How soon to answer a customer: as its own note says, else as its tier, else as everybody."""
        from plaincrm.worktime import parse_target  # noqa: PLC0415

        for text in (respond_within, self.tier_response.get(tier or ""), self.response):
            if text and (found := parse_target(text)):
                return found
        raise AssertionError("the setting has a default, and was read as a response time")


def read_config(data: bytes) -> Config:
    """The settings of a vault. Never raises: a setting that is not sound is named and its default is used."""
    source = decode(data)
    if source.refusal:
        return Config(faults=(source.refusal,))
    try:
        tables = tomllib.loads(source.text[source.start :].replace("\r\n", "\n"), parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        return Config(faults=(_toml_fault(str(error), source),))
    reader = _Reader(source.text)
    return reader.read(tables)


def _toml_fault(message: str, source: Source) -> Fault:
    """The words of tomllib with the place taken out and turned into an offset."""
    problem, _, place = message.partition(" (at ")
    end = at = len(source.text)
    match = re.match(r"line (\d+), column (\d+)", place)
    if match:
        line, column = int(match[1]), int(match[2])
        at = source.line_starts[line - 1] + column - 1 + (source.start if line == 1 else 0)
    letter = source.text[at : at + 1]
    if letter.isalpha() and not letter.isascii():
        problem = f"a name with the letter {letter} needs quotes around it"
    return fault("bad-toml", min(at, end), min(at + 1, end), problem=problem)


class _Reader:
    """Takes the tables apart setting by setting, collecting faults."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []

    def read(self, tables: Mapping[str, Any]) -> Config:
        found = {(table, key): value for table, key, value in self._flat(tables)}

        def get(table: str, key: str) -> Any:  # noqa: ANN401 (the setting's kind tells)
            setting = BY_PLACE[table, key]
            value = found.get((table, key))
            return _default(setting) if value is None else value

        def named(table: str, start: str = "") -> dict[str, Any]:
            keys = [(place, key) for place, key in found if place == table and key.startswith(start) and key]
            plain = {row.key for row in SETTINGS if row.table == table}
            return {key[len(start) :]: found[place, key] for place, key in keys if key not in plain}

        stages, tiers = get("stages", "order") or STAGES, get("tiers", "order") or TIERS
        return Config(
            name=get("vault", "name"),
            records=get("vault", "records"),
            ignore=get("vault", "ignore"),
            owners=get("vault", "owners"),
            currency=get("vault", "currency"),
            names_currency=("vault", "currency") in found,
            country=get("vault", "country"),
            subdivision=get("vault", "subdivision"),
            timezone=get("vault", "timezone"),
            stages=stages,
            active=self._known("stages", "active", get("stages", "active"), stages) or stages[1:-1],
            closed=self._known("stages", "closed", get("stages", "closed"), stages) or stages[-1:],
            tiers=tiers,
            channels=named("channels"),
            cadence=get("cadence", "default"),
            tier_cadence=self._of("cadence", "tier.", named("cadence", "tier."), tiers),
            stage_cadence=self._of("cadence", "stage.", named("cadence", "stage."), stages),
            days=int(get("agenda", "days")),
            gap=get("agenda", "gap"),
            forgotten=int(get("agenda", "forgotten")),
            hours=named("hours"),
            closed_days=get("hours", "closed"),
            response=get("response", "default"),
            tier_response=self._of("response", "tier.", named("response", "tier."), tiers),
            verify_after=get("check", "verify_after"),
            keep_leads=get("check", "keep_leads"),
            unanswered=int(get("check", "unanswered")),
            far_future=get("check", "far_future"),
            severities=named("check", "severity."),
            path_severities=named("check", "paths."),
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
                if (table, f"{key}.*") in BY_PLACE and nested:
                    for name, inner in nested.items():
                        yield from self._one(table, name, inner)
                else:
                    yield from self._one(table, key, value)

    def _one(self, table: str, key: str, value: object) -> Iterator[tuple[str, str, Any]]:
        general = f"{key.partition('.')[0]}.*" if "." in key else "*"
        setting = BY_PLACE.get((table, key)) or BY_PLACE.get((table, general)) or BY_PLACE.get((table, "*"))
        if setting is None:
            known = {row.key for row in SETTINGS if row.table == table}
            self._fault("unknown-setting", table, key, setting=f"{table}.{key}", hint=_near(key, known))
            return
        of_key = _OF_KEY.get(setting.kind)
        read = of_key(key, value) if of_key else _read(setting.kind, value)
        if read is None:
            self._fault("bad-setting", table, key, setting=f"{table}.{key}", wanted=_KINDS[setting.kind])
        else:
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
                setting = f"{table}.{start}{name}"
                self._fault("unknown-setting", table, name, setting=setting, hint=_near(name, set(allowed)))
        return {name: value for name, value in values.items() if name in allowed}

    def _fault(self, code: str, table: str, key: str, **facts: str) -> None:
        nested = (table, f"{key.partition('.')[0]}.*") in BY_PLACE
        start, end = setting_place(self.text, table, key.partition(".")[2] if nested else key)
        self.faults.append(fault(code, start, end, **facts))


def setting_place(text: str, table: str, key: str) -> tuple[int, int]:
    """Where a setting stands: its key in its table, or the heading of the table; where neither is, the first line."""
    heading = re.search(rf"^[ \t]*\[+[ \t]*({re.escape(table or key)})[ \t.\]]", text, re.MULTILINE)
    if heading and not table:
        return heading.span(1)
    begin = heading.end() if heading else 0
    others = re.compile(rf"^[ \t]*\[(?!\[?[ \t]*{re.escape(table)}[ \t.\]])", re.MULTILINE).search(text, begin)
    word = rf"(?:^|[{{,.])[ \t]*[\"']?({re.escape(key)})[\"']?[ \t]*="
    match = re.compile(word, re.MULTILINE).search(text, begin, others.start() if others else len(text))
    return match.span(1) if match else heading.span(1) if heading else (0, 0)


def _near(word: str, known: set[str]) -> str:
    from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

    near = nearest(word, tuple(sorted(known - {"*"})))
    return f" Did you mean {near}?" if near else ""


def _default(setting: Setting) -> object:
    return parse_duration(setting.default) if setting.kind == "duration" and setting.default else setting.default


_KINDS = {
    "text": "a text in quotes",
    "texts": "a list of texts",
    "number": "a number of 0 or more",
    "count": "a whole number of 0 or more",
    "duration": 'a length of time such as "14d", "6w", "3m" or "1y"',
    "cadence": 'a length of time such as "14d", "6w", "3m" or "1y", or "never"',
    "currency": "a currency code such as EUR",
    "country": "a country code such as FI",
    "zone": "the IANA name of a time zone, such as Europe/Helsinki",
    "hours": 'a day such as mon, mon-fri, "12-24" or "2026-12-24", with "9-17", "9-12, 13-17" or "closed"',
    "days": 'a list of days such as "12-24", "2026-12-24" or "2026-07-06..2026-07-26"',
    "response": 'a length of working time such as "4h", "30 min" or "1 working day"',
    "severity": 'one of "error", "warning", "hint" and "off"',
    "severities": 'a table of codes, each with one of "error", "warning", "hint" and "off"',
    "channel": '"contact", "record", or the name of a known channel',
    "field": f"one of the types {', '.join(FIELD_TYPES)}, or a table with type, label, help, choices, aliases; "
    "and a name that no field has",
}


def _read(kind: str, value: object) -> object:
    """A setting's value by its kind, or None where it is none."""
    if kind == "texts":
        return (
            tuple(value) if isinstance(value, list) and all(isinstance(item, str) and item for item in value) else None
        )
    if kind in ("number", "count"):
        return _number(kind, value)
    if kind == "days":
        return _days(value)
    if kind == "severities":
        return value if isinstance(value, dict) and all(item in SEVERITIES for item in value.values()) else None
    return _OF_TEXT[kind](value) if isinstance(value, str) else None


def _number(kind: str, value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        return None
    number = Decimal(value)
    return number if 0 <= number < 1_000_000 and (kind == "number" or number == int(number)) else None


def _response(text: str) -> str | None:
    from plaincrm.worktime import parse_target  # noqa: PLC0415

    return text if parse_target(text) else None


_OF_TEXT: Mapping[str, Callable[[str], object]] = {
    "text": lambda text: text,
    "duration": parse_duration,
    "cadence": lambda text: parse_duration(text) or ("never" if canonical("days", text) == "never" else None),
    "currency": lambda text: text if re.fullmatch(r"[A-Z]{3}", text) else None,
    "country": lambda text: text if re.fullmatch(r"[A-Z]{2}", text) else None,
    "severity": lambda text: text if text in SEVERITIES else None,
    "zone": lambda text: text if re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*", text) else None,
    "response": _response,
    "channel": lambda text: text if text in ("contact", "record") else canonical("channels", text),
}


def _days(value: object) -> tuple[Period | str, ...] | None:
    from plaincrm.worktime import parse_closed  # noqa: PLC0415

    if not isinstance(value, list):
        return None
    days = [parse_closed(item) if isinstance(item, str) else None for item in value]
    return None if None in days else tuple(day for day in days if day)


def _hours_of(key: str, value: object) -> Hours | None:
    """The hours of a day or some weekdays; None where either is not sound."""
    from plaincrm.worktime import parse_hours, parse_hours_day  # noqa: PLC0415

    return parse_hours(value) if isinstance(value, str) and parse_hours_day(key) else None


def _field_of(key: str, value: object) -> Field | None:
    """A user's own field from its type alone or its table; None where that is not sound."""
    from plaincrm.records.fields import CUSTOMER_FIELDS, Field  # noqa: PLC0415

    row = {"type": value} if isinstance(value, str) else value
    if not isinstance(row, dict) or not set(row) <= {"type", "label", "help", "choices", "aliases"}:
        return None
    kind, choices, aliases = row.get("type", "text"), row.get("choices", []), row.get("aliases", [])
    texts = [*choices, *aliases] if isinstance(choices, list) and isinstance(aliases, list) else [None]
    if (
        kind not in FIELD_TYPES
        or (kind == "choice") != bool(choices)
        or not all(isinstance(text, str) for text in texts)
    ):
        return None
    if not key.strip() or any(fold(key) == fold(core.key) for core in CUSTOMER_FIELDS):
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


_OF_KEY: Mapping[str, Callable[[str, object], object]] = {"field": _field_of, "hours": _hours_of}
