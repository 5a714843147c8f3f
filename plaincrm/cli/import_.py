"""`plaincrm import`: the customers of another program, looked at first."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from plaincrm.cli.assignments import told_apart, values_of
from plaincrm.cli.context import Asked, limited, reporting
from plaincrm.cli.writing import commit, committing
from plaincrm.errors import UsageError
from plaincrm.language import LANGUAGES
from plaincrm.render.terminal import write


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--apply", is_flag=True, help="Write it; without this it is only shown.")
@click.option("--map", "maps", metavar="HEADER=FIELD", multiple=True, help="What a column is; - leaves it out.")
@click.option("--set", "settings", metavar="FIELD=VALUE", multiple=True, help="A field of every new customer.")
@click.option("--is", "decisions", metavar="FILE:LINE=CUSTOMER", multiple=True, help="Whom a record is about, or new.")
@click.option("--keep", is_flag=True, help="Keep what the notes say; fill only what is empty.")
@click.option("--save-preset", metavar="NAME", help="Keep what the columns mean for files like this one.")
@click.option("--delimiter", metavar="SIGN", default="", help="What parts the columns: ; or , or tab.")
@click.option("--encoding", metavar="NAME", default="", help="As utf-8, cp1252 or utf-16.")
@click.option("--decimal", type=click.Choice([",", "."]), help="The decimal sign of numbers.")
@click.option("--header-row", metavar="LINE", type=click.IntRange(1), help="The line with the names of the columns.")
@click.option("--sheet", metavar="NAME", default="", help="The sheet of a workbook.")
@click.option("--in", "folder", metavar="FOLDER", default="", help="The folder of new notes.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language of their keys, else that of most notes.")
@limited(10, "records of each kind")
@committing
@reporting
@click.pass_obj
def command(asked: Asked, /, files: tuple[Path, ...], apply: bool, limit: int, **options: Any) -> None:  # noqa: ANN401
    """Take over customers, people and deals that another program exported.

    CSV in any form, Excel, ODS, JSON and vCard are read, and it is said how. Whoever is there is found by ids,
    addresses and numbers, then by names that more speaks for; what is unclear is left to you. Nothing is written
    without --apply, then all of it or nothing, and undo takes it back.
    """
    from plaincrm.exchange.tables import Told  # noqa: PLC0415 (with the rest of what imports)
    from plaincrm.render import importing  # noqa: PLC0415

    told = Told(
        options["delimiter"],
        options["encoding"],
        options["decimal"] or "",
        options["header_row"] or 0,
        options["sheet"],
    )
    sources = asked.vault.read_import(files, told, columns_told(options["maps"]))
    report = asked.vault.import_records(sources, _how(asked, options), apply=apply, progress=_Bar())
    asked.vault.notices.extend(report.written.notices)
    asked.answer(
        text=lambda width: importing.text(report, width, limit),
        data=lambda: importing.data(report),
        rows=lambda: (importing.FIELDS, importing.rows(report)),
    )
    if options["save_preset"]:
        for item in asked.vault.save_preset(options["save_preset"], sources[0]).files:
            write(f"Written: {item.file}\n", sys.stderr)
    if apply:
        commit(asked, asked.vault, report.written.files)


def _how(asked: Asked, options: dict[str, Any]) -> Any:  # noqa: ANN401 (of a module that is loaded late)
    from plaincrm.changes.import_assign import ImportHow  # noqa: PLC0415
    from plaincrm.changes.new import NewNote  # noqa: PLC0415

    _named, given = told_apart(options["settings"])
    if len(given) != len(options["settings"]) or any(sign != "=" for _key, sign, _value in given):
        raise UsageError("--set gives a field a value.", "Write --set stage=customer.")
    schema = asked.vault.config.schema
    fields = {
        (found.key if (found := schema.table.find(key)) else key): values_of(asked, key, value)
        for key, _sign, value in given
    }
    unknown = next((key for key in fields if key not in schema.table.customer), None)
    if unknown:
        raise UsageError(f"There is no field {unknown}.", "See plaincrm fields.")
    new = NewNote(asked.today, folder=options["folder"], language=options["language"])
    return ImportHow(new, fields, options["keep"], dict(map(_decided, options["decisions"])))


def columns_told(maps: Iterable[str]) -> dict[str, str]:
    """What columns are said to be, by their headers.

    Raises:
        UsageError: one names no column.
    """
    return dict(map(_mapped, maps))


def _mapped(text: str) -> tuple[str, str]:
    header, equals, target = text.partition("=")
    if not equals or not header.strip():
        raise UsageError(f"--map {text} names no column and field.", "Write --map 'Customer No=ids'.")
    return header.strip(), target.strip()


def _decided(text: str) -> tuple[str, str]:
    place, equals, customer = text.rpartition("=")
    if not equals or not customer.strip() or not place.rpartition(":")[2].isdigit():
        raise UsageError(f"--is {text} names no record and customer.", "Write --is contacts.csv:7=aurinko.")
    return place.strip(), customer.strip()


class _Bar:
    """Progress on a terminal's error stream, for imports that take their time."""

    LEAST = 2000  # records, which take about two seconds

    def __init__(self) -> None:
        self.bars: dict[str, Any] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if not total:
            if done % self.LEAST == 0:
                write(f"\r{what}  {done:,}", sys.stderr)
            return
        if total < self.LEAST:
            return
        if what not in self.bars:
            write("\r", sys.stderr)
            self.bars[what] = click.progressbar(length=total, label=f"{what:8}", file=sys.stderr, update_min_steps=200)
        self.bars[what].update(1)
        if done == total:
            self.bars[what].render_finish()
