"""Who took the initiative: the formulation privilege."""

from __future__ import annotations

import pandas as pd

from ppp.framework import PHASES, PLACES
from ppp.measures.coverage import _count
from ppp.tables import INITIATORS

__all__ = ["formulation", "initiation"]

_INITIATORS = (*INITIATORS, "not_stated")


def initiation(placed: pd.DataFrame) -> pd.DataFrame:
    """Who initiated the activities, by place.

    Parameters
    ----------
    placed
        What `ppp.measures.placements` returns.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``place`` (a place of the codebook, or "all" for every activity, placed or not),
        ``initiated_by`` (patients, professionals, jointly, or "not_stated"), ``activities_n``, ``reporters_n``.

    Notes
    -----
    Formula
        Activities counted by who took the initiative, over all and at each place.
    Source
        Lind (2014) calls the right to form the agenda, to ask the questions and to begin an effort the *formulation
        privilege*; sharing it is what makes a partnership.
    Reading
        Where all initiatives come from professionals, patients take part in somebody else's agenda.
    Limits
        One answer about each activity, by whoever filled in the form; the other side may remember it otherwise.
        Activities that coders judged not to be partnership count too.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1", "2"], "response_id": ["r", "s"],
    ...     "place": "clinic", "phase_began": ["design", "evaluate"], "phases": ["design;plan", "evaluate"],
    ...     "initiated_by": ["patients", None], "origin": ["respondent", "suggested"]})
    >>> table = initiation(placed).query("activities_n > 0")
    >>> table[["place", "initiated_by", "activities_n"]].values.tolist()[:2]
    [['all', 'patients', 1], ['all', 'not_stated', 1]]
    """
    rows = placed.assign(initiated_by=placed["initiated_by"].fillna("not_stated"))
    by_place = _count(rows[rows["place"].isin(PLACES)], placed, place=PLACES, initiated_by=_INITIATORS)
    overall = _count(rows.assign(place="all"), placed, place=("all",), initiated_by=_INITIATORS)
    return pd.concat([overall, by_place], ignore_index=True)


def formulation(placed: pd.DataFrame) -> pd.DataFrame:
    """Who initiated the activities of each cell: place and phase in which collaboration began.

    Parameters
    ----------
    placed
        What `ppp.measures.placements` returns, and `ppp.Study.placements` of a study.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``place``, ``phase``, ``initiated_by``, ``activities_n``, ``reporters_n``: all 16
        cells, each with four initiators, for activities whose place and phase are known.

    Notes
    -----
    Formula
        Activities counted by initiator in the cell where collaboration began.
    Source
        Lind (2014), II: in Initiation the problem is chosen and resources are set aside; there professionals have
        typically held the formulation privilege.
    Reading
        Initiatives by patients or jointly in Design show a shared agenda; initiatives by professionals in Evaluate
        show that patients are asked afterwards.
    Limits
        Cells hold few activities: counts, not shares, are shown.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1"], "response_id": ["r"],
    ...     "place": ["clinic"], "phase_began": ["design"], "initiated_by": ["patients"]})
    >>> formulation(placed).query("activities_n > 0")[["place", "phase", "initiated_by"]].values.tolist()
    [['clinic', 'design', 'patients']]
    """
    rows = placed.assign(phase=placed["phase_began"], initiated_by=placed["initiated_by"].fillna("not_stated"))
    rows = rows[rows["place"].isin(PLACES) & rows["phase"].isin(PHASES)]
    return _count(rows, placed, place=PLACES, phase=PHASES, initiated_by=_INITIATORS)
