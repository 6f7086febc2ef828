"""The agreement notebook: one parameters cell, and it runs on the demo study."""

import subprocess
import sys

import nbformat


def test_it_runs_on_the_demo_and_on_a_study_without_coders(root, small, tmp_path):
    notebook = root / "notebooks" / "3_agreement.ipynb"
    [cell] = [c for c in nbformat.read(notebook, as_version=4).cells if "parameters" in c.metadata.get("tags", [])]
    assert cell.source == 'study = "data/demo"\nlanguage = "en"'
    small.settings["coders"] = ["anna", "bo"]
    small.write()
    for study in (root / "data" / "demo", small.folder):
        out = tmp_path / f"{study.name}.ipynb"
        ran = subprocess.run(
            [sys.executable, "-m", "papermill", notebook, out, "-p", "study", study], capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr[-2000:]
    outputs = [o for c in nbformat.read(tmp_path / "demo.ipynb", as_version=4).cells for o in c.get("outputs", [])]
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 2
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
