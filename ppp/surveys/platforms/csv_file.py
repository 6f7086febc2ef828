"""Plain delimited text: one heading row, one row a respondent."""

from __future__ import annotations

import pandas as pd

from ppp.surveys.export import QUESTIONS, SurveyExport
from ppp.surveys.grid import File, frame

__all__ = ["certainty", "read"]


def certainty(file: File) -> float:
    """Any text that no other platform claims."""
    return 0.1 if file.kind == "text" else 0.0


def read(file: File, *, platform: str = "csv") -> SurveyExport:
    """The export; the headings are both the questions' names and their texts."""
    answers = frame(file.grid, name=file.name)
    questions = pd.DataFrame({"name": answers.columns, "text": answers.columns, "kind": "", "group": ""})
    return SurveyExport(platform, file.grid.source, answers, questions[list(QUESTIONS)], notes=file.grid.notes)
