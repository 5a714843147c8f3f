"""Rules: what the day makes wrong: appointments at one time, days gone by, records grown old."""

from __future__ import annotations

from plaincrm.checks.rule import Rule, by_query

RULES = (
    Rule(
        "overlapping-appointments",
        "error",
        "{who} meets {name} at {time} on the same day.",
        "Agree on another time with one of the two; if they come together, say so in the same words, or by a link.",
        why="One person cannot be at two places, so one customer waits in vain.",
        bad="""
            === plaincrm.toml
            [vault]
            owners = ["liisa", "matti"]
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            owner: liisa
            ---
            - 2026-11-24 10:00-11:00 visit, Pekka: measure the terrace
            === customers/apteekki-linna.md
            ---
            name: Apteekki Linna
            owner: liisa
            ---
            - 2026-11-24 10:30 visit: the colour of the counter
            """,
        good="""
            === plaincrm.toml
            [vault]
            owners = ["liisa", "matti"]
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            owner: liisa
            ---
            - 2026-11-24 10:00-11:00 visit, Pekka: measure the terrace
            === customers/apteekki-linna.md
            ---
            name: Apteekki Linna
            owner: liisa
            ---
            - 2026-11-24 11:00 visit: the colour of the counter
            """,
        find=by_query(
            """
            with agreed as materialized (
                select path, file, line, end_line, date, time, end_time, customers.key, name, owner,
                    lower(summary) as words
                from entries cross join customers using (file) cross join files using (file)
                where date >= :today and time is not null and contact = 1 and coalesce(direction, 'out') = 'out'
                    and channel not in ('email', 'letter', 'chat', 'social', 'web', 'event')
                    and (owner is not null or :alone)
            ),
            planned as (
                select path, line, time, owner,
                    max(case when end_time < time then 'later' else coalesce(end_time, time) end
                        || ' ' || time || ' ' || name) over before as longest
                from agreed a
                where not exists (  -- one appointment with several customers is told in the first one's log
                    select 1 from agreed b
                    where b.date = a.date and b.time = a.time and b.owner is a.owner and b.path < a.path
                        and (b.words = a.words and b.words <> '' and b.end_time is a.end_time or exists (
                            select 1 from links l
                            where l.file = a.file and l.line between a.line and a.end_line
                                and link_key(l.target) = b.key
                                or l.file = b.file and l.line between b.line and b.end_line
                                and link_key(l.target) = a.key
                        ))
                )
                window before as (
                    partition by date, owner order by time, path, line
                    rows between unbounded preceding and 1 preceding
                )
            )
            select path, line, null, coalesce(owner, 'The same person') as who,
                substr(longest, 13) as name, substr(longest, 7, 5) as time
            from planned
            where time < substr(longest, 1, 5) or time = substr(longest, 7, 5)
            """
        ),
    ),
    Rule(
        "no-next-step",
        "hint",
        "A {stage} without a next step.",
        "Write {next}: and a day, or plan an entry, or promise something by a day.",
        why="A customer whom nothing brings back to your mind is forgotten.",
        bad="stage: prospect",
        good="""
            stage: prospect
            next: 2026-12-01
            next_action: Ask about the terrace
            """,
        find=by_query(
            """
            with idle as (
                select file, stage from customers
                where stage in (select value from json_each(:active)) and next is null
                union all
                select file, stage from customers
                where next < :today and +stage in (select value from json_each(:active))
            )
            select path, f.line, f.value, stage
            from idle cross join files using (file)
            left join fields f on f.file = idle.file and f.field = 'stage' and f.position = 0
            where idle.file not in (select file from entries where date >= :today)
                and not exists (select 1 from tasks t where t.file = idle.file and open = 1 and due is not null)
                and idle.file not in (
                    select file from diagnostics
                    where code in ('bad-date', 'wrong-shape', 'unfilled-template') and facts ->> 'field' = 'next'
                )
            """
        ),
    ),
    Rule(
        "deal-overdue",
        "warning",
        "The decision on {deal} was expected on {expected}.",
        "Ask how it stands, then write a new day, or [won:: day] or [lost:: day].",
        why="What you expect to sell is reckoned from open deals, and this one may be dead.",
        bad="- [deal:: Terrace 2027] [value:: 4500 EUR] [expected:: 2026-10-15]",
        good="- [deal:: Terrace 2027] [value:: 4500 EUR] [expected:: 2027-03-15]",
        find=by_query(
            """
            select path, line, expected, coalesce(nullif(name, ''), 'the deal') as deal, expected
            from deals cross join files using (file) where state = 'open' and expected < :today
            """
        ),
    ),
    Rule(
        "far-future-entry",
        "warning",
        "This entry lies far ahead, on {date}.",
        "Mend the year if it is a slip; else raise far_future in [check].",
        why="With a slip in the year the contact does not count until then, and the agenda waits for it.",
        bad="- 2062-11-20 call in, Pekka: wants a quote",
        good="- 2026-11-20 call in, Pekka: wants a quote",
        find=by_query(
            """
            select path, line, date, date from entries cross join files using (file) where date > :far
            """
        ),
    ),
    Rule(
        "not-verified",
        "warning",
        "Nobody has checked this record since {date}.",
        "Check its facts, then write {verified}: and today.",
        why="Addresses and people change; letters to old ones come back, or reach a stranger.",
        bad="""
            === plaincrm.toml
            [check]
            verify_after = "3y"
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            verified: 2021-09-01
            ---
            """,
        good="""
            === plaincrm.toml
            [check]
            verify_after = "3y"
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            verified: 2026-09-01
            ---
            """,
        find=by_query(
            """
            with checked as (
                select c.file, f.line, f.value,
                    coalesce(f.value, c.since, (select min(date) from entries e where e.file = c.file)) as date
                from customers c left join fields f on f.file = c.file and f.field = 'verified' and f.position = 0
            )
            select path, coalesce(line, 1), value, date from checked join files using (file)
            where date < :verified_from
            """
        ),
    ),
    Rule(
        "kept-too-long",
        "warning",
        "A {stage} whom nobody has been in touch with since {date} is kept longer than you want to.",
        "Get in touch, or forget the person: personal data is kept no longer than it is needed.",
        why="The law lets you keep personal data only as long as you need it, and you have said how long that is.",
        bad="""
            === plaincrm.toml
            [check]
            keep_leads = "2y"
            === customers/rantanen-sofia.md
            ---
            name: Sofia Rantanen
            stage: lead
            ---
            - 2023-05-04 call in: asked what a hall costs
            """,
        good="""
            === plaincrm.toml
            [check]
            keep_leads = "2y"
            === customers/rantanen-sofia.md
            ---
            name: Sofia Rantanen
            stage: lead
            ---
            - 2026-05-04 call in: asked what a hall costs
            """,
        find=by_query(
            """
            select path, f.line, f.value, c.stage, c.counted as date
            from customers c cross join files using (file)
            left join fields f on f.file = c.file and f.field = 'stage' and f.position = 0
            where c.stage = :lead and c.counted > '' and c.counted < :leads_from
            """
        ),
    ),
)
