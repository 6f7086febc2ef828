"""Stata .dta: values with labels, and the extended missing values .a to .z with theirs."""

from __future__ import annotations

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File
from ppp.surveys.platforms import spss

__all__ = ["certainty", "read"]


def certainty(file: File) -> float:
    """The first bytes of the file say so."""
    return 0.9 if file.kind == "dta" else 0.0


def read(file: File) -> SurveyExport:
    """The export; a missing value ``.a`` is the answer ``a`` with its reason among `missing_codes`."""
    return spss.read(file, platform="stata")
