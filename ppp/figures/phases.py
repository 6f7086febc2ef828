"""When patients join: the phases in which collaboration began."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from ppp.figures.states import with_state
from ppp.figures.style import COLOURS, INK, figure, style
from ppp.framework import PHASES, codebook
from ppp.language import speak

__all__ = ["phase_profile"]


def phase_profile(profile: pd.DataFrame, *, language: str = "en") -> Figure:
    """A bar for each phase: in how many activities collaboration began there.

    Parameters
    ----------
    profile
        The releasable table ``phase_profile`` of one wave: ``phase``, ``activities_n``, ``state``.
        Or what `ppp.measures.phase_profile` returns, of one organization and wave: for the study's own people.
    language
        Of the labels: "en" or "sv".

    Returns
    -------
    matplotlib.figure.Figure
        Withheld counts have no bar and say "some".

    Raises
    ------
    ValueError
        Where the table holds several organizations or waves.

    Examples
    --------
    >>> profile = pd.DataFrame({"phase": PHASES, "activities_n": [3, 0, 5, 1]})
    >>> [word.get_text() for word in phase_profile(profile).axes[0].texts]
    ['3', '0', '5', '1']
    """
    profile = with_state(profile, "activities_n", by=("phase",))
    say, labels = speak(language), {phase.id: phase.label[language] for phase in codebook().phases}
    table = profile.set_index("phase").reindex(PHASES)
    counts = table["activities_n"].fillna(0).astype(int)
    highest = max(1, int(counts.max()))
    with style():
        drawn = figure(360, 170)
        axes = drawn.add_axes((0.3, 0.02, 0.6, 0.96))
        sns.barplot(
            x=counts.to_numpy(),
            y=[labels[phase] for phase in PHASES],
            color=COLOURS["design"],
            saturation=1,
            ax=axes,
            width=0.62,
        )
        axes.set(xlim=(0, highest), xlabel="", ylabel="")
        axes.xaxis.set_visible(False)
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        for at, phase in enumerate(PHASES):
            state = table.loc[phase, "state"]
            word = say.gettext("some") if state == "some" else say.number(counts[phase])
            axes.annotate(word, (counts[phase], at), (5, 0), textcoords="offset points", va="center", color=INK)
    return drawn
