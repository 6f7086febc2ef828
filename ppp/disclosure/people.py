"""Numbers about people: in bands as wide as the threshold, means in steps that fit every number in the band.

With a threshold of 5, a mean over "5 to 9" people is shown in steps of 0.2: whatever their number is, there are
answers that give just this step, so that the mean does not tell which of the five numbers it was.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ppp.measures.reliability import ENOUGH_ANSWERS

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
    fewer than 50 degrees of freedom stand behind it, counted from the lowest numbers in the bands that are shown, half
    of the scale's range, the most it can be. So the interval rests on nothing that is not shown: it tells neither the
    number of people nor how their answers spread.

    A mean is never shown nearer to an end of the scale than one step: at the very end it would tell what each one said.
    """
    table = table.copy()
    size = step(threshold)
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    # Where all gave the same answer, the mean tells what each one of them said.
    table.loc[table["lowest"] == table["highest"], "state"] = "withheld"
    table.loc[table["respondents_n"] < threshold, "state"] = "withheld"
    shown = table["state"] == "shown"
    table["common_sd"] = _common_spread(table, threshold, shown).where(shown)
    stepped = (table["mean"].astype("float64") / size).round() * size
    low, high = table["scale_low"].astype("float64") + size, table["scale_high"].astype("float64") - size
    stepped = stepped.clip(low.fillna(-np.inf), high.fillna(np.inf)).round(6)
    table["mean"] = stepped.astype("Float64").where(shown)
    table = table.join(band(table["respondents_n"], threshold, "respondents").where(shown))
    half = _LEVEL * table["common_sd"] / np.sqrt(table["respondents_from"].astype("float64")) + size / 2
    table["half_width"] = half.round(6).astype("Float64").where(shown)
    table["step"] = pd.Series(size, index=table.index, dtype="Float64").where(shown)
    return table.drop(columns=["lowest", "highest", "sd", "respondents_n", "missing_n"])


