"""Colours and type of all figures; nothing here touches matplotlib's global state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["COLOURS", "INK", "LINE", "MARKERS", "PAPER", "figure", "style"]

INK, LINE, PAPER = "#1b1f24", "#c9ced6", "#fdfdfe"

COLOURS = {
    "patients": "#0b6a8a",
    "jointly": "#7a4aa0",
    "professionals": "#b8500a",
    "not_stated": "#8a929c",
    "patient": "#0b6a8a",
    "relative": "#2c8a4b",
    "professional": "#b8500a",
    "other": "#6a727c",
    "design": "#0b6a8a",
    "plan": "#0b6a8a",
    "implement": "#0b6a8a",
    "evaluate": "#0b6a8a",
}
"""One colour a meaning, told apart in every common form of colour blindness; shape or order always says it too."""

MARKERS = {"patient": "o", "relative": "^", "professional": "s", "other": "D"}

_RC = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "svg.fonttype": "none",
}


@contextmanager
def style() -> Iterator[None]:
    """Our look inside the ``with``; what was set before is back after it."""
    with mpl.rc_context(_RC):
        yield


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many CSS pixels, known to no window and no list of open figures."""
    return Figure(figsize=(width / 96, height / 96), dpi=96)
