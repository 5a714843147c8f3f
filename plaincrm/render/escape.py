"""One escape function an output kind: nothing that a file says may act on a terminal or a spreadsheet."""

from __future__ import annotations

import os
import re

# Kept though not printable: joiners inside emoji and Indic words, and spaces that do not break.
_HARMLESS = frozenset("\u200c\u200d\u00a0\u202f\u2009")
# Patterns that are plain texts are compiled by re itself when a form needs them: start-up needs none.
# What a spreadsheet begins a formula with, at the start of a cell or of what it may take for one.
_FORMULA = "(?:^|(?<=[;\n]))(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"


def terminal(text: str) -> str:
    """Text for one line of a terminal: every control, bidi mark and line break is shown as an escape."""
    if text.isprintable():
        return text
    return "".join(character if is_harmless(character) else _shown(character) for character in text)


def log_line(text: str) -> str:
    """Text for one line of a log that a CI service reads: as `terminal`, and nothing in it is a command to GitHub."""
    return "".join(log_characters(text))


def log_characters(text: str) -> list[str]:
    """The same, character by character.

    GitHub's runner takes `::name::` at the start of a line for a command, however far indented, and `##[name]`
    anywhere in it.
    """
    shown = list(text) if text.isprintable() else [it if is_harmless(it) else _shown(it) for it in text]
    start = len(text) - len(text.lstrip())
    if text.startswith("::", start):
        shown[start] = _shown(":")
    for match in re.finditer(r"#(?=#\[)", text):
        shown[match.start()] = _shown("#")
    return shown


def github_data(text: str) -> str:
    """Text behind the last `::` of a workflow command, escaped as Actions' own toolkit does it."""
    parts = re.split(r"([\r\n])", text.replace("%", "%25"))
    return "".join(_GITHUB.get(part) or terminal(part) for part in parts)


