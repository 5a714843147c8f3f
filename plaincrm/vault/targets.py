"""What is aimed at: the table [targets] of the settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:  # needed only where a target is about a field
    from plaincrm.records.fields import Field

Per = Literal["year", "quarter", "month"]
PERIODS: tuple[Per, ...] = get_args(Per)
MEASURES = ("revenue", "margin", "purchases", "new", "leads")
MONEY = ("revenue", "margin")


class Wanted(NamedTuple):
    """One target. `kind` is a period (then `of` is a measure), `customers`, `stage` or `field` (then `of` names it).

    `amount` is money in the vault's currency, a number, or of a field per cent: of the active customers, or of those
    among them that `query` names.
    """

    kind: Literal["year", "quarter", "month", "customers", "stage", "field"]
    of: str
    amount: Decimal
    query: str = ""

    @property
    def key(self) -> str:
        """As the settings have it: `year.revenue`."""
        return f"{self.kind}.{self.of}" if self.of else self.kind


class Coverage(NamedTuple):
    """How many per cent of some customers should have a field."""

    share: Decimal
    query: str = ""


def read_coverage(value: object) -> Coverage | None:
    """A share in per cent, alone or as `{share, of}`; None where it is neither."""
    row = value if isinstance(value, dict) else {"share": value}
    share, query = row.get("share"), row.get("of", "")
    if not set(row) <= {"share", "of"} or isinstance(share, bool) or not isinstance(share, int | Decimal):
        return None
    return Coverage(Decimal(share), query) if isinstance(query, str) and 0 <= share <= 100 else None


def read_targets(
    found: Mapping[str, Any],
    stages: tuple[str, ...],
    own: Iterable[Field],
    unknown: Callable[[str, Collection[str]], None],
) -> Iterator[Wanted]:
    """The targets of sound settings, by key; `unknown` is told of those about what there is not, and what there is."""
    known: Mapping[str, Collection[str]] = {
        **dict.fromkeys(PERIODS, MEASURES),
        "stage": stages,
        "field": _fields(own) if any(key.startswith("field.") for key in found) else (),
    }
    for key, value in found.items():
        kind, _, name = key.partition(".")
        if kind == "customers":
            yield Wanted("customers", "", value)
        elif name not in known[kind]:
            unknown(key, known[kind])
        elif kind == "field":
            yield Wanted("field", name, value.share, value.query)
        else:
            yield Wanted(kind, name, value)  # type: ignore[arg-type]  # the settings table has these kinds only


def _fields(own: Iterable[Field]) -> Collection[str]:
    from plaincrm.records.fields import FieldTable  # noqa: PLC0415 (for targets of fields only)

    return FieldTable(own).customer
