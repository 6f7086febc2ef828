"""A figure's table is one of the released ones, or a measure of the study's own."""

from __future__ import annotations

import pandas as pd

__all__ = ["with_state"]


def with_state(table: pd.DataFrame, value: str, *, by: tuple[str, ...]) -> pd.DataFrame:
    """The table with its column ``state``: as it was released, or, of a measure that nothing is withheld from, *none*
    for a true zero, *cannot_say* for a missing value and *shown* for all else.

    Parameters
    ----------
    table
        A released table, or what a function of `ppp.measures` returns.
    value
        The column that is drawn.
    by
        The columns that tell the table's rows apart in the figure.

    Raises
    ------
    ValueError
        Where several rows stand for one place in the figure, as they do where a table holds several organizations or
        waves.

    Examples
    --------
    >>> cells = pd.DataFrame({"phase": ["design", "plan"], "activities_n": [0, 2]})
    >>> with_state(cells, "activities_n", by=("phase",))["state"].tolist()
    ['none', 'shown']
    """
    if table.duplicated(list(by)).any():
        several = [
            name
            for name in ("organization", "wave", "basis", "scale_low", "scale_high")
            if name in table and table[name].nunique() > 1
        ]
        what = f"several values of {', '.join(several)}" if several else "several rows for one mark"
        raise ValueError(
            f"The table holds {what}. Choose one, or measure them together: frame.assign(organization='all')."
        )
    if "state" in table:
        return table
    number = table[value]
    zero = value.endswith("_n") & number.eq(0)
    state = pd.Series("shown", index=table.index, dtype="string").mask(zero.fillna(False).astype(bool), "none")
    return table.assign(state=state.mask(number.isna(), "cannot_say"))
