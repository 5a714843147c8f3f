"""The text of a mail as somebody wrote it: without what it quotes, without the signature, and shortened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser

from plaincrm.exchange.incoming import printable

_FULL = 50  # letters of a line behind which a sentence may go on: mail programs break lines at 60 to 80
_HTML = 2_000_000  # characters of a page that are read
# Where the text of another mail begins: as mail programs introduce what they quote, in English, Finnish and Swedish.
_QUOTE = re.compile(
    r"""^\s*(?:
    -{2,}\s*(?:original\ message|alkuperäinen\ viesti|forwarded\ message|välitetty\ viesti|ursprungligt\ meddelande)
    | _{20,}\s*$
    | (?:from|lähettäjä|från):\s.*@
    | (?:on|ti|ma|ke|to|pe|la|su|den)\s.{0,200}\b(?:wrote|kirjoitti|skrev):\s*$
    | .{0,200}(?:@|>|\d{2}[.:]\d{2}).{0,200}\b(?:wrote|kirjoitti|skrev)[^:]{0,80}:\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_WROTE = re.compile(r"\b(?:wrote|kirjoitti|skrev)[^:]{0,80}:\s*$", re.IGNORECASE)
_GREETING = re.compile(r"[^.?:;]{0,38}[,!]?")
_GREETS = re.compile(
    r"(?:hi|hello|hey|dear|good|hei|moi|terve|hyvä|arvoisa|huomenta|päivää|hej|bästa)\b", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|vs|sv|aw|fw|fwd|vl|vast|vast\.|lähe)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE
)


def topic_of(subject: str) -> str:
    """The subject of a thread: without what answers and forwarded mails put before it, in several languages."""
    while (shorter := _SUBJECT.sub("", subject, count=1)) != subject:
        subject = shorter
    return " ".join(subject.split())


def text_of(mail: EmailMessage) -> str:
    """The text of a mail: its plain part, else that of its page. Unknown encodings are read as far as they can be."""
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError):
        data = part.get_payload(decode=True)
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    if part.get_content_subtype() == "html":
        text = _of_html(text[:_HTML])
    return printable(text.replace("\r\n", "\n").replace("\r", "\n"))


def own_words(text: str, most: int) -> list[str]:
    """The lines somebody wrote, of `most` letters in all, without empty ones at both ends.

    What the mail quotes goes: lines with `>`, and all behind a line that introduces another mail. So do the greeting
    at the beginning and the signature behind `-- `.
    """
    lines = [line.rstrip() for line in _unquoted(text.split("\n"))]
    while lines and (not lines[0] or (_GREETS.match(lines[0]) and _GREETING.fullmatch(lines[0]))):
        lines.pop(0)
    kept: list[str] = []
    for line in lines:
        short = " ".join(line.split())
        if short or (len(kept) > 1 and kept[-1]):  # the first line stands by itself
            room = most - sum(map(len, kept))
            if len(short) > room:
                cut = short[: max(room, 0)].rpartition(" ")[0].rstrip(" ,.;:")
                kept.append(f"{cut}…" if cut else "…")
                break
            kept.append(short)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def first_sentence(lines: list[str]) -> tuple[str, list[str]]:
    """The first sentence of a text, though it goes on behind a line that was full, and the lines that are left."""
    count = 1
    while count < len(lines) and len(lines[count - 1]) >= _FULL and lines[count]:
        count += 1
    whole = " ".join(lines[:count])
    found = re.match(r".{15,}?[.?!](?=\s)", whole)
    first = found[0] if found else whole
    rest = [whole[len(first) :].strip(), *lines[count:]]
    while rest and not rest[0]:
        rest.pop(0)
    return first, rest


def _unquoted(lines: list[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        if line.rstrip("\n") in ("-- ", "--"):
            return
        following = lines[at + 1] if at + 1 < len(lines) else ""
        split = len(line) < 200 and line.lstrip()[:3].lower() in ("on ", "den") and _WROTE.search(following[:300])
        if len(line) < 1000 and (_QUOTE.match(line) or split):
            return
        if not line.lstrip().startswith(">"):
            yield line


class _Page(HTMLParser):
    """Takes the words out of a page, a line a paragraph; quotations are marked as in plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0
        self._quotes = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """A tag that begins."""
        self._hidden += tag in ("style", "script", "head", "title")
        self._quotes += tag == "blockquote"
        if tag in ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"):
            self.pieces.append("\n> " if self._quotes else "\n")

    def handle_endtag(self, tag: str) -> None:
        """A tag that ends."""
        self._hidden -= tag in ("style", "script", "head", "title") and self._hidden > 0
        self._quotes -= tag == "blockquote" and self._quotes > 0
        if tag in ("p", "div", "blockquote", "tr"):
            self.pieces.append("\n> " if self._quotes else "\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _of_html(text: str) -> str:
    page = _Page()
    page.feed(text)
    page.close()
    return "".join(page.pieces)
