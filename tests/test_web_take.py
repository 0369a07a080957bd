"""The basket goes along and stays in the address; a selection shows what it gives before anything is taken."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.export import FORMATS, to_bytes
from kg.pack import to_file
from kg.queries import KnowledgeGraph
from webui import create_app

from . import routes


@pytest.fixture(scope="module")
def site(kg: KnowledgeGraph) -> FlaskClient:
    return create_app(kg, TESTING=True).test_client()


def links(text: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'<a\b[^>]*\shref="(/[^"]*)"', text)]


def baskets(address: str) -> list[str]:
    return parse_qs(urlsplit(address).query).get("basket", [])


def pages_of(app: Flask) -> list[str]:
    return [address for _, address in routes.pages(app)]


def test_every_link_and_form_of_every_page_carries_the_basket_once(site: FlaskClient) -> None:
    kept, known = "ap-barrier-2.6~ap-action-3.2.11", site.application.url_map.bind("localhost")
    for address in pages_of(site.application):
        answer = site.get(address, query_string={"basket": kept})
        if answer.mimetype != "text/html":
            continue
        assert answer.status_code in (200, 303), address
        for link in links(answer.text):
            endpoint, _ = known.match(urlsplit(link).path)
            if endpoint.startswith("pages.") and urlsplit(link)[2:4] != ("/export", ""):
                found = baskets(link)  # the one exception empties it; what puts in or takes out changes it
                assert len(found) == 1 and set(found[0].split("~")) & set(kept.split("~")), f"{address}: {link}"
        for form in re.findall(r"<form\b.*?</form>", answer.text, flags=re.S):
            assert f'name="basket" value="{kept}"' in form or "basket=" in form.partition(">")[0], (
                f"{address}: {form[:200]}"
            )


def test_no_page_says_anything_of_a_basket_that_is_not_there(site: FlaskClient) -> None:
    for address in ("/", "/search?q=bank", "/glossary", "/about"):
        found = [link for link in links(site.get(address).text) if baskets(link)]
        assert all("/search" in urlsplit(link).path for link in found), address  # only what puts a result into it


def test_an_item_is_put_in_and_taken_out_on_its_own_page(site: FlaskClient) -> None:
    [put] = [link for link in links(site.get("/id/ap-action-3.2.11?show=x").text) if baskets(link)]
    assert urlsplit(put).path == "/id/ap-action-3.2.11" and baskets(put) == ["ap-action-3.2.11"] and "show=x" in put
    there = site.get(put).text
    assert "Take out of the basket" in there and "(1<span" in there
    [out] = re.findall(r'<a class="button quiet gathered" rel="nofollow" href="([^"]*)"', there)
    assert not baskets(unescape(out)) and "Put into the basket" in site.get(unescape(out)).text


def test_a_private_search_offers_nothing_that_would_put_its_words_into_an_address(site: FlaskClient) -> None:
    text = site.post("/search?basket=hr-harm-3", data={"q": "bank"}).text
    assert "No bank account" in text and "Put into the basket" not in text
    assert not [link for link in links(text) if "bank" in urlsplit(link).query and "q=" in link]


@pytest.mark.parametrize(
    "basket",
    [
        "~~~",
        "<script>~../x~ap-barrier-2.6",
        "ap-barrier-2.6~" * 3,
        "x" * 5000,
        "a%00b~ap-barrier-2.6",
        "~".join(f"i{n}" for n in range(300)),
    ],
)
def test_what_can_be_no_id_is_passed_over(site: FlaskClient, basket: str) -> None:
    answer = site.get("/about", query_string={"basket": basket})
    assert answer.status_code == 200 and "<script>~" not in answer.text
    kept = {each for link in links(answer.text) for each in baskets(link)}
    assert all(re.fullmatch(r"[A-Za-z0-9.~-]+", each) and len(each.split("~")) <= 100 for each in kept)


def test_the_basket_is_what_is_taken_unless_something_else_is_chosen(site: FlaskClient, kg: KnowledgeGraph) -> None:
    text = site.get("/export?basket=ap-barrier-2.6~ap-action-3.2.11").text
    part = kg.subgraph(["item:ap-barrier-2.6", "item:ap-action-3.2.11"])
    assert f"{len(part.items)} items" in text and f"{len(part.edges)} link" in text
    assert "What is in my basket" in text
    other = site.get("/export?basket=ap-barrier-2.6&w=ap-theme-3").text
    assert f"{len(kg.subgraph(['ap-theme-3']).items)} items" in other


@pytest.mark.parametrize(
    ("query", "words", "options"),
    [
        ("w=ap-barrier-group-2&only=action", ["ap-barrier-group-2"], {"only": ["action"]}),
        ("w=topic-storytelling&bare=1", ["topic-storytelling"], {"context": False}),
        ("w=ap-barrier-2.6&depth=1", ["ap-barrier-2.6"], {"depth": 1}),
        ("find=holes+in+my+CV&w=audience:funders", ["search:holes in my CV", "audience:funders"], {}),
        ("w=everything", ["everything"], {}),
    ],
)
def test_the_page_counts_what_the_library_gives(
    site: FlaskClient, kg: KnowledgeGraph, query: str, words: list[str], options: dict
) -> None:  # type: ignore[type-arg]
    part = kg.subgraph(words, **options)
    text = site.get(f"/export?{query}").text
    assert f"{len(part.items):,} items" in text and f"{len(part.edges):,} link" in text
    assert all(source.credit in unescape(text) for source in part.sources)


@pytest.mark.parametrize(
    ("query", "status"),
    [("w=nowhere", 404), ("w=foo:bar", 400), ("find=zzzqqqxxx", 400), ("w=ap-theme-3&only=sausage", 400)],
)
def test_a_selection_that_cannot_be_made_says_so_and_keeps_the_form(site: FlaskClient, query: str, status: int) -> None:
    answer = site.get(f"/export?{query}")
    assert answer.status_code == status and 'role="alert"' in answer.text and 'name="find"' in answer.text


def test_every_choice_of_the_form_can_be_taken(site: FlaskClient) -> None:
    values = re.findall(
        r'<option value="([^"]+)"', re.findall(r'<select id="w".*?</select>', site.get("/export").text, flags=re.S)[0]
    )
    assert len(values) > 100
    for value in values[::7]:
        assert site.get("/export", query_string={"w": unescape(value)}).status_code == 200, value


def test_every_format_can_be_taken_and_says_what_it_is(site: FlaskClient, kg: KnowledgeGraph) -> None:
    part = kg.subgraph(["ap-barrier-2.6"])
    page = site.get("/export?w=ap-barrier-2.6").text
    for form in FORMATS.values():
        assert f'href="/export/{form.name}?w=ap-barrier-2.6"' in page, form.name
        answer = site.get(f"/export/{form.name}?w=ap-barrier-2.6")
        assert answer.status_code == 200 and answer.mimetype == form.media_type
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{part.file_name(form.suffix)}"'
        assert answer.data == to_bytes(part, form.name)


@pytest.mark.parametrize(
    "page",
    [
        "/communities?community=community-1",
        "/paths?from=ap-barrier-2.6&to=ap-capacity-3.1",
        "/search?q=holes+in+my+CV",
        "/barriers/ap-barrier-2.6",
        "/id/ap-goal-1.2",
    ],
)
def test_what_is_read_can_be_taken_away_from_its_own_page(site: FlaskClient, page: str) -> None:
    text = site.get(page).text
    found = [link for link in links(text) if urlsplit(link).path == "/export" and urlsplit(link).query]
    assert found, page
    for link in found:
        assert re.search(r"<strong>[\d,]+ items?</strong>", site.get(link).text), link


def test_a_file_that_does_not_exist_is_told_with_the_nearest(site: FlaskClient) -> None:
    answer = site.get("/export/turtel?w=ap-barrier-2.6")
    assert answer.status_code == 404 and "turtle" in answer.text
    assert site.get("/export/turtle?w=nowhere").status_code == 404
    assert site.get("/export/turtle").status_code == 400


def test_a_pack_is_made_in_three_steps_with_sensible_defaults(site: FlaskClient, kg: KnowledgeGraph) -> None:
    first = site.get("/curriculum").text
    assert 'name="step" value="2"' in first and 'aria-current="step">What to teach' in first
    second = site.get("/curriculum?w=topic-storytelling&step=2").text
    assert 'value="Storytelling and public speaking"' in second and '<option value="90" selected>' in second
    third = site.get("/curriculum?w=topic-storytelling&step=3").text
    course = kg.curriculum(["topic-storytelling"])
    for unit in course.units:
        assert unit.question in unescape(third)
    assert sum(slot.minutes for slot in course.agenda) == 90
    assert all(reading.label in unescape(third) for reading in course.readings)


def test_the_third_step_without_a_selection_is_the_first(site: FlaskClient) -> None:
    assert 'aria-current="step">What to teach' in site.get("/curriculum?step=3").text


@pytest.mark.parametrize("query", ["w=nowhere&step=2", "w=foo:bar&step=3", "w=ap-barrier-2.6&only=sausage&step=3"])
def test_what_cannot_be_taught_says_so(site: FlaskClient, query: str) -> None:
    answer = site.get(f"/curriculum?{query}")
    assert answer.status_code in (400, 404) and 'role="alert"' in answer.text


def test_one_file_of_a_pack_is_that_of_the_library(site: FlaskClient, kg: KnowledgeGraph) -> None:
    course = kg.curriculum(["topic-storytelling"], minutes=60, level="introductory")
    answer = site.get("/curriculum/pack/quiz?w=topic-storytelling&minutes=60&level=introductory")
    assert answer.data == to_file(course, "quiz")
    assert answer.headers["Content-Disposition"].endswith('questions.gift"')


def test_one_pack_at_a_time_and_the_next_is_asked_to_wait(site: FlaskClient) -> None:
    with site.application.extensions["pack_turns"].take("192.0.2.1"):
        answer = site.get("/curriculum/pack/quiz?w=topic-storytelling")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "3"
    assert site.get("/curriculum/pack/quiz?w=topic-storytelling").status_code == 200
