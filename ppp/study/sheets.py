"""Sheets of a study: written for coders, and taken back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ppp.coding import sheet as sheet_format
from ppp.coding.compare import differences
from ppp.coding.settle import settle
from ppp.errors import BadInput, Problem
from ppp.study.folder import Study

__all__ = ["take_coding_sheet", "take_differences_sheet", "write_coding_sheet", "write_differences_sheet"]


def write_coding_sheet(study: Study, coder: str, path: Path, *, language: str) -> Iterator[str]:
    """Write a coder's sheet; yields what to tell.

    Raises
    ------
    BadInput
        Where the study has no such coder, or a file of that name is there already: it may hold a coder's work.
    """
    desk = study.desk(coder)
    texts = desk.activities()
    suggestions = desk.suggestions() if study.settings.coding.show_suggestions else None
    _new(
        path,
        lambda target: sheet_format.write_coding_sheet(
            target, study=study.id, coder=coder, texts=texts, codings=desk.codings(), suggestions=suggestions,
            language=language,
        ),
    )  # fmt: skip
    yield from desk.notes
    yield f"Wrote {path}: {len(texts)} activities, {int(texts['done'].sum())} of them coded already."
    yield f"Filled in, take it back: ppp code {study.path.as_posix()} --coder {coder} --take {path}"


def take_coding_sheet(study: Study, coder: str, path: Path) -> Iterator[str]:
    """Take what a coder filled in; the good rows are kept, the others told by row and column.

    Raises
    ------
    BadInput
        Where the file is not that coder's sheet; and, once the good rows are kept, with the problems of the others.
    """
    desk = study.desk(coder)
    texts = desk.activities().set_index("activity_id")
    taken = sheet_format.read_coding_sheet(path, study=study.id, coder=coder, known=texts.index, codings=desk.codings())
    written = desk.code_all(taken.codings, codebook_version=taken.codebook_version or None)
    for activity, mark, memo in taken.marks:
        if not texts.loc[activity, "skipped" if mark == "skip" else "flagged"]:
            written += desk.skip(activity, memo) if mark == "skip" else desk.flag(activity, memo)
    rows = len({one.activity_id for one in taken.codings} | {activity for activity, _, _ in taken.marks})
    yield from desk.notes
    yield f"Took {rows} rows ({written} events written to codings/{coder}.csv)."
    if taken.problems:
        wrong = len({problem.row for problem in taken.problems})
        yield f"Left out {wrong} rows; mend them in {path.name} and take it again."
        raise BadInput(taken.problems)


def write_differences_sheet(study: Study, path: Path, *, language: str) -> Iterator[str]:
    """Write what is to be settled; yields what to tell."""
    codings = study.codings()
    table = differences(codings, consensus=study.consensus())
    if table.empty:
        yield "There is nothing to settle: coders do not differ, or all is settled."
        return
    coders = sorted({name for codes in table["codes"] for name in codes})
    _new(
        path,
        lambda target: sheet_format.write_settling_sheet(
            target, study=study.id, differences=table, texts=study.activities(), coders=coders, language=language
        ),
    )
    yield f"Wrote {path}: {len(table)} differences, the least agreed first."
    yield f"Settled, take it back: ppp code {study.path.as_posix()} --settle {path}"


def take_differences_sheet(study: Study, path: Path, *, by: str | None = None) -> Iterator[str]:
    """Take what was settled into consensus.csv; good rows are kept, the others told by row and column.

    Raises
    ------
    BadInput
        As `take_coding_sheet`.
    """
    table = differences(study.codings(), consensus=study.consensus())
    taken = sheet_format.read_settling_sheet(path, study=study.id, differences=table)
    who = by or "-".join(study.settings.coders) or "coders"
    settle(study.path / "codings", who, taken.decisions, known=study.activities()["activity_id"])
    yield f"Settled {len(taken.decisions)} differences, by {who}."
    if taken.problems:
        wrong = len({problem.row for problem in taken.problems})
        yield f"Left out {wrong} rows; mend them in {path.name} and take it again."
        raise BadInput(taken.problems)


def _new(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file that is not there yet, whole or not at all."""
    if path.suffix != ".xlsx":
        raise BadInput(Problem("A sheet’s name ends in .xlsx.", file=str(path), mend=f"Call it {path.stem}.xlsx."))
    if path.exists():
        raise BadInput(
            Problem(
                "This file is there already, and may hold a coder’s work.", file=str(path), mend="Choose another name."
            )
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".sheet-", suffix=".xlsx", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise BadInput(Problem(f"The file cannot be written ({error.strerror}).", file=str(path))) from None
    try:
        write(Path(unfinished))
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, path)
    finally:
        Path(unfinished).unlink(missing_ok=True)
