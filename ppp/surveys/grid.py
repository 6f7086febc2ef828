"""A file as rows of text: delimited text and spreadsheets, every cell as it was written."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from ppp.errors import BadInput, Problem, did_you_mean
from ppp.surveys.export import Source
from ppp.surveys.text import decode

__all__ = ["File", "Grid", "frame"]

DELIMITERS = (",", ";", "\t", "|")
_MOST_BYTES = 2_000_000_000
_MOST_UNPACKED = 1_000_000_000
_MOST_COLUMNS = 20_000

csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Grid:
    """Rows of text, and how they were read."""

    rows: list[list[str]]
    source: Source
    notes: tuple[str, ...]
    is_sheet: bool


class File:
    """A file to be read: what it is, its content tells and not its name. Nothing is read before it is asked for.

    Parameters
    ----------
    path
        Where it lies.
    name
        What to call it in messages.
    encoding, delimiter, sheet
        How to read it, where the study states it; ``delimiter`` may be "tab".
    companion
        The file that explains it: REDCap's data dictionary, LimeSurvey's structure, Kobo's form …
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        sheet: str | None = None,
        companion: File | None = None,
    ) -> None:
        self.path = path
        self.name = name or path.name
        self.encoding = encoding
        self.delimiter = "\t" if delimiter == "tab" else delimiter
        self.sheet = sheet
        self.companion = companion

    @cached_property
    def data(self) -> bytes:
        """Its bytes.

        Raises
        ------
        BadInput
            Where it is missing, empty, or far too large.
        """
        try:
            if self.path.stat().st_size > _MOST_BYTES:
                raise BadInput(
                    Problem("The file is too large.", file=self.name, mend="Export fewer answers at a time.")
                )
            data = self.path.read_bytes()
        except FileNotFoundError:
            raise BadInput(Problem("There is no such file.", file=self.name, mend="Check the name.")) from None
        except OSError as error:
            raise BadInput(
                Problem(f"The file cannot be opened ({error.strerror}).", file=self.name, mend="Check its permissions.")
            ) from None
        if not data.strip():
            raise BadInput(Problem("The file is empty.", file=self.name, mend="Export it anew from the survey tool."))
        return data

    @cached_property
    def kind(self) -> str:
        """ "sheet" (XLSX, XLS, ODS), "sav" (SPSS), "dta" (Stata), "xml", or "text"."""
        head = self.data[:2000]
        if head[:4] == b"PK\x03\x04" or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            return "sheet"
        if head[:4] in (b"$FL2", b"$FL3"):
            return "sav"
        if head[:11] == b"<stata_dta>" or (
            head[:1] in b"\x71\x72\x73" and head[1:2] in b"\x01\x02" and head[2:3] == b"\x01"
        ):
            return "dta"
        if head.lstrip().lower().startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
            return "xml"
        return "text"

    @cached_property
    def source(self) -> Source:
        """Its name, sha256 and size."""
        return Source(self.name, sha256=hashlib.sha256(self.data).hexdigest(), size=len(self.data))

    @cached_property
    def sheets(self) -> dict[str, list[list[str]]]:
        """The rows of each sheet that holds any; empty for a file that is no spreadsheet."""
        return _read_sheets(self.data, self.name) if self.kind == "sheet" else {}

    @cached_property
    def grid(self) -> Grid:
        """Its rows: those of the sheet that is stated, else of the first with content; or of the delimited text.

        Raises
        ------
        BadInput
            Where it is broken, or no table.
        """
        if self.kind == "sheet":
            names = list(self.sheets)
            if self.sheet is not None and self.sheet not in names:
                mend = did_you_mean(self.sheet, names)
                raise BadInput(Problem("There is no such sheet.", file=self.name, column=self.sheet, mend=mend))
            chosen = self.sheet or names[0]
            more = f"read the sheet “{chosen}”, the first of {len(names)} with content"
            notes = (more,) if self.sheet is None and len(names) > 1 else ()
            return Grid(self.sheets[chosen], replace(self.source, sheet=chosen), notes, is_sheet=True)
        if self.kind != "text":
            raise BadInput(
                Problem(
                    "This is a web page or XML, not a table.", file=self.name, mend="Export it anew as CSV or XLSX."
                )
            )
        text, found, notes = decode(self.data, encoding=self.encoding, name=self.name)
        rows, chosen = _read_delimited(text, self.delimiter, self.name)
        return Grid(rows, replace(self.source, encoding=found, delimiter=chosen), tuple(notes), is_sheet=False)


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


def _read_sheets(data: bytes, name: str) -> dict[str, list[list[str]]]:
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
            raise BadInput(
                Problem("The spreadsheet unpacks to far more than a survey holds.", file=name, mend="Export it as CSV.")
            )
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {}
        for sheet in book.sheet_names:
            rows = [[_cell(value) for value in row] for row in book.get_sheet_by_name(sheet).to_python()]
            while rows and not any(cell.strip() for cell in rows[-1]):
                rows.pop()
            if rows:
                sheets[sheet] = rows
    except (CalamineError, zipfile.BadZipFile):
        raise broken from None
    if not sheets:
        raise BadInput(Problem("The spreadsheet is empty.", file=name, mend="Export it anew from the survey tool."))
    return sheets


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
