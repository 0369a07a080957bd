"""What docs/api.md shows runs: each line of curl is asked, each Python snippet executed, against a real server."""

from __future__ import annotations

import json
import re
import shlex
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from kg.config import Config
from kg.queries import KnowledgeGraph
from webui import create_app

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
SITE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def site(kg: KnowledgeGraph) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(kg), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def curl(line: str) -> tuple[int, str]:
    """Ask what a line of curl asks, for the options that the document uses."""
    words, headers, data = shlex.split(line)[1:], {}, None
    while len(words) > 1:
        option = words.pop(0)
        if option == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif option == "-d":
            data = words.pop(0).encode()
        else:
            assert option == "-i", line
    try:
        with urllib.request.urlopen(urllib.request.Request(words[0], data, headers), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_every_line_of_curl_is_answered(site: str) -> None:
    lines = re.findall(r"^\$ (curl .*)$", TEXT, re.M)
    assert len(lines) >= 9
    for line in lines:
        status, body = curl(line.replace(SITE, site))
        assert status == 200 and json.loads(body), line


def test_a_tag_that_is_held_is_answered_by_304(site: str) -> None:
    [line] = re.findall(r"^\$ (curl -i -H .*)$", TEXT, re.M)
    with urllib.request.urlopen(f"{site}/api/v1/stats", timeout=20) as answer:
        tag = answer.headers["ETag"].strip('"')
    assert curl(line.replace(SITE, site).replace("THE-TAG-THAT-YOU-HOLD", tag))[0] == 304


@pytest.mark.parametrize("heading", ["Lists in pages", "In a notebook"])
def test_the_python_runs(site: str, heading: str, capsys: pytest.CaptureFixture[str]) -> None:
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    [code] = re.findall(r"```python\n(.*?)```", section, re.S)
    exec(compile(code.replace(SITE, site), "docs/api.md", "exec"), {"__name__": "snippet"})
    told = capsys.readouterr().out
    assert "54 barriers; Carrying out this action would touch" in told or ("ap-goal-1.1" in told and "barrier" in told)


def test_the_problem_that_is_shown_is_the_one_that_is_given(site: str) -> None:
    shown = json.loads(re.findall(r"```json\n(.*?)```", TEXT, re.S)[0])
    status, body = curl(f"curl '{site}/api/v1/items?kid=action'")
    assert (status, json.loads(body)) == (400, shown)


def asking(file: str) -> list[str]:
    """The Python of a document that asks the site."""
    text = (Path(__file__).resolve().parent.parent / "docs" / file).read_text(encoding="utf-8")
    return [code for code in re.findall(r"```py(?:thon)?\n(.*?)```", text, re.S) if SITE in code]


@pytest.mark.parametrize("file", ["api.md", "linked-data.md", "sparql.md"])
def test_readers_that_know_nothing_of_us_read_the_site(
    site: str, real_build: Config, file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    snippets = [code for code in asking(file) if "pandas" not in code and "urllib" not in code]
    assert snippets
    for code in snippets:
        names: dict[str, Any] = {"__name__": "snippet"}
        exec(compile(code.replace(SITE, site), file, "exec"), names)
        told = capsys.readouterr().out + str(names.get("rows", "")) + str(names.get("turtle", ""))
        assert "ap-action-3.2.11" in told or "ap-barrier-2.6" in told, code
