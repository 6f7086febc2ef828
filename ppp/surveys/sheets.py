"""Spreadsheets (XLSX, XLS, ODS) as rows of text, every cell as what it is; traps are refused before they spring."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from ppp.errors import BadInput, Problem

__all__ = ["read_sheets"]

_MOST_UNPACKED = 600_000_000
_MOST_CELLS = 60_000_000
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>[^<]*</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>")
_UNCOUNTED = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>[^<]*</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>|</(?:\w+:)?c>)")  # fmt: skip


def read_sheets(data: bytes, name: str) -> tuple[dict[str, list[list[str]]], list[str]]:
    """The rows of each sheet that holds any, of one width within a sheet; and notes.

    Raises
    ------
    BadInput
        Where the file is broken, protected or empty, unpacks to far too much, or holds formulas never computed.
    """
    broken = BadInput(
        Problem(
            "The spreadsheet is broken or protected.", file=name, mend="Open it, save it anew as XLSX, and try again."
        )
    )
    notes: list[str] = []
    if data[:2] == b"PK":
        try:
            notes += _look_into(data, name)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
            raise broken from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {}
        for sheet in book.sheet_names:
            rows = [[_cell(value) for value in row] for row in book.get_sheet_by_name(sheet).to_python()]
            while rows and not any(cell.strip() for cell in rows[-1]):
                rows.pop()
            if rows:
                width = max((at for row in rows for at, cell in enumerate(row, start=1) if cell.strip()), default=0)
                sheets[sheet] = [row[:width] for row in rows]
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError):
        raise broken from None
    if not sheets:
        raise BadInput(Problem("The spreadsheet is empty.", file=name, mend="Export it anew from the survey tool."))
    return sheets, notes


def _look_into(data: bytes, name: str) -> list[str]:
    """Refuses archives that unpack to too much and sheets that claim too many cells; counts formulas."""
    too_much = BadInput(
        Problem("The spreadsheet unpacks to far more than a survey holds.", file=name, mend="Export it as CSV.")
    )
    formulas = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
            raise too_much
        for entry in archive.infolist():
            # Reading to the end checks the length and the checksum: a size that was forged shows here.
            with archive.open(entry) as member:
                if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                    while member.read(1 << 20):
                        pass
                    continue
                content = member.read()
            cells = _CELL.findall(content)
            if cells:
                rows = max(int(row) for _, row in cells)
                columns = max(_column(letters) for letters in {letters for letters, _ in cells})
                if rows * columns > _MOST_CELLS:
                    raise BadInput(
                        Problem(
                            "The sheet reaches far beyond what a survey holds.",
                            file=name,
                            mend="Delete the stray cells far out, or export it as CSV.",
                        )
                    )
            if b"<f" in content or b":f>" in content:
                formulas += len(_FORMULA.findall(content))
                uncounted = len(_UNCOUNTED.findall(content))
                if uncounted:
                    raise BadInput(
                        Problem(
                            f"{uncounted} cells are formulas that were never computed.",
                            file=name,
                            mend="Open the file in a spreadsheet program, save it, and try again.",
                        )
                    )
    return [f"{formulas} cells are formulas; their last results are read"] if formulas else []


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(value: object) -> str:
    """A spreadsheet's value as text: whole numbers without a point, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return "" if value is None else str(value)
