"""What every report needs and none changes, made once before the first: for the process that kernels are forked from."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from ppp import framework
from ppp.disclosure import Partition
from ppp.reports.report import Report
from ppp.reports.section import Section

__all__ = ["REHEARSAL", "rehearse"]

REHEARSAL = Path(str(files("ppp.reports"))) / "rehearsal.json"
"""The prepared data of an organization that does not exist, with something for every section to show."""


def rehearse(show: Callable[[Section], object]) -> None:
    """Make every section of a report, in each language, about an organization that does not exist.

    Whatever is read, compiled or looked up the first time that it is needed is then there: framework, catalogues,
    templates, fonts, the numbers of each language. It comes from this package alone, never from a study.

    Parameters
    ----------
    show
        Gets each section, to do with it what a notebook would.
    """
    partition = Partition.read(REHEARSAL)
    for language in framework.LANGUAGES:
        report = Report(partition, language=language)
        for section in (
            report.header,
            report.last_step,
            report.at_a_glance,
            report.matrix,
            report.joining,
            report.initiation,
            report.parity,
            report.progress,
            report.examples,
            report.next_step,
            report.shifts,
            report.peers,
            report.about,
        ):
            show(section())
