"""Every word of the interface is there in Spanish, the catalogue is the one that the code asks for, and content keeps its language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from kg.queries import KnowledgeGraph
from webui import create_app

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "webui" / "translations" / "es" / "LC_MESSAGES"
NAMES = re.compile(r"%\(\w+\)s|%%|<[^>]+>|\bkg [a-z]+")


def catalogue() -> Any:
    with (FOLDER / "messages.po").open("rb") as handle:
        return read_po(handle, locale="es")


@pytest.fixture(scope="module")
def real(kg: KnowledgeGraph) -> FlaskClient:
    return create_app(kg, TESTING=True).test_client()


def test_the_catalogue_holds_what_the_code_asks_for_and_nothing_else() -> None:
    """`make messages` brings it up to date."""
    with (ROOT / "babel.cfg").open() as handle:
        methods, options = parse_mapping_cfg(handle)
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None}
    asked = set()
    for _, _, message, _, _ in extract_from_dir(str(ROOT), methods, options, keywords):
        asked.add(message[0] if isinstance(message, tuple) else message)
    held = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue() if message.id}
    assert not asked - held, "not in the catalogue: make messages"
    assert not held - asked, "no longer asked for: make messages"


def test_every_message_is_translated_with_its_placeholders() -> None:
    for message in catalogue():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(said) and not message.fuzzy, message.id
        assert not list(message.check()), message.id
        for text, original in zip(said, ids, strict=True):
            assert sorted(NAMES.findall(text)) == sorted(NAMES.findall(original)), (original, text)


def test_what_the_site_reads_is_what_people_edit() -> None:
    def texts(of: str | Iterable[str]) -> tuple[str, ...]:
        return (of,) if isinstance(of, str) else tuple(of)

    def told(messages: Iterable[Any]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        return sorted((texts(message.id), texts(message.string)) for message in messages if message.id)

    with (FOLDER / "messages.mo").open("rb") as handle:
        # But for the head, in which each version of Babel names itself.
        assert told(read_mo(handle)) == told(catalogue()), "make messages"


PAGES = [
    "/", "/search?q=bank", "/search?q=zeppelin", "/barriers", "/barriers/ap-barrier-2.6", "/harms", "/harms/hr-harm-3", "/id/hr-rec-3.8",
    "/explore?do=from.ap-barrier-2.6", "/insights", "/paths?from=ap-barrier-2.6&to=hr-harm-4", "/rankings", "/communities", "/gaps",
    "/cover?asked=ap-barrier-group-1", "/compare", "/glossary", "/sources", "/quality", "/about", "/safety", "/nowhere",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_spanish_says_so_keeps_it_in_its_links_and_marks_english_content(
    real: FlaskClient, path: str
) -> None:
    answer = real.get(path + ("&" if "?" in path else "?") + "lang=es")
    assert '<html lang="es"' in answer.text
    assert "Salir de esta página" in answer.text and "Leave this page" not in answer.text
    data = re.compile(r"^/api/|\.(ttl|jsonld|nt|rdf)$")  # which has no language of its own
    inner = [address for address in re.findall(r'<a[^>]*href="(/[^"]*)"', answer.text) if not data.search(address)]
    assert inner and all("lang=" in address for address in inner)
    if path not in ("/safety", "/nowhere", "/insights"):
        assert 'lang="en"' in answer.text, "content of the graph is in English, and says so"


def test_the_language_of_the_browser_counts_where_none_is_chosen(real: FlaskClient) -> None:
    for accepted, language in (("es-MX,es;q=0.9", "es"), ("fr", "en"), ("", "en")):
        answer = real.get("/", headers={"Accept-Language": accepted})
        assert f'<html lang="{language}"' in answer.text
        assert "Accept-Language" in answer.headers["Vary"]
