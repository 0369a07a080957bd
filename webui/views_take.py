"""Pages to take a part of the graph away: the selection with what it gives, and its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from kg.errors import BadQuery, UnknownItem
from kg.export import FORMATS, Format, get_format, to_bytes
from kg.subgraph import CHOSEN, CONTEXT, Subgraph

from .safety import page_hint, status_of
from .showing import Shown, try_to
from .taking import Taking, names_of, offered, read_taking
from .views import knowledge, pages

# What a format is for -> its formats, by name.
USES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_l("To read and count"), ("excel", "csv", "html", "svg", "png")),
    (_l("To draw and measure as a network"), ("gexf", "graphml", "cytoscape", "kumu", "neo4j", "node-link")),
    (_l("As linked data, and for programs"), ("turtle", "json-ld", "ntriples", "rdfxml", "json")),
    (_l("To cite and to archive"), ("bibtex", "csl", "data-package", "ro-crate")),
)
T = TypeVar("T")

LISTED = 20  # items that are named before the files are taken


@pages.get("/export")
def take() -> Shown:
    taking = read_taking(request.args)
    part, problem = try_to(lambda: taking.subgraph(knowledge()) if taking else None)
    page = {
        "taking": taking,
        "part": part,
        "offered": _formats(),
        **form_words(taking),
        **_filters(),
        **(_preview(part) if part else {}),
    }
    if problem:
        return render_template("take.html", **page, problem=problem, hint=page_hint(problem)), status_of(problem)
    return render_template("take.html", **page)


@pages.get("/export/<format>")
def take_file(format: str) -> Response:
    taking, form = read_taking(request.args), named(get_format, format)
    part = taking.subgraph(knowledge())
    return send_whole(to_bytes(part, form.name, records=not taking.plain), form.media_type, part.file_name(form.suffix))


def named(get: Callable[[str], T], name: str) -> T:
    """What a place of the address names. :raises UnknownItem: if it is nothing, with the nearest."""
    try:
        return get(name)
    except BadQuery as error:
        raise UnknownItem(error.message, error.hint) from error


def send_whole(data: bytes, media_type: str, name: str) -> Response:
    """A file to be kept. The name is made of letters, digits, dots and hyphens by whoever made the file."""
    return Response(data, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _formats() -> list[tuple[Any, list[Format]]]:
    """Every format under what it is for; one that no use names stands under the last."""
    named = {name for _, names in USES for name in names}
    rest = tuple(name for name in FORMATS if name not in named)
    uses = [*USES[:-1], (USES[-1][0], (*USES[-1][1], *rest))]
    return [(use, [FORMATS[name] for name in names if name in FORMATS]) for use, names in uses]


def form_words(taking: Taking) -> dict[str, Any]:
    """What the fields of a selection need."""
    kg = knowledge()
    return {
        "names": names_of(kg, taking.words),
        "lists": offered(kg),
        "audiences": list(kg.terms.audiences),
        "sources": list(kg.sources.values()),
    }


def _filters() -> dict[str, list[tuple[str, Any]]]:
    """What can be let through: value and name of each kind, relation and source that this build holds."""
    kg = knowledge()
    stats = kg.stats()
    relations = [(name, gettext(kg.terms.relations[name].phrase)) for name in stats.links]
    return {
        "held_kinds": [(kind, gettext(kg.terms.kinds[kind].plural)) for kind in stats.items],
        "held_relations": [*relations, ("isPartOf", gettext("belongs to")), ("subject", gettext("is about"))],
        "held_sources": [(source.id, source.label) for source in kg.sources.values()],
    }


def _preview(part: Subgraph) -> dict[str, Any]:
    chosen = [item for item in part.items if part.roles[item.id] == CHOSEN]
    return {
        "by_kind": dict(Counter(item.kind for item in part.items).most_common()),
        "around": sum(role == CONTEXT for role in part.roles.values()),
        "shown": chosen[:LISTED],
        "chosen_count": len(chosen),
    }
