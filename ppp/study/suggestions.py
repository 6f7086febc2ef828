"""Suggestions from a file of texts to a file of codes."""

from __future__ import annotations

import codecs
import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from ppp.cells import safe
from ppp.coding import Suggestion, suggest_each
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.surveys.grid import File
from ppp.surveys.text import plain

__all__ = ["OUTPUT_COLUMNS", "suggest_file"]

OUTPUT_COLUMNS = ("id", "place", "phase", "parity", "confidence", "needs_review", "evidence", "reason")

_NAMES = {
    "id": ("id", "activity_id", "nr", "no"),
    "text": ("text", "description", "activity", "beskrivning", "aktivitet"),
    "lang": ("lang", "language", "språk", "sprak"),
}
_LANGUAGES = {"en": "en", "eng": "en", "english": "en", "engelska": "en", "sv": "sv", "swe": "sv", "se": "sv", "swedish": "sv", "svenska": "sv"}  # fmt: skip
_STREAMED_FROM = 20_000_000  # bytes; smaller files are read whole, by the reader that knows every kind of file


def suggest_file(source: Path, target: Path) -> tuple[int, int]:
    """Code the texts of one file into another, which appears only when it is whole.

    Parameters
    ----------
    source
        A CSV file in any common encoding and delimiter, or a spreadsheet; columns ``id``, ``text`` and, optionally,
        ``lang``. A large CSV file in UTF-8 is read row by row.
    target
        Gets `OUTPUT_COLUMNS`, in UTF-8; what a spreadsheet would take for a formula is made harmless.

    Returns
    -------
    tuple of int
        How many texts were coded, and how many of them need a person's look.

    Raises
    ------
    BadInput
        Where the file cannot be read, lacks a column, or the target cannot be written.
    """
    name = source.name
    if source.exists() and target.exists() and source.samefile(target):
        raise BadInput(Problem("Both files are the same.", file=str(target), mend="Give the output another name."))
    rows = _rows(source, name)
    header = next(rows, [])
    at = _columns(header, name)
    count = review = 0
    try:
        handle, written = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise BadInput(Problem(f"The file cannot be written ({error.strerror}).", file=str(target))) from None
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(OUTPUT_COLUMNS)
            keys: list[tuple[str, str]] = []

            def pairs() -> Iterator[tuple[str, object]]:
                for row in rows:
                    cells = {column: row[place] if place < len(row) else "" for column, place in at.items()}
                    keys.append((cells["id"], cells["text"]))
                    yield cells["text"], _LANGUAGES.get(plain(cells.get("lang", "")))

            done = 0
            for found in tqdm(suggest_each(pairs()), unit=" texts", disable=None, desc="suggesting"):
                key, text = keys[done]
                done += 1
                if done == len(keys):  # a chunk is finished: its texts are let go
                    keys.clear()
                    done = 0
                writer.writerow(_row(key, text, found))
                count += 1
                review += found.needs_review
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(written, 0o666 & ~mask)
        os.replace(written, target)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise
    return count, review


def _row(key: str, text: str, found: Suggestion) -> list[str]:
    spans = [*found.place_evidence, *found.phase_evidence, *(item[3] for item in found.parity if item[3])]
    passages = dict.fromkeys(" ".join(text[start:end].split()) for start, end in spans)
    cells = [
        safe(key),
        ";".join(found.place),
        ";".join(found.phase),
        ";".join(f"{leaf}:{direction}" for leaf, direction, _, _ in found.parity),
        f"{found.confidence:.3f}",
        "true" if found.needs_review else "false",
        safe("; ".join(passages)),
        found.reason,
    ]
    return cells


def _columns(header: list[str], name: str) -> dict[str, int]:
    headings = [plain(cell) for cell in header]
    found = {
        column: headings.index(heading)
        for column, accepted in _NAMES.items()
        for heading in [next((one for one in accepted if one in headings), None)]
        if heading is not None
    }
    missing = [column for column in ("id", "text") if column not in found]
    if missing:
        raise BadInput(
            Problem(
                "This column is missing.",
                file=name,
                row=1,
                column=column,
                mend=did_you_mean(column, header)
                or "The first row must hold the headings id, text and, if known, lang.",
            )
            for column in missing
        )
    return found


def _rows(source: Path, name: str) -> Iterator[list[str]]:
    streamed = _streamed(source, name)
    if streamed is not None:
        yield from streamed
    else:
        yield from File(source, name=name).grid.cells.astype(str).values.tolist()


def _streamed(source: Path, name: str) -> Iterator[list[str]] | None:
    """The rows of a large UTF-8 file with commas, semicolons or tabs, one by one; nothing where it is not such a file."""
    try:
        if source.stat().st_size < _STREAMED_FROM:
            return None
        with source.open("rb") as file:
            head = file.read(1_000_000)
    except OSError:
        return None
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return None
    if b"\x00" in head:
        return None
    first = head.decode("utf-8-sig", errors="ignore").lstrip().split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)

    def stream() -> Iterator[list[str]]:
        with open(source, encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=delimiter)
            while True:
                try:
                    row = next(rows)
                except StopIteration:
                    return
                except (UnicodeDecodeError, csv.Error):
                    raise BadInput(
                        Problem(
                            "The file is not UTF-8 throughout, or a cell never ends.",
                            file=name,
                            row=rows.line_num + 1,
                            mend="Save it anew as UTF-8.",
                        )
                    ) from None
                if row:
                    yield row

    return stream()
