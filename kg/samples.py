"""Read the sample queries of `ontology/queries/`: one question a file, which its first line tells."""

from __future__ import annotations

from pathlib import Path

from .data_results import Sample
from .terms import read_text


def read_samples(folder: Path, base: str) -> tuple[Sample, ...]:
    """Every ``.rq`` file in a folder, in the order of their names; none if there is no such folder.

    :param base: the IRI under which everything of this installation is named.
    """
    found = []
    for path in sorted(folder.glob("*.rq")):
        query = read_text(path, base)
        found.append(Sample(path.stem, query.partition("\n")[0].removeprefix("#").strip(), query))
    return tuple(found)
