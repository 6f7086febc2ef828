"""Who answered."""

from __future__ import annotations

import pandas as pd

__all__ = ["response_counts"]


def response_counts(responses: pd.DataFrame) -> pd.DataFrame:
    """Respondents by organization, wave and role (missing roles as "not_stated"): column ``respondents_n``.

    Parameters
    ----------
    responses
        The tidy table `ppp.tables.RESPONSES`.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``role`` and ``respondents_n``, for combinations with any.

    Notes
    -----
    Formula
        Different respondents in the exports.
    Source
        The exports of the study.
    Reading
        How many voices stand behind the ratings; shown in bands.
    Limits
        Who was asked and did not answer is not in an export: there is no response rate.

    Examples
    --------
    >>> responses = pd.DataFrame({"organization": "a", "wave": "w", "role": ["patient", None], "response_id": ["r", "s"]})
    >>> response_counts(responses)[["role", "respondents_n"]].values.tolist()
    [['not_stated', 1], ['patient', 1]]
    """
    return (
        responses.assign(role=responses["role"].fillna("not_stated"))
        .groupby(["organization", "wave", "role"])["response_id"]
        .nunique()
        .astype("Int64")
        .rename("respondents_n")
        .reset_index()
    )
