"""A large build answers questions of shape as a small one does: the same paths, neighbourhoods and views, from arrays on disk."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kg.queries import KnowledgeGraph

CHANCE = random.Random(9)


@pytest.fixture(scope="module")
def items(kg: KnowledgeGraph) -> list[str]:
    return [item.id for item in kg.items()]


def test_two_hundred_paths_are_the_same(kg: KnowledgeGraph, large_kg: KnowledgeGraph, items: list[str]) -> None:
    options: list[dict[str, Any]] = [
        {},
        {"max_length": 6, "hubs": True},
        {"at_least": ["direct", "implied"], "without": ["term"]},
        {"relations": ["addresses", "supports"], "limit": 5},
    ]
    found = 0
    for number in range(200):
        start, end = CHANCE.sample(items, 2)
        asked = options[number % len(options)]
        told = kg.paths(start, end, **asked)
        assert large_kg.paths(start, end, **asked) == told
        found += bool(told.paths)
    assert 50 < found < 200, "paths and reasons why there is none are both compared"


def test_two_hundred_neighbourhoods_are_the_same(
    kg: KnowledgeGraph, large_kg: KnowledgeGraph, items: list[str]
) -> None:
    options: list[dict[str, Any]] = [{}, {"hubs": True, "limit": 30}, {"relations": ["addresses"], "depth": 3}]
    for number in range(200):
        item = CHANCE.choice(items)
        assert large_kg.neighbours(item, **options[number % 3]) == kg.neighbours(item, **options[number % 3])
