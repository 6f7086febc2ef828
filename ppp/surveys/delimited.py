"""Delimited text as a table of text cells: a careful reader, and a fast one that agrees with it.

The careful reader parses the whole file, quotes obeyed, with each delimiter in turn; the one that gives rows of equal
width is right. A large file goes to Arrow's parser once the delimiter is plain from its beginning and its quotation
marks are all where they belong; anything out of the ordinary goes the careful way, which can tell what is wrong.
"""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from ppp.errors import BadInput, Problem
from ppp.surveys.limits import Limits, raise_it

__all__ = ["DELIMITERS", "FAST_FROM", "TEXT", "endless_line", "read_carefully", "read_fast"]

DELIMITERS = (",", ";", "\t", "|")
FAST_FROM = 4_000_000
"""Bytes from which the fast reader is worth its set-up."""
TEXT = pd.Series([""]).astype(str).dtype
"""How pandas keeps text: Arrow's strings where it has them, Python's before."""

_HEAD = 200_000
_MOST_TITLES = 15

csv.field_size_limit(2**31 - 1)  # how long a cell may be, `Limits` says


def read_fast(data: bytes, delimiter: str | None, limits: Limits | None = None) -> tuple[pd.DataFrame, str] | None:
    """All cells of well-formed UTF-8 text, and the delimiter; nothing where the careful reader must look.

    Parameters
    ----------
    data
        The file, without a byte order mark.
    delimiter
        The delimiter, where it is stated.
    """
    quotes = np.array([], dtype=np.int64)
    if b'"' in data:
        quotes = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord('"'))
    end = _end_of_a_row(data, quotes)
    if end == 0:
        return None
    try:
        head, chosen = read_carefully(data[:end].decode("utf-8"), delimiter, "", limits)
        if head.shape[1] == 1:
            return None  # what looks like one column at first may be a delimiter's that is broken
        if len(quotes) and not _quotes_fit(data, quotes, ord(chosen)):
            return None
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(autogenerate_column_names=True),
            parse_options=arrow_csv.ParseOptions(delimiter=chosen, newlines_in_values=bool(len(quotes))),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"f{at}": pa.large_string() for at in head},
                strings_can_be_null=False,
            ),
        )
    except (BadInput, UnicodeDecodeError, pa.ArrowInvalid):
        return None
    mapper = (lambda kind: TEXT) if isinstance(TEXT, pd.StringDtype) else None
    cells = table.to_pandas(types_mapper=mapper, self_destruct=True, split_blocks=True)
    cells.columns = range(cells.shape[1])
    cells.index = pd.RangeIndex(1, len(cells) + 1, name="row")
    return cells, chosen


def endless_line(data: bytes, most: int) -> tuple[int, int] | None:
    """The length in bytes of the first line that is longer than `most`, and its number from 1; None where none is.

    Looks back from as far as a line may reach, so that it steps over the file and does not read all of it.

    Examples
    --------
    >>> endless_line(b"a,b\\n1,2345\\n", 5)
    (6, 2)
    """
    ending = b"\n" if b"\n" in data else b"\r"
    start = 0
    while len(data) - start > most:
        last = data.rfind(ending, start, start + most + 1)
        if last < 0:
            end = data.find(ending, start)
            return (end if end >= 0 else len(data)) - start, data.count(ending, 0, start) + 1
        start = last + 1
    return None


def _end_of_a_row(data: bytes, quotes: np.ndarray) -> int:
    """Where one of the first rows ends: at a line break that no quotation marks enclose; 0 where none is near."""
    end = _HEAD
    for _ in range(1000):
        end = max(data.rfind(b"\n", 0, end), data.rfind(b"\r", 0, end))
        if end < 0:
            return 0
        if np.searchsorted(quotes, end) % 2 == 0:
            return end + 1
    return 0


def _quotes_fit(data: bytes, quotes: np.ndarray, delimiter: int) -> bool:
    """Whether every quotation mark opens a cell, closes one, or is doubled inside one."""
    if len(quotes) % 2:
        return False
    around = np.frombuffer(data, dtype=np.uint8)
    edges = np.array([delimiter, ord("\n"), ord("\r"), ord('"')], dtype=np.uint8)
    opening, closing = quotes[::2], quotes[1::2]
    before = around[np.maximum(opening - 1, 0)]
    after = around[np.minimum(closing + 1, len(data) - 1)]
    return bool(
        (np.isin(before, edges) | (opening == 0)).all() and (np.isin(after, edges) | (closing == len(data) - 1)).all()
    )


