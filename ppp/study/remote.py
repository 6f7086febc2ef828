"""Studies and reports that lie elsewhere: any address that fsspec knows, where the package for it is installed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ppp.errors import BadInput, Problem
from ppp.reports.batch import MAKING, Outcome

__all__ = ["is_remote", "reports_there", "study_here"]

_TOLD_EVERY = 25  # reports between two copies of the manifest


def is_remote(address: str) -> bool:
    """Whether this is an address and no path: ``s3://bucket/study``, not ``C:\\study``."""
    return "://" in address


@contextmanager
def study_here(address: str) -> Iterator[Path]:
    """The study's folder: where it is, or for an address a copy that lasts as long as the batch.

    Raises
    ------
    BadInput
        Where there is no such study, or the address cannot be read.
    """
    if not is_remote(address):
        yield Path(address)
        return
    with tempfile.TemporaryDirectory(prefix="ppp-") as temporary:
        with _told(address, "The study cannot be read from there"):
            system, root = _open(address)
            root = root.rstrip("/")
            folder = Path(temporary) / root.rsplit("/", 1)[-1]
            for path in system.find(root):
                inside = path[len(root) :].lstrip("/")
                if not inside.startswith(("prepared/", ".")):
                    (folder / inside).parent.mkdir(parents=True, exist_ok=True)
                    system.get_file(path, str(folder / inside))
        if not (folder / "study.yaml").is_file():
            raise BadInput(
                Problem("There is no study.yaml.", file=address, mend="Name the address of a study's folder.")
            )
        yield folder


@contextmanager
def reports_there(address: str) -> Iterator[tuple[Path, Callable[[Outcome], None]]]:
    """A folder to make reports in that begins as what lies at the address, and a function that puts each outcome there.

    A report is put there when it is made, whole; the manifest now and then and, with the index, when this ends, however
    it does. Two batches on one address do not see each other: only a folder can be locked.

    Raises
    ------
    BadInput
        Where the address cannot be read or written to.
    """
    with tempfile.TemporaryDirectory(prefix="ppp-") as temporary:
        folder = Path(temporary)
        with _told(address, "The reports cannot be read from there"):
            system, root = _open(address)
            root = root.rstrip("/")
            for path in system.find(root) if system.exists(root) else []:
                local = folder / path[len(root) :].lstrip("/")
                local.parent.mkdir(parents=True, exist_ok=True)
                system.get_file(path, str(local))
        there = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
        heard = 0

        def put(*paths: Path) -> None:
            with _told(address, "The reports cannot be put there"):
                for path in paths:
                    if path.is_file() and path.stat().st_mtime_ns != there.get(path):
                        system.pipe_file(f"{root}/{path.relative_to(folder).as_posix()}", path.read_bytes())
                        there[path] = path.stat().st_mtime_ns

        def hear(outcome: Outcome) -> None:
            nonlocal heard
            heard += 1
            put(outcome.job.executed, outcome.job.page)
            if heard % _TOLD_EVERY == 0:
                put(folder / "manifest.jsonl")

        try:
            yield folder, hear
        finally:
            put(
                *(
                    path
                    for path in sorted(folder.rglob("*"))
                    if not any(part.startswith((".", MAKING)) for part in path.relative_to(folder).parts)
                )
            )


def _open(address: str):
    import fsspec

    return fsspec.core.url_to_fs(address)


@contextmanager
def _told(address: str, what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(
            Problem(f"{what} ({reason}).", file=address, mend="Check the address and that you may use it.")
        ) from None
