"""Patient–Professional Partnership workbook: survey exports in, one board report for each organization out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ppp.reports import Report
    from ppp.study import Study

__all__ = ["__version__", "open_report", "open_study"]


def open_study(path: str | Path) -> Study:
    """The study in that folder: its data as tidy tables. See `ppp.study.open_study`."""
    from ppp.study import open_study

    return open_study(path)


def open_report(
    study: str | Path, organization: str, language: str = "en", wave: str = "", partition: str = ""
) -> Report:
    """One organization's report, section by section, for a notebook.

    Parameters
    ----------
    study
        The study's folder. Prepared data are made first where they are missing or out of date.
    organization
        Its id in ``study.yaml``.
    language
        "en", "sv", or any other language that there is a catalogue for.
    wave
        The assessment round; the latest one with data where left out.
    partition
        The file of the organization's prepared data, where it is known to be up to date: then the study is not opened
        at all. A batch gives it, so that a report reads its own organization's data and nothing else.

    Raises
    ------
    BadInput
        Where the study, the organization, the language or the wave does not exist, or `partition` is another
        organization's.
    """
    # Imported here so that `import ppp` stays quick, and so that reports themselves never import a study.
    from ppp.disclosure import Partition
    from ppp.errors import BadInput, Problem
    from ppp.reports import Report
    from ppp.reports.look import Look

    organization = str(organization)  # papermill reads `-p organization 7` as a number
    path = Path(partition)
    if partition:
        opened = Partition.read(path)
        if opened.organization.id != organization:
            raise BadInput(Problem("This is another organization's data.", file=path.name))
    else:
        from ppp.study import open_study, prepared_partition

        path = prepared_partition(open_study(study), organization)
        opened = Partition.read(path)
    return Report(opened, language=language, wave=wave or None, look=Look.beside(path))
