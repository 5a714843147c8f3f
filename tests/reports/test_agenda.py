"""Small vaults, each with the agenda that a careful assistant would write for Saturday 21 November 2026."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_lines import AgendaItem
from tests.making import vault_of

TODAY = date(2026, 11, 21)
RHYTHMS = """
[cadence]
default = "6m"
tier.key = "1m"
stage.lead = "2w"
"""


def shown(item: AgendaItem) -> str:
    """A line of the agenda as one text: kind, day, what, why, and where it stands."""
    also = f" +{'+'.join(item.also)}" if item.also else ""
    held = f" (held: {item.held})" if item.held else ""
    return f"{item.kind}{also} {item.due or '-'} {item.what} | {item.why} :{item.line}{held}"


def agenda_of(folder: Path, note: str, config: str = "", today: date = TODAY, days: int | None = None) -> list[str]:
    report = vault_of(folder, {"acme.md": note}, config).agenda(today, days=days)
    return [shown(item) for item in (*report.items, *report.held_back)]


PROMISES = {
    "due today": ("- [ ] Send it 📅 2026-11-21", ["promise 2026-11-21 Send it | We promised it for 2026-11-21. :5"]),
    "due long ago": ("- [ ] Send it 📅 2025-11-21", ["promise 2025-11-21 Send it | We promised it for 2025-11-21. :5"]),
    "on the last day ahead": (
        "- [ ] Send it 📅 2026-11-28",
        ["promise 2026-11-28 Send it | We promised it for 2026-11-28. :5"],
    ),
    "a day beyond": ("- [ ] Send it 📅 2026-11-29", []),
    "without a day": ("- [ ] Send it", []),
    "starts today": (
        "- [ ] Send it 🛫 2026-11-21 📅 2026-11-22",
        ["promise 2026-11-22 Send it | We promised it for 2026-11-22. :5"],
    ),
    "starts tomorrow": ("- [ ] Send it 🛫 2026-11-22 📅 2026-11-22", []),
    "scheduled for tomorrow": ("- [ ] Send it ⏳ 2026-11-22 📅 2026-11-23", []),
    "done": ("- [x] Send it 📅 2026-11-20 ✅ 2026-11-20", []),
    "cancelled": ("- [-] Send it 📅 2026-11-20 ❌ 2026-11-20", []),
    "a status of one's own": (
        "- [/] Send it 📅 2026-11-20",
        ["promise 2026-11-20 Send it | We promised it for 2026-11-20. :5"],
    ),
    "waits for another one": (
        "- [ ] Paint 🆔 a1\n- [ ] Send it ⛔ a1 📅 2026-11-20",
        [],
    ),
    "waited for one that is done": (
        "- [x] Paint 🆔 a1\n- [ ] Send it ⛔ a1 📅 2026-11-20",
        ["promise 2026-11-20 Send it | We promised it for 2026-11-20. :6"],
    ),
    "in Dataview's format": (
        "- [ ] Send it [due:: 2026-11-21]",
        ["promise 2026-11-21 Send it | We promised it for 2026-11-21. :5"],
    ),
    "made at a talk": (
        "### 2026-11-02 meeting\n- [ ] Send it 📅 2026-11-21",
        ["promise 2026-11-21 Send it | We promised it on 2026-11-02 for 2026-11-21. :6"],
    ),
    "for a talk to come": (
        "### 2026-12-02 meeting\n- [ ] Bring samples 📅 2026-11-27",
        ["promise 2026-11-27 Bring samples | We promised it for 2026-11-27. :6"],
    ),
    "theirs": (
        "- [ ] They send it [owes:: them] 📅 2026-11-21",
        ["owed 2026-11-21 They send it | They promised it for 2026-11-21. :5"],
    ),
    "theirs, and we were in touch a day ago": (
        "- 2026-11-20 call out\n- [ ] They send it [owes:: them] 📅 2026-11-21",
        ["owed 2026-11-21 They send it | They promised it for 2026-11-21. :6 (held: contacted on 2026-11-20)"],
    ),
    "theirs, and they were in touch a day ago": (
        "- 2026-11-20 call in\n- [ ] They send it [owes:: them] 📅 2026-11-21",
        ["owed 2026-11-21 They send it | They promised it for 2026-11-21. :6"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), PROMISES.values(), ids=PROMISES)
def test_promises(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert agenda_of(tmp_path, f"---\nname: Acme\n---\n\n{body}\n") == expected


NEXT = {
    "reached": ("next: 2026-11-21", "", ["next 2026-11-21 Call Ann | The next contact was set for 2026-11-21. :3"]),
    "on the last day ahead": (
        "next: 2026-11-28",
        "",
        ["next 2026-11-28 Call Ann | The next contact was set for 2026-11-28. :3"],
    ),
    "a day beyond": ("next: 2026-11-29", "", []),
    "answered on its day": ("next: 2026-11-10", "- 2026-11-10 call out: done", []),
    "answered later": ("next: 2026-11-10", "- 2026-11-12 email in: hello\n- 2026-11-13 call: done", []),
    "only a contact before it": (
        "next: 2026-11-10",
        "- 2026-11-09 call out: too early",
        ["next 2026-11-10 Call Ann | The next contact was set for 2026-11-10. :3"],
    ),
    "a note to oneself is no contact": (
        "next: 2026-11-10",
        "- 2026-11-12 note: thought of her",
        ["next 2026-11-10 Call Ann | The next contact was set for 2026-11-10. :3"],
    ),
    "a call they missed us by": (
        "next: 2026-11-10",
        "- 2026-11-12 call missed",
        [
            "missed +next 2026-11-12 Call back | They called on 2026-11-12 and nobody answered. :7",
        ],
    ),
    "their mail does not do what we meant to": (
        "next: 2026-11-10",
        "- 2026-11-12 10:00 email in: hello [resolved:: yes]",
        ["next 2026-11-10 Call Ann | The next contact was set for 2026-11-10. :3"],
    ),
    "a plan without a time": (
        "owner: liisa",
        "- 2026-11-25 visit: the yard",
        ["next 2026-11-25 the yard | The next contact was set for 2026-11-25. :7"],
    ),
    "a plan beyond": ("owner: liisa", "- 2026-11-29 visit: the yard", []),
    "a plan with a time": (
        "owner: liisa",
        "- 2026-11-25 09:00 visit: the yard",
        ["appointment 2026-11-25 the yard | Agreed for 2026-11-25 at 09:00. :7"],
    ),
    "a visit that says no more": (
        "owner: liisa",
        "- 2026-11-25 09:00 visit\n- 2026-11-26 call",
        [
            "appointment +next 2026-11-25 visit | Agreed for 2026-11-25 at 09:00. :7",
        ],
    ),
    "a span of time, today": (
        "owner: liisa",
        "- 2026-11-21 09:00-10:30 visit: the yard",
        ["appointment 2026-11-21 the yard | In the log for today at 09:00-10:30. :7"],
    ),
    "a call of this morning is past": ("owner: liisa", "- 2026-11-21 09:00 call out: done", []),
    "a visit of today with what came of it is past": (
        "owner: liisa",
        "- 2026-11-21 09:00 visit: oiled the floor\n  [hours:: 2] [mood:: +]",
        [],
    ),
    "a reminder to oneself is no appointment": ("owner: liisa", "- 2026-11-25 09:00 note: think", []),
}


@pytest.mark.parametrize(("field", "log", "expected"), NEXT.values(), ids=NEXT)
def test_next_steps_and_appointments(tmp_path: Path, field: str, log: str, expected: list[str]) -> None:
    note = f"---\nname: Acme\n{field}\nnext_action: Call Ann\n---\n## Log\n{log}\n"
    assert agenda_of(tmp_path, note) == expected


WAITING = {
    "a mail": (
        "- 2026-11-20 09:15 email in: a question",
        ["waiting 2026-11-20 Answer: a question | They wrote on 2026-11-20 09:15 and wait for an answer. :5"],
    ),
    "a mail without a word of what it is about": (
        "- 2026-11-20 email in",
        ["waiting 2026-11-20 Answer the email | They wrote on 2026-11-20 and wait for an answer. :5"],
    ),
    "answered by a later call": ("- 2026-11-20 09:15 email in: a question\n- 2026-11-20 11:00 call out", []),
    "answered by a later mail": ("- 2026-11-19 email in: a question\n- 2026-11-20 email out: the answer", []),
    "answered on the same day, no times": ("- 2026-11-20 email in: a question\n- 2026-11-20 email out: here", []),
    "settled in itself": ("- 2026-11-20 09:15 email in: thanks [resolved:: yes]", []),
    "answered before it came": (
        "- 2026-11-20 09:15 email in: a question\n- 2026-11-20 08:00 call out",
        ["waiting 2026-11-20 Answer: a question | They wrote on 2026-11-20 09:15 and wait for an answer. :5"],
    ),
    "two of one day, one of them settled": (
        "- 2026-11-20 email in: thanks [resolved:: yes]\n- 2026-11-20 chat in: a question",
        ["waiting 2026-11-20 Answer: a question | They wrote on 2026-11-20 and wait for an answer. :6"],
    ),
    "a call is answered while it lasts": ("- 2026-11-20 09:15 call in: a question", []),
    "an answer that is only planned": (
        "- 2026-11-20 09:15 email in: a question\n- 2026-12-05 visit: then",
        ["waiting 2026-11-20 Answer: a question | They wrote on 2026-11-20 09:15 and wait for an answer. :5"],
    ),
    "missed": (
        "- 2026-11-20 16:45 call missed",
        ["missed 2026-11-20 Call back | They called on 2026-11-20 16:45 and nobody answered. :5"],
    ),
    "missed and called back": ("- 2026-11-20 16:45 call missed\n- 2026-11-21 call out", []),
    "missed, and they came through later": ("- 2026-11-20 16:45 call missed\n- 2026-11-20 17:10 call in", []),
    "missed after we had called": (
        "- 2026-11-20 08:00 call out\n- 2026-11-20 16:45 call missed",
        ["missed 2026-11-20 Call back | They called on 2026-11-20 16:45 and nobody answered. :6"],
    ),
}


@pytest.mark.parametrize(("log", "expected"), WAITING.values(), ids=WAITING)
def test_who_waits_for_us(tmp_path: Path, log: str, expected: list[str]) -> None:
    assert agenda_of(tmp_path, f"---\nname: Acme\n---\n## Log\n{log}\n") == expected


def since(day: str, rhythm: str) -> str:
    return f"Nobody has been in touch since {day}; the rhythm is {rhythm}."


def never(day: str, rhythm: str) -> str:
    return f"Nobody has been in touch yet, counted from {day}; the rhythm is {rhythm}."


SILENCE = {
    "the customer's own rhythm goes first": (
        "cadence: 2w\ntier: key",
        "- 2026-11-06 call",
        [f"cadence 2026-11-20 Get in touch | {since('2026-11-06', '2w')} :8"],
    ),
    "then the tier's": (
        "tier: key\nstage: lead",
        "- 2026-10-21 call",
        [f"cadence 2026-11-21 Get in touch | {since('2026-10-21', '1m')} :8"],
    ),
    "then the stage's": (
        "stage: lead\nowner: liisa",
        "- 2026-11-07 call",
        [f"cadence 2026-11-21 Get in touch | {since('2026-11-07', '2w')} :8"],
    ),
    "then the general one": (
        "owner: liisa\ncity: Turku",
        "- 2026-05-21 call",
        [f"cadence 2026-11-21 Get in touch | {since('2026-05-21', '6m')} :8"],
    ),
    "a day before it is over": ("owner: liisa\ncity: Turku", "- 2026-05-22 call", []),
    "what is over twice is forgotten": (
        "tier: key\nowner: liisa",
        "- 2026-09-21 call",
        [f"forgotten 2026-10-21 Get in touch again | {since('2026-09-21', '1m')} :8"],
    ),
    "and a day before that it is not": (
        "tier: key\nowner: liisa",
        "- 2026-09-22 call",
        [f"cadence 2026-10-22 Get in touch | {since('2026-09-22', '1m')} :8"],
    ),
    "a month from the 31st ends with the month": (
        "cadence: 1m\nowner: liisa",
        "- 2026-08-31 call",
        [f"forgotten 2026-09-30 Get in touch again | {since('2026-08-31', '1m')} :8"],
    ),
    "nobody ever spoke: since counts": (
        "since: 2026-04-01\nowner: liisa",
        "",
        [f"cadence 2026-10-01 Get in touch | {never('2026-04-01', '6m')} :3"],
    ),
    "nor since: the first entry counts": (
        "owner: liisa\ncity: Turku",
        "- 2026-04-02 note: saw their sign\n- 2026-06-02 note: and again",
        [f"cadence 2026-10-02 Get in touch | {never('2026-04-02', '6m')} :8"],
    ),
    "the first entry counts beside a plan too": (
        "owner: liisa\ncity: Turku",
        "- 2026-04-02 note: saw their sign\n- 2026-12-24 letter out: greetings",
        [f"cadence 2026-10-02 Get in touch | {never('2026-04-02', '6m')} :8"],
    ),
    "nothing at all is known": (
        "owner: liisa\ncity: Turku",
        "",
        [f"cadence - Get in touch | {since('the record was made', '6m')} :1"],
    ),
    "only a plan, and nothing before it": ("owner: liisa\ncity: Turku", "- 2026-12-24 letter out: greetings", []),
    "never": ("cadence: never\nowner: liisa", "- 2020-01-01 call", []),
    "an unknown stage has the general rhythm": (
        "stage: friend\nowner: liisa",
        "- 2026-05-21 call",
        [f"cadence 2026-11-21 Get in touch | {since('2026-05-21', '6m')} :8"],
    ),
    "closed stages are off": ("stage: former\nowner: liisa", "- 2020-01-01 call\n- [ ] Send 📅 2026-11-20", []),
}


@pytest.mark.parametrize(("fields", "log", "expected"), SILENCE.values(), ids=SILENCE)
def test_silence(tmp_path: Path, fields: str, log: str, expected: list[str]) -> None:
    assert agenda_of(tmp_path, f"---\nname: Acme\n{fields}\n---\n## Log\n\n{log}\n", RHYTHMS) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-02-27", []), ("2026-02-28", ["cadence 2026-02-28"]), ("2026-03-30", ["cadence 2026-02-28"])],
)
def test_a_month_from_31_january_is_over_on_the_last_of_february(
    tmp_path: Path, today: str, expected: list[str]
) -> None:
    note = "---\nname: Acme\ncadence: 1m\n---\n- 2026-01-31 call\n"
    found = agenda_of(tmp_path, note, today=date.fromisoformat(today))
    assert [line.partition(" Get")[0] for line in found] == expected


@pytest.mark.parametrize(("count", "kind"), [(1, "forgotten"), (3, "cadence"), (0, "forgotten")])
def test_forgotten_after_so_many_rhythms(tmp_path: Path, count: int, kind: str) -> None:
    config = f'[cadence]\ndefault = "1m"\n[agenda]\nforgotten = {count}'
    found = agenda_of(tmp_path, "---\nname: Acme\n---\n- 2026-09-15 call\n", config)
    assert [line.split()[0] for line in found] == [kind]


NO_NEXT = {
    "nothing planned": ("", "", ["no-next - Agree on the next step | A customer without a next step. :3"]),
    "a next date": ("next: 2027-06-01", "", []),
    "a next date that was reached and answered": (
        "next: 2026-10-01",
        "- 2026-10-02 call out",
        ["no-next - Agree on the next step | A customer without a next step. :3"],
    ),
    "an open promise with a day": ("", "- [ ] Send it 📅 2027-06-01", []),
    "a promise of theirs": ("", "- [ ] They send it [owes:: them] 📅 2027-06-01", []),
    "a promise without a day is no step": (
        "",
        "- [ ] Send it",
        ["no-next - Agree on the next step | A customer without a next step. :3"],
    ),
    "a plan": ("", "- 2027-06-01 visit: the yard", []),
    "an appointment today": (
        "",
        "- 2026-11-21 10:00 visit: the yard",
        ["appointment 2026-11-21 the yard | In the log for today at 10:00. :7"],
    ),
    "no contact is wanted": (
        "deny: all",
        "",
        ["no-next - Agree on the next step | A customer without a next step. :3 (held: no contact allowed)"],
    ),
    "no rhythm is wanted": (
        "cadence: never",
        "",
        ["no-next - Agree on the next step | A customer without a next step. :3 (held: cadence never)"],
    ),
    "quiet": (
        "quiet_until: 2026-11-22",
        "",
        ["no-next - Agree on the next step | A customer without a next step. :3 (held: quiet until 2026-11-22)"],
    ),
    "quiet, as a talk says": (
        "stage: customer\nquiet_until: 2026-11-01",
        "- 2026-11-10 call in: rather in December [quiet_until:: 2026-12-01]\n"
        "- 2026-10-10 call in: rather next year [quiet_until:: 2027-01-01]",
        ["no-next - Agree on the next step | A customer without a next step. :3 (held: quiet until 2026-12-01)"],
    ),
    "quiet until today": (
        "quiet_until: 2026-11-21",
        "",
        ["no-next - Agree on the next step | A customer without a next step. :3"],
    ),
}


@pytest.mark.parametrize(("field", "log", "expected"), NO_NEXT.values(), ids=NO_NEXT)
def test_customers_without_a_next_step(tmp_path: Path, field: str, log: str, expected: list[str]) -> None:
    note = f"---\nname: Acme\nstage: customer\n{field or '# none'}\n---\n## Log\n{log}\n"
    assert agenda_of(tmp_path, note) == expected


@pytest.mark.parametrize("stage", ["lead", "former"])
def test_only_active_stages_need_a_next_step(tmp_path: Path, stage: str) -> None:
    assert agenda_of(tmp_path, f"---\nname: Acme\nstage: {stage}\n---\n") == []


def test_quiet_customers_keep_their_promises_and_nothing_else(tmp_path: Path) -> None:
    note = (
        "---\nname: Acme\nstage: customer\nquiet_until: 2027-01-01\nnext: 2026-11-01\n---\n- [ ] Send 📅 2026-11-21\n"
    )
    assert agenda_of(tmp_path, note) == ["promise 2026-11-21 Send | We promised it for 2026-11-21. :7"]


@pytest.mark.parametrize(("gap", "held"), [("3d", True), ("2d", True), ("1d", False)])
def test_soft_reminders_wait_for_a_gap_after_our_own_contact(tmp_path: Path, gap: str, held: bool) -> None:
    note = "---\nname: Acme\n---\n- [ ] They send it [owes:: them] 📅 2026-11-21\n\n- 2026-11-20 call out\n"
    report = vault_of(tmp_path, {"acme.md": note}, f'[agenda]\ngap = "{gap}"').agenda(TODAY)
    assert bool(report.held_back) is held


REACH = {
    "as agreed for the next contact": ("prefers: call\nnext_channel: email", ("email", "ann@acme.example (Ann)")),
    "as they prefer": ("prefers: [visit, call]\ncity: Turku", ("visit", "+358 40 123 4567")),
    "never as they forbade": ("prefers: call\ndeny: call", ("email", "ann@acme.example (Ann)")),
    "whatever there is": ("city: Turku\nsize: 3", ("call", "+358 40 123 4567")),
    "not at all": ("deny: [call, email]\nsize: 3", (None, "")),
}


@pytest.mark.parametrize(("fields", "expected"), REACH.values(), ids=REACH)
def test_how_to_reach_them(tmp_path: Path, fields: str, expected: tuple[str | None, str]) -> None:
    known = 'phone: "+358 40 123 4567"\ncontacts:\n  - Ann <ann@acme.example>'
    report = vault_of(tmp_path, {"acme.md": f"---\nname: Acme\nnext: 2026-11-21\n{known}\n{fields}\n---\n"}).agenda(
        TODAY
    )
    (item,) = report.items
    assert (item.channel, item.reach) == expected


def test_a_ban_in_the_log_counts_until_it_is_lifted(tmp_path: Path) -> None:
    head = '---\nname: Acme\nphone: "+358 40 123 4567"\nnext: 2026-11-21\n---\n'
    banned = vault_of(tmp_path / "a", {"a.md": f"{head}- 2026-01-01 call in: stop [deny:: call]\n"})
    lifted = vault_of(
        tmp_path / "b",
        {"a.md": f"{head}- 2026-01-01 call in: stop [deny:: call]\n- 2026-03-01 visit: fine [allow:: call]\n"},
    )
    assert banned.agenda(TODAY).items[0].channel is None
    assert lifted.agenda(TODAY).items[0].channel == "call"


SEVERAL = {
    "calm.md": "---\nname: Calm\nnext: 2026-11-20\n---\n",
    "late.md": "---\nname: Late\ntier: regular\n---\n- [ ] Send it 📅 2026-11-11\n",
    "big.md": (
        "---\nname: Big\nowner: Liisa\ntier: key\nnext: 2026-11-21\n---\n## Log\n"
        "- 2026-11-20 09:00 email in: angry [mood:: -]\n- 2026-06-01 visit: done [sale:: 1000]\n"
    ),
    "small.md": "---\nname: Small\nnext: 2026-11-25\ncity: Turku\n---\n- 2026-06-01 visit: done [sale:: 500]\n",
    "gone.md": "---\nname: Gone\nstage: former\nnext: 2026-11-01\n---\n",
}


def names(report: Agenda) -> list[str]:
    return [item.name for item in report.items]


def test_the_most_pressing_stand_first_and_each_customer_once(tmp_path: Path) -> None:
    report = vault_of(tmp_path, SEVERAL).agenda(TODAY)
    assert [(item.name, item.kind, item.also, item.urgency) for item in report.items] == [
        ("Big", "feedback", ("next", "waiting"), (45, 0, 2, 20, 10, 0, 10)),
        ("Late", "promise", (), (50, 10, 0, 10, 0, 0, 0)),
        ("Small", "next", (), (35, 0, 0, 0, 5, 0, 0)),
        ("Calm", "next", (), (35, 1, 0, 0, 0, 0, 0)),
    ]


def test_the_parts_of_the_urgency_add_up(tmp_path: Path) -> None:
    for item in vault_of(tmp_path, SEVERAL).agenda(TODAY).items:
        assert item.urgency.total == sum(item.urgency) > 0


def test_lateness_has_a_limit(tmp_path: Path) -> None:
    note = "---\nname: Acme\n---\n- [ ] Send it 📅 2020-01-01\n"
    (item,) = vault_of(tmp_path, {"acme.md": note}).agenda(TODAY).items
    assert (item.urgency.lateness, item.overdue_days) == (30, 2516)


def test_limited_to_one_of_us(tmp_path: Path) -> None:
    assert names(vault_of(tmp_path, SEVERAL).agenda(TODAY, owner="liisa")) == ["Big"]


def test_a_slip_in_the_owner_is_no_empty_day(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        vault_of(tmp_path, SEVERAL, '[vault]\nowners = ["Liisa", "Matti"]').agenda(TODAY, owner="lisa")
    assert (refused.value.message, refused.value.remedy) == ("Nobody here is called lisa.", "Did you mean liisa?")


def test_limited_by_a_query(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, SEVERAL)
    assert names(vault.agenda(TODAY, query="tier:key,regular")) == ["Big", "Late"]
    assert names(vault.agenda(TODAY, query="-tier:key city:turku")) == ["Small"]


def test_looking_further_ahead(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, SEVERAL)
    assert names(vault.agenda(TODAY, days=0)) == ["Big", "Late", "Calm"]
    assert vault.agenda(TODAY, days=0).horizon_days == 0
    assert names(vault.agenda(TODAY, days=4)) == ["Big", "Late", "Small", "Calm"]


def test_an_earlier_day_is_answered_from_the_entries_up_to_then(tmp_path: Path) -> None:
    note = (
        "---\nname: Acme\ncadence: 1m\n---\n## Log\n"
        "- 2026-11-01 call out: we are late\n- 2026-08-15 email in: a question\n- 2026-06-01 call\n"
    )
    assert agenda_of(tmp_path, note) == []
    assert agenda_of(tmp_path, note, today=date(2026, 8, 20)) == [
        "waiting 2026-08-15 Answer: a question | They wrote on 2026-08-15 and wait for an answer. :7",
        # the call of November is a plan as seen from here, yet beyond the days that are looked at
    ]
    assert agenda_of(tmp_path, note, today=date(2026, 7, 10)) == [
        f"cadence 2026-07-01 Get in touch | {since('2026-06-01', '1m')} :8"
    ]


def test_a_note_that_was_not_read_in_full_is_named(tmp_path: Path) -> None:
    notes = {"good.md": "---\nname: Good\nnext: 2026-11-21\n---\n", "bad.md": "---\nname: Bad\nnext: soon\n---\n"}
    report = vault_of(tmp_path, notes).agenda(TODAY)
    assert names(report) == ["Good"]
    assert report.unread == {"customers/bad.md": "bad-date"}


def test_settings_that_were_not_read_are_named(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"good.md": "---\nname: Good\n---\n"}, "[agenda\n").agenda(TODAY)
    assert report.unread == {"plaincrm.toml": "bad-toml"}


def test_each_line_stands_where_its_reason_is(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, SEVERAL)
    for item in vault.agenda(TODAY).items:
        line = (vault.root / item.file).read_text(encoding="utf-8").split("\n")[item.line - 1]
        assert any(word in line for word in ("next:", "Send it", "angry")), (item, line)


@pytest.mark.parametrize(
    "log",
    [
        "- 2026-11-20 call out: the second\n- 2026-11-20 call in: the first\n- 2026-01-05 visit: long ago",
        "- 2026-01-05 visit: long ago\n- 2026-11-20 call in: the first\n- 2026-11-20 call out: the second",
        "- 2026-11-20 09:00 call in: the first\n- 2026-11-20 10:00 call out: the second",
    ],
    ids=["newest on top", "oldest on top", "by the clock"],
)
def test_the_last_talk_of_a_day_is_the_last_by_the_clock_or_by_the_order_of_the_log(tmp_path: Path, log: str) -> None:
    (item,) = vault_of(tmp_path, {"a.md": f"---\nname: A\nnext: 2026-11-21\n---\n## Log\n{log}\n"}).agenda(TODAY).items
    assert item.last_talk == "call: the second"
