"""Text broken into lines of a terminal, for every room that prints. Standard library only."""

from __future__ import annotations

from textwrap import fill

WIDTH = 100


def wrap(text: str, indent: int) -> str:
    """A text in lines of at most WIDTH characters, all of them indented.

    >>> wrap("in all", 2)
    '  in all'
    """
    space = " " * indent
    return fill(text, WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)
