"""What a vault's settings say about records: its fields, words, currency and country."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from plaincrm.dates import Duration
from plaincrm.language import canonical, fold, spellings, vocabulary
from plaincrm.records.channels import RECORDED_ONLY
from plaincrm.records.fields import FieldTable
from plaincrm.records.stages import STAGES, TIERS

SEASON = Duration(2, "w")


@dataclass(frozen=True)
class Schema:
    """How notes of one vault are read. Two vaults with equal schemas read the same bytes the same."""

    table: FieldTable = field(default_factory=FieldTable)
    stages: tuple[str, ...] = STAGES
    tiers: tuple[str, ...] = TIERS
    owners: tuple[str, ...] = ()
    own_channels: Mapping[str, str] = field(default_factory=dict)  # word -> "contact", "record" or a known channel
    currency: str = "EUR"
    rated: tuple[str, ...] = ()  # other currencies, which the settings have a rate for
    country: str = ""
    names_currency: bool = True  # whether the settings say what an amount without a currency is in
    season: Duration = SEASON  # how far apart days of two years may lie and be the same weeks
    unanswered: int = 3  # so many contacts of ours in a row are too many

    @cached_property
    def counted(self) -> frozenset[str]:
        """The currencies of sales that are in the sums: the vault's own, and those with a rate."""
        return frozenset((self.currency, *self.rated))

    @cached_property
    def _own_channels(self) -> dict[str, str]:
        return {
            fold(word): (word if kind in ("contact", "record") else kind) for word, kind in self.own_channels.items()
        }

    @cached_property
    def channel(self) -> Callable[[str], str | None]:
        """The channel a word names, the vault's own before the common ones."""
        return lru_cache(maxsize=4096)(lambda word: self._own_channels.get(fold(word)) or canonical("channels", word))

    @cached_property
    def channel_spellings(self) -> tuple[str, ...]:
        """Every word that names a channel."""
        return (
            *self.own_channels,
            *(word for name in self.choices("channels") for word in spellings("channels", name)),
        )

    def is_contact(self, channel: str | None) -> bool:
        """Whether somebody is reached by a channel: a note to oneself and an invoice are no contact."""
        return channel is not None and channel not in RECORDED_ONLY and self.own_channels.get(channel) != "record"

    def choices(self, kind: str) -> tuple[str, ...]:
        """The canonical values of a kind of choice, in their order."""
        listed = {"stages": self.stages, "tiers": self.tiers, "owners": self.owners}
        return listed[kind] if kind in listed else tuple(vocabulary("en")[kind])

    @cached_property
    def plain_value(self) -> Callable[[str, str], tuple[str, object] | None]:
        """What a key of front matter and its text mean, where nothing is odd about them."""
        from plaincrm.records.plain import plain_value  # noqa: PLC0415 (which needs a schema)

        return lru_cache(maxsize=8192)(lambda key, text: plain_value(key, text, self))

    @cached_property
    def plain_inline(self) -> Callable[[str, str], tuple[str, str, object] | None]:
        """What the key of an inline field and its text mean: key, scope and value; None where something is odd."""
        from plaincrm.records.plain import plain_inline  # noqa: PLC0415 (which needs a schema)

        return lru_cache(maxsize=8192)(lambda key, text: plain_inline(key, text, self))

    @cached_property
    def choice(self) -> Callable[[str, str], str | None]:
        """The canonical value that a word names among a kind of choice, or None: by kind and word."""
        return lru_cache(maxsize=4096)(self._choose)

    def _choose(self, kind: str, word: str) -> str | None:
        allowed = self.choices(kind)
        if kind == "owners":
            return next((owner for owner in allowed if fold(owner) == fold(word)), None if allowed else word)
        own = next((value for value in allowed if fold(value) == fold(word)), None)
        found = own or canonical(kind, word)
        return found if found in allowed else None
