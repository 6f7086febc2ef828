"""Differences with their intervals: the gap between patients and professionals, and the change between two waves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ppp.figures.states import with_state
from ppp.figures.style import COLOURS, INK, LINE, MARKERS, PAPER, figure, style
from ppp.framework import LEAVES, codebook
from ppp.language import speak

__all__ = ["change", "parity_gap"]

_ROW = 44  # CSS pixels a factor
_UNCLEAR = ("no_clear_change", "no_clear_gap")
_SPREAD = 0.2  # of a row, between the lines of two roles


def parity_gap(table: pd.DataFrame, *, language: str = "en") -> Figure:
    """A line for each factor of Parity: patients' minus professionals' rating, with its interval.

    Parameters
    ----------
    table
        The releasable table ``parity_gap`` of one wave and one scale: ``leaf``, ``gap``, ``low``, ``high`` (on the
        scale's own units), ``state``. Or what `ppp.measures.parity_gap` returns, of one organization, wave and scale:
        for the study's own people.
    language
        Of the labels: "en" or "sv".

    Returns
    -------
    matplotlib.figure.Figure
        Left of the middle line patients rate lower than professionals do. A factor that nothing can be said of has no
        mark and says so.

    Raises
    ------
    ValueError
        Where the table holds several organizations, waves or scales.

    Examples
    --------
    >>> table = pd.DataFrame({"leaf": ["numbers"], "gap": [-0.8], "low": [-1.4], "high": [-0.2]})
    >>> [word.get_text() for word in parity_gap(table).axes[0].texts]
    ['Numbers', '−0.8', '0.0', '0.8', 'patients rate lower', 'patients rate higher']
    """
    say = speak(language)
    rows = with_state(table, "gap", by=("leaf",)).assign(difference=table["gap"], role="patient")
    return _draw(rows, language, (say.gettext("patients rate lower"), say.gettext("patients rate higher")))


def change(table: pd.DataFrame, *, language: str = "en") -> Figure:
    """A line for each factor of Parity and role: later minus earlier mean rating, with its interval.

    Parameters
    ----------
    table
        The releasable table ``change`` of one pair of waves and one scale: ``leaf``, ``role``, ``change``, ``low``,
        ``high`` (on the scale's own units), ``state``. Or what `ppp.measures.change` returns, of one organization,
        pair of waves and scale: for the study's own people.
    language
        Of the labels: "en" or "sv".

    Returns
    -------
    matplotlib.figure.Figure
        Right of the middle line the later rating is higher. Roles differ in shape as well as colour; a role that
        nothing can be said of has no mark. Where a column ``statement`` says "no_clear_change", the mark is hollow.

    Raises
    ------
    ValueError
        Where the table holds several organizations, pairs of waves or scales.

    Examples
    --------
    >>> table = pd.DataFrame({"leaf": ["numbers"], "role": ["patient"], "change": [0.5], "low": [0.1], "high": [0.9]})
    >>> [word.get_text() for word in change(table).axes[0].texts]
    ['Numbers', '−0.5', '0.0', '0.5', 'lower than before', 'higher than before']
    """
    say = speak(language)
    rows = with_state(table, "change", by=("leaf", "role")).assign(difference=table["change"])
    return _draw(rows, language, (say.gettext("lower than before"), say.gettext("higher than before")))


def _draw(rows: pd.DataFrame, language: str, ends: tuple[str, str]) -> Figure:
    say, labels = speak(language), {leaf.id: leaf.label[language] for leaf in codebook().leaves}
    leaves = [leaf for leaf in LEAVES if leaf in set(rows["leaf"])]
    roles = [role for role in MARKERS if role in set(rows["role"])]
    offset: Mapping[str, float] = dict(
        zip(roles, _SPREAD * (np.arange(len(roles)) - (len(roles) - 1) / 2), strict=True)
    )
    shown = rows[rows["state"] == "shown"]
    reach = shown[["difference", "low", "high"]].astype("Float64").abs().max().max()
    reach = float(reach) * 1.1 if pd.notna(reach) and reach > 0 else 1.0
    with style():
        drawn = figure(520, _ROW * len(leaves) + 52)
        axes = drawn.add_axes((0.3, 0.0, 0.68, 1.0))
        axes.set(xlim=(-reach, reach), ylim=(len(leaves) + 0.58, -0.6))
        axes.axis("off")
        axes.plot([0, 0], [-0.6, len(leaves) - 0.5], color=INK, linewidth=1, zorder=0)
        for at, leaf in enumerate(leaves):
            axes.axhline(at + 0.5, color=LINE, linewidth=0.6, xmin=-0.4, clip_on=False)
            axes.annotate(labels[leaf], (-reach, at), (-8, 0), textcoords="offset points", ha="right", va="center")
            here = shown[shown["leaf"] == leaf]
            if here.empty:
                axes.text(reach * 0.03, at, say.gettext("cannot say"), va="center", color=INK)
            for row in here.itertuples():
                y, colour = at + offset[row.role], COLOURS[row.role]
                if pd.notna(row.low):
                    axes.plot([row.low, row.high], [y, y], color=colour, linewidth=2, solid_capstyle="butt")
                face = PAPER if getattr(row, "statement", "") in _UNCLEAR else colour
                axes.plot(row.difference, y, MARKERS[row.role], color=colour, markerfacecolor=face, markersize=7)
        for step in MaxNLocator(4, symmetric=True).tick_values(-reach, reach):
            if abs(step) <= reach:
                axes.text(step, len(leaves) - 0.22, say.number(step, 1), ha="center", va="center", color=INK)
        for x, word, side in ((-reach, ends[0], "left"), (reach, ends[1], "right")):
            axes.text(x, len(leaves) + 0.26, word, ha=side, va="center", color=INK)
    return drawn
