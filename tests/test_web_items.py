"""Pages to read, on the real graph: what they tell, that they stay small and safe, and that their files can be read back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import write_build
from kg.config import Config
from kg.folders import open_build
from kg.overview_results import group_links
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.safety import HEADERS

MOST = 60_000  # bytes of HTML
OTHERS = ["/barriers", "/harms", "/glossary", "/topics", "/sources", "/quality", "/about"]


@pytest.fixture(scope="module")
def real(kg: KnowledgeGraph) -> FlaskClient:
    return create_app(kg, TESTING=True).test_client()


@pytest.fixture(scope="module")
def page_of(real: FlaskClient) -> Callable[[str], str]:
    """The page at an address, made once for all tests that only look at it."""

    @cache
    def page_of(path: str) -> str:
        answer = real.get(path)
        assert answer.status_code == 200, path
        return answer.text

    return page_of


def read(client: FlaskClient, path: str) -> str:
    """The words of a page, without its tags."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def section(html: str, anchor: str) -> str:
    """A section of a page, by its anchor."""
    [found] = re.findall(rf'<section[^>]*\bid="{re.escape(anchor)}"[^>]*>.*?</section>', html, re.DOTALL)
    return str(found)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_to_read_opens_and_stays_small(
    page_of: Callable[[str], str], kg: KnowledgeGraph, language: str
) -> None:
    """In Spanish only the long ones, which grow by the marks of language."""
    paths = [*OTHERS, *(f"/sources/{source}" for source in kg.sources)]
    paths += [f"/quality/oddities?source={source}" for source in kg.sources]
    for item in kg.items():
        if language == "en" or len(kg.describe(item.id).links) > 20:
            paths.append(f"/id/{item.id}")
        if item.kind in ("barrier", "barrier-group"):
            paths.append(f"/barriers/{item.id}")
        if item.kind in ("harm-type", "harm-example"):
            paths.append(f"/harms/{item.id}")
    too_large = []
    for path in paths:
        text = page_of(path if language == "en" else path + ("&" if "?" in path else "?") + f"lang={language}")
        assert "<h1" in text and f'<html lang="{language}"' in text
        if len(text.encode()) > MOST:
            too_large.append((path, len(text.encode())))
    assert too_large == []


def test_every_group_of_links_shown_in_full_stays_small_and_leads_back_to_nothing_lost(
    real: FlaskClient, kg: KnowledgeGraph
) -> None:
    shortened = 0
    for item in kg.items():
        if all(len(group.links) <= 10 for group in group_links(kg.describe(item.id).links)):
            continue
        text = real.get(f"/id/{item.id}").text
        for address in set(re.findall(r'href="(/id/[^"]*\?show=[^"#]*)#', text)):
            shortened += 1
            full = real.get(unescape(address))
            key = unescape(address).rpartition("show=")[2]
            links = [link for link in kg.describe(item.id).links if f"{link.relation}-{link.direction}" == key]
            assert len(full.data) <= MOST, address
            told = section(full.text, key)
            assert told.count("<li") == len(links) > 10
            assert all(f'href="/id/{link.other.id}"' in told for link in links)
            assert section(text, key).count("<li") == 8
    assert shortened > 100


def test_the_list_of_barriers_counts_answers_and_can_be_reached_group_by_group(
    real: FlaskClient, kg: KnowledgeGraph
) -> None:
    html = real.get("/barriers").text
    for group in kg.barriers():
        assert f'href="#{group.group.id}"' in html and f'id="{group.group.id}"' in html
    words = read(real, "/barriers")
    assert "No bank account because of a criminal record 1 direct" in words
    assert "Not enough access to good food no direct answer, 1 that also helps" in words
    assert words.count(" direct") >= 54


def test_the_list_of_harms_begins_with_a_note_and_what_comes_in_order(real: FlaskClient, kg: KnowledgeGraph) -> None:
    html = real.get("/harms").text
    assert html.index("Before you read:") < html.index('id="order"') < html.index('id="hr-harm-1"')
    words = read(real, "/harms")
    for sequence in kg.sequences():
        places = [html.index(f'href="/id/{item.id}"') for item in sequence.items]
        assert places == sorted(places)
    assert words.count("It shows itself for example in:") == 9


