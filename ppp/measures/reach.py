"""How far partnership reaches over the matrix, how early it begins, and how long its threads are."""

from __future__ import annotations

import pandas as pd

from ppp.framework import PHASES, PLACES

__all__ = ["INDICATORS", "coverage_summary"]

INDICATORS = (
    ("cells_reached", "activities"),
    ("places_reached", "activities"),
    ("phases_reached", "activities"),
    ("begins_in_design", "activities"),
    ("begins_in_evaluate", "activities"),
    ("thread_length", "activities"),
    ("followed_across_phases", "activities"),
    ("begins_in_design", "respondents"),
    ("only_in_evaluate", "respondents"),
)
"""Each indicator and what it counts: activities, or the respondents who told of them."""

_ROUND = ["organization", "wave"]


def coverage_summary(placed: pd.DataFrame) -> pd.DataFrame:
    """Cells reached, span, share that begins in Design and in Evaluate, and length of threads.

    Parameters
    ----------
    placed
        What `ppp.measures.placements` returns.

    Returns
    -------
    pandas.DataFrame
        One row for each organization, wave and pair of `INDICATORS`: ``organization``, ``wave``, ``indicator``,
        ``counted_by`` (activities or respondents), ``n`` (how many have the property), ``of_n`` (of how many),
        ``value`` (missing where ``of_n`` is 0) and ``reporters_n``, ``others_n``: different respondents behind the
        activities counted in ``n``, and behind those that are not.

    Notes
    -----
    Formula
        An activity is in a cell when its place is known and patients are present in that phase.
        *cells_reached* = cells with at least one activity, of 16; *places_reached* and *phases_reached* = rows and
        columns with at least one, of 4. *begins_in_design*, *begins_in_evaluate* = activities whose ``phase_began``
        is that phase / activities whose ``phase_began`` is known; by respondents: respondents with at least one
        activity that began in Design / respondents with one whose phase is known. *only_in_evaluate* = respondents
        all of whose activities began in Evaluate / the same. *thread_length* = mean number of phases (1 to 4) in
        which one activity has patients present, over activities with any phase known, without those whose phase the
        program suggested; *followed_across_phases* = share of those with two or more.
    Source
        Lind (2014), II: partnership is more robust if activities span levels and phases; today it sits almost only in
        Evaluate; Phase is where collaboration begins.
    Reading
        More cells and longer threads mean broader and deeper partnership. A large share in Evaluate means that
        patients are mostly asked afterwards.
    Limits
        Cells weigh alike, whatever their activities meant. An organization that reports more activities reaches more
        cells for that reason alone. By activities, one diligent respondent counts as often as they tell; by
        respondents, once. Where the program suggested the phase, only the one in which the activity began is known:
        such activities count in cells, and not in threads.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1"], "response_id": ["r"],
    ...     "place": ["clinic"], "phase_began": ["design"], "phases": ["design;plan"]})
    >>> coverage_summary(placed).set_index(["indicator", "counted_by"]).loc[("cells_reached", "activities"), "n"]
    np.int64(2)
    """
    began = placed[placed["phase_began"].isin(PHASES)]
    # A suggestion names the phase in which an activity began, and no other: how long its thread is, is not known.
    origin = placed.get("phase_began_origin", pd.Series("", index=placed.index)).fillna("")
    threads = placed[(placed["phases"].fillna("") != "") & (origin != "suggested")]
    threads = threads.assign(length=threads["phases"].str.count(";") + 1)
    cells = placed[placed["place"].isin(PLACES)]
    cells = cells.assign(phase=cells["phases"].str.split(";")).explode("phase")
    cells = cells[cells["phase"].isin(PHASES)]
    cells = cells.assign(cell=cells["place"].astype("string") + "/" + cells["phase"].astype("string"))
    rounds = pd.MultiIndex.from_frame(placed[_ROUND].drop_duplicates().sort_values(_ROUND))

    parts = [
        _reached(cells, "cell", 16, "cells_reached", rounds),
        _reached(cells, "place", 4, "places_reached", rounds),
        _reached(cells, "phase", 4, "phases_reached", rounds),
        _share(began, began["phase_began"] == "design", "begins_in_design", rounds),
        _share(began, began["phase_began"] == "evaluate", "begins_in_evaluate", rounds),
        _length(threads, rounds),
        _share(threads, threads["length"] > 1, "followed_across_phases", rounds),
        _respondents(began, "begins_in_design", rounds),
        _respondents(began, "only_in_evaluate", rounds),
    ]
    table = pd.concat(parts, ignore_index=True)
    for column in ("n", "of_n", "reporters_n", "others_n"):
        table[column] = table[column].fillna(0).astype("int64")
    table["value"] = table["value"].astype("Float64")
    at = {pair: number for number, pair in enumerate(INDICATORS)}
    order = [at[pair] for pair in zip(table["indicator"], table["counted_by"], strict=True)]
    table = table.assign(order=order).sort_values([*_ROUND, "order"], ignore_index=True)
    return table[[*_ROUND, "indicator", "counted_by", "n", "of_n", "value", "reporters_n", "others_n"]]


def _reached(cells: pd.DataFrame, of: str, most: int, indicator: str, rounds: pd.MultiIndex) -> pd.DataFrame:
    grouped = cells.groupby(_ROUND)
    found = pd.DataFrame({"n": grouped[of].nunique(), "reporters_n": grouped["response_id"].nunique()})
    found = found.reindex(rounds).fillna(0)
    found = found.assign(of_n=most, others_n=0, indicator=indicator, counted_by="activities")
    return found.assign(value=found["n"]).reset_index()


def _share(rows: pd.DataFrame, has: pd.Series, indicator: str, rounds: pd.MultiIndex) -> pd.DataFrame:
    rows = rows[[*_ROUND, "response_id"]].assign(has=has.to_numpy(dtype=bool))
    rows = rows.assign(who=rows["response_id"].where(rows["has"]), other=rows["response_id"].where(~rows["has"]), one=1)
    found = rows.groupby(_ROUND).agg(
        n=("has", "sum"), of_n=("one", "sum"), reporters_n=("who", "nunique"), others_n=("other", "nunique")
    )
    found = found.reindex(rounds)
    found["value"] = found["n"] / found["of_n"]
    return found.assign(indicator=indicator, counted_by="activities").reset_index()


def _length(threads: pd.DataFrame, rounds: pd.MultiIndex) -> pd.DataFrame:
    grouped = threads.groupby(_ROUND)
    found = pd.DataFrame(
        {
            "n": grouped["length"].sum(),
            "of_n": grouped.size(),
            "value": grouped["length"].mean(),
            "reporters_n": grouped["response_id"].nunique(),
        }
    ).reindex(rounds)
    return found.assign(others_n=0, indicator="thread_length", counted_by="activities").reset_index()


def _respondents(began: pd.DataFrame, indicator: str, rounds: pd.MultiIndex) -> pd.DataFrame:
    phase, how = ("design", "max") if indicator == "begins_in_design" else ("evaluate", "min")
    persons = began[[*_ROUND, "response_id"]].assign(has=(began["phase_began"] == phase).to_numpy(dtype=bool))
    persons = persons.groupby([*_ROUND, "response_id"])["has"].agg(how).reset_index()
    found = persons.groupby(_ROUND)["has"].agg(n="sum", of_n="size").reindex(rounds)
    found["value"] = found["n"] / found["of_n"]
    found = found.assign(reporters_n=found["n"], others_n=found["of_n"] - found["n"])
    return found.assign(indicator=indicator, counted_by="respondents").reset_index()
