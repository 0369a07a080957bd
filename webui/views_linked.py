"""Pages about the data themselves: one link with its reason, the vocabulary, the data set."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import UnknownItem
from kg.rdf_formats import RDF_FORMATS

from .formats import negotiated
from .views import check_thing, knowledge, pages


@pages.get("/link/<link_id>.html")
@pages.get("/link/<link_id>")
@negotiated("link", lambda link_id: check_thing("link", link_id))
def link(link_id: str) -> str:
    [step] = knowledge().links([link_id])
    return render_template("link.html", link_id=link_id, step=step, formats=RDF_FORMATS)


@pages.get("/ontology.html")
@pages.get("/ontology")
@negotiated("ontology")
def ontology() -> str:
    return render_template("ontology.html", found=knowledge().vocabulary(), formats=RDF_FORMATS)


@pages.get("/ontology/<version>")
def ontology_version(version: str) -> BaseResponse:
    """The address of one version: only of the one in use. Earlier ones are in the history of the project."""
    now = knowledge().vocabulary().version
    if version != now:
        raise UnknownItem(f"No version {version[:40]!r} of the vocabulary is kept here.", f"There is {now}.", ())
    return ontology()


@pages.get("/.well-known/void", endpoint="void")
@pages.get("/dataset.html")
@pages.get("/dataset")
@negotiated("dataset")
def dataset() -> str:
    found = knowledge().dataset()
    example = url_for("pages.item", item_id=found.example)
    return render_template("dataset.html", found=found, formats=RDF_FORMATS, example=example)
