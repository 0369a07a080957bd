"""A course as an IMS Common Cartridge 1.1, which Moodle and Canvas take: pages, quizzes in QTI 1.2, links. Same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from xml.etree import ElementTree as ET

from .course_results import Course, Question, Unit
from .pack_blocks import AUTHOR, Block, about, build_end, build_guide, build_unit
from .pack_html import to_html
from .subgraph import LICENCE, LICENCE_URL
from .zipping import to_zip

CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
LINK = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"
_QUIZ, _WEB = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "imswl_xmlv1p1"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the course shows. :ivar sort: webcontent, or the type of a quiz or link. :ivar file: its name in the cartridge."""

    id: str
    sort: str
    title: str
    file: str
    data: bytes


def to_imscc(course: Course) -> bytes:
    """The cartridge: an introduction, a module for each unit with its page and its quiz, sources as links, and the end."""
    modules = [("Welcome", [_page("welcome", "Before you begin", _welcome(course), course)])]
    for unit in course.units:
        parts = [_page(f"unit-{unit.number}", unit.question, build_unit(_without_quiz(unit), course), course)]
        if unit.choices:
            parts.append(
                Part(
                    f"quiz-{unit.number}",
                    _QUIZ,
                    f"Which one fits? ({unit.number})",
                    f"quiz-{unit.number}/quiz.xml",
                    _quiz(unit),
                )
            )
        modules.append((f"{unit.number}. {unit.question}", parts))
    pages = [source for source in course.part.sources if source.page]
    links = [
        Part(f"link-{each.id}", _WEB, each.title, f"links/{each.id}.xml", _link(each.title, each.page))
        for each in pages
    ]
    end = _page("credits", "How far to trust this, and credits", build_end(course), course)
    modules.append(("Sources and credits", [*links, end]))
    guide = _page("guide", "For the facilitator only", build_guide(course), course)
    modules.append(("For the facilitator (hide this from participants)", [guide]))
    files = {part.file: part.data for _, parts in modules for part in parts}
    return to_zip({"imsmanifest.xml": _manifest(course, modules), **files}, first="imsmanifest.xml")


def _without_quiz(unit: Unit) -> Unit:
    """The questions of a page with a quiz beside it stand in the quiz."""
    return replace(unit, choices=())


def _welcome(course: Course) -> list[Block]:
    agreement = course.lists["agreement"]
    told = [Block("title", course.title), Block("text", f"{about(course)}."), Block("note", course.texts["welcome"])]
    return [*told, Block("heading", agreement.title), Block("points", items=agreement.points)]


