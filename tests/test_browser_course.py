"""The page of a course in a real browser, offline: it asks nobody, can be used by keyboard, by screen reader and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from kg.course_results import Course
from kg.pack import to_file
from kg.queries import KnowledgeGraph

from .packs import HOSTILE, STORY, TITLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def course(kg: KnowledgeGraph) -> Course:
    return kg.curriculum(STORY, title=TITLE, minutes=120)


@pytest.fixture(scope="module")
def file(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("course") / "course.html"
    path.write_bytes(to_file(course, "page"))
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page in a browser without a network, with every request and every word of the console noted."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.goto(file.as_uri())
    yield page
    assert asked == [file.as_uri()]
    context.close()


def test_it_says_all_that_is_read(page: Page, course: Course) -> None:
    text = page.inner_text("main")
    for unit in course.units:
        assert unit.question in text and all(ask in text for ask in unit.ask) and unit.reflect in text
    for reading in course.readings:
        assert reading.label in text and reading.summary in text
        assert page.locator(f'a[href="{reading.iri}"]').count()
    assert all(credit in text for credit in course.credits)
    expect(page.locator("svg[role=img]")).to_have_count(sum(unit.sketch is not None for unit in course.units))


def test_each_question_tells_what_an_answer_is_good_for(page: Page, course: Course) -> None:
    forms = page.locator("form.choice")
    expect(forms).to_have_count(len(course.choices))
    for place, choice in enumerate(course.choices):
        form = forms.nth(place)
        form.locator("button").click()
        assert form.locator(".feedback").inner_text() == "Choose one of them first."
        for number, option in enumerate(choice.options):
            form.locator("input").nth(number).check()
            form.locator("button").click()
            told = form.locator(".feedback").inner_text()
            assert told.startswith("This fits." if option.right else "This one does not fit.")
            assert option.told == "Yes." or option.told in told


def test_cards_turn_by_keyboard(page: Page, course: Course) -> None:
    shown = page.locator(".card:visible")
    expect(shown).to_have_count(1)
    expect(page.locator("#where")).to_have_text(f"Card 1 of {len(course.cards)}")
    shown.locator("summary").focus()
    page.keyboard.press("Enter")
    assert course.cards[0].lines[0] in shown.inner_text()
    page.keyboard.press("ArrowRight")
    assert course.cards[1].front in shown.inner_text() and page.inner_text("#where").startswith("Card 2 ")
    assert page.evaluate("document.activeElement.textContent") == course.cards[1].front
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#where").startswith(f"Card {len(course.cards)} ")
    page.click("#all")
    expect(page.locator(".card:visible")).to_have_count(len(course.cards))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(media="print")
    expect(page.locator("form.choice button:visible")).to_have_count(0)
    expect(page.locator(".card:visible")).to_have_count(page.locator(".card").count())


def test_without_scripts_it_is_whole(browser: Browser, file: Path, course: Course) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.locator(".card:visible")).to_have_count(len(course.cards))
    expect(page.locator("form.choice button:visible")).to_have_count(0)
    expect(page.locator("details.answer summary:visible")).to_have_count(len(course.choices))
    context.close()


def test_a_hostile_title_is_words_and_nothing_else(browser: Browser, kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_bytes(to_file(kg.curriculum(STORY, title=HOSTILE, minutes=60), "page"))
    page = browser.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    assert not said and "<script>alert(1)</script>" in page.inner_text("h1")
    page.close()
