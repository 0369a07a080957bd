"""Commands that ask how items hang together: path, neighbours, rank, communities. Each is one library call."""

from __future__ import annotations

from typing import Any

import click

from .choices import MEASURES
from .cli_group import as_json, names, open_graph, print_result
from .config import Config

hubs = click.option("--hubs", is_flag=True, help="Pass through themes, goals, topics and the like too.")


@click.command()
@click.argument("start", metavar="ID-OR-KIND")
@click.argument("end", metavar="ID-OR-KIND")
@names("--via", "Kinds that a path must pass through, as action,barrier.")
@click.option("--max-length", default=4, show_default=True, help="At most so many links.")
@click.option("--limit", type=int, help="At most so many paths (3), or ends for each start of a kind (1).")
@names("--relations", "Only these relations, as addresses,isPartOf.")
@names("--without", "Not through these kinds nor by these relations, as term,usesTerm.")
@names("--at-least", "The weakest strength, basis and state that count, as direct,implied,checked.")
@hubs
@as_json
@click.pass_obj
def path(config: Config, /, start: str, end: str, as_json: bool, **options: Any) -> None:
    """How two items hang together: the few best paths between them, told; or from each item of a kind to the nearest of another.

    \b
    Try: kg path ap-barrier-2.6 ap-capacity-3.1
    or:  kg path harm-type action
    """
    with open_graph(config) as kg:
        print_result(kg.paths(start, end, **options), as_json)


@click.command()
@click.argument("item_id", metavar="ID")
@click.option("--depth", default=2, show_default=True, help="How many links away.")
@names("--kinds", "Only items of these kinds, as action,recommendation.")
@names("--relations", "Only by these relations, as addresses,isPartOf.")
@click.option("--limit", default=10, show_default=True, help="At most so many items at each distance.")
@hubs
@as_json
@click.pass_obj
def neighbours(config: Config, /, item_id: str, as_json: bool, **options: Any) -> None:
    """What stands around an item, the most convincing links first, with counts of what is left out.

    Try: kg neighbours ap-barrier-2.6 --depth 2 --limit 5
    """
    with open_graph(config) as kg:
        print_result(kg.neighbours(item_id, **options), as_json)


@click.command()
@click.option("--measure", default="degree", show_default=True, help=f"One of {', '.join(MEASURES)}.")
@click.option("--kind", help="Rank only this kind, such as action.")
@click.option("--relation", help="Count only this relation, such as addresses.")
@click.option("--limit", default=10, show_default=True, help="At most so many items.")
@as_json
@click.pass_obj
def rank(config: Config, measure: str, kind: str | None, relation: str | None, limit: int, as_json: bool) -> None:
    """The items with the highest figures, what each means, and how the rank changes without computed and editorial links.

    Try: kg rank --measure coverage --kind action
    """
    with open_graph(config) as kg:
        print_result(kg.rank(measure, kind=kind, relation=relation, limit=limit), as_json)


@click.command()
@as_json
@click.pass_obj
def communities(config: Config, as_json: bool) -> None:
    """Groups of items that are tied more to each other than to the rest, named by their central items.

    Try: kg communities
    """
    with open_graph(config) as kg:
        print_result(kg.communities(), as_json)
