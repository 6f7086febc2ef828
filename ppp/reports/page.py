"""An executed report notebook as one self-contained page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ppp.reports.stylesheet import TEMPLATES

if TYPE_CHECKING:
    from nbconvert import TemplateExporter
    from nbformat import NotebookNode

__all__ = ["NETWORK_NOTEBOOK", "REPORT_NOTEBOOK", "render", "report_notebook", "warm_up"]

REPORT_NOTEBOOK = "organization_report.ipynb"
NETWORK_NOTEBOOK = "network_report.ipynb"


def report_notebook(name: str = REPORT_NOTEBOOK) -> Path:
    """The report notebook: the one inside an installed ``ppp``, else the one in the project's ``notebooks/``."""
    packaged = Path(str(files("ppp.reports"))) / "notebooks" / name
    if packaged.is_file():
        return packaged
    return Path(str(files("ppp"))).parent / "notebooks" / name


def render(notebook: NotebookNode) -> str:
    """The page: outputs only, with our template (also for ``jupyter nbconvert --to html --template ppp``)."""
    html, _ = _exporter().from_notebook_node(notebook)
    return html


def warm_up() -> None:
    """Do now what the first page would otherwise wait for."""
    from nbformat.v4 import new_notebook

    render(new_notebook())


@cache
def _exporter() -> TemplateExporter:
    from nbconvert import HTMLExporter, TemplateExporter

    class PageExporter(HTMLExporter):
        """As nbconvert's own for HTML, which reads the finished page once more to add what our pages bring along."""

        def from_notebook_node(self, *arguments, **options):
            return TemplateExporter.from_notebook_node(self, *arguments, **options)

    # One for all reports: making it costs more than using it.
    return PageExporter(template_name="ppp", extra_template_basedirs=[str(TEMPLATES)])
