"""Rules: what stands twice and should stand once: customers, addresses, ids, invoices."""

from __future__ import annotations

from plaincrm.checks import twins
from plaincrm.checks.rule import Rule, by_query

RULES = (
    Rule(
        "duplicate-id",
        "error",
        "{other} has the same file name, which is the customer's id.{hint}",
        "Rename one of the two files.",
        why="Links, commands and answers know a customer by the file name, so one of the two cannot be asked for.",
        bad="""
            === customers/companies/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            === customers/leads/kahvila-aurinko.md
            ---
            name: Kesäkahvila Saaristo
            ---
            """,
        good="""
            === customers/companies/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            === customers/leads/kahvila-saaristo.md
            ---
            name: Kesäkahvila Saaristo
            ---
            """,
        find=twins.duplicate_ids,
    ),
    Rule(
        "same-business-id",
        "warning",
        "{other} has the same {field}.",
        "If they are one company, merge them; if one is a part of the other, say so with parent; else look both up.",
        why="One company in two notes has half of its history in each, and gets two letters.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            business_id: 2779126-0
            ---
            === customers/solcafe.md
            ---
            name: Solcafé Åbo
            business_id: 2779126-0
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            aliases: [Solcafé Åbo]
            business_id: 2779126-0
            ---
            """,
        find=twins.same_ids,
    ),
    Rule(
        "same-email",
        "warning",
        "{other} has the same e-mail address.",
        "If they are one customer, merge them; if they share it, link one in the other by company, parent, partner_of"
        " or not_same.",
        why="One customer in two notes has half of the history in each; or one of the two addresses is wrong.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            email: pekka@aurinko.example
            ---
            === customers/laine-pekka.md
            ---
            name: Pekka Laine
            email: pekka@aurinko.example
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            email: pekka@aurinko.example
            ---
            === customers/laine-pekka.md
            ---
            name: Pekka Laine
            company: "[[kahvila-aurinko]]"
            email: pekka@aurinko.example
            ---
            """,
        find=twins.same_emails,
    ),
    Rule(
        "same-phone",
        "warning",
        "{other} has the same phone number.",
        "If they are one customer, merge them; if they share it, link one in the other by company, parent, partner_of"
        " or not_same.",
        why="One customer in two notes has half of the history in each; or one of the two numbers is wrong.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            phone: "+358 40 555 0101"
            ---
            === customers/laine-pekka.md
            ---
            name: Pekka Laine
            phone: "+358405550101"
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            phone: "+358 40 555 0101"
            ---
            === customers/laine-pekka.md
            ---
            name: Pekka Laine
            company: "[[kahvila-aurinko]]"
            phone: "+358405550101"
            ---
            """,
        find=twins.same_phones,
    ),
    Rule(
        "near-name",
        "hint",
        "{other} is called nearly the same.",
        "If they are one customer, merge them; two are told apart by business_id, email, phone, or not_same.",
        why="One customer in two notes has half of the history in each, and gets two letters.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            === customers/aurinkoo.md
            ---
            name: Kahvila Aurinkoo
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
        find=twins.near_names,
    ),
    Rule(
        "invoice-twice",
        "warning",
        "The invoice {invoice} stands at another sale, too: {other}.",
        "Give each sale the number of its own invoice; of one paid in parts, say which part: {invoice} (2/3).",
        why="One of the two is a slip, or one sale is counted twice.",
        bad="""
            === customers/apteekki-linna.md
            ---
            name: Apteekki Linna
            ---
            - 2026-09-15 visit: counter painted [sale:: 900 EUR] [invoice:: 2026-117]
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            - 2026-09-30 visit: wall painted [sale:: 3200 EUR] [invoice:: 2026-117]
            """,
        good="""
            === customers/apteekki-linna.md
            ---
            name: Apteekki Linna
            ---
            - 2026-09-15 visit: counter painted [sale:: 900 EUR] [invoice:: 2026-116]
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            - 2026-09-30 visit: wall painted [sale:: 3200 EUR] [invoice:: 2026-117]
            """,
        find=by_query(
            """
            with billed as (
                select path, s.line, invoice, path || ':' || s.line as place,
                    first_value(path) over same as its_path, first_value(path || ':' || s.line) over same as first,
                    first_value(path || ':' || s.line) over (
                        partition by invoice, s.file, revenue,
                            case when summary glob '*[1-9]/[1-9]*' then s.line end -- a part, as 2/3
                        order by s.date, s.line
                    ) as equal
                from repeats cross join identities i using (kind, value)
                cross join sales s on s.file = i.file and s.line = i.line and s.invoice = i.value
                cross join files f on f.file = s.file
                cross join entries e on e.file = s.file and e.line = s.line
                where kind = 'invoice' and revenue >= 0
                window same as (partition by invoice order by s.date, path, s.line)
            )
            select path, line, invoice, invoice, case when path <> its_path then first else equal end as other
            from billed where path <> its_path or equal <> place
            """
        ),
    ),
    Rule(
        "duplicate-task-id",
        "warning",
        "Another open promise has the id {task}: {other}.",
        "Give each promise an id of its own.",
        why="A promise that waits for this id may be held back by the wrong one.",
        bad="""
            - [ ] Measure the terrace 🆔 measure
            - [ ] Measure the awning 🆔 measure
            """,
        good="""
            - [ ] Measure the terrace 🆔 terrace
            - [ ] Measure the awning 🆔 awning
            """,
        find=by_query(
            """
            select path, line, id, id as task, other
            from (
                select path, line, id,
                    first_value(path || ':' || line) over (partition by id order by path, line) as other
                from tasks cross join files using (file)
                where open = 1 and id <> '' and id in (
                    select id from tasks where open = 1 and id <> '' group by id having count(*) > 1
                )
            )
            where path || ':' || line <> other
            """
        ),
    ),
)
