"""What a field's text means: one function a type, each giving a value or saying what is wrong with the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from plaincrm.dates import Cadence, Duration, iso_form, parse_date, parse_duration
from plaincrm.language import canonical, fold, spellings
from plaincrm.money import Money, MoneyError, parse_money
from plaincrm.records.days import iso_hint
from plaincrm.records.fields import Field
from plaincrm.records.model import Contact
from plaincrm.records.phone import phone_number
from plaincrm.records.schema import Schema


class BadValue(Exception):
    """A text that is no value of its field's type: the code of the fault and the facts its message names.

    `fix` is the text that should stand there instead, where that is certain.
    """

    def __init__(self, code: str, fix: str | None = None, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.fix = fix
        self.facts = facts


Reader = Callable[[str, Field, Schema], object]

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@(?:[^\s@<>()\[\],;:\".]{1,63}\.){1,8}[^\s@<>()\[\],;:\".\d]{2,63}")
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_URL = r"(?i)(?:https?://)?(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,63}(?::\d{1,5})?(?:[/?#]\S*)?"
_NUMBER = re.compile(r"[-−]?[0-9]{1,15}(?:[.,][0-9]{1,6})?", re.ASCII)
_CLOCK = r"(?a)[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9:]{2,6})?"
_LENGTH = r"([0-9]{1,4})\s*([^\W\d_]{1,12})"
_BIRTHDAY = r"(?a)(?:--)?([0-9]{2})-([0-9]{2})"
_LINK = r"!?\[\[([^\[\]|#^]+)(?:[#^|][^\[\]]*)?\]\]"
_CONTACT_EMAIL = r"<([^<>]{0,200})>|(?<!\S)([^\s<>()@]{1,64}@[^\s<>()@]{1,200})"
_CONTACT_PHONE = r"(?a)(?<![\w@.])\+?[0-9(][0-9 ()/\u00a0-]{4,24}[0-9]"
_CONTACT_ROLE = r"\(([^()]{1,80})\)\s*$"


def read_value(text: str, field: Field, schema: Schema) -> object:
    """The value of one text by its field's type.

    Raises:
        BadValue: the text is none of the type's.
    """
    return TYPES[field.type](text, field, schema)


def as_text(value: object) -> str:
    """A value in its canonical written form: what JSON, CSV and the index hold."""
    return value if isinstance(value, str) else _as_text(value)


@lru_cache(maxsize=4096, typed=True)  # typed: 1 is not yes
def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Contact):
        mail = f" <{value.email}>" if value.email else ""
        phone = f" {value.phone}" if value.phone else ""
        return f"{value.name}{mail}{phone}{f' ({value.role})' if value.role else ''}".strip()
    return str(value)


def _text(text: str, _field: Field, _schema: Schema) -> str:
    return text


def _tag(text: str, _field: Field, _schema: Schema) -> str:
    tag = text.lstrip("#")
    if not tag or re.search(r"\s", tag):
        raise BadValue("bad-tag")
    return tag


def _number(text: str, field: Field, _schema: Schema) -> Decimal:
    number = _decimal(text)
    if number is None:
        raise BadValue("bad-number")
    if field.limits and not field.limits[0] <= number <= field.limits[1]:
        raise BadValue("out-of-range", low=str(field.limits[0]), high=str(field.limits[1]))
    return number


@lru_cache(maxsize=4096)
def _decimal(text: str) -> Decimal | None:
    return Decimal(text.replace("−", "-").replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _percent(text: str, _field: Field, _schema: Schema) -> int:
    bare = text.rstrip("% \u00a0")
    if not re.fullmatch(r"[0-9]{1,3}", bare, re.ASCII) or int(bare) > 100:
        raise BadValue("out-of-range", low="0 %", high="100 %")
    return int(bare)


def _money(text: str, _field: Field, schema: Schema) -> Money:
    try:
        return parse_money(text, schema.currency)
    except MoneyError as error:
        code = "ambiguous-amount" if error.kind == "ambiguous" else "bad-amount"
        problem = "It is no amount of money." if error.kind == "not-money" else str(error)
        raise BadValue(code, problem=problem) from None


def _date(text: str, _field: Field, _schema: Schema) -> date:
    """A day; of a date with a time the written day counts."""
    found = parse_date(text[:10]) if len(text) == 10 or re.compile(_CLOCK).fullmatch(text, 10) else None
    if found is None:
        bare = text.removeprefix("[[").removesuffix("]]")  # a daily note
        fix = bare if bare != text and parse_date(bare) else iso_form(bare)
        hint = " A full day is needed." if re.fullmatch("[0-9]{4}(?:-[0-9]{2})?", text) else iso_hint(fix or text)
        raise BadValue("bad-date", fix, hint=hint)
    return found


def _birthday(text: str, field: Field, schema: Schema) -> str:
    """A full date, or month and day alone, kept as `--MM-DD` (ISO 8601:2000, as vCard writes it)."""
    match = re.fullmatch(_BIRTHDAY, text)
    if match and parse_date(f"2000-{match[1]}-{match[2]}"):
        return f"--{match[1]}-{match[2]}"
    if re.fullmatch(r"[0-9]{1,2}[./-][0-9]{1,2}\.?", text):
        raise BadValue("bad-date", hint=" Without its year it is written --MM-DD.")
    return _date(text, field, schema).isoformat()


def _cadence(text: str, _field: Field, _schema: Schema) -> Cadence:
    if canonical("days", text) == "never":
        return "never"
    found = parse_duration(text.replace(" ", ""))
    if found is None:
        raise BadValue("bad-cadence", _spelled_length(text))
    return found


def _period(text: str, _field: Field, _schema: Schema) -> Duration:
    found = parse_duration(text.replace(" ", ""))
    if found is None:
        raise BadValue("bad-period", _spelled_length(text))
    return found


def _spelled_length(text: str) -> str | None:
    """The short form of a length written out: `6w` of `6 weeks` or `6 viikkoa`."""
    match = re.fullmatch(_LENGTH, text)
    unit = canonical("lengths", match[2]) if match else None
    found = parse_duration(f"{match[1]}{unit}") if match and unit else None
    return str(found) if found else None


def _response(text: str, _field: Field, _schema: Schema) -> str:
    from plaincrm.worktime import parse_target  # noqa: PLC0415 (for this field only)

    if parse_target(text) is None:
        raise BadValue("bad-response-time")
    return text


def _choice(text: str, field: Field, schema: Schema) -> str:
    if isinstance(field.choices, tuple):
        found = next((choice for choice in field.choices if fold(choice) == fold(text)), None)
    else:
        found = schema.choice(field.choices, text)
    if found is None:
        allowed = field.choices if isinstance(field.choices, tuple) else schema.choices(field.choices)
        kind = "" if isinstance(field.choices, tuple) else field.choices
        raise BadValue(_CHOICE_CODES.get(field.key, "unknown-choice"), hint=_did_you_mean(text, allowed, kind))
    return found


_CHOICE_CODES = {
    "type": "unknown-type",
    "stage": "unknown-stage",
    "tier": "unknown-tier",
    "owner": "unknown-owner",
    "mood": "unknown-mood",
    "step": "unknown-step",
}


def _did_you_mean(text: str, allowed: tuple[str, ...], kind: str) -> str:
    """The spelling nearest to a word, in any language; where none is near, all that is allowed."""
    near = nearest(text, [word for name in allowed for word in spellings(kind, name)])
    if not near and kind == "owners":  # `Liisa Mäkinen`, of whom the settings know the first name
        near = next((name for name in allowed if fold(name) in map(fold, text.split())), None)
    return f" Did you mean {near}?" if near else f" Known are {', '.join(allowed)}." if allowed else ""


def nearest(text: str, known: tuple[str, ...] | list[str]) -> str | None:
    """The known word most like a misspelt one, or None where none is near."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 (33 ms, for mistakes only)
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    word = text.casefold()[:100]
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=70)
    if found:
        return str(found[0])
    # Of a short word one slip leaves little: kye for key.
    return next((near for near in known if OSA.distance(word, near) == 1), None) if len(word) > 2 else None


