"""Colours and type of all figures; nothing here touches matplotlib's global state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

__all__ = ["COLOURS", "INK", "LINE", "MARKERS", "PAPER", "figure", "headed", "style"]

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

_RC: dict[Any, object] = {
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
    "hatch.linewidth": 0.8,
}


@contextmanager
def style() -> Iterator[None]:
    """Our look inside the ``with``; what was set before is back after it."""
    with mpl.rc_context(_RC):
        yield


class _Shown(Figure):
    """A figure that a notebook shows by itself, on paper in light and in dark, its words its text alternative."""

    def _repr_html_(self) -> str:
        from ppp.figures.svg import to_svg

        words = [text.get_text() for text in self.texts]
        for axes in self.axes:
            ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()] if axes.axison else []
            words += [text.get_text() for text in (*ticks, *axes.texts)]
        alternative = "; ".join(" ".join(word.split()) for word in words if word.strip())
        width = round(self.get_size_inches()[0] * 96)
        svg = to_svg(self, name=f"figure-{id(self)}", alternative=alternative)
        return f'<div style="max-width: {width}px; background: {PAPER}">{svg}</div>'


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many CSS pixels, known to no window and no list of open figures."""
    return _Shown(figsize=(width / 96, height / 96), dpi=96)


def headed(drawn: Figure, title: str, *, roles: Mapping[str, str] | None = None) -> Figure:
    """The figure made taller, with a title above it and, where `roles` names them, the mark of each role: a picture that
    stands alone.

    Parameters
    ----------
    drawn
        By one of this room's functions; changed in place.
    title
        What it shows and of whom; may have several lines.
    roles
        From each role that has a mark to its name.

    Returns
    -------
    matplotlib.figure.Figure
        `drawn` itself.

    Examples
    --------
    >>> headed(figure(360, 200), "Parity").get_size_inches()[1] * 96 > 200
    np.True_
    """
    width, height = drawn.get_size_inches()
    lines = title.count("\n") + 1
    columns = 4 if width > 5 else 2
    above = (lines * 17 + 20 * -(-len(roles or {}) // columns) + 16) / 96
    drawn.set_size_inches(width, height + above)
    share = height / (height + above)
    for axes in drawn.axes:
        left, bottom, wide, high = axes.get_position().bounds
        axes.set_position((left, bottom * share, wide, high * share))
    with style():
        top = 1 - 8 / 96 / (height + above)
        drawn.text(0.02, top, title, ha="left", va="top", color=INK, size=11)
        if roles:
            marks = [Line2D([], [], color=COLOURS[role], marker=MARKERS[role], linestyle="") for role in roles]
            place = (0.01, top - lines * 17 / 96 / (height + above))
            drawn.legend(
                marks, list(roles.values()), loc="upper left", bbox_to_anchor=place, ncols=columns, frameon=False,
                handletextpad=0.1, columnspacing=1.2, borderaxespad=0.2,
            )  # fmt: skip
    return drawn
