"""Coders side by side: agreement by dimension and code, who takes which code for which, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Literal

import pandas as pd

from ppp.coding.agreement import Estimate, agreement, masi
from ppp.coding.events import held, standing, without_undone
from ppp.coding.legal import LEGAL

__all__ = ["COMPARED", "agreement_table", "confusion", "differences", "given_codes", "units"]

COMPARED = ("place", "phase_began", "parity")
"""The dimensions that every coder codes."""

When = Literal["before", "after"]

_TABLE = ["dimension", "code", "coefficient", "value", "low", "high", "units", "coders", "why"]


def units(
    codings: pd.DataFrame, dimension: str, *, consensus: pd.DataFrame | None = None, when: When = "before"
) -> pd.DataFrame:
    """What each coder gave each activity on one dimension.

    Parameters
    ----------
    codings, consensus
        Events, `ppp.tables.CODINGS` and ``CONSENSUS``.
    dimension
        One of `COMPARED`.
    when
        *before*: what coders gave on their own; whatever they changed once the activity was settled is left out.
        *after*: where it was settled, what was settled stands for each coder who had coded it.

    Returns
    -------
    pandas.DataFrame
        ``unit`` (the activity), ``coder`` and ``value``, a `frozenset` of codes (on Parity of ``factor:direction``,
        empty where the coder found no evidence). No row where a coder has not coded it.
    """
    events = without_undone(codings)
    settled = _settled(consensus, dimension)
    if len(settled):
        first = events["activity_id"].map(settled["first"])
        events = events[first.isna() | (events["created_at"] < first)]
    state = standing(events)
    state = state[~state["skipped"]]
    codes = held(events)
    codes = codes[codes["dimension"] == dimension]
    given = {key: _value(rows) for key, rows in codes.groupby(["activity_id", "coder"], sort=False)}
    rows = []
    for row in state.itertuples():
        value = given.get((row.activity_id, row.coder))
        if value is None and dimension == "parity" and row.done:
            value = frozenset()
        if value is not None:
            if when == "after" and row.activity_id in settled.index:
                value = settled.loc[row.activity_id, "value"]
            rows.append((row.activity_id, row.coder, value))
    return pd.DataFrame(rows, columns=["unit", "coder", "value"])


def agreement_table(
    codings: pd.DataFrame,
    *,
    consensus: pd.DataFrame | None = None,
    when: When = "before",
    by_code: bool = True,
    resamples: int = 2000,
    seed: int = 1,
) -> pd.DataFrame:
    """Agreement on each dimension and on each code.

    Parameters
    ----------
    codings, consensus, when
        As in `units`.
    by_code
        Whether each code gets rows of its own: was it given or not.

    Returns
    -------
    pandas.DataFrame
        ``dimension``; ``code`` (empty for the whole dimension); ``coefficient`` (percent, cohen, alpha, ac1, and
        alpha_masi for the whole dimension, where coders may give several codes); ``value``, ``low``, ``high`` (missing
        where undefined); ``units`` coded by two at least; ``coders``; ``why`` a number is missing. Several codes given
        to one activity agree only if all do, but for alpha_masi.
    """
    rows: list[tuple] = []
    for dimension in COMPARED:
        table = units(codings, dimension, consensus=consensus, when=when)
        whole = agreement(table, resamples=resamples, seed=seed)
        sets = agreement(table, level="masi", coefficients=["alpha"], resamples=resamples, seed=seed)
        rows += [_row(dimension, "", name, found) for name, found in whole.items()]
        rows.append(_row(dimension, "", "alpha_masi", sets["alpha"]))
        if by_code and len(table):
            for code in _codes(dimension, table):
                given = table.assign(value=["yes" if _holds(value, code) else "no" for value in table["value"]])
                for name, found in agreement(given, resamples=resamples, seed=seed).items():
                    rows.append(_row(dimension, code, name, found))
    types = {"value": "Float64", "low": "Float64", "high": "Float64", "units": "Int64", "coders": "Int64"}
    return pd.DataFrame(rows, columns=_TABLE).astype(types)


def confusion(
    codings: pd.DataFrame,
    dimension: str,
    *,
    coders: tuple[str, str] | None = None,
    consensus: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How often one coder gave the row's code and another the column's, by main code, before settling.

    Parameters
    ----------
    coders
        Two of them: rows are the first one's codes. Left out, every pair of coders counts, half in each order, so that
        the table is symmetric.

    Returns
    -------
    pandas.DataFrame
        A square table: the four codes of the axis, then *not_stated* and *none*.
    """
    order = list(LEGAL[dimension])
    table = pd.DataFrame(0.0, index=pd.Index(order, name="one"), columns=pd.Index(order, name="other"))
    first = _main(codings, dimension, consensus)
    for _, rows in first.groupby("unit"):
        given = dict(zip(rows["coder"], rows["code"], strict=True))
        if coders is not None:
            if set(coders) <= set(given):
                table.loc[given[coders[0]], given[coders[1]]] += 1
            continue
        for one, other in combinations(sorted(given), 2):
            table.loc[given[one], given[other]] += 0.5
            table.loc[given[other], given[one]] += 0.5
    return table


