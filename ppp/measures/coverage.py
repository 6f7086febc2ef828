"""Where and when patients take part: activities on the matrix of Place and Phase."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ppp.coding import NO_CODE, ORIGINS
from ppp.framework import NOT_STATED, PHASES, PLACES

__all__ = ["NOT_YET_CODED", "coding_state", "coverage", "phase_profile", "placements"]

NOT_YET_CODED = "not_yet_coded"
"""In place of a code: nobody has placed the activity, and no suggestion was sure enough."""

Basis = Literal["began", "present"]

_SETS = {
    number: ";".join(phase for at, phase in enumerate(PHASES) if number >> at & 1) for number in range(2 ** len(PHASES))
}  # sets of phases, each phase a bit


def placements(activities: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Each activity with its place and phases.

    Parameters
    ----------
    activities, codes
        The tidy activities, and `ppp.coding.codes_in_force` of them.

    Returns
    -------
    pandas.DataFrame
        One row an activity: ``activity_id``, ``response_id``, ``wave``, ``organization``, ``initiated_by``; ``place``
        and ``phase_began``, each a code of the codebook, "not_stated", or `NOT_YET_CODED`; ``phases``, the phases in
        which patients were present, joined by ``;``; ``origin``, where the place and phase come from: one of
        `ppp.coding.ORIGINS`, the weaker of the two, missing where neither is coded; and of each axis
        ``place_origin``, ``place_confidence``, ``phase_began_origin`` and ``phase_began_confidence``.

    Examples
    --------
    >>> activities = pd.DataFrame({"activity_id": ["1"], "response_id": "r", "wave": "w", "organization": "a",
    ...     "initiated_by": "patients"})
    >>> codes = pd.DataFrame({"activity_id": "1", "dimension": ["place", "phase_began", "phase"],
    ...     "code": ["clinic", "design", "plan"], "origin": "respondent"})
    >>> placements(activities, codes)[["place", "phase_began", "phases", "origin"]].values.tolist()
    [['clinic', 'design', 'plan', 'respondent']]
    """
    placed = activities[["activity_id", "response_id", "wave", "organization", "initiated_by"]].reset_index(drop=True)
    for dimension in ("place", "phase_began"):
        one = codes[codes["dimension"] == dimension].drop_duplicates("activity_id").set_index("activity_id")
        placed[dimension] = placed["activity_id"].map(one["code"]).astype("string").fillna(NOT_YET_CODED)
        placed[f"{dimension}_origin"] = placed["activity_id"].map(one["origin"]).astype("string")
        sure = one["confidence"] if "confidence" in one else pd.Series(dtype="Float64")
        placed[f"{dimension}_confidence"] = placed["activity_id"].map(sure).astype("Float64")
    present = codes[(codes["dimension"] == "phase") & codes["code"].isin(PHASES)]
    present = present.drop_duplicates(["activity_id", "code"])
    bits = present["code"].map({phase: 1 << at for at, phase in enumerate(PHASES)}).astype("int64")
    phases = bits.groupby(present["activity_id"]).sum().map(_SETS)
    placed["phases"] = placed["activity_id"].map(phases).astype("string").fillna("")
    origins = placed[["place_origin", "phase_began_origin"]].apply(
        lambda column: column.map({name: rank for rank, name in enumerate(ORIGINS)}).astype("Float64")
    )
    placed["origin"] = origins.max(axis=1).map(dict(enumerate(ORIGINS))).astype("string")
    return placed


def coverage(placed: pd.DataFrame, *, basis: Basis = "present") -> pd.DataFrame:
    """How many activities each cell of the matrix holds.

    Parameters
    ----------
    placed
        What `placements` returns.
    basis
        "began": each activity once, in the phase where collaboration began (the framework's definition of Phase).
        "present": in every phase in which patients were present.

    Returns
    -------
    pandas.DataFrame
        All 16 cells for each organization and wave that has activities: ``organization``, ``wave``, ``place``,
        ``phase``, ``activities_n`` and ``reporters_n`` (different respondents who reported them).

    Notes
    -----
    Formula
        Different activities in each pair of place and phase. By *began* an activity is in one cell at the most; by
        *present* in as many as it has phases.
    Source
        Lind (2014), II, Figure 1: Place and Phase as the axes of a matrix.
    Reading
        An empty cell is an opening, not a fault.
    Limits
        An activity without a place or a phase is in no cell: read beside the table of how activities are coded. Cells
        count activities, not how many people they reached or what came of them.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1", "2"], "response_id": ["r", "s"],
    ...     "place": "clinic", "phase_began": ["design", "evaluate"], "phases": ["design;plan", "evaluate"],
    ...     "initiated_by": ["patients", None], "origin": ["respondent", "suggested"]})
    >>> coverage(placed, basis="began").query("activities_n > 0")[["place", "phase", "activities_n"]].values.tolist()
    [['clinic', 'design', 1], ['clinic', 'evaluate', 1]]
    """
    rows = placed.assign(phase=placed["phase_began"] if basis == "began" else placed["phases"].str.split(";")).explode(
        "phase"
    )
    rows = rows[rows["place"].isin(PLACES) & rows["phase"].isin(PHASES)]
    return _count(rows, placed, place=PLACES, phase=PHASES)


