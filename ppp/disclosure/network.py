"""What may be said across organizations, without giving away what one of their own reports withholds.

A total beside its parts can be differenced: the network's number minus the shown ones is what the hidden ones hold. So
everything here is computed from what organizations' own reports show, wave by wave, and from nothing else: whoever holds those
reports can compute it, and so it tells nothing that they do not, neither of one round nor of two beside each other. Where a
part is hidden, a sum says how many there are *at least*; people are counted from the sum of the bands' lower ends to that of
the upper ones. `ppp.disclosure.network_attack` tries it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

from ppp.disclosure.partition import Naming, PreparedFile, plain
from ppp.framework import PHASES, PLACES
from ppp.measures import funnel_limits, pool_means, pool_shares

__all__ = ["ALL", "FEWEST", "NETWORK", "Network", "network"]

ALL = "all"
"""The scope of tables about every organization; the others are ids of groups."""

FEWEST = 3
"""Organizations with data below which there is no network to speak of."""

_FEW_PEERS = 5  # as in `ppp.disclosure.derived`: below, a distribution is a list of its members
_QUANTILE = 1.959964
_BINS = ((0, 0), (1, 4), (5, 8), (9, 12), (13, 16))

NETWORK: dict[str, dict[str, str]] = {
    "cells": {
        "scope": "string",
        "wave": "string",
        "basis": "string",
        "place": "string",
        "phase": "string",
        "activities_n": "Int64",
        "organizations_n": "Int64",
        "of_n": "Int64",
        "state": "string",
    },
    "phases": {"scope": "string", "wave": "string", "phase": "string", "activities_n": "Int64", "state": "string"},
    "initiators": {
        "scope": "string",
        "wave": "string",
        "place": "string",
        "initiated_by": "string",
        "activities_n": "Int64",
        "state": "string",
    },
    "facts": {
        "scope": "string",
        "wave": "string",
        "leaf": "string",
        "fact": "string",
        "yes_n": "Int64",
        "no_n": "Int64",
        "unknown_n": "Int64",
        "organizations_n": "Int64",
        "of_n": "Int64",
        "state": "string",
    },
    "reach": {
        "scope": "string",
        "wave": "string",
        "cells_from": "Int64",
        "cells_to": "Int64",
        "organizations_n": "Int64",
    },
    "shares": {
        "scope": "string",
        "wave": "string",
        "measure": "string",
        "of_n": "Int64",
        "share": "Float64",
        "pooled": "Float64",
        "centre": "Float64",
        "funnel_low": "Float64",
        "funnel_high": "Float64",
    },
    "ratings": {
        "scope": "string",
        "wave": "string",
        "leaf": "string",
        "role": "string",
        "scale_low": "Float64",
        "scale_high": "Float64",
        "organizations_n": "Int64",
        "centre": "Float64",
        "lower_quartile": "Float64",
        "median": "Float64",
        "upper_quartile": "Float64",
    },
    "respondents": {
        "scope": "string",
        "wave": "string",
        "role": "string",
        "respondents_from": "Int64",
        "respondents_to": "Int64",
        "organizations_n": "Int64",
    },
}
"""Every table about the network, with its columns and their pandas types."""

_FROM = ("coverage", "phase_profile", "initiation", "parity_facts", "parity_ratings", "response_counts")


class Network(PreparedFile):
    """All that the network's report may read.

    Attributes
    ----------
    groups
        Those that have tables of their own.
    organizations_n
        With data.
    tables
        The tables as records, by the names in `NETWORK`; use `table`.
    """

    version: Literal[1] = 1
    study: Naming
    groups: list[Naming]
    waves: list[Naming]
    languages: list[str]
    organizations_n: int
    threshold: int
    by_respondents: bool
    codebook_version: str
    program_version: str
    fingerprint: str = ""
    tables: dict[str, list[dict[str, Any]]]

    def table(self, name: str, wave: str | None = None, scope: str | None = None) -> pd.DataFrame:
        """A table, of one wave or all and one scope or all; columns and types as in `NETWORK`."""
        columns = NETWORK[name]
        frame = pd.DataFrame.from_records(self.tables.get(name, []), columns=list(columns)).astype(columns)
        for column, value in (("wave", wave), ("scope", scope)):
            if value is not None:
                frame = frame[frame[column] == value]
        return frame.reset_index(drop=True)

    def to_json(self) -> str:
        """The file's content, in a fixed order: equal data gives equal bytes."""
        return plain(self.model_dump(mode="json")) + "\n"


