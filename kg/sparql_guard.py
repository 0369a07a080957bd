"""Read a SPARQL query before it runs and refuse what reaches outside: services, other data sets, changes. An allow-list, read twice.

The query is read by two readers that know nothing of each other: the parse tree of rdflib, of which every part must be on a list, and
the bare words of the text, of which every one must be. Both read one text, without the spellings on which readers differ (code-point
escapes, carriage returns), and that very text is what runs. Behind them stands a process that can open no file and no socket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import BadQuery, QueryRefused, QueryTooLong

# Every part of a parse tree that asks our own data and nothing else. What a later version adds is refused until it is put here.
_PARTS = """
    SelectQuery ConstructQuery FakeGroupGraphPatten DescribeQuery AskQuery SubSelect PrefixDecl Base vars pname literal
    GroupGraphPatternSub GroupOrUnionGraphPattern GraphGraphPattern OptionalGraphPattern MinusGraphPattern TriplesBlock Filter Bind
    InlineData ValuesClause GroupClause GroupAs HavingClause OrderClause OrderCondition LimitOffsetClauses
    PathAlternative PathSequence PathElt PathEltOrInverse PathNegatedPropertySet InversePath DistinctPath
    ConditionalOrExpression ConditionalAndExpression RelationalExpression AdditiveExpression MultiplicativeExpression
    UnaryMinus UnaryNot UnaryPlus Function
    Aggregate_Avg Aggregate_Count Aggregate_GroupConcat Aggregate_Max Aggregate_Min Aggregate_Sample Aggregate_Sum
    Builtin_ABS Builtin_BNODE Builtin_BOUND Builtin_CEIL Builtin_COALESCE Builtin_CONCAT Builtin_CONTAINS Builtin_DATATYPE Builtin_DAY
    Builtin_ENCODE_FOR_URI Builtin_EXISTS Builtin_FLOOR Builtin_HOURS Builtin_IF Builtin_IRI Builtin_LANG Builtin_LANGMATCHES
    Builtin_LCASE Builtin_MD5 Builtin_MINUTES Builtin_MONTH Builtin_NOTEXISTS Builtin_NOW Builtin_RAND Builtin_REGEX Builtin_REPLACE
    Builtin_ROUND Builtin_SECONDS Builtin_SHA1 Builtin_SHA256 Builtin_SHA384 Builtin_SHA512 Builtin_STR Builtin_STRAFTER
    Builtin_STRBEFORE Builtin_STRDT Builtin_STRENDS Builtin_STRLANG Builtin_STRLEN Builtin_STRSTARTS Builtin_STRUUID Builtin_SUBSTR
    Builtin_TIMEZONE Builtin_TZ Builtin_UCASE Builtin_URI Builtin_UUID Builtin_YEAR Builtin_isBLANK Builtin_isIRI Builtin_isLITERAL
    Builtin_isNUMERIC Builtin_isURI Builtin_sameTerm
"""
PARTS = frozenset(_PARTS.split())
# Every word that may stand alone in such a query.
_WORDS = """
    BASE PREFIX SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK WHERE GRAPH GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES UNDEF
    OPTIONAL MINUS UNION FILTER BIND AS IN NOT EXISTS A TRUE FALSE COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR
