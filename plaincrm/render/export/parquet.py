"""Apache Parquet, for DuckDB, pandas, R and the like: every column with its type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

import pyarrow
from pyarrow.parquet import ParquetWriter

from plaincrm.render.export.forms import How
from plaincrm.reports.export import Cell, Export, ExportColumn

_GROUP = 10_000  # rows that are held at once
_TYPES = {
    "text": pyarrow.string(),
    "list": pyarrow.list_(pyarrow.string()),
    "date": pyarrow.date32(),
    "amount": pyarrow.decimal128(19, 4),  # as the index keeps them: ten-thousandths in 64 bits
    "number": pyarrow.float64(),
    "whole": pyarrow.int64(),
    "yes/no": pyarrow.bool_(),
}


def write(file: BinaryIO, export: Export, _how: How) -> list[str]:
    """Write the rows in groups."""
    schema = pyarrow.schema([(column.key, _TYPES[column.kind]) for column in export.columns])
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in _groups(export):
            cells = zip(*rows, strict=True)
            arrays = [
                pyarrow.array([_value(column, cell) for cell in row], _TYPES[column.kind])
                for column, row in zip(export.columns, cells, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
    return []


def _groups(export: Export) -> Iterator[list[tuple[Cell, ...]]]:
    while rows := list(islice(export.rows, _GROUP)):
        yield rows


def _value(column: ExportColumn, cell: Cell) -> Any:  # noqa: ANN401 (what the column's type takes)
    if cell is None:
        return None
    if column.kind == "date":
        return date.fromisoformat(str(cell))
    return float(str(cell)) if column.kind == "number" else cell
