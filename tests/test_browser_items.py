"""Pages to read in a real browser: no fault that axe finds at phone and desk width in light and dark, no scripts needed, a brief on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .looking import open_and_look

PAGES = [
    "/barriers",
    "/barriers/ap-barrier-2.6",
    "/barriers/ap-barrier-2.7",
    "/barriers/ap-barrier-4.2",
    "/barriers/ap-barrier-group-2",
    "/harms",
    "/harms/hr-harm-4",
    "/harms/hr-harm-4.e3",
    "/id/ap-action-3.2.11",
    "/id/ap-barrier-3.5?show=addresses-in",
    "/id/ap-term-vicarious-trauma",
    "/id/ap-theme-1",
    "/id/hr-value-1",
    "/id/resource-meaningful-engagement-toolkit",
    "/id/topic-hiring",
    "/glossary",
    "/topics",
    "/sources",
    "/sources/ap",
    "/quality",
    "/quality/oddities?source=hr",
    "/about",
    "/barriers/ap-barrier-2.66",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_to_read_has_no_fault_asks_no_other_host_complains_of_nothing_and_keeps_no_cookie(
    tab: Page, site: str, path: str
) -> None:
    status = 404 if path.endswith("2.66") else 200
    assert open_and_look(tab, site + path, [360, 1440], unfold=True, status=status) == []


def test_without_scripts_a_list_leads_to_a_barrier_its_item_the_term_and_the_source(
    browser: Browser, site: str
) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(site + "/barriers")
        page.get_by_text("On this page").last.click()
        page.get_by_role("link", name="Barriers to health, recovery and well-being").first.click()
        expect(page).to_have_url(re.compile(re.escape("/barriers#ap-barrier-group-2") + "$"))
        page.get_by_role("link", name="No bank account because of a criminal record").click()
        page.locator("li.answer").first.get_by_role("link").click()
        expect(page).to_have_url(site + "/id/ap-action-3.2.11")
        page.locator("svg.ring a").first.click()
        assert page.url.startswith(site + "/id/ap-barrier-")
        page.goto(site + "/glossary")
        page.get_by_role("link", name="and 32 more").first.click()
        expect(page).to_have_url(re.compile(re.escape("/id/ap-term-accountability?show=usesTerm-in#usesTerm-in") + "$"))
        expect(page.locator("#usesTerm-in li")).to_have_count(35)
        page.goto(site + "/sources/ap")
        page.locator(".outline summary").first.click()
        page.locator(".outline details[open] summary").nth(1).click()
        expect(page.locator(".outline details[open] details[open] li a").first).to_be_visible()


def test_the_picture_of_what_stands_around_is_walked_by_keyboard(browser: Browser, site: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(site + "/id/ap-action-3.2.11")
        first = page.locator("svg.ring a").first
        first.focus()
        assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("1: ")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("2: ")
        for node in page.locator("svg.ring a .node").all():
            box = node.bounding_box()
            assert box and min(box["width"], box["height"]) >= 24, "too small to touch"
            assert box["x"] >= 0 and box["x"] + box["width"] <= 360, "cut away"
        page.keyboard.press("Enter")
        page.wait_for_url("**/id/ap-barrier-*")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("barrier", ["2.6", "2.7", "1.5", "2.4", "6.4", "7.2"])
def test_an_answer_page_prints_as_a_brief_of_one_page(browser: Browser, site: str, paper: str, barrier: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/barriers/ap-barrier-{barrier}")
        assert pages_of(page.pdf(format=paper)) == 1


def test_the_brief_keeps_reasons_places_credit_and_the_draft_notice_and_leaves_out_what_is_for_the_screen(
    browser: Browser,
    site: str,
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site + "/barriers/ap-barrier-2.4")
        page.emulate_media(media="print")
        told = page.locator("body").inner_text()
        for kept in (
            "Stuck in survival mode, unable to thrive",
            "Why: Ongoing therapy and coaching smooth the way",
            "theme 1, goal 3, action 9 (line 369 of the text)",
            "Make collective healing central to movement building",
            "Survivor Alliance (2023). Action Plan",
            "not yet reviewed by people with lived experience",
            "ap-barrier-2.4",
        ):
            assert kept in told, kept
        for gone in ("Leave this page", "On this page", "More like this", "Menu", "Español", "All that is known"):
            assert gone not in told, gone
        reasons = page.locator(".contributing .because")
        expect(reasons).to_have_count(19)
        assert not any(each.is_visible() for each in reasons.all())
