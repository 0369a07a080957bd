"""Every format says the same triples, in the same bytes, and reads well."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
from pyld import jsonld
from rdflib import Graph

from kg.config import Config
from kg.errors import BadQuery
from kg.rdf_formats import RDF_FORMATS, RdfFormat, find_format, get_format
from kg.rdf_writing import to_rdf
from kg.terms import Terms

OX = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "json-ld": pyoxigraph.RdfFormat.JSON_LD,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}
RDFLIB = {"turtle": "turtle", "json-ld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}
S, P = "https://w3id.org/survivor-leadership/id/x", "https://w3id.org/survivor-leadership/ontology#"
ODD = "\n".join(
    [
        f'<{S}> <http://www.w3.org/2004/02/skos/core#prefLabel> "a \\"quoted\\" \\n line .\\n and \\\\ more"@en .',
        f'<{S}> <http://www.w3.org/2004/02/skos/core#prefLabel> "etiqueta"@es .',
        f'<{S}> <http://www.w3.org/2004/02/skos/core#altLabel> "<b>&amp; ]]> 名前 \\u202E"@en .',
        f'<{S}> <https://schema.org/position> "007"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        f'<{S}> <https://schema.org/position> "6" .',
        f'<{S}> <{P}lines> "12"@en .',
        f"<{S}> <{P}audience> <{P}source> .",
        f"<{S}> <{P}audience> <https://elsewhere.example/a?b=1#c> .",
        f"<{S}> <http://purl.org/dc/terms/subject> <https://w3id.org/survivor-leadership/id/a/b:c> .",
        f"<{S}> <http://purl.org/dc/terms/subject> <https://w3id.org/survivor-leadership/id/> .",
        f'<{S}> <https://elsewhere.example/p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
        f"<{S}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{P}label> .",
        f"<mailto:a@b.example> <{P}addresses> <urn:x:y> .",
    ]
)


def same_in_two_readers(told: bytes, form: RdfFormat, ntriples: str) -> bool:
    ours = set(pyoxigraph.parse(told, OX[form.name])) == set(pyoxigraph.parse(ntriples.encode(), OX["ntriples"]))
    theirs = set(Graph().parse(data=told, format=RDFLIB[form.name])) == set(Graph().parse(data=ntriples, format="nt"))
    return ours and theirs


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_odd_triples_come_back_from_every_format(form: RdfFormat, terms: Terms) -> None:
    told = to_rdf(ODD, form.name, terms)
    assert same_in_two_readers(told, form, ODD)
    assert not same_in_two_readers(told, form, ODD.replace("etiqueta", "otra")), "the check can fail"
    assert to_rdf(reversed(ODD.splitlines() * 2), form.suffix, terms) == told


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_the_whole_graph_comes_back_from_every_format(form: RdfFormat, real_build: Config, terms: Terms) -> None:
    [path] = real_build.build.glob("*/graph.nt")
    text = path.read_text(encoding="utf-8")
    told = to_rdf(text, form.name, terms)
    assert set(pyoxigraph.parse(told, OX[form.name])) == set(pyoxigraph.parse(text.encode(), OX["ntriples"]))


def test_json_ld_is_written_with_our_words_and_a_third_reader_agrees(terms: Terms) -> None:
    told = json.loads(to_rdf(ODD, "json-ld", terms))
    assert told["@graph"][0]["id"] == "x"
    assert set(told["@context"]) < set(terms.context) | {"id"}, "only what is used of the context"
    quads = jsonld.to_rdf(told, {"format": "application/n-quads"})
    assert set(pyoxigraph.parse(quads, OX["ntriples"])) == set(pyoxigraph.parse(ODD, OX["ntriples"]))


def test_the_same_bytes_under_any_hash_seed(terms: Terms, tmp_path: Path) -> None:
    code = (
        "import sys, hashlib; from pathlib import Path; from kg.terms import read_terms; from kg.rdf_writing import to_rdf\n"
        "terms = read_terms(Path('ontology')); text = sys.stdin.read()\n"
        "print(hashlib.sha256(b''.join(to_rdf(text, f, terms) for f in ('ttl', 'jsonld', 'nt', 'rdf'))).hexdigest())"
    )
    seen = {hashlib.sha256(b"".join(to_rdf(ODD, form.name, terms) for form in RDF_FORMATS)).hexdigest()}
    for seed in ("0", "1", "4242"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code], input=ODD, env=env, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True
        )  # fmt: skip
        seen.add(done.stdout.strip())
    assert len(seen) == 1


def test_what_cannot_be_written_is_refused(terms: Terms) -> None:
    with pytest.raises(BadQuery, match="Did you mean turtle"):
        to_rdf(ODD, "turtel", terms)
    for fault in ("_:b <http://a.example/> <http://a.example/> .", "<x> nonsense", "<a b> <c> <d> ."):
        with pytest.raises(ValueError, match="blank node|not N-Triples"):
            to_rdf(fault, "turtle", terms)


def test_no_name_means_two_formats() -> None:
    names = [
        name for form in RDF_FORMATS for name in {form.name, form.suffix, form.media_type, *form.called, *form.asked_as}
    ]
    assert len(names) == len(set(names))
    assert all(get_format(form.media_type) is find_format(form.suffix.upper()) is form for form in RDF_FORMATS)
