"""What a report costs, in a batch and otherwise: ratios of one run, as the machine may be doing other things.

    uv run python tests/benchmarks/batch.py                          # the ways against each other, the split of a report
    uv run python tests/benchmarks/batch.py --growth 20 200 1000     # cost a report and the driver's memory as they grow

Ways: **naive** is papermill's command and then nbconvert's, one organization after another; **ppp** is `ppp report` with
one and two workers; the **floor** executes the very cells of the report's notebook in a plain loop and fills the same
page, with no kernel, one and two processes. All read the demo study's prepared data. Rounds are interleaved; medians.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("OMP_NUM_THREADS", "1")


def main() -> None:
    """Run what was asked for and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--naive", type=int, default=2, help="reports a round made the naive way")
    parser.add_argument("--growth", type=int, nargs="+", metavar="N", help="numbers of reports; nothing else is run")
    parser.add_argument("--workers", type=int, default=2, help="with --growth")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} at the start\n")
    with tempfile.TemporaryDirectory() as folder:
        if chosen.growth:
            _growth(Path(folder), chosen.growth, chosen.workers)
        else:
            _compare(Path(folder), chosen.rounds, chosen.naive)


# -- ways ----------------------------------------------------------------------------------------------------------------


def _compare(folder: Path, rounds: int, naive: int) -> None:
    from ppp.study import open_study, prepare

    study = ROOT / "data" / "demo"
    jobs = [
        (name, language, str(path))
        for name, path in prepare(open_study(study)).partitions.items()
        for language in ("sv", "en")
    ]
    seconds: dict[str, list[float]] = {}
    set_up: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    ways: dict[str, tuple[Callable[[], tuple[float, float]], int]] = {
        "naive": (lambda: (_naive(folder, study, jobs[:naive]), 0.0), naive),
        "ppp, 1 worker": (lambda: _ppp(folder, study, 1), len(jobs)),
        "ppp, 2 workers": (lambda: _ppp(folder, study, 2), len(jobs)),
        "floor, 1 process": (lambda: _floor(jobs, 1), len(jobs)),
        "floor, 2 processes": (lambda: _floor(jobs, 2), len(jobs)),
    }
    for _ in range(rounds):
        for name, (way, reports) in ways.items():
            used = _used()
            took, first = way()
            seconds.setdefault(name, []).append(took)
            set_up.setdefault(name, []).append(first)
            processor.setdefault(name, []).append((_used() - used) / reports)
    middle = {name: statistics.median(found) for name, found in seconds.items()}
    print(
        "| way | s a report | faster than naive | set-up, s | processor, s a report |\n| --- | --- | --- | --- | --- |"
    )
    for name, took in middle.items():
        print(
            f"| {name} | {took:.2f} | {middle['naive'] / took:.1f} | {statistics.median(set_up[name]):.1f} "
            f"| {statistics.median(processor[name]):.2f} |"
        )
    for n, process in ((1, "process"), (2, "processes")):
        ratio = middle[f"ppp, {n} worker{'s' * (n > 1)}"] / middle[f"floor, {n} {process}"]
        print(f"\nppp against the floor, {n} at a time: {ratio:.2f}")
    _split(folder, study, jobs)


def _used() -> float:
    """Seconds of the processor that processes started from here have used, once they have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _naive(folder: Path, study: Path, jobs: list[tuple[str, str, str]]) -> float:
    began = time.perf_counter()
    for organization, language, partition in jobs:
        out = folder / "naive.ipynb"
        given = {"study": study, "organization": organization, "language": language, "partition": partition}
        options = [item for name, value in given.items() for item in ("-p", name, str(value))]
        notebook = ROOT / "notebooks" / "organization_report.ipynb"
        _quiet("papermill", str(notebook), str(out), *options)
        _quiet("jupyter", "nbconvert", "--to", "html", "--template", "ppp", str(out))
    return (time.perf_counter() - began) / len(jobs)


def _quiet(command: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name(command)
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    subprocess.run([program, *arguments], check=True, capture_output=True, env=environment, cwd=ROOT)


def _ppp(folder: Path, study: Path, workers: int, *options: str) -> tuple[float, float]:
    """Seconds a report once the first is there, and seconds from the plan to the first, less one report's own."""
    times, planned, _ = _run(study, folder / f"out{workers}", workers, "--force", *options)
    each = (times[-1] - times[0]) / (len(times) - 1)
    return each, max(0.0, times[0] - planned - each * workers)


