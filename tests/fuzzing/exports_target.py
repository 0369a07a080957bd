"""Parts of the graph with hostile texts, written in every format and read back: nothing lost, no formula, no file outside.

An input is JSON: a format, a title, texts, links between them by number. What is no such JSON is taken as texts, one a line, in every format.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import bibtexparser
import networkx as nx
import openpyxl
from hypothesis import strategies as st

from kg.cleaning import clean_part, clean_text
from kg.export import FORMATS, to_bytes, write_export
from kg.gap_results import FORMULAS
from kg.picture import read_vis
from kg.subgraph import Subgraph

from .. import parts
from . import Target, World

TRIED = tuple(
    name for name in FORMATS if name not in ("png", "data-package", "ro-crate")
)  # a picture; packages of what is tried alone
MOST_TEXTS, LONGEST = 4, 300
SCRIPTS = 2  # of the page: the library that draws, and what it draws
PIECES = (
    *(text for text in parts.HOSTILE if len(text) < 200 and text.isprintable()),
    "=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\x1b", "\ufffe", "\ud83d", "\u202e", "\u2028", "\x85", "]]>", "<!--", "-->", "&amp;", "&#0;",
    "</script>", "{{", "}}", "{%", "\\", "\\n", "\\u0000", '"', "'", "''", '"""', "|", ",", ";", "..", "/", "../", "CON", "%00", "#", "~", "$",
    "\\end{x}", "@misc{", "名前", "مرحبا", "e\u0301", "\U0001f469", "＝", "＋", " ", "\u00a0",
)  # fmt: skip


def open_target(world: World) -> Target:
    """Write parts that look like one of a small build."""
    like = world.kg.subgraph(["ap-barrier-2.6"])
    folder = world.folder / "exports"

    def check(data: bytes) -> None:
        formats, title, texts, ends, records = _read(data)
        part = parts.make_part(like, texts, ends)
        part = clean_part(replace(part, title=title or part.title))
        for name in formats:
            told = to_bytes(part, name, records=records)
            if FORMATS[name].text:
                told.decode("utf-8")
            READERS[name](told, part, records)
            assert to_bytes(part, name, records=records) == told, f"{name}: the same part gives other bytes"
        if "kumu" in formats:  # what is one of many: files are written alike
            _write(part)

    def _write(part: Subgraph) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "in").mkdir(parents=True)
        file = write_export(part, "kumu", folder / "in")
        assert [path.name for path in folder.rglob("*")] == ["in", file.name], "a file outside"
        assert re.fullmatch(r"[a-z0-9.-]+", file.name), "a name that leads elsewhere"

    text = st.lists(st.sampled_from(PIECES) | st.text(max_size=10), max_size=6).map("".join)
    made = st.fixed_dictionaries(
        {
            "format": st.sampled_from(TRIED),
            "title": text,
            "texts": st.lists(text, min_size=1, max_size=MOST_TEXTS),
            "ends": st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4),
            "records": st.booleans(),
        }
    ).map(lambda told: json.dumps(told).encode())
    words = (
        *(each for each in PIECES if each != "\ud83d"),
        *(f'"{name}"' for name in TRIED),
        "\\ud83d",
        "\\u0000",
        "\\ufffe",
    )
    return Target("exports", check, made, check, words)


def _read(data: bytes) -> tuple[tuple[str, ...], str, list[str], list[tuple[int, int]], bool]:
    """What an input asks for, within bounds."""
    try:
        told = json.loads(data)
        texts = [str(each)[:LONGEST] for each in told["texts"]][:MOST_TEXTS] or [""]
        ends = [(int(a) % len(texts), int(b) % len(texts)) for a, b in told.get("ends", [])][:6]
        named = (told["format"],) if told.get("format") in TRIED else TRIED
        return named, str(told.get("title", ""))[:LONGEST], texts, ends, bool(told.get("records", True))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        lines = data.decode("utf-8", "surrogateescape").split("\n")
        return (TRIED[len(data) % len(TRIED)],), "", [line[:LONGEST] for line in lines[:MOST_TEXTS]], [(0, 0)], True


def _wanted(part: Subgraph, records: bool) -> parts.Read:
    return parts.expected(part, records=records)


def _rdf(form: str, parse: str) -> Any:
    def read(data: bytes, part: Subgraph, records: bool) -> None:
        if records:
            assert parts.read_rdf(data, parse, part) == _wanted(part, True)

    return read


