"""The command `kg`: each command is one library call, each error told once. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .config import Config
from .errors import BadUse, DataFault, KGError, MissingFolder, Problem

if TYPE_CHECKING:
    from .queries import KnowledgeGraph


class _Doors(click.Group):
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


@click.group(cls=_Doors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--data", metavar="DIR", help="The YAML data (else KG_DATA, the checkout, the packaged copy).")
@click.option("--ontology", metavar="DIR", help="The ontology (else KG_ONTOLOGY, the checkout, the packaged copy).")
@click.option("--build", metavar="DIR", help="The builds (else KG_BUILD, the checkout, your cache folder).")
@click.version_option(package_name="survivor-leadership-kg", prog_name="kg")
@click.pass_context
def main(ctx: click.Context, data: str | None, ontology: str | None, build: str | None) -> None:
    """From a barrier to what can be done about it, with the reason and the source behind every step.

    Try: kg answers "can't open a bank account because of a conviction"
    """
    try:
        ctx.obj = Config.find(data=data, ontology=ontology, build=build)
    except KGError as error:
        raise click.UsageError(str(error)) from error


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
_FOLDER = click.Path(path_type=Path)
sources_option = click.option(
    "--sources", required=True, type=_FOLDER, metavar="DIR", help="Your own copies of the documents, as text."
)


def _open(config: Config) -> KnowledgeGraph:
    from .queries import KnowledgeGraph

    return KnowledgeGraph.open(config.build)


def _print(result: Any, as_json: bool) -> None:
    if as_json:
        from .results import to_json

        click.echo(json.dumps(to_json(result), ensure_ascii=False, indent=2))
    else:
        from .plain import to_text

        click.echo(to_text(result))


@main.command()
@click.argument("text")
@click.option("--limit", default=10, show_default=True, help="At most so many results.")
@click.option("--kind", help="Only one kind, such as barrier, action or ally-recommendation.")
@click.option("--source", help="Only one source, such as ap.")
@as_json
@click.pass_obj
def search(config: Config, text: str, limit: int, kind: str | None, source: str | None, as_json: bool) -> None:
    """Find items by words, best first, with the words that matched.

    Try: kg search "holes in my CV" --kind barrier
    """
    with _open(config) as kg:
        _print(kg.search(text, limit=limit, kind=kind, source=source), as_json)


@main.command()
@click.argument("item_id", metavar="ID")
@as_json
@click.pass_obj
def show(config: Config, item_id: str, as_json: bool) -> None:
    """Show one item with its place, its notes and its links.

    Try: kg show ap-action-3.2.11
    """
    with _open(config) as kg:
        _print(kg.describe(item_id), as_json)


@main.command()
@click.argument("question", metavar="TEXT-OR-ID")
@as_json
@click.pass_obj
def answers(config: Config, question: str, as_json: bool) -> None:
    """What can be done about a barrier: named by id, or asked for in your own words.

    Try: kg answers "can't open a bank account because of a conviction"
    """
    with _open(config) as kg:
        _print(kg.answers(question), as_json)


@main.command()
@click.argument("item_id", metavar="ID")
@sources_option
@as_json
@click.pass_obj
def quote(config: Config, item_id: str, sources: Path, as_json: bool) -> None:
    """Show the printed words of an item from your own copy of the document, with its credit line.

    Try: kg quote ap-action-3.2.11 --sources my-documents
    """
    with _open(config) as kg:
        _print(kg.quote(item_id, sources), as_json)


@main.command()
@click.argument("item_id", metavar="ID")
@click.option("--out", type=_FOLDER, metavar="FILE", help="Where to write it (else ID.html in this folder).")
@click.pass_obj
def picture(config: Config, item_id: str, out: Path | None) -> None:
    """Write one item and its links as an interactive picture: one HTML file that opens offline.

    Try: kg picture ap-barrier-2.6 --out picture.html
    """
    from .picture import write_picture

    with _open(config) as kg:
        write_picture(kg.describe(item_id), out := out or Path(f"{item_id}.html"))
    click.echo(f"Written: {out}")


@main.command()
@as_json
@click.pass_obj
def stats(config: Config, as_json: bool) -> None:
    """Count what the build holds.

    Try: kg stats
    """
    with _open(config) as kg:
        _print(kg.stats(), as_json)


@main.command()
@as_json
@click.pass_obj
def quality(config: Config, as_json: bool) -> None:
    """The quality of the data in the open: counts, agreement of readers, oddities of print, items without links, faults.

    Try: kg quality
    """
    with _open(config) as kg:
        _print(kg.quality(), as_json)


@main.command()
@as_json
@click.pass_obj
def gaps(config: Config, as_json: bool) -> None:
    """Items without a link of each relation that their kind could have: what finds no partner is a finding.

    Try: kg gaps
    """
    with _open(config) as kg:
        _print(kg.gaps(), as_json)


@main.command()
@as_json
@click.pass_obj
def sequences(config: Config, as_json: bool) -> None:
    """What the sources give an order: the cycle, the scale of severity, the steps of accountability.

    Try: kg sequences
    """
    with _open(config) as kg:
        _print(kg.sequences(), as_json)


@main.command()
@as_json
@click.pass_obj
def check(config: Config, as_json: bool) -> None:
    """Check the data: every problem at once, as file:line:column. Exit 0 if clean, 1 if not, 2 if it cannot be read.

    Try: kg check
    """
    from .build import check_data

    problems = check_data(config)
    _print_problems(problems, as_json)
    if not problems and not as_json:
        click.echo("The data is clean.")
    sys.exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _print_problems(problems: list[Problem], as_json: bool) -> None:
    if as_json:
        _print({"problems": problems}, True)
    else:
        for problem in problems:
            click.echo(str(problem))


@main.command()
@click.pass_obj
def build(config: Config) -> None:
    """Make the build that everything is answered from. The last good one stays in use until the new one is whole.

    Try: kg build
    """
    from .build import write_build

    try:
        click.echo(f"Built {write_build(config)}")
    except DataFault as fault:
        _print_problems(list(fault.problems), False)
        raise


@main.command()
@sources_option
@as_json
@click.pass_obj
def verify(config: Config, sources: Path, as_json: bool) -> None:
    """Compare the data with the inventory and the documents: nothing missing, lines right, no words taken over.

    Try: kg verify --sources my-documents
    """
    from .build import verify_data

    found = verify_data(config, sources)
    if as_json:
        _print(found, True)
    else:
        _print_problems(list(found.problems), False)
        for source, (held, expected) in found.by_source.items():
            click.echo(f"{source}: {held} of {expected}")
        click.echo(f"{found.held} of {found.expected} items stand as the inventory says.")
    sys.exit(1 if found.problems else 0)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="A name under which visitors reach the site.")
@click.option("--sources", type=_FOLDER, metavar="DIR", help="Your own copies of the documents, to show passages.")
@click.pass_obj
def serve(config: Config, host: str, port: int, names: tuple[str, ...], sources: Path | None) -> None:
    """Serve the web site from the build, without keeping any trace of who asks what.

    Try: kg serve --port 8000
    """
    from webui.serving import serve_forever

    serve_forever(_open(config), host=host, port=port, names=names, sources=sources)


if __name__ == "__main__":
    main()
