"""What strangers send to the SPARQL endpoint: what reaches outside is refused, what asks honestly is not, nothing breaks the process.

Two witnesses see whether a query that passed the guard reaches outside: a server on this machine that nobody may call, and, for what
Python does, the interpreter itself, which tells of every file and connection that is opened.
"""

from __future__ import annotations

import contextlib
import io
import re
import socket
import sys
import threading
import warnings
from typing import Any

import pyoxigraph as ox
import rdflib
from hypothesis import strategies as st

from kg.data_results import Limits, prefixes_of
from kg.errors import BadQuery, KGError, QueryRefused
from kg.sparql_asking import Worker
from kg.sparql_guard import REFUSED, WORDS, check_query, to_engine_text

from . import Target, World

BASE = "https://w3id.org/survivor-leadership/"
FEW = f"""<{BASE}id/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#Barrier> .
<{BASE}id/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "No bank account"@en .
<{BASE}id/b> <{BASE}ontology#addresses> <{BASE}id/a> .
"""
HONEST, HOSTILE = "# honest\n", "# hostile\n"
LONGEST = 1500  # of what is run: what costs much is tried elsewhere, in a process that can be stopped
_OUTWARD = re.compile("service|from|load|\\\\u", re.I)


class Canary:
    """A server that must see nobody. :ivar address: where it listens. :ivar seen: how often somebody came."""

    def __init__(self) -> None:
        self.seen = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                come, _ = self._socket.accept()
                self.seen += 1
                come.close()


class Watch:
    """Notes what the interpreter opens while it is on."""

    def __init__(self) -> None:
        self.on, self.opened = False, list[str]()
        sys.addaudithook(self._hear)  # which nothing can take away again

    def _hear(self, event: str, values: tuple[Any, ...]) -> None:
        if self.on and event in ("open", "socket.connect", "urllib.Request", "subprocess.Popen", "socket.getaddrinfo"):
            self.opened.append(f"{event} {values[:1]}")


