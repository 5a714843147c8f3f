"""The field table: one row a field. Parsing, checks, `plaincrm fields` and the docs come from it alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, NamedTuple

from plaincrm.language import fold, label, spellings, words

Scope = Literal["customer", "entry", "deal", "task"]


class Field(NamedTuple):
    """One field: where it stands, what its values are, and what it is for.

    `type` is a row of `plaincrm.records.values.TYPES`. `choices` names a kind of vocabulary (for the types choice
    and channel) or lists a user's own values; `limits` are the lowest and highest number allowed.
    """

    key: str
    type: str
    help: str
    scope: Scope = "customer"
    many: bool = False
    choices: str | tuple[str, ...] = ()
    limits: tuple[int, int] | None = None
    own: str = ""  # label of a user's own field
    spellings: tuple[str, ...] = ()  # a user's own

    def label(self, language: str = "en") -> str:
        """The field's name in a language."""
        return self.own or label(_kind(self.scope), self.key, language)


def _kind(scope: Scope) -> str:
    return "fields" if scope == "customer" else "inline"


CUSTOMER_FIELDS = (
    Field("name", "text", "What the customer is called; the file name stands in where it is missing."),
    Field("type", "choice", "A company or a person.", choices="types"),
    Field("aliases", "text", "Other names; Obsidian and the search know the customer by them too.", many=True),
    Field("tags", "tag", "Free labels, for queries and segments.", many=True),
    Field("business_id", "business_id", "Finnish Y-tunnus; the check digit is checked."),
    Field("vat_id", "vat_id", "EU VAT number; the check digit is checked."),
    Field("ids", "text", "What the customer is called in other programs: hubspot-company:501.", many=True),
    Field("website", "url", "The customer's site."),
    Field("address", "text", "Street address."),
    Field("postcode", "text", "Postal code, in quotes: Obsidian would drop a leading zero."),
    Field("city", "text", "City or town."),
    Field("country", "country", "ISO 3166 code of the country."),
    Field("language", "language", "ISO 639 code of the language the customer is written to in."),
    Field("industry", "text", "Line of business."),
    Field("size", "number", "Number of people working there."),
    Field("company", "link", "The company a person works for."),
    Field("role", "text", "What a person does there."),
    Field("contacts", "contact", "Contact persons, one a line: Name <mail> phone (role).", many=True),
    Field("email", "email", "E-mail address.", many=True),
    Field("phone", "phone", "Phone number, in quotes: Obsidian would drop the plus.", many=True),
    Field("birthday", "birthday", "Date of birth, or --MM-DD where the year is not known."),
    Field("stage", "choice", "Where the customer stands on the way from lead to former.", choices="stages"),
    Field("tier", "choice", "Occasional, regular or key: sets rhythm and response target.", choices="tiers"),
    Field("owner", "choice", "Who of us looks after the customer.", choices="owners"),
    Field("since", "date", "First contact, or customer since."),
    Field("source", "text", "Where the customer came from."),
    Field("referred_by", "link", "Who brought the customer."),
    Field("parent", "link", "The company this one belongs to."),
    Field("partner_of", "link", "Customers this one works with.", many=True),
    Field("not_same", "link", "Customers this one is easily taken for; `duplicates` passes the pair over.", many=True),
    Field("cadence", "cadence", "How often to be in touch at the least: 14d, 6w, 3m, 1y or never."),
    Field("next", "date", "When to be in touch next."),
    Field("next_action", "text", "What to do then."),
    Field("next_channel", "channel", "How to do it."),
    Field("quiet_until", "date", "Until then only promises, appointments and people who wait for us are shown."),
    Field("prefers", "channel", "How the customer likes to be reached, best first.", many=True),
    Field("respond_within", "response", "How soon to answer: 4h, 2 days, 1 working day."),
    Field("allow", "permission", "Channels the customer has allowed.", many=True),
    Field("deny", "permission", "Channels the customer has forbidden.", many=True),
    Field("reference", "number", "Reference value, 0 to 5.", limits=(0, 5)),
    Field("learning", "number", "How much the customer teaches us, 0 to 5.", limits=(0, 5)),
    Field("needs", "text", "What the customer needs and why they buy."),
    Field("lost_on", "date", "When the customer was lost."),
    Field("lost_reason", "text", "Why: forgotten, competitor, price, service, moved, closed."),
    Field("verified", "date", "When somebody last checked the record."),
    Field("vision_review", "date", "When to look at the shared vision again."),
)

