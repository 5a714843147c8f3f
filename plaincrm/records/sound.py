"""What one note cannot mean: things that contradict each other though each is well written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from itertools import takewhile

from plaincrm.document.body import Section, TaskItem, section_kind
from plaincrm.document.document import Document
from plaincrm.document.inline import InlineField
from plaincrm.document.nodes import Node
from plaincrm.document.source import line_end
from plaincrm.errors import Fault, fault, named_field
from plaincrm.money import MoneyError, parse_money
from plaincrm.records.channels import WRITTEN
from plaincrm.records.model import Customer, LogEntry
from plaincrm.records.nearly import nearly_entries
from plaincrm.records.schema import Schema
from plaincrm.records.slips import unread_fields, unread_task_dates


class Note:
    """A customer beside the document it was read from, so that what is wrong in the one can be shown in the other.

    `inline` and `tasks` are every inline field and promise of the note as they stand in the document, `said` the keys
    of the fields that are known, of all log entries.
    """

    def __init__(self, customer: Customer, document: Document, schema: Schema) -> None:
        self.customer = customer
        self.document = document
        self.schema = schema
        body = document.body
        self.tasks: list[TaskItem] = [*body.tasks]
        self.inline: list[InlineField] = [*body.inline]
        for entry in body.entries:
            self.tasks += entry.tasks
            self.inline += entry.inline
        for task in self.tasks:
            self.inline += task.inline
        self.said = {item.key for told in customer.entries for item in told.values}

    def at_field(self, code: str, key: str, /, **facts: str) -> Fault:
        """A fault at the value of a front matter field."""
        name, node = next(pair for pair in self.document.fields if self._is(pair[0], key))
        return fault(code, node.start, node.end, None, **named_field(key, str(name.value)), **facts)

    def typed(self, key: str) -> str:
        """A front matter field's key as it is typed in the note."""
        return next((str(name.value) for name, _node in self.document.fields if self._is(name, key)), key)

    def _is(self, name: Node, key: str) -> bool:
        known = self.schema.table.find(name.value) if isinstance(name.value, str) else None
        return known is not None and known.key == key

    @cached_property
    def _openings(self) -> dict[int, int]:
        """Where each entry begins, by its line."""
        return {self.document.source.line_of(found.start): found.start for found in self.document.body.entries}

    def at_entry(self, code: str, entry: LogEntry, /, **facts: str) -> Fault:
        """A fault at the first line of a log entry."""
        start = self._openings[entry.line]
        text = self.document.source.text
        return fault(code, start, start + len(text[start : line_end(text, start)].rstrip()), **facts)

    @property
    def begin(self) -> int:
        """Where the text behind the front matter begins."""
        return self.document.front.end if self.document.front else self.document.source.start


def contradictions(customer: Customer, document: Document, schema: Schema) -> Iterator[Fault]:
    """What each check has to say of a note."""
    note = Note(customer, document, schema)
    for check in CHECKS:
        yield from check(note)


def _lost_before_since(note: Note) -> Iterator[Fault]:
    since, lost = note.customer.since, note.customer.lost_on
    if since and lost and lost < since:
        yield note.at_field("lost-before-since", "lost_on", lost=lost.isoformat(), since=since.isoformat())


_DATED = ("since", "next", "quiet_until", "lost_on", "verified", "vision_review")
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


def _unlikely_dates(note: Note) -> Iterator[Fault]:
    for key in _DATED:
        for item in note.customer.fields.get(key, ()):
            if not _EARLIEST <= item.value < _LATEST:
                yield note.at_field("unlikely-date", key, value=item.text)


def _tasks_out_of_order(note: Note) -> Iterator[Fault]:
    """Done before it was created; hidden until after it is due."""
    for item in note.tasks:
        if len(item.task.signifiers) < 2:
            continue
        days = {signifier.name: signifier for signifier in item.task.signifiers}
        for code, earlier, later in _TASK_ORDERS:
            first, last = days.get(earlier), days.get(later)
            if first and last and last.value < first.value:  # ISO text sorts as its days do
                yield fault(code, last.start, last.end, first=first.value, last=last.value)


_TASK_ORDERS = (
    ("done-before-created", "created", "done"),
    ("due-before-start", "start", "due"),
    ("due-before-start", "scheduled", "due"),
)


def _ends_before_start(note: Note) -> Iterator[Fault]:
    for entry in note.customer.entries:
        if entry.time and entry.end_time and entry.end_time <= entry.time and not _is_overnight(entry):
            yield note.at_entry("ends-before-start", entry, first=f"{entry.time:%H:%M}", last=f"{entry.end_time:%H:%M}")


