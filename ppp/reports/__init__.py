"""One organization's partition in, one self-contained page out.

This room opens a partition and nothing more: what it never loads it cannot leak. It does not know what a study is.
`Report` says what a partition holds, section by section; `ppp.reports.batch` runs the report notebook for many
organizations, `ppp.reports.page` turns an executed notebook into a page, `ppp.reports.index` is the way in to all.
"""

from ppp.reports.report import Report
from ppp.reports.section import Section

__all__ = ["Report", "Section"]
