"""The agreement notebook: what it shows of the demo, and a study without coders."""

import subprocess
import sys


def test_it_draws_agreement_and_confusion(run_notebook):
    outputs = [output for cell in run_notebook("3_agreement").cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2


def test_it_runs_on_a_study_without_codings(root, small, tmp_path):
    small.settings["coders"] = ["anna", "bo"]
    notebook, out = root / "notebooks" / "3_agreement.ipynb", tmp_path / "out.ipynb"
    ran = subprocess.run(
        [sys.executable, "-m", "papermill", notebook, out, "-p", "study", small.write()],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
