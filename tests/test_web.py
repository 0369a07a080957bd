"""The site answers what the command answers, keeps no trace, escapes everything and never shows a bare error."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.cli import main
from kg.config import Config
from kg.folders import open_build
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.safety import HEADERS

PAGES = [
    "/",
    "/search",
    "/search?q=bank",
    "/search?q=zeppelin",
    "/search?q=bank&kind=barrier",
    "/barriers",
    "/barriers/ap-barrier-2.6",
    "/barriers/ap-barrier-2.7",
    "/barriers/ap-barrier-group-2",
    "/harms",
    "/harms/hr-harm-3",
    "/id/hr-rec-3.8",
    "/id/resource-toolkit",
    "/id/topic-food",
    "/id/ap-action-3.2.11",
    "/id/ap-barrier-2.7",
    "/id/ap-term-stigmatization",
    "/id/ap-ally-2.9.1",
    "/id/ap-theme-3",
    "/about",
    "/safety",
]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_with_every_header_and_no_cookie(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert '<html lang="en" dir="ltr">' in answer.text
    assert answer.text.count("<h1") >= 1
    assert answer.text.count("data-leave") == 2


@pytest.mark.parametrize("path", PAGES)
def test_no_page_loads_anything_from_another_host(client: FlaskClient, path: str) -> None:
    loaded = re.findall(r'<(?:link|script|img|iframe|form)\b[^>]*?(?:href|src|action)="([^"]+)"', client.get(path).text)
    assert loaded
    assert all(address.startswith("/") or address == "data:," for address in loaded), loaded


@pytest.mark.parametrize("path", PAGES)
def test_titles_tell_nothing_of_what_is_read(client: FlaskClient, path: str) -> None:
    [title] = re.findall(r"<title>(.*?)</title>", client.get(path).text)
    assert not re.search(r"traffick|surviv|bank|record|food|stigma", title, re.IGNORECASE), title


@pytest.fixture(scope="module")
def reached() -> set[str]:
    """Addresses that have answered: what many pages link to is asked once."""
    return set()


@pytest.mark.parametrize("path", PAGES)
def test_every_inner_link_leads_somewhere(client: FlaskClient, path: str, reached: set[str]) -> None:
    found = re.findall(r'href="(/[^"]*)"', client.get(path).text)
    for address in {each.replace("&amp;", "&").partition("#")[0] for each in found} - reached:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
        reached.add(address)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/id/ap-barrier-2.66", 404, "Near it: ap-barrier-2.6"),
        ("/barriers/ap-term-stigmatization", 404, "is not a barrier"),
        ("/nowhere", 404, "Check the address, or search"),
        ("/search?q=%3F", 400, "holds no word"),
        ("/search?q=" + "a" * 10_000, 400, "10000 characters"),
        ("/search?q=bank&kind=barier", 400, "Did you mean"),
        ("/search?q=bank&page=-3", 200, "No bank account"),
        ("/search?q=bank&page=99", 200, "There is no page 99"),
        ("/id/%00", 404, "No item"),
        ("/id/..%2f..%2fetc%2fpasswd", 404, "That did not work"),
    ],
)
def test_what_goes_wrong_is_told_on_a_page_with_every_header(
    client: FlaskClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text.replace("&#39;", "'")
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_other_methods_are_refused_politely(client: FlaskClient) -> None:
    for answer in (client.post("/barriers", data={"q": "bank"}), client.delete("/search"), client.put("/healthz")):
        assert answer.status_code == 405
        assert "Open the page with a link or the search box" in answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_search_by_post_answers_the_same_and_keeps_its_words_out_of_every_address(client: FlaskClient) -> None:
    posted = client.post("/search", data={"q": "bank", "kind": "barrier"})
    asked = client.get("/search?q=bank&kind=barrier")
    assert posted.status_code == 200
    assert posted.headers["Cache-Control"] == "no-store"
    hits = re.compile(
        r'<li class="hit" id="([^"]*)">\s*(.*?)\s*(?:<p class="small screen-only gather">.*?</p>\s*)?</li>', re.DOTALL
    )
    assert hits.findall(posted.text) == hits.findall(asked.text) != []
    assert not [address for address in re.findall(r'(?:href|action)="([^"]*)"', posted.text) if "bank" in address]
    assert [address for address in re.findall(r'href="([^"]*)"', asked.text) if "q=bank" in address]


def test_a_language_is_chosen_by_address_then_by_browser_and_stays_with_every_link(client: FlaskClient) -> None:
    def language(path: str, accepted: str = "") -> str:
        answer = client.get(path, headers={"Accept-Language": accepted})
        assert "Accept-Language" in answer.headers["Vary"]
        [found] = re.findall(r'<html lang="(\w+)" dir="ltr">', answer.text)
        assert answer.headers["Content-Language"] == found
        return str(found)

    assert language("/") == "en"
    assert language("/", "es-MX,es;q=0.9,en;q=0.5") == "es"
    assert language("/", "xx,*;q=0.1") == "en"
    assert language("/?lang=en", "es") == "en"
    assert language("/?lang=es", "en") == "es"
    assert language("/?lang=zeppelin", "es") == "es"
    assert language("/nowhere?lang=es") == "es"
    text = client.get("/barriers?lang=es").text
    inner = [address for address in re.findall(r'href="(/[^"]*)"', text) if not address.startswith("/static/")]
    assert all("lang=" in address for address in inner), inner
    assert '<input type="hidden" name="lang" value="es">' in client.get("/?lang=es").text
    assert "lang=" not in re.sub(
        r'<nav class="languages".*?</nav>', "", client.get("/barriers").text, flags=re.DOTALL
    ).replace('lang="', "")


def test_what_the_graph_says_is_marked_as_english_where_the_interface_is_not(client: FlaskClient) -> None:
    assert re.search(r'<a href="/id/ap-[^"]*" lang="en" dir="ltr">', client.get("/id/ap-barrier-2.6?lang=es").text)
    assert 'lang="en" dir="ltr">' not in client.get("/id/ap-barrier-2.6").text.partition("</head>")[2]


def test_the_language_switch_keeps_the_address_and_nothing_in_it_can_steer_the_link(client: FlaskClient) -> None:
    text = client.get("/search?q=bank&kind=barrier&_external=1&_scheme=javascript&_anchor=x").text
    [address] = re.findall(r'<a href="([^"]*)" lang="es" hreflang="es"', text)
    assert (
        address.replace("&amp;", "&") == "/search?lang=es&q=bank&kind=barrier&_external=1&_scheme=javascript&_anchor=x"
    )


def test_the_page_runs_from_right_to_left_where_the_language_does(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webui import languages

    monkeypatch.setitem(languages.LANGUAGES, "ar", "العربية")
    assert '<html lang="ar" dir="rtl">' in client.get("/?lang=ar").text
    sheet = (Path(languages.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
    sided = r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|[;{ ](?:left|right):|float:"
    assert re.findall(sided, sheet) == []


@pytest.mark.parametrize(("code", "told"), [("en", ["2023", "May 2024", "May 17, 2024", "1,234.5", "soon", "2024-99-99"]), ("es", ["2023", "mayo de 2024", "17 de mayo de 2024", "1.234,5", "soon", "2024-99-99"])])  # fmt: skip
def test_dates_and_numbers_are_written_as_the_language_does(
    tiny_kg: KnowledgeGraph, code: str, told: list[str]
) -> None:
    from webui.languages import day, number

    with create_app(tiny_kg).test_request_context(f"/?lang={code}"):
        given = [day("2023"), day("2024-05"), day("2024-05-17"), number(1234.5), day("soon"), day("2024-99-99")]
    assert given == told


def test_the_navigation_marks_where_one_is_and_shows_only_pages_that_exist(client: FlaskClient) -> None:
    [nav] = re.findall(r'<nav class="main-nav".*?</nav>', client.get("/barriers").text, re.DOTALL)
    assert re.findall(r'aria-current="page">([^<]*)<', nav) == ["Barriers"]
    [nav] = re.findall(r'<nav class="main-nav".*?</nav>', client.get("/barriers/ap-barrier-2.6").text, re.DOTALL)
    assert re.findall(r'aria-current="true">([^<]*)<', nav) == ["Barriers"]
    for address in re.findall(r'href="([^"]*)"', nav):
        assert client.get(address).status_code == 200


def test_every_kind_belongs_to_a_family_with_a_colour_and_a_shape(tiny_kg: KnowledgeGraph) -> None:
    from webui import layout

    placed = [kind for kinds in layout.FAMILIES.values() for kind in kinds]
    assert sorted(placed) == sorted(tiny_kg.terms.kinds)
    sheet = (Path(layout.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
    for family in layout.FAMILIES:
        assert f".k-{family} {{ --k: var(--k-{family}); --shape:" in sheet
        assert sheet.count(f"--k-{family}: #") == 3, "one colour each for light, dark and print"


def test_a_static_file_is_kept_for_good_under_the_address_of_its_content_and_asked_for_again_under_any_other(
    client: FlaskClient,
) -> None:
    [address] = re.findall(r'href="(/static/style.css[^"]*)"', client.get("/").text)
    assert re.fullmatch(r"/static/style\.css\?v=[0-9a-f]{12}", address)
    with client.get(address) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        etag = answer.headers["ETag"]
    for other in ("/static/style.css", "/static/style.css?v=000000000000"):
        with client.get(other) as answer:
            assert answer.headers["Cache-Control"] == "public, no-cache"
    with client.get(address, headers={"If-None-Match": etag}) as answer:
        assert answer.status_code == 304
    for missing in ("/static/nothing.css", "/static/..%2f__init__.py", "/static/../safety.py"):
        answer = client.get(missing)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/barriers", "/static/style.css"])
@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_answers_are_compressed_for_those_who_can_read_it(client: FlaskClient, path: str, encoding: str) -> None:
    with client.get(path, headers={"Accept-Encoding": encoding}) as small, client.get(path) as plain:
        assert small.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in small.headers["Vary"]
        assert "Content-Encoding" not in plain.headers
        assert len(small.data) < len(plain.data) * (0.5 if path.endswith("css") else 0.9)
        assert small.headers["X-Frame-Options"] == "DENY"
        etag = small.headers.get("ETag")
    if etag:
        with client.get(path, headers={"Accept-Encoding": encoding, "If-None-Match": etag}) as again:
            assert again.status_code == 304


def test_the_health_page_says_whether_the_build_answers(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"

    def broken(*_: object, **__: object) -> None:
        raise OSError("secret-word-4711")

    monkeypatch.setattr(KnowledgeGraph, "suggest", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "secret-word" not in answer.text


def test_a_fault_of_ours_tells_nothing_of_what_was_asked(
    tiny_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(tiny_kg)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret-word-4711")

    monkeypatch.setattr(KnowledgeGraph, "search", broken)
    answer = app.test_client().get("/search?q=secret-word-4711")
    assert answer.status_code == 500
    assert "secret-word-4711" not in answer.text + caplog.text
    assert "RuntimeError in pages.search" in caplog.text
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_foreign_host_name_is_refused(tiny_kg: KnowledgeGraph) -> None:
    answer = create_app(tiny_kg).test_client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"


ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "' onmouseover='alert(1)",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_typed_is_shown_as_text(client: FlaskClient, attack: str) -> None:
    for path in ("/search", "/id/x", "/barriers/x"):
        text = client.get(path, query_string={"q": attack + " bank", "kind": "barrier"}).text
        assert "<script>alert" not in text and "<img src=x" not in text and "onmouseover='" not in text
        assert ">49<" not in text


def test_what_stands_in_the_data_is_shown_as_text(tiny: Config) -> None:
    from kg.build import write_build

    path = tiny.data / "tiny.yaml"
    text = path.read_text(encoding="utf-8")
    for key in (
        "label: Not enough good food",
        "summary: Survivors often cannot get food",
        "- food desert",
        "gap: The plan names food",
    ):
        assert key in text
        text = text.replace(key, f"{key} <b>x</b> <script>alert(1)</script>")
    path.write_text(text, encoding="utf-8")
    links = tiny.data / "links.yaml"
    links.write_text(
        links.read_text(encoding="utf-8").replace(
            "Money for emergencies", "Money <script>alert(1)</script> for emergencies"
        ),
        encoding="utf-8",
    )
    write_build(tiny)
    with KnowledgeGraph(open_build(tiny.build)) as kg:
        client = create_app(kg).test_client()
        for page in (
            "/search?q=food",
            "/barriers",
            "/barriers/ap-barrier-2.7",
            "/id/ap-barrier-2.7",
            "/id/ap-ally-2.9",
            "/",
        ):
            text = client.get(page).text
            assert "<script>alert" not in text and "<b>x" not in text, page


def test_the_barrier_page_tells_reason_place_strength_and_actor(client: FlaskClient) -> None:
    text = client.get("/barriers/ap-barrier-2.6").text
    for words in (
        "A cancelled record leaves a bank",
        "Survivor leaders",
        "theme 1, goal 1, action 1",
        "line 4 of the text",
        "direct",
        "implied",
        "checked",
    ):
        assert words in text, words


def test_a_barrier_without_answer_says_so(client: FlaskClient) -> None:
    assert "No direct answer in what was read" in client.get("/barriers/ap-barrier-2.7").text
    assert "no direct answer" in client.get("/barriers").text


def test_the_item_page_shows_the_printed_words_only_where_the_document_is_attached(
    tiny_kg: KnowledgeGraph, tmp_path: Path
) -> None:
    (tmp_path / "action-plan.txt").write_text(
        "\n".join(f"printed words {number}" for number in range(1, 20)), encoding="utf-8"
    )
    shown = create_app(tiny_kg, SOURCES=tmp_path).test_client().get("/id/ap-action-3.2.11").text
    assert "printed words 4" in shown and "Quoted unchanged, with credit to Survivor Alliance" in shown
    assert "As printed" not in create_app(tiny_kg).test_client().get("/id/ap-action-3.2.11").text


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("/api/v1/search?q=bank&limit=5", ["search", "bank", "--limit", "5"]),
        ("/api/v1/items/ap-barrier-2.6", ["show", "ap-barrier-2.6"]),
        ("/api/v1/answers?q=bank+account", ["answers", "bank account"]),
        ("/api/v1/barriers/ap-barrier-2.7/answers", ["answers", "ap-barrier-2.7"]),
        ("/api/v1/stats", ["stats"]),
    ],
)
def test_the_api_gives_what_the_command_prints(
    client: FlaskClient, runner: CliRunner, path: str, args: list[str]
) -> None:
    told = json.loads(runner.invoke(main, [*args, "--json"]).stdout)
    assert client.get(path).json == ({**told, "next": None} if args[0] == "search" else told)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/items/x", 404), ("/api/v1/search", 400), ("/api/v1/search?q=a&limit=1e9", 400), ("/api/v1/x", 404)],
)
def test_the_api_tells_its_errors_in_the_same_form(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None and set(answer.json) == {"type", "title", "status", "detail", "hint", "near"}


@pytest.fixture(scope="module")
def server(tiny_build: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The real server in a process of its own, with what it writes."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "kg", "--build", str(tiny_build.build), "serve", "--port", str(port)]
        process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            for _ in range(600):
                if "Serving on" in log.read_text():
                    break
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            else:
                raise AssertionError(f"the server did not start in a minute: {log.read_text()}")
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()
            process.wait(10)


def fetch(address: str, **options: object) -> tuple[int, dict[str, str], str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, **options), timeout=10) as answer:  # type: ignore[arg-type]
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def test_no_trace_of_a_visitor_is_left_anywhere(server: tuple[str, Path], tiny_build: Config) -> None:
    address, log = server
    word = "unheardofword8253"
    paths = [
        f"/search?q={word}",
        f"/id/{word}",
        f"/barriers/{word}",
        f"/{word}",
        f"/api/v1/search?q={word}",
        f"/search?q={word * 200}",
        f"/search?q=bank&kind={word}",
    ]
    for path in paths:
        fetch(address + path, headers={"User-Agent": word, "Referer": f"http://{word}/", "Cookie": f"a={word}"})
        fetch(address + path, headers={"Host": f"{word}.example"})
    fetch(address + "/search", data=f"q={word}".encode())
    assert word not in log.read_text()
    for path in tiny_build.build.rglob("*"):
        assert not path.is_file() or word.encode() not in path.read_bytes()


def test_the_real_server_does_not_name_itself_and_refuses_large_bodies(server: tuple[str, Path]) -> None:
    status, headers, _ = fetch(server[0] + "/")
    assert status == 200
    assert "Server" not in headers
    status, headers, _ = fetch(server[0] + "/search", data=b"x" * 100_000)
    assert status in (405, 413)
    assert headers["X-Frame-Options"] == "DENY"
