"""What looks like a fault and is none, and odd notes that no check may stumble over."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.making import vault_of

TODAY = date(2026, 11, 21)
CONFIG = '[vault]\ncurrency = "EUR"\ncountry = "FI"\n'
TWO_OF_US = CONFIG.replace("[vault]", '[vault]\nowners = ["liisa", "matti"]')


def note(*fields: str, body: str = "") -> str:
    return "---\n" + "".join(f"{field}\n" for field in fields) + f"---\n{body}"


def names(*listed: str) -> dict[str, str]:
    return {f"{number}.md": note(f'name: "{name}"') for number, name in enumerate(listed)}


def entry(*lines: str, fields: tuple[str, ...] = ()) -> dict[str, str]:
    return {"alma.md": note("name: Alma Oy", *fields, body="".join(f"{line}\n" for line in lines))}


SOUND: dict[str, Mapping[str, str]] = {
    "a family name": names("Anna Virtanen", "Antti Virtanen", "Arto Virtanen", "Anne Virtanen", "Virtanen Oy"),
    "houses of one street": names("Asunto Oy Aallontie 3", "Asunto Oy Aallontie 5", "As Oy Aallontie 3 A"),
    "towns": names("Seurakunta Turku", "Seurakunta Oulu", "Kahvila Turku", "Kahvila Aura"),
    "names of signs": names("Oy", "Ab", "!!!", "???", "–", "田中商店", "田中商会"),
    "short names": names("Ek", "El", "Ekö", "Bo", "Ås", "Åsa"),
    "two companies by their ids": {
        "a.md": note("name: Kahvila Aurinko Oy", "business_id: 2779126-0"),
        "b.md": note("name: Kahvila Aurinko", "business_id: 2077474-0"),
    },
    "signs of a day that tell of none": entry(
        "- [ ] 📅 Agree on a day",
        "- [ ] Ask what `📅 27.11.2026` is",
        "- [ ] Quote %% 📅 27.11.2026 %% 📅 2026-12-01",
        "- [ ] Quote ✅ as agreed 📅 2026-12-01",
        "- [ ] Quote 📅 2026-12-01 [owes:: them]",
        "- [x] Quote 📅 2026-11-20 in the evening",
    ),
    "fields of one's own": entry(
        "- 2026-11-19 visit: [post:: 20] [list:: 3] [note:: x] [host:: Ann] [city:: Turku] `[sael:: 3 EUR]`",
        "- 2026-11-18 visit: [sale: sold out](https://a.example) [value: high] `sale:: 3` std::sale",
        "- 2026-11-17 visit: %% [sael:: 100 EUR] %% x",
    ),
    "dates that begin no entry": entry(
        "## Log",
        "- 2026-11-19 visit: what we did and when",
        "  - 2026-11-04 call about the terrace",
        "  - 5.11. call about the stairs",
        "  2026-11-04 call: as they told us",
        "- 2.50 EUR a metre",
        "- 3.5 hours",
        "- 12345678 is the order",
        "",
        "2026-11-04 was a good day, and so was",
        "5.11. when it rained",
        "",
        "| 2026-11-04 | call |",
        "## Notes",
        "- 5.11. call",
    ),
    "a phone of a person and the company": {
        "alma.md": note("name: Alma Oy", 'phone: "+358 2 555 0101"', "contacts:\n  - Ann Berg +358 2 555 0101"),
        "ann.md": note("name: Ann Berg", 'company: "[[alma]]"', 'phone: "02 555 0101"'),
    },
    "a phone of two who work for one company": {
        "alma.md": note("name: Alma Oy"),
        "ann.md": note("name: Ann Berg", 'company: "[[alma]]"', 'phone: "02 555 0101"', "email: info@alma.example"),
        "bo.md": note("name: Bo Ek", 'company: "[[Alma]]"', 'phone: "+358 2 5550101"', "email: info@alma.example"),
    },
    "a property manager of two houses": {
        "a.md": note("name: As Oy Aallontie 3", "contacts:\n  - Ann Berg <ann@aura.example> 02 555 0101 (manager)"),
        "b.md": note("name: As Oy Aallontie 5", "contacts:\n  - Ann Berg <Ann@aura.example> +358 2 555 0101"),
    },
    "the branches of one company": {
        "a.md": note("name: Alma Oy", "business_id: 2779126-0"),
        "b.md": note("name: Alma Turku", "business_id: 2779126-0", 'parent: "[[a]]"'),
        "c.md": note("name: Alma Naantali", "business_id: 2779126-0", 'parent: "[[a]]"'),
    },
    "one address twice in one note": {
        "a.md": note("name: Alma Oy", "email: ann@alma.example", "contacts:\n  - Ann Berg <ann@alma.example>"),
    },
    "partners who name each other": {
        "a.md": note("name: Alma Oy", 'partner_of: ["[[b]]"]'),
        "b.md": note("name: Bertta Oy", 'partner_of: ["[[a]]"]'),
    },
    "a family of companies": {
        "a.md": note("name: Alma Oy"),
        "b.md": note("name: Bertta Oy", 'parent: "[[a]]"', 'referred_by: "[[c]]"'),
        "c.md": note("name: Cecilia Oy", 'parent: "[[a]]"'),
    },
    "appointments back to back": entry("- 2026-11-24 10:00-11:00 visit: floor", "- 2026-11-24 11:00-12:00 visit: wall"),
    "appointments of two of us": {
        "a.md": note("name: Alma Oy", "owner: liisa", body="- 2026-11-24 10:00-11:00 visit: floor\n"),
        "b.md": note("name: Bertta Oy", "owner: matti", body="- 2026-11-24 10:30 visit: wall\n"),
    },
    "one visit to two, in the same words": {
        "a.md": note("name: Alma Oy", "owner: liisa", body="- 2026-11-24 10:00-11:00 visit: the Stairs\n"),
        "b.md": note("name: Bertta Oy", "owner: liisa", body="- 2026-11-24 10:00-11:00 visit: the stairs\n"),
        "c.md": note("name: Cilla Oy", "owner: liisa", body="- 2026-11-24 11:00 visit: the wall\n"),
    },
    "one visit to two, by a link": {
        "a.md": note("name: Alma Oy", "owner: liisa", body="- 2026-11-24 10:00-11:00 visit: the stairs\n"),
        "b.md": note("name: Bertta Oy", "owner: liisa", body="- 2026-11-24 10:00 visit: with [[customers/A|Alma]]\n"),
    },
    "appointments of nobody knows whom": {
        "a.md": note("name: Alma Oy", body="- 2026-11-24 10:00-11:00 visit: floor\n"),
        "b.md": note("name: Bertta Oy", body="- 2026-11-24 10:30 visit: wall\n"),
    },
    "talks at one time, long ago": entry("- 2026-11-02 10:00 call out: a", "- 2026-11-02 10:00 email out: b"),
    "they come to us while we write a note": entry("- 2026-11-24 10:00 call in: a", "- 2026-11-24 10:00 note: b"),
    "an evening that goes on": entry("- 2026-12-05 19:00-01:30 visit: housewarming"),
    "links of all kinds": {
        "a.md": note(
            "name: Alma Oy",
            'referred_by: "[[customers/b.md|Bertta]]"',
            body="[[2026-11-20]] [[2026-W03]] [[2026-11]] [[2026]] [[b#Log]] [[b|B]] ![[photo.jpg]] [[b.md]] [[B]]\n"
            "[[materials/care]] [[#Log]] [x](nowhere.md) `[[nowhere]]`\n```\n[[nowhere]]\n```\n<!-- [[nowhere]] -->\n",
        ),
        "b.md": note("name: Bertta Oy"),
        "materials/care.md": "care",
        "materials/photo.jpg": "",
    },
    "a link in Unicode's other form": {
        "a.md": note("name: Alma Oy", f'referred_by: "[[{unicodedata.normalize("NFD", "äyrämö")}]]"'),
        "äyrämö.md": note("name: Äyrämö Oy"),
    },
    "an employer who is no customer": {"a.md": note("name: Ann Berg", "company: Koski Kaluste")},
    "an invoice of two lines": entry(
        "- 2026-09-30 visit: done [sale:: 32 EUR] [product:: wall] [invoice:: 7]",
        "  [sale:: 32 EUR] [product:: floor] [invoice:: 7]",
    ),
    "an invoice for two jobs": entry(
        "- 2026-09-30 visit: done [sale:: 32 EUR] [invoice:: 7]",
        "- 2026-09-29 visit: begun [sale:: 12 EUR] [invoice:: 7]",
    ),
    "a refund of an invoice": entry(
        "- 2026-10-30 call in: a stain [sale:: -32 EUR] [reason:: a stain] [invoice:: 7]",
        "- 2026-09-30 visit: done [sale:: 32 EUR] [invoice:: 7]",
    ),
    "a call where e-mail is forbidden": entry(
        "- 2026-11-20 call out: a", "- 2026-11-19 email in: b", fields=("deny: [email]",)
    ),
    "a call before it was forbidden": entry("- 2026-11-20 call in: no more [deny:: call]", "- 2026-11-02 call out: b"),
    "a call that is allowed again": entry(
        "- 2026-11-20 call out: a", "- 2026-11-19 email in: b [allow:: call]", "- 2026-11-18 call in: c [deny:: call]"
    ),
    "an offer where marketing is forbidden": entry("- 2026-11-20 email out: the quote", fields=("deny: [marketing]",)),
    "another day by another channel": entry(
        "- 2026-11-24 10:00 call: a", fields=("next: 2026-12-01", "next_channel: visit")
    ),
    "both channels on the agreed day": entry(
        "- 2026-12-01 09:00 call: on my way",
        "- 2026-12-01 10:00 visit: a",
        fields=("next: 2026-12-01", "next_channel: visit"),
    ),
    "two without an answer": entry("- 2026-11-20 email out: a", "- 2026-11-12 call out: b", "- 2026-11-02 call in: c"),
    "a missed call is a sign": entry(
        "- 2026-11-20 email out: a", "- 2026-11-19 call missed: b", "- 2026-11-18 email out: c"
    ),
    "Christmas cards": entry(*(f"- {year}-12-20 letter out: card" for year in (2025, 2024, 2023, 2022))),
    "their talk in quiet time": entry(
        "- 2026-11-20 call in: a", "- 2026-11-02 email out: b", fields=("quiet_until: 2027-01-07",)
    ),
    "promises in order": entry(
        "- [ ] a 🛫 2026-11-25 📅 2026-11-25",
        "- [x] b ➕ 2026-11-20 ✅ 2026-11-20",
        "- [ ] c ⏳ 2026-11-20 📅 2026-11-25",
    ),
    "promises by their ids": entry("- [ ] a ⛔ one,two", "- [x] b 🆔 one", "- [ ] c 🆔 two", "- [x] d 🆔 two"),
    "numbers in a log": entry(
        "## Log", "- 20.11.2026 call in: a", "- 1.5 litres", "- 10.30 came", "- 1.2.3 of it", "- 3/4 inch"
    ),
    "the history of a house": entry("## History", "Built in 1928.", "", "## Log", "- 2026-11-20 call in: a"),
    "a log with chapters": entry(
        "## Log", "### 2026", "- 2026-11-20 call in: a", "### History", "- 2025-11-20 call in: b"
    ),
    "numbers like an identity code": entry("131052-960X 131052-9601 1131052-960U 131052-960Ux FI21 1234 5600 0007 85"),
    "fields that are empty": entry(fields=("city:", "tags: []", "email: ''", "next: ~", "size: null", 'phone: [""]')),
    "midnight": entry(fields=("since: 2024-03-12T00:00:00", "next: 2026-12-01 00:00")),
    "a name in both forms of Unicode": {"a.md": note(f'name: "{unicodedata.normalize("NFD", "Äyrämö Oy")}"')},
    "quotes of what somebody said": entry(
        fields=("needs: “A quiet hall”", 'city: "„Turku“"', "industry: “old” and “new” cars")
    ),
    "days in the words of a promise": entry("- [ ] Ask what `due:2026-12-01` is", "- [x] Call due:2026-12-01"),
    "comments behind values": entry(fields=("city: Turku # by the river", "# a line of its own", 'tags: ["#vip"]')),
    "Finnish words": entry(
        "## Loki", "- 20.11.2026 klo 9.30 puhelu ulos: x", fields=("tyyppi: yritys", "vaihe: liidi")
    ),
}


@pytest.mark.parametrize("what", SOUND)
def test_what_is_sound_is_not_named(what: str, tmp_path: Path) -> None:
    settings = TWO_OF_US if "of us" in what or "of nobody" in what else CONFIG
    report = vault_of(tmp_path, SOUND[what], settings).check(TODAY)
    assert [(item.file, item.line, item.code, item.message) for item in report.diagnostics] == []


# Near misses of the near misses: these are meant to be named.
NAMED: dict[str, tuple[Mapping[str, str], list[str]]] = {
    "a slip in a long word": (names("Kahvila Aurinko Oy", "Kahvila Aurinkoo"), ["near-name"]),
    "a slip in the first letter": (names("Kahvila Aurinko", "Gahvila Aurinko"), ["near-name"]),
    "blanks and capitals": (names("Kahvila Aurinko", "KAHVILAAURINKO oy"), ["near-name"]),
    "the form of a house": (names("Asunto Oy Aallontie 3", "As. Oy Aallontie 3"), ["near-name"]),
    "diacritics": (names("Ålands Måleri", "Alands Maleri"), ["near-name"]),
    "both forms of Unicode": (names("Äyrämö", unicodedata.normalize("NFD", "Äyrämö")), ["near-name"]),
    "who refers to itself": ({"a.md": note("name: Alma", 'referred_by: "[[a]]"')}, ["referral-circle"]),
    "who belongs to itself": ({"A.md": note("name: Alma", 'parent: "[[a]]"')}, ["parent-circle"]),
    "two in a circle and one beside": (
        {
            name: note(f"name: {name * 4}", f'referred_by: "[[{by}]]"')
            for name, by in (("a", "b"), ("b", "a"), ("c", "a"))
        },
        ["referral-circle"],
    ),
    "two circles": (
        {name: note(f"name: {name * 4}", f'parent: "[[{by}]]"') for name, by in zip("abcd", "badc", strict=True)},
        ["parent-circle"] * 2,
    ),
    "an id without brackets": ({"a.md": note("name: Alma", "referred_by: salo-consulting")}, ["dead-relation"]),
    "one sale entered twice": (
        entry(
            "- 2026-10-02 visit: a [sale:: 32 EUR] [invoice:: 7]", "- 2026-09-30 visit: a [sale:: 32 EUR] [invoice:: 7]"
        ),
        ["invoice-twice"],
    ),
    "a contact who is somebody else": (
        {
            "a.md": note("name: Alma Oy", "contacts:\n  - Ann Berg <info@x.example>"),
            "b.md": note("name: Bertta Oy", "contacts:\n  - Bo Ek <info@x.example>"),
        },
        ["same-email"],
    ),
    "a second log below a heading of another kind": (
        entry(
            "## Log",
            "- 2026-11-20 call in: a",
            "## Needs",
            "### Timeline",
            "- 2026-11-19 call in: b",
            "## Log",
            "- 2026-11-18 call in: c",
        ),
        ["second-log"],
    ),
}


@pytest.mark.parametrize("what", NAMED)
def test_what_is_not_is_named(what: str, tmp_path: Path) -> None:
    notes, codes = NAMED[what]
    files = {name if name.endswith(".md") else f"{name}.md": text for name, text in notes.items()}
    report = vault_of(tmp_path, files, CONFIG).check(TODAY)
    assert [item.code for item in report.diagnostics] == codes


ODD = (
    *(
        "",
        " ",
        "~",
        "''",
        '""',
        "[]",
        "{}",
        "[[]]",
        "[[[a]]]",
        "{a: {b: c}}",
        "[a, [b]]",
        "- a",
        "|\n  a\n  b",
        ">-\n  a",
    ),
    *(
        '"[[]]"',
        '"[[a]]"',
        '"[[#x]]"',
        '"[[|x]]"',
        '"[[/]]"',
        '"[[a/]]"',
        '".md"',
        '"[[.md]]"',
        "#",
        "#x",
        "# x",
        "-",
        "--",
        "-x",
    ),
    *(
        "0",
        "-0",
        "1e5",
        "0x1f",
        ".nan",
        "1,2,3",
        ",",
        ",,",
        "a,",
        ", a",
        "x" * 5000,
        "é" * 3000,
        "\U0001f600",
        '"\\0"',
        '"\\ud800"',
    ),
    *(
        "true",
        "2026-11-21",
        "2026-11-21T",
        "2026-11-21T10",
        "2026-11-21 25:61Z",
        "0000-00-00T00:00Z",
        "9999-12-31T23:59+99:99",
    ),
)


def test_odd_values_in_every_field(tmp_path: Path) -> None:
    from plaincrm.records.fields import CUSTOMER_FIELDS, INLINE_FIELDS

    notes = {}
    for number, value in enumerate(ODD):
        lines = [f"{field.key}: {value}" for field in CUSTOMER_FIELDS]
        words = " ".join(f"[{field.key}:: {value}]" for field in INLINE_FIELDS)
        log = f"## Log\n- 2026-11-2{number % 10} 10:00 call out: {words}\n- [ ] 📅 {value} 🆔 {value} ⛔ {value}\n"
        notes[f"{number}.md"] = note(*lines, body=f"{words}\n{log}")
        notes[f"n{number}.md"] = f"---\nname: {value}\n---\n{words}\n"
    vault = vault_of(tmp_path, notes, CONFIG)
    report = vault.check(TODAY)
    assert report.files == 2 * len(ODD)
    assert len(list(vault.list().customers)) == 2 * len(ODD)
    for item in report.diagnostics:
        assert item.line >= 1
        assert item.column >= 1
        assert len(item.message) < 400


def test_many_alike_cost_little(tmp_path: Path) -> None:
    """A thousand houses of one street, in one circle, with one phone and one invoice: in seconds, not minutes."""
    notes = {
        f"n{number}.md": note(
            f"name: Asunto Oy Aallontie {number}",
            'phone: "+358 2 555 0101"',
            "email: info@aura.example",
            f'referred_by: "[[n{(number + 1) % 1000}]]"',
            body="- 2026-11-24 10:00 visit: a [sale:: 5 EUR] [invoice:: 7]\n- [ ] a 🆔 x ⛔ y\n",
        )
        for number in range(1000)
    }
    vault = vault_of(tmp_path, notes, CONFIG)
    vault.list()
    started = time.monotonic()
    report = vault.check(TODAY)
    assert time.monotonic() - started < 60
    found = {item.code for item in report.diagnostics}
    assert found >= {"same-phone", "same-email", "referral-circle", "invoice-twice", "duplicate-task-id"}
    assert "near-name" not in found


def codes_of(folder: Path, notes: dict[str, str], settings: str = "") -> list[tuple[str, int, int, str]]:
    found = vault_of(folder, notes, f'[check.severity]\nno-next-step = "off"\n{settings}').check(TODAY).diagnostics
    return [(item.file.removeprefix("customers/"), item.line, item.column, item.code) for item in found]


def note_of(name: str, rest: str = "", log: str = "") -> str:
    return f"---\nname: {name}\n{rest}---\n{log}"


def test_messages_overlap_nothing_and_evenings_do(tmp_path: Path) -> None:
    notes = {
        "a.md": note_of("Aapo", "owner: liisa\n", "- 2026-12-01 10:00-11:00 visit: wall\n"),
        "b.md": note_of("Bertta", "owner: liisa\n", "- 2026-12-01 10:30 email out: offer\n"),
        "c.md": note_of("Cilla", "owner: liisa\n", "- 2026-12-02 23:00-01:00 visit: night\n"),
        "d.md": note_of("Daavid", "owner: liisa\n", "- 2026-12-02 23:30 visit: night\n"),
    }
    assert codes_of(tmp_path, notes) == [("d.md", 5, 1, "overlapping-appointments")]


def test_the_value_is_marked_and_not_what_looks_like_it(tmp_path: Path) -> None:
    notes = {
        "a.md": note_of("Aapo", 'referred_by: "[[red]]"\n'),
        "b.md": note_of("Bertta", "", "- 2026-02-01 visit: a thing [sale:: 3 EUR] [invoice:: 1]\n"),
        "c.md": note_of(
            "Cilla", "", "- 2026-01-01 visit [sale:: 9 EUR] [invoice:: 1]\n- [ ] a thing ⛔ a 📅 2027-01-01\n"
        ),
    }
    assert codes_of(tmp_path, notes, '[vault]\ncurrency = "EUR"\n') == [
        ("a.md", 3, 17, "dead-relation"),
        ("b.md", 4, 55, "invoice-twice"),
        ("c.md", 5, 17, "unknown-dependency"),
    ]


def test_a_link_in_a_table_and_names_in_any_case(tmp_path: Path) -> None:
    notes = {
        "x/käpy.md": note_of("Aapo"),
        "y/KÄPY.md": note_of("Bertta"),
        "b.md": note_of("Cilla", "", "| [[aapo\\|A]] |\n[[KÄPY]]\n"),
        "aapo.md": note_of("Daavid"),
    }
    found = codes_of(tmp_path, {f"customers/{name}": text for name, text in notes.items()})
    assert [row for row in found if row[0] == "b.md"] == [("b.md", 5, 3, "ambiguous-link")]


def test_talks_answer_and_our_answers_disturb_nobody(tmp_path: Path) -> None:
    talked = "- 2026-11-03 call out: agreed\n- 2026-11-02 meeting out: talked\n- 2026-11-01 visit: x\n"
    quiet = "quiet_until: 2027-01-01\n"
    notes = {
        "a.md": note_of("Aapo", "", talked),
        "b.md": note_of("Bertta", quiet, "- 2026-11-20 email out: the invoice\n- 2026-11-19 email in: please\n"),
        "c.md": note_of("Cilla", quiet, "- 2020-01-01 email out: long ago\n"),
    }
    assert codes_of(tmp_path, notes) == []


def test_a_comment_that_silences_nothing_can_be_asked_for_alone(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": note_of("Aapo", "", "<!-- plaincrm: ignore bad-date: none is -->\n")})
    assert [item.code for item in vault.check(TODAY, select=["unused-ignore"]).diagnostics] == ["unused-ignore"]


def test_permissions_are_read_in_finnish_too(tmp_path: Path) -> None:
    assert codes_of(tmp_path, {"a.md": note_of("Aapo", "deny: markkinointi\nallow: kaikki\n")}) == []
