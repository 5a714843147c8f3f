"""Small vaults with the agenda that a careful assistant would write by hand, most of them for 21 November 2026."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.making import make_vault, vault_of
from tests.reports.test_agenda import TODAY, never, shown

PLAYBOOKS = """
[playbooks.works]
on = "delivery"
after = "14d"
do = "Ask how it works"

[playbooks.care]
on = "sale"
after = "2d"
do = "Send the care guide"
material = "materials/care.md"
channel = "email"

[playbooks.bun]
on = "each-year"
tier = ["key"]
do = "Bring a bun"

[playbooks.tenth]
on = "nth-purchase:3"
do = "Thank for three"

[playbooks.hello]
on = "stage:customer"
after = "7d"
query = "city:Turku"
do = "Say hello"
"""
WRONG = "A complaint on 2026-11-10 20:40, and no answer of ours since."
COMPLAINT = "- 2026-11-10 20:40 call in, Jonas: it flakes [complaint:: paint in the soup]"
ANSWER_IT = f"feedback 2026-11-10 Answer the complaint: paint in the soup | {WRONG} :4"
WREATHS = (
    "- 2025-12-05 visit: done [sale:: 90] [product:: wreath]\n- 2024-12-10 visit: done [sale:: 80] [product:: wreath]"
)
WREATH = "Ask about wreath this year | They bought wreath on 2024-12-10 and 2025-12-05, and not yet this year. :4"
DELIVERED = "- 2026-11-07 visit: the hall is done [step:: delivery]"
WORKS = "playbook 2026-11-21 Ask how it works | 14d after the delivery of 2026-11-07, by the playbook works. :4"
SOLD = "- 2026-11-15 visit: done [sale:: 100]"
CARE = "playbook 2026-11-17 Send the care guide (materials/care) | 2d after the sale of 2026-11-15, by the playbook"
CARE += " care. :4"

# A vault of one note each: front matter besides the name, what stands below, and the lines of the agenda.
FEEDBACK = {
    "a complaint, though we had them on the line": ("", COMPLAINT, [ANSWER_IT]),
    "answered by our call": ("", f"{COMPLAINT}\n- 2026-11-11 call out, Jonas: we come on Monday", []),
    "answered by a visit on the same day": ("", f"{COMPLAINT}\n- 2026-11-10 visit: looked at it", []),
    "our call in vain is no answer": ("", f"{COMPLAINT}\n- 2026-11-18 call out, no answer", [ANSWER_IT]),
    "their next call is none": ("", f"{COMPLAINT}\n- 2026-11-11 call in: when do you come?", [ANSWER_IT]),
    "nor is a visit that settles nothing": (
        "",
        f"{COMPLAINT}\n- 2026-11-11 visit: looked [resolved:: no]",
        [ANSWER_IT],
    ),
    "settled when it was said": ("", f"{COMPLAINT} [resolved:: yes]", []),
    "settled later, in a note": ("", f"{COMPLAINT}\n- 2026-11-12 note: they found it themselves [resolved:: yes]", []),
    "answered by an entry that says so": ("", f"{COMPLAINT}\n- 2026-11-12 note: sent paint [answers:: 2026-11-10]", []),
    "not held back": ("quiet_until: 2027-01-01", COMPLAINT, [ANSWER_IT.replace(" :4", " :5")]),
    "a six of ten, and a better one later": (
        "",
        "- 2026-11-20 call in: better [nps:: 9]\n- 2026-11-12 visit: asked [nps:: 6]",
        ["feedback 2026-11-12 Ask what went wrong | NPS 6 on 2026-11-12, and no answer of ours since. :5"],
    ),
    "a seven is no bad number": ("", "- 2026-11-12 visit: [nps:: 7] [csat:: 3] [ces:: 4] [mood:: 0]", []),
    "a bad mood in a mail that waits, too": (
        "",
        "- 2026-11-20 09:00 email in: angry [mood:: -]",
        [
            "feedback +waiting 2026-11-20 Ask what went wrong"
            " | A bad mood on 2026-11-20 09:00, and no answer of ours since. :4"
        ],
    ),
    "an answer that is only planned": ("", f"{COMPLAINT}\n- 2026-12-01 visit: repair", [ANSWER_IT]),
}
DEALS_AND_VISIONS = {
    "a decision that was expected yesterday": (
        "",
        "- [deal:: Roof] [value:: 4 500 €] [chance:: 60 %] [expected:: 2026-11-20]",
        [
            "deal 2026-11-20 Ask what became of Roof"
            " | The decision on it was expected on 2026-11-20 (4,500.00 EUR at 60 %). :4"
        ],
    ),
    "one that is expected today": ("", "- [deal:: Roof] [expected:: 2026-11-21]", []),
    "one that has come": ("", "- [deal:: Roof] [expected:: 2026-11-01] [won:: 2026-11-02]", []),
    "one that we asked about yesterday": (
        "",
        "- [deal:: Roof] [expected:: 2026-11-15]\n\n## Log\n- 2026-11-20 call out: he asks his wife",
        [
            "deal 2026-11-15 Ask what became of Roof | The decision on it was expected on 2026-11-15. :4"
            " (held: contacted on 2026-11-20)"
        ],
    ),
    "a review on the last day ahead": (
        "vision_review: 2026-11-28",
        "",
        ["vision 2026-11-28 Review the shared vision | The review was set for 2026-11-28. :3"],
    ),
    "a review beyond": ("vision_review: 2026-11-29", "", []),
    "a talk is no review": (
        "vision_review: 2026-11-01",
        "- 2026-11-02 call out",
        ["vision 2026-11-01 Review the shared vision | The review was set for 2026-11-01. :3"],
    ),
    "a vision of a key customer that nobody will look at": (
        "tier: key",
        "## Vision\nThree cafés by 2029.",
        ["vision - Agree on a day to review the shared vision | There is a vision and no day for its review. :3"],
    ),
    "one of anybody else": ("tier: regular", "## Vision\nA hammock.", []),
}
DAYS_OF_THE_YEAR = {
    "a birthday on the last day ahead": (
        "birthday: 1971-11-28",
        "",
        [
            "anniversary 2026-11-28 Wish a happy birthday"
            " | Their birthday falls on 2026-11-28 (born on 1971-11-28, 55 years). :3"
        ],
    ),
    "a day beyond": ("birthday: 1971-11-29", "", []),
    "yesterday's": ("birthday: 1971-11-20", "", []),
    "today's, and we have rung": ('birthday: "--11-21"', "- 2026-11-21 08:00 call out: sang", []),
    "ten years": (
        "tier: key\nsince: 2016-11-24",
        "",
        [
            "anniversary 2026-11-24 Say thanks for 10 years"
            " | They have been with us since 2016-11-24 and it is 10 years on 2026-11-24. :4"
        ],
    ),
    "nine years": ("tier: key\nsince: 2017-11-24", "", []),
    "ten years of the first tier": ("tier: occasional\nsince: 2016-11-24", "", []),
    "a consent that ends in four weeks": (
        "",
        "- 2024-12-19 visit: yes [allow:: marketing:email]",
        [
            "permission 2026-12-19 Ask whether we may go on with marketing:email"
            " | They allowed marketing:email on 2024-12-19; that ends on 2026-12-19. :4"
        ],
    ),
    "one that ends a day later": ("", "- 2024-12-20 visit: yes [allow:: marketing:email]", []),
    "one that ended, for as long": (
        "",
        "- 2024-10-24 visit: yes [allow:: marketing]",
        [
            "permission 2026-10-24 Ask whether we may go on with marketing"
            " | They allowed marketing on 2024-10-24; that ends on 2026-10-24. :4"
        ],
    ),
    "one that was renewed": (
        "",
        "- 2026-01-09 call out: yes [allow:: marketing]\n- 2024-12-01 visit: yes [allow:: marketing:email]",
        [],
    ),
    "one that was taken back": ("deny: marketing:email", "- 2024-12-01 visit: [allow:: marketing:email]", []),
    "one with an end of its own": (
        "",
        "- 2026-06-10 visit: for this year [allow:: chat] [until:: 2026-12-01]",
        [
            "permission 2026-12-01 Ask whether we may go on with chat"
            " | They allowed chat on 2026-06-10; that ends on 2026-12-01. :4"
        ],
    ),
    "a channel that they allowed without an end": ("", "- 2024-12-01 visit: yes [allow:: email]", []),
    "wreaths each December": ("", WREATHS, [f"season 2026-12-05 {WREATH}"]),
    "and this year, too": ("", f"- 2026-11-02 visit: [sale:: 95] [product:: wreath]\n{WREATHS}", []),
    "something else this year": (
        "",
        f"- 2026-10-02 visit: [sale:: 95] [product:: candle]\n{WREATHS}",
        [f"season 2026-12-05 {WREATH}".replace(":4", ":5")],
    ),
    "not to those who want no marketing": (
        "deny: marketing",
        WREATHS,
        [f"season 2026-12-05 {WREATH} (held: no marketing allowed)".replace(":4", ":5")],
    ),
    "one week of one winter is no season": ("", "- 2025-12-30 visit: [sale:: 1]\n- 2026-01-03 visit: [sale:: 1]", []),
}
STEPS = {
    "two weeks after a delivery": ("", DELIVERED, [WORKS]),
    "asked three days before": ("", f"- 2026-11-18 call out: all is well\n{DELIVERED}", []),
    "asked too early": ("", f"- 2026-11-17 call out: the invoice\n{DELIVERED}", [WORKS.replace(":4", ":5")]),
    "rung in vain": (
        "",
        f"- 2026-11-20 call no answer\n{DELIVERED}",
        [f"{WORKS} (held: contacted on 2026-11-20)".replace(":4", ":5")],
    ),
    "marked as done": ("", f"- 2026-11-09 note: met at the market [playbook:: works]\n{DELIVERED}", []),
    "promised by hand": (
        "",
        f"{DELIVERED}\n  - [ ] Ask how the hall is 📅 2026-11-20",
        ["promise 2026-11-20 Ask how the hall is | We promised it on 2026-11-07 for 2026-11-20. :5"],
    ),
    "another promise of that day": ("", f"{DELIVERED}\n  - [ ] Oil it again 📅 2027-05-20", [WORKS]),
    "the cause is too old": ("", "- 2026-08-24 visit: done [step:: delivery]", []),
    "material": ("", SOLD, [CARE]),
    "a call is not the material": ("", f"- 2026-11-17 call out: the invoice\n{SOLD}", [CARE.replace(":4", ":5")]),
    "the material sent": ("", f"- 2026-11-16 email out: [[care|how to wash it]]\n{SOLD}", []),
    "the material left with the work": ("", f"{SOLD}\n  Left [[materials/care]] by the till.", []),
    "each year, for key customers": (
        "tier: key\nsince: 2024-11-25",
        "",
        ["playbook 2026-11-25 Bring a bun | Each year since 2024-11-25, by the playbook bun. :4"],
    ),
    "not for others": ("tier: regular\nsince: 2024-11-25", "", []),
    "the third purchase": (
        "",
        "- 2026-11-14 visit [sale:: 3] [playbook:: care]\n- 2026-06-02 visit [sale:: 2]\n- 2026-05-02 visit [sale:: 1]",
        ["playbook 2026-11-14 Thank for three | Purchase number 3 on 2026-11-14, by the playbook tenth. :4"],
    ),
    "a new customer in Turku": (
        "stage: customer\nsince: 2026-11-10\ncity: Turku\nnext: 2027-01-01",
        "",
        ["playbook 2026-11-17 Say hello | 7d after becoming a customer on 2026-11-10, by the playbook hello. :4"],
    ),
    "elsewhere": ("stage: customer\nsince: 2026-11-10\ncity: Salo\nnext: 2027-01-01", "", []),
    "gone": ("stage: former", DELIVERED, []),
}
ALL = {
    name: (config, *case)
    for config, cases in (("", FEEDBACK | DEALS_AND_VISIONS | DAYS_OF_THE_YEAR), (PLAYBOOKS, STEPS))
    for name, case in cases.items()
}


def lines(folder: Path, notes: dict[str, str], config: str = "", today: date = TODAY) -> list[str]:
    report = vault_of(folder, notes, config).agenda(today)
    assert report.unread == {}
    return [shown(item) for item in (*report.items, *report.held_back)]


def note(fields: str, text: str) -> str:
    return f"---\nname: Acme\n{fields}\n---\n{text}\n" if fields else f"---\nname: Acme\n---\n{text}\n"


@pytest.mark.parametrize(("config", "fields", "text", "expected"), ALL.values(), ids=ALL)
def test_one_note(tmp_path: Path, config: str, fields: str, text: str, expected: list[str]) -> None:
    assert lines(tmp_path, {"acme.md": note(fields, text)}, config) == expected


OTHER_DAYS = {
    "29 February in a year without one": ("2027-02-25", "birthday: 2004-02-29", "", ["anniversary 2027-02-28"]),
    "29 February in a year with one": ("2028-02-25", "birthday: 2004-02-29", "", ["anniversary 2028-02-29"]),
    "a birthday behind the turn of the year": ("2026-12-30", "birthday: 1990-01-02", "", ["anniversary 2027-01-02"]),
    "a season behind the turn of the year": (
        "2026-12-20",
        "",
        "- 2024-12-30 visit: [sale:: 1]\n- 2026-01-05 visit: [sale:: 1]",
        ["season 2027-01-05"],
    ),
    "the day on which a season begins to show": ("2026-11-07", "", WREATHS, ["season 2026-12-05"]),
    "the day before": ("2026-11-06", "", WREATHS, []),
    "a season that has begun": ("2026-12-19", "", WREATHS, ["season 2026-12-19"]),
    "a season that is over": ("2026-12-25", "", WREATHS, []),
    "the gap's last day": ("2026-11-22", "", "- [deal:: R] [expected:: 2026-11-01]\n## Log\n- 2026-11-20 call out", []),
    "the day behind it": (
        "2026-11-23",
        "",
        "- [deal:: R] [expected:: 2026-11-01]\n## Log\n- 2026-11-20 call out",
        ["deal 2026-11-01"],
    ),
    "a night of 25 hours": (
        "2026-10-25",
        "",
        "- 2026-10-25 03:30 email in: still awake?\n- 2026-10-25 02:30 email out: the quote",
        ["waiting 2026-10-25"],
    ),
    "a night of 23 hours": (
        "2026-03-29",
        "",
        "- 2026-03-29 03:30 email out: yes\n- 2026-03-29 02:30 email in: awake?",
        [],
    ),
    "an appointment in the hour that there is not": (
        "2026-03-28",
        "",
        "- 2026-03-29 03:30 call",
        ["appointment 2026-03-29"],
    ),
}


@pytest.mark.parametrize(("today", "fields", "text", "expected"), OTHER_DAYS.values(), ids=OTHER_DAYS)
def test_on_another_day(tmp_path: Path, today: str, fields: str, text: str, expected: list[str]) -> None:
    report = vault_of(tmp_path, {"acme.md": note(fields, text)}).agenda(date.fromisoformat(today))
    assert [f"{item.kind} {item.due}" for item in report.items] == expected


def test_never_contacted_is_said(tmp_path: Path) -> None:
    text = "- 2026-10-10 call out, no answer\n- 2026-10-01 note: saw their sign"
    config = '[cadence]\ndefault = "2w"\n[agenda]\nforgotten = 9'
    assert lines(tmp_path, {"acme.md": note("", text)}, config) == [
        f"cadence 2026-10-15 Get in touch | {never('2026-10-01', '2w')} :5"
    ]


def test_an_appointment_is_not_lost_behind_a_mail(tmp_path: Path) -> None:
    text = (
        "- 2026-11-21 10:00 visit: the yard\n- 2026-11-20 17:00 email in: which door?\n- [ ] Bring keys 📅 2026-11-22"
    )
    (item,) = vault_of(tmp_path, {"acme.md": note("", f"## Log\n{text}")}).agenda(TODAY).items
    assert (item.kind, item.time, item.also) == ("appointment", "10:00", ("promise", "waiting"))
    assert [(kind, str(due), str(answer_due)) for kind, due, *_, answer_due in item.beside] == [
        ("promise", "2026-11-22", "None"),
        ("waiting", "2026-11-20", "2026-11-24 17:00:00"),
    ]


STANDS = {
    "what comes first, and not what weighs most": (
        "next: 2026-12-11",
        "- [ ] Plan the summer 📅 2027-01-20",
        "next 2026-12-11, promise 2027-01-20",
    ),
    "what is late, and not what weighs more and comes": (
        "next: 2026-11-27",
        "- 2026-11-20 call: the plan\n  - [ ] They send the plan [owes:: them] 📅 2026-11-20",
        "owed 2026-11-20, next 2026-11-27",
    ),
    "of what is late and of today, what weighs most": (
        "next: 2026-11-19",
        "- [ ] Send the plan 📅 2026-11-21",
        "promise 2026-11-21, next 2026-11-19",
    ),
    "of one day to come, what weighs most": (
        "next: 2026-11-30",
        "- [ ] Send the plan 📅 2026-11-30",
        "promise 2026-11-30, next 2026-11-30",
    ),
    "what has a day, and not what has none": (
        "stage: customer\nvision_review: 2026-12-11",
        "- 2026-11-01 call: the plan",
        "vision 2026-12-11, no-next None",
    ),
}


@pytest.mark.parametrize(("fields", "text", "expected"), STANDS.values(), ids=STANDS)
def test_a_customer_stands_under(tmp_path: Path, fields: str, text: str, expected: str) -> None:
    (item,) = vault_of(tmp_path, {"acme.md": note(fields, text)}, '[agenda]\ngap = "0d"').agenda(TODAY, days=90).items
    assert ", ".join(f"{one.kind} {one.due}" for one in (item, *item.beside)) == expected


def test_two_promises_are_both_told(tmp_path: Path) -> None:
    text = "- [ ] Paint it 📅 2026-11-22\n- [ ] Send the quote 📅 2026-11-19"
    (item,) = vault_of(tmp_path, {"acme.md": note("", text)}).agenda(TODAY).items
    assert (item.what, [beside.what for beside in item.beside]) == ("Send the quote", ["Paint it"])


EMPTY = {
    "nothing is due": ({"a.md": "---\nname: A\nnext: 2027-01-01\n---\n"}, "", ("due", False, "2027-01-01 next")),
    "the rhythm is not over": (
        {"a.md": "---\nname: A\n---\n- 2026-11-20 call out\n"},
        '[cadence]\ndefault = "2w"',
        ("due", True, "2026-12-04 cadence"),
    ),
    "all is held back": (
        {"a.md": "---\nname: A\nquiet_until: 2026-12-24\nnext: 2026-11-01\n---\n"},
        "",
        ("held", False, "2026-12-24 next"),
    ),
    "silence is wanted": (
        {"a.md": "---\nname: A\ndeny: all\n---\n- 2026-11-20 call out\n"},
        '[cadence]\ndefault = "2w"',
        ("due", True, ""),
    ),
    "held back for good": ({"a.md": "---\nname: A\ndeny: all\nnext: 2026-11-01\n---\n"}, "", ("held", False, "")),
    "all are gone": ({"a.md": "---\nname: A\nstage: former\n---\n"}, "", ("closed", True, "")),
    "there are none": ({}, "", ("none", True, "")),
}


@pytest.mark.parametrize(("notes", "config", "expected"), EMPTY.values(), ids=EMPTY)
def test_an_empty_agenda_says_why(
    tmp_path: Path, notes: dict[str, str], config: str, expected: tuple[str, bool, str]
) -> None:
    empty = vault_of(tmp_path, notes, config).agenda(TODAY).empty
    assert empty is not None
    coming = f"{empty.next.due} {empty.next.kind}" if empty.next else ""
    assert (empty.why, empty.rhythm, coming) == expected


def test_the_paused_are_counted(tmp_path: Path) -> None:
    fields = ["quiet_until: 2026-11-22", "quiet_until: 2026-11-21", "cadence: never", "stage: former\ncadence: never"]
    notes = {f"{at}.md": note(some, "") for at, some in enumerate(fields)}
    assert vault_of(tmp_path, notes).agenda(TODAY).paused == 2


def test_weights_of_ones_own(tmp_path: Path) -> None:
    text = "- [ ] Send it 📅 2026-11-11\n- [deal:: Roof] [value:: 30 000 €] [chance:: 50 %]"
    config = "[agenda.weights]\npromise = 7\nday-late = 2\ndeals = 4"
    (item,) = vault_of(tmp_path, {"acme.md": note("", text)}, config).agenda(TODAY).items
    assert item.urgency._asdict() == {
        **dict.fromkeys(("waiting", "tier", "value", "mood"), 0),
        **{"kind": 7, "lateness": 20, "deals": 12},
    }
    assert item.urgency.total == sum(item.urgency) == 39


def test_a_playbook_whose_query_is_none_is_told_and_the_rest_stands(tmp_path: Path) -> None:
    config = f'{PLAYBOOKS}\n[playbooks.odd]\non = "sale"\ndo = "x"\nquery = "colour:red"\n'
    report = vault_of(tmp_path, {"acme.md": note("", DELIVERED)}, config).agenda(TODAY)
    assert [item.kind for item in report.items] == ["playbook"]
    assert report.unread == {"plaincrm.toml": "bad-setting"}


def test_the_machine_changes_nothing(tmp_path: Path) -> None:
    """The order in which files were made, the time zone and the locale do not change a byte."""
    notes = {
        f"{name}.md": f"---\nname: {name}\nnext: 2026-11-21\n---\n- 2026-03-29 02:30 call out\n" for name in "äbcÅz"
    }
    answers = set()
    for at, (names, zone, locale) in enumerate(
        (
            (sorted(notes), "Pacific/Kiritimati", "C"),
            (sorted(notes, reverse=True), "America/Adak", "fi_FI.UTF-8"),
            (["z.md", *sorted(notes)], "Europe/Helsinki", "tr_TR.UTF-8"),
        )
    ):
        root = make_vault(tmp_path / str(at) / "v", {name: notes[name] for name in names})
        env = {**os.environ, "TZ": zone, "LANG": locale, "LC_ALL": locale, "PYTHONUTF8": "1", "NO_COLOR": "1"}
        command = [sys.executable, "-m", "plaincrm", "--vault", ".", "--no-cache", "--today", "2026-11-21", "agenda"]
        for form in ("text", "json", "csv"):
            run = subprocess.run([*command, "--format", form], cwd=root, env=env, capture_output=True, check=True)
            answers.add((form, run.stdout))
    assert len(answers) == 3
