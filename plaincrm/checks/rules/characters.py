"""Rules: what can be wrong with the characters of a file."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "wrong-encoding",
        "error",
        "The file is written in {encoding}, not in UTF-8.",
        "Save it as UTF-8.",
        why="Nothing of the note is read; its customer is known by the file name only.",
        bad="(a note saved as UTF-16, as some Windows editors and Excel do)",
        good="(the same note saved as UTF-8)",
    ),
    Rule(
        "not-text",
        "error",
        "The file is {what}.",
        "Move it away, or put the note's text back.",
        why="There is no text to read; its customer is known by the file name only.",
        bad="(a picture called kahvila-aurinko.md, or a note that is still encrypted)",
        good="(the note itself)",
    ),
    Rule(
        "only-nul-bytes",
        "error",
        "The file holds nothing but NUL bytes: it was damaged by a crash.",
        "Take it back from git or a backup.",
        why="What the note said is gone from this file; the sooner you see it, the likelier there is a backup.",
        bad="(a note of nothing but NUL bytes, as a loss of power leaves it)",
        good="(the note from yesterday's backup)",
    ),
    Rule(
        "unresolved-merge",
        "error",
        "Here stand both sides of a merge that nobody has finished.",
        "plaincrm resolve asks which side is right; or delete the lines of markers and what is wrong.",
        why="Both versions are read, so sales and promises may be counted twice.",
        bad="""
            ## Log
            <<<<<<< HEAD
            - 2026-09-30 visit: painting done [sale:: 3200 EUR]
            =======
            - 2026-09-30 visit: painting done [sale:: 3400 EUR]
            >>>>>>> laptop
            """,
        good="""
            ## Log
            - 2026-09-30 visit: painting done [sale:: 3400 EUR]
            """,
    ),
    Rule(
        "not-utf8",
        "error",
        "Byte {offset} of the file, {byte}, is no UTF-8{hint}.",
        "Open the file in the encoding it was written in, and save it as UTF-8.",
        why="A letter of a field is not known, so a name or an address would be shown and written wrong.",
        bad="(city: Åbo in the front matter of a note saved as Latin-1)",
        good="(the same note saved as UTF-8)",
    ),
    Rule(
        "not-utf8-in-text",
        "warning",
        "Byte {offset} of the file, {byte}, is no UTF-8{hint}.",
        "Open the file in the encoding it was written in, and save it as UTF-8.",
        why="The letter is shown as a sign of its number, and a search for the word does not find it.",
        bad="(Åbo in the text of a note saved as Latin-1)",
        good="(the same note saved as UTF-8)",
    ),
    Rule(
        "nul-byte",
        "error",
        "A NUL byte stands in the front matter.",
        "Delete it.",
        why="Most programs end the text there, so the field is cut for everybody else.",
        bad="(city: Tur␀ku in the front matter, ␀ being a NUL byte)",
        good="city: Turku",
    ),
    Rule(
        "nul-byte-in-text",
        "warning",
        "A NUL byte stands in the text.",
        "Delete it.",
        why="Git and grep take the whole note for a binary file and show none of its lines.",
        bad="(Tur␀ku in the text, ␀ being a NUL byte)",
        good="- 2026-11-20 call in, Pekka: moves to Turku",
    ),
    Rule(
        "control-character",
        "error",
        "A control character ({character}) stands in the front matter.",
        "Delete it.",
        why="It cannot be seen, spoils every comparison of the value, and could change what a terminal shows.",
        bad='(city: "Tur␛ku" in the front matter, ␛ being the escape character)',
        good="city: Turku",
    ),
    Rule(
        "odd-line-separator",
        "warning",
        "{character} is no line end for plaincrm, though it may look like one.",
        "Make it a real line end, or a space.",
        why="Your editor may show two fields on two lines where there is one field on one line.",
        bad="(city: Turku and owner: liisa with a U+2028 between them, as copying from a web page leaves it)",
        good="""
            city: Turku
            industry: café
            """,
    ),
    Rule(
        "stray-byte-order-mark",
        "warning",
        "A byte order mark stands inside the file.",
        "Delete it; it shows in no editor, so type the line anew.",
        why="It cannot be seen and makes a word another word, which no search and no comparison finds.",
        bad="(two files with byte order marks joined to one)",
        good="city: Turku",
        fixable=True,
    ),
    Rule(
        "mixed-line-ends",
        "warning",
        "Lines end in different ways in this file.{hint}",
        "Set one kind of line end in your editor and save.",
        why="Git shows lines as changed that nobody changed, and merges fail at them.",
        bad="(a note of Windows lines to which another program added lines of Unix)",
        good="(the same note with one kind of line end)",
    ),
)
