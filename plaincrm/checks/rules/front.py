"""Rules: what can be wrong with front matter as such."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "empty-note",
        "warning",
        "The note is empty.",
        "Write its front matter, or delete the file.",
        why="A customer without any facts stands in your lists.",
        bad="=== customers/kahvila-aurinko.md",
        good="""
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
    ),
    Rule(
        "no-front-matter",
        "warning",
        "The note has no front matter.",
        "Begin it with a line of three dashes, fields, and three dashes again.",
        why="The log is read, but no field is known, neither stage nor next day: the agenda passes the customer over.",
        bad="""
            === customers/kahvila-aurinko.md
            # Kahvila Aurinko Oy

            - 2026-11-20 call in, Pekka: wants a quote
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            ---

            - 2026-11-20 call in, Pekka: wants a quote
            """,
    ),
    Rule(
        "front-matter-fence",
        "warning",
        "The note begins with {found}, so its front matter is not seen.",
        "Write the fields, one key: value a line, between two lines of three plain dashes: ---",
        why="The fields are taken for text: neither stage nor next day is known.",
        bad="""
            ----
            name: Kahvila Aurinko Oy
            ----
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
    ),
    Rule(
        "front-matter-not-closed",
        "error",
        "The front matter is never closed.",
        "Put a line of three dashes behind its last field.",
        why="Where the fields end is anybody's guess, so none is read and the file name stands in for the name.",
        bad="""
            ---
            name: Kahvila Aurinko Oy

            - 2026-11-20 call in, Pekka: wants a quote
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            ---

            - 2026-11-20 call in, Pekka: wants a quote
            """,
    ),
    Rule(
        "second-front-matter",
        "warning",
        "A second front matter stands here and is not read.",
        "Move its fields into the first one.",
        why="Its fields look as if they counted, in Obsidian too, and no program reads them.",
        bad="""
            ---
            name: Kahvila Aurinko Oy
            ---
            ---
            city: Turku
            ---
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            city: Turku
            ---
            """,
    ),
    Rule(
        "front-matter-too-large",
        "error",
        "The front matter is larger than {limit}.",
        "Move long texts below it.",
        why="No field is read, so that one note cannot hold up every command.",
        bad="(front matter of 70,000 characters, as a whole e-mail in needs: makes it)",
        good="(the e-mail in the log, and one sentence in needs)",
    ),
    Rule(
        "front-matter-too-deep",
        "error",
        "The front matter is nested too deeply.",
        "Keep fields flat: key: value.",
        why="The field is not read, so that one note cannot hold up every command.",
        bad="needs: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        good="needs: x",
    ),
    Rule(
        "front-matter-too-many",
        "error",
        "The front matter holds more than 5,000 values.",
        "Move lists below it.",
        why="The values are not read, so that one note cannot hold up every command.",
        bad="(a list of 5,000 tags)",
        good="(the tags that you search by)",
    ),
    Rule(
        "front-matter-not-fields",
        "error",
        "The front matter holds no fields.",
        "Write one field a line: key: value",
        why="Nothing in it can be read, and the file name stands in for the name.",
        bad="""
            ---
            - Kahvila Aurinko Oy
            - Turku
            ---
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            city: Turku
            ---
            """,
    ),
    Rule(
        "bad-yaml",
        "error",
        "This is no valid YAML: {problem}.",
        "Mend the line: {remedy}.",
        why="The field is not read here, and Obsidian shows none of the note's properties.",
        bad="needs: two rooms: the hall and the bar",
        good='needs: "two rooms: the hall and the bar"',
    ),
    Rule(
        "yaml-feature",
        "error",
        "{what} is not supported.",
        "Write the value out; text that begins with such a sign needs quotes.",
        why="The field is not read: with such signs a line says something else than what stands on it.",
        bad="next_action: !important ask about the terrace",
        good='next_action: "!important ask about the terrace"',
    ),
    Rule(
        "key-not-text",
        "error",
        "A list or mapping stands where a field's name should.",
        "Give the field a name.",
        why="A value without a name can neither be shown nor asked for.",
        bad="""
            ---
            name: Kahvila Aurinko Oy
            [city, Turku]: café
            ---
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            city: Turku
            ---
            """,
    ),
    Rule(
        "duplicate-key",
        "error",
        "The field {key} stands here a second time; the first is on line {line}.",
        "Keep one of the two.",
        why="The first one counts here, the last one or none in other programs.",
        bad="""
            next: 2026-12-01
            city: Turku
            next: 2026-12-15
            """,
        good="""
            next: 2026-12-15
            city: Turku
            """,
    ),
    Rule(
        "field-twice",
        "warning",
        "{key} means {field}, which has a value already; this one is not used.",
        "Keep one of the two.",
        why="Two spellings of one field say two things, and you may be changing the one that does not count.",
        bad="""
            city: Turku
            kaupunki: Naantali
            """,
        good="city: Naantali",
    ),
    Rule(
        "value-is-comment",
        "warning",
        "{field}: for YAML {value} is a comment, so it is not read.",
        "Put it in quotes, or write tags without the #.",
        why="You see a value on the line, and no program does.",
        bad="tags: #café",
        good="tags: [café]",
        fixable=True,
    ),
    Rule(
        "dash-without-space",
        "warning",
        "{field}: a dash without a space behind it makes no list.",
        "Write a space behind each dash.",
        why="The lines are read as one long text, so no tag or contact of the list is found.",
        bad="""
            aliases:
              -Aurinko
              -Solcafé
            """,
        good="""
            aliases:
              - Aurinko
              - Solcafé
            """,
        fixable=True,
    ),
    Rule(
        "list-as-text",
        "hint",
        "{field}: Obsidian takes this text for one value.",
        "Write a list: [one, two].",
        why="Here the tags are found one by one; in Obsidian they are one long tag that nobody looks for.",
        bad="tags: café, turku",
        good="tags: [café, turku]",
        fixable=True,
    ),
    Rule(
        "odd-spelling",
        "hint",
        "{field}: Bases and Dataview tell {value} from {usual}.",
        "Write {usual}.",
        why="Here both mean the same; a table in Obsidian shows two groups where there is one.",
        bad="type: Company",
        good="type: company",
        fixable=True,
    ),
    Rule(
        "unknown-field",
        "warning",
        "There is no field {key}.{hint}",
        "Did you mean {near}? A field of your own is named in [fields] of plaincrm.toml.",
        why="A misspelt field is kept as your own and counts for nothing: the agenda does not see the day.",
        bad="quiet_untill: 2026-12-01",
        good="quiet_until: 2026-12-01",
    ),
    Rule(
        "odd-key",
        "warning",
        "To other programs the key {key} is a number, a day, a truth or nothing.",
        'Write it in quotes, or give it a name: "{key}".',
        why="YAML lets a key be more than text; it is read as text here, and refused, renamed or lost elsewhere.",
        bad="""
            ---
            name: Kahvila Aurinko Oy
            2026-05-01: first visit
            ---
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            first visit: 2026-05-01
            ---
            """,
    ),
    Rule(
        "no-name",
        "warning",
        "The record has no name; its file name stands in.{hint}",
        "Add a line: name: …",
        why="Lists, letters and searches by name show the file name instead.",
        bad="""
            ---
            city: Turku
            ---
            """,
        good="""
            ---
            name: Kahvila Aurinko Oy
            city: Turku
            ---
            """,
    ),
    Rule(
        "unfilled-template",
        "error",
        "{field} still holds a template's placeholder.",
        "Fill it in, or move the note to the templates.",
        why="The template was copied and not run, so the field has no value.",
        bad='city: "{{city}}"',
        good="city: Turku",
    ),
)
