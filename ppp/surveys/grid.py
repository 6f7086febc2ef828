"""A file as a table of text cells: what it is, its content tells and not its name."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from ppp.errors import BadInput, Problem, did_you_mean
from ppp.surveys.delimited import FAST_FROM, as_cells, endless_line, read_carefully, read_fast
from ppp.surveys.export import Source
from ppp.surveys.limits import Limits, raise_it
from ppp.surveys.sheets import read_sheets
from ppp.surveys.text import decode

__all__ = ["File", "Grid", "frame", "unique"]

_CHUNK = 1 << 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Grid:
    """Every cell of a table as text, headings too: columns 0, 1, …, index the row number in the file; how it was read;
    and the rows above the headings, which are no part of the table."""

    cells: pd.DataFrame
    source: Source
    notes: tuple[str, ...]
    is_sheet: bool
    above: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def _first_rows(self) -> list[list[str]]:
        """Looked at again and again to recognise a file by: taken out once."""
        return [[str(cell) for cell in row] for row in self.cells.iloc[:5].to_numpy().tolist()]

    def row(self, at: int) -> list[str]:
        """A row's cells, counted from 1; empty beyond the last row."""
        if at <= len(self._first_rows):
            return list(self._first_rows[at - 1])
        return [str(cell) for cell in self.cells.iloc[at - 1]] if at <= len(self.cells) else []

    def column(self, at: int, *, below: int = 1, most: int = 200) -> list[str]:
        """The filled cells of a column, the first `most` of those below `below` rows: enough to recognise it by."""
        return [cell for cell in self.cells[at].iloc[below : below + most] if cell.strip()]

    @property
    def heading(self) -> list[str]:
        """The first row, blanks at the ends of cells cut off."""
        return [cell.strip().lstrip("\ufeff").strip() for cell in self.row(1)]


