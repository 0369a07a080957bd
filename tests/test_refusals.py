"""What each guard lets in and what it refuses, room by room and to the letter. `benchmarks/mutation.py` tells which lines these tests hold."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import flask
import flask_babel
import jinja2
import pytest
from werkzeug.exceptions import SecurityError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from kg.errors import BadQuery, BadUse, KGError, QueryRefused, QueryTooLong, UnknownItem, WrongKind

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "tiny"


class TestSparqlGuard:
    @pytest.fixture(autouse=True)
    def deep(self) -> Iterator[None]:
        """As deep as the process that answers queries reads."""
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(2500)
        yield
        sys.setrecursionlimit(usual)

    def test_each_of_the_two_readers_refuses_alone_what_reaches_outside(self) -> None:
        from kg.sparql_guard import check_parts, check_query, check_words, read_parts, to_plain_text

        from .sparql_attacks import ESCAPES, HARMLESS

        by_parts = 0
        for name in ESCAPES.keys() - HARMLESS:
            query = ESCAPES[name].replace("CANARY", "http://127.0.0.1:9/").replace("SECRET", "file:///x")
            with pytest.raises((QueryRefused, BadQuery)):
                check_query(query, length=4096)
            plain = to_plain_text(query)
            with pytest.raises(QueryRefused, match="which is not done here"):
                check_words(plain)
            try:
                tree = read_parts(plain)
            except BadQuery:
                continue  # an update, which this reader does not know
            with pytest.raises(QueryRefused, match="SERVICE asks another server|FROM names other data"):
                check_parts(tree)
            by_parts += 1
        assert by_parts >= 60

    def test_each_reader_is_asked_and_the_other_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import kg.sparql_guard as room

        attack = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
        for other in ("check_words", "check_parts"):
            with monkeypatch.context() as only, pytest.raises(QueryRefused):
                only.setattr(room, other, lambda given: None)
                room.check_query(attack, length=1000)
        with monkeypatch.context() as neither:
            for other in ("check_words", "check_parts"):
                neither.setattr(room, other, lambda given: None)
            assert room.check_query(attack, length=1000) == attack, "nobody else refuses it"

    def test_no_honest_query_is_refused_and_its_text_is_as_it_was(self) -> None:
        from kg.sparql_guard import check_query

        from .sparql_queries import QUERIES

        for query in QUERIES.values():
            assert check_query(query, length=4096) == re.sub(
                r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})", lambda found: chr(int(found[1] or found[2], 16)), query
            )

    def test_every_word_of_sparql_that_asks_is_let_through(self) -> None:
        from kg.sparql_guard import check_query

        calls = {
            "?x": """ABS CEIL COALESCE DATATYPE DAY ENCODE_FOR_URI FLOOR HOURS IRI isBLANK isIRI isLITERAL isNUMERIC isURI LANG LCASE MD5
                     MINUTES MONTH ROUND SECONDS SHA1 SHA256 SHA384 SHA512 STR STRLEN TIMEZONE TZ UCASE URI YEAR BOUND BNODE CONCAT""",
            "?x, ?y": "CONTAINS LANGMATCHES sameTerm STRAFTER STRBEFORE STRDT STRENDS STRLANG STRSTARTS REGEX SUBSTR CONCAT COALESCE",
            "?x, ?y, ?z": "IF REPLACE REGEX SUBSTR",
            "": "NOW RAND STRUUID UUID BNODE",
        }
        texts = [
            *(f"SELECT ({name}({given}) AS ?v) {{}}" for given, words in calls.items() for name in words.split()),
            *(f"SELECT ({name}(DISTINCT ?x) AS ?v) {{ ?x ?y ?z }}" for name in "COUNT SUM MIN MAX AVG SAMPLE".split()),
            "SELECT (GROUP_CONCAT(?x; SEPARATOR = ',') AS ?v) { ?x ?y ?z }",
            "BASE <http://a/> PREFIX x: <b#> SELECT REDUCED ?x WHERE { ?x a x:y }",
            "SELECT DISTINCT ?x { GRAPH ?g { ?x ?y ?z } { ?a ?b ?c } UNION { ?d ?e ?f } OPTIONAL { ?x ?y ?q } MINUS { ?x ?y 1 } }",
            "SELECT ?x (COUNT(*) AS ?n) { ?x ?y ?z } GROUP BY ?x (STR(?y) AS ?s) HAVING (COUNT(*) > 1) ORDER BY ASC(?x) DESC(?n) LIMIT 1 OFFSET 2",
            "SELECT * { VALUES (?x ?y) { (UNDEF 1) } BIND(-?x * 2 / 3 + +4 - 1 AS ?z) FILTER(?x IN (1) && ?x NOT IN (2) || !true = false) }",
            "SELECT * { { SELECT ?x { ?x ?y ?z } } FILTER EXISTS { ?x ?y ?z } FILTER NOT EXISTS { ?x ?y 'a' } } VALUES ?x { 1 }",
            "SELECT * { ?x (<a:a>|<a:b>)/^<a:c>*/!(<a:d>|^<a:e>)?/<a:f>+ ?y . ?x !<a:a> ?z . ?x !^<a:b> ?z }",
            "CONSTRUCT { ?x ?y ?z } WHERE { ?x ?y ?z }",
            "CONSTRUCT WHERE { ?x ?y ?z }",
            "DESCRIBE <a:a> ?x WHERE { ?x ?y 'a'@en, '1'^^<a:b>, [ <a:a> () ], (1 2), _:b }",
            "ASK { ?x ?y -1.5, 1.5e-3, .5, 2 FILTER(<a:f>(?x) = 1) }",
        ]
        for text in texts:
            check_query(text, length=1000)
            check_query(text.lower() if "'" not in text and "_CONCAT" not in text else text, length=1000)

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            ("SERVICE SILENT", "SERVICE asks another server"),
            ("FROM NAMED", "FROM names other data"),
            ("LOAD CLEAR DROP CREATE ADD MOVE COPY INSERT DELETE WITH USING INTO TO DATA ALL DEFAULT", "this is no question but a change"),
        ],
    )  # fmt: skip
    def test_every_word_that_reaches_outside_is_refused_for_what_it_is(self, words: str, why: str) -> None:
        from kg.sparql_guard import check_words

        for word in words.split():
            for spelt in (word, word.lower(), word.title()):
                with pytest.raises(QueryRefused, match=f"^{why}, which is not done here"):
                    check_words(f"ASK {{ {spelt} }}")

    def test_a_word_that_is_none_of_sparql_is_told(self) -> None:
        from kg.sparql_guard import check_words

        with pytest.raises(BadQuery, match="'SELEKT' is no word") as told:
            check_words("SELEKT * { ?s ?p ?o }")
        assert not isinstance(told.value, QueryRefused)
        check_words("ask { ?s a ?o }")

    def test_words_are_told_from_what_only_holds_them(self) -> None:
        from kg.sparql_guard import words_of

        holding = [
            "# WORD", "<a:WORD>", "<WORD>", "<>", "'WORD'", '"WORD"', "'a\\'WORD'", '"a\\"WORD"', "'''WORD'''", '"""WORD"""', "'''a'WORD''b'''",
            '"""a"WORD""b"""', "'''\\'''WORD'''", '"""\\"""WORD"""', "'''a\nWORD'''", "''", '""', "?WORD", "$WORD", "?WORD_1", "@WORD", "@en-WORD", "@en-a-WORD2",
            "p:WORD", ":WORD", "p:a.WORD", "p:a.WORD.b-c", "p:a%2FWORD", "p:a\\,WORD", "p:a:WORD", "a.b-c:WORD", "p:", ":", "p:-WORD", "p:%41\\-WORD", "_:WORD", "_:a.WORD", "1",
            "1.5", ".5", "1e5", "1.5E+5", "1.5e-10", "2E5",
        ]  # fmt: skip
        for text in holding:
            assert list(words_of(f" {text} \n ASK")) == ["ASK"], text
            assert list(words_of(f"ASK {text}\n;")) == ["ASK"], text
        standing = ["'WORD", '"WORD', "< WORD>", "<a WORD>", "'a\nWORD'", '"a\nWORD"', "?a WORD", "1 WORD", "# a\nWORD", "'''a''' WORD", "<a\\WORD>", "<a`WORD", "<a{WORD}>",
                    "<a^WORD", "<a|WORD", '<a"WORD>', "@1WORD", "@ WORD", "{WORD}", "?x.WORD"]  # fmt: skip
        for text in standing:
            assert "WORD" in list(words_of(text)), text
        for text in (
            '"" WORD ""',
            "'' WORD ''",
            "@-WORD",
            "@en--WORD",
            "#\nWORD",
            "<> WORD <>",
            "? WORD",
            "_: WORD",
            "'''''' WORD ''''''",
        ):
            assert list(words_of(text)) == ["WORD"], text
        assert list(words_of("ab:WORD a-:WORD abc:WORD 1e")) == ["e"]
        assert list(words_of("p:a\\' WORD '")) == ["WORD"], "an escaped sign at the end of a name begins no text"
        assert list(words_of("a1b_c é ASK2")) == ["a1b_c", "é", "ASK2"]

    def test_the_engine_is_given_names_with_their_dots_escaped_and_all_else_as_it_is(self) -> None:
        from kg.sparql_guard import to_engine_text

        assert to_engine_text("id:a.b.c x:y 'id:a.b' <id:a.b> ?a.b :q.r id:a\\.b # id:a.b") == (
            "id:a\\.b\\.c x:y 'id:a.b' <id:a.b> ?a.b :q\\.r id:a\\.b # id:a.b"
        )
        assert to_engine_text("ASK { id:a . p: <x:y> 1.5 }") == "ASK { id:a . p: <x:y> 1.5 }"

    def test_length_is_counted_in_bytes_and_nothing_is_no_query(self) -> None:
        from kg.sparql_guard import check_length

        check_length("é" * 5, 10)
        with pytest.raises(QueryTooLong, match="11 bytes, of 10"):
            check_length("é" * 5 + "a", 10)
        for nothing in ("", " \n\t"):
            with pytest.raises(BadQuery, match="There is no query"):
                check_length(nothing, 10)
        with pytest.raises(BadQuery, match="half a character"):
            check_length("ASK {} \ud83d", 100)

    def test_escapes_of_code_points_are_read_first_and_once(self) -> None:
        from kg.sparql_guard import check_query, to_plain_text

        assert to_plain_text(r"\u0041\u00e9\U0001F600\u00Eaz") == "A\u00e9\U0001f600\u00eaz"
        assert to_plain_text("a\r\nb\rc\n\rd\\u000de") == "a\nb\nc\n\nd\ne"
        assert to_plain_text(r"\u12 \x41 \u12G4") == r"\u12 \x41 \u12G4"
        for text in (r"\ud83d", r"\U00110000", r"\UFFFFFFFF", r"\U0000DC00"):
            with pytest.raises(BadQuery, match="no character"):
                to_plain_text(text)
        for text in (r"\u005cu0041", r"\u005cuABCD", r"\u005cuabcd", "a\x00b", r"\u0000", r"\u005cU00000041"):
            with pytest.raises(BadQuery, match="escapes an escape"):
                to_plain_text(text)
        for where in ("ASK { ?s ?p 'a' } # \x00", "ASK {}\\u0000"):
            with pytest.raises(BadQuery):
                check_query(where, length=100)

    def test_what_cannot_be_read_says_where_and_nothing_else_gets_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import rdflib.plugins.sparql.parser as parser

        from kg.sparql_guard import NotSparql, check_query, read_parts

        with pytest.raises(NotSparql, match=r"no SPARQL 1\.1 query \(line 2, column \d+\)"):
            read_parts("ASK {\n ?s ?p }")
        with pytest.raises(BadQuery, match="nested too deeply") as told:
            check_query("ASK { FILTER(" + "(" * 1500 + "1" + ")" * 1500 + ") }", length=4096)
        assert not isinstance(told.value, NotSparql)

        def fail(error: BaseException) -> None:
            def raises(text: str) -> None:
                raise error

            monkeypatch.setattr(parser, "parseQuery", raises)

        fail(MemoryError())
        with pytest.raises(MemoryError):
            read_parts("ASK {}")
        fail(KeyError("x"))
        with pytest.raises(NotSparql, match=r"line \?, column \?"):
            read_parts("ASK {}")

    def test_the_other_reader_sees_no_number_with_a_point_and_every_other_text_as_it_is(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import rdflib.plugins.sparql.parser as parser

        from kg.sparql_guard import read_parts

        monkeypatch.setattr(parser, "parseQuery", lambda text: text)
        assert read_parts("a 1.5 .25 'x 1.5' <a:1.5> p:1.5 ?a.b 3") == "a 15 25 'x 1.5' <a:1.5> p:1.5 ?a.b 3"

    def test_a_part_that_nobody_put_on_the_list_is_refused_however_deep(self) -> None:
        from rdflib.plugins.sparql.parserutils import CompValue

        from kg.sparql_guard import check_parts

        strange = CompValue("LateralJoin", part="x")
        for tree in (strange, [strange], CompValue("SelectQuery", a="x", b=[["x"], 1, None, "y", [strange]])):
            with pytest.raises(QueryRefused, match="LateralJoin is not known to be harmless"):
                check_parts(tree)
        with pytest.raises(QueryRefused, match="SERVICE asks another server"):
            check_parts(["x", CompValue("AskQuery", where=CompValue("ServiceGraphPattern"))])
        check_parts(["x", 1, None, CompValue("AskQuery", where="ServiceGraphPattern")])


class TestStrictYaml:
    def test_a_file_may_be_a_megabyte_and_twenty_deep_and_no_more(self, tmp_path: Path) -> None:
        from kg.strict_yaml import read_yaml

        path = tmp_path / "some.yaml"
        head = b"a: "
        path.write_bytes(head + b"b" * (1024 * 1024 - len(head)))
        root, problems = read_yaml(path)
        assert root is not None and not problems
        path.write_bytes(path.read_bytes() + b"b")
        root, [told] = read_yaml(path)
        assert root is None and (told.file, told.line, told.column) == (str(path), 0, 0)
        assert told.what == f"has {1024 * 1024 + 1} bytes, more than {1024 * 1024}"
        path.write_text("[" * 20 + "x" + "]" * 20, encoding="utf-8")
        assert read_yaml(path)[1] == []
        path.write_text("[" * 21 + "x" + "]" * 21, encoding="utf-8")
        root, [told] = read_yaml(path)
        assert root is None and (told.line, told.column, told.what) == (1, 21, "is nested more than 20 deep")

    def test_places_are_told_to_the_column(self, tmp_path: Path) -> None:
        from kg.strict_yaml import read_yaml

        path = tmp_path / "some.yaml"
        places = {
            b"a: b\nc:  &x d\n": (2, 5), b"a: b\nc:  *x\n": (2, 5), b"a:\n  b: !t c\n": (2, 6), b"a: b\n--- \nc: d\n": (2, 1), b"a:\n  ? [b]\n  : c\n": (2, 5),
            b"a:\n  <<: b\n": (2, 3), b"a: 1\nb: 2\na: 3\n": (3, 1), b"a: 1\nb: x\xe2\x80\x8by\n": (2, 4), b"a: b\n c: caf\xe9": (2, 8), b"\xff": (1, 1),
            b"a: b\nc: d\x07\n": (2, 5), b"a: b\nc: [d\n": (3, 1), b"\x07": (1, 1), b"a: b\n\xef\xbf\xbe": (2, 1),
        }  # fmt: skip
        for data, place in places.items():
            path.write_bytes(data)
            _, problems = read_yaml(path, "x")
            assert problems and (problems[0].file, problems[0].line, problems[0].column) == ("x", *place), (
                data,
                problems,
            )
            assert problems[0].severity == "error" and problems[0].item == ""

    def test_a_file_that_is_not_yaml_has_no_root_and_one_that_has_faults_has_one(self, tmp_path: Path) -> None:
        from kg.strict_yaml import read_yaml

        path = tmp_path / "some.yaml"
        for data, problems, root in (
            (b"a: [", 1, False),
            (b"a: 1\na: 2\nb: 3\nb: 4\n", 2, True),
            (b"\xff", 1, False),
            (b"a: &x b", 1, False),
        ):
            path.write_bytes(data)
            found, told = read_yaml(path)
            assert (len(told), found is not None) == (problems, root), data
        path.write_bytes(b"a: 1\na: 2\nb: 3\n")
        found, _ = read_yaml(path)
        assert found is not None and found.value["a"].value == "1" and found.value["b"].value == "3"
        assert found.keys == {"a": (1, 1), "b": (3, 1)}

    def test_every_sign_that_cannot_be_seen_is_forbidden_and_every_other_is_not(self, tmp_path: Path) -> None:
        from kg.strict_yaml import read_yaml

        path = tmp_path / "some.yaml"
        hidden = {0xAD, 0x200B, 0xFEFF, 0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x2070),
                  *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF}  # fmt: skip
        codes = [*range(0x20), *range(0x7F, 0xA0), 0xA0, 0xAC, 0xAE, 0x61B, 0x61D, *range(0x2009, 0x2012), *range(0x2028, 0x2031), 0x205F,
                 0x2065, 0x2070, 0xFDCF, 0xFDF0, 0xFEFE, 0xFF00, 0xFFF8, 0xFFFC, 0xFFFD, 0x1F600, 0xDFFFF, 0xE0080, 0x10FFFF]  # fmt: skip
        for code in sorted({*codes, *hidden}):
            path.write_text(f'a: "\\U{code:08x}"\n', encoding="utf-8")
            wanted = code in hidden or (unicodedata.category(chr(code)) == "Cc" and code not in (9, 10))
            found, told = read_yaml(path)
            assert [each.what for each in told] == ([f"holds the character U+{code:04X}"] if wanted else []), hex(code)
            assert found is not None
        path.write_text('a: "x\\0y\\x01z"\nb: "\\0"\n', encoding="utf-8")
        assert len(read_yaml(path)[1]) == 2, "one for each text"

    def test_without_the_reader_in_c_the_same_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import yaml

        from kg.strict_yaml import read_yaml

        monkeypatch.delattr(yaml, "CSafeLoader")
        path = tmp_path / "some.yaml"
        path.write_bytes(b"a: no\nb: [1, {c: d}]\n")
        found, told = read_yaml(path)
        assert not told and found is not None and found.value["a"].value == "no"
        path.write_bytes(b"a: b\nbc\x07\n")
        assert [(each.line, each.column) for each in read_yaml(path)[1]] == [(2, 3)]

    def test_what_stands_after_a_list_or_a_mapping_stands_beside_it(self, tmp_path: Path) -> None:
        from kg.strict_yaml import read_yaml

        path = tmp_path / "some.yaml"
        path.write_bytes(b"a: [1, {b: 2}, 3]\nc:\n  d: 4\ne: 5\n")
        root, told = read_yaml(path)
        assert root is not None and not told and list(root.value) == ["a", "c", "e"]
        assert [each.value for each in root.value["a"].value if isinstance(each.value, str)] == ["1", "3"]
        path.write_bytes(b"b: 1\na: 1\na: 3\n")
        assert "(first on line 2)" in read_yaml(path)[1][0].what
        path.write_bytes(b"a: b: c\n")
        assert read_yaml(path)[1][0].what == "is not YAML: mapping values are not allowed in this context"


class TestCleaning:
    def test_exactly_what_no_format_can_hold_is_taken_away(self) -> None:
        from kg.cleaning import clean_text

        for code in [*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFDC0, 0x10010), 0x1FFFE, 0x10FFFF]:
            sign = chr(code)
            bad = (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n\r") or code in (0xFFFE, 0xFFFF)
            wanted = "\n" if sign == "\r" else "" if bad else sign
            assert clean_text(f"a{sign}b") == f"a{wanted}b", hex(code)
        assert clean_text("a\r\nb\r\rc\n\rd") == "a\nb\n\nc\n\nd"

    def test_escapes_in_ntriples_are_cleaned_as_the_signs_that_they_are(self) -> None:
        from kg.cleaning import clean_triples

        told = {
            r"a\u0001b": "ab", r"a\u000Bb": "ab", r"a\u0041b": r"a\u0041b", r"\U0000FFFE": "", r"\U0001F600": r"\U0001F600", r"\ud83d": "",
            r"\\u0001": r"\\u0001", r"\\\u0001": r"\\", r"a\r\nb": r"a\nb", r"a\rb": r"a\nb", r"a\\r": r"a\\r", r"\n\t\"": r"\n\t\"", "a\x01\r\nb": "a\nb",
            r"\u00e9\uABCD": r"\u00e9\uABCD", r"\uFFFF\uffff": "", r"\r\r\n\r": r"\n\n\n",
        }  # fmt: skip
        for text, wanted in told.items():
            assert clean_triples(text) == wanted, text

    def test_every_text_of_a_part_is_cleaned_and_nothing_else_is_touched(self) -> None:
        from kg.cleaning import clean_part
        from kg.model import Item
        from kg.subgraph import Edge, Subgraph
        from kg.terms import read_terms

        terms = read_terms(ROOT / "ontology")
        empty = {each.name: "" for each in fields(Item)}
        told = {
            "id": "a\x00",
            "kind": "action",
            "label": "l\x01",
            "summary": "s\r\n",
            "also": ("o\x02", "p"),
            "notes": ("n\x03",),
        }
        dirty = Item(**empty | told | {"position": 7, "details": {"k\x04": "v\x05"}})  # type: ignore[arg-type]
        edge = Edge("e\x06", "a", "supports", "b", "p", because="w\x07")
        about = lambda iris: "\x00"  # noqa: E731
        part = Subgraph("t\x08", ("w\x0b",), (dirty,), {"a\x00": "chosen\x0c"}, (edge,), (), "1", "", "b", terms, about)
        found = clean_part(part)
        [clean], [link] = found.items, found.edges
        assert (clean.id, clean.label, clean.summary, clean.also, clean.notes, dict(clean.details)) == (
            "a", "l", "s\n", ("o", "p"), ("n",), {"k": "v"},
        )  # fmt: skip
        assert (found.title, found.words, dict(found.roles), link.id, link.because) == (
            "t",
            ("w",),
            {"a": "chosen"},
            "e",
            "w",
        )
        assert found.terms is terms and found.triples_about is about
        assert clean.position == 7 and type(found.items) is tuple


class TestQuestion:
    def test_what_is_asked_of_what(self) -> None:
        from kg.question import Names, read_question, to_names

        kinds = to_names(
            {
                "barrier": ["barriers", "obstacles"],
                "advice": ["recommendations", "good advice"],
                "other-advice": ["recommendations"],
            }
        )
        names = Names(kinds, {("funders",): "funders", ("law", "makers"): "law-makers"}, ("advice",), ("term",))
        advice = ("advice", "other-advice")
        told = {
            "barriers to housing": (("barrier",), (), ["hous"]),
            "what are the main barriers to housing": (("barrier",), (), ["hous"]),
            "obstacles": ((), (), ["obstacl"]),
            "barriers housing": ((), (), ["barrier", "hous"]),
            "barriers to the": ((), (), ["barrier"]),
            "recommendations for funders about housing": (advice, ("funders",), ["hous"]),
            "recommendations to law makers on housing": (advice, ("law-makers",), ["hous"]),
            "recommendations for housing": (advice, (), ["hous"]),
            "recommendations for funders": (advice, (), ["funder"]),
            "recommendations about funders on housing": (advice, (), ["funder", "hous"]),
            "barriers for funders about housing": (("barrier",), (), ["funder", "hous"]),
            "good advice about housing": (("advice",), (), ["hous"]),
            "what does stigma mean": (("term",), (), ["stigma"]),
            "what does stigma": ((), (), ["stigma"]),
            "define stigma": (("term",), (), ["stigma"]),
            "defining stigma": (("term",), (), ["stigma"]),
            "what can funders do about housing": (("advice",), ("funders",), ["hous"]),
            "what should law makers change about housing": (("advice",), ("law-makers",), ["hous"]),
            "what must funders offer survivors": (("advice",), ("funders",), ["survivor"]),
            "what do funders stop": ((), (), ["funder", "stop"]),
            "what might funders stop about housing": (("advice",), ("funders",), ["hous"]),
            "what could funders do about the": ((), (), ["funder"]),
            "who can funders do about housing": ((), (), ["funder", "hous"]),
            "what can banks do about housing": ((), (), ["bank", "hous"]),
            "what can funders say about housing": ((), (), ["funder", "hous"]),
        }  # fmt: skip
        for text, (asked, audiences, stems) in told.items():
            question = read_question(text, names)
            assert (question.kinds, question.audiences, list(question.words)) == (asked, audiences, stems), text
            assert question.notes == ()
        plain = read_question("what are the main barriers to housing")
        assert plain.kinds == () and plain.plain == tuple("what are the main barriers to housing".split())
        assert to_names({"a": ["Ünder One"], "b": ["under one", "two"]}) == {
            ("under", "one"): ("a", "b"),
            ("two",): ("b",),
        }

    def test_each_word_of_asking_is_known(self) -> None:
        from kg.question import Names, read_question, to_names

        names = Names(to_names({"barrier": ["barriers"]}), {("funders",): "funders"}, ("advice",))
        before = "a all an any are common do exist find for give i is key list looking main me need of search show some the there to what which"
        for word in before.split():
            assert read_question(f"{word} barriers to housing", names).kinds == ("barrier",), word
        assert read_question("banks barriers to housing", names).kinds == ()
        joins = "about against around at behind by concerning for from in of on regarding that to when which who with"
        for word in joins.split():
            assert read_question(f"barriers {word} housing", names).kinds == ("barrier",), word
        for word in f"{joins} do does is the are".split():
            assert read_question(f"barriers to {word} housing", names).plain == ("housing",), word
        for word in ("do", "does", "is", "the", "are", "banks"):
            assert read_question(f"barriers {word} housing", names).kinds == (), word
        for can in ("can", "should", "could", "must", "might", "do"):
            for act in ("do", "change", "offer", "stop"):
                assert read_question(f"what {can} funders {act} about housing", names).kinds == ("advice",), (can, act)

    def test_phrases_beginnings_and_what_is_left_out(self) -> None:
        from kg.question import read_question

        told = {
            'a "bank account"': ([("bank", "account")], [], []),
            "“bank account” „rent home” «new job» x": ([("bank", "account"), ("rent", "home"), ("new", "job")], [], []),
            'x"bank account" cat': ([], [], []),
            "conv* co* con* *vict convict* cat": ([], ["conv", "con", "convict"], []),
            "two-part* cat": ([], [], []),
            "cat -bank --loan -x - -ab": ([], [], [("bank",), ("ab",)]),
            'cat -"bank account"': ([], [], [("bank", "account")]),
            "cat NOT bank loan": ([], [], [("bank",)]),
            "cat NOT NOT bank loan": ([], [], [("bank",)]),
            'cat NOT "bank account" loan': ([], [], [("bank", "account")]),
            "cat NOT - bank": ([], [], [("bank",)]),
            "cat not bank": ([], [], []),
            "cat NOT": ([], [], []),
            "cat -the": ([], [], [("the",)]),
            '"the of" cat': ([], [], []),
            '"" cat': ([], [], []),
        }  # fmt: skip
        for text, (phrases, beginnings, without) in told.items():
            question = read_question(text)
            got = (list(question.phrases), list(question.beginnings), list(question.without))
            assert got == (phrases, beginnings, without), text
        question = read_question('loans "bank account" loans -cat')
        assert dict(question.words) == {"loan": "loans", "bank": "bank", "account": "account"}
        assert question.stems == ("loan", "loan", "bank", "account") and question.plain == (
            "loans",
            "loans",
            "bank",
            "account",
        )
        assert read_question("x NOT the cat").without == (("the",),) and read_question("x cat").without == ()
        assert "cat" in read_question("x NOT the cat").words
        assert read_question("convict* convict* x").beginnings == ("convict",)

    def test_limits_are_told(self) -> None:
        from kg.question import MOST_READ, MOST_TYPED, MOST_WORDS, read_question

        assert (MOST_TYPED, MOST_READ, MOST_WORDS) == (2000, 200, 16)
        read_question("bank " * 400)
        with pytest.raises(BadQuery, match="has 2001 characters; at most 2000"):
            read_question("b" * 2001)
        assert read_question("b" * 200).notes == ()
        long = read_question("b" * 201)
        assert list(long.words.values()) == ["b" * 200] and long.notes == ("Only the first 200 characters were read.",)
        assert read_question("bank " * 40).notes == () and read_question("bank " * 40 + "x").notes
        assert list(read_question("bank " * 39 + "loan toolong").words) == ["bank", "loan"], "no half word is read"
        letters = [f"w{chr(97 + number)}x" for number in range(18)]
        assert read_question(" ".join(letters[:16])).notes == ()
        many = read_question(" ".join(letters[:17]))
        assert len(many.words) == 16 and many.notes == ("Only the first 16 telling words were read.",)
        assert len(read_question(" ".join(f"{word}*" for word in letters)).beginnings) == 16
        assert len(read_question("cat " + " ".join(f"-{word}" for word in letters)).without) == 16
        both = read_question(" ".join(letters[:17]) + " " * 200 + "x")
        assert len(both.notes) == 2
        for text, why in (
            ("", "holds no word"),
            ("-bank", "only says what to leave out"),
            ("* ? -", "holds no word"),
            ('NOT "bank"', "only says"),
        ):
            with pytest.raises(BadQuery, match=why):
                read_question(text)
        assert list(read_question("bank " * 39 + "loans toolong").words) == ["bank", "loan"]
        assert list(read_question("bank " * 39 + "loanss").words) == ["bank"]
        assert read_question("ban*").beginnings == ("ban",)


class TestReferences:
    def test_every_fault_that_this_room_tells_and_no_other_room(self, tmp_path: Path) -> None:
        from kg.source import load_records
        from kg.terms import read_terms

        from .test_source import FAULTS

        told_here = re.compile(
            "does not exist|does not go|it is one of|linked to itself|no source|could find this|gap note|[0-9]+ stands here a second time"
        )
        terms, tried = read_terms(ROOT / "ontology"), 0
        for name, (file, old, new, _, words) in FAULTS.items():
            if not told_here.search(words):
                continue
            for path in TINY.glob("*.yaml"):
                text = path.read_text(encoding="utf-8")
                (tmp_path / path.name).write_text(
                    text.replace(old, new, 1) if path.name == file else text, encoding="utf-8"
                )
            problems = load_records(tmp_path, terms)[1]
            assert any(words in str(each) for each in problems), name
            tried += 1
        assert tried >= 16

    def test_records_are_checked_to_the_letter(self) -> None:
        from kg.records import Record
        from kg.references import check_references
        from kg.terms import read_terms

        terms = read_terms(ROOT / "ontology")

        def item(name: str, kind: str, **fields: object) -> Record:
            return Record(
                name, kind, {"id": name, **fields}, "f.yaml", 1, 1, "s", marks=dict.fromkeys(("id", *fields), (9, 9))
            )

        def link(start: str, relation: str, end: str, strength: str = "direct", **more: str) -> Record:
            told = {"from": start, "relation": relation, "to": end, "strength": strength, "because": "w", "basis": "stated",
                    "state": "proposed", "by": "project", "on": "2026-11-22"} | more  # fmt: skip
            return Record(
                f"{start}--{relation}--{end}", "link", told, "f.yaml", 1, 1, marks=dict.fromkeys(told, (9, 9))
            )

        source, header = item("s", "source"), Record("s", "", {}, "f.yaml", 1, 1, "s")
        good = [source, header, item("topic-a", "topic"), item("b-1", "barrier"), item("a-1", "action", about=["topic-a"], audiences=["funders"]),
                link("a-1", "addresses", "b-1"), item("r-1", "resource", page="https://x", **{"resource-kind": "toolkit"})]  # fmt: skip
        assert check_references(good, terms) == []

        def told(*records: Record, without: int | None = None) -> list[str]:
            kept = [each for at, each in enumerate(good) if at != without]
            return [f"{each.line} {each.what}; {each.cure}" for each in check_references([*kept, *records], terms)]

        unlike = [item(f"h-{kind}", "resource", **{kind: "x"}) for kind in ("page", "publisher", "notes")]
        assert told(*unlike) == []
        cases = [
            (told(item("a-1", "action")), "9 a-1 stands here a second time (first in f.yaml, line 1); keep one of the two"),
            (told(item("s", "source")), "9 s stands here a second time"),
            (told(Record("t", "", {}, "g.yaml", 1, 1, "t")), "1 there is no source 't'; add it to sources.yaml; known: s"),
            (told(item("a-2", "action", about=["topic-b"])), "9 about names 'topic-b', which does not exist; did you mean 'topic-a'?"),
            (told(item("a-2", "action", about=["a-1"])), "9 about names 'a-1', which does not exist; one of: topic-a"),
            (told(item("a-2", "action", audiences=["founders"])), "9 audiences names 'founders', which does not exist; did you mean 'funders'?"),
            (told(item("r-2", "resource", page="x", **{"resource-kind": "zzz"})), "9 resource-kind names 'zzz', which does not exist; one of:"),
            (told(item("r-2", "resource")), "1 nobody could find this resource; give its 'page'"),
            (told(link("a-1", "addresses", "b-2")), "9 to names 'b-2', which does not exist; did you mean 'b-1'?"),
            (told(link("zzzzz", "addresses", "b-1")), "9 from names 'zzzzz', which does not exist; check the id"),
            (told(link("s", "addresses", "b-1")), "9 from names 's', which does not exist"),
            (told(link("a-1", "supports", "a-1")), "9 an item is linked to itself; name two items"),
            (told(link("b-1", "addresses", "b-1")), "9 'addresses' does not go from a barrier (b-1); from is one of:"),
            (told(link("a-1", "addresses", "topic-a")), "9 'addresses' does not go to a topic (topic-a); to is one of: barrier"),
            (told(link("a-1", "hasAction", "b-1")), "9 relation is 'hasAction'; it is one of:"),
            (told(link("a-1", "helps", "b-1")), "9 relation is 'helps'; it is one of:"),
            (told(link("a-1", "addresses", "b-1", strength="x")), "9 strength is 'x'; it is one of: contributing, direct"),
            (told(link("a-1", "addresses", "b-1", basis="x")), "9 basis is 'x'; it is one of: computed"),
            (told(link("a-1", "addresses", "b-1", state="x")), "9 state is 'x'; it is one of:"),
            (told(link("a-1", "addresses", "b-1", by="me")), "9 by is 'me'; it is one of: project"),
            (told(item("b-2", "barrier")), "1 nothing addresses it directly and no gap note says so; write 'gap'"),
            (told(item("b-2", "barrier"), link("a-1", "addresses", "b-2", "contributing")), "1 nothing addresses it directly and no gap note"),
            (told(item("b-2", "barrier"), link("a-1", "supports", "b-2")), "1 nothing addresses it directly and no gap note"),
            (told(item("b-2", "barrier", gap="w"), link("a-1", "addresses", "b-2")), "9 has a gap note although something addresses it directly"),
            (told(item("c-1", "cycle-stage"), item("c-2", "cycle-stage")), "1 the sequence has a hole after it: nothing says that it precedes c-2; add a link: from c-1, relation precedes, to c-2"),
            (told(item("c-1", "severity"), item("c-2", "severity"), link("c-1", "follows", "c-2")), "1 the sequence has a hole after it"),
            (told(item("c-1", "accountability-step"), item("c-2", "accountability-step"), link("c-2", "precedes", "c-1")), "1 the sequence has a hole"),
            (told(without=0), "1 there is no source 's'; add it to sources.yaml; known: none"),
        ]  # fmt: skip
        for found, wanted in cases:
            assert any(each.startswith(wanted) for each in found), (wanted, found)
        assert told(item("b-2", "barrier", gap="w")) == []
        assert told(item("c-1", "severity"), item("c-2", "severity"), link("c-1", "precedes", "c-2")) == []
        assert told(item("c-1", "cycle-stage"), item("c-2", "severity")) == []
        assert len(told(item("a-2", "action", about=["topic-b", "topic-c", "topic-a"]))) == 2
        assert told(Record("x", "", {}, "f.yaml", 1, 1, "x"), Record("x", "", {}, "f.yaml", 1, 1, "x"))[:2] != []
        assert not any("second time" in each for each in told(header))


def _site() -> flask.Flask:
    """A site of a few routes that fail, each in its own way, with what protects a visitor and nothing else."""
    from webui.safety import QuietFlask, protect

    app = QuietFlask("site", static_folder=None)
    flask_babel.Babel(app)
    page = "{{ message }}|{{ hint }}|{{ ours }}|{{ near|join(',') }}|{{ failed }}"
    app.jinja_loader = jinja2.DictLoader({"error.html": page})
    app.config["MAX_CONTENT_LENGTH"] = 10
    protect(app)
    from kg import errors
    from webui.turns import ClientBusy

    class Strange(KGError):
        pass

    made = {
        "unknown": UnknownItem("No item 'x'.", "Try: kg search x", ("ap-a", "ap-b")), "kind": WrongKind("It is no barrier.", "Look at it."),
        "query": BadQuery("No word.", "Ask with a few words."), "refused": errors.QueryRefused("No.", "Use --force."), "unfit": errors.FormatUnfit("No.", ""),
        "long": errors.QueryTooLong("No.", ""), "costly": errors.QueryTooCostly("No.", ""), "busy": ClientBusy("Busy.", "Wait."), "strange": Strange("No.", ""),
        "host": SecurityError("Host 'x' is not trusted"), "fault": ZeroDivisionError("what a visitor typed"),
    }  # fmt: skip

    def fail(name: str) -> str:
        raise made[name]

    app.add_url_rule("/fail/<name>", "fail", fail)
    app.add_url_rule("/api/fail/<name>", "api_fail", fail)
    app.add_url_rule("/fine", "fine", lambda: "fine")
    app.add_url_rule("/own", "own", lambda: flask.Response("x", headers={"Referrer-Policy": "origin"}))
    app.add_url_rule("/away", "away", lambda: flask.abort(flask.redirect("/fine", 308)))
    app.add_url_rule("/data", "linked.data", lambda: flask.abort(404))
    app.add_url_rule("/body", "body", lambda: flask.request.get_data(as_text=True), methods=["POST"])
    return app


class TestSafety:
    def test_headers_are_on_every_answer_to_the_letter(self) -> None:
        client = _site().test_client()
        wanted = {
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
            "X-Robots-Tag": "noarchive", "Cache-Control": "no-store",
        }  # fmt: skip
        for address in ("/fine", "/nowhere", "/fail/unknown", "/fail/fault", "/api/fail/query", "/away", "/fail/host"):
            got = client.get(address).headers
            assert {name: got.get(name) for name in wanted} == wanted, address
        assert client.get("/own").headers["Referrer-Policy"] == "origin", "a route may say more"

    def test_every_error_has_its_status_and_its_page(self) -> None:
        client = _site().test_client()
        elsewhere = "Search for it by words, or go back to the start page."
        told = {
            "unknown": (404, f"No item &#39;x&#39;.|{elsewhere}|False|ap-a,ap-b|True"), "kind": (404, "It is no barrier.|Look at it.|False||True"),
            "query": (400, "No word.|Ask with a few words.|False||True"), "refused": (403, f"No.|{elsewhere}|False||True"), "unfit": (406, "No.||False||True"),
            "long": (413, "No.||False||True"), "costly": (504, "No.||False||True"), "busy": (429, "Busy.|Wait.|False||True"), "strange": (503, "No.||False||True"),
            "fault": (500, "Something went wrong here.|The fault is on our side. Try again in a moment.|True||True"),
        }  # fmt: skip
        for name, wanted in told.items():
            answer = client.get(f"/fail/{name}")
            assert (answer.status_code, answer.text) == wanted and answer.mimetype == "text/html", name
            assert answer.headers.get("Retry-After") == ("1" if name == "busy" else None)

    def test_what_the_server_itself_refuses_is_told_for_people_and_for_programs(self) -> None:
        client = _site().test_client()
        answer = client.get("/nowhere")
        assert (answer.status_code, answer.text) == (
            404,
            "There is no page at this address.|Check the address, or search.|True||True",
        )
        answer = client.post("/fine")
        told = "This page does not take what was sent.|Open the page with a link or the search box.|True||True"
        assert (answer.status_code, answer.text) == (405, told)
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        answer = client.post("/body", data=b"x" * 11)
        assert (answer.status_code, answer.text) == (
            413,
            "That is more than this site takes at once.|Ask with fewer words.|True||True",
        )
        assert client.post("/body", data=b"x" * 10).status_code == 200
        answer = client.get("/fail/host")
        assert (answer.status_code, answer.text, answer.mimetype) == (
            400,
            "This site is not reached under that name.\n",
            "text/plain",
        )
        answer = client.get("/away")
        assert answer.status_code == 308 and answer.headers["Location"] == "/fine"
        answer = client.get("/data")
        assert (answer.status_code, answer.text, answer.mimetype) == (
            404,
            "There is no page at this address.\nCheck the address, or search.\n",
            "text/plain",
        )

    def test_programs_get_problems(self) -> None:
        client = _site().test_client()
        for name, status in (("unknown", 404), ("query", 422), ("fault", 500)):
            answer = client.get(f"/api/fail/{name}")
            assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), name
        answer = client.get("/api/nowhere")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        answer = client.post("/api/fail/query")
        assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
        assert client.get("/apifine").mimetype == "text/html"

    def test_the_log_of_a_fault_holds_its_type_and_its_page_alone(self, caplog: pytest.LogCaptureFixture) -> None:
        _site().test_client().get("/fail/fault?q=secret")
        assert [record.getMessage() for record in caplog.records] == ["ZeroDivisionError in fail"]
        assert not any(record.exc_info for record in caplog.records)


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class TestClients:
    def test_rates(self) -> None:
        from webui.clients import read_rate

        assert [read_rate(text) for text in (" 60 ", "1/min", "999999/minute", "100000")] == [60, 1, 999999, 100000]
        for text in ("0", "", "-1", "1000000", "60/hour", "60/", "6 0", "060", "1.5", "/minute", "60/minutes", "٣"):
            with pytest.raises(BadUse, match="cannot be used"):
                read_rate(text)

    def test_a_name_lasts_for_an_hour_and_tells_nothing(self) -> None:
        from webui.clients import HOUR, Clients

        clock = _Clock()
        clients, others = Clients(clock=clock), Clients(clock=clock)
        name = clients.key("192.0.2.7")
        assert (
            re.fullmatch("[0-9a-f]{64}", name) and name != others.key("192.0.2.7") and name != clients.key("192.0.2.8")
        )
        clock.now += HOUR - 1
        assert clients.key("192.0.2.7") == name
        clock.now += 1
        later = clients.key("192.0.2.7")
        assert later != name and HOUR == 3600
        clock.now += HOUR - 1
        assert clients.key("192.0.2.7") == later, "the hour begins anew"
        clock.now += 1
        assert clients.key("192.0.2.7") != later
        assert len(clients._secret) == len(others._secret) == 32

    def test_whose_address_it_is(self) -> None:
        from webui.clients import Clients

        key = Clients().key
        assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9") != key("2001:db8:1:3::1")
        assert key("::ffff:192.0.2.7") == key("192.0.2.7") != key("::ffff:192.0.2.8")
        assert key("somebody") != key("somebody else") and key("2001:DB8:1:2::1") == key("2001:db8:1:2::1")

    def test_tokens_are_taken_saved_and_given_back_with_time(self) -> None:
        from webui.clients import Buckets

        clock = _Clock()
        buckets = Buckets(60, clock=clock)
        assert [buckets.take("a") for _ in range(60)] == [0.0] * 60
        assert buckets.take("a") == 1.0 and buckets.take("b") == 0.0
        assert buckets.take("a", 3) == 3.0, "what was refused costs nothing"
        clock.now += 1
        assert buckets.take("a") == 0.0 and buckets.take("a") == 1.0
        clock.now += 0.5
        assert buckets.take("a") == 0.5
        clock.now += 3600
        assert buckets.take("a", 60) == 0.0 and buckets.take("a") == 1.0, "no more than a minute is saved"
        clock.now += 3600
        assert buckets.take("a", 1000) == 0.0 and buckets.take("a") == 1.0, "what costs more costs all"
        slow = Buckets(6, clock=clock)
        assert slow.take("a", 6) == 0.0 and slow.take("a") == 10.0 and slow.take("a", 2) == 20.0

    def test_who_asked_longest_ago_is_forgotten_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import webui.clients as room

        assert room.MOST_CLIENTS == 20_000
        monkeypatch.setattr(room, "MOST_CLIENTS", 2)
        buckets = room.Buckets(1, clock=_Clock())
        assert [buckets.take(name) for name in "aba"] == [0.0, 0.0, 60.0]
        assert buckets.take("c") == 0.0  # b goes, who asked longest ago
        assert list(buckets._left) == ["a", "c"] and buckets.take("a") == 60.0 and buckets.take("b") == 0.0

    def test_where_a_request_comes_from(self) -> None:
        from webui.clients import address_of, is_loopback

        def ask(**headers: str) -> Request:
            builder = EnvironBuilder(environ_base={"REMOTE_ADDR": "192.0.2.1"}, headers=headers)
            return Request(builder.get_environ())

        told = {"X-Forwarded-For": "10.0.0.1, 203.0.113.9 "}
        assert address_of(ask(**told), None) == "192.0.2.1" == address_of(ask(**told), "")
        assert address_of(ask(**told), "X-Forwarded-For") == "203.0.113.9"
        assert (
            address_of(ask(), "X-Forwarded-For") == "192.0.2.1" and address_of(ask(**{"X-Real": "a"}), "X-Real") == "a"
        )
        nobody = Request(EnvironBuilder().get_environ())
        assert address_of(nobody, None) == ""
        assert [is_loopback(each) for each in ("127.9.9.9", "::ffff:127.0.0.1", "::ffff:192.0.2.1", "::1", "::2", "10.0.0.1", "x")] == [
            True, True, False, True, False, False, False,
        ]  # fmt: skip


class TestTurns:
    def test_a_turn_is_given_back(self) -> None:
        from webui.turns import Turns

        turns = Turns()
        for _ in range(3):
            with turns.take("a"):
                pass
        with pytest.raises(ValueError, match="x"), turns.take("a"):
            raise ValueError("x")
        with turns.take("a"):
            assert turns._running.total() == 1
        assert not turns._running

    def test_one_for_each_and_three_in_all(self) -> None:
        from webui.turns import ClientBusy, SiteBusy, Turns

        turns = Turns()
        with turns.take("a"):
            with pytest.raises(ClientBusy) as told, turns.take("a"):
                pass
            assert (told.value.status, told.value.wait) == (429, 1)
            with turns.take("b"), turns.take("c"):
                assert turns._running.total() == 3
                with pytest.raises(SiteBusy) as told, turns.take("d"):
                    pass
                assert (told.value.status, told.value.wait) == (503, 3)
            with turns.take("d"):
                assert turns._running.total() == 2
        assert not turns._running
        two = Turns(each=2, in_all=2)
        with two.take("a"):
            with two.take("a"):
                pass
            assert list(two._running.values()) == [1], "one turn given back is one"
        with two.take("a"), two.take("a"), pytest.raises(ClientBusy), two.take("a"):
            pass

    def test_names_may_be_shared(self) -> None:
        from webui.clients import Clients
        from webui.turns import ClientBusy, Turns

        clock = _Clock()
        clients = Clients(clock=clock)
        turns = Turns(clients)
        with turns.take("a"):
            clock.now += 3600  # another hour, another name
            with turns.take("a"), pytest.raises(ClientBusy), turns.take("a"):
                pass
