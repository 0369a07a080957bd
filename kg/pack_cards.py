"""Cards to learn with: an Anki package whose notes keep their identity, and a plain list that any program reads. Same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from .course_results import Card, Course
from .zipping import from_zip, to_zip

_MODEL, _FIELDS = "Survivor Leadership card", ("Front", "Back", "Source", "Address")
_STYLE = (
    ".card { font-family: sans-serif; font-size: 20px; text-align: left; line-height: 1.4; }"
    " .source { font-size: 14px; color: #565d66; }"
)
_BACK = '{{FrontSide}}<hr id="answer">{{Back}}<p class="source">{{Source}} <a href="{{Address}}">{{Address}}</a></p>'
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")


def to_apkg(course: Course) -> bytes:
    """An Anki package. A card that is imported again, from this course or another, is brought up to date and not doubled."""
    import genanki

    template = {"name": "Card", "qfmt": "{{Front}}", "afmt": _BACK}
    fields = [{"name": name} for name in _FIELDS]
    model = genanki.Model(_number(_MODEL), _MODEL, fields=fields, templates=[template], css=_STYLE)
    deck = genanki.Deck(_number(course.title), course.title, description=escape(" ".join(course.credits)))
    for card in course.cards:
        told = [escape(card.front), "<br>".join(map(escape, card.lines)), escape(f"{card.place}."), escape(card.iri)]
        deck.add_note(
            genanki.Note(model=model, fields=told, guid=genanki.guid_for(card.iri, card.sort), tags=_tags(card))
        )
    when = datetime.fromisoformat(course.date).replace(tzinfo=UTC).timestamp()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cards.apkg"
        genanki.Package(deck).write_to_file(path, timestamp=when)
        return to_zip(from_zip(path.read_bytes()))


def _number(name: str) -> int:
    """A number that always belongs to this name, in the range that Anki uses."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % (1 << 30) + (1 << 30)


def _tags(card: Card) -> list[str]:
    return ["survivor-leadership", card.sort]


def to_csv(course: Course) -> bytes:
    """Front, back, source and tags of each card, with the lines that Anki reads before them."""
    buffer = io.StringIO()
    buffer.write("#separator:Comma\n#html:false\n#columns:Front,Back,Source,Tags\n#tags column:4\n")
    rows = csv.writer(buffer, lineterminator="\n")
    for card in course.cards:
        rows.writerow(
            map(_safe, (card.front, " ".join(card.lines), f"{card.place}. {card.iri}", " ".join(_tags(card))))
        )
    return buffer.getvalue().encode()


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
