"""How well the statements of an instrument hold together, and how sure the coding of each cell is."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from ppp.coding.compare import units
from ppp.framework import PHASES, PLACES
from ppp.measures.coverage import _count

__all__ = ["cell_reliability", "code_agreement", "cronbach_alpha", "item_reliability", "mcdonald_omega"]

ENOUGH_ANSWERS = 30
"""Complete answers from which the reliability of an instrument can be told."""

ENOUGH_PAIRS = 10
"""Pairs of readings from which coders' agreement on a code is told."""

SURE_ORIGINS = ("respondent", "settled", "double_coded")
"""Origins of a code that rest on more than one reading, or on the one who was there."""


def cronbach_alpha(scores: pd.DataFrame) -> float:
    """Cronbach's alpha of complete answers (rows) to items (columns); missing with fewer than two items or no spread.

    Parameters
    ----------
    scores
        One row a respondent who answered all items, one column an item, all on one scale.

    Notes
    -----
    Formula
        k / (k - 1) · (1 - sum of item variances / variance of the sum).
    Source
        Cronbach, Psychometrika 16 (1951).

    Examples
    --------
    >>> round(cronbach_alpha(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4]})), 3)
    1.0
    """
    k = scores.shape[1]
    whole = scores.sum(axis=1).var(ddof=1)
    if k < 2 or not whole > 0:
        return float("nan")
    return float(k / (k - 1) * (1 - scores.var(ddof=1).sum() / whole))


def mcdonald_omega(scores: pd.DataFrame) -> float:
    """McDonald's omega (total, one factor) of complete answers to items; missing with fewer than three items.

    Parameters
    ----------
    scores
        One row a respondent who answered all items, one column an item, all on one scale.

    Notes
    -----
    Formula
        (sum of loadings)² / ((sum of loadings)² + sum of uniquenesses), loadings on one factor fitted by maximum
        likelihood to the correlation matrix. The matrix of correlations is used, so omega belongs to the sum of
        standardized items.
    Source
        McDonald, Test Theory (1999); the fit is statsmodels' `Factor`.

    Examples
    --------
    >>> scores = pd.DataFrame({"a": [1, 2, 3, 4, 4, 2], "b": [1, 2, 3, 4, 3, 2], "c": [2, 2, 3, 4, 4, 1]})
    >>> 0.8 < mcdonald_omega(scores) <= 1
    True
    """
    from statsmodels.multivariate.factor import Factor

    if scores.shape[1] < 3 or not (scores.var(ddof=1) > 0).all():
        return float("nan")
    correlations = np.corrcoef(scores.to_numpy(dtype=float), rowvar=False)
    if np.linalg.matrix_rank(correlations) < len(correlations):
        return float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = Factor(corr=correlations, n_factor=1, method="ml", nobs=len(scores)).fit()
    common = float(np.sum(fitted.loadings)) ** 2
    return common / (common + float(np.sum(fitted.uniqueness)))


