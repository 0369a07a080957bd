"""A part of the graph as tables: CSV for R, pandas, Kumu and Neo4j, and an Excel workbook. No cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .flattening import (
    BETWEEN,
    ITEM_COLUMNS,
    NUMBERS,
    SOURCE_COLUMNS,
    Row,
    link_columns,
    to_item_row,
    to_link_row,
    to_source_row,
)
from .gap_results import FORMULAS, to_safe_cell
from .subgraph import CREDIT, LICENCE_URL, Subgraph
from .zipping import from_zip, to_zip

if TYPE_CHECKING:
    from openpyxl import Workbook

NODES, EDGES, SOURCES, CREDITS = "nodes.csv", "edges.csv", "sources.csv", "CREDITS.txt"
_WIDTHS = {
    "summary": 70,
    "because": 70,
    "label": 45,
    "credits": 100,
    "citation": 60,
    "rights": 60,
    "title": 45,
    "notes": 45,
}
_WIDTH = 18


def build_tables(part: Subgraph, *, records: bool) -> dict[str, tuple[Mapping[str, str], list[Row]]]:
    """Name of a file -> its columns with what they mean, and its rows."""
    return {
        NODES: (ITEM_COLUMNS, [to_item_row(part, item) for item in part.items]),
        EDGES: (link_columns(records), [to_link_row(edge, records) for edge in part.edges]),
        SOURCES: (SOURCE_COLUMNS, [to_source_row(part, source) for source in part.sources]),
    }


def to_table(columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    """CSV in UTF-8 with a line of names (RFC 4180, but for line feeds alone); a text that begins like a formula gets an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(columns)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return text.getvalue().encode()


def _cell(value: str | int) -> str | int:
    return to_safe_cell(value) if isinstance(value, str) else value


def to_credits(part: Subgraph) -> bytes:
    """What goes with every copy, as a text of its own."""
    head = [part.title, f"Selected by: {' '.join(part.words)}", f"{len(part.items)} items, {len(part.edges)} links"]
    return ("\n\n".join(["\n".join(head), *part.credits]) + "\n").encode()


def build_csv_files(part: Subgraph, *, records: bool) -> dict[str, bytes]:
    """Name -> bytes: three tables and the credits."""
    tables = build_tables(part, records=records)
    return {name: to_table(*table) for name, table in tables.items()} | {CREDITS: to_credits(part)}


def to_csv(part: Subgraph, records: bool) -> bytes:
    """Nodes, edges and sources as CSV, with the credits, in a zip."""
    return to_zip(build_csv_files(part, records=records))


def to_kumu(part: Subgraph, records: bool) -> bytes:
    """Elements and connections with the columns that Kumu knows, in a zip. Ids keep what has the same label apart."""
    elements: list[Row] = [
        {
            "ID": item.id,
            "Label": item.label,
            "Type": part.terms.kinds[item.kind].label.capitalize(),
            "Description": item.summary,
            "Tags": BETWEEN.join(part.by_id[topic].label if topic in part.by_id else topic for topic in item.about),
            "Source": item.source,
        }
        for item in part.items
    ]
    connections: list[Row] = []
    for edge in part.edges:
        row = to_link_row(edge, records)
        told = {"Description": "because", "Strength": "strength", "Basis": "basis", "State": "state"} if records else {}
        connections.append(
            {"ID": row["id"], "From": edge.start, "To": edge.end, "Type": edge.relation, "Label": edge.phrase}
            | {"Direction": "directed"}
            | {name: row[key] for name, key in told.items()}
        )
    files = {"elements.csv": elements, "connections.csv": connections}
    tables = {name: to_table(rows[0] if rows else ["From", "To"], rows) for name, rows in files.items()}
    return to_zip(tables | {CREDITS: to_credits(part)})


def to_neo4j(part: Subgraph, records: bool) -> bytes:
    """Nodes and relationships with the column names that ``neo4j-admin database import`` reads, and the command, in a zip."""
    names = {name: f"{name}:int" if name in NUMBERS else name for name in ITEM_COLUMNS} | {"id": "id:ID"}
    nodes: list[Row] = [
        {names[name]: value for name, value in to_item_row(part, item).items()}
        | {":LABEL": f"Item;{part.terms.kinds[item.kind].name}"}
        for item in part.items
    ]
    ends = {"start": ":START_ID", "end": ":END_ID", "relation": ":TYPE"}
    edges: list[Row] = [
        {ends.get(name, name): value for name, value in to_link_row(edge, records).items()}
        | {":TYPE": _in_capitals(edge.relation)}
        for edge in part.edges
    ]
    files = {
        NODES: to_table([*names.values(), ":LABEL"], nodes),
        EDGES: to_table([ends.get(name, name) for name in link_columns(records)], edges),
        CREDITS: to_credits(part),
        "IMPORT.txt": _NEO4J.encode(),
    }
    return to_zip(files)


_NEO4J = f"""Unpack this folder where Neo4j may read it, then, with the database stopped:

neo4j-admin database import full --nodes={NODES} --relationships={EDGES} --multiline-fields=true --overwrite-destination neo4j
"""


def _in_capitals(name: str) -> str:
    """A relation as Neo4j writes types.

    >>> _in_capitals("isPartOf")
    'IS_PART_OF'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def to_excel(part: Subgraph, records: bool) -> bytes:
    """An Excel workbook: items, links, sources, and whose it is. Texts are stored as texts."""
    from datetime import date, datetime, time

    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, (columns, rows) in build_tables(part, records=records).items():
        title = {NODES: "Items", EDGES: "Links", SOURCES: "Sources"}[name]
        _add_sheet(book, title, columns, rows)
    _add_sheet(book, "About", ("what", "credits"), _about(part, records))
    made = datetime.combine(date.fromisoformat(part.date or "2000-01-01"), time())
    book.properties.creator = book.properties.lastModifiedBy = CREDIT
    book.properties.title, book.properties.created = part.title, made
    buffer = io.BytesIO()
    book.save(buffer)
    files = from_zip(buffer.getvalue())
    core = "docProps/core.xml"  # openpyxl writes the time of saving into it
    stamp = rf"\g<1>{made:%Y-%m-%dT%H:%M:%SZ}<"
    files[core] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*<", stamp.encode(), files[core])
    return to_zip(files)


def _about(part: Subgraph, records: bool) -> Iterator[Row]:
    yield {"what": "Title", "credits": part.title}
    yield {"what": "Selection", "credits": " ".join(part.words)}
    yield {"what": "Version", "credits": f"{part.version}, {part.date}"}
    yield {"what": "Licence", "credits": LICENCE_URL}
    for line in part.credits:
        yield {"what": "Credit", "credits": line}
    for title, columns in (("Items", ITEM_COLUMNS), ("Links", link_columns(records)), ("Sources", SOURCE_COLUMNS)):
        for name, meaning in columns.items():
            yield {"what": f"{title}: {name}", "credits": meaning}


def _add_sheet(book: Workbook, title: str, columns: Iterable[str], rows: Iterable[Row]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    names = list(columns)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, _WIDTH)
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)

    def cell(value: str | int, font: Any = None) -> Any:
        made = WriteOnlyCell(sheet, value)
        made.alignment = wrapped
        if font:
            made.font = font
        if isinstance(value, str):
            made.data_type = "s"
            if value.startswith(FORMULAS):
                made.quotePrefix = True  # stays a text when somebody edits it
        return made

    sheet.append([cell(name, bold) for name in names])
    lines = [[cell(row[name]) for name in names] for row in rows]
    for line in lines:
        sheet.append(line)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(lines) + 1}"
