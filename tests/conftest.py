"""What tests stand on: a tiny graph of real items for small stories, and the real data built once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from filelock import FileLock
from flask.testing import FlaskClient
from hypothesis import settings
from rdflib import Graph

from kg.build import write_build
from kg.config import Config
from kg.folders import CURRENT, open_build
from kg.graph import build_graph
from kg.queries import KnowledgeGraph
from kg.records import Record
from kg.source import load_records
from kg.terms import Terms, read_terms
from webui import create_app

from . import turns
from .browser import ARGUMENTS, find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "tiny"
settings.register_profile("shared", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test begins first, so that no process waits for it at the end."""
    items.sort(key=lambda item: item.path.name != "test_wheel.py")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Tests that measure have the machine to themselves, with all that is set up for them."""
    folder = turns.shared(item.config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]
    with turns.turn(folder, alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="session")
def terms() -> Terms:
    return read_terms(ROOT / "ontology")


@pytest.fixture
def tiny(tmp_path: Path) -> Config:
    """A config over a copy of the tiny data, free to be spoilt."""
    shutil.copytree(TINY, tmp_path / "data")
    return Config(data=tmp_path / "data", ontology=ROOT / "ontology", build=tmp_path / "build")


@pytest.fixture
def spoil(tiny: Config) -> Callable[[str, str, str], Config]:
    """Replace a piece of a tiny file, once, and give the config: one story, one fault."""

    def spoil(file: str, old: str, new: str) -> Config:
        path = tiny.data / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"the tiny data no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tiny

    return spoil


@pytest.fixture(scope="session")
def tiny_build(tmp_path_factory: pytest.TempPathFactory) -> Config:
    config = Config(data=TINY, ontology=ROOT / "ontology", build=tmp_path_factory.mktemp("tiny"))
    write_build(config)
    return config


@pytest.fixture(scope="session")
def tiny_kg(tiny_build: Config) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(open_build(tiny_build.build)) as kg:
        yield kg


def build_once(tmp_path_factory: pytest.TempPathFactory, engines: str) -> Config:
    """The real data by some engines, built once for all processes of a run. No test may change it."""
    build = turns.shared(tmp_path_factory.getbasetemp()) / engines
    config = Config(data=ROOT / "data", ontology=ROOT / "ontology", build=build, engines=engines)
    with FileLock(build.with_suffix(".lock")):
        if not (build / CURRENT).exists():
            write_build(config)
    return config


@pytest.fixture(scope="session")
def real_build(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The real data by the engines for small builds."""
    return build_once(tmp_path_factory, "small")


@pytest.fixture(scope="session")
def small_kg(real_build: Config) -> Iterator[KnowledgeGraph]:
    """The real graph by the engines for small builds."""
    with KnowledgeGraph(open_build(real_build.build)) as kg:
        yield kg


@pytest.fixture(scope="session")
def kg(small_kg: KnowledgeGraph) -> KnowledgeGraph:
    """The real graph."""
    return small_kg


@pytest.fixture(scope="session")
def large_build(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The real data by the engines for large builds."""
    return build_once(tmp_path_factory, "large")


@pytest.fixture(scope="session")
def large_kg(large_build: Config) -> Iterator[KnowledgeGraph]:
    """The real graph by the engines for large builds: it answers as ``kg`` does."""
    with KnowledgeGraph(open_build(large_build.build)) as kg:
        yield kg


@pytest.fixture(scope="session")
def records(terms: Terms) -> list[Record]:
    """The real data as its authors wrote it, without any problem."""
    records, problems = load_records(ROOT / "data", terms)
    assert not problems, "\n".join(map(str, problems))
    return records


@pytest.fixture(scope="session")
def real_graph(records: list[Record], terms: Terms) -> Graph:
    return build_graph(records, terms, ROOT / "ontology")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, one for all tests that need it."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # after a click the address is there before the page is
    path = find_browser()
    assert path, "No Chromium. Install it (Debian: apt-get install chromium), or run: make browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(kg: KnowledgeGraph) -> Iterator[str]:
    """The address of the site over the real graph, one for all tests that only look at it."""
    from .looking import serving

    # "Leave this page" leads to a page of the test's own, since no test may reach the net.
    with serving(create_app(kg, LEAVE_URL="/static/style.css")) as address:
        yield address


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """A page that stays open, for tests that only go somewhere and look: a new one costs more than what they do in it."""
    with browser.new_context(reduced_motion="reduce") as context:
        context.set_default_timeout(15_000)
        yield context.new_page()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who was never here before."""
    with browser.new_context() as context:
        context.set_default_timeout(15_000)
        yield context


@pytest.fixture
def client(tiny_kg: KnowledgeGraph) -> FlaskClient:
    return create_app(tiny_kg, TESTING=True).test_client()


@pytest.fixture
def runner(tiny_build: Config, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs `kg` over the tiny build."""
    monkeypatch.setenv("KG_DATA", str(TINY))
    monkeypatch.setenv("KG_BUILD", str(tiny_build.build))
    return CliRunner()
