"""The look of every page: one stylesheet, in the folder of the nbconvert template."""

from functools import cache
from importlib.resources import files
from pathlib import Path

__all__ = ["TEMPLATES", "stylesheet"]

TEMPLATES = Path(str(files("ppp.reports"))) / "templates"


@cache
def stylesheet() -> str:
    """The CSS; light, dark, narrow, wide and print."""
    return "".join((TEMPLATES / "ppp" / name).read_text(encoding="utf-8") for name in ("style.css", "report.css"))