def _is_overnight(entry: LogEntry) -> bool:
    """Whether the times read like an evening that goes on after midnight."""
    return bool(entry.time and entry.end_time and entry.time.hour >= _EVENING and entry.end_time.hour < _MORNING)


_EVENING, _MORNING = 18, 6


def _refund_without_reason(note: Note) -> Iterator[Fault]:
    for entry in note.customer.entries:
        if entry.sales and any(sale.revenue < 0 for sale in entry.sales) and entry.value("reason") is None:
            yield note.at_entry("refund-without-reason", entry)


# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_CURRENCY = r"[^\W\d_]|[€$£¥]"  # an amount that can be read has no letters but its currency


def _sale_without_currency(note: Note) -> Iterator[Fault]:
    """An amount without a currency where the vault names none either; the first one of a note stands for all."""
    if note.schema.names_currency:
        return
    for found in note.document.body.entries:
        for item in found.inline:
            known = note.schema.table.find_inline(item.key)
            if known and known.type == "money" and not re.search(_CURRENCY, item.value) and _is_money(item.value):
                span = item.value_start, item.value_end
                yield fault("sale-without-currency", *span, field=known.key, currency=note.schema.currency)
                return


def _is_money(text: str) -> bool:
    try:
        return bool(parse_money(text, "EUR"))
    except MoneyError:
        return False


def _sale_outside_entry(note: Note) -> Iterator[Fault]:
    """Fields of a log entry that stand in none: they have no date, so nothing counts them."""
    if not note.document.body.inline:
        return
    for item in note.document.body.inline:
        known = note.schema.table.find_inline(item.key)
        if known and known.scope == "entry" and known.type in ("money", "number") and item.value:
            yield fault("field-outside-entry", item.start, item.end, field=known.key)


def _has_entry(section: Section, starts: list[int]) -> bool:
    at = bisect_right(starts, section.start)
    return at < len(starts) and starts[at] < section.end


def _second_log(note: Note) -> Iterator[Fault]:
    """Another log below the first one; one without entries is the history of a house, a deeper one is a chapter."""
    body = note.document.body
    logs = [section for section in body.sections if section_kind(section.title) == "log"]
    if len(logs) < 2:
        return
    starts = [item.start for item in body.entries]
    logs = [section for section in logs if _has_entry(section, starts)]
    for section in logs[1:]:
        if section.level <= logs[0].level:
            line = note.document.source.line_of(logs[0].start)
            yield fault("second-log", section.start, section.body_start, line=str(line))


# It is told by the sign in its middle: the search goes from sign to sign, and looks behind where a digit stands there.
_HETU = re.compile(r"[-+A-FU-Y](?<=[0-9].)[0-9]{3}[0-9A-FHJ-NPR-Y](?![\w-])(?<=(?<![\w-])[0-3][0-9][01][0-9]{3}.{5})")
_BEFORE_SIGN = 6  # digits


def _personal_identity_codes(note: Note) -> Iterator[Fault]:
    """Finnish personal identity codes, by their check character (python-stdnum)."""
    for match in _HETU.finditer(note.document.source.text):
        from stdnum.fi import hetu  # noqa: PLC0415 (for what looks like one only)

        start, end = match.start() - _BEFORE_SIGN, match.end()
        if hetu.is_valid(match.string[start:end], allow_temporary=True):
            yield fault("personal-identity-code", start, end)


def _contact_against_ban(note: Note) -> Iterator[Fault]:
    """Our latest contact by each channel that the customer has forbidden.

    A ban that the log tells of counts from its day on; one that only the front matter knows counts always.
    """
    if not (note.customer.deny or "deny" in note.said):
        return
    for channel in note.customer.denied:
        banned = max((entry.date for entry in note.customer.entries if _says(entry, "deny", channel)), default=date.min)
        ours = (
            entry
            for entry in note.customer.entries
            if entry.direction == "out" and entry.contact and entry.channel and channel in (entry.channel, "all")
        )
        latest = max(ours, key=lambda entry: entry.date, default=None)
        if latest and latest.date > banned:
            yield note.at_entry("contact-against-ban", latest, channel=str(latest.channel), deny=note.typed("deny"))


def _says(entry: LogEntry, key: str, channel: str) -> bool:
    return any(item.key == key and item.value == channel for item in entry.values)


def _other_channel_than_agreed(note: Note) -> Iterator[Fault]:
    """Our contact on the agreed day by another channel than agreed, planned or done."""
    day, agreed = note.customer.next, note.customer.next_channel
    if day is None or agreed is None:
        return
    ours = [entry for entry in note.customer.entries if entry.date == day and entry.contact and _is_ours(entry)]
    if ours and all(entry.channel != agreed for entry in ours):
        facts = {"channel": str(ours[0].channel), "agreed": agreed, "next_channel": note.typed("next_channel")}
        yield note.at_entry("other-channel-than-agreed", ours[0], **facts)