def phase_profile(placed: pd.DataFrame) -> pd.DataFrame:
    """In which phase collaboration began.

    Parameters
    ----------
    placed
        What `ppp.measures.placements` returns, and `ppp.Study.placements` of a study.

    Returns
    -------
    pandas.DataFrame
        Four phases for each organization and wave: ``organization``, ``wave``, ``phase``, ``activities_n``,
        ``reporters_n`` and ``share`` of the activities whose phase is known (0 to 1; missing where none is).

    Notes
    -----
    Formula
        Activities by the phase in which collaboration began, and their share of those whose phase is known.
    Source
        Lind (2014) defines Phase as the phase of a project in which collaboration begins, and holds that the earlier it
        begins the more challenging, and the more effective, it is.
    Reading
        Much in Design: patients help to choose the problem. Much in Evaluate: they are asked afterwards.
    Limits
        Remembered by the respondent, or read from a text; projects do not always fall into four phases.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1", "2"], "response_id": ["r", "s"],
    ...     "place": "clinic", "phase_began": ["design", "evaluate"], "phases": ["design;plan", "evaluate"],
    ...     "initiated_by": ["patients", None], "origin": ["respondent", "suggested"]})
    >>> phase_profile(placed)[["phase", "activities_n", "share"]].values.tolist()
    [['design', 1, 0.5], ['plan', 0, 0.0], ['implement', 0, 0.0], ['evaluate', 1, 0.5]]
    """
    rows = placed.assign(phase=placed["phase_began"])
    counted = _count(rows[rows["phase"].isin(PHASES)], placed, phase=PHASES)
    total = counted.groupby(["organization", "wave"])["activities_n"].transform("sum")
    counted["share"] = (counted["activities_n"] / total.where(total > 0)).astype("Float64")
    return counted


def coding_state(placed: pd.DataFrame) -> pd.DataFrame:
    """How far the placing of activities has come.

    Parameters
    ----------
    placed
        What `ppp.measures.placements` returns, and `ppp.Study.placements` of a study.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``state``, ``activities_n``, ``reporters_n``. States: *placed_by_respondent* and
        *placed_by_suggestion* (both place and phase known), *not_stated* (one of them is stated not to be known) and
        `NOT_YET_CODED`; and, where the study has any, *settled*, *double_coded* and *single_coded* (placed by coders)
        and *no_partnership* (coded as no partnership activity). They add up to all activities.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1", "2"], "response_id": ["r", "s"],
    ...     "place": "clinic", "phase_began": ["design", "evaluate"], "phases": ["design;plan", "evaluate"],
    ...     "initiated_by": ["patients", None], "origin": ["respondent", "suggested"]})
    >>> coding_state(placed).query("activities_n > 0")[["state", "activities_n"]].values.tolist()
    [['placed_by_respondent', 1], ['placed_by_suggestion', 1]]
    """
    axes = placed[["place", "phase_began"]]
    state = placed["origin"].map(_STATES).astype("string")
    state[(axes == NOT_STATED).any(axis=1)] = NOT_STATED
    state[(axes == NOT_YET_CODED).any(axis=1)] = NOT_YET_CODED
    state[(axes == NO_CODE).any(axis=1)] = "no_partnership"
    always = ("placed_by_respondent", "placed_by_suggestion", NOT_STATED, NOT_YET_CODED)
    order = ("settled", "double_coded", "single_coded", *always[:2], "no_partnership", *always[2:])
    states = tuple(name for name in order if name in always or (state == name).any())
    return _count(placed.assign(state=state), placed, state=states)


_STATES = {
    "settled": "settled",
    "double_coded": "double_coded",
    "single_coded": "single_coded",
    "respondent": "placed_by_respondent",
    "suggested": "placed_by_suggestion",
}


def _count(rows: pd.DataFrame, everything: pd.DataFrame, **levels: tuple[str, ...]) -> pd.DataFrame:
    """Activities and reporters for every combination of the levels, zeros included."""
    keys = ["organization", "wave", *levels]
    rounds = everything[["organization", "wave"]].drop_duplicates()
    grid = rounds
    for name, values in levels.items():
        grid = grid.merge(pd.DataFrame({name: pd.array(values, dtype="string")}), how="cross")
    found = (
        rows.astype(dict.fromkeys(levels, "string"))
        .groupby(keys)
        .agg(activities_n=("activity_id", "nunique"), reporters_n=("response_id", "nunique"))
    )
    counted = grid.merge(found, how="left", left_on=keys, right_index=True)
    counted[["activities_n", "reporters_n"]] = counted[["activities_n", "reporters_n"]].fillna(0).astype("Int64")
    return counted.reset_index(drop=True)
