"""SPSS .sav: values with labels, and missing values as the file defines them: single codes and ranges.

Also the way in for Stata's .dta (`ppp.surveys.platforms.stata`), which the same library reads.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time

import pandas as pd
import pyreadstat

from ppp.errors import BadInput, Problem
from ppp.surveys.delimited import TEXT
from ppp.surveys.export import MISSING_CODES, Source, SurveyExport
from ppp.surveys.grid import File
from ppp.surveys.missing import reason_of
from ppp.surveys.platforms.shape import choices_table, questions_table, set_apart

__all__ = ["certainty", "names", "read", "text_of"]

_MOST_CELLS = 200_000_000
_OWN = {"_id", "_uuid", "_index", "_tags", "_notes", "_version", "_duration", "instanceid", "_submission_time", "_submitted_by", "_last_edited_by", "_parent_table_name", "_parent_index"}  # fmt: skip


def certainty(file: File) -> float:
    """The first bytes of the file say so."""
    return 0.9 if file.kind == "sav" else 0.0


def names(file: File) -> list[str]:
    """The variables' names."""
    return _open(file, metadataonly=True)[1].column_names


def _open(file: File, **how):
    reader = pyreadstat.read_dta if file.kind == "dta" else pyreadstat.read_sav
    if file.encoding:
        how["encoding"] = file.encoding
    try:
        if file.path.stat().st_size == len(file.data):
            return reader(str(file.path), user_missing=True, **how)
        with tempfile.NamedTemporaryFile(suffix=f".{file.kind}") as unpacked:  # it lay in a ZIP archive
            unpacked.write(file.data)
            unpacked.flush()
            return reader(unpacked.name, user_missing=True, **how)
    except Exception:  # the library raises its own, the system's and decoding errors alike
        raise BadInput(
            Problem(
                "The file is cut off or broken, or not in the encoding that it names.",
                file=file.name,
                mend="Save it anew in SPSS or Stata, or state `encoding` in study.yaml.",
            )
        ) from None


def read(file: File, *, platform: str = "spss", own: Callable[[str], bool] | None = None) -> SurveyExport:
    """The export.

    Raises
    ------
    BadInput
        Where the file is broken or far too large.
    """
    if file.kind not in ("sav", "dta"):
        raise BadInput(
            Problem("This is neither an SPSS nor a Stata file.", file=file.name, mend="Leave out `platform`.")
        )
    _, head = _open(file, metadataonly=True)
    if (head.number_rows or 0) * head.number_columns > _MOST_CELLS or head.number_columns > 20_000:
        raise BadInput(Problem("The file is too large.", file=file.name, mend="Export fewer answers at a time."))
    values, meta = _open(file)
    if values.empty:
        raise BadInput(Problem("The file holds no answers.", file=file.name, mend="Export it anew, with the answers."))
    index = pd.RangeIndex(1, len(values) + 1, name="row")
    table = pd.DataFrame(
        {column: pd.array([text_of(value) for value in values[column].tolist()], dtype=TEXT) for column in values},
        index=index,
    )
    labels = {column: {text_of(code): str(label) for code, label in given.items()} for column, given in meta.variable_value_labels.items()}  # fmt: skip
    missing, codes = _missing(table, values, meta, labels)
    sets, members = _multiple(meta, table, labels)
    answers, metadata, identifiers, notes = set_apart(table, own or _is_own)
    rows: list[tuple] = []
    choices: list[tuple] = []
    for column in answers:
        if column in members:
            name, code, label = members[column]
            if not any(row[0] == name for row in rows):
                rows.append((name, sets[name], "multiple"))
            choices.append((name, code, label, column))
            continue
        kind = meta.original_variable_types.get(column, "")
        text = meta.column_names_to_labels.get(column) or column
        rows.append((column, text, _kind(kind, labels.get(column, {}), missing.get(column, set()), table[column])))
        choices += [(column, code, label) for code, label in labels.get(column, {}).items()]
    mentions = _mentions(meta, answers)
    for name, columns in mentions.items():
        given = (meta.mr_sets.get(name) or meta.mr_sets.get(f"${name}"))["label"]
        rows.append((name, given or name, "multiple"))
        options = {code: label for column in columns for code, label in labels.get(column, {}).items()}
        gone = {code for column in columns for code in missing.get(column, ())}
        seen = sorted({code for column in columns for code in answers[column].str.strip().unique()})
        occurring = {code: code for code in seen if code.isdecimal()}  # without labels: codes, and nobody's own words
        choices += [
            (name, code, label, f"{name} [{label}]")
            for code, label in (options or occurring).items()
            if code not in gone | {""}
        ]
    if codes:
        notes.append(f"{len(codes)} codes are user-defined missing values; each has its reason")
    return SurveyExport(
        platform,
        Source(file.name, encoding=meta.file_encoding or "", sha256=file.source.sha256, size=file.source.size),
        answers,
        questions_table(rows),
        choices_table(choices),
        metadata=metadata,
        identifiers=identifiers,
        mentions=mentions,
        missing_codes=pd.DataFrame(codes, columns=list(MISSING_CODES)),
        headings=(tuple(table.columns),),
        notes=tuple(notes),
    )


