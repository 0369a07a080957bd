"""What things are called: kinds, relations and their phrases, read once from `ontology/`. Nothing else spells an IRI of ours."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import DEFAULT_BASE

if TYPE_CHECKING:
    import rdflib

# What joins items besides curated links: standing under another item, and being about a topic (dcterms:subject).
NESTING, ABOUT = "isPartOf", "subject"
ABOUT_PHRASES = ("is about", "is a topic of")


@dataclass(frozen=True)
class Kind:
    """A kind of item, as ``ally-recommendation``.

    :ivar name: its class in the ontology. :ivar actor: who is asked to act. :ivar official: its labels are names that the source gives.
    :ivar gathers: it only gathers other items (a theme, a topic), so that it is no reason why two of them belong together.
    :ivar called: other names by which people ask for the kind. :ivar audience: whom its items speak to, unless they say so themselves.
    """

    id: str
    name: str
    label: str
    plural: str
    definition: str
    actor: str
    official: bool
    gathers: bool
    called: tuple[str, ...] = ()
    audience: str = ""


@dataclass(frozen=True)
class Relation:
    """A property between items, with its sentence in both directions and the kinds that it may join (none named: any)."""

    name: str
    phrase: str
    inverse: str
    inverse_phrase: str
    definition: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    structural: bool


@dataclass(frozen=True)
class Terms:
    """The vocabulary of one installation.

    :ivar kinds: by kind id. :ivar relations: by property name. :ivar keys: YAML key of children -> structural property name.
    :ivar choices: closed lists (``strength``, ``basis``, ``state``, ``audience``, ``resourceKind``), each value with what it means.
    :ivar audiences: audience -> how people call it. :ivar wider: audience -> the wider ones that it belongs to, the nearest first.
    :ivar context: the JSON-LD context; its keys are the only ones that a YAML file may use.
    """

    base: str
    kinds: dict[str, Kind]
    relations: dict[str, Relation]
    keys: dict[str, str]
    choices: dict[str, dict[str, str]]
    audiences: dict[str, tuple[str, ...]]
    wider: dict[str, tuple[str, ...]]
    context: dict[str, Any]

    @property
    def vocabulary(self) -> str:
        """The namespace of classes and properties."""
        return self.base + "ontology#"

    def item_iri(self, item: str) -> str:
        """The address of an item or a source."""
        return f"{self.base}id/{item}"

    def kind_of_class(self, name: str) -> Kind | None:
        """The kind whose class has this name, or None."""
        return next((kind for kind in self.kinds.values() if kind.name == name), None)

    @property
    def gathering(self) -> frozenset[str]:
        """The kinds that only gather other items: the hubs of the graph."""
        return frozenset(kind.id for kind in self.kinds.values() if kind.gathers)

    @property
    def curated(self) -> tuple[str, ...]:
        """The relations that hold only where a link record says so and says why."""
        return tuple(name for name, relation in self.relations.items() if not relation.structural)

    def nesting(self, parent: str, child: str) -> Relation:
        """The structural relation by which an item of one kind holds an item of another."""
        structural = (relation for relation in self.relations.values() if relation.structural)
        return next(relation for relation in structural if relation.range == (child,) and parent in relation.domain)

    def to_json(self) -> dict[str, Any]:
        """Plain data, from which :meth:`from_json` makes the same terms again."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Terms:
        """The terms that a build carries, without reading the ontology."""
        relations = {
            name: Relation(**{**value, "domain": tuple(value["domain"]), "range": tuple(value["range"])})
            for name, value in data["relations"].items()
        }
        kinds = {name: Kind(**{**value, "called": tuple(value["called"])}) for name, value in data["kinds"].items()}
        tuples = {key: {name: tuple(each) for name, each in data[key].items()} for key in ("audiences", "wider")}
        return cls(**{**data, **tuples, "kinds": kinds, "relations": relations})


