"""The search in a real browser: suggestions by keyboard and mouse, nothing sent in the private search, filters without scripts, no fault for axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .looking import find_faults, open_and_look

FUNDERS = "/search?q=recommendations+for+funders+about+unrestricted+money"
STATES = ["/", "/search", FUNDERS, "/search?q=bank+acount&kind=-goal", "/search?topic=topic-pay&kind=action", "/search?q=zeppelin", "/search?q=bank&page=50", "/safety"]  # fmt: skip


@pytest.mark.parametrize("path", STATES)
def test_every_state_of_the_search_fits_and_has_no_fault(tab: Page, site: str, path: str) -> None:
    assert open_and_look(tab, site + path, [360, 768, 1440], unfold=True) == []


def suggest(page: Page, address: str, letters: str = "bank") -> None:
    page.goto(address)
    page.locator("#q").press_sequentially(letters)
    page.locator("[role=option]").first.wait_for()


def test_suggestions_are_walked_by_keyboard_and_the_chosen_one_opens(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    suggest(page, site)
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    assert box.get_attribute("aria-expanded") == "true" and box.get_attribute("aria-controls") == "q-list"
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    number = options.count()
    assert f"Suggestions: {number}." in page.locator(".combobox [role=status]").inner_text()
    assert box.get_attribute("aria-activedescendant") is None, "nothing is chosen until somebody chooses"
    for place in [*range(number), None, 0]:
        page.keyboard.press("ArrowDown")
        chosen = [options.nth(at).get_attribute("aria-selected") for at in range(number)]
        assert chosen == ["true" if at == place else "false" for at in range(number)]
        assert box.get_attribute("aria-activedescendant") == (None if place is None else f"q-option-{place}")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert options.nth(number - 1).get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert box.input_value() == "bank", "the words stay as they were typed"
    page.keyboard.press("Enter")
    page.wait_for_url("**/barriers/ap-barrier-2.6")


def test_enter_on_no_choice_searches_and_escape_closes_without_losing_the_words(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    suggest(page, site)
    page.keyboard.press("Escape")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    assert page.locator("#q").input_value() == "bank"
    page.keyboard.press("ArrowDown")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Tab")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Search"
    page.locator("#q").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=bank")


def test_a_suggestion_is_chosen_by_mouse_and_the_open_list_has_no_fault(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    suggest(page, site, "lived exp")
    assert find_faults(page) == ""
    page.get_by_role("option").first.click()
    page.wait_for_url("**/id/*")


def test_letters_stand_in_no_address_wait_for_a_pause_and_stale_answers_are_dropped(
    context: BrowserContext, site: str
) -> None:
    page = context.new_page()
    asked: list[tuple[str, str, str | None]] = []
    page.on("request", lambda request: asked.append((request.method, request.url, request.post_data)))
    suggest(page, site)
    sent = [each for each in asked if "suggest" in each[1] and "static" not in each[1]]
    assert [each[:2] for each in sent] == [("POST", site + "/api/v1/suggest")] * len(sent)
    assert 1 <= len(sent) <= 3 and sent[-1][2] == "q=bank", "not every letter is sent"

    def late(route: object) -> None:  # the first is answered after the second
        words = "slow" if "q=barrier" in (route.request.post_data or "") else "quick"  # type: ignore[attr-defined]
        if words == "slow":
            page.wait_for_timeout(400)
        route.fulfill(json={"query": "", "suggestions": [{"text": words, "id": "x", "kind": "term"}]})  # type: ignore[attr-defined]

    page.route("**/api/v1/suggest", late)
    page.locator("#q").fill("barrier")
    page.wait_for_timeout(200)
    page.locator("#q").fill("funding")
    page.get_by_role("option", name="quick").wait_for()
    page.wait_for_timeout(500)
    expect(page.get_by_role("option", name="slow")).to_have_count(0)


def test_where_suggestions_cannot_be_had_the_box_is_a_plain_one(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.route("**/api/v1/suggest", lambda route: route.abort())
    page.goto(site)
    page.locator("#q").press_sequentially("bank")
    page.wait_for_timeout(400)
    expect(page.locator("[role=listbox]")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=bank")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_private_search_sends_nothing_before_the_button_and_leaves_no_words_in_an_address(
    browser: Browser, site: str, scripts: bool
) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_role("button", name="Search privately").click()
        page.get_by_text("This is the private search").wait_for()
        expect(page).to_have_url(site + "/search")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.locator("#q").press_sequentially("bank acount")
        page.wait_for_timeout(500)
        assert asked == [], "nothing is sent while somebody types"
        page.keyboard.press("Enter")
        page.locator("li.hit").first.wait_for()
        expect(page).to_have_url(site + "/search")
        page.locator(".facets").evaluate("each => { each.open = true }") if scripts else None
        with page.expect_navigation():
            page.get_by_role("button", name="Search exactly as typed").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Español").click()
        expect(page).to_have_url(site + "/search?lang=es")
        assert page.locator("#q").input_value() == 'bank "acount"'
        page.locator("a.leave").click()
        page.wait_for_url("**/static/style.css")


@pytest.mark.parametrize("width", [360, 1440])
def test_filters_are_chosen_denied_and_taken_away_without_scripts(browser: Browser, site: str, width: int) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900}) as context:
        page = context.new_page()

        def open_filters() -> None:
            if width == 360:
                page.get_by_text("Filter what was found").first.click()

        page.goto(site + "/search?q=pay")
        assert page.locator(".facets form").is_visible() is (width == 1440)
        open_filters()
        page.get_by_role("checkbox", name="actions").check()
        page.get_by_role("checkbox", name="ally recommendations").check()
        page.get_by_role("button", name="Apply").first.click()
        page.wait_for_url("**/search?q=pay&kind=*&kind=*")
        open_filters()
        page.get_by_role("button", name="Leave out: Fair pay and work").click()
        page.wait_for_url("**topic=-topic-pay*")
        assert page.url.count("kind=") == 2
        chips = page.locator(".chip.remove")
        assert {each.replace("\u00d7", "").strip() for each in chips.all_inner_texts()} == {"actions", "ally recommendations", "without Fair pay and work"}  # fmt: skip
        page.get_by_role("link", name="Remove the filter: without Fair pay and work").click()
        page.wait_for_url(lambda address: "topic" not in address)
        page.get_by_role("link", name="Remove all filters").click()
        page.wait_for_url(site + "/search?q=pay&infer=0")
        address = page.url
        page.get_by_role("link", name="More results").click()
        page.wait_for_url(address + "&page=2")
        assert page.locator("ol").first.get_attribute("start") == "21"


def test_facets_stand_beside_the_results_where_there_is_room_and_folded_above_them_where_not(
    browser: Browser, site: str
) -> None:
    for width in (360, 1440):
        with browser.new_context(viewport={"width": width, "height": 900}) as context:
            page = context.new_page()
            page.goto(site + FUNDERS)
            facets, hits = page.locator(".facets").bounding_box(), page.locator("li.hit").first.bounding_box()
            assert facets and hits
            if width == 1440:
                assert facets["x"] + facets["width"] <= hits["x"]
            else:
                assert facets["y"] + facets["height"] <= hits["y"] and facets["height"] < 80
