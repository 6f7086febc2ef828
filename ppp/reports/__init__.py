"""One organization's partition in, one self-contained page out.

This room opens a partition and nothing more: what it never loads it cannot leak. It does not know what a study is.
`Report` says what a partition holds, section by section; `ppp.reports.batch` runs the report notebook for many
organizations, `ppp.reports.page` turns an executed notebook into a page, `ppp.reports.index` is the way in to all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ppp.reports.report import Report
    from ppp.reports.section import Section

__all__ = ["Report", "Section"]


def __getattr__(name: str) -> object:
    # Whoever only runs a batch draws no figure and need not wait for what draws them.
    if name == "Report":
        from ppp.reports.report import Report

        return Report
    if name == "Section":
        from ppp.reports.section import Section

        return Section
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
