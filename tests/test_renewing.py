"""A new build is served without a restart; each request is answered by one build; what is damaged or does not answer is not served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from kg.build import write_build
from kg.config import Config
from kg.folders import SENSES, open_build
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.renewing import Renewed

ITEM = "/api/v1/items/ap-action-3.2.11"


def make(knowledge: KnowledgeGraph) -> Flask:
    knowledge.verify()
    return create_app(knowledge, RATE=60)


@pytest.fixture
def site(tiny: Config) -> Iterator[Renewed]:
    write_build(tiny)
    site = Renewed(KnowledgeGraph(open_build(tiny.build)), make)
    with site.watching():
        site._ended.set()  # each story looks for itself
        yield site


Spoil = Callable[[str, str, str], Config]


def change(spoil: Spoil, old: str, new: str) -> Path:
    return write_build(spoil("tiny.yaml", old, new))


def test_answers_come_from_the_new_build_and_what_watches_the_limits_goes_on(site: Renewed, spoil: Spoil) -> None:
    client, old = Client(site), site.app
    assert client.get("/").status_code == 200
    pages = client.get("/api/v1/search?q=survivors&limit=1")
    assert pages.json
    tag = client.get(ITEM).headers["ETag"]
    site.look()
    assert site.app is old, "nothing has changed"
    change(spoil, "criminal records", "police records")
    site.look()
    again = client.get(ITEM, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "Campaign to clear survivors' police records" in again.text
    assert site.app.extensions["buckets"] is old.extensions["buckets"]
    refused = client.get(pages.json["next"])
    assert refused.status_code == 422 and refused.json
    assert "belongs to another question or to an older build" in refused.json["detail"]
    assert refused.json["hint"] == "Begin with the first page."


def test_a_request_ends_on_the_build_that_it_began_on_which_is_then_let_go(site: Renewed, spoil: Spoil) -> None:
    before = site._site.knowledge
    environ = EnvironBuilder(ITEM).get_environ()
    begun = site(environ, lambda status, headers, error=None: lambda data: None)  # type: ignore[arg-type, misc]
    change(spoil, "criminal records", "police records")
    for _ in range(2):
        site.look()
        assert before.describe("ap-action-3.2.11"), "somebody is still answered from it"
    assert b"criminal records" in b"".join(begun)
    begun.close()  # type: ignore[attr-defined]
    site.look()
    with pytest.raises(Exception, match="closed"):
        before.describe("ap-action-3.2.11")
    assert change(spoil, "police records", "court records") and change(spoil, "court records", "old records")
    assert not before._build.folder.exists(), "a build that nobody reads is removed"


@pytest.mark.parametrize("fault", ["damaged", "silent", "gone"])
def test_a_build_that_cannot_be_served_is_told_once_and_the_one_before_goes_on(
    site: Renewed, spoil: Spoil, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = change(spoil, "criminal records", "police records")
    if fault == "damaged":
        (folder / SENSES).write_bytes(b"\xff")
    elif fault == "silent":
        site._make = _broken
    else:
        folder.rename(folder.with_name("elsewhere"))
    for _ in range(3):
        site.look()
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "Answers go on from the one before." in told
    assert {"damaged": SENSES, "silent": "does not answer /", "gone": "which is not there"}[fault] in told
    assert b"criminal records" in Client(site).get(ITEM).data
    site._make = make
    change(spoil, "police records", "court records")
    site.look()
    assert b"court records" in Client(site).get(ITEM).data


def _broken(knowledge: KnowledgeGraph) -> Flask:
    app = create_app(knowledge)
    app.before_request(lambda: 1 / 0)  # type: ignore[arg-type]
    return app


def test_a_fault_that_the_application_does_not_catch_does_not_hold_its_build(site: Renewed, spoil: Spoil) -> None:
    class Broken(Exception):
        pass

    def break_it() -> None:
        raise Broken

    site.app.before_request(break_it)
    site.app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(Broken):
        run_wsgi_app(site, EnvironBuilder("/").get_environ())
    assert site._site.asked == 0
