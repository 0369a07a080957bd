"""Markup in every text of the data, on every page and in every page that can be taken away, in a real browser: it is shown and does nothing.

The payloads are the thirty of `test_hostile_browser`; that they are caught where nothing is escaped is shown there and here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from kg.build import write_build
from kg.config import Config
from kg.export import write_export
from kg.folders import open_build
from kg.queries import KnowledgeGraph
from webui import create_app

from . import routes
from .conftest import ROOT, TINY
from .looking import serving
from .test_hostile_browser import LOOK, PAYLOADS, WATCH, Watched

TEXTS = ("label", "summary", "because", "gap", "title", "publisher", "rights", "credit", "citation", "note")
FIELD = re.compile(rf"^(\s*(?:- )?({'|'.join(TEXTS)}): )([^\s\"'>|\[{{][^\n]*)$", re.MULTILINE)
# What no data may hold is refused by the reader (`test_strict_yaml`), so it cannot come as far as a page.
HELD = [each for each in PAYLOADS if each.isprintable()]

SHORT = [each for each in HELD if len(each.split()) < 3]


def spoil_all(data: Path) -> int:
    """Put a payload behind the first word of every text of the data, each in turn; how many texts that is."""
    count = 0

    def spoilt(found: re.Match[str]) -> str:
        nonlocal count
        held = SHORT if found[2] == "label" else HELD  # a label has a few words only
        payload, (first, _, rest) = held[count % len(held)], found[3].partition(" ")
        rest = " ".join(rest.split()[-3:] or ("so",)) if found[2] == "label" else rest
        count += 1
        return f"{found[1]}'{f'{first} {payload.strip()} {rest}'.replace(chr(39), chr(39) * 2)}'"

    for path in sorted(data.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if path.name == "sources.yaml":  # the short name of a source is a plain one
            text = text.replace("label: ", "label : ")
        path.write_text(FIELD.sub(spoilt, text).replace("label : ", "label: "), encoding="utf-8")
    return count


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    import shutil

    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(TINY, folder / "data")
    assert spoil_all(folder / "data") > 100
    config = Config(data=folder / "data", ontology=ROOT / "ontology", build=folder / "build")
    write_build(config)
    with KnowledgeGraph(open_build(config.build)) as kg:
        yield kg


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        yield context


def test_hostile_texts_of_the_data_do_nothing_on_any_page(context: BrowserContext, hostile: KnowledgeGraph) -> None:
    app = create_app(hostile, LEAVE_URL="/static/style.css")
    addresses = {address for _, address in routes.pages(app)}
    addresses |= {f"/barriers/{item.id}" for item in hostile.items(kind="barrier")}
    addresses |= {f"/sources/{source}" for source in hostile.sources}
    addresses |= {f"/id/{item.id}" for item in list(hostile.items())[::8]}
    addresses |= {"/search?q=bank", "/paths?from=ap-action-3.2.11&to=ap-barrier-2.6", "/explore?do=a.ap-barrier-2.6"}
    shown, wrong = 0, []
    with serving(app) as site:
        watched = Watched(context, site)
        for address in sorted(addresses):
            answer = watched.page.goto(site + address, wait_until="domcontentloaded")
            shown += (
                bool(answer) and "&lt;x-in" in answer.text()
                if answer and "html" in answer.headers["content-type"]
                else 0
            )
            if told := watched.look():
                wrong.append((address, told))
                watched.noted.clear()
    assert wrong == []
    assert shown > len(addresses) / 3, "the payloads must be in the pages, or this proves nothing"


def test_hostile_texts_of_the_data_do_nothing_in_a_page_that_is_taken_away(
    context: BrowserContext, hostile: KnowledgeGraph, tmp_path: Path
) -> None:
    part = hostile.subgraph(["everything"])
    file = write_export(part, "html", tmp_path / "part.html")
    svg = write_export(part, "svg", tmp_path / "part.svg")
    for path in (file, svg):
        watched = Watched(context, path.as_uri())
        watched.page.goto(path.as_uri(), wait_until="domcontentloaded")
        marks = LOOK.replace("meta[http-equiv]", "meta[http-equiv=refresh]")  # it brings its policy along
        assert [*watched.noted, *watched.page.evaluate(marks)] == [], path.name
        watched.page.close()


def test_negative_control_the_same_texts_unescaped_are_caught(
    context: BrowserContext, hostile: KnowledgeGraph, tmp_path: Path
) -> None:
    file = tmp_path / "bad.html"
    texts = "".join(f"<p>{item.label} {item.summary}</p>" for item in hostile.items())
    file.write_text(f"<!doctype html>{texts}", encoding="utf-8")
    watched = Watched(context, file.as_uri())
    watched.page.goto(file.as_uri(), wait_until="domcontentloaded")
    assert len(watched.look()) > 10
