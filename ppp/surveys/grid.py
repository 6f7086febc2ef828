"""A file as rows of text: delimited text and spreadsheets, every cell as it was written."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from ppp.errors import BadInput, Problem, did_you_mean
from ppp.surveys.export import Source
from ppp.surveys.text import decode

__all__ = ["Grid", "frame", "read_grid"]

DELIMITERS = (",", ";", "\t", "|")
_MOST_BYTES = 2_000_000_000
_MOST_UNPACKED = 1_000_000_000
_MOST_COLUMNS = 20_000

csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Grid:
    """Rows of text, the number of the first row in the file, and how it was read."""

    rows: list[list[str]]
    source: Source
    notes: tuple[str, ...]
    is_sheet: bool


def read_grid(
    path: Path,
    *,
    name: str,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Grid:
    """The file's rows. What kind of file it is, its content tells, not its name.

    Raises
    ------
    BadInput
        Where the file is missing, empty, broken, or not a table.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(Problem("The file is too large.", file=name, mend="Export fewer answers at a time."))
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(Problem("There is no such file.", file=name, mend="Check the name.")) from None
    except OSError as error:
        raise BadInput(Problem(f"The file cannot be opened ({error.strerror}).", file=name)) from None
    if not data.strip():
        raise BadInput(Problem("The file is empty.", file=name, mend="Export it anew from the survey tool."))
    source = {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        rows, sheet, notes = _read_sheet(data, sheet, name)
        return Grid(rows, Source(**source, sheet=sheet), tuple(notes), is_sheet=True)
    head = data[:2000].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        raise BadInput(
            Problem("This is a web page or XML, not a table.", file=name, mend="Export it anew as CSV or as XLSX.")
        )
    text, found, notes = decode(data, encoding=encoding, name=name)
    rows, chosen = _read_delimited(text, "\t" if delimiter == "tab" else delimiter, name)
    return Grid(rows, Source(**source, encoding=found, delimiter=chosen), tuple(notes), is_sheet=False)


def frame(grid: Grid, *, name: str, header_rows: int = 1) -> pd.DataFrame:
    """The grid as a data frame: first row as columns, all cells text, index the row number in the file.

    Wholly empty rows are left out.

    Raises
    ------
    BadInput
        Where there are no answers below the header, or two columns share a name.
    """
    header = [cell.strip().lstrip("\ufeff") for cell in grid.rows[0]]
    twice = [column for column, count in Counter(filter(None, header)).items() if count > 1]
    if twice:
        raise BadInput(
            Problem(
                "This column heading occurs more than once.",
                file=name,
                row=1,
                column=column,
                mend="Rename one of them.",
            )
            for column in twice[:10]
        )
    header = [column or f"column {at}" for at, column in enumerate(header, start=1)]
    body = grid.rows[header_rows:]
    table = pd.DataFrame(
        body, columns=header, index=range(header_rows + 1, header_rows + 1 + len(body)), dtype="object"
    )
    table = table[(table.map(str.strip) != "").any(axis=1)]
    if table.empty:
        raise BadInput(
            Problem("The file holds no answers, only headings.", file=name, mend="Export it anew, with the answers.")
        )
    return table.rename_axis("row")


def _read_delimited(text: str, delimiter: str | None, name: str) -> tuple[list[list[str]], str]:
    """Rows and delimiter. A delimiter fits if the whole file, quotes obeyed, has rows of one width."""
    candidates = [delimiter] if delimiter else DELIMITERS
    tried = {candidate: rows for candidate in candidates if (rows := _parse(text, candidate)) is not None}
    widest = max((len(rows[0]) for rows in tried.values()), default=0)
    heading = text.lstrip().split("\n", 1)[0]
    if not tried or any(
        heading.count(candidate) >= max(widest, 1) for candidate in candidates if candidate not in tried
    ):
        raise BadInput(
            Problem(
                "A quotation mark is opened and never closed.", file=name, mend="Export it anew; it may be cut off."
            )
        )
    even = [candidate for candidate, rows in tried.items() if len({len(row) for row in rows}) == 1]
    best = max(even or tried, key=lambda candidate: len(tried[candidate][0]))
    if even and len(tried[best][0]) == 1 and len(even) < len(tried):
        # One column by every even reading, but another delimiter splits the header: that one is meant, and is broken.
        wider = max(tried, key=lambda candidate: len(tried[candidate][0]))
        best = wider if len(tried[wider][0]) > 2 else best
    rows = tried[best]
    width = len(rows[0])
    for at, row in enumerate(rows, start=1):
        if len(row) != width:
            raise BadInput(
                Problem(
                    f"This row has {len(row)} cells, the heading has {width}.",
                    file=name,
                    row=at,
                    mend="Look for a quotation mark or a line break that is missing, or state `delimiter` in study.yaml.",
                )
            )
    if width > _MOST_COLUMNS:
        raise BadInput(Problem(f"The file has {width} columns, more than a survey has.", file=name))
    return rows, best


def _parse(text: str, delimiter: str) -> list[list[str]] | None:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error:
        return None
    return rows or None


def _read_sheet(data: bytes, sheet: str | None, name: str) -> tuple[list[list[str]], str, list[str]]:
    broken = BadInput(
        Problem(
            "The spreadsheet is broken or protected.", file=name, mend="Open it, save it anew as XLSX, and try again."
        )
    )
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
        except zipfile.BadZipFile:
            raise broken from None
        if unpacked > _MOST_UNPACKED:
            raise BadInput(Problem("The spreadsheet unpacks to far more than a survey holds.", file=name))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise BadInput(Problem("There is no such sheet.", file=name, column=sheet, mend=did_you_mean(sheet, names)))
        filled = [one for one in ([sheet] if sheet else names) if book.get_sheet_by_name(one).height > 0]
        if not filled:
            raise BadInput(Problem("The spreadsheet is empty.", file=name, mend="Export it anew from the survey tool."))
        chosen = filled[0]
        cells = book.get_sheet_by_name(chosen).to_python(skip_empty_area=True)
    except (CalamineError, zipfile.BadZipFile):
        raise broken from None
    notes = [f"read the sheet “{chosen}”, the first of {len(filled)} with content"] if len(filled) > 1 else []
    rows = [[_cell(value) for value in row] for row in cells]
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows, chosen, notes


def _cell(value: object) -> str:
    """A spreadsheet's value as text: whole numbers without a point, dates in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)
