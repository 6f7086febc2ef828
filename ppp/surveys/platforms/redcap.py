"""REDCap: records as raw or label CSV, with the project's data dictionary.

Codes become meaningful through the dictionary's choices. Rows of repeating instruments are child tables, fields that
the dictionary marks as identifiers are set apart, and events of a longitudinal project are joined to one row a record.
"""

from __future__ import annotations

import re
from collections import defaultdict

import pandas as pd

from ppp.errors import BadInput, Problem
from ppp.surveys.branching import shown
from ppp.surveys.export import MISSING_CODES, SurveyExport
from ppp.surveys.grid import File, Grid, frame, unique
from ppp.surveys.platforms.shape import choices_table, index_column, questions_table
from ppp.surveys.text import readable

__all__ = ["certainty", "read"]

_FIELD, _FORM, _TYPE, _LABEL = "Variable / Field Name", "Form Name", "Field Type", "Field Label"
_CHOICES, _IDENTIFIER = "Choices, Calculations, OR Slider Labels", "Identifier?"
_VALIDATION, _BRANCHING = "Text Validation Type OR Show Slider Number", "Branching Logic (Show field only if...)"
_EVENT, _INSTRUMENT, _INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
_OWN = {_EVENT, _INSTRUMENT, _INSTANCE, "redcap_survey_identifier", "redcap_data_access_group"}
_LABEL_OWN = {
    "Event Name": _EVENT,
    "Repeat Instrument": _INSTRUMENT,
    "Repeat Instance": _INSTANCE,
    "Survey Identifier": "redcap_survey_identifier",
    "Data Access Group": "redcap_data_access_group",
}
_KINDS = {
    "radio": "single", "dropdown": "single", "yesno": "single", "truefalse": "single", "checkbox": "multiple",
    "calc": "number", "slider": "number",
}  # fmt: skip
_TICKED = re.compile(r"^(.*\S)\s*\(choice=(.*)\)$", re.DOTALL)


def certainty(file: File) -> float:
    """Sure with REDCap's own columns or its dictionary beside it; less so with its way of naming columns."""
    if file.kind not in ("text", "sheet"):
        return 0.0
    heading = set(file.grid.heading)
    if _FIELD in heading:
        return 0.0  # a dictionary is no export
    if heading & {_EVENT, _INSTRUMENT, _INSTANCE, "redcap_survey_identifier"} or "Repeat Instrument" in heading:
        return 1.0
    if (
        file.companion is not None
        and file.companion.kind in ("text", "sheet")
        and _FIELD in file.companion.grid.heading
    ):
        return 0.9
    ticks = any("___" in column for column in heading)
    complete = [at for at, column in enumerate(file.grid.heading) if column.endswith("_complete")]
    if complete and all(set(file.grid.column(at)) <= {"0", "1", "2", "0.0", "1.0", "2.0"} for at in complete):
        return 0.95 if ticks else 0.85
    if any(_TICKED.match(column) for column in heading):
        return 0.95 if any(column.startswith("Complete?") for column in heading) else 0.85
    return 0.85 if "Complete?" in heading else 0.5 if ticks else 0.0


