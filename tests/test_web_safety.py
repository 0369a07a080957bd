"""No trace of a visitor is left by any route, whatever is sent is answered safely and clearly, and silent clients slow nobody.

Each guard has its negative control: the same search, with the guard off, finds the fault.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.cli import main
from kg.config import Config
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.renewing import Renewed
from webui.safety import HEADERS

from . import routes

WORD = "unheardofword8253"


@dataclass(frozen=True)
class Server:
    """A server in a process of its own. :ivar folders: everything that it could write to."""

    address: str
    log: Path
    folders: tuple[Path, ...]

    def traces(self, word: str) -> list[str]:
        """The files in which a word stands, whole or in another case or escaped."""
        sought = {form.encode() for form in (word, word.upper(), word.encode("utf-16-le").decode("latin-1"))}
        return [str(path) for path in routes.written_below(*self.folders) if any(form in path.read_bytes() for form in sought)]  # fmt: skip


# How the server is started: as people start it; with every verb broken, so that each page fails; and with a log of addresses.
PLAIN = "from kg.cli import main; main(prog_name='kg')"
BROKEN = f"""
from kg.queries import KnowledgeGraph
def break_it(verb):
    def broken(self, *asked, **options): raise RuntimeError(f"{{asked}} {{options}}")
    setattr(KnowledgeGraph, verb, broken)
for verb in [name for name, verb in vars(KnowledgeGraph).items() if callable(verb) and not name.startswith('_')]:
    if verb not in ('open', 'close', 'verify', 'suggest', 'stamp', 'find_newer', 'one_answer'): break_it(verb)
{PLAIN}
"""
LOGGING = f"""
import webui.serving as serving
from flask import request
made = serving.create_app
def with_a_log(*given, **options):
    app = made(*given, **options)
    app.before_request(lambda: app.logger.warning(request.full_path + request.remote_addr))
    return app
serving.create_app = with_a_log
{PLAIN}
"""


@contextlib.contextmanager
def serving(build: Path, folder: Path, code: str = PLAIN) -> Iterator[Server]:
    """A server on a copy of the build, in a folder of its own, with a home and a place for temporary files that can be searched."""
    for name in ("build", "home", "temp", "here"):
        (folder / name).mkdir()
    shutil.copytree(build, folder / "build", dirs_exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log"
    root = str(Path(__file__).resolve().parent.parent)
    env = {**os.environ, "HOME": str(folder / "home"), "TMPDIR": str(folder / "temp"), "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    command = [sys.executable, "-c", code, "--build", str(folder / "build"), "serve", "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder / "here", env=env)
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            yield Server(f"http://127.0.0.1:{port}", log, (folder,))
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def server(tiny_build: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tiny_build.build, tmp_path_factory.mktemp("server")) as server:
        yield server


def ask(address: str, data: dict[str, str] | None = None, **headers: str) -> int:
    given = urllib.parse.urlencode(data).encode() if data is not None else None
    try:
        with urllib.request.urlopen(urllib.request.Request(address, given, headers), timeout=20) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.read()
        return error.code


def send_everywhere(server: Server, knowledge: KnowledgeGraph, word: str) -> set[int]:
    """Send a word through every route: as a place in the address, as each parameter, all at once, in the body and in the headers."""
    app, statuses = create_app(knowledge), set()
    known, everything = routes.parameters(knowledge), dict.fromkeys(routes.every_parameter(knowledge), word)
    sent = {"User-Agent": word, "Referer": f"http://{word}/", "Cookie": f"a={word}", "Accept-Language": word, "X-Forwarded-For": word}  # fmt: skip
    for rule in routes.rules(app):
        opened, filled = server.address + routes.fill(rule), server.address + routes.fill(rule, word)
        needed = routes.NEEDED.get(rule.endpoint, {})
        states = [everything, {**needed, "z": word}, *({**needed, name: word} for name in known[rule.endpoint])]
        statuses |= {ask(f"{opened}?{urllib.parse.urlencode(state)}", **sent) for state in states}
        statuses |= {ask(opened, state, **sent) for state in states[:2] + (states[2:] if "POST" in (rule.methods or ()) else [])}  # fmt: skip
        statuses |= {ask(filled, **sent), ask(filled, {"q": word}, **sent), ask(f"{opened}/{word}", **sent)}
    statuses |= {ask(f"{server.address}/{word}"), ask(server.address, Host=f"{word}.example")}
    statuses |= {ask(f"{server.address}/search?q=bank+{word}"), ask(f"{server.address}/search?q={word * 200}")}
    statuses |= {ask(server.address + "/search", {"q": word * 8000}), ask(server.address + "/" + word * 2000)}
    return statuses


def test_a_word_sent_through_every_route_is_found_nowhere_afterwards(server: Server, tiny_kg: KnowledgeGraph) -> None:
    statuses = send_everywhere(server, tiny_kg, WORD)
    assert {200, 400, 404, 405, 413} <= statuses and 500 not in statuses
    assert server.traces(WORD) == []
    assert server.traces("Serving on") == [str(server.log)], "the search for traces must see what is written"
    assert len(server.log.read_text().splitlines()) == 1


def test_a_word_sent_through_every_route_that_fails_is_found_nowhere_either(
    tiny_build: Config, tiny_kg: KnowledgeGraph, tmp_path: Path
) -> None:
    with serving(tiny_build.build, tmp_path, BROKEN) as server:
        assert 500 in send_everywhere(server, tiny_kg, WORD)
        assert "RuntimeError in pages.search" in server.log.read_text()
        assert server.traces(WORD) == []


VISITOR = "127.0.0.53"  # an address of this machine that nobody else has here


def visit_from(server: Server, address: str, path: str, body: bytes | None = None) -> int:
    """Ask from an address of one's own."""
    port = int(server.address.rpartition(":")[2])
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, 20, source_address=(address, 0))) as one:
        head = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        one.request("POST" if body else "GET", path, body, head)
        answer = one.getresponse()
        answer.read()
        return answer.status