def _is_ours(entry: LogEntry) -> bool:
    return entry.direction in (None, "out")


def _contact_in_quiet_time(note: Note) -> Iterator[Fault]:
    """Messages of ours after the last talk, though the customer is to be left alone; an answer to theirs is none."""
    quiet = note.customer.quiet_until
    if quiet is None:
        return
    found: list[LogEntry] = []
    for entry in note.customer.entries:
        if not entry.reached or entry.date >= quiet:
            continue
        if entry.direction != "out" or entry.channel not in WRITTEN:  # the talk at which it was agreed
            if found and entry.direction == "in" and entry.channel in WRITTEN:
                found.pop()  # our answer
            facts = {"until": quiet.isoformat(), "quiet_until": note.typed("quiet_until")}
            yield from (note.at_entry("contact-in-quiet-time", late, **facts) for late in found)
            return
        found.append(entry)


def _contact_earlier_than_agreed(note: Note) -> Iterator[Fault]:
    """Contacts of ours before the day that an entry says was agreed, the first of each such entry.

    None is too early once they came to us, or both met: then something else may have been agreed. What keeps a promise
    of ours, ticked on that day, was agreed too, and a message of theirs is answered.
    """
    entries = note.customer.entries
    for at, agreed in enumerate(entries):
        day = agreed.value("quiet_until")
        if not day:
            continue
        waits = agreed.direction == "in" and agreed.channel in WRITTEN  # for a word that it was read
        for entry in reversed(entries[:at]):  # what came later, the oldest first
            if entry.date >= day or (entry.contact and not _is_ours_alone(entry)):
                break
            answers, waits = waits and entry.channel in WRITTEN, waits and not entry.contact
            if entry.contact and entry.date > agreed.date and not (answers or _keeps_promise(note.customer, entry)):
                facts = {"until": day.isoformat(), "agreed": agreed.date.isoformat(), "line": str(agreed.line)}
                yield note.at_entry("contact-earlier-than-agreed", entry, **facts)
                break


def _is_ours_alone(entry: LogEntry) -> bool:
    return entry.direction in ("out", "no-answer")


def _keeps_promise(customer: Customer, entry: LogEntry) -> bool:
    return any(task.owes == "us" and task.done == entry.date for task in customer.tasks)


def _is_one_sided(entry: LogEntry) -> bool:
    """Whether we tried and nobody need have noticed: a message, or a call that nobody took."""
    return entry.direction == "no-answer" or (entry.direction == "out" and entry.channel in WRITTEN)


def _too_many_unanswered(note: Note) -> Iterator[Fault]:
    """Contacts of ours one after the other with no sign of life between them, the newest one named."""
    contacts = (entry for entry in note.customer.entries if entry.contact and not _is_card(entry))
    ours = [*takewhile(_is_one_sided, contacts)]
    if 0 < note.schema.unanswered <= len(ours):
        yield note.at_entry("too-many-unanswered", ours[0], count=str(len(ours)))


def _is_card(entry: LogEntry) -> bool:
    """Whether nobody waits for an answer: what goes by letter, as Christmas cards do."""
    return entry.direction == "out" and entry.channel == "letter"


_UNSEEN = "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
_UNLINKABLE = frozenset("#|^[]\\")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE)


def _odd_names(note: Note) -> Iterator[Fault]:
    """A file name that nobody can type, that Obsidian cannot link to, or that Windows cannot hold."""
    name = note.customer.id
    bad = next((character for character in name if character in _UNLINKABLE), None)
    if note.customer.path.endswith(".MD"):
        yield fault("odd-file-ending", 0, 0, ending=".MD")
    if not note.customer.path.isprintable() and re.search(_UNSEEN, note.customer.path):
        yield fault("odd-file-name", 0, 0)
    elif bad:
        what = f"the character {bad}" if bad != "\\" else "a backslash, or a byte that is no UTF-8"
        yield fault("unlinkable-name", 0, 0, problem=f"holds {what}")
    elif name != name.strip(" .") or RESERVED.fullmatch(name):
        yield fault("unlinkable-name", 0, 0, problem="is not allowed on Windows")


CHECKS: tuple[Callable[[Note], Iterator[Fault]], ...] = (
    _odd_names,
    _lost_before_since,
    _unlikely_dates,
    _second_log,
    nearly_entries,
    _ends_before_start,
    _tasks_out_of_order,
    unread_task_dates,
    _sale_without_currency,
    _sale_outside_entry,
    unread_fields,
    _refund_without_reason,
    _contact_against_ban,
    _other_channel_than_agreed,
    _contact_in_quiet_time,
    _contact_earlier_than_agreed,
    _too_many_unanswered,
    _personal_identity_codes,
)
