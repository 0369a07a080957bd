"""The page of a part in a real browser, from disk and without a network: it asks for nothing, runs nothing of the data, and is readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from kg.cleaning import clean_part
from kg.export import write_export
from kg.queries import KnowledgeGraph
from kg.subgraph import Subgraph

from . import parts

_TOO_WIDE = """[...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > innerWidth && !each.closest('.scroll, #picture'))
    .map(each => [each.tagName, each.id, each.textContent.slice(0, 60)])"""


@pytest.fixture(scope="module")
def hostile_part(tiny_kg: KnowledgeGraph) -> Subgraph:
    return parts.make_hostile(tiny_kg.subgraph(["everything"]))


def test_the_page_opens_from_disk_asks_nothing_and_runs_nothing_of_the_data(
    browser: Browser, hostile_part: Subgraph, tmp_path: Path
) -> None:
    address = write_export(hostile_part, "html", tmp_path / "part.html").as_uri()
    context = browser.new_context(offline=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append("a dialog") or dialog.dismiss())  # type: ignore[func-returns-value]
    page.goto(address)
    page.wait_for_selector("#picture[data-drawn]")
    for x in range(20, 340, 40):  # hover shows the titles
        page.mouse.move(x, 400)
    page.wait_for_timeout(500)
    assert asked == [address] and faults == []
    assert (
        page.evaluate("document.querySelectorAll('main img, main b, li a[href^=javascript], #picture a').length") == 0
    )
    assert page.evaluate(_TOO_WIDE) == []
    found = page.evaluate(
        """[[...document.querySelectorAll('.items li strong')].map(item => item.textContent),
            [...document.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))]"""
    )
    cleaned = clean_part(hostile_part)
    assert sorted(found[0]) == sorted(item.label for item in cleaned.items)
    assert len(found[1]) == len(cleaned.edges)
    assert [row[1] for row in found[1]] == [edge.phrase for edge in cleaned.edges]
    page.locator("button", has_text="Nearer").click()
    assert Axe().run(page).response["violations"] == []
    context.close()


def test_the_control_markup_that_is_not_escaped_would_be_caught(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(f"<!doctype html><main>{parts.HOSTILE[5]}</main>", encoding="utf-8")
    page = browser.new_page()
    caught = []
    page.on("dialog", lambda dialog: caught.append(dialog.message) or dialog.dismiss())  # type: ignore[func-returns-value]
    page.goto((tmp_path / "bad.html").as_uri())
    page.wait_for_timeout(300)
    assert caught and page.evaluate("document.querySelectorAll('main img').length") == 1
    page.close()


def test_without_scripts_the_page_is_a_picture_and_lists(browser: Browser, kg: KnowledgeGraph, tmp_path: Path) -> None:
    part = kg.subgraph(["ap-barrier-2.6"])
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(write_export(part, "html", tmp_path / "part.html").as_uri())
    assert page.locator("#picture svg").is_visible() and not page.locator("#moves").is_visible()
    assert page.locator(".items li").count() == len(part.items)
    assert page.get_by_text("takes away the ground on which banks refuse").is_visible()
    assert page.get_by_text("Copyright Survivor Alliance 2023").is_visible()
    context.close()
