"""Pages to read: barriers and harms with their answers, items, glossary, sources, topics, quality, about."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import MissingFolder, WrongKind
from kg.findings import Neighbourhood
from kg.linked_results import Retired
from kg.overview_results import group_links
from kg.rdf_formats import RDF_FORMATS
from kg.results import BarrierList, Hit, Passage, to_json

from .formats import negotiated
from .radial import draw_ring
from .showing import cut, cut_groups
from .tables import to_csv, wanted_file
from .views import check_thing, knowledge, pages

ALIKE, MOST_ALIKE = 5, 12  # how many items are shown that are about the same, of how many that are looked at
# How much a page lists before it goes on to a next one: so that each stays readable, and small, however much is held.
LISTED_A_PAGE, TERMS_A_PAGE, TOPICS_A_PAGE, SOURCES_A_PAGE, ODDITIES_A_PAGE, SEQUENCES_SHOWN = 300, 60, 250, 40, 200, 12
QUALITY_SHOWN = {"most_sources": 12, "most_faults": 40}  # the files hold all
ANSWERED_AT = {
    "barrier": "pages.barrier",
    "barrier-group": "pages.barrier",
    "harm-type": "pages.harm",
    "harm-example": "pages.harm",
}

AS_FILE = {"Content-Disposition": 'attachment; filename="quality.csv"'}

# Name, endpoint and options of each form in which an item can be taken away. Only what exists is shown: whoever adds a form adds a line.
DOWNLOADS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("JSON", "api.item", {}),
    *((form.label, "linked.item", {"suffix": form.suffix}) for form in RDF_FORMATS),
)


@pages.app_template_test("a_page")
def is_page(endpoint: str) -> bool:
    """Whether this site has such a page."""
    return endpoint in current_app.view_functions


@pages.app_template_global()
def answers_address(item_id: str, kind: str) -> str:
    """The page that answers an item of this kind, or "" if nothing could."""
    return url_for(ANSWERED_AT[kind], item_id=item_id) if kind in ANSWERED_AT else ""


@pages.get("/barriers")
def barriers() -> str:
    return render_template("barriers.html", **cut_groups(knowledge().barriers(), _weigh, LISTED_A_PAGE))


@pages.get("/harms")
def harms() -> str:
    sequences = knowledge().sequences()
    return render_template(
        "harms.html",
        sequences=sequences[:SEQUENCES_SHOWN],
        more_sequences=len(sequences) > SEQUENCES_SHOWN,
        **cut_groups(knowledge().harms(), _weigh, LISTED_A_PAGE),
    )


def _weigh(group: BarrierList) -> int:
    return 1 + len(group.barriers)


@pages.get("/barriers/<item_id>")
@pages.get("/harms/<item_id>", endpoint="harm")
def barrier(item_id: str) -> str | BaseResponse:
    found = knowledge().dossier(item_id)
    if request.endpoint != ANSWERED_AT[found.item.kind]:
        return redirect(answers_address(item_id, found.item.kind))
    return render_template("barrier.html", found=found, alike=_alike(item_id, found.linked))


@pages.get("/id/<item_id>.html")
@pages.get("/id/<item_id>")
@negotiated("item", lambda item_id: check_thing("item", item_id))
def item(item_id: str) -> str | BaseResponse | tuple[str, int]:
    if item_id in knowledge().sources:
        return redirect(url_for("pages.source", source_id=item_id))
    if gone := knowledge().retired().get(item_id):
        return _retired(gone)
    found = knowledge().describe(item_id)
    groups = group_links(found.links)
    return render_template(
        "item.html",
        found=found,
        groups=[group for group in groups if group.key != "names-out"],
        resources=[
            knowledge().describe(link.other.id).item
            for link in found.links
            if link.relation == "names" and link.direction == "out"
        ],
        show=request.args.get("show", ""),
        standing=knowledge().standing(item_id),
        ring=draw_ring(_nearby(item_id)),
        alike=_alike(item_id, {item_id, *(link.other.id for link in found.links)}),
        passage=_passage(item_id),
        version=knowledge().stats().version,
        downloads=[each for each in DOWNLOADS if is_page(each[1])],
    )


@pages.get("/glossary")
def glossary() -> str:
    terms = knowledge().glossary()
    shown, page, page_count = cut(terms, TERMS_A_PAGE)
    letters = {entry.letter: 1 + place // TERMS_A_PAGE for place, entry in reversed([*enumerate(terms)])}
    return render_template("glossary.html", terms=shown, letters=letters, page=page, pages=page_count)


@pages.get("/topics")
def topics() -> str:
    parts = cut_groups(knowledge().topics(), lambda entry: 1 + len(entry.narrower), TOPICS_A_PAGE)
    return render_template("topics.html", **parts)


@pages.get("/sources")
def sources() -> str:
    holdings, page, page_count = cut(knowledge().holdings(), SOURCES_A_PAGE)
    return render_template("sources.html", holdings=holdings, page=page, pages=page_count)


@pages.get("/sources/<source_id>")
def source(source_id: str) -> str:
    return render_template("source.html", holding=knowledge().contents(source_id))


@pages.get("/quality")
def quality() -> str | Response:
    found = knowledge().quality()
    form = wanted_file()
    if form == "csv":
        head, rows = found.table(request.args.get("table", "items"))
        return Response(to_csv([head, *rows]), content_type="text/csv; charset=utf-8", headers=AS_FILE)
    if form == "json":
        return jsonify(to_json(found))
    terms = knowledge().terms
    sources = knowledge().sources
    return render_template("quality.html", found=found, sources=sources, relations=terms.relations, **QUALITY_SHOWN)


@pages.get("/quality/oddities")
def oddities() -> str:
    wanted = request.args.get("source", "") or next(iter(knowledge().sources))
    notes = [note for note in knowledge().quality().anomalies if note.source == wanted]
    told = {"holding": knowledge().contents(wanted), "sources": knowledge().sources}
    shown, page, page_count = cut(notes, ODDITIES_A_PAGE)
    return render_template("oddities.html", notes=shown, page=page, pages=page_count, **told)


@pages.get("/about")
def about() -> str:
    sources = list(knowledge().sources.values())
    shown = {"sources": sources[:SOURCES_A_PAGE], "sources_held": len(sources)}
    return render_template("about.html", stats=knowledge().stats(), **shown)


def _retired(gone: Retired) -> BaseResponse | tuple[str, int]:
    """On to what took its place, if that is one thing; else a page that says what was and what is there now."""
    if len(gone.replaced_by) == 1:
        return redirect(url_for("pages.item", item_id=gone.replaced_by[0]), 301)
    return render_template("retired.html", gone=gone, instead=knowledge().briefs(gone.replaced_by)), 410


def _alike(item_id: str, told: set[str] | frozenset[str]) -> list[Hit]:
    """What is about the same and not told on the page anyway."""
    found = knowledge().like(item_id, limit=MOST_ALIKE).results
    return [hit for hit in found if hit.id not in told][:ALIKE]


def _nearby(item_id: str) -> Neighbourhood:
    """What stands next to an item; items that only gather others where nothing else does."""
    nearby = knowledge().neighbours(item_id, depth=1)
    return nearby if nearby.rings[0].items else knowledge().neighbours(item_id, depth=1, hubs=True)


def _passage(item_id: str) -> Passage | None:
    """The printed words, where the operator attached the document."""
    folder = current_app.config["SOURCES"]
    try:
        return knowledge().quote(item_id, Path(folder)) if folder else None
    except (MissingFolder, WrongKind):
        return None
