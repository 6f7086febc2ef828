"""What may leave: each measure with a ``state`` in place of the numbers that may not.

States: *shown* (the numbers are there), *none* (a true zero), *some* (more than zero; how many is withheld) and
*withheld* (nothing may be said).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

__all__ = ["SHOWN_STATES", "release"]

SHOWN_STATES = ("shown", "none")

_CELL = ["organization", "wave"]


def release(measures: Mapping[str, pd.DataFrame], *, threshold: int, by_respondents: bool) -> dict[str, pd.DataFrame]:
    """The measures made releasable.

    Parameters
    ----------
    measures
        By name, what `ppp.measures` returns: ``coverage`` (with a column ``basis``), ``phase_profile``, ``initiation``,
        ``coding_state``, ``parity_facts``, ``parity_ratings`` and ``response_counts``.
    threshold
        No number about fewer people than this leaves.
    by_respondents
        Whether activities were told by individual respondents: then a count that rests on fewer reporters than the
        threshold says only that there are some, and so does every total that would give it away.

    Returns
    -------
    dict of pandas.DataFrame
        Tables with the columns of `ppp.disclosure.RELEASED`, and ``organization`` beside them.
    """
    few = threshold if by_respondents else 0
    cells = _counts(measures["coverage"], few)
    began = cells[cells["basis"] == "began"]
    hidden = began[began["state"] == "some"]

    profile = _counts(measures["phase_profile"], few, hidden=hidden[[*_CELL, "phase"]])
    # One hidden count and all shares would give the count: the shares go with it.
    any_hidden = (profile["state"] == "some").groupby([profile[key] for key in _CELL]).transform("any")
    profile["share"] = profile["share"].mask(any_hidden)

    by_place = pd.concat([hidden[[*_CELL, "place"]], hidden[_CELL].assign(place="all")], ignore_index=True)
    return {
        "coverage": cells,
        "phase_profile": profile,
        "initiation": _counts(measures["initiation"], few, hidden=by_place),
        "coding_state": _counts(
            measures["coding_state"].rename(columns={"state": "coding"}), few, hidden=hidden[_CELL]
        ),
        "parity_facts": _facts(measures["parity_facts"], threshold, by_respondents),
        "parity_ratings": _ratings(measures["parity_ratings"], threshold),
        "response_counts": _responses(measures["response_counts"], threshold),
    }


def _counts(table: pd.DataFrame, few: int, hidden: pd.DataFrame | None = None) -> pd.DataFrame:
    """Counts of activities with their state; `hidden` names rows that hold a hidden count as a part of theirs."""
    table = table.copy()
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    table.loc[table["reporters_n"] < few, "state"] = "some"
    if hidden is not None and len(hidden):
        keys = list(hidden.columns)
        part = pd.MultiIndex.from_frame(table[keys]).isin(pd.MultiIndex.from_frame(hidden.drop_duplicates()))
        table.loc[part, "state"] = "some"
    table.loc[table["activities_n"] == 0, "state"] = "none"
    table["activities_n"] = table["activities_n"].mask(table["state"] == "some")
    return table.drop(columns="reporters_n")


def _facts(table: pd.DataFrame, threshold: int, by_respondents: bool) -> pd.DataFrame:
    table = table.copy()
    known = table["yes_n"] + table["no_n"]
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    # These two count people inside each activity: a single activity would show two patients among ten professionals.
    counts_people = table["fact"].isin(["even_numbers", "not_alone"])
    table.loc[counts_people & (known < threshold), "state"] = "withheld"
    if by_respondents:
        for side in ("yes_reporters_n", "no_reporters_n"):
            table.loc[table[side].between(1, threshold - 1), "state"] = "withheld"
    table.loc[known == 0, "state"] = "none"
    numbers = ["yes_n", "no_n", "unknown_n"]
    table[numbers] = table[numbers].mask(table["state"] == "withheld")
    return table.drop(columns=["yes_reporters_n", "no_reporters_n"])


def _ratings(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    table = table.copy()
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    # Where all gave the same answer, the mean tells what each one of them said.
    table.loc[table["lowest"] == table["highest"], "state"] = "withheld"
    table.loc[table["respondents_n"] < threshold, "state"] = "withheld"
    shown = table["state"] == "shown"
    table["mean"] = table["mean"].astype("Float64").round(1).where(shown)
    table = _banded(table, threshold, shown)
    return table.drop(columns=["lowest", "highest", "respondents_n", "missing_n"])


def _responses(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    table = table.copy()
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    table.loc[table["respondents_n"] < threshold, "state"] = "withheld"
    return _banded(table, threshold, table["state"] == "shown").drop(columns="respondents_n")


def _banded(table: pd.DataFrame, threshold: int, shown: pd.Series) -> pd.DataFrame:
    """Numbers of persons as bands as wide as the threshold: with 5, "5 to 9", "10 to 14" …

    Two exact numbers can be subtracted from each other; two bands leave room for at least a band's width.
    """
    lower = (table["respondents_n"] // threshold * threshold).astype("Int64")
    table["respondents_from"] = lower.where(shown)
    table["respondents_to"] = (lower + threshold - 1).where(shown)
    return table