def differences(codings: pd.DataFrame, *, consensus: pd.DataFrame | None = None) -> pd.DataFrame:
    """Where coders differ and nothing is settled yet, the least agreed first.

    Returns
    -------
    pandas.DataFrame
        ``activity_id``, ``dimension``, ``alike`` (0 to 1: how alike the coders' codes are, the mean over pairs of MASI)
        and ``codes``, a dict of each coder's codes in words: ``{"anna": "clinic", "bo": "system; clinic"}``.
    """
    rows = []
    for dimension in COMPARED:
        settled = set(_settled(consensus, dimension).index)
        for unit, own in units(codings, dimension, consensus=consensus).groupby("unit", sort=False):
            if unit in settled or len(own) < 2 or own["value"].nunique() == 1:
                continue
            pairs = [masi(one, other) for one, other in combinations(own["value"], 2)]
            said = {row.coder: "; ".join(sorted(row.value)) for row in own.sort_values("coder").itertuples()}
            rows.append((unit, dimension, sum(pairs) / len(pairs), said))
    frame = pd.DataFrame(rows, columns=["activity_id", "dimension", "alike", "codes"])
    total = frame.groupby("activity_id")["alike"].transform("sum") - frame.groupby("activity_id")["alike"].transform(
        "size"
    )
    frame = frame.assign(total=total, at=frame["dimension"].map(COMPARED.index))
    # All of an activity's differences stand together: whoever settles them reads its text once.
    frame = frame.sort_values(["total", "activity_id", "at"], ignore_index=True)
    return frame.drop(columns=["total", "at"])


def given_codes(codings: pd.DataFrame) -> pd.DataFrame:
    """What each coder holds on the compared dimensions, main codes first.

    Returns
    -------
    pandas.DataFrame
        One row a code: ``activity_id``, ``dimension``, ``coder``, ``code``, ``polarity``, ``evidence_start``,
        ``evidence_end``, ``memo``. Activities that a coder left out are not among them.
    """
    counting = without_undone(codings)
    state = standing(counting)
    left_out = pd.MultiIndex.from_frame(state.loc[state["skipped"], ["activity_id", "coder"]])
    codes = held(counting)
    codes = codes[codes["dimension"].isin(COMPARED)]
    codes = codes[~pd.MultiIndex.from_frame(codes[["activity_id", "coder"]]).isin(left_out)]
    names = ["activity_id", "dimension", "coder", "code", "polarity", "evidence_start", "evidence_end", "memo"]
    return codes[names].reset_index(drop=True)


def _settled(consensus: pd.DataFrame | None, dimension: str) -> pd.DataFrame:
    """By activity when its dimension was first settled, and the value that was settled last."""
    empty = pd.DataFrame({"first": pd.Series(dtype="string"), "value": pd.Series(dtype=object)})
    if consensus is None or not len(consensus):
        return empty
    counting = without_undone(consensus)
    own = counting[counting["dimension"] == dimension]
    agreed = held(own, together=True)
    if agreed.empty:
        return empty
    values = {activity: _value(rows) for activity, rows in agreed.groupby("activity_id")}
    first = own.groupby("activity_id")["created_at"].min()
    return pd.DataFrame({"first": first.reindex(list(values)), "value": pd.Series(values, dtype=object)})


def _value(rows: pd.DataFrame) -> frozenset[str]:
    codes = zip(rows["code"], rows["polarity"], strict=True)
    named = {code if pd.isna(polarity) else f"{code}:{polarity}" for code, polarity in codes}
    return frozenset(named - ({"none"} if set(rows["dimension"]) == {"parity"} else set()))


def _main(codings: pd.DataFrame, dimension: str, consensus: pd.DataFrame | None) -> pd.DataFrame:
    """Each coder's first code of an activity, for activities in `units`."""
    table = units(codings, dimension, consensus=consensus)
    codes = held(codings)
    codes = codes[codes["dimension"] == dimension].drop_duplicates(["activity_id", "coder"])
    order = {(row.activity_id, row.coder): row.code for row in codes.itertuples()}
    main = [
        order[key] if order.get(key := (row.unit, row.coder)) in row.value else min(row.value)
        for row in table.itertuples()
    ]
    return table.assign(code=main)


def _codes(dimension: str, table: pd.DataFrame) -> Iterator[str]:
    """The codes that somebody gave, in the codebook's order."""
    seen = {code.partition(":")[0] for value in table["value"] for code in value}
    return (code for code in LEGAL[dimension] if code in seen)


def _holds(value: frozenset[str], code: str) -> bool:
    return any(given.partition(":")[0] == code for given in value)


def _row(dimension: str, code: str, name: str, found: Estimate) -> tuple:
    return dimension, code, name, found.value, found.low, found.high, found.units, found.coders, found.why
