"""Codings of a study to and from other programs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

import ppp
from ppp.coding import exchange
from ppp.errors import BadInput, Problem
from ppp.study.folder import Study, activity_text

__all__ = ["ENDINGS", "export", "take"]

ENDINGS = (".qdpx", ".qdc", ".csv", ".sav")


def export(study: Study, path: Path, *, language: str) -> Iterator[str]:
    """Write the codings, or with the ending .qdc the codebook; yields what to tell.

    Raises
    ------
    BadInput
        Where the name has another ending, or the file cannot be written.
    """
    ending = _ending(path)
    if ending == ".qdc":
        counted: list[int] = []
        _write(path, lambda target: counted.append(exchange.write_codebook(target, language=language)))
        yield f"Wrote {path}: {counted[0]} codes."
        return
    table = exchange.long_table(study.codings(), study.consensus())
    if ending == ".qdpx":
        activities = study.activities()
        _write(
            path,
            lambda target: exchange.write_project(
                target,
                table,
                study=study.id,
                activities=activities,
                texts=activity_text(activities),
                organizations=study.organizations(),
                language=language,
                origin=f"ppp {ppp.__version__}",
            ),
        )
        yield f"Wrote {path}: {len(activities)} texts and {len(table)} codings. It holds what people wrote: keep it safe."
    else:
        _write(path, lambda target: exchange.write_table(target, table))
        yield f"Wrote {path}: {len(table)} codings. It holds coders' notes: keep it safe."


def take(study: Study, path: Path, coder: str | None) -> Iterator[str]:
    """Take a coder's codings from a file, or compare a codebook with ours; yields what to tell.

    Raises
    ------
    BadInput
        Where the file cannot be read; and, once the good codings are kept, with the problems of the others.
    """
    ending = _ending(path)
    if ending == ".qdc":
        yield from _compared(path)
        return
    if not coder:
        raise BadInput(Problem("Whose codings are they?", mend="Say so with --coder NAME."))
    problems: list[Problem] = []
    if ending == ".qdpx":
        activities = study.activities()
        table, problems = exchange.read_project(
            path, study=study.id, activities=activities, texts=activity_text(activities)
        )
    else:
        table = exchange.read_table(path)
    desk = study.desk(coder, everything=True)
    own, more = _legal(_of(table, coder, path), study, path)
    written = desk.take_rows(own)
    yield from desk.notes
    yield f"Took {len(own)} codings of {own['activity_id'].nunique()} activities ({written} events written to codings/{coder}.csv)."
    if problems + more:
        raise BadInput(problems + more)


def _of(table: pd.DataFrame, coder: str, path: Path) -> pd.DataFrame:
    """The coder's rows; where the file knows one coder only, whatever their name there, that one's."""
    known = sorted(set(table["coder"].fillna("")) - {"consensus"})
    if coder in known:
        return table[table["coder"] == coder]
    if len(known) == 1:
        return table[table["coder"].fillna("") == known[0]]
    named = [name for name in known if name]
    raise BadInput(
        Problem(
            f"The file holds no codings of “{coder}”.",
            file=path.name,
            mend=f"It knows these coders: {', '.join(named)}." if named else "It holds no codings.",
        )
    )


def _legal(table: pd.DataFrame, study: Study, path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows that our codebook and study know, and what is wrong with the others."""
    from ppp.coding.legal import check_code

    lengths = dict(zip(study.activities()["activity_id"], activity_text(study.activities()).str.len(), strict=True))
    problems, keep = [], []
    for at, row in zip(table.index, table.astype(object).where(table.notna(), None).to_dict("records"), strict=True):
        found: list[Problem] = []
        start, end = row["evidence_start"], row["evidence_end"]
        if row["activity_id"] not in lengths:
            found.append(Problem("There is no such activity in the study.", column="activity_id"))
        elif start is not None and (end is None or not 0 <= start < end <= lengths[row["activity_id"]]):
            found.append(Problem("The passage lies outside the text.", column="evidence_start"))
        if row["confidence"] is not None and not 0 <= row["confidence"] <= 1:
            found.append(Problem("A confidence runs from 0 to 1.", column="confidence"))
        if row["dimension"] == "mark":
            if row["code"] not in ("done", "skip", "flag"):
                found.append(Problem("There is no such mark.", column="code", mend="done, skip or flag"))
        else:
            try:
                check_code(str(row["dimension"] or ""), str(row["code"] or ""), row["polarity"])
            except BadInput:
                # The value itself is not repeated: in a file from elsewhere it may be anything.
                mend = "See the codes with `ppp exchange STUDY --out codebook.qdc`."
                found.append(Problem("The codebook has no such code.", column="code", mend=mend))
        problems += [
            Problem(p.what, path.name, int(at) + 2, p.column, p.mend or "Correct or remove the row.") for p in found
        ]
        keep.append(not found)
    return table[keep], problems


def _compared(path: Path) -> Iterator[str]:
    table = exchange.read_codebook(path)
    others = table[(table["ours"] == "") & table["is_codable"]]
    yield f"{path.name} holds {len(table)} codes; {int((table['ours'] != '').sum())} of them are ours."
    for row in others.itertuples():
        yield f"  not ours: {row.path + ' / ' if row.path else ''}{row.name}"
    if len(others):
        yield "Our codebook stays as it is: what is new goes into ppp/framework/codebook.yaml, with a new version."


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(
            Problem("A file of this kind is not known.", file=str(path), mend=f"Known: {', '.join(ENDINGS)}.")
        )
    return ending


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Whole or not at all."""
    unfinished = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".exchange-", suffix=path.suffix.lower(), dir=path.parent)
        os.close(handle)
        write(Path(unfinished))
        os.replace(unfinished, path)
    except OSError as error:
        raise BadInput(Problem(f"The file cannot be written ({error.strerror}).", file=str(path))) from None
    finally:
        if unfinished:
            Path(unfinished).unlink(missing_ok=True)
