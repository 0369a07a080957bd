"""A course as slides: titles in their places, few words in a size that can be read, the rest in the notes. Same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .course_results import Course, Question, Reading, Unit
from .pack_blocks import AUTHOR, LETTERS, about, clock
from .pack_sketch import alt_text, shorten, to_png
from .zipping import from_zip, to_zip

WIDE, HIGH = 13.333, 7.5  # inches
SIZES = (32, 28, 24, 20, 18)  # points; nothing is set in less
_BODY = (0.9, 1.75, 11.5, 5.0)  # left, top, width and height of the text
_TITLE = (0.9, 0.45, 11.5, 1.15)
_LETTER, _LINE = 0.52, 1.3  # width of a letter and height of a line, as parts of the size
_INK, _LOUD, _PAPER = "20262E", "0B4F79", "FCFBF8"


def to_pptx(course: Course) -> bytes:
    """The slides of a course."""
    from pptx import Presentation

    deck = Presentation()
    _set_up(deck, course)
    slides = _Slides(deck)
    slides.first(
        course.title,
        f"{about(course)}\n{AUTHOR}, {course.date}",
        _welcome(course),
    )
    slides.text("What we agree on", course.lists["agreement"].points, course.texts["welcome"])
    rows = [f"{clock(slot.start)}   {shorten(slot.name, 70)} ({slot.minutes} min)" for slot in course.agenda]
    slides.text("Programme", rows, "The times count from the beginning.")
    units = {unit.number: unit for unit in course.units}
    for slot in course.agenda:
        if slot.unit:
            _unit(slides, units[slot.unit], course)
        elif slot.name in ("Break", "Lunch"):
            slides.text(
                slot.name,
                [f"{slot.minutes} minutes", course.texts["rest"]],
                f"Until {clock(slot.start + slot.minutes)}.",
            )
    slides.text("Closing", [course.texts["closing-slide"]], course.texts["closing"])
    slides.text("How far to trust this", course.trust, "\n".join(course.trust))
    credits = [course.credits[0], *(source.citation or source.credit for source in course.part.sources)]
    slides.text("Credits", credits, "\n".join(course.credits))
    buffer = io.BytesIO()
    deck.save(buffer)
    return to_zip(from_zip(buffer.getvalue()), first="[Content_Types].xml")


def _welcome(course: Course) -> str:
    points = course.lists["before"].points
    return "\n".join((course.texts["welcome"], course.texts["draft"], "", "Before the course:", *points))


def _unit(slides: _Slides, unit: Unit, course: Course) -> None:
    steps = "\n".join(f"{step.minutes} min {step.name}. {step.text}" for step in unit.steps)
    guide = "\n".join((unit.guide.title, *unit.guide.points)) if unit.guide.points else ""
    title = f"{unit.number}. {unit.question}"
    slides.text(title, _aims(unit), f"{steps}\n\n{guide}".strip())
    if unit.note:
        slides.text("Before you read", [unit.note, course.texts["pass"]], f"Read this aloud, then wait.\n{unit.note}")
    if unit.readings:
        _readings(slides, unit)
    if unit.sort == "evidence":
        slides.text("What a link can rest on", [course.texts["basis"], *course.trust], course.texts["basis"])
    if unit.sketch:
        slides.picture(
            f"How it hangs together ({unit.number})",
            to_png(unit.sketch),
            alt_text(unit.sketch),
            "\n".join(unit.sketch.told),
        )
    for choice in unit.choices:
        _choice(slides, choice)
    if unit.matching:
        names = {pair.right: pair.right_label for pair in unit.matching.pairs}
        lefts = [f"{place + 1}.  {shorten(pair.left_label, 80)}" for place, pair in enumerate(unit.matching.pairs)]
        rights = [f"{unit.matching.letters[right]}.  {names[right]}" for right in unit.matching.rights]
        told = [
            f"{place + 1} {unit.matching.letters[pair.right]}: {pair.because}"
            for place, pair in enumerate(unit.matching.pairs)
        ]
        slides.columns("Which belong together?", lefts, rights, "\n".join((unit.matching.ask, *told)))
    if unit.task:
        slides.text("Your plan", [unit.task], "Each person plans for their own role and may keep the sheet.")
    slides.text(
        "To talk about",
        unit.ask,
        "Choose one or two. Talk in pairs first; only those who want to speak in the whole group.",
    )
    if unit.reflect:
        slides.text("For yourself", [unit.reflect], course.texts["private"])


def _aims(unit: Unit) -> list[str]:
    """What people can do afterwards; nothing is said twice."""
    first, *others = unit.aims or ("talk about it",)
    return [f"After this part you can {first}" + ("," if others else "."), *(f"and {other}." for other in others)]


def _readings(slides: _Slides, unit: Unit) -> None:
    """The names of what is read, as many as fit; what they say stands in the notes with its source."""
    title = {"words": "Words", "why": "What it is about", "do": "What can be done"}.get(unit.sort, "Read")
    shown = {_shown(reading, unit): reading for reading in unit.readings}
    for part in slides.fitting(list(shown)):
        told = [shown[text] for text in part]
        notes = [f"{each.label}\n{each.summary}\n{_reasons(each)}{each.place}. {each.iri}" for each in told]
        slides.text(title, part, "\n\n".join(notes))


def _shown(reading: Reading, unit: Unit) -> str:
    return f"{reading.label}: {reading.summary}" if unit.sort == "words" else shorten(reading.label)


def _reasons(reading: Reading) -> str:
    return "".join(
        f"{each.phrase} “{each.label}”: {each.because} ({each.basis}, {each.state})\n" for each in reading.reasons
    )


def _choice(slides: _Slides, choice: Question) -> None:
    options = [f"{LETTERS[place]}.  {shorten(option.text)}" for place, option in enumerate(choice.options)]
    answer = LETTERS[choice.options.index(choice.right)]
    told = [f"{LETTERS[place]}. {option.told}" for place, option in enumerate(choice.options)]
    slides.text("Which one fits?", [choice.ask, *options], "\n".join((f"{answer} fits.", *told)), plain=True)


class _Slides:
    """Adds slides to a deck."""

    def __init__(self, deck: Any) -> None:
        self._deck = deck

    def first(self, title: str, text: str, notes: str) -> None:
        from pptx.util import Inches

        slide = self._deck.slides.add_slide(self._deck.slide_layouts[0])
        slide.shapes.title.text = title
        _set_box(slide.shapes.title, (0.9, 2.0, 11.5, 1.6))
        _fit(slide.shapes.title.text_frame, 44, 11.5)
        _set_box(slide.placeholders[1], (0.9, 3.7, 11.5, 1.5))
        self._fill(slide.placeholders[1], text.split("\n"), True, _TITLE[2])
        bar = slide.shapes.add_shape(1, 0, 0, Inches(0.28), Inches(HIGH))._element
        self._deck.slide_master.shapes._spTree.insert(2, bar)  # behind everything, on every slide
        _color_bar(bar)
        self._note(slide, notes)

    def text(self, title: str, points: Sequence[str], notes: str, *, plain: bool = False) -> None:
        """Slides with a few points each, as many slides as they need. :param plain: without bullets."""
        parts = self.fitting(points)
        for part in parts:
            slide = self._deck.slides.add_slide(self._deck.slide_layouts[1])
            self._title(slide, title if part is parts[0] else f"{title} (continued)")
            self._fill(slide.placeholders[1], part, plain or len(points) == 1)
            self._note(slide, notes if part is parts[0] else "")

    def columns(self, title: str, lefts: Sequence[str], rights: Sequence[str], notes: str) -> None:
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[3])
        self._title(slide, title)
        left, top, width, height = _BODY
        for place, points in enumerate((lefts, rights)):
            body = slide.placeholders[place + 1]
            _set_box(body, (left + place * (width / 2 + 0.1), top, width / 2 - 0.1, height))
            self._fill(body, points, True, width / 2 - 0.1)
        self._note(slide, notes)

    def picture(self, title: str, png: bytes, alt: str, notes: str) -> None:
        from pptx.util import Inches

        slide = self._deck.slides.add_slide(self._deck.slide_layouts[5])
        self._title(slide, title)
        left, top, width, height = _BODY
        shape = slide.shapes.add_picture(io.BytesIO(png), Inches(left), Inches(top))
        scale = min(Inches(width) / shape.width, Inches(height) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape.left += (Inches(width) - shape.width) // 2
        shape._element.nvPicPr.cNvPr.set("descr", alt)
        self._note(slide, notes)

    def fitting(self, points: Sequence[str]) -> list[list[str]]:
        """Points in groups that each fit a slide in the smallest size."""
        groups: list[list[str]] = [[]]
        for point in points:
            if groups[-1] and not _size([*groups[-1], point], _BODY[2]):
                groups.append([])
            groups[-1].append(point)
        return groups

    def _title(self, slide: Any, title: str) -> None:
        slide.shapes.title.text = title
        _set_box(slide.shapes.title, _TITLE)
        _fit(slide.shapes.title.text_frame, 34, _TITLE[2])

    def _fill(self, body: Any, points: Sequence[str], plain: bool, width: float = _BODY[2]) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        if width == _BODY[2] and points and body.placeholder_format.type != 4:
            _set_box(body, _BODY)
        frame = body.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        size = _size(points, width) or SIZES[-1]
        for place, point in enumerate(points):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.text, paragraph.alignment = point, PP_ALIGN.LEFT
            paragraph.space_after = Pt(size * 0.4)
            for run in paragraph.runs:
                run.font.size = Pt(size)
            if plain:
                properties = paragraph._p.get_or_add_pPr()
                properties.set("marL", "0")
                properties.set("indent", "0")
                properties.insert(
                    0, properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}buNone", {})
                )
                _spacing_first(properties)

    def _note(self, slide: Any, notes: str) -> None:
        slide.notes_slide.notes_text_frame.text = notes


def _color_bar(bar: Any) -> None:
    """A plain band without a line around it, which says nothing."""
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    look = bar.spPr
    fill = look.makeelement(f"{drawing}solidFill", {})
    fill.append(look.makeelement(f"{drawing}srgbClr", {"val": _LOUD}))
    line = look.makeelement(f"{drawing}ln", {})
    line.append(look.makeelement(f"{drawing}noFill", {}))
    look.extend([fill, line])


def _spacing_first(properties: Any) -> None:
    """The schema wants spacing before bullets."""
    spacing = [child for child in properties if child.tag.endswith(("lnSpc", "spcBef", "spcAft"))]
    for place, child in enumerate(spacing):
        properties.remove(child)
        properties.insert(place, child)


def _size(points: Sequence[str], width: float) -> int | None:
    """The largest size in which all points fit, None if they do not in the smallest."""
    for size in SIZES:
        letters = int((width - 0.5) * 72 / (size * _LETTER))
        lines = sum(-(-len(point) // letters) for point in points)
        if (lines * _LINE + len(points) * 0.4) * size <= _BODY[3] * 72:
            return size
    return None


def _fit(frame: Any, size: int, width: float) -> None:
    """A title in one or two lines."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Pt

    text = frame.text
    while len(text) > 2 * int(width * 72 / (size * _LETTER)) and size > 22:
        size -= 2
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), True
            run.font.color.rgb = RGBColor.from_string(_LOUD)  # type: ignore[no-untyped-call]


def _set_box(shape: Any, box: tuple[float, float, float, float]) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (Inches(value) for value in box)


def _set_up(deck: Any, course: Course) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    scale = Inches(WIDE) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    fill = deck.slide_master.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(_PAPER)  # type: ignore[no-untyped-call]
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            shape.left, shape.width = int(shape.left * scale), int(shape.width * scale)
            if shape.placeholder_format.type in (1, 3):  # titles
                for paragraph in shape.text_frame.paragraphs:
                    paragraph.alignment = PP_ALIGN.LEFT
                    paragraph.font.color.rgb = RGBColor.from_string(_LOUD)  # type: ignore[no-untyped-call]
    styles = deck.slide_master._element.find(".//{*}txStyles")
    for level in styles.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}lvl1pPr"):
        if level.getparent().tag.endswith("titleStyle"):
            level.set("algn", "l")
    when = datetime.fromisoformat(course.date)
    properties = deck.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.title, properties.subject, properties.language = course.title, about(course), course.language
    properties.comments, properties.keywords, properties.category = "", "", ""
    properties.created = properties.modified = when
    properties.revision = 1
