"""Numbers about people: in bands as wide as the threshold, means in steps that fit every number in the band.

With a threshold of 5, a mean over "5 to 9" people is shown in steps of 0.2: whatever their number is, there are
answers that give just this step, so that the mean does not tell which of the five numbers it was.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["band", "missing_answers", "pairs", "ratings", "reliability", "responses", "step"]

_LEVEL = 1.959964  # standard normal quantile of a 95 % interval
_ENOUGH = 50  # degrees of freedom from which a common spread is an estimate and no longer somebody's answers


def step(threshold: int) -> float:
    """The step in which means are shown: the smallest of 0.1, 0.2 and 0.5 that is at least 1 / threshold.

    Means of n whole-numbered scores lie 1 / n apart, so a step of 1 / threshold or more holds one for every n from the
    threshold up.

    Examples
    --------
    >>> step(3), step(5), step(10)
    (0.5, 0.2, 0.1)
    """
    return next(size for size in (0.1, 0.2, 0.5) if size * threshold >= 1 - 1e-9)


def band(numbers: pd.Series, threshold: int, name: str) -> pd.DataFrame:
    """Numbers of people as bands: ``{name}_from`` and ``{name}_to``; with 5: "0 to 4", "5 to 9", "10 to 14" …

    Two exact numbers can be subtracted from each other; two bands leave room for at least a band's width.
    """
    lower = (numbers.astype("Int64") // threshold * threshold).astype("Int64")
    return pd.DataFrame({f"{name}_from": lower, f"{name}_to": lower + threshold - 1})


def responses(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.response_counts` in bands; numbers below the threshold withheld."""
    table = table.copy()
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    table.loc[table["respondents_n"] < threshold, "state"] = "withheld"
    bands = band(table["respondents_n"], threshold, "respondents").where(table["state"] == "shown")
    return table.join(bands).drop(columns="respondents_n")


