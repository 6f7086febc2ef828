"""How ratings changed from one wave to the next."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from ppp.figures.lanes import lanes, mark
from ppp.figures.style import COLOURS, LINE, MARKERS, style
from ppp.framework import LEAVES, codebook
from ppp.language import speak

__all__ = ["change"]

_OFFSETS = {"patient": 0.1, "professional": 0.3}


def change(table: pd.DataFrame, *, language: str = "en") -> Figure:
    """A lane for each factor: later minus earlier mean, with its interval, around a line at zero.

    Parameters
    ----------
    table
        The releasable table ``change`` of one wave and one scale: ``leaf``, ``role``, ``change``, ``low``, ``high``,
        ``statement``, ``state``.
    language
        Of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Patients and professionals. Changes that are not clear are hollow.

    Examples
    --------
    >>> table = pd.DataFrame({"leaf": ["support"], "role": "patient", "change": 0.4, "low": -0.1, "high": 0.9})
    >>> drawn = change(table.assign(statement="no_clear_change", state="shown"))
    >>> [text.get_text() for text in drawn.axes[0].texts]
    ['Support', '−1', '0', '1']
    """
    say, labels = speak(language), {leaf.id: leaf.label[language] for leaf in codebook().leaves}
    shown = table[(table["state"] == "shown") & table["role"].isin(list(_OFFSETS))]
    leaves = [leaf for leaf in LEAVES if leaf in set(shown["leaf"])]
    reach = math.ceil(float(shown[["low", "high"]].abs().max().max()) * 2) / 2
    with style():
        drawn, axes = lanes([labels[leaf] for leaf in leaves], -reach, reach, (-reach, 0, reach), say)
        axes.vlines(0, -0.1, len(leaves) - 0.45, color=LINE, linewidth=1.2, zorder=1)
        for role, offset in _OFFSETS.items():
            for hollow in (True, False):
                rows = shown[(shown["role"] == role) & (shown["statement"].eq("no_clear_change") == hollow)]
                at = [leaves.index(leaf) + offset for leaf in rows["leaf"]]
                values = {name: rows[name].astype(float).to_numpy() for name in ("change", "low", "high")}
                mark(
                    axes, at, values["change"], marker=MARKERS[role], colour=COLOURS[role],
                    ends=(values["low"], values["high"]), hollow=hollow,
                )  # fmt: skip
    return drawn
