"""Takes code blocks and comments out of sight: blanks of the same length, so that every place stays as it is."""

from __future__ import annotations

import re

from plaincrm.document.inline import code_mask
from plaincrm.document.source import line_end
from plaincrm.errors import Fault, fault

# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_MARK = r"```|~~~|%%|<!--"
_FENCE = r"(?m)[ \t]*(`{3,}(?=[^`\n]*$)|~{3,})"
_INK = r"[^\r\n]"
_CODES = {"%%": "unclosed-comment", "-->": "unclosed-comment"}


def without_hidden(text: str, start: int) -> tuple[str, list[Fault]]:
    """The text with blanks for code blocks and comments behind `start`, and the openers that are never closed.

    Unlike Markdown, which takes an unclosed block to the end of the file, such an opener is named and read past:
    it may not hide the entries behind it. Of each kind the first is named.
    """
    if not ("```" in text or "%%" in text or "<!--" in text or "~~~" in text):
        return text, []
    return _Hider(text).run(start)


class _Hider:
    """One walk from mark to mark."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.unclosed: dict[str, Fault] = {}  # by what would close it: where nothing did, nothing later does
        self.line = 0  # where the line of the last mark begins
        self.code: bytearray | None = None  # its code spans, once asked for

    def run(self, start: int) -> tuple[str, list[Fault]]:
        pieces: list[str] = []
        copied, at, seen, self.line = 0, start, start, start
        while mark := re.compile(_MARK).search(self.text, at):
            before, seen = self.text.rfind("\n", seen, mark.start()), mark.start()
            if before >= 0:
                self.line, self.code = before + 1, None
            begin, end = self._span(mark)
            if begin < end:
                pieces += self.text[copied:begin], re.sub(_INK, " ", self.text[begin:end])
                copied = end
            at = max(end, mark.end())
        return "".join([*pieces, self.text[copied:]]), list(self.unclosed.values())

    def _span(self, mark: re.Match[str]) -> tuple[int, int]:
        """What a mark hides; nothing where it opens no code or comment, or one that is never closed."""
        if mark[0] in ("```", "~~~"):
            fence = re.compile(_FENCE).match(self.text, self.line)
            if fence is None or not fence.start(1) <= mark.start() < fence.end(1):
                return 0, 0
            return self._hidden(self.line, fence.end(), fence[1])
        if self._is_code(mark.start()):
            return 0, 0
        return self._hidden(mark.start(), mark.end(), "-->" if mark[0] == "<!--" else "%%")

    def _hidden(self, begin: int, behind: int, closing: str) -> tuple[int, int]:
        if any(closing.startswith(shorter) for shorter in self.unclosed):
            return behind, behind
        if closing in _CODES:
            at = self.text.find(closing, behind)
            end = at + len(closing) if at >= 0 else -1
        else:
            pattern = rf"\n[ \t]*{closing}{closing[0]}*[ \t\r]*$"
            match = re.compile(pattern, re.MULTILINE).search(self.text, behind)
            end = match.end() if match else -1
        if end < 0:
            code = _CODES.get(closing, "unclosed-fence")
            inked = begin + len(self.text[begin : line_end(self.text, begin)].rstrip())
            self.unclosed[closing] = fault(code, begin, max(behind, inked))
            return behind, behind
        return begin, end

    def _is_code(self, at: int) -> bool:
        """Whether a place stands in a code span of its line."""
        if self.code is None:
            line = self.text[self.line : line_end(self.text, self.line)]
            self.code = code_mask(line) if "`" in line else bytearray(len(line))
        return bool(self.code[at - self.line])