def ratings(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.parity_ratings` with means in steps, numbers in bands and intervals from a common spread.

    Notes
    -----
    The interval's half width is 1.96 · s / √(lowest number in the band) + half a step. s is one standard deviation for
    all means on a scale: the pooled one within organizations, waves, leaves and roles, rounded up to a tenth; where
    fewer than 50 degrees of freedom stand behind it, half of the scale's range, the most it can be. So the
    interval rests on nothing that is not shown: it tells neither the number of people nor how their answers spread.

    A mean is never shown nearer to an end of the scale than one step: at the very end it would tell what each one said.
    """
    table = table.copy()
    size = step(threshold)
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    # Where all gave the same answer, the mean tells what each one of them said.
    table.loc[table["lowest"] == table["highest"], "state"] = "withheld"
    table.loc[table["respondents_n"] < threshold, "state"] = "withheld"
    shown = table["state"] == "shown"
    table["common_sd"] = _common_spread(table).where(shown)
    stepped = (table["mean"].astype("float64") / size).round() * size
    low, high = table["scale_low"].astype("float64") + size, table["scale_high"].astype("float64") - size
    stepped = stepped.clip(low.fillna(-np.inf), high.fillna(np.inf)).round(6)
    table["mean"] = stepped.astype("Float64").where(shown)
    table = table.join(band(table["respondents_n"], threshold, "respondents").where(shown))
    half = _LEVEL * table["common_sd"] / np.sqrt(table["respondents_from"].astype("float64")) + size / 2
    table["half_width"] = half.round(6).astype("Float64").where(shown)
    table["step"] = pd.Series(size, index=table.index, dtype="Float64").where(shown)
    return table.drop(columns=["lowest", "highest", "sd", "respondents_n", "missing_n"])


def _common_spread(table: pd.DataFrame) -> pd.Series:
    scale = [table["scale_low"].astype("float64").fillna(-1), table["scale_high"].astype("float64").fillna(-1)]
    freedom = (table["respondents_n"].astype("float64") - 1).clip(lower=0)
    squares = (freedom * table["sd"].astype("float64").fillna(0) ** 2).groupby(scale).transform("sum")
    freedom = freedom.groupby(scale).transform("sum")
    pooled = np.ceil(np.sqrt(squares / freedom.where(freedom > 0)) * 10 - 1e-9) / 10
    widest = (table["scale_high"].astype("float64") - table["scale_low"].astype("float64")) / 2
    return pooled.where((freedom >= _ENOUGH) & (pooled > 0), widest)


def missing_answers(table: pd.DataFrame, rated: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.missing_answers` in bands, as finely as the bands allow.

    Parameters
    ----------
    table
        The measure.
    rated
        The released table of means, `ratings`: where a mean is withheld, so is this.
    threshold
        No number about fewer people leaves.

    Returns
    -------
    pandas.DataFrame
        Bands ``asked``, ``answered``, ``skipped``, ``dont_know`` and ``other``, and ``missing`` for the last three
        together. ``state``: *shown* (all but ``missing``), *total* (``asked``, ``answered`` and ``missing``),
        *answered* (the first two) or *withheld*.

    Notes
    -----
    Answered and missing add up to the asked. Bands are left out where the sum would narrow any of them; that is
    told from the bands alone, so that their absence tells nothing more.
    """
    keys = ["organization", "wave", "leaf", "role", "scale_low", "scale_high"]
    table = table.merge(rated[[*keys, "state"]], how="left", on=keys)
    may_say = table["state"] == "shown"
    parts = {name: table[f"{name}_n"] for name in ("asked", "answered", "skipped", "dont_know", "other")}
    parts["missing"] = parts["asked"] - parts["answered"]
    bands = pd.concat([band(numbers, threshold, name) for name, numbers in parts.items()], axis=1).astype("int64")
    fine = may_say & _fits(bands, "asked", ["answered", "skipped", "dont_know", "other"])
    rough = may_say & ~fine & _fits(bands, "asked", ["answered", "missing"])
    state = pd.Series("withheld", index=table.index, dtype="string")
    result = table[keys].assign(state=state.mask(may_say, "answered").mask(rough, "total").mask(fine, "shown"))
    where = {"asked": may_say, "answered": may_say, "skipped": fine, "dont_know": fine, "other": fine, "missing": rough}
    for name, seen in where.items():
        for end in ("from", "to"):
            result[f"{name}_{end}"] = bands[f"{name}_{end}"].astype("Int64").where(seen)
    return result


def _fits(bands: pd.DataFrame, whole: str, parts: list[str]) -> pd.Series:
    """Whether the sum of the parts leaves every band, its own and the parts', as wide as it is."""
    lows = sum(bands[f"{name}_from"] for name in parts)
    highs = sum(bands[f"{name}_to"] for name in parts)
    least, most = bands[f"{whole}_from"], bands[f"{whole}_to"]
    fits = (lows <= least) & (highs >= most)
    for name in parts:
        low, high = bands[f"{name}_from"], bands[f"{name}_to"]
        fits &= (least - (highs - high) <= low) & (most - (lows - low) >= high)
    return fits


def pairs(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.matched_pairs` in bands, with one correlation for the whole study.

    Notes
    -----
    ``common_r`` is the pooled correlation of all pairs on the scale, rounded down to a tenth and not below zero; where
    fewer than 50 pairs stand behind it, it is zero, and people are compared as if they were strangers.
    """
    scale = [table["scale_low"].astype("float64").fillna(-1), table["scale_high"].astype("float64").fillna(-1)]
    sums = table[["pairs_n", "squares_before", "squares_after", "products"]].astype("float64").groupby(scale)
    whole = sums.transform("sum")
    spread = np.sqrt(whole["squares_before"] * whole["squares_after"])
    r = (whole["products"] / spread.where(spread > 0)).fillna(0).clip(0, 1)
    r = np.floor(r * 10 + 1e-9) / 10
    result = table.drop(columns=["pairs_n", "squares_before", "squares_after", "products"])
    result["common_r"] = r.where(whole["pairs_n"] >= _ENOUGH, 0.0)
    return result.join(band(table["pairs_n"], threshold, "pairs"))


def reliability(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.item_reliability` with two decimals; numbers of complete answers in bands."""
    table = table.copy()
    table["state"] = table["statement"].map({"computed": "shown"}).fillna("cannot_say").astype("string")
    table["alpha"], table["omega"] = table["alpha"].round(2), table["omega"].round(2)
    shown = table["state"] == "shown"
    table = table.join(band(table["complete_n"], threshold, "complete").where(shown))
    return table.drop(columns=["complete_n", "statement"])
