"""Parts of the graph for tests of exports, hostile ones too, and readers of every format that know nothing of its writer."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import igraph
import networkx as nx
import openpyxl
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, Namespace, URIRef

from kg.gap_results import to_safe_cell
from kg.subgraph import Edge, Subgraph
from kg.terms import ABOUT, NESTING

# What a text may bring along: formulas, markup, quotes, slashes, other scripts, signs that no XML can hold, and too much of it.
HOSTILE = [
    "=1+1",
    "＝HYPERLINK(1)",
    "@SUM(A1)",
    "-2+3\tcmd",
    "<b onclick=alert(1)>x</b><script>alert(1)</script>",
    '<a href="javascript:alert(1)">href</a><img src=x onerror=alert(1)>',
    "quotes \" ' ` and ] ]]> --> {{ 7*7 }} ${7}",
    "slashes / \\ .. ../../etc/passwd \\u0041",
    "مرحبا بالعالم \u202eright to left\u202c שלום",
    "family \U0001f469\u200d\U0001f469\u200d\U0001f467 and 名前 and é e\u0301",
    "control \x00\x01\x0b\x1b\x7f\x9f and \ufffe\uffff and \ud83d alone",
    "lines\r\none\rtwo\nthree \u2028 four",
    "braces { } % $ # _ & ~ ^ @misc{x, and |bar|",
    "long " + "x" * 10_000,
    "",
    " spaces  at both ends ",
]
Read = tuple[dict[str, tuple[str, str, str]], set[tuple[str, str, str, str]]]


def make_hostile(part: Subgraph) -> Subgraph:
    """The same part with hostile texts everywhere, and hidden words that must not come out."""
    items = tuple(
        replace(
            item,
            label=HOSTILE[at % len(HOSTILE)] or "Name",
            summary=HOSTILE[(at + 3) % len(HOSTILE)],
            also=(HOSTILE[(at + 5) % len(HOSTILE)], "plain"),
            notes=(HOSTILE[(at + 7) % len(HOSTILE)],),
            hidden=("findable-only",),
            unlike=("unlike-only",),
        )
        for at, item in enumerate(part.items)
    )
    edges = tuple(
        replace(edge, because=HOSTILE[at % len(HOSTILE)]) if edge.id else edge for at, edge in enumerate(part.edges)
    )
    sources = tuple(replace(source, title=HOSTILE[4] + source.title, credit=HOSTILE[0]) for source in part.sources)
    hostile = replace(part, title="".join(HOSTILE[:13]), items=items, edges=edges, sources=sources)
    return replace(hostile, triples_about=make_triples(hostile))


def make_part(like: Subgraph, texts: Iterable[str], links: Iterable[tuple[int, int]]) -> Subgraph:
    """A small part with these texts as labels, summaries and reasons."""
    told = list(texts)
    items = tuple(
        replace(like.items[0], id=f"i-{at}", kind="action", label=text, summary=text[::-1], parent="", about=())
        for at, text in enumerate(told)
    )
    edges = tuple(
        Edge(
            f"i-{a}--supports--i-{b}",
            f"i-{a}",
            "supports",
            f"i-{b}",
            "supports",
            "direct",
            told[a],
            "stated",
            "checked",
        )
        for a, b in dict.fromkeys(links)
    )
    part = replace(like, title=told[0], items=items, edges=edges, roles={item.id: "chosen" for item in items})
    return replace(part, triples_about=make_triples(part))


def make_triples(part: Subgraph) -> Callable[[Iterable[str]], str]:
    """What a build would say of the things of a part."""
    vocabulary, graph = Namespace(part.terms.vocabulary), Graph()
    for item in part.items:
        node = URIRef(part.iri(item.id))
        graph.add((node, RDF.type, vocabulary.Item))
        graph.add((node, RDF.type, vocabulary[part.terms.kinds[item.kind].name]))
        graph.add((node, SKOS.prefLabel, Literal(_utf8(item.label), "en")))
        graph.add((node, SKOS.definition, Literal(_utf8(item.summary), "en")))
        for word in item.hidden:
            graph.add((node, SKOS.hiddenLabel, Literal(word, "en")))
        for word in item.unlike:
            graph.add((node, vocabulary.notLabel, Literal(word, "en")))
    for edge in part.edges:
        start, end = URIRef(part.iri(edge.start)), URIRef(part.iri(edge.end))
        graph.add((start, DCTERMS.subject if edge.relation == ABOUT else vocabulary[edge.relation], end))
        if edge.id:
            node = URIRef(f"{part.base}link/{edge.id}")
            graph.add((node, RDF.type, vocabulary.Link))
            for name, value in (("from", start), ("relation", vocabulary[edge.relation]), ("to", end)):
                graph.add((node, vocabulary[name], value))
            graph.add((node, vocabulary.because, Literal(_utf8(edge.because), "en")))
    lines = sorted(line for line in graph.serialize(format="nt").split("\n") if line)

    def about(iris: Iterable[str]) -> str:
        starts = tuple(f"<{iri}> " for iri in iris)
        return "".join(f"{line}\n" for line in lines if line.startswith(starts))

    return about


def _utf8(text: str) -> str:
    return text.encode(errors="ignore").decode()


def expected(part: Subgraph, *, records: bool = True) -> Read:
    """What every reader should find: items with kind, label and summary; links with their reason."""
    items = {item.id: (item.kind, item.label, item.summary) for item in part.items}
    return items, {(e.start, e.relation, e.end, e.because if records else "") for e in part.edges}


def read_rdf(data: bytes, format: str, part: Subgraph) -> Read:
    graph = Graph().parse(data=data, format=format)
    vocabulary = Namespace(part.terms.vocabulary)
    kinds = {vocabulary[kind.name]: kind.id for kind in part.terms.kinds.values()}

    def short(node: Any) -> str:
        return str(node).rsplit("/", 1)[-1].rsplit("#", 1)[-1]

    items, reasons = {}, {}
    for node in graph.subjects(RDF.type, vocabulary.Item):
        kind = next(kinds[each] for each in graph.objects(node, RDF.type) if each in kinds)
        items[short(node)] = kind, str(graph.value(node, SKOS.prefLabel)), str(graph.value(node, SKOS.definition))
    for node in graph.subjects(RDF.type, vocabulary.Link):
        ends = tuple(short(graph.value(node, vocabulary[name])) for name in ("from", "relation", "to"))
        reasons[ends] = str(graph.value(node, vocabulary.because))
    predicates = {vocabulary[name]: name for name in (*part.terms.curated, NESTING)} | {DCTERMS.subject: ABOUT}
    links = set()
    for start, predicate, end in graph:
        if (name := predicates.get(predicate)) and short(start) in items and short(end) in items:
            ends = short(start), name, short(end)
            links.add((*ends, reasons.pop(ends, "")))
    assert not reasons, "a record without its direct triple"
    return items, links


def read_graphml(data: bytes, path: Any) -> Read:
    """By igraph, which is another program."""
    path.write_bytes(data)
    graph = igraph.Graph.Read_GraphML(str(path))
    items = {node["id"]: (node["kind"], node["label"], node["summary"]) for node in graph.vs}
    of = graph.vs["id"]
    names = set(graph.es.attributes()) if graph.ecount() else set()
    return items, {
        (of[e.source], e["relation"], of[e.target], (e["because"] if "because" in names else "") or "")
        for e in graph.es
    }


def read_gexf(data: bytes) -> Read:
    """As the standard of GEXF 1.2 has it: what is declared, and only that, is used."""
    space = {"g": "http://www.gexf.net/1.2draft"}
    root = ET.fromstring(data)
    assert root.tag == f"{{{space['g']}}}gexf" and root.get("version") == "1.2"
    [graph] = root.findall("g:graph", space)
    assert graph.get("defaultedgetype") == "directed" and graph.get("mode") == "static"
    declared: dict[str, dict[str, tuple[str, str]]] = {"node": {}, "edge": {}}
    for attributes in graph.findall("g:attributes", space):
        for each in attributes:
            assert each.attrib["type"] in ("string", "long", "integer")
            declared[attributes.attrib["class"]][each.attrib["id"]] = each.attrib["title"], each.attrib["type"]

    def values(element: ET.Element, sort: str) -> dict[str, str]:
        told = {}
        for each in element.findall("g:attvalues/g:attvalue", space):
            title, type_ = declared[sort][each.attrib["for"]]
            assert type_ == "string" or re.fullmatch(r"-?\d+", each.attrib["value"])
            told[title] = each.attrib["value"]
        assert len(told) == len(declared[sort]), "an attribute is missing"
        return told

    items, links, names = {}, set(), set()
    for node in graph.findall("g:nodes/g:node", space):
        told = values(node, "node")
        items[node.attrib["id"]] = told["kind"], node.attrib["label"], told["summary"]
        assert {child.tag.partition("}")[2] for child in node} == {"attvalues", "color", "size", "position"}
    for edge in graph.findall("g:edges/g:edge", space):
        told = values(edge, "edge")
        names.add(edge.attrib["id"])
        links.add((edge.attrib["source"], told["relation"], edge.attrib["target"], told.get("because", "")))
    assert len(names) == len(links)
    return items, links


def read_network(graph: nx.MultiDiGraph) -> Read:
    items = {node: (data["kind"], data["label"], data["summary"]) for node, data in graph.nodes(data=True)}
    return items, {(a, data["relation"], b, data.get("because", "")) for a, b, data in graph.edges(data=True)}


def read_cytoscape(data: bytes) -> Read:
    told = json.loads(data)["elements"]
    nodes, edges = ([each["data"] for each in told[name]] for name in ("nodes", "edges"))
    assert all({"x", "y"} == set(each["position"]) for each in told["nodes"])
    items = {each["id"]: (each["kind"], each["name"], each["summary"]) for each in nodes}
    return items, {(each["source"], each["interaction"], each["target"], each.get("because", "")) for each in edges}


def read_json(data: bytes) -> Read:
    told = json.loads(data)
    items = {item["id"]: (item["kind"], item["label"], item["summary"]) for item in told["items"]}
    return items, {(each["start"], each["relation"], each["end"], each.get("because", "")) for each in told["links"]}


def unpack(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def read_csv(data: bytes) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    assert all(len(line) == len(lines[0]) for line in lines)
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def read_tables(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> Read:
    items = {row["id"]: (row["kind"], row["label"] or "", row["summary"] or "") for row in nodes}
    return items, {(row["start"], row["relation"], row["end"], row.get("because") or "") for row in edges}


def as_cells(read: Read) -> Read:
    """What a reader of CSV should find: an apostrophe before what begins like a formula."""
    items, links = read
    return (
        {name: (kind, to_safe_cell(label), to_safe_cell(summary)) for name, (kind, label, summary) in items.items()},
        {(*ends, to_safe_cell(because)) for *ends, because in links},  # type: ignore[misc]
    )


def read_sheet(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    sheet = book[name]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "a formula"
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(head, row, strict=True)) for row in rows]
