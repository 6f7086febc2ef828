"""A plain spreadsheet: one heading row, one row a respondent."""

from __future__ import annotations

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import Grid
from ppp.surveys.platforms import csv_file

__all__ = ["is_own", "read"]


def is_own(grid: Grid, dictionary: Grid | None) -> bool:
    """Any spreadsheet that no other platform claims."""
    return grid.is_sheet


def read(grid: Grid, dictionary: Grid | None, *, name: str) -> SurveyExport:
    """The export; the headings are both the questions' names and their texts."""
    return csv_file.read(grid, dictionary, name=name, platform="xlsx")