def open_target(world: World) -> Target:
    """A process's own room of asking, over three triples."""
    path = world.folder / "few.nt"
    path.write_text(FEW, encoding="utf-8")
    limit = sys.getrecursionlimit()
    worker = Worker(path, BASE)
    sys.setrecursionlimit(limit)
    canary, watch = Canary(), Watch()
    plain = rdflib.Dataset(default_union=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib's own, of what it will drop
        plain.parse(data=FEW, format="nt")

    def check(data: bytes) -> None:
        _ask(data.decode("utf-8", "surrogateescape"))

    def _ask(text: str, *, honest: bool = False) -> None:
        """Try it on both engines. :raises KGError: if it does not pass the guard; if it is *honest*, whatever else happens to it too."""
        text = text.replace("CANARY", canary.address)
        passed = check_query(text, length=4096)
        assert check_query(passed, length=8192) == passed, "what passed once passes again, unchanged"
        if len(passed) > LONGEST:
            return
        for read, told in ((ox.Store().update, "pyoxigraph"), (_parse_update, "rdflib")):
            try:
                read(passed)
            except Exception:  # as it should be: it is no update
                continue
            raise AssertionError(f"a change, for {told}")
        before = canary.seen
        with contextlib.suppress(*() if honest else (KGError,)):
            worker.ask(text, ["json", "turtle"], Limits())
        if _OUTWARD.search(text):
            with contextlib.suppress(Exception):
                ox.Store().query(to_engine_text(passed), prefixes=prefixes_of(BASE))
            _ask_rdflib(passed)
        assert canary.seen == before, "somebody came to the canary"

    def _ask_rdflib(passed: str) -> None:
        watch.opened.clear()
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            watch.on = True
            try:
                found = plain.query(passed, initNs=prefixes_of(BASE))
                for _, _ in zip(range(20), found, strict=False):
                    pass
            except Exception:  # what it makes of a query is its own matter
                pass
            finally:
                watch.on = False
        outside = [each for each in watch.opened if not re.search(r"\.py[co]?'|site-packages", each)]
        assert not outside, f"rdflib reaches outside: {outside[:3]}"

    def check_made(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        if text.startswith(HONEST):
            _ask(text, honest=True)  # whose error is a finding, see below
        elif text.startswith(HOSTILE):
            try:
                _ask(text)
            except (QueryRefused, BadQuery):
                return
            raise AssertionError("what reaches outside passed the guard")
        else:
            check(data)

    def strictly(data: bytes) -> None:
        try:
            check_made(data)
        except KGError as error:
            if data.decode("utf-8", "surrogateescape").startswith(HONEST):
                raise AssertionError(f"an honest query is refused: {error}") from error
            raise

    words = (*WORDS, *REFUSED, "CANARY", "<CANARY>", "?s", "?p", "?o", "{", "}", "kg:Barrier", "id:a", "\\u0053", "\\U00000046", "#", "\n", "\r",
             "'''", '"""', "SERVICE <CANARY> { ?s ?p ?o }", "FROM <CANARY>", "^^", "@en", "_:b", "<<", ">>", "[]", "()", "||", "&&")  # fmt: skip
    return Target("sparql", check, _queries(), strictly, words)


def _parse_update(text: str) -> None:
    from rdflib.plugins.sparql.parser import parseUpdate

    parseUpdate(text)


def _queries() -> st.SearchStrategy[bytes]:
    """Queries of a grammar: honest ones, and the same with one thing in them that reaches outside."""
    variable = st.sampled_from(("?s", "?p", "?o", "?service", "?from", "$x"))
    text = st.sampled_from(("'a'", '"SERVICE <x> {}"', "'''it's FROM'''", '"""a"b\nLOAD"""', "'\\'# '", "'\\u0041'", "'x'@en", "'1'^^xsd:integer", '"\\\\"'))  # fmt: skip
    name = st.sampled_from(("kg:Barrier", "id:a", "skos:prefLabel", "<http://example.org/SERVICE>", "<urn:from#x>", "id:ap-action-3.2.11", "kg:from", "a"))  # fmt: skip
    number = st.sampled_from(("1", "0.5", "2e3", "true", "false"))
    gap = st.sampled_from((" ", "\n", "\t", " # SERVICE <x>\n", "\r\n", "  "))
    term = variable | text | name.filter(lambda each: each != "a") | number
    expression = st.recursive(
        variable | text | number,
        lambda inner: (
            st.builds("({} {} {})".format, inner, st.sampled_from(("=", "&&", "||", "<", "+", "!=")), inner)
            | st.builds("(!{})".format, inner)
            | st.builds(
                "{}({})".format, st.sampled_from(("STR", "STRLEN", "LCASE", "isIRI", "LANG", "COALESCE")), inner
            )
            | st.builds("IF({}, {}, {})".format, inner, inner, inner)
            | st.builds("(?s IN ({}, {}))".format, inner, inner)
        ),
        max_leaves=4,
    )
    path = st.sampled_from(("kg:addresses*", "^kg:addresses", "(a|kg:from)", "!kg:from", "skos:broader+/a"))
    triple = st.builds(
        "{} {} {} .".format, variable | name.filter(lambda each: each != "a"), variable | name | path, term
    )

    def patterns(outward: st.SearchStrategy[str] | None) -> st.SearchStrategy[str]:
        leaf = triple | st.just("") | st.builds("VALUES ?s {{ {} {} }}".format, text, number)
        if outward is not None:
            leaf = outward
        return st.recursive(
            leaf,
            lambda inner: (
                st.builds("{{ {} }} UNION {{ {} }}".format, inner, triple)
                | st.builds("OPTIONAL {{ {} }}".format, inner)
                | st.builds("MINUS {{ {} }}".format, inner)
                | st.builds("{} FILTER EXISTS {{ {} }}".format, triple, inner)
                | st.builds("{} FILTER({})".format, inner, expression)
                | st.builds("GRAPH ?g {{ {} }}".format, inner)
                | st.builds("{{ SELECT * {{ {} }} }}".format, inner)
                | st.builds("{} {}".format, triple, inner)
            ),
            max_leaves=3,
        )

    def queries(body: st.SearchStrategy[str], data: str = "", comment: str = HONEST) -> st.SearchStrategy[str]:
        head = st.sampled_from((f"SELECT *{data}", f"select distinct ?s ?p{data}", f"ASK{data}", f"CONSTRUCT {{ ?s ?p ?o }}{data}", f"DESCRIBE ?s{data}", f"SELECT (COUNT(*) AS ?n){data}"))  # fmt: skip
        tail = st.sampled_from(("", " LIMIT 5", " OFFSET 1")) if not data else st.just("")
        return st.builds(lambda *parts: comment + "".join(parts), head, gap, st.just("WHERE {"), gap, body, gap, st.just("}"), tail)  # fmt: skip

    def escaped(word: str) -> st.SearchStrategy[str]:
        """A word of the grammar in every spelling that SPARQL knows."""

        def spelt(letter: str, how: int) -> str:
            code = ord(letter)
            return (letter, letter.lower(), f"\\u{code:04X}", f"\\U{code:08x}")[how]

        return st.lists(st.integers(0, 3), min_size=len(word), max_size=len(word)).map(
            lambda hows: "".join(map(spelt, word, hows))
        )

    service = st.builds("{}{}<CANARY> {{ ?s ?p ?o }}".format, escaped("SERVICE"), gap | escaped("SILENT").map(lambda each: f" {each} "))  # fmt: skip
    source = st.builds(" {} {}<CANARY> ".format, escaped("FROM"), st.just("") | escaped("NAMED").map(lambda each: f"{each} "))  # fmt: skip
    change = st.builds("{}{} {}".format, st.just(HOSTILE), escaped("LOAD") | escaped("CLEAR") | escaped("DROP") | escaped("INSERT"), st.sampled_from(("<CANARY>", "ALL", "DATA { <a:a> <a:b> <a:c> }", "SILENT <CANARY> INTO GRAPH <a:g>")))  # fmt: skip
    honest = queries(patterns(None))
    hostile = queries(patterns(service), comment=HOSTILE) | source.flatmap(lambda told: queries(triple, told, HOSTILE))
    return (honest | hostile | change).map(lambda each: each.encode("utf-8", "surrogatepass"))
