"""How patients, relatives, professionals and others rate each factor of Parity."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from ppp.figures.lanes import lanes, mark
from ppp.figures.states import with_state
from ppp.figures.style import COLOURS, MARKERS, style
from ppp.framework import LEAVES, codebook
from ppp.language import speak

__all__ = ["parity_ratings"]

_OFFSETS = {"patient": 0.02, "professional": 0.38, "relative": 0.2, "other": 0.2}


def parity_ratings(ratings: pd.DataFrame, *, language: str = "en") -> Figure:
    """A lane for each factor with one mark a role at its mean rating, and the interval of the two main roles.

    Parameters
    ----------
    ratings
        The releasable table ``parity_ratings`` of one wave and one scale: ``leaf``, ``role``, ``scale_low``,
        ``scale_high``, ``mean``, ``half_width`` (may be missing), ``state``. Or what `ppp.measures.parity_ratings`
        returns, of one organization, wave and scale: for the study's own people.
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
    steps = round(high - low)
    ticks = [low + step for step in (range(steps + 1) if steps <= 10 else (0, steps))]
    with style():
        drawn, axes = lanes([labels[leaf] for leaf in leaves], low, high, ticks, say)
        for role in ("relative", "other", "professional", "patient"):
            rows = shown[shown["role"] == role]
            at = [leaves.index(leaf) + _OFFSETS[role] for leaf in rows["leaf"]]
            means, ends = rows["mean"].astype(float), None
            if role in ("patient", "professional") and "half_width" in rows:
                half = rows["half_width"].astype(float).fillna(0)
                ends = ((means - half).clip(low, high).to_numpy(), (means + half).clip(low, high).to_numpy())
            mark(axes, at, means.to_numpy(), marker=MARKERS[role], colour=COLOURS[role], ends=ends)
    return drawn
