"""A customer's note changed: what one says of it, in the words of the Python API, the command line and its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from plaincrm.changes.archive import NEXT_STEP, closed_stage, left_on
from plaincrm.changes.draft import Draft, Step, Wish
from plaincrm.changes.entry import Besides, Promise, new_entry
from plaincrm.changes.fields import add_values, remove_values, set_field
from plaincrm.changes.log import log_entry
from plaincrm.changes.parts import Reading
from plaincrm.changes.tasks import Ending, end_promise, find_promise, put_off, put_off_next
from plaincrm.dates import parse_date
from plaincrm.errors import UsageError
from plaincrm.records.model import Customer, Task
from plaincrm.records.schema import Schema

Given = str | date | Decimal | int | None  # a value of a field, as Python has it


class CustomerChange:
    """Changes of one note, each proved when it is asked for. They are written together, or not at all."""

    def __init__(self, path: str, data: bytes, schema: Schema) -> None:
        self._draft = Draft(path, data, schema)
        self._schema = schema

    def set(self, **fields: Given | Iterable[Given]) -> None:
        """Give fields these values: `set(next="2026-12-01", tags=["café"], quiet_until=None)`; None clears one.

        Raises:
            UsageError: there is no such field, or a value is none of it.
            WriteRefused: the note cannot say it, or would say something else besides.
        """
        for key, value in fields.items():
            self.set_field(key, texts_of(value))

    def set_field(self, key: str, texts: Iterable[str]) -> None:
        """The same for one field under any spelling of its key; without a text it is cleared."""
        given = list(texts)
        self._wish(lambda note: set_field(note, self._schema, key, given))

    def add(self, key: str, *values: Given) -> None:
        """Give a list these values besides those it has."""
        self._wish(lambda note: add_values(note, self._schema, key, texts_of(values)))

    def remove(self, key: str, *values: Given) -> None:
        """Take these values from a list."""
        self._wish(lambda note: remove_values(note, self._schema, key, texts_of(values)))

    def archive(self, day: date, closed: Sequence[str], reason: str = "") -> None:
        """Take the customer off the agenda: stage, `lost_on` and `lost_reason` are set, the next step is cleared.

        `closed` are the vault's closed stages. A day that the note knows stays, and so does a reason unless one is
        given.

        Raises:
            WriteRefused: the note cannot say it, or would say something else besides.
        """
        self._wish(lambda note: closed_stage(note, self._schema, closed))
        self._wish(lambda note: left_on(note, self._schema, day))
        if reason.strip():
            self.set_field("lost_reason", [reason])
        for key in NEXT_STEP:
            self.set_field(key, [])

    def log(  # noqa: PLR0913 (each may be said)
        self,
        day: str | date,
        text: str = "",
        *,
        channel: str = "",
        direction: str = "",
        time: str = "",
        who: str = "",
        fields: Mapping[str, Given | Iterable[Given]] | None = None,
        promises: Iterable[Promise] = (),
    ) -> None:
        """Log an entry: `log("2026-11-21", "call in, Pekka: wants a quote", fields={"mood": "+"})`.

        Its first line may begin as one of a log does; with `channel` it is the summary alone. `direction` is in, out,
        missed or no-answer, `time` 14:30 or 10:00-11:00, `fields` are inline fields. It goes where its day puts it in
        the order that the log has, in the spelling of the log.

        Raises:
            UsageError: the day is none, nothing is said, or a word is no channel, field or value.
            WriteRefused: the note cannot say it, or would say something else besides.
        """
        found = day if isinstance(day, date) else parse_date(day)
        if found is None:
            raise UsageError(f"{day} is no date.", "Write it as YYYY-MM-DD.")
        typed = {key: texts_of(value) for key, value in (fields or {}).items()}
        new = new_entry(self._schema, found, text, Besides(channel, direction, time, who, typed, tuple(promises)))
        self._wish(lambda note: log_entry(note, self._schema, new))

    def done(self, promise: str | Task, day: date, *, cancelled: bool = False) -> None:
        """Tick an open promise off as kept on a day, or as called off; it is named by words of its text.

        Of one that comes round the next is written, as Obsidian's Tasks plugin does it.

        Raises:
            NoMatch: none or several open promises have the words.
            WriteRefused: the note cannot say it, or would say something else besides.
        """
        ending: Ending = "cancelled" if cancelled else "done"
        self._wish(lambda note: end_promise(note, _named(note, promise), ending, day))

    def snooze(self, day: date, promise: str | Task | None = None) -> None:
        """Put off the next step to another day, or an open promise, by words of its text.

        Of a promise the due day moves, or the scheduled one where it has no due day.

        Raises:
            NoMatch: there is no next step; none or several open promises have the words, or it has no day.
            WriteRefused: the note cannot say it, or would say something else besides.
        """
        if promise is None:
            self._wish(lambda note: put_off_next(note, self._schema, day))
        else:
            self._wish(lambda note: put_off(note, _named(note, promise), day))

    @property
    def customer(self) -> Customer:
        """The record as the changes made so far leave it."""
        return self._draft.note.record.customer

    @property
    def step(self) -> Step | None:
        """All changes as one; None where the note says it all already."""
        return self._draft.step

    def _wish(self, wish: Callable[[Reading], Wish]) -> None:
        self._draft.make(wish(self._draft.note))


def _named(note: Reading, promise: str | Task) -> Task:
    return find_promise(note.record.customer, promise) if isinstance(promise, str) else promise


class Recording(CustomerChange):
    """Changes that can be made once more, on what somebody saved meanwhile."""

    def __init__(self, path: str, data: bytes, schema: Schema) -> None:
        super().__init__(path, data, schema)
        self._wishes: list[Callable[[Reading], Wish]] = []

    def _wish(self, wish: Callable[[Reading], Wish]) -> None:
        super()._wish(wish)
        self._wishes.append(wish)

    def repeat(self, change: CustomerChange) -> None:
        """Ask another change for the same."""
        for wish in self._wishes:
            change._wish(wish)


def texts_of(value: Given | Iterable[Given]) -> list[str]:
    """The texts of a value or of several, as notes have them."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, str | date | Decimal | int):
        return [str(value)]
    return [text for item in value for text in texts_of(item)]
