"""A small reader of question banks in GIFT, written from its description and not from our writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def read_gift(text: str) -> list[Mapping[str, object]]:
    """Read a bank back: id, question, and answers as (right, text, told); for what was written here, and for tests of it."""
    found: list[Mapping[str, object]] = []
    rest = "\n".join(line for line in text.splitlines() if not line.startswith(("//", "$CATEGORY")))
    while "::" in rest:
        _, name, rest = rest.split("::", 2)
        ask, rest = _cut(rest, "{")
        body, rest = _cut(rest, "}")
        found.append({"id": _plain(name), "ask": _plain(ask), "answers": _answers(body)})
    return found


def _answers(body: str) -> Sequence[tuple[bool, str, str]]:
    answers = []
    for line in filter(None, (line.strip() for line in body.splitlines())):
        text, told = _cut(line[1:], "#")
        answers.append((line[0] == "=", _plain(text), _plain(told)))
    return answers


def _cut(text: str, sign: str) -> tuple[str, str]:
    """Before and after the first *sign* that is not escaped."""
    for place, letter in enumerate(text):
        escapes = len(text[:place]) - len(text[:place].rstrip("\\"))
        if letter == sign and escapes % 2 == 0:
            return text[:place], text[place + 1 :]
    return text, ""


def _plain(text: str) -> str:
    for letter in "~=#{}:":
        text = text.replace(f"\\{letter}", letter)
    return text.replace("\\\\", "\\").strip()
