"""A second look at a partition: whether what it withholds is really not in it."""

from __future__ import annotations

import pandas as pd

from ppp.disclosure.network import NETWORK, Network
from ppp.disclosure.partition import RELEASED, Partition

__all__ = ["told_too_much"]

_HIDING = ("withheld", "some", "cannot_say")
# About the question, the map or the whole study, not about this organization's people.
_COMMON = {"scale_low", "scale_high", "items_n", "instrument", "organizations_n", "common_r", "cells_from", "cells_to"}


def told_too_much(partition: Partition | Network) -> list[str]:
    """The tables and columns of a partition that hold a number which their own state says is withheld, or a band of
    persons that begins below the study's threshold; empty for every partition that `ppp.disclosure.release` made.

    Parameters
    ----------
    partition
        Of one organization, or of all, as its report reads it.
    """
    found = []
    known = NETWORK if isinstance(partition, Network) else RELEASED
    for name in partition.tables:
        if name not in known:
            continue
        table = partition.table(name)
        numbers = [column for column in table if pd.api.types.is_numeric_dtype(table[column]) and column not in _COMMON]
        if "state" in table:
            hiding = table[table["state"].isin(_HIDING)]
            found += [f"{name}.{column}" for column in numbers if hiding[column].notna().any()]
        for column in numbers:
            if column.endswith("_from") and name != "missing_answers":
                few = table[column].gt(0) & table[column].lt(partition.threshold)
                found += [f"{name}.{column}"] if few.any() else []
    return list(dict.fromkeys(found))
