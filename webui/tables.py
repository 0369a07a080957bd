"""Answers as files: the one shape of CSV, safe to open in a spreadsheet, and of JSON, the contract of the library."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response, jsonify, request

from kg.errors import BadQuery
from kg.findings import Communities, NearestPaths, Paths, Ranking, Step
from kg.gap_results import Comparison, Cover, GapMap, to_safe_cell
from kg.results import Brief, to_json

FORMATS = ("csv", "json")
Lines = Iterator[Sequence[Any]]


def wanted_file() -> str:
    """The file that `?format=` asks for, or "" for the page. :raises BadQuery: if it is neither."""
    form = request.args.get("format", "")
    if form and form not in FORMATS:
        raise BadQuery(f"There is no format {form[:100]!r} here.", f"One of: {', '.join(FORMATS)}.")
    return form


def to_file(form: str, name: str, found: Any) -> Response:
    """A result as a file. :param form: csv or json. :param name: of the file, which tells nothing of what was asked."""
    if form == "json":
        return jsonify(to_json(found))
    text = found.to_csv() if isinstance(found, GapMap) else to_csv(_LINES[type(found)](found))
    return Response(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def to_csv(lines: Iterable[Sequence[Any]]) -> str:
    """Lines of values as CSV; nothing is an empty cell, and nothing in it is taken for a formula.

    >>> to_csv([("label", "count"), ("=1+1", None)])
    "label,count\\n'=1+1,\\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for line in lines:
        writer.writerow("" if value is None else to_safe_cell(str(value)).replace("\r", "\n") for value in line)
    return text.getvalue()


_GRADES = ("strength", "basis", "state", "because")
_STEP = ("from", "from_label", "relation", "direction", "phrase", "to", "to_label", *_GRADES)


def _step(step: Step) -> Sequence[Any]:
    start, end = step.start, step.end
    grades = (step.strength, step.basis, step.state, step.because)
    return (start.id, start.label, step.relation, step.direction, step.phrase, end.id, end.label, *grades)


def _path_lines(found: Paths | NearestPaths) -> Lines:
    yield "path", "step", *_STEP
    for place, path in enumerate(found.paths, start=1):
        for number, step in enumerate(path.steps, start=1):
            yield place, number, *_step(step)


def _ranking_lines(found: Ranking) -> Lines:
    yield (
        "rank",
        "id",
        "kind",
        "label",
        found.measure,
        "meaning",
        "rank_without_computed_and_editorial",
        "figure_without",
    )
    for one in found.figures:
        yield one.rank, *_brief(one.item), one.value, one.meaning, one.firm_rank, one.firm_value


def _community_lines(found: Communities) -> Lines:
    yield "community", "name", "size", "inside", "id", "kind", "label", "central"
    for one in found.communities:
        central = {item.id for item in one.central}
        for item in one.items:
            yield one.id, one.name, one.size, one.inside, *_brief(item), "yes" if item.id in central else "no"


def _cover_lines(found: Cover) -> Lines:
    yield "place", "id", "kind", "label", "covers", "covers_kind", "covers_label", "strength", "state", "because"
    for place, one in enumerate(found.chosen, start=1):
        for covered in one.covers:
            grades = (covered.strength, covered.state, covered.because)
            yield place, *_brief(one.item), *_brief(covered.item), *grades
    for left in found.uncovered:
        yield None, None, None, None, *_brief(left.item), "not covered", None, left.reason


def _comparison_lines(found: Comparison) -> Lines:
    yield "part", "first", "first_label", "second", "second_label", *_GRADES, "items_of_first", "items_of_second"
    for each in found.topics:
        topic = (each.topic.id, each.topic.label)
        yield "topic", *topic, *topic, None, None, None, None, len(each.first), len(each.second)
    for pair in found.aligned:
        ends = (pair.first.id, pair.first.label, pair.second.id, pair.second.label)
        yield "alike", *ends, pair.strength, pair.basis, pair.state, pair.because, None, None
    for item in found.only_first:
        yield "only first", item.id, item.label, *[None] * 8
    for item in found.only_second:
        yield "only second", None, None, item.id, item.label, *[None] * 6


def _brief(item: Brief) -> Sequence[str]:
    return (item.id, item.kind, item.label)


_LINES: dict[type, Any] = {
    Paths: _path_lines,
    NearestPaths: _path_lines,
    Ranking: _ranking_lines,
    Communities: _community_lines,
    Cover: _cover_lines,
    Comparison: _comparison_lines,
}
