"""Agreement between coders: percent, Cohen's κ, Krippendorff's α, Gwet's AC1 and Fleiss' κ, with bootstrap intervals.

Any number of coders, any codings missing. Values are codes, numbers, or sets of codes (`frozenset`).

Everything is a function of sums over units, so that the thousands of resamples of a bootstrap are one matrix product.
What libraries hold is checked against them in the tests: statsmodels for Cohen's and Fleiss' κ.

References
----------
Cohen, J. (1960). A coefficient of agreement for nominal scales. Educ. Psychol. Meas. 20, 37–46.
Conger, A. J. (1980). Integration and generalization of kappas for multiple raters. Psychol. Bull. 88, 322–328.
Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychol. Bull. 76, 378–382.
Gwet, K. L. (2008). Computing inter-rater reliability in the presence of high agreement. Br. J. Math. Stat. Psychol. 61.
Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability.
Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). LREC.
Efron, B. (1987). Better bootstrap confidence intervals. JASA 82, 171–185.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm, t

__all__ = ["COEFFICIENTS", "Estimate", "Level", "agreement", "gwet_interval", "masi", "two_coders", "units_needed"]

Level = Literal["nominal", "ordinal", "interval", "ratio", "masi"]

COEFFICIENTS = ("percent", "cohen", "alpha", "ac1", "fleiss", "brennan_prediger")
"""*cohen* is Cohen's κ for two coders on the units that both coded, and Conger's κ for more."""

_LABELS = {
    "percent": "Percent agreement",
    "cohen": "Cohen’s κ",
    "alpha": "Krippendorff’s α",
    "ac1": "Gwet’s AC1",
    "fleiss": "Fleiss’ κ",
    "brennan_prediger": "Brennan–Prediger κ",
}
_BLOCK = 2_000_000  # numbers in one block of resamples: about 16 MB


@dataclass(frozen=True)
class Estimate:
    """One coefficient with its interval, or the reason why there is none.

    Attributes
    ----------
    name
        One of `COEFFICIENTS`.
    value
        The coefficient; None where it is undefined.
    low, high
        The interval's ends; None where there is no interval.
    units, coders
        What it rests on: units coded by at least two, and coders.
    why
        Why there is no value, or no interval; empty where there are both.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    units: int = 0
    coders: int = 0
    why: str = ""

    @property
    def label(self) -> str:
        """The coefficient's name in words."""
        return _LABELS[self.name]

    def __str__(self) -> str:
        if self.value is None:
            return f"undefined, because {self.why}"
        if self.low is None:
            return f"{self.value:.2f} (no interval, because {self.why})"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def agreement(
    codings: pd.DataFrame,
    *,
    level: Level = "nominal",
    coefficients: Sequence[str] = ("percent", "cohen", "alpha", "ac1"),
    resamples: int = 2000,
    confidence: float = 0.95,
    seed: int = 1,
) -> dict[str, Estimate]:
    """How far the coders agree.

    Parameters
    ----------
    codings
        Columns ``unit``, ``coder`` and ``value``: one row for each unit that a coder coded; no row where it is missing.
    level
        How far apart two values are. *nominal*: the same or not. *masi*: values are sets, compared with the weights 1
        (equal), 2/3 (one within the other), 1/3 (they overlap) and 0 (nothing shared), each times the Jaccard index.
        *ordinal*, *interval* and *ratio* (Krippendorff's distances) are for numbers and for α only.
    coefficients
        Which of `COEFFICIENTS`.
    resamples
        Bootstrap resamples of units; 0 for no intervals.
    confidence
        Of the intervals.

    Returns
    -------
    dict of Estimate
        By coefficient. The intervals are bootstrap intervals, bias-corrected and accelerated, resampling units (not
        single codings: those of one unit hang together).

    Notes
    -----
    A coefficient corrected for chance is undefined where everybody always gave one and the same code: nothing shows
    then that they would have told another code apart.

    Examples
    --------
    >>> said = pd.DataFrame({"unit": [1, 1, 2, 2], "coder": list("abab"), "value": ["x", "x", "y", "x"]})
    >>> str(agreement(said, resamples=0)["alpha"])
    '0.00 (no interval, because none was asked for)'
    """
    unknown = [name for name in coefficients if name not in COEFFICIENTS]
    if unknown:
        raise ValueError(f"unknown coefficients: {unknown}")
    if codings.duplicated(["unit", "coder"]).any():
        raise ValueError("a coder has two values on one unit")
    sums = _Sums(codings, level)
    units, coders = sums.pairable_n, sums.coders_n
    why = sums.undefined()
    if why:
        return {name: Estimate(name, None, why=why, units=units, coders=coders) for name in coefficients}
    point = sums.evaluate(np.ones((1, sums.units_n)), coefficients)
    values = {name: float(point[name][0]) for name in coefficients}
    spread = _intervals(sums, values, coefficients, resamples, confidence, seed) if resamples else {}
    found = {}
    for name, value in values.items():
        if np.isnan(value):
            found[name] = Estimate(
                name, None, why="every coder gave every unit the same code", units=units, coders=coders
            )
        else:
            low, high, reason = spread.get(name, (None, None, "none was asked for"))
            found[name] = Estimate(name, value, low, high, why=reason, units=units, coders=coders)
    return found


