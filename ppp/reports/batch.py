"""One report of a batch: run its notebook, make its page, publish both only when they are whole."""

from __future__ import annotations

import errno
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppp.reports.browser import CannotPrint, print_pdf
from ppp.reports.freshness import sha256

__all__ = ["MAKING", "Job", "Outcome", "is_disk_full", "make_report"]

MAKING = ".making-"
"""How the folders begin in which reports are made; one that a killed batch left behind is cleared by the next."""


@dataclass(frozen=True)
class Job:
    """One report to be made.

    Attributes
    ----------
    study
        The study's folder, as the notebook's parameter.
    organization, language, wave
        The notebook's other parameters; an empty wave means the latest. The report across all organizations has no
        organization.
    partition
        The organization's prepared data: the only data that the report reads.
    notebook
        The notebook to execute.
    page
        Where the finished HTML goes; the executed notebook goes to ``executed/`` beside it.
    inputs
        Hash of all that the report rests on; see `ppp.reports.freshness.inputs`.
    browser
        What prints the page as PDF too; None for no PDF.
    """

    study: str
    organization: str
    language: str
    wave: str
    partition: Path
    notebook: Path
    page: Path
    inputs: str = ""
    browser: Path | None = None

    @property
    def about(self) -> str:
        """Whom it is about, for messages."""
        return self.organization or "all organizations together"

    @property
    def parameters(self) -> dict[str, str]:
        """The notebook's parameters."""
        given = {"study": self.study, "organization": self.organization, "language": self.language, "wave": self.wave}
        if not self.organization:
            del given["organization"]
        return given | {"partition": str(self.partition)}

    @property
    def pdf(self) -> Path:
        """Where the printed page goes, beside the page."""
        return self.page.with_suffix(".pdf")

    @property
    def executed(self) -> Path:
        """Where the executed notebook goes."""
        return self.page.parent / "executed" / f"{self.page.stem}.ipynb"

    @property
    def failed(self) -> Path:
        """Where the executed notebook goes when it failed, for whoever looks into it."""
        return self.executed.with_suffix(".failed.ipynb")


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes
    ----------
    error
        Empty where it went well, else one line on what failed and in which cell.
    page_sha256, executed_sha256, pdf_sha256
        Of what was published; no PDF where none was asked for.
    is_disk_full
        Whether it failed for want of room, as every other would.
    """

    job: Job
    error: str = ""
    page_sha256: str = ""
    executed_sha256: str = ""
    pdf_sha256: str = ""
    is_disk_full: bool = False


def make_report(job: Job, *, timeout: float | None = None, warm: bool = True) -> Outcome:
    """Make one report.

    Parameters
    ----------
    timeout
        Seconds that one cell may take; no limit where left out.
    warm
        Whether to fork from a warm process, or start an ordinary kernel.
    """
    try:
        return _make(job, timeout, warm)
    except OSError as error:
        return Outcome(job, f"it cannot be written ({error.strerror})", is_disk_full=is_disk_full(error))


def is_disk_full(error: OSError) -> bool:
    """Whether there is no room left, or none that this user may take."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _make(job: Job, timeout: float | None, warm: bool) -> Outcome:
    warnings.filterwarnings("ignore")
    import nbformat
    import papermill

    from ppp.reports.page import render

    job.executed.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=MAKING, dir=job.page.parent) as folder,
        tempfile.TemporaryDirectory(prefix="ppp-") as sockets,
    ):
        working = Path(folder) / job.executed.name
        try:
            papermill.execute_notebook(
                str(job.notebook),
                str(working),
                parameters=job.parameters,
                engine_name="ppp-report" if warm else None,
                progress_bar=False,
                execution_timeout=timeout,
                **({} if warm else _ordinary(sockets)),
            )
        except Exception as error:
            if isinstance(error, OSError) and not isinstance(error, TimeoutError):
                raise  # not the notebook's: it cannot be read or written. A cell's timeout counts as an OSError too.
            # A notebook that failed is kept under a name of its own, never to be mistaken for a finished one.
            if working.is_file():
                os.replace(working, job.failed)
            return Outcome(job, _what_failed(error, job))
        notebook = without_paths(nbformat.read(working, as_version=4), job)
        html = Path(folder) / job.page.name
        html.write_text(render(notebook), encoding="utf-8")
        nbformat.write(notebook, working)
        pdf = Path(folder) / job.pdf.name
        if job.browser:
            try:
                print_pdf(job.browser, html, pdf)
            except CannotPrint as error:
                return Outcome(job, f"PDF: {error}")
        made = Outcome(
            job,
            page_sha256=sha256(html),
            executed_sha256=sha256(working),
            pdf_sha256=sha256(pdf) if job.browser else "",
        )
        os.replace(working, job.executed)
        if job.browser:
            os.replace(pdf, job.pdf)
        else:
            job.pdf.unlink(missing_ok=True)  # printed from an older page: better none than another one
        os.replace(html, job.page)
    job.failed.unlink(missing_ok=True)
    return made


def _ordinary(folder: str) -> dict[str, Any]:
    """What papermill's own engine needs to be as quick and as private as ours."""
    from ppp.kernels.engine import private

    return {"autosave_cell_every": 0, "shutdown_kernel": "immediate", "config": private(folder)}


def _what_failed(error: Exception, job: Job) -> str:
    """One line that names the cell, as far as the error knows it."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, PapermillExecutionError):
        return f"cell {error.exec_count or '?'}: {error.ename}: {_first_line(error.evalue)}"
    cell = _last_started(job.failed)
    where = f"cell {cell}: " if cell else ""
    if isinstance(error, CellTimeoutError):
        return f"{where}it took longer than the time allowed for a cell (--timeout)"
    if isinstance(error, DeadKernelError):
        return f"{where}its process ended, perhaps for want of memory"
    return f"{where}{type(error).__name__}: {_first_line(str(error))}"


def _last_started(path: Path) -> int | None:
    """Which code cell, counted from 1 as JupyterLab does, was running when the notebook was cut off."""
    import nbformat

    try:
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    except (OSError, nbformat.reader.NotJSONError):
        return None
    started = [at for at, cell in enumerate(cells, 1) if cell.metadata.get("papermill", {}).get("start_time")]
    return started[-1] if started else None


def without_paths(notebook, job: Job):
    """The executed notebook without the maker's folders, times and chance, so that it can be shared and compared."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
            for value, shared in ((job.study, Path(job.study).name), (str(job.partition), "")):
                cell.source = cell.source.replace(_as_parameter(value), _as_parameter(shared))
    return notebook


def _as_parameter(value: str) -> str:
    from papermill.translators import PythonTranslator

    return PythonTranslator.translate(value)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:300] if text.strip() else ""