def test_the_answer_page_groups_direct_then_contributing_answers_by_who_acts(
    real: FlaskClient, kg: KnowledgeGraph
) -> None:
    html = real.get("/barriers/ap-barrier-4.2").text
    found = kg.dossier("ap-barrier-4.2")
    order = [f'id="direct-{group.actor}"' for group in found.direct] + [f'id="also-{group.actor}"' for group in found.contributing]  # fmt: skip
    places = [html.index(anchor) for anchor in order]
    assert places == sorted(places) and len(places) == 8
    for prefix, groups in (("direct", found.direct), ("also", found.contributing)):
        for group in groups:
            told = section(html, f"{prefix}-{group.actor}")
            assert told.count('<li class="answer">') == len(group.answers)
            for one in group.answers:
                assert f'href="/id/{one.id}"' in told and one.because in unescape(told)
                assert one.source["place"] in told
            for word in {one.state for one in group.answers} | {one.basis for one in group.answers}:
                assert f'<span class="tag {word}"' in told
    funders = section(html, "direct-organizations")
    assert "Also asked" not in funders
    leaders = re.sub(r"\s+", " ", section(html, "direct-survivor-leaders"))
    assert "Also asked: allies, organizations." in leaders


def test_the_answer_page_tells_why_it_matters_its_resources_and_what_is_near(real: FlaskClient) -> None:
    words = read(real, "/barriers/ap-barrier-4.2")
    for told in (
        "What makes it worse",
        "Believing that any job training will do and replaces pay",
        "2 more of these",
        "National Economic Justice Report",
        "Named in:",
        "More like this",
        "Survivor Alliance (2023). Action Plan",
        "National Survivor Network and Humanity United.",
        "this page becomes a short brief",
        "not yet reviewed by people with lived experience",
    ):
        assert told in words, told
    assert "/id/ap-barrier-4.2?show=worsens-in#worsens-in" in real.get("/barriers/ap-barrier-4.2").text


def test_what_is_like_it_repeats_nothing_that_the_page_tells_anyway(real: FlaskClient, kg: KnowledgeGraph) -> None:
    for path, told in (
        ("/barriers/ap-barrier-2.6", kg.dossier("ap-barrier-2.6").linked),
        ("/id/ap-action-3.2.11", {link.other.id for link in kg.describe("ap-action-3.2.11").links}),
    ):
        near = re.findall(r'href="/id/([^"]*)"', section(real.get(path).text, "alike"))
        assert 0 < len(near) <= 5 and not set(near) & set(told)


def test_a_barrier_that_nothing_answers_says_so_and_why(real: FlaskClient, kg: KnowledgeGraph) -> None:
    words = read(real, "/barriers/ap-barrier-2.7")
    assert "No direct answer in what was read. The plan lists food" in words
    for item in kg.stats().unanswered:
        assert "No direct answer in what was read." in read(real, f"/barriers/{item}")


def test_pages_of_harm_begin_with_a_note_of_care(real: FlaskClient, kg: KnowledgeGraph) -> None:
    for kind in ("harm-type", "harm-example", "harm-belief", "harm-impact", "cycle-stage", "severity"):
        item = kg.items(kind=kind)[0]
        for path in (f"/id/{item.id}", *([f"/harms/{item.id}"] if kind in ("harm-type", "harm-example") else [])):
            html = real.get(path).text
            assert html.index("Before you read:") < html.index('class="lead"'), path
    assert "Before you read:" not in real.get("/id/ap-action-1.1.1").text


def test_a_type_of_harm_leads_to_each_of_its_examples_with_the_first_answer(
    real: FlaskClient, kg: KnowledgeGraph
) -> None:
    html = real.get("/harms/hr-harm-4").text
    parts = section(html, "parts")
    for part in kg.dossier("hr-harm-4").parts:
        assert f'href="/harms/{part.id}"' in parts
        assert not part.first or part.first.label in unescape(parts)


def test_an_answer_under_the_wrong_heading_leads_to_the_right_one(real: FlaskClient) -> None:
    for path, right in (
        ("/barriers/hr-harm-5?lang=es", "/harms/hr-harm-5?lang=es"),
        ("/harms/ap-barrier-2.6", "/barriers/ap-barrier-2.6"),
        ("/id/ap", "/sources/ap"),
    ):
        answer = real.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, right)


