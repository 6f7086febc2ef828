"""How sure a share is, and how sure a change of it: intervals from the two counts alone."""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["ShareChange", "share_change", "share_interval"]

_QUANTILE = 1.959964  # standard normal quantile of a 95 % interval


def share_interval(n: int, of_n: int) -> tuple[float, float]:
    """The 95 % interval of a share, between 0 and 1; it is (0, 1) where `of_n` is 0.

    Parameters
    ----------
    n, of_n
        How many, and of how many.

    Returns
    -------
    tuple of float
        The lower and the upper end.

    Notes
    -----
    Formula
        Wilson's score interval: the shares that a test at 5 % would not reject.
    Source
        Wilson, JASA 22 (1927).
    Reading
        Between which shares the organization would likely lie, had it told of other activities of the same kind.
    Limits
        Takes the activities as drawn by chance from all that are alike. They are all there are, so the interval says how
        far a few more or less could have moved the share.

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(1, 6)]
    [0.03, 0.564]
    """
    if of_n <= 0:
        return 0.0, 1.0
    share, z2 = n / of_n, _QUANTILE**2
    centre = (share + z2 / (2 * of_n)) / (1 + z2 / of_n)
    half = _QUANTILE * math.sqrt(share * (1 - share) / of_n + z2 / (4 * of_n**2)) / (1 + z2 / of_n)
    return max(0.0, centre - half), min(1.0, centre + half)


class ShareChange(NamedTuple):
    """How a share changed, and what may be said of it.

    Parameters
    ----------
    change
        Later minus earlier share, from -1 to 1.
    low, high
        Ends of its 95 % interval.
    statement
        *higher*, *lower* or *no_clear_change*.

    Returns
    -------
    ShareChange
        What `share_change` gives.

    Examples
    --------
    >>> ShareChange(0.2, 0.05, 0.33, "higher").statement
    'higher'
    """

    change: float
    low: float
    high: float
    statement: str


def share_change(before: tuple[int, int], after: tuple[int, int]) -> ShareChange | None:
    """Later minus earlier share with its 95 % interval; nothing where either rests on no activity.

    Parameters
    ----------
    before, after
        Each as (how many, of how many).

    Returns
    -------
    ShareChange or None
        ``change``, ``low`` and ``high`` (from -1 to 1), and ``statement``.

    Notes
    -----
    Formula
        Newcombe's hybrid score interval: with Wilson's limits (l, u) of each share p, the lower limit is
        d - √((p₂ - l₂)² + (u₁ - p₁)²) and the upper d + √((u₂ - p₂)² + (p₁ - l₁)²), d = p₂ - p₁.
    Source
        Newcombe, Statistics in Medicine 17 (1998), method 10.
    Reading
        "No clear change" is not "no change": with few activities only large changes are clear.
    Limits
        Takes the activities of the two rounds as different ones. Where the same ones go on, less has changed by chance
        than the interval allows for.

    Examples
    --------
    >>> share_change((3, 20), (12, 20)).statement
    'higher'
    >>> share_change((3, 20), (5, 20)).statement
    'no_clear_change'
    """
    (n1, of1), (n2, of2) = before, after
    if of1 <= 0 or of2 <= 0:
        return None
    p1, p2 = n1 / of1, n2 / of2
    (low1, high1), (low2, high2) = share_interval(n1, of1), share_interval(n2, of2)
    low = p2 - p1 - math.hypot(p2 - low2, high1 - p1)
    high = p2 - p1 + math.hypot(high2 - p2, p1 - low1)
    statement = "higher" if low > 0 else "lower" if high < 0 else "no_clear_change"
    return ShareChange(p2 - p1, low, high, statement)
