"""The programs that a watch may start: the command that its user typed, and the notifier of the desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from plaincrm.render.escape import html_text, terminal

Notifier = Callable[[str, str], bool]  # shows a title and a text, and tells whether it could
# The texts are arguments of the script, and no part of it.
_APPLE = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")
_PATIENCE = 10  # seconds for a notifier


def run_after(words: Sequence[str], root: Path, files: Sequence[str]) -> str:
    """Run a command in the vault's folder with the files that were saved behind it; what went wrong, else nothing.

    No shell reads it. A file whose name begins with a minus is named `./-…`, so that it is no option.
    """
    named = [f"./{file}" if file.startswith("-") else file for file in files]
    try:
        code = subprocess.run([*words, *named], cwd=root, stdin=subprocess.DEVNULL, check=False).returncode
    except (OSError, ValueError) as error:
        return f"{words[0]} could not be run: {(isinstance(error, OSError) and error.strerror) or error}."
    return f"{words[0]} ended with exit code {code}." if code else ""


def notification(title: str, text: str, platform: str) -> list[str]:
    """The command that shows a reminder on the desktop. Linux takes marks in its text, so there are none."""
    if platform == "darwin":
        return ["osascript", *(part for line in _APPLE for part in ("-e", line)), "--", terminal(title), terminal(text)]
    return ["notify-send", "--app-name=plaincrm", "--", terminal(title), html_text(text)]


def notifier(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Notifier | None:
    """What shows reminders on this desktop, None where there is nothing."""
    if shutil.which(notification("", "", platform)[0], path=environ.get("PATH")) is None:
        return None

    def show(title: str, text: str) -> bool:
        command = notification(title, text, platform)
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=True)
        except (OSError, ValueError, subprocess.SubprocessError):
            return False
        return True

    return show
