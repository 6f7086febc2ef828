"""The parity gap: patients' minus professionals' rating of the same factor, with its interval and its effect size."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["parity_gap", "person_means", "welch"]

_KEYS = ["organization", "wave", "leaf", "scale_low", "scale_high"]
_COLUMNS = [
    *_KEYS,
    "patients_n",
    "professionals_n",
    "gap",
    "low",
    "high",
    "p_superior",
    "p_low",
    "p_high",
    "cliffs_delta",
    "statement",
]


def person_means(ratings: pd.DataFrame) -> pd.DataFrame:
    """Each respondent's own mean on each leaf, so that one person counts once however many statements they rated.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``leaf``, ``scale_low``, ``scale_high``, ``role``, ``response_id``, ``score``; only
        respondents whose role is known and who gave at least one score on the leaf.
    """
    known = ratings[ratings["role"].notna() & ratings["score"].notna()]
    persons = known.groupby([*_KEYS, "role", "response_id"], dropna=False, observed=True)["score"].mean()
    return persons.astype("float64").reset_index()


def welch(
    first_mean: np.ndarray,
    first_variance: np.ndarray,
    first_n: np.ndarray,
    second_mean: np.ndarray,
    second_variance: np.ndarray,
    second_n: np.ndarray,
    level: float = 0.95,
) -> pd.DataFrame:
    """Difference of two means with Welch's t interval, row by row: ``difference``, ``low``, ``high``, ``df``.

    Variances are those of samples (divided by n - 1). Where neither side varies the interval has no width to be
    computed from, and its ends are missing. `scipy.stats.ttest_ind_from_stats` gives the same for one row.

    Examples
    --------
    >>> row = welch(np.array([3.0]), np.array([1.0]), np.array([10]), np.array([2.0]), np.array([1.0]), np.array([10]))
    >>> row.round(2).values.tolist()
    [[1.0, 0.06, 1.94, 18.0]]
    """
    from scipy import stats  # here, as reports that only read need not wait for it

    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = first_variance / first_n, second_variance / second_n
        error = np.sqrt(first + second)
        df = (first + second) ** 2 / (first**2 / (first_n - 1) + second**2 / (second_n - 1))
    difference = np.asarray(first_mean, dtype=float) - second_mean
    half = stats.t.ppf(0.5 + level / 2, df) * error
    return pd.DataFrame({"difference": difference, "low": difference - half, "high": difference + half, "df": df})


def parity_gap(ratings: pd.DataFrame, *, at_least: int = 5, level: float = 0.95) -> pd.DataFrame:
    """Patients' minus professionals' rating of each leaf.

    Parameters
    ----------
    ratings
        The tidy table `ppp.tables.RATINGS`.
    at_least
        With fewer respondents than this on either side the answer is "cannot say". Never less than 2.
    level
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row for each organization, wave, leaf and scale that patients or professionals rated: ``organization``,
        ``wave``, ``leaf``, ``scale_low``, ``scale_high``, ``patients_n``, ``professionals_n``, ``gap`` with ``low`` and
        ``high`` on the scale's own units, ``p_superior`` with ``p_low`` and ``p_high``, ``cliffs_delta``, and
        ``statement``: *patients_higher*, *professionals_higher*, *no_clear_gap* (the interval holds zero) or
        *cannot_say* (too few on one side, or no spread on either).

    Notes
    -----
    Formula
        gap = mean over patients - mean over professionals of each respondent's own mean on the leaf; interval: Welch's
        t. P(superiority) = P(a patient rates higher than a professional) + half of P(they rate alike) = U / (n1 n2),
        from Mann-Whitney's U; its interval from Brunner and Munzel's variance with t, kept within 0 and 1. Cliff's
        delta = 2 P(superiority) - 1.
    Source
        Parity as the degree of reciprocity: Lind (2014), II, Factor 3; that the two sides see it differently is our
        question. Welch, Biometrika 34 (1947); Cliff, Psychological Bulletin 114 (1993); Brunner and Munzel,
        Biometrical Journal 42 (2000).
    Reading
        A gap below zero: patients see less parity than professionals do. The ordinal size does not assume that the
        steps of the scale are equally long.
    Limits
        Those who answered are not all who took part. The two sides may read a statement differently. Relatives and
        others are left out of the gap. Where all patients rate above all professionals, Brunner and Munzel's variance
        is zero and the interval of P(superiority) is missing.

    Examples
    --------
    >>> ratings = pd.DataFrame({"organization": "a", "wave": "w", "leaf": "numbers", "item": "q", "scale_low": 1.0,
    ...     "scale_high": 4.0, "role": ["patient"] * 5 + ["professional"] * 5, "response_id": list("abcdefghij"),
    ...     "score": [1, 2, 2, 3, 1, 3, 4, 4, 3, 4.0]})
    >>> parity_gap(ratings)[["gap", "statement"]].round(1).values.tolist()
    [[-1.8, 'professionals_higher']]
    """
    persons = person_means(ratings)
    persons = persons[persons["role"].isin(["patient", "professional"])]
    if persons.empty:
        return pd.DataFrame(columns=_COLUMNS)
    scores = persons.groupby([*_KEYS, "role"], dropna=False, observed=True)["score"]
    table = pd.DataFrame({"n": scores.count(), "mean": scores.mean(), "variance": scores.var(ddof=1)}).unstack("role")
    wanted = pd.MultiIndex.from_product([["n", "mean", "variance"], ["patient", "professional"]])
    table = table.reindex(columns=wanted)
    n1, n2 = (table["n", role].fillna(0) for role in ("patient", "professional"))
    gap = welch(
        table["mean", "patient"].to_numpy(), table["variance", "patient"].to_numpy(), n1.to_numpy(),
        table["mean", "professional"].to_numpy(), table["variance", "professional"].to_numpy(), n2.to_numpy(), level,
    ).set_index(table.index)  # fmt: skip
    result = pd.DataFrame({"patients_n": n1.astype("int64"), "professionals_n": n2.astype("int64")})
    # By position, both being sorted alike: a scale that is not known is no key to join on.
    for name, values in (("gap", gap["difference"]), ("low", gap["low"]), ("high", gap["high"])):
        result[name] = values.to_numpy()
    superiority = _superiority(persons, level)
    for name in superiority:
        result[name] = superiority[name].to_numpy()
    few = ((n1 < max(2, at_least)) | (n2 < max(2, at_least))).to_numpy() | gap["low"].isna().to_numpy()
    numbers = ["gap", "low", "high", "p_superior", "p_low", "p_high"]
    result.loc[few, numbers] = np.nan
    result["cliffs_delta"] = 2 * result["p_superior"] - 1
    result["statement"] = "no_clear_gap"
    result.loc[result["low"] > 0, "statement"] = "patients_higher"
    result.loc[result["high"] < 0, "statement"] = "professionals_higher"
    result.loc[few, "statement"] = "cannot_say"
    return result.reset_index()[_COLUMNS]


def _superiority(persons: pd.DataFrame, level: float) -> pd.DataFrame:
    """P(superiority) of patients over professionals, with Brunner and Munzel's interval, by ranks."""
    from scipy import stats  # here, as reports that only read need not wait for it

    persons = persons.assign(
        overall=persons.groupby(_KEYS, dropna=False, observed=True)["score"].rank(),
        within=persons.groupby([*_KEYS, "role"], dropna=False, observed=True)["score"].rank(),
    )
    # A person's placement: how many on the other side they rate above, ties counting half.
    persons["placement"] = persons["overall"] - persons["within"]
    placed = persons.groupby([*_KEYS, "role"], dropna=False, observed=True)["placement"]
    table = pd.DataFrame({"n": placed.count(), "mean": placed.mean(), "variance": placed.var(ddof=1)}).unstack("role")
    table = table.reindex(columns=pd.MultiIndex.from_product([["n", "mean", "variance"], ["patient", "professional"]]))
    n1, n2 = table["n", "patient"], table["n", "professional"]
    p = table["mean", "patient"] / n2
    first = table["variance", "patient"] / n2**2 / n1
    second = table["variance", "professional"] / n1**2 / n2
    with np.errstate(divide="ignore", invalid="ignore"):
        df = (first + second) ** 2 / (first**2 / (n1 - 1) + second**2 / (n2 - 1))
    half = pd.Series(stats.t.ppf(0.5 + level / 2, df), index=p.index) * np.sqrt(first + second)
    return pd.DataFrame({"p_superior": p, "p_low": (p - half).clip(lower=0), "p_high": (p + half).clip(upper=1)})
