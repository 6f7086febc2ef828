"""What is computed from released tables alone, and so can tell nothing that they do not.

The parity gap, change between waves, the benchmark inside a group and what else changed: each is a function of numbers
that a reader already has, and a test computes them anew from a partition.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ppp.measures import funnel_limits, pool_means, pool_shares

__all__ = ["benchmark", "change", "group_coverage", "group_kinds", "parity_gap", "who_answered"]

_SCALE = ["scale_low", "scale_high"]
_QUANTILE = 1.959964  # as in `ppp.disclosure.people`
_FEW_ALIKE = 2  # organizations that must share a kind of activity before a third is told of it
_MOST_KINDS = 3
_FEW_PEERS = 5  # organizations below which a group has no distribution to speak of


def parity_gap(ratings: pd.DataFrame) -> pd.DataFrame:
    """Patients' minus professionals' mean on each leaf, from the released means.

    Parameters
    ----------
    ratings
        The released table ``parity_ratings``.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``leaf``, ``scale_low``, ``scale_high``, ``gap``, ``low``, ``high``,
        ``p_superior``, ``p_low``, ``p_high``, ``statement`` (*patients_higher*, *professionals_higher*,
        *no_clear_gap*, *cannot_say*) and ``state``.

    Notes
    -----
    Formula
        gap = difference of the shown means; interval: gap ± (√(h₁² + h₂²) + step), h the half widths without their
        rounding part. P(superiority) = Φ(gap / (√2 s)), with the interval's ends for its own: the chance that a patient
        rates higher than a professional, under a normal model with the common spread s.
    Source
        See `ppp.measures.parity_gap`, which gives Welch's interval and the ordinal measures from the answers
        themselves; McGraw and Wong, Psychological Bulletin 111 (1992) for the normal model.
    Reading
        "No clear gap" is not "no gap": with few answers only large gaps are clear.
    Limits
        A little wider than Welch's interval where people are few, as it counts the fewest in the band and the rounding.
        Takes the spread of answers as alike in all organizations. P(superiority) is read off the means and so is no
        ordinal measure: it says how large the gap is beside the spread of answers. The ordinal one, Cliff's delta,
        stays with the study: even rounded to a fifth, beside two means it rules out numbers of people in their bands.
    """
    from scipy import stats  # here, as reports that only read need not wait for it

    keys = ["organization", "wave", "leaf", *_SCALE]
    two = _sides(ratings[ratings["role"].isin(["patient", "professional"])], keys, "role", "patient", "professional")
    table = two[keys].join(_difference(two))
    spread = np.sqrt(2) * two["common_sd_one"].astype("float64")
    for name, of in (("p_superior", "difference"), ("p_low", "low"), ("p_high", "high")):
        table[name] = pd.Series(stats.norm.cdf(table[of].astype("float64") / spread), index=table.index).round(2)
    return _stated(table, "gap", ("patients_higher", "professionals_higher", "no_clear_gap"))


def change(ratings: pd.DataFrame, waves: Sequence[str], pairs: pd.DataFrame | None = None) -> pd.DataFrame:
    """Later minus earlier mean, for waves that follow each other, from the released means.

    Parameters
    ----------
    ratings
        The released table ``parity_ratings``.
    waves
        In order of time.
    pairs
        Where respondents' ids stand for the same person in every wave: `ppp.disclosure.people.pairs`.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave_before``, ``wave``, ``leaf``, ``role``, ``scale_low``, ``scale_high``, ``design``
        (*matched* or *unmatched*), ``common_r``, ``change``, ``low``, ``high``, ``statement`` (*higher*, *lower*, *no_clear_change*, *cannot_say*) and ``state``.

    Notes
    -----
    Formula
        As for the gap, with two waves as the two sides. Unmatched: as two groups of people. Matched, where the persons
        who answered twice are in the same band as those of both waves: the variance of the change is less by
        2 r s² p / q², r the study's common correlation, p the fewest pairs and q the most people in the band.
    Source
        See `ppp.measures.change`, which also compares persons with themselves where their ids were kept.
    Reading
        Read ``what_else_changed`` first.
    Limits
        Where the same people answered twice and ids were not kept, the true interval is narrower than this one.
    """
    keys = ["organization", "leaf", "role", *_SCALE]
    parts = []
    for before, after in itertools.pairwise(waves):
        rows = ratings[ratings["wave"].isin([before, after])]
        two = _sides(rows, keys, "wave", after, before)
        two = two[two["state_one"].notna() & two["state_two"].notna()].reset_index(drop=True)
        table = two[keys].assign(wave_before=before, wave=after, design="unmatched", common_r=0.0)
        saved = 0.0
        if pairs is not None and len(two):
            same = two.merge(pairs[pairs["wave"] == after], how="left", on=keys)
            low, high = (same[f"respondents_{end}_one"].astype("float64") for end in ("from", "to"))
            matched = (same["pairs_from"] == low) & (low == same["respondents_from_two"].astype("float64"))
            matched &= same["common_r"] > 0
            saved = (2 * same["common_r"] * same["common_sd_one"].astype("float64") ** 2 * low / high**2).where(
                matched, 0
            )
            table["design"] = table["design"].mask(matched, "matched")
            table["common_r"] = same["common_r"].where(matched, 0.0)
        parts.append(table.join(_difference(two, saved)))
    columns = [*keys, "wave_before", "wave", "design", "common_r", "change", "low", "high", "statement", "state"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return _stated(pd.concat(parts, ignore_index=True), "change", ("higher", "lower", "no_clear_change"))


def _sides(rows: pd.DataFrame, keys: list[str], by: str, one: str, two: str) -> pd.DataFrame:
    numbers = ["mean", "half_width", "step", "common_sd", "respondents_from", "respondents_to", "state"]
    sides = [rows.loc[rows[by] == value, [*keys, *numbers]] for value in (one, two)]
    return sides[0].merge(sides[1], how="outer", on=keys, suffixes=("_one", "_two"), sort=True)


def _difference(two: pd.DataFrame, saved: pd.Series | float = 0.0) -> pd.DataFrame:
    mean, half, size = (
        {side: two[f"{name}_{side}"].astype("float64") for side in ("one", "two")}
        for name in ("mean", "half_width", "step")
    )
    variance = sum((half[side] - size[side] / 2) ** 2 for side in ("one", "two")) - _QUANTILE**2 * saved
    chance = np.sqrt(variance)
    width = chance + (size["one"] + size["two"]) / 2
    difference = mean["one"] - mean["two"]
    table = pd.DataFrame({"difference": difference, "low": difference - width, "high": difference + width})
    return table.round(2)


def _stated(table: pd.DataFrame, name: str, words: tuple[str, str, str]) -> pd.DataFrame:
    table = table.rename(columns={"difference": name})
    statement = pd.Series(words[2], index=table.index, dtype="string")
    statement = statement.mask(table["low"] > 0, words[0]).mask(table["high"] < 0, words[1])
    unknown = table[name].isna()
    table["statement"] = statement.mask(unknown, "cannot_say")
    table["state"] = pd.Series("shown", index=table.index, dtype="string").mask(unknown, "cannot_say")
    return table


def who_answered(response_counts: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Whether the mix of roles changed between waves, from the released bands.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave_before``, ``wave``, ``what`` ("who_answered") and ``has_changed``: a role's share of
        the respondents, counted at the middle of each band, moved by a quarter or more. A number that is withheld lies
        below the bands and counts at the middle of that. Missing where more than half of the respondents, so counted,
        stand behind withheld numbers.
    """
    wide_as = (response_counts["respondents_to"] - response_counts["respondents_from"]).max()
    middle = (response_counts["respondents_from"].astype("float64") + response_counts["respondents_to"]) / 2
    few = np.nan if pd.isna(wide_as) else (1 + float(wide_as)) / 2
    withheld = response_counts["state"] == "withheld"
    table = response_counts.assign(middle=middle.mask(withheld, few), behind=withheld)
    parts = []
    for before, after in itertools.pairwise(waves):
        rows = table[table["wave"].isin([before, after])]
        there = rows.groupby("organization")["wave"].nunique()
        rows = rows[rows["organization"].isin(there.index[there == 2])]
        if rows.empty:
            continue
        total = rows.groupby(["organization", "wave"])["middle"].transform("sum")
        rows = rows.assign(share=rows["middle"] / total)
        shares = rows.pivot(index=["organization", "role"], columns="wave", values="share").fillna(0)
        changed = ((shares[after] - shares[before]).abs() >= 0.25).groupby(level=0).any().astype("boolean")
        unknown = rows["share"].where(rows["behind"], 0).groupby([rows["organization"], rows["wave"]]).sum(min_count=1)
        unsure = ~(unknown.groupby(level=0).max() <= 0.5)
        found = changed.mask(unsure.reindex(changed.index)).rename("has_changed").reset_index()
        parts.append(found.assign(wave_before=before, wave=after, what="who_answered"))
    columns = ["organization", "wave_before", "wave", "what", "has_changed"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def group_coverage(coverage: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """For each cell, how many organizations of the group hold an activity in it, and of how many.

    Parameters
    ----------
    coverage
        The released table ``coverage``.
    groups
        From each organization's id to its group.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``place``, ``phase``, ``organizations_n``, ``of_n``; by phases present. Nothing for
        groups of two: one's own cell and the count would tell the other's.
    """
    rows = coverage[coverage["basis"] == "present"].assign(group=coverage["organization"].map(groups))
    rows = rows[rows["group"].notna()].assign(holds=rows["state"].isin(["shown", "some"]))
    cell = rows.groupby(["group", "wave", "place", "phase"])["holds"]
    rows = rows.assign(organizations_n=cell.transform("sum"), of_n=cell.transform("size"))
    rows = rows[rows["of_n"] > 2]
    return rows[["organization", "wave", "place", "phase", "organizations_n", "of_n"]]


def group_kinds(kinds: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """For each cell, the kinds of activity that two or more other organizations of the group have there.

    Parameters
    ----------
    kinds
        The released table ``kinds``.
    groups
        From each organization's id to its group.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``place``, ``phase``, ``kind`` and ``organizations_n``, others than itself; of each
        cell three at the most, the most common in the group. No organization can be told from it: two or more share each kind.
    """
    cell = ["wave", "place", "phase"]
    rows = kinds.assign(group=kinds["organization"].map(groups).astype("string"))
    rows = rows[rows["group"].notna()]
    held = rows.groupby(["group", *cell, "kind"])["organization"].nunique().rename("everywhere").reset_index()
    held = held[held["everywhere"] >= _FEW_ALIKE].sort_values(["everywhere", "kind"], ascending=[False, True])
    # The most common first, and no more of them than can be told: a large group holds every kind in every cell.
    held = held.groupby(["group", *cell]).head(_MOST_KINDS + 1)
    members = pd.DataFrame({"organization": list(groups), "group": list(groups.values())}, dtype="string")
    table = members.merge(held, on="group")
    own = rows[["organization", *cell, "kind"]].assign(own=1)
    table = table.merge(own, how="left", on=["organization", *cell, "kind"])
    table["organizations_n"] = (table["everywhere"] - table["own"].fillna(0)).astype("Int64")
    table = table[table["organizations_n"] >= _FEW_ALIKE]
    order = ["organization", *cell, "organizations_n", "kind"]
    table = table.sort_values(order, ascending=[True, True, True, True, False, True], kind="stable")
    table = table.groupby(["organization", *cell]).head(_MOST_KINDS)
    return table[["organization", *cell, "kind", "organizations_n"]].reset_index(drop=True)


def benchmark(released: Mapping[str, pd.DataFrame], groups: Mapping[str, str]) -> pd.DataFrame:
    """One's own figure in the distribution of one's group: no ranks and no names.

    Parameters
    ----------
    released
        The released tables ``parity_ratings``, ``phase_profile`` and ``parity_facts``.
    groups
        From each organization's id to its group.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``measure`` (*mean_rating*, *begins_in_design*, *compensated*), ``leaf``, ``role``,
        ``scale_low``, ``scale_high``; ``organizations_n`` whose figure is shown; ``own``; ``pooled``, one's own
        figure drawn towards the group's; ``centre``; ``lower_quartile``, ``median``, ``upper_quartile`` of the
        group; ``funnel_low``, ``funnel_high``; ``position`` (*inside*, *above* or *below* the funnel) and ``state``:
        *shown*, or *cannot_say* where one's own figure is not shown or fewer than five organizations' are.

    Notes
    -----
    Formula
        Means: normal-normal empirical Bayes (`ppp.measures.pool_means`), the variance of each from the shown half
        width; funnel: centre ± half width. Shares of activities: beta-binomial (`ppp.measures.pool_shares`), funnel:
        exact binomial quantiles. Outside is what lies outside as reports show it: means to one decimal, shares to
        whole per cent; on the edge is inside.
    Source
        See those functions; Spiegelhalter (2005) for funnels; Goldstein and Spiegelhalter, JRSS A 159 (1996) on
        why league tables mislead.
    Reading
        Inside the funnel: no different from the group beyond chance. The pooled figure is the better guess of what
        a small organization would find next time.
    Limits
        Compare like with like: the study names the groups. From shown figures only: small organizations are missing.
    """
    parts = []
    ratings = released["parity_ratings"]
    rows = ratings[ratings["role"].isin(["patient", "professional"])].assign(measure="mean_rating", own=ratings["mean"])
    rows = rows.assign(variance=((rows["half_width"] - rows["step"] / 2) / _QUANTILE) ** 2, yes=np.nan, of=np.nan)
    rows["half"] = rows["half_width"]
    parts.append(rows)
    profile = released["phase_profile"]
    rows = profile.assign(of=profile["activities_n"].where(profile["state"].isin(["shown", "none"])))
    whole = rows.groupby(["organization", "wave"])["of"].agg(
        lambda found: found.sum() if found.notna().all() else pd.NA
    )
    design = rows[rows["phase"] == "design"].set_index(["organization", "wave"])
    design = design.assign(yes=design["of"], of=whole.astype("Float64")).reset_index()
    parts.append(design.assign(measure="begins_in_design"))
    paid = released["parity_facts"]
    paid = paid[paid["fact"] == "compensated"]
    parts.append(
        paid.assign(measure="compensated", yes=paid["yes_n"], of=(paid["yes_n"] + paid["no_n"]), leaf="compensation")
    )
    keys = ["measure", "group", "wave", "leaf", "role", *_SCALE]
    table = pd.concat(parts, ignore_index=True)
    table["group"] = table["organization"].map(groups)
    table = table[table["group"].notna()]
    for column in ("own", "variance", "half", "yes", "of"):
        table[column] = table[column].astype("float64")
    shares = table["measure"] != "mean_rating"
    table["own"] = table["own"].mask(shares, table["yes"] / table["of"].where(table["of"] > 0))
    for column in ("leaf", "role"):
        table[column] = table[column].astype("string").fillna("")
    table[_SCALE] = table[_SCALE].astype("float64").fillna(-1)
    table = table[["organization", *keys, "own", "variance", "half", "yes", "of"]].reset_index(drop=True)
    found = [_one(rows, measure) for (measure, *_), rows in table.groupby(keys)]
    numbers = pd.concat(found) if found else pd.DataFrame(columns=_NUMBERS)
    table = table.join(numbers.reindex(columns=_NUMBERS))
    known = table["own"].notna() & table["centre"].notna()
    table["state"] = pd.Series("cannot_say", index=table.index, dtype="string").mask(known, "shown")
    # On the numbers as people read them: means to one decimal, shares to whole per cent. What lies on the edge is inside.
    digits = np.where(table["measure"] == "mean_rating", 10, 100)
    own, low, high = (np.rint(table[name] * digits) for name in ("own", "funnel_low", "funnel_high"))
    position = pd.Series("inside", index=table.index, dtype="string")
    position = position.mask(own > high, "above")
    table["position"] = position.mask(own < low, "below").where(known)
    table[_NUMBERS[1:]] = table[_NUMBERS[1:]].where(known)
    table["own"] = table["own"].where(known)
    table[_SCALE] = table[_SCALE].where(table[_SCALE] != -1)
    for column in ("leaf", "role"):
        table[column] = table[column].where(table[column] != "")
    return table.drop(columns=["group", "variance", "half", "yes", "of"])


_NUMBERS = ["organizations_n", "pooled", "centre", "lower_quartile", "median", "upper_quartile"]
_NUMBERS += ["funnel_low", "funnel_high"]


def _one(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    shown = rows[rows["own"].notna()]
    result = pd.DataFrame(index=rows.index, columns=_NUMBERS, dtype="float64")
    result["organizations_n"] = float(len(shown))
    if len(shown) < _FEW_PEERS:
        return result
    if measure == "mean_rating":
        pooled = pool_means(shown["own"], shown["variance"])
        result["funnel_low"] = pooled["centre"] - shown["half"]
        result["funnel_high"] = pooled["centre"] + shown["half"]
    else:
        pooled = pool_shares(shown["yes"], shown["of"])
        limits = funnel_limits(float(pooled["centre"].iloc[0]), shown["of"].to_numpy()).set_index(shown.index)
        result["funnel_low"], result["funnel_high"] = limits["low"], limits["high"]
    result["pooled"], result["centre"] = pooled["pooled"], pooled["centre"]
    quartiles = shown["own"].quantile([0.25, 0.5, 0.75])
    result[["lower_quartile", "median", "upper_quartile"]] = quartiles.to_numpy()
    return result.round(3)
