"""A part of the graph for tools that draw and measure networks: GraphML, GEXF, Cytoscape and node-link JSON. networkx writes them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from .flattening import Row, name_of, to_item_row, to_link_row
from .looks import COLOURS, family
from .places import place
from .subgraph import CREDIT, LICENCE_URL, Subgraph

if TYPE_CHECKING:
    import networkx as nx


def build_network(part: Subgraph, *, records: bool) -> nx.MultiDiGraph:
    """The part as a networkx graph: every node and every link has every attribute, as text or whole number; the graph says whose it is."""
    import networkx as nx

    graph = nx.MultiDiGraph(**about_graph(part))
    graph.add_nodes_from((item.id, _without(to_item_row(part, item), "id")) for item in part.items)
    graph.add_edges_from(
        (edge.start, edge.end, name_of(edge), _link(to_link_row(edge, records))) for edge in part.edges
    )
    return graph


def about_graph(part: Subgraph) -> dict[str, str]:
    """What goes with every copy, as attributes of a graph."""
    return {
        "title": part.title,
        "creator": CREDIT,
        "version": part.version,
        "date": part.date,
        "licence": LICENCE_URL,
        "credits": "\n".join(part.credits),
        "selection": " ".join(part.words),
    }


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _link(row: Row) -> Row:
    """What a network tool wants of a link: its ends stand in the structure, and its label is what people read on it."""
    return {"label": row["phrase"], **_without(row, "id", "start", "end", "phrase")}


def to_graphml(part: Subgraph, records: bool) -> bytes:
    """GraphML, written with the standard library's XML in any case, so that the bytes do not hang on what else is installed."""
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(graph=build_network(part, records=records), named_key_ids=False)
    return _from_writer(writer.dump)


def to_gexf(part: Subgraph, records: bool) -> bytes:
    """GEXF 1.2 with colours, sizes and places, so that Gephi opens it as a picture."""
    from networkx.readwrite.gexf import GEXFWriter

    graph = build_network(part, records=records)
    places = place(part)
    for node, data in graph.nodes(data=True):
        colour = COLOURS["light"][family(data["kind"])]
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        x, y = places[node]
        data["viz"] = {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0},
            "size": float(10 + 2 * min(graph.degree(node), 20)),
            "position": {"x": float(x), "y": float(-y), "z": 0.0},  # up is up in Gephi
        }
    for _, _, key, data in graph.edges(keys=True, data=True):
        data["id"] = key
    writer = GEXFWriter(graph=graph)
    meta = writer.xml.find("meta")
    meta.set("lastmodifieddate", part.date)
    meta.find("creator").text = CREDIT
    for name, text in (("keywords", " ".join(part.words)), ("description", "\n".join((part.title, *part.credits)))):
        element = meta.makeelement(name, {})
        element.text = text
        meta.append(element)
    return _from_writer(writer.write)


def _from_writer(write: Any) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue() + b"\n"


def to_cytoscape(part: Subgraph, records: bool) -> bytes:
    """Cytoscape JSON with places, for Cytoscape and Cytoscape.js."""
    import networkx as nx

    told = nx.cytoscape_data(build_network(part, records=records))
    told["data"] = about_graph(part) | {"name": part.title}
    places = place(part)
    for node in told["elements"]["nodes"]:
        x, y = places[node["data"]["id"]]
        node["data"]["name"] = node["data"]["label"]
        node["position"] = {"x": x, "y": y}
    for edge in told["elements"]["edges"]:
        edge["data"]["id"] = edge["data"].pop("key")
        edge["data"]["interaction"] = edge["data"]["relation"]
    return to_json_bytes(told)


def to_node_link(part: Subgraph, records: bool) -> bytes:
    """Node-link JSON, for D3 and for ``networkx.node_link_graph(data, edges="edges")``."""
    import networkx as nx

    return to_json_bytes(nx.node_link_data(build_network(part, records=records), edges="edges"))


def to_plain_json(part: Subgraph, records: bool) -> bytes:
    """The part as plain data, with lists as lists."""
    told = part.to_json()
    if not records:
        kept = ("start", "relation", "end", "phrase")
        told["links"] = [{name: link[name] for name in kept} for link in told["links"]]
    return to_json_bytes(told)


def to_json_bytes(told: Any) -> bytes:
    """Readable JSON in UTF-8."""
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
