"""What every page shares: the main navigation, and the family of a kind, which gives it colour and shape (see kg.looks)."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from kg.looks import FAMILIES, family

__all__ = ["FAMILIES", "NAVIGATION", "family", "lay_out", "navigation"]

INSIGHTS = ("paths", "rankings", "communities", "sequences", "gaps", "cover", "compare", "sparql")
# Endpoint, name, and the pages that lie under it. Only what exists is shown: whoever adds a page adds its route, no more.
NAVIGATION: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("pages.home", _l("Home"), ()),
    ("pages.search", _l("Search"), ()),
    ("pages.barriers", _l("Barriers"), ("pages.barrier",)),
    ("pages.harms", _l("Harms"), ("pages.harm",)),
    ("pages.explore", _l("Explore"), ()),
    ("pages.insights", _l("Insights"), tuple(f"pages.{name}" for name in INSIGHTS)),
    ("pages.glossary", _l("Glossary"), ()),
    ("pages.sources", _l("Sources"), ("pages.source",)),
    ("pages.take", _l("Take away"), ("pages.curriculum",)),
    ("pages.about", _l("About"), ("pages.quality", "pages.method", "pages.api", "pages.dataset", "pages.ontology")),
)


def lay_out(app: Flask) -> None:
    """Give the templates the navigation and the families."""
    app.jinja_env.globals.update(navigation=navigation)
    app.jinja_env.filters.update(family=family)


def navigation() -> list[dict[str, Any]]:
    """The entries whose page exists, with ``current``: "page" for this very page, "true" for the part that it lies in, else None."""
    return [
        {
            "endpoint": endpoint,
            "address": url_for(endpoint),
            "label": label,
            "current": "page" if request.endpoint == endpoint else "true" if request.endpoint in under else None,
        }
        for endpoint, label, under in NAVIGATION
        if endpoint in current_app.view_functions
    ]
