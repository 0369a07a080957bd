"""A sorted file of N-Triples to a document in another format, thing by thing: the bytes that `kg.rdf_writing` gives, whatever the size."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from .rdf_formats import get_format
from .rdf_writing import Compactor, bound, read_triples, serialize_to, to_node, types_first
from .terms import Terms

_TOGETHER = 2_000  # things that are parsed at once


def write_rdf(ntriples: Path, format: str, terms: Terms, out: IO[bytes]) -> None:
    """Write the triples of a file in one of the formats of :data:`kg.rdf_formats.RDF_FORMATS`, as :func:`kg.rdf_writing.to_rdf` does.

    :param ntriples: sorted, without repetitions and blank nodes. :param out: is written to from front to back.
    """
    wanted = get_format(format).name
    if wanted == "ntriples":
        with ntriples.open("rb") as file:
            shutil.copyfileobj(file, out)
    elif wanted == "json-ld":
        _write_json_ld(ntriples, terms, out)
    elif wanted == "turtle":
        pretty = _Turtle(out)
        _serialize(ntriples, wanted, terms, pretty)
        pretty.close()
    else:
        _serialize(ntriples, wanted, terms, out)


def _read_blocks(ntriples: Path) -> Iterator[str]:
    """The lines of some things, the types of each first. The whole file is never held."""
    with ntriples.open(encoding="utf-8", newline="\n") as file:
        block: list[str] = []
        for number, (_, own) in enumerate(groupby(file, key=lambda line: line[: line.find(" ")]), 1):
            block += own
            if number % _TOGETHER == 0:
                yield "".join(types_first(block))
                block = []
        yield "".join(types_first(block))


def _serialize(ntriples: Path, name: str, terms: Terms, out: Any) -> None:
    serialize_to(out, _read_blocks(ntriples), name, _find_prefixes(ntriples, bound(terms)))


def _find_prefixes(ntriples: Path, prefixes: dict[str, str]) -> dict[str, str]:
    """Those that the file uses, in the order in which they were given."""
    missing = dict(prefixes)
    for block in _read_blocks(ntriples):
        missing = {name: iri for name, iri in missing.items() if f"<{iri}" not in block}
    return {name: iri for name, iri in prefixes.items() if name not in missing}


class _Turtle:
    """Lays Turtle out on its way into a file: prefixes in order, a blank line between things, spaces for tabs."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._rest = out, b""
        self._head: list[bytes] | None = []
        self._begun = False

    def write(self, told: bytes) -> int:
        lines = (self._rest + told).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._say(line)
        return len(told)

    def flush(self) -> None:
        """Nothing is held back but what is not a whole line yet."""

    def _say(self, line: bytes) -> None:
        if self._head is not None:
            if line.startswith(b"@prefix "):
                self._head.append(line + b"\n")
                return
            self._out.write(b"".join(sorted(self._head)) + b"\n")
            self._head = None
        blank = b"\n" if self._begun else b""
        self._out.write(blank + line.replace(b"\t", b"    ") + b"\n")
        self._begun = line.endswith(b" .")

    def close(self) -> None:
        if self._rest:
            self._say(self._rest)
            self._rest = b""


def _write_json_ld(ntriples: Path, terms: Terms, out: IO[bytes]) -> None:
    """The things go into a file of their own first, since the context in front tells only what they use."""
    compact = Compactor(terms)
    with tempfile.TemporaryFile() as things:
        for block in _read_blocks(ntriples):
            for _, own in groupby(read_triples(block), key=lambda triple: triple.subject):
                told = json.dumps(to_node(own, compact), ensure_ascii=False, indent=1).replace("\n", "\n  ")
                things.write((",\n  " if things.tell() else "  ").encode() + told.encode())
        head = json.dumps({"@context": compact.lines()}, ensure_ascii=False, indent=1).removesuffix("\n}")
        out.write(f'{head},\n "@graph": [\n'.encode())
        things.seek(0)
        shutil.copyfileobj(things, out)
        out.write(b"\n ]\n}\n")
