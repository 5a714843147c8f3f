"""What a command needs of its surroundings: the vault, today, and where the answer goes. The clock is read here."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from plaincrm.api import Vault, open_vault
from plaincrm.cli.complete import customers
from plaincrm.cli.days import day_of
from plaincrm.errors import UsageError
from plaincrm.render.escape import terminal
from plaincrm.render.lines import Line
from plaincrm.render.terminal import as_text, page_width, speaks_unicode, wants_color, write

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from plaincrm.render.sheet import Sheet
    from plaincrm.reports.evidence import Explanation

FORMATS = ("text", "json", "csv")
_FOREIGN = ("pdf", "xlsx", "ods", "docx", "odt", "xml", "svg", "png", "html", "csv", "json")
Table = tuple[Iterable[str], Iterable[Iterable[Any]]]  # the titles of its columns, and its rows
_PATIENCE = 1.0  # seconds before a progress bar appears


class Then(NamedTuple):
    """The time whose knowledge answers, as --rev, --as-of and --hindsight say; none of them: now."""

    rev: str | None = None
    as_of: str | None = None
    hindsight: bool = False

    def sound(self) -> Then:
        """The same, where the options go together."""
        if self.hindsight and self.as_of is None:
            raise UsageError("--hindsight needs the day that it looks back at.", "Name it with --as-of DATE.")
        if self.rev is not None and self.as_of is not None and not self.hindsight:
            message = "--rev and --as-of both name a commit."
            raise UsageError(message, "Give one of them, or --hindsight to look from the revision back at the day.")
        return self


class Asked:
    """What was asked for besides the question itself: where, as of when, in which form.

    `vault_named` is whether the command line names the vault, so that no other is looked for.
    """

    def __init__(
        self,
        vault_path: str,
        today_text: str | None,
        color: str,
        cache: bool,
        vault_named: bool = False,
        then: Then = Then(),  # noqa: B008 (frozen)
    ) -> None:
        self.vault_path = vault_path
        self.today_text = today_text
        self.color = color
        self.cache = cache
        self.vault_named = vault_named
        self.then = then
        self.named_form: str | None = None
        self.forms: tuple[str, ...] = FORMATS
        self.output: str | None = None
        self.table: str | None = None
        self.commit = False
        self.vaults: list[Vault] = []

    @property
    def form(self) -> str:
        """The form of the answer: as told, else as the name of the file says, else text.

        Raises:
            UsageError: the file is called like one of a kind that nothing is written as.
        """
        ending = Path(self.output or "").suffix.lower().removeprefix(".")
        found = self.named_form or {"htm": "html", "markdown": "md"}.get(ending, ending)
        if found in self.forms:
            return found
        if found in _FOREIGN:
            ways = ", ".join(form for form in self.forms if form != "text")
            raise UsageError(f"{self.output}: this answer is not written as {found}.", f"There are text, {ways}.")
        return "text"

    @cached_property
    def today(self) -> date:
        """The day that answers are for."""
        if self.today_text is None and self.as_of:
            return self.as_of
        return self._now

    @cached_property
    def _now(self) -> date:
        now = date.today()  # the day on the user's own calendar
        return now if self.today_text is None else day_of(self.today_text, now, "--today")

    @cached_property
    def as_of(self) -> date | None:
        """The day whose knowledge answers."""
        return None if self.then.as_of is None else day_of(self.then.as_of, self._now, "--as-of")

    def see_present(self) -> None:
        """Refuse to change what was.

        Raises:
            UsageError: a day or a revision is named.
        """
        if self.then != Then():
            raise UsageError("What was cannot be changed.", "Leave --rev and --as-of out.")

    @cached_property
    def vault(self) -> Vault:
        """The vault that is asked."""
        return self.opened(self.vault_path)

    def opened(self, path: str) -> Vault:
        """A vault that is asked instead, or besides."""
        then = self.then.sound()
        vault = open_vault(path, cache=self.cache, progress=_Progress())
        if then.rev is not None:
            vault = vault.as_of(then.rev)
        if then.as_of is not None and self.as_of:
            vault = vault.as_of(self.as_of, hindsight=then.hindsight)
        self.vaults.append(vault)
        return vault

    def told(self, limit: int) -> int:
        """How many customers to tell one by one: programs get all."""
        return 0 if self.form in ("json", "csv") else limit

    def answer(
        self,
        *,
        text: Callable[[int], Iterable[Line]],
        data: Callable[[], Any],
        rows: Callable[[], tuple[Iterable[str], Iterable[Iterable[Any]]]],
        more: Mapping[str, Callable[[], Any]] | None = None,
    ) -> None:
        """Show an answer in the form asked for, on standard output or in a file.

        `more` are forms of this command alone: each a text that is ready, or a value to be written as JSON.
        """
        stream = sys.stdout if self.output is None else None
        if self.table and self.form != "csv":
            raise UsageError("--table chooses what CSV has; other forms have all.", "Add --format csv.")
        if self.form == "text":
            color = wants_color(self.color, stream)
            width = page_width(stream)
            shown = as_text(list(text(width)), color=color, width=width)
        elif self.form == "csv":
            from plaincrm.render.data import as_csv  # noqa: PLC0415 (for programs only)

            shown = as_csv(*_lists(rows()))
        else:
            from plaincrm.render.data import as_json  # noqa: PLC0415 (for programs only)

            told = data() if self.form == "json" else (more or {})[self.form]()
            shown = told if isinstance(told, str) else as_json(told, ascii_only=not speaks_unicode(stream))
        if self.output is None:
            write(shown, stream)
        else:
            _write_file(Path(self.output), shown, [vault.root for vault in self.vaults])
        notices(self)

    def answer_sheet(
        self,
        *,
        sheet: Callable[[], Sheet],
        data: Callable[[], Any],
        rows: Callable[[], Table] | None = None,
        tables: Callable[[], Mapping[str, Table]] | None = None,
    ) -> None:
        """The same for a report that people read as a sheet: in the terminal, as a note, or as a page.

        Of several `tables` CSV has the one that is asked for, or the first.
        """

        def table() -> Table:
            if tables is None:
                assert rows
                return rows()
            found = tables()
            return found[self.table or next(iter(found))]

        def text(width: int) -> Iterable[Line]:
            from plaincrm.render.sheet_text import lines  # noqa: PLC0415 (for this form only)

            return lines(sheet(), width)

        self.answer(text=text, data=data, rows=table, more=self.sheet_forms(sheet))

    def sheet_forms(self, sheet: Callable[[], Sheet]) -> dict[str, Callable[[], str]]:
        """A sheet as a note and as a page."""

        def markdown() -> str:
            from plaincrm.render.sheet_markdown import markdown  # noqa: PLC0415 (for this form only)

            return markdown(sheet())

        def page() -> str:
            from plaincrm.render.links import note_links  # noqa: PLC0415 (for this form only)
            from plaincrm.render.sheet_page import as_page  # noqa: PLC0415

            return as_page(sheet(), note_links(self.vault.config.links, self.vault.root, self.output))

        return {"md": markdown, "html": page}

    def answer_explanation(self, told: Explanation) -> None:
        """Why a report says what it says of one customer."""
        from plaincrm.render import explanation  # noqa: PLC0415 (for this option only)

        if self.table:
            raise UsageError("--table is of the report, and --explain of one customer.", "Leave one of them out.")

        self.answer_sheet(
            sheet=lambda: explanation.sheet(told),
            data=lambda: explanation.data(told),
            rows=lambda: (explanation.FIELDS, explanation.rows(told)),
        )


def notices(asked: Asked) -> None:
    """Say what the vaults have to say besides their answers."""
    for notice in dict.fromkeys(notice for vault in asked.vaults for notice in vault.notices):
        write(f"plaincrm: {terminal(notice)}\n", sys.stderr)


def file_outside(name: Path, vaults: Iterable[Path]) -> Path:
    """A file that may be written: none that stands in a vault, as it may be a note.

    Raises:
        UsageError: it stands there.
    """
    try:
        stands = name.exists() and any(name.resolve().is_relative_to(vault) for vault in vaults)
    except (OSError, ValueError) as error:
        raise UsageError(f"{name} cannot be written: {error}.", "Name a file in a folder that is there.") from None
    if stands:
        raise UsageError(f"{name} stands in the vault and is not written over.", "Name a new file.")
    return name


def _write_file(name: Path, text: str, vaults: Iterable[Path]) -> None:
    """Write an answer to a file."""
    try:
        file_outside(name, vaults).write_bytes(text.encode())
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(f"{name} cannot be written: {why}.", "Name a file in a folder that is there.") from None


def _lists(table: tuple[Iterable[str], Iterable[Iterable[Any]]]) -> tuple[list[str], list[list[Any]]]:
    titles, rows = table
    return list(titles), [list(row) for row in rows]


class _Progress:
    """A progress bar on a terminal's error stream, once reading takes longer than one likes to wait."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.bar: ProgressBar[Any] | None = None
        self.shown = 0

    def __call__(self, done: int, total: int) -> None:
        if self.bar is None:
            if not (sys.stderr and sys.stderr.isatty()) or time.monotonic() - self.started < _PATIENCE or done == total:
                return
            self.bar = click.progressbar(length=total, label="Reading notes", file=sys.stderr)
        self.bar.update(done - self.shown)
        self.shown = done
        if done == total:
            self.bar.render_finish()


