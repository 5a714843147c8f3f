"""Rules: what can be wrong with the text of a note."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "bad-entry-date",
        "error",
        "This looks like a log entry, and its date is none.",
        "Write dates as YYYY-MM-DD.",
    ),
    Rule(
        "incomplete-date",
        "warning",
        "{value} says too little for a date, so this line is no log entry.{hint}",
        "Write dates as YYYY-MM-DD.",
    ),
    Rule(
        "ends-before-start",
        "warning",
        "It ends at {end}, not after it starts at {start}.",
        "Mend one of the two times.",
    ),
    Rule(
        "second-log",
        "warning",
        "A second log begins here; the first one is on line {line}.",
        "Move its entries into the first one.",
    ),
    Rule(
        "field-outside-entry",
        "warning",
        "This {field} stands in no dated entry, so it is not counted.",
        "Put it into the log entry it belongs to.",
    ),
    Rule(
        "refund-without-reason",
        "warning",
        "Money went back, and no reason is given.",
        "Add [reason:: …], so that one can learn from it.",
    ),
    Rule(
        "done-before-created",
        "warning",
        "Done on {last}, before it was promised on {first}.",
        "Mend one of the two dates.",
    ),
    Rule(
        "due-before-start",
        "warning",
        "Due on {last}, and out of sight until {first}.",
        "Mend one of the two dates.",
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
        "Say sorry; if it is allowed again, log [allow:: {channel}].",
    ),
    Rule(
        "other-channel-than-agreed",
        "warning",
        "For this day {agreed} was agreed, and this is by {channel}.",
        "Do it by {agreed}, or mend next_channel if something else was agreed.",
    ),
    Rule(
        "contact-in-quiet-time",
        "warning",
        "A message of ours, though the customer is to be left alone until {until}.",
        "Wait until then; if that has changed, take quiet_until out.",
    ),
    Rule(
        "too-many-unanswered",
        "warning",
        "The contact number {count} of ours in a row without an answer.",
        "Let it rest, or try another person or channel.",
    ),
    Rule(
        "personal-identity-code",
        "error",
        "Here stands a personal identity code.",
        "Delete it: a register of customers has no use for it. See also that it is not in the history.",
    ),
    Rule(
        "unclosed-field",
        "warning",
        "An inline field begins here and is never closed.",
        "Put the closing bracket behind its value.",
    ),
    Rule(
        "unclosed-fence",
        "warning",
        "A block of code begins here and is never closed; the text is read as if it did not.",
        "Close it, or take the marks away.",
    ),
    Rule(
        "unclosed-comment",
        "warning",
        "A comment begins here and is never closed; the text is read as if it did not.",
        "Close it, or take the marks away.",
    ),
)
