"""Who took the initiative: the formulation privilege."""

from __future__ import annotations

import pandas as pd

from ppp.framework import PLACES
from ppp.measures.coverage import _count
from ppp.tables import INITIATORS

__all__ = ["initiation"]


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
    Lind (2014) calls the right to form the agenda, to ask the questions and to begin an effort the *formulation
    privilege*; sharing it is what makes a partnership.
    """
    rows = placed.assign(initiated_by=placed["initiated_by"].fillna("not_stated"))
    initiators = (*INITIATORS, "not_stated")
    by_place = _count(rows[rows["place"].isin(PLACES)], placed, place=PLACES, initiated_by=initiators)
    overall = _count(rows.assign(place="all"), placed, place=("all",), initiated_by=initiators)
    return pd.concat([overall, by_place], ignore_index=True)
