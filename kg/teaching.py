"""Read data/teaching/*.yaml: the words that people wrote for trainers, by topic, difficulty, actor and kind of unit. No course here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .course_results import Points
from .errors import Problem

if TYPE_CHECKING:
    from .strict_yaml import Node

FOLDER = "teaching"
# What a file holds: prompts (a question and what goes with it), texts or lists of points.
PROMPTS, TEXTS, LISTS = ("topics", "groups", "mixed", "actors", "kinds"), ("texts",), ("lists", "guides")
_TEXT_KEYS = ("question", "aim", "reflect", "names", "care", "practice")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a trainer asks about something. :ivar aim: what people can do afterwards; begins with a verb.
    :ivar ask: for the group. :ivar reflect: for each person alone. :ivar names: what a content note says that the part names.
    :ivar care: what the note adds. :ivar practice: a task."""

    id: str
    question: str
    aim: str
    ask: tuple[str, ...]
    reflect: str
    names: str = ""
    care: str = ""
    practice: str = ""


@dataclass(frozen=True)
class Teaching:
    """Every text for trainers, by section and id."""

    prompts: Mapping[str, Mapping[str, Prompt]]
    texts: Mapping[str, str]
    lists: Mapping[str, Points]
    guides: Mapping[str, Points]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Teaching:
        """The texts as a build carries them."""
        prompts = {
            section: {key: Prompt(**{**value, "id": key, "ask": tuple(value["ask"])}) for key, value in found.items()}
            for section, found in data["prompts"].items()
        }
        points = {
            section: {key: Points(value["title"], tuple(value["points"])) for key, value in data[section].items()}
            for section in LISTS
        }
        return cls(prompts, data["texts"], points["lists"], points["guides"])


def read_teaching(folder: Path, known: Mapping[str, Collection[str]]) -> tuple[dict[str, Any], list[Problem]]:
    """The texts as plain data, and what is wrong in them; empty, where there is no such folder.

    :param known: section -> the ids that it may use, as ``{"topics": [...]}``; sections that are not named may use any.
    """
    from .strict_yaml import read_yaml  # a course is made from the build and needs no YAML

    data: dict[str, Any] = {"prompts": {section: {} for section in PROMPTS}, "texts": {}, "lists": {}, "guides": {}}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        root, faults = read_yaml(path, path.as_posix())
        problems += faults
        if root is not None:
            _File(path.as_posix(), data, problems, known).read(root)
    return data, problems


class _File:
    def __init__(
        self, name: str, data: dict[str, Any], problems: list[Problem], known: Mapping[str, Collection[str]]
    ) -> None:
        self.name, self.data, self.problems, self.known = name, data, problems, known

    def read(self, root: Node) -> None:
        if not isinstance(root.value, dict):
            self._say(root, "", "the file does not begin with keys", f"begin with one of {', '.join(PROMPTS)}")
            return
        for section, entries in root.value.items():
            if section not in (*PROMPTS, *TEXTS, *LISTS):
                self._say(entries, "", f"the key {section!r} is not known", f"one of {', '.join(PROMPTS + LISTS)}")
            elif not isinstance(entries.value, list):
                self._say(entries, "", f"{section!r} holds no list", "write each entry after a '- '")
            else:
                for entry in entries.value:
                    self._entry(section, entry)

    def _entry(self, section: str, node: Node) -> None:
        named = node.value.get("id") if isinstance(node.value, dict) else None
        key = named.value if named else None
        if not isinstance(key, str):
            self._say(node, "", "an entry has no id", "begin it with 'id:'")
            return
        target = self.data["prompts"][section] if section in PROMPTS else self.data[section]
        if section in self.known and key not in self.known[section]:
            self._say(node, key, f"nothing has the id {key!r}", f"use an id that {section} are known by")
        if key in target:
            self._say(node, key, f"{key!r} is said twice", "keep one of the two")
        if section in TEXTS:
            target[key] = self._texts(node, key, ("text",), ())["text"]
        elif section in LISTS:
            target[key] = self._texts(node, key, ("title",), ("points",))
        else:
            target[key] = self._texts(node, key, ("question", "aim", "reflect"), ("ask",))

    def _texts(self, node: Node, key: str, texts: tuple[str, ...], lists: tuple[str, ...]) -> dict[str, Any]:
        """The texts and lists of an entry: those named must be there, the other keys of prompts may be."""
        free = _TEXT_KEYS if lists == ("ask",) else ()
        found: dict[str, Any] = dict.fromkeys(texts, "") | {name: [] for name in lists}
        for name, child in node.value.items():
            if name in (*texts, *free) and isinstance(child.value, str) and child.value.strip():
                found[name] = child.value
            elif name in lists and isinstance(child.value, list):
                found[name] = [each.value for each in child.value if isinstance(each.value, str)]
            elif name != "id":
                self._say(child, key, f"the key {name!r} is not known here or empty", "look at the entries around")
        for name in (*texts, *lists):
            if not found[name]:
                self._say(node, key, f"{name!r} is missing", "write it; these words are for people")
        return found

    def _say(self, node: Node, item: str, what: str, cure: str) -> None:
        self.problems.append(Problem(self.name, node.line, node.column, "error", item, what, cure))