def _common_spread(table: pd.DataFrame, threshold: int, shown: pd.Series) -> pd.Series:
    scale = [table["scale_low"].astype("float64").fillna(-1), table["scale_high"].astype("float64").fillna(-1)]
    n = table["respondents_n"].astype("float64")
    freedom = (n - 1).clip(lower=0)
    squares = (freedom * table["sd"].astype("float64").fillna(0) ** 2).groupby(scale).transform("sum")
    # That the spread was pooled must not tell more of the numbers than their bands do.
    told = ((n // threshold) * threshold - 1).where(shown, 0).groupby(scale).transform("sum")
    freedom = freedom.groupby(scale).transform("sum")
    pooled = np.ceil(np.sqrt(squares / freedom.where(freedom > 0)) * 10 - 1e-9) / 10
    widest = (table["scale_high"].astype("float64") - table["scale_low"].astype("float64")) / 2
    return pooled.where((told >= _ENOUGH) & (pooled > 0), widest)


def missing_answers(table: pd.DataFrame, rated: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.missing_answers` in bands: of how many each mean is made, and why others have no score.

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
        Bands ``asked``, ``answered``, ``skipped`` and ``dont_know``, and ``state``: *shown* or *withheld*. ``asked``
        is missing where a role rated the leaf on several scales.

    Notes
    -----
    The asked are those who answered, skipped, did not know, or have no score for another reason. Were all of these
    shown, their sum would narrow the bands; so the last is never told, and where a role was asked on several scales
    neither is how many were asked on each. What is left out follows from what is shown alone: that it is left out
    tells nothing.
    """
    keys = ["organization", "wave", "leaf", "role", "scale_low", "scale_high"]
    table = table.merge(rated[[*keys, "state"]], how="left", on=keys)
    shown = table["state"] == "shown"
    result = table[keys].assign(state=pd.Series("withheld", index=table.index, dtype="string").mask(shown, "shown"))
    scales = table.groupby(["organization", "wave", "leaf", "role"])["scale_high"].transform("size")
    for name in ("asked", "answered", "skipped", "dont_know"):
        bands = band(table[f"{name}_n"], threshold, name)
        result = result.join(bands.where(shown & (scales == 1) if name == "asked" else shown))
    return result


def pairs(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.matched_pairs` in bands, with one correlation for the whole study.

    Notes
    -----
    ``common_r`` is the pooled correlation of all pairs on the scale, rounded down to a tenth and not below zero; where
    fewer than 50 pairs stand behind it, counted from the lowest numbers in their bands, it is zero, and people are
    compared as if they were strangers.
    """
    scale = [table["scale_low"].astype("float64").fillna(-1), table["scale_high"].astype("float64").fillna(-1)]
    sums = table[["pairs_n", "squares_before", "squares_after", "products"]].astype("float64").groupby(scale)
    whole = sums.transform("sum")
    spread = np.sqrt(whole["squares_before"] * whole["squares_after"])
    r = (whole["products"] / spread.where(spread > 0)).fillna(0).clip(0, 1)
    r = np.floor(r * 10 + 1e-9) / 10
    result = table.drop(columns=["pairs_n", "squares_before", "squares_after", "products"])
    result = result.join(band(table["pairs_n"], threshold, "pairs"))
    told = result["pairs_from"].astype("float64").groupby(scale).transform("sum")
    result["common_r"] = r.where(told >= _ENOUGH, 0.0)
    return result


def reliability(table: pd.DataFrame, rated: pd.DataFrame, answered: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """`ppp.measures.item_reliability` with two decimals, and how many complete answers it rests on at the least.

    Parameters
    ----------
    table
        The measure.
    rated, answered
        The released tables of means and of response counts.
    threshold
        Of the study.

    Notes
    -----
    Complete answers are counted over all organizations and roles, whose own numbers are in bands. A total of 35 beside
    "30 to 34" patients and "fewer than 5" relatives would narrow both; so the total is told only as far up as leaves
    every band as wide as it is: the sum of their upper ends, less one band. Where that is below the fewest that the
    figure needs, the state is *cannot_say* whatever the answers.
    """
    most = _room(rated, answered, threshold)
    table = table.copy()
    least = pd.Series(0, index=table.index, dtype="int64")
    for _, rows in table[table["leaf"] != "all"].groupby(["wave", "scale_low", "scale_high", "leaf"], dropna=False):
        left = most.get(_key(rows.iloc[0]), 0)
        for at, complete in rows["complete_n"].items():
            least[at] = max(0, min(int(complete), left))
            left -= least[at]
    within = ["wave", "scale_low", "scale_high", "instrument"]
    leaves = least.where(table["leaf"] != "all").groupby([table[name] for name in within], dropna=False)
    whole = pd.concat([leaves.transform("min"), table["complete_n"].astype("float64")], axis=1).min(axis=1)
    least = least.mask(table["leaf"] == "all", whole.fillna(0).astype("int64"))
    shown = (table["statement"] == "computed") & (least >= ENOUGH_ANSWERS)
    table["state"] = pd.Series("cannot_say", index=table.index, dtype="string").mask(shown, "shown")
    for name in ("alpha", "omega"):
        table[name] = table[name].round(2).where(shown)
    table["complete_from"] = (least // threshold * threshold).astype("Int64").where(shown)
    return table.drop(columns=["complete_n", "statement"])


def _room(rated: pd.DataFrame, answered: pd.DataFrame, threshold: int) -> dict[tuple, int]:
    """For each wave, scale and leaf, the largest total that narrows no band of those who may be in it."""
    ends = rated["respondents_to"].fillna(threshold - 1).astype("int64")
    keys = ["wave", "scale_low", "scale_high", "leaf"]
    sums = ends.groupby([rated[name].astype("object").where(rated[name].notna(), None) for name in keys], dropna=False)
    nobody = answered[answered["role"] == "not_stated"]
    more = nobody["respondents_to"].fillna(threshold - 1).astype("int64").groupby(nobody["wave"]).sum()
    return {_plain(key): int(total + more.get(key[0], 0)) - (threshold - 1) for key, total in sums.sum().items()}


def _key(row: pd.Series) -> tuple:
    return _plain(tuple(row[name] for name in ("wave", "scale_low", "scale_high", "leaf")))


def _plain(key: tuple) -> tuple:
    wave, low, high, leaf = key
    return str(wave), *(None if pd.isna(end) else float(end) for end in (low, high)), str(leaf)
