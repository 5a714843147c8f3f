"""Out to people: styled lines through rich where a terminal shows colours, plain text everywhere else."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import TextIO

from plaincrm.render.lines import Line, plain

MIN_WIDTH, MAX_WIDTH = 40, 160


def page_width(stream: TextIO | None) -> int:
    """The columns to fill: the terminal's, COLUMNS, or 80."""
    told = os.environ.get("COLUMNS", "")
    columns = int(told) if told.isascii() and told.isdigit() else 0
    if not columns and stream and stream.isatty():
        try:
            columns = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
    return max(MIN_WIDTH, min(columns, MAX_WIDTH)) if columns else 80


def wants_color(choice: str, stream: TextIO | None) -> bool:
    """Whether to colour: as told, else on a terminal that can, unless NO_COLOR says no (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return (
        not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream is not None and stream.isatty()
    )


def as_text(lines: Sequence[Line], *, color: bool, width: int) -> str:
    """Lines as text for a terminal; a colour is an ANSI sequence of ours, never one of a file's."""
    if not color:
        return plain(lines)
    from rich.console import Console  # noqa: PLC0415 (50 ms, for colours only)
    from rich.text import Text  # noqa: PLC0415

    console = Console(
        force_terminal=True, color_system="standard", no_color=False, width=width, highlight=False, legacy_windows=False
    )
    with console.capture() as capture:
        for one in lines:
            text = Text.assemble(*((piece.text, piece.style) for piece in one), no_wrap=True, overflow="ignore")
            console.print(text, soft_wrap=True, markup=False, emoji=False)
    return capture.get()


def speaks_unicode(stream: TextIO | None) -> bool:
    """Whether a stream can show any character."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("_", "-") in ("utf-8", "utf8")


def write(text: str, stream: TextIO | None) -> None:
    """Write text whatever encoding the stream has; what it cannot show is escaped.

    Raises:
        OSError: the stream is closed, or its reader has gone away.
    """
    if stream is None:  # as Python has it where the program was started with the stream closed
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    if not speaks_unicode(stream):
        text = text.encode(stream.encoding, "backslashreplace").decode(stream.encoding)
    stream.write(text)
    stream.flush()
