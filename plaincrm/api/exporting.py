"""How customers are taken elsewhere: in the forms of other programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from plaincrm.api.asking import Asking
from plaincrm.errors import UsageError

if TYPE_CHECKING:  # what writes a form is loaded when it is written
    from plaincrm.index.condition import Condition
    from plaincrm.index.index import Index
    from plaincrm.render.export.forms import Form, How
    from plaincrm.reports.export import Cell, ExportReport
    from plaincrm.reports.permitted import Permitted


class Exporting(Asking):
    """What a vault is exported as."""

    def export(  # noqa: PLR0913 (each may be said)
        self,
        file: BinaryIO,
        query: str = "",
        *,
        today: date,
        form: str = "csv",
        what: str | None = None,
        columns: str = "",
        purpose: str = "",
        locale: str = "",
        raw: bool = False,
    ) -> ExportReport:
        """Write customers, or what their notes have, to a file that is open for writing bytes and can be gone back in.

        `form` is csv, jsonl, xlsx, parquet, vcard, vcard3, ics, sqlite or hledger, `what` is customers, contacts,
        entries, sales, tasks or deals. `columns` names some, with commas. With a `purpose` (marketing:email) nobody is
        written who may not be contacted so. `locale` (fi) gives CSV the signs of a country's spreadsheets; `raw` leaves
        out the apostrophes that keep its texts from being run there.

        Raises:
            UsageError: the query, a column or the purpose is none, or the form cannot hold that.
        """
        from plaincrm.checks.unread import unread  # noqa: PLC0415
        from plaincrm.render.export.forms import How, form_of  # noqa: PLC0415
        from plaincrm.reports.export import ExportReport, companies  # noqa: PLC0415

        found, kind = form_of(form, what)
        _sound_options(form, found, columns, locale, raw)
        where = self._where(query, today)

        def written(index: Index) -> ExportReport:
            file.seek(0)  # where the index turned out to be damaged this is the second time
            file.truncate()
            permitted, of = _permitted(index, today, where, purpose)
            how = How(locale, raw, companies(index) if form in ("vcard", "vcard3") else {})
            if form == "sqlite":
                from plaincrm.render.export.sqlite import write  # noqa: PLC0415

                count, notes = write(file, index, of), list[str]()
            elif form == "ics":
                count, notes = _calendar(file, index, today, of), []
            else:
                count, notes = _rows(file, index, today, of, (found, kind, columns, how))
            return ExportReport("events" if form == "ics" else kind, count, permitted, tuple(notes), unread(index))

        return self._ask(written)


def _sound_options(name: str, form: Form, columns: str, locale: str, raw: bool) -> None:
    if columns and (form.columns or not form.module):
        raise UsageError(
            f"--columns: {name} has its own.", "Leave --columns out, or write csv, jsonl, xlsx or parquet."
        )
    if (locale or raw) and name != "csv":
        raise UsageError(f"--{'locale' if locale else 'raw'} is for CSV.", "Add --format csv, or leave it out.")


def _permitted(index: Index, today: date, where: Condition, purpose: str) -> tuple[Permitted | None, Condition]:
    if not purpose:
        return None, where
    from plaincrm.reports.permitted import permitted, purpose_of  # noqa: PLC0415

    found = permitted(index, today, where, purpose_of(index.vault.config.schema, purpose))
    return found, found.where


def _rows(
    file: BinaryIO, index: Index, today: date, where: Condition, wished: tuple[Form, str, str, How]
) -> tuple[int, list[str]]:
    form, what, columns, how = wished
    count = 0

    def counted(rows: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    from plaincrm.render.export.forms import writer  # noqa: PLC0415
    from plaincrm.reports.export import export  # noqa: PLC0415

    if form.module == "json_lines" and what == "customers" and not columns:
        from plaincrm.render.export.json_lines import write_objects  # noqa: PLC0415
        from plaincrm.reports.export_records import whole_customers  # noqa: PLC0415

        return write_objects(file, whole_customers(index, where)), []
    found = export(index, today, where, what, form.columns.get(what, columns))
    notes = writer(form)(file, found._replace(rows=counted(found.rows)), how)
    return count, notes


def _calendar(file: BinaryIO, index: Index, today: date, where: Condition) -> int:
    """Every promise and appointment to come, as the agenda's own calendar has them."""
    from plaincrm.render.agenda_calendar import calendar  # noqa: PLC0415
    from plaincrm.render.agenda_words import Shown  # noqa: PLC0415
    from plaincrm.reports.agenda import agenda  # noqa: PLC0415

    report = agenda(index, today, days=_ALL_DAYS, where=where)
    text = calendar(report, Shown(everything=True), index.vault.config.timezone)
    file.write(text.encode())
    return text.count("BEGIN:VEVENT")


_ALL_DAYS = 3650
