"""Many reports: each its own kernel, each published only when it is whole, and no failure reaching another."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from traitlets.config import Config

__all__ = ["Job", "Outcome", "make_reports"]


@dataclass(frozen=True)
class Job:
    """One report to be made.

    Attributes
    ----------
    study
        The study's folder, as the notebook's parameter.
    organization, language, wave
        The notebook's other parameters; an empty wave means the latest.
    notebook
        The notebook to execute.
    page
        Where the finished HTML goes; the executed notebook goes to ``executed/`` beside it.
    """

    study: str
    organization: str
    language: str
    wave: str
    notebook: Path
    page: Path

    @property
    def executed(self) -> Path:
        """Where the executed notebook goes."""
        return self.page.parent / "executed" / f"{self.page.stem}.ipynb"


@dataclass(frozen=True)
class Outcome:
    """How a job ended: `error` is empty where it went well, else one line on what failed."""

    job: Job
    error: str = ""


def make_reports(jobs: Sequence[Job], *, workers: int = 1) -> Iterator[Outcome]:
    """Make each report; outcomes come as they are ready.

    Every report runs in a kernel of its own through papermill, so nothing that one leaves behind can reach the next. A
    page appears under its name only when it is complete.
    """
    if not jobs:
        return
    # Started anew, not forked: the parent may hold threads.
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_make, job): job for job in jobs}
        try:
            for future in as_completed(waiting):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    yield Outcome(waiting[future], "the process that made it was stopped, perhaps for want of memory")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _make(job: Job) -> Outcome:
    warnings.filterwarnings("ignore")
    import nbformat
    import papermill

    from ppp.reports.page import render

    job.executed.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".making-", dir=job.page.parent) as folder,
        tempfile.TemporaryDirectory(prefix="ppp-") as sockets,
    ):
        working = Path(folder) / job.executed.name
        try:
            papermill.execute_notebook(
                str(job.notebook),
                str(working),
                parameters={
                    "study": job.study,
                    "organization": job.organization,
                    "language": job.language,
                    "wave": job.wave,
                },
                progress_bar=False,
                autosave_cell_every=0,
                shutdown_kernel="immediate",
                config=_kernel(sockets),
            )
        except papermill.exceptions.PapermillExecutionError as error:
            # Kept for whoever looks into it; a notebook that failed is never mistaken for a finished one.
            os.replace(working, job.executed.with_suffix(".failed.ipynb"))
            return Outcome(job, f"cell {error.exec_count or '?'}: {error.ename}: {_first_line(error.evalue)}")
        except Exception as error:
            return Outcome(job, f"{type(error).__name__}: {_first_line(str(error))}")
        try:
            notebook = without_paths(nbformat.read(working, as_version=4), job)
            html = Path(folder) / job.page.name
            html.write_text(render(notebook), encoding="utf-8")
            nbformat.write(notebook, working)
            os.replace(working, job.executed)
            os.replace(html, job.page)
        except OSError as error:
            return Outcome(job, f"it cannot be written ({error.strerror})")
    job.executed.with_suffix(".failed.ipynb").unlink(missing_ok=True)
    return Outcome(job)


def _kernel(sockets: str) -> Config:
    """Talk to the kernel through files of its own: answers cross no TCP port, and no other report's kernel can listen.

    Windows has no such files, and their names may not be long; there the ordinary way serves.
    """
    if os.name != "posix" or len(sockets) > 80:
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}})


def without_paths(notebook, job: Job):
    """The executed notebook without the maker's folders, process times and machine, so that it can be shared."""
    study = Path(job.study).name
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(repr(job.study).replace("'", '"'), f'"{study}"')
    return notebook


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:300] if text.strip() else ""
