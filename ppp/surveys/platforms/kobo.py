"""KoboToolbox and ODK: CSV or XLSX with groups in the headings, repeats on further sheets; labels from the XLSForm.

A select_multiple is one cell with codes between blanks, or one column a choice with 1/0 or True/False, or both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

import pandas as pd

from ppp.errors import BadInput, Problem
from ppp.surveys.branching import shown
from ppp.surveys.export import MISSING_CODES, SurveyExport
from ppp.surveys.grid import File, Grid, frame, unique
from ppp.surveys.platforms.shape import choices_table, questions_table, set_apart

__all__ = ["certainty", "read"]

_OWN = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit",
    "instanceid", "instancename", "meta/instanceid", "meta/instancename", "meta-instanceid", "meta-instancename",
    "meta.instanceid", "formhub/uuid", "uuid", "key", "parent_key", "set-of", "submissiondate", "submitterid",
    "submittername", "attachmentspresent", "attachmentsexpected", "status", "reviewstate", "edits",
    "formversion", "caseid", "__version__", "simid", "devicephonenum", "meta/rootuuid", "meta/deprecatedid",
}  # fmt: skip
_UNDERSCORED = re.compile(
    r"^_(id|uuid|submission_time|validation_status|notes|status|submitted_by|version|version_|tags|index|parent_index"
    r"|parent_table_name|duration|xform_id_string|attachments|geolocation|total_media|media_count|media_all_received"
    r"|submission__\w+|bamboo_dataset_id|edited|date_modified|review_\w+|last_edited_by)$"
)
_TRUE, _FALSE = {"1", "true", "1.0"}, {"0", "false", "0.0"}


@dataclass
class _Form:
    """An XLSForm: questions with type, label, group and condition; choices by list."""

    questions: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def certainty(file: File) -> float:
    """Sure with its own columns or an XLSForm beside it."""
    if file.kind not in ("text", "sheet"):
        return 0.0
    heading = {cell.casefold() for cell in file.grid.heading}
    if {"list_name", "name"} <= heading or ({"type", "name"} <= heading and "survey" in file.sheets):
        return 0.0  # a form is no export
    if {"_uuid", "_submission_time"} <= heading or {"submissiondate", "key"} <= heading:
        return 1.0
    keyed = [at for at, cell in enumerate(file.grid.heading) if cell.rsplit("/", 1)[-1].casefold() in ("key", "instanceid")]  # fmt: skip
    if any(cells and all(cell.startswith("uuid:") for cell in cells) for cells in map(file.grid.column, keyed)):
        return 0.9
    if len(heading & {"_id", "_uuid", "_submission_time", "_index", "_validation_status", "__version__"}) >= 2:
        return 0.95
    if file.companion is not None and _is_form(file.companion):
        return 0.9
    paths = [cell for cell in file.grid.heading if re.fullmatch(r"\w+(/\w+)+", cell)]
    return 0.6 if len(paths) >= max(3, 0.3 * len(heading)) else 0.0


def _is_form(companion: File) -> bool:
    return {"survey", "choices"} <= set(companion.sheets) or (
        companion.kind == "text" and "list_name" in companion.grid.heading
    )


def read(file: File) -> SurveyExport:
    """The export.

    Raises
    ------
    BadInput
        Where the file named as its form is none.
    """
    grid, form = file.grid, _form(file.companion)
    names, short = _names(grid, form)
    table = frame(grid, name=file.name, headings=names)
    index = {names[0]} if not grid.heading[0] else set()

    def own(name: str) -> bool:
        last = name.rsplit("/", 1)[-1].casefold()
        asked = name in form.questions and form.questions[name]["type"] not in _OWN
        return name in index or (
            (
                not asked
                and (
                    name.casefold() in _OWN or last in ("instanceid", "instancename") or bool(_UNDERSCORED.match(name))
                )
            )
            or _is_position(name, form)
        )

    answers, metadata, identifiers, notes = set_apart(table, own)
    repeats, used = _repeats(file, grid, table, form)
    rows, choices = _described([answers, *repeats.values()], short, form)
    for at, row in enumerate(rows):
        # One cell with all choices beside a column each: the columns are read, the cell is kept.
        if row[2] == "multiple" and len(row) < 5:
            rows[at] = (*row[:3], row[3] if len(row) > 3 else "", " ")
    codes = [("", "n/a", "skipped")] if any((answers[name] == "n/a").any() for name in answers) else []
    sheets = {sheet: cells for sheet, cells in file.sheets.items() if sheet not in (grid.source.sheet, *used)}
    said = [f"{len(repeats)} repeating parts: {', '.join(repeats)}"] if repeats else []
    return SurveyExport(
        "kobo",
        grid.source,
        answers,
        questions_table(rows),
        choices_table(choices),
        repeats,
        metadata,
        identifiers,
        missing_codes=pd.DataFrame(codes, columns=list(MISSING_CODES)),
        blank_reasons=_blank_reasons(answers, form),
        headings=(tuple(grid.row(1)), *(tuple(file.sheets[sheet][0]) for sheet in used)),
        rest=sheets,
        notes=(*(note for note in grid.notes if not (used and note.startswith("read the sheet"))), *notes, *said),
    )


def _is_position(name: str, form: _Form) -> bool:
    kind = form.questions.get(name, {}).get("type", "")
    return kind in ("geopoint", "geotrace", "geoshape") or bool(
        re.match(r"^(.*/)?_\w*(latitude|longitude|altitude|precision)$", name)
    )


def _names(grid: Grid, form: _Form) -> tuple[list[str], dict[str, str]]:
    """Columns without their groups where that leaves each its own name; and each name's last part."""
    heading = grid.heading
    known = set(form.questions)
    found = []
    for cell in heading:
        parts = cell.split("/")
        if len(parts) == 1 and cell not in known and re.fullmatch(r"\w+([.:-]\w+)+", cell):
            parts = re.split(r"[.:-]", cell)  # ODK tools write group-question or group.question
            if not (set(parts) & known):
                parts = [cell]
        at = max((at for at, part in enumerate(parts) if part in known), default=None)
        found.append("/".join(parts[at:]) if at is not None else cell)
    if not known:
        groups = _choice_columns({cell: set(grid.column(at)) for at, cell in enumerate(heading) if cell})
        of = {column: parent for parent, columns in groups.items() for column in columns}
        found = [_shorter(cell, of) for cell in heading]
    once = {name for name in found if found.count(name) == 1}
    names, _ = unique([name if name in once else cell for name, cell in zip(found, heading, strict=True)])
    return names, {name: name.rsplit("/", 1)[-1] for name in names}


