"""What other programs tell of customers, brought into the vault as entries of their logs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.api.editing import Editing
from plaincrm.errors import UsageError
from plaincrm.worktime import time_zone

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

    def import_sales(
        self, paths: Iterable[Path | str], *, columns: Mapping[str, str] | None = None, apply: bool = False
    ) -> TakenIn:
        """Bring in the invoices of files: tables, Finvoice, UBL, journals of hledger and beancount.

        Each becomes an entry of the customer's log, known again by its number. All are written, or none. `columns` says
        what columns of tables are, by their headers: number, date, net, customer and so on.

        Raises:
            UsageError: a file cannot be read, holds no invoices, or has no such column.
            WriteRefused: what is there cannot be kept, or a note was saved again and again.
        """
        from plaincrm.exchange.invoices import read_invoices  # noqa: PLC0415

        return self._take_in(read_invoices(map(Path, paths), self.config.currency, columns or {}), apply=apply)

    def import_mail(
        self,
        paths: Iterable[Path | str],
        *,
        own: Iterable[str] = (),
        letters: int | None = None,
        attachments: Path | None = None,
        apply: bool = False,
    ) -> TakenIn:
        """Bring in the mails of files, mboxes and Maildirs: an entry for each customer who wrote one or got it.

        `own` are addresses and `@domains` of ours besides those of the settings, `letters` how much of a text is kept.
        With `apply`, files of new mails are saved in the folder `attachments`, before anything is written.

        Raises:
            UsageError: no address of ours is known, a path has no mails, or attachments cannot be saved.
            WriteRefused: what is there cannot be kept, or a note was saved again and again.
        """
        from plaincrm.exchange.attachments import save  # noqa: PLC0415
        from plaincrm.exchange.mail import MailWishes  # noqa: PLC0415
        from plaincrm.exchange.mailbox import attachments_of, read_mails  # noqa: PLC0415

        kept = self.config.mail_text if letters is None else letters
        wishes, where = MailWishes(self._own(own), kept, time_zone(self.config.timezone)), [*map(Path, paths)]
        if not wishes.own:
            remedy = 'Say it in plaincrm.toml, under [mail]: own = ["me@acme.example"], or with --own.'
            raise UsageError("Nothing says which addresses are yours.", remedy)

        def saved(intake: Intake) -> None:
            if attachments is not None:
                save(attachments, attachments_of(where, wishes, {one.item.key for one in intake.new}))

        return self._take_in(read_mails(where, wishes), apply=apply, before=saved)

    def import_calendar(
        self, paths: Iterable[Path | str], today: date, *, ahead: int = 56, own: Iterable[str] = (), apply: bool = False
    ) -> TakenIn:
        """Bring in the appointments of calendars (.ics) with customers: those invited, or whom the title names.

        Of one that comes round the days from four weeks back to `ahead` days from today are taken.

        Raises:
            UsageError: a file is no calendar.
            WriteRefused: what is there cannot be kept, or a note was saved again and again.
        """
        from plaincrm.exchange.calendar import CalendarWishes, read_calendar  # noqa: PLC0415
        from plaincrm.exchange.mail import is_one_of  # noqa: PLC0415

        schema, addresses = self.config.schema, self._own(own)

        def channel_of(word: str) -> str | None:
            found = schema.channel(word) if word else None
            return found if schema.is_contact(found) else None

        wishes = CalendarWishes(
            lambda address: is_one_of(address, addresses), channel_of, time_zone(self.config.timezone), today, ahead
        )
        found = (item for path in paths for item in read_calendar(Path(path), wishes))
        return self._take_in(found, apply=apply)

    def import_survey(self, paths: Iterable[Path | str], *, measure: str = "", apply: bool = False) -> TakenIn:
        """Bring in the answers of a survey from tables: scores (nps, ces, csat) with the comment.

        `measure` says what a column called score holds.

        Raises:
            UsageError: a file is no table, or lacks the day, the customer or a score.
            WriteRefused: what is there cannot be kept, or a note was saved again and again.
        """
        from plaincrm.exchange.surveys import read_survey  # noqa: PLC0415

        return self._take_in((item for path in paths for item in read_survey(Path(path), measure)), apply=apply)

    def _own(self, more: Iterable[str]) -> tuple[str, ...]:
        return tuple(address.casefold() for address in (*self.config.mail_own, *more))

    def _take_in(
        self, items: Iterable[Incoming | Unread], *, apply: bool, before: Callable[[Intake], None] | None = None
    ) -> TakenIn:
        """Compare what was read with the vault, and with `apply` write what is new; `before` is called first then."""
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.journal import Journal  # noqa: PLC0415
        from plaincrm.changes.recover import recover  # noqa: PLC0415
        from plaincrm.exchange.intake import take_in  # noqa: PLC0415

        found = list(items)
        if apply:  # what a command before this one left half done is no entry that stands there
            self.notices.extend(recover(self.root, Journal(self.root)))
        intake = self._ask(lambda index: take_in(index, found))
        refused: list[Unclear] = []
        if apply and before:
            before(intake)

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
        from plaincrm.errors import WriteRefused  # noqa: PLC0415
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
                    _log(change, one)
                except (UsageError, WriteRefused) as error:
                    refused.append(Unclear(one.item, f"it cannot be written: {error.message}", path, 1))
            steps += [step] if (step := change.step) else []
        return steps


def _log(change: CustomerChange, placed: Placed) -> None:
    """Log an entry, unless somebody has brought it in meanwhile."""
    item, after = placed.item, change.records[1]
    if any((value.key, value.value) == item.key for entry in after.entries for value in entry.values):
        return
    change.log(
        item.day,
        "\n".join((item.summary, *item.lines)),
        channel=item.channel,
        direction=item.direction,
        time=item.times,
        who=placed.who,
        fields=item.fields,
    )
