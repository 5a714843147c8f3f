"""Mails as entries: who wrote to whom, when, about what, and the beginning of what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import quote

from plaincrm.exchange.incoming import Incoming, Key, Party, Unread, person_of, printable, quoted, words_of
from plaincrm.exchange.mail_text import first_sentence, own_words, text_of, topic_of

_PARTIES = 50  # of one mail
_ATTACHMENTS = 20  # that are named
_BAD = (ValueError, LookupError, TypeError, AttributeError, RecursionError, UnicodeError, NotImplementedError)


class MailWishes(NamedTuple):
    """How mails are read: the addresses and domains of ours, the letters of text to keep, and the time zone."""

    own: tuple[str, ...]
    letters: int
    zone: tzinfo

    def is_own(self, address: str) -> bool:
        """Whether an address is one of ours."""
        return is_one_of(address, self.own)


def is_one_of(address: str, own: Iterable[str]) -> bool:
    """Whether an address is among some, or of a domain that is: `liisa@acme.example`, `@acme.example`."""
    folded = address.casefold()
    return any(folded.endswith(name) if name.startswith("@") else folded == name for name in own)


class Attachment(NamedTuple):
    """A file of a mail, under a name that is safe."""

    name: str
    data: bytes


class Mail(NamedTuple):
    """A mail that was read: its entry, and its files."""

    entry: Incoming
    attachments: tuple[Attachment, ...]


def read_mail(data: bytes, place: str, wishes: MailWishes) -> Mail | Unread:
    """The entry of a mail; a mail that breaks the rules is read as far as it can be, or told. Never raises."""
    from email import message_from_bytes, policy  # noqa: PLC0415 (40 ms, for mails only)

    try:
        mail = message_from_bytes(data, policy=policy.default)
        return _mail(mail, place, wishes)
    except _BAD as error:
        return Unread(place, f"it cannot be read as a mail ({type(error).__name__})")


def _mail(mail: EmailMessage, place: str, wishes: MailWishes) -> Mail | Unread:
    senders = _addresses(mail, ("from",)) or _addresses(mail, ("sender",))
    moment = _moment(mail, wishes.zone)
    if not senders or moment is None:
        return Unread(place, "it has no sender" if not senders else "it has no date")
    out = wishes.is_own(senders[0][1])
    receivers = [pair for pair in _addresses(mail, ("to", "cc", "bcc")) if not wishes.is_own(pair[1])]
    others = receivers[:_PARTIES] if out else senders[:1]  # whoever only got a copy of another's mail asks nothing
    if not others:
        return Unread(place, "it is from us to us")
    parties = tuple(Party(name=name, emails=(address,), who=person_of(name)) for name, address in others)
    attachments = tuple(_attachments(mail))
    topic = words_of(topic_of(_header(mail, "subject")), 120)
    lines = own_words(text_of(mail), wishes.letters) if wishes.letters else []
    summary, lines = first_sentence(lines)
    summary = words_of(summary, 160)
    named = ", ".join(words_of(one.name, 80) for one in attachments[:_ATTACHMENTS])
    more = f" and {len(attachments) - _ATTACHMENTS} more" if len(attachments) > _ATTACHMENTS else ""
    entry = Incoming(
        place,
        parties,
        moment.date(),
        Key("origin", _origin(mail, moment, senders[0][1])),
        "email",
        "out" if out else "in",
        moment.time().replace(second=0, microsecond=0),
        summary=summary or topic or "(no text)",
        texts=(("topic", topic),) if topic else (),
        lines=(*quoted(lines), *([f"> 📎 {named}{more}"] if attachments else [])),
    )
    return Mail(entry, attachments)


def _header(mail: EmailMessage, name: str) -> str:
    """A header's text; one that breaks the rules, as it stands."""
    try:
        return printable(str(mail.get(name, "")))
    except _BAD:
        return printable(str(dict(mail.raw_items()).get(name, "")))


def _addresses(mail: EmailMessage, names: Iterable[str]) -> list[tuple[str, str]]:
    """Names and addresses of headers, each address once."""
    from email.utils import getaddresses  # noqa: PLC0415 (with the rest of email)

    texts = [printable(str(value)) for name in names for value in mail.get_all(name, [])]
    found: dict[str, tuple[str, str]] = {}
    for name, address in getaddresses(texts):
        if re.fullmatch(r"[^@\s<>,;\"\[\]]{1,64}@[^@\s<>,;\"\[\]]{1,250}", address):
            found.setdefault(address.casefold(), (" ".join(name.strip("'\" ").split()), address))
    return list(found.values())


def _moment(mail: EmailMessage, zone: tzinfo) -> datetime | None:
    """When a mail was sent, on the clocks of the vault's zone."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 (with the rest of email)

    text = _header(mail, "date") or _header(mail, "received").rpartition(";")[2]
    try:
        found = parsedate_to_datetime(text.strip())
        return found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)
    except (*_BAD, OverflowError):
        return None


def _origin(mail: EmailMessage, moment: datetime, sender: str) -> str:
    """What a mail is known again by: its Message-ID as a URL (RFC 2392), else when and by whom it was sent."""
    stated = _header(mail, "message-id").strip().strip("<>").strip()
    known = re.sub(r"\s", "", stated) or f"{moment:%Y%m%dT%H%M%S}.{sender.casefold()}"
    return f"mid:{quote(known[:250], safe='@.!$&*+=-_~')}"


def _attachments(mail: EmailMessage) -> Iterator[Attachment]:
    taken: set[str] = set()
    for at, part in enumerate(mail.iter_attachments(), 1):
        try:
            name, data = part.get_filename() or "", part.get_payload(decode=True)
        except _BAD:
            name, data = "", b""
        if part.is_multipart():
            data = part.as_bytes()
        safe = safe_name(name or f"attachment-{at}.{part.get_content_subtype()}")
        stem, dot, ending = safe.rpartition(".")
        number = 2
        while safe.casefold() in taken:
            safe = f"{stem}-{number}{dot}{ending}" if stem else f"{ending}-{number}"
            number += 1
        taken.add(safe.casefold())
        yield Attachment(safe, data if isinstance(data, bytes) else b"")


_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A file name for every system: no folder, no sign with a meaning, none that is hidden, and at most 100 bytes."""
    last = " ".join(re.split(r"[/\\]", printable(name))[-1].split())
    kept = "".join(sign if sign.isalnum() or sign in "-_. " else "_" for sign in last)
    kept = kept.strip(". ")
    if not kept.strip("_"):
        return "attachment"
    if _RESERVED.match(kept):
        kept = f"_{kept}"
    stem, dot, ending = kept.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = kept, "", ""
    room = 100 - len(f"{dot}{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip('. ')}{dot}{ending}"
