"""Put a build into a store of triples: a graph of its own, looked at once it is there, then one triple that puts it in use.

Whatever fails or is killed on the way, the graph that was in use stays so: nothing is written to it, and the one triple that names it is
replaced last. The graph that was in use before is kept for those who still read it; older ones go.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from .config import GRAPH
from .data_results import Cell, DataAnswer
from .endpoints import Store
from .errors import BadSetting, BuildLocked, KGError, StoreDown
from .folders import SNAPSHOT, OpenBuild
from .snapshot import Snapshot
from .store_client import Client, GraphStore, Iri, fill
from .store_current import FRESH, HAS_VERSION, SECONDS
from .store_reading import graph_of

GRACE = FRESH + SECONDS  # seconds after which nobody reads a graph any more that is no longer in use
COMPLETE = 250_000  # triples up to which every one is read back; of more, those of about so many things as this many triples have
_AT_ONCE, _ROWS = 100, 4000  # things and triples that are read back at once; Virtuoso gives no more than 10,000 rows
_STRING = "http://www.w3.org/2001/XMLSchema#string"

_POINTED = "SELECT ?p ?o { GRAPH %(graph)s { ?s ?p ?o } } LIMIT 2"
_COUNT = "SELECT ?p (COUNT(*) AS ?n) { GRAPH %(graph)s { ?s ?p ?o } } GROUP BY ?p"
_READ = "SELECT ?s ?p ?o { GRAPH %(graph)s { VALUES ?s { %(things)s } ?s ?p ?o } }"
_OURS = "SELECT DISTINCT ?g { GRAPH ?g { ?s a %(source)s } }"

Triple = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What was done. :ivar graph: that holds the build. :ivar before: the graph that was in use, or "".

    :ivar sent: False if it was there already, whole. :ivar compared: triples that were read back, each as it was sent.
    :ivar removed: older graphs that were taken away. :ivar left: those that could not be. :ivar dry_run: nothing was done at all;
        *sent* and *removed* then say what would be.
    """

    graph: str
    before: str
    triples: int
    size: int
    sent: bool
    compared: int
    removed: tuple[str, ...]
    left: tuple[str, ...]
    seconds: float
    dry_run: bool = False


def publish_build(
    build: OpenBuild, store: Store | None, *, dry_run: bool = False, seconds: float = 600.0, grace: float = GRACE
) -> Published:
    """Put a build into a store and in use there.

    :param dry_run: look, and say what would be done. :param seconds: that sending, or one look, may take.
    :param grace: seconds for which the older graphs are left for those who read them still.
    :raises BadSetting: if no store is set, or it would be written over something else. :raises BuildLocked: if another process publishes.
    :raises StoreDown: if the store does not answer, or what arrived is not what was sent. :raises StoreRefused: if it is not allowed.
    """
    from filelock import FileLock, Timeout

    if store is None or store.update is None:
        raise BadSetting(
            "No store is set to publish to.",
            "Set KG_SPARQL to its query endpoint and KG_SPARQL_GSP to its Graph Store endpoint.",
        )
    try:
        with FileLock(build.folder.parent / ".publishing", timeout=0):
            publisher = _Publisher(build, store, GraphStore(store.update, seconds=seconds), seconds)
            try:
                return publisher.look() if dry_run else publisher.publish(grace)
            finally:
                publisher.close()
    except Timeout as error:
        raise BuildLocked("Another process is publishing this build.", "Wait until it ends, then try again.") from error


