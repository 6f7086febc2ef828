"""One survey export as it was read: answers, questions and choices, and what was assumed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

__all__ = ["CHOICES", "QUESTIONS", "Source", "SurveyExport"]

QUESTIONS = ("name", "text", "kind", "group")
CHOICES = ("question", "code", "label")


@dataclass(frozen=True)
class Source:
    """The file: its name as the user knows it, what it was read as, its sha256 and size in bytes."""

    name: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True)
class SurveyExport:
    """What a platform's reader returns.

    Attributes
    ----------
    platform
        The platform's name in ``study.yaml``.
    source
        Where it was read from, and how.
    answers
        Text as it came, one row a respondent, one column a question; the index is the row number in the file, from 1,
        headers counted. An empty cell is an empty text.
    questions
        ``name`` (the column), ``text`` (as the respondent read it), ``kind`` (single, multiple, text, number, date, or
        empty where the file does not tell) and ``group``.
    choices
        ``question``, ``code``, ``label``: what codes stand for. For a multi-select that was exported as one column a
        choice, ``question`` is the question, and ``column`` the choice's own column.
    repeats
        Child tables by name: answers of which one respondent gave several rows. Their column ``respondent`` holds the
        row number of the respondent in `answers`.
    metadata
        The platform's own columns, on the same index as `answers`.
    is_test
        Which rows are test or preview responses.
    notes
        Plain sentences on what was assumed and set aside.
    """

    platform: str
    source: Source
    answers: pd.DataFrame
    questions: pd.DataFrame
    choices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*CHOICES, "column"], dtype="string"))
    repeats: dict[str, pd.DataFrame] = field(default_factory=dict)
    metadata: pd.DataFrame = field(default_factory=pd.DataFrame)
    is_test: pd.Series | None = None
    notes: tuple[str, ...] = ()

    def labels(self, question: str) -> dict[str, str]:
        """Code to label of one question; empty where the file tells none."""
        rows = self.choices[self.choices["question"] == question]
        return dict(zip(rows["code"], rows["label"], strict=True))
