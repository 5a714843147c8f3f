"""The rules of the agenda: one row a kind, each one query and one sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from plaincrm.index.feedback import BAD
from plaincrm.index.index import Index
from plaincrm.index.talks import APPOINTED


class Rule(NamedTuple):
    """One kind of line on the agenda.

    The query gives, for each customer concerned: file, line, due, what, channel, and up to two facts that `why` names
    in order; `due` is a day, of appointments with the time (`2026-11-21 09:30`, or `2026-11-21 09:30-11:00`). Where it
    gives no line, the line of the field `at` is taken, or that of the last talk. `soft` kinds wait while a customer
    wants to be left alone; `chasing` ones also wait for a few days after our own last contact, `selling` ones wherever
    marketing is forbidden. The points of a kind are in plaincrm/vault/weights.py.
    """

    kind: str
    why: str
    query: str
    at: str = ""
    soft: bool = False
    chasing: bool = False
    selling: bool = False


class Reason(NamedTuple):
    """One rule's finding for one customer, before the lines of one customer are joined."""

    rule: Rule
    line: int | None
    due: date | None
    time: str  # empty where there is none
    until: str
    what: str
    channel: str | None
    why: str


# Every query is run twice: on {customers} as the index has them, for those whose contacts are all {past}, and on a
# small table of the others, whose sums count what has been and not what is planned. It may use the tables of the index,
# the parameters that agenda_tables.py gives (:today, :horizon and the like), and its tables:
#   class      stage, tier, cadence: what there is; rhythm: the one that holds for these customers; lapsed, forgotten:
#              the last days from which it would be over, once and several times; active: whether a next step is needed
#   days       month_day, day: the days of the calendar from today on, as far as the agenda looks
#   seasonal   what customers buy in these weeks of the year, and have not yet bought
#   steps      what playbooks say is due
# A customer's line in `class` is told by the condition {same_class}. (`cross join` fixes the order of the loops and
# a plus before a column keeps its index out of it: the planner has no statistics to go by. A day minus a day is the
# difference of their years.)
_PAST = "c.file not in (select file from temp.planning)"
SAME_CLASS = "c.stage is k.stage and c.tier is k.tier and c.cadence is k.cadence"
_BEGUN = """case when c.spoken = '' then coalesce(
            (select line from fields f where f.file = c.file and f.field = 'since'),
            (select e.line from entries e where e.file = c.file and e.date = c.counted)) end"""
_SINCE = "case when c.spoken > '' then 'since ' || c.spoken else 'yet, counted from ' || c.counted end"


def _promised(party: str) -> str:
    """The query for promises that one of the two parties has made."""
    return f"""
        select t.file, t.line, t.due, t.text, null, case when t.made <= :today then 'on ' || t.made || ' ' else '' end,
            t.due
        from tasks t cross join {{customers}} c using (file)
        where t.open = 1 and t.due <= :horizon and t.owes = '{party}' and {{past}}
            and coalesce(t.start, '') <= :today and coalesce(t.scheduled, '') <= :today
        """


