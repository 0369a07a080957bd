"""Read one YAML file as mappings, lists and text, each with its place. Refuses what YAML would quietly turn into something else.

Every scalar stays text (``no``, ``012`` and ``12:30:45`` too): the schema decides types, not the spelling. Anchors, aliases, merge
keys and tags are refused, so are duplicate keys, control characters and characters that turn the direction of text. It works on
parser events, never on recursion, so deep nesting is an error message and not a crash.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import Problem

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

# Zero-width joiner and non-joiner stay allowed: Persian and Indic names need them.
_INVISIBLE = (
    r"\u00ad\u200b\u2060-\u2064\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"
)
# All but tab and line feed; halves of characters too, and what is no character at all.
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_FORBIDDEN = re.compile(f"[{_INVISIBLE}{_CONTROLS}]")


@dataclass
class Node:
    """A value and its place; ``value`` is ``str``, ``list[Node]`` or ``dict[str, Node]``. Lines and columns count from 1."""

    value: Any
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, line: int, column: int, what: str, cure: str) -> None:
        super().__init__(what)
        self.place = (line, column, what, cure)


def read_yaml(path: Path, name: str = "") -> tuple[Node | None, list[Problem]]:
    """Read the one document of a file.

    :param name: how the file is called in problems; its path if not given.
    :returns: the root and no problem, or None and what is wrong. Only the first fault of a file that cannot be read is told,
        but every duplicate key and every forbidden character.
    """
    name = name or str(path)
    found: list[Problem] = []

    def problem(line: int, column: int, what: str, cure: str) -> None:
        found.append(Problem(name, line, column, "error", "", what, cure))

    try:
        raw = path.read_bytes()
    except OSError as error:
        problem(0, 0, f"cannot be read ({error.strerror})", "check that the file exists and may be read")
        return None, found
    if len(raw) > MAX_BYTES:
        problem(0, 0, f"has {len(raw)} bytes, more than {MAX_BYTES}", "split the file in two")
        return None, found
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem(line, error.start - raw.rfind(b"\n", 0, error.start), "is not UTF-8 here", "save the file as UTF-8")
        return None, found
    try:
        return _build(text, problem), found
    except _Refused as refused:
        problem(*refused.place)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else _place_of_character(text, error)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        problem(line, column, f"is not YAML: {what}", "look at this line and the one above: indent, quotes, colons")
    return None, found


def _place_of_character(text: str, error: yaml.YAMLError) -> tuple[int, int]:
    before = text[: getattr(error, "position", 0)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _events(text: str) -> Iterator[Any]:
    # The C parser reports a place for each event as the pure one does, several times faster; both are iterative.
    yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _build(text: str, problem: Any) -> Node | None:
    root: Node | None = None
    stack: list[tuple[Node, list[Any]]] = []  # open containers; the list holds the pending key of a mapping
    for event in _events(text):
        if isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)):
            continue
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise _Refused(line, column, "a second document begins", "one document a file: remove the line ---")
            continue
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                line,
                column,
                "an anchor or alias (& or *) is used",
                "write the value out; quote text that begins with & or *",
            )
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
            continue
        if event.tag is not None:
            raise _Refused(
                line,
                column,
                f"a tag ({event.tag}) is used",
                "remove it: every value is text; quote text that begins with !",
            )
        if isinstance(event, yaml.ScalarEvent):
            node = Node(unicodedata.normalize("NFC", event.value), line, column)
            if forbidden := _FORBIDDEN.search(event.value):
                problem(
                    line,
                    column,
                    f"holds the character U+{ord(forbidden[0]):04X}",
                    "remove it: it cannot be seen or turns the text around",
                )
        elif isinstance(event, yaml.MappingStartEvent):
            node = Node({}, line, column)
        else:
            node = Node([], line, column)
        if not stack:
            root = node
        else:
            _attach(stack[-1], node, problem)
        if not isinstance(event, yaml.ScalarEvent):
            if len(stack) == MAX_DEPTH:
                raise _Refused(line, column, f"is nested more than {MAX_DEPTH} deep", "check the indent")
            stack.append((node, []))
    return root


def _attach(top: tuple[Node, list[Any]], node: Node, problem: Any) -> None:
    parent, pending = top
    if isinstance(parent.value, list):
        parent.value.append(node)
    elif not pending:
        if not isinstance(node.value, str):
            raise _Refused(node.line, node.column, "a key is not a word", "check the indent and the colons")
        if node.value == "<<":
            raise _Refused(node.line, node.column, "a merge key (<<) is used", "write the fields out")
        pending.append(node)
    else:
        key = pending.pop()
        if key.value in parent.value:
            first = parent.keys[key.value][0]
            problem(
                key.line,
                key.column,
                f"the key {key.value!r} stands here a second time (first on line {first})",
                "keep one of the two",
            )
        else:
            parent.value[key.value] = node
            parent.keys[key.value] = (key.line, key.column)
