"""What a part of the graph rests on, for reference managers: its sources, the publications that it names, and the graph itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .export_graph import to_json_bytes
from .model import Item, Source
from .subgraph import CREDIT, LICENCE, LICENCE_URL, Subgraph

# Sort of resource -> BibTeX and CSL type; what is not listed is a web page. Organizations are not publications, and are left out.
_TYPES = {
    "article": ("misc", "article"),
    "book": ("book", "book"),
    "dataset": ("misc", "dataset"),
    "guide": ("techreport", "report"),
    "law": ("misc", "legislation"),
    "report": ("techreport", "report"),
    "toolkit": ("techreport", "report"),
}
_PAGE = ("misc", "webpage")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing to cite. :ivar types: its BibTeX and its CSL type. :ivar note: credit and terms of use."""

    id: str
    types: tuple[str, str]
    title: str
    author: str
    publisher: str
    year: str
    page: str
    language: str
    summary: str
    note: str


def build_references(part: Subgraph) -> list[Reference]:
    """The graph, then its sources, then the publications among its resources."""
    ours = f"Version {part.version}. {part.title}. Selected by: {' '.join(part.words)}"
    note = f"{LICENCE}, {LICENCE_URL}. {part.credits[-1]}"
    graph = Reference(
        "slkg", ("misc", "dataset"), CREDIT, f"{CREDIT} project", "", part.date[:4], part.base, "en", ours, note
    )
    resources = (item for item in part.items if item.kind == "resource")
    return [
        graph,
        *map(_from_source, part.sources),
        *(_from_resource(item) for item in resources if item.details.get("resource-kind") != "organization"),
    ]


def _from_source(source: Source) -> Reference:
    author, year, _ = source.citation.partition(f" ({source.issued})")
    return Reference(
        source.id,
        _TYPES["report"] if source.issued else _PAGE,
        source.title,
        author if year and source.issued else "",
        source.publisher,
        source.issued,
        source.page,
        source.language,
        source.summary,
        f"{source.credit} {source.rights}".strip(),
    )


def _from_resource(item: Item) -> Reference:
    told = item.details
    types = _TYPES.get(told.get("resource-kind", ""), _PAGE)
    who, year, page, language = (told.get(name, "") for name in ("publisher", "issued", "page", "language"))
    note = told.get("status", "")
    return Reference(item.id, types, item.label, "", who, year, page, language, item.summary, note)


def to_bibtex(part: Subgraph, records: bool) -> bytes:
    """BibTeX in UTF-8; names of organizations in braces, so that nobody takes them for people."""
    head = "".join(f"% {line}\n" for text in part.credits for line in text.replace("@", "(at)").splitlines())
    return (head + "".join(f"\n{_entry(each)}" for each in build_references(part))).encode()


def _entry(reference: Reference) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(reference))
    return f"@{reference.types[0]}{{{re.sub(r'[^A-Za-z0-9.:/-]', '-', reference.id)},\n{fields}}}\n"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    def text(value: str) -> str:
        return "".join(_LATEX.get(sign, sign) for sign in " ".join(value.split()))

    publisher = {"techreport": "institution", "misc": "organization"}.get(reference.types[0], "publisher")
    yield "title", f"{{{text(reference.title)}}}"
    for name, value in (("author", reference.author), (publisher, reference.publisher)):
        if value:
            yield name, f"{{{text(value)}}}"
    if reference.year:
        yield "year", text(reference.year)
    if reference.page:
        yield "url", re.sub(r"[{}\\\s]", "", reference.page)
    for name, value in (("language", reference.language), ("abstract", reference.summary), ("note", reference.note)):
        if value:
            yield name, text(value)


def to_csl(part: Subgraph, records: bool) -> bytes:
    """CSL-JSON, as Zotero and citation processors read it."""
    return to_json_bytes([_csl(each) for each in build_references(part)])


def _csl(reference: Reference) -> dict[str, object]:
    told: dict[str, object] = {
        "id": reference.id,
        "type": reference.types[1],
        "title": reference.title,
        "author": [{"literal": reference.author}] if reference.author else [],
        "publisher": reference.publisher,
        "issued": {"date-parts": [[int(reference.year[:4])]]} if reference.year[:4].isdecimal() else {},
        "URL": reference.page,
        "language": reference.language,
        "abstract": reference.summary,
        "note": reference.note,
    }
    return {name: value for name, value in told.items() if value}
