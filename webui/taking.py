"""What a visitor wants to take away, as an address tells it: a selection, how far around it, and what is let through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from kg.queries import KnowledgeGraph
from kg.subgraph import Subgraph

from .basket import gathered

BASKET = "basket"  # a word of the selection that stands for what is in the basket
DEPTHS = (0, 1, 2)
MOST_WORDS, LONGEST = 40, 300
# What can be chosen from a list, in this order: kind of item -> whether it is listed under its name in the form.
OFFERED = (
    "theme",
    "goal",
    "barrier-group",
    "harm-type",
    "topic",
    "capacity-area",
    "ally-call",
    "recommendation-section",
)


@dataclass(frozen=True, slots=True)
class Taking:
    """A selection. :ivar words: as :meth:`kg.queries.KnowledgeGraph.subgraph` takes them, and ``basket``.
    :ivar bare: without what the items stand under. :ivar plain: without the records of the links."""

    words: tuple[str, ...] = ()
    depth: int = 0
    only: tuple[str, ...] = ()
    bare: bool = False
    plain: bool = False
    title: str = ""

    def __bool__(self) -> bool:
        return bool(self.resolved)

    @property
    def resolved(self) -> tuple[str, ...]:
        """The words with the basket told item by item."""
        return tuple(
            each
            for word in self.words
            for each in ([f"item:{item}" for item in gathered()] if word == BASKET else [word])
        )

    def address(self) -> dict[str, Any]:
        """The parameters of its address; what is as it is by default is left out."""
        found = {
            "w": list(self.words),
            "depth": self.depth,
            "only": list(self.only),
            "bare": int(self.bare),
            "plain": int(self.plain),
            "title": self.title,
        }
        return {name: value for name, value in found.items() if value}

    def subgraph(self, kg: KnowledgeGraph) -> Subgraph:
        """The part of the graph. :raises UnknownItem: for a name of nothing. :raises BadQuery: if nothing is selected."""
        return kg.subgraph(self.resolved, depth=self.depth, only=self.only, context=not self.bare, title=self.title)


def read_taking(args: MultiDict[str, str]) -> Taking:
    """Read what is wanted: ``w`` words of the selection, ``find`` words to search for, and the options. Without any, the basket.

    >>> read_taking(MultiDict([("w", "ap-theme-1"), ("w", ""), ("find", "cv gaps"), ("depth", "7"), ("only", "action")]))
    Taking(words=('ap-theme-1', 'search:cv gaps'), depth=0, only=('action',), bare=False, plain=False, title='')
    """
    words = [word.strip()[:LONGEST] for word in args.getlist("w")]
    if find := args.get("find", "").strip():
        words.append(f"search:{find}"[:LONGEST])
    if not any(words) and gathered():
        words = [BASKET]
    depth = args.get("depth", 0, type=int)
    return Taking(
        words=tuple(dict.fromkeys(filter(None, words)))[:MOST_WORDS],
        depth=depth if depth in DEPTHS else 0,
        only=tuple(dict.fromkeys(filter(None, args.getlist("only"))))[:60],
        bare=args.get("bare") == "1",
        plain=args.get("plain") == "1",
        title=args.get("title", "").strip()[:120],
    )


def offered(kg: KnowledgeGraph) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen from a list: kind -> id and label of each, in reading order; goals and the like say where they stand."""
    lists = {kind: [(item.id, _numbered(item.id, item.label)) for item in kg.items(kind=kind)] for kind in OFFERED}
    return {kind: found for kind, found in lists.items() if found}


def _numbered(item_id: str, label: str) -> str:
    number = item_id.rpartition("-")[2]
    return f"{number} {label}" if number[:1].isdigit() else label


def names_of(kg: KnowledgeGraph, words: tuple[str, ...]) -> Mapping[str, str]:
    """Word of the selection -> how people call it. A word that names nothing is called by itself.

    Whatever is wrong with it is told where it is used.
    """
    labels = {item.id: item.label for item in kg.items()} if words else {}
    terms, sources = kg.terms, kg.sources
    plain = {word for word in words if ":" not in word} - {BASKET, "everything", *labels, *terms.kinds, *sources}
    communities = {one.id: one.name for one in kg.communities().communities} if plain else {}

    def name(word: str) -> Any:
        verb, colon, rest = word.partition(":")
        if word == BASKET:
            return gettext("What is in my basket")
        if word == "everything":
            return gettext("Everything")
        if colon and verb == "search":
            return gettext("What answers “%(words)s”", words=rest)
        if colon and verb == "audience":
            return gettext("What speaks to %(audience)s", audience=gettext(rest.replace("-", " ")))
        if colon and verb == "path":
            ends = [labels.get(end.strip(), end.strip()) for end in rest.split("..")]
            return gettext("The way from %(start)s to %(end)s", start=ends[0], end=ends[-1])
        if verb == "item":
            return labels.get(rest, rest)
        if kind := terms.kinds.get(word):
            return gettext("All %(kinds)s", kinds=gettext(kind.plural))
        if source := sources.get(word):
            return source.title
        return labels.get(word) or communities.get(word, word)

    return {word: str(name(word)) for word in words}
