"""The rows of a SPARQL answer as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .data_results import Cell, DataAnswer, shorten

_WIDEST = 60  # of a column that others stand beside; what is longer runs on


def data_lines(answer: DataAnswer, prefixes: Mapping[str, str]) -> Iterator[str]:
    """A line a row under the names of the columns, then how many there are and whether there are more."""
    table = answer.table()
    if answer.form == "truth":
        yield _told(table.rows[0][0], prefixes)
        return
    rows = [table.names, *([_told(cell, prefixes) for cell in row] for row in table.rows)]
    widths = [min(max(map(len, column)), _WIDEST) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
    yield answer.mark or f"{answer.count} {'row' if answer.count == 1 else 'rows'}"


def _told(cell: Cell | None, prefixes: Mapping[str, str]) -> str:
    if cell is None:
        return ""
    if cell.kind == "literal":
        return " ".join(cell.text.split())
    return shorten(cell.text, prefixes) if cell.kind == "uri" else f"_:{cell.text}"
