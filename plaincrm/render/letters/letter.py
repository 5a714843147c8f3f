"""Letters made of a template: a mail that is not sent yet, a page, or a note, one a customer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, NamedTuple

from plaincrm.errors import UsageError
from plaincrm.records.schema import Schema
from plaincrm.render.escape import is_harmless, markdown_text, terminal
from plaincrm.render.letters.kinds import Kind, kind_of
from plaincrm.render.letters.template import Template
from plaincrm.reports.addressees import Addressee, Person

_HEADERS = ("Subject", "From", "Reply-To")


class Letter(NamedTuple):
    """One letter: whose it is, the name of its file, its bytes, and what the template wanted that the note lacks."""

    customer: str
    name: str
    file: str
    content: bytes
    lacks: tuple[str, ...]


def letters(
    source: str, name: str, to: Iterable[Addressee], schema: Schema, today: date, sender: str
) -> Iterator[Letter]:
    """The letters to some customers; `name` is that of the template, `sender` the vault's.

    Raises:
        UsageError: the template is none, or asks for what there is not.
    """
    kind = kind_of(name)
    write = _Mail(source, name).write if kind == "eml" else _Page(source, name, kind).write
    for addressee in to:
        content, lacks = write(addressee, _values(addressee, schema, today, sender))
        yield Letter(addressee.customer, addressee.name, f"{addressee.customer}.{kind}", content, lacks)


def _values(to: Addressee, schema: Schema, today: date, sender: str) -> dict[str, Any]:
    """What a template may name: every field that a note may have, empty where this one lacks it."""
    fields = {key: to.fields.get(key, () if field.many else "") for key, field in schema.table.customer.items()}
    return {
        "customer": {**fields, "id": to.customer},
        "contact": to.person._asdict(),
        "greeting": to.greeting,
        "today": today.isoformat(),
        "sender": sender,
    }


class _Page:
    """A page or a note: the template is its text."""

    def __init__(self, source: str, name: str, kind: Kind) -> None:
        finalize = markdown_text if kind == "md" else terminal
        self._template = Template(source, name, finalize, html=kind == "html")

    def write(self, to: Addressee, values: Mapping[str, Any]) -> tuple[bytes, tuple[str, ...]]:
        """The bytes, and what is lacking."""
        text, lacks = self._template.render(values, to.language)
        return text.encode(), lacks


class _Mail:
    """A mail: lines of headers, of which the subject has to be there, an empty line, and the text."""

    def __init__(self, source: str, name: str) -> None:
        head, gap, body = source.replace("\r\n", "\n").lstrip("\ufeff").partition("\n\n")
        headers = dict(line.partition(":")[::2] for line in head.split("\n"))
        unknown = [header for header in headers if header not in _HEADERS]
        if not gap or unknown or not headers.get("Subject", "").strip():
            wrong = f": {unknown[0][:40]!r} is no header for it" if unknown and gap else ""
            raise UsageError(
                f"{name} does not begin as a mail{wrong}.",
                f"Write Subject: ..., an empty line and the text; {' and '.join(_HEADERS[1:])} may stand there, too.",
            )
        self._headers = {header: Template(text.strip(), name, _in_line) for header, text in headers.items()}
        self._body = Template(body, name, _in_text)

    def write(self, to: Addressee, values: Mapping[str, Any]) -> tuple[bytes, tuple[str, ...]]:
        """The bytes, and what is lacking. A mail program opens it as a draft, and nobody has sent it."""
        mail, lacks = EmailMessage(policy=SMTP), dict[str, None]()
        for header, template in self._headers.items():
            text, wanted = template.render(values, to.language)
            lacks.update(dict.fromkeys(wanted))
            mail[header] = _in_line(text)
        address = _address(to.person, to.name)
        if address:
            mail["To"] = address
        else:
            lacks["an e-mail address"] = None
        mail["X-Unsent"] = "1"
        text, wanted = self._body.render(values, to.language)
        mail.set_content(text, cte="quoted-printable")
        return mail.as_bytes(), tuple(dict.fromkeys((*lacks, *wanted)))


def _address(person: Person, name: str) -> Address | None:
    if not person.email:
        return None
    try:
        return Address(_in_line(person.name or name), addr_spec=person.email)
    except (MessageError, ValueError, IndexError):
        return None


def _in_line(text: str) -> str:
    """A value in a header: nothing in it ends the line."""
    return " ".join("".join(sign if is_harmless(sign) else " " for sign in text).split())


def _in_text(text: str) -> str:
    """A value in the text of a mail, where line ends are what they are."""
    return "\n".join(map(terminal, text.split("\n")))
