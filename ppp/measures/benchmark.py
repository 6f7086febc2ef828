"""One's own figure among one's peers, without a league table: partial pooling and funnel limits."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["funnel_limits", "pool_means", "pool_shares"]


def pool_means(means: pd.Series, variances: pd.Series) -> pd.DataFrame:
    """Means of several organizations, each drawn towards the common mean the more, the less it is known.

    Parameters
    ----------
    means
        Each organization's mean.
    variances
        The sampling variance of each mean (its standard error squared), more than zero.

    Returns
    -------
    pandas.DataFrame
        On the index of `means`: ``pooled``, ``weight`` (0 to 1, how much of it is the organization's own), ``centre``
        (the common mean) and ``between_sd``.

    Notes
    -----
    Formula
        Normal-normal empirical Bayes: pooled = w · own + (1 - w) · centre, w = τ² / (τ² + variance), centre = mean
        weighted by 1 / (τ² + variance), τ² by DerSimonian and Laird's method of moments, not below zero.
    Source
        Efron and Morris, JASA 70 (1975); DerSimonian and Laird, Controlled Clinical Trials 7 (1986).
    Reading
        A small organization that lies far out is drawn in: most of what set it apart is chance.
    Limits
        With few organizations τ² is poorly known; exchangeable peers are assumed, so compare like with like.

    Examples
    --------
    >>> pool_means(pd.Series([2.0, 3.0]), pd.Series([0.01, 0.01])).round(3)["pooled"].tolist()
    [2.01, 2.99]
    """
    y, v = means.to_numpy(dtype=float), variances.to_numpy(dtype=float)
    w = 1 / v
    fixed = np.sum(w * y) / np.sum(w)
    spread = np.sum(w * (y - fixed) ** 2) - (len(y) - 1)
    scale = np.sum(w) - np.sum(w**2) / np.sum(w)
    tau2 = max(0.0, spread / scale) if len(y) > 1 else 0.0
    star = 1 / (tau2 + v)
    centre = np.sum(star * y) / np.sum(star)
    weight = tau2 / (tau2 + v)
    pooled = weight * y + (1 - weight) * centre
    return pd.DataFrame(
        {"pooled": pooled, "weight": weight, "centre": centre, "between_sd": np.sqrt(tau2)}, index=means.index
    )


def pool_shares(yes: pd.Series, of: pd.Series) -> pd.DataFrame:
    """Shares of several organizations, each drawn towards the common share the more, the fewer it rests on.

    Parameters
    ----------
    yes, of
        For each organization, how many have the property, and of how many (more than zero).

    Returns
    -------
    pandas.DataFrame
        On the index of `yes`: ``pooled``, ``weight``, ``centre``.

    Notes
    -----
    Formula
        Beta-binomial empirical Bayes: pooled = (yes + a) / (of + a + b), with a and b by maximum likelihood;
        centre = a / (a + b), weight = of / (of + a + b).
    Source
        Casella, The American Statistician 39 (1985); Robbins (1956).
    Reading, Limits
        As for `pool_means`.

    Examples
    --------
    >>> pooled = pool_shares(pd.Series([0, 30, 5, 60]), pd.Series([2, 100, 20, 150]))["pooled"]
    >>> bool(pooled[0] > 0.1)
    True
    """
    from scipy import optimize, special  # here, as reports that only read need not wait for it

    k, n = yes.to_numpy(dtype=float), of.to_numpy(dtype=float)

    def cost(at: np.ndarray) -> float:
        centre, size = special.expit(at[0]), np.exp(at[1])
        a, b = centre * size, (1 - centre) * size
        return -float(np.sum(special.betaln(k + a, n - k + b) - special.betaln(a, b)))

    start = np.array([special.logit(np.clip(k.sum() / n.sum(), 0.01, 0.99)), np.log(10.0)])
    # Size beyond 10,000 is complete pooling; below 0.1 the prior says nothing.
    found = optimize.minimize(cost, start, method="L-BFGS-B", bounds=[(-9, 9), (np.log(0.1), np.log(1e4))]).x
    centre, size = float(special.expit(found[0])), float(np.exp(found[1]))
    return pd.DataFrame(
        {"pooled": (k + centre * size) / (n + size), "weight": n / (n + size), "centre": centre}, index=yes.index
    )


def funnel_limits(centre: float, of: np.ndarray, *, level: float = 0.95) -> pd.DataFrame:
    """Between which shares an organization of each size would lie by chance alone, were its true share the centre.

    Parameters
    ----------
    centre
        The share (0 to 1) that all are taken to have.
    of
        Of how many each organization's own share is.
    level
        Of the limits.

    Returns
    -------
    pandas.DataFrame
        ``low`` and ``high``, shares from 0 to 1, in the order of `of`.

    Notes
    -----
    Formula
        Exact binomial quantiles of `of` draws with probability `centre`, divided by `of`.
    Source
        Spiegelhalter, Statistics in Medicine 24 (2005).
    Reading
        Inside the limits an organization does not differ from its peers beyond chance.
    Limits
        One in twenty lies outside 95 % limits by chance.

    Examples
    --------
    >>> funnel_limits(0.5, np.array([10, 100])).round(2).values.tolist()
    [[0.2, 0.8], [0.4, 0.6]]
    """
    from scipy import stats  # here, as reports that only read need not wait for it

    of = np.asarray(of)
    tail = (1 - level) / 2
    low, high = stats.binom.ppf(tail, of, centre) / of, stats.binom.ppf(1 - tail, of, centre) / of
    return pd.DataFrame({"low": low, "high": high})
