"""The platforms: for each a module that tells whether a file is its own, and reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File
from ppp.surveys.platforms import csv_file, redcap, xlsx_file

__all__ = ["PLATFORMS", "read_export", "recognise"]

PLATFORMS = {"redcap": redcap, "xlsx": xlsx_file, "csv": csv_file}
"""By their names in study.yaml. Each module has ``certainty(file)``, from 0 (not its own) to 1, and ``read(file)``."""

_SURE = 0.8


def recognise(file: File) -> tuple[str, float]:
    """The platform that a file most likely comes from, and how sure that is (0 to 1).

    Plain CSV and XLSX claim what no other platform does, at 0.1.
    """
    certainties = {name: module.certainty(file) for name, module in PLATFORMS.items()}
    best = max(certainties, key=lambda name: certainties[name])
    return best, certainties[best]


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
        The file that explains it, such as REDCap's data dictionary.
    name
        What to call the file in messages.

    Raises
    ------
    BadInput
        Where the file cannot be read, with the place and what to do.
    """
    name = name or path.name
    companion = File(dictionary, name=str(Path(name).parent / dictionary.name)) if dictionary else None
    file = File(path, name=name, encoding=encoding, delimiter=delimiter, sheet=sheet, companion=companion)
    if platform is not None:
        return PLATFORMS[platform].read(file)
    best, certainty = recognise(file)
    export = PLATFORMS[best].read(file)
    if 0.1 < certainty < _SURE:
        guess = f"taken for an export from {best}, which is not certain; state its platform in study.yaml"
        export = replace(export, notes=(*export.notes, guess))
    return export
