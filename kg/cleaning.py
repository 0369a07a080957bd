"""Text that every format can hold: without the characters that XML forbids and that nobody can see. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from .subgraph import Subgraph

# Control characters but tab and line feed, lone surrogates, and the two that are no characters: XML 1.0 has no way to write them.
# Carriage returns wait until the rest is gone, so that one that comes to stand before a line feed ends the same line.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ESCAPED = re.compile(r"\\(\\|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
_ESCAPED_RETURN = re.compile(r"\\(\\|r(?:\\n)?)")


def clean_text(text: str) -> str:
    """A text without what no format can hold; every end of a line becomes a line feed.

    >>> clean_text("a\\x00b\\r\\nc\\ufffe")
    'ab\\nc'
    """
    return _UNWRITABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def clean_triples(ntriples: str) -> str:
    """N-Triples whose texts are as :func:`clean_text` leaves them, where signs stand as they are and where they are escaped.

    >>> print(clean_triples(r'<a> <b> "one\\r\\ntwo\\u0001 \\\\r" .'))
    <a> <b> "one\\ntwo \\\\r" .
    >>> print(clean_triples(r'<a> <b> "one\\r\\u000B\\ntwo\\u000D" .'))
    <a> <b> "one\\ntwo\\n" .
    """
    written = _ESCAPED.sub(_clean_escape, clean_text(ntriples))
    return _ESCAPED_RETURN.sub(lambda found: found[0] if found[1] == "\\" else r"\n", written)


def _clean_escape(found: re.Match[str]) -> str:
    if found[1] == "\\":
        return found[0]
    sign = chr(int(found[1][1:], 16))
    return r"\r" if sign == "\r" else found[0] if clean_text(sign) else ""


def clean_part(part: Subgraph) -> Subgraph:
    """The part with all of its texts cleaned, so that no writer has to think of it."""
    told = {each.name: _clean(getattr(part, each.name)) for each in fields(part) if each.compare}
    return replace(part, **told)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(_clean(each) for each in value)
    if isinstance(value, Mapping):
        return {_clean(key): _clean(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _clean(getattr(value, each.name)) for each in fields(value)})
    return value
