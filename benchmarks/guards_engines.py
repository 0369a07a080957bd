"""Whether two engines that know nothing of each other give the same answers: generated queries, our endpoint's engine and rdflib.

Run: python benchmarks/guards_engines.py [QUERIES]     (500 if nothing is said)
Queries are made from the words of the tiny graph: joins, optional parts, unions, minus, filters, exists, values, paths, groups, texts,
numbers, order, limits where the order is whole. Rows are compared as multisets, in order where the query orders; numbers by their value,
graphs up to blank nodes. Each also passes the guard. Then the other engine is given one triple less, which has to be seen. Ends with 1 if
any answer differs or the control is not seen.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import rdflib
from rdflib.compare import isomorphic

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kg.build import write_build  # noqa: E402
from kg.config import Config  # noqa: E402
from kg.data_results import Limits, prefixes_of  # noqa: E402
from kg.folders import open_build  # noqa: E402
from kg.queries import KnowledgeGraph  # noqa: E402
from tests.test_sparql import BASE, plain  # noqa: E402

ALL = Limits(rows=1_000_000, size=1 << 28, seconds=30)
# Classes with the properties that lead on from them; what a label is the same for both.
WORLDS = (
    (("skos:Concept", "kg:Item", "kg:Difficulty", "kg:Measure"),
     ("skos:broader", "skos:narrower", "kg:isPartOf", "kg:hasPart", "skos:inScheme", "kg:addresses")),
    (("kg:Link", "prov:Entity"), ("kg:from", "kg:to")),
)  # fmt: skip
ITEMS = ("id:ap-barrier-2.6", "id:ap-barrier-2.7", "id:ap-action-3.2.11", "id:ap-barrier-group-2")
TEXTS = ("skos:prefLabel", "skos:altLabel", "skos:definition")
WORDS = ("bank", "record", "account", "No", "e", "zzz")
TESTS = (
    "CONTAINS(STR({t}), '{w}')", "STRSTARTS(STR({t}), '{w}')", "REGEX(STR({t}), '{w}|b.n', 'i')", "STRLEN(STR({t})) > {n}",
    "LANGMATCHES(LANG({t}), 'en')", "LCASE(STR({t})) < '{w}'", "!(STRLEN(STR({t})) < {n}) || CONTAINS(STR({t}), '{w}')",
    "ISLITERAL({t}) && STRLEN(STR({t})) != {n}", "SUBSTR(STR({t}), 1, 2) NOT IN ('No', 'Th', 'A ')", "BOUND({t})",
)  # fmt: skip
MAKES = (
    "STRLEN(STR({t}))", "UCASE(STR({t}))", "STRLEN(STR({t})) * 2 - 1", "SUBSTR(STR({t}), 2, 4)", "CONCAT(STR({t}), '-', '{w}')",
    "IF(CONTAINS(STR({t}), '{w}'), 'yes', 'no')", "REPLACE(STR({t}), '[aeiou]', '_')", "COALESCE(?nothing, STRLEN(STR({t})))",
    "MD5(STR({t}))", "STRBEFORE(STR({t}), ' ')", "STRAFTER(STR({t}), '{w}')", "ENCODE_FOR_URI(STR({t}))", "ROUND(STRLEN(STR({t})) / 3)",
)  # fmt: skip
GROUPS = (
    "COUNT(*)",
    "COUNT(DISTINCT ?b)",
    "SUM(STRLEN(STR(?t)))",
    "MIN(STR(?t))",
    "MAX(STRLEN(STR(?t)))",
    "AVG(STRLEN(STR(?t)))",
)


def make_query(chance: random.Random) -> str:
    """A random query of SPARQL 1.1 that both engines can answer in a moment."""
    pick = chance.choice
    classes, edges = chance.choices(WORLDS, (4, 1))[0]

    def filled(form: str) -> str:
        return form.format(t="?t", w=pick(WORDS), n=chance.randint(0, 60))

    path = pick((
        pick(edges), f"^{pick(edges)}", f"{pick(edges)}/{pick(edges)}", f"{pick(edges)}|{pick(edges)}", f"{pick(edges)}+",
        f"{pick(edges)}*", f"{pick(edges)}?", f"!({pick(edges)}|rdf:type)", f"({pick(edges)}|^{pick(edges)})+",
    ))  # fmt: skip
    values = f"VALUES ?a {{ {' '.join(chance.sample(ITEMS, 2))} }}"
    first = pick(
        (f"?a a {pick(classes)}", f"?a {pick(edges)} ?b", values if len(edges) > 2 else f"?a a {pick(classes)}")
    )
    body = [first, pick((f"?a {path} ?b", f"?a {pick(edges)} ?b"))] if "?b" not in first else [first]
    body.append(f"?b {pick(TEXTS)} ?t")
    extra = pick((
        "", "", f"OPTIONAL {{ ?b {pick(TEXTS)} ?u }}",
        f"OPTIONAL {{ ?b {pick(TEXTS)} ?u FILTER(STRLEN(STR(?u)) > {chance.randint(0, 40)}) }}",
        f"MINUS {{ ?a {pick(edges)} {pick(ITEMS)} }}", f"MINUS {{ ?b a {pick(classes)} }}", f"FILTER EXISTS {{ ?a {pick(edges)} ?x }}",
        f"FILTER NOT EXISTS {{ ?b {pick(edges)} ?x }}", f"{{ ?b a {pick(classes)} }} UNION {{ ?b {pick(edges)} ?x }}",
        f"{{ SELECT ?b (COUNT(*) AS ?n) {{ ?b {pick(edges)} ?y }} GROUP BY ?b HAVING (COUNT(*) > 0) }}",  # see EXPLAINED
    ))  # fmt: skip
    where = " . ".join(body) + f" {extra} "
    if chance.random() < 0.6:
        where += f"FILTER({filled(pick(TESTS))}) "
    form = chance.random()
    if form < 0.08:
        return f"ASK {{ {where} }}"
    if form < 0.18:
        return f"CONSTRUCT {{ ?a kg:names ?b . ?b kg:lines ?t }} {{ {where} }}"
    if form < 0.23:
        return f"DESCRIBE ?a {{ {where} }}"
    if form < 0.45:
        having = pick(("", f" HAVING (COUNT(*) > {chance.randint(0, 5)})"))
        return f"SELECT ?a ({pick(GROUPS)} AS ?v) {{ {where} }} GROUP BY ?a{having}"
    if form < 0.75:
        return f"SELECT {pick(('', 'DISTINCT '))}?a ?b ?v {{ {where} BIND({filled(pick(MAKES))} AS ?v) }}"
    if form < 0.9:  # the order is whole: every variable that is shown is sorted by, and both sort texts by their signs
        limit = pick(
            ("", f" LIMIT {chance.randint(1, 20)}", f" LIMIT {chance.randint(1, 9)} OFFSET {chance.randint(0, 9)}")
        )
        order = f"ORDER BY {pick(('?a', 'DESC(?a)'))} {pick(('?s', 'DESC(?s)'))}{limit}"
        return f"SELECT DISTINCT ?a ?s {{ {where} BIND(STR(?t) AS ?s) }} {order}"
    return f"SELECT DISTINCT * {{ {where} }}"


# For the same reason queries within queries say HAVING (COUNT(*) > 0), which by the standard changes nothing, and for rdflib all.
EXPLAINED = "rdflib gives one empty row for groups of nothing, where the algebra of SPARQL 1.1 has no row"


def difference(kg: KnowledgeGraph, oracle: rdflib.Graph, query: str) -> tuple[str, int]:
    """How two answers to a query differ, "" if they do not; and how many rows or triples there are."""
    ours = kg.sparql(query, format=["json", "ntriples"], limits=ALL)
    theirs = oracle.query(query, initNs=prefixes_of(BASE))
    if ours.form == "truth":
        said = ours.table().rows[0][0].text == "yes"  # type: ignore[union-attr]
        return ("" if said == bool(theirs.askAnswer) else f"{said} and {theirs.askAnswer}"), int(said)
    if ours.form == "graph":
        assert theirs.graph is not None
        same = isomorphic(rdflib.Graph().parse(data=ours.body, format="nt"), theirs.graph)
        return ("" if same else f"{ours.count} and {len(theirs.graph)} triples"), ours.count
    names = ours.table().names
    found = [tuple(map(plain, row)) for row in ours.table().rows]
    wanted = [tuple(plain(row.get(rdflib.Variable(each))) for each in names) for row in theirs.bindings]
    same = found == wanted if " ORDER BY " in query else Counter(found) == Counter(wanted)
    if same:
        return "", len(found)
    if not found and " GROUP BY ?a" in query and all(set(row) == {None} for row in wanted) and len(wanted) == 1:
        return EXPLAINED, 0
    more, less = Counter(found) - Counter(wanted), Counter(wanted) - Counter(found)
    return f"{len(found)} and {len(wanted)} rows; only ours {list(more)[:1]}, only theirs {list(less)[:1]}", len(found)


def compare(kg: KnowledgeGraph, oracle: rdflib.Graph, queries: int, *, seed: int = 8253) -> tuple[list[str], int, int]:
    """What differs, a line each; how many differ as is explained; and how many queries found something."""
    chance, told, explained, full = random.Random(seed), list[str](), 0, 0
    made = dict.fromkeys(make_query(chance) for _ in range(2 * queries))
    assert len(made) >= queries, "too many of them are the same"
    for query in list(made)[:queries]:
        try:
            differs, count = difference(kg, oracle, query)
        except Exception as error:
            differs, count = f"{type(error).__name__}: {error}", 0
        full += count > 0
        explained += differs == EXPLAINED
        if differs not in ("", EXPLAINED):
            told.append(f"{query}\n    {differs}")
    return told, explained, full


def main(queries: int = 500) -> int:
    """Compare and print. :returns: 1 if anything differs or the control is not seen."""
    config = Config(data=ROOT / "tests" / "tiny", ontology=ROOT / "ontology", build=Path(tempfile.mkdtemp()))
    write_build(config)
    begun = time.perf_counter()
    with KnowledgeGraph(open_build(config.build)) as kg:
        oracle = rdflib.Graph().parse(open_build(config.build).checked("graph.nt"), format="nt")
        told, explained, full = compare(kg, oracle, queries)
        print(f"{queries} queries over {len(oracle)} triples, {full} find something, {len(told)} answers differ "
              f"({time.perf_counter() - begun:.0f} s); {explained} more differ as is explained: {EXPLAINED}")  # fmt: skip
        print("\n".join(told[:20]) or "no difference")
        item = rdflib.URIRef(f"{BASE}id/ap-barrier-2.6")
        oracle.remove((item, rdflib.RDF.type, None))
        control, _, _ = compare(kg, oracle, min(queries, 100))
        print(f"control, one item without its types: {len(control)} answers differ")
    return int(bool(told) or full < queries / 2 or not control)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
