"""plaincrm.toml: data only, every setting checked against the table, every fault with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from plaincrm.dates import Cadence, Duration, Period, parse_duration
from plaincrm.document.source import decode
from plaincrm.errors import Fault, fault
from plaincrm.language import canonical, fold
from plaincrm.records.stages import STAGES, TIERS
from plaincrm.vault.kinds import KINDS, OWN, read_setting
from plaincrm.vault.places import setting_place, toml_fault
from plaincrm.vault.playbooks import Playbook, read_playbook
from plaincrm.vault.rules import Rule
from plaincrm.vault.settings import BY_PLACE, SETTINGS, Setting
from plaincrm.vault.targets import Wanted, read_targets
from plaincrm.vault.weights import QUALITY, WEIGHTS

if TYPE_CHECKING:  # needed only where notes are read, or the vault has fields of its own
    from plaincrm.records.fields import Field
    from plaincrm.records.schema import Schema
    from plaincrm.worktime import Hours, Target, WorkingTime

NAME = "plaincrm.toml"
_GAP = Duration(3, "d")
_FAR = Duration(2, "y")
_SEASON = Duration(2, "w")
_AHEAD = Duration(4, "w")
_VALID = Duration(24, "m")
_MEASURED = Duration(6, "m")
_NONE: Mapping[str, Any] = MappingProxyType({})


class _Settings(NamedTuple):
    name: str = ""
    records: tuple[str, ...] = ("customers/**/*.md",)
    ignore: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
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
    weights: Mapping[str, int] = WEIGHTS
    season_window: Duration = _SEASON
    season_ahead: Duration = _AHEAD
    anniversary_years: int = 5
    anniversary_tiers: tuple[str, ...] = TIERS[1:]
    consent_valid: Duration | None = _VALID
    consent_ahead: Duration = _AHEAD
    growth_active: Duration = Duration(12, "m")
    growth_lost: Duration = Duration(24, "m")
    playbooks: tuple[Playbook, ...] = ()
    targets: tuple[Wanted, ...] = ()
    classes: tuple[Decimal, ...] = (Decimal(80), Decimal(95))  # per cent of the revenue at which ABC classes end
    tier_rules: Mapping[str, Rule] = _NONE  # by tier, as they stand in the file
    serving_hour: Decimal | None = None  # in the vault's currency
    serving_contact: Mapping[str, Decimal] = _NONE  # by channel
    links: str = "file"
    min_n: int = 5
    measure_every: Duration = _MEASURED
    quality: tuple[tuple[str, int], ...] = QUALITY
    verify_after: Duration | None = None
    keep_leads: Duration | None = None
    unanswered: int = 3
    far_future: Duration = _FAR
    severities: Mapping[str, str] = _NONE  # code -> severity or "off"
    path_severities: Mapping[str, Mapping[str, str]] = _NONE  # the same by glob
    mail_own: tuple[str, ...] = ()
    mail_text: int = 600
    commit: bool = False
    machine: tuple[str, ...] = ()  # patterns of authors and messages of commits that no person made
    notes: Mapping[str, tuple[str, ...]] = _NONE  # generated notes, and the words of their commands
    note_parts: tuple[str, ...] = ()
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
            rated=tuple(self.rates),
            country=self.country,
            names_currency=self.names_currency,
            season=self.season_window,
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
    import tomllib  # noqa: PLC0415 (where there are settings only)

    try:
        tables = tomllib.loads(source.text[source.start :].replace("\r\n", "\n"), parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        return Config(faults=(toml_fault(str(error), source),))
    reader = _Reader(source.text)
    return reader.read(tables)


class _Reader:
    """Takes the tables apart setting by setting, collecting faults."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.channels: Mapping[str, str] = {}

    def read(self, tables: Mapping[str, Any]) -> Config:
        found = {(table, key): value for table, key, value in self._flat(tables)}

        get, named = partial(_value_of, found), partial(_named, found)
        self.channels = named("channels")
        classes = tuple(map(Decimal, get("value", "classes")))
        stages, tiers = get("stages", "order") or STAGES, get("tiers", "order") or TIERS
        return Config(
            name=get("vault", "name"),
            records=get("vault", "records"),
            ignore=get("vault", "ignore"),
            templates=get("vault", "templates"),
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
            channels=self.channels,
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
            weights={**WEIGHTS, **self._weights(named("agenda", "weights."))},
            season_window=get("season", "window"),
            season_ahead=get("season", "ahead"),
            anniversary_years=int(get("anniversaries", "years")),
            anniversary_tiers=self._known("anniversaries", "tiers", get("anniversaries", "tiers"), tiers) or tiers[1:],
            consent_valid=_length(get("permissions", "valid")),
            consent_ahead=get("permissions", "ahead"),
            growth_active=get("growth", "active"),
            growth_lost=get("growth", "lost"),
            playbooks=tuple(self._playbooks(tables.get("playbooks"), named("playbooks"), stages, tiers)),
            targets=tuple(read_targets(_targets_of(found), stages, named("fields").values(), self._no_target)),
            classes=classes,
            tier_rules=dict(self._tier_rules(named("tiers", "rules."), tiers, len(classes) + 1)),
            serving_hour=get("serving", "hour"),
            serving_contact=dict(self._contact_costs(named("serving", "contact."))),
            **self._of_reports(get, named),
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
                if nested and ((table, f"{key}.*") in BY_PLACE or table in _TABLES_OF_TABLES):
                    for name, inner in nested.items():
                        yield from self._one(table, name, inner)
                else:
                    yield from self._one(table, key, value)

    def _one(self, table: str, key: str, value: object) -> Iterator[tuple[str, str, Any]]:
        name, _, inner = key.rpartition(".")
        places = (key, f"{key.partition('.')[0]}.*" if name else "*", f"*.{inner}" if name else "*", "*")
        setting = next((BY_PLACE[table, place] for place in places if (table, place) in BY_PLACE), None)
        if setting is None:
            known = {row.key.replace("*.", f"{name}.") for row in SETTINGS if row.table == table}
            self._fault("unknown-setting", table, key, setting=f"{table}.{key}", hint=_near(key, known))
            return
        read = read_setting(setting.kind, key, value)
        if read is None:
            self._fault("bad-setting", table, key, setting=f"{table}.{key}", wanted=KINDS[setting.kind])
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

    def _weights(self, values: dict[str, Decimal]) -> dict[str, int]:
        return {name: int(points) for name, points in self._of("agenda", "weights.", values, tuple(WEIGHTS)).items()}

    def _of_reports(self, get: Callable[[str, str], Any], named: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """The settings of what reports show and judge, and of what is done with what was written."""
        return {
            "links": get("report", "links"),
            "mail_own": get("mail", "own"),
            "mail_text": int(get("mail", "text")),
            "commit": get("git", "commit"),
            "machine": get("git", "machine"),
            "notes": named("notes"),
            "note_parts": get("notes", "parts"),
            "min_n": int(get("experience", "min_n")),
            "measure_every": get("experience", "measure_every"),
            "quality": self._quality(named("quality"), named("fields")),
        }

    def _quality(self, values: dict[str, Decimal], own: dict[str, Any]) -> tuple[tuple[str, int], ...]:
        """The weights of fields that there are; those of the table where none is named."""
        if not values:
            return QUALITY
        from plaincrm.records.fields import CUSTOMER_FIELDS  # noqa: PLC0415 (for vaults that weigh fields)

        known = (*(field.key for field in CUSTOMER_FIELDS), *own)
        return tuple((name, int(weight)) for name, weight in self._of("quality", "", values, known).items()) or QUALITY

    def _playbooks(
        self, written: object, found: dict[str, Any], stages: tuple[str, ...], tiers: tuple[str, ...]
    ) -> Iterator[Playbook]:
        """The playbooks that are sound in every setting; what is wrong with the others is told."""
        for name, row in written.items() if isinstance(written, dict) else ():
            if not isinstance(row, dict):
                continue
            sound = {key: found[f"{name}.{key}"] for key in row if f"{name}.{key}" in found}

            def wrong(key: str, wanted: str, name: str = name) -> None:
                self._fault("bad-setting", "playbooks", f"{name}.{key}", setting=f"playbooks.{name}", wanted=wanted)

            playbook = (
                read_playbook(name, sound, stages, tiers, self._channel, wrong) if len(sound) == len(row) else None
            )
            if playbook:
                yield playbook

    def _no_target(self, key: str, known: Collection[str]) -> None:
        near = _near(key.partition(".")[2], set(known))
        self._fault("unknown-setting", "targets", key, setting=f"targets.{key}", hint=near)

    def _tier_rules(self, rules: dict[str, Rule], tiers: tuple[str, ...], classes: int) -> Iterator[tuple[str, Rule]]:
        """The rules that can come true: of tiers above the lowest, which takes all others, and of classes there are."""
        last = chr(ord("A") + classes - 1)
        for tier, rule in self._of("tiers", "rules.", rules, tiers).items():
            if tier != tiers[0] and all(name <= last for bound in rule for name in bound.classes):
                yield tier, rule
            else:
                wanted = f"classes from A to {last}, and a tier above {tiers[0]}, which is for all others"
                self._fault("bad-setting", "tiers", f"rules.{tier}", setting=f"tiers.rules.{tier}", wanted=wanted)

    def _contact_costs(self, costs: dict[str, Decimal]) -> Iterator[tuple[str, Decimal]]:
        """What contacts cost by channel, whatever word names it."""
        for word, cost in costs.items():
            channel = self._channel(word)
            if channel:
                yield channel, cost
            else:
                setting = f"serving.contact.{word}"
                self._fault(
                    "bad-setting", "serving", f"contact.{word}", setting=setting, wanted="the name of a channel"
                )

    def _channel(self, word: str) -> str | None:
        """The channel a word names, the vault's own before the common ones."""
        own = {fold(name): name if kind in OWN else kind for name, kind in self.channels.items()}
        return own.get(fold(word)) or canonical("channels", word)

    def _fault(self, code: str, table: str, key: str, **facts: str) -> None:
        name, _, inner = key.rpartition(".")
        if table in _TABLES_OF_TABLES and name:
            start, end = setting_place(self.text, f"{table}.{name}", inner)
        else:
            nested = (table, f"{key.partition('.')[0]}.*") in BY_PLACE
            start, end = setting_place(self.text, table, key.partition(".")[2] if nested else key)
        self.faults.append(fault(code, start, end, **facts))


def _near(word: str, known: set[str]) -> str:
    from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

    near = nearest(word, tuple(sorted(known - {"*"})))
    return f" Did you mean {near}?" if near else ""


_Found = Mapping[tuple[str, str], Any]  # the settings of the file, by table and key


def _value_of(found: _Found, table: str, key: str) -> Any:  # noqa: ANN401 (the setting's kind tells)
    value = found.get((table, key))
    return _default(BY_PLACE[table, key]) if value is None else value


def _named(found: _Found, table: str, start: str = "") -> dict[str, Any]:
    """The settings of a table whose names the user has chosen."""
    keys = [(place, key) for place, key in found if place == table and key.startswith(start) and key]
    plain = {row.key for row in SETTINGS if row.table == table}
    return {key[len(start) :]: found[place, key] for place, key in keys if key not in plain}


def _targets_of(found: _Found) -> dict[str, Any]:
    return {key: value for (table, key), value in found.items() if table == "targets"}


def _default(setting: Setting) -> object:
    length = setting.kind in ("duration", "cadence") and setting.default
    return parse_duration(setting.default) if length else setting.default


def _length(cadence: Cadence) -> Duration | None:
    """How long something holds, None where it never ends."""
    return None if cadence == "never" else cadence


_TABLES_OF_TABLES = frozenset(row.table for row in SETTINGS if row.key.startswith("*."))