def test_the_address_of_a_visitor_is_found_nowhere_afterwards(server: Server) -> None:
    paths = (
        "/",
        "/search?q=bank",
        "/id/nothing",
        "/api/v1/search?q=bank",
        "/sparql?query=ASK%7B%7D",
        "/sparql?query=ASK%7B",
    )
    statuses = {visit_from(server, VISITOR, path) for path in paths}
    statuses |= {visit_from(server, VISITOR, "/search", body) for body in (b"q=bank", b"x" * 100_000, b"x" * 300_000)}
    assert {200, 400, 404, 413} <= statuses
    assert server.traces(VISITOR) == []


def test_negative_control_a_log_of_addresses_is_found(tiny_build: Config, tmp_path: Path) -> None:
    with serving(tiny_build.build, tmp_path, LOGGING) as server:
        visit_from(server, VISITOR, f"/search?q={WORD}")
        assert server.traces(WORD) == [str(server.log)]
        assert server.traces(VISITOR) == [str(server.log)]


# What waitress itself refuses, before the application sees it.
REFUSED = {
    "no HTTP": b"nothing of the kind\r\n\r\n",
    "a head that is too long": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
    "a body that is far too long": b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n\r\n",
    "two lengths": b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nq=ab",
    "another coding": b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a line in a head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\nY: b\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_what_the_server_itself_refuses_carries_every_header_too(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2])), 10) as one:
        one.sendall(sent)
        answer = http.client.HTTPResponse(one)
        answer.begin()
        assert 400 <= answer.status < 600
        for name, value in {**HEADERS, "Cache-Control": "no-store"}.items():
            assert answer.headers[name] == value, f"{answer.status} without {name}"
        assert "Server" not in answer.headers


# ---- what is sent is answered safely and clearly, by every route ----

ODD = {
    "overlong": "a" * 5000,
    "very long with spaces": "why me " * 700,
    "bytes that are no text": "%ff%fe%c3%28",
    "a null": "a%00b",
    "controls": "%01%02%1b[31m",
    "a lone surrogate": "%ed%a0%80",
    "turned around": "%e2%80%ae%e2%81%a6abc",
    "a negative number": "-1",
    "a huge number": "9" * 400,
    "no number": "1e9",
    "not a number": "NaN",
    "nothing": "",
    "a template": "{{7*7}}${7*7}%7b%25",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "an expression": "' OR 1=1 --",
    "separators": "~~..,,--//",
    "a path": "../../../../etc/passwd",
    "an unknown id": "ap-barrier-2.66",
    "a format": "%25s%25n%7b0%7d",
}


@pytest.fixture(scope="module")
def knocked(tiny_kg: KnowledgeGraph) -> FlaskClient:
    """A client of the site as it is served: a fault gives a page, not an exception."""
    return create_app(tiny_kg, PROPAGATE_EXCEPTIONS=False).test_client()


