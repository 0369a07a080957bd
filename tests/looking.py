"""Look at a page as a visitor's browser does: serve the site, note what a page asks for, find what axe finds wrong with it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe, AxeResults
from flask import Flask
from playwright.sync_api import Page
from waitress.server import create_server

# All rules of WCAG 2.0 to 2.2 at A and AA and the best practices, target size among them. Only what is wrong is told in detail:
# to write down all that is right takes axe longer than to find it.
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of a site, served by a thread of this process as long as it is needed."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(5)


class Watch:
    """:ivar asked: addresses that a page asks for. :ivar complaints: what the browser complains of."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self._page = page
        self._notes: dict[Any, Any] = {
            "request": lambda request: self.asked.append(request.url),
            "console": lambda told: self.complaints.append(told.text) if told.type in ("error", "warning") else None,
            "pageerror": lambda error: self.complaints.append(str(error)),
        }
        for event, note in self._notes.items():
            page.on(event, note)

    def end(self) -> None:
        """Watch no longer."""
        for event, note in self._notes.items():
            self._page.remove_listener(event, note)


def watch(page: Page) -> tuple[list[str], list[str]]:
    """What a page asks for, and what the browser complains of, as long as the page lives."""
    watched = Watch(page)
    return watched.asked, watched.complaints


def find_faults(page: Page, rules: dict[str, Any] = RULES) -> str:
    """What axe finds wrong with the page as it stands, told at length; nothing if it finds nothing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = AxeResults(page.evaluate("rules => axe.run(rules)", rules))
    return found.generate_report() if found.violations_count else ""


def look_at(page: Page, widths: Iterable[int]) -> list[str]:
    """What is wrong with the page that is open, at some widths in light and in dark; it is loaded once and takes each shape in turn.

    Dark changes colours and nothing else (`test_dark_changes_nothing_but_colours`), so contrast is all that is looked at again.
    """
    wrong = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{page.url} is too wide for {width}")
        wrong += [
            f"{page.url} at {width} shows no {part}"
            for part in ("h1", "a.leave")
            if not page.locator(part).first.is_visible()
        ]
        for scheme, rules in (("light", RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            if found := find_faults(page, rules):
                wrong.append(f"{page.url} at {width}, {scheme}: {found}")
    return wrong


UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"


def open_and_look(page: Page, address: str, widths: Iterable[int], *, unfold: bool, status: int = 200) -> list[str]:
    """Open a page and look at it; what it asks of another host, what the browser complains of and a cookie are wrong too.

    :param unfold: open everything folded first, so that it is looked at too.
    :param status: what the site is to answer; the browser complains of any but 200, and that is no fault.
    """
    watched = Watch(page)
    try:
        answer = page.goto(address)
        assert answer is not None
        wrong = [] if answer.status == status else [f"{address} answers {answer.status}, not {status}"]
        if unfold:
            page.evaluate(UNFOLD)
        wrong += look_at(page, widths)
        site = "/".join(address.split("/")[:3])
        wrong += [f"{address} asks {each}" for each in watched.asked if not each.startswith((site, "data:"))]
        wrong += [f"{address}: {text}" for text in watched.complaints if status == 200 or f"{status}" not in text]
        return wrong + [f"{address} keeps a cookie: {cookie}" for cookie in page.context.cookies()]
    finally:
        watched.end()
