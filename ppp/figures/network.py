"""Distributions across organizations, without names and without ranks."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from ppp.figures.style import COLOURS, INK, LINE, MARKERS, PAPER, figure, style
from ppp.framework import LEAVES, codebook
from ppp.language import speak

__all__ = ["funnel", "ratings_spread"]

_ROW = 46  # CSS pixels a factor: its name, a line for patients, a line for professionals


def funnel(shares: pd.DataFrame, *, language: str = "en", across: str = "") -> Figure:
    """Each organization's share of activities by how many activities it rests on, drawn towards the common share.

    Parameters
    ----------
    shares
        The network's table ``shares`` of one wave, scope and measure.
    language
        Of the numbers.
    across
        What the horizontal axis counts.

    Returns
    -------
    matplotlib.figure.Figure
        A filled mark is the share drawn towards the common one, a small ring the share as it is; the dashed lines hold what
        chance alone would give to 95 organizations in 100.

    Examples
    --------
    >>> shares = pd.DataFrame({"of_n": [10, 40], "share": [0.6, 0.2], "pooled": [0.4, 0.22], "centre": 0.25})
    >>> drawn = funnel(shares.assign(funnel_low=[0.0, 0.1], funnel_high=[0.6, 0.4]), across="Activities")
    >>> drawn.axes[0].get_xlabel()
    'Activities'
    """
    say = speak(language)
    rows = shares.sort_values("of_n").astype({"of_n": float})
    with style():
        drawn = figure(360, 250)
        axes = drawn.add_axes((0.16, 0.16, 0.81, 0.8))
        limits = rows.drop_duplicates("of_n")
        for side in ("funnel_low", "funnel_high"):
            axes.plot(limits["of_n"], limits[side], color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        axes.axhline(float(rows["centre"].iloc[0]), color=INK, linewidth=1, zorder=1)
        for row in rows.itertuples():
            axes.plot([row.of_n] * 2, [row.share, row.pooled], color=LINE, linewidth=1.2, zorder=2)
        axes.plot(rows["of_n"], rows["share"], "o", markersize=4, markerfacecolor=PAPER, markeredgecolor=INK, zorder=3)
        axes.plot(
            rows["of_n"], rows["pooled"], "o", markersize=7, color=COLOURS["patients"], markeredgecolor=PAPER, zorder=4
        )
        axes.set(ylim=(-0.03, 1.03), xlim=(0, float(rows["of_n"].max()) * 1.06), yticks=[0, 0.5, 1], xlabel=across)
        axes.set_yticklabels([say.share(value) for value in (0, 0.5, 1)])
        axes.locator_params(axis="x", integer=True, nbins=5)
        axes.tick_params(length=3)
    return drawn


def ratings_spread(ratings: pd.DataFrame, *, language: str = "en") -> Figure:
    """For each factor where the middle half of the organizations' means lies, patients' above professionals'.

    Parameters
    ----------
    ratings
        The network's table ``ratings`` of one wave, scope and scale.
    language
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        A thick line from the lower to the upper quartile, and a mark at the median.

    Examples
    --------
    >>> ratings = pd.DataFrame({"leaf": ["numbers"], "role": "patient", "scale_low": 1.0, "scale_high": 4.0,
    ...     "lower_quartile": 2.1, "median": 2.5, "upper_quartile": 2.8})
    >>> [text.get_text() for text in ratings_spread(ratings).axes[0].texts]
    ['Numbers', '1', '2', '3', '4']
    """
    say, labels = speak(language), {leaf.id: leaf.label[language] for leaf in codebook().leaves}
    low, high = float(ratings["scale_low"].min()), float(ratings["scale_high"].max())
    leaves = [leaf for leaf in LEAVES if leaf in set(ratings["leaf"])]
    with style():
        drawn = figure(360, _ROW * len(leaves) + 26)
        axes = drawn.add_axes((0.04, 0.0, 0.92, 1.0))
        axes.set(xlim=(low - 0.06 * (high - low), high + 0.06 * (high - low)), ylim=(len(leaves) + 0.2, -0.48))
        axes.axis("off")
        for at, leaf in enumerate(leaves):
            axes.text(low, at - 0.16, labels[leaf], va="bottom", color=INK)
            for role, y in (("patient", at + 0.06), ("professional", at + 0.34)):
                axes.plot([low, high], [y] * 2, color=LINE, linewidth=1, zorder=1)
                for row in ratings[(ratings["leaf"] == leaf) & (ratings["role"] == role)].itertuples():
                    colour = COLOURS[role]
                    axes.plot([row.lower_quartile, row.upper_quartile], [y] * 2, color=colour, linewidth=4, zorder=2)
                    axes.plot(
                        row.median, y, MARKERS[role], color=colour, markersize=9, markeredgecolor=PAPER, markeredgewidth=1, zorder=3
                    )  # fmt: skip
        steps = round(high - low)
        for step in range(steps + 1) if steps <= 10 else (0, steps):
            axes.text(low + step, len(leaves) - 0.12, say.number(low + step), ha="center", va="center", color=INK)
    return drawn
