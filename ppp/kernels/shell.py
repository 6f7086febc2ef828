"""A notebook's cells in one IPython shell, without a kernel around it: nobody will send another cell or interrupt.

A kernel talks to whoever runs it, message by message, over sockets that threads of its own serve; for a report that
takes as long as the figures. Here a forked process is given all cells at once, and tells what each has put out.
Cells run as they do in a kernel: magics, ``display``, inline figures, ``await``, tracebacks. What a kernel can do
besides is not there: widgets, answers to ``input()``, and output that a program started by the notebook writes by itself.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from typing import Any

from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

__all__ = ["CellShell", "run_cells", "without_history"]


class Outputs:
    """What the cell at hand has put out, as a notebook holds it."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self._shown: dict[str, dict[str, Any]] = {}
        self._clears = False

    def take(self) -> list[dict[str, Any]]:
        """All of it; the next cell begins with nothing."""
        taken, self.found, self._shown, self._clears = self.found, [], {}, False
        return taken

    def add(self, output: dict[str, Any], shown_as: str | None = None) -> None:
        if self._clears:
            self.found.clear()
            self._clears = False
        self.found.append(output)
        if shown_as:
            self._shown[shown_as] = output

    def write(self, stream: str, text: str) -> None:
        last = self.found[-1] if self.found and not self._clears else None
        if last and last["output_type"] == "stream" and last["name"] == stream:
            last["text"] += text
        else:
            self.add({"output_type": "stream", "name": stream, "text": text})

    def show_again(self, shown_as: str, data: dict, metadata: dict) -> None:
        if shown_as in self._shown:
            self._shown[shown_as] |= {"data": data, "metadata": metadata}

    def clear(self, *, wait: bool) -> None:
        self._clears = wait
        if not wait:
            self.found.clear()


class _Stream(io.TextIOBase):
    encoding = "UTF-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self._outputs.write(self._name, text)
        return len(text)


class _Result(DisplayHook):
    """What a cell ends in."""

    def start_displayhook(self) -> None:
        self._output = {"output_type": "execute_result", "data": {}, "metadata": {}}

    def write_output_prompt(self) -> None:
        self._output["execution_count"] = self.prompt_count

    def write_format_data(self, format_dict, md_dict=None) -> None:
        self._output["data"] = json_clean(encode_images(format_dict))
        self._output["metadata"] = json_clean(md_dict or {})

    def finish_displayhook(self) -> None:
        if self._output["data"]:
            assert self.shell is not None
            self.shell.outputs.add(self._output)


class _Display(DisplayPublisher):
    """What a cell shows on its way."""

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_) -> None:
        found, about = json_clean(encode_images(data)), json_clean(metadata or {})
        shown_as = (transient or {}).get("display_id")
        if update:
            self.shell.outputs.show_again(shown_as, found, about)
        else:
            self.shell.outputs.add({"output_type": "display_data", "data": found, "metadata": about}, shown_as)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait=wait)


class CellShell(InteractiveShell):
    """IPython, its output kept instead of sent."""

    displayhook_class = _Result
    display_pub_class = _Display

    def __init__(self, **given: Any) -> None:
        self.outputs = Outputs()
        super().__init__(**given)

    def _showtraceback(self, etype, evalue, stb) -> None:
        self.outputs.add(
            {"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        )

    def enable_gui(self, gui=None) -> None:
        """There is no window to show a figure in; inline figures need nothing."""


def without_history() -> Config:
    """For a shell that keeps nothing on the disk."""
    config = Config()
    config.HistoryManager.enabled = False
    return config


def run_cells(shell: CellShell, cells: Iterable[dict[str, Any]], told: io.TextIOBase) -> None:
    """Run cells one after another, and tell of each in a line of JSON, until one fails.

    Parameters
    ----------
    cells
        Each with its ``source``, and whether it ``may_fail``.
    told
        Gets for each cell ``{"count": n, "outputs": [...], "failed": false}``.
    """
    sys.stdout, sys.stderr = (_Stream(name, shell.outputs) for name in ("stdout", "stderr"))
    for cell in cells:
        count = shell.execution_count
        result = shell.run_cell(cell["source"], store_history=True)
        failed = not result.success and not cell["may_fail"]
        json.dump({"count": count, "outputs": shell.outputs.take(), "failed": failed}, told, ensure_ascii=False)
        told.write("\n")
        told.flush()
        if failed:
            return