def _shorter(cell: str, of: dict[str, str]) -> str:
    if not re.fullmatch(r"\w+(/[^/]+)+", cell) or cell.startswith(("meta/", "formhub/")):
        return cell
    parent = of.get(cell)
    if parent is not None:
        return parent.rsplit("/", 1)[-1] + cell[len(parent) :]
    return cell.rsplit("/", 1)[-1] if re.fullmatch(r"\w+(/\w+)+", cell) else cell


def _choice_columns(values: dict[str, set[str]]) -> dict[str, list[str]]:
    """For each select_multiple its choices' columns: ``question/choice`` with nothing but yes and no in them."""
    binary = {
        name
        for name, cells in values.items()
        if "/" in name and {cell.strip().casefold() for cell in cells} - {"", "n/a", "na"} <= _TRUE | _FALSE
    }
    groups: dict[str, list[str]] = defaultdict(list)
    for name in values:
        if name in binary:
            groups[name.rsplit("/", 1)[0]].append(name)
    found = {parent: columns for parent, columns in groups.items() if len(columns) >= 2 or parent in values}
    for parent in sorted(found, key=len):
        # Labels may hold a slash themselves: question/boat/canoe.
        found[parent] = [name for name in values if name in binary and name.startswith(f"{parent}/")]
    nested = {parent for parent in found for other in found if parent != other and parent.startswith(f"{other}/") and len(found[other]) > len(found[parent])}  # fmt: skip
    return {parent: columns for parent, columns in found.items() if parent not in nested}


def _described(tables: list[pd.DataFrame], short: dict[str, str], form: _Form) -> tuple[list, list]:
    rows: list[tuple] = []
    choices: list[tuple] = []
    for table in tables:
        columns = [name for name in table if name != "respondent"]
        groups = _choice_columns({name: set(table[name].unique()) for name in columns})
        for name in columns:
            parent = name.rpartition("/")[0]
            if form.questions.get(parent, {}).get("type") == "select_multiple" and name not in groups.get(parent, []):
                groups.setdefault(parent, []).append(name)
        of = {column: parent for parent, members in groups.items() for column in members}
        for name in columns:
            if name in of:
                continue
            about = form.questions.get(name) or form.questions.get(short.get(name, name), {})
            options = form.lists.get(about.get("list", ""), [])
            if not about:
                options = next((given for key, given in form.lists.items() if key.casefold() == name.casefold()), [])
            kind = {"select_one": "single", "select_multiple": "multiple", "integer": "number", "decimal": "number", "range": "number", "text": "text", "date": "date", "datetime": "date"}.get(about.get("type", ""), "single" if options else "")  # fmt: skip
            if name in groups:
                kind = "multiple"
            rows.append((name, about.get("label") or name, kind, about.get("group", "")))
            if kind == "multiple" and name not in groups:
                options = options or []
                choices += [(name, code, label, f"{name}/{code}") for code, label in options]
            elif kind == "single":
                choices += [(name, code, label) for code, label in options]
        for parent, members in groups.items():
            about = form.questions.get(parent, {})
            labels = dict(form.lists.get(about.get("list", ""), [])) or next((dict(given) for key, given in form.lists.items() if key.casefold() == parent.casefold()), {})  # fmt: skip
            if parent not in columns:
                rows.append(
                    (parent, about.get("label") or parent.rsplit("/", 1)[-1], "multiple", about.get("group", ""))
                )
            for name in members:
                code = name[len(parent) + 1 :]
                choices.append((parent, code, labels.get(code, code), name))
    return rows, choices


