"""JSON Schemas of answers, derived from the dataclasses that the library gives back. What a docstring says of a field stands beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from .api_shapes import SHOWN_AS

Schema = dict[str, Any]
_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
_IVAR = re.compile(r":ivar (\w+):\s+(.*?)(?=,?(?:\s+and)?\s+:ivar |\Z|\n\n)", re.S)


@dataclass
class Schemas:
    """Makes schemas, and keeps each dataclass that it meets as a component that others refer to."""

    components: dict[str, Schema] = field(default_factory=dict)
    _made: dict[str, type] = field(default_factory=dict)

    def of(self, kind: Any) -> Schema:
        """The schema of a type: a reference where it is a dataclass.

        >>> Schemas().of(tuple[str, ...])
        {'type': 'array', 'items': {'type': 'string'}}
        """
        origin, parts = get_origin(kind), get_args(kind)
        if kind in _PLAIN:
            return {"type": _PLAIN[kind]}
        if kind is Any:
            return {}
        if origin in (Union, UnionType):
            return self._union([self.of(part) for part in parts])
        if origin is tuple and parts[-1] is not Ellipsis:
            each = self._union([self.of(part) for part in dict.fromkeys(parts)])
            return {"type": "array", "items": each, "minItems": len(parts), "maxItems": len(parts)}
        if origin in (tuple, list):
            return {"type": "array", "items": self.of(parts[0])}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(parts[1])}
        if is_dataclass(kind) and isinstance(kind, type):
            return self._refer(kind)
        raise TypeError(f"No schema for {kind!r}")

    def object_of(self, kind: type) -> Schema:
        """The schema of a dataclass itself."""
        kind = SHOWN_AS.get(kind.__name__, kind)
        hints, told = get_type_hints(kind), _read_docstring(kind)
        properties = {each.name: {**self.of(hints[each.name]), **told.get(each.name, {})} for each in fields(kind)}
        needed = [each.name for each in fields(kind) if not each.metadata.get("optional")]
        summary = re.split(r"\s*:ivar ", kind.__doc__ or "", maxsplit=1)[0]
        made: Schema = {"type": "object", "properties": properties, "required": needed}
        return {"description": " ".join(summary.split()), **made} if summary else made

    def _refer(self, kind: type) -> Schema:
        kind = SHOWN_AS.get(kind.__name__, kind)
        name = kind.__name__
        if self._made.setdefault(name, kind) is not kind:
            raise TypeError(f"Two dataclasses are called {name}")
        if name not in self.components:
            self.components[name] = {}  # so that one that holds itself comes to an end
            self.components[name] = self.object_of(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    @staticmethod
    def _union(each: list[Schema]) -> Schema:
        types = [one["type"] for one in each if set(one) == {"type"}]
        if len(types) == len(each):
            return {"type": types if len(types) > 1 else types[0]}
        return {"anyOf": each}


def names_of(kind: Any) -> list[str]:
    """The fields of a dataclass, or of each of several.

    >>> from kg.results import Brief
    >>> names_of(Brief)
    ['id', 'kind', 'label']
    """
    if get_origin(kind) in (Union, UnionType):
        return list(dict.fromkeys(name for part in get_args(kind) for name in names_of(part)))
    kind = SHOWN_AS.get(kind.__name__, kind)
    return [each.name for each in fields(kind)] if is_dataclass(kind) else []


def entries_of(kind: Any, listed: str) -> Any:
    """The type of the entries of a list that a dataclass holds."""
    parts = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    [entry] = {get_args(get_type_hints(SHOWN_AS.get(part.__name__, part))[listed])[0] for part in parts}
    return entry


def _read_docstring(kind: type) -> dict[str, Schema]:
    return {name: {"description": " ".join(told.split())} for name, told in _IVAR.findall(kind.__doc__ or "")}
