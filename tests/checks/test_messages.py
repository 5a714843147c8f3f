"""What people read: the place, the message and the remedy, for notes as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.index.index import Index
from tests.making import vault_of

TODAY = date(2026, 11, 21)
CONFIG = '[vault]\ncurrency = "EUR"\ncountry = "FI"\n[check.severity]\nno-next-step = "off"\n'


def read(folder: Path, notes: Mapping[str, str], config: str = CONFIG) -> list[str]:
    """Each diagnostic in two lines, as `3:7 message` and its remedy; of several notes with the file before it."""
    found = vault_of(folder, notes, config).check(TODAY).diagnostics
    return [line for item in found for line in (_place(item, len(notes) > 1) + item.message, item.help)]


def _place(item: Diagnostic, with_file: bool) -> str:
    file = item.file.removeprefix("customers/")
    return f"{f'{file}:' if with_file else ''}{item.line}:{item.column} "


# Lines below the name -> what is said of them.
BAD_YAML = {
    "tags:\n- cafe\n-vip": ("5:1", "this item of a list has no blank behind its dash", "write a blank behind the dash"),
    "tags:\n  - cafe\n  -vip\ncity: Turku": (
        "5:3",
        "this item of a list has no blank behind its dash",
        "write a blank behind the dash",
    ),
    "tags:\n  - cafe\n - vip": (
        "5:2",
        "this item of a list does not stand below those above",
        "begin it as far in as the others",
    ),
    "contacts:\n\t- Pekka Laine": (
        "4:1",
        "a tab stands where only blanks may",
        "put blanks in the place of the tab",
    ),
    "tags: [cafe, vip\ncity: Turku": (
        "3:7",
        "a bracket is opened here, and the list is not closed",
        "put ] behind the last item, and commas between the items",
    ),
    'needs: "a hall\ncity: Turku': (
        "3:8",
        "a quote is opened here and never closed",
        "put the same quote behind the value",
    ),
    "needs: 'Pekka's hall'": (
        "3:15",
        "something stands behind a closing quote or bracket",
        "put all of the value in double quotes",
    ),
    "city: Turku\n  stage: lead": (
        "4:1",
        "this field stands further in than the one above",
        "take the blanks in front of it away",
    ),
    "needs: two rooms: a hall": ("3:17", "a second colon stands on this line", "put the value in double quotes"),
    "city\uff1aTurku": (
        "3:5",
        "its colon is a full-width one (U+FF1A)",
        "type the colon anew, with a blank behind it",
    ),
    "city Turku": ("3:1", "a field needs a colon and a blank behind its name", "write it as key: value"),
    "needs: @home": ("3:8", "no value can begin with this character", "put the value in double quotes"),
    'needs: "C:\\Users"': (
        "3:8",
        "a backslash in double quotes begins no sign that YAML knows",
        "put the value in single quotes",
    ),
}


@pytest.mark.parametrize("lines", BAD_YAML)
def test_bad_yaml_is_told_by_its_cause(lines: str, tmp_path: Path) -> None:
    place, problem, remedy = BAD_YAML[lines]
    said = read(tmp_path, {"a.md": f"---\nname: Alma\n{lines}\n---\n"})
    assert said == [f"{place} This is no valid YAML: {problem}.", f"Mend the line: {remedy}."]


def test_fields_are_called_as_the_note_calls_them(tmp_path: Path) -> None:
    note = """\
