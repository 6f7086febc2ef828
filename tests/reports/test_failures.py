"""A report that fails, hangs, crashes or eats the memory costs only itself, and no report ever holds another's data."""

import json
import multiprocessing
import threading
import time
from pathlib import Path

import nbformat
import pytest

from ppp.kernels import CAN_FORK
from ppp.reports.batch import MAKING, Job
from ppp.reports.workers import make_reports

PARAMETERS = "\n".join(f'{name} = ""' for name in ("study", "organization", "language", "wave", "partition"))


def job(folder: Path, name: str, *cells: str) -> Job:
    """A report made from a notebook of these cells."""
    sources = [nbformat.v4.new_code_cell(source) for source in (PARAMETERS, *cells)]
    sources[0].metadata.tags = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=sources)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return Job("data/x", name, "sv", "", folder / f"{name}.json", path, folder / "out" / f"{name}.sv.html")


BAD = {
    "failing": ("{}['no such key']", "cell 4: KeyError: 'no such key'"),
    "not_python": ("for", "cell 4: SyntaxError: "),
    "hanging": ("import time; time.sleep(600)", "cell 4: it took longer than the time allowed"),
    "hanging_unstoppable": (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)",
        "cell 4: it took longer than the time allowed",
    ),
    "unable_to_answer": ("import json; json.dump = None", "cell 4: its process ended"),
    "leaving": ("import os; os._exit(3)", "cell 4: its process ended"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "cell 4: its process ended"),
    "crashing": ("import faulthandler; faulthandler._sigsegv()", "cell 4: its process ended"),
    "eating_memory": ("eaten = []\nwhile True:\n    eaten.append(bytes(2**28))", "cell 4: MemoryError"),
}
"""For each bad report its last cell and what is said of it; cells count as in the executed notebook."""


@pytest.mark.skipif(not CAN_FORK, reason="memory is limited where kernels are forked")
def test_a_bad_report_costs_only_itself(tmp_path):
    (tmp_path / "out").mkdir()
    jobs = [job(tmp_path, name, "1 + 1", last) for name, (last, _) in BAD.items()]
    for n in range(4):
        jobs.insert(3 * n, job(tmp_path, f"good{n}", "1 + 1"))
    made = list(make_reports(jobs, workers=4, timeout=8, memory=4 * 1024**3))
    outcomes = {outcome.job.organization: outcome for outcome in made}
    assert len(outcomes) == len(made) == len(jobs)
    assert {name for name, outcome in outcomes.items() if not outcome.error} == {f"good{n}" for n in range(4)}
    for name, (_, says) in BAD.items():
        assert outcomes[name].error.startswith(says), f"{name}: {outcomes[name].error}"
        kept = nbformat.read(outcomes[name].job.failed, as_version=4)
        [before] = [cell for cell in kept.cells if cell.source == "1 + 1"]
        assert before.outputs[0].data["text/plain"] == "2", f"{name}: what came before the failure is kept"
    assert {path.name for path in (tmp_path / "out").glob("*.html")} == {f"good{n}.sv.html" for n in range(4)}
    assert not list((tmp_path / "out").glob(f"{MAKING}*"))


def test_a_process_that_dies_while_making_a_report_costs_only_that(tmp_path):
    (tmp_path / "out").mkdir()
    begun = tmp_path / "begun"
    bad = job(tmp_path, "bad", f"import time; open({str(begun)!r}, 'w').close(); time.sleep(600)")
    jobs = [job(tmp_path, "one", "1"), bad, job(tmp_path, "two", "1"), job(tmp_path, "three", "1")]

    def kill_its_maker():
        while not begun.exists():
            time.sleep(0.01)
        for process in multiprocessing.active_children():
            process.kill()

    threading.Thread(target=kill_its_maker, daemon=True).start()
    outcomes = {outcome.job.organization: outcome.error for outcome in make_reports(jobs, workers=1)}
    assert "the process that made it ended" in outcomes.pop("bad")
    assert outcomes == dict.fromkeys(("one", "two", "three"), "")


