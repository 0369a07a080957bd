"""Commands of those who keep the data and the site: check, build, verify, serve. Each is one library call."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .cli_group import FOLDER, as_json, open_graph, print_result, sources_option
from .config import Config
from .errors import DataFault, Problem


@click.command()
@as_json
@click.pass_obj
def check(config: Config, as_json: bool) -> None:
    """Check the data: every problem at once, as file:line:column. Exit 0 if clean, 1 if not, 2 if it cannot be read.

    Try: kg check
    """
    from .build import check_data

    problems = check_data(config)
    print_problems(problems, as_json)
    if not problems and not as_json:
        click.echo("The data is clean.")
    sys.exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def print_problems(problems: list[Problem], as_json: bool) -> None:
    if as_json:
        print_result({"problems": problems}, True)
    else:
        for problem in problems:
            click.echo(str(problem))


@click.command()
@click.pass_obj
def build(config: Config) -> None:
    """Make the build that everything is answered from. The last good one stays in use until the new one is whole.

    Try: kg build
    """
    from .build import write_build

    try:
        click.echo(f"Built {write_build(config)}")
    except DataFault as fault:
        print_problems(list(fault.problems), False)
        raise


@click.command()
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
        print_result(found, True)
    else:
        print_problems(list(found.problems), False)
        for source, (held, expected) in found.by_source.items():
            click.echo(f"{source}: {held} of {expected}")
        click.echo(f"{found.held} of {found.expected} items stand as the inventory says.")
    sys.exit(1 if found.problems else 0)


_TABLE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--queries", required=True, type=_TABLE, help="Table with qid, persona, kind, query.")
@click.option("--qrels", required=True, type=_TABLE, help="Table with qid, id, grade (0, 1, 2).")
@as_json
@click.pass_obj
def evaluate(config: Config, queries: Path, qrels: Path, as_json: bool) -> None:
    """How well the search answers graded questions: nDCG@10, MRR and hit@3, by kind of question and of asker.

    Try: kg evaluate --queries tests/search/queries.tsv --qrels tests/search/qrels.tsv
    """
    from .evaluation import evaluate

    with open_graph(config) as kg:
        print_result(
            evaluate(lambda text: [hit.id for hit in kg.search(text, limit=10).results], queries, qrels), as_json
        )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="A name under which visitors reach the site.")
@click.option("--sources", type=FOLDER, metavar="DIR", help="Your own copies of the documents, to show passages.")
@click.option("--leave", metavar="URL", help="Where the button Leave this page goes (else a weather page).")
@click.option(
    "--rate", metavar="N/minute", help="Requests of the API that a client may make (else as many as it likes)."
)
@click.option("--client-header", metavar="NAME", help="Where a proxy tells a visitor's address, such as X-Real-IP.")
@click.pass_obj
def serve(
    config: Config,
    host: str,
    port: int,
    names: tuple[str, ...],
    sources: Path | None,
    leave: str | None,
    rate: str | None,
    client_header: str | None,
) -> None:
    """Serve the web site from the build, without keeping any trace of who asks what.

    Try: kg serve --port 8000
    """
    from webui.clients import read_rate
    from webui.serving import serve_forever

    a_minute = read_rate(rate) if rate else None
    serve_forever(
        open_graph(config),
        host=host,
        port=port,
        names=names,
        sources=sources,
        leave=leave,
        rate=a_minute,
        client_header=client_header,
    )
