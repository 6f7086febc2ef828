"""Plain delimited text: one heading row, one row a respondent."""

from __future__ import annotations

import pandas as pd

from ppp.surveys.export import QUESTIONS, SurveyExport
from ppp.surveys.grid import Grid, frame

__all__ = ["is_own", "read"]


def is_own(grid: Grid, dictionary: Grid | None) -> bool:
    """Any text that no other platform claims."""
    return not grid.is_sheet


def read(grid: Grid, dictionary: Grid | None, *, name: str, platform: str = "csv") -> SurveyExport:
    """The export; the headings are both the questions' names and their texts."""
    answers = frame(grid, name=name)
    questions = pd.DataFrame({"name": answers.columns, "text": answers.columns, "kind": "", "group": ""})
    return SurveyExport(platform, grid.source, answers, questions[list(QUESTIONS)], notes=grid.notes)
