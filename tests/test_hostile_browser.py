"""Markup in every parameter of every page, in a real browser: nothing of it becomes part of a page, runs, or breaks a rule of the site.

Every page is asked with a harmless word in each of its parameters; where the word comes back in the page, payloads are sent there: thirty,
or one that breaks out of text and attributes alike, if it stands in a place that another page showed in the same way. The thirty go each
alone to the application, whose answer is parsed here, and to the browser as many at a time as there is room for in the place.
The negative control are pages that show a payload as it came, in every place where words can stand, and must be caught.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from kg.queries import KnowledgeGraph
from webui import create_app

from . import routes
from .looking import serving

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


LONG = 600  # characters, of which a place that shows words to their end shows all


@cache
def join(room: int) -> list[str]:
    """The payloads in as few values as a place can show that has room for so many characters; a payload that is longer stands alone.

    What does harm only at the beginning of a value stands there.
    """
    values = [each for each in PAYLOADS if each.startswith(HEADS)]
    for payload in sorted((each for each in PAYLOADS if not each.startswith(HEADS)), key=len, reverse=True):
        place = next((at for at, value in enumerate(values) if len(f"{value} {payload}") <= room), len(values))
        values[place:] = [" ".join([*values[place : place + 1], payload]), *values[place + 1 :]]
    return values


HEADS = ("javascript:", "data:")
WATCH = """
window.__broken = [];
document.addEventListener('securitypolicyviolation', e => window.__broken.push(e.effectiveDirective + ' ' + e.blockedURI));
"""
LOOK = """() => [
  ...[...document.querySelectorAll('x-in, [data-in], base, object, iframe, meta[http-equiv], link[href*="evil"], [action*="evil"]')].map(e => e.outerHTML.slice(0, 80)),
  ...[...document.querySelectorAll('[href], [src], [action], [formaction]')].filter(e => /^\\s*(javascript|vbscript|data:text)/i.test(e.getAttribute('href') || e.getAttribute('src') || e.getAttribute('action') || e.getAttribute('formaction') || '')).map(e => e.outerHTML.slice(0, 80)),
  ...[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).map(e => e.outerHTML.slice(0, 80)),
  ...window.__broken]"""


# Pages that show what they are asked as it came, or half escaped: in each something must be caught.
WEAK = {
    "text": "<p>{raw}</p>",
    "title": "<title>{raw}</title>",
    "a textarea": "<textarea>{raw}</textarea>",
    "a comment": "<!-- {raw} -->",
    "a style": "<style>/* {raw} */</style>",
    "a script": "<script type=application/json>{raw}</script>",
    "double quotes": '<p title="{raw}">x</p>',
    "single quotes": "<p title='{raw}'>x</p>",
    "no quotes": "<p title={raw}>x</p>",
    "double quotes, < and > escaped": '<p title="{half}">x</p>',
    "single quotes, < and > escaped": "<p title='{half}'>x</p>",
    "no quotes, all escaped": "<p title={whole}>x</p>",
    "a link, all escaped": '<a href="{whole}">x</a>',
}


def weaken(app: Flask) -> None:
    """Give the site a page for each place where words can stand unescaped."""

    def show(place: str) -> str:
        asked = request.args.get("q", "")
        return "<!doctype html>" + WEAK[place].format(raw=asked, half=escape(asked, quote=False), whole=escape(asked))

    app.add_url_rule("/weak/<place>", "weak", show)


@pytest.fixture(scope="module")
def app(kg: KnowledgeGraph) -> Flask:
    app = create_app(kg, LEAVE_URL="/static/style.css")
    weaken(app)
    return app


@pytest.fixture(scope="module")
def cases(app: Flask, kg: KnowledgeGraph) -> list[Case]:
    return reflecting(app, kg)


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        yield context


def _within(address: str, site: str) -> bool:
    return address.startswith((site, "data:,", "about:"))


class Watched:
    """A page of which everything bad is noted: dialogs, other hosts, errors."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.page: Page = context.new_page()
        self.noted: list[str] = []
        self.page.on("dialog", lambda dialog: (self.noted.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self._note(request.url, site))
        self.page.on("pageerror", lambda error: self.noted.append(f"error {error}"))
        self.page.route(lambda address: not _within(address, site), lambda route: route.fulfill(status=204))

    def _note(self, address: str, site: str) -> None:
        if not _within(address, site):
            self.noted.append(f"asked {address}")

    def look(self) -> list[str]:
        """What is wrong with the page that is open."""
        return [*self.noted, *self.page.evaluate(LOOK)]


class Case(NamedTuple):
    """Somewhere a page shows what it was sent.

    :ivar rest: the other parameters. :ivar new: no page before shows it in such a place. :ivar room: so many characters are shown.
    """

    method: str
    address: str
    name: str = ""
    rest: Mapping[str, str] = MappingProxyType({})
    new: bool = False
    room: int = 0

    def payloads(self) -> list[str]:
        """What is sent there in the browser."""
        return join(self.room) if self.new else FEW

    def state(self, value: str, everything: Iterable[str]) -> dict[str, str]:
        """The parameters that carry a value, all of them if none is named."""
        return {**self.rest, self.name: value} if self.name else dict.fromkeys(everything, value)

    def ask(self, client: FlaskClient, value: str, everything: Iterable[str] = ()) -> str:
        """What the application answers to a value."""
        if self.method == "PATH":
            return client.get(self.address.format(urllib.parse.quote(value, safe=""))).text
        sent = {"query_string" if self.method == "GET" else "data": self.state(value, everything)}
        return client.open(self.address, method=self.method, **sent).text  # type: ignore[arg-type]

    def measure(self, client: FlaskClient) -> Case:
        """The same with its room: how much of a long value is shown wherever its beginning is."""
        text = without_languages(self.ask(client, "zqbegin" + " 1./" * (LONG // 4))).lower()
        shown = re.findall(r"zqbegin(?:[ +1./]|%20|%2f)*", text)
        return self._replace(room=min((4 * each.count("1") for each in shown), default=0))


def without_languages(html: str) -> str:
    """A page without the switch of languages, which carries every parameter as it came."""
    return re.sub(r'<nav class="languages".*?</nav>', "", html, flags=re.DOTALL)


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
                    text = without_languages(answer.text)
                    if word in text and word not in answer.headers.get("Location", ""):
                        around = {each.replace(name, "NAME") for each in re.findall(rf".{{0,25}}{word}.{{0,8}}", text)}
                        case = Case(method, address, name, others, new=bool(around - places) or name == "q")
                        found.append(case.measure(client) if case.new else case)
                        places |= around
            found.append(Case(method, address))
        if rule.arguments:
            case = Case("PATH", re.sub(r"<[^>]*>", "{}", rule.rule), new=rule.endpoint == "pages.item")
            found.append(case.measure(client) if case.new else case)
    return found


def open_with(watched: Watched, site: str, case: Case, payload: str, everything: list[str]) -> None:
    method, address, state = case.method, case.address, case.state(payload, everything)
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


class Marks(HTMLParser):
    """What of a payload became part of a page: the same that LOOK finds in the browser."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        mine = tag in ("x-in", "base", "object", "iframe") or (tag == "meta" and "http-equiv" in dict(attrs))
        for name, value in attrs:
            mine |= name == "data-in" or name.startswith("on")
            mine |= "evil" in (value or "") and (name == "action" or (tag, name) == ("link", "href"))
            if name in ("href", "src", "action", "formaction"):
                mine |= bool(re.match(r"\s*(javascript|vbscript|data:text)", value or "", re.IGNORECASE))
        if mine:
            self.found.append(self.get_starttag_text() or tag)


@pytest.mark.parametrize(("room", "values"), [(0, 30), (20, 30), (100, 15), (LONG, 3)])
def test_payloads_that_are_joined_are_all_there_and_no_longer_than_what_is_shown(room: int, values: int) -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 30
    joined = join(room)
    assert len(joined) <= values
    assert all(any(payload in value for value in joined) for payload in PAYLOADS)
    assert all(any(value.startswith(payload) for value in joined) for payload in PAYLOADS if payload.startswith(HEADS))
    assert all(len(value) <= room or value in PAYLOADS for value in joined)


def test_each_payload_alone_comes_back_as_text_wherever_it_comes_back(
    app: Flask, cases: list[Case], kg: KnowledgeGraph
) -> None:
    client, everything = app.test_client(), routes.every_parameter(kg)
    joined = [case for case in cases if len(case.payloads()) < len(PAYLOADS) and case.new]
    asked = [(case, payload) for case in joined for payload in PAYLOADS]
    assert len(asked) > 900
    assert [(case, payload) for case, payload in asked if Marks(case.ask(client, payload, everything)).found] == []


def test_negative_control_what_comes_back_as_it_came_is_found_in_the_answer(app: Flask) -> None:
    missed = {place for place in WEAK for case in [Case("GET", f"/weak/{place}", "q")]
              if not any(Marks(case.ask(app.test_client(), payload)).found for payload in PAYLOADS)}  # fmt: skip
    assert missed == set()


@pytest.mark.parametrize("part", range(4))
def test_payloads_in_every_parameter_of_every_page_do_nothing(
    context: BrowserContext, cases: list[Case], site: str, kg: KnowledgeGraph, part: int
) -> None:
    assert {("GET", "/search", "q"), ("POST", "/search", "q"), ("GET", "/search", "kind")} <= {
        case[:3] for case in cases
    }
    everything = routes.every_parameter(kg)
    watched = Watched(context, site)
    watched.page.goto(site)
    wrong = []
    for case in cases[part::4]:
        for payload in case.payloads():
            open_with(watched, site, case, payload, everything)
            if told := watched.look():
                wrong.append((case, payload, told))
                watched.noted.clear()
    assert wrong == []


def test_payloads_that_are_typed_do_nothing(context: BrowserContext, site: str) -> None:
    watched = Watched(context, site)
    for payload in PAYLOADS:
        watched.page.goto(site)
        with watched.page.expect_response("**/api/v1/suggest"):
            watched.page.locator("#q").fill(payload)
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
    watched.page.goto(f"{site}/weak/text?{urllib.parse.urlencode({'q': payload})}")
    assert watched.look(), payload


@pytest.mark.parametrize("place", WEAK)
def test_negative_control_joined_payloads_are_caught_wherever_they_stand(
    context: BrowserContext, site: str, place: str
) -> None:
    caught: list[bool] = []
    for joined in join(LONG):
        if any(caught) and place != "text":
            break
        watched = Watched(context, site)
        watched.page.goto(
            f"{site}/weak/{urllib.parse.quote(place)}?{urllib.parse.urlencode({'q': joined})}",
            wait_until="domcontentloaded",
        )
        caught.append(bool(watched.look()))
        watched.page.close()
    assert any(caught)
    assert all(caught) or place != "text"


def test_negative_control_a_breach_of_the_policy_is_noted_by_the_browser(context: BrowserContext, site: str) -> None:
    watched = Watched(context, site)
    watched.page.goto(f"{site}/weak/text?{urllib.parse.urlencode({'q': '<img src=x onerror=alert(1)>'})}")
    assert any("script-src-attr" in each for each in watched.look())


def test_the_templates_switch_escaping_off_nowhere() -> None:
    folder = Path(__file__).resolve().parent.parent / "webui" / "templates"
    for path in folder.glob("*"):
        if path.is_file():
            assert not re.search(
                r"\|\s*safe\b|autoescape\s+false|style=|\son[a-z]+=", path.read_text(encoding="utf-8")
            ), path