def knock(client: FlaskClient, address: str, method: str = "GET", **options: object) -> int:
    """Ask, and hold what every answer must be: no fault, all headers, nothing of the inside."""
    with client.open(address, method=method, **options) as answer:  # type: ignore[arg-type]
        told = f"{method} {address[:200]}: {answer.status_code}"
        assert answer.status_code in (200, 302, 303, 304, 308, 400, 403, 404, 405, 413, 415, 422), told
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, told
        assert "Set-Cookie" not in answer.headers, told
        assert not re.search(
            r"Traceback|werkzeug|File &#34;|site-packages|root:x:", answer.data.decode(errors="replace")
        ), told
        if answer.status_code >= 400 and method != "HEAD":
            if answer.mimetype == "text/html":
                assert "<h1" in answer.text and re.search(r'role="(search|alert)"', answer.text), told
            elif address.startswith("/api/"):
                assert answer.mimetype == "application/problem+json", told
                assert set(answer.json) == {"type", "title", "status", "detail", "hint", "near"}, told  # type: ignore[arg-type]
                assert answer.json["status"] == answer.status_code and answer.json["hint"], told  # type: ignore[index]
        if answer.status_code in (302, 303, 308):
            assert answer.headers["Location"].startswith("/") and not answer.headers["Location"].startswith("//"), told
        return answer.status_code


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_every_parameter_of_every_route_takes_what_is_odd(
    knocked: FlaskClient, tiny_kg: KnowledgeGraph, odd: str
) -> None:
    known = routes.parameters(tiny_kg)
    for rule in routes.rules(knocked.application):
        address, needed = routes.fill(rule), urllib.parse.urlencode(routes.NEEDED.get(rule.endpoint, {}))
        for name in known[rule.endpoint]:
            knock(knocked, f"{address}?{needed}&{name}={odd}")
            if "POST" in (rule.methods or ()):
                knock(knocked, address, "POST", data=f"{name}={odd}", content_type="application/x-www-form-urlencoded")
        knock(knocked, f"{address}?" + "&".join(f"{name}={odd}" for name in routes.every_parameter(tiny_kg)))
        for state in routes.FULL:  # one value of a full state is odd, the others are right
            for name in set(state) & set(known[rule.endpoint]):
                rest = urllib.parse.urlencode({key: value for key, value in state.items() if key != name})
                knock(knocked, f"{address}?{rest}&{name}={odd}")
        knock(knocked, f"{address}?{odd}"), knock(knocked, f"{address}?{odd}={odd}")
        knock(knocked, f"{address}?" + "&".join(["kind=action"] * 500))


