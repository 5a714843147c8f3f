"""`plaincrm export`: customers in the forms of other programs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from plaincrm.cli.complete import columns as columns_named
from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, file_outside, notices
from plaincrm.cli.query import QueryCommand
from plaincrm.errors import UsageError
from plaincrm.render.terminal import write

if TYPE_CHECKING:
    from tempfile import _TemporaryFileWrapper

WHAT = ("customers", "contacts", "entries", "sales", "tasks", "deals")
FORMS = ("csv", "jsonl", "xlsx", "vcard", "vcard3", "ics", "sqlite", "parquet", "hledger")
_ENDINGS = {"ndjson": "jsonl", "vcf": "vcard", "db": "sqlite", "sqlite3": "sqlite", "journal": "hledger"}
_BINARY = frozenset(("xlsx", "sqlite", "parquet"))


@click.command("export", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option("--what", type=click.Choice(WHAT), help="What to write; customers, where the form can hold them.")
@click.option("--format", "form", type=click.Choice(FORMS), help="The form; without it by the name of FILE, else csv.")
@click.option("-o", "--output", metavar="FILE", help="The file to write; without it standard output.")
@click.option(
    "--columns", metavar="FIELDS", default="", help="Which columns, with commas.", shell_complete=columns_named
)
@click.option("--for", "purpose", metavar="PURPOSE", default="", help="Only who may be contacted so: marketing:email.")
@click.option(
    "--locale", metavar="LANGUAGE", default="", help="CSV as spreadsheets of a country expect it: fi, sv, de."
)
@click.option("--raw", is_flag=True, help="CSV for programs: no apostrophes before what could be a formula.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (each is an option)
    asked: Asked,
    query: tuple[str, ...],
    what: str | None,
    form: str | None,
    output: str | None,
    columns: str,
    purpose: str,
    locale: str,
    raw: bool,
) -> int:
    """Customers, or what their notes say, in the forms of other programs.

    \b
    plaincrm export -o customers.xlsx
    plaincrm export tier:key --columns name,city,revenue --locale fi -o key.csv
    plaincrm export --what sales --format hledger -o sales.journal
    plaincrm export tag:café --for marketing:email -o spring.csv
    plaincrm export -o customers.jsonl
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    found = form or _form_of(output)
    if output is None and found in _BINARY and sys.stdout.isatty():
        raise UsageError(f"{found} is nothing to look at.", f"Write it to a file: -o customers.{found}.")
    with _to(asked, output) as file:
        report = asked.vault.export(
            file,
            " ".join(query),
            today=asked.today,
            form=found,
            what=what,
            columns=columns,
            purpose=purpose,
            locale=locale,
            raw=raw,
        )
    from plaincrm.render.exported import lines  # noqa: PLC0415 (with what writes)

    write("".join(f"{line}\n" for line in lines(report, output)), sys.stderr)
    notices(asked)
    return 0 if report.written or not query else 1


def _form_of(output: str | None) -> str:
    ending = Path(output or "").suffix.lower().removeprefix(".")
    if not ending:
        return "csv"
    form = _ENDINGS.get(ending, ending)
    if form not in FORMS:
        raise UsageError(f"{output}: nothing is exported as {ending}.", f"There are {', '.join(FORMS)}: say --format.")
    return form


@contextmanager
def _to(asked: Asked, output: str | None) -> Iterator[BinaryIO]:
    """A file beside the one to be written, which takes its place when all is there; or one for standard output."""
    target = file_outside(Path(output), [asked.vault.root]) if output else None
    try:
        file: _TemporaryFileWrapper[bytes] = NamedTemporaryFile(dir=target.parent if target else None, delete=False)  # noqa: SIM115
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.", "Name a folder that is there.") from None
    try:
        with file:
            yield cast(BinaryIO, file.file)
            if target is None:
                file.seek(0)
                sys.stdout.flush()
                shutil.copyfileobj(file.file, sys.stdout.buffer)
                sys.stdout.flush()
        if target:
            Path(file.name).chmod(0o666 & ~_umask())
            Path(file.name).replace(target)
    finally:
        Path(file.name).unlink(missing_ok=True)


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now
