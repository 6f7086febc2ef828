"""The matrix of Place and Phase as a heatmap."""

from __future__ import annotations

from textwrap import wrap

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from ppp.figures.states import with_state
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
        Or what `ppp.measures.coverage` returns, of one organization and wave: a figure for the study's own people.
    language
        Of the labels: "en" or "sv".

    Returns
    -------
    matplotlib.figure.Figure
        Empty cells hold a dash, cells whose count is withheld the word for "some".

    Raises
    ------
    ValueError
        Where the table holds several organizations, waves or bases.

    Examples
    --------
    >>> cells = pd.DataFrame({"place": ["clinic"], "phase": ["design"], "activities_n": [3]})
    >>> [word.get_text() for word in matrix(cells).axes[0].texts if word.get_text() != "–"]
    ['3']
    """
    coverage = with_state(coverage, "activities_n", by=("place", "phase"))
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
            for row, row_states in zip(values, states.astype("string").fillna("none").to_numpy(), strict=True)
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
            yticklabels=["\n".join(wrap(place.label[language], 15)) for place in book.places],
            ax=axes,
        )
        for word, colour in zip(axes.texts, np.asarray(axes.collections[0].get_facecolor()), strict=True):
            word.set_color(_readable_on(colour))
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelcolor=INK)
        axes.set(xlabel="", ylabel="")
        axes.tick_params(axis="y", rotation=0)
    return drawn


def _readable_on(colour: np.ndarray) -> str:
    """Black or white, whichever stands out more (WCAG's contrast). A cell's colour is the same in light and dark."""
    linear = np.where(colour[:3] <= 0.04045, colour[:3] / 12.92, ((colour[:3] + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"
