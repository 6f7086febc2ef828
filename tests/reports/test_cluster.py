"""The same reports from a Dask cluster with real processes, one of which is killed; and studies that lie elsewhere."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import fsspec
import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.errors import BadInput
from ppp.reports.batch import MAKING
from ppp.reports.cluster import _outcome
from ppp.study import open_study
from ppp.study.round import plan, run


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, as an administrator starts them: the address and the workers' processes."""
    pytest.importorskip("distributed")
    known = tmp_path / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": ""}
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": tmp_path}
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(known)],
        **quiet,
    )
    worker = ["worker", "--scheduler-file", str(known), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = []
    try:
        while not known.exists():
            assert scheduler.poll() is None
            time.sleep(0.05)
        workers += [subprocess.Popen([*dask, *worker], **quiet) for _ in range(2)]
        yield json.loads(known.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_a_cluster_that_loses_a_worker_makes_the_same_reports(small, tmp_path, cluster):
    from distributed import Client

    address, workers = cluster
    study = open_study(small.write())
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=300)
    told = []

    def kill_one(outcome):
        told.append(outcome.job.page.name)
        if len(told) == 1:
            workers[0].kill()

    summary = run(plan(study, output=tmp_path / "cluster"), dask=address, heard=kill_one)
    assert not summary.failed
    assert sorted(told) == ["norra.en.html", "norra.sv.html", "sodra.en.html", "sodra.sv.html"]
    assert workers[1].poll() is None
    assert not list((tmp_path / "cluster").rglob(f"{MAKING}*"))
    assert not plan(study, output=tmp_path / "cluster").jobs, "they are up to date"
    alone = run(plan(study, organizations=["norra"], languages=["sv"], output=tmp_path / "here")).made[0]
    for path in (alone.page, alone.executed):
        assert (tmp_path / "cluster" / path.relative_to(tmp_path / "here")).read_bytes() == path.read_bytes()


def test_a_report_that_ends_its_workers_is_told_as_failed(small, tmp_path):
    """What Dask says of a task whose workers died, one after another."""
    job = plan(open_study(small.write()), output=tmp_path).jobs[0]
    lost: Future = Future()
    lost.set_exception(MemoryError("HEMLIG"))
    assert _outcome(job, lost).error == "the process that made it ended, perhaps for want of memory (MemoryError)"


def test_without_dask_and_without_a_scheduler_it_says_so(small, tmp_path, monkeypatch):
    planned = plan(open_study(small.write()), output=tmp_path / "reports")
    pytest.importorskip("distributed")
    with pytest.raises(BadInput, match="No Dask scheduler answers"):
        run(planned, dask="tcp://127.0.0.1:1")
    with pytest.raises(BadInput, match="No Dask scheduler answers"):
        run(planned, dask="nonsense")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"ppp-workbook\[dask\]"):
        run(planned, dask="local")


def test_a_study_and_its_reports_may_lie_at_an_address(small):
    folder = small.write()
    away = fsspec.filesystem("memory")
    for path in folder.rglob("*"):
        if path.is_file():
            away.pipe_file(f"/studies/small/{path.relative_to(folder).as_posix()}", path.read_bytes())
    command = ["report", "memory://studies/small", "--output", "memory://made", "-o", "norra", "-l", "sv"]
    first = CliRunner().invoke(main, command)
    assert first.exit_code == 0, first.output
    there = {Path(path).name for path in away.find("/made")}
    assert {"norra.sv.html", "norra.sv.ipynb", "manifest.jsonl", "index.html"} <= there
    assert not [name for name in there if name.startswith(".")]
    again = CliRunner().invoke(main, [*command, "--dry-run"])
    assert "0 to make, 1 up to date" in again.output, again.output
    assert not [path for path in away.find("/studies") if "prepared" in path], "nothing is written into the study"
    nowhere = CliRunner().invoke(main, ["report", "memory://studies/other", "--output", "memory://made"])
    assert nowhere.exit_code == 2
    assert "There is no study.yaml" in nowhere.output
    unknown = CliRunner().invoke(main, ["report", "nosuch://studies/other"])
    assert unknown.exit_code == 2
    assert "cannot be read from there" in unknown.output