class File:
    """A file to be read. Nothing is read before it is asked for.

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
    limits
        How much it may hold.
    parts
        Further files of the same export: repeats that a tool writes into tables of their own.
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
        limits: Limits | None = None,
        parts: Sequence[Path] = (),
    ) -> None:
        self.path = path
        self.name = name or path.name
        self.encoding = encoding
        self.delimiter = "\t" if delimiter == "tab" else delimiter
        self.sheet = sheet
        self.companion = companion
        self.limits = limits or Limits()
        self._most = self.limits.megabytes * 1_000_000
        self._chosen = ""
        self._beside = {part.stem: File(part, encoding=encoding, delimiter=delimiter, limits=limits) for part in parts}

    @cached_property
    def data(self) -> bytes:
        """Its bytes, unpacked where it is gzipped, or a ZIP archive of one file.

        Raises
        ------
        BadInput
            Where it is missing, empty, broken, or far too large.
        """
        try:
            if self.path.stat().st_size > self._most:
                raise self._too_large()
            data = self.path.read_bytes()
        except FileNotFoundError:
            raise BadInput(Problem("There is no such file.", file=self.name, mend="Check the name.")) from None
        except IsADirectoryError:
            raise BadInput(Problem("This is a folder.", file=self.name, mend="Name the file in it.")) from None
        except OSError as error:
            raise BadInput(
                Problem(f"The file cannot be opened ({error.strerror}).", file=self.name, mend="Check its permissions.")
            ) from None
        if data[:2] == b"\x1f\x8b":
            data = self._unzipped(data)
        elif data[:4] == b"PK\x03\x04":
            data = self._only_member(data)
        if not data[:4096].strip() and not data.strip():  # looked at twice, as the second copies all of it
            raise BadInput(Problem("The file is empty.", file=self.name, mend="Export it anew from the survey tool."))
        return data

    def _too_large(self) -> BadInput:
        mend = f"Export fewer answers at a time. {raise_it('megabytes')}"
        return BadInput(Problem("The file is too large.", file=self.name, mend=mend))

    def _trap(self) -> BadInput:
        what = "The packed file unpacks to far more than its size: it may be a trap."
        return BadInput(Problem(what, file=self.name, mend=f"Unpack it yourself and look. {raise_it('times_packed')}"))

    def _endless(self, what: str, row: int | None = None) -> BadInput:
        mend = f"Check that it is the export. {raise_it('letters')}"
        return BadInput(Problem(f"{what}, more than any answer is.", file=self.name, row=row, mend=mend))

    def _unzipped(self, data: bytes) -> bytes:
        # Unpacked twice: the first time to see how much there is, and nothing is kept of it.
        size, line, is_text, unpacker = 0, 0, True, zlib.decompressobj(wbits=31)
        broken = BadInput(Problem("The packed file is cut off or broken.", file=self.name, mend="Download it anew."))
        try:
            left = data
            while left and not unpacker.eof:
                part = unpacker.decompress(left, _CHUNK)
                is_text = is_text and (size > 0 or b"\x00" not in part[:2000])
                end = max(part.rfind(b"\n"), part.rfind(b"\r"))
                line = line + len(part) if end < 0 else len(part) - end - 1
                size += len(part)
                left = unpacker.unconsumed_tail
                if is_text and line > self.limits.letters:
                    raise self._endless(f"A line of the packed file is more than {self.limits.letters:,} letters long")
                if size > self._most:
                    raise self._too_large()
                if not self.limits.allow(len(data), size):
                    raise self._trap()
            size += len(unpacker.flush())
        except zlib.error:
            raise broken from None
        if not unpacker.eof:
            raise broken
        return zlib.decompress(data, wbits=31, bufsize=max(size, 1))

    def _only_member(self, data: bytes) -> bytes:
        """The one file in a ZIP archive, as Qualtrics and Google hand it out; a spreadsheet is left as it is."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [
                    entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename
                ]
                tables = [entry for entry in members if entry.filename.lower().endswith(".csv")]
                if len(tables) > 1 and len(members) == len(tables) + sum("media/" in each.filename for each in members):
                    return self._main_of(archive, tables)
                ending = members[0].filename.lower().rsplit(".", 1)[-1] if len(members) == 1 else ""
                if any(entry.filename.lower().endswith(".lss") for entry in members):
                    raise BadInput(
                        Problem(
                            "This is a LimeSurvey archive (.lsa).",
                            file=self.name,
                            mend="Export the responses as CSV, and the structure as .lss, and name that as companion.",
                        )
                    )
                if ending not in ("csv", "txt", "tsv", "sav", "dta", "xlsx"):
                    return data
                if members[0].file_size > self._most:
                    raise self._too_large()
                if not self.limits.allow(members[0].compress_size, members[0].file_size):
                    raise self._trap()
                return archive.read(members[0])
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
            return data  # told apart from a good spreadsheet where that is read

    def _main_of(self, archive: zipfile.ZipFile, tables: list[zipfile.ZipInfo]) -> bytes:
        """Of several tables in an archive (ODK Central writes one for each repeat) the one that points at no other; the
        others are its parts."""
        if sum(entry.file_size for entry in tables) > self._most:
            raise self._too_large()
        if any(not self.limits.allow(entry.compress_size, entry.file_size) for entry in tables):
            raise self._trap()
        held = {entry.filename: archive.read(entry) for entry in tables}
        main = [name for name, data in held.items() if not re.search(rb"PARENT_KEY|_parent_index", data[:20_000].split(b"\n", 1)[0])]  # fmt: skip
        if len(main) != 1:
            raise BadInput(
                Problem(
                    f"The archive holds {len(held)} tables, and it is not plain which one is the main one.",
                    file=self.name,
                    mend="Unpack it, name the main table as the file, and the others under `parts`.",
                )
            )
        for name, data in held.items():
            if name != main[0]:
                part = File(self.path, name=name, encoding=self.encoding, delimiter=self.delimiter, limits=self.limits)
                part.__dict__["data"] = data
                self._beside[Path(name).stem] = part
        return held[main[0]]

    @cached_property
    def kind(self) -> str:
        """ "sheet" (XLSX, XLS, ODS), "sav" (SPSS), "dta" (Stata), "xml", "json", or "text"."""
        head = self.data[:2000]
        if head[:4] == b"PK\x03\x04" or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            return "sheet"
        if head[:4] in (b"$FL2", b"$FL3"):
            return "sav"
        if head[:11] == b"<stata_dta>" or (
            head[:1] in b"\x71\x72\x73" and head[1:2] in (b"\x01", b"\x02") and head[2:3] == b"\x01"
        ):
            return "dta"
        start = head.removeprefix(_BOM).lstrip().lower()
        if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<document")):
            return "xml"
        return "json" if start.startswith((b'{"', b"{\n", b"{\r", b"[{")) else "text"

    @cached_property
    def source(self) -> Source:
        """Its name, sha256 and size."""
        return Source(self.name, sha256=hashlib.sha256(self.data).hexdigest(), size=len(self.data))

    @cached_property
    def _book(self) -> tuple[dict[str, list[list[str]]], list[str]]:
        return read_sheets(self.data, self.name, self.limits) if self.kind == "sheet" else ({}, [])

    @property
    def sheets(self) -> dict[str, list[list[str]]]:
        """The rows of each sheet that holds any; of a text file, those of its further parts."""
        return self._book[0] if self.kind == "sheet" else self._part_rows

    @cached_property
    def _part_rows(self) -> dict[str, list[list[str]]]:
        return {stem: part.grid.cells.to_numpy().tolist() for stem, part in self._beside.items()}

    def sheet_grid(self, sheet: str) -> Grid:
        """One sheet as a grid."""
        source = replace(self.source, sheet=sheet)
        return _headed(Grid(as_cells(self.sheets[sheet]), source, tuple(self._book[1]), is_sheet=self.kind == "sheet"))

    def on(self, sheet: str) -> File:
        """The same file with another of its sheets; said in the notes, as nobody stated it."""
        other = copy(self)
        other.__dict__.pop("grid", None)
        other.sheet = sheet
        other._chosen = f"read the sheet “{sheet}”: of {len(self.sheets)} with content it looks most like answers"
        return other

    @cached_property
    def grid(self) -> Grid:
        """Its cells: those of the sheet that is stated, else of the first with content; or of the delimited text.

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
            grid = self.sheet_grid(self.sheet or names[0])
            more = f"read the sheet “{names[0]}”, the first of {len(names)} with content"
            if self._chosen:
                return replace(grid, notes=(*grid.notes, self._chosen))
            return replace(grid, notes=(*grid.notes, more)) if self.sheet is None and len(names) > 1 else grid
        if self.kind != "text":
            what = {
                "xml": "This is a web page or XML, not a table.",
                "json": "This is JSON, not a table.",
                "sav": "This is an SPSS file, not a text table.",
                "dta": "This is a Stata file, not a text table.",
            }[self.kind]
            raise BadInput(
                Problem(what, file=self.name, mend="Export it anew as CSV or XLSX, or leave out `platform`.")
            )
        cells, encoding, delimiter, notes = self._delimited()
        return _headed(Grid(cells, replace(self.source, encoding=encoding, delimiter=delimiter), notes, is_sheet=False))

    def _delimited(self) -> tuple[pd.DataFrame, str, str, tuple[str, ...]]:
        marked = self.data.startswith(_BOM)
        endless = endless_line(self.data, self.limits.letters)
        if endless:
            raise self._endless(f"This line is {endless[0]:,} letters long", endless[1])
        utf8 = self.encoding is None or self.encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
        if len(self.data) >= FAST_FROM and utf8 and b"\x00" not in self.data[:2000]:
            fast = read_fast(self.data[3:] if marked else self.data, self.delimiter, self.limits)
            if fast is not None:
                return fast[0], "utf-8-sig" if marked else "utf-8", fast[1], ()
        text, encoding, notes = decode(self.data, encoding=self.encoding, name=self.name)
        delimiter = self.delimiter
        # A first line "sep=;" tells a spreadsheet program the delimiter.
        if text[:4].lower() == "sep=" and text[5:6] in ("\r", "\n"):
            delimiter, text = delimiter or text[4], text[5:].lstrip("\r\n")
        cells, chosen = read_carefully(text, delimiter, self.name, self.limits)
        return cells, encoding, chosen, tuple(notes)


_MOST_ABOVE = 15


def _headed(grid: Grid) -> Grid:
    """The grid from its headings on. People put titles and dates of export above a table: rows with one cell filled,
    or none, where the row below them fills three or more."""
    if grid.cells.shape[1] < 3:
        return grid
    filled = [sum(bool(cell.strip()) for cell in row) for row in grid.cells.iloc[: _MOST_ABOVE + 1].to_numpy()]
    first = next((at for at, count in enumerate(filled) if count > 1), 0)
    if first == 0 or filled[first] < 3:
        return grid
    above = tuple(tuple(row) for row in grid.cells.iloc[:first].to_numpy())
    note = f"set aside {first} rows above the headings that hold one cell or none"
    return replace(grid, cells=grid.cells.iloc[first:], notes=(*grid.notes, note), above=above)


def unique(headings: list[str]) -> tuple[list[str], list[str]]:
    """Names for columns, each once, and those that occurred more than once.

    Examples
    --------
    >>> unique(["a", "", "a"])
    (['a', 'column 2', 'a (2)'], ['a'])
    """
    twice = [heading for heading, count in Counter(filter(None, headings)).items() if count > 1]
    taken = set(headings)
    seen: Counter[str] = Counter()
    names = []
    for at, heading in enumerate(headings, start=1):
        heading = heading or f"column {at}"
        seen[heading] += 1
        name, number = heading, seen[heading]
        while number > 1 and (name := f"{heading} ({number})") in taken:
            number += 1
        taken.add(name)
        names.append(name)
    return names, twice


def frame(grid: Grid, *, name: str, header_rows: int = 1, headings: list[str] | None = None) -> pd.DataFrame:
    """The answers below the headings: columns named by the first row (or by `headings`), all cells text, index the row
    number in the file. Wholly empty rows are left out; a name that occurs again is numbered (`unique`).

    Raises
    ------
    BadInput
        Where there are no answers below the header.
    """
    headings = grid.heading if headings is None else headings
    names, _ = unique(headings)
    table = grid.cells.iloc[header_rows:].set_axis(names, axis=1)
    blank = _blank_rows(table)
    table = table[~blank] if blank.any() else table
    if table.empty:
        raise BadInput(
            Problem("The file holds no answers, only headings.", file=name, mend="Export it anew, with the answers.")
        )
    return table.rename_axis("row")


def _blank_rows(table: pd.DataFrame) -> pd.Series:
    """Which rows hold nothing; column after column, and only the rows still in question."""
    blank = pd.Series(True, index=table.index)
    left = table.index
    for at in range(table.shape[1]):
        empty = table.iloc[:, at].loc[left].str.strip() == ""
        left = left[empty.to_numpy()]
        if left.empty:
            break
    blank[:] = blank.index.isin(left)
    return blank
