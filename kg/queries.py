"""KnowledgeGraph: a small noun that opens a build, with one verb a question. Only search needs Whoosh; all else is the snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .config import LARGE, Config
from .course_questions import CourseQuestions
from .data_questions import DataQuestions
from .endpoints import Store
from .errors import MissingFolder, WrongKind
from .folders import ADJACENCY, SNAPSHOT, OpenBuild, open_build, read_stamp
from .gap_questions import GapQuestions
from .graph_questions import GraphQuestions
from .linked_questions import LinkedQuestions
from .model import Item, Source
from .overview_questions import OverviewQuestions
from .reader import Reader
from .results import (
    Alike,
    Answers,
    BarrierList,
    Brief,
    Description,
    Passage,
    SearchResults,
    Sequence,
    Stats,
    Suggestions,
)
from .snapshot import Snapshot
from .take_questions import TakeQuestions
from .terms import Terms

if TYPE_CHECKING:
    from .quality_results import Quality
    from .ranked import Match
    from .searching import Searcher
    from .ties import Ties

T = TypeVar("T")

# A barrier is offered for a question if it is near to the best one. Chosen on questions written without sight of the data;
# benchmarks/answers.py tells what that gives.
NEAR_BEST, MOST_BARRIERS = 0.8, 3

# What can be answered, and what gathers such things without being one itself.
ANSWERED, GROUPS = ("barrier", "harm-type", "harm-example"), ("barrier-group",)


def _fitting(found: list[Match]) -> list[Match]:
    """The few best that are near to the best."""
    return [match for match in found[:MOST_BARRIERS] if match.score >= NEAR_BEST * found[0].score]


def _describe(reader: Reader, item_id: str) -> Description:
    item, snapshot = reader.item(item_id), reader.snapshot
    before, after = snapshot.siblings(item)
    return Description(
        item=item,
        source=reader.sources[item.source],
        above=reader.above(item),
        previous=Brief(*before) if before else None,
        next=Brief(*after) if after else None,
        links=reader.links_of(item),
        addresses=snapshot.coverage(item.id),
        pointed_to=snapshot.pointed_to(item.id),
        about=tuple(map(reader.brief, item.about)),
    )


def _answer(reader: Reader, item_id: str) -> Answers:
    item = reader.item(item_id)
    if item.kind not in (*ANSWERED, *GROUPS):
        raise WrongKind(f"{item.id} is not a barrier or harm but of the kind {item.kind}.", f"Try: kg show {item.id}")
    below = [child for child in reader.snapshot.items(parent=item.id) if child.kind in ANSWERED]
    return Answers(item_id, tuple(map(reader.answers_to, [item, *below] if item.kind in ANSWERED else below)))


class KnowledgeGraph(
    GraphQuestions, GapQuestions, OverviewQuestions, TakeQuestions, CourseQuestions, LinkedQuestions, DataQuestions
):
    """Answers from one build. Safe to share between threads; close it, or use it in a ``with`` block."""

    def __init__(self, build: OpenBuild, *, store: Store | None = None) -> None:
        """:param store: where descriptions, answers, neighbourhoods and SPARQL are read from instead of the build."""
        self._build = build
        self._snapshot = Snapshot(build.checked(SNAPSHOT))
        self._reader = Reader(self._snapshot)
        if store is not None:
            from .store_reading import StoreReader

            self._store = StoreReader(store, build, self._reader)

    @classmethod
    def open(cls, build: str | Path | None = None) -> KnowledgeGraph:
        """Open the build in use, found as :meth:`Config.find` finds it.

        :raises BuildMissing: if there is none. :raises BuildDamaged: if a file is not as it was written.
        """
        config = Config.find(build=build)
        return cls(open_build(config.build), store=config.store)

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._snapshot.close()
        if self._store is not None:
            self._store.close()
        if "_describer" in self.__dict__:
            self._describer.close()
        self._close_engine()
        for kept in ("_searcher", "_ties"):
            if kept in self.__dict__:
                getattr(self, kept).close()
        self._build.close()

    def stamp(self) -> str:
        """What changes whenever a build is put in use where this one was; asking costs next to nothing."""
        return read_stamp(self._build.folder.parent)

    def find_newer(self) -> KnowledgeGraph | None:
        """The build that is in use by now, opened; None while it is this one.

        :raises BuildMissing: if there is none. :raises BuildDamaged: if it is not as it was written.
        """
        found = open_build(self._build.folder.parent)
        if found.folder.name == self.digest:
            found.close()
            return None
        return KnowledgeGraph(found)

    def verify(self) -> None:
        """Check every file of the build. :raises BuildDamaged: which one is not as it was written."""
        self._build.verify()

    @property
    def digest(self) -> str:
        """What names this very build: the SHA-256 of all that it holds. The same data gives the same."""
        return self._build.folder.name

    @property
    def terms(self) -> Terms:
        """Kinds, relations and their phrases."""
        return self._reader.terms

    @property
    def sources(self) -> dict[str, Source]:
        """The documents, by id."""
        return self._reader.sources

    @property
    def agreements(self) -> list[dict[str, Any]]:
        """How far two independent readings agree, set by set of links; see :class:`kg.agreement.Agreement`."""
        found: list[dict[str, Any]] = self._snapshot.meta("agreements")
        return found

    @cached_property
    def _searcher(self) -> Searcher:
        from .searching import open_searcher

        return open_searcher(self._build, self._reader)

    @cached_property
    def _ties(self) -> Ties:
        if self._snapshot.meta("engines") == LARGE:
            from .adjacency import Adjacency

            return Adjacency.open(self._build.checked(ADJACENCY), self._snapshot.because)
        from .network import build_network  # networkx takes most of the time of a cold start
        from .ties import NetworkTies

        return NetworkTies(build_network(self._reader.model))

    def search(
        self, text: str, *, limit: int = 20, start: int = 0, infer: bool = True, **chosen: Iterable[str]
    ) -> SearchResults:
        """Items that answer words, best first, each with why; what nothing answers gives none, and the nearest topics.

        Without words, but with filters, everything that they let through, in reading order.

        :param text: words, "quoted phrases", the beginning of a word with a star, and words with a ``-`` before them to leave out.
        :param start: how many results to pass over. :param infer: let words such as "recommendations for funders about" set filters.
        :param chosen: ``kind``, ``source``, ``theme``, ``topic`` or ``audience``, each a list of values: any of them, a ``-`` before those
            that are not wanted.
        :raises BadQuery: if *text* has no word or is too long, a number is out of range, or a value is not known.
        """
        return self._searcher.search(text, limit=limit, start=start, chosen=chosen, infer=infer)

    def suggest(self, typed: str, *, limit: int = 8) -> Suggestions:
        """Labels and other names of which some word begins as *typed* does, the likeliest first. :raises BadQuery: for a limit below 1."""
        return self._searcher.suggest(typed, limit)

    def like(self, item_id: str, *, limit: int = 10) -> Alike:
        """Items that are about the same as this one, the nearest in meaning first. :raises UnknownItem: if there is no such item."""
        return self._searcher.like(item_id, limit)

    def _read(self, ask: Callable[[Reader], T], *, own: bool = False) -> T:
        """What *ask* gives over the store if one is set, else over the build. :param own: from the graph that belongs to the index."""
        return ask(self._reader) if self._store is None else self._store.answer(ask, own=own)

    def one_answer(self) -> AbstractContextManager[None]:
        """Several questions that are one answer, as a page is: with a store set, all within read one graph of it, that of this build as
        long as the store holds it."""
        return nullcontext() if self._store is None else self._store.one_graph()

    def describe(self, item_id: str) -> Description:
        """One item with its place, notes and links. :raises UnknownItem: if there is none, with ids that are near."""
        return self._read(lambda reader: _describe(reader, item_id))

    def items(self, *, kind: str | None = None, **chosen: Iterable[str]) -> list[Item]:
        """Every item, every item of a kind, or those that filters let through, in reading order.

        :param chosen: ``kinds``, ``source``, ``theme``, ``topic`` or ``audience``, each a list of values as in :meth:`search`.
        :raises BadQuery: if a filter or one of its values is not known.
        """
        if not any(chosen.values()):
            return self._snapshot.items(kind=kind) if kind else list(self._reader.model.items)
        from .listing import find_items

        return find_items(self._reader, kind, chosen)

    def answers(self, question: str) -> Answers:
        """What addresses a barrier: :meth:`answers_to` for an id, :meth:`answers_about` for words."""
        asked = question.strip()
        named = " " not in asked and asked.partition("-")[0] in self.sources
        return self.answers_to(asked) if named else self.answers_about(asked)

    def answers_to(self, item_id: str) -> Answers:
        """What addresses one barrier or example of harm, each barrier of a group, or a type of harm and each of its examples.

        :raises UnknownItem: if there is no such item. :raises WrongKind: if it is something that nothing could address.
        """
        return self._read(lambda reader: _answer(reader, item_id))

    def answers_about(self, question: str) -> Answers:
        """What addresses the barriers that the words of a question are about, the nearest first; then harms that fit better still.

        Nothing is offered where nothing fits: ``barriers`` is then empty.

        :raises BadQuery: if the question has no word or is too long.
        """
        ranked = self._searcher.rank(question, ANSWERED, MOST_BARRIERS)
        barriers = _fitting([match for match in ranked if match.kind == "barrier"])
        least = barriers[0].score if barriers else 0.0
        harms = _fitting([match for match in ranked if match.kind != "barrier" and match.score > least])
        found = [match.id for match in [*barriers, *harms]]
        return self._read(
            lambda reader: Answers(question, tuple(reader.answers_to(reader.item(each)) for each in found)), own=True
        )

    def barriers(self) -> tuple[BarrierList, ...]:
        """Every barrier by group, in printed order, with how many answers it has."""
        return self._reader.lists("barrier-group", "barrier")

    def harms(self) -> tuple[BarrierList, ...]:
        """Every type of harm with its examples, in printed order, with how many answers each has."""
        return self._reader.lists("harm-type", "harm-example")

    def sequences(self) -> tuple[Sequence, ...]:
        """What the sources give an order: the cycle, the scale of severity, the steps of accountability."""
        return self._reader.sequences()

    def quote(self, item_id: str, sources: Path) -> Passage:
        """The printed words of an item from the reader's own copy of its document.

        :param sources: a folder that holds the text of the document under the name that the source gives.
        :raises UnknownItem: if there is no such item. :raises WrongKind: if nothing prints it. :raises MissingFolder: if the text is not
            there or too short.
        """
        from .passages import read_passage

        item = self._reader.item(item_id)
        source = self.sources[item.source]
        if not item.lines:
            raise WrongKind(f"{item.id} is the project's own and printed nowhere.", f"Try: kg show {item.id}")
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

    def quality(self) -> Quality:
        """What can be said of the quality of the data: counts, agreement, oddities of print, items without links, faults."""
        from .quality import measure_quality

        reader = self._reader
        return reader.kept("quality", lambda: measure_quality(reader.model, self.terms, self.agreements))

    def stats(self) -> Stats:
        """What the build holds."""
        return self._reader.kept("stats", self._count)

    def _count(self) -> Stats:
        return Stats(
            items=self._snapshot.count_items(),
            links=self._snapshot.count_links(),
            triples=self._snapshot.meta("triples"),
            version=self._snapshot.meta("version"),
            sources={source.id: source.title for source in self.sources.values()},
            unanswered=tuple(self._snapshot.meta("unanswered")),
        )
