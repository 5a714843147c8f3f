"""The table of faults: code, severity, what is wrong, what to do. It is ordered from the file to the value."""

# ruff: noqa: E501
# One row a fault, so that the table can be read down and across; that is worth its long lines.

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Rule(NamedTuple):
    """One kind of fault, named after the pattern it finds. Braces in the sentences name facts of the fault."""

    code: str
    severity: Severity
    message: str
    help: str


# fmt: off
RULES = (
    # The file
    Rule("unreadable-file", "error", "The file cannot be read: {reason}.", "See to its rights, then check again."),
    Rule("not-a-file", "warning", "This is named like a note and is no plain file.", "Rename it or move it away."),
    Rule("too-large", "error", "The file is too large for a note ({size} bytes).", "Notes are read up to {limit} bytes: split it."),
    Rule("conflict-copy", "warning", "This is a copy that a sync program made of a conflict.", "Take over what it has more than the original, then delete it."),
    Rule("dangling-link", "warning", "This file is a link that leads nowhere.", "Mend the link or delete it."),
    Rule("link-out-of-vault", "warning", "This link leads out of the vault and is not followed.", "Copy the note into the vault."),
    Rule("linked-folder", "warning", "This folder is a link and is not followed.", "Move its notes into the vault, or name the folder in [vault] records."),
    Rule("odd-file-name", "warning", "The file name holds a character that cannot be seen.", "Rename the file."),
    Rule("duplicate-id", "error", "{other} has the same file name, which is the customer's id.", "Rename one of the two files."),
    # Its characters
    Rule("wrong-encoding", "error", "The file is written in {encoding}, not in UTF-8.", "Save it as UTF-8."),
    Rule("not-text", "error", "The file is {what}.", "Move it away, or put the note's text back."),
    Rule("only-nul-bytes", "error", "The file holds nothing but NUL bytes: it was damaged by a crash.", "Take it back from git or a backup."),
    Rule("unresolved-merge", "error", "Here stand both sides of a merge that nobody has finished.", "Keep what is right and delete the lines of markers."),
    Rule("not-utf8", "error", "A byte here is no UTF-8 ({character}).", "Save the file as UTF-8."),
    Rule("not-utf8-in-text", "warning", "A byte here is no UTF-8 ({character}).", "Save the file as UTF-8."),
    Rule("nul-byte", "error", "A NUL byte stands in the front matter.", "Delete it."),
    Rule("nul-byte-in-text", "warning", "A NUL byte stands in the text.", "Delete it."),
    Rule("control-character", "error", "A control character ({character}) stands in the front matter.", "Delete it."),
    Rule("odd-line-separator", "warning", "{character} is no line end for plaincrm, though it may look like one.", "Make it a real line end, or a space."),
    Rule("stray-byte-order-mark", "warning", "A byte order mark stands inside the file.", "Delete it; it shows in no editor, so type the line anew."),
    Rule("mixed-line-ends", "warning", "Lines end in different ways in this file.", "Set one kind of line end in your editor and save."),
    # The front matter
    Rule("empty-note", "warning", "The note is empty.", "Write its front matter, or delete the file."),
    Rule("no-front-matter", "warning", "The note has no front matter.", "Begin it with a line of three dashes, fields, and three dashes again."),
    Rule("front-matter-fence", "warning", "The note begins with {found}, so its front matter is not seen.", "Make the first line three plain dashes: ---"),
    Rule("front-matter-not-closed", "error", "The front matter is never closed.", "Put a line of three dashes behind its last field."),
    Rule("second-front-matter", "warning", "A second front matter stands here and is not read.", "Move its fields into the first one."),
    Rule("front-matter-too-large", "error", "The front matter is larger than {limit}.", "Move long texts below it."),
    Rule("front-matter-too-deep", "error", "The front matter is nested too deeply.", "Keep fields flat: key: value."),
    Rule("front-matter-too-many", "error", "The front matter holds more than 5,000 values.", "Move lists below it."),
    Rule("front-matter-not-fields", "error", "The front matter holds no fields.", "Write one field a line: key: value"),
    Rule("bad-yaml", "error", "This is no valid YAML: {problem}.", "Put the value in double quotes, or mend the line."),
    Rule("yaml-feature", "error", "{what} is not supported.", "Write the value out; text that begins with such a sign needs quotes."),
    Rule("key-not-text", "error", "A list or mapping stands where a field's name should.", "Give the field a name."),
    Rule("duplicate-key", "error", "The field {key} stands here a second time.", "Keep one of the two."),
    Rule("field-twice", "warning", "{key} means {field}, which has a value already; this one is not used.", "Keep one of the two."),
    Rule("unknown-field", "warning", "There is no field {key}.", "Did you mean {near}? A field of your own is named in [fields] of plaincrm.toml."),
    Rule("no-name", "error", "The record has no name; its file name stands in.{hint}", "Add a line: name: …"),
    Rule("unfilled-template", "error", "{field} still holds a template's placeholder.", "Fill it in, or move the note to the templates."),
    # Values
    Rule("wrong-shape", "error", "{field} takes a single text, and here stands something else.", "Write it on one line, in quotes if it holds a colon or brackets."),
    Rule("several-values", "warning", "{field} has one value; the first of these is used.", "Keep one."),
    Rule("unquoted-number", "warning", "{field}: Obsidian takes {value} for a number and will change it.", 'Put it in quotes: "{value}"'),
    Rule("unquoted-link", "warning", "{field}: a link without quotes is a list for YAML.", 'Put it in quotes: "[[{target}]]"'),
    Rule("bad-link", "error", "{field}: {value} is no link.", 'Write "[[file name]]" in quotes.'),
    Rule("bad-date", "error", "{field}: {value} is no date.{hint}", "Write dates as YYYY-MM-DD."),
    Rule("bad-number", "error", "{field}: {value} is no number.", "Write digits, with a point for decimals."),
    Rule("out-of-range", "error", "{field}: {value} is not between {low} and {high}.", "Give a number within the range."),
    Rule("bad-amount", "error", "{field}: {value} is not counted. {problem}", "Write it like 3200.50 EUR or 3 200,50 €."),
    Rule("ambiguous-amount", "error", "{field}: {value} can be read two ways, so it is not counted.", "Write thousands with a space and decimals in full: 3 200 or 3.20."),
    Rule("mixed-currencies", "error", "The cost or margin is in another currency than the sale, so it is not counted.", "Write all amounts of a sale in one currency."),
    Rule("bad-cadence", "error", "{field}: {value} is no rhythm.", "Write 14d, 6w, 3m, 1y or never."),
    Rule("bad-period", "error", "{field}: {value} is no length of time.", "Write 14d, 6w, 3m or 1y."),
    Rule("bad-response-time", "error", "{field}: {value} is no response time.", "Write 4h, 2 days or 1 working day."),
    Rule("bad-tag", "error", "{field}: {value} is no tag: it is empty or has a space in it.", "Join its words with a hyphen."),
    Rule("bad-yes-no", "error", "{field}: {value} is neither yes nor no.", "Write yes or no."),
    Rule("bad-email", "error", "{field}: {value} has no e-mail address that can be right.", "Write it as name@domain."),
    Rule("bad-phone", "error", "{field}: {value} has no phone number that can be right.", 'Write it as "+358 40 123 4567", or set [vault] country.'),
    Rule("bad-url", "error", "{field}: {value} is no web address.", "Write it in full: https://example.com"),
    Rule("bad-country", "error", "{field}: {value} is no country.", "Write its code of two letters, as FI."),
    Rule("bad-language", "error", "{field}: {value} is no language.", "Write its code of two letters, as fi."),
    Rule("bad-business-id", "error", "{field}: the check digit of {value} is wrong.", "Look it up again; it has the form 1234567-8."),
    Rule("bad-vat-id", "error", "{field}: {value} is no valid VAT number.", "Look it up again; it begins with its country's letters."),
    Rule("bad-contact", "error", "{field}: {value} names no contact person.", "Write Name <mail> phone (role)."),
    Rule("unknown-type", "error", "{field}: {value} is no type.{hint}", "Write company or person."),
    Rule("unknown-stage", "error", "{field}: there is no stage {value}.{hint}", "Stages are listed in [stages] of plaincrm.toml."),
    Rule("unknown-tier", "error", "{field}: there is no tier {value}.{hint}", "Tiers are listed in [tiers] of plaincrm.toml."),
    Rule("unknown-owner", "error", "{field}: nobody here is called {value}.{hint}", "Owners are listed in [vault] of plaincrm.toml."),
    Rule("unknown-channel", "error", "{field}: there is no channel {value}.{hint}", "Channels of your own are named in [channels] of plaincrm.toml."),
    Rule("unknown-choice", "error", "{field}: {value} is none of the choices.{hint}", "The choices are listed in [fields] of plaincrm.toml."),
    Rule("unknown-mood", "error", "{field}: {value} is no mood.{hint}", "Write +, 0 or -."),
    Rule("unknown-step", "error", "{field}: {value} is no step of the journey.{hint}", "Use one of the steps."),
    # The text
    Rule("bad-entry-date", "error", "This looks like a log entry, and its date is none.", "Write dates as YYYY-MM-DD."),
    Rule("unclosed-field", "warning", "An inline field begins here and is never closed.", "Put the closing bracket behind its value."),
    Rule("unclosed-fence", "warning", "A block of code begins here and is never closed; the text is read as if it did not.", "Close it, or take the marks away."),
    Rule("unclosed-comment", "warning", "A comment begins here and is never closed; the text is read as if it did not.", "Close it, or take the marks away."),
    # The settings
    Rule("bad-toml", "error", "plaincrm.toml cannot be read: {problem}.", "Mend the line; until then every setting has its default."),
    Rule("unknown-setting", "error", "There is no setting {setting}.{hint}", "See docs/configuration.md for all settings."),
    Rule("bad-setting", "error", "{setting} is not as it should be; its default is used.", "It takes {wanted}."),
)
# fmt: on

BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
ERRORS = tuple(rule.code for rule in RULES if rule.severity == "error")
