"""Missing answers: stated beside every figure."""

from __future__ import annotations

import pandas as pd

__all__ = ["KINDS", "missing_answers"]

KINDS = {
    "skipped": "skipped",
    "not_shown": "other",
    "dont_know": "dont_know",
    "not_applicable": "other",
    "refused": "other",
    "out_of_range": "other",
}
"""Reasons for a missing score, as a report tells them: skipped, don't know, and other reasons."""


def missing_answers(ratings: pd.DataFrame) -> pd.DataFrame:
    """Of how many respondents each mean is made, and why the others have no score.

    Parameters
    ----------
    ratings
        The tidy table `ppp.tables.RATINGS`.

    Returns
    -------
    pandas.DataFrame
        For each organization, wave, leaf, role, ``scale_low`` and ``scale_high``: ``asked_n`` (respondents with any
        answer, or none, recorded on the leaf), ``answered_n`` (with at least one score), and of the rest
        ``skipped_n``, ``dont_know_n``, ``other_n``. The last four add up to ``asked_n``.

    Notes
    -----
    Formula
        A respondent without any score on the leaf counts under one reason: *skipped* if they skipped any statement on
        it, else *don't know* if they said so of any, else *other*.
    Source
        Domain decision: missing data and non-response beside every figure.
    Reading
        Many who "don't know" whether patients were paid is itself a finding.
    Limits
        Who was invited and did not answer at all is unknown to an export.

    Examples
    --------
    >>> ratings = pd.DataFrame({"organization": "a", "wave": "w", "leaf": "numbers", "role": "patient",
    ...     "scale_low": 1.0, "scale_high": 4.0, "response_id": ["r1", "r1", "r2"], "item": ["q1", "q2", "q1"],
    ...     "score": [3, None, None], "missing": [None, "skipped", "dont_know"]})
    >>> missing_answers(ratings).filter(like="_n").values.tolist()
    [[2, 1, 0, 1, 0]]
    """
    keys = ["organization", "wave", "leaf", "role", "scale_low", "scale_high"]
    known = ratings[ratings["role"].notna()]
    kind = known["missing"].map(KINDS).fillna("other")
    persons = (
        known[[*keys, "response_id"]]
        .assign(
            answered=known["score"].notna(),
            skipped=(kind == "skipped") & known["score"].isna(),
            dont_know=(kind == "dont_know") & known["score"].isna(),
        )
        .groupby([*keys, "response_id"], dropna=False, observed=True)[["answered", "skipped", "dont_know"]]
        .any()
    )
    skipped = persons["skipped"] & ~persons["answered"]
    dont_know = persons["dont_know"] & ~persons["answered"] & ~persons["skipped"]
    counted = pd.DataFrame(
        {
            "asked_n": 1,
            "answered_n": persons["answered"].astype("int64"),
            "skipped_n": skipped.astype("int64"),
            "dont_know_n": dont_know.astype("int64"),
        }
    )
    table = counted.groupby(level=keys, dropna=False).sum()
    table["other_n"] = table["asked_n"] - table[["answered_n", "skipped_n", "dont_know_n"]].sum(axis=1)
    return table.astype("Int64").reset_index()
