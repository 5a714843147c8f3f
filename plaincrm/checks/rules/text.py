"""Rules: what can be wrong with the text of a note."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "bad-entry-date",
        "error",
        "This looks like a log entry, but there is no such date.",
        "Write a day of the calendar as YYYY-MM-DD.",
        why="The line is no entry: what was said and sold on that day is not counted.",
        bad="""
            ## Log
            - 2026-02-30 call in, Pekka: wants a quote
            """,
        good="""
            ## Log
            - 2026-02-28 call in, Pekka: wants a quote
            """,
        fixable=True,
    ),
    Rule(
        "bad-time",
        "error",
        "{value} is no time of day.",
        "Write the hour and the minutes between 00:00 and 23:59, without seconds and without a time zone.",
        why="The entry counts without its hour, and the words behind it are not read: neither channel nor direction.",
        bad="""
            ## Log
            - 2026-11-24 25:00 visit, Pekka: measure the terrace
            """,
        good="""
            ## Log
            - 2026-11-24 15:00 visit, Pekka: measure the terrace
            """,
    ),
    Rule(
        "misspelt-channel",
        "hint",
        "{value} is no channel, so this is read as plain words.",
        "If you mean {near}, write it so.",
        why="The entry counts as no contact: neither how it came about nor who called whom is known to any report.",
        bad="- 2026-11-20 cal in, Pekka: wants a quote",
        good="- 2026-11-20 call in, Pekka: wants a quote",
    ),
    Rule(
        "incomplete-date",
        "warning",
        "{value} says too little for a date, so this line is no log entry.{hint}",
        "Write dates as YYYY-MM-DD.",
        why="The line is no entry: what was said and sold on that day is not counted, or not on that day.",
        bad="""
            ## Log
            - 20.11. call in, Pekka: wants a quote
            """,
        good="""
            ## Log
            - 2026-11-20 call in, Pekka: wants a quote
            """,
    ),
    Rule(
        "not-an-entry",
        "warning",
        "This looks like a log entry and is none: {problem}.",
        "Begin the line with a dash and a blank, then YYYY-MM-DD.",
        why="What was said and sold on that day is not counted, or not on that day.",
        bad="""
            ## Log
            - 2026/11/20 call in, Pekka: wants a quote
            """,
        good="""
            ## Log
            - 2026-11-20 call in, Pekka: wants a quote
            """,
    ),
    Rule(
        "ends-before-start",
        "warning",
        "It ends at {last}, not after it starts at {first}.",
        "Mend one of the two times.",
        why="Nobody can tell how long the appointment takes, and no clash with another one is seen.",
        bad="- 2026-11-24 10:00-09:30 visit, Pekka: measure the terrace",
        good="- 2026-11-24 10:00-11:30 visit, Pekka: measure the terrace",
    ),
    Rule(
        "second-log",
        "warning",
        "A second log begins here; the first one is on line {line}.",
        "Move its entries into the first one.",
        why="Both are read, but whoever opens the note sees one and believes it is all there is.",
        bad="""
            ## Log
            - 2026-11-20 call in, Pekka: wants a quote

            ## Log
            - 2026-09-30 visit: painting done
            """,
        good="""
            ## Log
            - 2026-11-20 call in, Pekka: wants a quote
            - 2026-09-30 visit: painting done
            """,
    ),
    Rule(
        "field-outside-entry",
        "warning",
        "This {field} stands in no dated entry, so it is not counted.",
        "Put it into the log entry it belongs to.",
        why="Without a day no report knows where to count it, so the customer looks worth less than they are.",
        bad="Painting of the back wall, [sale:: 3200 EUR]",
        good="- 2026-09-30 visit: painting of the back wall [sale:: 3200 EUR]",
    ),
    Rule(
        "refund-without-reason",
        "warning",
        "Money went back, and no reason is given.",
        "Add [reason:: …], so that one can learn from it.",
        why="In a year nobody knows what went wrong, and it goes wrong again.",
        bad="- 2026-10-15 call in: 300 off [sale:: -300 EUR]",
        good="- 2026-10-15 call in: 300 off [sale:: -300 EUR] [reason:: a stain]",
    ),
    Rule(
        "done-before-created",
        "warning",
        "Done on {last}, before it was promised on {first}.",
        "Mend one of the two dates.",
        why="One of the days is a slip, so how long promises take you is reckoned wrong.",
        bad="- [x] Send the terrace quote ➕ 2026-11-20 ✅ 2026-10-21",
        good="- [x] Send the terrace quote ➕ 2026-11-20 ✅ 2026-11-21",
    ),
    Rule(
        "due-before-start",
        "warning",
        "Due on {last}, and out of sight until {first}.",
        "Mend one of the two dates.",
        why="A promise that may not be begun before it is due shows up when it is too late.",
        bad="- [ ] Send the terrace quote 🛫 2026-12-25 📅 2026-11-25",
        good="- [ ] Send the terrace quote 🛫 2026-11-23 📅 2026-11-25",
    ),
    Rule(
        "unread-task-date",
        "warning",
        "{field}: {value} is not read: it does not stand by itself at the end of the line.",
        "Put it there, with a plain blank between the sign and the day.",
        why="The promise has no day: neither the Tasks plugin nor the agenda reminds you of it.",
        bad="- [ ] Send the terrace quote 📅 2026-11-25 in the afternoon",
        good="- [ ] Send the terrace quote in the afternoon 📅 2026-11-25",
    ),
    Rule(
        "bad-recurrence",
        "warning",
        "{value} is no recurrence that the Tasks plugin understands in full, so the promise does not come again.",
        "Write it like every week on Friday, every month on the 15th, every January on the last.",
        why="The promise is ticked, no next one is written, and next year nobody remembers it.",
        bad="- [ ] Oil the terrace furniture 🔁 every two years 📅 2027-05-15",
        good="- [ ] Oil the terrace furniture 🔁 every 2 years 📅 2027-05-15",
    ),
    Rule(
        "contact-against-ban",
        "warning",
        "We were in touch by {channel}, which the customer has forbidden.",
        "Say sorry; if it is allowed again, take {channel} out of {deny} and log [allow:: {channel}].",
        why="The customer asked you not to, and in marketing the law forbids it, too.",
        bad="""
            deny: [call]

            - 2026-11-20 call out, Pekka: asked about the terrace
            """,
        good="""
            deny: [call]

            - 2026-11-20 email out, Pekka: asked about the terrace
            """,
    ),
    Rule(
        "other-channel-than-agreed",
        "warning",
        "For this day {agreed} was agreed, and this is by {channel}.",
        "Do it by {agreed}, or mend {next_channel} if something else was agreed.",
        why="The customer waits where you agreed, and you are somewhere else.",
        bad="""
            next: 2026-12-01
            next_channel: visit

            - 2026-12-01 10:00 call, Pekka: the spring terrace
            """,
        good="""
            next: 2026-12-01
            next_channel: visit

            - 2026-12-01 10:00 visit, Pekka: the spring terrace
            """,
    ),
    Rule(
        "contact-in-quiet-time",
        "warning",
        "A message of ours, though the customer is to be left alone until {until}.",
        "Wait until then; if that has changed, take {quiet_until} out.",
        why="Somebody asked for peace, or you promised it; each message says that you forgot.",
        bad="""
            quiet_until: 2027-01-07

            - 2026-11-20 email out, Pekka: the new colour cards
            - 2026-11-12 call in, Pekka: please not before Epiphany
            """,
        good="""
            quiet_until: 2027-01-07

            - 2026-11-12 call in, Pekka: please not before Epiphany
            """,
    ),
    Rule(
        "contact-earlier-than-agreed",
        "warning",
        "A contact of ours, though on {agreed} not before {until} was agreed (line {line}).",
        "Wait until then; where something else was agreed since, log that talk too.",
        why="Who asked for a word in a month and gets one tomorrow has not been listened to.",
        bad="""
            - 2026-11-24 call out: whether they have decided
            - 2026-11-20 call in, Pekka: not before Epiphany [quiet_until:: 2027-01-07]
            """,
        good="""
            - 2027-01-08 call out: whether they have decided
            - 2026-11-20 call in, Pekka: not before Epiphany [quiet_until:: 2027-01-07]
            """,
    ),
    Rule(
        "too-many-unanswered",
        "warning",
        "This is the contact number {count} of ours in a row without an answer.",
        "Let it rest, or try another person or channel.",
        why="One more of the same wears the customer out; [check] unanswered says how many are too many.",
        bad="""
            - 2026-11-19 email out, Pekka: did you get the quote?
            - 2026-11-12 email out, Pekka: a word on the quote
            - 2026-11-05 email out, Pekka: the quote
            """,
        good="""
            - 2026-11-19 call in, Pekka: thanks for the quote
            - 2026-11-12 email out, Pekka: a word on the quote
            - 2026-11-05 email out, Pekka: the quote
            """,
    ),
    Rule(
        "personal-identity-code",
        "error",
        "Here stands a personal identity code.",
        "Delete it from the note, and from the history if the vault is under git.",
        why="With a code and a name one can take out loans, and the law lets a register hold it for few reasons only.",
        bad="- 2026-11-20 call in, Pekka: for the contract 131052-960U",
        good="- 2026-11-20 call in, Pekka: gave his data for the contract",
    ),
    Rule(
        "unknown-inline-field",
        "warning",
        "{written} is not read as a field, so nothing counts it.",
        "If you mean a field, write it as {near}.",
        why="It is read as plain words, so the sale is missing from every sum, or the promise has no day.",
        bad="- 2026-09-30 visit: painting done [sael:: 3200 EUR]",
        good="- 2026-09-30 visit: painting done [sale:: 3200 EUR]",
    ),
    Rule(
        "unclosed-field",
        "warning",
        "An inline field begins here and is never closed.",
        "Put the closing bracket behind its value.",
        why="It is read as plain words, so the sale is not counted.",
        bad="- 2026-09-30 visit: painting done [sale:: 3200 EUR",
        good="- 2026-09-30 visit: painting done [sale:: 3200 EUR]",
    ),
    Rule(
        "unclosed-fence",
        "warning",
        "A block of code begins here and is never closed; the text is read as if it did not.",
        "Close it, or take the marks away.",
        why="Obsidian shows the rest of the note as code, and a line added at the end is lost in it.",
        bad="""
            ```
            - 2026-11-20 call in, Pekka: wants a quote
            """,
        good="- 2026-11-20 call in, Pekka: wants a quote",
    ),
    Rule(
        "unclosed-comment",
        "warning",
        "A comment begins here and is never closed; the text is read as if it did not.",
        "Close it, or take the marks away.",
        why="Obsidian hides the rest of the note, and you believe that it is gone.",
        bad="""
            %% ask Sanna first
            - 2026-11-20 call in, Pekka: wants a quote
            """,
        good="""
            %% ask Sanna first %%
            - 2026-11-20 call in, Pekka: wants a quote
            """,
    ),
)