---
nimi: Alma
vaihe: asiaks
seuraava: 5.12.2026
sähköposti: alma
puhelin: 0401234567
tyyppi: Yritys
kaupunki: Turku
town: Naantali
suosittelija: "[[salo]]"
hiljaa asti: 2027-01-07
kielto: [puhelu]
---
- 2026-11-20 puhelu ulos: tarjous [myynti:: paljon]
"""
    assert read(tmp_path, {"a.md": note})[::2] == [
        "3:8 vaihe: there is no stage asiaks. Did you mean asiakas?",
        "4:11 seuraava: 5.12.2026 is no date. Did you mean 2026-12-05?",
        "5:13 sähköposti: alma cannot be an e-mail address.",
        "6:10 puhelin: Obsidian takes 0401234567 for a number and will change it.",
        "7:9 tyyppi: Bases and Dataview tell Yritys from yritys.",
        "9:1 town means kaupunki, which has a value already; this one is not used.",
        "10:18 suosittelija: there is no note salo.",
        "14:1 We were in touch by call, which the customer has forbidden.",
        "14:45 myynti: paljon is not counted. It is no amount of money.",
    ]


def test_remedies_call_them_so_too(tmp_path: Path) -> None:
    notes = {
        "a.md": "---\nnimi: Alma\nhiljaa asti: 2027-01-07\n---\n- 2026-11-20 sposti ulos: x\n- 2026-11-01 puhelu: y\n",
        "b.md": "---\nnimi: Bertta\nvaihe: asiakas\nseuraava: 2026-11-02\n---\n",
        "c.md": "---\nnimi: Cecilia\nseuraava: 2026-12-01\nseuraava kanava: käynti\n---\n- 2026-12-01 puhelu ulos\n",
        "d.md": "---\nnimi: Daavid\nkielto: puhelu\n---\n- 2026-11-20 puhelu ulos: x\n",
        "e.md": "---\nnimi: Eeva\nstage: customer\n---\n",
    }
    assert read(tmp_path, notes, '[vault]\ncurrency = "EUR"\n')[1::2] == [
        "Wait until then; if that has changed, take hiljaa asti out.",
        "Write seuraava: and a day, or plan an entry, or promise something by a day.",
        "Do it by visit, or mend seuraava kanava if something else was agreed.",
        "Say sorry; if it is allowed again, take call out of kielto and log [allow:: call].",
        "Write next: and a day, or plan an entry, or promise something by a day.",
    ]


def test_what_programs_read_names_fields_as_the_field_table_does(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": "---\nnimi: Alma\nseuraava: 5.12.2026\n---\n"}, CONFIG)

    def facts(index: Index) -> list[tuple[str, str]]:
        return index.rows("select facts ->> 'field', facts ->> 'typed' from diagnostics")

    assert vault._ask(facts) == [("next", "seuraava")]


CONTACTS = """\
---
name: Alma
contacts:
  - name: Pekka 12
    email: pekka@aurinko
    phone: 0405550101
  - {nimi: Sari, puhelin: 12}
  - Ann Berg <ann@x> (owner)
  - Bo Ek <bo@x.example>, Eva Ek <eva@x.example>
  - role: owner
---
"""


def test_what_is_wrong_with_a_contact_person_is_marked_itself(tmp_path: Path) -> None:
    assert read(tmp_path, {"a.md": CONTACTS})[::2] == [
        "5:12 contacts: pekka@aurinko cannot be an e-mail address.",
        "6:12 phone: Obsidian takes 0405550101 for a number and will change it.",
        "7:27 contacts: 12 cannot be a phone number.",
        "8:15 contacts: ann@x cannot be an e-mail address.",
        "9:5 contacts: Bo Ek <bo@x.example>, Eva Ek <eva@x.example> holds more than one e-mail address.",
        "10:5 contacts: role: owner names no contact person.",
    ]


def test_settings_are_told_where_they_stand(tmp_path: Path) -> None:
    settings = """\
