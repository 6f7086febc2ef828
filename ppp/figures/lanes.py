"""Lanes: one line a factor, its name above it, marks and intervals on it, the scale below all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ppp.figures.style import INK, LINE, PAPER, figure
from ppp.language import Language

__all__ = ["lanes", "mark"]

_ROW = 54  # CSS pixels a lane: its name above, its line below


def lanes(names: Sequence[str], low: float, high: float, steps: Iterable[float], say: Language) -> tuple[Figure, Axes]:
    """An empty figure with a lane for each name.

    Parameters
    ----------
    names
        Of the lanes, from the top.
    low, high
        Ends of every lane.
    steps
        Where numbers stand below the lanes.
    say
        How numbers are written.

    Returns
    -------
    figure, axes
        The y axis counts lanes from 0 at the top; a lane's line lies 0.2 below its number.
    """
    drawn = figure(360, _ROW * len(names) + 24)
    axes = drawn.add_axes((0.03, 0.0, 0.94, 1.0))
    room = 0.05 * (high - low)
    axes.set(xlim=(low - room, high + room), ylim=(len(names) + 0.1, -0.56))
    axes.axis("off")
    axes.hlines([at + 0.2 for at in range(len(names))], low, high, color=LINE, linewidth=1.2, zorder=1)
    for at, name in enumerate(names):
        axes.text(low, at - 0.16, name, va="bottom", color=INK)
    for step in steps:
        decimals = 0 if float(step).is_integer() else 1
        axes.text(step, len(names) - 0.2, say.number(step, decimals), ha="center", va="center", color=INK)
    return drawn, axes


def mark(
    axes: Axes,
    at: Sequence[float],
    values: Sequence[float],
    *,
    marker: str,
    colour: str,
    ends: tuple[Sequence[float], Sequence[float]] | None = None,
    hollow: bool = False,
) -> None:
    """Marks on lanes, with their intervals where there are any.

    Parameters
    ----------
    at
        The lane of each mark.
    values
        Where on the lane.
    marker, colour
        How it looks.
    ends
        Lower and upper ends of the intervals.
    hollow
        Whether the marks are only outlined: for what is not clear.
    """
    if not len(values):
        return
    if ends is not None:
        axes.hlines(at, *ends, color=colour, linewidth=1.6, zorder=2)
    face = PAPER if hollow else colour
    axes.plot(
        values, at, marker, color=colour, markerfacecolor=face, markersize=8, zorder=3,
        markeredgecolor=colour if hollow else PAPER, markeredgewidth=1.6 if hollow else 1,
    )  # fmt: skip
