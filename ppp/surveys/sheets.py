"""Spreadsheets (XLSX, XLS, ODS) as rows of text, every cell as what it is; traps are refused before they spring."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from ppp.errors import BadInput, Problem
from ppp.surveys.limits import Limits, raise_it

__all__ = ["read_sheets"]

_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b([^>]*)>""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,9})["']""")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_ODS_REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,12})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>[^<]*</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>")
_UNCOUNTED = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>[^<]*</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>|</(?:\w+:)?c>)")  # fmt: skip


def read_sheets(data: bytes, name: str, limits: Limits | None = None) -> tuple[dict[str, list[list[str]]], list[str]]:
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
            notes += _look_into(data, name, limits or Limits())
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
    except BaseException as error:
        # The reader is written in Rust; where it gives up on a file, that is no exception of Python's ordinary kind.
        if type(error).__name__ != "PanicException":
            raise
        raise broken from None
    if not sheets:
        raise BadInput(Problem("The spreadsheet is empty.", file=name, mend="Export it anew from the survey tool."))
    return sheets, notes


def _look_into(data: bytes, name: str, limits: Limits) -> list[str]:
    """Refuses archives that unpack to too much and sheets that claim too many cells; counts formulas."""

    def refused(what: str, limit: str) -> BadInput:
        return BadInput(Problem(what, file=name, mend=f"Export it as CSV. {raise_it(limit)}"))

    formulas = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > limits.unpacked_megabytes * 1_000_000:
            raise refused("The spreadsheet unpacks to far more than a survey holds.", "unpacked_megabytes")
        if any(not limits.allow(entry.compress_size, entry.file_size) for entry in entries):
            raise refused("The spreadsheet unpacks to far more than its size: it may be a trap.", "times_packed")
        if any(entry.filename.lower().endswith("workbook.bin") for entry in entries):
            raise BadInput(
                Problem("This is a binary workbook (XLSB).", file=name, mend="Save it as XLSX, and try again.")
            )
        for entry in entries:
            # Reading to the end checks the length and the checksum: a size that was forged shows here.
            with archive.open(entry) as member:
                if not entry.filename.lower().endswith(".xml"):
                    while member.read(1 << 20):
                        pass
                    continue
                content = member.read()
            if b"sheetData" not in content and b"table-row" not in content:
                continue
            if _claimed(content, limits.cells) > limits.cells:
                raise BadInput(
                    Problem(
                        "The sheet reaches far beyond what a survey holds.",
                        file=name,
                        mend=f"Delete the stray cells far out, or export it as CSV. {raise_it('cells')}",
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


def _claimed(content: bytes, most: int) -> int:
    """How many cells the reader would make room for: from the first to the last row and column, wherever they are
    said to be. Rows and cells need not say where they are; then they follow each other. Counting ends beyond `most`."""
    if b"table-row" in content:
        return _claimed_ods(content)
    places = _REFERENCE.findall(content)
    rows = max(map(int, {row for _, row in places}), default=0)
    columns = max((_column(letters.upper()) for letters in {letters for letters, _ in places}), default=0)
    if rows * columns > most:
        return rows * columns
    starts = [match.start() for match in _ROW.finditer(content)]
    for match in _ROW.finditer(content):
        number = _ROW_NUMBER.search(match[1])
        rows = max(rows, int(number[1]) if number else 0)
    rows = max(rows, len(starts))
    for start, stop in zip(starts, [*starts[1:], len(content)], strict=True):
        if stop - start > 4 * max(columns, 1):  # shorter rows cannot hold more cells
            columns = max(columns, len(_ANY_CELL.findall(content, start, stop)))
    return rows * columns


def _claimed_ods(content: bytes) -> int:
    rows = columns = 0
    for row in _ODS_ROW.finditer(content):
        width = last = 0
        for cell in _ODS_CELL.finditer(row[2]):
            repeated = _ODS_REPEATED.search(cell[1])
            width += int(repeated[1]) if repeated else 1
            if not cell[2] or b"value" in cell[1]:
                last = width
        repeated = _ODS_REPEATED.search(row[1])
        if last:
            rows += int(repeated[1]) if repeated else 1
            columns = max(columns, last)
    return rows * columns


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