def test_the_item_page_tells_all_that_is_known(real: FlaskClient) -> None:
    words = read(real, "/id/ap-action-3.2.11")
    for told in (
        "Who acts: Survivor leaders",
        "Is an action of",
        "Addresses (7)",
        "Cancelling criminal records from the time of exploitation takes away the ground",
        "Is supported by",
        "Criminal records and justice",
        "Carrying out this action would touch 6 barriers and 1 harm, 5 of them directly.",
        "Place 12 of 121 actions.",
        "Action ap-action-3.2.11 in the words of the Survivor Leadership Knowledge Graph, version 0.1.0.",
        "Before:",
        "After:",
    ):
        assert told in words, told
    html = real.get("/id/ap-action-3.2.11").text
    assert 'href="/sources/ap"' in html and 'href="/id/ap-goal-3.2"' in html
    assert 'href="/api/v1/items/ap-action-3.2.11"' in html
    assert 'class="button" href="/barriers/ap-barrier-2.6"' in real.get("/id/ap-barrier-2.6").text
    assert 'class="button" href="/harms/hr-harm-5"' in real.get("/id/hr-harm-5").text


def test_a_note_on_the_printed_text_stands_on_the_item(real: FlaskClient, kg: KnowledgeGraph) -> None:
    [note, *_] = kg.describe("ap-term-stigmatization").item.notes
    assert f"Note: {note}" in read(real, "/id/ap-term-stigmatization")


def test_the_picture_and_the_list_beside_it_say_the_same(real: FlaskClient, kg: KnowledgeGraph) -> None:
    for item in (
        "ap-action-3.2.11",
        "ap-barrier-4.2",
        "ap-term-bias",
        "ap-theme-1",
        "resource-meaningful-engagement-toolkit",
    ):
        html = real.get(f"/id/{item}").text
        [picture] = re.findall(r'<svg class="ring".*?</svg>', html, re.DOTALL)
        [beside] = re.findall(r'<ol class="ring-list.*?</ol>', html, re.DOTALL)
        drawn = re.findall(r'<a href="([^"]*)"[^>]*aria-label="(\d+): ([^"]*)"', picture)
        listed = re.findall(r'<a href="([^"]*)">([^<]*)</a>', beside)
        assert [(address, label) for address, _, label in drawn] == listed != []
        assert [int(number) for _, number, _ in drawn] == list(range(1, len(drawn) + 1))
        assert picture.count("<line ") == len(drawn) <= 10
        assert "style=" not in picture and "<script" not in picture
        near = kg.neighbours(item, depth=1).rings[0].items or kg.neighbours(item, depth=1, hubs=True).rings[0].items
        assert [label for _, label in listed] == [each.item.label.replace("'", "&#39;") for each in near]


def test_nodes_of_the_picture_stand_apart_and_inside(kg: KnowledgeGraph) -> None:
    from webui.radial import draw_ring

    for item in kg.items():
        ring = draw_ring(kg.neighbours(item.id, depth=1))
        spots = [ring.middle, *ring.spots]
        for place, spot in enumerate(spots):
            assert 20 <= spot.x <= ring.width - 20 and 20 <= spot.y <= ring.height - 20
            for other in spots[place + 1 :]:
                assert (spot.x - other.x) ** 2 + (spot.y - other.y) ** 2 > 30**2, item.id


def test_the_printed_words_appear_only_where_the_document_is_attached(
    kg: KnowledgeGraph, real: FlaskClient, tmp_path: Path
) -> None:
    lines = [f"line {number}" for number in range(1, 2000)]
    (tmp_path / "action-plan.txt").write_text("\n".join(lines), encoding="utf-8")
    client = create_app(kg, SOURCES=tmp_path, TESTING=True).test_client()
    words = read(client, "/id/ap-action-3.2.11")
    assert "As printed line 576 Survivor Alliance (2023)" in words.replace("On this page", "").replace(
        "As printed What", ""
    )
    assert "As printed" not in read(client, "/id/hr-rec-3.8"), "that document is not attached"
    assert "As printed" not in read(real, "/id/ap-action-3.2.11")


