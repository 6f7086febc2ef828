"""Which reports are up to date: what each rests on, and a manifest of what was made from what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

__all__ = ["Manifest", "inputs", "sha256"]

_LIBRARIES = ("babel", "ipython", "jinja2", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "seaborn")
_PROGRAM_FILES = {".py", ".yaml", ".po", ".j2", ".css", ".js", ".json", ".npz"}


def sha256(path: Path) -> str:
    """Of a file's content, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inputs(*, partition: Path, notebook: Path, options: Iterable[str]) -> str:
    """Hash of all that a report rests on: its data, its notebook, its options, the program and what draws its figures.

    The program counts as a whole, with its templates, catalogues and codebook: a change that a report does not show makes
    it anew once too often, and none that it does show is missed.
    """
    parts = [sha256(partition), _of_notebook(notebook), program(), *options]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _of_notebook(path: Path) -> str:
    return sha256(path)


@cache
def program() -> str:
    """Hash of every file of this program and of the versions of the libraries that reports are made with."""
    digest = hashlib.sha256()
    root = Path(str(files("ppp")))
    for path in sorted(root.rglob("*")):
        if path.suffix in _PROGRAM_FILES and path.is_file():
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


class Manifest:
    """What was made from what: one line a report, appended when it has been published; nothing is ever changed.

    Parameters
    ----------
    path
        ``manifest.jsonl`` in the folder of the reports. A last line that was cut off counts for nothing: its report is
        made again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: dict[str, dict] = {}
        self._last_batch = ""
        try:
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            lines = [b""]
        self._is_torn = lines[-1] != b""
        for line in lines:
            try:
                entry = json.loads(line)
                self._note(entry)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue

    def is_fresh(self, page: Path, executed: Path, inputs: str, pdf: Path | None = None) -> bool:
        """Whether the page, its executed notebook and, where one is asked for, its PDF are there, whole, and made from
        just these inputs.
        """
        entry = self._last.get(page.name)
        if entry is None or entry.get("inputs") != inputs:
            return False
        try:
            if pdf is not None and sha256(pdf) != entry["pdf_sha256"]:
                return False
            return sha256(page) == entry["page_sha256"] and sha256(executed) == entry["executed_sha256"]
        except (OSError, KeyError):
            return False

    def made(self) -> dict[str, str]:
        """File name of each page that was published last time it was tried, and the hash of its content."""
        return {name: entry["page_sha256"] for name, entry in self._last.items() if "page_sha256" in entry}

    def state(self, page: str) -> str:
        """*failed* where the last try to make this page failed, *new* where it was published in the last batch, else
        *known* or, where nothing was ever told of it, *unknown*.
        """
        entry = self._last.get(page)
        if entry is None:
            return "unknown"
        if entry.get("failed"):
            return "failed"
        return "new" if self._last_batch and entry.get("batch") == self._last_batch else "known"

    def add(
        self,
        page: Path,
        *,
        inputs: str,
        page_sha256: str,
        executed_sha256: str,
        pdf_sha256: str = "",
        batch: str = "",
    ) -> None:
        """Note that a report has been published.

        Parameters
        ----------
        batch
            What tells the batch from others: the same when it goes on after it was stopped.
        """
        entry = {"page": page.name, "inputs": inputs, "page_sha256": page_sha256, "executed_sha256": executed_sha256}
        self._append(entry | ({"pdf_sha256": pdf_sha256} if pdf_sha256 else {}) | {"batch": batch})

    def add_failure(self, page: Path, *, inputs: str, batch: str = "") -> None:
        """Note that a report could not be made; one that was made before is as it was, and not up to date."""
        self._append({"page": page.name, "inputs": inputs, "failed": True, "batch": batch})

    def _append(self, entry: dict) -> None:
        line = json.dumps(entry).encode() + b"\n"
        with self.path.open("ab") as file:
            file.write(b"\n" + line if self._is_torn else line)
        self._is_torn = False
        self._note(entry)

    def _note(self, entry: dict) -> None:
        self._last[entry["page"]] = entry
        if not entry.get("failed"):
            self._last_batch = entry.get("batch", "")
