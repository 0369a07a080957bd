"""KnowledgeGraph: a small noun that opens a build, with one verb a question. Only search needs Whoosh; all else is the snapshot."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .build import INDEX, SNAPSHOT, OpenBuild, open_build
from .config import Config
from .errors import BadQuery, MissingFolder, UnknownItem, WrongKind
from .model import Item, Link, Source
from .results import (
    Answer,
    Answers,
    BarrierAnswers,
    BarrierCount,
    BarrierList,
    Brief,
    Description,
    Hit,
    LinkSeen,
    Passage,
    SearchResults,
    Stats,
)
from .snapshot import Snapshot
from .terms import Relation, Terms

if TYPE_CHECKING:
    from .index import Index

# A barrier is offered for a question if two of its words fit, or one word that is nearly all of it, and if its score is near
# to the best one. Chosen on questions written without sight of the data; benchmarks/answers.py tells what that gives.
ENOUGH_WORDS, ENOUGH_SHARE, NEAR_BEST, MOST_BARRIERS = 2, 0.6, 0.5, 3

_BASIS = ("stated", "implied", "editorial")
_STATE = ("reviewed", "checked", "proposed", "disputed")


class KnowledgeGraph:
    """Answers from one build. Safe to share between threads. Close it, or use it in a ``with`` block::

    with KnowledgeGraph.open() as kg:
        kg.answers("bank account").barriers[0].id  # 'ap-barrier-2.6'
    """

    def __init__(self, build: OpenBuild) -> None:
        self._build = build
        self._snapshot = Snapshot(build.checked(SNAPSHOT))

    @classmethod
    def open(cls, build: str | Path | None = None) -> KnowledgeGraph:
        """Open the build in use, found as :meth:`Config.find` finds it.

        :raises BuildMissing: if there is none. :raises BuildDamaged: if a file is not as it was written.
        """
        return cls(open_build(Config.find(build=build).build))

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._snapshot.close()
        if "_index" in self.__dict__:
            self._index.close()

    def verify(self) -> None:
        """Check every file of the build. :raises BuildDamaged: which one is not as it was written."""
        self._build.verify()

    @cached_property
    def terms(self) -> Terms:
        """Kinds, relations and their phrases."""
        return Terms.from_json(self._snapshot.meta("terms"))

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The documents, by id."""
        return {source.id: source for source in self._snapshot.sources()}

    @cached_property
    def _index(self) -> Index:
        from .index import Index  # Whoosh takes most of the time of a cold start

        return Index(self._build.checked(INDEX))

    def search(
        self, text: str, *, limit: int = 20, kind: str | None = None, source: str | None = None
    ) -> SearchResults:
        """Items whose words match, best first, each with the fields and words that matched.

        :raises BadQuery: if *text* has no word or is too long, *limit* is not positive, or *kind* or *source* is not known.
        """
        if limit < 1:
            raise BadQuery(f"The limit is {limit}.", "Ask for at least one result.")
        _check_choice("kind", kind, self.terms.kinds)
        _check_choice("source", source, self.sources)
        found = self._index.search(text, limit=limit, kind=kind, source=source)
        hits = []
        for match in found:
            item = self._item(match.id)
            matched = tuple({"field": name, "words": list(words)} for name, words in match.matched.items())
            hits.append(Hit(item.id, item.kind, item.label, item.summary, match.score, matched))
        return SearchResults(text, tuple(hits))

    def describe(self, item_id: str) -> Description:
        """One item with its place, notes and links. :raises UnknownItem: if there is none, with ids that are near."""
        item = self._item(item_id)
        siblings = self._snapshot.items(parent=item.parent, kind=item.kind)
        place = [sibling.id for sibling in siblings].index(item.id)
        return Description(
            item=item,
            source=self.sources[item.source],
            above=self._above(item),
            previous=_brief(siblings[place - 1]) if place else None,
            next=_brief(siblings[place + 1]) if place + 1 < len(siblings) else None,
            links=(*self._nesting(item), *self._curated(item)),
            addresses=self._snapshot.coverage(item.id),
        )

    def items(self, *, kind: str | None = None) -> list[Item]:
        """Every item, or every item of a kind, in reading order."""
        return self._snapshot.items(kind=kind)

    def answers(self, question: str) -> Answers:
        """What addresses a barrier: :meth:`answers_to` for an id, :meth:`answers_about` for words."""
        asked = question.strip()
        named = " " not in asked and asked.partition("-")[0] in self.sources
        return self.answers_to(asked) if named else self.answers_about(asked)

    def answers_to(self, item_id: str) -> Answers:
        """What addresses one barrier, or each barrier of a group.

        :raises UnknownItem: if there is no such item. :raises WrongKind: if it is something else than a barrier.
        """
        item = self._item(item_id)
        if item.kind not in ("barrier", "barrier-group"):
            raise WrongKind(f"{item.id} is not a barrier but of the kind {item.kind}.", f"Try: kg show {item.id}")
        barriers = [item] if item.kind == "barrier" else self._snapshot.items(parent=item.id)
        return Answers(item_id, tuple(self._answers_to(barrier) for barrier in barriers))

    def answers_about(self, question: str) -> Answers:
        """What addresses the barriers that the words of a question are about, the nearest first.

        No barrier is offered where none fits: ``barriers`` is then empty.

        :raises BadQuery: if the question has no word or is too long.
        """
        found = self._index.search(question, limit=MOST_BARRIERS, kind="barrier")
        fitting = [match for match in found if match.words >= ENOUGH_WORDS or match.share >= ENOUGH_SHARE]
        good = [match for match in fitting if match.score >= NEAR_BEST * found[0].score]
        return Answers(question, tuple(self._answers_to(self._item(match.id)) for match in good))

    def barriers(self) -> tuple[BarrierList, ...]:
        """Every barrier by group, in printed order, with how many answers it has."""
        counts = self._snapshot.answer_counts()
        return tuple(
            BarrierList(
                _brief(group),
                group.summary,
                tuple(
                    BarrierCount(item.id, item.label, *counts.get(item.id, (0, 0)))
                    for item in self._snapshot.items(parent=group.id)
                ),
            )
            for group in self._snapshot.items(kind="barrier-group")
        )

    def quote(self, item_id: str, sources: Path) -> Passage:
        """The printed words of an item from the reader's own copy of its document.

        :param sources: a folder that holds the text of the document under the name that the source gives.
        :raises UnknownItem: if there is no such item. :raises MissingFolder: if the text is not there or too short.
        """
        from .passages import read_passage

        item = self._item(item_id)
        source = self.sources[item.source]
        path = sources / source.file
        if not path.is_file():
            raise MissingFolder(
                f"There is no {source.file} in {sources}.", f"Put your copy of {source.title!r} there as plain text."
            )
        text = read_passage(path.read_text(encoding="utf-8", errors="replace").split("\n"), item.lines)
        if not text:
            raise MissingFolder(
                f"{path} has no lines {item.lines}.",
                "It may be another edition or extraction. Try: kg verify --sources DIR",
            )
        return Passage(item.id, item.label, item.lines, text, source.credit, source.rights)

    def stats(self) -> Stats:
        """What the build holds."""
        return Stats(
            items=self._snapshot.count_items(),
            links=self._snapshot.count_links(),
            triples=self._snapshot.meta("triples"),
            version=self._snapshot.meta("version"),
            sources={source.id: source.title for source in self.sources.values()},
            unanswered=tuple(self._snapshot.meta("unanswered")),
        )

    def _item(self, item_id: str) -> Item:
        item = self._snapshot.find_item(item_id)
        if item is None:
            near = difflib.get_close_matches(item_id[:100], self._snapshot.ids(), n=3)
            hint = f"Near it: {', '.join(near)}." if near else 'Try: kg search "bank account"'
            raise UnknownItem(f"No item {item_id[:100]!r}.", hint)
        return item

    def _above(self, item: Item) -> tuple[Brief, ...]:
        above: list[Brief] = []
        while item.parent:
            item = self._item(item.parent)
            above.insert(0, _brief(item))
        return tuple(above)

    def _nesting(self, item: Item) -> list[LinkSeen]:
        links = []
        if item.parent:
            relation = self._structural(item.kind)
            links.append(LinkSeen(relation.inverse, relation.inverse_phrase, "out", _brief(self._item(item.parent))))
        for child in self._snapshot.items(parent=item.id):
            relation = self._structural(child.kind)
            links.append(LinkSeen(relation.name, relation.phrase, "out", _brief(child)))
        return links

    def _structural(self, kind: str) -> Relation:
        return next(
            relation for relation in self.terms.relations.values() if relation.structural and relation.range == (kind,)
        )

    def _curated(self, item: Item) -> list[LinkSeen]:
        links = []
        for link in sorted(self._snapshot.links(start=item.id, end=item.id), key=self._weight):
            relation = self.terms.relations[link.relation]
            out = link.start == item.id
            phrase = relation.phrase if out else relation.inverse_phrase
            other = _brief(self._item(link.end if out else link.start))
            links.append(
                LinkSeen(
                    link.relation,
                    phrase,
                    "out" if out else "in",
                    other,
                    link.strength,
                    link.because,
                    link.basis,
                    link.state,
                )
            )
        return links

    def _weight(self, link: Link) -> tuple[bool, int, int, int]:
        """Order of links: direct first; then by what they rest on and who agreed; then what is aimed most narrowly at this one thing."""
        touched = self._snapshot.coverage(link.start)[1]
        return link.strength != "direct", _BASIS.index(link.basis), _STATE.index(link.state), touched

    def _answers_to(self, barrier: Item) -> BarrierAnswers:
        links = sorted(
            (link for link in self._snapshot.links(end=barrier.id) if link.relation == "addresses"), key=self._weight
        )
        answers = [self._answer(link) for link in links]
        return BarrierAnswers(
            id=barrier.id,
            label=barrier.label,
            summary=barrier.summary,
            source=self._place(barrier),
            group=_brief(self._item(barrier.parent)) if barrier.parent else None,
            direct=tuple(answer for answer in answers if answer.strength == "direct"),
            contributing=tuple(answer for answer in answers if answer.strength != "direct"),
            gap=barrier.gap or None,
        )

    def _answer(self, link: Link) -> Answer:
        item = self._item(link.start)
        within = _brief(self._item(item.parent)) if item.parent else None
        actor = self.terms.kinds[item.kind].actor
        return Answer(
            item.id,
            item.kind,
            item.label,
            link.because,
            item.summary,
            actor,
            link.strength,
            link.basis,
            link.state,
            within,
            self._place(item),
        )

    def _place(self, item: Item) -> dict[str, str]:
        chain = [self._item(above.id) for above in self._above(item)] + [item]
        place = ", ".join(f"{self.terms.kinds[each.kind].label} {each.position}" for each in chain)
        return {"id": item.source, "title": self.sources[item.source].title, "place": place, "lines": item.lines}


def _brief(item: Item) -> Brief:
    return Brief(item.id, item.kind, item.label)


def _check_choice(name: str, value: str | None, allowed: Iterable[str]) -> None:
    known = list(allowed)
    if value is not None and value not in known:
        near = difflib.get_close_matches(value, known, n=1)
        raise BadQuery(
            f"There is no {name} {value!r}.", f"Did you mean {near[0]!r}?" if near else f"One of: {', '.join(known)}."
        )