def reporting(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every reporting command has; they are kept for `Asked.answer`."""
    return reporting_as(*FORMATS)(command)


def reporting_as(*forms: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same for a command that has other forms besides."""

    def keep_form(context: click.Context, _option: click.Parameter, value: str | None) -> None:
        asked = context.ensure_object(Asked)
        asked.named_form, asked.forms = value, forms

    kept: dict[str, Any] = {"expose_value": False, "callback": keep}
    output = click.option("-o", "--output", metavar="FILE", help="Write the answer to a file.", **kept)
    form = click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        help="The form of the answer; without it by the name of FILE, else text.",
        expose_value=False,
        callback=keep_form,
    )
    return lambda command: form(output(command))


def sheeted(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of reports that are answered as a sheet."""
    return reporting_as(*FORMATS, "md", "html")(command)


def tabled(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option of reports with several tables, of which CSV has one: the first where none is named."""
    return click.option(
        "--table",
        type=click.Choice(names),
        help=f"The table that CSV has; without it {names[0]}.",
        expose_value=False,
        callback=keep,
    )


def explained(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option --explain of reports whose figures come from lines of notes."""
    help_text = "The lines behind the figures of one customer."
    return click.option("--explain", metavar="CUSTOMER", help=help_text, shell_complete=customers)(command)


def limited(default: int, what: str = "customers") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option of commands whose text tells the first so many and counts the rest."""
    help_text = f"How many {what} to show as text; 0 is all."
    return click.option("--limit", type=click.IntRange(0), default=default, show_default=True, help=help_text)


def keep(context: click.Context, option: click.Parameter, value: str | bool | None) -> None:
    """Keep an option's value in what was asked, under its own name."""
    setattr(context.ensure_object(Asked), option.name or "", value)