def _graphml(data: bytes, part: Subgraph, records: bool) -> None:
    graph = nx.read_graphml(io.BytesIO(data), force_multigraph=True)
    for _, told in graph.nodes(data=True):  # this reader leaves empty texts out
        told.update({name: told.get(name, "") for name in ("label", "summary")})
    assert parts.read_network(graph) == _wanted(part, records)


def _gexf(data: bytes, part: Subgraph, records: bool) -> None:
    assert parts.read_gexf(data) == _wanted(part, records)


def _cytoscape(data: bytes, part: Subgraph, records: bool) -> None:
    assert parts.read_cytoscape(data) == _wanted(part, records)


def _node_link(data: bytes, part: Subgraph, records: bool) -> None:
    graph = nx.node_link_graph(json.loads(data), edges="edges")
    assert parts.read_network(graph) == _wanted(part, records)


def _json(data: bytes, part: Subgraph, records: bool) -> None:
    assert parts.read_json(data) == _wanted(part, records)


def _xml(data: bytes, part: Subgraph, records: bool) -> None:
    root = ElementTree.fromstring(data)
    for element in root.iter():
        assert element.tag.rpartition("}")[2].lower() not in ("script", "foreignobject", "iframe"), element.tag
        assert not any(name.lower().startswith("on") for name in element.attrib), element.attrib


class _Tags(HTMLParser):
    """What stands on a page: its tags with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.text = list[tuple[str, list[tuple[str, str | None]]]](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _page(data: bytes, part: Subgraph, records: bool) -> None:
    page = _Tags()
    page.feed(data.decode().replace(read_vis()[0], ""))  # the library that draws, which is long and known
    names = [name for _, attributes in page.tags for name, _ in attributes]
    values = [value or "" for _, attributes in page.tags for _, value in attributes]
    assert not any(name.startswith("on") for name in names) and not any("javascript:" in value for value in values)
    assert [tag for tag, _ in page.tags].count("script") == SCRIPTS, "a text begins a script"
    told = " ".join("".join(page.text).split())
    assert all(" ".join(item.label.split()) in told for item in part.items), "a name is not on the page"


def _tables(nodes: str, edges: str, columns: tuple[str, str] = ("", "")) -> Any:
    def read(data: bytes, part: Subgraph, records: bool) -> None:
        files = parts.unpack(data)
        for name, body in files.items():
            assert re.fullmatch(r"[A-Za-z0-9_.-]+", name), "a file outside"
            if name.endswith(".csv"):
                rows = parts.read_csv(body.removeprefix(b"\xef\xbb\xbf"))
                assert not any(str(cell).startswith(FORMULAS) for row in rows for cell in row.values()), "a formula"
        if columns == ("", ""):
            found = parts.read_tables(*(parts.read_csv(files[name]) for name in (nodes, edges)))
            assert found == parts.as_cells(_wanted(part, records))

    return read


def _excel(data: bytes, part: Subgraph, records: bool) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = parts.read_tables(parts.read_sheet(book, "Items"), parts.read_sheet(book, "Links"))
    assert _lined(found) == _lined(_wanted(part, records)), "a text is lost"


def _lined(read: parts.Read) -> Any:
    items, links = read
    return {name: tuple(map(clean_text, told)) for name, told in items.items()}, links


def _bibtex(data: bytes, part: Subgraph, records: bool) -> None:
    library = bibtexparser.parse_string(data.decode())
    assert not library.failed_blocks and len(library.entries) >= len(part.sources)


def _csl(data: bytes, part: Subgraph, records: bool) -> None:
    assert len(json.loads(data)) >= len(part.sources)


READERS = {
    "turtle": _rdf("turtle", "turtle"), "json-ld": _rdf("json-ld", "json-ld"), "ntriples": _rdf("ntriples", "nt"), "rdfxml": _rdf("rdfxml", "xml"),
    "graphml": _graphml, "gexf": _gexf, "cytoscape": _cytoscape, "node-link": _node_link, "json": _json, "svg": _xml, "html": _page,
    "csv": _tables("nodes.csv", "edges.csv"), "excel": _excel, "kumu": _tables("", "", ("a", "b")), "neo4j": _tables("", "", ("a", "b")),
    "bibtex": _bibtex, "csl": _csl,
}  # fmt: skip
assert set(READERS) == set(TRIED)
