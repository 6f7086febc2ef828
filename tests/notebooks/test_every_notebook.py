"""Every notebook of the workbook: what it looks like in git, how it reads, and that it runs."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS)
def name(request):
    return request.param


@pytest.fixture
def cells(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells


def _code(cells):
    return [cell for cell in cells if cell.cell_type == "code"]


def test_the_notebooks_are_found():
    assert {"0_start", "3_agreement", "4_explore", "organization_report"} <= set(NOTEBOOKS)


def test_restart_and_run_all(name, run_notebook):
    executed = run_notebook(name)
    outputs = [output for cell in _code(executed.cells) for output in cell.outputs]
    assert outputs
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []
    # A figure that shows as <Figure size …> is a picture that nobody sees.
    seen = [output for output in outputs if set(output.get("data", {})) == {"text/plain"}]
    assert [output for output in seen if output.data["text/plain"].startswith("<")] == []


def test_git_holds_no_outputs(name):
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_it_says_first_what_it_is_for_and_what_it_needs(cells):
    first = cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# \S", first.source)
    assert len(first.source) > 150
    assert [cell for cell in cells[1:] if re.match(r"# \S", cell.source) and cell.cell_type == "markdown"] == []
    before_parameters = "\n".join(cell.source for cell in cells[: cells.index(_code(cells)[0])])
    assert re.search(r"\b(needs?|reads|works at once)\b", before_parameters)


def test_it_has_one_parameters_cell_of_plain_values_that_comes_first(cells):
    tagged = [cell for cell in _code(cells) if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == _code(cells)[:1]
    for statement in ast.parse(tagged[0].source).body:
        assert isinstance(statement, ast.Assign)
        assert isinstance(ast.literal_eval(statement.value), str | int | float | bool)
    assert "study" in tagged[0].source


def test_cells_are_short_and_hold_no_logic(cells):
    for cell in _code(cells):
        assert len(cell.source.splitlines()) <= 15, cell.source
        for node in ast.walk(ast.parse(cell.source)):
            logic = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.While | ast.Try
            assert not isinstance(node, logic), cell.source


def test_prose_stands_between_the_code(cells):
    kinds = "".join("m" if cell.cell_type == "markdown" else "c" for cell in cells)
    assert "cccc" not in kinds
    assert kinds.count("m") * 2 >= kinds.count("c")


def test_links_between_notebooks_lead_somewhere(cells):
    for cell in cells:
        for link in re.findall(r"\]\(([^)\s]+)\)", cell.source) if cell.cell_type == "markdown" else []:
            assert "://" in link or (FOLDER / link.split("#")[0]).exists(), link
