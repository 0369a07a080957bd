"""The verbs of the knowledge graph for linked data: documents about things, the ontology, the data set and its dumps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import DUMPS, GRAPH, NAME, ONTOLOGY
from .errors import BuildDamaged, UnknownItem
from .rdf_formats import RDF_FORMATS, RdfFormat, get_format
from .subgraph import LICENCE_URL

if TYPE_CHECKING:
    from .describing import Describer
    from .folders import OpenBuild
    from .linked_results import DataSet, Dump, Retired, Vocabulary
    from .reader import Reader
    from .snapshot import Snapshot
    from .terms import Terms

_FILES = ("shapes.ttl", "context.jsonld")
_TITLE = "Survivor Leadership Knowledge Graph"
_TOLD = (
    "What published documents on survivor leadership in the anti-trafficking field name as barriers and harms and ask to be done about "
    "them, item by item in the project's own words, joined by links that each say why they hold, what they rest on and who has agreed."
)


class LinkedQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives build, snapshot and reader."""

    _build: OpenBuild
    _snapshot: Snapshot
    _reader: Reader

    if TYPE_CHECKING:

        @property
        def terms(self) -> Terms: ...

    @property
    def digest(self) -> str:
        """What names this very build: the checksum over everything in it."""
        return self._build.folder.name

    @cached_property
    def _describer(self) -> Describer:
        from .describing import Describer
        from .triples import Triples

        graph, ontology = (self._build.checked(name) for name in (GRAPH, f"{ONTOLOGY}/ontology.nt"))
        links = (link.id for link in self._reader.model.links)
        return Describer(self._reader, Triples(graph), Triples(ontology), links)

    def describe_rdf(self, name: str, format: str = "turtle") -> bytes:
        """The document about one thing, in RDF: what is said of it, the records of its links, names for all that it names, and rights.

        :param name: the id of an item, a source, a link or a retired item; or ``dataset``, or ``ontology``.
        :param format: ``turtle``, ``json-ld``, ``ntriples`` or ``rdfxml``.
        :raises UnknownItem: if there is no such thing, with ids that are near. :raises BadQuery: if there is no such format.
        """
        from .rdf_writing import to_rdf

        form = get_format(format)
        if name == "ontology":
            return self._build.checked(f"{ONTOLOGY}/ontology.{form.suffix}").read_bytes()
        if name == "dataset":
            from .dataset import to_void

            found = self.dataset()
            return to_rdf(to_void(found, self.terms), form.name, self.terms, first=found.iri)
        told = self._describer.describe(name)
        return to_rdf(told, form.name, self.terms, first=self._describer.iri(name))

    def iri(self, name: str) -> str:
        """The address of an item, a source, a link or a retired item, by its id. :raises UnknownItem: if there is no such thing."""
        return self._describer.iri(name)

    def retired(self) -> Mapping[str, Retired]:
        """Ids that are no longer used, with what took their place."""
        return self._reader.retired

    def vocabulary(self) -> Vocabulary:
        """The ontology as people read it."""
        from .linked_results import to_vocabulary

        return to_vocabulary(self._kept("vocabulary"))

    def ontology_file(self, name: str) -> Path:
        """One of the texts that go with the ontology, ``shapes.ttl`` or ``context.jsonld``, with the base IRI of this installation.

        :raises UnknownItem: if there is no such file.
        """
        if name not in _FILES:
            raise UnknownItem(f"No file {name[:100]!r} of the ontology.", f"One of: {', '.join(_FILES)}.")
        return self._build.checked(f"{ONTOLOGY}/{name}")

    def dataset(self) -> DataSet:
        """The whole graph as something to take away and to cite: figures, dumps with their checksums, dates of the data."""
        from .linked_results import DataSet, Figures

        issued, modified = self._kept("dates")
        return DataSet(
            iri=f"{self.terms.base}dataset",
            title=_TITLE,
            description=_TOLD,
            version=self._kept("version"),
            digest=self.digest,
            issued=issued,
            modified=modified,
            licence=LICENCE_URL,
            figures=Figures(**self._kept("figures")),
            dumps=tuple(self._dump(form) for form in RDF_FORMATS),
            example=next(iter(self._snapshot.ids("barrier")), ""),
        )

    def dump(self, format: str) -> Path:
        """The file of the whole graph in a format, once its checksum holds. :raises BadQuery: if there is no such format."""
        return self._build.checked(_dump_file(get_format(format)))

    def last_changed(self) -> Mapping[str, str]:
        """Item -> the day of the newest of its links, as 2026-11-22; what has no link has none."""
        days: dict[str, str] = {}
        for link in self._reader.model.links:
            for item in (link.start, link.end):
                days[item] = max(days.get(item, ""), link.on)
        return days

    def _dump(self, form: RdfFormat) -> Dump:
        file = _dump_file(form)
        if file not in self._build.files:
            raise self._too_old()
        size = (self._build.folder / file).stat().st_size
        from .linked_results import Dump

        return Dump(form, f"{NAME}.{form.suffix}", size, self._build.files[file])

    def _kept(self, key: str) -> Any:
        found = self._snapshot.meta(key)
        if found is None:
            raise self._too_old()
        return found

    def _too_old(self) -> BuildDamaged:
        return BuildDamaged("The build was made before linked data was published with it.", "Run: kg build")


def _dump_file(form: RdfFormat) -> str:
    return GRAPH if form.name == "ntriples" else f"{DUMPS}/{NAME}.{form.suffix}"
