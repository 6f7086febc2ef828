"""The platforms: for each a module that tells whether a file is its own, and reads it."""

from __future__ import annotations

from pathlib import Path

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import read_grid
from ppp.surveys.platforms import csv_file, redcap, xlsx_file

__all__ = ["PLATFORMS", "read_export"]

PLATFORMS = {"redcap": redcap, "xlsx": xlsx_file, "csv": csv_file}
"""By their names in study.yaml. The first whose ``is_own`` says yes reads a file whose platform is not stated."""


def read_export(
    path: Path,
    *,
    platform: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    dictionary: Path | None = None,
    name: str | None = None,
) -> SurveyExport:
    """The export in that file.

    Parameters
    ----------
    path
        The file.
    platform, encoding, delimiter, decimal, sheet
        How to read it; what is left out is found from the content and said in the notes. ``delimiter`` may be "tab".
    dictionary
        REDCap's data dictionary.
    name
        What to call the file in messages.

    Raises
    ------
    BadInput
        Where the file cannot be read, with the place and what to do.
    """
    name = name or path.name
    grid = read_grid(path, name=name, encoding=encoding, delimiter=delimiter, sheet=sheet)
    codes = read_grid(dictionary, name=str(Path(name).parent / dictionary.name)) if dictionary else None
    chosen = platform or next(key for key, module in PLATFORMS.items() if module.is_own(grid, codes))
    return PLATFORMS[chosen].read(grid, codes, name=name)