def test_negative_control_a_route_that_fails_is_found(tiny_kg: KnowledgeGraph) -> None:
    app = create_app(tiny_kg, PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/weak", "weak", lambda: str(int(routes_args()["n"])))
    with pytest.raises(AssertionError, match="GET /weak"):
        knock(app.test_client(), "/weak?n=NaN")


def routes_args() -> dict[str, str]:
    from flask import request

    return request.args


PATHS = ["..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "../../../../etc/passwd", "..%5c..%5cboot.ini", "%2fetc%2fpasswd", "//etc/passwd", "..%252f..%252fetc%252fpasswd", ".", "..", "style.css%00.html", "file:%2f%2f%2fetc%2fpasswd", "../__init__.py", "....//....//safety.py"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_route_with_a_place_in_its_address_leads_out_of_the_site(knocked: FlaskClient, path: str) -> None:
    for rule in routes.rules(knocked.application):
        if rule.arguments:
            address = re.sub(r"<[^>]*>", path, rule.rule)
            assert knock(knocked, address) in (302, 308, 404), address
    assert knock(knocked, f"/{path}") in (200, 302, 308, 404)


def test_an_unknown_id_gives_a_page_that_helps_on_every_route_that_takes_one(knocked: FlaskClient) -> None:
    for rule in routes.rules(knocked.application):
        if rule.arguments - {"filename", *routes.CLOSED}:
            unknown = "ap-barrier-2.66" if "item_id" in rule.arguments else "app"
            answer = knocked.get(routes.fill(rule, unknown))
            assert answer.status_code == 404, rule
            assert re.search(r"Near it|near|Did you mean|One of|search", answer.text), rule
            assert unknown in answer.text, rule


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_every_route_refuses_methods_that_it_does_not_take(knocked: FlaskClient, method: str) -> None:
    for rule in routes.rules(knocked.application):
        status = knock(knocked, routes.fill(rule), method, query_string=routes.NEEDED.get(rule.endpoint, {}))
        taken = method in (rule.methods or ())
        named = (rule.endpoint, f"{rule.endpoint} {method}")
        usual = (
            200 if method == "OPTIONS" else next((routes.STATUS[name] for name in named if name in routes.STATUS), 200)
        )
        assert status == (usual if taken else 405), f"{method} {rule}"


def test_bodies_that_are_too_large_or_broken_are_refused(knocked: FlaskClient) -> None:
    for rule in routes.rules(knocked.application):
        if "POST" in (rule.methods or ()):
            address = routes.fill(rule)
            form = {"content_type": "application/x-www-form-urlencoded"}
            assert knock(knocked, address, "POST", data=b"q=" + b"x" * 100_000, **form) == 413
            parts = b"".join(b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nbank\r\n' for _ in range(100)) + b"--b--\r\n"  # fmt: skip
            assert knock(knocked, address, "POST", data=parts, content_type="multipart/form-data; boundary=b") == (
                415 if address.startswith("/api/") else 413
            )
            for kind in ("multipart/form-data", "multipart/form-data; boundary=b", "application/json", "nonsense", ""):
                knock(knocked, address, "POST", data=b"--b\r\nq=\xff\xfe{", content_type=kind)


def test_the_operator_chooses_where_leaving_leads_and_which_names_are_answered(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    import waitress

    import webui.serving

    served: dict[str, Any] = {}

    def create_server(site: Renewed, **options: Any) -> None:
        served.update(options, app=site.app)

    monkeypatch.setattr(waitress, "create_server", create_server)
    monkeypatch.setattr(webui.serving, "run", lambda server, sockets: None)
    args = ["serve", "--leave", "https://weather.example/", "--name", "kg.example"]
    assert runner.invoke(main, args).exit_code == 0
    assert (served["threads"], served["connection_limit"], served["ident"]) == (8, 1000, None)
    client = served["app"].test_client()
    assert client.get("/", headers={"Host": "kg.example"}).text.count('href="https://weather.example/"') == 2
    assert client.get("/", headers={"Host": "other.example"}).status_code == 400


# ---- silent clients slow nobody ----

SILENT, MOST_MS = 900, 100.0


@contextlib.contextmanager
def silent_sockets(server: Server, number: int, words: bytes = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ") -> Iterator[list[socket.socket]]:  # fmt: skip
    """Clients that begin a request and say no more."""
    host, port = server.address.removeprefix("http://").split(":")
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(number):
            one = stack.enter_context(socket.create_connection((host, int(port)), 10))
            one.sendall(words)
            opened.append(one)
        time.sleep(0.5)
        yield opened


def home_times(server: Server, often: int = 15, patience: float = 5.0) -> list[float]:
    times = []
    for _ in range(often):
        begun = time.perf_counter()
        with urllib.request.urlopen(server.address + "/", timeout=patience) as answer:
            assert answer.status == 200 and answer.read()
        times.append(1000 * (time.perf_counter() - begun))
    return times


def enough_files(number: int) -> bool:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number + 200 and hard >= number + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number + 200, hard))
    return bool(resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= number + 200)


@pytest.fixture(scope="module")
def silent(server: Server) -> Iterator[list[socket.socket]]:
    """900 clients that say nothing more."""
    assert enough_files(SILENT), "This test opens 900 connections: allow more open files (ulimit -n 2000)."
    home_times(server, 3)
    with silent_sockets(server, SILENT) as opened:
        yield opened


@pytest.mark.alone
def test_900_silent_clients_do_not_slow_the_home_page(server: Server, silent: list[socket.socket]) -> None:
    times = home_times(server)
    assert statistics.median(times) < MOST_MS, times
    assert len(silent) == SILENT


def test_900_silent_clients_are_closed(silent: list[socket.socket]) -> None:
    deadline = time.monotonic() + 45
    closed = 0
    for one in silent:
        one.settimeout(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(OSError):
            while one.recv(4096):
                pass
            closed += 1
    assert closed == SILENT, "the server closes what says nothing"


def test_negative_control_the_usual_waitress_is_stopped_by_them(tiny_build: Config, tmp_path: Path) -> None:
    usual = f"import webui.serving as serving; serving.TUNING = {{}}\n{PLAIN}"
    with serving(tiny_build.build, tmp_path, usual) as server:
        home_times(server, 3)
        with silent_sockets(server, 150):
            slowed: Callable[[], list[float]] = lambda: home_times(server, 3, patience=2.0)  # noqa: E731
            with pytest.raises(OSError):
                assert statistics.median(slowed()) < MOST_MS