def _is_own(name: str) -> bool:
    """Whether a variable is of the tool that the file was made with: Kobo's, as they come with an ``@``."""
    bare = name.lstrip("@").lower()
    return bare in _OWN or bool(
        re.fullmatch(r"(_?geolocation)?(_geolocation)?_?(latitude|longitude|altitude|precision)|_?geolocation", bare)
    )


def text_of(value: object) -> str:
    """A stored value as text: whole numbers without a point, dates in ISO form, nothing as an empty text."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _missing(table, values, meta, labels) -> tuple[dict[str, set[str]], list[tuple]]:
    """The codes that mean missing: listed ones, those in a range that occur or have a label, and Stata's .a to .z."""
    found: dict[str, set[str]] = {}
    for column in table:
        codes = {text_of(code) for code in meta.missing_user_values.get(column, [])}
        for span in meta.missing_ranges.get(column, []):
            low, high = span["lo"], span["hi"]
            if isinstance(low, str) or isinstance(high, str):
                codes |= {text_of(low), text_of(high)}
                continue
            for code in {*table[column].unique(), *labels.get(column, {})}:
                try:
                    inside = low <= float(code) <= high
                except ValueError:
                    continue
                if inside:
                    codes.add(code)
        if codes:
            found[column] = codes - {""}
    rows = [
        (column, code, reason_of(labels.get(column, {}).get(code, "")))
        for column, codes in found.items()
        for code in sorted(codes)
    ]
    return found, rows


def _multiple(meta, table, labels) -> tuple[dict[str, str], dict[str, tuple[str, str, str]]]:
    """Multiple-response sets of the "dichotomous" type: their texts, and for each member its set, code and label."""
    sets, members = {}, {}
    for name, given in (getattr(meta, "mr_sets", None) or {}).items():
        if given.get("is_dichotomy"):
            key = name.lstrip("$")
            key = f"${key}" if key in table else key
            sets[key] = given.get("label") or key
            for column in given.get("variable_list", []):
                match = next((each for each in table if each.casefold() == column.casefold()), None)
                if match:
                    members[match] = (key, match, meta.column_names_to_labels.get(match) or match)
    return sets, members


def _mentions(meta, answers) -> dict[str, tuple[str, ...]]:
    """Multiple-response sets of categories: their members each hold the code of something chosen."""
    found = {}
    for name, given in (getattr(meta, "mr_sets", None) or {}).items():
        if given.get("is_dichotomy"):
            continue
        wanted = {column.casefold() for column in given.get("variable_list", [])}
        members = tuple(column for column in answers if column.casefold() in wanted)
        key = name.lstrip("$")
        if members:
            found[f"${key}" if key in answers else key] = members
    return found


def _kind(stored: str, labels: dict, missing: set[str], cells: pd.Series) -> str:
    if set(labels) - missing:
        return "single"
    if stored.startswith(("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "DATETIME", "YMDHMS", "%td", "%tc", "%d")):
        return "date"
    return "text" if stored.startswith(("A", "%")) and (stored.startswith("A") or stored.endswith("s")) else "number"
