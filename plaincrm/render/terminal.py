"""Out to people: styled lines through rich where a terminal shows colours, plain text everywhere else."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TextIO

from plaincrm.render.lines import Line, plain

MIN_WIDTH, MAX_WIDTH = 40, 160


def page_width(stream: TextIO) -> int:
    """The columns to fill: the terminal's, COLUMNS, or 80."""
    if not stream.isatty() and "COLUMNS" not in os.environ:
        return 80
    return max(MIN_WIDTH, min(shutil.get_terminal_size((80, 24)).columns, MAX_WIDTH))


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour: as told, else on a terminal that can, unless NO_COLOR says no (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def as_text(lines: Sequence[Line], *, color: bool, width: int) -> str:
    """Lines as text for a terminal; a colour is an ANSI sequence of ours, never one of a file's."""
    if not color:
        return plain(lines)
    from rich.console import Console  # noqa: PLC0415 (50 ms, for colours only)
    from rich.text import Text  # noqa: PLC0415

    console = Console(force_terminal=True, color_system="standard", width=width, highlight=False, legacy_windows=False)
    with console.capture() as capture:
        for one in lines:
            text = Text.assemble(*((piece.text, piece.style) for piece in one), no_wrap=True, overflow="ignore")
            console.print(text, soft_wrap=True, markup=False, emoji=False)
    return capture.get()


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text whatever encoding the stream has; what it cannot show is escaped."""
    out = stream or sys.stdout
    encoding = out.encoding or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    out.write(text)
    out.flush()
