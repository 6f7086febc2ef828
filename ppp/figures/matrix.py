"""The matrix of Place and Phase as a heatmap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from ppp.figures.style import INK, LINE, figure, style
from ppp.framework import PHASES, PLACES, codebook
from ppp.language import speak

__all__ = ["matrix"]


def matrix(coverage: pd.DataFrame, *, language: str = "en") -> Figure:
    """Activities in each of the 16 cells.

    Parameters
    ----------
    coverage
        The releasable table ``coverage`` of one wave and one basis: ``place``, ``phase``, ``activities_n``, ``state``.
    language
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Empty cells hold a dash, cells whose count is withheld the word for "some".
    """
    say, book = speak(language), codebook()
    counts = coverage.pivot(index="place", columns="phase", values="activities_n").reindex(PLACES, columns=PHASES)
    states = coverage.pivot(index="place", columns="phase", values="state").reindex(PLACES, columns=PHASES)
    values = counts.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    words = np.array(
        [
            [
                {"shown": say.number(0 if np.isnan(value) else value), "some": say.gettext("some")}.get(state, "–")
                for value, state in zip(row, row_states, strict=True)
            ]
            for row, row_states in zip(values, states.fillna("none").to_numpy(), strict=True)
        ]
    )
    with style():
        drawn = figure(640, 380)
        axes = drawn.add_axes((0.2, 0.04, 0.78, 0.84))
        sns.heatmap(
            pd.DataFrame(np.nan_to_num(values, nan=1.0)),
            annot=words,
            fmt="",
            cmap=sns.light_palette("#0b6a8a", as_cmap=True),
            vmin=0,
            vmax=max(8.0, np.nanmax(values, initial=0)),
            cbar=False,
            linewidths=1,
            linecolor=LINE,
            annot_kws={"size": 13},
            xticklabels=[phase.label[language] for phase in book.phases],
            yticklabels=[place.label[language] for place in book.places],
            ax=axes,
        )
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelcolor=INK)
        axes.set(xlabel="", ylabel="")
        axes.tick_params(axis="y", rotation=0)
    return drawn
