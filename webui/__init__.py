"""The web site as a Flask application. It asks `KnowledgeGraph` and renders; it never sees RDF, the index or the network."""

from __future__ import annotations

from typing import Any

from flask import Flask

from kg.queries import KnowledgeGraph

from . import (
    api,
    assets,
    basket,
    clients,
    languages,
    layout,
    linked_data,
    safety,
    turns,
    views,
    views_api,
    views_explore,
    views_gaps,
    views_graph,
    views_items,
    views_linked,
    views_sparql,
    views_take,
    views_teach,
)

# Rooms of pages, which put their routes on the blueprint of `views` when they are imported.
PAGES = (
    views_api, views_explore, views_gaps, views_graph, views_items, views_linked, views_sparql, views_take, views_teach,
)  # fmt: skip

DEFAULTS = {
    "LEAVE_URL": "https://www.bbc.com/weather",  # where "Leave this page" goes: harmless, and the same for everybody
    "SOURCES": None,  # a folder with the operator's own copies of the documents, to show printed passages
    "TRUSTED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
    "MAX_CONTENT_LENGTH": 64 * 1024,
    "MAX_FORM_PARTS": 20,
    "RATE": None,  # requests of the API that a client may make in a minute; None: as many as it likes
    "SPARQL_SECONDS": 2.0,  # how long a query may run
    "CLIENT_HEADER": None,  # where a proxy tells whose request it is; used to give everybody one query at a time, and kept nowhere
}


def create_app(knowledge: KnowledgeGraph | None = None, **config: Any) -> Flask:
    """Make the application.

    :param knowledge: what to answer from; the build in use if not given.
    :param config: Flask settings, above all those of ``DEFAULTS``.
    :raises BuildMissing: if no knowledge is given and there is no build. :raises BuildDamaged: if the build is not whole.
    """
    app = safety.QuietFlask(__name__)
    app.config.update({**DEFAULTS, **config})
    app.url_map.merge_slashes = (
        False  # it answers doubled slashes with a redirect to an absolute address, which a proxy may spoil
    )
    knowledge = knowledge or KnowledgeGraph.open()
    app.extensions["knowledge"] = knowledge
    app.extensions["clients"] = known = clients.Clients()
    app.extensions["turns"] = turns.Turns(known)
    app.extensions["pack_turns"] = turns.Turns(known, in_all=1)
    app.jinja_env.globals.update(
        kinds=knowledge.terms.kinds, choices=knowledge.terms.choices, leave_url=app.config["LEAVE_URL"]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    languages.speak(app)
    assets.serve_assets(app)
    layout.lay_out(app)
    basket.carry(app)
    app.register_blueprint(views.pages)
    app.register_blueprint(linked_data.linked)
    api.open_api(app)
    safety.protect(app)
    answer = app.wsgi_app

    def answer_from_one_graph(environ: Any, start: Any) -> Any:
        with app.extensions["knowledge"].one_answer():
            return answer(environ, start)

    app.wsgi_app = answer_from_one_graph  # type: ignore[method-assign, assignment]
    return app
