"""The command `kg`: each command is one library call, each error told once. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .config import Config
from .errors import KGError, Problem

if TYPE_CHECKING:
    from .queries import KnowledgeGraph
    from .results import BarrierAnswers


class _Doors(click.Group):
    """Tells every error once: one line on standard error, or JSON where JSON was asked for; the exit code says which sort."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            if "--json" in sys.argv:
                click.echo(json.dumps(error.to_json(), ensure_ascii=False), err=True)
            else:
                click.echo(f"kg: {error.message}" + (f"\n    {error.hint}" if error.hint else ""), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Doors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--data", metavar="DIR", help="Folder of the YAML data (else KG_DATA, the checkout, the packaged copy).")
@click.option(
    "--ontology", metavar="DIR", help="Folder of the ontology (else KG_ONTOLOGY, the checkout, the packaged copy)."
)
@click.option("--build", metavar="DIR", help="Folder of the builds (else KG_BUILD, the checkout, your cache folder).")
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
sources_option = click.option(
    "--sources", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Your own copies of the documents."
)


def _open(config: Config) -> KnowledgeGraph:
    from .queries import KnowledgeGraph

    return KnowledgeGraph.open(config.build)


def _print_json(result: Any) -> None:
    from .results import to_json

    click.echo(json.dumps(to_json(result), ensure_ascii=False, indent=2))


def _wrapped(text: str, indent: str = "    ") -> str:
    return click.wrap_text(text, width=100, initial_indent=indent, subsequent_indent=indent)


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
        found = kg.search(text, limit=limit, kind=kind, source=source)
    if as_json:
        return _print_json(found)
    for hit in found.results:
        click.echo(f"{hit.id}  {hit.label}")
        click.echo(_wrapped(hit.summary))
        click.echo(
            _wrapped(
                "matched: " + "; ".join(f"{match['field']} ({', '.join(match['words'])})" for match in hit.matched)
            )
        )
    if not found.results:
        click.echo("Nothing matches. Try other words, or: kg stats")


@main.command()
@click.argument("item_id", metavar="ID")
@as_json
@click.pass_obj
def show(config: Config, item_id: str, as_json: bool) -> None:
    """Show one item with its place, its notes and its links.

    Try: kg show ap-action-3.2.11
    """
    with _open(config) as kg:
        found = kg.describe(item_id)
    if as_json:
        return _print_json(found)
    item = found.item
    click.echo(
        f"{item.label}\n{item.id}, {item.kind}"
        + "".join(f"\n  in {above.label} ({above.id})" for above in reversed(found.above))
    )
    click.echo(_wrapped(item.summary, "  "))
    click.echo(f"  printed in: {found.source.title}, lines {item.lines}")
    click.echo(_wrapped("also: " + "; ".join(item.also), "  "))
    for note in item.notes:
        click.echo(_wrapped("note: " + note, "  "))
    for link in found.links:
        told = f" [{link.strength}, {link.basis}, {link.state}]" if link.strength else ""
        click.echo(f"  {link.phrase} {link.other.id}: {link.other.label}{told}")
        if link.because:
            click.echo(_wrapped("because: " + link.because, "      "))


@main.command()
@click.argument("question", metavar="TEXT-OR-ID")
@as_json
@click.pass_obj
def answers(config: Config, question: str, as_json: bool) -> None:
    """What can be done about a barrier: named by id, or asked for in your own words.

    Try: kg answers "can't open a bank account because of a conviction"
    """
    with _open(config) as kg:
        found = kg.answers(question)
    if as_json:
        return _print_json(found)
    for barrier in found.barriers:
        _print_answers(barrier)
    if not found.barriers:
        click.echo(
            'No barrier fits these words. Try fewer or other words, or see what there is: kg search "..." --kind barrier'
        )


def _print_answers(barrier: BarrierAnswers) -> None:
    click.echo(f"{barrier.label} ({barrier.id})\n" + _wrapped(barrier.summary, "  "))
    if barrier.gap:
        click.echo(_wrapped("No direct answer: " + barrier.gap, "  "))
    for name, group in (("Direct", barrier.direct), ("Contributing", barrier.contributing)):
        if group:
            click.echo(f"  {name}:")
        for answer in group:
            click.echo(f"    {answer.id}  {answer.label}")
            click.echo(_wrapped(f"because: {answer.because}", "        "))
            place = f"{answer.source['title']}, {answer.source['place']}, lines {answer.source['lines']}"
            click.echo(_wrapped(f"{answer.actor}; {place}; {answer.basis}, {answer.state}", "        "))
    click.echo()


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
        found = kg.quote(item_id, sources)
    if as_json:
        return _print_json(found)
    click.echo(f"{found.text}\n\n{found.credit}\nLines {found.lines}. {found.rights}")


@main.command()
@as_json
@click.pass_obj
def stats(config: Config, as_json: bool) -> None:
    """Count what the build holds.

    Try: kg stats
    """
    with _open(config) as kg:
        found = kg.stats()
    if as_json:
        return _print_json(found)
    for title, counts in (("items", found.items), ("links", found.links)):
        click.echo(f"{sum(counts.values())} {title}")
        for name, count in counts.items():
            click.echo(f"  {count:5} {name}")
    click.echo(f"{found.triples} triples\nbarriers without a direct answer: {', '.join(found.unanswered) or 'none'}")


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
        from .model import to_plain

        return click.echo(json.dumps({"problems": to_plain(problems)}, ensure_ascii=False, indent=2))
    for problem in problems:
        click.echo(str(problem))


@main.command()
@click.pass_obj
def build(config: Config) -> None:
    """Make the build that everything is answered from. The last good one stays in use until the new one is whole.

    Try: kg build
    """
    from .build import write_build
    from .errors import DataFault

    try:
        folder = write_build(config)
    except DataFault as fault:
        _print_problems(list(fault.problems), False)
        raise
    click.echo(f"Built {folder}")


@main.command()
@sources_option
@as_json
@click.pass_obj
def verify(config: Config, sources: Path, as_json: bool) -> None:
    """Compare the data with the inventory and with your copies of the documents: nothing missing, lines right, no words taken over.

    Try: kg verify --sources my-documents
    """
    from .build import verify_data

    found = verify_data(config, sources)
    if as_json:
        _print_json(found)
    else:
        _print_problems(list(found.problems), False)
        click.echo(f"{found.held} of {found.expected} items stand as the inventory says.")
    sys.exit(1 if found.problems else 0)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="Name under which visitors reach the site, if not this machine's.",
)
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Your own copies of the documents, to show printed passages.",
)
@click.pass_obj
def serve(config: Config, host: str, port: int, names: tuple[str, ...], sources: Path | None) -> None:
    """Serve the web site from the build, without keeping any trace of who asks what.

    Try: kg serve --port 8000
    """
    from webui.serving import serve_forever

    serve_forever(_open(config), host=host, port=port, names=names, sources=sources)


if __name__ == "__main__":
    main()