def item_reliability(ratings: pd.DataFrame, *, at_least: int = ENOUGH_ANSWERS) -> pd.DataFrame:
    """Cronbach's alpha and McDonald's omega of each instrument, over the whole study.

    Parameters
    ----------
    ratings
        The tidy table `ppp.tables.RATINGS`.
    at_least
        Complete answers needed; with fewer the state is "cannot_say".

    Returns
    -------
    pandas.DataFrame
        ``wave``, ``scale_low``, ``scale_high``, ``instrument`` (number of the set of items within the wave, from 1),
        ``leaf`` (a leaf, or "all" for all items together), ``items_n``, ``complete_n`` (respondents who answered
        every item), ``alpha``, ``omega``, ``statement`` (*computed*, *cannot_say* for too few complete answers,
        *too_few_items* for a single one).

    Notes
    -----
    Formula
        Respondents are sorted by the set of items that they were asked; within each set alpha (two items or more) and
        omega (three or more) over those who answered all.
    Source
        Cronbach (1951); McDonald (1999); see `cronbach_alpha` and `mcdonald_omega`.
    Reading
        0.7 and more is commonly asked for in comparing groups.
    Limits
        The leaves of Parity are an open list of different conditions, not indicators of one trait: a low alpha over
        all leaves is no fault. Alpha assumes equally good items; omega does not. Complete answers only.

    Examples
    --------
    >>> ratings = pd.DataFrame(
    ...     [(f"r{n}", item, score) for n, score in enumerate([1, 2, 3, 4]) for item in ("q1", "q2")],
    ...     columns=["response_id", "item", "score"],
    ... ).assign(wave="w", leaf="numbers", scale_low=1.0, scale_high=4.0)
    >>> item_reliability(ratings, at_least=4)[["leaf", "items_n", "complete_n", "alpha"]].round(3).values.tolist()
    [['all', 2, 4, 1.0], ['numbers', 2, 4, 1.0]]
    """
    keys = ["wave", "scale_low", "scale_high"]
    names = (ratings["leaf"].astype("string") + "\n" + ratings["item"].astype("string")).astype("category").cat
    name = names.codes.to_numpy()
    person, _ = pd.factorize(ratings["response_id"])
    score = ratings["score"].to_numpy(dtype=float, na_value=np.nan)
    which = ratings.groupby(keys, dropna=False, observed=True).ngroup().to_numpy()
    out = []
    for number in np.unique(which):
        here = np.flatnonzero(which == number)
        wave, low, high = ratings[keys].iloc[here[0]]
        # Who was asked what: one row a respondent, one column a statement.
        members, at = np.unique(person[here], return_inverse=True)
        used, column = np.unique(name[here], return_inverse=True)
        asked = np.zeros((len(members), len(used)), dtype=bool)
        asked[at, column] = True
        wide = np.full(asked.shape, np.nan)
        wide[at, column] = score[here]
        labels = names.categories[used].to_numpy()
        sets, mine = np.unique(asked, axis=0, return_inverse=True)
        # The order of sets is that of their statements' names, not of anybody's answers.
        order = sorted(range(len(sets)), key=lambda one: sorted(labels[sets[one]]))
        for instrument, one in enumerate(order, start=1):
            frame = pd.DataFrame(wide[mine.ravel() == one][:, sets[one]], columns=labels[sets[one]])
            by_leaf = {"all": list(frame)}
            for label in frame:
                by_leaf.setdefault(label.split("\n")[0], []).append(label)
            for leaf, chosen in by_leaf.items():
                complete = frame[chosen].dropna()
                enough = len(complete) >= at_least and len(chosen) > 1
                statement = "too_few_items" if len(chosen) < 2 else "computed" if enough else "cannot_say"
                alpha = cronbach_alpha(complete) if enough else np.nan
                omega = mcdonald_omega(complete) if enough else np.nan
                out.append((wave, low, high, instrument, leaf, len(chosen), len(complete), alpha, omega, statement))
    columns = ["wave", "scale_low", "scale_high", "instrument", "leaf", "items_n", "complete_n", "alpha", "omega"]
    return pd.DataFrame(out, columns=[*columns, "statement"])


def code_agreement(codings: pd.DataFrame | None, consensus: pd.DataFrame | None = None) -> pd.DataFrame:
    """How often a second coder gives an activity the place, or the phase, that a first one gave it, code by code.

    Parameters
    ----------
    codings, consensus
        The coders' events and what they settled on, `ppp.tables.CODINGS` and ``CONSENSUS``.

    Returns
    -------
    pandas.DataFrame
        ``dimension`` (place, phase_began), ``code`` (empty for the whole dimension), ``pairs_n`` (a first coder who
        gave the code beside a second who coded the same activity) and ``agreement`` (0 to 1).

    Notes
    -----
    Formula
        Specific agreement: over all ordered pairs of coders of one activity where the first gave the code, the share in
        which the second did too. Each on their own: what was changed once an activity was settled is left out.
    Source
        Dice (1945); Fleiss, Biometrics 31 (1975); Cicchetti and Feinstein, Journal of Clinical Epidemiology 43 (1990).
    Reading
        The chance that another coder would say the same. `ppp agree` tells Krippendorff's alpha beside it.
    Limits
        Includes what coders agree on by chance. Two coders can agree and be wrong.

    Examples
    --------
    >>> code_agreement(None).empty
    True
    """
    columns = ["dimension", "code", "pairs_n", "agreement"]
    parts = []
    for dimension in ("place", "phase_began") if codings is not None and len(codings) else ():
        given = units(codings, dimension, consensus=consensus)
        both = given.merge(given, on="unit", suffixes=("", "_second"))
        both = both[both["coder"] != both["coder_second"]]
        rows = [
            (code, code in second)
            for first, second in zip(both["value"], both["value_second"], strict=True)
            for code in first
        ]
        table = pd.DataFrame(rows, columns=["code", "same"])
        for code, same in ({"": table["same"]} | dict(list(table.groupby("code")["same"]))).items():
            if len(same):
                parts.append((dimension, code, len(same), float(same.mean())))
    return pd.DataFrame(parts, columns=columns)


