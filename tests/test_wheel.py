"""The wheel, installed into an empty environment without any development tool, works from any folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: object, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT, cwd=out)
    [path] = out.glob("*.whl")
    return path


def test_the_wheel_carries_data_and_ontology_and_no_document(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "kg/_share/data/sources.yaml",
        "kg/_share/data/action-plan/barriers.yaml",
        "kg/_share/ontology/ontology.ttl",
        "kg/_share/ontology/queries/04-answers.rq",
        "webui/templates/base.html",
        "webui/static/vendor/codemirror/codemirror.js",
        "kg/templates/picture.html",
    ):
        assert name in names, name
    assert not [
        name for name in names if name.endswith("action-plan.txt") or name.startswith(("tests/", "benchmarks/"))
    ]


def test_installed_alone_it_checks_builds_and_answers_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    bin_ = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    run(bin_ / "python", "-m", "pip", "install", "--quiet", "--no-compile", wheel, cwd=tmp_path)
    elsewhere = tmp_path / "some where"
    elsewhere.mkdir()
    env = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for name in ("KG_DATA", "KG_ONTOLOGY", "KG_BUILD", "KG_BASE"):
        env[name] = ""
    assert "clean" in run(bin_ / "kg", "check", cwd=elsewhere, **env)
    run(bin_ / "kg", "build", cwd=elsewhere, **env)
    assert (tmp_path / "cache" / "survivor-leadership-kg" / "CURRENT").is_file()
    found = json.loads(run(bin_ / "kg", "answers", "bank account", "--json", cwd=elsewhere, **env))
    assert found["barriers"][0]["direct"][0]["id"] == "ap-action-3.2.11"
    assert "version" in run(bin_ / "kg", "--version", cwd=elsewhere, **env)
    run(
        bin_ / "python",
        "-c",
        "from webui import create_app; assert create_app().test_client().get('/').status_code == 200",
        cwd=elsewhere,
        **env,
    )
    assert list(elsewhere.iterdir()) == []