def test_the_glossary_has_every_term_under_its_letter_with_its_uses(real: FlaskClient, kg: KnowledgeGraph) -> None:
    html = real.get("/glossary").text
    for entry in kg.glossary():
        told = section(html, entry.term.id)
        assert f'href="#{entry.letter.lower()}"' in html
        assert entry.term.summary in unescape(told)
        if entry.uses > 3:
            assert f"/id/{entry.term.id}?show=usesTerm-in#usesTerm-in" in unescape(told)
        elif not entry.uses:
            assert "No item that is held uses it" in told
    assert "Vicarious Trauma" in html and 'class="note small"' in section(html, "ap-term-vicarious-trauma")


def test_a_source_tells_credit_terms_oddities_counts_and_contents(real: FlaskClient, kg: KnowledgeGraph) -> None:
    words = read(real, "/sources/ap")
    source = kg.sources["ap"]
    for told in (
        source.title,
        source.publisher,
        source.credit,
        source.rights,
        source.notes[0],
        "133 actions",
        "Goals"[:4],
    ):
        assert told in words, told
    html = real.get("/sources/ap").text
    for item in kg.items():
        assert item.source != "ap" or f'href="/id/{item.id}"' in html
    assert '<input type="hidden" name="source" value="ap">' in html
    assert real.get("/search?q=bank&source=ap").status_code == 200
    assert "49 items tell of something odd in print" in words


def test_the_quality_page_explains_its_figures(real: FlaskClient) -> None:
    words = read(real, "/quality")
    for told in (
        "Cohen's kappa says how far they agree beyond what chance alone would give",
        "addresses barriers 12,258 all 0.83 0.87 158",
        "No link has been reviewed by people with lived experience yet.",
        "checked 42.2",
        "addresses 1,414 414 1,000",
        "Labels over 12 words",
    ):
        assert told in words, told


@pytest.mark.parametrize("table", ["items", "links", "shares", "agreement", "unlinked", "oddities", "faults"])
def test_each_table_of_the_quality_page_is_there_as_csv(real: FlaskClient, kg: KnowledgeGraph, table: str) -> None:
    assert f"table={table}" in unescape(real.get("/quality").text)
    answer = real.get(f"/quality?format=csv&table={table}")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    head, rows = kg.quality().table(table)
    assert list(csv.reader(io.StringIO(answer.text))) == [head, *([str(cell) for cell in row] for row in rows)]


def test_quality_is_there_as_json_and_an_unknown_table_names_the_known_ones(real: FlaskClient) -> None:
    answer = real.get("/quality?format=json").json
    assert answer is not None and answer["items"]["ap"]["action"] == 133
    for path in ("/quality?format=csv&table=zeppelins", "/quality?format=zip"):
        answer = real.get(path)
        assert answer.status_code == 400
        assert "items" in answer.text or "csv" in answer.text


def test_oddities_are_told_source_by_source(real: FlaskClient, kg: KnowledgeGraph) -> None:
    notes = [note for note in kg.quality().anomalies if note.source == "hr"]
    words = read(real, "/quality/oddities?source=hr")
    assert all(re.sub(r"\s+", " ", note.note) in words for note in notes)
    assert real.get("/quality/oddities?source=zeppelin").status_code == 404


def test_topics_lead_to_what_is_about_them(real: FlaskClient, kg: KnowledgeGraph) -> None:
    html = real.get("/topics").text
    for top in kg.topics():
        for each in (top, *top.narrower):
            assert f'href="/id/{each.topic.id}"' in html
    assert "Leadership and power 129 items in all" in read(real, "/topics")


def test_the_page_about_says_what_the_words_mean_and_how_to_object(real: FlaskClient, kg: KnowledgeGraph) -> None:
    words = read(real, "/about")
    for name in ("strength", "basis", "state"):
        for value, meaning in kg.terms.choices[name].items():
            assert f"{value} {meaning}" in words
    html = real.get("/about").text
    for anchor in ("what", "made", "words", "object", "limits", "licences", "cite"):
        assert f'id="{anchor}"' in html and f'href="#{anchor}"' in html
    assert "marked as disputed" in words and "CC BY 4.0" in words
    for source in kg.sources.values():
        assert source.rights in words


