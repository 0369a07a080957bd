"""The explore view in a real browser: by mouse, by keyboard alone and without scripts; filters, paths, undo, downloads, 1,000 items."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from kg.findings import Step
from kg.positions import find_places
from kg.queries import KnowledgeGraph
from kg.results import Brief
from kg.view_results import Seen, View
from webui import create_app
from webui.exploring import LISTED

from .looking import look_at, serving, watch

WIDE = {"width": 1440, "height": 900}
START, OTHER = "ap-barrier-2.4", "hr-rec-3.8"
FIRST = f"/explore?do=from.{START}~grow.{START}"
WITH_PATH = f"{FIRST}~add.ap-barrier-5.1~add.{OTHER}&path={START}~{OTHER}&at={OTHER}"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=WIDE) as context:  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        yield context


@pytest.fixture
def page(context: BrowserContext, site: str) -> Iterator[Page]:
    """A page that must neither complain nor ask anybody else."""
    page = context.new_page()
    asked, complaints = watch(page)
    yield page
    assert [text for text in complaints if "willReadFrequently" not in text] == [], (
        "but for what reading pixels here gives"
    )
    assert [address for address in asked if not address.startswith((site, "data:", "blob:" + site))] == []
    assert context.cookies() == []


def drawn(page: Page, number: int | None = None) -> int:
    """Wait until the picture stands; how many items it shows."""
    wanted = f"='{number}'" if number else ""
    page.wait_for_selector(f"#ex-canvas[data-drawn{wanted}]:not([aria-busy])")
    return int(page.locator("#ex-canvas").get_attribute("data-drawn") or 0)


def until(page: Page, expression: str) -> None:
    """Wait until it holds; ``wait_for_function`` would need the eval that the site forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def visit(page: Page, address: str) -> int:
    page.goto(address)
    return drawn(page)


def spot(page: Page, item: str) -> tuple[float, float]:
    """Where an item stands on the screen."""
    page.locator("#ex-canvas").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """id => { const host = document.getElementById("ex-canvas"), box = host.getBoundingClientRect();
        const at = host.picture.canvasToDOM(host.picture.getPosition(id)); return [box.x + at.x, box.y + at.y]; }""",
        item,
    )
    return x, y


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def status(page: Page) -> str:
    return page.locator("#ex-state").inner_text()


def pixel(page: Page, item: str) -> list[int]:
    """The colour in the middle of an item."""
    found: list[int] = page.evaluate(
        """id => { const host = document.getElementById("ex-canvas"), canvas = host.querySelector("canvas");
        const at = host.picture.canvasToDOM(host.picture.getPosition(id)), ratio = canvas.width / canvas.clientWidth;
        return Array.from(canvas.getContext("2d").getImageData(at.x * ratio, at.y * ratio - 5, 1, 1).data); }""",
        item,
    )
    return found


# ---- by mouse ----


def test_from_words_to_a_picture_that_grows_by_click_and_can_be_undone(page: Page, site: str) -> None:
    page.goto(site + "/explore")
    page.get_by_label("Start from an item").fill("stuck in survival mode")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Show Stuck in survival mode").click()
    assert drawn(page) == 11
    assert asked(page)["do"] == f"from.{START}~grow.{START}"
    before = page.url
    page.mouse.click(*spot(page, START))
    assert drawn(page, 21) == 21
    assert "21 items are shown, 10 of them new." in status(page)
    assert asked(page)["do"].endswith(f"~grow.{START}")
    page.mouse.click(
        *spot(page, "hr-rec-3.1") if page.locator("[value='at.hr-rec-3.1']").count() else spot(page, START)
    )
    until(page, "document.getElementById('ex-canvas').dataset.drawn > 21")
    drawn(page)
    page.get_by_role("link", name="Undo").click()
    drawn(page, 21)
    page.keyboard.press("Control+z")
    drawn(page, 11)
    expect(page).to_have_url(before)
    assert "Undone." in status(page)
    assert page.evaluate("history.length") <= 4, "steps of the picture are no steps of the browser's history"