def _page(name: str, title: str, blocks: Iterable[Block], course: Course) -> Part:
    body = to_html(blocks, level=1, name=name)
    html = (
        f'<!DOCTYPE html>\n<html lang="{course.language}">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    return Part(name, "webcontent", title, f"pages/{name}.html", html.encode())


def _manifest(course: Course, modules: Sequence[tuple[str, Sequence[Part]]]) -> bytes:
    """Written by hand at its beginning: Moodle looks for the namespace among the first 500 bytes."""
    items, resources = [], []
    for place, (title, parts) in enumerate(modules):
        inside = "".join(
            f'<item identifier="item-{part.id}" identifierref="res-{part.id}"><title>{escape(part.title)}</title></item>'
            for part in parts
        )
        items.append(f'<item identifier="module-{place}"><title>{escape(title)}</title>{inside}</item>')
        for part in parts:
            href = f' href="{part.file}"' if part.sort == "webcontent" else ""
            resources.append(
                f'<resource identifier="res-{part.id}" type="{part.sort}"{href}><file href="{part.file}"/></resource>'
            )
    text = _HEAD + (
        f'<manifest xmlns="{CP}" xmlns:lomimscc="{LOM}" identifier="{course.part.file_name("course").rpartition(".")[0]}">\n'
        f"<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.1.0</schemaversion>{_lom(course)}</metadata>\n"
        '<organizations><organization identifier="course" structure="rooted-hierarchy"><item identifier="root">'
        f"{''.join(items)}</item></organization></organizations>\n<resources>{''.join(resources)}</resources>\n</manifest>\n"
    )
    return text.encode()


def _lom(course: Course) -> str:
    def said(name: str, text: str) -> str:
        return f'<lomimscc:{name}><lomimscc:string language="{course.language}">{escape(text)}</lomimscc:string></lomimscc:{name}>'

    general = f"{said('title', course.title)}<lomimscc:language>{course.language}</lomimscc:language>"
    general += said("description", f"{about(course)}. {AUTHOR}, {course.part.version}, {course.date}.")
    rights = "<lomimscc:copyrightAndOtherRestrictions><lomimscc:value>yes</lomimscc:value></lomimscc:copyrightAndOtherRestrictions>"
    rights += said("description", f"{LICENCE} {LICENCE_URL}. {' '.join(course.credits[1:])}")
    return f"<lomimscc:lom><lomimscc:general>{general}</lomimscc:general><lomimscc:rights>{rights}</lomimscc:rights></lomimscc:lom>"


def _link(title: str, address: str) -> bytes:
    link = ET.Element("webLink", xmlns=LINK)
    ET.SubElement(link, "title").text = title
    ET.SubElement(link, "url", href=address, target="_blank")
    return (_HEAD + ET.tostring(link, encoding="unicode") + "\n").encode()


def _quiz(unit: Unit) -> bytes:
    root = ET.Element("questestinterop", xmlns=QTI)
    quiz = ET.SubElement(root, "assessment", ident=f"quiz-{unit.number}", title=f"Which one fits? ({unit.number})")
    _fields(
        quiz,
        cc_profile="cc.exam.v0p1",
        qmd_assessmenttype="Examination",
        qmd_scoretype="Percentage",
        cc_maxattempts="unlimited",
    )
    section = ET.SubElement(quiz, "section", ident=f"section-{unit.number}")
    for place, choice in enumerate(unit.choices):
        _question(section, choice, f"q{unit.number}-{place + 1}")
    return (_HEAD + ET.tostring(root, encoding="unicode") + "\n").encode()


def _fields(parent: ET.Element, **fields: str) -> None:
    metadata = ET.SubElement(parent, "qtimetadata")
    for label, entry in fields.items():
        field = ET.SubElement(metadata, "qtimetadatafield")
        ET.SubElement(field, "fieldlabel").text = label
        ET.SubElement(field, "fieldentry").text = entry


def _material(parent: ET.Element, text: str) -> None:
    told = ET.SubElement(ET.SubElement(parent, "material"), "mattext", texttype="text/plain")
    told.text = text


def _question(section: ET.Element, choice: Question, name: str) -> None:
    item = ET.SubElement(section, "item", ident=name, title=choice.id)
    _fields(ET.SubElement(item, "itemmetadata"), cc_profile="cc.multiple_choice.v0p1")
    shown = ET.SubElement(item, "presentation")
    _material(shown, choice.ask)
    options = ET.SubElement(
        ET.SubElement(shown, "response_lid", ident="answer", rcardinality="Single"), "render_choice"
    )
    scoring = ET.SubElement(item, "resprocessing")
    outcomes = ET.SubElement(scoring, "outcomes")
    ET.SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    for place, option in enumerate(choice.options):
        label = f"{name}-{place}"
        _material(ET.SubElement(options, "response_label", ident=label), option.text)
        chosen = ET.SubElement(scoring, "respcondition", {"continue": "Yes"})
        ET.SubElement(ET.SubElement(chosen, "conditionvar"), "varequal", respident="answer").text = label
        if option.right:
            ET.SubElement(chosen, "setvar", action="Set", varname="SCORE").text = "100"
        ET.SubElement(chosen, "displayfeedback", feedbacktype="Response", linkrefid=f"{label}-told")
        feedback = ET.SubElement(item, "itemfeedback", ident=f"{label}-told")
        _material(ET.SubElement(feedback, "flow_mat"), option.told)
