"""The platforms: for each a module that tells whether a file is its own, and reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ppp.errors import BadInput, Problem, did_you_mean
from ppp.surveys.export import MISSING_CODES, SurveyExport
from ppp.surveys.grid import File
from ppp.surveys.limits import Limits
from ppp.surveys.platforms import (
    alchemer,
    csv_file,
    googleforms,
    kobo,
    limesurvey,
    msforms,
    qualtrics,
    redcap,
    spss,
    stata,
    surveymonkey,
    surveyxact,
    xlsx_file,
)
from ppp.surveys.text import plain
from ppp.surveys.vocabulary import meanings

__all__ = ["PLATFORMS", "SURE", "read_export", "recognise"]

PLATFORMS = {
    "redcap": redcap,
    "qualtrics": qualtrics,
    "limesurvey": limesurvey,
    "surveymonkey": surveymonkey,
    "kobo": kobo,
    "surveyxact": surveyxact,
    "alchemer": alchemer,
    "msforms": msforms,
    "googleforms": googleforms,
    "spss": spss,
    "stata": stata,
    "xlsx": xlsx_file,
    "ods": xlsx_file,
    "csv": csv_file,
}
"""By their names in study.yaml. Each module has ``certainty(file)``, from 0 (not its own) to 1, and ``read(file)``."""

SURE = 0.8
"""From here on a file is read as what it seems to be; below, it is read as a plain table, with the best guess."""
_PLAIN = 0.1


def recognise(file: File) -> tuple[str, float]:
    """The platform that a file most likely comes from, and how sure that is (0 to 1).

    Plain CSV and spreadsheets claim what no other platform does, at 0.1.
    """
    certainties = {name: module.certainty(file) for name, module in PLATFORMS.items()}
    best = max(certainties, key=lambda name: certainties[name])
    return best, certainties[best]


def read_export(
    path: Path,
    *,
    platform: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    dictionary: Path | None = None,
    name: str | None = None,
    limits: Limits | None = None,
    parts: Sequence[Path] = (),
    missing_codes: Mapping[str, str] | None = None,
) -> SurveyExport:
    """The export in that file.

    Parameters
    ----------
    path
        The file.
    platform, encoding, delimiter, decimal, sheet
        How to read it; what is left out is found from the content and said in the notes. ``delimiter`` may be "tab".
    dictionary
        The file that explains it: REDCap's data dictionary, Qualtrics' .qsf, LimeSurvey's .lss, the XLSForm …
    name
        What to call the file in messages.
    limits
        How much the file may hold.
    parts
        Further files of the same export, such as Kobo's repeats in CSV files of their own.
    missing_codes
        Answers to any question that say why there is none, with the reason (`ppp.tables.MISSING_REASONS`): a REDCap
        project's missing-data codes, which no file of it tells.

    Raises
    ------
    BadInput
        Where the file cannot be read, with the place and what to do.
    """
    name = name or path.name
    beside = str(Path(name).parent / dictionary.name) if dictionary else ""
    companion = File(dictionary, name=beside, limits=limits) if dictionary else None
    how = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    file = File(path, name=name, companion=companion, limits=limits, parts=parts, **how)
    if platform is not None and platform not in PLATFORMS:
        raise BadInput(
            Problem(f"There is no platform “{platform}”.", file=name, mend=did_you_mean(platform, PLATFORMS))
        )
    file = _with_answers(file, platform)
    notes: list[str] = []
    guess = ""
    if platform is not None:
        chosen, certainty = platform, 1.0
    else:
        chosen, certainty = recognise(file)
        if _PLAIN < certainty < SURE:
            notes = [
                f"read as a plain table; it looks like an export from {chosen} (certainty {certainty:.0%}): state"
                f" `platform: {chosen}` in study.yaml if it is"
            ]
            guess, chosen = chosen, "xlsx" if file.kind == "sheet" else "csv"
    export = PLATFORMS[chosen].read(file)
    return replace(
        export,
        rest={
            **export.rest,
            **({"rows above the headings": list(map(list, file.grid.above))} if _has_above(file) else {}),
        },
        certainty=certainty,
        guess=guess,
        decimal=decimal or "",
        missing_codes=pd.concat(
            [export.missing_codes, _telling_labels(export), _stated(missing_codes or {})], ignore_index=True
        ),
        notes=(*notes, *export.notes, *_hidden_blanks(file, export), *_closing_remarks(export)),
    )


def _stated(codes: Mapping[str, str]) -> pd.DataFrame:
    rows = [("", code, reason) for code, reason in codes.items()]
    return pd.DataFrame(rows, columns=list(MISSING_CODES), dtype="object")


def _has_above(file: File) -> bool:
    return file.kind in ("text", "sheet") and bool(file.grid.above)


def _with_answers(file: File, platform: str | None) -> File:
    """The file with the sheet that holds the answers: the first one, unless another is surely a platform's, or the first
    is a page of notes beside a table."""
    names = list(file.sheets)
    if file.kind != "sheet" or file.sheet is not None or len(names) < 2:
        return file

    def is_sure(one: File) -> bool:
        known = recognise(one)[1] if platform is None else PLATFORMS[platform].certainty(one)
        return known >= SURE

    if is_sure(file):
        return file
    for name in names[1:]:
        other = file.on(name)
        if is_sure(other):
            return other

    def cells(name: str) -> int:
        return len(file.sheets[name]) * len(file.sheets[name][0])

    largest = max(names, key=cells)
    is_notes = len(file.sheets[names[0]][0]) < 3 or len(file.sheets[names[0]]) < 2
    return file.on(largest) if is_notes and len(file.sheets[largest][0]) >= 3 else file


def _telling_labels(export: SurveyExport) -> pd.DataFrame:
    """Choices that say in our own words why there is no answer: *Vet inte*, *Prefer not to say* …"""
    known = meanings("missing")
    choices = export.choices[export.choices["column"] == ""]
    already = set(zip(export.missing_codes["question"], export.missing_codes["code"], strict=True))
    rows = [
        (choice.question, code, known[plain(choice.label)])
        for choice in choices.itertuples()
        if plain(choice.label) in known and (choice.question, choice.code) not in already
        for code in dict.fromkeys([choice.code, choice.label])
    ]
    return pd.DataFrame(rows, columns=list(MISSING_CODES), dtype="object")


def _closing_remarks(export: SurveyExport) -> list[str]:
    """That the last rows hold one cell only: notes below a table, where people write them."""
    last = pd.concat([part.iloc[-5:] for part in (export.answers, export.metadata) if part.shape[1]], axis=1)
    if last.shape[1] < 4 or len(export.answers) < 3:
        return []
    filled = [sum(bool(str(cell).strip()) for cell in row) for row in last.to_numpy()]
    few = 0
    for count in reversed(filled):
        if count > 1:
            break
        few += 1
    return [f"the last {few} rows hold one cell only; they may be notes below the table, and no respondents"] if 0 < few < 5 else []  # fmt: skip


def _hidden_blanks(file: File, export: SurveyExport) -> list[str]:
    """How many answers hold no-break spaces or byte order marks: two spellings of one answer, where not looked past."""
    if export.source.encoding.startswith("utf-8") and file.kind == "text":
        # The rarest byte of each first: looking for one byte is far quicker than for two or three.
        marks = ((b"\xa0", b"\xc2\xa0"), (b"\x8b", b"\xe2\x80\x8b"), (b"\xef", b"\xef\xbb\xbf"))
        if all(file.data.find(byte, 3) < 0 or file.data.find(mark, 3) < 0 for byte, mark in marks):
            return []
    hidden = re.compile("[\u00a0\ufeff\u200b]")
    if export.answers.shape[1] > 500:  # column by column takes long where there are very many
        found = sum(bool(hidden.search(cell)) for cell in export.answers.to_numpy().ravel())
    else:
        found = sum(int(export.answers[column].str.contains(hidden).sum()) for column in export.answers)
    return [f"{found} answers hold no-break spaces or other hidden letters; they are compared without"] if found else []
