"""The notebook runs from top to bottom on the real graph and prints what it shows."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import nbformat
import pytest

from kg.config import Config

NOTEBOOK = Path(__file__).resolve().parent.parent / "docs" / "notebook.ipynb"


def test_the_notebook_prints_what_it_shows(real_build: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    monkeypatch.chdir(tmp_path)
    drawn: list[int] = []
    monkeypatch.setattr(plt, "show", lambda: drawn.append(len(plt.gcf().axes[0].collections)))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    names: dict[str, object] = {}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(cell.source, f"notebook.ipynb, {cell.id}", "exec"), names)
        shown = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        assert printed.getvalue() == shown, cell.source
    plt.close("all")
    [picture] = [output for cell in cells for output in cell.outputs if output.output_type == "display_data"]
    assert drawn and drawn[0] and picture.data["image/png"]
    assert len(list(tmp_path.iterdir())) == 3


def test_the_notebook_is_small_and_names_no_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < 200_000
    for name in ("/home", "/root", "/tmp", "/Users", "site-packages", "Traceback"):
        assert name not in text
