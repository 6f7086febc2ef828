"""The commit hooks: nothing is fetched, and an output does not reach git."""

import shutil
import subprocess
import sys

import nbformat
import yaml


def test_hooks_are_local_and_run_what_is_installed(root):
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in config["repos"]} == {"local"}
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    commands = {hook["entry"].removeprefix("uv run ").split()[0] for hook in hooks}
    assert commands == {"ruff", "nbstripout"}


def test_the_notebook_hook_takes_outputs_out_and_leaves_the_rest(root, tmp_path):
    notebook = tmp_path / "4_explore.ipynb"
    shutil.copy(root / "notebooks" / notebook.name, notebook)
    kept = nbformat.read(notebook, as_version=4)
    ran = nbformat.read(notebook, as_version=4)
    for cell in (cell for cell in ran.cells if cell.cell_type == "code"):
        cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="HEMLIG")], 7
    nbformat.write(ran, notebook)
    subprocess.run([sys.executable, "-m", "nbstripout", str(notebook)], check=True)
    assert nbformat.read(notebook, as_version=4) == kept
