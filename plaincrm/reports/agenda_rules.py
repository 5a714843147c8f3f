"""The rules of the agenda: one row a kind, each one query and one sentence that says why."""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """One kind of line on the agenda.

    The query gives, for each customer concerned: file, line, due, what, channel, and up to two facts that `why` names
    in order. Where it gives no line, the line of the field `at` is taken, or that of the last talk. `weight` is what
    the kind adds to the urgency. `soft` kinds wait while a customer wants to be left alone; `chasing` ones also wait
    for a few days after our own last contact.
    """

    kind: str
    weight: int
    why: str
    query: str
    at: str = ""
    soft: bool = False
    chasing: bool = False


# Every query is run twice: on {customers} as the index has them, for those whose contacts are all past, and on a small
# table of the others, whose sums count contacts up to today only (`latest` is empty there). It may use the tables of
# the index, the parameters :today and :horizon, and
#   class    stage, tier, cadence: what there is; rhythm: the one that holds for these customers; lapsed, forgotten:
#            the last days from which it would be over, once and several times; active: whether a next step is needed
# A customer's line in `class` is told by the condition {same_class}. (`cross join` fixes the order of the loops and
# a plus before a column keeps its index out of it: the planner has no statistics to go by.)
SAME_CLASS = "c.stage is k.stage and c.tier is k.tier and c.cadence is k.cadence"


def _promised(party: str) -> str:
    """The query for promises that one of the two parties has made."""
    return f"""
        select t.file, t.line, t.due, t.text, null, case when t.made <= :today then 'on ' || t.made || ' ' else '' end,
            t.due
        from tasks t cross join {{customers}} c using (file)
        where t.open = 1 and t.due <= :horizon and t.owes = '{party}' and +c.latest <= :today
            and coalesce(t.start, '') <= :today and coalesce(t.scheduled, '') <= :today
        """


RULES = (
    Rule(
        "promise",
        50,
        "We promised it {0}for {1}.",
        _promised("us"),
    ),
    Rule(
        "missed",
        45,
        "They called on {0} and nobody answered.",
        """
        select c.file, e.line, e.date, 'Call back', 'call', e.date || coalesce(' ' || e.time, '')
        from {customers} c cross join entries e using (file)
        where c.missed > c.answered and +c.latest <= :today
            and e.direction = 'missed' and e.date || ' ' || coalesce(e.time, '00:00') = c.missed
        """,
    ),
    Rule(
        "waiting",
        40,
        "They wrote on {0} and wait for an answer.",
        """
        select c.file, e.line, e.date, 'Answer' || coalesce(': ' || nullif(e.summary, ''), ' the ' || e.channel),
            e.channel, e.date || coalesce(' ' || e.time, '')
        from {customers} c cross join entries e using (file)
        where c.asked > c.answered and +c.latest <= :today
            and e.direction = 'in' and e.contact = 1 and e.resolved is not 1
            and e.date || ' ' || coalesce(e.time, '00:00') = c.asked
        """,
    ),
    Rule(
        "appointment",
        40,
        "Agreed for {1} at {0}.",
        """
        select e.file, e.line, e.date, coalesce(nullif(e.summary, ''), e.channel), e.channel,
            e.time || coalesce('-' || e.end_time, ''), e.date
        from entries e cross join {customers} c using (file)
        where e.date between :today and :horizon and e.time is not null and e.contact = 1 and +c.latest <= :today
            and (e.date > :today or e.direction is null)
        """,
    ),
    Rule(
        "next",
        35,
        "The next contact was set for {0}.",
        """
        select c.file, null, c.next, coalesce(c.next_action, 'Get in touch'), c.next_channel, c.next
        from {customers} c
        where c.next <= :horizon and c.next > substr(c.answered, 1, 10) and +c.latest <= :today
        union all
        select e.file, e.line, e.date, coalesce(nullif(e.summary, ''), e.channel), e.channel, e.date
        from entries e cross join {customers} c using (file)
        where e.date > :today and e.date <= :horizon and e.time is null and e.contact = 1 and +c.latest <= :today
        """,
        at="next",
        soft=True,
    ),
    Rule(
        "owed",
        30,
        "They promised it {0}for {1}.",
        _promised("them"),
        soft=True,
        chasing=True,
    ),
    Rule(
        "forgotten",
        25,
        "Nobody has been in touch since {0}; the rhythm is {1}.",
        """
        select c.file, null, after(c.counted, k.rhythm), 'Get in touch again', null, c.counted, k.rhythm
        from class k cross join {customers} c
        where {same_class} and c.counted <= k.forgotten and c.counted > '' and +c.latest <= :today
        """,
        soft=True,
        chasing=True,
    ),
    Rule(
        "cadence",
        15,
        "Nobody has been in touch since {0}; the rhythm is {1}.",
        """
        select c.file, null, after(c.counted, k.rhythm), 'Get in touch', null, c.counted, k.rhythm
        from class k cross join {customers} c
        where {same_class} and c.counted <= k.lapsed and c.counted > k.forgotten and +c.latest <= :today
        union all
        select c.file, null, null, 'Get in touch', null, 'the record was made', k.rhythm
        from class k cross join {customers} c
        where {same_class} and c.counted = '' and k.lapsed is not null and +c.latest <= :today
        """,
        soft=True,
        chasing=True,
    ),
    Rule(
        "no-next",
        5,
        "{0} without a next step.",
        """
        with without as (
            select file, stage from {customers} c where c.next is null and +c.latest <= :today
            union all
            select file, stage from {customers} c
            where c.next <= :today and c.next <= substr(c.answered, 1, 10) and +c.latest <= :today
        )
        select c.file, null, null, 'Agree on the next step', null, 'A ' || c.stage from without c
        where +c.stage in (select stage from class where active)
            and c.file not in (
                select file from entries
                where date >= :today and (date > :today or (time is not null and contact = 1 and direction is null))
            )
            and c.file not in (select file from tasks where open = 1 and due is not null)
        """,
        at="stage",
        soft=True,
    ),
)
