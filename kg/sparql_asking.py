"""A SPARQL query over a graph in memory: read, guarded, asked, written. All that a child does; it knows nothing of processes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from .data_results import FORMATS, Cell, DataAnswer, Limits, cut_mark, prefixes_of
from .errors import BadQuery, FormatUnfit, KGError, QueryRefused, QueryTooCostly
from .sparql_guard import (
    NotSparql,
    check_query,
    check_words,
    read_parts,
    to_engine_text,
    to_plain_text,
    to_store_text,
    words_of,
)
from .sparql_results import write_rows, write_truth

_DEEP = 2500  # calls within calls, so that some forty brackets within brackets can be read
_WARM = (
    ("SELECT ?s (COUNT(?o) AS ?n) { ?s skos:prefLabel ?o OPTIONAL { ?s kg:lines ?l } FILTER(?l > 1) } GROUP BY ?s LIMIT 1", "json"),
    ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "turtle"),
    ("ASK { ?s ?p ?o }", "xml"),
)  # fmt: skip


class Worker:
    """The graph in memory, and what becomes of a query."""

    def __init__(self, graph: Path, base: str) -> None:
        import pyoxigraph as ox

        self._ox, self._prefixes = ox, prefixes_of(base)
        self._store = ox.Store()
        self._store.bulk_load(path=str(graph), format=ox.RdfFormat.N_TRIPLES)
        sys.setrecursionlimit(_DEEP)
        for query, form in _WARM:
            self.ask(query, [form], Limits())

    def reply(self, request: dict[str, Any]) -> bytes:
        """A request as it came over the wire, answered as it goes back: a line of JSON, then the body."""
        try:
            found = self._done(request, Limits(**request["limits"]))
            told: dict[str, Any] = {"form": found.form, "format": found.format, "count": found.count, "cut": found.cut}
            body = found.body.encode()
        except KGError as error:
            told, body = error.to_json(), b""
        except (MemoryError, RecursionError):
            told, body = too_much_memory().to_json(), b""
        except Exception as error:  # whatever else it is, its text may hold the query
            told, body = BadQuery(f"The query failed ({type(error).__name__}).", "Ask in another way.").to_json(), b""
        return json.dumps({**told, "size": len(body)}).encode() + b"\n" + body

    def _done(self, request: dict[str, Any], limits: Limits) -> DataAnswer:
        """What is asked for: an answer; for a store of triples, the query as it may run; or an answer from the triples that it gave."""
        query, formats, triples = request["query"], request["formats"], request.get("triples")
        if triples is not None:
            found = (quad.triple for quad in self._ox.parse(triples.encode(), self._ox.RdfFormat.N_TRIPLES))
            return self._write_graph(found, fitting(formats, graph=True), limits)
        return self.ask(query, formats, limits) if formats else self.read(query, limits)

    def read(self, query: str, limits: Limits) -> DataAnswer:
        """The query as a store may be asked it: guarded, with its prefixes declared, for no more rows than are given.

        :raises KGError: as :meth:`ask`, and if it names graphs: a store may hold others.
        """
        plain = to_store_text(self._guarded(query, limits), self._prefixes)
        if any(word.upper() == "GRAPH" for word in words_of(plain)):
            raise QueryRefused("GRAPH names other data, which is not done here.", "Leave it out: there is one graph.")
        tree = read_parts(to_plain_text(query))[1]
        form = {"SelectQuery": "rows", "AskQuery": "truth"}.get(tree.name, "graph")
        if form == "rows" and not tree.get("valuesClause") and not getattr(tree.get("limitoffset"), "limit", None):
            plain += f"\nLIMIT {limits.rows + 1}"
        declared = "".join(f"PREFIX {prefix}: <{start}> " for prefix, start in self._prefixes.items())
        return DataAnswer(form, "", declared + plain, 0)

    def _guarded(self, query: str, limits: Limits) -> str:
        try:
            plain = to_engine_text(check_query(query, length=limits.length))
            check_words(plain)
        except NotSparql as error:
            raise self._explain(query, error) from error
        return plain

    def ask(self, query: str, formats: list[str], limits: Limits) -> DataAnswer:
        """:raises KGError: if it is no query, reaches outside, or fits none of the formats."""
        plain = self._guarded(query, limits)
        try:
            found = self._store.query(plain, prefixes=self._prefixes)
            if isinstance(found, self._ox.QueryBoolean):
                return write_truth(bool(found), fitting(formats, graph=False))
            if isinstance(found, self._ox.QueryTriples):
                return self._write_graph(found, fitting(formats, graph=True), limits)
            form, names = fitting(formats, graph=False), [variable.value for variable in found.variables]
            rows = ([self._cell(term) for term in solution] for solution in found)
            return write_rows(names, rows, form, most=limits.rows, size=limits.size)
        except SyntaxError as error:
            raise BadQuery(f"This is no query that can be asked: {_shorten(error)}.", "Look at that place.") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise BadQuery(f"The query failed: {_shorten(error)}.", "Ask in another way.") from error

    def _explain(self, query: str, error: BadQuery) -> BadQuery:
        """The same error with the place that the engine finds, which is nearer to the fault; it is asked over nothing."""
        try:
            self._ox.Store().query(to_engine_text(to_plain_text(query)), prefixes=self._prefixes)
        except SyntaxError as better:
            return BadQuery(f"This is no SPARQL query: {_shorten(better)}.", error.hint)
        return BadQuery(error.message, error.hint)

    def _cell(self, term: Any) -> Cell | None:
        if term is None:
            return None
        if isinstance(term, self._ox.Literal):
            plain = term.datatype.value.endswith("XMLSchema#string") or term.language
            return Cell("literal", term.value, term.language or "", "" if plain else term.datatype.value)
        if isinstance(term, self._ox.NamedNode):
            return Cell("uri", term.value)
        if isinstance(term, self._ox.BlankNode):
            return Cell("bnode", term.value)
        raise BadQuery("The result holds a triple as a value.", "Ask for its three parts.")

    def _write_graph(self, found: Any, form: str, limits: Limits) -> DataAnswer:
        triples: dict[Any, None] = {}  # a graph is a set
        cut, room = "", limits.size
        for triple in found:
            if triple in triples:
                continue
            room -= len(str(triple.object)) + 40
            if len(triples) == limits.rows or room < 0:
                cut = "rows" if room >= 0 else "size"
                break
            triples[triple] = None
        while True:
            body = self._serialize(list(triples), form, cut_mark("graph", len(triples)) if cut else "")
            if len(body.encode()) <= limits.size or not triples:
                return DataAnswer("graph", form, body, len(triples), cut)
            triples, cut = dict.fromkeys(list(triples)[: len(triples) // 2]), "size"

    def _serialize(self, triples: list[Any], form: str, mark: str) -> str:
        kind = {
            "turtle": self._ox.RdfFormat.TURTLE,
            "json-ld": self._ox.RdfFormat.JSON_LD,
            "ntriples": self._ox.RdfFormat.N_TRIPLES,
            "rdfxml": self._ox.RdfFormat.RDF_XML,
        }[form]
        plain = self._ox.serialize(triples, format=self._ox.RdfFormat.N_TRIPLES) or b""
        used = {prefix: start for prefix, start in self._prefixes.items() if f"<{start}".encode() in plain}
        text = (self._ox.serialize(triples, format=kind, prefixes=used) or b"").decode()
        if not mark:
            return text
        if form == "json-ld":  # a key that no context knows is no statement
            return json.dumps({"truncated": mark, "@graph": json.loads(text)}, ensure_ascii=False)
        if form == "rdfxml":
            head, _, rest = text.partition("\n")
            return f"{head}\n<!-- {mark} -->\n{rest}"
        return f"# {mark}\n{text}# {mark}\n"


def fitting(formats: list[str], *, graph: bool) -> str:
    """The first of the formats that can hold rows, or a graph. :raises FormatUnfit: if none can."""
    for form in formats:
        if FORMATS[form].graph == graph:
            return form
    able = ", ".join(each.name for each in FORMATS.values() if each.graph == graph)
    what = "triples" if graph else "rows or yes and no"
    raise FormatUnfit(f"This query gives {what}, which the formats asked for cannot hold.", f"One of: {able}.")


def _shorten(error: Exception) -> str:
    """The place and the first words of a message of the engine; the long list of what it would have liked better is left out."""
    told = str(error).partition(": expected")[0].splitlines()[0][:200]
    return re.sub(r"^error at (\d+):(\d+)", r"a fault in line \1 at column \2", told)


def too_much_memory() -> QueryTooCostly:
    """The error of a query that wanted too much memory, or so many calls within calls that its process broke."""
    return QueryTooCostly(
        "The query was stopped: it took more memory than a query may take, or is nested too deeply.",
        "Ask for less at once.",
    )
