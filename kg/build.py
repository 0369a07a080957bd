"""Write, verify and open the build: one immutable, checksummed, reproducible folder, swapped in by one rename.

``build/CURRENT`` names the folder in use; a folder is named by the SHA-256 of its ``MANIFEST.json``, which lists the SHA-256 of every
other file. So nothing is believed before its checksum holds, and a damaged manifest is found too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import GRAPH, LARGE, Config
from .errors import BuildDamaged, BuildLocked, BuildMissing, DataFault, MissingFolder, Problem

if TYPE_CHECKING:
    from .passages import Verification

SNAPSHOT, MANIFEST, CURRENT, INDEX, SENSES = "snapshot.sqlite", "MANIFEST.json", "CURRENT", "index", "senses.bin"
NO_ITEMS = ("", "link", "source")  # kinds of records
ADJACENCY = "adjacency.bin"  # only of a large build
QUIET = "quiet-words.txt"
KEPT = 2


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

    A build that fails or is killed at any moment leaves the one in use as it was. The last two builds are kept.

    :returns: the folder of the new build.
    :raises DataFault: if the data has errors; nothing is written. :raises BuildLocked: if another process is building.
    """
    from filelock import FileLock, Timeout

    config.build.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(config.build / ".lock", timeout=0):
            problems, lines, terms, words = _load(config)
            if errors := [problem for problem in problems if problem.severity == "error"]:
                raise DataFault(
                    f"The data has {len(errors)} errors; the build in use stays as it is.",
                    "Run: kg check",
                    tuple(problems),
                )
            for left in config.build.glob(".tmp-*"):
                shutil.rmtree(left, ignore_errors=True)
            new = Path(tempfile.mkdtemp(prefix=".tmp-", dir=config.build))
            _fill(new, lines, terms, words, config)
            return _swap_in(config.build, new)
    except Timeout as error:
        raise BuildLocked(
            f"Another process is building in {config.build}.", "Wait until it ends, then try again."
        ) from error


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
    manifest = {"version": __version__, "files": {name: _digest(folder / name) for name in _files(folder)}}
    (folder / MANIFEST).write_text(
        json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


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


def _swap_in(build: Path, new: Path) -> Path:
    for path in [*(new / name for name in _files(new)), *(path for path in new.rglob("*") if path.is_dir()), new]:
        _sync(path)
    folder = build / _digest(new / MANIFEST)
    if folder.exists() and _damage(folder):
        shutil.rmtree(folder)
    if folder.exists():
        shutil.rmtree(new)
    else:
        new.chmod(0o755)
        new.rename(folder)
    before = _current_name(build)
    pointer = build / f".{CURRENT}"
    pointer.write_text(folder.name + "\n", encoding="utf-8")
    _sync(pointer)
    pointer.replace(build / CURRENT)  # the one rename that puts the build in use
    _sync(build)
    _forget_old(build, {folder.name, before})
    return folder


def _forget_old(build: Path, keep: set[str]) -> None:
    """Keep the build in use and the one before it, with the newest of the others if that one is gone; remove the rest."""
    folders = [path for path in build.iterdir() if path.is_dir() and not path.name.startswith(".")]
    newest = sorted(folders, key=lambda path: (path.name in keep, path.stat().st_mtime_ns), reverse=True)
    for path in newest[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync(path: Path) -> None:
    with contextlib.suppress(OSError):  # some systems cannot open or sync a folder
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _current_name(build: Path) -> str:
    try:
        return (build / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _damage(folder: Path) -> str:
    """What is wrong with a build folder, or ""."""
    try:
        OpenBuild(folder).verify()
    except BuildDamaged as damaged:
        return damaged.message
    return ""


class OpenBuild:
    """A build folder whose manifest holds. Each file is checked when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        """:raises BuildDamaged: if the manifest is not the one that was written."""
        self.folder = folder
        try:
            raw = (folder / MANIFEST).read_bytes()
        except OSError as error:
            raise BuildDamaged(f"{folder / MANIFEST} cannot be read.", "Run: kg build") from error
        if hashlib.sha256(raw).hexdigest() != folder.name:
            raise BuildDamaged(f"{folder / MANIFEST} is not the file that was written.", "Run: kg build")
        self.files: dict[str, str] = json.loads(raw)["files"]

    def checked(self, name: str) -> Path:
        """The path of a file or folder of the build, once every checksum below it holds and nothing was added.

        :raises BuildDamaged: which file is not as it was written.
        """
        path = self.folder / name
        expected = {file: digest for file, digest in self.files.items() if file == name or file.startswith(f"{name}/")}
        extra = {f"{name}/{file}" for file in _files(path)} - set(expected) if path.is_dir() else set()
        if extra or not expected:
            raise BuildDamaged(
                f"{self.folder / min(extra, default=name)} does not belong to the build.", "Run: kg build"
            )
        for file, digest in expected.items():
            try:
                found = _digest(self.folder / file)
            except OSError as error:
                raise BuildDamaged(f"{self.folder / file} is missing.", "Run: kg build") from error
            if found != digest:
                raise BuildDamaged(f"{self.folder / file} is not the file that was written.", "Run: kg build")
        return path

    def verify(self) -> None:
        """Check every file. :raises BuildDamaged: at the first that is not as it was written."""
        for name in sorted({file.partition("/")[0] for file in self.files}):
            self.checked(name)


def open_build(build: Path) -> OpenBuild:
    """The build in use.

    :raises BuildMissing: if there is none. :raises BuildDamaged: if it is not as it was written.
    """
    name = _current_name(build)
    if not name:
        raise BuildMissing(f"There is no build in {build}.", "Run: kg build")
    if not (build / name).is_dir():
        raise BuildDamaged(f"{build / CURRENT} names {name[:12]}, which is not there.", "Run: kg build")
    return OpenBuild(build / name)
