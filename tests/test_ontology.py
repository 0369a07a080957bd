"""The vocabulary is complete, sound and read rightly: FAIR header, words for every term, one mapping, no blank node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyld import jsonld
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef

from kg.graph import build_graph, to_json_ld
from kg.records import Record
from kg.source import load_records
from kg.terms import Terms, read_terms

from .conftest import TINY

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/survivor-leadership/"
KG = Namespace(BASE + "ontology#")
DCT, VANN = Namespace("http://purl.org/dc/terms/"), Namespace("http://purl.org/vocab/vann/")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "ontology.ttl")


def ours(graph: Graph) -> list[URIRef]:
    return sorted({s for s in graph.subjects() if isinstance(s, URIRef) and str(s).startswith(str(KG))})


def test_the_header_passes_the_checks_for_fair_vocabularies(ontology: Graph) -> None:
    header = URIRef(BASE + "ontology")
    for prop in [
        *(
            DCT[name]
            for name in "title description abstract creator publisher created issued modified language license bibliographicCitation rights hasFormat".split()
        ),
        VANN.preferredNamespacePrefix,
        VANN.preferredNamespaceUri,
        OWL.versionIRI,
        OWL.versionInfo,
    ]:
        assert (header, prop, None) in ontology, f"the header lacks {prop}"
    assert not list(ontology.objects(header, OWL.imports)), "nothing may need the web"


def test_every_term_has_a_label_and_says_what_it_means(ontology: Graph) -> None:
    for term in ours(ontology):
        labels, comments = list(ontology.objects(term, RDFS.label)), list(ontology.objects(term, RDFS.comment))
        assert len(labels) == 1 and labels[0].language == "en", term
        assert len(comments) == 1, term


def test_every_kind_is_a_skos_concept_and_every_source_a_scheme(ontology: Graph, terms: Terms) -> None:
    for kind in terms.kinds.values():
        wider = set(ontology.transitive_objects(KG[kind.name], RDFS.subClassOf))
        assert (SKOS.ConceptScheme if kind.id == "source" else SKOS.Concept) in wider, kind.id
        assert kind.plural, kind.id


def test_the_kinds_that_only_gather_are_marked_in_the_ontology_and_nowhere_else(terms: Terms) -> None:
    assert terms.gathering == {
        "theme", "goal", "topic", "barrier-group", "capacity-area", "ally-call", "recommendation-section", "source",
    }  # fmt: skip


def test_every_structural_relation_is_plain_skos_for_who_knows_only_that(ontology: Graph) -> None:
    for prop in ontology.subjects(RDF.type, KG.StructuralRelation):
        wider = set(ontology.transitive_objects(prop, RDFS.subPropertyOf))
        assert wider & {SKOS.narrower, SKOS.hasTopConcept}, prop
        [inverse] = ontology.objects(prop, OWL.inverseOf)
        assert set(ontology.transitive_objects(inverse, RDFS.subPropertyOf)) & {SKOS.broader, SKOS.topConceptOf}, (
            inverse
        )


def test_every_relation_has_one_domain_one_range_and_a_sentence_in_both_directions(
    ontology: Graph, terms: Terms
) -> None:
    for name, relation in terms.relations.items():
        assert len(list(ontology.objects(KG[name], RDFS.domain))) == 1, name
        assert len(list(ontology.objects(KG[name], RDFS.range))) == 1, name
        assert relation.phrase and relation.inverse_phrase and relation.definition, name
        [inverse] = ontology.objects(KG[name], OWL.inverseOf)
        assert (inverse, OWL.inverseOf, KG[name]) in ontology, name


def test_the_relations_are_those_of_the_plan(terms: Terms) -> None:
    curated = {name for name, relation in terms.relations.items() if not relation.structural}
    assert {
        "addresses",
        "supports",
        "alignsWith",
        "builds",
        "worsens",
        "disrupts",
        "precedes",
        "usesTerm",
        "names",
    } <= curated


@pytest.mark.parametrize("file", ["ontology.ttl", "shapes.ttl"])
def test_no_blank_node_anywhere_in_the_ontology(file: str) -> None:
    graph = Graph().parse(ROOT / "ontology" / file)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def test_it_stays_inside_owl_2_rl_and_is_not_at_odds_with_itself(ontology: Graph, terms: Terms) -> None:
    import owlrl

    tiny, problems = load_records(TINY, terms)
    assert not problems
    graph = build_graph(tiny, terms, ROOT / "ontology") + ontology
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    errors = list(graph.objects(None, URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")))
    assert not errors
    assert (URIRef(BASE + "id/ap-barrier-2.6"), KG.isAddressedBy, URIRef(BASE + "id/ap-action-3.2.11")) in graph
    # Nothing ends up a measure and a difficulty at once, nor a link and an item.
    assert not set(graph.subjects(RDF.type, KG.Measure)) & set(graph.subjects(RDF.type, KG.Difficulty))
    assert not set(graph.subjects(RDF.type, KG.Link)) & set(graph.subjects(RDF.type, KG.Item))


def test_every_key_of_the_context_means_a_known_property(ontology: Graph, terms: Terms) -> None:
    for key, value in terms.context.items():
        if isinstance(value, dict) and value["@id"].startswith("kg:"):
            assert (KG[value["@id"][3:]], RDFS.label, None) in ontology, (
                f"{key} means a property that the ontology does not have"
            )


def test_the_context_stays_in_the_part_that_rdflib_reads_rightly(terms: Terms) -> None:
    for key, value in terms.context.items():
        if isinstance(value, dict):
            assert set(value) <= {"@id", "@type", "@language", "@container"}, key
            assert value.get("@container", "@set") == "@set", key
        elif key not in ("@version", "@base", "@vocab"):
            assert isinstance(value, str), key


def test_pyld_reads_the_same_triples_from_the_same_data(records: list[Record], terms: Terms) -> None:
    document = to_json_ld(records, terms)
    expected = Graph().parse(data=document, format="json-ld", context=terms.context)  # type: ignore[arg-type]
    told = jsonld.to_rdf({"@context": terms.context, **document}, {"format": "application/n-quads"})
    assert set(Graph().parse(data=told, format="nt")) == set(expected)
    assert len(expected) > 8000


def test_a_whole_installation_can_have_another_base(records: list[Record]) -> None:
    terms = read_terms(ROOT / "ontology", "https://example.org/kg/")
    text = build_graph(records, terms, ROOT / "ontology").serialize(format="nt")
    assert BASE not in text
    assert "https://example.org/kg/ontology#addresses" in text


def test_no_base_iri_is_written_in_code_but_in_one_setting() -> None:
    holding = [
        path.name
        for path in [*ROOT.glob("kg/*.py"), *ROOT.glob("webui/*.py")]
        if "w3id.org/survivor" in path.read_text(encoding="utf-8")
    ]
    assert holding == ["config.py"]


def test_dates_and_numbers_have_their_types(real_graph: Graph) -> None:
    graph = real_graph
    link = URIRef(BASE + "link/ap-action-3.2.11--addresses--ap-barrier-2.6")
    assert graph.value(link, DCT.created) == Literal("2026-11-22", datatype=XSD.date)
    assert (link, KG.strength, KG.direct) in graph
    assert (URIRef(BASE + "id/ap-action-3.2.11"), KG.addresses, URIRef(BASE + "id/ap-barrier-2.6")) in graph


@pytest.mark.parametrize("path", sorted((ROOT / "ontology" / "competency").glob("*.rq")), ids=lambda path: path.stem)
def test_a_question_that_the_ontology_must_answer(path: Path, real_graph: Graph) -> None:
    """Each file asks one question in its first line and tells in its second what an answer must hold."""
    question, expected, _ = path.read_text(encoding="utf-8").split("\n", 2)
    assert question.startswith("# ") and question.endswith("?")
    rows = [
        [str(cell).rsplit("/", 1)[-1] for cell in row] for row in real_graph.query(path.read_text(encoding="utf-8"))
    ]  # type: ignore[union-attr]
    wanted = json.loads(expected.removeprefix("# holds: "))
    assert wanted in rows, f"{wanted} not in {rows[:5]}"
