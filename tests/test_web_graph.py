"""The pages of insights on the real graph: they tell what the library answers, as a page, as CSV and as JSON, and take no harm."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from kg.choices import MEASURES
from kg.queries import KnowledgeGraph
from kg.results import to_json
from webui import create_app, views_gaps, views_graph
from webui.charts import draw_bars, draw_chain
from webui.safety import HEADERS

PAGES = [
    "/insights",
    "/paths",
    "/paths?from=ap-barrier-2.6&to=ap-capacity-3.1",
    "/paths?from=bank&to=shame",
    "/paths?from=harm-type&to=action",
    "/paths?from=action&to=barrier&limit=3&page=2",
    "/paths?from=hr-severity-hurt&to=ap-term-vicarious-trauma&max=1",
    "/paths?from=ap-barrier-2.6&to=hr-rec-3.8&limit=6&max=6",
    "/rankings",
    "/rankings?measure=pagerank&page=2",
    "/rankings?measure=coverage&kind=action",
    "/rankings?measure=betweenness&relation=addresses",
    "/communities",
    "/sequences",
    "/gaps",
    "/gaps?rows=harm-type&columns=audience",
    "/gaps?rows=barrier&columns=source",
    "/gaps?rows=action&columns=barrier",
    "/gaps?rows=action&columns=barrier&rows_page=9&columns_page=3",
    "/gaps?rows=topic&columns=kind",
    "/gaps?rows=barrier-group&columns=goal&row=ap-barrier-group-2",
    "/gaps?rows=barrier-group&columns=goal&column=ap-goal-1.4",
    "/gaps?rows=harm-type&columns=audience&row=hr-harm-2&column=survivor-leaders",
    "/gaps?rows=barrier-group&columns=goal&row=ap-barrier-group-7&column=ap-goal-1.4",
    "/cover",
    "/cover?asked=barrier",
    "/cover?asked=harm-example&direct=1",
    "/cover?asked=ap-barrier-group-1&direct=1&kinds=action",
    "/compare",
    "/compare?first=ap&second=hr",
    "/compare?first=ap&second=hr&show=alike&page=2",
    "/compare?first=ap&second=hr&show=first",
    "/compare?first=ap&second=hr&show=topics",
    "/compare?first=ap&second=hr&topic=topic-pay",
    "/compare?first=blog&second=fsap",
]
MOST_HTML = 60_000


@pytest.fixture(scope="module")
def client(kg: KnowledgeGraph) -> FlaskClient:
    return create_app(kg, TESTING=True).test_client()


def words_of(html: str) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def file_of(path: str, form: str) -> str:
    """The address of the same answer as a file."""
    return f"{path}{'&' if '?' in path else '?'}format={form}"


def read_csv(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(file_of(path, "csv"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="[a-z]+\.csv"', answer.headers["Content-Disposition"])
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_is_small_and_neutral_and_marks_where_one_is(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.data) < MOST_HTML
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"
    [title] = re.findall(r"<title>(.*?)</title>", answer.text)
    assert not re.search(r"traffick|surviv|bank|harm|barrier", title, re.IGNORECASE), title
    assert re.search(r'aria-current="(?:page|true)">Insights<', answer.text)
    assert answer.text.count("<h1") == 1
    assert " style=" not in answer.text and not re.search(r"\son\w+=", answer.text)


@pytest.fixture(scope="module")
def reached() -> set[str]:
    """Addresses that have answered: what many pages link to is asked once."""
    return set()


@pytest.mark.parametrize("path", PAGES)
def test_every_link_and_form_of_a_page_leads_somewhere(client: FlaskClient, path: str, reached: set[str]) -> None:
    text = client.get(path).text
    found = set(re.findall(r'(?:href|action)="(/[^"]*)"', text))
    asked = {
        unescape(each).partition("#")[0]
        for each in found
        if not each.startswith(("/id/", "/static/")) or len(found) < 60
    }
    for address in sorted(asked - reached):
        with client.get(address) as answer:
            assert answer.status_code == 200, address
        reached.add(address)
    for anchor in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{anchor}"' in text


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_used_once_and_every_field_has_its_label(client: FlaskClient, path: str) -> None:
    text = client.get(path).text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    fields = re.findall(r'<(?:select|input)\b[^>]*\bid="([^"]+)"', text)
    assert {*fields} <= {*re.findall(r'<label[^>]*\bfor="([^"]+)"', text)}


@pytest.mark.parametrize("path", PAGES)
def test_each_page_speaks_in_another_language_and_marks_the_words_of_the_graph(client: FlaskClient, path: str) -> None:
    text = client.get(path + ("&" if "?" in path else "?") + "lang=es").text
    assert '<html lang="es" dir="ltr">' in text
    for address in re.findall(r'<a[^>]* href="(/(?:paths|gaps|rankings|communities|cover|compare)[^"]*)"', text):
        assert "lang=" in address
    assert text.count("<form") == text.count('name="lang" value="es"')


WRONG = [
    ("/paths?from=ap-barrier-2.66&to=ap-barrier-2.6", 404, "Near it: ap-barrier-2.6"),
    ("/paths?from=zeppelin&to=shame", 404, "Nothing here answers 'zeppelin'"),
    ("/paths?from=%3F&to=shame", 400, "holds no word"),
    ("/paths?from=" + "a" * 10_000 + "&to=shame", 400, "10000 characters"),
    ("/paths?from=ap-barrier-2.6&to=ap-barrier-2.6", 400, "Both ends are ap-barrier-2.6"),
    ("/paths?from=ap-barrier-2.6&to=hr-rec-3.8&max=9", 400, "Give a number from 1 to 6"),
    ("/paths?from=ap-barrier-2.6&to=hr-rec-3.8&max=-1", 400, "Give a number from 1 to 6"),
    ("/paths?from=harm-type&to=action&max=6", 400, "Give a number from 1 to 4"),
    ("/paths?from=harm-type&to=action&limit=1000", 400, "Give a number from 1 to 3"),
    ("/paths?from=harm-type&to=action&page=99", 400, "Give a number from 1 to 3"),
    ("/paths?from=ap-barrier-2.6&to=hr-rec-3.8&max=²", 400, "cannot be used"),
    ("/paths?from=ap-barrier-2.6&to=hr-rec-3.8&via=acton", 400, "Did you mean 'action'?"),
    ("/paths?from=ap-barrier-2.6&to=hr-rec-3.8&via=theme", 400, "only gathers other items"),
    ("/paths?from=ap-barrier-2.6&to=hr-rec-3.8&strength=dirct", 400, "Did you mean 'direct'?"),
    ("/paths?from=ap-barrier-2.6&to=hr-rec-3.8&format=xls", 400, "There is no format 'xls' here"),
    ("/rankings?measure=degre", 400, "Did you mean 'degree'?"),
    ("/rankings?kind=theme", 400, "only gather other items"),
    ("/rankings?kind=barier", 400, "Did you mean 'barrier'?"),
    ("/rankings?relation=adresses", 400, "Did you mean 'addresses'?"),
    ("/rankings?measure=coverage&kind=term", 400, "Nothing to rank"),
    ("/rankings?page=0", 400, "cannot be used"),
    ("/rankings?page=9999", 400, "cannot be used"),
    ("/communities?community=x", 404, "No community 'x'"),
    ("/gaps?rows=barier&columns=goal", 400, "Did you mean 'barrier'?"),
    ("/gaps?rows=barrier", 400, "There is no axis ''"),
    ("/gaps?rows=action&columns=ally-recommendation", 400, "this site makes up to 8000"),
    ("/gaps?rows=barrier-group&columns=goal&relations=adresses", 400, "Did you mean 'addresses'?"),
    ("/gaps?rows=barrier-group&columns=goal&row=x", 404, "no row or column 'x'"),
    ("/gaps?rows=barrier-group&columns=goal&rows_page=2", 400, "cannot be used"),
    ("/cover?asked=x", 404, "No item 'x'"),
    ("/cover?asked=ap-term-stigmatization", 404, "nothing addresses that"),
    ("/cover?asked=barrier&kinds=term", 404, "address nothing"),
    ("/cover?asked=barrier&audience=funder", 400, "Did you mean 'funders'?"),
    ("/compare?first=ap&second=ap", 400, "Both sources are ap"),
    ("/compare?first=ap&second=zz", 400, "There is no source 'zz'"),
    ("/compare?first=ap", 400, "There is no source ''"),
    ("/compare?first=ap&second=hr&topic=topic-pey", 404, "Near it: topic-pay"),
    ("/compare?first=ap&second=hr&topic=ap-barrier-2.6", 404, "is not a topic"),
    ("/compare?first=ap&second=hr&show=x", 400, "There is no part 'x'"),
]


@pytest.mark.parametrize(("path", "status", "words"), WRONG)
def test_a_question_that_cannot_be_answered_gives_the_form_again_with_what_is_wrong(
    client: FlaskClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    [told] = re.findall(r'<div class="gap" role="alert">(.*?)</div>', answer.text, re.DOTALL) or [answer.text]
    assert words in words_of(told)
    assert "kg " not in words_of(told) and "--" not in words_of(told), "a command is no help on a page"
    assert "<form" in answer.text or path.startswith("/communities")
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    if re.search(r"page=|row=|show=|community=|format=", path):
        return  # only the page has parts
    for form in ("csv", "json"):
        again = client.get(file_of(path, form))
        assert again.status_code == status, "a file of a wrong question is a page that says what is wrong"
        assert again.mimetype == "text/html" and "Content-Disposition" not in again.headers


ATTACKS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "' onmouseover='alert(1)", "=1+1"]
FIELDS = {
    "/paths": ("from", "to", "via", "max", "limit", "hubs", "strength", "basis", "state", "page", "format"),
    "/rankings": ("measure", "kind", "relation", "page", "format"),
    "/communities": ("community", "format"),
    "/gaps": ("rows", "columns", "relations", "row", "column", "page", "rows_page", "columns_page", "format"),
    "/cover": ("asked", "kinds", "direct", "audience", "format"),
    "/compare": ("first", "second", "topic", "show", "page", "format"),
}
SOUND = {
    "/paths": {"from": "ap-barrier-2.6", "to": "ap-capacity-3.1"},
    "/gaps": {"rows": "barrier-group", "columns": "goal"},
    "/cover": {"asked": "barrier"},
    "/compare": {"first": "ap", "second": "hr"},
}


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_any_field_is_shown_as_text(client: FlaskClient, path: str, attack: str) -> None:
    for name in FIELDS[path]:
        answer = client.get(path, query_string={**SOUND.get(path, {}), name: attack})
        assert answer.status_code in (200, 400, 404), (path, name)
        text = answer.text
        assert "<script>alert" not in text and "<img src=x" not in text and " onmouseover='" not in text, (path, name)
        assert ">49<" not in text


@pytest.mark.parametrize("path", FIELDS)
def test_nothing_in_an_address_can_steer_a_link(client: FlaskClient, path: str) -> None:
    steering = {"_external": "1", "_scheme": "javascript", "_anchor": "x", "_method": "POST", "endpoint": "x"}
    text = client.get(path, query_string={**SOUND.get(path, {}), **steering}).text
    main = text.partition("<main")[2].partition("</main>")[0]
    assert not re.findall(r'(?:href|action)="(?!/|#)', main)
    assert "_scheme" not in main


def test_the_hub_says_what_each_question_is_good_for(client: FlaskClient) -> None:
    text = client.get("/insights").text
    for page in ("paths", "gaps", "cover", "compare", "rankings", "communities", "sequences", "sparql"):
        assert f'<h2><a href="/{page}">' in text
    assert words_of(text).count("Good for") == 8
    assert "/compare?first=ap&amp;second=hr" in text


def test_a_path_is_told_link_by_link_with_reason_grades_items_and_a_picture(
    client: FlaskClient, kg: KnowledgeGraph
) -> None:
    found = kg.paths("ap-barrier-2.6", "ap-capacity-3.1")
    text = client.get("/paths?from=ap-barrier-2.6&to=ap-capacity-3.1").text
    said = words_of(text).replace("“ ", "“").replace(" ”", "”")
    assert text.count('<svg class="chain"') == len(found.paths) > 1
    for path in found.paths:
        names = ", ".join([path.steps[0].start.label, *(step.end.label for step in path.steps)])
        assert f"A path of {path.length} links: {names}" in unescape(text), "a picture has its words"
        for step in path.steps:
            assert step.sentence in said
            assert step.because is None or step.because in said
            assert f'href="/id/{step.end.id}"' in text
    assert 'class="tag direct"' in text and 'class="tag checked"' in text


def test_words_are_resolved_by_label_or_offered_as_choices_that_keep_the_rest_of_the_question(
    client: FlaskClient,
) -> None:
    text = client.get("/paths?from=bank+account&to=ap-capacity-3.1&max=5&strength=direct&via=action&hubs=1").text
    assert "Which one do you mean?" in text and "<svg" not in text
    [address] = re.findall(r'href="(/paths\?from=ap-barrier-2\.6&[^"]*)"', text)
    kept = dict(parse_qsl(urlsplit(unescape(address)).query))
    assert kept == {
        "from": "ap-barrier-2.6",
        "to": "ap-capacity-3.1",
        "max": "5",
        "strength": "direct",
        "via": "action",
        "hubs": "1",
    }
    by_label = client.get("/paths", query_string={"from": "no bank account because of a criminal RECORD", "to": "Harm"})
    assert "From No bank account because of a criminal record to Harm" in words_of(by_label.text)
    by_kind = client.get("/paths?from=Types+of+harm&to=actions").text
    assert "From types of harm to the nearest actions" in words_of(by_kind)


def test_every_name_in_a_field_leads_back_to_its_item(kg: KnowledgeGraph) -> None:
    app = create_app(kg)
    with app.test_request_context("/paths"):
        for item in [each for kind in ("barrier", "topic", "harm-type", "term") for each in kg.items(kind=kind)][::5]:
            shown = views_graph._find_end(item.id).typed
            assert views_graph._find_end(shown).id == item.id


def test_from_every_item_of_a_kind_a_page_shows_some_and_the_file_all(client: FlaskClient, kg: KnowledgeGraph) -> None:
    whole = kg.paths("harm-type", "action")
    shown: list[str] = []
    for page in (1, 2, 3):
        text = client.get(f"/paths?from=harm-type&to=action&page={page}").text
        assert "of 9 in all" in words_of(text)
        shown += re.findall(r"<h3>(.*?):", text)
    assert [unescape(name) for name in shown] == [path.steps[0].start.label for path in whole.paths]
    lines = read_csv(client, "/paths?from=harm-type&to=action")
    assert {line["path"] for line in lines} == {str(place + 1) for place in range(len(whole.paths))}


def test_where_there_is_no_path_the_page_says_why_and_what_would_be_reached(
    client: FlaskClient, kg: KnowledgeGraph
) -> None:
    pairs = [("ap-barrier-2.6", "hr-severity-hurt"), ("ap-term-stigmatization", "hr-severity-hurt")]
    for start, end in pairs:
        answer = kg.paths(start, end, max_length=4)
        if getattr(answer, "with_hubs", None):
            break
    assert answer.why and answer.with_hubs, "this graph no longer has such a pair"
    text = client.get(f"/paths?from={start}&to={end}").text
    assert "No path was found." in text and answer.why in words_of(text)
    assert text.count('<svg class="chain"') == 1
    assert re.search(rf'href="/paths\?from={start}&amp;to={end}[^"]*hubs=1', text)


def test_every_measure_has_its_words(kg: KnowledgeGraph) -> None:
    assert {*views_graph.MEASURES} == {*MEASURES}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_ranking_is_drawn_and_told_figure_by_figure(client: FlaskClient, kg: KnowledgeGraph, measure: str) -> None:
    found = kg.rank(measure, kind="action", limit=20)
    text = client.get(f"/rankings?measure={measure}&kind=action").text
    assert text.count('<rect class="side-1"') == len(found.figures) == 20
    assert found.warning in text
    for one in found.figures:
        assert one.meaning in unescape(text)
        assert f'href="/id/{one.item.id}"' in text
    assert text.count(f" of {found.firm_of}</td>") + text.count("none: no link is left") == 20
    assert re.search(r'href="/rankings\?[^"]*page=2', text)


def test_communities_are_listed_and_each_opens(client: FlaskClient, kg: KnowledgeGraph) -> None:
    found = kg.communities()
    text = client.get("/communities").text
    assert f"Modularity: {found.modularity:.2f}" in text
    for one in found.communities:
        assert f">{one.size}</td>" in text and one.name in unescape(text)
        inside = client.get("/communities", query_string={"community": one.id}).text
        assert all(f'href="/id/{item.id}"' in inside for item in one.items)


def test_the_map_is_a_table_with_heads_numbers_and_the_sort_of_each_empty_cell(
    client: FlaskClient, kg: KnowledgeGraph
) -> None:
    found = kg.gap_map("barrier-group", "goal")
    text = client.get("/gaps").text
    [table] = re.findall(r'<table class="map dense">.*?</table>', text, re.DOTALL)
    assert table.count('<th scope="col">') == 18 and table.count('<th scope="row">') == 7
    cells = re.findall(r"<td(?! class=\"corner)[^>]*>.*?</td>", table)
    assert len(cells) == len(found.cells)
    for shown, cell in zip(cells, found.cells, strict=True):
        if cell.empty:
            assert cell.empty in shown and "href" not in shown
        else:
            assert f">{len(cell.holds)}</a>" in shown
            assert (f"<i>{cell.direct} direct</i>" in shown) == bool(cell.direct)
            assert f"row={cell.row}&amp;column={cell.column}" in shown
    silent = sum(cell.empty == "silent" for cell in found.cells)
    assert f"nothing was found ({silent} cells)" in words_of(text)
    assert len(re.findall(r'class="heat-[1-4]"', table)) == sum(not cell.empty for cell in found.cells)
    for barrier in kg.gaps().unanswered:
        assert f'href="/barriers/{barrier.id}"' in text and barrier.gap in unescape(text)


def test_a_cell_opens_with_its_links_or_why_it_is_empty(client: FlaskClient, kg: KnowledgeGraph) -> None:
    found = kg.gap_map("barrier-group", "goal")
    path = "/gaps?rows=barrier-group&columns=goal"
    full = next(cell for cell in found.cells if cell.direct > 1)
    text = client.get(f"{path}&row={full.row}&column={full.column}").text
    for step in kg.links(full.holds):
        assert step.because in unescape(text) and f'href="/id/{step.start.id}"' in text
    silent = next(cell for cell in found.cells if cell.empty == "silent")
    text = client.get(f"{path}&row={silent.row}&column={silent.column}").text
    assert "Silent:" in text and silent.why in words_of(text)
    text = client.get(f"{path}&row={full.row}").text
    assert text.count("column=ap-goal-") + text.count("column=fsap-goal-") >= 18
    assert words_of(text).count(" does not apply") >= 4


def test_a_large_map_is_shown_part_by_part_and_every_cell_is_in_some_part(
    client: FlaskClient, kg: KnowledgeGraph
) -> None:
    found = kg.gap_map("action", "barrier")
    pages = -(-len(found.rows) // 16), 3
    text = client.get("/gaps?rows=action&columns=barrier").text
    assert "you see rows 1 to 16 of 133. Columns: 1 to 18 of 54. The files below hold all of it." in words_of(text)
    shown = 0
    for rows_page in range(1, pages[0] + 1):
        for columns_page in range(1, pages[1] + 1):
            part = client.get(
                f"/gaps?rows=action&columns=barrier&rows_page={rows_page}&columns_page={columns_page}"
            ).text
            [body] = re.findall(r"<tbody>.*?</tbody>", part, re.DOTALL)
            shown += body.count("<td")
    assert shown == len(found.cells) == 7182
    assert len(read_csv(client, "/gaps?rows=action&columns=barrier")) == 7182


def test_a_map_of_items_opens_on_items(client: FlaskClient, kg: KnowledgeGraph) -> None:
    found = kg.gap_map("top-topic", "source")
    cell = next(cell for cell in found.cells if 0 < len(cell.holds) <= 20)
    text = client.get(f"/gaps?rows=top-topic&columns=source&row={cell.row}&column={cell.column}").text
    assert all(f'href="/id/{item}"' in text for item in cell.holds)


@pytest.mark.parametrize("asked", [{"asked": "barrier"}, {"asked": "hr-harm-3", "direct": "1", "audience": "funders"}])
def test_the_smallest_set_says_what_each_adds_and_what_stays(
    client: FlaskClient, kg: KnowledgeGraph, asked: dict[str, str]
) -> None:
    found = kg.cover(asked["asked"], direct="direct" in asked, audience=asked.get("audience", ""))
    text = client.get("/cover", query_string=asked).text
    said = words_of(text)
    assert f"{len(found.chosen)} items together" in said
    assert f"They address {found.difficulties - len(found.uncovered)} of {found.difficulties}" in said
    assert ("Fewer cannot do: that is proved." in said) == found.smallest
    for one in found.chosen:
        assert f'href="/id/{one.item.id}"' in text
        assert all(covered.because in said for covered in one.covers)
    for left in found.uncovered:
        assert left.reason in said


def test_two_sources_side_by_side(client: FlaskClient, kg: KnowledgeGraph) -> None:
    found = kg.compare("ap", "hr")
    text = client.get("/compare?first=ap&second=hr").text
    said = words_of(text)
    top = [each for each in found.topics if each.top]
    assert text.count('<rect class="side-1"') == text.count('<rect class="side-2"') == len(top)
    for each in top:
        assert re.search(
            rf"{re.escape(each.topic.id)}\".*?<td class=\"num\">{len(each.first)}</td><td class=\"num\">{len(each.second)}</td>",
            text,
        )
    assert f"All {len(found.aligned)} pairs" in said and f"All {len(found.only_first)} items" in said
    assert found.warning in said
    told = ""
    for page in range(1, 10):
        told += client.get(f"/compare?first=ap&second=hr&show=alike&page={page}").text
    assert all(pair.because in unescape(told) for pair in found.aligned)
    assert "Nobody has read these two" in client.get("/compare?first=blog&second=fsap").text


FILES: list[tuple[str, Any]] = [
    ("/paths?from=ap-barrier-2.6&to=ap-capacity-3.1", lambda kg: kg.paths("ap-barrier-2.6", "ap-capacity-3.1")),
    ("/paths?from=harm-type&to=action", lambda kg: kg.paths("harm-type", "action", limit=1)),
    ("/rankings?measure=coverage&kind=action", lambda kg: kg.rank("coverage", kind="action", limit=10_000)),
    ("/communities", lambda kg: kg.communities()),
    ("/gaps", lambda kg: kg.gap_map("barrier-group", "goal")),
    ("/gaps?rows=top-topic&columns=kind&row=topic-work", lambda kg: kg.gap_map("top-topic", "kind")),
    ("/cover?asked=ap-barrier-group-1&direct=1", lambda kg: kg.cover("ap-barrier-group-1", direct=True)),
    ("/compare?first=ap&second=hr&show=alike", lambda kg: kg.compare("ap", "hr")),
]


@pytest.mark.parametrize(("path", "ask"), FILES, ids=[path for path, _ in FILES])
def test_a_file_holds_what_the_library_answers(client: FlaskClient, kg: KnowledgeGraph, path: str, ask: Any) -> None:
    found = ask(kg)
    assert client.get(file_of(path, "json")).json == to_json(found)
    lines = read_csv(client, path)
    assert lines and all(None not in line and None not in line.values() for line in lines), "a ragged line"
    if path.startswith("/gaps"):
        assert [line["row"] for line in lines] == [cell.row for cell in found.cells]
    if path.startswith("/rankings"):
        assert [(line["id"], float(line["coverage"])) for line in lines] == [
            (one.item.id, one.value) for one in found.figures
        ]
    if path.startswith("/communities"):
        assert sorted(line["id"] for line in lines) == sorted(
            item.id for one in found.communities for item in one.items
        )
    if path.startswith("/paths"):
        assert [line["because"] for line in lines] == [
            step.because or "" for each in found.paths for step in each.steps
        ]
    if path.startswith("/cover"):
        assert [line["covers"] for line in lines] == [
            *(covered.item.id for one in found.chosen for covered in one.covers),
            *(left.item.id for left in found.uncovered),
        ]
    if path.startswith("/compare"):
        parts = [line["part"] for line in lines]
        sizes = [len(each) for each in (found.topics, found.aligned, found.only_first, found.only_second)]
        assert [parts.count(part) for part in ("topic", "alike", "only first", "only second")] == sizes


def test_no_cell_of_a_file_is_taken_for_a_formula() -> None:
    from webui.tables import to_csv

    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    [read] = csv.reader(io.StringIO(to_csv([cells]), newline=""))
    assert read == ["'" + cell.replace("\r", "\n") for cell in cells]


def test_a_chain_and_bars_keep_to_their_frame(kg: KnowledgeGraph) -> None:
    items = kg.briefs(["hr-harm-5", "hr-harm-4", "ap-barrier-2.6"])
    chain = draw_chain(items, ["worsens", "is worsened by"])
    edges = [edge for box in chain.boxes for edge in (box.y, box.y + box.height)]
    assert edges == sorted(edges) and edges[-1] < chain.height
    assert all(box.y < line.y < box.y + box.height for box in chain.boxes for line in box.lines)
    assert all(arrow.y == box.y + box.height for arrow, box in zip(chain.arrows, chain.boxes, strict=False))
    bars = draw_bars([("a", [(2, "2"), (0, "0")]), ("b " * 60, [(1, "1"), (4, "4")])])
    assert [bar.width for bar in bars.bars] == [39.0, 0.0, 19.5, 78.0]
    assert max(bar.y for bar in bars.bars) < bars.height
    assert draw_bars([]).bars == ()


def test_maps_and_questions_to_begin_with_are_possible(kg: KnowledgeGraph) -> None:
    for rows, columns, _ in views_gaps.MAPS:
        assert any(not cell.empty for cell in kg.gap_map(rows, columns).cells)
    for start, end, _ in views_graph.KIND_QUESTIONS:
        assert start in kg.terms.kinds and end in kg.terms.kinds
