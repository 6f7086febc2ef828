"""Parity, third strand: what the coded texts say, by leaf and direction."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ppp.framework import LEAVES, codebook
from ppp.measures.coverage import _count

__all__ = ["POLARITIES", "by_grouping", "coded_evidence"]

POLARITIES = ("supports", "barrier")
"""The directions of evidence: a support added or a barrier removed, and the opposite."""


def coded_evidence(activities: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """In how many activities the text speaks of a leaf of Parity, by direction.

    Parameters
    ----------
    activities, codes
        The tidy activities, and `ppp.coding.codes_in_force` of them.

    Returns
    -------
    pandas.DataFrame
        Every leaf and direction for each organization and wave with activities: ``organization``, ``wave``, ``leaf``,
        ``polarity`` (supports or barrier), ``activities_n``, ``reporters_n``.

    Notes
    -----
    Formula
        Different activities with a code on the leaf in that direction. One activity may count on several leaves, and
        in both directions.
    Source
        Lind (2014), II, Factor 3: parity grows by removing barriers or by adding supports.
    Reading
        What people chose to write about. Set it beside the facts and the ratings; it is a strand of its own.
    Limits
        Silence is no evidence: a text that does not speak of pay tells nothing about pay. Suggested codes rest on cue
        phrases and miss what is said in other words.

    Examples
    --------
    >>> activities = pd.DataFrame({"activity_id": ["1"], "response_id": ["r"], "organization": "a", "wave": "w"})
    >>> codes = pd.DataFrame({"activity_id": ["1"], "dimension": "parity", "code": "support", "polarity": "barrier"})
    >>> coded_evidence(activities, codes).query("activities_n > 0")[["leaf", "polarity"]].values.tolist()
    [['support', 'barrier']]
    """
    known = activities[["activity_id", "response_id", "organization", "wave"]]
    parity = codes[(codes["dimension"] == "parity") & codes["polarity"].isin(POLARITIES) & codes["code"].isin(LEAVES)]
    rows = parity.rename(columns={"code": "leaf"})[["activity_id", "leaf", "polarity"]].merge(known, on="activity_id")
    return _count(rows, known, leaf=LEAVES, polarity=POLARITIES)


def by_grouping(table: pd.DataFrame, grouping: Literal["text", "figure"], *, column: str) -> pd.DataFrame:
    """Sums over leaves made into sums over the seven factors of one of the framework's two groupings.

    Parameters
    ----------
    table
        Any measure with a column ``leaf`` and counts.
    grouping
        "text": preparation goes with training; "figure": preparation goes with support.
    column
        The count to be summed.

    Returns
    -------
    pandas.DataFrame
        ``factor`` in place of ``leaf``, other columns that are no counts kept as keys, and ``column``. A sum with a
        missing part is missing: what is withheld does not become zero.

    Notes
    -----
    Formula
        Sum over the leaves of a factor. Every leaf is in exactly one factor of each grouping (the codebook's loader
        refuses anything else), so the totals of both groupings equal the total over leaves.
    Source
        Lind (2014): the text of Factor 3 joins preparation and training, Figure 1 joins preparation and support.
    Reading
        Two views of the same counts.
    Limits
        Adds pieces of evidence, not activities: one activity that speaks of preparation and of training counts twice
        in the factor that holds both.

    Examples
    --------
    >>> counts = pd.DataFrame({"leaf": ["preparation", "training", "support"], "n": [1, 2, 4]})
    >>> by_grouping(counts, "text", column="n")["n"].tolist(), by_grouping(counts, "figure", column="n")["n"].tolist()
    ([3, 4], [5, 2])
    """
    chosen = next(found for found in codebook().groupings if found.id == grouping)
    factor = {leaf: group.id for group in chosen.groups for leaf in group.leaves}
    order = {group.id: at for at, group in enumerate(chosen.groups)}
    keys = [name for name in ("organization", "wave", "polarity") if name in table]
    rows = table.assign(factor=table["leaf"].map(factor), order=table["leaf"].map(factor).map(order))
    rows["known"] = rows[column].notna()
    grouped = rows.groupby([*keys, "order", "factor"], dropna=False)
    sums = grouped[column].sum(min_count=1).where(grouped["known"].all())
    return sums.reset_index().drop(columns="order")
