"""Write rows of terms as SPARQL results (JSON, XML, CSV, TSV), cut at a number of rows or bytes and marked where they are cut.

Own writers, since those of the engines write all or nothing. Where the mark stands: JSON in the member `truncated` and a link of the head,
XML in a link of the head and a comment. CSV and TSV have no place for a remark (a last line would be read as a row), so they carry none in
the body: the head of the HTTP answer and the name of the file say it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .data_results import Cell, DataAnswer, cut_mark

LINK = "/sparql#limits"  # where a cut answer is explained
_NUMBERS = ("integer", "decimal", "double", "float")
_XSD = "http://www.w3.org/2001/XMLSchema#"


Row = Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Writer:
    """How a format is written. :ivar head: of names and of the mark of a cut, "" for none. :ivar row: of names and cells."""

    head: Callable[[Sequence[str], str], str]
    row: Callable[[Sequence[str], Row], str]
    between: str
    tail: Callable[[str], str]


def write_rows(names: Sequence[str], rows: Iterable[Row], form: str, *, most: int, size: int) -> DataAnswer:
    """As many rows as may be given.

    :param form: json, xml, csv or tsv. :param most: rows, and :param size: bytes, that may be given.

    >>> cell = Cell("literal", "house", language="en")
    >>> write_rows(["word"], [[cell]], "tsv", most=1, size=100).body
    '?word\\n"house"@en\\n'
    >>> write_rows(["word"], [[cell]] * 2, "tsv", most=1, size=100).cut
    'rows'
    """
    writer, written, cut = WRITERS[form], list[str](), ""
    # The longest that head and tail can become, so that no row has to be taken back.
    left = size - len((writer.head(names, cut_mark("rows", most)) + writer.tail(cut_mark("rows", most))).encode())
    for row in rows:
        if len(written) == most:
            cut = "rows"
            break
        text = writer.row(names, row)
        left -= len(text.encode()) + len(writer.between)
        if left < 0:
            cut = "size"
            break
        written.append(text)
    mark = cut_mark("rows", len(written)) if cut else ""
    body = writer.head(names, mark) + writer.between.join(written) + writer.tail(mark)
    return DataAnswer("rows", form, body, len(written), cut)


def write_truth(truth: bool, form: str) -> DataAnswer:
    """Yes or no. CSV and TSV have no form for it in the standard: a line with the word, as others give it."""
    word = "true" if truth else "false"
    body = {
        "json": f'{{"head":{{}},"boolean":{word}}}\n',
        "xml": f"{_XML}<head></head><boolean>{word}</boolean></sparql>\n",
    }.get(form, f"{word}\n")
    return DataAnswer("truth", form, body, 1)


# ---- JSON ----


def _json_head(names: Sequence[str], mark: str) -> str:
    head = json.dumps({"vars": list(names), **({"link": [LINK]} if mark else {})}, ensure_ascii=False)
    truncated = f'"truncated":{json.dumps(mark)},' if mark else ""
    return f'{{"head":{head},{truncated}"results":{{"bindings":[\n'


def _json_row(names: Sequence[str], row: Row) -> str:
    return json.dumps(
        {name: _json_cell(cell) for name, cell in zip(names, row, strict=True) if cell},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _json_cell(cell: Cell) -> dict[str, str]:
    told = {"type": cell.kind, "value": cell.text}
    if cell.language:
        told["xml:lang"] = cell.language
    elif cell.datatype:
        told["datatype"] = cell.datatype
    return told


# ---- XML ----

_XML = '<?xml version="1.0" encoding="utf-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'


def _xml_head(names: Sequence[str], mark: str) -> str:
    told = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    link = f"<link href={quoteattr(LINK)}/>" if mark else ""
    return f"{_XML}<head>{told}{link}</head>\n{_xml_mark(mark)}<results>\n"


def _xml_mark(mark: str) -> str:
    return f"<!-- {mark} -->\n" if mark else ""


def _xml_row(names: Sequence[str], row: Row) -> str:
    told = (
        f"<binding name={quoteattr(name)}>{_xml_cell(cell)}</binding>"
        for name, cell in zip(names, row, strict=True)
        if cell
    )
    return f"<result>{''.join(told)}</result>\n"


def _xml_cell(cell: Cell) -> str:
    # XML 1.0 has no way to write some control characters: they become the character for what cannot be shown.
    text = "".join(
        sign if (sign >= " " and sign not in "\ufffe\uffff") or sign in "\t\n" else "\ufffd" for sign in cell.text
    )
    extra = f" xml:lang={quoteattr(cell.language)}" if cell.language else ""
    if cell.datatype and not cell.language:
        extra = f" datatype={quoteattr(cell.datatype)}"
    return f"<{cell.kind}{extra}>{escape(text)}</{cell.kind}>"


# ---- CSV and TSV ----


def _csv_row(names: Sequence[str], row: Row) -> str:
    return ",".join(_csv_cell(cell) for cell in row) + "\r\n"


def _csv_cell(cell: Cell | None) -> str:
    """The text alone, as the standard says; and where a spreadsheet would take words for a formula, an apostrophe before them."""
    if cell is None:
        return ""
    text = f"_:{cell.text}" if cell.kind == "bnode" else cell.text
    if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) and not _is_number(cell):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _is_number(cell: Cell) -> bool:
    return cell.datatype.removeprefix(_XSD) in _NUMBERS


def _tsv_row(names: Sequence[str], row: Row) -> str:
    return "\t".join(_tsv_cell(cell) for cell in row) + "\n"


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _tsv_cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.kind == "uri":
        return f"<{cell.text}>"
    if cell.kind == "bnode":
        return f"_:{cell.text}"
    text = '"' + cell.text.translate(_ESCAPES) + '"'
    if cell.language:
        return f"{text}@{cell.language}"
    return f"{text}^^<{cell.datatype}>" if cell.datatype else text


WRITERS = {
    "json": Writer(_json_head, _json_row, ",\n", lambda mark: "\n]}}\n"),
    "xml": Writer(_xml_head, _xml_row, "", lambda mark: f"</results>\n{_xml_mark(mark)}</sparql>\n"),
    "csv": Writer(lambda names, mark: ",".join(names) + "\r\n", _csv_row, "", lambda mark: ""),
    "tsv": Writer(lambda names, mark: "\t".join(f"?{name}" for name in names) + "\n", _tsv_row, "", lambda mark: ""),
}
