"""Where data, ontology and build are: argument, then environment, then checkout, then packaged copy. No reading here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .errors import MissingFolder

DEFAULT_BASE = "https://w3id.org/survivor-leadership/"
# What a build calls the RDF that it carries: the graph, the folders of dumps and of the ontology, the name of a dump.
GRAPH, DUMPS, ONTOLOGY, NAME = "graph.nt", "dataset", "ontology", "survivor-leadership"

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent if (_PACKAGE.parent / "pyproject.toml").is_file() else None


@dataclass(frozen=True)
class Config:
    """The places and names of one installation.

    :ivar base: the IRI under which everything is named; ends in a slash.
    """

    data: Path
    ontology: Path
    build: Path
    base: str = DEFAULT_BASE

    @classmethod
    def find(
        cls,
        *,
        data: str | Path | None = None,
        ontology: str | Path | None = None,
        build: str | Path | None = None,
        base: str | None = None,
    ) -> Config:
        """Settle every place: what is given here, else ``KG_DATA``, ``KG_ONTOLOGY``, ``KG_BUILD``, ``KG_BASE``, else the checkout
        that holds this package, else the copy that the wheel carries (for the build: the user's cache folder).

        :raises MissingFolder: if a folder that was named does not exist.

        >>> Config.find(build="/tmp/elsewhere").build.name
        'elsewhere'
        """
        base = base or os.environ.get("KG_BASE") or DEFAULT_BASE
        return cls(
            data=_input("data", data or os.environ.get("KG_DATA")),
            ontology=_input("ontology", ontology or os.environ.get("KG_ONTOLOGY")),
            build=_build(build or os.environ.get("KG_BUILD")),
            base=base if base.endswith("/") else base + "/",
        )


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
