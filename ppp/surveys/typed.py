"""An export's answers by their types. What the file says decides; where it says nothing, only what is beyond doubt."""

from __future__ import annotations

import re

import pandas as pd

from ppp.surveys.export import SurveyExport
from ppp.surveys.platforms.shape import split_cell
from ppp.surveys.text import plain

__all__ = ["as_numbers", "is_tick", "missing", "ticks", "typed"]

_NOT_TICKED = {"", "0", "0.0", "no", "nej", "nei", "non", "nein", "nee", "ei", "false", "falskt", "-99", "n/a", "na", "unchecked", "ikke valgt", "inte vald", "ej vald", "ikke valgt.", "not selected", "not checked"}  # fmt: skip
_NOT_ANSWERED = ["", "n/a", "N/A", "NA", "-99"]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_PLAIN_NUMBER = r"-?(0|[1-9]\d{0,14})"


def is_tick(cell: str, code: str = "") -> bool:
    """Whether a choice's own column says that it was ticked: 1, Yes, the choice's label …, and not 0, No or nothing;
    or the choice's code, where the platform writes that."""
    said = plain(cell)
    return said not in _NOT_TICKED or (bool(code) and said == plain(code))


def ticks(export: SurveyExport, question: str | None = None) -> pd.DataFrame:
    """See `SurveyExport.ticks`."""
    choices = export.choices[export.choices["column"] != ""]
    if question is not None:
        choices = choices[choices["question"] == question]
    separators = dict(zip(export.questions["name"], export.questions["separator"], strict=True))
    found: dict[str, pd.Series] = {}
    for name, own in choices.groupby("question", sort=False):
        if name in export.mentions:
            said = export.answers[[column for column in export.mentions[name] if column in export.answers]].apply(
                lambda cells: cells.str.strip()
            )
            found.update({row.column: said.eq(row.code).any(axis=1).astype("boolean") for row in own.itertuples()})
            answered = said.isin(list(own["code"])).any(axis=1)
        elif name in export.answers and not own["column"].isin(export.answers.columns).any():
            found.update(_from_one_cell(export.answers[name], own, separators.get(name) or ";"))
            answered = ~export.answers[name].str.strip().isin(_NOT_ANSWERED)
        else:
            codes = dict(zip(own["column"], own["code"] if export.codes_tick else [""] * len(own), strict=True))
            columns = [column for column in codes if column in export.answers]
            for column in columns:
                cells = export.answers[column]
                ticked = {cell: is_tick(cell, codes[column]) for cell in cells.unique()}
                found[column] = cells.map(ticked).astype("boolean")
            answered = pd.Series(False, index=export.answers.index)
            for column in columns:
                answered |= ~export.answers[column].str.strip().isin(_NOT_ANSWERED)
        if name in export.blank_reasons:
            answered &= export.blank_reasons[name].isna()
        for column in own["column"]:
            if column in found:
                found[column] = found[column].mask(~answered)
    return pd.DataFrame(found, index=export.answers.index)


def _from_one_cell(cells: pd.Series, choices: pd.DataFrame, separator: str) -> dict[str, pd.Series]:
    told = {row.column: {plain(row.code), plain(row.label)} for row in choices.itertuples()}
    ticked = {}
    for cell in cells.unique():
        if separator.strip() == ",":
            said = _labels_in(cell, set().union(*told.values()))
        else:
            said = {plain(part) for part in split_cell(cell, separator)}
        ticked[cell] = said
    return {
        column: cells.map({cell: bool(meant & said) for cell, said in ticked.items()}).astype("boolean")
        for column, meant in told.items()
    }


def _labels_in(cell: str, labels: set[str]) -> set[str]:
    """The labels in a cell where a comma both parts choices and occurs in them: longer labels go first."""

    def spaced(text: str) -> str:
        return f", {', '.join(part.strip() for part in plain(text).split(','))}, "

    left, found = spaced(cell), set()
    for label in sorted(labels - {""}, key=len, reverse=True):
        if spaced(label) in left:
            left = left.replace(spaced(label), ", , ")
            found.add(label)
    return found


