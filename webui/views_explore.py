"""The explore view: a page that does everything with links and buttons, and its still picture."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from .drawing import COLOURS, draw
from .explore_state import SIZES, read_changes, read_state, sort_links
from .exploring import LISTED, colour_of, explore, number_of, settle
from .views import knowledge, pages

FAMILY_NAMES = {
    "barrier": _l("Barriers"),
    "harm": _l("Harms"),
    "action": _l("Actions, goals"),
    "ask": _l("Asked of others"),
    "capacity": _l("Capacities"),
    "resource": _l("Resources"),
    "word": _l("Terms, values"),
}
MEASURE_NAMES = {
    "degree": _l("Linked to"),
    "pagerank": _l("Met at random"),
    "betweenness": _l("Lies between"),
    "closeness": _l("Near to all"),
    "coverage": _l("Addresses"),
}
MEASURE_MEANINGS = {
    "degree": _l("to how many other items it is linked, in the whole graph"),
    "pagerank": _l("how often somebody comes by who follows links at random, in percent of the time"),
    "betweenness": _l("on how many of the shortest ways between two others it lies, in percent"),
    "closeness": _l("how few links away all others are, from 0 to 1"),
    "coverage": _l("how many barriers and harms it addresses"),
}
COLUMNS = ("label", "kind", "source", "community", "links", "more", *SIZES[1:])


@pages.app_template_global()
def family_name(family: str) -> Any:
    """What a family of kinds is called in a legend."""
    return FAMILY_NAMES[family]


@pages.get("/explore", endpoint="explore")
def explore_page() -> str | BaseResponse:
    state = read_state(request.args)
    if changed := read_changes(state, request.args):
        return redirect(url_for("pages.explore", **settle(knowledge(), changed).address()), 303)
    found = explore(knowledge(), state)
    return render_template("explore.html", found=found, sorts=sort_links(state, dict.fromkeys(COLUMNS)), **_words())


@pages.get("/explore.svg")
def explore_svg() -> Response:
    """The still picture; with ``?download`` as a file."""
    palette = COLOURS["dark" if request.args.get("theme") == "dark" else "light"]
    drawing = draw(explore(knowledge(), read_state(request.args)), palette)
    answer = Response(render_template("explore.svg", d=drawing, palette=palette), mimetype="image/svg+xml")
    if "download" in request.args:
        answer.headers["Content-Disposition"] = 'attachment; filename="explore.svg"'
    return answer


def _words() -> dict[str, Any]:
    terms = knowledge().terms
    return {
        "names": {
            **{word: word for choices in terms.choices.values() for word in choices},
            **{kind.id: kind.plural for kind in terms.kinds.values()},
            **{relation.name: relation.phrase for relation in terms.relations.values()},
            "isPartOf": _l("belongs to"),
            "subject": _l("is about"),
            **{source.id: source.label for source in knowledge().sources.values()},
        },
        "listed": LISTED,
        "measure_names": MEASURE_NAMES,
        "measure_meanings": MEASURE_MEANINGS,
        "communities": [] if request.args.get("do") else knowledge().communities().communities,
        "groups": [] if request.args.get("do") else knowledge().barriers(),
        "number_of": number_of,
        "colour_of": colour_of,
    }
