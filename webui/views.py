"""Pages for people: load, ask, render. Home, search, safety, about; each other room of pages registers on the same blueprint.

A further room, say ``views_items``, begins with ``from .views import asked_for, knowledge, pages``, puts its routes on `pages` and is
imported in ``webui/__init__``, where the blueprint is registered; the navigation shows a page as soon as its endpoint exists.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.datastructures import MultiDict

from kg.errors import BadQuery, MissingFolder, WrongKind
from kg.queries import KnowledgeGraph
from kg.results import LinkSeen, Passage

from .safety import page_hint

pages = Blueprint("pages", __name__)
PER_PAGE, MAX_SHOWN = 20, 1000


def knowledge() -> KnowledgeGraph:
    """What this application answers from."""
    found: KnowledgeGraph = current_app.extensions["knowledge"]
    return found


def asked_for() -> MultiDict[str, str]:
    """What the visitor asks: from the address, or by POST from the form, which keeps the words out of address and history."""
    return request.form if request.method == "POST" else request.args


@pages.get("/")
def home() -> str:
    return render_template("home.html", stats=knowledge().stats(), groups=knowledge().barriers())


@pages.route("/search", methods=["GET", "POST"])
def search() -> str | tuple[str, int]:
    wish = asked_for()
    text, kind = wish.get("q", "").strip(), wish.get("kind") or None
    page = max(wish.get("page", 1, type=int), 1)
    asked = {"query": text[:MAX_SHOWN], "kind": kind, "page": page}
    if not text:
        return render_template("search.html", **asked)
    try:
        found = knowledge().search(text, limit=page * PER_PAGE + 1, kind=[kind] if kind else []).results
        about = () if kind or page > 1 else knowledge().answers_about(text).barriers
    except BadQuery as error:
        return render_template(
            "search.html", **{**asked, "kind": None}, error=error.message, hint=page_hint(error)
        ), 400
    shown, more = found[(page - 1) * PER_PAGE : page * PER_PAGE], len(found) > page * PER_PAGE
    return render_template("search.html", **asked, asked=True, results=shown, about=about, more=more)


@pages.get("/barriers")
def barriers() -> str:
    return render_template("barriers.html", groups=knowledge().barriers())


@pages.get("/harms")
def harms() -> str:
    return render_template("harms.html", groups=knowledge().harms(), sequences=knowledge().sequences())


@pages.get("/barriers/<item_id>")
@pages.get("/harms/<item_id>", endpoint="harm")
def barrier(item_id: str) -> str:
    return render_template("barrier.html", found=knowledge().answers_to(item_id))


@pages.get("/id/<item_id>")
def item(item_id: str) -> str:
    found = knowledge().describe(item_id)
    groups: dict[str, list[LinkSeen]] = {}
    for link in found.links:
        groups.setdefault(link.phrase, []).append(link)
    return render_template("item.html", found=found, groups=groups, passage=_passage(item_id))


@pages.get("/about")
def about() -> str:
    return render_template(
        "about.html", stats=knowledge().stats(), sources=knowledge().sources.values(), agreements=knowledge().agreements
    )


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


def _passage(item_id: str) -> Passage | None:
    """The printed words, where the operator attached the document."""
    folder = current_app.config["SOURCES"]
    try:
        return knowledge().quote(item_id, Path(folder)) if folder else None
    except (MissingFolder, WrongKind):
        return None
