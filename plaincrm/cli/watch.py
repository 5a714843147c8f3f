"""`plaincrm watch`: each note looked at when it is saved, and generated notes kept fresh."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from plaincrm.cli.as_markdown import as_markdown
from plaincrm.cli.context import Asked
from plaincrm.errors import UsageError
from plaincrm.render.lines import Line
from plaincrm.render.terminal import as_text, page_width, wants_color, write

if TYPE_CHECKING:
    from plaincrm.live.programs import Notifier
    from plaincrm.live.reminders import Reminder
    from plaincrm.live.watch import Moment, Told


@click.command("watch")
@click.option("--notify", is_flag=True, help="Remind of promises and appointments on the desktop as they come due.")
@click.option("--exec", "command_line", metavar="CMD", help="Run CMD with the notes that were saved behind it.")
@click.option("--poll", is_flag=True, help="Look every second or so instead of waiting for events of the system.")
@click.pass_obj
def command(asked: Asked, notify: bool, command_line: str | None, poll: bool) -> None:
    """Check each note as it is saved, and keep generated notes and the index fresh, until Ctrl-C.

    Boxes that are ticked in a generated agenda are carried to their promises, as plaincrm notes --pull does it.
    """
    from plaincrm.live.hints import Hints  # noqa: PLC0415 (with the rest of what watches)
    from plaincrm.live.programs import run_after  # noqa: PLC0415
    from plaincrm.live.watch import Moment, Watch  # noqa: PLC0415

    root, words = asked.vault.root, _words(command_line)

    def now() -> Moment:
        current = Asked(str(root), asked.today_text, asked.color, asked.cache)
        return Moment(current.vault, current.today, partial(as_markdown, current), current.cache)

    def after(files: Sequence[str]) -> None:
        if words and (trouble := run_after(words, root, files)):
            _say(asked, trouble)

    each = _Reminding(partial(_say, asked)) if notify else lambda _moment: None
    Watch(root, now, partial(_tell, asked), Hints(), poll=poll, after=after, each=each).run()


def _words(command_line: str | None) -> list[str]:
    try:
        words = shlex.split(command_line or "")
    except ValueError:
        raise UsageError("--exec: a quote is not closed.", "Close it.") from None
    if command_line is not None and not words:
        raise UsageError("--exec names no command.", "Write --exec 'git add'.")
    return words


class _Reminding:
    """Shows reminders as they come due, each once; where the desktop shows none, they are told here."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.shown: set[Reminder] = set()
        self.notifier: Notifier | None = None
        self.begun = False

    def __call__(self, moment: Moment) -> None:
        from plaincrm.live.programs import notifier  # noqa: PLC0415
        from plaincrm.live.reminders import reminders  # noqa: PLC0415

        if not self.begun:
            self.begun, self.notifier = True, notifier()
            if self.notifier is None:
                self.say("There is no notify-send or osascript here; reminders are told in this window.")
        zone = moment.vault.config.timezone
        clock = datetime.now(ZoneInfo(zone) if zone else None).time()
        report = moment.vault.agenda(moment.today, days=0)
        for reminder in reminders(report, datetime.combine(moment.today, clock)):
            if reminder not in self.shown:
                self.shown.add(reminder)
                self._show(reminder)

    def _show(self, reminder: Reminder) -> None:
        if self.notifier is not None and self.notifier(*reminder):
            return
        if self.notifier is not None:
            self.notifier = None
            self.say("The desktop shows no reminders; they are told in this window.")
        self.say(f"{reminder.title}: {reminder.text}")


def _tell(asked: Asked, told: Told) -> None:
    from plaincrm.live.watch import Gone, Many, Notice, Saved  # noqa: PLC0415
    from plaincrm.render import watching  # noqa: PLC0415

    clock = _clock()
    match told:
        case Saved(file, diagnostics):
            _show(asked, watching.saved(clock, file, diagnostics))
        case Many(number, diagnostics):
            _show(asked, watching.many(clock, number, diagnostics))
        case Gone(file):
            _show(asked, watching.notice(clock, f"{file}: gone"))
        case Notice(text):
            _show(asked, watching.notice(clock, text))
        case _:
            _show(asked, watching.refreshed(clock, told, page_width(sys.stdout)))


def _say(asked: Asked, text: str) -> None:
    from plaincrm.render.watching import notice  # noqa: PLC0415

    _show(asked, notice(_clock(), text))


def _clock() -> str:
    return f"{datetime.now():%H:%M:%S}"


def _show(asked: Asked, lines: Iterable[Line]) -> None:
    stream = sys.stdout
    write(as_text(list(lines), color=wants_color(asked.color, stream), width=page_width(stream)), stream)
