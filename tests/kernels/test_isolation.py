"""Nothing that one report does can be seen by the next, although both kernels come from the same warm process."""

import ast
import json

import nbformat
import papermill
import pytest

from ppp.kernels import CAN_FORK

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="kernels are not forked on this system")

IMPORTS = """
import builtins, decimal, json, locale, logging, os, random, resource, signal, sys, threading, warnings
import matplotlib as mpl, matplotlib.pyplot as plt, numpy as np, pandas as pd, seaborn as sns
import ppp.language, ppp.reports
"""

STATE = {
    "variable": ("left_behind = 1", "'left_behind' in globals()"),
    "rcParams": ("mpl.rcParams['font.size'] = 33", "mpl.rcParams['font.size'] == 33"),
    "figure style": ("plt.style.use('dark_background')", "mpl.rcParams['axes.facecolor'] == 'black'"),
    "seaborn palette": ("sns.set_palette('husl')", "sns.color_palette()[0] == sns.color_palette('husl', 6)[0]"),
    "pandas option": ("pd.set_option('display.max_rows', 7)", "pd.get_option('display.max_rows') == 7"),
    "numpy option": ("np.set_printoptions(precision=2)", "np.get_printoptions()['precision'] == 2"),
    "numpy errors": ("np.seterr(under='raise')", "np.geterr()['under'] == 'raise'"),
    "monkeypatched library": ("pd.DataFrame.mean = len", "pd.DataFrame.mean is len"),
    "monkeypatched program": ("ppp.reports.Report.header = len", "ppp.reports.Report.header is len"),
    "cached object": ("vars(ppp.language.speak('sv'))['left'] = 1", "hasattr(ppp.language.speak('sv'), 'left')"),
    "builtin": ("builtins.left_behind = 1", "hasattr(builtins, 'left_behind')"),
    "module": ("sys.modules['left_behind'] = sys", "'left_behind' in sys.modules"),
    "environment": ("os.environ['LEFT_BEHIND'] = '1'", "'LEFT_BEHIND' in os.environ"),
    "working folder": ("os.chdir('/')", "os.getcwd() == '/'"),
    "import path": ("sys.path.insert(0, '/left_behind')", "'/left_behind' in sys.path"),
    "seed": ("random.seed(1)", "random.getstate()[1][:9] == random.Random(1).getstate()[1][:9]"),
    "numpy seed": ("np.random.seed(1)", "np.random.get_state()[1][0] == np.random.RandomState(1).get_state()[1][0]"),
    "open figure": ("figure = plt.figure()", "len(plt.get_fignums()) > 0"),
    "warnings filter": ("warnings.simplefilter('error')", "warnings.filters[0][0] == 'error'"),
    "locale": ("locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')", "locale.setlocale(locale.LC_NUMERIC) == 'C.UTF-8'"),
    "umask": ("os.umask(0o177)", "os.umask(0o022) == 0o177"),
    "recursion limit": ("sys.setrecursionlimit(4321)", "sys.getrecursionlimit() == 4321"),
    "logging": ("logging.getLogger().setLevel(7)", "logging.getLogger().level == 7"),
    "decimals": ("decimal.getcontext().prec = 3", "decimal.getcontext().prec == 3"),
    "signal handler": ("signal.signal(signal.SIGUSR1, print)", "signal.getsignal(signal.SIGUSR1) is print"),
    "thread": (
        "threading.Thread(target=threading.Event().wait, name='left', daemon=True).start()",
        "'left' in [thread.name for thread in threading.enumerate()]",
    ),
    "limit": (
        "resource.setrlimit(resource.RLIMIT_CORE, (4096, 4096))",
        "resource.getrlimit(resource.RLIMIT_CORE)[0] == 4096",
    ),
}
"""For each kind of state: what changes it, and an expression that is true where it has been changed."""

LOOK = f"json.dumps([{', '.join(f'bool({look})' for _, look in STATE.values())}])"


@pytest.fixture(params=["ppp", "ppp-report"])
def run(tmp_path, request):
    """Runs code in a process of its own, a cell each, by one of our engines; returns the cells' outputs."""

    def _run(*cells: str, engine: str | None = request.param) -> list:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, tmp_path / "in.ipynb")
        done = papermill.execute_notebook(
            tmp_path / "in.ipynb", None, engine_name=engine, progress_bar=False, execution_timeout=60
        )
        return [output for cell in done.cells for output in cell.outputs]

    return _run


def _seen(outputs: list) -> set[str]:
    [result] = [output for output in outputs if output.output_type == "execute_result"]
    found = json.loads(ast.literal_eval(result.data["text/plain"]))
    return {kind for kind, is_changed in zip(STATE, found, strict=True) if is_changed}


def test_no_kind_of_state_carries_over_from_one_kernel_to_the_next(run):
    changes = "\n".join(change for change, _ in STATE.values())
    assert _seen(run(IMPORTS, f"{changes}\n{LOOK}")) == set(STATE), "each look can see its change"
    assert _seen(run(IMPORTS, LOOK)) == set()


def test_two_kernels_from_one_process_draw_different_random_numbers(run):
    look = "import random, numpy; random.random(), float(numpy.random.random())"
    assert run(look)[0].data != run(look)[0].data


FIGURE = """
import matplotlib.pyplot as plt, numpy as np, seaborn as sns
figure, axes = plt.subplots(1, 2)
axes[0].plot(np.arange(9) ** 0.5, label="å")
axes[0].legend(title="ö")
sns.barplot(x=["a", "b", "c"], y=[3, 1, 2], ax=axes[1])
plt.show()
"""


def test_a_figure_is_the_same_as_in_an_ordinary_kernel_to_the_byte(run):
    warm, ordinary = run(FIGURE), run(FIGURE, engine=None)
    assert ["image/png" in output.data for output in warm] == [True]
    assert warm == ordinary


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import faulthandler; faulthandler._sigsegv()",
    ],
    ids=["exit", "killed", "segmentation fault"],
)
def test_a_kernel_that_ends_is_noticed(run, end):
    with pytest.raises(Exception, match=r"[Dd]ied"):
        run(end)
    assert run("1 + 1")[0].data["text/plain"] == "2", "and the next one starts"