@pytest.mark.parametrize(
    ("path", "helps"),
    [
        ("/id/ap-barrier-2.66", "Near it: ap-barrier-2.6"),
        ("/barriers/ap-barrier-2.66", "Near it: ap-barrier-2.6"),
        ("/harms/hr-harm-55", "Near it: hr-harm-5"),
        ("/barriers/ap-term-bias", "is not a barrier or harm"),
        ("/sources/plan-b", "The sources are: ap"),
        ("/sources/<script>alert(1)", "The sources are: ap"),
        ("/id/" + "x" * 3000, "No item"),
    ],
)
def test_an_unknown_id_gets_a_page_that_helps(real: FlaskClient, path: str, helps: str) -> None:
    answer = real.get(path)
    assert answer.status_code == 404
    assert helps in answer.text and 'role="search"' in answer.text
    assert "<script>alert" not in answer.text
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_ids_that_are_near_can_be_followed(real: FlaskClient) -> None:
    [first, *_] = re.findall(r'<a class="chip" href="(/id/[^"]*)"', real.get("/barriers/ap-barrier-2.66").text)
    assert first == "/id/ap-barrier-2.6"


@pytest.mark.parametrize("parameter", ["show", "format", "table", "source", "lang"])
@pytest.mark.parametrize(
    "attack", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "x" * 5000, "\u202e", "%00"]
)
def test_no_parameter_can_put_anything_into_a_page(real: FlaskClient, parameter: str, attack: str) -> None:
    for path in (
        "/id/ap-barrier-4.2",
        "/barriers/ap-barrier-4.2",
        "/quality",
        "/quality/oddities",
        "/sources/ap",
        "/glossary",
    ):
        answer = real.get(path, query_string={parameter: attack})
        assert answer.status_code in (200, 400, 404)
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text and ">49<" not in answer.text


def test_what_stands_in_the_data_is_shown_as_text_everywhere(tiny: Config) -> None:
    for path in tiny.data.glob("*.yaml"):
        keys = ["summary", "publisher", "title", "rights", "credit", "citation"]
        keys += [] if path.name == "sources.yaml" else ["label", "because"]  # the short name of a source is a plain one
        text = path.read_text(encoding="utf-8")
        for key in keys:
            text = re.sub(
                rf"^(\s*(?:- )?{key}: \w+)( [^\"\n]+)$", r"\1 <b>x</b> <script>alert(1)</script>\2", text, flags=re.M
            )
        path.write_text(text, encoding="utf-8")
    write_build(tiny)
    with KnowledgeGraph(open_build(tiny.build)) as kg:
        client = create_app(kg, TESTING=True).test_client()
        paths = [*OTHERS, *(f"/sources/{source}" for source in kg.sources), *(f"/id/{item.id}" for item in kg.items())]
        paths += [f"/barriers/{item.id}" for item in kg.items(kind="barrier")]
        marked = 0
        for path in paths:
            text = client.get(path).text
            assert "<script>alert" not in text and "<b>x" not in text, path
            marked += "&lt;script&gt;alert" in text
        assert marked > len(paths) / 2, "the marks must be in the pages, or this proves nothing"


def test_in_spanish_what_the_graph_says_is_marked_as_english(real: FlaskClient) -> None:
    html = real.get("/barriers/ap-barrier-2.6?lang=es").text
    assert '<h1 lang="en" dir="ltr">No bank account' in html
    assert re.search(r'<span class="why">[^<]*</span> <span lang="en" dir="ltr">Cancelling', html)
    assert '<h1 lang="en" dir="ltr">Campaign' in real.get("/id/ap-action-3.2.11?lang=es").text


def test_titles_say_what_sort_of_page_it_is_and_nothing_of_what_is_read(
    page_of: Callable[[str], str], kg: KnowledgeGraph
) -> None:
    for path, title in (
        ("/barriers/ap-barrier-2.6", "Barrier 2.6"),
        ("/id/ap-term-bias", "Glossary term"),
        ("/sources/ap", "Source"),
        ("/harms/hr-harm-5", "Type of harm 5"),
    ):
        assert f"<title>{title} - " in page_of(path)
    for item in kg.items():
        [title] = re.findall(r"<title>(.*?)</title>", page_of(f"/id/{item.id}"))
        assert not re.search(r"traffick|surviv|bank|record|food|stigma", title, re.IGNORECASE), title