[check.severity]
bad-date = "warning"
[check.paths."customers/**"]
bad-emial = "off"
[check.paths."customers/formr/*"]
bad-date = "off"
[check.paths."customers/a.*"]
bad-date = "of"
[segments]
good = "stage:lead last_contact<-12m"
bad = "stge:lead"
[playbooks.one]
on = "sale"
do = "Send it"
query = "tag:x @bad"
material = "cards/care"
[playbooks.two]
on = "sale"
do = "Send it"
query = "@nobody"
material = "materials/care"
"""
    found = read(tmp_path, {"a.md": "---\nname: Alma\n---\n", "materials/care.md": "x"}, settings)
    assert [line.removeprefix("plaincrm.toml:") for line in found[::2]] == [
        '4:1 There is no setting check.paths."customers/**".bad-emial. Did you mean bad-email?',
        "5:15 No note stands where customers/formr/* looks for one.",
        "7:15 check.paths.customers/a.* is not as it should be; its default is used.",
        "11:1 segments.bad: There is no field stge to ask for.",
        "16:1 playbooks.one.material: there is no note cards/care. Did you mean materials/care?",
        "20:1 playbooks.two.query: There is no segment @nobody.",
    ]


MAIL = "email: info@x.example\n"
PHONE = 'phone: "+358 2 555 0101"\n'
PERSON = "type: person\n"


def note(name: str, fields: str = "", log: str = "") -> str:
    return f"---\nname: {name}\n{fields}---\n{log}"


def test_of_several_with_one_address_each_is_held_against_all_before(tmp_path: Path) -> None:
    notes = {
        "a.md": note("Alma Oy", MAIL),
        "b.md": note("Bertta Oy", MAIL),
        "c.md": note("Cecilia Oy", MAIL + 'parent: "[[b]]"\n'),  # not with the first, but with the second
        "d.md": note("Daavid Oy", MAIL),
    }
    assert read(tmp_path, notes)[::2] == [
        "b.md:3:8 customers/a.md has the same e-mail address.",
        "d.md:3:8 customers/a.md has the same e-mail address.",
    ]


def test_a_household_may_share_a_phone_and_nobody_stands_there_twice(tmp_path: Path) -> None:
    notes = {
        "a.md": note("Liisa Virtanen", PERSON + PHONE),
        "b.md": note("Matti Virtanen", PERSON + PHONE),  # one family name
        "c.md": note("Matti Virtanen", PERSON + PHONE),  # once more
        "d.md": note("Ann Berg", PERSON + "address: Katu 1\n" + MAIL),
        "e.md": note("Bo Ek", PERSON + "address: Katu 1\n" + MAIL),  # one home
        "f.md": note("Cia Ek", PERSON + 'partner_of: "[[d]]"\n' + MAIL),  # named
        "g.md": note("Virtanen Oy", PHONE),  # a company is no family
    }
    assert read(tmp_path, notes)[::2] == [
        "c.md:2:7 customers/b.md is called nearly the same.",
        "c.md:4:9 customers/b.md has the same phone number.",
        "g.md:3:9 customers/a.md has the same phone number.",
    ]


def test_a_path_that_does_not_exist_is_a_dead_link_as_in_obsidian(tmp_path: Path) -> None:
    links = "[[wrong/b]] [[eople/b]] [[images/x.png]] [[/materials/b]]\n"
    alive = (
        "[[customers/people/b]] [[people/b]] [[b]] [[People/B.md]] [[../people/b]] [[./b]] [[img/x.png]] [[x.png]]\n"
    )
    notes = {
        "customers/people/a.md": note("Alma", 'referred_by: "[[customers/b]]"\n', alive + links),
        "customers/people/b.md": note("Bertta", 'referred_by: "[[customers/people/c]]"\n'),
        "customers/people/c.md": note("Cecilia"),
        "img/x.png": "",
    }
    assert [line.removeprefix("people/") for line in read(tmp_path, notes)[::2]] == [
        "a.md:3:17 referred_by: there is no note customers/b. Did you mean customers/people/b?",
        "a.md:6:3 There is no note or file wrong/b in the vault. Did you mean customers/people/b?",
        "a.md:6:15 There is no note or file eople/b in the vault. Did you mean customers/people/b?",
        "a.md:6:27 There is no note or file images/x.png in the vault.",
        "a.md:6:44 There is no note or file /materials/b in the vault. Did you mean customers/people/b?",
    ]


def test_two_notes_of_one_name_hide_no_circle(tmp_path: Path) -> None:
    notes = {
        "customers/b.md": note("Bertta", 'referred_by: "[[a]]"\n'),
        "customers/x/a.md": note("Alma", 'referred_by: "[[b]]"\n'),
        "customers/y/a.md": note("Aino", 'referred_by: "[[c]]"\n'),
        "customers/c.md": note("Cecilia"),
    }
    assert "b.md:3:17 Who brought whom goes round in a circle: b → a → b." in read(tmp_path, notes)


NEAR = [
    ("Kahvila Aurinko", "Kahvila Aurinkoo", ["Kahvila Aurinkola", "Kahvila Aurinko Meri"]),
    ("Kahvila Aurinko", "Kahvila Auringo", ["Kahvila Aurinjoki", "Kahvila Auringolla", "Kahvila Auringossa"]),
    ("Kahvila Aurinko", "Kahvila Aurniko", ["Kahvila Aurinka", "Kahvila Aurla", "Kahvila Aurla Meri"]),
    ("Kahvila Aurinko", "Gahvila Aurinko", ["Hahvi Aurinko", "Ahvila Aurinko Bar"]),
]


@pytest.mark.parametrize(("one", "two", "others"), NEAR, ids=[two for _one, two, _others in NEAR])
def test_names_between_two_that_are_nearly_the_same_hide_neither(
    one: str, two: str, others: list[str], tmp_path: Path
) -> None:
    notes = {f"{number}.md": note(name) for number, name in enumerate((one, two, *others))}
    assert "1.md:2:7 customers/0.md is called nearly the same." in read(tmp_path, notes)


def test_parts_of_one_invoice(tmp_path: Path) -> None:
    in_parts = (
        "- 2026-10-30 note: the rest [sale:: 50 EUR] [invoice:: {}]\n"
        "- 2026-09-30 visit: half [sale:: 50 EUR] [invoice:: {}]\n"
    )
    notes = {
        "a.md": note("Alma", log=in_parts.format("7 (2/2)", "7 (1/2)")),
        "b.md": note("Bertta", log=in_parts.format("8", "8").replace("the rest", "2/2, the rest")),
        "c.md": note("Cecilia", log=in_parts.format("9", "9").replace("the rest [sale:: 50", "the rest [sale:: 20")),
        "d.md": note("Daavid", log=in_parts.format("10", "10")),
    }
    assert read(tmp_path, notes) == [
        "d.md:4:56 The invoice 10 stands at another sale, too: customers/d.md:5.",
        "Give each sale the number of its own invoice; of one paid in parts, say which part: 10 (2/3).",
    ]


def test_the_second_of_two_promises_is_named_by_its_line(tmp_path: Path) -> None:
    log = "\n" * 5 + "- [ ] Measure 🆔 one\n- [ ] Order 🆔 one\n"
    assert read(tmp_path, {"a.md": note("Alma", log=log)})[::2] == [
        "10:15 Another open promise has the id one: customers/a.md:9."
    ]


DAYS = {
    "1.12.26": " Did you mean 2026-12-01?",
    "2026-13-02": " Did you mean 2026-02-13?",
    "[[2026-12-01]]": " Did you mean 2026-12-01?",
    "2026-12-01 klo 10": " Did you mean 2026-12-01?",
    "2026-02-30": " The calendar has no such day.",
    "2026-13-32": " The calendar has no such day.",
    "24.12.": " The year is missing.",
    "2026-12": " A full day is needed.",
    "after Christmas": "",
}


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_is_none_is_told_why(day: str, tmp_path: Path) -> None:
    said = read(tmp_path, {"a.md": note("Alma", f"next: {day}\n")})
    assert said == [f"3:7 next: {day} is no date.{DAYS[day]}", "Write dates as YYYY-MM-DD."]


def test_days_of_promises_as_other_programs_write_them(tmp_path: Path) -> None:
    log = "- [ ] Call due:2026-12-01\n- [ ] Call (scheduled: 2026-12-01)\n- [ ] Call 📅\u00a02026-12-01\n"
    assert read(tmp_path, {"a.md": note("Alma", log=log)}) == [
        "4:12 due:2026-12-01 is not read as a field, so nothing counts it.",
        "If you mean a field, write it as [due:: 2026-12-01].",
        "5:12 (scheduled: 2026-12-01) is not read as a field, so nothing counts it.",
        "If you mean a field, write it as [scheduled:: 2026-12-01].",
        "6:14 due: 2026-12-01 is not read: it does not stand by itself at the end of the line.",
        "Put it there, with a plain blank between the sign and the day.",
    ]


def test_a_key_that_only_looks_like_a_field_is_told_so(tmp_path: Path) -> None:
    assert read(tmp_path, {"a.md": note("Alma", "\u0441ity: Turku\n")}) == [
        "3:1 There is no field \u0441ity. Some of its letters only look like plain ones.",
        "Did you mean city? A field of your own is named in [fields] of plaincrm.toml.",
    ]
