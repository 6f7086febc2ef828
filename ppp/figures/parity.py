"""How patients, relatives, professionals and others rate each factor of Parity."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from ppp.figures.states import with_state
from ppp.figures.style import COLOURS, INK, LINE, MARKERS, PAPER, figure, style
from ppp.framework import LEAVES, codebook
from ppp.language import speak

__all__ = ["parity_ratings"]

_ROW = 38  # CSS pixels a factor: its name above, its line below


def parity_ratings(ratings: pd.DataFrame, *, language: str = "en") -> Figure:
    """A line for each factor with one mark a role at its mean rating.

    Parameters
    ----------
    ratings
        The releasable table ``parity_ratings`` of one wave and one scale: ``leaf``, ``role``, ``scale_low``,
        ``scale_high``, ``mean``, ``state``. Or what `ppp.measures.parity_ratings` returns, of one organization, wave and
        scale: for the study's own people.
    language
        Of the labels: "en" or "sv".

    Returns
    -------
    matplotlib.figure.Figure
        Roles differ in shape as well as colour. Withheld means have no mark.

    Raises
    ------
    ValueError
        Where the table holds several organizations, waves or scales.

    Examples
    --------
    >>> table = pd.DataFrame({"leaf": "numbers", "role": ["patient", "professional"], "scale_low": 1, "scale_high": 4,
    ...     "mean": [2.5, 3.5]})
    >>> [word.get_text() for word in parity_ratings(table).axes[0].texts]
    ['Numbers', '1', '2', '3', '4']
    """
    ratings = with_state(ratings, "mean", by=("leaf", "role"))
    say, labels = speak(language), {leaf.id: leaf.label[language] for leaf in codebook().leaves}
    shown = ratings[ratings["state"] == "shown"]
    low, high = float(ratings["scale_low"].min()), float(ratings["scale_high"].max())
    leaves = [leaf for leaf in LEAVES if leaf in set(ratings["leaf"])]
    with style():
        drawn = figure(360, _ROW * len(leaves) + 26)
        axes = drawn.add_axes((0.04, 0.0, 0.92, 1.0))
        axes.set(xlim=(low - 0.06 * (high - low), high + 0.06 * (high - low)), ylim=(len(leaves) + 0.2, -0.48))
        axes.axis("off")
        for at, leaf in enumerate(leaves):
            axes.text(low, at - 0.12, labels[leaf], va="bottom", color=INK)
            axes.plot([low, high], [at + 0.14] * 2, color=LINE, linewidth=1.2, zorder=1)
            for row in shown[shown["leaf"] == leaf].itertuples():
                axes.plot(
                    row.mean,
                    at + 0.14,
                    MARKERS[row.role],
                    color=COLOURS[row.role],
                    markersize=8,
                    markeredgecolor=PAPER,
                    markeredgewidth=1,
                    zorder=2,
                )
        steps = round(high - low)
        for step in range(steps + 1) if steps <= 10 else (0, steps):
            axes.text(low + step, len(leaves) - 0.2, say.number(low + step), ha="center", va="center", color=INK)
    return drawn
