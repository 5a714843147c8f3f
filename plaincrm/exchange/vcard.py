"""vCard 2.1, 3 and 4, one or many in a file, read by vobject and made even where it leaves the versions apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from plaincrm.exchange.bytes_in import opened
from plaincrm.exchange.checked import checked
from plaincrm.language import fold
from plaincrm.records.incoming import Incoming, Kind, Rejection, Remark
from plaincrm.records.schema import Schema

_BEGIN = re.compile(r"^(?:item[0-9]+\.)?BEGIN:VCARD[ \t]*$", re.IGNORECASE)
_END = re.compile(r"^END:VCARD[ \t]*$", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4}|--)-?([0-9]{2})-?([0-9]{2})(?:T.*)?")
_FOLD = re.compile(r"\r\n[ \t]")
_LIST = re.compile(r"(?:[\w-]+\.)?CATEGORIES(?:;|$)", re.IGNORECASE)
_BARE_COMMA, _ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*),"), r"\1\\,"
_LONGEST = 5_000_000  # characters of one card; a photograph is about 200,000


def is_vcard(start: bytes) -> bool:
    """Whether a file begins as vCards do."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:12].upper().startswith(b"BEGIN:VCARD")


def cards(path: Path, schema: Schema, file: str) -> Iterator[Incoming | Rejection]:
    """Each card as what it says; one that cannot be read with the reason."""
    for line, text in _texts(path):
        if isinstance(text, bool):
            yield Rejection(file, line, "the card has no end" if text else "the card is too large")
            continue
        yield _card(line, text, schema, file)


def _texts(path: Path) -> Iterator[tuple[int, str | bool]]:
    """The text of each card with its line; instead of one without an end True, of one too large False."""
    with opened(path) as source:
        lines, begun, size = list[str](), 0, 0
        for number, data in enumerate(source, 1):
            line = _decoded(data).strip("\r\n\ufeff")
            if _BEGIN.match(line):
                if begun:
                    yield begun, True
                lines, begun, size = [], number, 0
            if not begun:
                continue
            size += len(line)
            if size <= _LONGEST:
                lines.append(line)
            if _END.match(line):
                yield begun, "\r\n".join([*lines, ""]) if size <= _LONGEST else False
                begun = 0
        if begun:
            yield begun, True


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _card(line: int, text: str, schema: Schema, file: str) -> Incoming | Rejection:
    import vobject  # noqa: PLC0415 (for address books only)

    try:
        card = vobject.readOne(_with_whole_values(text), allowQP=True)
        contents = card.contents
    except Exception as error:  # vobject raises whatever its parts do
        return Rejection(file, line, f"it is no sound card: {str(error).splitlines()[0][:80] if str(error) else ''}")
    said = {name.upper(): list(items) for name, items in contents.items()}
    kind = _kind(said)
    organisation = _first(_flat(item.value) for item in said.get("ORG", ()))
    name = _first(_text(item.value) for item in said.get("FN", ())) or _first(
        _full_name(item.value) for item in said.get("N", ())
    )
    if not name or (organisation and (kind == "company" or fold(name) == fold(organisation))):
        name, organisation, kind = organisation or name, "", "company" if organisation else kind
    name = " ".join(name.split())
    if not name or not name.isprintable():
        return Rejection(file, line, "it has no name")
    fields, left_out = checked(_fields(said, kind), schema)
    return Incoming(
        file,
        line,
        kind,
        name,
        fields,
        ids=tuple(f"vcard:{_text(item.value)}" for item in said.get("UID", ())[:1]),
        company=" ".join(organisation.split()),
        remarks=tuple(Remark(_text(item.value)) for item in said.get("NOTE", ())),
        left_out=left_out,
    )


def _with_whole_values(text: str) -> str:
    """A card whose commas are text but in lists: of a bare one vobject takes what stands before it for all there is."""
    return "\r\n".join(
        f"{head}{colon}{value if _LIST.match(head) else _BARE_COMMA.sub(_ESCAPED, value)}"
        for head, colon, value in _properties(text)
    )


def _properties(text: str) -> Iterator[tuple[str, str, str]]:
    """Each property with its whole value, of whatever lines that has: folded ones, or those of quoted-printable."""
    lines = iter(_FOLD.sub("", text).split("\r\n"))
    for line in lines:
        head, colon, value = line.partition(":")
        if "QUOTED-PRINTABLE" in head.upper():
            while value.endswith("="):
                value = value[:-1] + next(lines, "")
            value = value.replace("=2C", ",").replace("=2c", ",")
        yield head, colon, value


def _kind(said: dict[str, list[Any]]) -> Kind:
    words = [_text(item.value).casefold() for key in ("KIND", "X-ABSHOWAS") for item in said.get(key, ())]
    return "company" if {"org", "company", "organization"} & set(words) else "person"


def _fields(said: dict[str, list[Any]], kind: Kind) -> dict[str, list[str]]:
    texts = {
        key: [_text(item.value) for item in items] for key, items in said.items() if key not in ("N", "ADR", "ORG")
    }
    found: dict[str, list[str]] = {
        "type": [kind],
        "email": [text.removeprefix("mailto:") for text in texts.get("EMAIL", ())],
        "phone": [text.removeprefix("tel:").partition(";")[0] for text in texts.get("TEL", ())],
        "role": [*texts.get("TITLE", ()), *texts.get("ROLE", ())] if kind == "person" else [],
        "website": texts.get("URL", []),
        "aliases": [text for item in said.get("NICKNAME", ()) for text in _list(item.value)],
        "birthday": [day for text in texts.get("BDAY", ()) if (day := _day(text))],
        "language": [text.partition("-")[0].lower() for text in texts.get("LANG", ())],
        "tags": [re.sub(r"\s+", "-", tag.strip()) for item in said.get("CATEGORIES", ()) for tag in _list(item.value)],
    }
    address = next(iter(sorted(said.get("ADR", ()), key=_is_home)), None)
    if address is not None:
        parts = {"address": "street", "city": "city", "postcode": "code", "country": "country"}
        found |= {key: [_flat(getattr(address.value, part, ""))] for key, part in parts.items()}
    return found


def _is_home(item: Any) -> bool:  # noqa: ANN401 (vobject has no types)
    return any("home" in str(word).casefold() for word in item.params.get("TYPE", ()))


def _day(text: str) -> str:
    found = _DAY.fullmatch(text.strip())
    return "" if not found else f"{'-' if found[1] == '--' else found[1]}-{found[2]}-{found[3]}"


def _full_name(value: Any) -> str:  # noqa: ANN401
    parts = (getattr(value, part, "") for part in ("given", "additional", "family"))
    return " ".join(filter(None, map(_flat, parts)))


def _flat(value: object) -> str:
    """The first of several parts, as of a company and its department."""
    return _flat(value[0]) if isinstance(value, list) and value else "" if isinstance(value, list) else _text(value)


def _list(value: object) -> list[str]:
    return [_text(item) for item in value] if isinstance(value, list) else _text(value).split(",")


def _text(value: object) -> str:
    return str(value).strip() if not isinstance(value, list) else ", ".join(map(str, value))


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")
