"""``papermill --engine ppp``: warm kernels and their switches in one word, for our batches and for anybody's."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager
from traitlets.config import Config

from ppp.kernels.provisioner import CAN_FORK, KERNEL

__all__ = ["WarmEngine", "private"]

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
            with tempfile.TemporaryDirectory(prefix="ppp-") as folder:
                cls.execute_managed_notebook(
                    manager,
                    KERNEL if CAN_FORK and kernel_name.startswith("python") else kernel_name,
                    log_output=log_output,
                    **{"shutdown_kernel": "immediate", "config": private(folder), **kwargs},
                )
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb


def private(folder: str) -> Config:
    """Has a kernel spoken to through files in that folder, where the system can, and not through ports of the machine."""
    manager: dict[str, Any] = {"client_factory": "ppp.kernels.client.PromptClient"}
    if os.name == "posix" and len(folder) < _LONGEST:
        manager |= {"transport": "ipc", "ip": f"{folder}/kernel"}
    return Config({"KernelManager": manager})
