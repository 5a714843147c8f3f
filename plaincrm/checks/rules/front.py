"""Rules: what can be wrong with front matter as such."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "empty-note",
        "warning",
        "The note is empty.",
        "Write its front matter, or delete the file.",
    ),
    Rule(
        "no-front-matter",
        "warning",
        "The note has no front matter.",
        "Begin it with a line of three dashes, fields, and three dashes again.",
    ),
    Rule(
        "front-matter-fence",
        "warning",
        "The note begins with {found}, so its front matter is not seen.",
        "Make the first line three plain dashes: ---",
    ),
    Rule(
        "front-matter-not-closed",
        "error",
        "The front matter is never closed.",
        "Put a line of three dashes behind its last field.",
    ),
    Rule(
        "second-front-matter",
        "warning",
        "A second front matter stands here and is not read.",
        "Move its fields into the first one.",
    ),
    Rule(
        "front-matter-too-large",
        "error",
        "The front matter is larger than {limit}.",
        "Move long texts below it.",
    ),
    Rule(
        "front-matter-too-deep",
        "error",
        "The front matter is nested too deeply.",
        "Keep fields flat: key: value.",
    ),
    Rule(
        "front-matter-too-many",
        "error",
        "The front matter holds more than 5,000 values.",
        "Move lists below it.",
    ),
    Rule(
        "front-matter-not-fields",
        "error",
        "The front matter holds no fields.",
        "Write one field a line: key: value",
    ),
    Rule(
        "bad-yaml",
        "error",
        "This is no valid YAML: {problem}.",
        "Put the value in double quotes, or mend the line.",
    ),
    Rule(
        "yaml-feature",
        "error",
        "{what} is not supported.",
        "Write the value out; text that begins with such a sign needs quotes.",
    ),
    Rule(
        "key-not-text",
        "error",
        "A list or mapping stands where a field's name should.",
        "Give the field a name.",
    ),
    Rule(
        "duplicate-key",
        "error",
        "The field {key} stands here a second time.",
        "Keep one of the two.",
    ),
    Rule(
        "field-twice",
        "warning",
        "{key} means {field}, which has a value already; this one is not used.",
        "Keep one of the two.",
    ),
    Rule(
        "value-is-comment",
        "warning",
        "{field}: for YAML {value} is a comment, so the field is empty.",
        "Put it in quotes, or write tags without the #.",
        fixable=True,
    ),
    Rule(
        "dash-without-space",
        "warning",
        "{field}: a dash without a space behind it makes no list.",
        "Write a space behind each dash.",
    ),
    Rule(
        "list-as-text",
        "hint",
        "{field}: Obsidian takes this text for one value.",
        "Write a list: [one, two].",
        fixable=True,
    ),
    Rule(
        "odd-spelling",
        "hint",
        "{field}: Bases and Dataview tell {value} from {usual}.",
        "Write {usual}.",
        fixable=True,
    ),
    Rule(
        "unknown-field",
        "warning",
        "There is no field {key}.",
        "Did you mean {near}? A field of your own is named in [fields] of plaincrm.toml.",
    ),
    Rule(
        "no-name",
        "error",
        "The record has no name; its file name stands in.{hint}",
        "Add a line: name: …",
    ),
    Rule(
        "unfilled-template",
        "error",
        "{field} still holds a template's placeholder.",
        "Fill it in, or move the note to the templates.",
    ),
)