def network(
    released: Mapping[str, pd.DataFrame], *, groups: Mapping[str, str], threshold: int
) -> dict[str, pd.DataFrame]:
    """All tables about the network.

    Parameters
    ----------
    released
        What `ppp.disclosure.release` returns, with the rows of every organization.
    groups
        From each organization's id to its group, for those that have one.
    threshold
        The study's.

    Returns
    -------
    dict of pandas.DataFrame
        The tables of `NETWORK`. States of sums: *shown*, *none* (a true zero) and *at_least* (an organization hides its
        part: the number counts one for each hidden part).
    """
    with_data = set(released["coverage"]["organization"]) | set(released["response_counts"]["organization"])
    scopes = {ALL: with_data}
    for group in sorted(set(groups.values())):
        members = {name for name in with_data if groups.get(name) == group}
        if FEWEST <= len(members) < len(with_data):
            scopes[group] = members
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in NETWORK}
    for scope, members in scopes.items():
        own = {name: released[name][released[name]["organization"].isin(members)] for name in _FROM}
        found = {
            "cells": _cells(own["coverage"]),
            "phases": _sums(own["phase_profile"], ["wave", "phase"]),
            "initiators": _sums(own["initiation"], ["wave", "place", "initiated_by"]),
            "facts": _facts(own["parity_facts"]),
            "reach": _reach(own["coverage"]),
            "shares": _shares(own),
            "ratings": _ratings(own["parity_ratings"]),
            "respondents": _respondents(own["response_counts"], threshold),
        }
        for name, table in found.items():
            parts[name].append(table.assign(scope=scope))
    tables = {name: pd.concat(found, ignore_index=True) for name, found in parts.items()}
    return {name: tables[name].reindex(columns=list(columns)).astype(columns) for name, columns in NETWORK.items()}


# -- sums of what organizations show -----------------------------------------------------------------------------------


