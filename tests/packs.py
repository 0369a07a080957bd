"""What the tests of packs share: two courses of the real graph, made once, and independent readers of what is written."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

STORY = ("topic-storytelling", "search:consent")
TITLE = "Storytelling and consent"
HOSTILE = '=1+1 <script>alert(1)</script> & "{}~:#" 名前 \u202e]]> ../../x'


def files_of(data: bytes) -> dict[str, bytes]:
    """The files in a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def parse(data: bytes) -> ET.Element:
    """XML, or an error."""
    return ET.fromstring(data)


def words_of(element: ET.Element) -> str:
    """All text of an element."""
    return " ".join("".join(element.itertext()).split())
