"""For Moodle: the words of a course as a glossary, and its questions as a bank in GIFT."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree as ET

from .course_results import Course, Matching, Question

_SPECIAL = str.maketrans({letter: f"\\{letter}" for letter in "\\~=#{}:"})


def to_glossary(course: Course) -> bytes:
    """The terms as Moodle imports them into a glossary; other names of a term link to it too."""
    root = ET.Element("GLOSSARY")
    info = ET.SubElement(root, "INFO")
    _add(info, "NAME", course.title)
    _add(info, "INTRO", f"<p>{escape(' '.join(course.credits))}</p>")
    for name, value in (
        ("INTROFORMAT", "1"),
        ("ALLOWDUPLICATEDENTRIES", "0"),
        ("DISPLAYFORMAT", "dictionary"),
        ("USEDYNALINK", "1"),
    ):
        _add(info, name, value)
    entries = ET.SubElement(info, "ENTRIES")
    for term in course.glossary:
        entry = ET.SubElement(entries, "ENTRY")
        _add(entry, "CONCEPT", term.label)
        _add(
            entry,
            "DEFINITION",
            f'<p>{escape(term.summary)}</p><p><small>{escape(term.place)}. <a href="{escape(term.iri)}">{escape(term.iri)}</a></small></p>',
        )
        for name, value in (
            ("FORMAT", "1"),
            ("USEDYNALINK", "1"),
            ("CASESENSITIVE", "0"),
            ("FULLMATCH", "1"),
            ("TEACHERENTRY", "1"),
        ):
            _add(entry, name, value)
        also = [name for name in course.part.by_id[term.id].also if name.lower() != term.label.lower()]
        if also:
            aliases = ET.SubElement(entry, "ALIASES")
            for name in also:
                _add(ET.SubElement(aliases, "ALIAS"), "NAME", name)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def to_gift(course: Course) -> bytes:
    """The questions of a course; each answer carries what is said to those who choose it."""
    parts = [f"// {line}" for line in (course.title, *course.credits)]
    parts.append(f"\n$CATEGORY: {_flat(course.title).replace('/', '-')}\n")
    parts += [_choice(choice) for choice in course.choices]
    for unit in course.units:
        if unit.matching:
            parts.append(_matching(unit.matching, f"match-{unit.number}"))
    return ("\n".join(parts) + "\n").encode()


def _flat(text: str) -> str:
    return " ".join(text.split())


def _told(text: str) -> str:
    """A text without a character that GIFT reads as a sign of its own."""
    return _flat(text).translate(_SPECIAL)


def _choice(choice: Question) -> str:
    options = "".join(
        f"\n\t{'=' if each.right else '~'}{_told(each.text)}#{_told(each.told)}" for each in choice.options
    )
    return f"::{_told(choice.id)}::{_told(choice.ask)}{{{options}\n}}\n"


def _matching(matching: Matching, name: str) -> str:
    pairs = "".join(f"\n\t={_told(pair.left_label)} -> {_told(pair.right_label)}" for pair in matching.pairs)
    return f"::{name}::{_told(matching.ask)}{{{pairs}\n}}\n"
