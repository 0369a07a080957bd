"""Every format is read back by a reader that knows nothing of its writer, and says item by item and link by link what the part says."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import bibtexparser
import networkx as nx
import openpyxl
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware
from jsonschema import Draft7Validator
from PIL import Image
from rdflib import DCTERMS, Graph, URIRef
from rocrate.rocrate import ROCrate

from kg.cleaning import clean_part
from kg.export import FORMATS, to_bytes
from kg.export_refs import build_references
from kg.flattening import ITEM_COLUMNS, flatten, link_columns, to_item_row
from kg.queries import KnowledgeGraph
from kg.subgraph import LICENCE_URL, Subgraph
from kg.zipping import from_zip

from . import parts

RDF = {"turtle": "turtle", "json-ld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}


@pytest.fixture(scope="session")
def real_part(kg: KnowledgeGraph) -> Subgraph:
    return kg.subgraph(["ap-barrier-group-2", "item:ap-barrier-4.1", "resource"])


@pytest.fixture(scope="session")
def hostile_part(tiny_kg: KnowledgeGraph) -> Subgraph:
    return parts.make_hostile(tiny_kg.subgraph(["everything"]))


@pytest.fixture(scope="session", params=["real", "hostile"])
def part(request: pytest.FixtureRequest) -> Subgraph:
    found: Subgraph = request.getfixturevalue(f"{request.param}_part")
    return found


def read_items_and_links(data: bytes, name: str, part: Subgraph, folder: Path) -> parts.Read:
    """By a reader of the format."""
    if name in RDF:
        return parts.read_rdf(data, RDF[name], part)
    readers: dict[str, Any] = {
        "graphml": lambda: parts.read_graphml(data, folder / "part.graphml"),
        "gexf": lambda: parts.read_gexf(data),
        "cytoscape": lambda: parts.read_cytoscape(data),
        "node-link": lambda: parts.read_network(nx.node_link_graph(json.loads(data), edges="edges")),
        "json": lambda: parts.read_json(data),
    }
    if name in readers:
        found: parts.Read = readers[name]()
        return found
    if name == "excel":
        book = openpyxl.load_workbook(io.BytesIO(data))
        return parts.read_tables(parts.read_sheet(book, "Items"), parts.read_sheet(book, "Links"))
    files = parts.unpack(data)
    return parts.read_tables(parts.read_csv(files["nodes.csv"]), parts.read_csv(files["edges.csv"]))


@pytest.mark.parametrize("records", [True, False], ids=["records", "bare"])
@pytest.mark.parametrize(
    "name", [*RDF, "graphml", "gexf", "cytoscape", "node-link", "json", "excel", "csv", "data-package", "ro-crate"]
)
def test_every_item_and_link_comes_back(part: Subgraph, name: str, records: bool, tmp_path: Path) -> None:
    wanted = parts.expected(clean_part(part), records=records)
    if name in ("csv", "data-package", "ro-crate"):
        wanted = parts.as_cells(wanted)
    found = read_items_and_links(to_bytes(part, name, records=records), name, part, tmp_path)
    assert found[0] == wanted[0]
    assert found[1] == wanted[1]


def test_networkx_reads_its_own_formats_too(real_part: Subgraph) -> None:
    wanted = parts.expected(real_part)
    graphml = nx.parse_graphml(to_bytes(real_part, "graphml").decode(), force_multigraph=True)
    assert graphml.graph["licence"] == LICENCE_URL and real_part.credits[1] in graphml.graph["credits"]
    gexf = nx.read_gexf(io.BytesIO(to_bytes(real_part, "gexf")))
    cytoscape = nx.cytoscape_graph(json.loads(to_bytes(real_part, "cytoscape")))
    for graph in (graphml, gexf, cytoscape):
        nodes = {node: data["label"] for node, data in graph.nodes(data=True)}
        assert nodes == {name: label for name, (_, label, _) in wanted[0].items()}
        assert {(a, data["relation"], b) for a, b, data in graph.edges(data=True)} == {link[:3] for link in wanted[1]}


def test_every_node_and_link_has_every_attribute(part: Subgraph) -> None:
    root = ET.fromstring(to_bytes(part, "graphml"))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    types = {key.attrib["attr.name"]: key.attrib["attr.type"] for key in root.findall("g:key[@for='node']", space)}
    assert set(types) == set(ITEM_COLUMNS) - {"id"}
    assert {name for name, type_ in types.items() if type_ != "string"} == {"position"}
    for node in root.iterfind(".//g:node", space):
        assert len(node) == len(types)
    edges = {key.attrib["attr.name"] for key in root.findall("g:key[@for='edge']", space)}
    assert edges == set(link_columns(True)) - {"id", "start", "end", "phrase"} | {"label"}
    for edge in root.iterfind(".//g:edge", space):
        assert len(edge) == len(edges)


def test_all_of_an_item_is_in_the_tables(part: Subgraph) -> None:
    cleaned = clean_part(part)
    book = openpyxl.load_workbook(io.BytesIO(to_bytes(part, "excel")))
    rows = parts.read_sheet(book, "Items")
    for item, row in zip(cleaned.items, rows, strict=True):
        told = to_item_row(cleaned, item)
        assert {name: "" if value is None else value for name, value in row.items()} == told
        assert row["also"] == flatten(item.also) and (row["position"] or 0) == item.position
    assert [sheet.title for sheet in book] == ["Items", "Links", "Sources", "About"]
    assert len(parts.read_sheet(book, "Sources")) == len(part.sources)


def test_rdf_of_a_part_is_what_the_build_says_closed_and_nothing_else(kg: KnowledgeGraph, real_part: Subgraph) -> None:
    whole = kg.subgraph(["everything"])
    build = Graph().parse(data=whole.triples_about([real_part.iri(item.id) for item in real_part.items]), format="nt")
    told = Graph().parse(data=to_bytes(real_part, "turtle"), format="turtle")
    inside = {real_part.iri(each.id) for each in (*real_part.items, *real_part.sources)}
    items = {real_part.iri(item.id) for item in real_part.items}
    things = f"{real_part.base}id/"
    for subject, predicate, value in told:
        if str(subject) in items:
            assert (subject, predicate, value) in build
        if isinstance(value, URIRef) and value.startswith(things):
            assert str(value) in inside, value
    left = {
        (subject, predicate, value)
        for subject, predicate, value in build
        if str(predicate).endswith(("#hiddenLabel", "#notLabel"))
        or (value.startswith(things) and str(value) not in inside)
    }
    assert left and set(build) - left == {triple for triple in told if str(triple[0]) in items}
    [this] = told.subjects(DCTERMS.license, URIRef(LICENCE_URL))
    assert {str(line) for line in told.objects(this, DCTERMS.rights)} == set(real_part.credits)
    assert {str(source) for source in told.objects(this, DCTERMS.source)} == inside - items


def test_what_a_selection_leaves_out_is_not_in_its_rdf(kg: KnowledgeGraph) -> None:
    part = kg.subgraph(["ap-barrier-group-2"], only=["addresses", "direct"])
    assert part.edges and {edge.relation for edge in part.edges} == {"addresses"}
    found = parts.read_rdf(to_bytes(part, "turtle"), "turtle", part)
    assert found == parts.expected(part)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("png", "kumu", "neo4j")])
def test_every_copy_says_whose_it_is_and_nothing_only_for_finding(hostile_part: Subgraph, name: str) -> None:
    part = hostile_part
    data = to_bytes(part, name)
    files = from_zip(data) if name not in FORMATS or not FORMATS[name].text else {"": data}
    text = "".join(each.decode() for each in files.values())
    assert "creativecommons.org/licenses/by/4.0" in text and "A draft to be owned by people" in text
    assert "findable-only" not in text and "unlike-only" not in text


def test_kumu_and_neo4j_get_the_columns_that_they_know(part: Subgraph) -> None:
    cleaned = clean_part(part)
    files = parts.unpack(to_bytes(part, "kumu"))
    elements, connections = (parts.read_csv(files[name]) for name in ("elements.csv", "connections.csv"))
    assert list(elements[0])[:5] == ["ID", "Label", "Type", "Description", "Tags"]
    assert list(connections[0])[:4] == ["ID", "From", "To", "Type"]
    assert [row["ID"] for row in elements] == [item.id for item in part.items]
    assert {(row["From"], row["Type"], row["To"]) for row in connections} == {
        (e.start, e.relation, e.end) for e in part.edges
    }
    files = parts.unpack(to_bytes(part, "neo4j"))
    nodes, edges = (parts.read_csv(files[name]) for name in ("nodes.csv", "edges.csv"))
    assert {"id:ID", ":LABEL", "position:int"} <= set(nodes[0]) and {":START_ID", ":END_ID", ":TYPE"} <= set(edges[0])
    assert {row["id:ID"] for row in nodes} >= {row[end] for row in edges for end in (":START_ID", ":END_ID")}
    assert [row["label"] for row in nodes] == [parts.to_safe_cell(item.label) for item in cleaned.items]
    assert len(edges) == len(part.edges) and b"neo4j-admin" in files["IMPORT.txt"]
    assert b"A draft to be owned" in files["CREDITS.txt"]


def test_references_are_read_by_another_parser(part: Subgraph) -> None:
    wanted = build_references(clean_part(part))
    assert len(wanted) > 2
    library = bibtexparser.parse_string(
        to_bytes(part, "bibtex").decode(), append_middleware=[LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [each.id for each in wanted]
    for entry, each in zip(library.entries, wanted, strict=True):
        title = entry["title"].removeprefix("{").removesuffix("}")
        assert "".join(title.split()) == "".join(each.title.split())
    told = json.loads(to_bytes(part, "csl"))
    assert [each["id"] for each in told] == [each.id for each in wanted]
    for one, each in zip(told, wanted, strict=True):
        assert one["title"] == each.title and one.get("note", "") == each.note
        assert one["type"] in ("article", "book", "dataset", "report", "legislation", "webpage")


def test_the_action_plan_is_cited_as_its_source_asks(real_part: Subgraph) -> None:
    [plan] = [each for each in build_references(real_part) if each.id == "ap"]
    assert (plan.author, plan.year, plan.types[1]) == ("Survivor Alliance", "2023", "report")
    assert "Copyright Survivor Alliance 2023" in plan.note


def test_a_data_package_is_one_and_its_tables_keep_its_schema(part: Subgraph) -> None:
    files = parts.unpack(to_bytes(part, "data-package"))
    told = json.loads(files["datapackage.json"])
    home = find_spec("dplib")
    assert home and home.submodule_search_locations
    profile = Path(home.submodule_search_locations[0]) / "profiles" / "2.0" / "datapackage.json"
    check = Draft7Validator(json.loads(profile.read_text(encoding="utf-8")))  # the schema that the standard publishes
    assert list(check.iter_errors(told)) == []
    assert list(check.iter_errors({**told, "resources": [{"name": "x"}]})), "the control"
    tables = {resource["name"]: parts.read_csv(files[resource["path"]]) for resource in told["resources"]}
    for resource in told["resources"]:
        schema, rows = resource["schema"], tables[resource["name"]]
        assert [field["name"] for field in schema["fields"]] == list(rows[0])
        assert all(
            row[field["name"]].isdecimal() for field in schema["fields"] if field["type"] == "integer" for row in rows
        )
        keys = [row["id"] for row in rows]
        assert len(set(keys)) == len(keys)
        for foreign in schema.get("foreignKeys", ()):
            others = {row["id"] for row in tables[foreign["reference"]["resource"]]}
            assert {row[foreign["fields"][0]] for row in rows} <= others


def test_a_crate_is_read_by_the_library_of_its_standard(part: Subgraph, tmp_path: Path) -> None:
    for name, data in parts.unpack(to_bytes(part, "ro-crate")).items():
        (tmp_path / name).write_bytes(data)
    crate = ROCrate(str(tmp_path))
    assert crate.name == clean_part(part).title and crate.root_dataset["license"].id == LICENCE_URL
    held = {entity.id for entity in crate.root_dataset["hasPart"]}
    assert held == {"nodes.csv", "edges.csv", "sources.csv", "CREDITS.txt", "graph.ttl", "graph.graphml"}
    for entity in crate.data_entities:
        assert int(entity["contentSize"]) == (tmp_path / entity.id).stat().st_size
    assert {entity.id for entity in crate.root_dataset["isBasedOn"]} == {part.iri(source.id) for source in part.sources}


def test_a_picture_shows_every_item_and_link(part: Subgraph) -> None:
    cleaned, root = clean_part(part), ET.fromstring(to_bytes(part, "svg"))
    svg = "{http://www.w3.org/2000/svg}"
    shapes = [*root.iter(f"{svg}polygon"), *root.iter(f"{svg}circle")]
    named = {shape[0].text for shape in shapes if len(shape)}
    assert named == {f"{item.label} ({item.id})" for item in cleaned.items}
    lines = sum(path.attrib["d"].count("M") for path in root.iter(f"{svg}path") if path.get("fill") == "none")
    assert lines == len(part.edges)
    assert not {element.tag for element in root.iter()} & {
        f"{svg}script",
        f"{svg}a",
        f"{svg}image",
        f"{svg}foreignObject",
    }
    assert "".join(root.find(f"{svg}desc").text or "") == "\n".join(cleaned.credits)  # type: ignore[union-attr]


def test_a_png_is_a_picture_with_its_credits(real_part: Subgraph, tiny_kg: KnowledgeGraph) -> None:
    small = tiny_kg.subgraph(["ap-barrier-2.6"])
    image = Image.open(io.BytesIO(to_bytes(small, "png")))
    image.load()
    assert image.format == "PNG" and min(image.size) > 800
    assert image.text["Copyright"] == "\n".join(small.credits)  # type: ignore[attr-defined]
    colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or ()}
    assert {(0x96, 0x36, 0x0F), (0x1C, 0x5D, 0x3A), (0x20, 0x26, 0x2E)} <= colours, "barriers, actions, words"
    hostile = parts.make_hostile(small)
    assert Image.open(io.BytesIO(to_bytes(hostile, "png"))).text["Title"] == clean_part(hostile).title  # type: ignore[attr-defined]
