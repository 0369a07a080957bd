"""Check the data and write the build: one immutable, checksummed, reproducible folder; `kg/folders.py` puts it in use."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import GRAPH, LARGE, Config
from .errors import BuildLocked, CannotWrite, DataFault, MissingFolder, Problem
from .folders import (
    ADJACENCY,
    INDEX,
    SENSES,
    SNAPSHOT,
    clear_unfinished,
    put_in_use,
    seal,
    unfinished,
)

if TYPE_CHECKING:
    from .passages import Verification

NO_ITEMS = ("", "link", "source")  # kinds of records
QUIET = "quiet-words.txt"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def check_data(config: Config) -> list[Problem]:
    """Everything that is wrong in the data: what the reader finds and, if the files can be read, what the shapes find."""
    return _load(config)[0]


def verify_data(config: Config, sources: Path) -> Verification:
    """Compare the data with the inventory and with the texts in *sources*; see :func:`kg.passages.verify`.

    :raises MissingFolder: if there is no such folder, or none of the documents is in it.
    """
    from .passages import read_inventory, verify
    from .source import load_records
    from .terms import read_terms

    terms = read_terms(config.ontology, config.base)
    records, problems = load_records(config.data, terms)
    official = [kind.id for kind in terms.kinds.values() if kind.official]
    files = {
        record.id: record.fields["file"] for record in records if record.kind == "source" and "file" in record.fields
    }
    texts = {
        source: (sources / file).read_text(encoding="utf-8", errors="replace").split("\n")
        for source, file in files.items()
        if (sources / file).is_file()
    }
    if not texts:
        raise MissingFolder(
            f"None of {', '.join(files.values())} is in {sources}.",
            "Name the folder of your own copies of the documents.",
        )
    found = verify(records, read_inventory(config.data / "inventory.tsv"), texts, official)
    return replace(found, problems=(*problems, *found.problems))


def _load(config: Config) -> tuple[list[Problem], Any, Any, dict[str, Any]]:
    """What is wrong, the triples (None if something is), the terms, and words that are no items: thesaurus and texts for trainers."""
    from .ntriples import Lines
    from .retired import FILE, read_retired
    from .source import TEACHING, THESAURUS, load_records
    from .teaching import read_teaching
    from .terms import read_terms
    from .thesaurus import read_thesaurus, to_stemmed

    terms = read_terms(config.ontology, config.base)
    records, problems = load_records(config.data, terms)
    thesaurus, faults = read_thesaurus(config.data / THESAURUS)
    retired, wrong = read_retired(config.data / FILE, records)
    ids = {record.id for record in records}
    known = {"topics": ids, "groups": ids, "actors": terms.audiences}
    teaching, unsaid = read_teaching(config.data / TEACHING, known)
    words = {"thesaurus": to_stemmed(thesaurus), "teaching": teaching}
    problems = problems + faults + wrong + unsaid
    if any(problem.severity == "error" for problem in problems):
        return problems, None, terms, words
    lines = Lines(records, terms, config.ontology, retired)
    return sorted(problems + _find_misfits(config, lines, terms)), lines, terms, words


def _find_misfits(config: Config, lines: Any, terms: Any) -> list[Problem]:
    """What the shapes find: by pySHACL on one graph, or by the same rules on one thing after the other where a graph would not fit."""
    from .shapes import check_shapes, read_shapes

    shapes, items = read_shapes(config.ontology, terms), sum(record.kind not in NO_ITEMS for record in lines.records)
    if config.engines_for(items) == LARGE:
        from .shape_rules import check_lines

        return check_lines(lines, shapes, lines.records, terms)
    from .graph import build_graph

    graph = build_graph(lines.records, terms, config.ontology, lines.retired)
    return check_shapes(graph, shapes, lines.records, terms)


def write_build(config: Config) -> Path:
    """Read the data, check it, and put a new build in use.

    A build that fails or is killed at any moment leaves the one in use as it was. Kept are the build in use, the one before it, and
    any that somebody reads.

    :returns: the folder of the new build.
    :raises DataFault: if the data has errors; nothing is written. :raises BuildLocked: if another process is building.
    :raises CannotWrite: if there is no room, or the folder may not be written.
    """
    from filelock import FileLock, Timeout

    try:
        with _telling(config.build):
            config.build.mkdir(parents=True, exist_ok=True)
            with FileLock(config.build / ".lock", timeout=0):
                clear_unfinished(config.build)
                problems, lines, terms, words = _load(config)
                if errors := [problem for problem in problems if problem.severity == "error"]:
                    raise DataFault(
                        f"The data has {len(errors)} errors; the build in use stays as it is.",
                        "Run: kg check",
                        tuple(problems),
                    )
                with unfinished(config.build) as new:
                    _fill(new, lines, terms, words, config)
                    return put_in_use(config.build, new)
    except Timeout as error:
        raise BuildLocked(
            f"Another process is building in {config.build}.", "Wait until it ends, then try again."
        ) from error


@contextlib.contextmanager
def _telling(build: Path) -> Iterator[None]:
    """Tell what keeps a build from being written. :raises CannotWrite: whichever part of the program met it."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        kind, code = getattr(error, "errno", None), getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind in _FULL or code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise CannotWrite(
                f"There is no room to write the build in {build}; the one in use stays as it is.",
                "Free some room, or give another folder with --build or KG_BUILD.",
            ) from error
        if kind in _FORBIDDEN and str(getattr(error, "filename", "") or "").startswith(str(build)):
            raise CannotWrite(
                f"You may not write in {build}; the build in use stays as it is.",
                "Run it as whom the folder belongs to, or give another folder with --build or KG_BUILD.",
            ) from error
        raise


