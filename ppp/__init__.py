"""Patient–Professional Partnership workbook: survey exports in, one board report for each organization out.

As a library: pandas data frames in, pandas data frames and matplotlib figures out.

    >>> import ppp
    >>> study = ppp.open_study("data/demo")
    >>> cells = ppp.measures.coverage(study.placements())
    >>> figure = ppp.figures.matrix(cells.query("organization == 'solbacken' and wave == '2026'"))

A study's own tables, and every measure of them, are for the study's own people: counts of two or three persons stand
there, and the words that somebody wrote. What may be shared is what ``study.released()`` gives, and nothing else.

Rooms are imported when they are first used, so that ``import ppp`` takes no time.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ppp import (
        bench,
        coding,
        disclosure,
        explore,
        figures,
        framework,
        language,
        measures,
        reports,
        study,
        surveys,
        tables,
    )
    from ppp.errors import BadInput
    from ppp.reports import Report
    from ppp.reports.network import NetworkReport
    from ppp.study import Study

__all__ = [
    "BadInput",
    "Report",
    "Study",
    "__version__",
    "bench",
    "coding",
    "disclosure",
    "explore",
    "figures",
    "framework",
    "language",
    "measures",
    "open_network",
    "open_report",
    "open_study",
    "reports",
    "study",
    "surveys",
    "tables",
]

_CLASSES = {"BadInput": "ppp.errors", "Report": "ppp.reports", "Study": "ppp.study"}


def __getattr__(name: str) -> Any:
    if name in _CLASSES:
        return getattr(import_module(_CLASSES[name]), name)
    if name in __all__:
        return import_module(f"ppp.{name}")
    raise AttributeError(f"module 'ppp' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def open_study(path: str | Path) -> Study:
    """The study in that folder: its data as tidy tables.

    Parameters
    ----------
    path
        The study's folder. A relative path is looked for in the working folder and then in the folders above it, so
        that a notebook in ``notebooks/`` finds ``data/demo`` as a command at the top does.

    Returns
    -------
    Study
        Its ``study.yaml`` is read and checked; its exports are read when a table is first asked for. Shown in a
        notebook, it tells its organizations, waves and counts.

    Raises
    ------
    BadInput
        Where there is no such folder, or its ``study.yaml`` has faults: all of them, each with its line.

    Examples
    --------
    >>> open_study("data/demo")
    <Study demo: 12 organizations, 2 waves, 6 exports>
    """
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

    Returns
    -------
    Report
        Its methods are the report's sections; each shows itself in a notebook. Holds nothing but released tables.

    Raises
    ------
    BadInput
        Where the study, the organization, the language or the wave does not exist, or `partition` is another
        organization's.

    Examples
    --------
    >>> open_report("data/demo", "solbacken")
    <Report: Solbacken Hospital, Autumn 2026, en>
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
