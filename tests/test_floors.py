"""The house stands: imports only go down, nobody comes in through the front door, each room says what it is for and stays small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    0: {
        "kg.errors",
        "kg.config",
        "kg.endpoints",
        "kg.terms",
        "kg.model",
        "kg.words",
        "kg.results",
        "kg.records",
        "kg.choices",
        "kg.findings",
        "kg.wrapping",
        "kg.gap_results",
        "kg.view_results",
        "kg.overview_results",
        "kg.subgraph",
        "kg.quality_results",
        "kg.rdf_formats",
        "kg.linked_results",
        "kg.data_results",
        "kg.looks",
        "kg.figures",
        "kg.zipping",
        "kg.cleaning",
        "kg.flattening",
        "kg.templating",
        "kg.course_results",
    },
    1: {
        "kg.strict_yaml",
        "kg.indexing",
        "kg.plans",
        "kg.ranked",
        "kg.folders",
        "kg.references",
        "kg.source",
        "kg.passages",
        "kg.usage",
        "kg.agreement",
        "kg.thesaurus",
        "kg.question",
        "kg.spelling",
        "kg.filters",
        "kg.suggestions",
        "kg.telling",
        "kg.readings",
        "kg.retired",
        "kg.sparql_guard",
        "kg.sparql_results",
        "kg.store_http",
        "kg.store_client",
        "kg.store_current",
        "kg.samples",
        "kg.ordering",
        "kg.teaching",
        "kg.course_plan",
    },
    2: {
        "kg.graph",
        "kg.modelling",
        "kg.ntriples",
        "kg.shapes",
        "kg.shape_rules",
    },
    3: {
        "kg.network",
        "kg.ties",
        "kg.adjacency",
        "kg.sampling",
        "kg.large_measures",
        "kg.paths",
        "kg.neighbours",
        "kg.measures",
        "kg.communities",
        "kg.index",
        "kg.index_arrays",
        "kg.indexing_arrays",
        "kg.senses",
        "kg.senses_arrays",
        "kg.suggestions_arrays",
        "kg.ranking",
        "kg.ranking_arrays",
        "kg.snapshot",
        "kg.quality",
        "kg.axes",
        "kg.cover",
        "kg.gapmap",
        "kg.compare",
        "kg.positions",
        "kg.triples",
        "kg.rdf_writing",
        "kg.rdf_streaming",
        "kg.publishing",
        "kg.dataset",
        "kg.vocabulary",
        "kg.sparql",
        "kg.sparql_asking",
        "kg.sparql_worker",
        "kg.store_snapshot",
        "kg.store_engine",
    },
    4: {
        "kg.build",
        "kg.reader",
        "kg.searching",
        "kg.explorer",
        "kg.viewing",
        "kg.importance",
        "kg.overview",
        "kg.selecting",
        "kg.listing",
        "kg.describing",
        "kg.course_material",
        "kg.course_exercises",
        "kg.course_units",
        "kg.course",
        "kg.store_reading",
        "kg.store_neighbours",
        "kg.store_publishing",
    },
    5: {
        "kg.queries",
        "kg.graph_questions",
        "kg.gap_questions",
        "kg.overview_questions",
        "kg.take_questions",
        "kg.linked_questions",
        "kg.data_questions",
        "kg.course_questions",
    },
    6: {
        "kg.picture",
        "kg.plain",
        "kg.plain_graph",
        "kg.plain_gaps",
        "kg.evaluation",
        "kg.mcp_server",
        "kg.plain_data",
        "kg.places",
        "kg.export",
        "kg.export_rdf",
        "kg.export_graph",
        "kg.export_picture",
        "kg.export_tables",
        "kg.export_refs",
        "kg.export_packages",
        "kg.export_page",
        "kg.pack",
        "kg.pack_blocks",
        "kg.pack_sketch",
        "kg.pack_html",
        "kg.pack_docx",
        "kg.pack_pptx",
        "kg.pack_cards",
        "kg.pack_moodle",
        "kg.pack_cartridge",
        "kg.pack_page",
    },
    7: {
        "webui.asking",
        "webui.assets",
        "webui.languages",
        "webui.layout",
        "webui.safety",
        "webui.radial",
        "webui.charts",
        "webui.tables",
        "webui.showing",
        "webui.explore_state",
        "webui.exploring",
        "webui.drawing",
        "webui.api_choices",
        "webui.api_parts",
        "webui.api_reading",
        "webui.api_shapes",
        "webui.clients",
        "webui.openapi",
        "webui.operations",
        "webui.operations_ask",
        "webui.operations_graph",
        "webui.operations_lists",
        "webui.operations_take",
        "webui.problems",
        "webui.schemas",
        "webui.formats",
        "webui.turns",
        "webui.renewing",
        "webui.stopping",
        "webui.sparql_protocol",
        "webui.sparql_showing",
        "webui.basket",
        "webui.taking",
    },
    8: {
        "webui.views",
        "webui.views_explore",
        "webui.views_items",
        "webui.views_graph",
        "webui.views_gaps",
        "webui.api",
        "webui.views_api",
        "webui.views_linked",
        "webui.linked_data",
        "webui.views_sparql",
        "webui.views_take",
        "webui.views_teach",
    },
    9: {
        "webui",
        "webui.serving",
        "webui.__main__",
        "kg.cli",
        "kg.cli_group",
        "kg.cli_ask",
        "kg.cli_graph",
        "kg.cli_gaps",
        "kg.cli_make",
        "kg.__main__",
        "kg.cli_serve",
        "kg.cli_store",
        "kg.cli_data",
        "kg.cli_take",
        "kg.cli_course",
    },
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
FRONT_DOOR = "kg"  # a list of names, which stands outside the house
HEAVY = {"rdflib", "networkx", "whoosh", "pyshacl", "pyvis", "yaml", "pyoxigraph", "igraph"}
FILES = sorted([*ROOT.glob("kg/*.py"), *ROOT.glob("webui/*.py")])


def room_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    """Full names of the modules that a file imports, at its top or inside its functions."""
    package = room_of(path) if path.name == "__init__.py" else room_of(path).rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = f"{package}.{node.module}".rstrip(".") if node.level and node.module else node.module or package
            inside = {f"{base}.{alias.name}" for alias in node.names} & set(FLOOR_OF)
            found |= inside or {base}
    return found


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in FILES} - {FRONT_DOOR} == set(FLOOR_OF)


@pytest.mark.parametrize("path", FILES, ids=room_of)
def test_imports_only_go_down(path: Path) -> None:
    room = room_of(path)
    if room == FRONT_DOOR:
        return
    for other in imports_of(path) & set(FLOOR_OF):
        assert FLOOR_OF[other] <= FLOOR_OF[room], (
            f"{room} (floor {FLOOR_OF[room]}) imports {other} (floor {FLOOR_OF[other]})"
        )


def test_rooms_of_one_floor_do_not_import_in_a_circle() -> None:
    graph = {room_of(path): imports_of(path) & set(FLOOR_OF) - {room_of(path)} for path in FILES}
    while leaves := [room for room, others in graph.items() if not others & set(graph)]:
        for room in leaves:
            del graph[room]
    assert not graph, f"a circle of imports: {sorted(graph)}"


@pytest.mark.parametrize("path", FILES, ids=room_of)
def test_nobody_comes_in_through_the_front_door(path: Path) -> None:
    allowed = {"kg.build": {"kg"}}  # asks for the version
    assert FRONT_DOOR not in imports_of(path) - allowed.get(room_of(path), set())


@pytest.mark.parametrize("path", sorted(ROOT.glob("webui/*.py")), ids=room_of)
def test_the_web_asks_queries_and_nothing_below(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imports_of(path)}
    assert not roots & HEAVY
    assert {name for name in imports_of(path) if name.startswith("kg")} <= {
        "kg.queries",
        "kg.choices",
        "kg.model",
        "kg.errors",
        "kg.results",
        "kg.findings",
        "kg.view_results",
        "kg.gap_results",
        "kg.overview_results",
        "kg.quality_results",
        "kg.linked_results",
        "kg.rdf_formats",
        "kg.data_results",
        "kg.subgraph",
        "kg.export",
        "kg.course_results",
        "kg.pack",
        "kg.looks",
        "kg.figures",
    }


def test_only_the_process_of_its_own_asks_the_sparql_engine() -> None:
    knowing = [room_of(path) for path in FILES if "pyoxigraph" in imports_of(path)]
    assert knowing == ["kg.rdf_writing", "kg.sparql_asking"]  # the first only writes triples
    assert "Store" not in (ROOT / "kg" / "rdf_writing.py").read_text(encoding="utf-8")


def test_only_the_index_knows_whoosh() -> None:
    assert [room_of(path) for path in FILES if any(name.startswith("whoosh") for name in imports_of(path))] == [
        "kg.index"
    ]


def test_only_the_search_knows_its_two_engines() -> None:
    """Who asks words goes through kg.searching; who builds, through kg.build: so an engine can be changed behind them."""
    rooms = {"kg.index", "kg.index_arrays", "kg.indexing_arrays", "kg.ranking", "kg.ranking_arrays", "kg.senses_arrays"}
    knowing = {room_of(path) for path in FILES if imports_of(path) & rooms} - rooms
    assert knowing == {"kg.build", "kg.searching", "kg.suggestions_arrays"}


@pytest.mark.parametrize("path", FILES, ids=room_of)
def test_each_room_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring and docstring.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("path", FILES, ids=room_of)
def test_a_room_that_passes_330_lines_becomes_two(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 330
