"""Releasable tables in, a matplotlib figure out; `to_svg` turns a figure into SVG that can stand in a page."""

from ppp.figures.initiation import initiation
from ppp.figures.matrix import matrix
from ppp.figures.parity import parity_ratings
from ppp.figures.phases import phase_profile
from ppp.figures.svg import to_svg

__all__ = ["initiation", "matrix", "parity_ratings", "phase_profile", "to_svg"]


def __dir__() -> list[str]:
    return sorted(__all__)  # what can be called, not the modules that it stands in
