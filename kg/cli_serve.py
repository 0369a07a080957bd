"""The command that serves programs on this machine: the tools of the Model Context Protocol. One library call."""

from __future__ import annotations

import click

from .cli_group import open_graph
from .config import Config
from .errors import MissingExtra


@click.command()
@click.pass_obj
def mcp(config: Config) -> None:
    """Serve search, answers, show, path and gaps as tools of the Model Context Protocol, on standard input and output.

    A client starts it itself; it asks no network, writes nothing and keeps no log. See docs/api.md for the set-up.

    Try: kg mcp
    """
    try:
        from .mcp_server import build_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "pydantic"):
            raise
        raise MissingExtra(
            "The package `mcp` is not installed.", 'Run: pip install "survivor-leadership-kg[mcp]"'
        ) from error
    with open_graph(config) as kg:
        build_server(kg).run("stdio")
