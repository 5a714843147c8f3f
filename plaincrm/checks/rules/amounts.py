"""Rules: what can be wrong with dates, lengths of time, numbers and amounts of money."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "bad-date",
        "error",
        "{field}: {value} is no date.{hint}",
        "Write dates as YYYY-MM-DD.",
        why="The day is not known, so the agenda does not remind you of it.",
        bad="next: 1.12.2026",
        good="next: 2026-12-01",
        fixable=True,
    ),
    Rule(
        "date-with-zone",
        "warning",
        "{field}: a time zone stands behind the date; the day counts as written, {day}.",
        "Write the day alone: YYYY-MM-DD.",
        why="In another zone the same moment may be the day before, and another program may count that one.",
        bad="since: 2024-03-12T23:30:00-05:00",
        good="since: 2024-03-12",
    ),
    Rule(
        "time-in-date",
        "hint",
        "{field}: a time stands behind the date and is not used; the day {day} counts.",
        "Write the day alone; an appointment stands with its time in the log: - 2026-12-01 10:00 visit",
        why="You believe that the agenda knows the hour, and it does not.",
        bad="next: 2026-12-01T10:00",
        good="""
            next: 2026-12-01

            - 2026-12-01 10:00 visit, Pekka: the spring terrace
            """,
    ),
    Rule(
        "unlikely-date",
        "warning",
        "{field}: {value} is no likely date.",
        "Mend the year.",
        why="A slip in the year makes a customer of yesterday one of centuries, or a reminder that never comes.",
        bad="since: 0204-03-12",
        good="since: 2024-03-12",
    ),
    Rule(
        "lost-before-since",
        "warning",
        "The customer was lost on {lost}, before the first contact on {since}.",
        "Mend one of the two dates.",
        why="How long customers stay is reckoned from these two days.",
        bad="""
            since: 2024-03-12
            lost_on: 2023-09-01
            """,
        good="""
            since: 2022-03-12
            lost_on: 2023-09-01
            """,
    ),
    Rule(
        "bad-number",
        "error",
        "{field}: {value} is no number.",
        "Write digits, with a point for decimals.",
        why="The value is not read, so no total and no query has it.",
        bad="size: eleven",
        good="size: 11",
    ),
    Rule(
        "out-of-range",
        "error",
        "{field}: {value} is not between {low} and {high}.",
        "Give a number within the range.",
        why="The value is not read: a nine on a scale to five would spoil every mean.",
        bad="reference: 9",
        good="reference: 5",
    ),
    Rule(
        "bad-amount",
        "error",
        "{field}: {value} is not counted. {problem}",
        "Write it like 3200.50 EUR or 3 200,50 €; a refund is -300 EUR.",
        why="The sale is missing from what the customer brought you.",
        bad="- 2026-09-30 visit: painting done [sale:: about 3000]",
        good="- 2026-09-30 visit: painting done [sale:: 3200 EUR]",
    ),
    Rule(
        "ambiguous-amount",
        "error",
        "{field}: {value} can be read two ways, so it is not counted.",
        "Write thousands with a space and decimals in full: 3 200 or 3.20.",
        why="Three euros or three thousand: a guess would spoil every sum it goes into.",
        bad="- 2026-09-30 visit: painting done [sale:: 3.200 EUR]",
        good="- 2026-09-30 visit: painting done [sale:: 3 200 EUR]",
    ),
    Rule(
        "mixed-currencies",
        "error",
        "The cost or margin is in another currency than the sale, so it is not counted.",
        "Write all amounts of a sale in one currency.",
        why="Kronor cannot be taken off euros, so the margin of the sale is not known.",
        bad="- 2026-09-30 visit: painting done [sale:: 3200 EUR] [cost:: 23000 SEK]",
        good="- 2026-09-30 visit: painting done [sale:: 3200 EUR] [cost:: 2024 EUR]",
    ),
    Rule(
        "sale-without-currency",
        "hint",
        "{field}: no currency is written, and the settings name none; {currency} is assumed.",
        'Say which money you mean, once for all: currency = "{currency}" under [vault] in plaincrm.toml.',
        why="The sums are right only as long as every amount is in that currency.",
        bad="- 2026-09-30 visit: painting done [sale:: 3200]",
        good="- 2026-09-30 visit: painting done [sale:: 3200 EUR]",
    ),
    Rule(
        "bad-cadence",
        "error",
        "{field}: {value} is no rhythm.",
        "Write 14d, 6w, 3m, 1y or never.",
        why="The rhythm of the tier is used, so the agenda comes too often or too late.",
        bad="cadence: now and then",
        good="cadence: 6w",
        fixable=True,
    ),
    Rule(
        "bad-period",
        "error",
        "{field}: {value} is no length of time.",
        "Write 14d, 6w, 3m or 1y.",
        why="The value is not read, so no query compares it.",
        bad="""
            === plaincrm.toml
            [fields]
            warranty = "period"
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            warranty: long
            ---
            """,
        good="""
            === plaincrm.toml
            [fields]
            warranty = "period"
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            warranty: 2y
            ---
            """,
        fixable=True,
    ),
    Rule(
        "bad-response-time",
        "error",
        "{field}: {value} is no response time.",
        "Write 4h, 2 days or 1 working day.",
        why="The time of the tier is used, so the agenda tells you too late who is waiting.",
        bad="respond_within: soon",
        good="respond_within: 4h",
    ),
)
