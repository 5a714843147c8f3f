"""Rules: what can be wrong with a field's value: its shape, links, tags, addresses and numbers of people."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "wrong-shape",
        "error",
        "{field}: here a text is expected, and a list or mapping stands here.",
        "Write it on one line, in quotes if it holds a colon or brackets.",
        why="The value is not read, so the field counts as empty.",
        bad="city: {town: Turku, part: Kupittaa}",
        good="city: Turku",
    ),
    Rule(
        "several-values",
        "warning",
        "{field} has one value; the first of these is used.",
        "Keep one; what else is worth keeping goes into the text, or into a field of your own.",
        why="The others look as if they counted, and no list or query finds them.",
        bad="city: [Turku, Naantali]",
        good="city: Turku",
    ),
    Rule(
        "unquoted-number",
        "warning",
        "{field}: Obsidian takes {value} for a number and will change it.",
        'Put it in quotes: "{value}"',
        why="The next time you touch the properties there, the zeros in front or the plus are gone.",
        bad="postcode: 00100",
        good='postcode: "00100"',
        fixable=True,
    ),
    Rule(
        "curly-quotes",
        "warning",
        "{field}: for YAML these quotes are letters, a part of the value.",
        "Write straight quotes, or none.",
        why="The value is shown with its quotes, and whoever searches or compares does not find it.",
        bad="city: “Turku”",
        good="city: Turku",
        fixable=True,
    ),
    Rule(
        "unquoted-link",
        "warning",
        "{field}: a link without quotes is a list for YAML.",
        'Put it in quotes: "[[{target}]]"',
        why="Obsidian shows brackets instead of a link, and does not mend it when the note is renamed.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: [[salo-consulting]]
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: "[[salo-consulting]]"
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            ---
            """,
        fixable=True,
    ),
    Rule(
        "bad-link",
        "error",
        "{field}: {value} is no link.",
        'Write "[[file name]]" in quotes.',
        why="Who brought whom, and who works where, cannot be followed.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: "[[salo-consulting"
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: "[[salo-consulting]]"
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            ---
            """,
    ),
    Rule(
        "bad-tag",
        "error",
        "{field}: {value} is no tag: it is empty or has a space in it.",
        "Put a comma between two tags, and join the words of one with a hyphen.",
        why="The tag is not read, so neither a query nor Obsidian's list of tags has it.",
        bad="""
            tags:
              - old town
            """,
        good="""
            tags:
              - old-town
            """,
    ),
    Rule(
        "bad-yes-no",
        "error",
        "{field}: {value} is neither yes nor no.",
        "Write yes or no.",
        why="The answer is not counted.",
        bad="- 2026-11-20 call in, Pekka: a stain on the counter [resolved:: partly]",
        good="- 2026-11-20 call in, Pekka: a stain on the counter [resolved:: no]",
    ),
    Rule(
        "bad-email",
        "error",
        "{field}: {value} cannot be an e-mail address.",
        "Write it as name@domain; several as a list: [a@x.example, b@y.example].",
        why="A letter to it comes back, or never arrives.",
        bad="email: pekka@aurinko",
        good="email: pekka@aurinko.example",
    ),
    Rule(
        "bad-phone",
        "error",
        "{field}: {value} cannot be a phone number.",
        'Write one number alone, as "+358 40 123 4567", several as a list. '
        'For numbers without +358 write country = "FI" under [vault] in plaincrm.toml.',
        why="Nobody answers at it; a number without its country is not known abroad.",
        bad='phone: "040 555"',
        good='phone: "+358 40 555 0101"',
    ),
    Rule(
        "bad-url",
        "error",
        "{field}: {value} is no web address.",
        "Write one address in full, as https://example.com; a second one goes into the text.",
        why="The link leads nowhere.",
        bad="website: aurinko",
        good="website: https://aurinko.example",
    ),
    Rule(
        "bad-country",
        "error",
        "{field}: {value} is no country.",
        "Write its code of two letters, as FI.",
        why="Lists by country leave the customer out.",
        bad="country: Suomii",
        good="country: FI",
    ),
    Rule(
        "bad-language",
        "error",
        "{field}: {value} is no language.",
        "Write its code of two letters, as fi.",
        why="Nobody can tell from it in which language to write.",
        bad="language: Finnish",
        good="language: fi",
    ),
    Rule(
        "bad-business-id",
        "error",
        "{field}: {value} {problem}.",
        "Look it up again; it has the form 1234567-8.",
        why="A digit is wrong, so an invoice with it goes to another company or to none.",
        bad="business_id: 2779126-1",
        good="business_id: 2779126-0",
    ),
    Rule(
        "bad-vat-id",
        "error",
        "{field}: {value} is no valid VAT number.",
        "Look it up again; it begins with its country's letters.",
        why="An invoice without tax needs the right number, or you pay the tax.",
        bad="vat_id: FI27791261",
        good="vat_id: FI27791260",
    ),
    Rule(
        "bad-contact",
        "error",
        "{field}: {value} {problem}.",
        "Write one person a line: - Name <mail> phone (role)",
        why="The person is in no answer when you look for whom to call.",
        bad="""
            contacts:
              - (owner)
            """,
        good="""
            contacts:
              - Pekka Laine <pekka@aurinko.example> (owner)
            """,
    ),
)
