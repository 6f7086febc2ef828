"""The report notebook as people use it: by papermill alone, and by nbconvert alone."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from ppp.reports.page import report_notebook

ENVIRONMENT = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}


def _run(*command, cwd):
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("name", "own"), [("organization_report.ipynb", {"organization"}), ("network_report.ipynb", set())]
)
def test_it_has_one_parameters_cell_of_plain_values(name, own):
    notebook = nbformat.read(report_notebook(name), as_version=4)
    [cell] = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    values: dict = {}
    exec(cell.source, {}, values)
    assert set(values) == {"study", "language", "wave", "partition"} | own
    assert all(isinstance(value, str) for value in values.values())


def test_papermill_alone_then_nbconvert_alone(small, tmp_path):
    small.write()
    out = tmp_path / "out.ipynb"
    ran = _run(
        *("papermill", report_notebook(), out, "-p", "study", small.folder),
        *("-p", "organization", "norra", "-p", "language", "sv"),
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    from ppp.reports.stylesheet import TEMPLATES

    ran = _run(
        *("nbconvert", "--to", "html", "--template", "ppp", out),
        f"--TemplateExporter.extra_template_basedirs={TEMPLATES}",
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert '<html lang="sv">' in page
    assert "<h1>Norra</h1>" in page
    assert "open_report" not in page
    assert "HEMLIG" not in page + out.read_text(encoding="utf-8")


def test_it_runs_untouched_on_the_demo_as_in_jupyterlab(run_notebook):
    outputs = [o for cell in run_notebook("organization_report").cells for o in cell.get("outputs", [])]
    assert sum("text/html" in o.get("data", {}) for o in outputs) == 13


def test_an_installed_program_finds_the_notebook():
    assert Path(report_notebook()).is_file()
