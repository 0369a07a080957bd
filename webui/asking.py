"""The state of a search as an address or a form tells it: words, filters, page. Every neighbouring state is one step away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from kg.results import Choice

FACETS = ("kind", "source", "theme", "topic", "audience")
NOT = "-"  # before a value that is not wanted, in the address as in the library
MOST_PAGES, MOST_KEPT = 1000, 1000  # pages that are turned; characters of the words that are shown and carried on


@dataclass(frozen=True, slots=True)
class Why:
    """Words that matched in several fields alike. :ivar widened: words of the same meaning."""

    fields: tuple[str, ...]
    words: tuple[str, ...]
    widened: tuple[str, ...]


def group_why(matched: Iterable[Mapping[str, Any]]) -> list[Why]:
    """Why something was found, fields in which the same words matched together, in the order given.

    >>> [why.fields for why in group_why([{"field": "label", "words": ["bank"]}, {"field": "also", "words": ["bank"]}])]
    [('label', 'also')]
    """
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for each in matched:
        groups.setdefault((tuple(each["words"]), tuple(each.get("widened", ()))), []).append(each["field"])
    return [Why(tuple(fields), *words) for words, fields in groups.items()]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asks for.

    :ivar chosen: filter -> values, a ``-`` before those not wanted. :ivar infer: whether the words themselves may set filters.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    infer: bool = True
    page: int = 1

    def __bool__(self) -> bool:
        return bool(self.text or self.chosen)

    @property
    def state(self) -> dict[str, Any]:
        """The parameters of the address, without the page.

        >>> Asked("bank", {"kind": ("action", "-goal")}).state
        {'q': 'bank', 'kind': ['action', '-goal']}
        """
        state: dict[str, Any] = {"q": self.text[:MOST_KEPT]} if self.text else {}
        state |= {name: list(values) for name, values in self.chosen.items()}
        return state if self.infer else {**state, "infer": "0"}

    def with_words(self, text: str) -> dict[str, Any]:
        """The state that asks for other words, the filters as they are."""
        return replace(self, text=text).state

    def as_typed(self, words: Iterable[str]) -> dict[str, Any]:
        """The state that looks for some *words* as they were typed: each in quotation marks.

        >>> Asked("Surviver groups").as_typed(["surviver"])
        {'q': '"Surviver" groups'}
        """
        text = self.text
        for word in words:
            text = re.sub(rf'(?<!["\w]){re.escape(word)}(?!["\w])', r'"\g<0>"', text, flags=re.IGNORECASE)
        return self.with_words(text)

    def without(self, choice: Choice, filters: Iterable[Choice]) -> dict[str, Any]:
        """The state without one of the *filters* in force. If the words set it they may set none any more: the others become chosen."""
        kept: dict[str, tuple[str, ...]] = {}
        for each in filters:
            if each != choice and (not each.asked or choice.asked):
                kept[each.facet] = (*kept.get(each.facet, ()), each.value if each.chosen else NOT + each.value)
        return replace(self, chosen=kept, infer=self.infer and not choice.asked).state


def read_asked(given: MultiDict[str, str]) -> Asked:
    """Read what was asked; what is empty says nothing, and of a value that is both wanted and not the latter holds.

    >>> read_asked(MultiDict([("q", " bank "), ("kind", "action"), ("kind", "-action"), ("topic", ""), ("page", "x")]))
    Asked(text='bank', chosen={'kind': ('-action',)}, infer=True, page=1)
    """
    chosen = {name: tuple(dict.fromkeys(filter(None, given.getlist(name)))) for name in FACETS}
    chosen = {name: tuple(each for each in values if NOT + each not in values) for name, values in chosen.items()}
    return Asked(
        text=given.get("q", "").strip(),
        chosen={name: values for name, values in chosen.items() if values},
        infer=given.get("infer") != "0",
        page=min(max(given.get("page", 1, type=int), 1), MOST_PAGES),
    )
