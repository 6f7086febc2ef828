"""Many reports at once: a few processes that each make one after another, and no failure reaching another report."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from ppp.kernels import CAN_FORK, KernelServer
from ppp.reports.batch import Job, Outcome, make_report

__all__ = ["make_reports"]


def make_reports(
    jobs: Sequence[Job], *, workers: int = 1, timeout: float | None = None, memory: int | None = None
) -> Generator[Outcome]:
    """Make each report; outcomes come as they are ready.

    Every report runs in a kernel of its own, a fresh process, so nothing that one leaves behind can reach the next; a
    page appears under its name only when it is whole. However the iteration ends, no process is left behind.

    Parameters
    ----------
    workers
        How many reports are made at once.
    timeout
        Seconds that one cell of a notebook may take.
    memory
        Bytes that one report may take, where kernels can be forked; see `ppp.kernels.KernelServer`.
    """
    if not jobs:
        return
    waiting = deque(jobs)
    with tempfile.TemporaryDirectory(prefix="ppp-") as folder:
        # A single report takes an ordinary kernel: a warm one pays from the second on. Only a forked one has a limit.
        server = KernelServer(folder, memory=memory, quiet=True) if CAN_FORK and (len(jobs) > 1 or memory) else None
        crew = [_Worker(server, timeout) for _ in range(min(workers, len(jobs)))]
        try:
            while waiting or any(worker.job for worker in crew):
                for worker in crew:
                    if waiting and worker.job is None:
                        worker.give(waiting.popleft())
                busy: dict[object, _Worker] = {worker.connection: worker for worker in crew if worker.job}
                for ready in connection.wait([worker.connection for worker in busy.values()]):
                    worker = busy[ready]
                    assert worker.job is not None  # it is busy
                    job = worker.job
                    try:
                        outcome = worker.take()
                    except EOFError:
                        crew[crew.index(worker)] = _Worker(server, timeout)
                        outcome = Outcome(job, "the process that made it ended, perhaps for want of memory")
                    yield outcome
        finally:
            for worker in crew:
                worker.end()
            if server:
                server.close()


@dataclass
class _Worker:
    """A process that makes reports, seen from outside; `job` is what it is at."""

    server: KernelServer | None
    timeout: float | None
    job: Job | None = None

    def __post_init__(self) -> None:
        # Started anew, not forked: this process may hold threads.
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        address = self.server.address if self.server else ""
        self.process: BaseProcess = context.Process(target=_work, args=(theirs, address, self.timeout), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, job: Job) -> None:
        if self.server:
            self.server.wait_until_ready()
        self.job = job
        self.connection.send(job)

    def take(self) -> Outcome:
        outcome = self.connection.recv()
        self.job = None
        return outcome

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _work(jobs: Connection, server: str, timeout: float | None) -> None:
    """In the process: make what comes, until it is killed or the process that started it is gone."""
    import signal

    logging.disable()  # what goes wrong is told once, by the summary
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started us, who then ends us
    parent = parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    if server:
        os.environ["PPP_KERNEL_SERVER"] = server
    # jsonschema does without its checker of internationalized addresses where the package is not installed. Notebooks
    # hold none that it would check, and building its grammar takes longer than a report.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # While the kernels' process warms up.
    import nbformat  # noqa: F401
    import papermill  # noqa: F401

    import ppp.reports.page

    ppp.reports.page.warm_up()
    while True:
        jobs.send(make_report(jobs.recv(), timeout=timeout, warm=bool(server)))


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
