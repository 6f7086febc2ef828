"""Everything that is computed from released tables, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ppp.disclosure import derived
from ppp.disclosure.indicators import indicators, signals, strands

__all__ = ["derive"]


def derive(
    released: Mapping[str, pd.DataFrame], *, waves: Sequence[str], groups: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Gap, change, benchmark, indicators, signals and strands, from nothing but what is shown already.

    Parameters
    ----------
    released
        What `ppp.disclosure.release` returns.
    waves
        In order of time.
    groups
        From each organization's id to its group, for those that have one.

    Returns
    -------
    dict of pandas.DataFrame
        The tables of `released`, and ``parity_gap``, ``change``, ``who_answered``, ``benchmark``, ``group_coverage``,
        ``group_kinds``, ``indicators``, ``signals`` and ``strands``.
    """
    tables = dict(released)
    tables["parity_gap"] = derived.parity_gap(tables["parity_ratings"])
    tables["change"] = derived.change(tables["parity_ratings"], waves, tables.pop("matched_pairs", None))
    tables["who_answered"] = derived.who_answered(tables["response_counts"], waves)
    tables["benchmark"] = derived.benchmark(tables, groups)
    tables["group_coverage"] = derived.group_coverage(tables["coverage"], groups)
    if "kinds" in tables:
        tables["group_kinds"] = derived.group_kinds(tables["kinds"], groups)
    tables["indicators"] = indicators(tables)
    tables["signals"] = signals(tables, waves)
    tables["strands"] = strands(tables)
    return tables
