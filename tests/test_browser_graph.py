"""The pages of insights in a real browser: no fault that axe finds, nothing refused or complained of, all by keyboard, none with scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .looking import open_and_look

PAGES = [
    "/insights",
    "/paths",
    "/paths?from=ap-barrier-2.6&to=ap-capacity-3.1",
    "/paths?from=bank&to=shame&via=action",
    "/paths?from=harm-type&to=action",
    "/paths?from=ap-barrier-2.6&to=hr-severity-hurt",
    "/rankings?measure=coverage&kind=action",
    "/rankings?measure=degre",
    "/communities",
    "/communities?community=community-1",
    "/sequences",
    "/gaps",
    "/gaps?rows=action&columns=barrier",
    "/gaps?rows=top-topic&columns=source",
    "/gaps?rows=barrier-group&columns=goal&row=ap-barrier-group-2",
    "/gaps?rows=barrier-group&columns=goal&row=ap-barrier-group-2&column=ap-goal-1.3",
    "/gaps?rows=barrier-group&columns=goal&row=ap-barrier-group-7&column=ap-goal-1.4",
    "/cover?asked=ap-barrier-group-1&direct=1&kinds=action",
    "/compare?first=ap&second=hr",
    "/compare?first=ap&second=hr&show=alike",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_width_has_no_fault_and_breaks_no_rule(tab: Page, site: str, path: str) -> None:
    status = 400 if path.endswith("=degre") else 200
    assert open_and_look(tab, site + path, [360, 1440], unfold=False, status=status) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_words_to_a_path_by_keyboard_alone(browser: Browser, site: str, scripts: bool) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(site + "/insights")
        page.get_by_role("link", name="Paths", exact=True).first.press("Enter")
        page.get_by_label("From", exact=True).focus()
        page.keyboard.type("bank account criminal record")
        page.keyboard.press("Tab")
        page.keyboard.type("ap-capacity-3.1")
        page.keyboard.press("Enter")
        page.wait_for_url("**from=bank**")
        choice = page.get_by_role("link", name="No bank account because of a criminal record")
        choice.press("Enter")
        assert "from=ap-barrier-2.6" in page.url and "to=ap-capacity-3.1" in page.url
        expect(page.get_by_role("img", name="A path of").first).to_be_visible()
        assert page.locator(".links li").first.inner_text().startswith("The barrier")
        page.get_by_role("link", name="Change the question").press("Enter")
        expect(page.locator("#form-items")).to_be_visible()


def test_more_choices_open_and_are_taken_by_keyboard(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site + "/paths?from=ap-barrier-2.6&to=ap-capacity-3.1")
        expect(page.locator("#hubs")).to_be_hidden()
        page.locator("summary", has_text="More choices").first.focus()
        page.keyboard.press("Enter")
        page.locator("#hubs").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**hubs=1**")
        assert page.locator("#hubs").is_checked(), "what was chosen stays in sight"


def test_the_map_scrolls_inside_its_frame_and_its_heads_stay(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site + "/gaps?rows=action&columns=barrier")
    frame = page.get_by_role("region", name="Gap map")
    frame.focus()
    before = page.locator("table.map tbody th").first.bounding_box()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)
    assert page.evaluate("document.querySelector('.scroll.map').scrollLeft") > 100, "arrow keys move the map"
    after = page.locator("table.map tbody th").first.bounding_box()
    assert before and after and abs(before["x"] - after["x"]) < 2, "the head of a row stays"
    page.evaluate("document.querySelector('.scroll.map').scrollTop = 300")
    head, box = page.locator("table.map thead th").nth(3).bounding_box(), frame.bounding_box()
    assert head and box and abs(head["y"] - box["y"]) < 4, "the head of a column stays"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_map_to_a_silent_cell_and_why_it_is_empty(browser: Browser, site: str, scripts: bool) -> None:
    with browser.new_context(java_script_enabled=scripts, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(site + "/gaps")
        page.get_by_label("One row as a list").select_option("ap-barrier-group-7")
        page.get_by_role("button", name="Show").press("Enter")
        page.wait_for_url("**row=ap-barrier-group-7*")
        page.locator(".map-list li", has_text="silent").first.get_by_role("link").press("Enter")
        expect(page.locator(".gap")).to_contain_text("nothing was found")


def test_the_forms_of_ranking_cover_and_comparison_work_without_scripts(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site + "/rankings")
        page.get_by_label("Measure").select_option("coverage")
        page.get_by_label("Rank only").select_option("action")
        page.get_by_role("button", name="Show").press("Enter")
        expect(page.locator("table.ranking tbody tr")).to_have_count(20)
        page.goto(site + "/cover")
        page.get_by_label("What is to be addressed").select_option("ap-barrier-group-1")
        page.get_by_label("Count only what addresses").check()
        page.get_by_role("button", name="Find the smallest set").press("Enter")
        expect(page.locator("#result")).to_contain_text("items together")
        page.goto(site + "/compare")
        page.get_by_label("First").select_option("ap")
        page.get_by_label("Second").select_option("hr")
        page.get_by_role("button", name="Compare").press("Enter")
        expect(page.locator("table.figures tbody tr")).to_have_count(11)


def test_a_file_is_offered_as_one(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(site + "/compare?first=ap&second=hr")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV for a spreadsheet").click()
    assert waiting.value.suggested_filename == "compare.csv"


def test_figures_can_be_read_in_print(browser: Browser, site: str) -> None:
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(site + "/gaps")
        page.emulate_media(media="print")
        expect(page.locator("form.ask")).to_be_hidden()
        ink = "e => getComputedStyle(e).color"
        assert page.locator("table.map td a").first.evaluate(ink) == "rgb(0, 0, 0)"
        page.goto(site + "/rankings")
        assert page.locator(".bars text").first.evaluate("e => getComputedStyle(e).fill") == "rgb(0, 0, 0)"
