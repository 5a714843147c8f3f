"""`plaincrm letters`: a letter to each customer of a query, and the entry in the log once they are sent."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, notices
from plaincrm.cli.query import QueryCommand
from plaincrm.cli.writing import committing, tell
from plaincrm.document.source import Unreadable, decode, read_bytes
from plaincrm.errors import NoMatch, UsageError
from plaincrm.render.terminal import write

if TYPE_CHECKING:
    from plaincrm.api.lettering import Letters
    from plaincrm.render.letters.letter import Letter

_CHANNELS = {"eml": "email", "html": "letter", "md": "letter"}


@click.command("letters", cls=QueryCommand)
@click.argument("template", type=click.Path())
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option("-o", "--output", "folder", metavar="DIR", required=True, help="The folder of the letters.")
@click.option("--for", "purpose", metavar="PURPOSE", default="", help="What they are for: marketing:email.")
@click.option("--skip-missing", is_flag=True, help="Leave out customers who lack what the template asks for.")
@click.option("--log", "sent", is_flag=True, help="Log the letters that lie in DIR as sent; write none.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@committing
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (each is an option)
    asked: Asked,
    template: str,
    query: tuple[str, ...],
    folder: str,
    purpose: str,
    skip_missing: bool,
    sent: bool,
    dry_run: bool,
) -> int:
    """A letter to each customer of a query: mail drafts, pages or notes, by the name of TEMPLATE. Nothing is sent.

    \b
    plaincrm letters spring.eml tag:terrace --for marketing:email -o drafts
    plaincrm letters spring.eml -o drafts --log
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    from plaincrm.render.letters.kinds import kind_of  # noqa: PLC0415 (not where a shell completes)

    kind, words = kind_of(template), " ".join(query)
    if sent:
        _log(asked, Path(folder), kind, (template, words), dry_run)
        return 0
    found = asked.vault.letters(_text_of(template), Path(template).name, words, today=asked.today, purpose=purpose)
    letters = _complete(found, skip_missing)
    if not dry_run:
        _write_all(asked, Path(folder), letters)
    _say(found, letters, folder, dry_run)
    notices(asked)
    return 0 if letters or not query else 1


def _text_of(template: str) -> str:
    try:
        return decode(read_bytes(Path(template))).text
    except Unreadable:
        raise UsageError(f"{template} cannot be read.", "Name a template: a file .eml, .html or .md.") from None


def _complete(found: Letters, skip_missing: bool) -> list[Letter]:
    """The letters that lack nothing.

    Raises:
        UsageError: others do, and are not to be left out.
    """
    lacking = [letter for letter in found.letters if letter.lacks]
    if lacking and not skip_missing:
        lines = [f"  {letter.customer}: {', '.join(letter.lacks)}" for letter in lacking[:10]]
        more = [f"  and {len(lacking) - 10} more"] if len(lacking) > 10 else []
        count = f"{len(lacking)} of {len(found.letters)} customers lack"
        raise UsageError(
            "\n".join([f"{count} what the template asks for; nothing was written.", *lines, *more]),
            'Fill it in, write {{ x | default("...") }}, or leave them out with --skip-missing.',
        )
    return [letter for letter in found.letters if not letter.lacks]


def _write_all(asked: Asked, folder: Path, letters: list[Letter]) -> None:
    """Write the letters into a folder of their own; none of them over what stands there."""
    names = [letter.file for letter in letters]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice:
        raise UsageError(f"Two customers have the id {Path(twice).stem}.", "Rename one of them, or say folder:... .")
    try:
        if folder.resolve().is_relative_to(asked.vault.root.resolve()):
            raise UsageError(f"{folder} is in the vault.", "Name a folder elsewhere: letters are no notes.")
        folder.mkdir(exist_ok=True)
        there = next((name for name in names if os.path.lexists(folder / name)), None)
        if there:
            raise UsageError(f"{folder / there} is there already; nothing was written.", "Name a new folder.")
        for letter in letters:
            with (folder / letter.file).open("xb") as file:
                file.write(letter.content)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(f"{folder} cannot be written to: {why}.", "Name a folder beside one that is there.") from None


def _say(found: Letters, letters: list[Letter], folder: str, dry_run: bool) -> None:
    from plaincrm.render.exported import counted, left_out, unread  # noqa: PLC0415 (with what writes)

    done = "would be written" if dry_run else "written"
    lines = [f"{counted(len(letters), 'letters')} {done} to {folder}; none is sent.", *left_out(found.permitted)]
    lacking = [letter.customer for letter in found.letters if letter.lacks]
    if lacking:
        lines.append(f"{counted(len(lacking), 'customers')} left out, lacking what the template asks for.")
    write("".join(f"{line}\n" for line in [*lines, *unread(found.unread)]), sys.stderr)


def _log(asked: Asked, folder: Path, kind: str, template: tuple[str, str], dry_run: bool) -> None:
    """Log the letters that lie in the folder."""
    name, query = template
    known = {row.customer for row in asked.vault.list(query, today=asked.today).customers}
    there = sorted(path for path in folder.glob(f"*.{kind}") if path.stem in known)
    if not there:
        raise NoMatch(f"No letter to these customers lies in {folder}.", "Write them first, without --log.")
    usual = " ".join(Path(name).stem.replace("-", " ").replace("_", " ").split())
    sent = {path.stem: _subject(path) if kind == "eml" else usual for path in there}
    tell(asked, asked.vault.log_letters(sent, _CHANNELS[kind], asked.today, dry_run=dry_run))


def _subject(mail: Path) -> str:
    from email import message_from_bytes, policy  # noqa: PLC0415 (30 ms, for mails only)

    try:
        found = message_from_bytes(read_bytes(mail), policy=policy.default)["Subject"]
    except Unreadable:
        found = None
    subject = " ".join(str(found or "").split()).replace("::", ": :").replace("[[", "[ [")  # no field, no link
    if not subject:
        raise UsageError(f"{mail} has no subject to log.", "Take it out of the folder, or log it by hand.")
    return subject
