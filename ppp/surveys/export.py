"""One survey export as it was read: answers, questions and choices, and what was assumed on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

__all__ = ["CHOICES", "MISSING_CODES", "QUESTIONS", "Source", "SurveyExport"]

QUESTIONS = ("name", "text", "kind", "group", "separator")
CHOICES = ("question", "code", "label", "column")
MISSING_CODES = ("question", "code", "reason")


@dataclass(frozen=True)
class Source:
    """The file: its name as the user knows it, what it was read as, its sha256 and size in bytes."""

    name: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sha256: str = ""
    size: int = 0


def _none(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype="object")


@dataclass(frozen=True)
class SurveyExport:
    """What a platform's reader returns. Every cell of the file is in one of its parts.

    Attributes
    ----------
    platform
        The platform's name in ``study.yaml``.
    source
        Where it was read from, and how.
    answers
        Text as it came, one row a respondent; the index is the row number in the file, from 1, headers counted. An
        empty cell is an empty text. A column is a question, or one choice of a multi-select (then `choices` names it).
    questions
        ``name``, ``text`` (as the respondent read it), ``kind`` (single, multiple, text, number, date, or empty where
        the file does not tell), ``group``, and ``separator`` (between the choices of a multi-select in one cell).
    choices
        ``question``, ``code``, ``label``: what codes stand for. For a multi-select also ``column``: the choice's own
        column in `answers`, or the name of its column in `ticks` where one cell held all choices.
    repeats
        Child tables by name: answers of which one respondent gave several rows. Their column ``respondent`` holds the
        row number of the respondent in `answers`.
    metadata
        The platform's own columns, on the same index as `answers`.
    identifiers
        Columns that the platform marks as pointing at a person (names, e-mail, IP address, position), on the same
        index. Nothing reads them; they are kept so that nothing is lost without a word.
    is_test, is_complete
        Which rows are test or preview responses, and which were finished; None where the file does not tell.
    missing_codes
        ``question`` (empty for all), ``code``, ``reason``: answers that say why there is none (`ppp.tables`).
    blank_reasons
        Why cells are empty, where the file tells: a column for each question that it tells of, missing elsewhere.
    mentions
        Multi-selects whose columns each hold the code of one chosen choice (SPSS's sets of categories), with their columns.
    codes_tick
        Whether a choice's own column holds the choice's code where it was ticked, be it 0 (Qualtrics).
    headings
        The header rows as they came.
    rest
        Rows of the file's other sheets, by sheet.
    decimal
        The decimal mark, where it was stated.
    certainty
        How sure the platform is, from 0 to 1; 1 where the user stated it.
    guess
        The platform that a file read as a plain table looks like, where one does: a person decides.
    notes
        Plain sentences on what was assumed and set aside.
    """

    platform: str
    source: Source
    answers: pd.DataFrame
    questions: pd.DataFrame
    choices: pd.DataFrame = field(default_factory=lambda: _none(CHOICES))
    repeats: dict[str, pd.DataFrame] = field(default_factory=dict)
    metadata: pd.DataFrame = field(default_factory=pd.DataFrame)
    identifiers: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    is_test: pd.Series | None = None
    is_complete: pd.Series | None = None
    missing_codes: pd.DataFrame = field(default_factory=lambda: _none(MISSING_CODES))
    blank_reasons: pd.DataFrame = field(default_factory=pd.DataFrame)
    mentions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes_tick: bool = False
    headings: tuple[tuple[str, ...], ...] = ()
    rest: dict[str, list[list[str]]] = field(default_factory=dict, repr=False)
    decimal: str = ""
    certainty: float = 1.0
    guess: str = ""
    notes: tuple[str, ...] = ()

    def labels(self, question: str) -> dict[str, str]:
        """Code to label of one question; empty where the file tells none."""
        rows = self.choices[self.choices["question"] == question]
        return dict(zip(rows["code"], rows["label"], strict=True))

    def labelled(self, cells: pd.Series, question: str) -> pd.Series:
        """A question's answers, codes replaced by what they stand for. ``3.0`` is the code 3, re-saved."""
        labels = self.labels(question)
        if not labels:
            return cells
        known = {}
        for cell in cells.unique():
            code = cell.strip()
            known[cell] = labels.get(code, labels.get(code.removesuffix(".0"), cell))
        return cells.map(known)

    def ticks(self, question: str | None = None) -> pd.DataFrame:
        """Multi-selects as one boolean column a choice; missing where the respondent did not answer the question.

        Parameters
        ----------
        question
            Only this one's choices.
        """
        from ppp.surveys.typed import ticks

        return ticks(self, question)

    def missing(self, columns: list[str] | None = None) -> pd.DataFrame:
        """For each cell of `answers` why there is no answer (`ppp.tables.MISSING_REASONS`); missing where there is one.

        Parameters
        ----------
        columns
            Only these.
        """
        from ppp.surveys.typed import missing

        return missing(self, columns)

    def typed(self) -> pd.DataFrame:
        """The answers by their types: numbers, dates, yes/no, labels of choices, and `ticks` for multi-selects.

        A column is a number or a date only where every answer in it is plainly one: ``0012``, ``1e5`` and ``NA`` stay
        text.
        """
        from ppp.surveys.typed import typed

        return typed(self)

    def cells(self) -> Iterator[str]:
        """Every cell of the file that is not empty, in no particular order."""
        for heading in self.headings:
            yield from heading
        for part in (self.answers, self.metadata, self.identifiers):
            for column in part:
                yield from part[column].astype(str)
        for part in self.repeats.values():
            for column in part:
                if column != "respondent":
                    yield from part[column].astype(str)
        yield from self.repeats
        for rows in self.rest.values():
            for row in rows:
                yield from row