def _sums(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums of shown counts; a hidden one counts as the one that it is at the least."""
    hidden = table["state"] == "some"
    counts = table["activities_n"].astype("Float64").mask(hidden, 1).fillna(0)
    rows = table[keys].assign(activities_n=counts, hidden=hidden, holds=counts > 0)
    sums = rows.groupby(keys, sort=False, as_index=False).agg(
        activities_n=("activities_n", "sum"),
        hidden=("hidden", "any"),
        organizations_n=("holds", "sum"),
        of_n=("holds", "size"),
    )
    sums["state"] = pd.Series("shown", index=sums.index, dtype="string")
    sums["state"] = sums["state"].mask(sums["activities_n"] == 0, "none").mask(sums["hidden"], "at_least")
    return sums.drop(columns="hidden")


def _cells(coverage: pd.DataFrame) -> pd.DataFrame:
    sums = _sums(coverage, ["wave", "basis", "place", "phase"])
    order = [{name: at for at, name in enumerate(names)} for names in (PLACES, PHASES)]
    at = pd.DataFrame({"place": sums["place"].map(order[0]), "phase": sums["phase"].map(order[1])})
    sums = sums.assign(_place=at["place"], _phase=at["phase"])
    return sums.sort_values(["wave", "basis", "_place", "_phase"]).drop(columns=["_place", "_phase"])


def _facts(facts: pd.DataFrame) -> pd.DataFrame:
    """Facts of the organizations that show them, and how many these are."""
    numbers = ["yes_n", "no_n", "unknown_n"]
    seen = facts["state"].isin(["shown", "none"])
    rows = facts[["wave", "leaf", "fact"]].assign(
        seen=seen, **{name: facts[name].astype("Float64").where(seen, 0).fillna(0) for name in numbers}
    )
    sums = rows.groupby(["wave", "leaf", "fact"], sort=False, as_index=False).agg(
        **{name: (name, "sum") for name in numbers}, organizations_n=("seen", "sum"), of_n=("seen", "size")
    )
    known = (sums["yes_n"] + sums["no_n"]) > 0
    sums["state"] = pd.Series("none", index=sums.index, dtype="string").mask(known, "shown")
    return sums


# -- distributions: no names, no ranks ---------------------------------------------------------------------------------


def _reach(coverage: pd.DataFrame) -> pd.DataFrame:
    """How many organizations reach how many of the 16 cells."""
    rows = coverage[coverage["basis"] == "present"]
    held = rows["state"].isin(["shown", "some"]).groupby([rows["wave"], rows["organization"]]).sum()
    found = []
    for wave, cells in held.groupby(level=0):
        found += [(wave, low, high, int(cells.between(low, high).sum())) for low, high in _BINS]
    return pd.DataFrame(found, columns=["wave", "cells_from", "cells_to", "organizations_n"])


def _shares(own: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Shares of each organization's activities, drawn towards the common share, with a funnel; in order of size."""
    profile, facts, initiation = own["phase_profile"], own["parity_facts"], own["initiation"]
    keys = ["organization", "wave"]
    known = profile["state"].isin(["shown", "none"])
    counts = profile["activities_n"].astype("Float64").fillna(0)
    whole = pd.DataFrame({**{key: profile[key] for key in keys}, "n": counts, "known": known})
    whole = whole.groupby(keys).agg(of=("n", "sum"), known=("known", "all"))
    design = profile[profile["phase"] == "design"].set_index(keys)["activities_n"].astype("Float64").fillna(0)
    everywhere = initiation[(initiation["place"] == "all") & (initiation["initiated_by"] != "not_stated")]
    by = everywhere.assign(
        n=everywhere["activities_n"].astype("Float64").fillna(0), known=everywhere["state"].isin(["shown", "none"])
    )
    overall = by.groupby(keys).agg(of=("n", "sum"), known=("known", "all"))
    with_patients = by[by["initiated_by"] != "professionals"].groupby(keys)["n"].sum()
    paid = facts[(facts["fact"] == "compensated") & (facts["state"] == "shown")].set_index(keys)
    found = []
    for measure, yes, of in (
        ("begins_in_design", design, whole.loc[whole["known"], "of"]),
        ("initiated_with_patients", with_patients, overall.loc[overall["known"], "of"]),
        ("compensated", paid["yes_n"], paid["yes_n"] + paid["no_n"]),
    ):
        table = pd.DataFrame({"yes": yes, "of": of}).dropna().astype("float64")
        table = table[table["of"] > 0].reset_index()
        for wave, rows in table.groupby("wave"):
            if len(rows) < _FEW_PEERS:
                continue
            rows = rows.sort_values(["of", "yes"], ignore_index=True)
            pooled = pool_shares(rows["yes"], rows["of"])
            centre = float(pooled["centre"].iloc[0])
            limits = funnel_limits(centre, rows["of"].to_numpy())
            found.append(
                pd.DataFrame(
                    {
                        "wave": wave,
                        "measure": measure,
                        "of_n": rows["of"].astype("int64"),
                        "share": (rows["yes"] / rows["of"]).round(4),
                        "pooled": pooled["pooled"].round(4),
                        "centre": round(centre, 4),
                        "funnel_low": limits["low"].round(4),
                        "funnel_high": limits["high"].round(4),
                    }
                )
            )
    columns = [name for name in NETWORK["shares"] if name != "scope"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _ratings(ratings: pd.DataFrame) -> pd.DataFrame:
    """For each factor and role the common mean and the quartiles of organizations' means, drawn towards it."""
    shown = ratings[(ratings["state"] == "shown") & ratings["role"].isin(["patient", "professional"])]
    found = []
    for key, rows in shown.groupby(["wave", "leaf", "role", "scale_low", "scale_high"], sort=False):
        if len(rows) < _FEW_PEERS:
            continue
        half, size = rows["half_width"].astype("float64"), rows["step"].astype("float64")
        pooled = pool_means(rows["mean"].astype("float64"), ((half - size / 2) / _QUANTILE) ** 2)
        quartiles = pooled["pooled"].quantile([0.25, 0.5, 0.75]).round(2)
        found.append((*key, len(rows), round(float(pooled["centre"].iloc[0]), 2), *quartiles))
    return pd.DataFrame(found, columns=[name for name in NETWORK["ratings"] if name != "scope"])


def _respondents(counted: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """How many people answered: from the sum of the least that each organization's band holds to the sum of the most.

    A sum that could be of fewer people than the threshold begins at 0: no number below the threshold is told.
    """
    shown = counted["state"] == "shown"
    rows = counted[["wave", "role"]].assign(
        respondents_from=counted["respondents_from"].where(shown, 1).astype("int64"),
        respondents_to=counted["respondents_to"].where(shown, threshold - 1).astype("int64"),
        organizations_n=1,
    )
    sums = rows.groupby(["wave", "role"], sort=False, as_index=False).sum()
    sums["respondents_from"] = sums["respondents_from"].where(sums["respondents_from"] >= threshold, 0)
    return sums