def masi(one: frozenset, other: frozenset) -> float:
    """How alike two sets are: their Jaccard index times 1 (equal), 2/3 (one within the other), 1/3 (overlap) or 0.

    Two empty sets are equal.

    Examples
    --------
    >>> round(masi(frozenset("ab"), frozenset("abcd")), 5), masi(frozenset(), frozenset())
    (0.33333, 1.0)
    """
    if one == other:
        return 1.0
    shared = len(one & other)
    if not shared:
        return 0.0
    weight = 2 / 3 if one <= other or other <= one else 1 / 3
    return weight * shared / len(one | other)


def two_coders(
    table: np.ndarray | pd.DataFrame,
    *,
    weights: Literal["linear", "quadratic"] | None = None,
    distribution: Literal["normal", "t"] = "normal",
) -> Estimate:
    """Cohen's κ of a square table of counts, with the interval of its asymptotic standard error (statsmodels).

    Parameters
    ----------
    table
        How often the first coder (rows) and the second (columns) gave each pair of codes.
    weights
        How much near codes count as agreement, where codes have an order.
    distribution
        What the 95 % interval is of: the normal distribution (SAS, statsmodels), or Student's t with one degree of
        freedom less than units (Gwet).

    Examples
    --------
    >>> str(two_coders([[0, 4, 1], [0, 8, 0], [0, 1, 5]]))
    '0.48 (0.21 to 0.75)'
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    counts = np.asarray(table, dtype=float)
    units, coders = int(counts.sum()), 2
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    if not counts.sum():
        return Estimate("cohen", None, why="no unit is coded by two coders", units=units, coders=coders)
    if (rows * columns).max() == counts.sum() ** 2:
        return Estimate("cohen", None, why="every coder gave every unit the same code", units=units, coders=coders)
    result = cohens_kappa(counts, weights=np.arange(len(counts)) if weights else None, wt=weights)
    low, high = float(result.kappa_low), float(result.kappa_upp)
    if distribution == "t" and units > 1:
        width = t.ppf(0.975, units - 1) * float(result.std_kappa)
        low, high = float(result.kappa) - width, float(result.kappa) + width
    return Estimate("cohen", float(result.kappa), low, high, units=units, coders=coders)


def gwet_interval(codings: pd.DataFrame, *, confidence: float = 0.95) -> tuple[Estimate, float | None]:
    """Gwet's AC1 with the interval of his own standard error (Student's t), and that error; no resampling.

    Parameters
    ----------
    codings
        As for `agreement`, nominal.

    Notes
    -----
    Gwet (2008), linearised variance with subjects as a sample; the interval ends at 1. `agreement` bootstraps all
    coefficients alike; this is for comparison with other programs.

    Examples
    --------
    >>> said = pd.DataFrame({"unit": [1, 1, 2, 2, 3, 3], "coder": list("ababab"), "value": list("xxyyxy")})
    >>> estimate, error = gwet_interval(said)
    >>> round(estimate.value, 3), round(error, 3)
    (0.333, 0.667)
    """
    estimate = agreement(codings, coefficients=["ac1"], resamples=0)["ac1"]
    if estimate.value is None:
        return estimate, None
    sums = _Sums(codings, "nominal")
    n, q = sums.units_n, len(sums.values)
    if n < 2:
        return replace(estimate, why="there is only one unit"), None
    margins = sums.shares.mean(axis=0)
    chance = float((margins * (1 - margins)).sum() / (q - 1))
    by_unit = np.where(sums.pairable, (sums.agreeing - chance) / (1 - chance), 0) * n / sums.pairable_n
    chance_by_unit = sums.shares @ (1 - margins) / (q - 1)
    moved = by_unit - 2 * (1 - estimate.value) * (chance_by_unit - chance) / (1 - chance)
    error = float(np.sqrt(((moved - estimate.value) ** 2).sum() / (n * (n - 1))))
    width = float(t.ppf((1 + confidence) / 2, n - 1)) * error
    return replace(
        estimate, low=max(estimate.value - width, -1.0), high=min(estimate.value + width, 1.0), why=""
    ), error


def units_needed(estimate: Estimate, half_width: float) -> int | None:
    """How many units in all must be coded by two for an interval of plus or minus `half_width`.

    An interval narrows with the square root of the number of units; None where there is no interval to go by.

    Examples
    --------
    >>> units_needed(Estimate("alpha", 0.7, 0.5, 0.9, units=50, coders=2), 0.1)
    200
    """
    if estimate.low is None or estimate.high is None or half_width <= 0:
        return None
    now = (estimate.high - estimate.low) / 2
    return max(estimate.units, ceil(round(estimate.units * (now / half_width) ** 2, 6)))


# -- sums over units ---------------------------------------------------------------------------------------------------


class _Sums:
    """What each unit adds to the coefficients; `evaluate` weighs the units."""

    def __init__(self, codings: pd.DataFrame, level: Level) -> None:
        units, unit_names = pd.factorize(codings["unit"])
        coders, coder_names = pd.factorize(codings["coder"])
        values = _in_order(list(dict.fromkeys(codings["value"])), level)
        at = {value: number for number, value in enumerate(values)}
        codes = codings["value"].map(at).to_numpy(dtype=int)
        self.units_n, self.coders_n, self.values = len(unit_names), len(coder_names), values
        q = len(values)
        given = np.zeros((self.units_n, self.coders_n, q))
        given[units, coders, codes] = 1
        self.counts = given.sum(axis=1)
        self.ratings = self.counts.sum(axis=1)
        self.pairable = self.ratings >= 2
        self.pairable_n = int(self.pairable.sum())
        self.distance = _distances(values, level, self.counts[self.pairable].sum(axis=0))
        self.alike = 1 - self.distance
        # Cohen's κ needs units that both coded; with more coders, each coder's own margins serve (Conger).
        self.given = given[self.pairable] if self.coders_n == 2 else given
        self.given_units = self.pairable if self.coders_n == 2 else np.ones(self.units_n, dtype=bool)

        pairs = np.where(self.pairable, self.ratings * (self.ratings - 1), 1)
        meeting = (self.counts * (self.counts @ self.alike)).sum(axis=1) - self.counts @ np.diag(self.alike)
        self.agreeing = np.where(self.pairable, meeting / pairs, 0)
        apart = (self.counts * (self.counts @ self.distance)).sum(axis=1)
        self.apart = np.where(self.pairable, apart / np.where(self.pairable, self.ratings - 1, 1), 0)
        self.paired_counts = np.where(self.pairable[:, None], self.counts, 0)
        self.shares = self.counts / np.maximum(self.ratings, 1)[:, None]

    def undefined(self) -> str:
        """Why no coefficient at all can be given."""
        if not self.units_n:
            return "nothing is coded"
        if self.coders_n < 2:
            return "there is only one coder"
        if not self.pairable_n:
            return "no unit is coded by two coders"
        return ""

    def evaluate(self, weights: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
        """The coefficients for each row of `weights` (rows × units); NaN where undefined."""
        with np.errstate(divide="ignore", invalid="ignore"):
            agreed = weights @ self.agreeing / (weights @ self.pairable)
            found: dict[str, np.ndarray] = {}
            for name in names:
                found[name] = agreed if name == "percent" else _CHANCE[name](self, weights, agreed)
        return found

    def _corrected(self, agreed: np.ndarray, chance: np.ndarray) -> np.ndarray:
        room = 1 - chance
        return np.where(room > 1e-12, (agreed - chance) / np.where(room > 1e-12, room, 1), np.nan)

    def _margins(self, weights: np.ndarray) -> np.ndarray:
        return weights @ self.shares / weights.sum(axis=1, keepdims=True)

    def _alpha(self, weights: np.ndarray, agreed: np.ndarray) -> np.ndarray:
        counts = weights @ self.paired_counts
        n = counts.sum(axis=1)
        expected = ((counts @ self.distance) * counts).sum(axis=1) / (n - 1)
        return np.where(expected > 1e-12, 1 - weights @ self.apart / np.where(expected > 1e-12, expected, 1), np.nan)

    def _fleiss(self, weights: np.ndarray, agreed: np.ndarray) -> np.ndarray:
        margins = self._margins(weights)
        return self._corrected(agreed, ((margins @ self.alike) * margins).sum(axis=1))

    def _ac1(self, weights: np.ndarray, agreed: np.ndarray) -> np.ndarray:
        q = len(self.values)
        if q < 2:
            return np.full(len(weights), np.nan)
        margins = self._margins(weights)
        spread = (margins * (1 - margins)).sum(axis=1)
        one_code = margins.max(axis=1) > 1 - 1e-12
        return np.where(one_code, np.nan, self._corrected(agreed, self.alike.sum() / (q * (q - 1)) * spread))

    def _brennan_prediger(self, weights: np.ndarray, agreed: np.ndarray) -> np.ndarray:
        one_code = self._margins(weights).max(axis=1) > 1 - 1e-12
        chance = np.full(len(weights), self.alike.mean())
        return np.where(one_code, np.nan, self._corrected(agreed, chance))

    def _cohen(self, weights: np.ndarray, agreed: np.ndarray) -> np.ndarray:
        q, m = len(self.values), self.coders_n
        own = (weights[:, self.given_units] @ self.given.reshape(-1, m * q)).reshape(-1, m, q)
        own = own / own.sum(axis=2, keepdims=True)
        total = own.sum(axis=1)
        # Σ over pairs of different coders of the chance that their codes are alike
        all_pairs = ((total @ self.alike) * total).sum(axis=1)
        same_coder = ((own @ self.alike) * own).sum(axis=(1, 2))
        return self._corrected(agreed, (all_pairs - same_coder) / (m * (m - 1)))


_CHANCE: dict[str, Callable[[_Sums, np.ndarray, np.ndarray], np.ndarray]] = {
    "cohen": _Sums._cohen,
    "alpha": _Sums._alpha,
    "ac1": _Sums._ac1,
    "fleiss": _Sums._fleiss,
    "brennan_prediger": _Sums._brennan_prediger,
}


def _in_order(values: list[Any], level: Level) -> list[Any]:
    if level in ("ordinal", "interval", "ratio"):
        return sorted(values)
    return sorted(
        values, key=lambda value: (str(type(value)), sorted(value) if isinstance(value, frozenset) else value)
    )


def _distances(values: list, level: Level, counts: np.ndarray) -> np.ndarray:
    """How far apart each two values are."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "masi":
        return np.array([[1 - masi(one, other) for other in values] for one in values]).reshape(
            len(values), len(values)
        )
    numbers = np.array(values, dtype=float)
    if level == "interval":
        return (numbers[:, None] - numbers) ** 2
    if level == "ratio":
        total = numbers[:, None] + numbers
        return np.where(total != 0, (numbers[:, None] - numbers) / np.where(total != 0, total, 1), 0) ** 2
    below = np.cumsum(counts) - counts / 2
    return (below[:, None] - below) ** 2


