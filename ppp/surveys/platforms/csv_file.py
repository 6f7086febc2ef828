"""Plain delimited text: one heading row, one row a respondent."""

from __future__ import annotations

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File, frame, unique
from ppp.surveys.platforms.shape import questions_table

__all__ = ["certainty", "read"]


def certainty(file: File) -> float:
    """Any text that no other platform claims."""
    return 0.1 if file.kind == "text" else 0.0


def read(file: File, *, platform: str = "csv") -> SurveyExport:
    """The export; the headings are both the questions' names and their texts."""
    grid = file.grid
    names, twice = unique(grid.heading)
    answers = frame(grid, name=file.name, headings=names)
    notes = (
        [f"{len(twice)} headings occur more than once; further ones are named “{twice[0]} (2)” and so on"]
        if twice
        else []
    )
    return SurveyExport(
        platform,
        grid.source,
        answers,
        questions_table((name, name, "") for name in names),
        headings=(tuple(grid.row(1)),),
        rest={sheet: rows for sheet, rows in file.sheets.items() if sheet != grid.source.sheet},
        notes=(*grid.notes, *notes),
    )
