"""Where the items of a picture stand: computed with a seed, always the same; what stands stays, what is new settles around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

Place = tuple[int, int]

SEED = 2023  # any number will do, as long as it stays the same
LENGTH = 120.0  # of a link, in pixels at full size
NEAREST = 78.0  # no two items come nearer than this, if there is room to move one of them
WIDE = 1.4  # pictures are wider than high, and so are words
FAR_TIE = 0.3  # how much a link into another group pulls, so that groups stay apart
TO_THE_MIDDLE = (
    0.15,
    600,
)  # how much the middle pulls, so that what is not linked stays in the picture; once more for so many items
MANY_TIES = (
    4.0  # what is linked to more than so many others is pulled less by each, or it would draw all of them into a knot
)
_FRESH, _GROWN, _SPREAD = 70, 12, 20  # rounds of settling: all anew, what is new only, pushing apart
_DIRECTIONS = 16


def find_places(
    items: Sequence[str],
    ties: Iterable[tuple[str, str]],
    *,
    placed: Mapping[str, Place] | None = None,
    groups: Mapping[str, str] | None = None,
    seed: int = SEED,
) -> dict[str, Place]:
    """A place for each item in whole pixels, x to the right and y down; the same for the same input.

    Items push each other away and links pull them together (Fruchterman and Reingold 1991). Unlike ``networkx.spring_layout`` it
    computes forces only on what may move, so that ten new items beside a hundred cost a tenth; and it keeps a least distance.

    :param ties: pairs of items that are linked. :param placed: items that stay exactly where they are.
    :param groups: item -> its group, to begin with groups apart where nothing stands yet.

    >>> before = find_places(["a", "b"], [("a", "b")])
    >>> after = find_places(["a", "b", "c"], [("a", "b"), ("b", "c")], placed=before)
    >>> before == find_places(["a", "b"], [("a", "b")]), {item: after[item] for item in before} == before
    (True, True)
    """
    kept = {item: placed[item] for item in items if item in placed} if placed else {}
    free = np.array([item not in kept for item in items], dtype=bool)
    if not free.any():
        return kept
    number = {item: at for at, item in enumerate(items)}
    pairs = [(number[a], number[b]) for a, b in ties if a in number and b in number and a != b]
    of, rng = groups or {}, np.random.default_rng(seed)
    if kept:
        where = np.array([complex(*kept.get(item, (0, 0))) for item in items])
        where.real /= WIDE
        _begin_beside(where, free, pairs)
    else:
        where = _begin_in_groups([of.get(item, "") for item in items])
        where += rng.normal(0, LENGTH / 8, len(items)) + 1j * rng.normal(0, LENGTH / 8, len(items))
    pull = np.array([1.0 if of.get(items[a]) == of.get(items[b]) else FAR_TIE for a, b in pairs])
    _settle(where, free, np.array(pairs, dtype=np.int64).reshape(-1, 2), pull, _GROWN if kept else _FRESH)
    where.real *= WIDE
    if not kept:
        where -= complex(where.real.max() + where.real.min(), where.imag.max() + where.imag.min()) / 2
    _spread(where, free, rng)
    _find_room(where, free)
    return {
        item: kept.get(item) or (round(at.real), round(at.imag)) for item, at in zip(items, where.tolist(), strict=True)
    }


# Points of the plane are complex numbers here: forces are then sums and quotients of whole arrays.


def _begin_in_groups(groups: list[str]) -> Any:
    """Each group around a point of its own, as seeds stand in a sunflower; the largest in the middle."""
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    middle, before = {}, 0
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        middle[group] = _sunflower(before + sizes[group] / 2) if before else 0j
        before += sizes[group]
    seen = dict.fromkeys(sizes, 0)
    places = []
    for group in groups:
        places.append(middle[group] + _sunflower(seen[group]))
        seen[group] += 1
    return np.array(places, dtype=complex)


def _sunflower(step: Any) -> Any:
    return LENGTH * 0.8 * np.sqrt(step) * np.exp(2.399963j * step)  # the golden angle, in radians


def _begin_beside(where: Any, free: Any, pairs: list[tuple[int, int]]) -> None:
    """Each new item one link away from one that it is linked to and that has a place, where most room is, rather outwards."""
    beside: dict[int, list[int]] = {}
    for a, b in pairs:
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    circle = LENGTH * np.exp(2j * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS)
    around = np.concatenate([circle, 1.7 * circle])
    stands = np.flatnonzero(~free).tolist()
    for at in np.flatnonzero(free).tolist():
        near = [other for other in beside.get(at, ()) if other in set(stands)] or stands
        hub = where[min(near, key=lambda other: (len(beside.get(other, ())), other))]  # where fewest others go
        others = where[stands]
        tried = hub + around
        room = np.abs(tried[:, None] - others[None]).min(axis=1)
        outwards = hub - others.mean()
        score = np.minimum(room, LENGTH) + 20 * (around * outwards.conjugate()).real / (LENGTH * (abs(outwards) + 1))
        where[at] = tried[int(score.argmax())]
        stands.append(at)


def _settle(where: Any, free: Any, ends: Any, pull: Any, rounds: int) -> None:
    moving = np.flatnonzero(free)
    itself = np.arange(len(moving)), moving
    middle, heat = where.mean(), LENGTH * (1.2 if free.all() else 0.3)
    if len(ends):
        degree = np.bincount(ends.ravel(), minlength=len(where))
        pull = pull * np.minimum(1, MANY_TIES / np.sqrt(degree[ends[:, 0]] * degree[ends[:, 1]]))
    inwards = TO_THE_MIDDLE[0] + len(where) / TO_THE_MIDDLE[1]
    for done in range(rounds):
        apart = where[moving, None] - where[None]
        apart[itself] = np.inf
        apart[apart == 0] = 1
        force = (1 / apart).sum(axis=1).conjugate() * LENGTH**2
        if len(ends):
            along = where[ends[:, 1]] - where[ends[:, 0]]
            along *= pull * np.abs(along) / LENGTH
            force += (_sum(ends[:, 0], along, len(where)) - _sum(ends[:, 1], along, len(where)))[moving]
        force += (middle - where[moving]) * inwards
        size = np.abs(force) + 1e-6
        where[moving] += force * np.minimum(1, (heat * (1 - done / rounds) + 1) / size)


def _sum(at: Any, values: Any, length: int) -> Any:
    """The sum of the values for each place."""
    return np.bincount(at, values.real, length) + 1j * np.bincount(at, values.imag, length)


def _spread(where: Any, free: Any, rng: Any) -> None:
    """Push apart what stands too near."""
    from scipy.spatial import cKDTree

    for _ in range(_SPREAD):
        pairs = cKDTree(np.stack([where.real, where.imag], axis=1)).query_pairs(NEAREST, output_type="ndarray")
        pairs = pairs[free[pairs].any(axis=1)]
        if not len(pairs):
            return
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        apart = where[pairs[:, 0]] - where[pairs[:, 1]]
        apart[apart == 0] = complex(*rng.normal(0, 1, 2))
        size = np.abs(apart)
        push = apart * (NEAREST + 1 - size) / size / free[pairs].sum(axis=1)
        where += free * (_sum(pairs[:, 0], push, len(where)) - _sum(pairs[:, 1], push, len(where)))


def _find_room(where: Any, free: Any) -> None:
    """Where what stands fast leaves too little room, the nearest place that has some."""
    spiral = _sunflower(np.arange(4 * len(where) + 64) / 4)
    for at in np.flatnonzero(free).tolist():
        others = np.delete(where, at)
        if len(others) and np.abs(others - where[at]).min() < NEAREST - 2:
            for tried in np.split(where[at] + spiral, range(64, len(spiral), 64)):
                room = np.abs(tried[:, None] - others[None]).min(axis=1)
                if room.max() >= NEAREST:
                    where[at] = tried[int((room >= NEAREST).argmax())]
                    break
