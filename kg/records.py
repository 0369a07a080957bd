"""What an author wrote: one item, source or link with its file and line. Plain data."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .errors import Problem


@dataclass
class Record:
    """One item, source or link as its author wrote it.

    :ivar kind: the kind id; "link" for a link. :ivar fields: key -> text or list of texts; children are lists of ids.
    :ivar marks: key -> (line, column), so that a later finding can be told by place.
    """

    id: str
    kind: str
    fields: dict[str, Any]
    file: str
    line: int
    column: int
    source: str = ""
    parent: str = ""
    marks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def problem(self, what: str, cure: str, *, key: str = "", severity: str = "error") -> Problem:
        """A problem of this record, placed at the field *key* if it has it."""
        line, column = self.marks.get(key, (self.line, self.column))
        return Problem(self.file, line, column, severity, self.id, what, cure)


@contextmanager
def no_collecting() -> Iterator[None]:
    """No garbage is looked for meanwhile: while millions of small objects are made and kept, looking costs half the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def link_id(start: str, relation: str, end: str) -> str:
    """The id of a link, made from what it joins.

    >>> link_id("ap-action-3.2.11", "addresses", "ap-barrier-2.6")
    'ap-action-3.2.11--addresses--ap-barrier-2.6'
    """
    return f"{start}--{relation}--{end}"
