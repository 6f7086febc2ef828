"""The same reports, made by a Dask cluster: every task carries what its report reads, and brings back what was made.

Workers need this program and nothing else: no shared folder, no study, no credentials. What comes back is put in place
by the process that runs the batch, so a worker that is lost leaves nothing half-written; Dask gives its task to another.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ppp.errors import BadInput, Problem
from ppp.reports.batch import MAKING, Job, Outcome, is_disk_full, make_report
from ppp.reports.freshness import program

__all__ = ["LOCAL", "make_reports_on_cluster"]

LOCAL = "local"
"""In place of an address: a cluster that is started for the batch, on this machine."""

_AHEAD = 4  # tasks that wait at the scheduler for each that runs: enough to keep all busy, few enough to hold
_PATIENCE = 60  # seconds


def make_reports_on_cluster(
    jobs: Sequence[Job], *, address: str, workers: int = 1, timeout: float | None = None
) -> Generator[Outcome]:
    """Make each report on a cluster; outcomes come as they are ready.

    Parameters
    ----------
    address
        Of the cluster's scheduler, such as ``tcp://10.0.0.1:8786``, or `LOCAL`.
    workers
        How many processes a `LOCAL` cluster has.
    timeout
        Seconds that one cell of a notebook may take.

    Raises
    ------
    BadInput
        Where Dask is not installed, or no scheduler or no worker answers.
    """
    distributed = _distributed()
    if not jobs:
        return
    with ExitStack() as stack:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # lost workers are Dask's to replace
        if address == LOCAL:
            cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )
            stack.callback(_close, cluster)
            address = cluster.scheduler_address
        client = stack.enter_context(_client(distributed, address))
        version = program()
        waiting = iter(jobs)
        running: dict[Any, Job] = {}
        done = distributed.as_completed(loop=client.loop)
        stack.callback(lambda: client.cancel(list(running), force=True))

        def start(count: int) -> None:
            for job in islice(waiting, max(0, count)):
                task = _Task(job, _read(job), timeout, version)
                # Never taken from an earlier batch's results, and tried again when its worker is lost.
                future = client.submit(_make, task, pure=False, retries=0)
                running[future] = job
                done.add(future)

        asked, wanted = 0.0, 0
        while True:
            try:
                if time.monotonic() - asked > 1:  # workers come and go
                    asked, wanted = time.monotonic(), max(1, _AHEAD * sum(client.nthreads().values()))
                start(wanted - len(running))
                if not running:
                    return
                future = next(done)
            except (OSError, TimeoutError):
                raise BadInput(_lost(address)) from None
            job = running.pop(future)
            yield _outcome(job, future)
            future.release()


def _lost(address: str) -> Problem:
    return Problem(
        "The Dask scheduler is gone.",
        file=address,
        mend="What was made stays. Start the cluster, then run the same command to go on where it was.",
    )


def _close(cluster) -> None:
    with suppress(TimeoutError, OSError):
        cluster.close(timeout=5)


def _distributed():
    try:
        import distributed
    except ImportError:
        raise BadInput(
            Problem(
                "Dask is not installed, so --dask cannot be used.",
                mend="Install it with: pip install 'ppp-workbook[dask]' (or leave out --dask: reports are then made here).",
            )
        ) from None
    return distributed


def _client(distributed, address: str):
    try:
        client = distributed.Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise BadInput(
            Problem(
                "No Dask scheduler answers there.", file=address, mend="Check the address: `dask scheduler` says it."
            )
        ) from None
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (TimeoutError, distributed.TimeoutError):
        client.close()
        raise BadInput(
            Problem("The Dask cluster has no worker.", file=address, mend=f"Start one: `dask worker {address}`.")
        ) from None
    return client


@dataclass(frozen=True)
class _Task:
    job: Job
    files: dict[str, bytes]
    timeout: float | None
    program: str


def _read(job: Job) -> dict[str, bytes]:
    """All that a report reads: its notebook, its partition, and the study's own look, which lies above the partitions."""
    files = {"notebook": job.notebook, "prepared/partitions/partition": job.partition}
    files["prepared/look.json"] = job.partition.parent.parent / "look.json"
    return {name: path.read_bytes() for name, path in files.items() if path.is_file()}


@dataclass(frozen=True)
class _Made:
    outcome: Outcome
    page: bytes = b""
    executed: bytes = b""
    failed: bytes = b""


def _make(task: _Task) -> _Made:
    """On a worker: the report in a folder of its own, and all of it as bytes."""
    if program() != task.program:
        return _Made(Outcome(task.job, "a worker of the cluster runs another version of this program"))
    with tempfile.TemporaryDirectory(prefix="ppp-") as temporary:
        folder = Path(temporary)
        job = replace(
            task.job,
            partition=folder / "prepared" / "partitions" / "partition",
            notebook=folder / "notebook",
            page=folder / "reports" / task.job.page.name,
        )
        for place in (job.page.parent, job.partition.parent):
            place.mkdir(parents=True)
        for name, content in task.files.items():
            (folder / name).write_bytes(content)
        outcome = make_report(job, timeout=task.timeout)
        outcome = replace(outcome, job=task.job)
        return _Made(outcome, *(_content(path) for path in (job.page, job.executed, job.failed)))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _outcome(job: Job, future) -> Outcome:
    """Put what came back in place, as a report that was made here is."""
    try:
        made = future.result()
    except Exception as error:
        # Its workers died, one after another: it is this report that ends them.
        return Outcome(job, f"the process that made it ended, perhaps for want of memory ({type(error).__name__})")
    try:
        job.executed.parent.mkdir(parents=True, exist_ok=True)
        if made.outcome.error:
            if made.failed:
                _put(job.failed, made.failed, job)
            return replace(made.outcome, job=job, is_disk_full=False)
        _put(job.executed, made.executed, job)
        _put(job.page, made.page, job)
    except OSError as error:
        return Outcome(job, f"it cannot be written ({error.strerror})", is_disk_full=is_disk_full(error))
    with suppress(OSError):
        job.failed.unlink(missing_ok=True)
    return replace(made.outcome, job=job)


def _put(path: Path, content: bytes, job: Job) -> None:
    with tempfile.TemporaryDirectory(prefix=MAKING, dir=job.page.parent) as folder:
        unfinished = Path(folder) / path.name
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
