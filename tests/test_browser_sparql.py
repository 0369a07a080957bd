"""The SPARQL page in a real browser: no fault that axe finds, no rule broken, with the editor and without, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .looking import look_at, open_and_look, watch

PAGES = [
    "/sparql",
    "/sparql?sample=04-answers",
    "/sparql?sample=05-answers-of-a-group&editor=1",
    "/sparql?sample=18-the-cycle",
    "/sparql?query=ASK+%7B",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_width_has_no_fault_and_breaks_no_rule(tab: Page, site: str, path: str) -> None:
    status = 400 if path.endswith("%7B") else 200
    assert not open_and_look(tab, site + path, (360, 1280), unfold=False, status=status)
    if "editor" in path:
        tab.locator(".CodeMirror .cm-keyword").first.wait_for()
        assert not look_at(tab, (360, 1280)), "with the editor in place"
    assert tab.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_sample_to_a_changed_question_to_an_item(browser: Browser, site: str, scripts: bool) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(site + "/sparql")
        page.get_by_role("link", name="What addresses one barrier, how strongly, and why?").click()
        expect(page.locator("table")).to_contain_text(re.compile("cancelling criminal records", re.I))
        field = page.get_by_label("Query")
        field.fill(field.input_value().replace("ap-barrier-2.6", "ap-barrier-2.5"))
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_label("Query")).to_have_value(re.compile("ap-barrier-2.5"))
        page.locator("table a").first.click()
        assert "/id/" in page.url


def test_the_editor_writes_into_the_field_runs_by_keyboard_and_lets_the_keyboard_out(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    asked, complaints = watch(page)
    page.goto(site + "/sparql")
    page.get_by_role("link", name="Use the editor").click()
    page.locator(".CodeMirror-code").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK { ?s a kg:Barrier }")
    page.keyboard.press("Control+Enter")
    page.locator("#result").wait_for()
    assert page.locator("p.lead").nth(1).inner_text() == "Yes"
    page.locator(".CodeMirror-code").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ask", "Tab leaves the editor"
    assert complaints == [] and all(address.startswith((site, "data:")) for address in asked)


def test_a_private_question_stands_in_no_address(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(site + "/sparql")
    page.get_by_label("Query").fill("ASK { ?s a kg:Barrier }")
    page.get_by_role("button", name="Ask privately").click()
    page.locator("#result").wait_for()
    expect(page).to_have_url(site + "/sparql")
