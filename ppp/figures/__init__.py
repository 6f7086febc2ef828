"""Releasable tables in, a matplotlib figure out; `to_svg` turns a figure into SVG that can stand in a page."""

from ppp.figures.initiation import initiation
from ppp.figures.intervals import change, parity_gap
from ppp.figures.matrix import matrix
from ppp.figures.network import funnel, ratings_spread
from ppp.figures.parity import parity_ratings
from ppp.figures.peers import peers
from ppp.figures.phases import phase_profile
from ppp.figures.style import headed
from ppp.figures.svg import to_svg

__all__ = [
    "change",
    "funnel",
    "headed",
    "initiation",
    "matrix",
    "parity_gap",
    "parity_ratings",
    "peers",
    "phase_profile",
    "ratings_spread",
    "to_svg",
]


def __dir__() -> list[str]:
    return sorted(__all__)  # what can be called, not the modules that it stands in