INLINE_FIELDS = (
    Field("sale", "money", "A sale, excluding VAT; a refund is negative.", "entry"),
    Field("cost", "money", "What the sale cost us.", "entry"),
    Field("margin", "money", "The margin, where it is known and the cost is not.", "entry"),
    Field("product", "text", "What was sold.", "entry"),
    Field("invoice", "text", "Number of the invoice.", "entry"),
    Field("hours", "number", "Hours we spent.", "entry"),
    Field("mood", "choice", "How the customer felt: + 0 -.", "entry", choices="moods"),
    Field("nps", "number", "Would they recommend us, 0 to 10.", "entry", limits=(0, 10)),
    Field("ces", "number", "How easy it was to deal with us, 1 to 7 (very easy).", "entry", limits=(1, 7)),
    Field("csat", "number", "How satisfied they are, 1 to 5.", "entry", limits=(1, 5)),
    Field("expect", "number", "What was expected, 1 to 5.", "entry", limits=(1, 5)),
    Field("got", "number", "What was got, 1 to 5.", "entry", limits=(1, 5)),
    Field("resolved", "yes/no", "Whether it was settled at this contact.", "entry"),
    Field("step", "choice", "Step of the customer's journey.", "entry", choices="steps"),
    Field("feedback", "text", "What the customer said of us.", "entry"),
    Field("complaint", "text", "What the customer complained of.", "entry"),
    Field("answers", "text", "Which earlier entry this one answers.", "entry"),
    Field("playbook", "text", "Which playbook's step was done here.", "entry"),
    Field("topic", "text", "What it was about.", "entry"),
    Field("allow", "permission", "A channel allowed here; the entry is its source.", "entry"),
    Field("deny", "permission", "A channel forbidden here; the entry is its source.", "entry"),
    Field("until", "date", "Until when the permission of this entry holds.", "entry"),
    Field("quiet_until", "date", "Agreed at this contact: not before that day.", "entry"),
    Field("reason", "text", "Why: of a refund, of a lost deal.", "entry"),
    Field("origin", "text", "What an imported entry came from: a mail, an appointment, an answer.", "entry"),
    Field("deal", "text", "A deal and its name.", "deal"),
    Field("value", "money", "What the deal is worth, excluding VAT.", "deal"),
    Field("chance", "percent", "How likely it is, 0 to 100 %.", "deal"),
    Field("opened", "date", "Since when it is talked about; else the day of its log entry.", "deal"),
    Field("expected", "date", "When the decision is expected.", "deal"),
    Field("won", "date", "When it was won.", "deal"),
    Field("lost", "date", "When it was lost.", "deal"),
    Field("owes", "choice", "Who owes the promise: us (if nothing is said) or them.", "task", choices="parties"),
)


_VCARD_KIND = re.compile(r"\[[^\[\]]{1,30}\]")  # as in EMAIL[HOME] and ADR[WORK].LOCALITY


class FieldTable:
    """The core fields and a vault's own, found by any spelling people use."""

    def __init__(self, own: Iterable[Field] = ()) -> None:
        self.customer: dict[str, Field] = {field.key: field for field in CUSTOMER_FIELDS}
        self.inline: dict[str, Field] = {field.key: field for field in INLINE_FIELDS}
        self._customer_words: dict[str, str] = dict(words("fields"))
        self._inline_words: Mapping[str, str] = words("inline")
        self._seen: dict[str, Field | None] = {}
        self._seen_inline: dict[str, Field | None] = {}
        for field in own:
            self.customer[field.key] = field
            for spelling in (field.key, field.own, *field.spellings):
                self._customer_words[fold(spelling)] = field.key

    def find(self, key: str) -> Field | None:
        """The customer field that a front matter key names, in any spelling, vCard's with a kind too; or None."""
        if key not in self._seen:
            words = self._customer_words
            canonical = words.get(fold(key)) or words.get(fold(_VCARD_KIND.sub("", key)))
            self._seen[key] = self.customer[canonical] if canonical else None
        return self._seen[key]

    def find_inline(self, key: str) -> Field | None:
        """The inline field that a key in brackets names, or None."""
        if key not in self._seen_inline:
            canonical = self._inline_words.get(fold(key))
            self._seen_inline[key] = self.inline[canonical] if canonical else None
        return self._seen_inline[key]

    def spellings(self) -> tuple[str, ...]:
        """Every spelling of the customer fields, as people write them: the material of "did you mean"."""
        own = (item for item in self.customer.values() if item.own)
        return (*_spellings("fields"), *(word for item in own for word in (item.key, item.own, *item.spellings)))

    def inline_spellings(self) -> tuple[str, ...]:
        """Every spelling of the inline fields."""
        return _spellings("inline")


@cache
def _spellings(kind: str) -> tuple[str, ...]:
    """Every spelling of a kind of field in every language; with `_` where the words of one are joined so."""
    found = dict.fromkeys(spelling for name in words(kind).values() for spelling in spellings(kind, name))
    return tuple(spelling.replace(" ", "_") for spelling in found)