def read(file: File) -> SurveyExport:
    """The export.

    Raises
    ------
    BadInput
        Where the file beside it is no dictionary.
    """
    grid = file.grid
    fields = _fields(file.companion.grid) if file.companion is not None else _no_fields()
    notes = list(grid.notes)
    names, _ = unique(grid.heading)
    labelled = bool(set(grid.heading) & {*_LABEL_OWN, "Complete?"}) or any(_TICKED.match(name) for name in names)
    if labelled:
        names = _from_labels(names, fields)
    elif fields.empty:
        notes.append(
            "codes only: download the project's data dictionary (CSV) and name it under `dictionary` in study.yaml"
        )
    records = frame(grid, name=file.name, headings=names)

    marked = set(fields.loc[fields["identifier"], "name"])
    pointing = [column for column in records if _base(column) in marked or column == "redcap_survey_identifier"]
    if pointing:
        notes.append(f"set apart {len(pointing)} columns that the dictionary marks as identifiers")
    apart, records = records[pointing], records.drop(columns=pointing)

    index = index_column(grid)
    key = records.columns[index]
    forms = set(fields["group"]) - {""}
    own = [column for column in records if _is_own(column, forms, labelled) or column in names[:index]]
    instrument = records[_INSTRUMENT].str.strip() if _INSTRUMENT in records else pd.Series("", index=records.index)
    main = records[instrument == ""]
    if main.empty:
        raise BadInput(
            Problem("The file holds only rows of repeating instruments.", file=file.name, mend="Export all forms.")
        )
    repeats: dict[str, pd.DataFrame] = {}
    first_rows, joined = _join_events(main, key)
    row_of = dict(zip(first_rows[key].str.strip(), first_rows.index, strict=True))
    if joined:
        notes.append(
            f"joined {joined} rows of further events to the record they belong to; where several events hold an answer,"
            " the first one stands (all are in the child table “events”)"
        )
        events = main.drop(columns=[key])
        events.insert(0, "respondent", main[key].str.strip().map(row_of).astype("int64"))
        repeats["events"] = events
    rest = {sheet: cells for sheet, cells in file.sheets.items() if sheet != grid.source.sheet}
    for form, rows in records[instrument != ""].groupby(instrument[instrument != ""], sort=False):
        of_form = set(fields.loc[fields["group"] == form, "name"])
        columns = [
            column
            for column in records
            if column not in (key, _INSTRUMENT)
            and ((_base(column) in of_form and column not in own) or (rows[column].str.strip() != "").any())
        ]
        child = rows[columns].copy()
        child.insert(0, "respondent", rows[key].str.strip().map(row_of))
        orphans = child["respondent"].isna()
        if orphans.any():
            notes.append(f"set aside {int(orphans.sum())} rows of “{form}” whose record is not in the file")
            rest[f"{form} without a record"] = rows[orphans].to_numpy().tolist()
        repeats[str(form)] = child[~orphans].astype({"respondent": "int64"})
    main = first_rows
    repeated = {column for form, child in repeats.items() if form != "events" for column in child if column in main}
    empty = [column for column in repeated if (main[column].str.strip() == "").all()]
    answers = main.drop(columns=list({*own, *empty}))
    questions, choices = _described(fields, answers, repeats, labelled)
    return SurveyExport(
        "redcap",
        grid.source,
        answers,
        questions,
        choices,
        repeats,
        main[own],
        apart,
        missing_codes=_missing_codes(fields, answers, notes),
        blank_reasons=_blank_reasons(fields, main, answers),
        headings=(tuple(grid.row(1)),),
        rest=rest,
        notes=tuple(notes),
    )


_REASONS = {
    "NA": "not_applicable", "NASK": "not_shown", "ASKU": "dont_know", "UNK": "dont_know", "NAV": "skipped", "NAVU": "skipped",
    "NI": "skipped", "MSK": "refused", "INV": "skipped", "NP": "skipped",
}  # fmt: skip
"""REDCap's suggested missing-data codes; a project can have others, which no file of it tells."""


