"""The site in a real browser: three widths, no script needed, no other host asked, nothing refused by its own rules, a way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kg.picture import write_picture
from kg.queries import KnowledgeGraph

from .looking import find_faults, open_and_look, watch

PAGES = [
    "/",
    "/search?q=can't open a bank account because of a conviction",
    "/search?q=zeppelin",
    "/barriers",
    "/barriers/ap-barrier-1.3",
    "/barriers/ap-barrier-2.7",
    "/id/ap-action-3.2.11",
    "/id/ap-goal-1.2",
    "/id/ap-ally-4.1",
    "/harms",
    "/harms/hr-harm-5",
    "/id/hr-rec-3.8",
    "/id/resource-meaningful-engagement-toolkit",
    "/link/ap-action-3.2.11--addresses--ap-barrier-2.6",
    "/ontology",
    "/dataset",
    "/api",
    "/export?w=ap-barrier-group-2&only=action",
    "/export?basket=ap-barrier-2.6~hr-harm-3",
    "/curriculum",
    "/curriculum?w=topic-hiring&step=2",
    "/curriculum?w=topic-hiring&step=3",
    "/about",
    "/safety",
    "/nowhere",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_three_widths_has_no_fault_asks_no_other_host_and_breaks_no_rule(
    tab: Page, site: str, path: str
) -> None:
    status = 404 if path == "/nowhere" else 200
    assert open_and_look(tab, site + path, [320, 768, 1280], unfold=False, status=status) == []


def test_dark_changes_nothing_but_colours() -> None:
    """What looks at pages relies on it."""
    style = (Path(__file__).resolve().parent.parent / "webui" / "static" / "style.css").read_text(encoding="utf-8")
    [dark] = re.findall(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^{}]*)\}\s*\}", style)
    assert style.count("prefers-color-scheme") == 1
    for setting in filter(None, map(str.strip, dark.split(";"))):
        assert re.fullmatch(r"--[\w-]+: #[0-9a-f]{3,6}", setting), setting


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_problem_typed_in_own_words_leads_to_its_answer(browser: Browser, site: str, scripts: bool) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_label("What gets in the way").fill("can't open a bank account because of a conviction")
        page.get_by_role("button", name="Search", exact=True).click()
        page.get_by_role("link", name="All answers to it").first.click()
        expect(page).to_have_url(re.compile(re.escape("/barriers/ap-barrier-2.6") + "$"))
        answer = page.locator("li.answer").first
        assert "Why:" in answer.inner_text()
        assert "theme 3, goal 2, action 11" in answer.inner_text()
        answer.get_by_role("link").first.click()
        expect(page).to_have_url(re.compile(re.escape("/id/ap-action-3.2.11") + "$"))


def test_the_keyboard_reaches_the_content_first_then_the_way_out(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(site)
    focused = "document.activeElement.textContent"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Skip to the content"
    page.keyboard.press("Tab")
    assert "Leave this page now" in page.evaluate(focused)
    box = page.locator(":focus").bounding_box()
    assert box and box["x"] >= 0, "what has the focus must be seen"


def leave_by_click(page: Page) -> None:
    page.locator("a.leave").click()


def leave_by_shift(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [leave_by_click, leave_by_shift])
def test_leaving_replaces_the_page_so_that_back_does_not_return_to_it(
    context: BrowserContext, site: str, leave: object
) -> None:
    page = context.new_page()
    page.goto(site)
    page.goto(site + "/barriers/ap-barrier-2.6")
    leave(page)  # type: ignore[operator]
    page.wait_for_url("**/static/style.css")
    page.go_back()
    assert page.url == site + "/", "the page that was left must not be the one before"


def test_leaving_covers_the_page_at_once_and_tells_how_many_presses_are_left(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    page.goto(site + "/barriers")
    # Where it leads gives no page to show: what was open must be gone all the same.
    page.route("**/static/style.css", lambda route: route.fulfill(status=204))
    status, lights = page.locator("p[role=status]"), page.locator(".lights .on")
    page.keyboard.press("Shift")
    assert "two more times" in status.inner_text() and lights.count() == 1
    page.keyboard.press("Shift")
    assert "one more time" in status.inner_text() and lights.count() == 2
    page.keyboard.press("x")
    expect(status).to_have_text("")
    expect(lights).to_have_count(0)
    for _ in range(3):
        page.keyboard.press("Shift")
    veil = page.locator(".veil[role=alert]")
    assert veil.inner_text() == "Loading"
    box = veil.bounding_box()
    assert box and (box["width"], box["height"]) == (1280, 720)
    expect(page.locator("h1")).to_be_hidden()
    assert page.title() == "Loading"


def test_the_menu_opens_without_scripts_and_stands_open_where_there_is_room(browser: Browser, site: str) -> None:
    for width, room in ((360, False), (768, True), (1440, True)):
        with browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800}) as context:
            page = context.new_page()
            page.goto(site)
            entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="Barriers")
            assert entry.is_visible() is room
            if not room:
                page.locator(".main-nav summary").click()
            entry.click()
            expect(page).to_have_url(site + "/barriers")


def test_two_shifts_or_a_shift_while_typing_do_not_leave(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(site)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.locator("#q").press_sequentially("A B C D")
    page.wait_for_timeout(300)
    expect(page).to_have_url(site + "/")


def test_without_scripts_the_way_out_is_a_plain_link(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site + "/barriers")
        page.locator("a.leave").click()
        page.wait_for_url("**/static/style.css")


def test_a_picture_draws_from_disk_and_asks_for_nothing(
    context: BrowserContext, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    out = tmp_path / "picture.html"
    write_picture(kg.describe("ap-barrier-2.4"), out)
    page = context.new_page()
    asked, complaints = watch(page)
    page.goto(out.as_uri())
    expect(page.locator("#picture canvas")).to_be_visible()
    drawn = "(() => {const c = document.querySelector('#picture canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return d.some(v => v)})()"
    assert page.evaluate(drawn), "the picture is empty"
    assert asked == [out.as_uri()]
    assert complaints == []
    assert find_faults(page) == ""
