"""REDCap: records as raw CSV, with the project's data dictionary.

Codes become meaningful through the dictionary's choices. Rows of repeating instruments are child tables, fields that
the dictionary marks as identifiers are dropped, and events of a longitudinal project are joined to one row a record.
"""

from __future__ import annotations

import re

import pandas as pd

from ppp.errors import BadInput, Problem
from ppp.surveys.export import CHOICES, QUESTIONS, SurveyExport
from ppp.surveys.grid import File, Grid, frame

__all__ = ["certainty", "read"]

_FIELD, _FORM, _TYPE, _LABEL = "Variable / Field Name", "Form Name", "Field Type", "Field Label"
_CHOICES, _IDENTIFIER = "Choices, Calculations, OR Slider Labels", "Identifier?"
_OWN = {
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_survey_identifier",
    "redcap_data_access_group",
}
_KINDS = {"radio": "single", "dropdown": "single", "yesno": "single", "truefalse": "single", "checkbox": "multiple"}


def certainty(file: File) -> float:
    """Sure with REDCap's own columns or its dictionary beside it."""
    if file.kind != "text":
        return 0.0
    if {cell.strip() for cell in file.grid.rows[0]} & _OWN:
        return 1.0
    return 0.9 if file.companion is not None and _FIELD in _heading(file.companion) else 0.0


def read(file: File) -> SurveyExport:
    """The export.

    Raises
    ------
    BadInput
        Where the dictionary is missing, or is not one.
    """
    name, grid = file.name, file.grid
    if file.companion is None:
        raise BadInput(
            Problem(
                "REDCap's raw records hold codes only.",
                file=name,
                mend="Download the project's data dictionary (CSV) and name it under `dictionary` in study.yaml.",
            )
        )
    fields = _fields(file.companion.grid)
    records = frame(grid, name=name)
    notes = list(grid.notes)

    identifiers = [field for field in records if _base(field) in set(fields.loc[fields["identifier"], "name"])]
    if identifiers:
        notes.append(f"dropped {len(identifiers)} columns that the dictionary marks as identifiers")
        records = records.drop(columns=identifiers)

    key = records.columns[0]
    forms = set(fields["group"])
    own = [
        column
        for column in records
        if column in _OWN or any(column in (f"{form}_complete", f"{form}_timestamp") for form in forms)
    ]
    instrument = records.get("redcap_repeat_instrument", pd.Series("", index=records.index)).str.strip()
    main = records[instrument == ""]
    if main.empty:
        raise BadInput(
            Problem("The file holds only rows of repeating instruments.", file=name, mend="Export all forms.")
        )
    main, joined = _join_events(main, key)
    if joined:
        notes.append(f"joined {joined} rows of further events to the record they belong to")
    row_of = dict(zip(main[key].str.strip(), main.index, strict=True))

    repeats: dict[str, pd.DataFrame] = {}
    for form, rows in records[instrument != ""].groupby(instrument[instrument != ""]):
        columns = [c for c in records if _base(c) in set(fields.loc[fields["group"] == form, "name"]) and c != key]
        child = rows[columns].copy()
        child.insert(0, "respondent", rows[key].str.strip().map(row_of))
        orphans = int(child["respondent"].isna().sum())
        if orphans:
            notes.append(f"set aside {orphans} rows of “{form}” whose record is not in the file")
        child = child[child["respondent"].notna()].astype({"respondent": "int64"})
        repeats[str(form)] = child
    repeated = {column for child in repeats.values() for column in child if column in main}
    empty = [column for column in repeated if (main[column].str.strip() == "").all()]
    answers = main.drop(columns=[*own, *empty])
    return SurveyExport(
        "redcap",
        grid.source,
        answers,
        fields[list(QUESTIONS)],
        _choices(fields),
        repeats,
        main[own],
        notes=tuple(notes),
    )


def _heading(file: File) -> list[str]:
    return [cell.strip() for cell in file.grid.rows[0]] if file.kind == "text" else []


def _base(column: str) -> str:
    """The field of a column: ``sleep___2`` is a choice of ``sleep``."""
    return column.split("___")[0]


def _fields(dictionary: Grid) -> pd.DataFrame:
    table = frame(dictionary, name=dictionary.source.name)
    missing = [column for column in (_FIELD, _FORM, _TYPE, _LABEL, _CHOICES) if column not in table]
    if missing:
        raise BadInput(
            Problem(
                f"This is not a REDCap data dictionary: “{missing[0]}” is missing.",
                file=dictionary.source.name,
                row=1,
                mend="In REDCap: Project Setup, Data Dictionary, download the current one. Keep its headings in English.",
            )
        )
    return pd.DataFrame(
        {
            "name": table[_FIELD].str.strip(),
            "text": table[_LABEL].map(lambda text: re.sub(r"<[^>]+>", "", text).strip()),
            "kind": table[_TYPE].str.strip().map(lambda kind: _KINDS.get(kind, "text")),
            "group": table[_FORM].str.strip(),
            "type": table[_TYPE].str.strip(),
            "choices": table[_CHOICES],
            "identifier": table.get(_IDENTIFIER, pd.Series("", index=table.index)).str.strip().str.lower().eq("y"),
        }
    ).reset_index(drop=True)


def _choices(fields: pd.DataFrame) -> pd.DataFrame:
    """Codes and labels: ``1, Yes | 2, No``, also without blanks; yes/no fields have theirs unwritten."""
    rows = []
    for row in fields.itertuples():
        if row.type == "yesno":
            rows += [(row.name, "1", "Yes", ""), (row.name, "0", "No", "")]
        elif row.type == "truefalse":
            rows += [(row.name, "1", "True", ""), (row.name, "0", "False", "")]
        elif row.type in ("radio", "dropdown", "checkbox"):
            for part in row.choices.split("|"):
                code, _, label = part.partition(",")
                column = f"{row.name}___{code.strip().lower()}" if row.type == "checkbox" else ""
                if code.strip():
                    rows.append((row.name, code.strip(), re.sub(r"<[^>]+>", "", label).strip(), column))
    return pd.DataFrame(rows, columns=[*CHOICES, "column"])


def _join_events(main: pd.DataFrame, key: str) -> tuple[pd.DataFrame, int]:
    """One row a record: the first filled cell of its events in each column, on the first event's row."""
    record = main[key].str.strip()
    if not record.duplicated().any() or "redcap_event_name" not in main:
        return main, 0
    filled = main.mask(main == "")
    first = filled.groupby(record, sort=False).first()
    firsts = ~record.duplicated()
    joined = first.set_axis(main.index[firsts]).reindex(columns=main.columns).fillna("")
    return joined, int((~firsts).sum())
