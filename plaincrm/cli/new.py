"""`plaincrm new`: a note for a new customer."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

import click

from plaincrm.cli.assignments import canonical_key, told_apart, values_of
from plaincrm.cli.complete import customers, query_words
from plaincrm.cli.context import Asked
from plaincrm.cli.days import odd_days
from plaincrm.cli.writing import all_the_same, tell, writing
from plaincrm.errors import NoMatch, SeemsKnown, SeveralMatch, UsageError
from plaincrm.index.paths import disk_path
from plaincrm.language import LANGUAGES

if TYPE_CHECKING:
    from plaincrm.changes.carry_out import WriteReport
    from plaincrm.changes.new import NewNote


@click.command("new")
@click.argument("words", metavar="[NAME] [FIELD=VALUE...]", nargs=-1, shell_complete=query_words)
@click.option(
    "--from",
    "like",
    metavar="CUSTOMER",
    default="",
    help="Like this one, or the one of a query.",
    shell_complete=customers,
)
@click.option("--in", "folder", metavar="FOLDER", default="", help="The folder, from the root of the vault.")
@click.option("--file", metavar="NAME", default="", help="Call the file so, and not after the customer.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language of its keys, else that of most notes.")
@click.option("--business-id", metavar="Y-TUNNUS", default="", help="The company in the Finnish company register.")
@click.option(
    "--from-register", "answer", metavar="FILE", type=click.File("rb"), help="The register's answer; - is piped."
)
@click.option("--fetch", is_flag=True, help="Ask the register over the network: sends it the business id alone.")
@click.option("--yes", "known", is_flag=True, help="Write it even though the customer seems to be there already.")
@click.option("--edit", is_flag=True, help="Open it in $VISUAL or $EDITOR then.")
@writing
@click.pass_obj
def command(
    asked: Asked,
    /,
    words: tuple[str, ...],
    edit: bool,
    business_id: str,
    answer: IO[bytes] | None,
    fetch: bool,
    **options: Any,  # noqa: ANN401 (NewNote's)
) -> None:
    """Write a note for a new customer.

    It begins as a template of the vault, or as a built-in one. FIELD=VALUE is checked before anything is written;
    dates may be spoken: next=friday. Somebody with the same or nearly the same name, the same business id, e-mail
    address or phone number is named first.

    Of a Finnish company the open register tells name, address and line of business, from an answer that is saved in a
    file or piped in (--from-register), or asked for (--fetch).
    """
    from plaincrm.changes.new import NewNote  # noqa: PLC0415 (with the rest of what writes)

    named, given = told_apart(words)
    registered: Mapping[str, Sequence[str]] = {}
    if business_id or answer or fetch:
        name, registered = _registered(asked, business_id, answer, fetch)
        named = named or [name]
    if not named:
        raise UsageError("No customer is named.", 'Write plaincrm new "Acme Oy" type=company.')
    signed = next((f"{key}{sign}" for key, sign, _value in given if sign != "="), None)
    if signed:
        raise UsageError(f"A new note has no list to change: {signed}.", "Write FIELD=VALUE.")
    fields = {**registered, **{canonical_key(asked, key): values_of(asked, key, value) for key, _sign, value in given}}
    for key, texts in fields.items():
        asked.vault.notices.extend(odd_days(key, texts, asked.today))
    how = NewNote(asked.today, **{**options, "like": _like(asked, options["like"])})
    report = _made(asked, " ".join(named), fields, how)
    tell(asked, report)
    if edit and not how.dry_run:
        from plaincrm.cli.opening import open_note  # noqa: PLC0415 (for this option only)

        path = asked.vault.root.resolve() / disk_path(report.files[0].file)
        open_note("editor", path, 1, is_terminal=sys.stdout.isatty())


def _like(asked: Asked, text: str) -> str:
    """The customer that a new one is to be like: called so, else the only one of a query."""
    if not text:
        return ""
    try:
        asked.vault.path_of(text)
    except NoMatch as unnamed:
        if isinstance(unnamed, SeveralMatch) or not _QUERY.search(text):
            raise
        found = asked.vault.list(text, today=asked.today).customers
        if not found:
            raise
        if len(found) > 1:
            told = f"plaincrm list {shlex.quote(text)} shows them: name one."
            raise SeveralMatch(f"{text} are {len(found)} customers.", told) from None
        return found[0].customer
    return text


_QUERY = re.compile(r"[:=<>@]")


def _registered(
    asked: Asked, business_id: str, answer: IO[bytes] | None, fetch: bool
) -> tuple[str, Mapping[str, Sequence[str]]]:
    """The name and the fields that the register tells of a company."""
    from plaincrm.exchange.register import company, fetched, sound_business_id  # noqa: PLC0415 (for these options only)

    schema = asked.vault.config.schema
    number = sound_business_id(business_id, schema) if business_id else ""
    if answer is None and not (fetch and number):
        remedy = "Add --fetch to ask the register, or --from-register FILE with its answer."
        raise UsageError("Where does the register's answer come from?", remedy if number else "Add --business-id, too.")
    data = answer.read() if answer else fetched(number)
    return company(data, number, schema)


def _made(asked: Asked, name: str, fields: Mapping[str, Sequence[str]], how: NewNote) -> WriteReport:
    """The note written; where the customer seems to be there already, it is asked whether it should be."""
    try:
        return asked.vault.new(name, how, **fields)
    except SeemsKnown as known:
        all_the_same(known, "Write a note of its own all the same?")
        return asked.vault.new(name, how._replace(known=True), **fields)
