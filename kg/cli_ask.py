"""Commands that ask the build: search, answers, show and the rest. Each is one library call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .cli_group import FOLDER, as_json, names, open_graph, print_result, sources_option
from .config import Config


@click.command()
@click.argument("text")
@click.option("--limit", default=10, show_default=True, help="At most so many results.")
@click.option("--start", default=0, show_default=True, help="Pass over so many results.")
@names("--kind", "Only these kinds, as action,commitment; -goal for all but goals.")
@names("--source", "Only these sources, as ap.")
@names("--theme", "Only from these themes, as ap-theme-3.")
@names("--topic", "Only about these topics, as topic-pay,-topic-funding.")
@names("--audience", "Only what speaks to these, as funders.")
@click.option("--as-typed", is_flag=True, help='Let no words such as "recommendations for funders about" set a filter.')
@as_json
@click.pass_obj
def search(config: Config, /, text: str, limit: int, start: int, as_typed: bool, as_json: bool, **chosen: Any) -> None:
    """Find items by words, "quoted phrases", begin* and -without; best first, each with why, and what each filter would leave.

    Try: kg search "recommendations for funders about unrestricted money"
    """
    with open_graph(config) as kg:
        print_result(kg.search(text, limit=limit, start=start, infer=not as_typed, **chosen), as_json)


@click.command()
@click.argument("typed")
@click.option("--limit", default=8, show_default=True, help="At most so many suggestions.")
@as_json
@click.pass_obj
def suggest(config: Config, typed: str, limit: int, as_json: bool) -> None:
    """Names of which some word begins as the letters do, as a search box would suggest them.

    Try: kg suggest "bank ac"
    """
    with open_graph(config) as kg:
        print_result(kg.suggest(typed, limit=limit), as_json)


@click.command()
@click.argument("item_id", metavar="ID")
@click.option("--limit", default=10, show_default=True, help="At most so many items.")
@as_json
@click.pass_obj
def like(config: Config, item_id: str, limit: int, as_json: bool) -> None:
    """More like this: items that are about the same as one of them, linked or not, the nearest in meaning first.

    Try: kg like ap-barrier-2.6
    """
    with open_graph(config) as kg:
        print_result(kg.like(item_id, limit=limit), as_json)


@click.command()
@click.argument("question", metavar="TEXT-OR-ID")
@as_json
@click.pass_obj
def answers(config: Config, question: str, as_json: bool) -> None:
    """What can be done about a barrier: named by id, or asked for in your own words.

    Try: kg answers "can't open a bank account because of a conviction"
    """
    with open_graph(config) as kg:
        print_result(kg.answers(question), as_json)


@click.command()
@click.argument("item_id", metavar="ID")
@click.option("--format", "form", metavar="FORMAT", help="As RDF: turtle, json-ld, ntriples or rdfxml.")
@as_json
@click.pass_obj
def show(config: Config, item_id: str, form: str | None, as_json: bool) -> None:
    """Show one item with its place, its notes and its links; or, with --format, also a source, a link, "dataset" or "ontology" as RDF.

    Try: kg show ap-action-3.2.11 --format turtle
    """
    with open_graph(config) as kg:
        if form:
            click.echo(kg.describe_rdf(item_id, form), nl=False)
        else:
            print_result(kg.describe(item_id), as_json)


@click.command()
@click.argument("name", metavar="LINK-ID")
@as_json
@click.pass_obj
def link(config: Config, name: str, as_json: bool) -> None:
    """Show one link with its whole record: its reason, what it rests on, who has agreed, who made it and when.

    Try: kg link ap-action-3.2.11--addresses--ap-barrier-2.6
    """
    with open_graph(config) as kg:
        print_result(kg.link(name), as_json)


@click.command()
@click.argument("item_id", metavar="ID")
@sources_option
@as_json
@click.pass_obj
def quote(config: Config, item_id: str, sources: Path, as_json: bool) -> None:
    """Show the printed words of an item from your own copy of the document, with its credit line.

    Try: kg quote ap-action-3.2.11 --sources my-documents
    """
    with open_graph(config) as kg:
        print_result(kg.quote(item_id, sources), as_json)


@click.command()
@click.argument("item_id", metavar="ID")
@click.option("--out", type=FOLDER, metavar="FILE", help="Where to write it (else ID.html in this folder).")
@click.pass_obj
def picture(config: Config, item_id: str, out: Path | None) -> None:
    """Write one item and its links as an interactive picture: one HTML file that opens offline.

    Try: kg picture ap-barrier-2.6 --out picture.html
    """
    from .picture import write_picture

    with open_graph(config) as kg:
        write_picture(kg.describe(item_id), out := out or Path(f"{item_id}.html"))
    click.echo(f"Written: {out}")


@click.command()
@as_json
@click.pass_obj
def stats(config: Config, as_json: bool) -> None:
    """Count what the build holds.

    Try: kg stats
    """
    with open_graph(config) as kg:
        print_result(kg.stats(), as_json)


@click.command()
@as_json
@click.pass_obj
def quality(config: Config, as_json: bool) -> None:
    """The quality of the data in the open: counts, agreement of readers, oddities of print, items without links, faults.

    Try: kg quality
    """
    with open_graph(config) as kg:
        print_result(kg.quality(), as_json)


@click.command()
@as_json
@click.pass_obj
def sequences(config: Config, as_json: bool) -> None:
    """What the sources give an order: the cycle, the scale of severity, the steps of accountability.

    Try: kg sequences
    """
    with open_graph(config) as kg:
        print_result(kg.sequences(), as_json)
