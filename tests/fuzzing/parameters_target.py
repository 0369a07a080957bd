"""What stands in the address of a page or of the API: moves of a view, a basket, words of a selection, cursors. An input is an address."""

from __future__ import annotations

import json
from urllib.parse import quote

from hypothesis import strategies as st

from webui import create_app
from webui.operations import OPERATIONS
from webui.safety import HEADERS

from . import Target, World

PAGES = ("/", "/search", "/explore", "/explore.svg", "/export", "/export/csv", "/export/json", "/export/svg", "/gaps", "/cover", "/compare",
         "/paths", "/rankings", "/communities", "/barriers", "/topics", "/curriculum", "/curriculum/pack/quiz", "/id/ap-barrier-2.6",
         "/barriers/ap-barrier-2.6", "/sources/ap", "/link/x", "/glossary", "/quality", "/sparql")  # fmt: skip
PARAMETERS = (
    "q", "do", "only", "path", "at", "colour", "size", "sort", "page", "act", "start", "filter", "kind", "source", "theme", "topic", "audience",
    "relation", "strength", "basis", "state", "basket", "w", "find", "depth", "bare", "plain", "title", "lang", "from", "to", "of", "rows",
    "columns", "first", "second", "row", "column", "item", "measure", "limit", "cursor", "fields", "words", "by", "minutes", "level", "infer",
    "records", "moves", "keep", "direction", "format", "form", "asked", "x",
)  # fmt: skip
VALUES = (
    "", "0", "1", "-1", "2", "999999999", "1e9", "٣", "²", "NaN", "true", "ap-barrier-2.6", "ap-theme-3", "ap-barrier-group-2", "ap-action-3.2.11",
    "hr-harm-3", "ap", "hr", "everything", "basket", "barrier", "action", "topic", "goal", "direct", "label", "-label", "pagerank", "addresses",
    "nobody", "item:", "item:ap-barrier-2.6", "search:", "search:bank", "audience:allies", "path:..", "path:ap-barrier-2.6..ap-action-3.2.11",
    "from.", "from.ap-barrier-2.6", "from.everything", "grow.", "grow.ap-barrier-2.6", "grow.ap-barrier-2.6_action", "grow.ap-barrier-2.6_5",
    "drop.ap-barrier-2.6", "drop.", "pin.ap-barrier-2.6_1_2", "pin.ap-barrier-2.6_-0_99999999", "pin._", "pin.ap-barrier-2.6_²_1", "add.ap-action-3.2.11",
    "a.ap-barrier-2.6", "b.ap-action-3.2.11", "at.x", "start.ap", "es", "en", "xx", "../etc/passwd", "//example.org", "javascript:alert(1)",
    "<script>", "\x00", "\ud83d", "\u202e", "%", "%zz", "a" * 300, "{{7*7}}", "%(words)s", "MC4xMjM0NTY3ODkwYWI", "MTAuYWJj", "id", "id,label", ",",
)  # fmt: skip


def open_target(world: World) -> Target:
    """Ask the site over a small build."""
    app = create_app(world.kg, TESTING=True)
    client = app.test_client()

    def check(data: bytes) -> None:
        address = data.decode("utf-8", "surrogateescape").partition("\n")[0]
        path, _, query = address.partition("?")
        asked = "/" + quote(path.lstrip("/"), safe="/.%", errors="surrogateescape")
        answer = client.get(asked, query_string=quote(query, safe="=&%+~,.:;-_", errors="surrogateescape"))
        told = answer.get_data()
        assert answer.status_code < 500, f"{answer.status_code} {told[:300]!r}"
        assert all(answer.headers.get(name) for name in HEADERS), "a page without its protection"
        assert "Set-Cookie" not in answer.headers
        if answer.mimetype == "application/json" and asked.startswith("/api/"):
            body = json.loads(told)
            follow = body.get("next") if answer.status_code == 200 and isinstance(body, dict) else None
            assert not follow or client.get(follow).status_code == 200, "the next page cannot be opened"
        if 300 <= answer.status_code < 400:
            assert answer.headers["Location"].startswith("/") and not answer.headers["Location"].startswith("//")
        if answer.mimetype == "text/html":
            assert b"<script>alert" not in told and b'javascript:alert(1)"' not in told
        answer.close()

    addresses = (*PAGES, *(f"/api/v1{each.path}" for each in OPERATIONS))
    names = {each.path: tuple(one.name for one in each.all_parameters) for each in OPERATIONS}
    ids = ("ap-barrier-2.6", "hr-harm-3", "ap", "ap-action-3.2.11--addresses--ap-barrier-2.6", "x", "..")
    value = (
        st.sampled_from(VALUES)
        | st.lists(st.sampled_from(VALUES), min_size=2, max_size=5).map("~".join)
        | st.text(max_size=12)
    )

    def parameters(address: str) -> st.SearchStrategy[bytes]:
        own = names.get(address.removeprefix("/api/v1"), PARAMETERS) or PARAMETERS
        pair = st.tuples(st.sampled_from(own) | st.sampled_from(PARAMETERS), value)
        filled = st.sampled_from(ids).map(
            lambda name: "".join(name if "<" in each else each for each in _split(address))
        )
        return st.builds(
            lambda path, pairs: f"{path}?{'&'.join(f'{a}={_escape(b)}' for a, b in pairs)}".encode(),
            filled,
            st.lists(pair, max_size=6),
        )

    made = st.sampled_from(addresses).flatmap(parameters)
    words = (
        *addresses,
        *(f"{name}=" for name in PARAMETERS),
        *(each for each in VALUES if each.isascii()),
        "~",
        "&",
        "%00",
        "%ed%a0%bd",
    )
    return Target("parameters", check, made, check, words)


def _split(address: str) -> list[str]:
    import re

    return re.split(r"(<[^>]+>)", address)


def _escape(value: str) -> str:
    return quote(value, safe="~.:", errors="surrogatepass")
