"""The settings table: one row a setting of plaincrm.toml, with its type, default and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from plaincrm.records.stages import STAGES, TIERS


class Setting(NamedTuple):
    """One setting: its table and key in the file, the kind of value, the default, what it is for.

    `kind` is text, texts (a list of them), switch, number, count, duration, cadence, currency, country, channel, field,
    zone, hours, days, response, cause, rule, limits, links, amount, coverage or command; a key of `*` stands for names
    that the user chooses, `*.key` for a table under such a name.
    """

    table: str
    key: str
    kind: str
    default: Any
    help: str
    example: str = ""  # as it may stand in the file, where there is no default or the name is the user's


SETTINGS = (
    Setting("vault", "name", "text", "", "What the vault is called."),
    Setting("vault", "records", "texts", ("customers/**/*.md",), "Globs of the notes that are customers."),
    Setting("vault", "ignore", "texts", (), "Globs of notes that are none, though a glob above matches them."),
    Setting("vault", "templates", "texts", (), "Notes that new customers begin as; empty: a built-in one."),
    Setting("vault", "owners", "texts", (), "Who works here; empty: any owner is taken."),
    Setting("vault", "currency", "currency", "EUR", "Currency of amounts that name none (ISO 4217)."),
    Setting(
        "vault",
        "country",
        "country",
        "",
        "Country of phone numbers without a prefix, and of public holidays (ISO 3166), as FI.",
        'country = "FI"',
    ),
    Setting(
        "vault",
        "subdivision",
        "text",
        "",
        "Part of the country, where public holidays differ (ISO 3166-2), as BY for Bavaria.",
    ),
    Setting(
        "vault",
        "timezone",
        "zone",
        "",
        "Time zone of all clock times (IANA), as Europe/Helsinki; empty: one without summer time.",
        'timezone = "Europe/Helsinki"',
    ),
    Setting("stages", "order", "texts", STAGES, "The stages, from first to last."),
    Setting("stages", "active", "texts", (), "Stages that need a next step; empty: all but the first and last."),
    Setting("stages", "closed", "texts", (), "Stages that are off the agenda; empty: the last one."),
    Setting("tiers", "order", "texts", TIERS, "The tiers, from least to most."),
    Setting(
        "tiers",
        "rules.*",
        "rule",
        None,
        "What the sales of a period come to where a tier is proposed; no rules at all: ABC classes.",
        'rules.key = "revenue>=10000"',
    ),
    Setting(
        "channels",
        "*",
        "channel",
        None,
        'A word of your own: "contact", "record" (no contact), or the channel it means.',
        'radio = "contact"',
    ),
    Setting(
        "cadence",
        "default",
        "cadence",
        None,
        "How often to be in touch, where nothing below says so.",
        'default = "6m"',
    ),
    Setting("cadence", "tier.*", "cadence", None, "The rhythm of a tier.", 'tier.key = "6w"'),
    Setting(
        "cadence",
        "stage.*",
        "cadence",
        None,
        "The rhythm of a stage; a tier's goes before it.",
        'stage.prospect = "3w"',
    ),
    Setting("agenda", "days", "count", 7, "How many days ahead the agenda looks."),
    Setting("agenda", "gap", "duration", "3d", "For so long after our own contact softer reminders wait."),
    Setting("agenda", "forgotten", "count", 2, "Silence of so many rhythms is called forgotten."),
    Setting(
        "hours",
        "*",
        "hours",
        None,
        "Working hours of weekdays (mon-fri), of a date, or of a day of every year (12-24); none: mon-fri 9-17.",
        'mon-fri = "9-17"',
    ),
    Setting("hours", "closed", "days", (), "Days without working hours, besides public holidays."),
    Setting("response", "default", "response", "1 working day", "How soon to answer, where nothing below says so."),
    Setting(
        "response",
        "tier.*",
        "response",
        None,
        "How soon to answer a tier; a customer's respond_within goes first.",
        'tier.key = "4h"',
    ),
    Setting(
        "agenda",
        "weights.*",
        "count",
        None,
        "Points of the urgency: of a kind or of another part.",
        "weights.promise = 50",
    ),
    Setting("season", "window", "duration", "2w", "How far apart days of two years may lie and be the same weeks."),
    Setting("season", "ahead", "duration", "4w", "So long before the day a season is on the agenda."),
    Setting("anniversaries", "years", "count", 5, "Each so many years as a customer are on the agenda; 0: none."),
    Setting("anniversaries", "tiers", "texts", (), "Whose years as a customer count; empty: all tiers but the first."),
    Setting("permissions", "valid", "cadence", "24m", 'How long a consent to marketing holds, or "never": no end.'),
    Setting("permissions", "ahead", "duration", "4w", "So long before its end a consent is on the agenda."),
    Setting("growth", "active", "duration", "12m", "Who bought within so long is active."),
    Setting("growth", "lost", "duration", "24m", "Who has not bought for so long is lost, not cooling any more."),
    Setting(
        "playbooks",
        "*.on",
        "cause",
        None,
        "What begins it: a sale, a delivery, a complaint, a stage, a year.",
        'how-it-works.on = "delivery"',
    ),
    Setting(
        "playbooks",
        "*.after",
        "duration",
        None,
        "How long after that the step is due; empty: on the same day.",
        'how-it-works.after = "2w"',
    ),
    Setting("playbooks", "*.do", "text", None, "What to do.", 'how-it-works.do = "Ask how it works"'),
    Setting(
        "playbooks",
        "*.tier",
        "texts",
        (),
        "For customers of these tiers only; empty: all.",
        'how-it-works.tier = ["regular", "key"]',
    ),
    Setting(
        "playbooks",
        "*.query",
        "text",
        "",
        "For customers that this query names only; empty: all.",
        'how-it-works.query = "type:company"',
    ),
    Setting(
        "playbooks",
        "*.channel",
        "text",
        None,
        "How to do it, where the customer prefers nothing.",
        'how-it-works.channel = "call"',
    ),
    Setting(
        "playbooks",
        "*.material",
        "text",
        "",
        "The note of the vault that is sent.",
        'how-it-works.material = "materials/how-to-use-it"',
    ),
    Setting("value", "classes", "limits", (80, 95), "Where ABC classes end: per cent of the revenue, added up."),
    Setting(
        "serving", "hour", "number", None, "What an hour of serving customers costs; empty: not reckoned.", "hour = 45"
    ),
    Setting(
        "serving",
        "contact.*",
        "number",
        None,
        "What a contact by a channel costs whose hours are not written.",
        "contact.visit = 40",
    ),
    Setting(
        "targets",
        "customers",
        "amount",
        None,
        "How many customers there should be who bought in the last 12 months.",
        "customers = 30",
    ),
    Setting(
        "targets", "stage.*", "amount", None, "How many customers there should be at a stage.", "stage.prospect = 5"
    ),
    Setting(
        "targets",
        "year.*",
        "amount",
        None,
        "What a calendar year should bring: revenue, margin, purchases, new (customers) or leads.",
        "year.revenue = 100000",
    ),
    Setting("targets", "quarter.*", "amount", None, "The same for each quarter.", "quarter.leads = 6"),
    Setting("targets", "month.*", "amount", None, "The same for each month.", "month.purchases = 4"),
    Setting(
        "targets",
        "field.*",
        "coverage",
        None,
        "How many per cent of the active customers should have a field, or {share, of}: of those a query names.",
        "field.needs = 90",
    ),
    Setting("report", "links", "links", "file", 'Where names on pages lead: "file", "obsidian" or "none".'),
    Setting("experience", "min_n", "count", 5, "A score of fewer answers is not told."),
    Setting("experience", "measure_every", "duration", "6m", "Channels and steps not measured for so long are named."),
    Setting(
        "quality",
        "*",
        "count",
        None,
        "Weight of a field in the score; those named replace all that count by default.",
        "email = 3",
    ),
    Setting(
        "check",
        "verify_after",
        "duration",
        None,
        "Records not verified for so long are named; empty: none.",
        'verify_after = "3y"',
    ),
    Setting(
        "check",
        "keep_leads",
        "duration",
        None,
        "Leads without contact for so long are kept too long; empty: none.",
        'keep_leads = "2y"',
    ),
    Setting("check", "unanswered", "count", 3, "So many contacts of ours without an answer are too many."),
    Setting("check", "far_future", "duration", "2y", "An entry further ahead is taken for a slip."),
    Setting(
        "check",
        "severity.*",
        "severity",
        None,
        'Severity of a check by its code: "error", "warning", "hint", "off".',
        'severity.no-next-step = "off"',
    ),
    Setting(
        "check",
        "paths.*",
        "severities",
        None,
        "The same for the files of a glob: a table of codes.",
        'paths."customers/old/**" = { near-name = "off" }',
    ),
    Setting(
        "notes",
        "*",
        "command",
        None,
        "A note that plaincrm keeps fresh, and the command that it answers; {owner} makes one for each of us.",
        '"Agenda.md" = "agenda --days 14"',
    ),
    Setting("notes", "parts", "texts", (), "Globs of notes of your own in which parts between markers are kept fresh."),
    Setting(
        "mail",
        "own",
        "texts",
        (),
        "Addresses and domains of ours, as liisa@acme.example and @acme.example: who wrote to whom.",
    ),
    Setting("mail", "text", "count", 600, "Letters of a mail's text that its entry keeps; 0: none."),
    Setting("git", "commit", "switch", False, "Whether each command that writes makes a commit."),
    Setting("git", "machine", "texts", (), "Authors and messages of commits that no person made, as *[bot]*."),
    Setting(
        "fields",
        "*",
        "field",
        None,
        "A field of your own: its type, or {type, label, help, choices, aliases}.",
        'colour_code = "text"',
    ),
    Setting(
        "segments",
        "*",
        "text",
        None,
        "A named query, used as @name.",
        'quiet-keys = "tier:key last_contact<2026-01-01"',
    ),
    Setting("rates", "*", "number", None, "What one unit of another currency is worth in the vault's.", "SEK = 0.088"),
)

BY_PLACE: Mapping[tuple[str, str], Setting] = {(row.table, row.key): row for row in SETTINGS}
FIELD_TYPES = (
    *("text", "number", "money", "date", "period", "choice", "link", "list", "yes/no"),
    *("email", "phone", "url", "country", "business id"),
)
