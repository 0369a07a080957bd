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


def watch(page: Page) -> tuple[list[str], list[str]]:
    """What a page asks for, and what the browser complains of."""
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return asked, complaints


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
        for scheme, rules in (("light", RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            if found := find_faults(page, rules):
                wrong.append(f"{page.url} at {width}, {scheme}: {found}")
    return wrong
