"""Cells run without a kernel put out what they would in one."""

import json

import nbformat
import papermill
import pytest

from ppp.disclosure import RELEASED, Partition
from ppp.framework import LANGUAGES
from ppp.kernels import CAN_FORK
from ppp.reports.page import report_notebook
from ppp.reports.ready import REHEARSAL, rehearse

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="processes are not forked on this system")

CELLS = {
    "result": "{'å': [1, 2]}",
    "no result": "1;",
    "table": "import pandas as pd; pd.DataFrame({'a': [1, None]})",
    "streams": "for n in range(3):\n    print('ä', n)\nprint('end', end='')",
    "show on the way": "from IPython.display import HTML, display\nprint('before')\ndisplay(HTML('<b>ö</b>'), 1)\nprint('after')\n2",
    "show again": "shown = display('waits', display_id='x'); shown.update('is there')",
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output(wait=True)\nprint('stays')",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'slept'",
    "magic": "%precision 3\n3.14159",
    "earlier result": "_",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()\nplt.plot([2, 1]);",
    "inline": "%matplotlib inline",
    "program": "!echo from a program",
    "warning": "import warnings; warnings.warn('careful', stacklevel=1)",
    "error that may be": "raise ValueError('as planned')",
    "after": "In[1], __name__",
}


def _run(folder, engine):
    cells = [
        nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate([*CELLS.values(), "", "0 / 0", "1"])
    ]
    cells[list(CELLS).index("error that may be")].metadata.tags = ["raises-exception"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# text", id="t"), *cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "in.ipynb")
    with pytest.raises(papermill.PapermillExecutionError, match="ZeroDivisionError"):
        papermill.execute_notebook(folder / "in.ipynb", folder / "out.ipynb", engine_name=engine, progress_bar=False)
    return nbformat.read(folder / "out.ipynb", as_version=4)


def test_cells_put_out_what_they_do_in_an_ordinary_kernel(tmp_path):
    own, ordinary = (_run(tmp_path, engine) for engine in ("ppp-report", None))
    names = ["text", *CELLS, "empty", "failing", "not run"]
    found = [cell for cell in own.cells if cell.get("id") in {"t", *(f"c{n}" for n in range(99))}]
    expected = [cell for cell in ordinary.cells if cell.get("id") in {cell.id for cell in found}]
    assert len(found) == len(expected) == len(names)
    for name, one, other in zip(names, found, expected, strict=True):
        assert one.source == other.source
        if one.cell_type == "code":
            assert one.execution_count == other.execution_count, name
            assert _plain(one.outputs) == _plain(other.outputs), name
    assert own.metadata.language_info == ordinary.metadata.language_info


def _plain(outputs):
    """Without the colours and file names of tracebacks and warnings, which hold a number of the process."""
    return [
        (output.output_type, output.get("ename"), output.get("evalue"))
        if output.output_type == "error"
        else output.text.split(":")[-1]
        if output.get("name") == "stderr"
        else json.loads(json.dumps(output))
        for output in outputs
    ]


def test_every_section_of_the_report_is_rehearsed():
    shown = []
    rehearse(shown.append)
    cells = [cell.source for cell in nbformat.read(report_notebook(), as_version=4).cells if cell.cell_type == "code"]
    called = [
        line.removeprefix("report.") for cell in cells for line in cell.splitlines() if line.startswith("report.")
    ]
    assert len(shown) == len(LANGUAGES) * len(called)
    for section in ("header", "matrix", "joining", "initiation", "parity", "progress", "examples", "peers", "about"):
        assert f"{section}()" in called
    pictures = sum(section.html.count("<svg") for section in shown[: len(called)])
    assert pictures >= 5, "matplotlib has drawn"


def test_what_is_rehearsed_with_is_data_of_this_version():
    partition = Partition.read(REHEARSAL)
    assert {name for name in RELEASED if name != "quotes" and partition.table(name).empty} == set()
    for name, rows in partition.tables.items():
        assert all(set(row) == set(RELEASED[name]) for row in rows), name