RULES = (
    Rule(
        "promise",
        "We promised it {0}for {1}.",
        _promised("us"),
    ),
    Rule(
        "missed",
        "They called on {0} and nobody answered.",
        """
        select c.file, e.line, e.date, 'Call back', 'call', e.date || coalesce(' ' || e.time, '')
        from {customers} c cross join entries e using (file)
        where c.missed > c.answered and {past}
            and e.direction = 'missed' and e.date || ' ' || coalesce(e.time, '00:00') = c.missed
        """,
    ),
    Rule(
        "feedback",
        "{1} on {0}, and no answer of ours since.",
        f"""
        select c.file, e.line, e.date,
            case m.name when 'complaint' then 'Answer the complaint: ' || m.text else 'Ask what went wrong' end,
            null, e.date || coalesce(' ' || e.time, ''),
            case m.name when 'complaint' then 'A complaint' when 'mood' then 'A bad mood'
                else upper(m.name) || ' ' || cast(m.number as integer) end
        from {{customers}} c cross join entries e using (file)
            cross join measures m on m.file = e.file and m.position = (
                select m.position from measures m
                where m.file = e.file and m.line between e.line and e.end_line and ({BAD})
                order by m.name <> 'complaint', m.position limit 1
            )
        where c.displeased > '' and {{past}} and e.resolved is not 1
            and e.date || ' ' || coalesce(e.time, '00:00') = c.displeased
        """,
    ),
    Rule(
        "waiting",
        "They wrote on {0} and wait for an answer.",
        """
        select c.file, e.line, e.date, 'Answer' || coalesce(': ' || nullif(e.summary, ''), ' the ' || e.channel),
            e.channel, e.date || coalesce(' ' || e.time, '')
        from {customers} c cross join entries e using (file)
        where c.asked > c.answered and {past}
            and e.direction = 'in' and e.contact = 1 and e.resolved is not 1
            and e.date || ' ' || coalesce(e.time, '00:00') = c.asked
        """,
    ),
    Rule(
        "appointment",
        "{1} at {0}.",  # no report reads the clock: one of today may have been
        f"""
        select e.file, e.line, e.date || ' ' || e.time || coalesce('-' || e.end_time, ''),
            coalesce(nullif(e.summary, ''), e.channel), e.channel,
            e.time || coalesce('-' || e.end_time, ''),
            case e.date when :today then 'In the log for today' else 'Agreed for ' || e.date end
        from entries e cross join {{customers}} c using (file)
        where e.date between :today and :horizon and e.time is not null and e.contact = 1 and {{past}}
            and (e.date > :today or {APPOINTED})
        """,
    ),
    Rule(
        "next",
        "The next contact was set for {0}.",
        """
        select c.file, null, c.next, coalesce(c.next_action, 'Get in touch'), c.next_channel, c.next
        from {customers} c
        where c.next <= :horizon and c.next > substr(c.answered, 1, 10) and {past}
        union all
        select e.file, e.line, e.date, coalesce(nullif(e.summary, ''), e.channel), e.channel, e.date
        from entries e cross join {customers} c using (file)
        where e.date > :today and e.date <= :horizon and e.time is null and e.contact = 1 and {past}
        """,
        at="next",
        soft=True,
    ),
    Rule(
        "owed",
        "They promised it {0}for {1}.",
        _promised("them"),
        soft=True,
        chasing=True,
    ),
    Rule(
        "deal",
        "The decision on it was expected on {0}{1}.",
        """
        select d.file, d.line, d.expected, 'Ask what became of ' || d.name, null, d.expected,
            case when d.value is null then '' else printf(' (%,d.%02d ', d.value / 10000, d.value % 10000 / 100)
                || d.currency || coalesce(' at ' || d.chance || ' %', '') || ')' end
        from deals d cross join {customers} c using (file)
        where d.state = 'open' and d.expected < :today and {past}
        """,
        soft=True,
        chasing=True,
    ),
    Rule(
        "forgotten",
        "Nobody has been in touch {0}; the rhythm is {1}.",
        """
        select c.file, {begun}, after(c.counted, k.rhythm), 'Get in touch again', null, {since}, k.rhythm
        from class k cross join {customers} c
        where {same_class} and c.counted <= k.forgotten and c.counted > '' and {past}
        """,
        soft=True,
        chasing=True,
    ),
    Rule(
        "playbook",
        "{1}, by the playbook {0}.",
        """
        select s.file, s.line, s.due, s.what, s.channel, s.name, s.cause
        from steps s cross join {customers} c using (file)
        where {past}
        """,
        at="since",
        soft=True,
        chasing=True,
    ),
    Rule(
        "permission",
        "They allowed {0}; that ends on {1}.",
        """
        with consent as (
            select file, line, text, date, after(date, :valid) as ends from measures a
            where name = 'allow' and text >= 'marketing' and text < 'marketing;'
                and date between :allowed_first and :allowed_last
                and not exists (
                    select 1 from entries e cross join measures u on u.file = e.file
                    where e.file = a.file and a.line between e.line and e.end_line and u.name = 'until'
                        and u.line between e.line and e.end_line
                )
            union all
            select a.file, a.line, a.text, a.date, u.text from measures u
                cross join entries e on e.file = u.file and u.line between e.line and e.end_line
                cross join measures a on a.file = u.file and a.line between e.line and e.end_line
            where u.name = 'until' and u.text between :ended_first and :ending_last and a.name = 'allow'
        )
        select a.file, a.line, a.ends, 'Ask whether we may go on with ' || a.text, null,
            a.text || ' on ' || a.date, a.ends
        from consent a cross join {customers} c using (file)
        where a.ends between :ended_first and :ending_last and a.date <= :today and {past}
            and not exists (
                select 1 from measures n where n.file = a.file and n.name in ('allow', 'deny')
                    and n.text in (a.text, 'marketing', 'all') and n.date > a.date and n.date <= :today
            )
            and not exists (
                select 1 from fields f
                where f.file = a.file and f.field = 'deny' and f.value in (a.text, 'marketing', 'all')
            )
        """,
        soft=True,
        chasing=True,
    ),
    Rule(
        "cadence",
        "Nobody has been in touch {0}; the rhythm is {1}.",
        """
        select c.file, {begun}, after(c.counted, k.rhythm), 'Get in touch', null, {since}, k.rhythm
        from class k cross join {customers} c
        where {same_class} and c.counted <= k.lapsed and c.counted > k.forgotten and {past}
        union all
        select c.file, null, null, 'Get in touch', null, 'since the record was made', k.rhythm
        from class k cross join {customers} c
        where {same_class} and c.counted = '' and k.lapsed is not null and {past}
        """,
        soft=True,
        chasing=True,
    ),
    Rule(
        "anniversary",
        "{0} {1}.",
        """
        select c.file, (select line from fields f where f.file = c.file and f.field = 'birthday'), d.day,
            'Wish a happy birthday', null, 'Their birthday falls on ' || d.day,
            case when c.birthday like '-%' then '(' || substr(c.birthday, -5) || ', the year is not known)'
                else '(born on ' || c.birthday || ', ' || (d.day - c.birthday) || ' years)' end
        from days d cross join {customers} c on substr(c.birthday, -5) = d.month_day
        where c.birthday is not null and c.ours < d.day and {past}
        union all
        select c.file, (select line from fields f where f.file = c.file and f.field = 'since'), d.day,
            'Say thanks for ' || (d.day - c.since) || ' years', null, 'They have been with us since ' || c.since,
            'and it is ' || (d.day - c.since) || ' years on ' || d.day
        from days d cross join {customers} c on substr(c.since, 6) = d.month_day
        where c.since is not null and c.tier in (select value from json_each(:remembered)) and c.ours < d.day
            and d.day > c.since and (d.day - c.since) % :every = 0 and {past}
        """,
        soft=True,
    ),
    Rule(
        "season",
        "They bought {0} on {1}, and not yet this year.",
        """
        select s.file, s.line, s.due, s.what, null, s.product, s.days
        from seasonal s cross join {customers} c using (file)
        where {past}
        """,
        soft=True,
        chasing=True,
        selling=True,
    ),
    Rule(
        "vision",
        "{0}{1}.",
        """
        select c.file, null, c.vision_review, 'Review the shared vision', null,
            'The review was set for ', c.vision_review
        from {customers} c
        where c.vision_review <= :horizon and {past}
        union all
        select c.file, (select line from fields f where f.file = c.file and f.field = 'tier'), null,
            'Agree on a day to review the shared vision', null, 'There is a vision and no day for its review', ''
        from {customers} c
        where c.vision = 1 and c.vision_review is null and c.tier = :dearest and {past}
        """,
        at="vision_review",
        soft=True,
    ),
    Rule(
        "no-next",
        "{0} without a next step.",
        f"""
        with without as (
            select file, stage from {{customers}} c where c.next is null and {{past}}
            union all
            select file, stage from {{customers}} c
            where c.next <= :today and c.next <= substr(c.answered, 1, 10) and {{past}}
        )
        select c.file, null, null, 'Agree on the next step', null, 'A ' || c.stage from without c
        where +c.stage in (select stage from class where active)
            and c.file not in (
                select file from entries e where date >= :today and (date > :today or {APPOINTED})
            )
            and not exists (select 1 from tasks t where t.file = c.file and open = 1 and due is not null)
        """,
        at="stage",
        soft=True,
    ),
)


