"""A course as one page that opens offline, asks nobody, and works without scripts; and the handout as a tagged PDF."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .course_results import Course, Unit
from .errors import NotInstalled
from .pack_blocks import AUTHOR, Block, about, build_end, build_handout, build_unit
from .pack_html import to_html
from .subgraph import LICENCE_URL
from .templating import render

_TEMPLATES = Path(__file__).parent / "templates"


def _own(name: str) -> Any:
    """A file of ours, as it is."""
    from markupsafe import Markup

    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704


def _piece(blocks: list[Block], name: str) -> Any:
    """Blocks as HTML, in which everything is escaped already."""
    from markupsafe import Markup

    return Markup(to_html(blocks, level=1, name=name))  # noqa: S704


def to_page(course: Course) -> bytes:
    """The page: everything that participants read, the questions with an answer to each choice, the cards, the pictures in words too."""
    agreement = course.lists["agreement"]
    rows = tuple(
        (slot.name if not slot.unit else f"{slot.unit}. {slot.name}", f"{slot.minutes} minutes")
        for slot in course.agenda
    )
    welcome = [
        Block("note", course.texts["welcome"]),
        Block("subheading", agreement.title),
        Block("points", items=agreement.points),
    ]
    welcome += [Block("subheading", "Programme"), Block("table", rows=(("What", "How long"), *rows))]
    return render(
        "course.html",
        course=course,
        about=f"{about(course)}.",
        style=_own("course.css"),
        script=_own("course.js"),
        described=_described(course),
        welcome=_piece(welcome, "w"),
        units=[(unit, *_halves(unit, course)) for unit in course.units],
        end=_piece(build_end(course), "e"),
    ).encode()


def _halves(unit: Unit, course: Course) -> tuple[Any, Any]:
    """What stands before the questions of a unit and what after them."""
    blocks = build_unit(replace(unit, choices=()), course)
    later = ("To talk about", "Which belong together?", "Your plan")
    at = next(place for place, block in enumerate(blocks) if block.text in later and block.sort == "subheading")
    return _piece(blocks[:at], f"u{unit.number}a"), _piece(blocks[at:], f"u{unit.number}b")


def _described(course: Course) -> dict[str, Any]:
    """What the page is, for catalogues of open teaching material."""
    return {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": course.title,
        "learningResourceType": "course",
        "educationalLevel": course.level,
        "timeRequired": f"PT{course.minutes}M",
        "inLanguage": course.language,
        "license": LICENCE_URL,
        "version": course.part.version,
        "dateModified": course.date,
        "creator": {"@type": "Organization", "name": AUTHOR},
        "isBasedOn": [source.citation for source in course.part.sources if source.citation],
    }


def has_pdf() -> bool:
    """Whether PDF can be written here."""
    return find_spec("weasyprint") is not None


def to_pdf(course: Course) -> bytes:
    """The handout as a tagged PDF (PDF/UA-1). :raises NotInstalled: if WeasyPrint is not there."""
    if not has_pdf():
        raise NotInstalled(
            "A PDF needs WeasyPrint, which is not installed.", "Run: pip install 'survivor-leadership-kg[pdf]'"
        )
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    body = _piece(build_handout(course), "h")
    html = render(
        "handout.html", course=course, about=about(course), author=AUTHOR, style=_own("handout.css"), body=body
    )
    made = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=()))  # asks nobody
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=course.title.encode()[:16].ljust(16, b" ")))
