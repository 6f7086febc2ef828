"""What every report needs and none changes, read once before the first: for the process that kernels are forked from."""

from __future__ import annotations

from collections.abc import Callable

from ppp import framework
from ppp.language import speak
from ppp.reports.section import _environment
from ppp.reports.stylesheet import stylesheet

__all__ = ["make_ready"]


def make_ready() -> None:
    """Read the framework, the catalogues and the stylesheet, and compile the templates of all sections."""
    readers: tuple[Callable[[], object], ...] = (
        framework.codebook,
        framework.figure_one,
        framework.initiatives,
        framework.resources,
        framework.background,
        framework.indicators,
        framework.progress,
    )
    for read in readers:
        read()
    for language in framework.LANGUAGES:
        speak(language)
    stylesheet()
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)
