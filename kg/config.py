"""Where data, ontology and build are: argument, then environment, then checkout, then packaged copy. No reading here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .endpoints import Store
from .errors import BadSetting, MissingFolder

DEFAULT_BASE = "https://w3id.org/survivor-leadership/"
# What a build calls the RDF that it carries: the graph, the folders of dumps and of the ontology, the name of a dump.
GRAPH, DUMPS, ONTOLOGY, NAME = "graph.nt", "dataset", "ontology", "survivor-leadership"
# Which engines make a build: those that a small graph is read and explained by most easily, or those that hold a large one.
SMALL, LARGE, AUTO = "small", "large", "auto"
LARGE_FROM = 5_000  # items from which AUTO takes the large ones; docs/scaling.md tells what was measured

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent if (_PACKAGE.parent / "pyproject.toml").is_file() else None


@dataclass(frozen=True)
class Config:
    """The places and names of one installation.

    :ivar base: the IRI under which everything is named; ends in a slash.
    :ivar engines: which engines make a build: ``small``, ``large``, or ``auto``, which decides by the number of items.
    :ivar store: the store of triples that some questions are read from; None to read everything from the build.
    """

    data: Path
    ontology: Path
    build: Path
    base: str = DEFAULT_BASE
    engines: str = AUTO
    store: Store | None = None

    @classmethod
    def find(
        cls,
        *,
        data: str | Path | None = None,
        ontology: str | Path | None = None,
        build: str | Path | None = None,
        base: str | None = None,
        engines: str | None = None,
    ) -> Config:
        """Settle every place: what is given here, else ``KG_DATA``, ``KG_ONTOLOGY``, ``KG_BUILD``, ``KG_BASE``, ``KG_ENGINES``, else
        the checkout that holds this package, else the copy that the wheel carries (for the build: the user's cache folder). A store
        of triples is named by ``KG_SPARQL``, ``KG_SPARQL_GSP``, ``KG_GRAPH``, ``KG_SPARQL_USER`` and ``KG_SPARQL_PASSWORD`` alone.

        :raises MissingFolder: if a folder that was named does not exist. :raises BadSetting: if there are no such engines, or an
            endpoint of the store is no address.

        >>> Config.find(build="/tmp/elsewhere").build.name
        'elsewhere'
        """
        base = base or os.environ.get("KG_BASE") or DEFAULT_BASE
        base = base if base.endswith("/") else base + "/"
        return cls(
            data=_input("data", data or os.environ.get("KG_DATA")),
            ontology=_input("ontology", ontology or os.environ.get("KG_ONTOLOGY")),
            build=_build(build or os.environ.get("KG_BUILD")),
            base=base,
            engines=_engines(engines or os.environ.get("KG_ENGINES") or AUTO),
            store=Store.from_settings(
                os.environ.get("KG_SPARQL", ""),
                os.environ.get("KG_SPARQL_GSP", ""),
                os.environ.get("KG_GRAPH", ""),
                base=base,
                user=os.environ.get("KG_SPARQL_USER", ""),
                password=os.environ.get("KG_SPARQL_PASSWORD", ""),
            ),
        )

    def engines_for(self, items: int) -> str:
        """Which engines make the build of so many items: ``small`` or ``large``."""
        if self.engines != AUTO:
            return self.engines
        return LARGE if items >= LARGE_FROM else SMALL


def _engines(named: str) -> str:
    if named not in (SMALL, LARGE, AUTO):
        raise BadSetting(f"KG_ENGINES is {named!r}.", f"It is one of: {SMALL}, {LARGE}, {AUTO}.")
    return named


def _input(name: str, named: str | Path | None) -> Path:
    if named:
        if not Path(named).is_dir():
            raise MissingFolder(
                f"There is no {name} folder at {named}.", f"Give another with --{name} or KG_{name.upper()}."
            )
        return Path(named)
    return _CHECKOUT / name if _CHECKOUT else _PACKAGE / "_share" / name


def _build(named: str | Path | None) -> Path:
    if named:
        return Path(named)
    if _CHECKOUT:
        return _CHECKOUT / "build"
    cache = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "survivor-leadership-kg"