def _run(study: Path, output: Path, workers: int, *options: str) -> tuple[list[float], float, float]:
    """When each report was told to be made, when the plan was told, and the driver's greatest memory in MB."""
    command = [sys.executable, "-c", "from ppp.cli import main; main()", "report", str(study), "--log-json"]
    command += ["--jobs", str(workers), "--output", str(output), *options]
    times: list[float] = []
    planned = memory = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as batch:
        assert batch.stdout is not None
        for line in batch.stdout:
            event = json.loads(line)["event"]
            if event == "plan":
                planned = time.perf_counter()
            elif event == "made":
                times.append(time.perf_counter())
                memory = max(memory, _memory(batch.pid))
    assert batch.returncode == 0
    return times, planned, memory


def _memory(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def _floor(jobs: list[tuple[str, str, str]], processes: int) -> tuple[float, float]:
    began = time.perf_counter()
    with get_context("spawn").Pool(processes) as pool:
        times = [time.perf_counter() for _ in pool.imap_unordered(_plain, jobs)]
    each = (times[-1] - times[0]) / (len(times) - 1)
    return each, max(0.0, times[0] - began - each * processes)


def _plain(job: tuple[str, str, str]) -> int:
    """The cells of the notebook, one after another in this process, and their HTML in a page."""
    organization, language, partition = job
    names: dict = {}
    parts = []
    for cell in json.loads((ROOT / "notebooks" / "organization_report.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= {"organization": organization, "language": language, "partition": partition}
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            parts.append(shown.html)
    from ppp.reports.stylesheet import stylesheet

    page = f"<!DOCTYPE html><html><head><style>{stylesheet()}</style></head><body>{''.join(parts)}</body></html>"
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        return file.write(page)


# -- where the time goes -------------------------------------------------------------------------------------------------


def _split(folder: Path, study: Path, jobs: list[tuple[str, str, str]]) -> None:
    import warnings

    import papermill

    from ppp.reports.page import render, warm_up

    warnings.filterwarnings("ignore")
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    warm_up()
    cells, kernels, pages = [], [], []
    for organization, language, partition in jobs[: 2 * 6]:
        began = time.perf_counter()
        given = {"study": str(study), "organization": organization, "language": language, "partition": partition}
        done = papermill.execute_notebook(
            str(ROOT / "notebooks" / "organization_report.ipynb"),
            str(folder / "split.ipynb"),
            parameters=given,
            engine_name="ppp-report",
            progress_bar=False,
        )
        ran = time.perf_counter()
        render(done)
        own = sum(cell.metadata.papermill.duration or 0 for cell in done.cells if cell.cell_type == "code")
        cells.append(own)
        kernels.append(ran - began - own)
        pages.append(time.perf_counter() - ran)
    found = [statistics.median(part[2:]) for part in (cells, kernels, pages)]
    print("\n| of one report, one at a time | s |\n| --- | --- |")
    for name, took in zip(("its own cells", "process, papermill, notebook", "page"), found, strict=True):
        print(f"| {name} | {took:.2f} |")


# -- growth --------------------------------------------------------------------------------------------------------------


def _growth(folder: Path, sizes: list[int], workers: int) -> None:
    print(f"| reports | s a report, {workers} workers | driver, MB |\n| --- | --- | --- |")
    for size in sizes:
        study = _synthetic(folder / f"study{size}", size)
        _quiet("ppp", "prepare", str(study))  # so that the memory is that of the batch
        times, _, memory = _run(study, folder / f"reports{size}", workers, "--no-network")
        assert len(times) == size
        print(f"| {size:,} | {(times[-1] - times[0]) / (size - 1):.2f} | {memory:.0f} |", flush=True)


def _synthetic(folder: Path, organizations: int) -> Path:
    """A study of so many organizations, each with twelve respondents."""
    from conftest import PEOPLE, small_settings

    settings = small_settings() | {
        "languages": ["sv"],
        "organizations": [{"id": f"o{n:05}", "name": f"Enhet {n}"} for n in range(organizations)],
    }
    scale = ["Inte alls", "Lite", "Ganska mycket", "Helt"]
    rows = [
        f"{n}.{person};Enhet {n};{'Patient' if person % 2 else 'Medarbetare'};{scale[(n + person) % 4]};"
        f"{scale[(n * person) % 4]};Möte;Vi träffades;{'Kliniken' if person % 3 else 'Hela organisationen'};"
        f"{'Från början' if (n + person) % 2 else 'Efteråt'};Ja"
        for n in range(organizations)
        for person in range(12)
    ]
    (folder / "exports").mkdir(parents=True)
    (folder / "exports" / "answers.csv").write_text("\n".join([PEOPLE, *rows]), encoding="utf-8")
    (folder / "study.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return folder


if __name__ == "__main__":
    main()
