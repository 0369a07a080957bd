"""What the commands of `kg` share: the group that tells each error once, options that return, opening and printing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .config import Config
from .errors import BadUse, KGError, MissingFolder

if TYPE_CHECKING:
    from .queries import KnowledgeGraph


class Doors(click.Group):
    """Tells every error once: a line on standard error, or JSON where JSON was asked for; the exit code says which sort."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["kg.json"] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            self._tell(ctx, error)
        except click.UsageError as error:
            if not ctx.meta["kg.json"]:
                raise
            self._tell(ctx, BadUse(error.format_message(), "Try: kg --help"))
        except BrokenPipeError:
            raise  # somebody closed the pipe, as `head` does; click ends quietly
        except OSError as error:
            name = error.filename or "A file"
            self._tell(ctx, MissingFolder(f"{name}: {error.strerror}.", "Check that it may be read or written."))

    def _tell(self, ctx: click.Context, error: KGError) -> None:
        if ctx.meta["kg.json"]:
            click.echo(json.dumps(error.to_json(), ensure_ascii=False), err=True)
            ctx.exit(1)
        click.echo(f"kg: {error.message}" + (f"\n    {error.hint}" if error.hint else ""), err=True)
        ctx.exit(error.exit_code)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
FOLDER = click.Path(path_type=Path)
sources_option = click.option(
    "--sources", required=True, type=FOLDER, metavar="DIR", help="Your own copies of the documents, as text."
)


def names(option: str, help: str) -> Callable[[Any], Any]:
    """An option that takes names with commas between them."""

    def split(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
        return tuple(name.strip() for name in value.split(",") if name.strip())

    return click.option(option, default="", metavar="NAMES", callback=split, help=help)


def open_graph(config: Config) -> KnowledgeGraph:
    """The knowledge graph of the build in use."""
    from .folders import open_build
    from .queries import KnowledgeGraph

    return KnowledgeGraph(open_build(config.build), store=config.store)


def print_result(result: Any, as_json: bool) -> None:
    """Print a result: as JSON for programs, else as lines for people."""
    if as_json:
        from .results import to_json

        click.echo(json.dumps(to_json(result), ensure_ascii=False, indent=2))
    else:
        from .plain import to_text

        click.echo(to_text(result))