def github_property(text: str) -> str:
    """A value in the head of a workflow command, which is ended by `,` and `::`."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


_GITHUB = {"\r": "%0D", "\n": "%0A"}


def sarif_text(text: str) -> str:
    """A message of a SARIF log, in which nothing is a link."""
    return re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", terminal(text))


def uri_path(path: str) -> str:
    """A path of the system as a relative URI: whatever is no letter, digit, `/`, `-`, `.`, `_` or `~` in per cent."""
    return "".join(chr(byte) if chr(byte) in _IN_URI else f"%{byte:02X}" for byte in os.fsencode(path))


_IN_URI = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~")


# What begins something in Markdown, in Obsidian (links, tags, comments, highlights, block ids) or on GitHub (mentions).
_MARKDOWN = re.compile(r"[\\`*_\[\]#|~$=^!{}@]|%(?=%)|(?<=%)%|^[-+]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_NUMBER = re.compile(r"^([0-9]{1,9})([.)])(?=\s|$)")  # begins a list
# What the Tasks plugin reads dates, priorities and the like from; as a number it looks the same, and is no sign to it.
_SIGNIFIERS = "[📅📆🗓⏳⌛🛫➕✅❌🔁🏁🆔⛔🔺⏫🔼🔽⏬]"
# A name that means nothing more between the brackets of a link: letters, digits, and signs that end no link.
_NAME = r"(?:[^\W_]|[\u0300-\u036f .,()'+&-]|(?<=[^\W_])_(?=[^\W_]))+"


def markdown_text(text: str) -> str:
    """Text for one line of a Markdown page that is shown as it is; plugins find no field, date or template in it."""
    shown = terminal(text.strip()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _NUMBER.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\g<0>", shown)).replace("::", ":&#58;")
    return re.sub(_SIGNIFIERS, lambda sign: f"&#{ord(sign[0])};", escaped)


def wiki_link(target: str, shown: str) -> str:
    r"""A link of Obsidian to a note, under another name; there is no escape in one, so odd names stand beside or alone.

    So `[[acme|Acme]]`, else `[[acme]] \*Acme\*`, and no link where the note's own name would end it.
    """
    if not _is_name(target):
        return markdown_text(shown)
    return f"[[{target}|{shown}]]" if _is_name(shown) else f"[[{target}]] {markdown_text(shown)}".rstrip()


def _is_name(text: str) -> bool:
    return text.isprintable() and text == text.strip() and bool(re.fullmatch(_NAME, text))


def markdown_code(text: str) -> str:
    """Text as code in a line of a Markdown page, behind more backticks than it holds; no template begins in it."""
    shown = terminal(text).replace("<%", "< %")
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    return f"{fence} {shown} {fence}" if shown.startswith("`") or shown.endswith("`") else f"{fence}{shown}{fence}"


def is_harmless(character: str) -> bool:
    """Whether a character does nothing but be seen."""
    return character.isprintable() or character in _HARMLESS


def _shown(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # stands for a byte that is no UTF-8 (PEP 383)
        number -= 0xDC00
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def ics_text(text: str) -> str:
    r"""A text value of iCalendar: line breaks stand as `\n` in it, and what is a control besides is left out."""
    shown = re.sub(r"[\n\v\f\x85\u2028\u2029]", "\n", re.sub(r"\r\n?", "\n", text)).replace("\t", " ")
    kept = "".join(character for character in shown if character == "\n" or is_harmless(character))
    return re.sub(r"[\\;,]", r"\\\g<0>", kept).replace("\n", "\\n")


def phone_uri(text: str) -> str:
    """The link that rings a number, which a name in brackets may follow; empty where it is no such number."""
    match = re.fullmatch(r"(\+?[0-9](?:[ -]{0,3}[0-9]){5,24})(?: \(.*\))?", text)
    return f"tel:{re.sub('[ -]', '', match[1])}" if match else ""


def mail_uri(text: str) -> str:
    """The link that writes to a plain address, which a name in brackets may follow; empty where it is none."""
    match = re.fullmatch(r"([A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?: \(.*\))?", text)
    return f"mailto:{match[1].replace('+', '%2B')}" if match else ""


def html_text(text: str) -> str:
    """Text between the tags of a page, or between the quotes of an attribute."""
    return terminal(text).translate(_IN_HTML)


def html_days(text: str) -> str:
    """Text between the tags of a page in which days, months and weeks are marked as such: no line breaks in one."""
    return re.sub(_DAY, r"<time>\g<0></time>", html_text(text))


_DAY = r"(?<![\w/-])[0-9]{4}-(?:W[0-5][0-9]|(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)(?![\w-])"
_IN_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def json_text(text: str, *, ascii_only: bool) -> str:
    """JSON that may be looked at: the same values, with JSON's own escapes for whatever a terminal could act on."""
    if (text.isascii() or not ascii_only) and text.replace("\n", "").isprintable():
        return text
    kept = str.isascii if ascii_only else is_harmless
    return "".join(
        character if character == "\n" or (character.isprintable() and kept(character)) else _json_escape(character)
        for character in text
    )


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def csv_cell(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula, and no terminal for a command; numbers are not passed here.

    An apostrophe stands before what could begin a formula, as OWASP's ASVS 1.2.10 asks: at the start, and behind the
    semicolons and line ends at which some spreadsheets split a cell.
    """
    return text if text.isalnum() else re.sub(_FORMULA, "'", plain_cell(text))


def plain_cell(text: str) -> str:
    """A cell that is told to be text, or that programs read: nothing in it acts on a terminal, and that is all."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n")
    return lines if lines.translate(_OF_CELLS).isprintable() else "".join(map(_in_cell, lines))


_OF_CELLS = {ord("\n"): None, ord("\t"): None}


def _in_cell(character: str) -> str:
    return character if character in "\n\t" or is_harmless(character) else _shown(character)


def ledger_text(text: str) -> str:
    """Text for one line of a journal of hledger: no comment, note, code or other account begins in it."""
    words = " ".join(terminal(text).translate(_IN_LEDGER).split())
    return words.lstrip("(!* ") or "-"


_IN_LEDGER = str.maketrans({";": ",", "|": "/", "\n": " "})
