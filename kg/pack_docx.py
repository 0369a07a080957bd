"""Blocks as a Word document: real headings, lists and tables, pictures with words for them. Same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .pack_blocks import AUTHOR, Block
from .pack_sketch import alt_text, to_png
from .zipping import from_zip, to_zip

_STYLES = {
    "text": "Normal",
    "small": "Small",
    "link": "Small",
    "note": "Note",
    "label": "Label",
    "points": "List Bullet",
}
# Inches of the columns of a table, by the first word of its header.
_WIDE = {
    "Time": (0.7, 4.8, 0.9),
    "Word": (1.6, 4.8),
    "Step": (1.1, 5.3),
    "Your plan": (1.8, 4.6),
    "Link": (2.4, 2.4, 0.8, 0.8),
    "Item": (4.4, 2.0),
}
_INK, _GREY, _TINT = "20262E", "565D66", "F3EEE6"


def to_docx(blocks: Iterable[Block], *, title: str, date: str, language: str, about: str) -> bytes:
    """The document. :param date: as 2026-11-26; it is the date of the file too. :param about: one line, for the properties."""
    from docx import Document

    document = Document()
    _set_up(document, title, date, language, about)
    pages, told = False, list(blocks)
    for place, block in enumerate(told):
        if block.sort == "page":
            pages = True
            continue
        first = _write(document, block)
        if first is not None and any(each.sort == "lines" for each in told[place + 1 : place + 3]):
            first.paragraph_format.keep_with_next = True  # a question stands above the lines for its answer
        if pages and first is not None:
            first.paragraph_format.page_break_before, pages = True, False
    buffer = io.BytesIO()
    document.save(buffer)
    return to_zip(from_zip(buffer.getvalue()), first="[Content_Types].xml")


def _write(document: Any, block: Block) -> Any:
    """Write one block; gives its first paragraph, if it is one."""
    match block.sort:
        case "title":
            return document.add_heading(block.text, 0)
        case "heading" | "subheading":
            return document.add_heading(block.text, 1 if block.sort == "heading" else 2)
        case "points":
            paragraphs = [document.add_paragraph(item, style="List Bullet") for item in block.items]
            return paragraphs[0] if paragraphs else None
        case "numbers":
            for place, item in enumerate(block.items):
                paragraph = document.add_paragraph(f"{'abcdefgh'[place]}.\t{item}", style="Option")
                paragraph.paragraph_format.keep_with_next = place + 1 < len(block.items)
        case "table":
            _table(document, block.rows)
        case "picture" if block.sketch:
            _picture(document, block)
        case "lines":
            for place in range(block.count):
                line = document.add_paragraph("", style="Lines")
                line.paragraph_format.keep_with_next = place + 1 < block.count
        case "link":
            paragraph = document.add_paragraph(f"{block.text} ", style="Small")
            _link(paragraph, block.href)
        case _:
            return document.add_paragraph(block.text, style=_STYLES[block.sort])
    return None


def _set_up(document: Any, title: str, date: str, language: str, about: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt, RGBColor

    when = datetime.fromisoformat(date)
    properties = document.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.title, properties.subject, properties.language = title, about, language
    properties.comments, properties.keywords, properties.category = "", "", ""
    properties.created = properties.modified = when
    properties.revision = 1
    for section in document.sections:
        section.page_width, section.page_height = Inches(8.27), Inches(11.69)
        section.left_margin = section.right_margin = Inches(0.9)
        section.top_margin = section.bottom_margin = Inches(0.9)
        _page_numbers(section.footer.paragraphs[0], title)
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11.5)
    normal.font.color.rgb = RGBColor.from_string(_INK)
    normal.paragraph_format.space_after = Pt(6)
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), language)
    normal.element.get_or_add_rPr().append(tag)
    for name, size in (("Title", 26), ("Heading 1", 18), ("Heading 2", 13.5)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), RGBColor.from_string("0B4F79")
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(12)
    for name in ("Small", "Note", "Label", "Option", "Lines"):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
    styles["Small"].font.size, styles["Small"].font.color.rgb = Pt(9.5), RGBColor.from_string(_GREY)
    styles["Label"].font.bold = True
    styles["Label"].paragraph_format.keep_with_next = True
    styles["Label"].paragraph_format.space_before = Pt(8)
    option = styles["Option"].paragraph_format
    option.left_indent, option.first_line_indent, option.space_after = Inches(0.5), Inches(-0.3), Pt(2)
    option.tab_stops.add_tab_stop(Inches(0.5))
    option.keep_together = True
    _frame(styles["Note"], {"left": "24"}, _TINT)
    styles["Note"].paragraph_format.keep_together = True
    _frame(styles["Lines"], {"bottom": "4", "between": "4"}, "")
    styles["Lines"].paragraph_format.space_after = Pt(10)
    styles["Lines"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _frame(style: Any, sides: dict[str, str], fill: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = style.element.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    for side, size in sides.items():
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("space", "6"), ("color", "B35900" if fill else "9AA0A6")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    if fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), fill)
        properties.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc")


def _page_numbers(paragraph: Any, title: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.text, paragraph.alignment = f"{title}  ·  ", WD_ALIGN_PARAGRAPH.RIGHT
    for sort, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        piece = OxmlElement("w:fldChar" if sort else "w:instrText")
        if sort:
            piece.set(qn("w:fldCharType"), sort)
        else:
            piece.text = text
        run._r.append(piece)


def _table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Inches, Pt

    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style, table.autofit = "Table Grid", False
    widths = _WIDE.get(rows[0][0], (6.4 / len(rows[0]),) * len(rows[0]))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for place, row in enumerate(rows):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = Inches(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(text)
            run.bold = place == 0
            if not place:
                paragraph.paragraph_format.keep_with_next = True
            if not text:
                paragraph.paragraph_format.space_after = Pt(26)  # room to write
        properties = table.rows[-1]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if not place:
            properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph("", style="Small")


def _picture(document: Any, block: Block) -> None:
    from docx.shared import Inches

    assert block.sketch
    document.add_picture(io.BytesIO(to_png(block.sketch)), width=Inches(6.4))
    shape = document.inline_shapes[-1]._inline.docPr
    shape.set("descr", alt_text(block.sketch))
    shape.set("title", block.sketch.title)


def _link(paragraph: Any, href: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(href.rpartition("/")[2])
    run.underline = True
    link.append(run._r)
    paragraph._p.append(link)