"""
WORDS = frozenset(_WORDS.split()) | {
    part.removeprefix("Builtin_").upper() for part in PARTS if part.startswith("Builtin_")
}
# What reaches outside, with the words in which it is refused.
_CHANGES = "LOAD CLEAR DROP CREATE ADD MOVE COPY INSERT DELETE WITH USING INTO TO DATA ALL DEFAULT"
REFUSED = {
    "SERVICE": "SERVICE asks another server",
    "SILENT": "SERVICE asks another server",
    "FROM": "FROM names other data",
    "NAMED": "FROM names other data",
    **dict.fromkeys(_CHANGES.split(), "this is no question but a change"),
}
_PARTS_REFUSED = {"ServiceGraphPattern": REFUSED["SERVICE"], "DatasetClause": REFUSED["FROM"]}


class NotSparql(BadQuery):
    """The text cannot be read as a query. The engine may know better where."""


_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# Everything in which a word means nothing; then the word itself. In the order in which SPARQL tells them apart.
_TOKEN = re.compile(
    r"""
    \#[^\n]*                                                                        # a comment
    | <[^<>"{}|^`\\\x00-\x20]*>                                                     # an IRI
    | '''(?:(?:'|'')?(?:[^'\\]|\\.))*''' | \"\"\"(?:(?:"|"")?(?:[^"\\]|\\.))*\"\"\" # long strings
    | '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*"                                     # strings
    | [?$]\w+                                                                       # a variable
    | @[a-zA-Z]+(?:-[a-zA-Z0-9]+)*                                                  # a language
    | (?P<prefix>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:)                                   # a prefix, and a name below it
      (?P<name>(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[^\w\s])*(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[^\w\s]))?
    | _:[\w.-]*                                                                     # a blank node
    | (?P<number>(?:[0-9]*\.)?[0-9]+(?:[eE][+-]?[0-9]+)?)                           # a number
    | (?P<word>[^\W\d]\w*)
    """,
    re.X | re.S,
)


def check_query(text: str, *, length: int) -> str:
    """The query as it may run: the same, with code-point escapes and carriage returns written plainly.

    :param length: bytes that a query may have.
    :raises QueryTooLong: if it has more. :raises BadQuery: if it is no SPARQL query. :raises QueryRefused: if it reaches outside.

    >>> check_query("ASK { ?s ?p 'SERVICE' }", length=100)
    "ASK { ?s ?p 'SERVICE' }"
    >>> check_query("ASK { SERVICE <http://example.org/> { ?s ?p ?o } }", length=100)
    Traceback (most recent call last):
    ...
    kg.errors.QueryRefused: SERVICE asks another server, which is not done here. Ask only the graph of this site.
    """
    check_length(text, length)
    plain = to_plain_text(text)
    check_words(plain)
    check_parts(read_parts(plain))
    return plain


def check_length(text: str, length: int) -> None:
    """:raises QueryTooLong: if a query has more bytes. :raises BadQuery: if it is empty or no text at all."""
    try:
        found = len(text.encode())
    except UnicodeEncodeError as error:
        raise BadQuery("The query holds half a character.", "Write it in UTF-8.") from error
    if found > length:
        raise QueryTooLong(f"The query has {found} bytes, of {length} that are read.", "Ask in fewer words.")
    if not text.strip():
        raise BadQuery("There is no query.", "Try: SELECT * { ?s ?p ?o } LIMIT 10")


def to_plain_text(text: str) -> str:
    """The text as SPARQL reads it: escapes of code points first, one kind of line end.

    :raises BadQuery: if an escape is left, or one means no character.
    """
    try:
        plain = _ESCAPE.sub(lambda found: chr(int(found.group(1) or found.group(2), 16)), text)
        plain.encode()
    except (ValueError, OverflowError) as error:
        raise BadQuery("The query escapes something that is no character.", "Write it plainly.") from error
    if re.search(r"\\u[0-9a-f]{4}", plain, re.I) or "\x00" in plain:
        raise BadQuery("The query escapes an escape.", "Write it plainly.")
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def check_words(text: str) -> None:
    """:raises QueryRefused: if a word reaches outside. :raises BadQuery: if a word is none of SPARQL."""
    for word in words_of(text):
        if word.upper() in REFUSED:
            _refuse(REFUSED[word.upper()])
        if word.upper() not in WORDS:
            raise BadQuery(f"{word[:40]!r} is no word of SPARQL 1.1.", "Is a prefix, a ? or a quotation mark missing?")


def words_of(text: str) -> Iterator[str]:
    """The words that stand alone: not in a comment, an IRI, a string, a name with a prefix, a variable.

    >>> list(words_of("SELECT ?from { ?s kg:from <FROM> ; a 'FROM' } # FROM"))
    ['SELECT', 'a']
    """
    return (found["word"] for found in _TOKEN.finditer(text) if found["word"])


def to_engine_text(text: str) -> str:
    r"""The same for the engine, which reads no name with two dots (``id:ap-action-3.2.11``) unless they are escaped.

    >>> to_engine_text("ASK { id:ap-action-3.2.11 ?p 'a:b.c' . }")
    "ASK { id:ap-action-3\\.2\\.11 ?p 'a:b.c' . }"
    """

    def escape(found: re.Match[str]) -> str:
        if not found["name"]:
            return found[0]
        return found["prefix"] + re.sub(r"(?<!\\)\.", r"\\.", found["name"])

    return _TOKEN.sub(escape, text)


def to_store_text(text: str, prefixes: Mapping[str, str]) -> str:
    r"""The text of :func:`to_engine_text` for other engines, of which some read no escaped dot: such names in full.

    :param prefixes: prefix -> IRI; a prefix that the query declares as another is left alone.

    >>> to_store_text("ASK { id:ap-action-3\\.2\\.11 ?p 'id:b\\.c' }", {"id": "https://example.org/id/"})
    "ASK { <https://example.org/id/ap-action-3.2.11> ?p 'id:b\\.c' }"
    """

    def in_full(found: re.Match[str]) -> str:
        prefix, name = (found["prefix"] or "").rstrip(":"), (found["name"] or "").replace("\\.", ".")
        start = prefixes.get(prefix)
        if start is None or not _DOTTED.fullmatch(name):
            return found[0]
        declared = re.findall(rf"(?i)prefix\s+{re.escape(prefix)}\s*:\s*(\S*)", text)
        if any(not iri.startswith(f"<{start}>") for iri in declared):
            return found[0]
        return f"<{start}{name}>"

    return _TOKEN.sub(in_full, text)


_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def read_parts(text: str) -> Any:
    """The parse tree. :raises NotSparql: if the text is no query. :raises BadQuery: if it is nested too deeply to read."""
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        # rdflib stumbles over -1.5, but not over -15, and no number matters here
        return parseQuery(_TOKEN.sub(lambda found: found[0].replace(".", "") if found["number"] else found[0], text))
    except RecursionError:
        raise BadQuery("The query is nested too deeply.", "Use fewer brackets within brackets.") from None
    except MemoryError:
        raise
    except Exception as error:  # a fault of the text, or of the reader: either way it has not been read
        place = f"line {getattr(error, 'lineno', '?')}, column {getattr(error, 'column', '?')}"
        raise NotSparql(
            f"This is no SPARQL 1.1 query ({place}).", "Look for what is missing before that place."
        ) from error


def check_parts(tree: Any) -> None:
    """:raises QueryRefused: if any part of a parse tree, however deep, is not on the list."""
    from rdflib.plugins.sparql.parserutils import CompValue

    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, CompValue):
            if part.name not in PARTS:
                _refuse(_PARTS_REFUSED.get(part.name, f"{part.name} is not known to be harmless"))
            waiting.extend(part.values())
        elif isinstance(part, str):
            continue  # an IRI, a variable or a word
        elif hasattr(part, "__iter__"):
            waiting.extend(part)


def _refuse(why: str) -> None:
    raise QueryRefused(f"{why}, which is not done here.", "Ask only the graph of this site.")
