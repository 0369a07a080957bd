"""Commands that ask what is missing: gaps, the smallest set that covers, two sources compared. Each is one library call."""

from __future__ import annotations

import click

from .cli_group import as_json, names, open_graph, print_result
from .config import Config
from .errors import BadUse


@click.command()
@click.option(
    "--rows",
    metavar="AXIS",
    help="What the rows are: any kind, such as barrier-group, or topic, top-topic, audience, source, kind.",
)
@click.option("--columns", metavar="AXIS", help="What the columns are: the same choice.")
@names("--relations", "Only these relations, as addresses,supports.")
@click.option("--csv", "as_csv", is_flag=True, help="The map as CSV, one line a cell.")
@as_json
@click.pass_obj
def gaps(
    config: Config, rows: str | None, columns: str | None, relations: tuple[str, ...], as_csv: bool, as_json: bool
) -> None:
    """What finds no partner: barriers without a direct answer, items without a link; with rows and columns, two sorts of things crossed.

    In a map each empty cell says why it is empty: read and silent, not read yet, or no link could be.

    Try: kg gaps --rows barrier-group --columns goal
    """
    if not (rows and columns) and (rows or columns or relations or as_csv):
        raise BadUse("A map needs both rows and columns.", "Try: kg gaps --rows top-topic --columns kind --csv")
    if as_csv and as_json:
        raise BadUse("CSV and JSON cannot both be printed.", "Leave out one of them.")
    with open_graph(config) as kg:
        if not rows or not columns:
            print_result(kg.gaps(), as_json)
        elif as_csv:
            click.echo(kg.gap_map(rows, columns, relations=relations).to_csv(), nl=False)
        else:
            print_result(kg.gap_map(rows, columns, relations=relations), as_json)


@click.command()
@click.argument("asked", metavar="ID-OR-KIND...", nargs=-1, required=True)
@click.option("--direct", is_flag=True, help="Count only direct links.")
@names("--kinds", "Choose only from these kinds, as action,commitment.")
@click.option(
    "--audience", default="", metavar="NAME", help="Choose only what asks this audience to act, such as funders."
)
@as_json
@click.pass_obj
def cover(
    config: Config, asked: tuple[str, ...], direct: bool, kinds: tuple[str, ...], audience: str, as_json: bool
) -> None:
    """The fewest items that together address every difficulty of a selection: barriers, a barrier group, a type of harm, or a kind.

    Try: kg cover ap-barrier-group-1 --direct --kinds action
    """
    with open_graph(config) as kg:
        print_result(kg.cover(asked, direct=direct, kinds=kinds, audience=audience), as_json)


@click.command()
@click.argument("first", metavar="SOURCE")
@click.argument("second", metavar="SOURCE")
@click.option("--topic", default="", metavar="ID", help="Only what is about this topic or a narrower one.")
@as_json
@click.pass_obj
def compare(config: Config, first: str, second: str, topic: str, as_json: bool) -> None:
    """Two sources side by side: their topics, what says nearly the same, and what only one of them says.

    Try: kg compare ap hr --topic topic-pay
    """
    with open_graph(config) as kg:
        print_result(kg.compare(first, second, topic=topic), as_json)