def _repeats(file: File, grid: Grid, table: pd.DataFrame, form: _Form) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Child tables from the sheets that point back at a row of the main one, or of another child."""
    indices = {"": {cell.strip(): row for row, cell in table["_index"].items()}} if "_index" in table else {}
    if not indices and any(name.casefold() == "key" for name in table):
        key = next(name for name in table if name.casefold() == "key")
        indices = {"": {cell.strip(): row for row, cell in table[key].items()}}
    if not indices:
        return {}, []
    found: dict[str, pd.DataFrame] = {}
    used = []
    for sheet in file.sheets:
        if sheet == grid.source.sheet:
            continue
        part = file.sheet_grid(sheet)
        heading = part.heading
        back = next((name for name in heading if name in ("_parent_index", "PARENT_KEY")), None)
        if back is None or len(part.cells) < 2:
            continue
        child = frame(part, name=file.name, headings=_names(part, form)[0])
        parents = child.get("_parent_table_name", pd.Series("", index=child.index)).str.strip()
        # Keys are unique in all tables together; numbers of rows in their own table only.
        everywhere = {cell: row for index in indices.values() for cell, row in index.items()} if back == "PARENT_KEY" else {}  # fmt: skip
        owner = [
            (everywhere or indices.get(parent if parent in found else "", {})).get(cell.strip())
            for parent, cell in zip(parents, child[back], strict=True)
        ]
        child.insert(0, "respondent", pd.array(owner, dtype="Int64"))
        if child["respondent"].isna().any():
            continue
        child = child.astype({"respondent": "int64"})
        own = next((name for name in ("_index", "KEY") if name in child), None)
        if own:
            indices[sheet] = dict(zip(child[own].str.strip(), child["respondent"], strict=True))
        found[sheet] = child
        used.append(sheet)
    return found, used


def _blank_reasons(answers: pd.DataFrame, form: _Form) -> pd.DataFrame:
    """Questions that the form's conditions, their own and their groups', kept away."""
    found = {}
    for name in answers:
        conditions = form.questions.get(name, {}).get("relevant", "")
        if not conditions:
            continue
        hidden = pd.Series(False, index=answers.index)
        for condition in conditions.split("\n"):
            held = shown(condition, lambda field, _: answers.get(field))
            if held is not None:
                hidden |= ~held.astype(bool)
        hidden &= answers[name].str.strip().isin(["", "n/a"])
        if hidden.any():
            found[name] = pd.Series(pd.NA, index=answers.index, dtype="string").mask(hidden, "not_shown")
    return pd.DataFrame(found, index=answers.index)


def _form(companion: File | None) -> _Form:
    if companion is None:
        return _Form()
    if not _is_form(companion):
        raise BadInput(
            Problem(
                "This is not an XLSForm: it needs the sheets survey and choices.",
                file=companion.name,
                mend="Download the form as XLS from KoboToolbox or ODK; or name its choices as CSV.",
            )
        )
    form = _Form()
    choices = companion.sheets["choices"] if companion.kind == "sheet" else companion.grid.cells.to_numpy().tolist()
    heading = [cell.strip().lstrip("\ufeff") for cell in choices[0]]
    for row in choices[1:]:
        cells = dict(zip(heading, row, strict=False))
        code, name = cells.get("list_name") or cells.get("list name") or "", cells.get("name", "").strip()
        if code.strip() and name:
            form.lists.setdefault(code.strip(), []).append((name, _label(cells) or name))
    if companion.kind != "sheet":
        return form
    survey = companion.sheets["survey"]
    heading = [cell.strip() for cell in survey[0]]
    groups: list[tuple[str, str]] = []
    for row in survey[1:]:
        cells = dict(zip(heading, row, strict=False))
        kind, _, rest = " ".join(cells.get("type", "").split()).partition(" ")
        kind = kind.lower().replace("select1", "select_one")
        if f"{kind} {rest}".strip().replace(" ", "_") in ("begin_group", "begin_repeat"):
            groups.append((_label(cells) or cells.get("name", ""), cells.get("relevant", "").strip()))
        elif f"{kind} {rest}".strip().replace(" ", "_") in ("end_group", "end_repeat"):
            groups[-1:] = []
        elif cells.get("name", "").strip():
            relevant = [condition for _, condition in groups if condition]
            relevant += [cells.get("relevant", "").strip()] if cells.get("relevant", "").strip() else []
            form.questions[cells["name"].strip()] = {
                "type": kind,
                "list": rest.split(" ")[0] if kind.startswith("select") else "",
                "label": _label(cells),
                "group": groups[-1][0] if groups else "",
                "relevant": "\n".join(relevant),
            }
    return form


def _label(cells: dict[str, str]) -> str:
    return next((cell for name, cell in cells.items() if re.match(r"^label($|::?)", name.strip()) and cell.strip()), "")
