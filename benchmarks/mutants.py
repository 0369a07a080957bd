"""Mutants of a module: its syntax tree with one small thing changed, each named by what it was and what it became. Nothing is run here.

What mutmut and cosmic-ray leave alone is changed too: what stands at the top of a module - lists of what is allowed, patterns, headers -
and functions with decorators, since most of a guard is made of these. Left alone is what only people read: docstrings and the words of
errors; and annotations.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
TOLD = (
    "_Refused",
    "_refuse",
    "Problem",
    "problem",
    "_say",
    "BaseException",
    "__init__",
    "_l",
    "gettext",
)  # calls whose words people read
ERRORS = ("Error", "Query", "Long", "Refused", "Sparql", "Busy", "Use")  # how names of errors end
_QUANTIFIERS = {"*": "+", "+": "*", "?": ""}


@dataclass(frozen=True)
class Mutant:
    """:ivar name: where it is, what it was and what it became. :ivar tree: of the whole module."""

    name: str
    tree: ast.Module


def make_mutants(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its text."""
    tree = ast.parse(source)
    found: dict[str, Mutant] = {}
    for path, node, where in _walk(tree, (), ""):
        for changed in _changes(node):
            was, became = _short(node, changed), _short(changed, node)
            name = f"{where or 'top'}: {was} -> {became}"
            while name in found:  # the same text in the same place: told apart by a mark
                name += "'"
            found[name] = Mutant(name, _replace(tree, path, changed))
    return list(found.values())


Path = tuple[tuple[str, int | None], ...]


def _walk(node: ast.AST, path: Path, where: str) -> Iterator[tuple[Path, ast.AST, str]]:
    """Every node that may be changed, how it is reached, and the function or name that it stands in."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "type_comment", "decorator_list") or _is_told(node, name):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(child, ast.AST) or _is_docstring(node, name, at, child):
                continue
            step, inside = (*path, (name, at)), where
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                inside = f"{where}.{child.name}".lstrip(".")
            elif not where and isinstance(child, (ast.Assign, ast.AnnAssign)):
                target = child.targets[0] if isinstance(child, ast.Assign) else child.target
                inside = ast.unparse(target)
            yield step, child, inside
            yield from _walk(child, step, inside)


def _is_docstring(node: ast.AST, name: str, at: int | None, child: ast.AST) -> bool:
    constant = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    return isinstance(child, (ast.Import, ast.ImportFrom)) or (name == "body" and constant)


def _is_told(node: ast.AST, name: str) -> bool:
    """Whether a part of a node holds words for people."""
    if isinstance(node, ast.Call) and name in ("args", "keywords"):
        called = ast.unparse(node.func).rpartition(".")[2]
        return called in TOLD or (called[:1].isupper() and called.endswith(ERRORS))
    return isinstance(node, (ast.JoinedStr, ast.FormattedValue))


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Compare, ast.BoolOp, ast.BinOp)):
        yield from _swapped(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, (ast.Raise, ast.AugAssign)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Yield))
    ):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, (ast.Set, ast.Tuple, ast.List)) and len(node.elts) > 1 and not _is_target(node):
        for at in range(len(node.elts)):
            if isinstance(node.elts[at], (ast.Constant, ast.Starred)):
                yield _with(node, elts=node.elts[:at] + node.elts[at + 1 :])
    elif isinstance(node, ast.Dict):
        for at in range(len(node.keys)):
            yield _with(
                node, keys=node.keys[:at] + node.keys[at + 1 :], values=node.values[:at] + node.values[at + 1 :]
            )
    elif isinstance(node, ast.comprehension):
        for at in range(len(node.ifs)):
            yield _with(node, ifs=node.ifs[:at] + node.ifs[at + 1 :])


def _swapped(node: ast.Compare | ast.BoolOp | ast.BinOp) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if other := SWAPS.get(type(op)):
                yield _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])
    elif other := SWAPS.get(type(node.op)):
        yield _with(node, op=other())


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str):
        yield from map(ast.Constant, _other_texts(value))


def _other_texts(text: str) -> Iterator[str]:
    """A list of words without each of them; a pattern with each quantifier changed or each alternative left out; else another text."""
    words = text.split()
    if len(words) > 12 and all(re.fullmatch(r"[\w-]+", word) for word in words):
        for at in range(len(words)):
            yield " ".join(words[:at] + words[at + 1 :])
        return
    if not _is_pattern(text):
        yield f"{text}X" if text else "X"
        return
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]\\])*\]|[*+?]", text, re.S):
        sign = found[0]
        if sign in _QUANTIFIERS and text[found.start() - 1 : found.start()] != "(":
            yield text[: found.start()] + _QUANTIFIERS[sign] + text[found.end() :]
        elif sign.startswith("[^"):
            yield f"{text[: found.start()]}[{text[found.start() + 2 :]}"
    for found in re.finditer(r"\{(\d+)\}", text):
        yield f"{text[: found.start()]}{{{int(found[1]) + 1}}}{text[found.end() :]}"


def _is_pattern(text: str) -> bool:
    return bool(re.search(r"\\[^\W\d]|\[[^\]]+\]|\(\?", text)) and len(text) > 4


def _is_target(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with(node: ast.AST, **changes: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def _replace(tree: ast.Module, path: Path, changed: ast.AST) -> ast.Module:
    """The tree with another node at the end of a path; what does not lie on the path is shared."""
    made = copy.copy(tree)
    at: ast.AST = made
    for number, (name, place) in enumerate(path):
        last = number == len(path) - 1
        value = getattr(at, name)
        child = value if place is None else value[place]
        new = changed if last else copy.copy(child)
        setattr(at, name, new if place is None else [*value[:place], new, *value[place + 1 :]])
        at = new
    return made


def _short(node: ast.AST, other: ast.AST) -> str:
    """What a node says; of a long text only what stands around the place where the other differs."""
    told, beside = (
        " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(each))).split()) for each in (node, other)
    )
    if isinstance(node, (ast.If, ast.While)):
        told = told.partition(":")[0]
    if len(told) <= 110:
        return told
    differs = next((at for at, (one, two) in enumerate(zip(told, beside, strict=False)) if one != two), 0)
    return f"...{told[max(0, differs - 30) : differs + 30]}..."
