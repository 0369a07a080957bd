"""What the questions after gaps give back: the fewest items that cover a selection, two sorts of things crossed, two sources compared."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from .results import Brief

# Why a cell of a gap map is empty.
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # how a formula may begin, full width too
SILENT, UNREAD, NOT_APPLICABLE = "silent", "unread", "does not apply"


@dataclass(frozen=True, slots=True)
class Covered:
    """One difficulty that a chosen item addresses and none before it did, with the reason of the link."""

    item: Brief
    strength: str
    because: str
    state: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """One item of a smallest set. :ivar covers: what it adds. :ivar touches: how many difficulties of the selection it addresses in all."""

    item: Brief
    covers: tuple[Covered, ...]
    touches: int


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A difficulty that none of the items asked for addresses. :ivar reason: why, as far as the data can tell."""

    item: Brief
    reason: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The fewest items that together address what can be addressed of a selection.

    :ivar asked: ids or kinds as they were asked for. :ivar difficulties: how many they come to. :ivar direct: only direct links count.
    :ivar kinds: kinds that were chosen from. :ivar audience: whom the items must ask to act, or "".
    :ivar candidates: how many items address any of it. :ivar chosen: those that add most first.
    :ivar smallest: it is proved that fewer cannot do. :ivar at_least: no set with fewer items than this can do.
    """

    asked: tuple[str, ...]
    difficulties: int
    direct: bool
    kinds: tuple[str, ...]
    audience: str
    candidates: int
    chosen: tuple[Chosen, ...]
    uncovered: tuple[Uncovered, ...]
    smallest: bool
    at_least: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column of a gap map. :ivar size: how many items it stands for."""

    id: str
    label: str
    size: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row and a column meet.

    :ivar holds: ids of the links that join them or, in a map of items, of the items that belong to both.
    :ivar direct: how many of the links are direct. :ivar contributing: how many are not. Both are 0 in a map of items.
    :ivar empty: "" or which empty it is: ``silent``, ``unread`` or ``does not apply``. :ivar why: that in a sentence, or "".
    :ivar pairs: in a map of links: how many pairs of items could be linked here. :ivar read: how many of them somebody has read.
    """

    row: str
    column: str
    direct: int
    contributing: int
    holds: tuple[str, ...]
    empty: str
    why: str
    pairs: int
    read: int


@dataclass(frozen=True, slots=True)
class GapMap:
    """Two sorts of things crossed.

    :ivar rows_are: the axis of the rows. :ivar columns_are: of the columns. :ivar holds: what cells hold: "links" or "items".
    :ivar relations: the relations that count. :ivar cells: row by row, every one.
    """

    rows_are: str
    columns_are: str
    holds: str
    relations: tuple[str, ...]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: tuple[Cell, ...]

    def to_csv(self) -> str:
        """One line a cell, for spreadsheets; what is held stands in the last column, parted by spaces."""
        labels = {
            "row": {line.id: line.label for line in self.rows},
            "column": {line.id: line.label for line in self.columns},
        }
        names = (
            "row",
            "row_label",
            "column",
            "column_label",
            "count",
            "direct",
            "contributing",
            "empty",
            "why",
            "pairs",
            "read",
            "holds",
        )
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        for cell in self.cells:
            values = (
                cell.row,
                labels["row"][cell.row],
                cell.column,
                labels["column"][cell.column],
                len(cell.holds),
                cell.direct,
                cell.contributing,
                cell.empty,
                cell.why,
                cell.pairs,
                cell.read,
                " ".join(cell.holds),
            )
            writer.writerow([to_safe_cell(str(value)) for value in values])
        return text.getvalue()


def to_safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it (OWASP, CSV injection).

    >>> to_safe_cell("=1+1"), to_safe_cell("＠SUM(1)"), to_safe_cell("ap-action-1.1.1")
    ("'=1+1", "'＠SUM(1)", 'ap-action-1.1.1')
    """
    return f"'{text}" if text.startswith(FORMULAS) else text


@dataclass(frozen=True, slots=True)
class SharedTopic:
    """A topic with the items of two sources that are about it or about a narrower one. :ivar top: it is one of the wide topics."""

    topic: Brief
    top: bool
    first: tuple[Brief, ...]
    second: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """An item of each source that say nearly the same, with the reason."""

    first: Brief
    second: Brief
    strength: str
    because: str
    basis: str
    state: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sources side by side.

    :ivar topic: the topic that all is narrowed to, or None. :ivar aligned: direct ones first.
    :ivar read: which kinds of items were read against each other in full, as "action with recommendation".
    :ivar only_first: items of those kinds of which the second source says nothing near. :ivar only_second: the other way round.
    :ivar warning: how far the figures may be trusted.
    """

    first: Brief
    second: Brief
    topic: Brief | None
    topics: tuple[SharedTopic, ...]
    aligned: tuple[Aligned, ...]
    read: tuple[str, ...]
    only_first: tuple[Brief, ...]
    only_second: tuple[Brief, ...]
    warning: str
