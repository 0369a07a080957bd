"""The explore view on the server: every state has an address, every power is a link or a button, and hostile addresses do no harm."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

import webui
from kg.errors import BadQuery
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.drawing import COLOURS
from webui.explore_state import State, read_changes, read_state
from webui.exploring import LISTED, ROWS
from webui.layout import FAMILIES
from webui.radial import CORNERS

START = "ap-barrier-2.4"
MOVES = f"from.{START}~grow.{START}"
FIRST = f"/explore?do={MOVES}"
STATIC = Path(webui.__file__).parent / "static"


@pytest.fixture(scope="module")
def real(kg: KnowledgeGraph) -> FlaskClient:
    return create_app(kg, TESTING=True).test_client()


@pytest.fixture(scope="module")
def large(kg: KnowledgeGraph) -> str:
    """Moves that show 150 items."""
    moves = [f"from.{START}"]
    while len(view := kg.view(moves).items) < 150:
        moves.append(f"grow.{next(item.id for item in view if item.more and f'grow.{item.id}' not in moves)}")
    return "~".join(moves)


def opened(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return unescape(answer.text)


def led(client: FlaskClient, address: str) -> dict[str, str]:
    """Where a button leads, as the parameters of the address."""
    answer = client.get(address)
    assert answer.status_code == 303, address
    assert answer.location.startswith("/explore")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


# ---- states ----


def test_the_start_page_offers_ways_in(real: FlaskClient) -> None:
    text = opened(real, "/explore")
    for words in ("Start from an item", "A group of barriers", "Everything at once"):
        assert words in text
    assert "vis-network" not in text and "explore.js" not in text, "nothing heavy before there is a picture"
    for address in set(re.findall(r'href="(/explore\?(?:do|start)=[^"]*)"', text)):
        assert "<table" in opened(real, address)


def test_a_start_shows_the_item_with_ten_around_it(real: FlaskClient) -> None:
    assert led(real, f"/explore?start={START}") == {"do": MOVES, "at": START}
    text = opened(real, f"/explore?start={START}")
    assert len(re.findall(r"<li><span>|<li><button", text)) == 11
    assert "+19: show ten more around Stuck in survival mode" in text


def test_words_find_items_to_start_from_and_say_when_there_are_none(real: FlaskClient) -> None:
    text = opened(real, "/explore?q=stuck in survival mode")
    assert f'value="start.{START}"' in text
    text = opened(real, f"{FIRST}&q=stuck in survival mode")
    assert f'value="at.{START}"' in text and "Go to it" in text
    assert 'value="from.' in opened(real, f"{FIRST}&q=money")
    assert "Nothing here answers these words" in opened(real, "/explore?q=zeppelin")
    assert "holds no word" in opened(real, "/explore?q=%3F")


@pytest.mark.parametrize(
    ("act", "wanted"),
    [
        (f"grow.{START}", {"do": f"{MOVES}~grow.{START}", "at": START}),
        ("from.hr-rec-3.8", {"do": f"{MOVES}~from.hr-rec-3.8", "at": "hr-rec-3.8"}),
        (f"drop.{START}", {"do": f"{MOVES}~drop.{START}"}),
        (f"at.{START}", {"do": MOVES, "at": START}),
        (f"a.{START}", {"do": MOVES, "at": START, "path": f"{START}~"}),
        (f"b.{START}", {"do": MOVES, "at": START, "path": f"~{START}"}),
        (f"pin.{START}_12_-7", {"do": f"{MOVES}~pin.{START}_12_-7", "at": START}),
    ],
)
def test_every_button_leads_to_an_address(real: FlaskClient, act: str, wanted: dict[str, str]) -> None:
    assert led(real, f"{FIRST}&act={act}") == wanted


def test_a_button_keeps_the_look_and_the_filter_and_grows_under_it(real: FlaskClient) -> None:
    asked = led(real, f"{FIRST}&only=action~direct&colour=community&size=degree&sort=-more&act=grow.{START}")
    assert asked == {
        "do": f"{MOVES}~grow.{START}_action_direct",
        "only": "action~direct",
        "at": START,
        "colour": "community",
        "size": "degree",
        "sort": "-more",
    }


def test_the_filter_form_leads_to_an_address(real: FlaskClient) -> None:
    asked = led(
        real,
        f"{FIRST}&filter=1&kind=action&kind=barrier&relation=addresses&source=ap&strength=direct&basis=&state=checked&size=degree",
    )
    assert asked["only"] == "action~barrier~addresses~ap~direct~checked"
    assert led(real, f"{FIRST}&only=action&filter=1") == {"do": MOVES}


def test_a_path_brings_what_lies_on_it_and_is_told_link_by_link(real: FlaskClient) -> None:
    asked = led(real, f"{FIRST}&path={START}~&act=b.hr-rec-3.8")
    assert asked["path"] == f"{START}~hr-rec-3.8"
    assert asked["do"].startswith(f"{MOVES}~add.") and asked["do"].endswith("~add.hr-rec-3.8")
    text = opened(real, f"{FIRST}&path={START}~&act=b.hr-rec-3.8")
    told = re.search(r'<ol class="ex-told">.*?</ol>', text, re.DOTALL)
    assert told and told[0].count("<li>") == 3 and told[0].count("Why:") == 3
    found = real.get(f"/api/v1/view?do={asked['do']}&path={asked['path']}&only=barrier").json
    assert found and found["path"][0] == START and found["path"][-1] == "hr-rec-3.8"
    assert set(found["path"]) <= {item["id"] for item in found["items"]}, "the path stays whatever the filter"


def test_where_no_path_leads_the_reason_is_told(real: FlaskClient) -> None:
    text = opened(
        real,
        f"/explore?do=from.{START}~from.ap-term-bilateral-organizations&path={START}~ap-term-bilateral-organizations",
    )
    section = text[text.index('id="ex-path"') :]
    assert "Nothing links" in section and '<ol class="ex-told">' not in text


def test_undo_leads_back_one_move_and_takes_a_path_away_whole() -> None:
    state = State(moves=("from.a", "grow.a", "add.b", "add.c"), ends=("a", "c"))
    before = state.before()
    assert before == State(moves=("from.a", "grow.a"))
    assert before and before.before() == State(moves=("from.a",))
    assert State().before() is None


def test_moving_an_item_again_replaces_where_it_was_put() -> None:
    once = State(moves=("from.a",)).after("pin.a_1_2")
    assert once.after("pin.a_3_4").moves == ("from.a", "pin.a_3_4")
    assert once.after("grow.a").after("pin.a_3_4").moves == ("from.a", "pin.a_1_2", "grow.a", "pin.a_3_4")


def test_the_two_ends_of_a_path_are_never_the_same() -> None:
    assert State(ends=("a", "")).after("b.a").ends == ("", "a")
    assert State(ends=("", "a")).after("a.a").ends == ("a", "")
    assert State(ends=("a", "b")).after("drop.b").ends == ("a", "")


def test_an_address_and_a_state_are_the_same_thing() -> None:
    state = State(
        ("from.a", "grow.a_action"), ("action", "direct"), ("a", "b"), "a", "community", "degree", "-label", 3, "words"
    )
    assert read_state(MultiDict(state.address())) == state
    assert read_state(MultiDict()) == State()
    assert State().address() == {}
    assert read_changes(State(), MultiDict()) is None


@pytest.mark.parametrize(
    "column",
    [
        "label",
        "kind",
        "source",
        "community",
        "links",
        "more",
        "degree",
        "pagerank",
        "betweenness",
        "closeness",
        "coverage",
    ],
)
def test_the_table_sorts_by_every_column_both_ways(real: FlaskClient, column: str) -> None:
    def rows(sort: str) -> list[str]:
        table = re.search(r"<tbody>.*?</tbody>", opened(real, f"{FIRST}&sort={sort}"), re.DOTALL)
        assert table
        return re.findall(r'value="at\.([^"]+)"', table[0])

    up, down = rows(column), rows(f"-{column}")
    assert sorted(up) == sorted(down) and len(up) == 11
    assert up != down
    assert 'aria-sort="descending"' in opened(real, f"{FIRST}&sort=-{column}")


def test_long_tables_have_pages_and_long_outlines_say_what_is_left_out(real: FlaskClient) -> None:
    text = opened(real, "/explore?do=from.everything")
    assert "more are in the table below" in text
    assert text[text.index("<tbody>") :].count("<tr>") == ROWS
    assert "More results" in text
    outline = text[text.index('id="ex-outline"') : text.index('id="ex-table"')]
    assert outline.count("<li>") == LISTED
    last = opened(real, "/explore?do=from.everything&page=999")
    assert 0 < last[last.index("<tbody>") :].count("<tr>") <= ROWS


def test_what_the_filter_hides_is_counted_and_every_filter_can_be_taken_away(real: FlaskClient) -> None:
    text = opened(real, f"{FIRST}&only=action")
    assert re.search(r"The filter hides \d+ more\.", text)
    [address] = re.findall(r'class="chip remove" href="([^"]+)"', text)
    assert "only=" not in address and "The filter hides" not in opened(real, address)


def test_a_picture_of_which_nothing_is_left_offers_a_new_start(real: FlaskClient) -> None:
    assert "Nothing is left in this picture" in opened(real, f"/explore?do=from.{START}~drop.{START}")


def test_the_page_speaks_the_language_that_is_asked_for_and_marks_the_graph_as_english(real: FlaskClient) -> None:
    text = opened(real, f"{FIRST}&lang=es")
    assert '<html lang="es"' in text
    assert re.search(r'value="at\.[^"]+" lang="en"', text)
    assert '<input type="hidden" name="lang" value="es">' in text
    assert "lang=es" in (real.get(f"{FIRST}&lang=es&act=at.{START}").location or "")


# ---- the still picture, and JSON ----


def test_the_still_picture_shows_every_item_with_its_shape(real: FlaskClient) -> None:
    answer = real.get(FIRST.replace("/explore", "/explore.svg"))
    assert answer.mimetype == "image/svg+xml"
    assert "Content-Disposition" not in answer.headers
    root = ET.fromstring(answer.text)
    texts = " ".join("".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Stuck in survival mode" in texts and "+19" in texts
    assert "not yet reviewed" in texts and "Barriers" in texts
    assert not re.search(r"style=|<style|<script|on\w+=", answer.text), "as strict as the site, and whole without it"
    saved = real.get(FIRST.replace("/explore", "/explore.svg") + "&download=1")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="explore.svg"'
    assert saved.text == answer.text
    assert real.get(FIRST.replace("/explore", "/explore.svg") + "&theme=dark").text != answer.text


def test_the_still_picture_lights_the_path(real: FlaskClient) -> None:
    asked = led(real, f"{FIRST}&path={START}~&act=b.hr-rec-3.8")
    text = real.get("/explore.svg", query_string=asked).text
    assert text.count(COLOURS["light"]["focus"]) > 4


def test_words_in_the_still_picture_never_cover_each_other(real: FlaskClient, large: str) -> None:
    root = ET.fromstring(real.get(f"/explore.svg?do={large}").text)
    size = float(root.get("font-size") or 0)
    boxes = []
    drawn = {each for group in root if group.get("text-anchor") for each in group}
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        if text.get("font-size") or text not in drawn:
            continue
        x, y, wide = float(text.get("x") or 0), float(text.get("y") or 0), len(text.text or "") * 0.5 * size
        left = {"start": x, "end": x - wide}.get(text.get("text-anchor") or "", x - wide / 2)
        boxes.append((left, y - size * 0.7, left + wide, y))
    assert len(boxes) > 100, "at 150 items most can be read at once"
    hits = sum(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for at, a in enumerate(boxes) for b in boxes[:at]
    )
    assert hits == 0


def test_the_colours_of_the_still_picture_are_those_of_the_stylesheet() -> None:
    sheet = (STATIC / "style.css").read_text(encoding="utf-8")
    light, dark = sheet.split("prefers-color-scheme: dark", 1)
    for name in ("ink", "muted", "paper", "edge", "focus"):
        assert f"--{name}: {COLOURS['light'][name]}" in light and f"--{name}: {COLOURS['dark'][name]}" in dark
    for name in FAMILIES:
        assert f"--k-{name}: {COLOURS['light'][name]}" in light and f"--k-{name}: {COLOURS['dark'][name]}" in dark
        assert name == "word" or name in CORNERS


def test_the_json_of_a_view_is_what_the_picture_needs(real: FlaskClient, kg: KnowledgeGraph) -> None:
    found = real.get(f"/api/v1/view?do={MOVES}&at={START}&size=degree").json
    assert found is not None
    assert found["chosen"] == START and found["address"]["do"] == MOVES
    view = kg.view(MOVES.split("~"))
    assert [(item["id"], item["x"], item["y"], item["more"]) for item in found["items"]] == [
        (item.id, item.x, item.y, item.more) for item in view.items
    ]
    assert {item["family"] for item in found["items"]} <= set(FAMILIES)
    assert len({item["size"] for item in found["items"]}) > 3
    assert {(link["start"], link["end"]) for link in found["links"]} == {
        (link.start.id, link.end.id) for link in view.links
    }
    after = real.get(f"/api/v1/view?do={MOVES}&act=grow.{START}").json
    assert after and after["address"]["do"] == f"{MOVES}~grow.{START}" and len(after["items"]) == 21


# ---- hostile and mistaken addresses ----


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("do=from.ap-barrier-2.44", 404, "No item"),
        ("do=fly.ap-barrier-2.4", 400, "There is no move"),
        ("do=" + "grow.x~" * 3000, 400, "characters of moves"),
        ("do=" + "~".join(["from.ap-barrier-2.4"] * 500), 400, "500 moves"),
        (f"do={MOVES}&act=explode.x", 400, "There is no act"),
        (f"do={MOVES}&act=grow.nowhere", 404, "No item"),
        (f"do={MOVES}&only=zeppelin", 400, "no kind, relation, source"),
        (f"do={MOVES}&path=ap-barrier-2.4~nowhere", 404, "No item"),
        (f"do={MOVES}&path=ap-barrier-2.4~ap-barrier-2.4", 400, "Both ends"),
        (f"do={MOVES}&path=barrier~action", 400, "from one item to another"),
        (f"do={MOVES}~pin.{START}_NaN_3", 400, "names no place"),
        ("start=nowhere", 404, "No item"),
        (f"do={MOVES}&at=nowhere&colour=purple&size=huge&sort=rank&page=-5", 200, "Explore"),
        (f"do={MOVES}&page=x&path=~~~&only=~~&do=again", 200, "Explore"),
        ("do=~~~", 200, "Start from an item"),
        ("at=%00&q=%00", 200, "Explore"),
    ],
)
def test_what_cannot_be_shown_is_told(real: FlaskClient, query: str, status: int, words: str) -> None:
    for path in ("/explore", "/api/v1/view", "/explore.svg"):
        answer = real.get(f"{path}?{query}", follow_redirects=True)
        acts = path == "/explore.svg" and ("act=" in query or "start=" in query)  # which a picture does not
        if path == "/api/v1/view":  # which tells what is wrong where a page makes the best of it
            assert answer.status_code in {200: (200, 400), 400: (400, 422), 404: (404,)}[status]
        else:
            assert answer.status_code == (200 if acts else status), path
        if path == "/explore":
            assert words in unescape(answer.text)
        assert answer.headers["Cache-Control"] == "no-store"


ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "' onmouseover='alert(1)",
    "\x00\x1b[2J",
    "A" * 9000,
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "name",
    [
        "do",
        "only",
        "path",
        "at",
        "colour",
        "size",
        "sort",
        "page",
        "q",
        "act",
        "start",
        "kind",
        "lang",
        "theme",
        "download",
    ],
)
def test_whatever_an_address_holds_is_shown_as_text(real: FlaskClient, attack: str, name: str) -> None:
    for path in ("/explore", "/explore.svg"):
        for base in ("", f"do={MOVES}&"):
            answer = real.get(f"{path}?{base}{name}={quote(attack)}", follow_redirects=True)
            assert answer.status_code in (200, 400, 404)
            assert (
                "<script>alert" not in answer.text
                and "<img src=x" not in answer.text
                and "onmouseover='alert" not in answer.text
            )
            assert ">49<" not in answer.text
            assert 'href="javascript' not in answer.text


def test_a_redirect_never_leads_elsewhere(real: FlaskClient) -> None:
    for hostile in ("//evil.example", "https://evil.example", "%0d%0aX: y", "\\\\evil"):
        for name in ("do", "at", "q", "path", "sort"):
            answer = real.get(f"{FIRST}&{name}={hostile}&act=at.x&_external=1&_scheme=ftp&_anchor=z")
            assert answer.status_code in (303, 400, 404)
            if answer.status_code == 303:
                assert answer.location.startswith("/explore?") and "X" not in answer.headers


def test_an_act_that_is_none_is_told_with_the_next_move() -> None:
    with pytest.raises(BadQuery, match="There is no act 'fly'"):
        State().after("fly.away")


# ---- what it costs ----


def test_the_first_picture_is_light(real: FlaskClient) -> None:
    assert len(real.get(FIRST).data) < 60_000


def test_a_picture_of_150_items_is_told_in_one_page(real: FlaskClient, large: str) -> None:
    answer = real.get(f"/explore?do={large}")
    assert len(answer.data) < 60_000, "more stands in the table, page by page"
    assert len(answer.data) < 60_000


def test_the_files_of_others_are_as_they_were_published() -> None:
    readme = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"\| `([^`]+)` \| `[^`]+` \| `([0-9a-f]{64})` \|", readme))
    there = {str(path.relative_to(STATIC / "vendor")) for path in (STATIC / "vendor").rglob("*") if path.is_file()} - {
        "README.md"
    }
    assert set(told) == there
    for name, checksum in told.items():
        assert sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == checksum, name
    assert "vis-network 10.1.5" in readme and "Apache 2.0 or MIT" in readme
