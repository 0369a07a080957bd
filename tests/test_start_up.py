"""What a command does not need, it does not import."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kg.config import Config

HEAVY = [
    "rdflib",
    "networkx",
    "whoosh",
    "flask",
    "pyvis",
    "pyshacl",
    "yaml",
    "snowballstemmer",
    "scipy",
    "numpy",
    "pyoxigraph",
]


def imported(config: Config, *args: str) -> set[str]:
    code = (
        "import sys\n"
        "from kg.cli import main\n"
        "try: main(sys.argv[1:], prog_name='kg')\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print('\\nMODULES', *sorted(sys.modules))"
    )
    env = {**os.environ, "KG_BUILD": str(config.build)}
    done = subprocess.run([sys.executable, "-c", code, *args], env=env, capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("MODULES ")[2].split())


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["show", "ap-action-3.2.11"],
        ["answers", "ap-barrier-2.6"],
        ["stats"],
        ["rank"],
        ["communities"],
        ["gaps", "--rows", "barrier", "--columns", "goal"],
        ["cover", "barrier"],
        ["compare", "ap", "hr"],
        ["export", "--formats"],
    ],
    ids=" ".join,
)
def test_quick_commands_import_nothing_heavy(tiny_build: Config, args: list[str]) -> None:
    assert not imported(tiny_build, *args) & set(HEAVY)


def test_search_imports_whoosh_and_nothing_else_heavy(tiny_build: Config) -> None:
    modules = imported(tiny_build, "search", "bank")
    assert modules & set(HEAVY) == {"whoosh", "snowballstemmer"}
    assert not modules & {"urllib.request", "http.client", "ssl"}, "nothing that speaks to other hosts"


@pytest.mark.parametrize(
    "args", [["path", "ap-barrier-2.6", "ap-action-3.2.11"], ["neighbours", "ap-barrier-2.6"]], ids=" ".join
)
def test_paths_import_networkx_and_nothing_else_heavy(tiny_build: Config, args: list[str]) -> None:
    assert imported(tiny_build, *args) & set(HEAVY) == {"networkx"}