# -- the bootstrap -----------------------------------------------------------------------------------------------------


def _intervals(
    sums: _Sums, values: dict[str, float], names: Sequence[str], resamples: int, confidence: float, seed: int
) -> dict[str, tuple[float | None, float | None, str]]:
    n = sums.units_n
    chance = np.random.default_rng(seed)
    parts: dict[str, list[np.ndarray]] = {name: [] for name in names}
    left = resamples
    while left:
        block = min(left, max(1, _BLOCK // n))
        drawn = chance.integers(0, n, (block, n)) + np.arange(block)[:, None] * n
        weights = np.bincount(drawn.ravel(), minlength=block * n).reshape(block, n).astype(float)
        for name, found in sums.evaluate(weights, names).items():
            parts[name].append(found)
        left -= block
    without = _without_each(sums, names)
    return {
        name: _bca(np.concatenate(parts[name]), values[name], without[name], confidence)
        for name in names
        if not np.isnan(values[name])
    }


def _without_each(sums: _Sums, names: Sequence[str]) -> dict[str, np.ndarray]:
    """The coefficients with each unit left out once."""
    n = sums.units_n
    block = max(1, _BLOCK // n)
    parts: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for start in range(0, n, block):
        rows = np.arange(start, min(n, start + block))
        weights = np.ones((len(rows), n))
        weights[np.arange(len(rows)), rows] = 0
        for name, found in sums.evaluate(weights, names).items():
            parts[name].append(found)
    return {name: np.concatenate(found) for name, found in parts.items()}


def _bca(
    drawn: np.ndarray, value: float, without: np.ndarray, confidence: float
) -> tuple[float | None, float | None, str]:
    known = drawn[~np.isnan(drawn)]
    without = without[~np.isnan(without)]
    if len(known) < 0.9 * len(drawn) or len(without) < 2:
        return None, None, "too few units differ from each other"
    if np.ptp(known) < 1e-12:
        return None, None, "the coders differed on none, or on all alike"
    below = (np.sum(known < value - 1e-12) + 0.5 * np.sum(np.abs(known - value) <= 1e-12)) / len(known)
    bias = norm.ppf(np.clip(below, 1 / (2 * len(known)), 1 - 1 / (2 * len(known))))
    away = without.mean() - without
    spread = np.sum(away**2)
    speed = np.sum(away**3) / (6 * spread**1.5) if spread > 0 else 0.0
    ends = norm.ppf([(1 - confidence) / 2, (1 + confidence) / 2])
    levels = norm.cdf(bias + (bias + ends) / (1 - speed * (bias + ends)))
    low, high = np.quantile(known, levels)
    return float(low), float(high), ""
