"""One's own ratings among those of the group: a position, no rank."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from ppp.figures.lanes import lanes, mark
from ppp.figures.style import COLOURS, MARKERS, style
from ppp.framework import LEAVES, codebook
from ppp.language import speak

__all__ = ["peers"]


def peers(benchmark: pd.DataFrame, *, role: str, language: str = "en") -> Figure:
    """A lane for each factor: one's own mean, and the band in which chance alone would put it.

    Parameters
    ----------
    benchmark
        The releasable table ``benchmark`` of one wave and one scale, mean ratings only: ``leaf``, ``role``,
        ``scale_low``, ``scale_high``, ``own``, ``median``, ``funnel_low``, ``funnel_high``, ``position``, ``state``.
    role
        Whose ratings.
    language
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Inside the band the mark is hollow, outside it is filled; a stroke marks the group's median.

    Examples
    --------
    >>> table = pd.DataFrame({"leaf": ["support"], "role": "patient", "scale_low": 1.0, "scale_high": 4.0, "own": 3.0})
    >>> table = table.assign(median=2.6, funnel_low=2.2, funnel_high=3.1, position="inside", state="shown")
    >>> [text.get_text() for text in peers(table, role="patient").axes[0].texts]
    ['Support', '1', '2', '3', '4']
    """
    say, labels = speak(language), {leaf.id: leaf.label[language] for leaf in codebook().leaves}
    shown = benchmark[(benchmark["role"] == role) & (benchmark["state"] == "shown")]
    low, high = float(shown["scale_low"].min()), float(shown["scale_high"].max())
    leaves = [leaf for leaf in LEAVES if leaf in set(shown["leaf"])]
    steps = round(high - low)
    ticks = [low + step for step in (range(steps + 1) if steps <= 10 else (0, steps))]
    with style():
        drawn, axes = lanes([labels[leaf] for leaf in leaves], low, high, ticks, say)
        at = [leaves.index(leaf) + 0.2 for leaf in shown["leaf"]]
        numbers = {name: shown[name].astype(float) for name in ("own", "median", "funnel_low", "funnel_high")}
        band = (numbers["funnel_low"].clip(low, high), numbers["funnel_high"].clip(low, high))
        axes.hlines(at, *band, color=COLOURS["not_stated"], linewidth=7, alpha=0.45, zorder=1)
        axes.plot(numbers["median"], at, "|", color=COLOURS["not_stated"], markersize=13, markeredgewidth=2, zorder=2)
        for hollow in (True, False):
            chosen = shown["position"].eq("inside").to_numpy() == hollow
            places = [one for one, keep in zip(at, chosen, strict=True) if keep]
            mark(
                axes, places, numbers["own"].to_numpy()[chosen], marker=MARKERS[role], colour=COLOURS[role],
                hollow=hollow,
            )  # fmt: skip
    return drawn