def _missing_codes(fields: pd.DataFrame, answers: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Values of coded fields that are no choice of theirs, and are codes that REDCap suggests; what else is none is
    noted."""
    rows, others = [], 0
    for field in fields.itertuples():
        options = _options(field)
        if field.name not in answers or not options or field.kind != "single":
            continue
        known = {code for code, _ in options} | {label for _, label in options}
        said = {cell.strip() for cell in answers[field.name].unique()} - {""}
        strange = {cell for cell in said if cell not in known and cell.removesuffix(".0") not in known}
        rows += [(field.name, cell, _REASONS[cell]) for cell in sorted(strange) if cell in _REASONS]
        others += bool(strange - set(_REASONS))
    if others:
        notes.append(
            f"{others} fields hold values that are no choice of the dictionary: where these are the project's missing-data"
            " codes, state them under `missing_codes` of the export"
        )
    return pd.DataFrame(rows, columns=list(MISSING_CODES), dtype="object")


def _is_own(column: str, forms: set[str], labelled: bool) -> bool:
    if column in _OWN:
        return True
    if labelled and re.match(r"^(Complete\?|Survey Timestamp)( \(\d+\))?$", column):
        return True
    if forms:
        return any(column in (f"{form}_complete", f"{form}_timestamp") for form in forms)
    return column.endswith(("_complete", "_timestamp"))


def _base(column: str) -> str:
    """The field of a column: ``sleep___2`` is a choice of ``sleep``."""
    return column.split("___")[0]


def _no_fields() -> pd.DataFrame:
    columns = ["name", "text", "kind", "group", "type", "choices", "branching"]
    return pd.DataFrame(columns=columns, dtype="object").assign(identifier=pd.Series(dtype=bool))


def _fields(dictionary: Grid) -> pd.DataFrame:
    heading = dictionary.heading
    missing = [column for column in (_FIELD, _FORM, _TYPE, _LABEL, _CHOICES) if column not in heading]
    if missing:
        raise BadInput(
            Problem(
                f"This is not a REDCap data dictionary: “{missing[0]}” is missing.",
                file=dictionary.source.name,
                row=1,
                mend="In REDCap: Project Setup, Data Dictionary, download the current one. Keep its headings in English.",
            )
        )
    table = frame(dictionary, name=dictionary.source.name, headings=unique(heading)[0])
    empty = pd.Series("", index=table.index)
    kinds = table[_TYPE].str.strip().map(lambda kind: _KINDS.get(kind, "text"))
    validation = table.get(_VALIDATION, empty).str.strip()
    kinds = kinds.mask(validation.str.startswith(("number", "integer")) & (kinds == "text"), "number")
    kinds = kinds.mask(validation.str.startswith("date") & (kinds == "text"), "date")
    return pd.DataFrame(
        {
            "name": table[_FIELD].str.strip(),
            "text": table[_LABEL].map(readable),
            "kind": kinds,
            "group": table[_FORM].str.strip(),
            "type": table[_TYPE].str.strip(),
            "choices": table[_CHOICES],
            "identifier": table.get(_IDENTIFIER, empty).str.strip().str.lower().eq("y"),
            "branching": table.get(_BRANCHING, empty).str.strip(),
        }
    ).reset_index(drop=True)


def _options(field) -> list[tuple[str, str]]:
    """Codes and labels: ``1, Yes | 2, No``, also without blanks; yes/no fields have theirs unwritten."""
    if field.type == "yesno":
        return [("1", "Yes"), ("0", "No")]
    if field.type == "truefalse":
        return [("1", "True"), ("0", "False")]
    if field.type not in ("radio", "dropdown", "checkbox"):
        return []
    parts = (part.partition(",") for part in field.choices.split("|"))
    return [(code.strip(), readable(label)) for code, _, label in parts if code.strip()]


def _column_of(field: str, code: str) -> str:
    """A choice's own column, as REDCap names it: lower case, a minus sign as an underscore."""
    return f"{field}___{code.lower().replace('-', '_')}"


def _from_labels(names: list[str], fields: pd.DataFrame) -> list[str]:
    """A label export's headings as field names, where the dictionary has exactly one field of that label."""
    once = fields[~fields["text"].duplicated(keep=False) & (fields["text"] != "")]
    field_of = dict(zip(once["text"], once.itertuples(), strict=True))
    found = []
    for name in names:
        tick = _TICKED.match(name)
        if name in _LABEL_OWN:
            found.append(_LABEL_OWN[name])
        elif tick and readable(tick[1]) in field_of:
            field = field_of[readable(tick[1])]
            code = next((code for code, label in _options(field) if label == readable(tick[2])), None)
            found.append(_column_of(field.name, code) if code else name)
        else:
            field = field_of.get(readable(name))
            found.append(field.name if field else name)
    return unique(found)[0]


def _described(fields: pd.DataFrame, answers: pd.DataFrame, repeats: dict, labelled: bool) -> tuple:
    there = {str(column) for table in (answers, *repeats.values()) for column in table}
    rows: list[tuple] = [(row.name, row.text, row.kind, row.group) for row in fields[["name", "text", "kind", "group"]].itertuples(index=False)]  # fmt: skip
    choices: list[tuple] = []
    for field in fields.itertuples(index=False):
        for code, label in _options(field):
            choices.append((field.name, code, label, _column_of(field.name, code) if field.type == "checkbox" else ""))
    known = set(fields["name"])
    for column in there - known - {"respondent"} - _OWN:
        tick = _TICKED.match(column)
        if tick:
            if tick[1] not in known:
                rows.append((tick[1], tick[1], "multiple"))
                known.add(tick[1])
        elif "___" in column and not labelled:
            if _base(column) not in known:
                rows.append((_base(column), _base(column), "multiple"))
                known.add(_base(column))
        elif not any(column == choice[3] for choice in choices):
            rows.append((column, column, ""))
    described = {choice[3] for choice in choices}
    for column in sorted(there - described):
        tick = _TICKED.match(column)
        if tick:
            choices.append((tick[1], tick[2], tick[2], column))
        elif "___" in column and not labelled:
            choices.append((_base(column), column.split("___", 1)[1], column.split("___", 1)[1], column))
    return questions_table(rows), choices_table(choices)


def _blank_reasons(fields: pd.DataFrame, main: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Fields whose branching logic kept them away; checkboxes without a tick in a form that was never opened."""

    def answer(field: str, choice: str) -> pd.Series | None:
        return main.get(_column_of(field, choice) if choice else field)

    none = answers.apply(lambda cells: cells.str.strip().isin(["", "0", "0.0", "Unchecked"]))
    form_of = dict(zip(fields["name"], fields["group"], strict=True))
    columns_of: dict[str, list[str]] = defaultdict(list)
    for column in answers:
        columns_of[_base(column)].append(column)
    untouched = {}
    for form in set(fields["group"]):
        own = [column for column in answers if form_of.get(_base(column)) == form and column != answers.columns[0]]
        complete = main.get(f"{form}_complete")
        if complete is not None:
            untouched[form] = none[own].all(axis=1) & complete.str.strip().isin(["0", "0.0"])
    found = {}
    for field in fields.itertuples(index=False):
        columns = columns_of.get(field.name, [])
        if not columns:
            continue
        boxes = field.name not in columns
        blank = none[columns].all(axis=1) if boxes else answers[field.name].str.strip() == ""
        reason = pd.Series(pd.NA, index=answers.index, dtype="string")
        if boxes and field.group in untouched:
            reason = reason.mask(blank & untouched[field.group], "skipped")
        if field.branching:
            held = shown(field.branching, answer)
            if held is not None:
                reason = reason.mask(blank & ~held.astype(bool), "not_shown")
        if reason.notna().any():
            found[field.name] = reason
    return pd.DataFrame(found, index=answers.index)


def _join_events(main: pd.DataFrame, key: str) -> tuple[pd.DataFrame, int]:
    """One row a record: the first filled cell of its events in each column, on the first event's row."""
    record = main[key].str.strip()
    if not record.duplicated().any() or _EVENT not in main:
        return main, 0
    filled = main.astype("object").mask(main == "")
    first = filled.groupby(record, sort=False).first()
    firsts = ~record.duplicated()
    joined = first.set_axis(main.index[firsts]).reindex(columns=main.columns).fillna("").astype(main.dtypes.iloc[0])
    return joined, int((~firsts).sum())
