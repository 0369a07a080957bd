"""The tools for assistants, asked by the official client of the protocol from a process of its own, as such a program would."""

from __future__ import annotations

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from kg.cli import main
from kg.config import Config

ROOT = Path(__file__).resolve().parent.parent
WORD = "unheardofword8253"
ASKED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("search", {"text": "bank record", "limit": 3}, ["search", "bank record", "--limit", "3"]),
    ("answers", {"question": "bank account"}, ["answers", "bank account"]),
    ("show", {"item_id": "ap-action-3.2.11"}, ["show", "ap-action-3.2.11"]),
    ("path", {"start": "ap-barrier-2.6", "end": "ap-action-3.2.11"}, ["path", "ap-barrier-2.6", "ap-action-3.2.11", "--limit", "1"]),
    ("gaps", {}, ["gaps"]),
    ("gaps", {"rows": "barrier", "columns": "source"}, ["gaps", "--rows", "barrier", "--columns", "source"]),
]  # fmt: skip
WRONG = [
    ("show", {"item_id": "ap-barrier-2.66"}),
    ("search", {"text": f"{WORD} -"}),
    ("answers", {"question": "?"}),
    ("show", {"id": WORD}),
]


@pytest.fixture(scope="module")
def talk(tiny_build: Config, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], list[CallToolResult], str]:
    """One session with everything in it: the tools, what each answered, and what the server wrote beside that."""
    log = tmp_path_factory.mktemp("mcp") / "log"
    arguments = ["-c", "from kg.cli import main; main(prog_name='kg')", "--build", str(tiny_build.build), "mcp"]
    env = {"PYTHONPATH": str(ROOT)}

    async def converse() -> tuple[list[Any], list[CallToolResult]]:
        from mcp.client.stdio import stdio_client

        with log.open("w") as written:
            transport = stdio_client(StdioServerParameters(command=sys.executable, args=arguments, env=env), written)
            async with Client(transport) as client:
                tools = (await client.list_tools()).tools
                return tools, [
                    await client.call_tool(name, asked) for name, asked in [*((a, b) for a, b, _ in ASKED), *WRONG]
                ]

    with ThreadPoolExecutor(1) as aside:  # where no browser test of the same process has a loop that runs
        return *aside.submit(lambda: asyncio.run(converse())).result(), log.read_text()


def text_of(answer: CallToolResult) -> str:
    [block] = answer.content
    assert isinstance(block, TextContent)
    return block.text


def test_five_tools_are_offered_and_all_of_them_only_read(talk: tuple[list[Any], list[CallToolResult], str]) -> None:
    tools = {tool.name: tool for tool in talk[0]}
    assert set(tools) == {"search", "answers", "show", "path", "gaps"}
    for tool in tools.values():
        assert tool.annotations.read_only_hint is True and tool.annotations.open_world_hint is False
        assert tool.description and tool.annotations.title


def test_each_answer_is_the_json_of_the_command_and_words_with_source_state_and_address(
    talk: tuple[list[Any], list[CallToolResult], str], runner: CliRunner
) -> None:
    for (name, _, args), answer in zip(ASKED, talk[1], strict=False):
        assert not answer.is_error, text_of(answer)
        assert answer.structured_content == json.loads(runner.invoke(main, [*args, "--json"]).stdout), name
        assert runner.invoke(main, args).stdout.strip() in text_of(answer)
        assert "nothing here has been reviewed by people with lived experience" in text_of(answer)
    told = text_of(talk[1][1])
    assert "Source: Action Plan for Survivor Leadership" in told and "credit" in told.lower()
    assert "Address: https://w3id.org/survivor-leadership/id/ap-barrier-2.6" in told


def test_what_goes_wrong_is_told_to_the_client_and_written_nowhere(
    talk: tuple[list[Any], list[CallToolResult], str],
) -> None:
    wrong = talk[1][len(ASKED) :]
    assert [answer.is_error for answer in wrong] == [True, False, True, True]
    assert "Near it: ap-barrier-2.6" in text_of(wrong[0]) and "no word" in text_of(wrong[2])
    assert WORD not in talk[2]


def test_without_the_package_it_says_what_to_install(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "kg.mcp_server", raising=False)
    done = runner.invoke(main, ["mcp"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert 'pip install "survivor-leadership-kg[mcp]"' in done.stderr