def channel_words(field: Field, schema: Schema) -> tuple[str, ...]:
    """The words that a field of channels or permissions takes."""
    scopes = schema.choices("scopes") if field.type == "permission" else ()
    return (*scopes, *schema.own_channels, *schema.choices("channels"))


def _channel(text: str, field: Field, schema: Schema) -> str:
    found = schema.channel(text)
    if found is None:
        raise BadValue("unknown-channel", hint=_did_you_mean(text, channel_words(field, schema), "channels"))
    return found


def _permission(text: str, field: Field, schema: Schema) -> str:
    """A channel, `marketing`, `all`, or marketing by one channel (`marketing:email`)."""
    word, _, rest = text.partition(":")
    scope = canonical("scopes", word)
    if scope and not rest:
        return scope
    return f"{scope}:{_channel(rest, field, schema)}" if scope == "marketing" else _channel(text, field, schema)


def _yes_no(text: str, _field: Field, _schema: Schema) -> bool:
    answer = canonical("answers", text)
    if answer is None:
        raise BadValue("bad-yes-no")
    return answer == "yes"


def _email(text: str, _field: Field, _schema: Schema) -> str:
    bare = text.removeprefix("mailto:")
    if len(bare) > 254 or not _EMAIL.fullmatch(bare):
        raise BadValue("bad-email", value=text[:80])
    return bare


def _phone(text: str, _field: Field, schema: Schema) -> str:
    """A possible number, kept as typed."""
    if phone_number(text, schema.country) is None:
        raise BadValue("bad-phone", value=text[:80])
    return text


def _url(text: str, _field: Field, _schema: Schema) -> str:
    if len(text) > 2_000 or not re.fullmatch(_URL, text):
        raise BadValue("bad-url")
    return text


