"""How important each item of a large build is, and its communities: by igraph and by samples, from the arrays of its links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .adjacency import Adjacency
from .communities import SEED, to_communities
from .errors import MissingExtra
from .measures import FIRM, Figures, round_figures
from .network import BASE, Rules, find_cost
from .sampling import EXACT, PIVOTS, measure_centrality

if TYPE_CHECKING:
    import igraph
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

ROUNDS = 10  # after which Leiden hardly finds a better border


@dataclass(frozen=True)
class Measured:
    """The graph that is measured, as :func:`kg.measures.to_measured` makes it. :ivar items: the number of each of its items in all.
    :ivar pairs: two rows: the items that are linked. :ivar weights: how much they tie. :ivar links: start, end and sort of each link."""

    items: Array
    pairs: Array
    weights: Array
    links: Array


def check_igraph() -> None:
    """That igraph is there. :raises MissingExtra: if it is not."""
    try:
        import igraph  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            "A large build needs igraph, which is not installed.",
            'Run: pip install "survivor-leadership-kg[large]", or set KG_ENGINES=small',
        ) from error


def to_measured(ties: Adjacency, rules: Rules, hubs: Sequence[str]) -> Measured:
    """The collapsed graph under some rules, without items that only gather others and those that have no link left."""
    import numpy as np

    arrays = {name: np.frombuffer(array, dtype=array.format) for name, array in ties.arrays.items()}
    first, rows = arrays["link"], np.diff(arrays["row"])
    at = np.repeat(np.arange(len(ties)), rows)
    once = at < arrays["other"]  # each pair is there twice
    low, high = np.zeros((2, len(first) - 1), dtype=np.int64)
    low[arrays["pair"][once]], high[arrays["pair"][once]] = at[once], arrays["other"][once]
    hub = np.isin(arrays["kind"], [number for number, kind in enumerate(ties.kinds) if kind in hubs])
    pair = np.repeat(np.arange(len(first) - 1), np.diff(first))
    sort = arrays["sort"]
    allowed = np.array([rules.allow(*each) for each in ties.sorts], dtype=bool)
    counts = allowed[sort] & ~hub[low[pair]] & ~hub[high[pair]]
    pair, sort = pair[counts], sort[counts]
    ties_of = BASE / np.array([find_cost(*each) for each in ties.sorts] or [1])
    weights = np.bincount(pair, ties_of[sort], minlength=len(first) - 1)
    kept = np.unique(pair)
    items = np.unique([low[kept], high[kept]])
    starts, ends = np.where(sort % 2, [high[pair], low[pair]], [low[pair], high[pair]])
    return Measured(
        items, np.searchsorted(items, [low[kept], high[kept]]), weights[kept], np.stack([starts, ends, sort])
    )


def measure_all(
    ties: Adjacency, relations: Sequence[str], hubs: Sequence[str]
) -> Iterator[tuple[str, bool, str, Figures]]:
    """What :func:`kg.measures.measure_all` gives, with ``betweenness.error`` and ``closeness.error`` where these are estimates."""
    for relation in ("", *relations):
        for firm in (False, True):
            rules = Rules(frozenset([relation] if relation else relations), at_least=FIRM if firm else frozenset())
            for name, figures in measure(ties, to_measured(ties, rules, hubs)).items():
                yield relation, firm, name, round_figures(figures)


def measure(ties: Adjacency, graph: Measured, *, exact: int = EXACT, pivots: int = PIVOTS) -> dict[str, Figures]:
    """Every measure of one graph; see :func:`kg.measures.measure` for their names."""
    import numpy as np
    from scipy.sparse import csr_matrix

    count = len(graph.items)
    if not count:
        return {}
    ends = np.concatenate([graph.pairs, graph.pairs[::-1]], axis=1)
    matrix = csr_matrix((np.ones(ends.shape[1]), tuple(ends)), shape=(count, count))
    central = measure_centrality(matrix, exact=exact, pivots=pivots)
    names = [ties.name(number) for number in graph.items.tolist()]

    def told(values: Any, only: Any = slice(None)) -> Figures:
        which = np.arange(count)[only].tolist()
        return dict(zip([names[number] for number in which], np.asarray(values)[only].tolist(), strict=True))

    figures = {
        "degree": told(np.bincount(ends[0], minlength=count)),
        "pagerank": told(to_igraph(graph).pagerank(weights="weight")),
        "betweenness": told(central.betweenness),
        "closeness": told(central.closeness),
        "closeness.reached": told(central.reached),
    }
    if central.sampled.any():
        figures["betweenness.error"] = told(central.betweenness_error, central.sampled)
        figures["closeness.error"] = told(central.closeness_error, central.sampled)
    return figures | _cover(ties, graph)


def _cover(ties: Adjacency, graph: Measured) -> dict[str, Figures]:
    """How much each item addresses, as far as any does."""
    import numpy as np

    addresses = np.array([relation == "addresses" for relation, _ in ties.sorts], dtype=bool)
    direct = np.array([data.get("strength") == "direct" for _, data in ties.sorts], dtype=bool)
    starts, ends, sorts = graph.links[:, addresses[graph.links[2]]]
    items, counted = np.unique(starts, return_inverse=True)
    barrier = np.array([ties.kind(number) == "barrier" for number in ends.tolist()], dtype=bool)
    counts = {"coverage": np.ones(len(ends)), "coverage.direct": direct[sorts], "coverage.barriers": barrier}
    names = [ties.name(number) for number in items.tolist()]
    told = {name: np.bincount(counted, each).astype(int).tolist() for name, each in counts.items()}
    return {name: dict(zip(names, each, strict=True)) for name, each in told.items()} if names else {}


def to_igraph(graph: Measured) -> igraph.Graph:
    """The measured graph in igraph, with ``weight`` on its edges."""
    import igraph

    return igraph.Graph(len(graph.items), graph.pairs.T.tolist(), edge_attrs={"weight": graph.weights.tolist()})


def find_communities(ties: Adjacency, graph: Measured, order: Sequence[str]) -> dict[str, Any]:
    """Leiden communities (Traag, Waltman and van Eck 2019), told as :func:`kg.communities.find_communities` tells them.

    :param order: the ids of all items as they are to stand in a community.
    """
    import random

    import igraph

    if not len(graph.items):
        return to_communities([], [], [])
    names = [ties.name(number) for number in graph.items.tolist()]
    place = {item: number for number, item in enumerate(order)}
    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311 - the same communities each time
    try:
        found = to_igraph(graph).community_leiden("modularity", weights="weight", n_iterations=ROUNDS)
    finally:
        igraph.set_random_number_generator(random)
    ordered = sorted(range(len(names)), key=lambda number: place[names[number]])
    new = {number: at for at, number in enumerate(ordered)}
    edges = [
        (*sorted((new[a], new[b])), weight)
        for (a, b), weight in zip(graph.pairs.T.tolist(), graph.weights.tolist(), strict=True)
    ]
    return to_communities(
        [[new[number] for number in part] for part in found], edges, [names[number] for number in ordered]
    )
