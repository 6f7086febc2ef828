"""Each notebook is run once for all tests that look at it: top to bottom, on the demo study, in a fresh kernel."""

import subprocess
import sys

import nbformat
import pytest


@pytest.fixture(scope="session")
def run_notebook(root, tmp_path_factory):
    """The notebook as it is after *Restart and Run All*: a function of its name."""
    done = {}

    def run(name: str) -> nbformat.NotebookNode:
        if name not in done:
            out = tmp_path_factory.mktemp("notebooks") / f"{name}.ipynb"
            # JupyterLab starts a notebook's kernel in the notebook's own folder.
            command = ["papermill", root / "notebooks" / f"{name}.ipynb", out, "--cwd", root / "notebooks"]
            ran = subprocess.run([sys.executable, "-m", *command], cwd=root, capture_output=True, text=True)
            assert ran.returncode == 0, ran.stderr[-3000:]
            done[name] = nbformat.read(out, as_version=4)
        return done[name]

    return run
