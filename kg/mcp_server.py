"""The questions for assistants that speak the Model Context Protocol: five tools over one build, each answer with its sources and state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from .errors import KGError
from .plain import to_text
from .queries import KnowledgeGraph
from .results import to_json

MOST_ADDRESSES = 12
INSTRUCTIONS = (
    "A knowledge graph of published plans on survivor leadership in the anti-trafficking field: barriers and harms that survivors name, "
    "and what they ask to be done about them. Begin with `answers` for a problem in plain words, or `search` for anything. Name the "
    "source and the state of a link wherever you pass one on. Say survivor, not victim; add no graphic detail; do not speak of rescue."
)
STATE = (
    "State: nothing here has been reviewed by people with lived experience yet. 'checked' means that two readings made without sight of "
    "each other agree, 'proposed' that one reading says so, 'disputed' that somebody objects. The words are the project's own, not those "
    "of the sources."
)
READING = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Words = Annotated[str, Field(description="Plain words, as a person would say it.", min_length=1, max_length=1000)]
Name = Annotated[str, Field(description="The id of an item, such as ap-barrier-2.6.", max_length=200)]
End = Annotated[str, Field(description="The id of an item, or a kind such as harm-type or action.", max_length=200)]
Axis = Annotated[
    str, Field(description="A kind such as barrier-group or goal, or topic, top-topic, audience, source, kind.")
]
Few = Annotated[int, Field(description="At most so many.", ge=1, le=50)]


def build_server(kg: KnowledgeGraph) -> MCPServer:
    """The server with its tools. It reads the build, asks no network and writes nothing; what is asked is not logged."""
    server: MCPServer = MCPServer(
        "survivor-leadership-kg",
        title="Survivor Leadership Knowledge Graph",
        instructions=INSTRUCTIONS,
        version=kg.stats().version,
        log_level="CRITICAL",  # its log would hold what was asked
    )

    def tool(title: str) -> Callable[[Callable[..., CallToolResult]], Callable[..., CallToolResult]]:
        return server.tool(title=title, annotations=READING.model_copy(update={"title": title}))

    @tool("Search")
    def search(text: Words, limit: Few = 10) -> CallToolResult:
        """Find items (barriers, actions, recommendations, harms, terms) by words; best first, each with why."""
        return _tell(kg, lambda: kg.search(text, limit=limit))

    @tool("What can be done")
    def answers(question: Words) -> CallToolResult:
        """What can be done about a barrier: direct answers first, each with its reason, who is asked to act and where it is printed.

        Takes a problem in plain words ("holes in my CV"), or the id of a barrier, a barrier group or a harm.
        """
        return _tell(kg, lambda: kg.answers(question))

    @tool("Show one item")
    def show(item_id: Name) -> CallToolResult:
        """One item with its place, its notes and its links, each with its reason, basis and state."""
        return _tell(kg, lambda: kg.describe(item_id))

    @tool("How two things hang together")
    def path(start: End, end: End, limit: Annotated[int, Field(ge=1, le=3)] = 1) -> CallToolResult:
        """The few best paths between two items, told link by link with the reasons; or, given a kind, from each item to the nearest."""
        return _tell(kg, lambda: kg.paths(start, end, limit=limit))

    @tool("What is missing")
    def gaps(rows: Axis | Literal[""] = "", columns: Axis | Literal[""] = "") -> CallToolResult:
        """Barriers without a direct answer and items without links; or, with rows and columns, two sorts of things crossed.

        In a map each empty cell says why: the sources are silent, nobody has read it yet, or no link could be.
        """
        return _tell(kg, lambda: kg.gap_map(rows, columns) if rows or columns else kg.gaps())

    return server


def _tell(kg: KnowledgeGraph, ask: Callable[[], Any]) -> CallToolResult:
    """An answer in words with its sources, state and addresses, and as JSON; or what went wrong and what to do next."""
    try:
        found = ask()
    except KGError as error:
        return CallToolResult(content=[TextContent(type="text", text=str(error))], is_error=True)
    told = to_json(found)
    text = "\n".join([to_text(found), "", STATE, *_credits(kg, told)])
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=told)


def _credits(kg: KnowledgeGraph, told: Any) -> Iterator[str]:
    """The sources that an answer draws on with their credit, and the addresses of the items that it names first."""
    ids = list(dict.fromkeys(_ids(told)))
    sources = [kg.sources[name] for name in dict.fromkeys(each.partition("-")[0] for each in ids) if name in kg.sources]
    for source in sources:
        yield f"Source: {source.title} ({source.publisher}, {source.issued}). {source.credit} {source.rights}".strip()
    for item in [each for each in ids if each.partition("-")[0] in kg.sources and "-" in each][:MOST_ADDRESSES]:
        yield f"Address: {kg.terms.item_iri(item)}"


def _ids(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if isinstance(told.get("id"), str):
            yield told["id"]
        for value in told.values():
            yield from _ids(value)
    elif isinstance(told, list):
        for value in told:
            yield from _ids(value)
