"""The search page: every state has an address, says why, narrows and widens without scripts; the API gives what the command prints."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.datastructures import MultiDict

from kg import filters
from kg.cli import main
from kg.queries import KnowledgeGraph
from webui import asking, create_app

FUNDERS = "recommendations for funders about unrestricted money"


@pytest.fixture(scope="module")
def site(kg: KnowledgeGraph) -> FlaskClient:
    """The site on the real graph."""
    return create_app(kg, TESTING=True).test_client()


def addresses(text: str, name: str) -> list[list[tuple[str, str]]]:
    """Where the links called *name* lead, as parameters."""
    pattern = rf'<a href="([^"]*)"[^>]*>(?:<[^>]*>)*{re.escape(name)}'
    return [parse_qsl(urlsplit(html.unescape(each)).query) for each in re.findall(pattern, text)]


def hits(text: str) -> list[str]:
    return re.findall(r'<li class="hit" id="[^"]*">\s*<h3><a href="/id/([^"?]*)', text)


def test_the_filters_of_the_page_are_those_of_the_library() -> None:
    assert (asking.FACETS, asking.NOT) == (filters.FACETS, filters.NOT)


def test_the_words_that_matched_are_marked_and_the_reason_is_told(site: FlaskClient) -> None:
    text = site.get("/search?q=bank+account+unbanked").text
    assert "<mark>bank</mark> <mark>account</mark>" in text
    first = text.partition('<li class="hit"')[2].partition('<p class="small screen-only gather">')[0]
    why = " ".join(re.sub(r"<[^>]*>", " ", first.partition("found-why")[2].partition(">")[2]).split())
    assert why == "Found in its name, its summary: bank, account; in another name for it: bank, account, unbanked."
    assert "near in meaning:" in site.get("/search", query_string={"q": FUNDERS}).text
    assert "in the same sense:" in site.get("/search", query_string={"q": FUNDERS}).text


def test_what_was_looked_for_beside_the_words_is_told(site: FlaskClient, kg: KnowledgeGraph) -> None:
    text = site.get("/search", query_string={"q": FUNDERS}).text
    for word in kg.search(FUNDERS).widened:
        assert word in text.partition('class="small widened"')[2].partition("</details>")[0]


def test_a_slip_of_the_keys_is_told_and_can_be_searched_as_it_was_typed(site: FlaskClient) -> None:
    text = site.get("/search?q=Bank+acount&kind=barrier").text
    assert "“acount” is read as “account”." in text
    [address] = addresses(text, "Search exactly as typed")
    assert address == [("q", 'Bank "acount"'), ("kind", "barrier")]
    assert "is read as" not in site.get("/search", query_string=dict(address)).text


def test_filters_that_the_words_set_say_so_and_one_taken_away_leaves_the_others(
    site: FlaskClient, kg: KnowledgeGraph
) -> None:
    text = site.get("/search", query_string={"q": FUNDERS, "topic": "-topic-pay"}).text
    assert "Your words ask for: ally recommendations, recommendations, funders." in text
    chips = re.findall(r'<a href="([^"]*)" class="chip remove"[^>]*>([^<]*)</a>', text)
    found = kg.search(FUNDERS, topic=["-topic-pay"])
    assert len(chips) == len(found.filters) == 4
    for address, name in chips:
        asked = asking.read_asked(parameters_of(address))
        then = kg.search(asked.text, infer=asked.infer, **asked.chosen)
        left = {(choice.value, choice.chosen) for choice in then.filters}
        before = {(choice.value, choice.chosen) for choice in found.filters}
        assert left < before and len(before - left) == 1, name


def parameters_of(address: str) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(urlsplit(html.unescape(address)).query))


def test_several_filters_are_chosen_and_one_denied_by_one_form_that_needs_no_script(
    site: FlaskClient, kg: KnowledgeGraph
) -> None:
    text = site.get("/search?q=pay&kind=action&kind=-goal").text
    [form] = re.findall(r'<form action="/search" method="get" aria-label="Filter.*?</form>', text, re.DOTALL)
    assert re.search(r'<input type="checkbox" name="kind" value="action" checked>', form)
    assert re.search(r'<input type="checkbox" name="kind" value="-goal" checked>', form)
    assert re.search(r'<button[^>]* name="topic" value="-topic-[^>]*>not<', form)
    assert re.search(r"<button[^>]*>", form)[0] == '<button class="quiet">', (
        "Enter presses the first, which denies nothing"
    )  # type: ignore[index]
    for choice in kg.search("pay", kind=["action", "-goal"]).facets["topic"]:
        assert f'value="{choice.value}"' in form
        assert f'{escape(choice.label)} <span class="muted">{choice.count}</span>' in form
    both = site.get("/search?q=pay&kind=action&kind=ally-recommendation&source=ap").text
    ids = [hit.id for hit in kg.search("pay", kind=["action", "ally-recommendation"], source=["ap"]).results]
    assert hits(both) == ids


def test_a_filter_that_the_words_set_does_not_come_back_when_its_box_is_cleared(site: FlaskClient) -> None:
    text = site.get("/search", query_string={"q": FUNDERS}).text
    form = text.partition('class="facets"')[2]
    assert '<input type="hidden" name="infer" value="0">' in form
    plain = site.get("/search?q=pay").text.partition('class="facets"')[2]
    assert 'name="infer"' not in plain


def test_filters_alone_list_everything_and_turn_page_by_page(site: FlaskClient, kg: KnowledgeGraph) -> None:
    seen: list[str] = []
    address = "/search?topic=topic-funding"
    while address:
        text = site.get(address).text
        seen += hits(text)
        after = re.search(r'<a href="([^"]*)"[^>]*rel="next"', text)
        address = html.unescape(after[1]) if after else ""
    found = kg.search("", topic=["topic-funding"], limit=1000)
    assert seen == [hit.id for hit in found.results]
    assert f"All {found.total} items with these filters" in site.get("/search?topic=topic-funding").text
    assert "There is no page 77" in site.get("/search?topic=topic-funding&page=77").text


def test_nothing_found_says_so_and_leads_on(site: FlaskClient) -> None:
    text = site.get("/search?q=zeppelin").text
    for words in ("Nothing here answers these words", "Topics that are nearest", 'href="/search?topic=topic-', 'href="/barriers"', 'href="/harms"', "If you are in danger now"):  # fmt: skip
        assert words in text, words
    assert "A filter may be too narrow" in site.get("/search?q=bank&kind=vision").text


def test_the_private_search_gives_the_same_and_keeps_words_and_filters_out_of_every_address(site: FlaskClient) -> None:
    for data in ({"q": FUNDERS}, {"q": "surviver acount", "kind": ["action", "-goal"]}, {"q": "pay", "page": "2"}, {"q": "zeppelin"}):  # fmt: skip
        posted, asked = site.post("/search", data=data).text, site.get("/search", query_string=data).text
        assert hits(posted) == hits(asked)
        for address in re.findall(r'(?:href|action|src)="([^"]*)"', posted):
            assert "q=" not in address and "kind=" not in address, address
        assert posted.count("<form") > 1 and 'method="get"' not in posted
        assert "data-suggest" not in posted and "suggest.js" not in posted, "nothing is sent while somebody types"
        assert "data-suggest" in asked
        assert "This is the private search" in posted


def test_a_search_keeps_the_words_where_a_filter_is_none(site: FlaskClient) -> None:
    answer = site.get("/search?q=bank&kind=barier")
    assert answer.status_code == 400
    assert 'value="bank"' in answer.text and "Did you mean" in answer.text
    assert site.get("/search?q=%3F&kind=barrier").status_code == 400


def test_a_page_of_results_speaks_spanish_around_english_words(site: FlaskClient) -> None:
    text = site.get("/search?q=pay&lang=es").text
    assert re.search(r'<h3><a href="/id/[^"]*" lang="en" dir="ltr">', text)
    assert all("lang=es" in address for address in re.findall(r'href="(/search[^"]*)"', text) if "lang=en" not in address)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("/api/v1/search?q=bank&kind=barrier&kind=action&limit=3&start=1", ["search", "bank", "--kind", "barrier,action", "--limit", "3", "--start", "1"]),
        ("/api/v1/search?q=food&kind=-barrier&source=ap&limit=10", ["search", "food", "--kind=-barrier", "--source", "ap", "--limit", "10"]),
        ("/api/v1/search?q=barriers+to+food&infer=0&limit=10", ["search", "barriers to food", "--as-typed"]),
        ("/api/v1/search?q=barriers+to+food&limit=10", ["search", "barriers to food"]),
        ("/api/v1/suggest?q=ba", ["suggest", "ba"]),
        ("/api/v1/suggest?q=ba&limit=1", ["suggest", "ba", "--limit", "1"]),
        ("/api/v1/items/ap-barrier-2.6/like?limit=4", ["like", "ap-barrier-2.6", "--limit", "4"]),
    ],
)  # fmt: skip
def test_the_api_gives_what_the_command_prints(
    client: FlaskClient, runner: CliRunner, path: str, args: list[str]
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.get_json()
    if args[0] == "search":
        assert (found.pop("next") is not None) == (found["total"] > len(found["results"]) + ("start=1" in path))
    assert found == json.loads(runner.invoke(main, [*args, "--json"]).stdout)


def test_suggestions_are_asked_by_post_so_that_letters_stand_in_no_address(client: FlaskClient) -> None:
    posted = client.post("/api/v1/suggest", data={"q": "ba"})
    assert posted.json == client.get("/api/v1/suggest?q=ba").json
    assert posted.json is not None and posted.json["suggestions"]
    assert posted.headers["Cache-Control"] == "no-store"


def test_nothing_graphic_is_suggested(site: FlaskClient, kg: KnowledgeGraph) -> None:
    from kg.words import stem, to_plain_words

    quiet = {stem(word) for word in kg._reader.snapshot.meta("quiet")} | set(kg._reader.snapshot.meta("quiet"))
    assert quiet
    for letters in {word[:4] for word in quiet}:
        for one in site.get("/api/v1/suggest", query_string={"q": letters, "limit": 100}).json["suggestions"]:  # type: ignore[index]
            assert not {stem(word) for word in to_plain_words(one["text"])} & quiet, one


@pytest.mark.parametrize(
    "path",
    ["/api/v1/search?q=a&limit=0", "/api/v1/search?q=a&limit=101", "/api/v1/search?q=a&limit=", "/api/v1/search?q=a&start=-1", "/api/v1/search?q=a&start=1e3", "/api/v1/search?q=a&kind=zeppelin", "/api/v1/search?kind=", "/api/v1/suggest?q=a&limit=x", "/api/v1/search?q=a&limit=٣", "/api/v1/search?q=a&limit=" + "9" * 5000, "/api/v1/items/ap-barrier-2.6/like?limit=x"],
)  # fmt: skip
def test_the_api_refuses_what_makes_no_sense(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.json is not None and answer.json["title"] == "Bad parameter"
    assert len(answer.text) < 1000


def test_the_home_page_opens_three_doors_and_counts_what_is_in_here(site: FlaskClient, kg: KnowledgeGraph) -> None:
    text = site.get("/").text
    for words in ("I want to act", "I want to understand", "I want to teach", "Make a learning pack", "How far to trust it", "No link has been reviewed by people with lived experience yet."):  # fmt: skip
        assert words in text, words
    for holding in kg.holdings():
        [where] = addresses(text, str(escape(holding.source.title)))
        assert where == [("source", holding.source.id)]
        for kind, count in holding.items.items():
            if match := re.search(rf'source={holding.source.id}&amp;kind={kind}">([\d,]+) ', text):
                assert int(match[1]) == count == kg.search("", source=[holding.source.id], kind=[kind]).total


def test_the_script_of_the_suggestions_puts_nothing_in_as_markup() -> None:
    script = (Path(asking.__file__).parent / "static" / "suggest.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval|\.style\b|setAttribute\(\"style", script)
