"""Append-only files: one line an event, each on the disk before the program goes on, and nothing ever overwritten.

A line holds one event whatever is written in it (line breaks are escaped), so a machine that stops in the middle of a
line leaves at most that one line torn. Several programs may append to the same file: each takes a lock for the time of
one write.
"""

from __future__ import annotations

import csv
import io
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ppp.cells import restored, safe
from ppp.errors import BadInput, Problem
from ppp.tables import CODINGS, CONSENSUS, Table

__all__ = ["CONSENSUS_FILE", "Ledger", "coder_fault", "coder_ledger", "consensus_ledger", "now", "read_codings"]

CONSENSUS_FILE = "consensus.csv"
_NOT_CODERS = {"consensus", "assignment"}
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_NAME = re.compile(r"\w[\w.-]{0,39}")


def now() -> str:
    """This moment in UTC, to the microsecond, as events carry it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def coder_fault(name: str) -> str:
    """What keeps a coder's name from being a file name on every system; empty where nothing does.

    Examples
    --------
    >>> coder_fault("åsa"), coder_fault("../x")
    ('', 'A coder’s name is letters, digits, hyphens and full stops, at most 40.')
    """
    if not _NAME.fullmatch(name) or name.endswith(".") or unicodedata.normalize("NFC", name) != name:
        return "A coder’s name is letters, digits, hyphens and full stops, at most 40."
    if name.casefold() in _NOT_CODERS or name.casefold().split(".")[0] in _RESERVED:
        return "This name is taken by the program or by the computer’s system."
    return ""


def coder_ledger(folder: Path, coder: str) -> Ledger:
    """The file of one coder's events.

    Raises
    ------
    BadInput
        Where the name cannot be a file name.
    """
    fault = coder_fault(coder)
    if fault:
        raise BadInput(Problem(fault, file="study.yaml", column="coders", mend="Choose another name for the coder."))
    return Ledger(folder / f"{coder}.csv", CODINGS)


def consensus_ledger(folder: Path) -> Ledger:
    """The file of what coders settled on."""
    return Ledger(folder / CONSENSUS_FILE, CONSENSUS)


def read_codings(folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """Every coder's events, and what had to be said while reading.

    Files of several people are merged by copying them into one folder: each event names its coder, and an event that
    stands in two files counts once.

    Returns
    -------
    (pandas.DataFrame, list of str)
        Columns of `ppp.tables.CODINGS`, in the order in which each coder wrote them; and notes.
    """
    parts, notes = [CODINGS.empty()], []
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    for path in files:
        if path.stem.casefold() not in _NOT_CODERS:
            frame, said = Ledger(path, CODINGS).read()
            parts.append(frame)
            notes.extend(said)
    events = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    if len(parts) > 2:  # a coder's second file, from another computer, is put in order with the first
        events = events.drop_duplicates(ignore_index=True)
        events = events.sort_values(["coder", "created_at"], kind="stable", ignore_index=True)
    return events, notes


class Ledger:
    """One append-only file of events.

    Parameters
    ----------
    path
        The file; it need not exist yet.
    table
        Its columns. The last one must be a category: a line that was torn off cannot end in one of its values.
    """

    def __init__(self, path: Path, table: Table) -> None:
        self.path = path
        self.table = table

    def append(self, events: Iterable[Mapping[str, object]]) -> list[str]:
        """Write the events; when this returns, they are on the disk.

        Returns
        -------
        list of str
            What was mended before: a last line that a stopped machine had torn.

        Raises
        ------
        BadInput
            Where the file cannot be written, or another program has changed its columns.
        """
        lines = "".join(self._line(event) for event in events)
        if not lines:
            return []
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        except OSError as error:
            raise BadInput(
                Problem(f"The file cannot be written ({error.strerror}).", file=self._name, mend="Check the folder.")
            ) from None
        try:
            with _locked(handle):
                notes = self._mend(handle)
                if os.fstat(handle).st_size == 0:
                    lines = ",".join(self.table.names) + "\n" + lines
                else:
                    self._check_header(handle)
                left = lines.encode("utf-8")
                while left:
                    left = left[os.write(handle, left) :]
                os.fsync(handle)
        finally:
            os.close(handle)
        return notes

    def read(self) -> tuple[pd.DataFrame, list[str]]:
        """All events in order, typed; and notes. A torn last line is left out and said; nothing is written."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return self.table.empty(), []
        whole, tail = content[: content.rfind(b"\n") + 1], content[content.rfind(b"\n") + 1 :]
        notes = []
        if tail and self._is_whole(tail):
            whole += tail
        elif tail:
            notes.append(f"{self._name}: the last line was torn and is left out; it is mended at the next coding.")
        try:
            text = whole.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = content[: error.start].count(b"\n") + 1
            raise BadInput(Problem("The file is not UTF-8.", file=self._name, row=row, mend=_MEND)) from None
        rows = list(csv.reader(io.StringIO(text, newline="")))
        if not rows:
            return self.table.empty(), notes
        missing = [name for name in self.table.names if name not in rows[0]]
        if missing:
            told = f"Columns are missing: {', '.join(missing)}."
            raise BadInput(Problem(told, file=self._name, row=1, mend=_MEND))
        if len(rows[0]) > len(self.table.names):  # what they hold cannot be left out unseen
            told = "This file has columns that this version of ppp does not know."
            mend = "If a newer version wrote it, update ppp; else restore the file from a copy."
            raise BadInput(Problem(told, file=self._name, row=1, mend=mend))
        problems = [
            Problem("This line is damaged.", file=self._name, row=number, mend=_MEND)
            for number, line in enumerate(rows[1:], start=2)
            if len(line) != len(rows[0])
        ]
        if problems:
            raise BadInput(problems[:20])
        frame = pd.DataFrame(rows[1:], columns=rows[0], dtype="string")[self.table.names]
        frame = frame.apply(lambda column: column.map(_read_cell).astype("string"))
        frame = frame.mask(frame == "")
        self._check_values(frame)
        return self.table.conform(frame), notes

    # -- the file ----------------------------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"

    def _line(self, event: Mapping[str, object]) -> str:
        cells = [_said(event.get(column.name), column.kind) for column in self.table.columns]
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerow(_write_cell(cell) for cell in cells)
        return buffer.getvalue()

    def _is_whole(self, tail: bytes) -> bool:
        try:
            [row] = csv.reader([tail.decode("utf-8")], strict=True)
        except (UnicodeDecodeError, csv.Error, ValueError):
            return False
        return len(row) == len(self.table.names) and row[-1] in self.table.columns[-1].allowed

    def _mend(self, handle: int) -> list[str]:
        """Complete or take off a torn last line; what is taken off is kept beside the file."""
        size = os.fstat(handle).st_size
        if not size:
            return []
        os.lseek(handle, max(0, size - 1), os.SEEK_SET)
        if os.read(handle, 1) == b"\n":
            return []
        os.lseek(handle, 0, os.SEEK_SET)
        with os.fdopen(os.dup(handle), "rb") as file:
            content = file.read()
        kept = content.rfind(b"\n") + 1
        tail = content[kept:]
        if kept and self._is_whole(tail):
            os.write(handle, b"\n")
            return [f"{self._name}: the last line had no end; it was whole and is kept."]
        with open(self.path.with_suffix(".torn"), "ab") as aside:
            aside.write(tail + b"\n")
            os.fsync(aside.fileno())
        os.ftruncate(handle, kept)
        return [f"{self._name}: the last line was torn and has been taken off; it is kept in {self.path.stem}.torn."]

    def _check_header(self, handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        first = os.read(handle, 4096).split(b"\n", 1)[0].decode("utf-8", "replace")
        if first.removeprefix("\ufeff").strip("\r").split(",") != self.table.names:
            raise BadInput(
                Problem("Another program has changed the columns of this file.", file=self._name, row=1, mend=_MEND)
            )

    def _check_values(self, frame: pd.DataFrame) -> None:
        problems = []
        for column in self.table.columns:
            values = frame[column.name]
            if column.kind in ("number", "count"):
                numbers = pd.to_numeric(values, errors="coerce")
                wrong = numbers.isna() & values.notna()
                if column.kind == "count":
                    wrong |= ~values.fillna("0").str.fullmatch(r"\d{1,15}")
            elif column.allowed:
                wrong = values.notna() & ~values.isin(column.allowed)
            else:
                wrong = pd.Series(False, index=values.index)
            if column.required:
                wrong |= values.isna()
            problems += [
                Problem("This value is not one that the column takes.", self._name, int(at) + 2, column.name, _MEND)
                for at in values.index[wrong.fillna(False).astype(bool)][:5]
            ]
        if problems:
            raise BadInput(problems)


_MEND = "Restore the file from a copy; it is made to be read, not to be edited or saved by another program."


def _said(value: Any, kind: str) -> str:
    if value is None or pd.isna(value):
        return ""
    return str(int(value)) if kind == "count" else str(value)


def _write_cell(text: str) -> str:
    return safe(text).replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


_ESCAPED = re.compile(r"\\(.)")


def _read_cell(text: str) -> str:
    return restored(_ESCAPED.sub(lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), text))


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Nobody else appends meanwhile. The lock ends with the process, whatever happens to it."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
    else:
        import msvcrt

        beyond = 2**31 - 2  # a byte that no file has: the lock must not keep anybody from reading
        os.lseek(handle, beyond, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(handle, beyond, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
