"""How letters to customers are made, and logged once they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from plaincrm.api.editing import Editing

if TYPE_CHECKING:  # what makes letters is loaded when some are made
    from plaincrm.changes.carry_out import WriteReport
    from plaincrm.changes.customer import CustomerChange
    from plaincrm.index.index import Index
    from plaincrm.render.letters.letter import Letter
    from plaincrm.reports.permitted import Permitted


class Letters(NamedTuple):
    """Letters by the customers' names, those that lack something among them, and who may not be written to."""

    letters: tuple[Letter, ...]
    permitted: Permitted
    unread: dict[str, str]


class Lettering(Editing):
    """Mail merge. Nothing is sent by us."""

    def letters(self, template: str, name: str, query: str = "", *, today: date, purpose: str = "") -> Letters:
        """A letter to each customer of a query who may be written to: mails (.eml), pages (.html) or notes (.md).

        `template` is the text, `name` tells by its ending what is made. Who may be written to is asked for `purpose`,
        without one for mails or letters in general.

        Raises:
            UsageError: the query, the purpose or the template is none, or it asks for what there is not.
        """
        from plaincrm.checks.unread import unread  # noqa: PLC0415
        from plaincrm.errors import UsageError  # noqa: PLC0415

        try:
            from plaincrm.render.letters.letter import letters  # noqa: PLC0415
        except ModuleNotFoundError as error:
            needed = f"{error.name} is not installed, which fills in templates."
            raise UsageError(needed, "pip install 'plaincrm[letters]' adds it.") from None
        from plaincrm.render.letters.kinds import kind_of  # noqa: PLC0415
        from plaincrm.reports.addressees import addressees  # noqa: PLC0415
        from plaincrm.reports.permitted import permitted, purpose_of  # noqa: PLC0415

        config, where = self.config, self._where(query, today)
        usual = "email" if kind_of(name) == "eml" else "letter"
        wanted = purpose_of(config.schema, purpose or usual)

        def answer(index: Index) -> Letters:
            may = permitted(index, today, where, wanted)
            made = letters(template, name, addressees(index, may.where), config.schema, today, config.name)
            return Letters(tuple(made), may, unread(index))

        return self._ask(answer)

    def log_letters(self, sent: Mapping[str, str], channel: str, day: date, *, dry_run: bool = False) -> WriteReport:
        """Log that letters were sent: customers by their ids, each with the summary of the entry.

        Who has an entry of that day, channel and summary already gets no second one. All are written, or none.

        Raises:
            NoMatch: there is no such customer.
            WriteRefused: a note is in no state to be edited, or cannot be written.
        """
        said = {self.path_of(customer): summary for customer, summary in sent.items()}

        def edit(change: CustomerChange) -> None:
            note = change.records[0]
            summary = said[note.path]
            known = ((entry.date, entry.channel, entry.summary) for entry in note.entries)
            if (day, channel, summary) not in known:
                change.log(day, summary, channel=channel, direction="out")

        return self.change_each(said, edit, dry_run=dry_run)
