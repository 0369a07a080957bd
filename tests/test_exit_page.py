"""Leaving a page in sixteen cases, after those of the GOV.UK pattern "Exit this page": with and without scripts, by mouse, keyboard and ear.

The negative control is the same page without its script: what only the script does must then not happen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .looking import find_faults

LEFT = re.compile(r"/static/style\.css$")  # where "Leave this page" leads in tests, since no test may reach the net
MOST_MS = 100


@pytest.fixture(scope="module")
def scripted(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(reduced_motion="reduce") as context:
        context.set_default_timeout(15_000)
        yield context


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(java_script_enabled=False) as context:
        context.set_default_timeout(15_000)
        yield context


@pytest.fixture
def page(scripted: BrowserContext, site: str) -> Iterator[Page]:
    page = scripted.new_page()
    page.goto(f"{site}/barriers/ap-barrier-2.6")
    yield page
    page.close()


@pytest.fixture
def still(page: Page) -> Page:
    """A page that cannot go away, as where the net is slow: what it leads to gives nothing to show."""
    page.route(LEFT, lambda route: route.fulfill(status=204))
    return page


@pytest.fixture
def unscripted(plain: BrowserContext, site: str) -> Iterator[Page]:
    page = plain.new_page()
    page.goto(f"{site}/barriers/ap-barrier-2.6")
    yield page
    page.close()


BUTTON, SKIP = "a.leave", "a.skip[data-leave]"
STATUS, VEIL = "p[role=status]", ".veil[role=alert]"


def shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def is_covered(page: Page) -> bool:
    veil = page.locator(VEIL)
    box = veil.bounding_box() if veil.count() else None
    return bool(box) and not page.locator("h1").is_visible() and page.title() == "Loading"


# ---- without scripts ----


def test_1_without_scripts_the_button_leads_away(unscripted: Page) -> None:
    unscripted.locator(BUTTON).click()
    expect(unscripted).to_have_url(LEFT)


def test_2_without_scripts_the_link_before_everything_leads_away(unscripted: Page) -> None:
    unscripted.keyboard.press("Tab")
    unscripted.keyboard.press("Tab")
    unscripted.keyboard.press("Enter")
    expect(unscripted).to_have_url(LEFT)


# ---- with scripts, by mouse and keyboard ----


def test_3_the_button_leads_away(page: Page) -> None:
    page.locator(BUTTON).click()
    expect(page).to_have_url(LEFT)


def test_4_the_link_before_everything_leads_away(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("data-leave") is not None
    page.keyboard.press("Enter")
    expect(page).to_have_url(LEFT)


def test_5_the_button_covers_the_page_though_the_net_is_slow(still: Page) -> None:
    still.locator(BUTTON).click()
    assert is_covered(still)


def test_6_the_link_before_everything_covers_the_page_too(still: Page) -> None:
    still.locator(SKIP).focus()
    still.keyboard.press("Enter")
    assert is_covered(still)


def test_7_three_presses_of_shift_lead_away(page: Page) -> None:
    shift(page, 3)
    expect(page).to_have_url(LEFT)


def test_8_two_presses_do_not(still: Page) -> None:
    shift(still, 2)
    assert not is_covered(still) and still.locator(VEIL).count() == 0


def test_9_shift_for_a_capital_does_not_count(still: Page) -> None:
    still.keyboard.press("Shift+KeyA")
    still.keyboard.press("Shift+KeyB")
    still.keyboard.press("Shift+KeyC")
    shift(still, 2)
    assert not is_covered(still)


def test_10_another_key_between_begins_the_count_anew(still: Page) -> None:
    shift(still, 2)
    still.keyboard.press("Escape")
    expect(still.locator(STATUS)).to_have_text("")
    shift(still, 2)
    assert not is_covered(still)
    shift(still, 1)
    assert is_covered(still)


# ---- what a screen reader says ----


def test_11_the_first_press_says_that_two_are_left(still: Page) -> None:
    shift(still, 1)
    expect(still.locator(STATUS)).to_have_text("Shift: press it two more times to leave this page.")


def test_12_the_second_press_says_that_one_is_left(still: Page) -> None:
    shift(still, 2)
    expect(still.locator(STATUS)).to_have_text("Shift: press it one more time to leave this page.")


def test_13_leaving_is_announced_and_axe_finds_no_fault_meanwhile(still: Page) -> None:
    shift(still, 3)
    expect(still.locator(VEIL)).to_have_text("Loading")
    assert find_faults(still) == ""


def test_14_a_count_that_is_not_finished_ends_after_five_seconds_and_says_so(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.clock.install(time=0)
        page.goto(f"{site}/barriers")
        page.clock.pause_at(60_000)
        shift(page, 2)
        page.clock.run_for(4900)
        expect(page.locator(STATUS)).to_have_text("Shift: press it one more time to leave this page.")
        page.clock.run_for(200)
        expect(page.locator(STATUS)).to_have_text("Leaving was not finished. Start again with three presses of Shift.")
        expect(page.locator(".lights .on")).to_have_count(0)


# ---- what stays behind ----


def test_15_the_page_is_hidden_within_a_tenth_of_a_second(still: Page) -> None:
    took = still.evaluate(
        """() => { const begun = performance.now(); document.querySelector('a.leave').click();
        const hidden = document.querySelector('.veil') && getComputedStyle(document.querySelector('h1')).visibility !== 'visible'
          || document.querySelector('.veil')?.getBoundingClientRect().width >= innerWidth;
        return hidden ? performance.now() - begun : 1e9; }"""
    )
    assert took < MOST_MS and is_covered(still)


def test_16_back_does_not_return_to_what_was_left_and_no_cookie_or_store_is_there(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/safety")
        page.goto(f"{site}/barriers/ap-barrier-2.6")
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        assert "It does not clear your history." in page.request.get(f"{site}/safety").text()
        shift(page, 3)
        expect(page).to_have_url(LEFT)
        page.go_back()
        expect(page).to_have_url(f"{site}/safety")
        assert context.cookies() == []


def test_negative_control_without_its_script_the_page_is_neither_covered_nor_left(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route(
            "**/static/leave.js*", lambda route: route.fulfill(status=200, body="", content_type="text/javascript")
        )
        page.goto(f"{site}/barriers")
        shift(page, 3)
        assert not is_covered(page) and page.locator(STATUS).count() == 0
        expect(page).to_have_url(f"{site}/barriers")
