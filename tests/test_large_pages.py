"""Pages stay small however much is held: lists are cut into pages, each item is on one of them, and a page that is not there says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from kg.queries import KnowledgeGraph
from webui import create_app, views, views_graph, views_items

SMALL = {"LISTED_A_PAGE": 20, "TERMS_A_PAGE": 5, "TOPICS_A_PAGE": 10, "SOURCES_A_PAGE": 2, "ODDITIES_A_PAGE": 3}


@pytest.fixture
def pages(large_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The site as it looks where more is held than a page lists."""
    for name, size in SMALL.items():
        monkeypatch.setattr(views_items, name, size)
    for name in ("SEQUENCES_A_PAGE", "GROUPS_A_PAGE"):
        monkeypatch.setattr(views_graph, name, 2)
    monkeypatch.setattr(views_graph, "MEMBERS_A_PAGE", 15)
    return create_app(large_kg, TESTING=True).test_client()


HELD: dict[str, tuple[str, Callable[[KnowledgeGraph], Iterable[str]]]] = {
    "/barriers": (r'href="/barriers/([^"#]+)"', lambda kg: (item.id for item in kg.items(kind="barrier"))),
    "/harms": (r'href="/harms/([^"#]+)"', lambda kg: (item.id for item in kg.items(kind="harm-example"))),
    "/glossary": (r'class="term" id="([^"]+)"', lambda kg: (item.id for item in kg.items(kind="term"))),
    "/topics": (r'href="/id/([^"]+)"', lambda kg: (item.id for item in kg.items(kind="topic"))),
    "/sources": (r'class="source" id="([^"]+)"', lambda kg: kg.sources),
    "/communities": (
        r'href="/communities\?community=([^"&]+)"',
        lambda kg: (one.id for one in kg.communities().communities),
    ),
}


@pytest.mark.parametrize("page", HELD)
def test_every_entry_of_a_list_stands_on_one_of_its_pages(
    pages: FlaskClient, large_kg: KnowledgeGraph, page: str
) -> None:
    pattern, held = HELD[page]
    [count] = {int(found) for found in re.findall(r"Page 1 of (\d+)", pages.get(page).text)}
    parts = [set(re.findall(pattern, pages.get(f"{page}?page={number}").text)) for number in range(1, count + 1)]
    assert count > 1 and set(held(large_kg)) <= set().union(*parts)
    assert all(part - first for first, part in pairwise(parts)), "each page brings something new"
    assert pages.get(f"{page}?page={count + 1}").status_code == 400


def test_a_filter_offers_its_largest_choices_and_whatever_is_chosen(
    pages: FlaskClient, large_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CHOICES_SHOWN", 8)
    offered = large_kg.search("work").facets["topic"]
    last = offered[-1].value
    whole, chosen = pages.get("/search?q=work").text, pages.get(f"/search?q=work&topic=-{last}").text
    assert len(re.findall(r'type="checkbox" name="topic"', whole)) == 8 < len(offered)
    assert f"and {len(offered) - 8} more." in whole and f'value="{last}"' not in whole
    assert f'value="-{last}" checked' in chosen, "what is chosen can be taken away again"


def test_members_of_a_community_go_on_to_further_pages(pages: FlaskClient, large_kg: KnowledgeGraph) -> None:
    one = large_kg.communities().communities[0]
    address = f"/communities?community={one.id}&page="
    told = "".join(pages.get(f"{address}{number}").text for number in range(1, -(-one.size // 15) + 1))
    assert all(f'href="/id/{item.id}"' in told for item in one.items)


def test_a_letter_leads_to_the_page_where_it_begins(pages: FlaskClient) -> None:
    first = pages.get("/glossary").text
    [(number, letter)] = re.findall(r'href="/glossary\?page=(\d+)#(v)"', first) or [("1", "v")]
    assert f'id="{letter}"' in pages.get(f"/glossary?page={number}").text and int(number) > 1