def test_growing_moves_nothing_that_stands(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    places = "document.getElementById('ex-canvas').picture.getPositions()"
    before = page.evaluate(places)
    page.mouse.click(*spot(page, START))
    drawn(page, 21)
    after = page.evaluate(places)
    assert {item: after[item] for item in before} == before


def test_a_click_can_be_told_only_to_choose(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    page.get_by_label("A click only chooses").check()
    page.mouse.click(*spot(page, START))
    page.wait_for_url("**at=ap-barrier-2.4**")
    assert drawn(page) == 11
    assert page.locator("#ex-chosen h2").inner_text() == "Stuck in survival mode, unable to thrive"
    assert "19 more around it" in status(page)


def test_an_item_that_is_dragged_stays_where_it_was_put_after_reload_and_growing(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    x, y = spot(page, START)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.move(x + 120, y + 60, steps=4)
    page.mouse.up()
    page.wait_for_url("**pin.**")
    drawn(page)
    place = "id => document.getElementById('ex-canvas').picture.getPosition(id)"
    put = page.evaluate(place, START)
    page.reload()
    drawn(page)
    assert page.evaluate(place, START) == pytest.approx(put, abs=1)
    page.get_by_role("button", name="+19: show ten more around Stuck in survival mode").first.click()
    drawn(page, 21)
    assert page.evaluate(place, START) == pytest.approx(put, abs=1)


def test_a_path_between_two_items_is_lit_and_told(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    page.get_by_label("A click only chooses").check()
    page.mouse.click(*spot(page, START))
    page.wait_for_url("**at=**")
    page.locator("#ex-chosen").get_by_role("button", name="Start of a path").click()
    page.wait_for_url("**path=**")
    drawn(page)
    page.get_by_label("Find an item").fill("short-term grants for planning")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Show Offer short-term grants").click()
    page.wait_for_url(f"**from.{OTHER}**")
    drawn(page)
    page.locator("#ex-chosen").get_by_role("button", name="End of a path").click()
    page.wait_for_url(f"**path={START}~{OTHER}**")
    drawn(page)
    assert "The path is lit: 3 links." in status(page)
    told = page.locator("#ex-path ol li")
    expect(told).to_have_count(3)
    assert "Stuck in survival mode" in told.first.inner_text() and "Offer short-term grants" in told.last.inner_text()
    assert "Why:" in told.first.inner_text()
    page.get_by_role("link", name="Put the path away").click()
    page.wait_for_url(lambda url: "path=" not in url)
    drawn(page)
    expect(page.locator("#ex-path ol li")).to_have_count(0)


def test_filters_work_without_reload_and_leave_no_item_elsewhere(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    page.evaluate("window.still = true")
    page.locator("#ex-filter summary", has_text="kinds").click()
    page.locator("#ex-filter input[value='action']").check()
    page.wait_for_url("**only=action**")
    shown = drawn(page)
    assert 1 < shown < 11
    assert "The filter hides" in page.locator("#ex-legend").inner_text()
    assert "fewer than before" in status(page)
    page.mouse.click(*spot(page, START))
    page.wait_for_url("**grow.ap-barrier-2.4_action**")
    assert drawn(page) > shown
    kinds = page.evaluate("Array.from(document.querySelectorAll('.ex-outline .kind')).map(each => each.textContent)")
    assert set(kinds) == {"barrier", "action"}
    page.locator("#ex-filter summary", has_text="links").click()
    page.locator("#ex-filter input[value='addresses']").check()
    page.wait_for_url("**only=action~addresses&**")
    addressing = drawn(page)
    page.locator("#ex-filter select[name='strength']").select_option("direct")
    page.wait_for_url("**only=action~addresses~direct**")
    assert drawn(page) < addressing
    page.get_by_role("link", name="Remove the filter: actions").click()
    page.wait_for_url("**only=addresses~direct**")
    page.locator("#ex-filter summary", has_text="sources").click()
    page.locator("#ex-filter input[value='hr']").check()
    page.wait_for_url("**hr**")
    drawn(page)
    assert page.evaluate("window.still"), "the page was loaded anew"


def test_colours_follow_kinds_or_communities_and_size_follows_a_measure(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    barrier = pixel(page, START)
    page.locator("#ex-filter select[name='colour']").select_option("community")
    page.wait_for_url("**colour=community**")
    drawn(page)
    assert page.locator("#ex-legend .ex-community").count() > 1
    assert pixel(page, START) != barrier
    sizes = "document.getElementById('ex-canvas').picture.body.data.nodes.map(each => each.size)"
    assert len(set(page.evaluate(sizes))) == 1
    page.locator("#ex-filter select[name='size']").select_option("degree")
    page.wait_for_url("**size=degree**")
    drawn(page)
    assert len(set(page.evaluate(sizes))) > 3


def test_everything_in_the_address_comes_back_on_reload(page: Page, site: str) -> None:
    visit(page, f"{site}{WITH_PATH}&only=direct~implied&colour=community&size=pagerank&sort=-degree")
    before = [page.inner_text(part) for part in ("#ex-chosen", "#ex-path", "#ex-outline", "#ex-table", "#ex-legend")]
    page.reload()
    drawn(page)
    assert [
        page.inner_text(part) for part in ("#ex-chosen", "#ex-path", "#ex-outline", "#ex-table", "#ex-legend")
    ] == before
    assert page.locator("#ex-filter select[name='size']").input_value() == "pagerank"


def test_the_picture_can_be_made_as_wide_as_the_page(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    wide = "document.querySelector('#ex-canvas canvas').clientWidth"
    before = page.evaluate(wide)
    page.get_by_role("button", name="Wide").click()
    until(page, f"{wide} > {before} + 200")
    assert page.get_by_role("button", name="Wide").get_attribute("aria-pressed") == "true"


def test_the_wheel_zooms_only_once_the_picture_has_the_focus(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    scale = "document.getElementById('ex-canvas').picture.getScale()"
    page.mouse.move(*spot(page, START))
    before = page.evaluate(scale)
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(200)
    assert page.evaluate(scale) == before
    page.locator("#ex-canvas").focus()
    page.mouse.move(*spot(page, START))
    page.mouse.wheel(0, 200)
    until(page, f"{scale} !== {before}")


def test_what_a_harm_is_stands_closed_until_asked_for(page: Page, site: str) -> None:
    visit(page, site + "/explore?do=from.hr-harm-3&at=hr-harm-3")
    told = page.locator("#ex-chosen details").first
    assert not told.locator("p").first.is_visible()
    told.locator("summary").click()
    assert told.locator("p").first.is_visible()


def test_what_is_hovered_is_told_as_text(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    page.mouse.move(*spot(page, START))
    tip = page.locator(".ex-tip")
    assert tip.inner_text().startswith("Stuck in survival mode, unable to thrive. barrier.")
    page.mouse.move(5, 5)
    assert tip.is_hidden()


@pytest.mark.parametrize("way", ["PNG", "SVG"])
def test_the_picture_can_be_taken_away(page: Page, site: str, way: str, tmp_path: Path) -> None:
    visit(page, site + FIRST)
    with page.expect_download() as waiting:
        page.get_by_text(f"Picture as {way}").click()
    assert waiting.value.suggested_filename == f"explore.{way.lower()}"
    waiting.value.save_as(tmp_path / "picture")
    content = (tmp_path / "picture").read_bytes()
    if way == "PNG":
        assert content.startswith(b"\x89PNG") and len(content) > 20_000
    else:
        assert content.startswith(b"<svg") and b"Stuck in survival" in content


# ---- by keyboard alone ----


def reach(page: Page, wanted: Locator, most: int = 80) -> None:
    """Press Tab until something has the focus."""
    handle = wanted.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === wanted", handle):
            return
    raise AssertionError(f"{wanted} cannot be reached by Tab")


def test_the_picture_is_walked_and_grown_by_keyboard(page: Page, site: str) -> None:
    page.goto(site + "/explore")
    reach(page, page.get_by_label("Start from an item"))
    page.keyboard.type("stuck in survival mode")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=stuck**")
    reach(page, page.get_by_role("button", name="Show Stuck in survival mode"))
    page.keyboard.press("Enter")
    drawn(page, 11)
    reach(page, page.locator("#ex-canvas"))
    page.keyboard.press("ArrowUp")
    told = status(page)
    assert "more around it" in told and "Stuck in survival mode" not in told
    page.keyboard.press("ArrowDown")
    assert status(page) != told
    for _ in range(8):
        if status(page).startswith("Stuck in survival"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("s")
    page.wait_for_url("**path=**")
    drawn(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("e")
    until(page, "document.querySelectorAll('#ex-path ol li').length > 0")
    drawn(page)
    page.keyboard.press("Enter")
    until(page, "document.getElementById('ex-canvas').dataset.drawn > 11")
    grown = drawn(page)
    page.keyboard.press("Delete")
    page.wait_for_url("**drop.**")
    assert drawn(page) == grown - 1
    page.keyboard.press("Control+z")
    drawn(page, grown)
    scale = "document.getElementById('ex-canvas').picture.getScale()"
    before = page.evaluate(scale)
    page.keyboard.press("+")
    assert page.evaluate(scale) > before
    page.keyboard.press("0")
    assert page.evaluate(scale) == pytest.approx(before, rel=0.05)


def test_the_outline_and_the_table_have_the_same_powers_by_keyboard(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    outline = page.locator(".ex-outline")
    reach(page, outline.get_by_role("button", name="+19: show ten more around Stuck"), 120)
    page.keyboard.press("Enter")
    drawn(page, 21)
    assert "9: show ten more around Stuck" in page.evaluate("document.activeElement.getAttribute('aria-label')"), (
        "the focus stays"
    )
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    drawn(page)
    for name, wanted in (("Start of a path", f"**path={START}~**"), ("Remove", "**drop.**")):
        button = outline.get_by_role("button", name=name)
        reach(page, button, 60)
        page.keyboard.press("Enter")
        page.wait_for_url(wanted)
        drawn(page)
        if name == "Remove":
            expect(page.locator(f"[value='at.{START}']")).to_have_count(0)
    page.keyboard.press("Control+z")
    drawn(page, 21)
    heading = page.locator("#ex-table thead a", has_text="Linked to")
    reach(page, heading, 120)
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=-degree**")
    drawn(page)
    assert page.locator("#ex-table th[aria-sort]").get_attribute("aria-sort") == "descending"
    figures = [
        float(text.replace(",", "")) for text in page.locator("#ex-table tbody tr td:nth-child(7)").all_inner_texts()
    ]
    assert figures == sorted(figures, reverse=True)


# ---- without scripts ----


def test_everything_works_without_scripts(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(site + "/explore")
        page.get_by_label("Start from an item").fill("stuck in survival mode")
        page.get_by_role("button", name="Find", exact=True).click()
        page.get_by_role("button", name="Show Stuck in survival mode").click()
        expect(page.locator(".ex-outline li")).to_have_count(11)
        still = page.locator(".ex-still img")
        assert still.is_visible() and page.evaluate("true")
        expect(page.locator("#ex-canvas")).to_be_hidden()
        page.locator("#ex-chosen").get_by_role("button", name="Show ten more").click()
        expect(page.locator(".ex-outline li")).to_have_count(21)
        page.locator("#ex-chosen").get_by_role("button", name="Start of a path").click()
        page.get_by_label("Find an item").fill("short-term grants for planning")
        page.get_by_role("button", name="Find", exact=True).click()
        page.get_by_role("button", name="Show Offer short-term grants").click()
        page.locator("#ex-chosen").get_by_role("button", name="End of a path").click()
        expect(page.locator("#ex-path ol li")).to_have_count(3)
        page.locator("#ex-filter summary", has_text="kinds").click()
        page.locator("#ex-filter input[value='barrier']").check()
        page.get_by_role("button", name="Apply").click()
        page.wait_for_url("**only=barrier*")
        page.get_by_role("link", name="Remove the filter: barriers").click()
        page.locator("#ex-table thead a", has_text="Kind").click()
        expect(page.locator("#ex-table th[aria-sort=ascending]")).to_have_text(re.compile("^Kind"))
        number = page.locator(".ex-outline li").count()
        page.locator("#ex-chosen").get_by_role("button", name="Remove").click()
        expect(page.locator(".ex-outline li")).to_have_count(number - 1)
        page.get_by_role("link", name="Undo").click()
        expect(page.locator(".ex-outline li")).to_have_count(number)


# ---- how it looks ----


@pytest.mark.parametrize("path", ["/explore", FIRST + f"&at={START}", WITH_PATH + "&colour=community"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_no_fault_and_it_fits(page: Page, site: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + path)
    if "do=" in path:
        drawn(page)
    assert look_at(page, [width]) == []


def test_targets_are_large_enough_for_a_finger(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    visit(page, site + FIRST + f"&at={START}")
    small = page.evaluate(
        """Array.from(document.querySelectorAll("main button, main select, main .chip, main input"))
        .filter(each => each.type !== "hidden" && each.offsetParent).map(each => [each.textContent, each.getBoundingClientRect()])
        .filter(([_, box]) => box.height && (box.height < 24 || box.width < 24) && box.width < 200).map(([text, box]) => [text.trim(), box.width, box.height])"""
    )
    assert [each for each in small if each[2] < 20 or each[1] < 20] == []


def test_it_prints_the_still_picture_and_all_words(page: Page, site: str) -> None:
    visit(page, site + WITH_PATH)
    page.emulate_media(media="print")
    expect(page.locator(".ex-still img")).to_be_visible()
    until(page, "document.querySelector('.ex-still img').naturalWidth > 100")
    expect(page.locator("#ex-canvas")).to_be_hidden()
    expect(page.locator(".ex-outline").get_by_text("Stuck in survival mode").first).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_the_colours_follow_a_change_to_dark(page: Page, site: str) -> None:
    visit(page, site + FIRST)
    light = pixel(page, START)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert pixel(page, START) != light


# ---- many items, and hostile words ----


class Made:
    """A graph whose views are made up: *number* items whose names are *label*."""

    def __init__(
        self, kg: KnowledgeGraph, number: int, label: str = "An item with an ordinary name, number {}"
    ) -> None:
        self._kg = kg
        kinds = ["barrier", "harm-type", "action", "recommendation", "capacity", "resource", "term"]
        ids = [f"ap-barrier-{at}" for at in range(number)]
        ties = [(ids[at], ids[at // 3]) for at in range(1, number)] + [
            (ids[at], ids[at * 7 % number]) for at in range(1, number)
        ]
        places = find_places(ids, ties)
        names = {item: Brief(item, kinds[at % 7], label.format(at)) for at, item in enumerate(ids)}
        links = tuple(
            Step(
                names[b],
                names[a],
                "addresses",
                "out",
                label.format("phrase"),
                label.format("told"),
                "direct",
                label.format("why"),
                "stated",
                "checked",
            )
            for a, b in dict.fromkeys(ties)
            if a != b
        )
        items = tuple(
            Seen(
                item,
                names[item].kind,
                names[item].label,
                "ap",
                "community-1",
                {"degree": at},
                *places[item],
                3,
                at % 4,
                at == 0,
            )
            for at, item in enumerate(ids)
        )
        self.made = View(
            items,
            links,
            0,
            0,
            {"community-1": label.format("community")},
            {name: {} for name in ("kind", "relation", "source")},
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kg, name)

    def view(self, *_: Any, **__: Any) -> View:
        return self.made


@pytest.mark.alone
@pytest.mark.parametrize(("number", "most"), [(150, 4.0), (1000, 12.0)])
def test_a_large_picture_is_drawn_and_can_be_used(
    browser: Browser, kg: KnowledgeGraph, number: int, most: float
) -> None:
    with serving(create_app(Made(kg, number))) as site, browser.new_page(viewport=WIDE) as page:  # type: ignore[arg-type]
        started = time.perf_counter()
        visit(page, f"{site}/explore?do=from.everything&size=degree")
        took = time.perf_counter() - started
        assert drawn(page) == number
        frame = page.evaluate(
            "(() => { const start = performance.now(); for (let i = 0; i < 5; i++) document.getElementById('ex-canvas').picture.redraw(); return (performance.now() - start) / 5 })()"
        )
        labels = page.evaluate("document.querySelectorAll('.ex-outline li').length")
        assert labels == min(number, LISTED)
        page.locator("#ex-canvas").focus()
        page.keyboard.press("ArrowRight")
        assert "more around it" in status(page)
        print(f"{number} items: page and picture {took:.1f} s, one frame {frame:.0f} ms")
        assert took < most
        assert frame < 2000


PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "</script><svg onload=alert(1)>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_stands_in_the_graph_is_never_taken_as_markup(browser: Browser, kg: KnowledgeGraph, payload: str) -> None:
    with serving(create_app(Made(kg, 6, payload + "{}"))) as site, browser.new_page(viewport=WIDE) as page:  # type: ignore[arg-type]
        _, complaints = watch(page)
        page.on("dialog", lambda dialog: (complaints.append("alert"), dialog.dismiss()))
        visit(page, f"{site}/explore?do=from.everything&at={START}&q={payload}")
        page.mouse.move(*spot(page, "ap-barrier-0"))
        assert page.locator(".ex-tip").inner_text().startswith(payload.split()[0])
        page.locator("#ex-canvas").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
        page.goto(f"{site}/explore.svg?do=from.everything")
        assert complaints == []
        expect(page.locator("svg script, svg a, svg img")).to_have_count(0)


def test_the_first_page_weighs_little_and_sends_the_library_nowhere_else(context: BrowserContext, site: str) -> None:
    weight: dict[str, int] = {}
    page = context.new_page()
    page.on("response", lambda answer: weight.update({urlsplit(answer.url).path: len(answer.body())}))
    visit(page, site + FIRST)
    page.wait_for_load_state("networkidle")
    print(json.dumps(weight, indent=1), sum(weight.values()))
    assert sum(weight.values()) < 900_000
    assert weight["/explore"] < 60_000
    weight.clear()
    page.goto(site + "/barriers")
    assert not any("vis-network" in path for path in weight)
