"""SurveyXact: a workbook with the sheets Dataset (codes), Labels, Variables and Structure.

Sheets are known by what they hold, as their names follow the user's language.
"""

from __future__ import annotations

import re

from ppp.errors import BadInput, Problem
from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File, frame, unique
from ppp.surveys.platforms.shape import choices_table, questions_table, set_apart
from ppp.surveys.text import plain

__all__ = ["certainty", "read"]

_STATUS = re.compile(r"^stat(o|overall|ompletion|us|distribution|collect|create|reaction)?_\d+$")
_OWN = {"respondent", "respondentid", "key", "email", "created", "closed", "modified", "organisation", "organization", "navn", "namn", "name", "e-mail"}  # fmt: skip
_DONE = {"gennemført", "genomförd", "genomfört", "gjennomført", "completed", "complete", "slutförd", "fullført"}


def certainty(file: File) -> float:
    """Sure with the sheet that describes the questions; asks where only the codes are left."""
    if _structure(file) is not None:
        return 1.0
    if file.kind not in ("text", "sheet"):
        return 0.0
    heading = file.grid.heading
    own = sum(bool(_STATUS.match(cell)) for cell in heading)
    coded = sum(bool(re.match(r"^s_\d+(_\d+)*$", cell)) for cell in heading)
    return 0.85 if own >= 3 and coded >= 2 else 0.5 if own >= 3 or coded >= max(3, len(heading) / 2) else 0.0


def _structure(file: File) -> str | None:
    """The name of the sheet with a row for each variable: question, type, text and choice."""
    return next(
        (
            name
            for name, rows in file.sheets.items()
            if {"questionName", "variableName", "questionType"} <= set(rows[0])
        ),
        None,
    )


def read(file: File) -> SurveyExport:
    """The export.

    Raises
    ------
    BadInput
        Where the sheet with the answers is missing.
    """
    described = _structure(file)
    about: list[dict[str, str]] = []
    used: set[str] = set()
    grid = file.grid
    if described:
        heading, *rows = file.sheets[described]
        about = [dict(zip(heading, row, strict=True)) for row in rows]
        variables = {row["variableName"] for row in about}
        used.add(described)
        if file.sheet is None:
            data = next((name for name, sheet in file.sheets.items() if variables <= set(sheet[0])), None)
            if data is None:
                raise BadInput(
                    Problem("The sheet with the answers is missing.", file=file.name, mend="Export the data set anew.")
                )
            grid = file.sheet_grid(data)
    labels: dict[str, list[tuple[str, str]]] = {}
    known = {cell for cell in grid.heading if cell}
    for rows in file.sheets.values():
        if len(rows[0]) == 3 and sum(row[0] in known for row in rows) >= 0.8 * len(rows):
            for variable, code, label in rows:
                labels.setdefault(variable, []).append((code, label))
    names, _ = unique(grid.heading)
    table = frame(grid, name=file.name, headings=names)
    answers, metadata, identifiers, notes = set_apart(table, lambda name: bool(_STATUS.match(name)) or name.casefold() in _OWN)  # fmt: skip
    questions: list[tuple] = []
    choices: list[tuple] = []
    done = None
    for row in about:
        variable, question = row["variableName"], row["questionName"]
        if variable in metadata:
            if plain(row.get("choiceText", "")) in _DONE:
                done = variable
            continue
        if variable not in answers:
            continue
        if row.get("subType") == "Multiple":
            questions.append((question, row["questionText"], "multiple"))
            choices.append((question, row["choiceValue"], row["choiceText"], variable))
        elif row.get("questionType") == "Open":
            kind = {"Number": "number", "Numeric": "number", "Date": "date"}.get(row.get("subType", ""), "text")
            questions.append((variable, row["questionText"], kind))
        else:
            questions.append((variable, row["questionText"], "single"))
            choices += [(variable, code, label) for code, label in labels.get(variable, [])]
    if not about:
        for name in answers:
            questions.append((name, name, "single" if name in labels else ""))
            choices += [(name, code, label) for code, label in labels.get(name, [])]
        notes.append("codes only: export the workbook with its labels and structure to have questions and choices")
    return SurveyExport(
        "surveyxact",
        grid.source,
        answers,
        questions_table(dict.fromkeys(questions)),
        choices_table(choices),
        metadata=metadata,
        identifiers=identifiers,
        is_complete=metadata[done].str.strip().isin(["1", "1.0"]) if done else None,
        headings=(tuple(grid.row(1)),),
        rest={sheet: rows for sheet, rows in file.sheets.items() if sheet != grid.source.sheet},
        notes=(*(note for note in grid.notes if not note.startswith("read the sheet")), *notes),
    )
