"""When patients join: the phases in which collaboration began, and those in which patients are present."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from ppp.figures.states import with_state
from ppp.figures.style import COLOURS, INK, figure, style
from ppp.framework import PHASES, codebook
from ppp.language import speak

__all__ = ["phase_profile"]


def phase_profile(
    profile: pd.DataFrame, *, present: Mapping[str, int | None] | None = None, language: str = "en"
) -> Figure:
    """A bar for each phase: in how many activities collaboration began there; and a thinner one for where it was.

    Parameters
    ----------
    profile
        The releasable table ``phase_profile`` of one wave: ``phase``, ``activities_n``, ``state``.
        Or what `ppp.measures.phase_profile` returns, of one organization and wave: for the study's own people.
    present
        For each phase, in how many activities patients were present; None where that is withheld.
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
    there = {phase: n for phase, n in (present or {}).items() if n is not None}
    highest = max(1, int(counts.max()), *there.values())
    with style():
        drawn = figure(360, 190)
        axes = drawn.add_axes((0.3, 0.02, 0.6, 0.96))
        axes.set(xlim=(0, highest), ylim=(len(PHASES) - 0.4, -0.5))
        axes.set_yticks(range(len(PHASES)), [labels[phase] for phase in PHASES])
        axes.xaxis.set_visible(False)
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        for at, phase in enumerate(PHASES):
            axes.barh(at - 0.1, counts[phase], height=0.42, color=COLOURS["design"])
            word = say.gettext("some") if table.loc[phase, "state"] == "some" else say.number(counts[phase])
            axes.annotate(word, (counts[phase], at - 0.1), (5, 0), textcoords="offset points", va="center", color=INK)
            if there.get(phase):
                axes.barh(at + 0.25, there[phase], height=0.16, color="none", edgecolor=COLOURS["design"], linewidth=1)
    return drawn
