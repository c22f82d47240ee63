"""Executes all notebooks against the lake that DORMOUSE_LAKE names and writes them as .ipynb."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import jupytext
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent


def execute(source: Path, target: Path) -> None:
    """Runs one percent-format notebook and writes it with its outputs."""
    notebook = jupytext.read(source)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        # Warnings of the machine that ran it, its paths among them.
        cell["outputs"] = [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]
    jupytext.write(notebook, target, fmt="ipynb")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=FOLDER, help="where the .ipynb files go (default: beside the sources)")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    # Notebooks run in their own folder, where a relative path would mean something else.
    os.environ["DORMOUSE_LAKE"] = str(Path(os.environ.get("DORMOUSE_LAKE", FOLDER.parent / ".dormouse/demo/lake")).resolve())
    sources = [path for path in sorted(FOLDER.glob("*.py")) if "# %%" in path.read_text(encoding="utf-8")]
    for source in sources:
        if source.name != Path(__file__).name:
            execute(source, output / source.with_suffix(".ipynb").name)
            print(f"executed {source.name}")


if __name__ == "__main__":
    main()
