"""Pages for people: load, ask, render. Home, search, safety; each other room of pages registers on the same blueprint.

A further room, say ``views_items``, begins with ``from .views import asked_for, knowledge, pages``, puts its routes on `pages` and is
imported in ``webui/__init__``, where the blueprint is registered; the navigation shows a page as soon as its endpoint exists.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.datastructures import MultiDict

from kg.errors import BadQuery, StoreDown
from kg.queries import KnowledgeGraph
from kg.results import BarrierAnswers

from .asking import Asked, group_why, read_asked
from .safety import page_hint

pages = Blueprint("pages", __name__)
pages.add_app_template_filter(group_why)
PER_PAGE, HOLDINGS_SHOWN = 20, 20
CHOICES_SHOWN = 60  # of a filter, beside those that are chosen


def knowledge() -> KnowledgeGraph:
    """What this application answers from."""
    found: KnowledgeGraph = current_app.extensions["knowledge"]
    return found


def check_thing(sort: str, name: str) -> None:
    """That there is such a thing: an item, a source or a retired item, or a link. :raises UnknownItem: if there is none."""
    if sort == "link":
        knowledge().links([name])
    elif name not in knowledge().sources and name not in knowledge().retired():
        knowledge().briefs([name])


def asked_for() -> MultiDict[str, str]:
    """What the visitor asks: from the address, or by POST from the form, which keeps the words out of address and history."""
    return request.form if request.method == "POST" else request.args


@pages.get("/")
def home() -> str:
    holdings = knowledge().holdings()
    shown = {"holdings": holdings[:HOLDINGS_SHOWN], "holdings_held": len(holdings)}
    return render_template("home.html", stats=knowledge().stats(), **shown)


@pages.route("/search", methods=["GET", "POST"])
def search() -> str | tuple[str, int]:
    asked = read_asked(asked_for())
    if not asked:
        return render_template("search.html", asked=asked)
    try:
        found = knowledge().search(
            asked.text, limit=PER_PAGE, start=PER_PAGE * (asked.page - 1), infer=asked.infer, **asked.chosen
        )
        about = () if asked.chosen or asked.page > 1 else _about(asked.text)
    except BadQuery as error:
        return render_template("search.html", asked=Asked(asked.text), error=error.message, hint=page_hint(error)), 400
    shown = {"per_page": PER_PAGE, "shown_most": CHOICES_SHOWN}
    return render_template("search.html", asked=asked, found=found, about=about, **shown)


def _about(question: str) -> tuple[BarrierAnswers, ...] | None:
    """What the question is about; None where the store that tells it does not answer, since the results are there anyway."""
    try:
        return knowledge().answers_about(question).barriers
    except StoreDown:
        return None


@pages.get("/safety")
def safety() -> str:
    return render_template("safety.html")


@pages.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Whether the build answers, for whoever watches over the server."""
    try:
        well = bool(knowledge().stats().version and knowledge().suggest("a", limit=1))
    except Exception:  # whatever it is, the answer is that this server cannot answer
        well = False
    return Response("ok\n" if well else "The build does not answer.\n", mimetype="text/plain"), 200 if well else 503