def cell_reliability(placed: pd.DataFrame, *, bar: float, agreement: pd.DataFrame | None = None) -> pd.DataFrame:
    """How sure the coding of each cell is.

    Parameters
    ----------
    placed
        What `ppp.measures.placements` returns.
    bar
        The study's bar (0 to 1) for the certainty of a cell.
    agreement
        What `code_agreement` returns, of the whole study; none where left out.

    Returns
    -------
    pandas.DataFrame
        All 16 cells (place and phase in which collaboration began): ``organization``, ``wave``, ``place``, ``phase``,
        ``activities_n``, ``reporters_n``, ``sure_n`` (placed by the respondent, settled, or given the same codes by all
        of two coders or more), ``certainty`` (missing where the cell is empty), ``is_sure``.

    Notes
    -----
    Formula
        certainty = mean over the cell's activities of the chance that the place is right times the chance that the
        phase is. The chance is 1 for what the respondent stated, coders settled, or two coders or more gave alike; for
        a single coder the study's agreement on that code (on the whole dimension where fewer than 10 pairs of readings
        gave the code), and 0 where coders' agreement is not known from 10 pairs; for a suggestion its confidence.
        is_sure = certainty ≥ bar.
    Source
        That reliability should travel with each figure is our own rule. Confidences are calibrated: see docs/coding.md.
    Reading
        The share of the cell's activities that another reader can be expected to place in it too. Below the bar: hatch
        the cell, and read its count as provisional.
    Limits
        A respondent may have misread the question, and two coders can agree and be wrong: 1 is not proof. What ought to
        be in the cell and was placed elsewhere is not seen.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1", "2"], "response_id": ["r", "s"],
    ...     "place": "clinic", "phase_began": "design", "place_origin": ["respondent", "suggested"],
    ...     "phase_began_origin": "respondent", "place_confidence": [1.0, 0.8], "phase_began_confidence": 1.0})
    >>> found = cell_reliability(placed, bar=0.7).query("activities_n > 0")
    >>> found[["sure_n", "certainty", "is_sure"]].values.tolist()
    [[1, 0.9, True]]
    """
    rows = placed.assign(phase=placed["phase_began"])
    rows = rows[rows["place"].isin(PLACES) & rows["phase"].isin(PHASES)]
    table = _count(rows, placed, place=PLACES, phase=PHASES)
    chance = pd.Series(1.0, index=rows.index)
    sure = pd.Series(True, index=rows.index)
    for dimension in ("place", "phase_began"):
        origin = rows[f"{dimension}_origin"]
        own = rows[f"{dimension}_confidence"].astype("float64").fillna(0)
        single = rows[dimension].map(_agreed(agreement, dimension)).astype("float64").fillna(0)
        chance *= own.where(origin == "suggested", single.where(origin == "single_coded", 1.0))
        sure &= origin.isin(SURE_ORIGINS)
    keys = ["organization", "wave", "place", "phase"]
    sums = rows[keys].astype({"place": "string", "phase": "string"})
    sums = sums.assign(sure_n=sure.astype("int64"), certainty=chance).groupby(keys)[["sure_n", "certainty"]]
    sums = sums.agg({"sure_n": "sum", "certainty": "mean"}).round({"certainty": 9})
    table = table.merge(sums, how="left", left_on=keys, right_index=True)
    table["sure_n"] = table["sure_n"].fillna(0).astype("Int64")
    table["certainty"] = table["certainty"].astype("Float64")
    table["is_sure"] = (table["certainty"] >= bar).astype("boolean")
    return table


def _agreed(agreement: pd.DataFrame | None, dimension: str) -> dict[str, float]:
    """For each code, the chance that a second coder says the same; nothing where too few were coded twice."""
    if agreement is None:
        return {}
    known = agreement[(agreement["dimension"] == dimension) & (agreement["pairs_n"] >= ENOUGH_PAIRS)]
    found = known.set_index("code")["agreement"].to_dict()
    if "" not in found:
        return {}
    return {code: found.get(code, found[""]) for code in (*PLACES, *PHASES)}