MARKED = """
import builtins, json, os
import matplotlib as mpl, matplotlib.pyplot as plt
from IPython.display import HTML, display
from ppp.figures import to_svg
from ppp.reports import Report, Section
mine = json.loads(open(partition).read())
kept = builtins.__dict__.setdefault("kept", [])
kept.append(mine["mark"])
os.environ["MARKS"] = os.environ.get("MARKS", "") + mine["mark"]
Report.marks = [*getattr(Report, "marks", []), mine["mark"]]
mpl.rcParams["font.family"] = [mine["mark"], *mpl.rcParams["font.family"]]
mpl.rcParams["lines.color"] = mine["colour"]
figure, axes = plt.subplots()
axes.bar([0], [mine["number"]], color=mpl.rcParams["lines.color"])
axes.set_title(f"{mine['mark']} {mine['number']} " + " ".join(Report.marks))
words = [mine["mark"], str(mine["number"]), *kept, os.environ["MARKS"], *mpl.rcParams["font.family"]]
page = {"language": language, "title": mine["mark"], "skip": "skip"}
Section(f"<h1>{' '.join(words)}</h1>" + to_svg(figure, name="f", alternative=mine["mark"]), page)
"""


def test_no_report_holds_anothers_words_numbers_or_colours(tmp_path):
    (tmp_path / "out").mkdir()
    marks = {f"org{n}": (f"MARK{n:03}X", 7_310_000 + 977 * n, f"#a{n:x}b{n:x}c{n:x}") for n in range(12)}
    jobs = []
    for name, (mark, number, colour) in marks.items():
        one = job(tmp_path, name, MARKED)
        one.partition.write_text(json.dumps({"mark": mark, "number": number, "colour": colour}), encoding="utf-8")
        jobs.append(one)
    assert [outcome.error for outcome in make_reports(jobs, workers=4)] == [""] * len(jobs)
    for name, own in marks.items():
        for path in (tmp_path / "out" / f"{name}.sv.html", tmp_path / "out" / "executed" / f"{name}.sv.ipynb"):
            text = path.read_text(encoding="utf-8")
            found = {other for other, values in marks.items() if any(str(value) in text for value in values)}
            assert found == {name}
            assert all(str(value) in text for value in own)


def test_pages_made_together_are_those_made_one_by_one_in_ordinary_kernels(small, tmp_path):
    """Organizations with names and numbers of their own; the study's whole way, four at a time, against one alone."""
    from ppp.study import open_study
    from ppp.study.round import plan, run

    numbers = {f"MÄRKE{n}": 6 + 3 * n for n in range(5)}
    small.settings["languages"] = ["sv"]
    small.settings["organizations"] = [{"id": f"o{n}", "name": name} for n, name in enumerate(numbers)]
    small.rows = [
        f"{name}{n};{name};Patient;Helt;Lite;HEMLIG;HEMLIG;Kliniken;Från början;Ja"
        for name, number in numbers.items()
        for n in range(number)
    ]
    study = open_study(small.write())
    together = run(plan(study, output=tmp_path / "together"), workers=4)
    pages = [made for made in together.made if made.organization]  # beside them the network's
    assert len(pages) == len(numbers)
    for made, (name, number) in zip(sorted(pages, key=lambda made: made.organization), numbers.items(), strict=True):
        page = made.page.read_text(encoding="utf-8")
        assert {other for other in numbers if other in page + made.executed.read_text(encoding="utf-8")} == {name}
        assert f">{number}<" in page
    for name in ("o1", "o3"):
        [alone] = run(plan(study, organizations=[name], output=tmp_path / name), workers=1).made
        for path in (alone.page, alone.executed):
            same = tmp_path / "together" / path.relative_to(tmp_path / name)
            assert path.read_bytes() == same.read_bytes(), path.name
