"""Narrow what was found by kind, source, theme, topic and audience, and count what each choice would leave. No index here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .choices import check_choice

FACETS = ("kind", "source", "theme", "topic", "audience")
NOT = "-"  # before a value: all but this

Values = Mapping[str, Mapping[str, tuple[str, ...]]]  # facet -> value -> items that have it


@dataclass(frozen=True, slots=True)
class Filters:
    """What is let through: of each facet any of the values wanted, and none of those unwanted.

    :ivar wider: audience -> the wider ones that it belongs to: what speaks to all allies speaks to funders too.
    """

    wanted: Mapping[str, tuple[str, ...]]
    unwanted: Mapping[str, tuple[str, ...]]
    wider: Mapping[str, tuple[str, ...]]

    def accept(self, values: Mapping[str, Sequence[str]], *, but: str = "") -> bool:
        """Whether an item with these values (facet -> values) is let through.

        :param but: a facet of which the wanted values do not count.
        """
        for facet, unwanted in self.unwanted.items():
            if any(value in unwanted for value in values[facet]):
                return False
        return all(facet == but or self._has(facet, wanted, values[facet]) for facet, wanted in self.wanted.items())

    def _has(self, facet: str, wanted: Iterable[str], values: Sequence[str]) -> bool:
        return any(value in values for value in self.widen(facet, wanted))

    def widen(self, facet: str, wanted: Iterable[str]) -> set[str]:
        """The values that are let through where some are wanted: of audiences the wider ones too."""
        if facet != "audience":
            return set(wanted)
        return {each for one in wanted for each in (one, *self.wider.get(one, ()))}

    def count(self, items: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, Counter[str]]:
        """Facet -> value -> how many items it would leave, the other facets as they are chosen."""
        counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
        for values in items:
            everywhere = self.accept(values)
            for facet, counter in counts.items():
                if everywhere or (facet in self.wanted and self.accept(values, but=facet)):
                    for value in values[facet]:
                        counter[value] += 1
        return counts


def read_filters(
    chosen: Mapping[str, Iterable[str]], known: Mapping[str, Iterable[str]], wider: Mapping[str, tuple[str, ...]]
) -> Filters:
    """Read what was chosen.

    >>> read_filters({"kind": ["action", "-goal"]}, {"kind": ["action", "goal"]}, {}).unwanted
    {'kind': ('goal',)}

    :param chosen: facet -> values, a ``-`` before those that are not wanted.
    :raises BadQuery: if a facet or a value is not known.
    """
    wanted: dict[str, tuple[str, ...]] = {}
    unwanted: dict[str, tuple[str, ...]] = {}
    for facet, values in chosen.items():
        check_choice("filter", facet, known)
        for value in dict.fromkeys(values):
            check_choice(facet, value.removeprefix(NOT), known[facet])
            side = unwanted if value.startswith(NOT) else wanted
            side[facet] = (*side.get(facet, ()), value.removeprefix(NOT))
    return Filters(wanted, unwanted, wider)
