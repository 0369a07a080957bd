"""Blocks as HTML: for the pages of a cartridge, the printed handout and the page that works offline. Everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .pack_blocks import Block
from .pack_sketch import to_svg


def to_html(blocks: Iterable[Block], *, level: int = 1, name: str = "p") -> str:
    """Blocks as a piece of HTML.

    :param level: of the heading that a title becomes. :param name: begins the ids of pictures, unlike that of other pieces of the page.

    >>> to_html([Block("title", "A & B"), Block("points", items=("one",))])
    '<h1>A &amp; B</h1>\\n<ul><li>one</li></ul>'
    """
    headings = {"title": f"h{level}", "heading": f"h{level + 1}", "subheading": f"h{level + 2}"}
    parts = []
    pages = ""
    for place, block in enumerate(blocks):
        text = escape(block.text)
        match block.sort:
            case "title" | "heading" | "subheading":
                tag = headings[block.sort]
                parts.append(f"<{tag}{pages}>{text}</{tag}>")
                pages = ""
            case "text":
                parts.append(f"<p>{text}</p>")
            case "label":
                parts.append(f'<p class="label"><strong>{text}</strong></p>')
            case "small":
                parts.append(f'<p class="small">{text}</p>')
            case "note":
                parts.append(f'<p class="note">{text}</p>')
            case "link":
                name_of = escape(block.href.rpartition("/")[2])
                parts.append(f'<p class="small">{text} <a href="{escape(block.href)}">{name_of}</a></p>')
            case "points":
                parts.append(f"<ul>{_items(block)}</ul>")
            case "numbers":
                parts.append(f'<ol type="a">{_items(block)}</ol>')
            case "table":
                parts.append(_table(block))
            case "picture" if block.sketch:
                parts.append(f'<figure tabindex="0">{to_svg(block.sketch, f"{name}{place}")}</figure>')
            case "lines":
                parts.append('<div class="lines" aria-hidden="true">' + "<hr>" * block.count + "</div>")
            case "page":
                pages = ' class="page"'
    return "\n".join(parts)


def _items(block: Block) -> str:
    return "".join(f"<li>{escape(item)}</li>" for item in block.items)


def _table(block: Block) -> str:
    head, *rows = block.rows
    first = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell) or '&nbsp;'}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{first}</tr></thead><tbody>{body}</tbody></table>"
