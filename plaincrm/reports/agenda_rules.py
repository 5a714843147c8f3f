"""The rules of the agenda: one row a kind, each one query and one sentence that says why."""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """One kind of line on the agenda.

    The query gives, for each customer concerned: file, line, due, what, channel, and up to two facts that `why` names
    in order. Where it gives no line, the line of the field `at` is taken. `weight` is what the kind adds to the
    urgency. `soft` kinds wait while a customer wants to be left alone; `chasing` ones also wait for a few days after
    our own last contact.
    """

    kind: str
    weight: int
    soft: bool
    chasing: bool
    why: str
    query: str
    at: str = ""


# Every query may use the tables of the index and these, which `plaincrm.reports.agenda` prepares:
#   talk     file, spoken, ours, answered, asked, missed: what contacts up to today add up to (see index/tables.py)
#   open_c   the customers that are not closed; `rhythm` is the one that holds for them, `active` whether they need a
#            next step, `counted` the day from which silence counts: last contact, else since, else the first entry
#   rhythm   text, lapsed, forgotten: the last days on which a contact would be too long ago
# and the parameters :today and :horizon.
RULES = (
    Rule(
        "promise",
        50,
        False,
        False,
        "We promised it {0}for {1}.",
        """
        select t.file, t.line, t.due, t.text, null, coalesce('on ' || t.made || ' ', ''), t.due from tasks t join open_c c using (file)
        where t.open = 1 and t.owes = 'us' and t.due <= :horizon
            and coalesce(t.start, '') <= :today and coalesce(t.scheduled, '') <= :today
        """,
    ),
    Rule(
        "missed",
        45,
        False,
        False,
        "They called on {0} and nobody answered.",
        """
        select k.file, e.line, e.date, 'Call back', 'call', k.missed
        from talk k join open_c c using (file)
            join entries e on e.file = k.file and e.direction = 'missed'
                and e.date || ' ' || coalesce(e.time, '00:00') = k.missed
        where k.missed > coalesce(k.answered, '')
        """,
    ),
    Rule(
        "waiting",
        40,
        False,
        False,
        "They wrote on {0} and wait for an answer.",
        """
        select k.file, e.line, e.date, 'Answer: ' || e.summary, e.channel, k.asked
        from talk k join open_c c using (file)
            join entries e on e.file = k.file and e.direction = 'in' and e.contact = 1
                and e.date || ' ' || coalesce(e.time, '00:00') = k.asked
        where k.asked > coalesce(k.answered, '')
        """,
    ),
    Rule(
        "appointment",
        40,
        False,
        False,
        "Agreed for {1} at {0}.",
        """
        select e.file, e.line, e.date, e.summary, e.channel, e.time || coalesce('-' || e.end_time, ''), e.date
        from entries e join open_c c using (file)
        where e.date between :today and :horizon and e.time is not null and e.contact = 1
            and e.direction is not 'missed' and (e.date > :today or e.direction is null)
        """,
    ),
    Rule(
        "next",
        35,
        True,
        False,
        "The next contact was set for {0}.",
        """
        select c.file, null, c.next, coalesce(c.next_action, 'Get in touch'), c.next_channel, c.next
        from open_c c
        where c.next <= :horizon and c.next > coalesce(substr(c.answered, 1, 10), '')
        union all
        select e.file, e.line, e.date, e.summary, e.channel, e.date from entries e join open_c c using (file)
        where e.date > :today and e.date <= :horizon and e.time is null and e.contact = 1
        """,
        at="next",
    ),
    Rule(
        "owed",
        30,
        True,
        True,
        "They promised it {0}for {1}.",
        """
        select t.file, t.line, t.due, t.text, null, coalesce('on ' || t.made || ' ', ''), t.due from tasks t join open_c c using (file)
        where t.open = 1 and t.owes = 'them' and t.due <= :horizon
            and coalesce(t.start, '') <= :today and coalesce(t.scheduled, '') <= :today
        """,
    ),
    Rule(
        "forgotten",
        25,
        True,
        True,
        "Nobody has been in touch since {0}; the rhythm is {1}.",
        """
        select c.file, null, after(c.counted, c.rhythm), 'Get in touch again', null, c.counted, c.rhythm
        from open_c c join rhythm r on r.text = c.rhythm
        where c.counted <= r.forgotten
        """,
    ),
    Rule(
        "cadence",
        15,
        True,
        True,
        "Nobody has been in touch since {0}; the rhythm is {1}.",
        """
        select c.file, null, after(c.counted, c.rhythm), 'Get in touch', null, coalesce(c.counted, 'ever'), c.rhythm
        from open_c c join rhythm r on r.text = c.rhythm
        where c.counted <= r.lapsed and c.counted > r.forgotten or c.counted is null
        """,
    ),
    Rule(
        "no-next",
        5,
        True,
        False,
        "{0} without a next step: no date, no plan, no open promise.",
        """
        select c.file, null, null, 'Agree on the next step', null, 'A ' || c.stage from open_c c
        where c.active = 1 and (c.next is null or c.next <= coalesce(substr(c.answered, 1, 10), ''))
            and not exists (select 1 from entries e where e.file = c.file and e.date > :today)
            and not exists (select 1 from tasks t where t.file = c.file and t.open = 1 and t.due is not null)
        """,
        at="stage",
    ),
)
