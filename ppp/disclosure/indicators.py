"""Shifts, needs, signals of tokenism and the three strands of Parity, from released tables alone.

What they mean, the rule that raises each signal and the question it puts stand in ``framework/indicators.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ppp.framework import PLACES
from ppp.framework import indicators as definitions

__all__ = ["indicators", "signals", "strands"]

_ROUND = ["organization", "wave"]
_KNOWN = ("shown", "none")
_FACTS = ("compensated", "expenses_paid", "training_given", "contact_named", "lead_rotates")
_FACT_OF = {
    "numbers": "even_numbers",
    "compensation": "compensated",
    "training": "training_given",
    "support": "contact_named",
    "leadership": "lead_rotates",
}
_BARRIERS = {
    "training_barriers": ("preparation", "training"),
    "compensation_barriers": ("compensation",),
    "support_barriers": ("support",),
    "power_balance_barriers": ("power_balance",),
}
Released = Mapping[str, pd.DataFrame]


def _sum(table: pd.DataFrame, chosen: pd.Series | None = None) -> pd.Series:
    """Sum of shown counts for each organization and wave; missing where any of them is hidden."""
    rows = table if chosen is None else table[chosen]
    counts = rows["activities_n"].astype("Float64").fillna(0)
    sums = counts.groupby([rows[key] for key in _ROUND]).sum()
    known = rows["state"].isin(_KNOWN).groupby([rows[key] for key in _ROUND]).all()
    return sums.where(known)


def _fact(released: Released, fact: str) -> pd.DataFrame:
    rows = released["parity_facts"]
    rows = rows[(rows["fact"] == fact) & (rows["state"] == "shown")].set_index(_ROUND)
    return pd.DataFrame({"n": rows["yes_n"], "of_n": rows["yes_n"] + rows["no_n"]}).astype("Float64")


def indicators(released: Released) -> pd.DataFrame:
    """Each indicator of `ppp.framework.indicators`.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``indicator``, ``n``, ``of_n``, ``value`` (n / of_n where there is one, else n; for
        the power balance the gap without its sign) and ``state``: *shown* or *cannot_say*.

    Notes
    -----
    Formula
        As ``computed_from`` in the definitions says; every number is shown in another table, or a sum of such.
    Source
        Lind (2014), IV and V; the choice of figures is ours.
    Reading
        ``towards`` in the definitions says which way the framework points.
    Limits
        ``cannot_say`` in the definitions, for each.
    """
    profile, initiators, cells = released["phase_profile"], released["initiation"], released["coverage"]
    known = _sum(profile)
    overall = initiators[(initiators["place"] == "all") & (initiators["initiated_by"] != "not_stated")]
    began, present = cells[cells["basis"] == "began"], cells[cells["basis"] == "present"]
    found = {
        "begins_in_design": _pair(_sum(profile, profile["phase"] == "design"), known),
        "begins_in_evaluate": _pair(_sum(profile, profile["phase"] == "evaluate"), known),
        "initiated_with_patients": _pair(_sum(overall, overall["initiated_by"] != "professionals"), _sum(overall)),
        "system_level": _pair(_sum(began, began["place"] == "system"), None),
        "places_reached": _pair(
            present[present["state"].isin(["shown", "some"])].groupby(_ROUND)["place"].nunique(), None
        ),
    }
    found |= {fact: _fact(released, fact) for fact in _FACTS}
    evidence = released.get("coded_evidence")
    if evidence is not None:
        barrier = evidence["polarity"] == "barrier"
        for name, leaves in _BARRIERS.items():
            found[name] = _pair(_sum(evidence, barrier & evidence["leaf"].isin(leaves)), None)
    phrases = released.get("need_phrases")
    if phrases is not None:
        for need in phrases["need"].unique():
            found[f"{need}_phrases"] = _pair(_sum(phrases, phrases["need"] == need), None)
    gaps = released["parity_gap"]
    said = gaps[gaps["state"] == "shown"]
    clear = said["statement"].eq("no_clear_gap").groupby([said[key] for key in _ROUND])
    found["leaves_without_clear_gap"] = _pair(clear.sum(), clear.size())
    power = said[said["leaf"] == "power_balance"].drop_duplicates(_ROUND).set_index(_ROUND)["gap"].abs()
    found["power_balance_gap"] = _pair(power, None)

    rounds = pd.concat([released[name][_ROUND] for name in ("coverage", "response_counts")]).drop_duplicates()
    rounds = pd.MultiIndex.from_frame(rounds.astype("object").sort_values(_ROUND))
    parts = []
    for one in definitions().indicators:
        numbers = found.get(one.id, _pair(pd.Series(dtype="Float64"), None))
        parts.append(_on(numbers, rounds).assign(indicator=one.id).reset_index())
    table = pd.concat(parts, ignore_index=True)
    share = table["n"] / table["of_n"].where(table["of_n"] > 0)
    needs_whole = table["indicator"].isin([name for name, numbers in found.items() if "whole" not in numbers.attrs])
    table["value"] = table["n"].where(~needs_whole, share).round(3)
    unknown = table["value"].isna()
    table["state"] = pd.Series("shown", index=table.index, dtype="string").mask(unknown, "cannot_say")
    table[["n", "of_n"]] = table[["n", "of_n"]].mask(unknown)
    return table


def _pair(n: pd.Series, of: pd.Series | None) -> pd.DataFrame:
    table = pd.DataFrame({"n": n.astype("Float64")})
    table["of_n"] = pd.Series(pd.NA, index=table.index, dtype="Float64") if of is None else of.astype("Float64")
    if of is None:
        table.attrs["whole"] = True
    return table


def _on(numbers: pd.DataFrame, rounds: pd.MultiIndex) -> pd.DataFrame:
    if numbers.empty:
        return pd.DataFrame({"n": pd.NA, "of_n": pd.NA}, index=rounds, dtype="Float64")
    numbers = numbers.copy()
    numbers.index = pd.MultiIndex.from_frame(numbers.index.to_frame().astype("object"))
    return numbers.reindex(rounds)


def signals(released: Released, waves: Sequence[str]) -> pd.DataFrame:
    """Each signal of `ppp.framework.indicators`, raised or not.

    Parameters
    ----------
    released
        The released tables.
    waves
        In order of time.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``signal``, ``n`` and ``of_n`` (the evidence: activities that fit the rule, of
        those that could; for *asked_again* places) and ``state``: *raised*, *not_raised*, or *cannot_say* where a
        count that the rule needs is hidden, or where it speaks of empty cells and more than half of the activities are
        not placed (in either of the two rounds that it speaks of).

    Notes
    -----
    Formula
        ``rule`` of each signal in the definitions.
    Source
        Lind (2014): a partnership that furthers the organization's agenda only is tokenism.
    Reading
        A question to ask, with the evidence that raised it. Never a score, and never a verdict.
    Limits
        Patterns in what was reported. What was done and not reported raises signals that are unfounded.
    """
    profile, cells, initiators = released["phase_profile"], released["coverage"], released["initiation"]
    present = cells[cells["basis"] == "present"]
    unplaced, everything = _unplaced(released)
    unsure = (unplaced * 2 > everything) | unplaced.isna()

    known, evaluate = _sum(profile), _sum(profile, profile["phase"] == "evaluate")
    table = {
        "only_in_evaluate": _raise(evaluate, known, (evaluate == known) & (known >= 2), unsure),
    }
    if "seats" in released:
        seats = released["seats"]
        seats = seats[seats["state"] == "shown"].set_index(_ROUND).astype({"alone_n": "Float64"})
        table["alone_among_many"] = _raise(
            seats["alone_n"], seats["activities_n"].astype("Float64"), seats["alone_n"] >= 1
        )
    paid = _fact(released, "compensated")
    unpaid = paid["of_n"] - paid["n"]
    table["unpaid_while_others_are_paid"] = _raise(unpaid, paid["of_n"], (unpaid >= 1) & (paid["n"] >= 1))
    if "formulation" in released:
        rows = released["formulation"]
        rows = rows[rows["initiated_by"] == "professionals"]
        late, of = _sum(rows, rows["phase"].isin(["implement", "evaluate"])), _sum(rows)
        # Where professionals are known to have begun nothing, nobody was added late to it.
        begun = _sum(initiators, (initiators["place"] == "all") & (initiators["initiated_by"] == "professionals"))
        of = of.combine_first(begun.where(begun == 0))
        late = late.reindex(of.index).fillna(0).where(of.notna())
        table["added_late"] = _raise(late, of, (late >= 2) & (late * 2 >= of), none_is_known=True)
    began = cells[cells["basis"] == "began"]
    front = _sum(began, began["place"].isin(["direct_care", "clinic"]))
    top = present[(present["place"] == "organization") & (present["phase"] == "design")].set_index(_ROUND)["state"]
    closed = top.eq("none").reindex(front.index)
    table["front_line_not_governance"] = _raise(front, _sum(began), (front >= 2) & closed, unsure)
    table["asked_again"] = _asked_again(present, waves, unsure)

    rounds = pd.MultiIndex.from_frame(cells[_ROUND].drop_duplicates().astype("object").sort_values(_ROUND))
    parts = []
    for one in definitions().signals:
        numbers = table.get(one.id)
        if numbers is None or numbers.empty:
            numbers = pd.DataFrame(columns=["n", "of_n", "state"])
        else:
            numbers.index = pd.MultiIndex.from_frame(numbers.index.to_frame().astype("object"), names=_ROUND)
        numbers = numbers.reindex(rounds)
        numbers["state"] = numbers["state"].astype("string").fillna("cannot_say")
        parts.append(numbers.assign(signal=one.id).reset_index())
    return pd.concat(parts, ignore_index=True)


def _unplaced(released: Released) -> tuple[pd.Series, pd.Series]:
    coding = released["coding_state"]
    return _sum(coding, coding["coding"].isin(["not_yet_coded", "not_stated"])), _sum(coding)


def _raise(
    n: pd.Series, of: pd.Series, rule: pd.Series, unsure: pd.Series | None = None, *, none_is_known: bool = False
) -> pd.DataFrame:
    table = pd.DataFrame({"n": n, "of_n": of, "rule": rule.astype("boolean")})
    if none_is_known:
        table["rule"] = table["rule"].mask(table["of_n"] == 0, False)
    unknown = table["n"].isna() | table["of_n"].isna() | table["rule"].isna()
    unknown |= (table["of_n"] == 0) & (not none_is_known)
    if unsure is not None:
        unknown |= unsure.reindex(table.index).fillna(True).astype(bool)
    state = pd.Series("not_raised", index=table.index, dtype="string").mask(table["rule"].fillna(False), "raised")
    table["state"] = state.mask(unknown, "cannot_say")
    table[["n", "of_n"]] = table[["n", "of_n"]].mask(unknown)
    return table.drop(columns="rule")


def _asked_again(present: pd.DataFrame, waves: Sequence[str], unsure: pd.Series) -> pd.DataFrame:
    holds = present.assign(holds=present["state"].isin(["shown", "some"]))
    wide = holds.pivot_table(index=["organization", "wave", "place"], columns="phase", values="holds", aggfunc="any")
    if wide.empty:
        return pd.DataFrame(columns=["n", "of_n", "state"])
    wide = wide.astype(bool)
    only = (wide["evaluate"] & ~wide[["design", "plan", "implement"]].any(axis=1)).rename("only").reset_index()
    before = dict(zip(waves[1:], waves[:-1], strict=True))
    only["earlier"] = only["wave"].map(before)
    pairs = only[only["earlier"].notna()].merge(
        only[["organization", "wave", "place", "only"]].rename(columns={"wave": "earlier", "only": "only_before"}),
        on=["organization", "earlier", "place"],
    )
    pairs["again"] = pairs["only"] & pairs["only_before"]
    n = pairs.groupby(_ROUND)["again"].sum().astype("Float64")
    # Empty cells of the round before are spoken of as well.
    earlier = pd.MultiIndex.from_arrays(
        [n.index.get_level_values("organization"), n.index.get_level_values("wave").map(before)], names=_ROUND
    )
    either = unsure.reindex(n.index).fillna(True) | unsure.reindex(earlier).fillna(True).to_numpy()
    return _raise(n, pd.Series(float(len(PLACES)), index=n.index), n >= 1, either)


def strands(released: Released) -> pd.DataFrame:
    """Facts, ratings and coded texts about the same leaf, held against each other.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``leaf``, ``fact``, ``yes_n``, ``known_n``, ``role``, ``mean``, ``scale_low``,
        ``scale_high``, ``supports_n``, ``barriers_n`` (coded texts) and ``statement``: *ratings_above_facts*,
        *ratings_below_facts*, *no_disagreement* or *cannot_say*.

    Notes
    -----
    Formula
        ratings_above_facts: the role's mean lies in the upper half of its scale by more than its half width, and the
        condition was met in a third or less of the activities where it is known (three at the least).
        ratings_below_facts: the mirror of it, with two thirds or more.
    Source
        Domain decision: three strands of evidence, side by side, never blended.
    Reading
        "Rated fair, 1 of 6 paid" is not a contradiction to be solved but one to be talked about.
    Limits
        Only leaves with a fact that speaks of them. Those who rated need not be those who took part in the activities.
    """
    facts = released["parity_facts"]
    facts = facts[facts["fact"].isin(_FACT_OF.values()) & (facts["state"] == "shown")]
    facts = facts.assign(known_n=facts["yes_n"] + facts["no_n"])[[*_ROUND, "leaf", "fact", "yes_n", "known_n"]]
    ratings = released["parity_ratings"]
    ratings = ratings[ratings["role"].isin(["patient", "professional"]) & ratings["leaf"].isin(list(_FACT_OF))]
    ratings = ratings[[*_ROUND, "leaf", "role", "mean", "half_width", "scale_low", "scale_high"]]
    keys = [*_ROUND, "leaf"]
    table = ratings.merge(facts, how="left", on=keys)
    evidence = released.get("coded_evidence")
    for name, polarity in (("supports_n", "supports"), ("barriers_n", "barrier")):
        table[name] = pd.Series(pd.NA, index=table.index, dtype="Int64")
        if evidence is not None:
            rows = evidence.loc[evidence["polarity"] == polarity, [*keys, "activities_n"]]
            table[name] = table[keys].merge(rows, how="left", on=keys)["activities_n"].to_numpy()
    mean, half = table["mean"].astype("float64"), table["half_width"].astype("float64")
    middle = (table["scale_low"].astype("float64") + table["scale_high"].astype("float64")) / 2
    share = (table["yes_n"] / table["known_n"].where(table["known_n"] > 0)).astype("float64")
    enough = (table["known_n"].astype("float64") >= 3) & mean.notna()
    statement = np.select(
        [~enough, (mean - half > middle) & (share <= 1 / 3), (mean + half < middle) & (share >= 2 / 3)],
        ["cannot_say", "ratings_above_facts", "ratings_below_facts"],
        "no_disagreement",
    )
    table["statement"] = pd.Series(statement, index=table.index, dtype="string")
    return table.drop(columns="half_width")
