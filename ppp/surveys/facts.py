"""What is told of one export for `ppp check`: numbers and names of columns, and nothing that anybody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd

from ppp.surveys.export import SurveyExport
from ppp.surveys.mapping import Mapping
from ppp.surveys.privacy import PrivacyReport
from ppp.surveys.text import plain
from ppp.surveys.tidy import Tidy

__all__ = ["facts", "unmapped"]

_LEAST_ANSWERED = 5
"""Two respondents who gave this many answers, all of them the same, may be one who sent the form in twice."""


_OF_REPEATS = re.compile(
    r"respondent|redcap_repeat_\w+|\w+_(complete|timestamp)|_index|_parent_\w+|_submission_\w+|KEY|PARENT_KEY|SET-OF-.*"
)
"""The platforms' own columns in repeating parts: numbers of rows and of parents."""


def facts(read: SurveyExport, mapping: Mapping, privacy: PrivacyReport, mapped: Tidy, *, wave: str) -> dict[str, Any]:
    """One export in numbers, ready for JSON. For the study's own people: they are exact.

    Returns
    -------
    dict
        How it was read (``export``, ``wave``, ``platform``, ``certainty``, ``encoding``, ``delimiter``, ``sheet``,
        ``sha256``), how much it holds (``rows``, ``respondents``, ``tests``, ``unfinished``, ``columns``), columns that
        no mapping uses (``unmapped``), what the door took (``dropped``, ``masked``, ``masked_cells``, ``kept``),
        answers that could not be used (``aside``), rows whose answers are all those of an earlier one
        (``same_answers``), and parts of the form that respondents left wholly empty (``sections``).
    """
    return {
        "export": read.source.name,
        "wave": wave,
        "platform": read.platform,
        "certainty": round(read.certainty, 2),
        "looks_like": read.guess,
        "encoding": read.source.encoding,
        "delimiter": read.source.delimiter,
        "sheet": read.source.sheet,
        "sha256": read.source.sha256,
        "rows": len(read.answers),
        "respondents": len(mapped.responses),
        "tests": int(read.is_test.sum()) if read.is_test is not None else 0,
        "unfinished": int((~read.is_complete).sum()) if read.is_complete is not None else 0,
        "columns": read.answers.shape[1],
        "unmapped": unmapped(read, mapping),
        "dropped": dict(privacy.dropped),
        "masked": dict(privacy.masked),
        "masked_cells": dict(privacy.masked_cells),
        "kept": list(privacy.kept),
        "aside": [asdict(one) for one in mapped.aside],
        "same_answers": _same_answers(read, mapping),
        "sections": _sections(read),
    }


def unmapped(read: SurveyExport, mapping: Mapping) -> list[str]:
    """Columns of the answers, and of repeating parts, that the mapping names nowhere, by name or by text."""

    def words(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for item in value.values():
                yield from words(item)
        elif isinstance(value, list):
            for item in value:
                yield from words(item)
        elif isinstance(value, str):
            yield value

    blocks = mapping.activities.blocks if mapping.activities else 1
    named = {plain(word.replace("{n}", str(n))) for word in words(mapping.model_dump()) for n in range(1, blocks + 1)}
    texts = dict(zip(read.questions["name"], read.questions["text"], strict=True))
    owner = dict(zip(read.choices["column"], read.choices["question"], strict=True))

    def is_named(column: str) -> bool:
        known = (column, texts.get(column, column), owner.get(column, column))
        return bool({plain(str(one)) for one in known} & named)

    found = [str(column) for column in read.answers if not is_named(column)]
    for name, table in read.repeats.items():
        found += [f"{name}: {column}" for column in table if not _OF_REPEATS.fullmatch(column) and not is_named(column)]
    return found


def _same_answers(read: SurveyExport, mapping: Mapping) -> dict[str, Any]:
    """Rows that repeat all answers of an earlier row, whatever their ids and times; and which, the first few."""
    ids = {
        plain(source.column)
        for source in (mapping.response_id, mapping.submitted_at)
        if source is not None and source.column is not None
    }
    columns = [column for column in read.answers if plain(str(column)) not in ids]
    answers = read.answers[columns]
    if answers.shape[1] < _LEAST_ANSWERED:
        return {"rows": 0, "first": []}
    again = answers.duplicated()
    answers = answers[again]
    filled = sum((answers[column].str.strip() != "").astype(int) for column in answers)
    rows = answers.index[filled >= _LEAST_ANSWERED] if len(answers) else answers.index
    return {"rows": len(rows), "first": [int(row) for row in rows[:5]]}


def _sections(read: SurveyExport) -> list[dict[str, Any]]:
    """The form's own sections (groups, forms, pages), where the file tells of them: how many left all of one empty."""
    groups = dict(zip(read.questions["name"], read.questions["group"], strict=True))
    owner = dict(zip(read.choices["column"], read.choices["question"], strict=True))
    columns: dict[str, list[str]] = {}
    for column in read.answers:
        group = groups.get(column) or groups.get(owner.get(column, ""), "")
        if group:
            columns.setdefault(group, []).append(column)
    found = []
    for group, mine in columns.items():
        if len(mine) > 1:
            empty = pd.Series(True, index=read.answers.index)
            for column in mine:
                # A box that was not ticked is 0 in some exports: it is no answer either.
                empty &= read.answers[column].str.strip().isin(["", "0"] if column in owner else [""])
            found.append({"section": group, "questions": len(mine), "skipped": int(empty.sum()), "of": len(empty)})
    return found
