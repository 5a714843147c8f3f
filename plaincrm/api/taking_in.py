"""What other programs tell of customers, brought into the vault as entries of their logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.api.editing import Editing

if TYPE_CHECKING:  # what writes is loaded when something is written
    from plaincrm.changes.carry_out import WriteReport
    from plaincrm.changes.customer import CustomerChange
    from plaincrm.changes.draft import Step
    from plaincrm.changes.write import Reader
    from plaincrm.exchange.incoming import Incoming, Unread
    from plaincrm.exchange.intake import Intake, Placed, Unclear


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What files held for the vault, and what was written of it, or would be."""

    intake: Intake
    report: WriteReport


class TakingIn(Editing):
    """How entries come in from files of other programs: first a look, with `apply` they are written."""

    def import_sales(self, paths: Iterable[Path | str], *, apply: bool = False) -> TakenIn:
        """Bring in the invoices of files: tables, Finvoice, UBL, journals of hledger and beancount.

        Each becomes an entry of the customer's log, known again by its number. All are written, or none.

        Raises:
            UsageError: a file cannot be read, or holds no invoices.
            WriteRefused: what is there cannot be kept, or a note was saved again and again.
        """
        from plaincrm.exchange.invoices import read_invoices  # noqa: PLC0415

        return self._take_in(read_invoices(map(Path, paths), self.config.currency), apply=apply)

    def _take_in(self, items: Iterable[Incoming | Unread], *, apply: bool) -> TakenIn:
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.exchange.intake import take_in  # noqa: PLC0415

        found = list(items)
        intake = self._ask(lambda index: take_in(index, found))
        refused: list[Unclear] = []

        def planned(read: Reader) -> Sequence[Step]:
            refused.clear()
            return self._logged(intake.new, read, refused)

        report = carry_out(self.root, planned, dry_run=not apply)
        left = {(item.item.key, item.file) for item in refused}
        new = tuple(one for one in intake.new if (one.item.key, one.customer.path) not in left)
        return TakenIn(replace(intake, new=new, unclear=(*intake.unclear, *refused)), report)

    def _logged(self, new: Iterable[Placed], read: Reader, refused: list[Unclear]) -> list[Step]:
        """The steps that write entries, a note each; an entry that its note cannot take is told in `refused`."""
        from plaincrm.changes.customer import CustomerChange  # noqa: PLC0415
        from plaincrm.document.source import Unreadable  # noqa: PLC0415
        from plaincrm.errors import UsageError, WriteRefused  # noqa: PLC0415
        from plaincrm.exchange.intake import Unclear  # noqa: PLC0415

        by_path: dict[str, list[Placed]] = {}
        for placed in new:
            by_path.setdefault(placed.customer.path, []).append(placed)
        steps: list[Step] = []
        for path, entries in by_path.items():
            try:
                change = CustomerChange(path, read(path), self.config.schema, self._usual_language)
            except Unreadable:
                refused += [Unclear(one.item, "the note cannot be read", path, 1) for one in entries]
                continue
            for one in sorted(entries, key=lambda one: (one.item.day, str(one.item.start), one.item.key)):
                try:
                    _log(change, one.item)
                except (UsageError, WriteRefused) as error:
                    refused.append(Unclear(one.item, f"it cannot be written: {error.message}", path, 1))
            steps += [step] if (step := change.step) else []
        return steps


def _log(change: CustomerChange, item: Incoming) -> None:
    """Log an entry, unless somebody has brought it in meanwhile."""
    after = change.records[1]
    if any((value.key, value.value) == item.key for entry in after.entries for value in entry.values):
        return
    change.log(
        item.day,
        "\n".join((item.summary, *item.lines)),
        channel=item.channel,
        direction=item.direction,
        time=item.times,
        who=item.who,
        fields=item.fields,
    )
