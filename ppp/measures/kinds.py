"""What kinds of activity each cell of the matrix holds."""

from __future__ import annotations

import pandas as pd

from ppp.framework import PHASES, PLACES

__all__ = ["kinds_in_cells"]


def kinds_in_cells(placed: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """Kinds of activity in each cell, by the phases in which patients were present.

    Parameters
    ----------
    placed
        What `placements` returns.
    kinds
        ``activity_id`` and ``kind``: `ppp.coding.kinds.kinds_of` their descriptions.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``place``, ``phase``, ``kind``, ``activities_n``; only cells and kinds that occur.

    Notes
    -----
    Formula
        Different activities of the kind in the cell. An activity's kind is the one that its words speak of most.
    Source
        The forms that Lind (2014), Figure 1, gives as examples; the words are those of the program's lexicon.
    Reading
        What a cell is made of, beside how much of it there is.
    Limits
        Told from words: a text that describes a council without any word for one is of no kind here.

    Examples
    --------
    >>> placed = pd.DataFrame({"activity_id": ["1"], "organization": "a", "wave": "w", "place": "clinic"})
    >>> told = pd.DataFrame({"activity_id": ["1"], "kind": ["teams"]})
    >>> kinds_in_cells(placed.assign(phases="design;plan"), told)["phase"].tolist()
    ['design', 'plan']
    """
    rows = placed[["activity_id", "organization", "wave", "place", "phases"]].merge(kinds, on="activity_id")
    rows = rows.assign(phase=rows["phases"].str.split(";")).explode("phase")
    rows = rows[rows["place"].isin(PLACES) & rows["phase"].isin(PHASES)]
    keys = ["organization", "wave", "place", "phase", "kind"]
    return rows.groupby(keys)["activity_id"].nunique().rename("activities_n").reset_index().astype({"phase": "string"})