def read_carefully(
    text: str, delimiter: str | None, name: str, limits: Limits | None = None
) -> tuple[pd.DataFrame, str]:
    """All cells, columns 0, 1, …, index the record's number from 1; and the delimiter.

    Raises
    ------
    BadInput
        Where a quotation mark is never closed, rows differ in width, or there are far too many columns.
    """
    limits = limits or Limits()
    heading = text[: min(len(text), 50_000_000)].lstrip().split("\n", 1)[0]
    if max(heading.count(each) for each in DELIMITERS) > 10 * limits.columns:
        raise _too_wide(name, limits)
    # One delimiter that does not occur stands for the reading as a single column; more of them would read the same.
    occurring = [each for each in DELIMITERS if each in text]
    absent = [each for each in DELIMITERS if each not in text]
    candidates = [delimiter] if delimiter else [*occurring, *absent[:1]]
    tried = {candidate: rows for candidate in candidates if (rows := _parse(text, candidate)) is not None}
    widest = max((len(rows[0]) for rows in tried.values()), default=0)
    if not tried or any(
        heading.count(candidate) >= max(widest, 1) for candidate in candidates if candidate not in tried
    ):
        raise BadInput(
            Problem(
                "A quotation mark is opened and never closed.", file=name, mend="Export it anew; it may be cut off."
            )
        )
    even = [candidate for candidate, rows in tried.items() if len({len(row) for row in rows}) == 1]
    if all(len(tried[candidate][0]) == 1 for candidate in even):
        for rows in tried.values():
            _pad_titles(rows)
        even = [candidate for candidate, rows in tried.items() if len({len(row) for row in rows}) == 1]
    best = max(even or tried, key=lambda candidate: len(tried[candidate][0]))
    if even and len(tried[best][0]) == 1 and len(even) < len(tried):
        # One column by every even reading, but another delimiter splits the header: that one is meant, and is broken.
        wider = max(tried, key=lambda candidate: len(tried[candidate][0]))
        parted = sum(len(row) > 1 for row in tried[wider]) > len(tried[wider]) / 2
        best = wider if len(tried[wider][0]) > 2 or (len(tried[wider][0]) == 2 and parted) else best
    rows = tried[best]
    width = len(rows[0])
    if width > limits.columns:
        raise _too_wide(name, limits)
    for at, row in enumerate(rows, start=1):
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            del row[width:]  # spreadsheets end rows with empty cells
        if len(row) != width:
            last = " The file may be cut off here." if at == len(rows) and len(row) < width else ""
            raise BadInput(
                Problem(
                    f"This row has {len(row)} cells, the heading has {width}.{last}",
                    file=name,
                    row=at,
                    mend="Look for a quotation mark or a line break that is missing, or state `delimiter` in study.yaml.",
                )
            )
    return as_cells(rows), best


def as_cells(rows: list[list[str]]) -> pd.DataFrame:
    """Rows of one width as a table of text cells."""
    index = pd.RangeIndex(1, len(rows) + 1, name="row")
    columns = zip(*rows, strict=True)
    return pd.DataFrame({at: pd.array(list(cells), dtype=TEXT) for at, cells in enumerate(columns)}, index=index)


def _too_wide(name: str, limits: Limits) -> BadInput:
    return BadInput(
        Problem(
            f"The file has more than {limits.columns} columns, more than a survey has.",
            file=name,
            row=1,
            mend=f"Check that it is the export, and its line ends. {raise_it('columns')}",
        )
    )


def _parse(text: str, delimiter: str) -> list[list[str]] | None:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error:
        return None
    return rows or None


def _pad_titles(rows: list[list[str]]) -> None:
    """A title above a table ends where it ends, without the delimiters of the rows below: it gets them here."""
    lead = next((at for at, row in enumerate(rows[:_MOST_TITLES]) if sum(bool(cell.strip()) for cell in row) > 1), 0)
    if lead and len(rows[lead]) >= 3:
        for row in rows[:lead]:
            row += [""] * (len(rows[lead]) - len(row))
