"""A plain spreadsheet (XLSX, XLS or ODS): one heading row, one row a respondent."""

from __future__ import annotations

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File
from ppp.surveys.platforms import csv_file

__all__ = ["certainty", "read"]


def certainty(file: File) -> float:
    """Any spreadsheet that no other platform claims."""
    return 0.1 if file.kind == "sheet" else 0.0


def read(file: File) -> SurveyExport:
    """The export; the headings are both the questions' names and their texts."""
    return csv_file.read(file, platform="xlsx")
