"""Read data/*.yaml into plain records with file and line. Everything that is wrong becomes a Problem, all at once. No RDF here."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from pathlib import Path
from typing import Any

from .errors import MissingFolder, Problem
from .records import Record, link_id, no_collecting
from .references import check_references
from .strict_yaml import Node, read_yaml
from .terms import Terms
from .usage import read_uses

_ID = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
_LISTS = {"also", "hidden", "not", "notes", "about", "audiences"}
THESAURUS = "thesaurus.yaml"  # words for the search, not items: kg/thesaurus.py reads it
TEACHING = "teaching"  # words for trainers, not items: kg/teaching.py reads them
_ROOT_KEYS = ("sources", "links")
_LINK_KEYS = ("from", "relation", "to", "strength", "because", "basis", "state", "by", "on")
_SET_HERE = ("type", "position", "source")  # known from where an item stands, never written


def load_records(folder: Path, terms: Terms) -> tuple[list[Record], list[Problem]]:
    """Read every ``*.yaml`` below *folder*, and compute which items use a glossary term.

    :returns: the records in the order of file names and lines, and every problem found; a record with a problem is still given.
    :raises MissingFolder: if the folder holds no YAML.
    """
    files = sorted(path for path in folder.rglob("*.yaml") if path.name != THESAURUS and path.parent.name != TEACHING)
    if not files:
        raise MissingFolder(f"There is no YAML file below {folder}.", "Give the data folder with --data or KG_DATA.")
    reader = _Reader(terms)
    with no_collecting():
        for path in files:
            root, problems = read_yaml(path, _shown(path))
            reader.problems += problems
            if root is not None:
                reader.read_root(root, _shown(path))
        uses, wrong = read_uses(folder / "uses-term.tsv", reader.records)
        records = reader.records + uses
        return records, sorted([*reader.problems, *wrong, *check_references(records, terms)])


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


class _Reader:
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._item_keys = dict.fromkeys(_item_keys(terms))
        self._link_keys = dict.fromkeys([*_LINK_KEYS, "lines"])
        self.records: list[Record] = []
        self.problems: list[Problem] = []
        self._positions: Counter[tuple[str, str]] = Counter()

    def read_root(self, root: Node, file: str) -> None:
        if not isinstance(root.value, dict):
            self._say(
                file,
                root,
                "",
                "the file does not begin with keys",
                "begin with 'id:' of a source, 'sources:' or 'links:'",
            )
            return
        if "sources" in root.value:
            for node in self._children(file, root, "sources"):
                self._read_item(node, file, "source", "", "", 0)
        if "links" in root.value:
            for node in self._children(file, root, "links"):
                self._read_link(node, file)
        rest = [key for key in root.value if key not in _ROOT_KEYS]
        if not rest:
            return
        source = root.value["id"].value if "id" in root.value else ""
        if not source or not isinstance(source, str):
            self._say(
                file,
                root,
                "",
                "the file does not say which source its items come from",
                "begin with 'id:' and the id of the source",
            )
            return
        for key in rest:
            if key in self.terms.keys:
                self._read_children(root, key, file, source, source)
            elif key != "id":
                self._unknown(file, root, key, source, ["id", *_ROOT_KEYS, *self.terms.keys])
        # What stands directly under a source belongs to it, from whichever file it comes.
        keys = [key for key in rest if key in self.terms.keys and isinstance(root.value[key].value, list)]
        children = {key: _ids(root.value[key].value) for key in keys}
        record = Record(source, "", children, file, root.line, root.column, source)
        self.records.append(record)

    def _read_children(self, parent: Node, key: str, file: str, parent_id: str, source: str) -> None:
        relation = self.terms.relations[self.terms.keys[key]]
        for node in self._children(file, parent, key):
            self._positions[parent_id, key] += 1  # counts on from file to file
            self._read_item(node, file, relation.range[0], parent_id, source, self._positions[parent_id, key])

    def _children(self, file: str, parent: Node, key: str) -> list[Node]:
        node = parent.value[key]
        if not isinstance(node.value, list):
            self._say(file, node, "", f"{key!r} is not a list", "put a dash before each entry")
            return []
        good = [child for child in node.value if isinstance(child.value, dict)]
        for child in node.value:
            if not isinstance(child.value, dict):
                self._say(
                    file,
                    child,
                    "",
                    f"an entry of {key!r} has no keys",
                    "write 'id:', 'label:' and the other fields under the dash",
                )
        return good

    def _read_item(self, node: Node, file: str, kind: str, parent: str, source: str, position: int) -> None:
        fields = self._fields(node, file, self._item_keys)
        item = fields.get("id", "")
        if not _ID.fullmatch(item):
            what = f"the id {item!r} is not one" if item else "an entry has no id"
            self._say(
                file, node, item, what, "ids are lower-case letters, digits, dots and dashes, such as ap-action-3.2.11"
            )
            return
        record = Record(item, kind, fields, file, node.line, node.column, source or item, parent, node.keys)
        if position:
            fields["position"] = str(position)
            fields["source"] = source
        self.records.append(record)
        for key in [key for key in node.value if key in self.terms.keys]:
            relation = self.terms.relations[self.terms.keys[key]]
            if kind not in relation.domain:
                line, column = node.keys[key]
                self.problems.append(
                    Problem(
                        file,
                        line,
                        column,
                        "error",
                        item,
                        f"a {kind} cannot hold {key!r}",
                        f"only these can: {', '.join(relation.domain)}",
                    )
                )
                continue
            fields[key] = _ids(self._children(file, node, key))
            self._read_children(node, key, file, item, source)

    def _read_link(self, node: Node, file: str) -> None:
        fields = self._fields(node, file, self._link_keys)
        missing = [key for key in _LINK_KEYS if key not in fields]
        item = link_id(*(fields.get(key, "?") for key in ("from", "relation", "to")))
        if missing:
            self._say(
                file,
                node,
                item,
                f"the link has no {' and no '.join(missing)}",
                "every link says " + ", ".join(_LINK_KEYS),
            )
            return
        self.records.append(Record(item, "link", fields, file, node.line, node.column, marks=node.keys))

    def _fields(self, node: Node, file: str, allowed: dict[str, None]) -> dict[str, Any]:
        item = node.value["id"].value if "id" in node.value and isinstance(node.value["id"].value, str) else ""
        fields: dict[str, Any] = {}
        for key, child in node.value.items():
            if key in self.terms.keys and key in allowed:
                continue
            if key not in allowed:
                self._unknown(file, node, key, item, list(allowed))
            elif key in _LISTS:
                values = child.value if isinstance(child.value, list) else [child]
                if not isinstance(child.value, list) or not all(
                    isinstance(value.value, str) and value.value for value in values
                ):
                    self._say(
                        file,
                        child,
                        item,
                        f"{key!r} is not a list of texts",
                        "put each text on its own line after a dash",
                    )
                else:
                    fields[key] = [value.value for value in values]
            elif not isinstance(child.value, str):
                self._say(
                    file,
                    child,
                    item,
                    f"{key!r} is not one text",
                    "write it on one line after the colon; quote it if it holds ': '",
                )
            elif not child.value:
                self._say(file, child, item, f"{key!r} is empty", "write the text or remove the key")
            else:
                fields[key] = child.value
        return fields

    def _unknown(self, file: str, node: Node, key: str, item: str, allowed: list[str]) -> None:
        line, column = node.keys[key]
        near = difflib.get_close_matches(key, allowed, n=1)
        cure = f"did you mean {near[0]!r}?" if near else "keys are: " + ", ".join(allowed)
        self.problems.append(Problem(file, line, column, "error", item, f"the key {key!r} is not known", cure))

    def _say(self, file: str, node: Node, item: str, what: str, cure: str) -> None:
        self.problems.append(Problem(file, node.line, node.column, "error", item, what, cure))


def _item_keys(terms: Terms) -> list[str]:
    """The keys that an item may use: those of the context that are neither prefixes, nor set by the reader, nor of links."""
    return ["id"] + [
        key for key, value in terms.context.items() if isinstance(value, dict) and key not in {*_SET_HERE, *_LINK_KEYS}
    ]


def _ids(nodes: list[Node]) -> list[str]:
    found = (node.value.get("id") for node in nodes if isinstance(node.value, dict))
    return [node.value for node in found if node is not None and isinstance(node.value, str)]