def read_text(path: Path, base: str = DEFAULT_BASE) -> str:
    """A file of the ontology, with the base IRI of this installation in place of the one that it is written with."""
    text = path.read_text(encoding="utf-8")
    return text if base == DEFAULT_BASE else text.replace(DEFAULT_BASE, base)


def read_ontology(folder: Path, base: str = DEFAULT_BASE) -> rdflib.Graph:
    """The ontology as a graph."""
    import rdflib

    return rdflib.Graph().parse(data=read_text(folder / "ontology.ttl", base), format="turtle")


def read_terms(folder: Path, base: str = DEFAULT_BASE) -> Terms:
    """Read the vocabulary from ``ontology.ttl`` and ``context.jsonld`` in *folder*."""
    from rdflib import OWL, RDF, RDFS, SKOS, Namespace

    graph = read_ontology(folder, base)
    vocabulary = Namespace(base + "ontology#")
    schema = Namespace("https://schema.org/")
    context = json.loads(read_text(folder / "context.jsonld", base))["@context"]

    def name(node: Any) -> str:
        return str(node).removeprefix(str(vocabulary))

    def text(node: Any, prop: Any) -> str:
        return str(graph.value(node, prop) or "")

    def texts(node: Any, prop: Any) -> tuple[str, ...]:
        return tuple(sorted(str(value) for value in graph.objects(node, prop)))

    classes = sorted(graph.subjects(SKOS.notation, None), key=str)
    kinds = {
        text(node, SKOS.notation): Kind(
            text(node, SKOS.notation),
            name(node),
            text(node, RDFS.label),
            text(node, vocabulary.plural),
            text(node, RDFS.comment),
            text(node, vocabulary.actor),
            text(node, vocabulary.namedBySource) == "true",
            text(node, vocabulary.gathers) == "true",
            texts(node, SKOS.altLabel),
            text(graph.value(node, vocabulary.speaksTo), SKOS.notation),
        )
        for node in classes
        if (node, vocabulary.plural, None) in graph
    }
    kind_names = {kind.name: kind.id for kind in kinds.values()}
    keys: dict[str, str] = {}
    relations: dict[str, Relation] = {}
    for sort in (vocabulary.StructuralRelation, vocabulary.CuratedRelation):
        for prop in sorted(graph.subjects(RDF.type, sort), key=str):
            inverse = graph.value(prop, OWL.inverseOf)
            domain = set(graph.objects(prop, schema.domainIncludes)) or set(graph.objects(prop, RDFS.domain))
            range_ = set(graph.objects(prop, schema.rangeIncludes)) or set(graph.objects(prop, RDFS.range))
            relations[name(prop)] = Relation(
                name(prop),
                text(prop, RDFS.label),
                name(inverse),
                text(inverse, RDFS.label),
                text(prop, RDFS.comment),
                tuple(sorted(kind_names[name(node)] for node in domain if name(node) in kind_names)),
                tuple(sorted(kind_names[name(node)] for node in range_ if name(node) in kind_names)),
                sort == vocabulary.StructuralRelation,
            )
    for key, value in context.items():
        target = value.get("@id", "") if isinstance(value, dict) else ""
        if (relation := relations.get(target.removeprefix("kg:"))) and relation.structural:
            keys[key] = relation.name
    choices = {
        choice: {
            text(node, SKOS.notation): text(node, RDFS.comment)
            for node in sorted(graph.subjects(RDF.type, graph.value(vocabulary[choice], RDFS.range)), key=str)
        }
        for choice in ("strength", "basis", "state", "audience", "resourceKind")
    }
    audiences, wider = {}, {}
    for audience in choices["audience"]:
        node = vocabulary[audience]
        audiences[audience] = (text(node, RDFS.label), *texts(node, SKOS.altLabel))
        wider[audience] = tuple(name(each) for each in graph.transitive_objects(node, SKOS.broader) if each != node)
    return Terms(base, kinds, relations, keys, choices, audiences, wider, context)
