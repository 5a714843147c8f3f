"""Rules: what can be wrong with a register though each note is sound. Rules with a query are found when asked."""

from __future__ import annotations

from plaincrm.checks import register
from plaincrm.checks.rule import Rule, by_query

RULES = (
    Rule(
        "duplicate-id",
        "error",
        "{other} has the same file name, which is the customer's id.",
        "Rename one of the two files.",
        find=by_query(
            """
            select path, null, null, first as other
            from (
                select path, min(path) over (partition by key) as first
                from customers join files using (file)
                where key in (select key from customers group by key having count(*) > 1)
            )
            where path <> first
            """
        ),
    ),
    Rule(
        "dead-relation",
        "warning",
        "{field}: there is no note {target}.",
        "Write the file name of a note of the vault, without .md.",
        find=register.dead_relations,
    ),
    Rule(
        "dead-link",
        "hint",
        "There is no note or file {target} in the vault.",
        "Write the note, or mend the link.",
        find=register.dead_links,
    ),
    Rule(
        "ambiguous-link",
        "warning",
        "{count} notes are called {target}, so nobody knows which one is meant.",
        "Rename the notes, so that each has a name of its own.",
        find=by_query(
            """
            select path, line, target, target, count
            from links cross join files using (file)
            join (select key, count(*) as count from customers group by key having count(*) > 1)
                on key = lower(target)
            """
        ),
    ),
    Rule(
        "referral-circle",
        "warning",
        "Who brought whom goes round in a circle: {way}.",
        "Take out the referral that is not true.",
        find=register.referral_circles,
    ),
    Rule(
        "parent-circle",
        "warning",
        "Who belongs to whom goes round in a circle: {way}.",
        "Take out the parent that is not true.",
        find=register.parent_circles,
    ),
    Rule(
        "same-business-id",
        "warning",
        "{other} has the same {field}.",
        "If they are one company, keep one note; else look both ids up.",
        find=by_query(
            """
            select path, line, shown, kind as field, first as other
            from (
                select path, line, kind, shown, min(path) over (partition by kind, value) as first
                from identities cross join files using (file)
                where (kind, value) in (
                    select kind, value from identities where kind in ('business_id', 'vat_id')
                    group by kind, value having count(*) > 1
                )
            )
            where path <> first
            """
        ),
    ),
    Rule(
        "same-email",
        "warning",
        "{other} has the same e-mail address.",
        "If they are one customer, keep one note; if one works for the other, say so with company or parent.",
        find=register.same_emails,
    ),
    Rule(
        "same-phone",
        "warning",
        "{other} has the same phone number.",
        "If they are one customer, keep one note; if one works for the other, say so with company or parent.",
        find=register.same_phones,
    ),
    Rule(
        "near-name",
        "hint",
        "{other} is called nearly the same.",
        "If they are one customer, keep one note.",
        find=register.near_names,
    ),
    Rule(
        "overlapping-appointments",
        "error",
        "{who} meets {name} at {time} on the same day.",
        "Agree on another time with one of the two.",
        find=by_query(
            """
            with planned as (
                select path, line, date, time, coalesce(end_time, time) as until, owner, name
                from entries cross join customers using (file) cross join files using (file)
                where date >= :today and time is not null and contact = 1 and coalesce(direction, 'out') = 'out'
                    and channel is not 'event'
            )
            select b.path, b.line, null, coalesce(a.owner, 'The same person') as who, a.name as name, a.time as time
            from planned a join planned b on a.date = b.date and a.owner is b.owner
            where (a.time, a.path, a.line) < (b.time, b.path, b.line) and (b.time < a.until or b.time = a.time)
            """
        ),
    ),
    Rule(
        "no-next-step",
        "hint",
        "A {stage} without a next step.",
        "Write next: and a day, or plan an entry, or promise something by a day.",
        find=by_query(
            """
            with idle as (
                select file, stage from customers
                where stage in (select value from json_each(:active)) and (next is null or next < :today)
            )
            select path, f.line, f.value, stage
            from idle cross join files using (file)
            left join fields f on f.file = idle.file and f.field = 'stage' and f.position = 0
            where idle.file not in (select file from entries where date >= :today)
                and idle.file not in (select file from tasks where open = 1 and due is not null)
            """
        ),
    ),
    Rule(
        "invoice-twice",
        "warning",
        "The invoice {invoice} stands at another sale, too: {other}.",
        "Give each sale the number of its own invoice.",
        find=by_query(
            """
            select path, line, shown, shown as invoice, other || ':' || first as other
            from (
                select path, line, shown, first_value(path) over same as other, first_value(line) over same as first
                from identities cross join files using (file)
                where (kind, value) in (
                    select kind, value from identities where kind = 'invoice' group by value having count(*) > 1
                )
                window same as (partition by value order by path, line)
            )
            where (path, line) <> (other, first)
            """
        ),
    ),
    Rule(
        "deal-overdue",
        "warning",
        "The decision on {deal} was expected on {expected}.",
        "Ask how it stands, then write a new day, or [won:: day] or [lost:: day].",
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
        "Check its facts, then write verified: and today.",
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
        find=by_query(
            """
            select path, f.line, f.value, c.stage, c.counted as date
            from customers c cross join files using (file)
            left join fields f on f.file = c.file and f.field = 'stage' and f.position = 0
            where c.stage = :lead and c.counted > '' and c.counted < :leads_from
            """
        ),
    ),
    Rule(
        "unknown-dependency",
        "warning",
        "No promise has the id {task}, for which this one waits.",
        "Write 🆔 {task} at the one that comes first, or take the ⛔ away.",
        find=register.unknown_dependencies,
    ),
    Rule(
        "duplicate-task-id",
        "warning",
        "Another open promise has the id {task}: {other}.",
        "Give each promise an id of its own.",
        find=by_query(
            """
            select path, line, id, id as task, other
            from (
                select path, line, id, min(path || ':' || line) over (partition by id) as other
                from tasks cross join files using (file)
                where open = 1 and id <> '' and id in (
                    select id from tasks where open = 1 and id <> '' group by id having count(*) > 1
                )
            )
            where path || ':' || line <> other
            """
        ),
    ),
    Rule(
        "world-readable",
        "hint",
        "Every user of this machine can read the vault.",
        "Take the right away: chmod -R o-rwx on its folder.",
        find=register.world_readable,
    ),
    Rule(
        "public-remote",
        "hint",
        "A git remote is reached by {scheme}://, where anyone can read along.",
        "Give the remote an address that begins with https:// or ssh://.",
        find=register.public_remotes,
    ),
    Rule(
        "unknown-code",
        "warning",
        "There is no check {code}, so nothing is silenced.{hint}",
        "plaincrm explain --all lists all codes.",
    ),
    Rule(
        "ignore-without-reason",
        "hint",
        "{code} is silenced without a reason.",
        "Say why, behind the code and a colon.",
    ),
    Rule(
        "unused-ignore",
        "hint",
        "{code} is silenced here and does not occur.",
        "Delete the comment.",
    ),
)
