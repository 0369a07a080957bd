"""How well the search answers graded questions: nDCG@10, MRR and hit@3, in all and by kind of question and of asker."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import DataFault, MissingFolder

DEPTH, HIT, BEST = 10, 3, 2  # results looked at; of which the first hit counts; the grade of a real answer


@dataclass(frozen=True, slots=True)
class Score:
    """Means over a group of questions.

    :ivar ndcg: discounted gain of the first ten beside the best possible (gain 2**grade - 1; Järvelin and Kekäläinen 2002), 0 to 1.
    :ivar mrr: one divided by the place of the first real answer. :ivar hit: share with a real answer among the first three.
    """

    group: str
    questions: int
    ndcg: float
    mrr: float
    hit: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of all questions first, then by kind and persona. :ivar unanswerable: question that nothing answers -> how many results
    it got all the same."""

    scores: tuple[Score, ...]
    unanswerable: Mapping[str, int]


def evaluate(search: Callable[[str], Sequence[str]], queries: Path, qrels: Path) -> Evaluation:
    """Score a search against judgments.

    :param search: gives the ids for a question, best first. :param queries: a table with ``qid``, ``persona``, ``kind`` and ``query``,
        columns divided by tabs. :param qrels: a table with ``qid``, ``id`` and ``grade`` (0, 1 or 2); a question without a row has no
        answer.
    :raises MissingFolder: if a file cannot be read. :raises DataFault: if a column is missing or a grade is none.
    """
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line, row in enumerate(_read(qrels, ("qid", "id", "grade")), start=2):
        if row["grade"] not in ("0", "1", "2"):
            raise DataFault(f"{qrels}:{line}: the grade is {row['grade']!r}.", "Grades are 0, 1 or 2.")
        judged[row["qid"]][row["id"]] = int(row["grade"])
    groups: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    unanswerable = {}
    for row in _read(queries, ("qid", "persona", "kind", "query")):
        found, grades = search(row["query"])[:DEPTH], judged.get(row["qid"], {})
        if not any(grades.values()):
            unanswerable[row["query"]] = len(found)
            continue
        figures = _score([grades.get(item, 0) for item in found], list(grades.values()))
        for group in ("all", row["kind"], row["persona"]):
            groups[group].append(figures)
    order = sorted(groups.items(), key=lambda pair: (pair[0] != "all", pair[0]))
    return Evaluation(tuple(_mean(group, figures) for group, figures in order), unanswerable)


def _read(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MissingFolder(f"{path} cannot be read.", "Name a table with tabs between its columns.") from error
    reader = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise DataFault(f"{path} has no column {missing[0]!r}.", f"Its first line names: {', '.join(columns)}.")
    return list(reader)


def _score(grades: Sequence[int], best: Sequence[int]) -> tuple[float, float, float]:
    gain = discounted_gain(grades) / discounted_gain(sorted(best, reverse=True))
    first = next((1 / (place + 1) for place, grade in enumerate(grades) if grade == BEST), 0.0)
    return gain, first, float(BEST in grades[:HIT])


def discounted_gain(grades: Sequence[int]) -> float:
    """The discounted cumulative gain of the first ten grades.

    >>> round(discounted_gain([2, 0, 1]), 2)
    3.5
    """
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:DEPTH]))


def _mean(group: str, figures: Sequence[tuple[float, float, float]]) -> Score:
    ndcg, mrr, hit = (round(sum(column) / len(figures), 4) for column in zip(*figures, strict=True))
    return Score(group, len(figures), ndcg, mrr, hit)
