"""What the documents of the project promise is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.config import Config
from kg.queries import KnowledgeGraph

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# What is needed, and what an extra needs.
DECLARED = [
    *PROJECT["project"]["dependencies"],
    *(name for extra in PROJECT["project"]["optional-dependencies"].values() for name in extra),
]


def test_every_command_is_in_the_readme() -> None:
    for name in main.commands:
        assert f"| `kg {name}" in README, name


def test_every_dependency_is_explained_and_none_that_is_not_there() -> None:
    declared = {re.split(r"[><=~]", name)[0] for name in DECLARED}
    told = set(re.findall(r"^\| ([a-z-]+) \|", README.partition("| dependency |")[2].partition("\n\n")[0], re.M))
    assert told == declared
    for name in PROJECT["dependency-groups"]["dev"]:
        assert re.split(r"[><=~]", name)[0] in README, name


def test_every_dependency_is_imported_and_every_import_declared() -> None:
    import ast
    import sys

    names = {
        "pyyaml": "yaml",
        "flask-babel": "flask_babel",
        "flask-compress": "flask_compress",
        "font-roboto": "font_roboto",
        "resvg-py": "resvg_py",
        "python-docx": "docx",
        "python-pptx": "pptx",
    }
    declared = {names.get(name, name) for name in (re.split(r"[><=~]", each)[0] for each in DECLARED)}
    imported = set()
    for path in [*ROOT.glob("kg/*.py"), *ROOT.glob("webui/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                imported.add(node.module.partition(".")[0])
    outside = imported - set(sys.stdlib_module_names) - {"kg", "webui"}
    brought_along = {"werkzeug", "jinja2", "markupsafe", "babel"}  # by flask and flask-babel, which are made of them
    brought_along |= {"pydantic"}  # by mcp
    tools = {"matplotlib", "notebook"}  # of the notebook in docs/, which tests/test_notebook.py runs
    assert outside - brought_along == declared - tools


def test_the_python_of_the_readme_runs(
    real_build: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    [code] = re.findall(r"```python\n(.*?)```", README, re.S)
    exec(compile(code, "README.md", "exec"), {})
    assert "Campaign to abolish or cancel survivors' criminal records - " in capsys.readouterr().out


def test_the_commands_of_the_readme_run(real_build: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    lines = re.findall(r"^\$ kg (.*)$", README, re.M)
    assert len(lines) >= 4
    for line in lines:
        done = CliRunner().invoke(main, shlex.split(line, comments=True))
        assert done.exit_code == 0, f"kg {line}: {done.output}"
    shown = README.partition("$ kg answers")[2].splitlines()[1]
    assert (
        CliRunner()
        .invoke(main, ["answers", "can't open a bank account because of a conviction"])
        .stdout.startswith(shown)
    )


def test_the_numbers_of_the_readme_are_those_of_the_build(kg: KnowledgeGraph) -> None:
    items = kg.quality().items
    for source, kind, words in [
        ("ap", "theme", "themes"), ("ap", "goal", "goals"), ("ap", "action", "actions"), ("ap", "commitment", "collective commitments"), ("ap", "barrier", "barriers"),
        ("ap", "ally-recommendation", "recommendations to allies"), ("ap", "capacity", "capacity needs"), ("ap", "term", "glossary terms"),
        ("hr", "recommendation", "recommendations"), ("hr", "harm-type", "types of harm"), ("hr", "harm-example", "examples"), ("hr", "harm-belief", "beliefs"),
        ("hr", "harm-impact", "impacts"), ("blog", "way", "ways"), ("fsap", "goal", "goals"), ("topics", "topic", "topics"),
    ]:  # fmt: skip
        assert re.search(rf"\b{items[source][kind]}\s+{words}", README), f"{items[source][kind]} {words}"
    read = sum(count for relation, count in kg.stats().links.items() if relation != "usesTerm")
    assert f"{read:,} links" in README, f"{read:,} links"


@pytest.mark.parametrize(
    "path",
    sorted(path for path in ROOT.rglob("*.md") if not set(path.parts) & {".venv", "build", "node_modules"}),
    ids=str,
)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_every_file_named_in_the_data_readme_exists() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"^\| `([^`]+)` \|", text, re.M):
        assert list((ROOT / "data").glob(name)), name


def test_the_version_is_said_once_and_everywhere_the_same() -> None:
    import kg

    version = PROJECT["project"]["version"]
    assert kg.__version__ == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'owl:versionInfo "{version}"' in (ROOT / "ontology" / "ontology.ttl").read_text(encoding="utf-8")


def test_the_citation_file_is_one() -> None:
    from kg.strict_yaml import read_yaml

    root, problems = read_yaml(ROOT / "CITATION.cff")
    assert root is not None and not problems
    assert {"cff-version", "message", "title", "authors", "license"} <= set(root.value)