def _fill(folder: Path, lines: Any, terms: Any, words: dict[str, Any], config: Config) -> None:
    from . import __version__
    from .agreement import read_agreements
    from .index import build_index
    from .indexing_arrays import build_arrays
    from .model import to_plain
    from .modelling import build_model
    from .network import find_unanswered, measure_coverage, to_links
    from .publishing import write_dumps, write_graph, write_ontology
    from .readings import read_coverage
    from .retired import FILE, read_retired
    from .senses import build_senses
    from .snapshot import write_snapshot
    from .terms import read_ontology
    from .thesaurus import read_quiet
    from .vocabulary import build_vocabulary
    from .words import to_stems

    model = build_model(lines.records, terms)
    figures = write_graph(folder / GRAPH, lines, terms.base)
    days = sorted(link.on for link in model.links if link.on) or [""]
    data, readings = config.data, config.data / "links" / "readings"
    coverage = {item: (found.direct, found.all) for item, found in measure_coverage(to_links(model)).items()}
    engines = config.engines_for(len(model.items))
    communities, measures = (_shape_large if engines == LARGE else _shape)(folder, model, terms)
    meta = {
        "version": __version__,
        "engines": engines,
        "base": terms.base,
        "terms": terms.to_json(),
        "triples": figures.triples,
        "unanswered": find_unanswered(model),
        "communities": communities,
        **words,
        "quiet": sorted({stem for word in read_quiet(data / QUIET) for stem in to_stems(word)}),
        "agreements": [vars(agreement) for agreement in read_agreements(readings)],
        "readings": [to_plain(reading) for reading in read_coverage(readings)],
        "retired": [to_plain(each) for each in read_retired(data / FILE, ())[0]],
        "dates": [days[0], days[-1]],
        "figures": to_plain(figures),
        "vocabulary": to_plain(build_vocabulary(read_ontology(config.ontology, terms.base), terms)),
    }
    write_snapshot(folder / SNAPSHOT, model, coverage, measures, meta)
    (folder / INDEX).mkdir()
    if engines == LARGE:
        build_arrays(folder / INDEX, model, terms, frozenset(meta["quiet"]))
    else:
        build_senses(folder / SENSES, build_index(folder / INDEX, model, terms))
    write_dumps(folder, terms)
    write_ontology(folder, config.ontology, terms)
    seal(folder, __version__)


def _shape(_: Path, model: Any, terms: Any) -> tuple[dict[str, Any], Any]:
    """Communities and measures, by networkx."""
    from .communities import find_communities
    from .measures import measure_all, to_measured
    from .network import Rules, build_network

    network, hubs = build_network(model), sorted(terms.gathering)
    measured = to_measured(network, Rules(relations=frozenset(terms.curated)), hubs)
    return find_communities(measured), measure_all(network, terms.curated, hubs)


def _shape_large(folder: Path, model: Any, terms: Any) -> tuple[dict[str, Any], Any]:
    """The same by igraph, from the arrays that are written first. :raises MissingExtra: if there is no igraph."""
    from .adjacency import Adjacency, write_adjacency
    from .large_measures import check_igraph, find_communities, measure_all, to_measured
    from .network import Rules

    check_igraph()
    write_adjacency(folder / ADJACENCY, model)
    ties, hubs = Adjacency((folder / ADJACENCY).read_bytes(), str), sorted(terms.gathering)
    measured = to_measured(ties, Rules(relations=frozenset(terms.curated)), hubs)
    order = [item.id for item in model.items]
    return find_communities(ties, measured, order), measure_all(ties, terms.curated, hubs)
