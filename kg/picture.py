"""One item with its links as an interactive picture: a single file that opens offline and says the same in words below."""

from __future__ import annotations

import math
from pathlib import Path

from .results import Description

# Colours that differ in lightness too, and a shape a kind, so that nothing hangs on colour alone.
_LOOKS = {
    "barrier": ("diamond", "#b35900"),
    "action": ("dot", "#0b4f79"),
    "commitment": ("star", "#1c5d3a"),
    "ally-recommendation": ("square", "#7a4fa3"),
    "capacity": ("triangle", "#2f7f86"),
}
_OTHER = ("hexagon", "#767b85")


def write_picture(description: Description, path: Path) -> None:
    """Write the picture of an item and its neighbours.

    pyvis draws, through a template of ours: its own loads from other hosts in every mode and escapes too little. Positions are set
    here, so that the same item gives the same bytes.
    """
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    item, links = description.item, description.links
    _add_node(network, item.id, item.kind, item.label, 0, 0)
    for place, link in enumerate(links):
        angle = 2 * math.pi * place / len(links)
        reach = 320 if len(links) < 16 or place % 2 else 480
        if link.other.id not in network.get_nodes():
            x, y = round(reach * math.cos(angle)), round(reach * math.sin(angle))
            _add_node(network, link.other.id, link.other.kind, link.other.label, x, y)
        start, end = (item.id, link.other.id) if link.direction == "out" else (link.other.id, item.id)
        dashes = {"direct": False, "contributing": [10, 6]}.get(link.strength or "", [2, 4])
        network.add_edge(start, end, title=link.because or link.phrase, dashes=dashes, color="#767b85")
    network.set_template_dir(str(Path(__file__).parent / "templates"), "picture.html")
    network.templateEnv = Environment(loader=FileSystemLoader(network.template_dir), autoescape=True)
    script, sheet = read_vis()
    shapes = {
        kind: _LOOKS.get(kind, _OTHER)[0] for kind in dict.fromkeys([item.kind, *(link.other.kind for link in links)])
    }
    network.templateEnv.globals.update(
        description=description,
        shapes=shapes,
        vis_js=Markup(script),  # noqa: S704 - the library's own file
        vis_css=Markup(sheet),  # noqa: S704
    )
    path.write_text(network.generate_html(), encoding="utf-8", newline="\n")


def read_vis() -> tuple[str, str]:
    """Script and style sheet of vis-network, which pyvis brings along, to stand inside a page."""
    library = Path(_folder_of("pyvis")) / "templates" / "lib" / "vis-9.1.2"
    script, sheet = ((library / f"vis-network.{name}").read_text(encoding="utf-8") for name in ("min.js", "css"))
    return script, sheet


def _add_node(network: object, item: str, kind: str, label: str, x: int, y: int) -> None:
    shape, color = _LOOKS.get(kind, _OTHER)
    words, lines = label.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 24:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    network.add_node(item, label="\n".join(lines), title=f"{label} ({kind})", shape=shape, color=color, x=x, y=y)  # type: ignore[attr-defined]


def _folder_of(package: str) -> str:
    from importlib.util import find_spec

    spec = find_spec(package)
    assert spec and spec.submodule_search_locations
    return spec.submodule_search_locations[0]
