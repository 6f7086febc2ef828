"""Patient–Professional Partnership workbook: survey exports in, one board report for each organization out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ppp.reports import Report
    from ppp.reports.network import NetworkReport
    from ppp.study import Study

__all__ = ["__version__", "open_network", "open_report", "open_study"]


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


def open_network(study: str | Path, language: str = "en", wave: str = "", partition: str = "") -> NetworkReport:
    """The report across all organizations, section by section, for a notebook.

    Parameters
    ----------
    study, language, wave
        As for `open_report`.
    partition
        The file of the network's prepared data, where it is known to be up to date.

    Raises
    ------
    BadInput
        Where the study, the language or the wave does not exist, or too few organizations hold data.
    """
    from ppp.disclosure.network import Network
    from ppp.reports.look import Look
    from ppp.reports.network import NetworkReport

    if partition:
        path = Path(partition)
    else:
        from ppp.study import open_study
        from ppp.study.prepare import prepared_network

        path = prepared_network(open_study(study))
    look = Look.beside(path.parent / "partitions" / path.name)
    return NetworkReport(Network.read(path), language=language, wave=wave or None, look=look)
