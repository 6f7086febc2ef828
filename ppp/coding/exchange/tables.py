"""The long table of codings, and as CSV and SPSS file."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from ppp.cells import restored, safe
from ppp.coding.events import held, standing
from ppp.errors import BadInput, Problem

__all__ = ["COLUMNS", "CONSENSUS", "long_table", "read_table", "write_table"]

CONSENSUS = "consensus"
"""In place of a coder: what was settled."""

COLUMNS = {
    "activity_id": "string",
    "coder": "string",
    "dimension": "string",
    "code": "string",
    "polarity": "string",
    "confidence": "Float64",
    "evidence_start": "Int64",
    "evidence_end": "Int64",
    "memo": "string",
    "codebook_version": "string",
    "created_at": "string",
}
"""Of the long table. A row with dimension "mark" says that the coder is done with the activity, left it out or wants to
talk about it (code done, skip, flag)."""

_LABELS = {
    "activity_id": "Activity",
    "coder": "Coder",
    "dimension": "What is coded",
    "code": "Code of the codebook",
    "polarity": "Direction of evidence on Parity",
    "confidence": "How sure, 0 to 1",
    "evidence_start": "First character of the passage, from 0",
    "evidence_end": "Character after the last one of the passage",
    "memo": "Note",
    "codebook_version": "Version of the codebook",
    "created_at": "When, UTC",
}


def long_table(codings: pd.DataFrame, consensus: pd.DataFrame) -> pd.DataFrame:
    """The codes that coders hold, and what was settled: columns of `COLUMNS`, one row a code or mark."""
    state = standing(codings)
    marks = []
    for mark, column in (("done", "done"), ("skip", "skipped"), ("flag", "flagged")):
        own = state[state[column]]
        marks.append(own.assign(dimension="mark", code=mark).drop(columns=["done", "skipped", "flagged"]))
    said = codings[codings["action"].isin(["done", "skip", "flag"])].drop_duplicates(
        ["coder", "activity_id", "action"], keep="last"
    )
    marks_table = pd.concat(marks, ignore_index=True).merge(
        said[["coder", "activity_id", "action", "memo"]].rename(columns={"action": "code"}),
        on=["coder", "activity_id", "code"],
        how="left",
    )
    settled = held(consensus, together=True).assign(coder=CONSENSUS)
    parts = [part.reindex(columns=list(COLUMNS)).astype(COLUMNS) for part in (held(codings), settled, marks_table)]
    return pd.concat(parts, ignore_index=True)


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write the long table as .csv (UTF-8 with a mark that Excel knows, no cell a formula) or as SPSS .sav."""
    if path.suffix.lower() == ".sav":
        import pyreadstat

        frame = table.copy()
        for name, kind in COLUMNS.items():
            frame[name] = frame[name].fillna("").astype(object) if kind == "string" else frame[name].astype("float64")
        pyreadstat.write_sav(frame, str(path), column_labels=[_LABELS[name] for name in frame])
        return
    text = table.astype(object).where(table.notna(), "")
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(text.columns)
        writer.writerows([safe(str(value)) for value in row] for row in text.itertuples(index=False))


def read_table(path: Path) -> pd.DataFrame:
    """The long table in that .csv or .sav file.

    Raises
    ------
    BadInput
        Where it is no such file, or columns are missing.
    """
    try:
        if path.suffix.lower() == ".sav":
            import pyreadstat

            frame, _ = pyreadstat.read_sav(str(path))
        else:
            frame = pd.read_csv(
                path, dtype="string", keep_default_na=False, encoding="utf-8-sig", sep=None, engine="python"
            )
            frame = frame.apply(lambda column: column.map(restored))
    except FileNotFoundError:
        raise BadInput(Problem("There is no such file.", file=str(path), mend="Check the name.")) from None
    except Exception as error:  # each library has its own kinds of fault for a damaged file
        told = f"The file cannot be read ({type(error).__name__})."
        raise BadInput(Problem(told, file=path.name, mend="Give a .csv in UTF-8 or a .sav file.")) from None
    missing = [name for name in ("activity_id", "dimension", "code") if name not in frame]
    if missing:
        raise BadInput(
            Problem(f"Columns are missing: {', '.join(missing)}.", path.name, 1, mend=f"Needed: {', '.join(COLUMNS)}.")
        )
    frame = frame.reindex(columns=list(COLUMNS))
    frame = frame.astype(object).where(frame.notna() & (frame != ""), None)
    problems = []
    for name, kind in COLUMNS.items():
        if kind != "string":
            numbers = pd.to_numeric(frame[name], errors="coerce")
            wrong = numbers.isna() & frame[name].notna() | (numbers % 1 != 0) & numbers.notna() & (kind == "Int64")
            problems += [
                Problem("A number is expected here.", path.name, int(at) + 2, name, "Write it in digits.")
                for at in frame.index[wrong][:5]
            ]
            frame[name] = numbers
    if problems:
        raise BadInput(problems)
    return frame.astype(COLUMNS)
