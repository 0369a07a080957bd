"""The API for programs: the same JSON as the command, pages, fields, tags, limits; what is asked wrongly is told, and nobody is known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from kg.cli import main
from kg.config import Config
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.clients import HOUR, MOST_CLIENTS, Buckets, Clients
from webui.operations import OPERATIONS

BASE = "/api/v1"


@pytest.fixture(scope="module")
def app(kg: KnowledgeGraph) -> Flask:
    return create_app(kg, TESTING=True)


@pytest.fixture
def api(app: Flask) -> FlaskClient:
    return app.test_client()


def get(api: FlaskClient, address: str) -> Any:
    answer = api.get(BASE + address)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


TWINS = [
    ("/items/ap-action-3.2.11", ["show", "ap-action-3.2.11"]),
    ("/items/ap-barrier-2.6/like?limit=4", ["like", "ap-barrier-2.6", "--limit", "4"]),
    ("/items/ap-barrier-2.6/neighbours?depth=2&limit=4&kinds=action&relations=addresses", ["neighbours", "ap-barrier-2.6", "--depth", "2", "--limit", "4", "--kinds", "action", "--relations", "addresses"]),
    ("/harms/hr-harm-5/answers", ["answers", "hr-harm-5"]),
    ("/answers?q=holes+in+my+CV", ["answers", "holes in my CV"]),
    ("/links/ap-action-3.2.11--addresses--ap-barrier-2.6", ["link", "ap-action-3.2.11--addresses--ap-barrier-2.6"]),
    ("/paths?from=ap-barrier-4.1&to=ap-capacity-2.2&at_least=checked", ["path", "ap-barrier-4.1", "ap-capacity-2.2", "--at-least", "checked"]),
    ("/paths?from=harm-type&to=action&limit=20", ["path", "harm-type", "action"]),
    ("/paths?from=hr-harm-3&to=action&most=2", ["path", "hr-harm-3", "action", "--limit", "2"]),
    ("/rank?measure=coverage&kind=action&limit=5", ["rank", "--measure", "coverage", "--kind", "action", "--limit", "5"]),
    ("/communities", ["communities"]),
    ("/sequences", ["sequences"]),
    ("/gaps", ["gaps"]),
    ("/gap-map?rows=barrier-group&columns=goal&relations=addresses", ["gaps", "--rows", "barrier-group", "--columns", "goal", "--relations", "addresses"]),
    ("/cover?asked=ap-barrier-group-1&direct=1&kinds=action", ["cover", "ap-barrier-group-1", "--direct", "--kinds", "action"]),
    ("/compare?first=ap&second=hr&topic=topic-pay", ["compare", "ap", "hr", "--topic", "topic-pay"]),
    ("/quality", ["quality"]),
    ("/stats", ["stats"]),
]  # fmt: skip


@pytest.mark.parametrize(("address", "args"), TWINS, ids=[" ".join(args) for _, args in TWINS])
def test_the_api_gives_what_the_command_prints(
    api: FlaskClient, real_build: Config, monkeypatch: pytest.MonkeyPatch, address: str, args: list[str]
) -> None:
    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    found = get(api, address)
    if isinstance(found, dict):
        found.pop("next", None)
    assert found == json.loads(CliRunner().invoke(main, [*args, "--json"]).stdout)


def test_every_reading_command_has_its_address() -> None:
    twins = {each.command.split()[1] for each in OPERATIONS if each.command}
    makers = {
        "build",
        "check",
        "verify",
        "evaluate",
        "serve",
        "mcp",
        "picture",
        "sparql",
        "publish",
    }  # SPARQL has a protocol of its own
    assert set(main.commands) - makers <= twins


def pages(api: FlaskClient, address: str) -> list[Any]:
    """Every page from this one on, each reached by the address that the one before gives, the same in body and header."""
    found = []
    while address:
        answer = api.get(address)
        assert answer.status_code == 200, answer.text
        found.append(answer.get_json())
        link = answer.headers.get("Link", "")
        address = found[-1]["next"]
        assert link == (f'<{address}>; rel="next"' if address else "")
    return found


@pytest.mark.parametrize(
    ("address", "listed", "whole"),
    [
        ("/items?kind=barrier&limit=7", "items", "/items?kind=barrier&limit=1000"),
        ("/search?q=survivor&limit=90", "results", None),
        ("/search?q=bank&start=3&limit=4", "results", "/search?q=bank&start=3&limit=100"),
        ("/rank?limit=300", "figures", "/rank?limit=1000"),
        ("/gap-map?rows=barrier&columns=goal&limit=400", "cells", "/gap-map?rows=barrier&columns=goal"),
        ("/communities?limit=4", "communities", "/communities"),
        ("/paths?from=harm-type&to=action&limit=4", "paths", "/paths?from=harm-type&to=action&limit=20"),
        ("/topics?limit=5", "items", "/topics"),
    ],
)
def test_the_pages_of_a_list_are_the_whole_list(api: FlaskClient, address: str, listed: str, whole: str | None) -> None:
    found = pages(api, BASE + address)
    assert len(found) > 1
    together = [entry for page in found for entry in page[listed]]
    assert together == get(api, whole)[listed] if whole else len(together) == found[0]["total"]


def test_a_cursor_belongs_to_one_question_and_one_build(api: FlaskClient, client: FlaskClient) -> None:
    after = get(api, "/items?limit=2")["next"]
    cursor = after.partition("cursor=")[2]
    assert api.get(after.replace("limit=2", "limit=5") + "&fields=id").status_code == 200
    for other in (f"/items?kind=action&cursor={cursor}", f"/barriers?cursor={cursor}", f"/items?cursor={cursor[:-1]}A"):
        answer = api.get(BASE + other)
        assert (answer.status_code, answer.get_json()["hint"]) == (422, "Begin with the first page."), other
    assert client.get(after).status_code == 422, "another build"


def test_fields_are_chosen_of_entries_and_of_single_things(api: FlaskClient) -> None:
    found = get(api, "/search?q=bank&limit=2&fields=id,label")
    assert [list(hit) for hit in found["results"]] == [["id", "label"]] * 2 and found["total"] > 2
    assert list(get(api, "/items/ap-barrier-2.6?fields=label,links")) == ["label", "links"]
    answer = api.get(f"{BASE}/items?fields=id,labl")
    assert (answer.status_code, answer.get_json()["near"]) == (400, ["label"])


def test_no_word_that_is_never_shown_is_given_out(api: FlaskClient, kg: KnowledgeGraph) -> None:
    hidden = {word for item in kg.items() for word in item.hidden}
    assert hidden
    for item in get(api, "/items?limit=1000")["items"]:
        assert "hidden" not in item and "unlike" not in item
    for address in ("/glossary", "/topics"):
        assert '"hidden"' not in json.dumps(get(api, address))


def test_what_is_held_is_not_sent_again_plain_or_compressed(api: FlaskClient, client: FlaskClient) -> None:
    address = f"{BASE}/items?kind=barrier&limit=5"
    for accepted in ("", "br", "gzip"):
        answer = api.get(address, headers={"Accept-Encoding": accepted})
        tag = answer.headers["ETag"]
        again = api.get(address, headers={"If-None-Match": tag, "Accept-Encoding": accepted})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Access-Control-Allow-Origin"] == "*" and again.headers["Cache-Control"] == "no-store"
    plain = api.get(address).headers["ETag"]
    assert api.get(f"{BASE}/items?limit=5&kind=barrier").headers["ETag"] == plain, (
        "the order of parameters says nothing"
    )
    assert api.get(f"{BASE}/items?kind=barrier&limit=6", headers={"If-None-Match": plain}).status_code == 200
    assert client.get(address, headers={"If-None-Match": plain}).status_code == 200, "another build"
    assert api.head(address).headers["ETag"] == plain


def test_pages_of_other_sites_may_read_what_is_right_and_what_is_wrong(api: FlaskClient) -> None:
    for address, status in (("/stats", 200), ("/nowhere", 404), ("/stats?x=1", 400)):
        answer = api.get(BASE + address)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert {"ETag", "Link", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert "Set-Cookie" not in answer.headers and "Access-Control-Allow-Credentials" not in answer.headers
    asked = api.options(f"{BASE}/suggest", headers={"Origin": "https://other.example", "Access-Control-Request-Method": "POST"})  # fmt: skip
    assert asked.status_code == 200 and "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in api.get("/about").headers


@pytest.mark.parametrize(
    ("address", "status", "title", "hint", "near"),
    [
        ("/items/ap-barrier-2.66", 404, "No such thing", "Near it", "ap-barrier-2.6"),
        ("/links/ap-action-3.2.11--adresses--ap-barrier-2.6", 404, "No such thing", "Near it", "ap-action-3.2.11--addresses--ap-barrier-2.6"),
        ("/barriers/ap-term-survivor/answers", 404, "Wrong kind of thing", "/api", None),
        ("/items?kid=action", 400, "Bad parameter", "Did you mean 'kind'?", "kind"),
        ("/items?kind=acton", 400, "Bad parameter", "Did you mean 'action'?", "action"),
        ("/stats?limit=1", 400, "Bad parameter", "fields", None),
        ("/rank?limit=0", 400, "Bad parameter", "from 1 to 1000", None),
        ("/rank?limit=1&limit=2", 400, "Bad parameter", "Give it once.", None),
        ("/paths?from=ap-barrier-2.6", 400, "Bad parameter", "An id, or a kind", None),
        ("/paths?from=barrier&to=action&max_length=6", 400, "Bad parameter", "from 1 to 4", None),
        ("/compare?first=ap&second=ap", 422, "Cannot be answered", "/api", None),
        ("/nowhere", 404, "No such address", "/api/v1/", None),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_with_the_next_move(
    api: FlaskClient, address: str, status: int, title: str, hint: str, near: str | None
) -> None:
    answer = api.get(BASE + address)
    told = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (told["status"], told["title"]) == (status, title)
    assert hint in told["hint"] and "kg " not in told["hint"]
    assert near is None or near in told["near"]
    assert f'id="{told["type"].partition("#")[2]}"' in api.get("/api").text, "the type is an address that explains it"


def test_what_is_not_taken_names_what_is(api: FlaskClient) -> None:
    answer = api.post(f"{BASE}/items")
    assert answer.status_code == 405 and set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "GET" in api.delete("/about").headers["Allow"]
    assert api.post(f"{BASE}/suggest", json={"q": "ba"}).status_code == 415


def test_the_page_of_the_api_tries_every_address_and_leads_to_it(api: FlaskClient) -> None:
    listed = api.get("/api").text
    for operation in OPERATIONS:
        assert f"/api?operation={operation.name}" in listed
        page = api.get(f"/api?operation={operation.name}").text
        assert "curl &#39;" in page or "curl '" in page
        for parameter in operation.all_parameters:
            assert f"<code>{parameter.name}</code>" in page, (operation.name, parameter.name)
    assert 'href="/api"' in api.get("/about").text
    assert api.get("/api?operation=zeppelin").status_code == 404


# ---- the limits that an operator can set ----


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def ask(api: FlaskClient, address: str, peer: str) -> Any:
    return api.get(BASE + address, environ_base={"REMOTE_ADDR": peer})


def test_a_client_that_asks_too_often_waits_and_others_do_not(tiny_kg: KnowledgeGraph) -> None:
    api = create_app(tiny_kg, RATE=6).test_client()
    assert [ask(api, "/stats", "192.0.2.1").status_code for _ in range(8)] == [200] * 6 + [429] * 2
    refused = ask(api, "/stats", "192.0.2.1")
    assert refused.get_json()["title"] == "Too many requests" and 1 <= int(refused.headers["Retry-After"]) <= 10
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert ask(api, "/stats", "192.0.2.2").status_code == 200
    assert [ask(api, "/stats", peer).status_code for peer in ["127.0.0.1"] * 10 + ["::1"] * 10] == [200] * 20
    assert [api.get("/about", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code] == [200], "pages are not counted"


def test_what_is_costly_counts_more_and_what_is_wrong_counts_too(tiny_kg: KnowledgeGraph) -> None:
    def often(address: str, *, rate: int = 20) -> int:
        api = create_app(tiny_kg, RATE=rate).test_client()
        return next(number for number in range(1000) if ask(api, address, "192.0.2.1").status_code == 429)

    assert often("/stats") == often("/items?kid=1") == 20
    assert often("/paths?from=barrier&to=action") == 2 < often("/paths?from=ap-barrier-2.6&to=ap-action-3.2.11") == 10
    assert often("/view?do=from.everything") == 2 < often("/view?do=from.ap-barrier-2.6") == 10
    assert often("/gap-map?rows=barrier&columns=goal") == often("/cover?asked=barrier") == 4
    assert often("/suggest?q=ba") >= 200, "letters that are typed cost next to nothing"


def test_without_a_limit_nothing_is_counted(tiny_kg: KnowledgeGraph) -> None:
    api = create_app(tiny_kg).test_client()
    assert {ask(api, "/stats", "192.0.2.1").status_code for _ in range(200)} == {200}


def test_the_key_of_a_client_cannot_be_undone_and_changes_every_hour() -> None:
    clock = Clock()
    clients, others = Clients(clock=clock), Clients(clock=clock)
    key = clients.key("192.0.2.1")
    assert key == clients.key("192.0.2.1") == clients.key("::ffff:192.0.2.1") and "192" not in key
    assert key != others.key("192.0.2.1"), "the secret is another in every process"
    assert clients.key("2001:db8::1") == clients.key("2001:db8::2") != clients.key("2001:db8:1::1")
    clock.now += HOUR
    assert clients.key("192.0.2.1") != key
    assert clients.key("no address") != clients.key("")


def test_a_bucket_fills_again_and_the_number_of_them_has_a_bound() -> None:
    clock = Clock()
    buckets = Buckets(60, clock=clock)
    assert [buckets.take("a", 30) for _ in range(2)] == [0.0, 0.0]
    assert buckets.take("a", 5) == pytest.approx(5.0)
    clock.now += 5
    assert buckets.take("a", 5) == 0.0
    clock.now += 600
    assert buckets.take("a", 1000) == 0.0, "what costs more than all costs all"
    assert buckets.take("a") == pytest.approx(1.0)
    for number in range(MOST_CLIENTS + 10):
        buckets.take(str(number))
    assert len(buckets._left) == MOST_CLIENTS


def test_the_operator_sets_the_limit_by_a_word_that_is_checked(runner: CliRunner) -> None:
    done = runner.invoke(main, ["serve", "--rate", "often"])
    assert done.exit_code == 2 and "60/minute" in done.stderr