class _Publisher:
    def __init__(self, build: OpenBuild, store: Store, target: GraphStore, seconds: float) -> None:
        self._path, self._target, self._seconds = build.checked(GRAPH), target, seconds
        self._client, self._pointing = Client(store.query[0]), store.graph
        snapshot = Snapshot(build.checked(SNAPSHOT))
        self._base: str = snapshot.meta("base")
        snapshot.close()
        self._graph = graph_of(self._base, build.folder.name)
        self._counts = _count(self._path)
        self._begun = time.monotonic()

    def close(self) -> None:
        self._client.close()
        self._target.close()

    def look(self) -> Published:
        before, whole = self._in_use(), self._whole()
        return self._told(before, not whole, 0, self._older({self._graph, before}), (), dry_run=True)

    def publish(self, grace: float) -> Published:
        before = self._in_use()
        sent = not self._whole()
        if sent:
            with self._path.open("rb") as file:
                self._target.put(self._graph, file)
        compared = self._check(before)
        if before != self._graph:
            triple = f"<{self._pointing}> <{HAS_VERSION}> <{self._graph}> .\n"
            self._target.put(self._pointing, triple.encode())  # the one step that puts it in use
            if self._in_use() != self._graph:
                raise StoreDown("The store does not say that the new graph is in use.", "Run: kg publish once more.")
        older = self._older({self._graph, before})
        if older:
            time.sleep(grace)
        left = tuple(graph for graph in older if not self._remove(graph))
        return self._told(before, sent, compared, tuple(graph for graph in older if graph not in left), left)

    def _told(
        self,
        before: str,
        sent: bool,
        compared: int,
        removed: tuple[str, ...],
        left: tuple[str, ...],
        *,
        dry_run: bool = False,
    ) -> Published:
        return Published(
            self._graph,
            before,
            self._counts.total(),
            self._path.stat().st_size,
            sent,
            compared,
            removed,
            left,
            round(time.monotonic() - self._begun, 2),
            dry_run,
        )

    @property
    def _until(self) -> float:
        return time.monotonic() + self._seconds

    def _in_use(self) -> str:
        """The graph in use, or "". :raises BadSetting: if the pointing graph holds something that is no pointer."""
        rows = self._client.select(fill(_POINTED, graph=Iri(self._pointing)), until=self._until)
        if not rows:
            return ""
        if len(rows) > 1 or rows[0]["p"].text != HAS_VERSION:
            raise BadSetting(
                "The graph that KG_GRAPH names holds data; it is not written over.",
                "Name one that holds nothing, or leave KG_GRAPH out.",
            )
        return rows[0]["o"].text

    def _whole(self) -> bool:
        """Whether the graph of this build is there with as many triples of each property."""
        rows = self._client.select(fill(_COUNT, graph=Iri(self._graph)), until=self._until)
        return {row["p"].text: int(row["n"].text) for row in rows if "p" in row} == self._counts

    def _check(self, before: str) -> int:
        """Read back what arrived. :raises StoreDown: if it is not what was sent; it is taken away then, unless it is in use."""
        compared, wrong = 0, not self._whole()
        step = 1 + self._counts.total() // COMPLETE
        if not wrong:
            for block in _blocks(self._path, step):
                things = [Iri(subject) for subject in block]
                query = fill(_READ, graph=Iri(self._graph), things=things)
                rows = self._client.select(query, until=self._until)
                found = {(_same(row["s"]), _same(row["p"]), _same(row["o"])) for row in rows}
                sent = {triple for triples in block.values() for triple in triples}
                compared += len(sent)
                if wrong := found != sent:
                    break
        if wrong:
            if before != self._graph:
                self._remove(self._graph)
            raise StoreDown(
                "What arrived in the store is not what was sent; what was in use stays in use.",
                "Run: kg publish once more. If it fails again, the store changes what it is given.",
            )
        return compared

    def _older(self, keep: set[str]) -> tuple[str, ...]:
        """Graphs that hold a build and are neither in use nor were before."""
        rows = self._client.select(fill(_OURS, source=Iri(f"{self._base}ontology#Source")), until=self._until)
        ours = {row["g"].text for row in rows if row["g"].text.startswith(graph_of(self._base, ""))}
        return tuple(sorted(ours - keep - {self._pointing}))

    def _remove(self, graph: str) -> bool:
        with contextlib.suppress(KGError):
            self._target.delete(graph)
            return True
        return False


def _count(path: Path) -> Counter[str]:
    """Property -> how many triples, of a file of N-Triples."""
    counts = Counter[str]()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            counts[line.split(" ", 2)[1][1:-1]] += 1
    return counts


def _blocks(path: Path, step: int) -> Iterator[dict[str, list[Triple]]]:
    """The triples of every *step*-th thing, some things at once. :param path: sorted N-Triples."""
    block: dict[str, list[Triple]] = {}
    rows = 0
    with path.open(encoding="utf-8") as lines:
        for number, (subject, own) in enumerate(groupby(lines, key=_subject)):
            if number % step:
                continue
            triples = _read("".join(own))
            if block and (len(block) == _AT_ONCE or rows + len(triples) > _ROWS):
                yield block
                block, rows = {}, 0
            block[subject] = triples
            rows += len(triples)
    if block:
        yield block


def _subject(line: str) -> str:
    return line[1 : line.index(">")]


def _read(ntriples: str) -> list[Triple]:
    table = DataAnswer("graph", "ntriples", ntriples, 0).table()
    return [tuple(_same(cell) for cell in row if cell) for row in table.rows]


def _same(cell: Cell) -> Cell:
    """A term as it is compared: a plain text is an ``xsd:string``, and languages have no case."""
    if not cell.language and not cell.datatype:
        return cell
    datatype = "" if cell.language or cell.datatype == _STRING else cell.datatype
    return Cell(cell.kind, cell.text, cell.language.lower(), datatype)