def reasons_of(index: Index, given: Mapping[str, Any]) -> dict[int, list[Reason]]:
    """Every rule's findings, by file, once agenda_tables.py has prepared what the rules ask."""
    blocked = _blocked_tasks(index)
    found: dict[int, list[Reason]] = {}
    for rule in RULES:
        for customers, past in (("customers", _PAST), ("temp.planning", "true")):
            query = rule.query.format(customers=customers, past=past, same_class=SAME_CLASS, begun=_BEGUN, since=_SINCE)
            for file, line, due, what, channel, *facts in index.rows(query, given):
                if (file, line) in blocked:
                    continue
                day, _blank, hours = (due or "").partition(" ")
                time, _dash, until = hours.partition("-")
                on = date.fromisoformat(day) if day else None
                reason = Reason(rule, line, on, time, until, what, channel, rule.why.format(*facts))
                found.setdefault(file, []).append(reason)
    return found


def _blocked_tasks(index: Index) -> set[tuple[int, int]]:
    """Promises that wait for another one: `dependsOn` names a task that is still open."""
    waiting = index.rows("select file, line, depends_on from tasks where open = 1 and depends_on <> ''")
    if not waiting:
        return set()
    still_open = {row[0] for row in index.rows("select id from tasks where open = 1 and id <> ''")}
    return {(file, line) for file, line, ids in waiting if still_open.intersection(ids.split(","))}