def missing(export: SurveyExport, columns: list[str] | None = None) -> pd.DataFrame:
    """See `SurveyExport.missing`."""
    choices = export.choices[export.choices["column"].isin(export.answers.columns)]
    question_of = dict(zip(choices["column"], choices["question"], strict=True))
    siblings = choices.groupby("question")["column"].agg(list).to_dict()
    anywhere = {row.code: row.reason for row in export.missing_codes.itertuples() if not row.question}
    own: dict[str, dict[str, str]] = {}
    for row in export.missing_codes.itertuples():
        if row.question:
            own.setdefault(row.question, {})[row.code] = row.reason
    found = {}
    for column in export.answers if columns is None else columns:
        cells = export.answers[column].str.strip()
        reasons = {"": "skipped", **anywhere, **own.get(question_of.get(column, column), {})}
        why = {cell: reasons.get(cell, reasons.get(cell.removesuffix(".0"), pd.NA)) for cell in cells.unique()}
        reason = cells.map(why).astype("string")
        told = question_of.get(column, column)
        if told in export.blank_reasons:
            reason = export.blank_reasons[told].astype("string").where(export.blank_reasons[told].notna(), reason)
        if column in question_of:
            # An empty cell beside a ticked one is a choice that was not taken, not a missing answer.
            some = pd.concat([export.answers[each].str.strip() != "" for each in siblings[question_of[column]]], axis=1)
            reason = reason.mask(some.any(axis=1) & (cells == ""))
        found[column] = reason
    return pd.DataFrame(found, index=export.answers.index)


def typed(export: SurveyExport) -> pd.DataFrame:
    """See `SurveyExport.typed`."""
    kinds = dict(zip(export.questions["name"], export.questions["kind"], strict=True))
    ticked = ticks(export)
    why = missing(export)
    found = {}
    for column in export.answers:
        if column in ticked:
            found[column] = ticked[column]
            continue
        cells = export.answers[column].astype("string").mask(why[column].notna())
        kind = kinds.get(column, "")
        labels = export.labels(column) if kind == "single" else {}
        if labels:
            found[column] = export.labelled(export.answers[column], column).astype("string").mask(why[column].notna())
            found[column] = found[column].astype("category")
        else:
            found[column] = cells if kind in ("text", "multiple") else _by_their_looks(cells, kind, export.decimal)
    found.update({column: ticked[column] for column in ticked if column not in found})
    return pd.DataFrame(found, index=export.answers.index)


def _by_their_looks(cells: pd.Series, kind: str, decimal: str) -> pd.Series:
    filled = cells.dropna().str.strip()
    if filled.empty:
        return cells
    if kind in ("", "number"):
        # Statistics programs write NA among numbers; where nothing else stands there, it is no answer.
        numbers = as_numbers(filled[~filled.isin(["NA", "N/A"])], decimal, sure=kind == "number")
        if numbers is not None:
            return numbers.reindex(cells.index)
    if kind in ("", "date") and filled.map(lambda cell: bool(_DATE.fullmatch(cell))).all():
        dates = pd.to_datetime(filled, format="ISO8601", errors="coerce", utc=True)
        if dates.notna().all():
            return dates.dt.tz_localize(None).reindex(cells.index)
    if kind == "" and filled.str.casefold().isin(["true", "false"]).all():
        return (filled.str.casefold() == "true").astype("boolean").reindex(cells.index)
    return cells


def as_numbers(filled: pd.Series, decimal: str = "", *, sure: bool = False) -> pd.Series | None:
    """Numbers, if every one of these answers is plainly one; else nothing.

    Parameters
    ----------
    filled
        Answers that are not empty.
    decimal
        The decimal mark where it is stated; else the one that occurs. ``1,234`` in every answer could be either, and
        is no number then.
    sure
        The file says that these are numbers.

    Examples
    --------
    >>> as_numbers(pd.Series(["18,5", "20"])).tolist()
    [18.5, 20.0]
    >>> as_numbers(pd.Series(["0012"])) is None
    True
    """
    if filled.empty:
        return None
    marks = [decimal] if decimal else [".", ","]
    for mark in marks:
        if not filled.str.fullmatch(rf"{_PLAIN_NUMBER}({re.escape(mark)}\d+)?").all():
            continue
        marked = filled[filled.str.contains(mark, regex=False)]
        if (
            not decimal
            and not sure
            and mark == ","
            and len(marked)
            and marked.str.fullmatch(r"-?[1-9]\d{0,2},\d{3}").all()
        ):
            return None
        return filled.str.replace(mark, ".", regex=False).astype("Float64")
    return None
