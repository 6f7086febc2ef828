"""An attack with the network's tables: do they narrow what organizations' own tables leave open?

The attacker holds every organization's released counts and the network's sums of them. A hidden count is one at the least;
a sum that is shown, or a lower bound, holds over the parts that it sums. For each hidden count the attacker works out the
least and the greatest value that fit, over all organizations at once: `ppp.disclosure.attack` asks the same of the tables of
one organization, and both together ask whether the two kinds of tables give away what neither does alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from ppp.disclosure.network import ALL

__all__ = ["attack_network"]

_MOST = 10_000
_SUMMED = {
    "cells": ("coverage", ["wave", "basis", "place", "phase"]),
    "phases": ("phase_profile", ["wave", "phase"]),
    "initiators": ("initiation", ["wave", "place", "initiated_by"]),
}


def attack_network(
    released: Mapping[str, pd.DataFrame],
    network: Mapping[str, pd.DataFrame],
    *,
    groups: Mapping[str, str],
    threshold: int,
) -> pd.DataFrame:
    """What the network's tables tell about each number that an organization's own tables hide.

    Parameters
    ----------
    released
        Tables of every organization: ``coverage``, ``phase_profile``, ``initiation``, ``response_counts``.
    network
        The tables of `ppp.disclosure.network`.
    groups
        From each organization's id to its group, for those that have one.
    threshold
        The study's.

    Returns
    -------
    pandas.DataFrame
        One row a hidden number: ``table``, ``organization``, ``what``, ``low`` and ``high`` as the attacker finds them, and
        ``own_low``, ``own_high`` as the organization's own table leaves them.
    """
    found = []
    for name, (source, keys) in _SUMMED.items():
        parts = released[source]
        hidden = parts["state"] == "some"
        low = parts["activities_n"].astype("Float64").mask(hidden, 1).fillna(0).to_numpy(dtype=float)
        high = parts["activities_n"].astype("Float64").mask(hidden, _MOST).fillna(0).to_numpy(dtype=float)
        totals = network[name].assign(
            least=network[name]["activities_n"].astype("float64"),
            most=network[name]["activities_n"].astype("float64").mask(network[name]["state"] == "at_least", np.inf),
        )
        found.append(_ranges(source, parts, keys, low, high, hidden.to_numpy(), totals, groups))
    parts = released["response_counts"]
    shown = parts["state"] == "shown"
    low = parts["respondents_from"].astype("Float64").where(shown, 1).to_numpy(dtype=float)
    high = parts["respondents_to"].astype("Float64").where(shown, threshold - 1).to_numpy(dtype=float)
    totals = network["respondents"].rename(columns={"respondents_from": "least", "respondents_to": "most"})
    everyone = np.ones(len(parts), dtype=bool)
    found.append(_ranges("response_counts", parts, ["wave", "role"], low, high, everyone, totals, groups))
    return pd.concat(found, ignore_index=True)


def _ranges(
    source: str,
    parts: pd.DataFrame,
    keys: list[str],
    low: np.ndarray,
    high: np.ndarray,
    hidden: np.ndarray,
    totals: pd.DataFrame,
    groups: Mapping[str, str],
) -> pd.DataFrame:
    """The least and greatest value of each hidden part, under every total at once: whole numbers, by mixed programming."""
    own = parts[keys].astype("object").apply(tuple, axis=1).to_numpy()
    group = parts["organization"].map(groups).to_numpy()
    rows: list[int] = []
    columns: list[int] = []
    least: list[float] = []
    most: list[float] = []
    for row in totals.itertuples():
        key = tuple(getattr(row, name) for name in keys)
        within = np.array([one == key for one in own])
        if row.scope != ALL:
            within &= group == row.scope
        members = np.flatnonzero(within)
        rows += [len(least)] * len(members)
        columns += list(members)
        least.append(float(row.least))
        most.append(float(row.most))
    matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(least), len(parts)))
    constraints, bounds = LinearConstraint(matrix, least, most), Bounds(low, high)
    found = []
    for at in np.flatnonzero(hidden):
        goal = np.zeros(len(parts))
        goal[at] = 1.0
        ends = []
        for sign in (1, -1):
            solved = milp(sign * goal, integrality=np.ones(len(parts)), bounds=bounds, constraints=constraints)
            if solved.status != 0:
                raise ValueError(f"The tables contradict each other, or the attack is at fault: {solved.message}")
            ends.append(round(sign * solved.fun))
        found.append((source, parts["organization"].iloc[at], " ".join(map(str, own[at])), *ends, low[at], high[at]))
    return pd.DataFrame(found, columns=["table", "organization", "what", "low", "high", "own_low", "own_high"])
