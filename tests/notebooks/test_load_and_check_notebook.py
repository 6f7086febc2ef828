"""The first notebook: one parameters cell, no outputs in git, and it runs on sound studies and on ones with faults."""

import subprocess
import sys

import nbformat
import pytest


@pytest.fixture(scope="module")
def notebook(root):
    return root / "notebooks" / "1_load_and_check.ipynb"


def test_it_says_what_it_needs_and_holds_no_outputs(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    assert cells[0].cell_type == "markdown"
    assert "It needs" in cells[0].source
    [parameters] = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert parameters.source == 'study = "data/demo"'
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert all(len(cell.source.splitlines()) <= 10 for cell in code)


def test_it_runs_untouched_on_the_demo(notebook, tmp_path):
    out = tmp_path / "out.ipynb"
    ran = subprocess.run([sys.executable, "-m", "papermill", notebook, out], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]
    outputs = [o for cell in nbformat.read(out, as_version=4).cells for o in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 1
    assert "solbacken" in str(outputs)


def test_it_tells_of_faults_in_place_of_failing(notebook, small):
    small.settings["mappings"]["form"]["role"] = "Rol"
    small.rows[0] = small.rows[0].replace("Norra sjukhuset", "Norra sjh")
    names: dict = {"study": str(small.write())}
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            exec(cell.source, names)
    assert "Did you mean “Roll”?" in names["checked"].problems["mend"].tolist()
    assert names["checked"].spellings["organization"].tolist() == ["norra"]
