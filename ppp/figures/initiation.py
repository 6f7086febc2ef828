"""Who asked the question: initiators of activities, by place."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
from matplotlib.figure import Figure

from ppp.figures.states import with_state
from ppp.figures.style import COLOURS, INK, PAPER, figure, style
from ppp.framework import PLACES, codebook
from ppp.language import speak
from ppp.tables import INITIATORS

__all__ = ["initiation"]


def initiation(table: pd.DataFrame, *, language: str = "en") -> Figure:
    """A stacked bar for each place: activities begun by patients, jointly, and by professionals.

    Parameters
    ----------
    table
        The releasable table ``initiation`` of one wave: ``place``, ``initiated_by``, ``activities_n``, ``state``.
        Or what `ppp.measures.initiation` returns, of one organization and wave: for the study's own people.
    language
        Of the labels: "en" or "sv".

    Returns
    -------
    matplotlib.figure.Figure
        Places without an activity whose initiator is known have no bar; places with a withheld count say so.

    Raises
    ------
    ValueError
        Where the table holds several organizations or waves.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["all"], "initiated_by": ["patients"], "activities_n": [3]})
    >>> initiation(table).axes[0].texts[0].get_text()
    '3'
    """
    table = with_state(table, "activities_n", by=("place", "initiated_by"))
    say, book = speak(language), codebook()
    names = {"all": say.gettext("All activities")} | {place.id: place.label[language] for place in book.places}
    order = [name for name in ("patients", "jointly", "professionals") if name in INITIATORS]
    counts = table.pivot(index="place", columns="initiated_by", values="activities_n").reindex(
        ["all", *PLACES], columns=order
    )
    hidden = table["state"].eq("some").groupby(table["place"]).any().reindex(["all", *PLACES], fill_value=False)
    counts = counts.fillna(0).astype(int)
    with style():
        drawn = figure(360, 210)
        axes = drawn.add_axes((0.3, 0.02, 0.68, 0.96))
        totals = counts.sum(axis=1)
        axes.set(xlim=(0, 1), ylim=(4.6, -0.6))
        # Two lines at most, so that the longest name leaves room for the bars on a phone.
        axes.set_yticks(range(5), ["\n".join(wrap(names[place], 15, max_lines=2)) for place in counts.index])
        axes.xaxis.set_visible(False)
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        for at, place in enumerate(counts.index):
            if hidden[place] or not totals[place]:
                word = say.gettext("withheld") if hidden[place] else say.gettext("none known")
                axes.text(0.01, at, word, va="center", color=INK)
                continue
            left = 0.0
            for initiator in order:
                share = counts.loc[place, initiator] / totals[place]
                if not share:
                    continue
                colour = COLOURS[initiator]
                # In grey print the three are alike: what was begun together is striped.
                stripes = "///" if initiator == "jointly" else ""
                axes.barh(at, share, left=left, height=0.62, color=colour, edgecolor=PAPER, linewidth=1, hatch=stripes)
                number = axes.text(left + share / 2, at, say.number(counts.loc[place, initiator]), color=PAPER)
                number.set(ha="center", va="center", bbox={"facecolor": colour, "linewidth": 0, "pad": 2})
                left += share
    return drawn