def _link(text: str, _field: Field, _schema: Schema) -> str:
    """The target of a link; a bare name is one too."""
    match = re.fullmatch(_LINK, text)
    target = match[1].strip() if match else text
    if not match and ("[[" in text or "]]" in text):
        raise BadValue("bad-link")
    return target.removesuffix(".md")


def _country(text: str, _field: Field, schema: Schema) -> str:
    """ISO 3166-1 alpha-2 code; names in English and Finnish are read."""
    if text == schema.country and text:
        return text
    found = _territories().get(text.casefold())
    if found is None:
        raise BadValue("bad-country")
    return found


@lru_cache(maxsize=1)
def _territories() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 (for countries other than the vault's own)

    names = [(str(code), str(name)) for lang in ("en", "fi") for code, name in Locale(lang).territories.items()]
    countries = [(code, name) for code, name in names if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRY]
    return {word.casefold(): code for code, name in countries for word in (name, code)}


_NO_COUNTRY = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}


def _language(text: str, _field: Field, _schema: Schema) -> str:
    """ISO 639-1 code."""
    code = text.casefold()
    if code in ("fi", "sv", "en"):
        return code
    from babel import Locale  # noqa: PLC0415 (for languages other than the common ones)

    if len(code) != 2 or code not in Locale("en").languages:
        raise BadValue("bad-language")
    return code


def _business_id(text: str, _field: Field, _schema: Schema) -> str:
    """Finnish Y-tunnus by its check digit; old six-digit ones get their leading zero."""
    digits = f"0{text}" if re.fullmatch(r"[0-9]{6}-[0-9]", text, re.ASCII) else text
    if re.fullmatch(r"[0-9]{7}-[0-9]", digits, re.ASCII) and _has_check_digit(digits):
        return digits
    from stdnum.exceptions import ValidationError  # noqa: PLC0415 (50 ms, for other spellings only)
    from stdnum.fi import ytunnus  # noqa: PLC0415

    try:
        return str(ytunnus.format(ytunnus.validate(digits)))
    except ValidationError:
        count = sum(map(str.isdigit, text))
        problem = "has a wrong check digit" if count == 8 else f"has {count} digits, not 8"
        raise BadValue("bad-business-id", problem=problem) from None


def _has_check_digit(business_id: str) -> bool:
    digits = zip(business_id.replace("-", ""), (7, 9, 10, 5, 8, 4, 2, 1), strict=True)
    return sum(int(digit) * weight for digit, weight in digits) % 11 == 0


def _vat_id(text: str, _field: Field, _schema: Schema) -> str:
    """EU VAT number with its country letters, by its own check (python-stdnum)."""
    from stdnum.eu import vat  # noqa: PLC0415 (50 ms, for ids only)
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    try:
        return str(vat.validate(text))
    except ValidationError:
        raise BadValue("bad-vat-id") from None


def _contact(text: str, field: Field, schema: Schema) -> Contact:
    """A contact person on one line: `Name <mail> phone (role)`, all but the name optional."""
    role = re.search(_CONTACT_ROLE, text)
    rest = text[: role.start()] if role else text
    mail = re.search(_CONTACT_EMAIL, rest)
    if mail:
        rest = f"{rest[: mail.start()]} {rest[mail.end() :]}"
    if mail and re.search(_CONTACT_EMAIL, rest):
        raise BadValue("bad-contact", problem="holds more than one e-mail address")
    phone = re.search(_CONTACT_PHONE, rest)
    if phone:
        rest = f"{rest[: phone.start()]} {rest[phone.end() :]}"
    contact = Contact(
        name=" ".join(rest.split()).strip(" ,;–—-"),
        email=(mail[1] or mail[2] or "").strip(" ,;") if mail else "",
        phone=phone[0].strip() if phone else "",
        role=role[1].strip() if role else "",
    )
    return checked_contact(contact, field, schema)


def checked_contact(contact: Contact, field: Field, schema: Schema) -> Contact:
    """The contact itself, once its name, mail and phone are seen to be such."""
    if not (contact.email or contact.phone or any(map(str.isalpha, contact.name))):
        raise BadValue("bad-contact", problem="names no contact person")
    if contact.email:
        _email(contact.email, field, schema)
    if contact.phone:
        _phone(contact.phone, field, schema)
    return contact


TYPES: dict[str, Reader] = {
    "text": _text,
    "tag": _tag,
    "number": _number,
    "percent": _percent,
    "money": _money,
    "date": _date,
    "birthday": _birthday,
    "period": _period,
    "cadence": _cadence,
    "response": _response,
    "choice": _choice,
    "channel": _channel,
    "permission": _permission,
    "yes/no": _yes_no,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "link": _link,
    "country": _country,
    "language": _language,
    "business_id": _business_id,
    "vat_id": _vat_id,
    "contact": _contact,
}
