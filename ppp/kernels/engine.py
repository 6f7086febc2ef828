"""Papermill's engines of ours: ``ppp`` with a warm kernel, for anybody's notebooks; ``ppp-report`` for our batches."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from socket import socket
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from papermill.engines import NBClientEngine, NotebookExecutionManager
from traitlets.config import Config

from ppp.kernels.provisioner import CAN_FORK, KERNEL, ask

__all__ = ["ReportEngine", "WarmEngine", "private"]

_LONGEST = 80  # a socket's path may have some 100 characters


class _SavedOnce(NotebookExecutionManager):
    """Writes the notebook when it has ended, well or badly, instead of before and after each cell."""

    _has_ended = False

    def save(self, **kwargs: Any) -> None:
        if self._has_ended:
            super().save(**kwargs)

    def notebook_complete(self, **kwargs: Any) -> None:
        self._has_ended = True
        super().notebook_complete(**kwargs)


class WarmEngine(NBClientEngine):
    """Papermill's own engine with a kernel that is forked warm, spoken to through files, and ended without ceremony.

    Files, not TCP: answers cross no port that others on the machine can reach, and no kernel can answer in place of
    another. Where there is no fork, an ordinary kernel serves and the results are the same.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 0,
        **kwargs: Any,
    ):
        """Run the notebook; the arguments are those of `papermill.engines.Engine.execute_notebook`."""
        manager = _SavedOnce(
            nb, output_path=output_path, progress_bar=progress_bar, log_output=log_output, autosave_cell_every=0
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any) -> None:
        """Run the cells; the arguments are those of `papermill.engines.NBClientEngine`."""
        with tempfile.TemporaryDirectory(prefix="ppp-") as folder:
            super().execute_managed_notebook(
                nb_man,
                KERNEL if CAN_FORK and kernel_name.startswith("python") else kernel_name,
                **{"shutdown_kernel": "immediate", "config": private(folder), **kwargs},
            )


class ReportEngine(WarmEngine):
    """Runs a notebook's cells in one forked process, with no kernel: half the time; see `ppp.kernels.shell`.

    Where there is no fork, `WarmEngine` serves and the results are the same.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        execution_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Run the cells and put into each what came of it.

        Raises
        ------
        nbclient.exceptions.CellTimeoutError
            Where a cell takes longer than `execution_timeout` seconds.
        nbclient.exceptions.DeadKernelError
            Where the process has ended.
        """
        connection = _started(nb_man.nb) if CAN_FORK and kernel_name.startswith("python") else None
        if connection is None:
            super().execute_managed_notebook(nb_man, kernel_name, execution_timeout=execution_timeout, **kwargs)
            return
        with connection:
            connection.settimeout(execution_timeout)
            _fill_in(nb_man, _told(connection), execution_timeout)


def _fill_in(nb_man: NotebookExecutionManager, told: Iterator[dict[str, Any]], timeout: float | None) -> None:
    """Put into each cell what is told of it, up to one that failed."""
    from ipykernel.ipkernel import IPythonKernel

    for index, cell in enumerate(nb_man.nb.cells):
        nb_man.cell_start(cell, index)
        try:
            if _is_run(cell):
                line = next(told)
                cell.execution_count = line["count"]
                cell.outputs = [from_dict(output) for output in line["outputs"]]
                if line["failed"]:
                    nb_man.cell_exception(cell, index)
                    break
        except TimeoutError:
            message = "Cell execution timed out"
            raise CellTimeoutError.error_from_timeout_and_cell(message, int(timeout or 0), cell) from None
        finally:
            nb_man.cell_complete(cell, index)
    nb_man.nb.metadata["language_info"] = from_dict(IPythonKernel.language_info)


def _is_run(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in _tags(cell))


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _started(notebook: NotebookNode) -> socket | None:
    """The connection to a forked process that runs the cells, until it is closed; None where the server has ended."""
    cells = [
        {"source": cell.source, "may_fail": "raises-exception" in _tags(cell)}
        for cell in notebook.cells
        if _is_run(cell)
    ]
    try:
        return ask({"cells": cells, "cwd": os.getcwd(), "env": dict(os.environ)})
    except OSError:
        return None  # slower is better than not at all


def _told(connection: socket) -> Iterator[dict[str, Any]]:
    """What the forked process tells of each cell, as it comes."""
    with suppress(ConnectionError), connection.makefile("r", encoding="utf-8") as lines:
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:  # cut off in the middle
                break
            if "exit" in found:
                break
            yield found
    raise DeadKernelError("Kernel died")


def private(folder: str) -> Config:
    """Has a kernel spoken to through files in that folder, where the system can, and not through ports of the machine."""
    manager: dict[str, Any] = {"client_factory": "ppp.kernels.client.PromptClient"}
    if os.name == "posix" and len(folder) < _LONGEST:
        manager |= {"transport": "ipc", "ip": f"{folder}/kernel"}
    return Config({"KernelManager": manager})
