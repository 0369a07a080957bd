"""Tell Babel the words of the vocabulary that pages show, so that they are written once, in the ontology."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg import export, pack
from kg.terms import read_terms


def extract(file: Any, *_: Any, **__: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """Kinds, values of closed lists, phrases of links and forms of files, in the form that Babel asks of an extractor."""
    terms = read_terms(Path(file.name).parent)
    for kind in terms.kinds.values():
        for text in (kind.label, kind.plural, kind.definition, kind.actor):
            yield from _told(text, "a kind of item")
    for name, values in terms.choices.items():
        for value, meaning in values.items():
            yield from _told(value.replace("-", " ") if name == "audience" else value, name)
            yield from _told(meaning, name)
    for relation in terms.relations.values():
        yield from _told(relation.phrase, "a link reads: this item ... the other")
        yield from _told(relation.inverse_phrase, "a link reads: this item ... the other")

    for form in export.FORMATS.values():
        yield from _told(form.label, "a form of files")
        yield from _told(form.purpose, "what a form of files is for")
    for made in pack.FORMATS.values():
        yield from _told(made.purpose, "what a file of a learning pack is for")
        yield from _told(made.use, "how a file of a learning pack is opened")


def _told(text: str, comment: str) -> Iterator[tuple[int, str, str, list[str]]]:
    if text:
        yield 0, "gettext", text, [comment]
