"""Commands over the RDF itself. Each is one library call."""

from __future__ import annotations

import sys
from typing import IO

import click

from .cli_group import open_graph
from .config import Config
from .errors import BadUse


@click.command()
@click.argument("query", required=False)
@click.option("--file", "file", type=click.File("r", encoding="utf-8"), metavar="FILE", help="Read the query from it.")
@click.option(
    "--format",
    "form",
    default="table",
    show_default=True,
    metavar="NAME",
    help="table; json, xml, csv, tsv for rows; turtle, json-ld, ntriples, rdfxml for triples.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json, or json-ld for triples.")
@click.option(
    "--rows", default=1000, show_default=True, type=click.IntRange(1, 1_000_000), help="At most so many rows."
)
@click.option("--seconds", default=2.0, show_default=True, type=click.FloatRange(0.1, 600), help="At most so long.")
@click.pass_obj
def sparql(
    config: Config,
    query: str | None,
    file: IO[str] | None,
    form: str,
    as_json: bool,
    rows: int,
    seconds: float,
) -> None:
    """Ask the graph in SPARQL 1.1: SELECT, ASK, CONSTRUCT, DESCRIBE. It changes nothing and asks no other server.

    The prefixes kg, id, link, skos, dcterms, dc, schema, prov, rdf, rdfs and xsd need not be declared; - as QUERY is standard input.

    Try: kg sparql "SELECT ?barrier ?label { ?barrier a kg:Barrier ; skos:prefLabel ?label } LIMIT 5"
    """
    from .data_results import Limits, prefixes_of
    from .plain_data import data_lines

    if (query is None) == (file is None):
        raise BadUse("Give one query: as an argument, or with --file.", "Try: kg sparql --file query.rq")
    text = file.read() if file else sys.stdin.read() if query == "-" else query
    formats = ("json", "json-ld") if as_json else ("json", "ntriples") if form == "table" else (form,)
    # What one asks of one's own machine may be larger than what a stranger may ask of a site.
    limits = Limits(seconds=seconds, rows=rows, size=64 << 20, length=64 << 10, memory=1 << 30)
    with open_graph(config) as kg:
        answer = kg.sparql(text or "", format=formats, limits=limits)
        if form == "table" and not as_json:
            for line in data_lines(answer, prefixes_of(kg.terms.base)):
                click.echo(line)
            return
    click.echo(answer.body, nl=False)
    if answer.mark:
        click.echo(f"kg: {answer.mark}", err=True)
